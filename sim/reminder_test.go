package sim_test

import (
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// TestRemindedBeforeTheDueDate: a stage that acts from five days before the due date reminds an account that falls due
// in at most five days on day 0, and any other five days before.
func TestRemindedBeforeTheDueDate(t *testing.T) {
	const lead = 5
	s := plain(0, 30, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: -lead, Cap: 1}}})
	c := copies(t, s, loan.MonthDays-1, late(10))
	for i := range c.Portfolio.Accounts { // account k falls due on day k
		a := &c.Portfolio.Accounts[i]
		a.DPD, a.Arrears, a.DueDay = 0, 0, uint8(a.ID)
	}
	o, _ := walk(t, c, 0, nil)
	on := map[int64]loan.Day{}
	for _, e := range o.Events {
		if _, again := on[e.Account]; e.Kind == outcome.EventContact && !again {
			on[e.Account] = e.Day
		}
	}
	for id := int64(1); id < loan.MonthDays; id++ {
		if day, ok := on[id]; !ok || day != loan.Day(max(0, id-lead)) {
			t.Errorf("due on day %d: reminded on day %d (%t), want %d", id, day, ok, max(0, id-lead))
		}
	}
}
