package compare

import "math"

// noncentralTails returns P(T <= t) and P(T > t) for the noncentral t distribution with df > 0
// degrees of freedom and noncentrality delta.
//
// T = (Z + delta)/S with S = chi/sqrt(df), so P(T <= t) = E Phi(t S - delta). The expectation
// is a trapezoid sum over u = log S, whose density exp(df (u - exp(2u)/2)) is analytic and
// falls off on both sides, so the sum converges geometrically; dividing by the sum of the
// weights spares the gamma functions, whose differences lose digits at large df (the series
// of Lenth 1989 does). Absolute error below 1e-12 for |t| up to 100.
func noncentralTails(t, df, delta float64) (lower, upper float64) {
	step := min(0.05, 0.25/math.Sqrt(2*df), 0.25/max(1, math.Abs(t)))
	var weights float64
	add := func(u float64) bool {
		exponent := df * (u - math.Expm1(2*u)/2)
		if exponent < -45 {
			return false
		}
		w, z := math.Exp(exponent), t*math.Exp(u)-delta
		weights += w
		lower += w * normalCDF(z)
		upper += w * normalCDF(-z)
		return true
	}
	add(0)
	for i := 1; add(float64(i) * step); i++ {
	}
	for i := 1; add(-float64(i) * step); i++ {
	}
	return lower / weights, upper / weights
}

func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

func normalPDF(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
