package sim_test

import (
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestSuppressionsByRule: by channel and rule as many actions are held back as the event log has, and over the rules those of
// the channel.
func TestSuppressionsByRule(t *testing.T) {
	held := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, 30, 120))
		played := run(t, c)[0].Strategies
		for k := range played {
			o := &played[k]
			type cell struct {
				channel loan.Channel
				rule    string
			}
			logged, all := map[cell]int64{}, map[loan.Channel]int64{}
			for _, v := range o.Events {
				if v.Kind == outcome.EventSuppressed {
					logged[cell{v.Channel, strategy.Verdict(v.Detail).String()}]++
				}
			}
			for _, x := range o.Suppressed {
				if n := logged[cell{x.Channel, x.Rule}]; x.Actions == 0 || x.Actions != n {
					t.Fatalf("%s: %s held back %d on %v, the log has %d", o.Name, x.Rule, x.Actions, x.Channel, n)
				}
				held[x.Rule] = true
				all[x.Channel] += x.Actions
				delete(logged, cell{x.Channel, x.Rule})
			}
			if len(logged) > 0 {
				t.Fatalf("%s: not counted: %v", o.Name, logged)
			}
			for channel := range o.Channels {
				if got := all[loan.Channel(channel)]; got != o.Channels[channel].Suppressed {
					t.Fatalf("%s: over the rules %d on %v, of the channel %d", o.Name, got, loan.Channel(channel), o.Channels[channel].Suppressed)
				}
			}
		}
	})
	if len(held) < 3 {
		t.Fatalf("only %v held anything back", held)
	}
}
