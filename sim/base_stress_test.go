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

// TestReliefByHand: who pays all that is demanded is relieved by cure_relief at most, and of no more than what is above the
// level he then relaxes to. So without contact nobody is below the level of a borrower who was never late.
func TestReliefByHand(t *testing.T) {
	whole, partly := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		s.Strategies, s.Baseline = nil, "no-contact"
		if err := s.Play([]string{"no-contact"}); err != nil {
			t.Fatal(err)
		}
		stress := &s.Borrowers.Stress
		stress.CureRelief, stress.Relax = pick(t, "cure relief", 0.0, 2, 12, 100), pick(t, "relax", 1e-9, 0.05, 0.5)
		c := config(t, s)
		before := make([]sim.View, len(c.Portfolio.Accounts))
		walk(t, c, 0, func(w *sim.Walker) {
			for i := range before {
				was, now := before[i], w.View(i)
				before[i] = now
				least := stress.Base + stress.PerDebt*float64(c.Portfolio.Accounts[i].OtherDebts)
				if now.OnBooks && now.Active && !(float64(now.Stress) >= min(least, 100)-1e-3) {
					t.Fatalf("day %d, account %d: stress is %v, the level of who is never late %v", w.Today()-1, i+1, now.Stress, least)
				}
				paid := was.Active && was.Status == loan.Overdue && now.Active && (now.Status == loan.Current || now.Status == loan.Closed)
				if !paid || stress.Relax > 1e-6 { // payments come before and after the evening's relaxation
					continue
				}
				above := max(0, float64(was.Stress-now.Base))
				left := max(0, above-stress.CureRelief)
				whole += one(above > 0 && left == 0)
				partly += one(left > 0)
				want := float64(was.Stress) - above + left
				if !(math.Abs(float64(now.Stress)-want) <= 1e-3) {
					t.Fatalf("day %d, account %d: stress is %v after a cure, want %v: was %v, relaxes to %v", w.Today()-1, i+1, now.Stress, want, was.Stress, now.Base)
				}
			}
		})
	})
	if whole == 0 || partly == 0 {
		t.Fatalf("%d were relieved of all, %d of a part", whole, partly)
	}
}
