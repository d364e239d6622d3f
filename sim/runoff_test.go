package sim_test

import (
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// until stops a strategy on a day.
type until struct {
	strategy.Strategy
	day loan.Day
}

func (u until) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	if o.Day >= u.day {
		return out[:0], loan.Never
	}
	return u.Strategy.Decide(o, out)
}

// TestRunOffIsALongerRun: what a run-off counts on is, to a millionth, what the same accounts pay in a longer run
// in which contact stops on the day of the horizon, the provisions of that run's last day included. (Cash is in
// 32 bits, and the horizon splits its decay.) Nobody is charged off, everybody is overdue from the start, and
// contacts are automated, since queues outlast a day.
func TestRunOffIsALongerRun(t *testing.T) {
	remedies := []loan.Remedy{loan.NoRemedy, loan.Grace, loan.Restructure, loan.Waiver, loan.Settlement, loan.DatedPromise}
	gains := 0
	rapid.Check(t, func(t *rapid.T) {
		horizon, months := whole(t, "horizon", 5, 130), whole(t, "months", 1, 14)
		r := remedies[whole(t, "remedy", 0, len(remedies)-1)]
		talk := strategy.Stage{Channel: loan.Bot, FirstDay: 1, Every: 4, Remedies: strategy.Remedies{Unknown: r, Reliable: r, Forgetful: r, TemporaryShock: r}}
		s := small(60, horizon, strategy.Plan{Stages: []strategy.Stage{talk, {Channel: loan.SMS, FirstDay: -3}}})
		s.Seed = uint64(whole(t, "seed", 1, 1000))
		s.Portfolio.Start.Current, s.Policy.ChargeOff = 0, 10000
		s.Remedies.Grace.Days = pick(t, "grace days", 20, 90)
		s.Remedies.Grace.Recall = pick(t, "recall", 0, 3, 24)
		stop := func(inner strategy.Strategy) strategy.Strategy { return until{inner, loan.Day(horizon)} }
		s.Policy.RunOff = months
		short := runOne(t, config(t, s), stop)
		s.Policy.RunOff, s.Horizon = 0, horizon+months*loan.MonthDays
		long := runOne(t, config(t, s), stop)
		a, b := value(t, short, "net_value"), value(t, long, "net_value")
		if !(math.Abs(a-b) <= 1e-6*math.Abs(b)) {
			t.Fatalf("net value %v by run-off, %v in the longer run", a, b)
		}
		if value(t, short, "npv") != value(t, long, "npv") {
			gains++
		}
	})
	if gains < 50 {
		t.Fatalf("something was paid after the horizon in %d runs only", gains)
	}
}

// TestRunOffShowsNowhereElse: with and without it, every other number of a run is the same.
func TestRunOffShowsNowhereElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, whole(t, "horizon", 1, 150))
		var lives [2]*outcome.StrategyOutcome
		for k, months := range []int{0, 9} {
			s.Policy.RunOff = months
			o := &run(t, config(t, s))[0].Strategies[0]
			o.Values[outcome.MetricIndex("net_value")] = 0
			for g := range o.Groups {
				o.Groups[g].Values[outcome.MetricIndex("net_value")] = 0
			}
			for i := range o.Accounts {
				o.Accounts[i].BookValue = 0
			}
			lives[k] = o
		}
		if !same(t, lives[0], lives[1]) {
			t.Fatalf("run-off shows in %s", difference(lives[0], lives[1]))
		}
	})
}

// TestRunOffOfTheLongestRun: the run-off ends with what days can count.
func TestRunOffOfTheLongestRun(t *testing.T) {
	for _, horizon := range []int{sim.MaxHorizon, sim.MaxHorizon - 100} {
		s := plain(0, horizon)
		s.Policy.RunOff = 60
		c := copies(t, s, 3, late(0))
		c.Portfolio.Accounts[0] = late(loan.Day(sim.MaxHorizon - horizon))
		c.Portfolio.Accounts[0].ID = 1
		if v := value(t, &run(t, c)[0].Strategies[0], "net_value"); math.IsNaN(v) || v < 0 {
			t.Errorf("horizon %d: net value %v", horizon, v)
		}
	}
}

// TestWillWearsOnAfterChargeOff: the own intensity of a charged-off account is the trait times charged_off times
// (1 - wear)^months past due, for 24 months.
func TestWillWearsOnAfterChargeOff(t *testing.T) {
	const intensity, wear, factor = 1e-7, 0.1, 0.3
	s := plain(intensity, 900)
	s.Policy.ChargeOff = 60
	s.Borrowers.Payment.Wear, s.Borrowers.Payment.ChargedOff = wear, factor
	c := copies(t, s, 1, late(31))
	walk(t, c, 0, func(w *sim.Walker) {
		dpd := w.Today() - 1 + 31
		want := intensity * math.Pow(1-wear, math.Min(float64(dpd/loan.MonthDays), 24))
		if dpd >= 60 {
			want *= factor
		}
		if got := float64(w.View(0).Will); !(math.Abs(got-want) <= 1e-4*want) {
			t.Fatalf("%d days past due: intensity %g, want %g", dpd, got, want)
		}
	})
}

// granted is a scenario in which a bot grants a remedy to everybody who is late, on day 0.
func granted(remedy loan.Remedy) *strategy.Plan {
	r := strategy.Remedies{Unknown: remedy, Reliable: remedy}
	return &strategy.Plan{Stages: []strategy.Stage{{Channel: loan.Bot, FirstDay: 1, Every: 1, Cap: 5, Remedies: r}}}
}

// TestARemedyDoesNotRejuvenate: after a grace period that nobody used to pay, the own intensity is that of the
// months past due before and after it together; and the stage has made its five attempts, not five more.
func TestARemedyDoesNotRejuvenate(t *testing.T) {
	const intensity, wear, start = 1e-7, 0.1, 70
	for _, recall := range []int{0, 6} {
		s := plain(intensity, 400, *granted(loan.Grace))
		s.Remedies.Grace.Days, s.Remedies.Grace.Recall, s.Remedies.MaxRemedies = 90, recall, 1
		s.Borrowers.Payment.Wear, s.Borrowers.Trust.Goodwill = wear, 0
		s.Borrowers.Excitation.Scale = 0
		bot := &s.Channels[loan.Bot]
		bot.Deliver, bot.Diagnoses, bot.Promise, bot.Connect = 1, 0, 0, borrower.ByRegion{Urban: 1, Suburban: 1, Remote: 1}
		s.Channels[loan.Bot].Diagnoses = 1e-9 // a conversation
		c := copies(t, s, 1, late(start))
		seen := 0
		o, _ := walk(t, c, 0, func(w *sim.Walker) {
			v := w.View(0)
			if v.Demanded == loan.Never || w.Today() < 95 {
				return
			}
			dpd := w.Today() - 1 - int(v.Demanded)
			want := intensity * math.Pow(1-wear, float64(start/loan.MonthDays+dpd/loan.MonthDays))
			if got := float64(v.Will); !(math.Abs(got-want) <= 1e-4*want) {
				t.Fatalf("recall %d: %d days past due again: intensity %g, want %g", recall, dpd, got, want)
			}
			seen++
		})
		attempts := 0
		for _, e := range o.Events {
			if e.Kind == outcome.EventContact {
				attempts++
			}
		}
		if seen < 200 || attempts != 5 {
			t.Errorf("recall %d: late again on %d days, %d attempts", recall, seen, attempts)
		}
	}
}
