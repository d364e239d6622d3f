package sim_test

import (
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"

	"pgregory.net/rapid"
)

// TestSqueezeByHand: a downturn of factor 16 from day 60 on, at an elasticity of 1/2, brings a quarter of the free
// cash on every pay day from then on, and all of it before. Nobody pays, so cash moves by pay days and the nightly
// leak alone.
func TestSqueezeByHand(t *testing.T) {
	const n, horizon, leak, monthly, slump = 60, 150, 0.02, 30_000.0, 60
	s := plain(0, horizon)
	y := &s.Borrowers.Causes.Reliable
	y.Capacity, s.Borrowers.Cash.Leak, s.Borrowers.Cash.PerDebt = 3, leak, 0
	s.Borrowers.Macro = borrower.Macro{Level: 1, ShockDay: slump, ShockDays: horizon, ShockFactor: 16, Squeeze: 0.5}
	before := make([]float64, n)
	squeezed, whole := 0, 0
	walk(t, copies(t, s, n, late(10)), 0, func(w *sim.Walker) {
		today := w.Today() - 1
		for i := range n {
			cash := float64(w.View(i).Cash) / (1 - leak) // before the night
			in := cash - before[i]
			before[i] = float64(w.View(i).Cash)
			if today == 0 || math.Abs(in) < 1 {
				continue
			}
			want := monthly
			if today >= slump {
				want, squeezed = monthly/4, squeezed+1
			} else {
				whole++
			}
			if !(math.Abs(in-want) <= 1) {
				t.Fatalf("account %d: %.0f on the pay day %d, by hand %.0f", i, in, today, want)
			}
		}
	})
	if whole < n || squeezed < n {
		t.Fatalf("%d pay days before the slump and %d in it test nothing", whole, squeezed)
	}
}

// TestWaivedMoneyCountsOnce: npv is money: without discounting, what was paid less what was paid out. What is given up
// is missing from what is paid, and is not taken off again.
func TestWaivedMoneyCountsOnce(t *testing.T) {
	waived := 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 150)
		s.Costs.Funding = 0
		for _, o := range run(t, config(t, s))[0].Strategies {
			recovered, cost, given := value(t, &o, "recovered"), value(t, &o, "cost"), value(t, &o, "cost_waiver")
			if got, want := value(t, &o, "npv"), recovered-(cost-given); !(math.Abs(got-want) <= 1e-6*(1+recovered+cost)) {
				t.Fatalf("npv %v, want %v less %v, given up %v", got, recovered, cost-given, given)
			}
			waived += given
		}
	})
	if waived == 0 {
		t.Fatal("nothing was given up")
	}
}
