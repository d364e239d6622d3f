package experiment

import (
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/estimate"
)

// shares makes n replications of a ratio with noise.
func shares(r *rand.Rand, n int, over, under float64) []share {
	x := make([]share, n)
	for i := range x {
		u := under * (0.5 + r.Float64())
		x[i] = share{over/under*u + r.NormFloat64(), u}
	}
	return x
}

// TestContrastIsTheRatioOfSums holds the linearised values against the definition: their mean is the
// ratio of sums, and their standard error is that of estimate.Ratio (delta method).
func TestContrastIsTheRatioOfSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := shares(r, 40, 30, 7)
	var num, den []float64
	for _, s := range x {
		num, den = append(num, s.over), append(den, s.under)
	}
	want := estimate.Ratio(num, den, 0.95)
	got := estimate.Mean(contrast(&Measure{}, x, nil), 0.95)
	near(t, "value", got.Value, want.Value)
	near(t, "standard error", got.SE, want.SE)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestContrastsOfTwoArms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := shares(r, 30, 30, 7), shares(r, 30, 50, 9)
	ratio := func(x []share) float64 {
		var over, under float64
		for _, s := range x {
			over, under = over+s.over, under+s.under
		}
		return over / under
	}
	near(t, "difference", mean(contrast(&Measure{}, a, b)), ratio(a)-ratio(b))
	near(t, "ratio", mean(contrast(&Measure{As: "ratio"}, a, b)), ratio(a)/ratio(b))
	near(t, "relative", mean(contrast(&Measure{As: "relative"}, a, b)), ratio(a)/ratio(b)-1)
	for i, d := range contrast(&Measure{As: "relative"}, a, a) {
		if !(math.Abs(d) <= 1e-12) {
			t.Errorf("an arm against itself: replication %d: got %g, want 0", i, d)
		}
	}
}

// TestRatioInfluenceIsTheDerivative moves one replication a little and compares with the linear value.
func TestRatioInfluenceIsTheDerivative(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	a, b := shares(r, 25, 30, 7), shares(r, 25, 50, 9)
	m := &Measure{As: "ratio"}
	before := mean(contrast(m, a, b))
	values := contrast(m, a, b)
	// Weighting replication k by 1+h changes the estimate by h/n * (value_k - estimate) to first order.
	const k, h = 7, 1e-5
	heavier := func(x []share) []share {
		y := append([]share(nil), x...)
		y[k] = share{x[k].over * (1 + h), x[k].under * (1 + h)}
		return y
	}
	after := mean(contrast(m, heavier(a), heavier(b)))
	want := h / 25 * (values[k] - before)
	if got := after - before; !(math.Abs(got-want) <= 1e-3*math.Abs(want)) {
		t.Errorf("got %g, want %g", got, want)
	}
}

// TestContrastsLeaveOutPairs: a replication in which one arm is undefined counts in neither, whatever the contrast; and the same
// goes for a multiple of another measure.
func TestContrastsLeaveOutPairs(t *testing.T) {
	nan := math.NaN()
	a := []share{{1, 1}, {nan, 1}, {3, 2}}
	b := []share{{1, 1}, {90, 4}, {1, 3}}
	near(t, "ratio", mean(contrast(&Measure{As: "ratio"}, a, b)), (4./3)/(2./4))
	near(t, "relative", mean(contrast(&Measure{As: "relative"}, a, b)), (4./3)/(2./4)-1)
	near(t, "difference", mean(contrast(&Measure{}, a, b)), 4./3-2./4)
	near(t, "ratio, the other side", mean(contrast(&Measure{As: "ratio"}, b, a)), (2./4)/(4./3))
	near(t, "multiple", mean(quotient([]float64{1, nan, 3}, []float64{1, 10, 1})), 2)
	if a[1].under != 1 || b[1] != (share{90, 4}) {
		t.Error("the shares were changed")
	}
}

func TestUndefinedReplicationsAreLeftOut(t *testing.T) {
	x := []share{{1, 2}, {math.NaN(), 1}, {3, 4}}
	v := contrast(&Measure{}, x, nil)
	if !math.IsNaN(v[1]) {
		t.Errorf("the undefined replication has the value %g", v[1])
	}
	near(t, "value", mean(v), 4.0/6)
}
