package sim_test

import (
	"testing"

	"collectsim/sim/outcome"

	"pgregory.net/rapid"
)

// TestFiguresStayInTheirRanges: whatever the borrowers and the lender do, no metric of the portfolio or of a group, and no
// daily path, leaves the range that the registry gives, to which intervals are cut. Sums of stress are kept in single
// precision, so that the mean of 100 points may miss them by rounding; shares and amounts may not.
func TestFiguresStayInTheirRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, whole(t, "accounts", 20, 50), whole(t, "horizon", 60, 240))
		for _, r := range run(t, config(t, s)) {
			for k := range r.Strategies {
				o := &r.Strategies[k]
				inRange(t, "portfolio", o.Values)
				for g := range o.Groups {
					inRange(t, o.Groups[g].Dimension+" "+o.Groups[g].Name, o.Groups[g].Values)
				}
				for day := range o.Daily {
					for c, x := range outcome.DailySeries() {
						if v := o.Daily[day][c]; outside(x.Range, v) {
							t.Fatalf("day %d: %s is %v, outside of %v", day, x.Name, v, x.Range)
						}
					}
				}
			}
		}
	})
}

func inRange(t *rapid.T, of string, values []float64) {
	t.Helper()
	for i, m := range outcome.Metrics() {
		if outside(m.Range, values[i]) {
			t.Fatalf("%s: %s is %v, outside of %v", of, m.Name, values[i], m.Range)
		}
	}
}

func outside(r outcome.Range, x float64) bool {
	most := r.Most
	if r == outcome.Points || r == outcome.Change {
		most *= 1 + 1e-5 // 240 sums in single precision, 2^-24 each
	}
	return x < r.Least || x > most
}
