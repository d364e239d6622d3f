package sim_test

import (
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// TestLongestRun plays a few accounts for the longest horizon, with contacts, promises and remedies
// without end: no day and no counter wraps, and every law of the ledger holds on the last evening.
func TestLongestRun(t *testing.T) {
	stages := []strategy.Stage{
		{Channel: loan.Bot, FirstDay: 1, Every: 1, Remedies: strategy.Remedies{TemporaryShock: loan.Grace, OverIndebted: loan.Restructure}},
		{Channel: loan.Visit, FirstDay: 3, Every: 5, NoticeDays: 2, NoticeChannel: loan.SMS, FollowUpDays: 1, Through: strategy.Through{Promise: true}},
	}
	for range 6 { // a stage alone ends after 255 attempts
		stages = append(stages, strategy.Stage{Channel: loan.Bot, FirstDay: 20, Every: 4})
	}
	s := small(12, sim.MaxHorizon-600, strategy.Plan{Stages: stages})
	s.Portfolio.Start.Current = 0
	s.Policy.ChargeOff = 120
	for _, y := range types(s)[:2] {
		y.Capacity = 0 // some never pay
	}
	s.Borrowers.Stress.Complaint = 1
	s.Borrowers.Macro.Volatility = 0
	s.Channels[loan.Bot].Connect.Urban, s.Channels[loan.Bot].Promise = 0.9, 0.9
	c := config(t, s)
	c.Portfolio.Accounts[0].DPD = 590
	c.Portfolio.Accounts[1].DPD = 0
	c.Portfolio.Accounts[1].Arrears = 0
	promises := map[int64]int64{}
	o, w := walk(t, c, 0, func(w *sim.Walker) {
		if w.Today()%997 != 0 {
			return
		}
		for i := range c.Portfolio.Accounts {
			v := w.View(i)
			if v.Imbalance(c.Portfolio.Accounts[i].Balance) != 0 || v.Stress < 0 || v.Stress > 100 || v.Cash < 0 {
				t.Fatalf("day %d account %d: %+v", w.Today()-1, i+1, v)
			}
			if day := loan.Day(w.Today() - 1); v.Oldest != loan.Never && v.Oldest > day || v.Demanded != loan.Never && v.Demanded > day {
				t.Fatalf("day %d account %d: overdue since day %d, %d", day, i+1, v.Oldest, v.Demanded)
			}
		}
	})
	last := loan.Day(0)
	for _, e := range o.Events {
		if e.Day < last || int(e.Day) >= c.Horizon {
			t.Fatalf("event on day %d after day %d", e.Day, last)
		}
		last = e.Day
		if e.Kind == outcome.EventPromise {
			promises[e.Account]++
		}
		if e.Kind == outcome.EventPayment && (e.Detail < 0 || int(e.Detail) > c.Horizon+590) {
			t.Fatalf("payment %d days past due", e.Detail)
		}
	}
	most := int64(0)
	for i, a := range o.Accounts {
		n := promises[a.ID]
		most = max(most, n)
		if a.Promises != min(n, 255) || a.StressMean < 0 || a.StressMean > 100 || a.DistressDays < 0 || int(a.DistressDays) > c.Horizon {
			t.Errorf("account %d: %d promises by events, row %+v", a.ID, n, a)
		}
		v := w.View(i)
		if lived := loan.Day(v.Days); lived != loan.Day(c.Horizon) {
			t.Errorf("account %d has lived %d days", a.ID, lived)
		}
	}
	if most <= 255 {
		t.Errorf("at most %d promises: no counter was full", most)
	}
}
