package sim_test

import (
	"slices"
	"testing"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
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

// deaf calls every day, whatever it is told.
type deaf struct{ strategy.Strategy }

func (deaf) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	return append(out, strategy.Action{Channel: loan.Bot}), o.Day + 1
}

// TestSilenceIsNotAskedAbout: a call on day 0 ends in a complaint that forbids contact for 25 days. The instalment
// of day 20 lets the strategy be asked, which is refused its call once, and not on every day that is left of the silence.
func TestSilenceIsNotAskedAbout(t *testing.T) {
	s := plain(0, 40, strategy.Plan{Stages: []strategy.Stage{{Name: "call", Channel: loan.Bot}}})
	bot := &s.Channels[loan.Bot]
	bot.Deliver, bot.Connect, bot.Diagnoses, bot.Promise = 1, borrower.ByRegion{Urban: 1, Suburban: 1, Remote: 1}, 1, 0
	stress := &s.Borrowers.Stress
	stress.Base, stress.Complaint, stress.Avoidance = 100, 1, 0
	s.Guardrails = strategy.Guardrails{ComplaintSilence: 25}
	c := copies(t, s, 1, late(10))
	c.Events = true
	var contacts, refused []loan.Day
	for _, e := range runOne(t, c, func(inner strategy.Strategy) strategy.Strategy { return deaf{inner} }).Events {
		switch e.Kind {
		case outcome.EventContact:
			contacts = append(contacts, e.Day)
		case outcome.EventSuppressed:
			refused = append(refused, e.Day)
		}
	}
	if !slices.Equal(contacts, []loan.Day{0, 26}) || !slices.Equal(refused, []loan.Day{20}) {
		t.Errorf("calls on days %v, refused on days %v", contacts, refused)
	}
}
