package explore_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/explore"
	"collectsim/sim/outcome"
)

// TestNoiseIsTheInteraction builds differences from a point's value, luck that all points share, and noise of known
// standard deviation. With d = (points-1)(replications-1) degrees of freedom the estimate s has s²d/sd² ~
// chi-square(d), so that the relative standard error of s² is sqrt(2/d).
func TestNoiseIsTheInteraction(t *testing.T) {
	const points, replications, sd = 30, 20, 2.0
	random := rand.New(rand.NewPCG(1, 2))
	shared := make([]float64, replications)
	for r := range shared {
		shared[r] = 100 * random.NormFloat64()
	}
	var names []string
	noisy, calm := make([][]float64, points), make([][]float64, points)
	for p := range points {
		names = append(names, string(rune('0'+p%10)))
		for r := range replications {
			noisy[p] = append(noisy[p], 50*float64(p)+shared[r]+sd*random.NormFloat64())
			calm[p] = append(calm[p], 50*float64(p)+shared[r])
		}
	}
	design := outcome.SweepDesign{Design: "list", Paths: []string{"a"}, Points: list(names...)}
	s := folder(t, design, noisy)
	d := float64((points - 1) * (replications - 1))
	for _, q := range []explore.Question{{Metric: "npv", Strategy: "new"}, {Metric: "npv", Strategy: "old", Versus: "new"}} {
		if got := s.Noise(q); !(math.Abs(got*got/sd/sd-1) <= 5*math.Sqrt(2/d)) {
			t.Errorf("%s: got %g, want %g", q, got, sd)
		}
	}
	q := explore.Question{Metric: "npv", Strategy: "new"}
	// Between two points the shared luck cancels: half width t * sd * sqrt(2/n), of s² again a known error.
	const t975 = 2.093024054408263 // t quantile of 19 degrees of freedom
	got := s.HalfWidth(q, 3, 4) / t975 * math.Sqrt(replications)
	if !(math.Abs(got*got/2/sd/sd-1) <= 5*math.Sqrt(2./(replications-1))) {
		t.Errorf("half width: sd of the difference is %g, want %g", got, sd*math.Sqrt2)
	}
	for _, undefined := range []float64{
		s.Noise(explore.Question{Metric: "cost_per_recovered", Strategy: "new"}),
		s.Noise(explore.Question{Metric: "npv", Strategy: "nobody"}), s.HalfWidth(q, points, -1),
	} {
		if !math.IsNaN(undefined) {
			t.Errorf("got %g, want NaN", undefined)
		}
	}
	if got := folder(t, design, calm).Noise(q); !(got < 1e-10) {
		t.Errorf("luck that cancels: got %g, want 0", got)
	}
}

func TestSame(t *testing.T) {
	design := outcome.SweepDesign{Design: "list", Paths: []string{"a"}, Points: list("1", "2", "3", "4", "5")}
	s := folder(t, design, [][]float64{{1}, {1}, {1 + 1e-13}, {math.NaN()}, {math.NaN()}})
	if !s.Same(0, 1) || s.Same(0, 2) || s.Same(0, 3) || s.Same(3, 4) {
		t.Errorf("got %t, %t, %t, %t, want true, false, false, false", s.Same(0, 1), s.Same(0, 2), s.Same(0, 3), s.Same(3, 4))
	}
	if got := s.Noise(explore.Question{Metric: "npv", Strategy: "new"}); !math.IsNaN(got) {
		t.Errorf("noise of one replication: got %g", got)
	}
}
