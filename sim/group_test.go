package sim_test

import (
	"math"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"pgregory.net/rapid"
)

// TestStartOfOldDebts: accounts that the policy charges off on day 0 are in the group charged-off of the dimension start,
// not among those of the last band of days past due.
func TestStartOfOldDebts(t *testing.T) {
	s := small(3, 30)
	c := config(t, s)
	for i, dpd := range []loan.Day{179, 180, 900} {
		a := &c.Portfolio.Accounts[i]
		a.DPD, a.DueDay = dpd, uint8((900-dpd)%loan.MonthDays)
		a.Balance, a.Instalment, a.Arrears = 100_000, 10_000, 70_000
	}
	starts := map[string]int{}
	for _, g := range run(t, c)[0].Strategies[0].Groups {
		if g.Dimension == "start" {
			starts[g.Name] = int(g.Accounts)
		}
	}
	if len(starts) != 2 || starts["150-179"] != 1 || starts["charged-off"] != 2 {
		t.Errorf("got %v", starts)
	}
}

// TestStressTailByRows: the 95th percentile of every group, arms of splits included, is that of its accounts' rows, to the
// twentieth of a point to which they are counted.
func TestStressTailByRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stressTails(t, config(t, anyScenario(t, 60, whole(t, "horizon", 20, 120))))
	})
	s, err := scenario.Parse("trial.yaml", []byte(trialScenario))
	if err != nil {
		t.Fatal(err)
	}
	if stressTails(t, config(t, s)) == 0 {
		t.Fatal("no arm of a split was looked at")
	}
}

func stressTails(t rapid.TB, c *sim.Config) (arms int) {
	at := outcome.MetricIndex("stress_p95")
	for _, o := range run(t, c)[0].Strategies {
		means := map[string][]float64{}
		for i, a := range o.Accounts {
			for _, group := range []string{
				"all", "product=" + a.Product.String(), "region=" + a.Region.String(), "cause=" + a.Cause.String(),
				"segment=" + c.Portfolio.Segments[c.Portfolio.Accounts[i].Segment], "arm:" + o.Name + "=" + a.Arm,
			} {
				means[group] = append(means[group], a.StressMean)
			}
		}
		check := func(group string, got float64) {
			x := means[group]
			slices.Sort(x)
			h := 0.95 * float64(len(x)-1)
			low := int(h)
			want := x[low] + (h-float64(low))*(x[min(low+1, len(x)-1)]-x[low])
			if !(math.Abs(got-want) <= 0.05+1e-4) { // sums in float32
				t.Fatalf("%s: %v, by rows %v", group, got, want)
			}
		}
		check("all", o.Values[at])
		for _, g := range o.Groups {
			if group := g.Dimension + "=" + g.Name; means[group] != nil {
				check(group, g.Values[at])
				arms += one(g.Dimension == "arm:"+o.Name)
			}
		}
	}
	return arms
}
