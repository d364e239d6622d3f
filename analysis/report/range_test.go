package report

import (
	"math"
	"testing"

	"collectsim/analysis/compare"
	"collectsim/sim/outcome"
)

// few is a run of three replications that lie so far apart that Student's intervals leave the ranges of the metrics:
// 4.303 standard errors to either side.
func few() *Run {
	r := &Run{
		Manifest: &outcome.Manifest{Strategies: []string{"old", "new"}, Baseline: "old", Replications: 3, Accounts: 100, Horizon: 90},
		values:   map[string]map[string][]float64{"old": {}, "new": {}},
	}
	for _, m := range outcome.Metrics() {
		unit := 1.0
		if m.Range == outcome.Points || m.Range == outcome.Change {
			unit = 100
		}
		r.values["old"][m.Name] = []float64{0.1 * unit, 0.5 * unit, 0.9 * unit} // from -0.49 to 1.49 units
		r.values["new"][m.Name] = []float64{0.1 * unit, 0.1 * unit, 0.5 * unit}
	}
	return r
}

// TestIntervalsStayInRange: every interval of a metric's own value that a summary, a comparison, a ranking or a chart shows
// lies within the metric's range; those of differences are whole, and so is the width that --precision goes by.
func TestIntervalsStayInRange(t *testing.T) {
	r := few()
	summary := Summarise(r)
	comparison, err := Compare(r, CompareOptions{Metrics: metricOrder()})
	if err != nil {
		t.Fatal(err)
	}
	cutAny := 0
	check := func(what string, m *outcome.Metric, value, low, high float64) {
		t.Helper()
		if !(m.Range.Least <= low && low <= value && value <= high && high <= m.Range.Most) && !math.IsInf(high, 0) && !math.IsNaN(low) {
			t.Errorf("%s: %s: %v from %v to %v, outside of %v", what, m.Name, value, low, high, m.Range)
		}
		if low == m.Range.Least {
			cutAny++
		}
	}
	for _, m := range outcome.Metrics() {
		for _, s := range summary.Strategies {
			f := s.Metrics[m.Name]
			check("summary", &m, float64(f.Estimate), float64(f.Low), float64(f.High))
			d, want := s.VersusBaseline[m.Name], compare.Paired(r.linear(s.Name, &m), r.linear("old", &m), confidence).Difference
			if float64(d.Low) != want.Low && !math.IsNaN(want.Low) || float64(d.High) != want.High && !math.IsNaN(want.High) {
				t.Errorf("%s: difference from %v to %v, want %v to %v", m.Name, d.Low, d.High, want.Low, want.High)
			}
			if e := r.mean(s.Name, m.Name); m.Range != outcome.Anything {
				check("chart", &m, e.Value, e.Low, e.High)
			}
		}
		for name, figures := range comparison.Figures {
			f := figures[m.Name]
			check("compare "+name, &m, float64(f.Estimate), float64(f.Low), float64(f.High))
		}
		l := running("old", r.Values("old", m.Name), m.Range)
		for i := range l.X {
			check("convergence", &m, l.Y[i], l.Low[i], l.High[i])
		}
	}
	for _, ranking := range comparison.Rankings {
		m := &outcome.Metrics()[outcome.MetricIndex(ranking.Name)]
		for _, s := range ranking.Strategies {
			check("ranking", m, s.Mean.Value, s.Mean.Low, s.Mean.High)
		}
	}
	if cutAny == 0 {
		t.Error("no interval was cut: the test shows nothing")
	}
	m := &outcome.Metrics()[outcome.MetricIndex("overdue_rate_30")]
	whole := 4.302652729911275 * 0.4 / math.Sqrt(3) // t quantile 0.975 of 2 degrees of freedom
	if got := r.uncut("old", m, confidence).HalfWidth(); !(math.Abs(got-whole) <= 1e-9) {
		t.Errorf("precision goes by a half width of %v, want %v", got, whole)
	}
}

// TestGroupsStayInRange: figures of groups are cut, what a strategy changes for a group is not.
func TestGroupsStayInRange(t *testing.T) {
	m := &outcome.Metrics()[outcome.MetricIndex("cure_rate")]
	groups := []compare.GroupSeries{
		{Group: "far", Values: []float64{0.1, 0.9}, Accounts: []float64{50, 50}},
		{Group: "near", Values: []float64{0.2, 0.3}, Accounts: []float64{50, 50}},
	}
	var x FairnessReport
	for _, of := range []string{"level", "effect"} {
		if err := x.add("new", of, m, groups, compare.FairnessOptions{Confidence: 0.95}); err != nil {
			t.Fatal(err)
		}
	}
	if v := x.Gaps[0].Gaps[0].Value; v.Low != 0 || v.High != 1 {
		t.Errorf("level of %s from %v to %v, want 0 to 1", x.Gaps[0].Gaps[0].Group, v.Low, v.High)
	}
	if v := x.Gaps[1].Gaps[0].Value; v.Low > -1 || v.High < 2 {
		t.Errorf("effect on %s was cut to %v to %v", x.Gaps[1].Gaps[0].Group, v.Low, v.High)
	}
}

// TestSharesOfBorrowersStayInRange: two replications in which both borrowers are helped and one in which one is.
func TestSharesOfBorrowersStayInRange(t *testing.T) {
	b := compare.Borrowers{
		Replication: []int{0, 0, 1, 1, 2, 2}, Champion: make([]float64, 6), Challenger: []float64{1, 1, 1, 1, 1, 0},
		Spend: []float64{1, 1, 1, 1, 1, 1}, PaidAnyway: []bool{true, true, true, true, true, false},
	}
	m := metric(&outcome.Metrics()[outcome.MetricIndex("recovered")])
	raw := compare.Effects(m, b, compare.EffectOptions{})[0].Helped
	if math.IsInf(raw.High, 0) || raw.High <= 1 {
		t.Fatalf("the whole interval is %v: nothing to cut", raw)
	}
	g := groupEffects(m, b, compare.EffectOptions{})[0]
	if g.Helped.High != 1 || g.ShareAnyway.High != 1 {
		t.Errorf("helped %v, spent anyway %v, want both to end at 1", g.Helped, g.ShareAnyway)
	}
}

// TestRangesOfDecisions: a column of a run has its metric's range, one of a file that says no unit can hold anything.
func TestRangesOfDecisions(t *testing.T) {
	for _, x := range []struct {
		q    Quantity
		want outcome.Range
	}{
		{Quantity{Column: "cost", Unit: "currency/account"}, outcome.Amount},
		{Quantity{Column: "stress_mean", Unit: "points (0-100)", Negated: true}, outcome.Range{Least: -100, Most: 0}},
		{Quantity{Column: "cost"}, outcome.Anything},
		{Quantity{Column: GrossValue, Unit: "currency/account"}, outcome.Anything},
	} {
		if got := x.q.bounds(); got != x.want {
			t.Errorf("%+v: %v, want %v", x.q, got, x.want)
		}
	}
}
