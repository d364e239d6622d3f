package sim_test

import (
	"testing"

	"collectsim/sim/loan"
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
