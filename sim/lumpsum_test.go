package sim_test

import (
	"fmt"
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// penniless returns a scenario in which money comes by lump sums alone, and nobody decides for a payment otherwise.
func penniless(horizon int, sums borrower.LumpSums, keep float64, plans ...strategy.Plan) *scenario.Scenario {
	s := plain(0, horizon, plans...)
	y := &s.Borrowers.Causes.Reliable
	y.Capacity, y.Keep = 0, keep
	s.Borrowers.LumpSums, s.Borrowers.Cash.Leak = sums, 0
	return s
}

// TestLumpSumsArePoisson: the first payment by a lump sum comes after an exponential time, thinned by the share
// that is meant for the debt and by good faith.
func TestLumpSumsArePoisson(t *testing.T) {
	const n, horizon, perYear = 20000, 200, 3.0
	for _, x := range []struct{ forDebt, keep float64 }{{1, 1}, {0.5, 0.6}, {0, 1}} {
		t.Run(fmt.Sprint(x.forDebt, x.keep), func(t *testing.T) {
			s := penniless(horizon, borrower.LumpSums{PerYear: perYear, Size: 1, ForDebt: x.forDebt}, x.keep)
			o := &run(t, copies(t, s, n, late(10)))[0].Strategies[0]
			rate := perYear / loan.YearDays * x.forDebt * x.keep
			checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 { return math.Exp(-rate * float64(d)) })
		})
	}
}

// TestLumpSumByHand: a sum of two instalments pays two of what is owed and no more, one of ten pays all that is owed
// and keeps the rest; one who does not know that he owes keeps it all. Cash is what came less what was paid.
func TestLumpSumByHand(t *testing.T) {
	const n, horizon, instalment = 300, 90, 10_000
	for _, x := range []struct{ size, memory float64 }{{2, 1}, {10, 1}, {10, 0}} {
		s := penniless(horizon, borrower.LumpSums{PerYear: 4, Size: x.size, ForDebt: 1}, 1)
		s.Borrowers.Causes.Reliable.Memory = x.memory
		s.Borrowers.Awareness.DiscoveryDays = 1e9
		a := late(100) // owes four
		a.PenaltyAPR = 0
		cash, paid := make([]float64, n), make([]loan.Cents, n)
		sums := 0
		walk(t, copies(t, s, n, a), 0, func(w *sim.Walker) {
			for i := range n {
				v := w.View(i)
				now := v.Paid - paid[i]
				came := float64(v.Cash) - cash[i] + float64(now)
				if came > 0.5 {
					sums++
					want := min(loan.Cents(x.size*instalment+cash[i]), v.Owed+now) * loan.Cents(x.memory)
					if !(math.Abs(came-x.size*instalment) <= 1) || now != want {
						t.Fatalf("size %v, memory %v, account %d, day %d: %.0f came, %d paid of %d, by hand %.0f and %d", x.size, x.memory, i, w.Today()-1, came, now, v.Owed+now, x.size*instalment, want)
					}
				} else if now != 0 {
					t.Fatalf("account %d pays %d without money", i, now)
				}
				cash[i], paid[i] = float64(v.Cash), v.Paid
			}
		})
		if sums < n/2 {
			t.Fatalf("%d sums test nothing", sums)
		}
	}
}

// TestLumpSumsAreLife: contacts change when borrowers pay, and neither days nor amounts of lump sums: what has come
// so far, cash and what was paid from it, is the same under both strategies on every evening.
func TestLumpSumsAreLife(t *testing.T) {
	const n, horizon = 300, 120
	stages := []strategy.Stage{{Channel: loan.SMS, FirstDay: 1, Every: 3, Cap: 40}}
	s := penniless(horizon, borrower.LumpSums{PerYear: 6, Size: 4, Spread: 0.8, ForDebt: 0.3}, 1, strategy.Plan{}, strategy.Plan{Stages: stages})
	s.Borrowers.Causes.Reliable.Will = 0.01
	c := copies(t, s, n, late(40))
	came, paid := make([][n]float64, horizon), make([]loan.Cents, 2)
	for k := range 2 {
		walk(t, c, k, func(w *sim.Walker) {
			for i := range n {
				v := w.View(i)
				paid[k] += v.Paid
				sum := float64(v.Cash) + float64(v.Paid)
				if k == 0 {
					came[w.Today()-1][i] = sum
				} else if want := came[w.Today()-1][i]; !(math.Abs(sum-want) <= 1+want*1e-6) { // cash has 24 bits
					t.Fatalf("account %d, day %d: %.0f came with contacts, %.0f without", i, w.Today()-1, sum, want)
				}
			}
		})
	}
	if paid[1] <= paid[0] {
		t.Fatalf("contacts bring no payment forward: account-days of money paid %d with, %d without", paid[1], paid[0])
	}
}
