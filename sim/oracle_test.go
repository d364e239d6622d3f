package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestWakingMissesNothing plays every life twice: as the engine schedules it, and with every account
// woken every morning. Waking is a matter of speed alone, so everything must be the same: states on
// every evening, daily rows, sums, events.
func TestWakingMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, whole(t, "accounts", 5, 30), whole(t, "horizon", 20, 200)))
		lazy, eager := walker(t, c), walker(t, c)
		for lazy.Today() < c.Horizon {
			eager.WakeAll()
			if lazy.Today() == c.Horizon-1 { // stress is summed from pay day to pay day: the same last leg, the same rounding
				lazy.WakeAll()
			}
			lazy.Day()
			eager.Day()
			for i := range c.Portfolio.Accounts {
				a, b := lazy.View(i), eager.View(i)
				if a.Active && !b.Active || a.Ledger != b.Ledger || a.Status != b.Status || a.Bucket != b.Bucket ||
					a.Reported != b.Reported || a.PromiseDue != b.PromiseDue || a.Unsteady != b.Unsteady || a.Aware != b.Aware {
					t.Fatalf("day %d account %d: lazy\n%+v\neager\n%+v", lazy.Today()-1, i+1, a, b)
				}
			}
		}
		a, b := lazy.End(), eager.End()
		if !same(t, a, b) {
			t.Fatalf("outcomes differ:\n%s", difference(a, b))
		}
	})
}

// difference names the first place where two outcomes differ.
func difference(a, b *outcome.StrategyOutcome) string {
	for i := range min(len(a.Events), len(b.Events)) {
		if a.Events[i] != b.Events[i] {
			return fmt.Sprintf("events: %+v and %+v", a.Events[i], b.Events[i])
		}
	}
	if !slices.Equal(a.Daily, b.Daily) {
		return "daily rows"
	}
	for i, m := range outcome.Metrics() {
		if x, y := a.Values[i], b.Values[i]; x != y && (x == x || y == y) {
			return m.Name
		}
	}
	for g := range min(len(a.Groups), len(b.Groups)) {
		for i, m := range outcome.Metrics() {
			if x, y := a.Groups[g].Values[i], b.Groups[g].Values[i]; x != y && (x == x || y == y) {
				return fmt.Sprintf("%s of %s: %v and %v", m.Name, a.Groups[g].Name, x, y)
			}
		}
	}
	return "other parts"
}

// TestLongerHorizon: a run is the beginning of every longer run.
func TestLongerHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, whole(t, "horizon", 1, 100))
		s.Policy.Budget = 0 // it is for the whole run, teams to the last day included
		short := run(t, config(t, s))
		s.Horizon += whole(t, "more", 1, 80)
		long := run(t, config(t, s))
		for k := range short[0].Strategies {
			a, b := &short[0].Strategies[k], &long[0].Strategies[k]
			if !slices.Equal(a.Daily, b.Daily[:len(a.Daily)]) {
				t.Fatalf("daily rows of the first %d days differ", len(a.Daily))
			}
			early := slices.DeleteFunc(slices.Clone(b.Events), func(e outcome.Event) bool { return int(e.Day) >= len(a.Daily) })
			if !slices.Equal(a.Events, early) {
				t.Fatalf("events of the first %d days differ", len(a.Daily))
			}
		}
	})
}

// instalment is one line of a naive schedule: what fell due and is unpaid.
type instalment struct {
	due    loan.Day
	unpaid loan.Cents
}

// TestDaysPastDue keeps a shadow schedule by hand: each instalment is a line with its own due date,
// payments settle the oldest line first, DPD counts from the oldest unpaid line. Without penalty
// interest, which the waterfall serves first, and with loans that outlast the run.
func TestDaysPastDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { byHand(t, func(_ int, a *loan.Account) { lengthen(a) }) })
}

// TestDaysPastDueBeyondTheTerm is the same of loans that end during the run, or ended before it: after the last
// due date no payment makes what is left younger, nor does a plan that goes on for longer.
func TestDaysPastDueBeyondTheTerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byHand(t, func(i int, a *loan.Account) {
			lengthen(a)
			a.Product, a.APR, a.Term = loan.Instalment, 0, int16(i%5)
			a.Balance = a.Arrears + loan.Cents(a.Term)*a.Instalment
		})
	})
}

// TestDueOnDayZero is the same of accounts that are overdue on their due day, as those whose days past due are
// stated in whole months: the instalment of day 0 is one more.
func TestDueOnDayZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byHand(t, func(i int, a *loan.Account) {
			if a.Opened == 0 {
				a.DPD, a.DueDay = loan.Day(i%4)*a.Interval(), 0
			}
			lengthen(a)
		})
	})
}

// byHand plays a random world without penalties on accounts as arranged, and holds the oldest unpaid due date of
// each against a schedule kept by hand.
func byHand(t *rapid.T, arrange func(i int, a *loan.Account)) {
	s := anyScenario(t, 30, whole(t, "horizon", 60, 240))
	s.Policy.ChargeOff = 400
	s.Remedies.Waiver.Share = 0
	s.Remedies.Restructure.Months, s.Remedies.Restructure.APR = pick(t, "plan months", 120, 18, 10), 0 // smaller and larger instalments than the contract's
	for _, p := range []*float64{&s.Portfolio.Products.Instalment.PenaltyAPR, &s.Portfolio.Products.Card.PenaltyAPR, &s.Portfolio.Products.Micro.PenaltyAPR} {
		*p = 0
	}
	anyRemedies(s.Strategies[0].Stages, loan.Settlement, loan.NoRemedy) // a settlement ends the loan
	c := config(t, s)
	for i := range c.Portfolio.Accounts {
		arrange(i, &c.Portfolio.Accounts[i])
	}
	w := walker(t, c)
	schedules := make([][]instalment, len(c.Portfolio.Accounts))
	paid, fallen := make([]loan.Cents, len(schedules)), make([]int16, len(schedules))
	for i := range schedules {
		schedules[i] = opening(&c.Portfolio.Accounts[i])
	}
	for w.Today() < c.Horizon {
		day := loan.Day(w.Today())
		w.Day()
		for i := range schedules {
			a, v := &c.Portfolio.Accounts[i], w.View(i)
			if !v.OnBooks {
				continue
			}
			if (day > max(0, a.Opened) || a.DPD > 0) && day%a.Interval() == loan.Day(a.DueDay) && fallen[i] < a.Term {
				schedules[i] = append(schedules[i], instalment{day, a.Instalment})
				fallen[i]++
			}
			schedules[i] = settle(schedules[i], v.Paid-paid[i])
			paid[i] = v.Paid
			if v.Status == loan.ChargedOff || v.Status == loan.Closed {
				continue
			}
			want := loan.Never
			if len(schedules[i]) > 0 {
				want = schedules[i][0].due
			}
			if v.Oldest != want {
				t.Fatalf("day %d account %d: oldest unpaid due date %d, by hand %d: %v %+v", day, a.ID, v.Oldest, want, schedules[i], v)
			}
		}
	}
}

// anyRemedies replaces one remedy by another in all stages.
func anyRemedies(stages []strategy.Stage, from, to loan.Remedy) {
	for i := range stages {
		r := &stages[i].Remedies
		for _, x := range []*loan.Remedy{&r.Unknown, &r.Reliable, &r.Forgetful, &r.TemporaryShock, &r.OverIndebted, &r.Unwilling} {
			if *x == from {
				*x = to
			}
		}
	}
}

// lengthen makes a loan outlast every run of these tests.
func lengthen(a *loan.Account) {
	missed := loan.Cents(a.Missed())
	a.Term = int16(60 * loan.MonthDays / a.Interval())
	a.Instalment = 10_000
	a.Balance = 100 * a.Instalment * loan.MonthDays / loan.Cents(a.Interval())
	a.Arrears = missed * a.Instalment
}

// opening lists the unpaid instalments of day 0.
func opening(a *loan.Account) []instalment {
	var lines []instalment
	for due := -a.DPD; due < 0; due += a.Interval() {
		lines = append(lines, instalment{due, a.Instalment})
	}
	return lines
}

// settle lets a payment settle lines, oldest first; what is left over is a prepayment.
func settle(lines []instalment, amount loan.Cents) []instalment {
	for len(lines) > 0 && amount > 0 {
		part := min(amount, lines[0].unpaid)
		lines[0].unpaid -= part
		amount -= part
		if lines[0].unpaid == 0 {
			lines = lines[1:]
		}
	}
	return lines
}

// TestDemandedDaysPastDue keeps the demand by hand: what a day adds to it is a line with its date, a grace period takes
// all lines away, and payments settle the oldest first, also while what grace deferred is recalled bit by bit.
func TestDemandedDaysPastDue(t *testing.T) {
	recalled := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, whole(t, "horizon", 60, 300))
		s.Policy.ChargeOff = 400
		s.Remedies.Grace.Recall, s.Remedies.Waiver.Share = pick(t, "recall", 0, 12, 24), 0
		for _, p := range []*float64{&s.Portfolio.Products.Instalment.PenaltyAPR, &s.Portfolio.Products.Card.PenaltyAPR, &s.Portfolio.Products.Micro.PenaltyAPR} {
			*p = 0
		}
		s.Portfolio.New.PerMonth = 0
		anyRemedies(s.Strategies[0].Stages, loan.Settlement, loan.Grace)
		anyRemedies(s.Strategies[0].Stages, loan.Restructure, loan.Grace)
		c := config(t, s)
		for i := range c.Portfolio.Accounts {
			lengthen(&c.Portfolio.Accounts[i])
		}
		w := walker(t, c)
		before, demand := make([]sim.View, len(c.Portfolio.Accounts)), make([][]instalment, len(c.Portfolio.Accounts))
		for i := range demand {
			demand[i], before[i] = opening(&c.Portfolio.Accounts[i]), w.View(i)
		}
		for w.Today() < c.Horizon {
			day := loan.Day(w.Today())
			w.Day()
			for i := range demand {
				v, paid := w.View(i), w.View(i).Paid-before[i].Paid
				if more := v.Arrears - before[i].Arrears + paid; v.Arrears > 0 && more > 0 {
					demand[i] = append(demand[i], instalment{day, more})
					if v.Deferred() > 0 {
						recalled++
					}
				}
				demand[i] = settle(demand[i], paid)
				before[i] = v
				want := loan.Never
				switch {
				case v.Status == loan.ChargedOff || v.Status == loan.Closed:
					continue
				case v.Arrears == 0:
					demand[i] = nil
				default:
					want = demand[i][0].due
				}
				if v.Demanded != want {
					t.Fatalf("day %d account %d: demanded since %d, by hand %d: %v %+v", day, i+1, v.Demanded, want, demand[i], v)
				}
			}
		}
	})
	if recalled == 0 {
		t.Fatal("nothing was recalled bit by bit")
	}
}
