package decision

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The basis is checked against what defines a natural cubic spline: it takes the given values at the
// knots, its second derivative is continuous, linear between knots and 0 at the ends, and the penalty is
// the integral of its square.
func TestCubicBasisIsANaturalSpline(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	knots := []float64{-2, -1.5, -0.2, 0.1, 1, 3}
	span := knots[len(knots)-1] - knots[0]
	values := make([]float64, len(knots))
	for i := range values {
		values[i] = rng.NormFloat64()
	}
	at := func(x float64) float64 {
		design, _ := cubicBasis([]float64{x}, knots)
		return dot(design.RawRowView(0), values)
	}
	const step = 1e-3
	second := func(x float64) float64 { return (at(x-step) - 2*at(x) + at(x+step)) / (step * step) }
	integral := 0.0
	for j, k := range knots {
		if !(math.Abs(at(k)-values[j]) <= 1e-12) {
			t.Errorf("at knot %v: %v, want %v", k, at(k), values[j])
		}
		if j == len(knots)-1 {
			break
		}
		width := knots[j+1] - k
		low, high := second(k+2*step), second(knots[j+1]-2*step)
		if middle := second(k + width/2); !(math.Abs(middle-(low+high)/2) <= 1e-5*(1+math.Abs(middle))) {
			t.Errorf("second derivative after %v: %v, %v, %v, not a straight line", k, low, middle, high)
		}
		slope := (high - low) / (width - 4*step)
		low, high = low-2*step*slope, high+2*step*slope // at the knots themselves
		integral += width * (low*low + low*high + high*high) / 3
		if j == 0 && !(math.Abs(low) <= 1e-4) || j == len(knots)-2 && !(math.Abs(high) <= 1e-4) {
			t.Errorf("second derivative at the ends: %v to %v", low, high)
		}
		if j > 0 {
			if left := 2*second(k-2*step) - second(k-4*step); !(math.Abs(left-low) <= 1e-3*(1+math.Abs(low))) {
				t.Errorf("second derivative jumps at %v from %v to %v", k, left, low)
			}
		}
	}
	_, penalty := cubicBasis(knots[:1], knots) // whatever the data
	v := mat.NewVecDense(len(values), values)
	// The package measures x in units of the whole span, so the integral scales with its third power.
	if got := mat.Inner(v, penalty, v); !(math.Abs(got-integral*span*span*span) <= 1e-4*got) {
		t.Errorf("penalty %v, integral %v", got, integral*span*span*span)
	}
}

func TestNormalScores(t *testing.T) {
	got := normalScores([]float64{5, 1, 5, 9})
	if want := []float64{0, -1.1503493803760083, 0, 1.1503493803760083}; !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
		t.Errorf("got %v, want the normal quantiles of 4/8, 1/8, 4/8, 7/8: %v", got, want)
	}
}
