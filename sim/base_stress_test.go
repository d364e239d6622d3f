package sim_test

import (
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"

	"pgregory.net/rapid"
)

// TestWhoOwesNothingRelaxes: of a borrower of whom nothing is asked, on the books or after a charge-off that was paid in
// full, stress relaxes to the level of his debts elsewhere and his income; missed instalments weigh on nobody who has none.
func TestWhoOwesNothingRelaxes(t *testing.T) {
	paidUp := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 200)
		s.Policy.ChargeOff, s.Borrowers.Payment.ChargedOff, s.Borrowers.Payment.FullShare = 35, 1, 1
		stress, was := &s.Borrowers.Stress, map[int]bool{}
		stress.PerInstalment = pick(t, "per instalment", 0.0, 5)
		c := config(t, s)
		walk(t, c, 0, func(w *sim.Walker) {
			for i := range c.Portfolio.Accounts {
				v := w.View(i)
				if !v.OnBooks {
					continue
				}
				was[i] = was[i] || v.Status == loan.ChargedOff
				if v.Owed > 0 || v.Arrears > 0 || v.Status == loan.ChargedOff {
					continue
				}
				want := stress.Base + stress.PerDebt*float64(c.Portfolio.Accounts[i].OtherDebts)
				if v.Unsteady {
					want += stress.Disrupted
				}
				if v.Status != loan.Closed {
					want += stress.PerInstalment * (loan.MonthDays/float64(c.Portfolio.Accounts[i].Interval()) - 1)
				}
				if want = min(want, 100); !(math.Abs(float64(v.Base)-want) <= 1e-4) {
					t.Fatalf("day %d, account %d, %v: relaxes to %v, want %v", w.Today()-1, i+1, v.Status, v.Base, want)
				}
				paidUp += one(was[i] && v.Status == loan.Closed)
			}
		})
	})
	if paidUp == 0 {
		t.Fatal("nobody paid a charged-off debt in full")
	}
}
