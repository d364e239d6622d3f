package compare

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// R 4.2.2: pt(2, df, ncp, lower.tail = FALSE) and pt(-2, df, ncp).
func TestNoncentralTailsMatchR(t *testing.T) {
	for _, c := range []struct{ df, ncp, above, below float64 }{
		{1, 0.1, 0.1660547912925213, 0.1303841995628413},
		{5, 0.1, 0.0608167234666287, 0.04242419916789297},
		{38, 1, 0.1680141174391522, 0.001787846139174154},
		{1000, 0.1, 0.0288740844279709, 0.01797885350591999},
		{1e5, 1, 0.158658883465989, 0.00135005315283776},
		{1, 3, 0.8204375034482276, 0.000149998326966938},
		{5, 3, 0.8251972844419211, 7.799636132066468e-06},
		{1000, 3, 0.8412240174763784, 2.949154950249167e-07},
		{1, 8, 0.9996533806492482, 8.459899447643693e-14},
		{5, 8, 0.9999997231120712, 2.597921877622866e-14},
	} {
		lower, upper := noncentralTails(2, c.df, c.ncp)
		below, _ := noncentralTails(-2, c.df, c.ncp)
		if !(math.Abs(upper-c.above) <= 1e-11) || !(math.Abs(below-c.below) <= 1e-11) || !(math.Abs(lower+upper-1) <= 1e-14) {
			t.Errorf("df %v, ncp %v: got %.16g and %.16g", c.df, c.ncp, upper, below)
		}
	}
}

func TestNoncentralTailsWithoutNoncentralityAreStudents(t *testing.T) {
	for _, df := range []float64{1, 2.5, 30, 1e4} {
		for _, x := range []float64{-40, -1, 0, 0.3, 2, 12} {
			want := distuv.StudentsT{Sigma: 1, Nu: df}.CDF(x)
			if got, _ := noncentralTails(x, df, 0); !(math.Abs(got-want) <= 1e-12) {
				t.Errorf("df %v at %v: got %.16g, want %.16g", df, x, got, want)
			}
		}
	}
}

// At ten million degrees of freedom the incomplete beta function has lost 7 digits; the first
// term of Fisher's (1925) expansion, Phi(x) - phi(x) (x^3 + x) / (4 df), is exact to df^-2.
func TestNoncentralTailsOfManyDegreesOfFreedom(t *testing.T) {
	const df = 1e7
	for _, x := range []float64{-3, -1, 0.3, 2} {
		want := normalCDF(x) - normalPDF(x)*(x*x*x+x)/(4*df)
		if got, _ := noncentralTails(x, df, 0); !(math.Abs(got-want) <= 1e-13) {
			t.Errorf("at %v: got %.16g, want %.16g", x, got, want)
		}
	}
}

// Large noncentrality against a plain sum over S, a hundred steps to each turn of Phi.
func TestNoncentralTailsOfLargeNoncentrality(t *testing.T) {
	const df, delta, step = 5, 300, 1e-4 / 3
	for _, x := range []float64{150, 300, 700} {
		var sum, weights float64
		for s := step; s < 6; s += step {
			w := math.Pow(s, df-1) * math.Exp(-df*s*s/2)
			sum, weights = sum+w*normalCDF(x*s-delta), weights+w
		}
		if got, _ := noncentralTails(x, df, delta); !(math.Abs(got-sum/weights) <= 1e-12) {
			t.Errorf("at %v: got %.15g, want %.15g", x, got, sum/weights)
		}
	}
}

// Both sides of the switch agree within the error stated, and sides mirror.
func TestHugeNoncentrality(t *testing.T) {
	for _, at := range []float64{2000, 5000, 9000} {
		a, _ := noncentralTails(at, 4, 5000)
		b, _ := noncentralTails(at, 4, 5001)
		_, c := noncentralTails(-at, 4, -5001)
		if !(math.Abs(a-b) <= 1e-3) || !(math.Abs(b-c) <= 1e-15) {
			t.Errorf("at %v: %v, %v, %v", at, a, b, c)
		}
	}
	if lower, upper := noncentralTails(-1, 4, 6000); lower != 0 || upper != 1 {
		t.Errorf("got %v, %v", lower, upper)
	}
}
