package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// replicationOf has the value in every metric of two strategies, half of it for the second.
func replicationOf(index int, value float64) *outcome.Replication {
	r := &outcome.Replication{Index: index}
	for k, name := range []string{"a", "b"} {
		s := outcome.StrategyOutcome{Name: name}
		for range outcome.Metrics() {
			s.Values = append(s.Values, value/float64(1+k))
		}
		r.Strategies = append(r.Strategies, s)
	}
	return r
}

// TestPrecisionStops: normal replications with the coefficient of variation 0.5 take about
// (1.96 * 0.5 / 0.05)^2 = 384 replications to be within 5%.
func TestPrecisionStops(t *testing.T) {
	p := NewPrecision(&outcome.Manifest{Strategies: []string{"a", "b"}}, 0.05, []string{"npv"}, 10_000)
	random := rand.New(rand.NewPCG(7, 0))
	n, done := 4, 0
	for steps := 0; ; steps++ {
		for ; done < n; done++ {
			p.Add(replicationOf(done, 10+5*random.NormFloat64()))
		}
		next := p.Next(n)
		if next == n {
			break
		}
		if next < n || next > 2*n+1 || steps > 40 {
			t.Fatalf("after %d replications on to %d", n, next)
		}
		n = next
	}
	if rel := p.Loosest(n).Relative; rel > 0.05 {
		t.Errorf("stopped at %d replications with %v", n, rel)
	}
	// The half-width is off by the sample's own deviation, relative error 1/sqrt(2n) = 0.036: 5 of them.
	if n < 384*7/10 || n > 384*14/10 {
		t.Errorf("took %d replications, about 384 were expected", n)
	}
	if w := p.Warning(n); w != "" {
		t.Errorf("a reached goal warns: %s", w)
	}
}

func TestPrecisionIsBounded(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"a", "b"}}
	p := NewPrecision(m, 0.001, nil, 6)
	random := rand.New(rand.NewPCG(7, 0))
	for i := range 6 {
		p.Add(replicationOf(i, 10+5*random.NormFloat64()))
	}
	if got := p.Next(4); got != 6 {
		t.Errorf("from 4 on to %d, the bound is 6", got)
	}
	if got := p.Next(6); got != 6 {
		t.Errorf("past the bound to %d", got)
	}
	if w := p.Warning(6); !strings.Contains(w, "precision 0.001 not reached after 6 replications") {
		t.Errorf("warning %q", w)
	}
	if w := p.Loosest(1); !math.IsInf(w.Relative, 1) {
		t.Errorf("one replication has no interval, got %+v", w)
	}
	for _, metric := range p.Metrics { // without a choice: the headline
		if !outcome.Metrics()[outcome.MetricIndex(metric)].Headline {
			t.Errorf("%s is not in the headline", metric)
		}
	}
}

// TestPrecisionOfExactFigures: what never varies is tight, and what is undefined does not count.
func TestPrecisionOfExactFigures(t *testing.T) {
	p := NewPrecision(&outcome.Manifest{Strategies: []string{"a", "b"}}, 0.01, nil, 100)
	for i := range 3 {
		p.Add(replicationOf(i, 0))
	}
	if got := p.Next(3); got != 3 {
		t.Errorf("exact zeros: on to %d (%+v)", got, p.Loosest(3))
	}
	p = NewPrecision(&outcome.Manifest{Strategies: []string{"a", "b"}}, 0.01, nil, 100)
	for i := range 3 {
		p.Add(replicationOf(i, math.NaN()))
	}
	if got := p.Next(3); got != 3 {
		t.Errorf("undefined figures: on to %d (%+v)", got, p.Loosest(3))
	}
}
