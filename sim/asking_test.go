package sim_test

import (
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// daily asks a strategy every day, whatever it said.
type daily struct{ strategy.Strategy }

func (d daily) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	out, _ = d.Strategy.Decide(o, out)
	return out, o.Day + 1
}

// TestAskingOftenerChangesNothing: a plan knows the next day on which it will want something, and is
// asked at every change of what it can see: asked every day it does the same.
func TestAskingOftenerChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, 150)
		for k := range s.Strategies {
			for i := range s.Strategies[k].Stages {
				s.Strategies[k].Stages[i].When.MinOwed = pick(t, "min owed", 0, 300, 3000.0)
				s.Strategies[k].Stages[i].When.MinBalance = pick(t, "min balance", 0, 5000.0)
			}
		}
		asked := runOne(t, config(t, s), func(inner strategy.Strategy) strategy.Strategy { return inner })
		daily := runOne(t, config(t, s), func(inner strategy.Strategy) strategy.Strategy { return daily{inner} })
		if !same(t, asked, daily) {
			t.Fatalf("asked every day: %s differ", difference(asked, daily))
		}
	})
}
