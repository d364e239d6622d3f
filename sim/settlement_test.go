package sim_test

import (
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// settling is a scenario in which everybody is late, is granted a settlement on the first day, and pays on due dates.
func settling(intensity, discount float64) *scenario.Scenario {
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 1, Remedies: strategy.Remedies{Reliable: loan.Settlement, Unknown: loan.Settlement}}
	s := plain(intensity, 100, strategy.Plan{Stages: []strategy.Stage{stage}})
	s.Remedies.Settlement = loan.SettlementTerms{Discount: discount, Days: 60}
	s.Borrowers.Causes.Reliable.OnTime = 1
	s.Channels[loan.Bot].Deliver, s.Channels[loan.Bot].Promise = 1, 0
	s.Channels[loan.Bot].Connect = s.Channels[loan.SMS].Connect
	return s
}

// settled plays late10 under a settlement, and counts promises kept and broken.
func settled(t *testing.T, s *scenario.Scenario) (v sim.View, kept, broken int, on loan.Day) {
	t.Helper()
	o, w := walk(t, copies(t, s, 1, late10()), 0, nil)
	for _, e := range o.Events {
		switch e.Kind {
		case outcome.EventKept:
			kept, on = kept+1, e.Day
		case outcome.EventBroken:
			broken, on = broken+1, e.Day
		}
	}
	return w.View(0), kept, broken, on
}

// TestInstalmentsPayASettlement: of a settlement for 150.00 the borrower pays his arrears of 100.00 soon, and more
// than the rest with the instalment of 100.00 on day 20. It is paid then, and the other 9,800.00 are given up.
func TestInstalmentsPayASettlement(t *testing.T) {
	v, kept, broken, on := settled(t, settling(10, 0.985))
	if kept != 1 || broken != 0 || on != 20 {
		t.Errorf("kept %d, broken %d times, on day %d; want kept once, on day 20", kept, broken, on)
	}
	if v.Status != loan.Closed || v.Paid != 20_000 || v.Waived != 980_000 || v.Outstanding() != 0 {
		t.Errorf("%s, want 200.00 paid and 9,800.00 given up: %+v", v.Status, v.Ledger)
	}
}

// TestSettlementForNothing: of a debt that is given up whole nothing is left to be paid, so it is not broken.
func TestSettlementForNothing(t *testing.T) {
	v, kept, broken, on := settled(t, settling(0, 1))
	if kept != 1 || broken != 0 || on != 60 {
		t.Errorf("kept %d, broken %d times, on day %d; want kept once, on day 60", kept, broken, on)
	}
	if v.Status != loan.Closed || v.Paid != 0 || v.Waived != 1_000_000 {
		t.Errorf("%s, want all given up: %+v", v.Status, v.Ledger)
	}
}
