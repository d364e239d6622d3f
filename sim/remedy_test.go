package sim_test

import (
	"math"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestPromisesAreJudgedOnTheirDay: a promise is broken on the day it falls due and on no other, kept
// on that day at the latest, and judged once.
func TestPromisesAreJudgedOnTheirDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, o := range run(t, config(t, anyScenario(t, 30, 150)))[0].Strategies {
			for id, events := range byAccount(o.Events) {
				due := loan.Never
				for _, e := range events {
					switch e.Kind {
					case outcome.EventPromise:
						due = loan.Day(e.Detail)
					case outcome.EventBroken:
						if e.Day != due {
							t.Fatalf("account %d: promise for day %d broken on day %d", id, due, e.Day)
						}
						due = loan.Never
					case outcome.EventKept:
						if due == loan.Never || e.Day > due {
							t.Fatalf("account %d: promise for day %d kept on day %d", id, due, e.Day)
						}
						due = loan.Never
					}
				}
			}
		}
	})
}

// TestSelfCures: a cure is the borrower's own if no contact had met him in the episode.
func TestSelfCures(t *testing.T) {
	self := 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 150)
		for k := range s.Strategies {
			for i := range s.Strategies[k].Stages { // within an episode: an episode ends with its remedy's
				s.Strategies[k].Stages[i].Remedies = strategy.Remedies{}
				s.Strategies[k].Stages[i].FirstDay = max(1, s.Strategies[k].Stages[i].FirstDay)
			}
		}
		for _, o := range run(t, config(t, s))[0].Strategies {
			want := 0.0
			for _, events := range byAccount(o.Events) {
				reached := false
				for _, e := range events {
					switch {
					case e.Kind == outcome.EventOverdue:
						reached = false
					case e.Kind == outcome.EventContact && e.Detail == 2:
						reached = true
					case e.Kind == outcome.EventCure && !reached:
						want++
					}
				}
			}
			got := value(t, &o, "self_cure_rate") * value(t, &o, "cures") / value(t, &o, "cure_rate") * float64(len(o.Accounts))
			if want > 0 && !(math.Abs(got-want) <= 1e-6) {
				t.Fatalf("%v cures without contact, events tell %v", got, want)
			}
			self += want
		}
	})
	if self == 0 {
		t.Fatal("nobody cured alone")
	}
}

// TestEveryEpisodeEnds: each episode that began in the run is once in the table of cures, as cured or
// as censored, at the days that its events tell: who left on a morning was last seen on the evening before.
func TestEveryEpisodeEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, 30, 150))
		for _, o := range run(t, c)[0].Strategies {
			want := make([]outcome.CureDay, c.Horizon+1)
			for _, events := range byAccount(o.Events) {
				began := -1
				for _, e := range events {
					switch {
					case e.Kind == outcome.EventOverdue:
						began = int(e.Day)
					case began < 0:
					case e.Kind == outcome.EventCure:
						want[int(e.Day)-began].Cured++
						began = -1
					case e.Kind == outcome.EventChargeOff:
						want[max(int(e.Day)-began-1, 0)].Censored++
						began = -1
					}
				}
				if began >= 0 {
					want[c.Horizon-began-1].Censored++
				}
			}
			for d, got := range o.Cures {
				if got != want[d] {
					t.Fatalf("after %d days: %+v, events tell %+v", d, got, want[d])
				}
			}
		}
	})
}

// TestRepaymentExcites: a payment of the fraction r of what is owed raises the excitation by
// repayment_base + repayment_slope * r, from the next day on.
func TestRepaymentExcites(t *testing.T) {
	s := plain(0.05, 60)
	s.Borrowers.Payment.FullShare = 0
	s.Borrowers.Payment.FractionLow, s.Borrowers.Payment.FractionHigh = 0.2, 0.6
	s.Borrowers.Excitation.RepaymentBase, s.Borrowers.Excitation.RepaymentSlope, s.Borrowers.Excitation.Decay = 0.01, 0.2, 0.3
	c := copies(t, s, 300, late(10))
	excite, paid := make([]float64, 300), make([]loan.Cents, 300)
	owed := make([]loan.Cents, 300)
	for i := range owed {
		owed[i] = 10_000
	}
	payments := 0
	walk(t, c, 0, func(w *sim.Walker) {
		day := w.Today() - 1
		for i := range excite {
			v := w.View(i)
			if day == 20 { // an instalment falls due in the morning, unpaid
				owed[i] += 10_000
			}
			if day >= 20 {
				continue
			}
			excite[i] *= math.Exp(-0.3)
			if v.Paid > paid[i] {
				excite[i] += 0.01 + 0.2*float64(v.Paid-paid[i])/float64(owed[i])
				owed[i] -= v.Paid - paid[i]
				paid[i] = v.Paid
				payments++
			}
			if !(math.Abs(float64(v.Excite)-excite[i]) <= 1e-6) {
				t.Fatalf("day %d account %d: excitation %v, by hand %v", day, i, v.Excite, excite[i])
			}
		}
	})
	if payments < 100 {
		t.Fatalf("%d payments test little", payments)
	}
}

// TestRestructuredLoanAmortises: who pays a restructured loan on time has repaid it after the new
// months, with the interest of the new rate; and is not overdue on any due date, where the new instalment is
// the larger one.
func TestRestructuredLoanAmortises(t *testing.T) {
	const months = 10
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 1, Remedies: strategy.Remedies{Reliable: loan.Restructure, Unknown: loan.Restructure}}
	s := plain(0, 400, strategy.Plan{Stages: []strategy.Stage{stage}})
	s.Remedies.Restructure.Months, s.Remedies.Restructure.APR, s.Remedies.MaxRemedies = months, 0.06, 1
	s.Borrowers.Causes.Reliable.OnTime = 1
	s.Channels[loan.Bot].Deliver, s.Channels[loan.Bot].Diagnoses, s.Channels[loan.Bot].Promise = 1, 1, 0
	s.Channels[loan.Bot].Connect = s.Channels[loan.SMS].Connect
	s.Borrowers.Stress.Avoidance = 0
	a := late(10)
	a.APR, a.PenaltyAPR, a.Product = 0.24, 0.1, loan.Instalment
	c := copies(t, s, 5, a)
	o, w := walk(t, c, 0, nil)
	for id, events := range byAccount(o.Events) {
		kinds := map[outcome.EventKind]int{}
		for _, e := range events {
			kinds[e.Kind]++
		}
		if kinds[outcome.EventOverdue] != 0 || kinds[outcome.EventCure] != 1 {
			t.Fatalf("account %d pays more than the contract asks for: %d new episodes, %d cures, want 0 and the one of the opening arrears", id, kinds[outcome.EventOverdue], kinds[outcome.EventCure])
		}
	}
	schedule := loan.Schedule(float64(a.Balance), 0.06/12, months)
	interest := 0.0
	for _, row := range schedule {
		interest += row.Interest
	}
	for i := range 5 {
		v := w.View(i)
		if v.Status != loan.Closed || !(math.Abs(float64(v.Accrued)-interest) <= months) {
			t.Fatalf("account %d: %s, accrued %s, schedule %.0f cents: %+v", i, v.Status, v.Accrued, interest, v.Ledger)
		}
	}
}

// TestPlanIsLevel: penalties that stand when a balance is restructured are part of the plan, not asked for beside it:
// all payments but the last are equal, and the last leaves nothing.
func TestPlanIsLevel(t *testing.T) {
	const months = 10
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 20, Remedies: strategy.Remedies{Reliable: loan.Restructure, Unknown: loan.Restructure}}
	s := plain(0, 400, strategy.Plan{Stages: []strategy.Stage{stage}})
	s.Remedies.Restructure.Months, s.Remedies.Restructure.APR = months, 0.06
	s.Borrowers.Causes.Reliable.OnTime = 1
	s.Channels[loan.Bot].Deliver, s.Channels[loan.Bot].Diagnoses, s.Channels[loan.Bot].Promise = 1, 1, 0
	s.Channels[loan.Bot].Connect = s.Channels[loan.SMS].Connect
	s.Borrowers.Stress.Avoidance = 0
	a := late(10)
	a.PenaltyAPR, a.Product = 1, loan.Instalment
	o, w := walk(t, copies(t, s, 1, a), 0, nil)
	var paid []loan.Cents
	for _, e := range o.Events {
		if e.Kind == outcome.EventPayment {
			paid = append(paid, e.Amount)
		}
	}
	v := w.View(0)
	if level := slices.Repeat([]loan.Cents{v.Instalment}, months-1); len(paid) != months || !slices.Equal(paid[:months-1], level) || v.Outstanding() != 0 {
		t.Fatalf("paid %v, want %v %d times and a rest; %+v", paid, v.Instalment, months-1, v.Ledger)
	}
}

// TestNothingIsLeftBehind: when the last instalment has fallen due, nothing is demanded and no remedy is in force, all is
// paid: what a remedy left over of penalties has been asked for with the last instalment at the latest.
func TestNothingIsLeftBehind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, whole(t, "horizon", 60, 240))
		s.Remedies.Grace.Recall = whole(t, "recall", 0, 6)
		s.Portfolio.New.PerMonth = 0
		anyRemedies(s.Strategies[0].Stages, loan.Restructure, loan.Grace) // a plan has a term of its own
		c := config(t, s)
		for i := range c.Portfolio.Accounts {
			a := &c.Portfolio.Accounts[i]
			lengthen(a)
			a.Product, a.Term = loan.Instalment, int16(1+i%5)
			a.Balance = a.Arrears + 98*a.Instalment*loan.Cents(a.Term)/100
		}
		w := walker(t, c)
		for w.Today() < c.Horizon {
			w.Day()
			for i := range c.Portfolio.Accounts {
				a, v := &c.Portfolio.Accounts[i], w.View(i)
				if w.Today() > int(a.Term+1)*loan.MonthDays && v.Owed == 0 && v.Remedy == loan.NoRemedy && v.Outstanding() > 0 {
					t.Fatalf("day %d account %d: %+v", w.Today()-1, a.ID, v)
				}
			}
		}
	})
}

// TestAWaiverCuresNobody: where a month's interest exceeds the instalment, waiving it takes all arrears away. The
// episode is over, and no payment ended it: every cure is on a day of a payment.
func TestAWaiverCuresNobody(t *testing.T) {
	s := small(200, 120, strategy.Plan{Stages: []strategy.Stage{{
		Channel: loan.Call, FirstDay: 1, Every: 1,
		Remedies: strategy.Remedies{Unknown: loan.Waiver, Reliable: loan.Waiver, Forgetful: loan.Waiver, TemporaryShock: loan.Waiver, OverIndebted: loan.Waiver, Unwilling: loan.Waiver},
	}}})
	s.Teams.Call.Agents = 1000
	s.Borrowers.Causes.Reliable.OnTime = 0
	c := config(t, s)
	for i := range c.Portfolio.Accounts {
		a := &c.Portfolio.Accounts[i]
		a.Product, a.APR, a.DPD, a.Arrears, a.Balance, a.Instalment = loan.Card, 0.36, 0, 0, 100_000, 500
	}
	o := run(t, c)[0].Strategies[0]
	waived, cures := 0, 0.0
	for id, events := range byAccount(o.Events) {
		paid := loan.Day(-1)
		for _, e := range events {
			switch e.Kind {
			case outcome.EventPayment:
				paid = e.Day
			case outcome.EventRemedy:
				waived++
			case outcome.EventCure:
				cures++
				if paid != e.Day {
					t.Errorf("account %d: cured on day %d without a payment", id, e.Day)
				}
			}
		}
	}
	if got := value(t, &o, "cures") * 200; !(math.Abs(got-cures) <= 1e-9) || waived < 50 || cures == 0 {
		t.Fatalf("%v cures, %v cures in events, %d waivers", got, cures, waived)
	}
}

// TestRedefaultsByHand: of the accounts that got more than a dated promise, those count that were 30 days past due on
// demand after the remedy, or a payment since, had made them current. A promise moves no due date: it is no new terms.
func TestRedefaultsByHand(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, 40, 200))
		var demanded [][]loan.Day // by evening and account
		o, _ := walk(t, c, 0, func(w *sim.Walker) {
			row := make([]loan.Day, len(c.Portfolio.Accounts))
			for i := range row {
				row[i] = w.View(i).Demanded
			}
			demanded = append(demanded, row)
		})
		events := byAccount(o.Events)
		again, of := 0.0, 0.0
		for i := range c.Portfolio.Accounts {
			terms, late := newTermsByHand(events[c.Portfolio.Accounts[i].ID], func(day int) loan.Day { return demanded[day][i] }, c.Horizon)
			if terms {
				of++
			}
			if late {
				again++
			}
		}
		if got := value(t, o, "redefault_rate"); of == 0 && !math.IsNaN(got) || of > 0 && math.Abs(got-again/of) > 1e-12 {
			t.Fatalf("%v, by hand %v of %v", got, again, of)
		}
		found += int(again)
	})
	if found == 0 {
		t.Fatal("nobody redefaulted")
	}
}

// newTermsByHand reports whether an account was granted more than a promise, and was 30 days past due after that.
func newTermsByHand(events []outcome.Event, demanded func(day int) loan.Day, horizon int) (terms, late bool) {
	last, current := loan.NoRemedy, false
	for day := range horizon {
		if day > 0 && current { // on the morning, as of the evening before
			since := demanded(day - 1)
			late = late || since != loan.Never && day-int(since) >= 30
		}
		for len(events) > 0 && int(events[0].Day) <= day {
			if events[0].Kind == outcome.EventRemedy {
				last = loan.Remedy(events[0].Detail)
				terms = terms || last != loan.DatedPromise
			}
			events = events[1:]
		}
		current = current || demanded(day) == loan.Never && last != loan.NoRemedy && last != loan.DatedPromise
	}
	return terms, late
}

// TestGoodwillComesWithNewTerms: the first remedy that is more than a dated promise raises the own intensity by goodwill
// and good faith, whatever was promised before; no other does.
func TestGoodwillComesWithNewTerms(t *testing.T) {
	later := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 150)
		s.Remedies.MaxRemedies = 3
		stages := &s.Strategies[0].Stages // whose cause is not known is asked for a promise, and diagnosed some day
		*stages = append(*stages, strategy.Stage{Name: "talk", Channel: loan.Bot, FirstDay: 1, Every: 5, Retry: 2, Remedies: strategy.Remedies{
			Unknown: loan.DatedPromise, Reliable: loan.Grace, Forgetful: loan.Restructure, TemporaryShock: loan.Grace, OverIndebted: loan.Waiver, Unwilling: loan.Grace,
		}})
		b := &s.Borrowers
		b.Payment.Wear, b.Payment.ChargedOff, b.Trust.Goodwill = 0, 1, 0.3
		c := config(t, s)
		o, w := walk(t, c, 0, nil)
		events := byAccount(o.Events)
		for i := range c.Portfolio.Accounts {
			terms, first := false, loan.NoRemedy
			for _, e := range events[c.Portfolio.Accounts[i].ID] {
				if e.Kind == outcome.EventRemedy {
					if first == loan.NoRemedy {
						first = loan.Remedy(e.Detail)
					}
					terms = terms || loan.Remedy(e.Detail) != loan.DatedPromise
				}
			}
			if terms && first == loan.DatedPromise {
				later++
			}
			traits, want := w.Traits(i), 1.0
			if terms {
				keep := [loan.NumCauses]float64{0, b.Causes.Reliable.Keep, b.Causes.Forgetful.Keep, b.Causes.TemporaryShock.Keep, b.Causes.OverIndebted.Keep, b.Causes.Unwilling.Keep}
				want = 1 + 0.3*keep[traits.Cause]
			}
			if got := float64(w.View(i).Will); !(math.Abs(got-want*float64(traits.Will)) <= 1e-5*got) {
				t.Fatalf("account %d: own intensity %v, want %v times %v", i+1, got, want, traits.Will)
			}
		}
	})
	if later == 0 {
		t.Fatal("no new terms followed a promise")
	}
}

// TestAPlanDoesNotMoveTheMaturity: of a loan that asks for a large rest at its end all is overdue by contract from then on,
// whatever a restructured plan asks for instead.
func TestAPlanDoesNotMoveTheMaturity(t *testing.T) {
	planned := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 200)
		s.Policy.ChargeOff, s.Remedies.Waiver.Share = 400, 0
		s.Remedies.Restructure.Months = pick(t, "plan months", 24, 60)
		s.Portfolio.New.PerMonth = 0
		c := config(t, s)
		for i := range c.Portfolio.Accounts {
			a := &c.Portfolio.Accounts[i]
			lengthen(a)
			a.Product, a.Term = loan.Instalment, int16(1+i%3)
		}
		w := walker(t, c)
		for w.Today() < c.Horizon {
			today := loan.Day(w.Today())
			w.Day()
			for i := range c.Portfolio.Accounts {
				a, v := &c.Portfolio.Accounts[i], w.View(i)
				first := a.Interval()
				if a.DueDay > 0 {
					first = loan.Day(a.DueDay)
				} else if a.DPD > 0 {
					first = 0
				}
				last := first + loan.Day(a.Term-1)*a.Interval()
				if today < last+a.Interval() || v.Status == loan.ChargedOff || v.Status == loan.Closed {
					continue // the due date of the plan that follows the contract's end books it
				}
				if v.Overdue != v.Principal+v.Interest || v.Oldest > last+a.Interval() {
					t.Fatalf("day %d, account %d, all due on day %d: %+v", today, a.ID, last, v)
				}
				planned += one(v.Remedy == loan.Restructure)
			}
		}
	})
	if planned == 0 {
		t.Fatal("no plan goes on beyond the contract")
	}
}
