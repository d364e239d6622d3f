package sim_test

import (
	"math"
	"os"
	"testing"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// TestRedrawnBooksAreCovered makes anew what docs/metrics.md says of portfolios: 95% intervals of runs whose accounts are drawn
// anew hold the mean over portfolios as often as they say, within 5 binomial errors; those of runs that keep their accounts
// do not, levels of money least.
func TestRedrawnBooksAreCovered(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	const runs = 200
	metrics := []string{"overdue_rate_30", "net_value", "recovered"}
	for _, redraw := range []bool{true, false} {
		var levels, differences [3][runs]estimate.Estimate
		for k := range runs {
			s := small(500, 90)
			if err := s.Play([]string{"no-contact", "tiered-escalation"}); err != nil {
				t.Fatal(err)
			}
			s.Baseline, s.Replications, s.Redraw, s.Seed = "no-contact", 20, redraw, uint64(1000+k)
			uncertain(t, s)
			c := config(t, s)
			c.Accounts, c.Events, c.Workers = false, false, 2
			replications := run(t, c)
			for m, name := range metrics {
				values, changes := make([]float64, len(replications)), make([]float64, len(replications))
				for r := range replications {
					values[r] = metric(t, &replications[r].Strategies[1], name)
					changes[r] = values[r] - metric(t, &replications[r].Strategies[0], name)
				}
				levels[m][k], differences[m][k] = estimate.Mean(values, 0.95), estimate.Mean(changes, 0.95)
			}
		}
		for m, name := range metrics {
			level, difference := covered(levels[m][:]), covered(differences[m][:])
			t.Logf("redraw %v: %s held in %.1f%% of runs, its difference in %.1f%%", redraw, name, 100*level, 100*difference)
			error5 := 5 * math.Sqrt(0.95*0.05/runs)
			if redraw && !(level >= 0.95-error5 && difference >= 0.95-error5) {
				t.Errorf("%s: held in %.3f of runs, its difference in %.3f", name, level, difference)
			}
			if !redraw && name == "net_value" && !(level < 0.6) {
				t.Errorf("%s of accounts that stay the same: held in %.3f of runs; then nothing speaks for drawing them anew", name, level)
			}
		}
	}
}

// covered is the share of intervals that hold the mean of all.
func covered(list []estimate.Estimate) float64 {
	sum, hits := 0.0, 0
	for _, e := range list {
		sum += e.Value
	}
	truth := sum / float64(len(list))
	for _, e := range list {
		if e.Low <= truth && truth <= e.High {
			hits++
		}
	}
	return float64(hits) / float64(len(list))
}

func metric(t *testing.T, o *outcome.StrategyOutcome, name string) float64 {
	t.Helper()
	return o.Values[outcome.MetricIndex(name)]
}
