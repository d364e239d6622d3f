package sim_test

import (
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// TestTermsBeyondEveryRun: a term that ends after the run is the same however long it is. From 32,767 days on, which
// stand for never, grace had demanded the instalments, and an open promise had stopped nothing.
func TestTermsBeyondEveryRun(t *testing.T) {
	for name, set := range map[string]func(s *scenario.Scenario, days int){
		"grace":      func(s *scenario.Scenario, days int) { s.Remedies.Grace.Days = days },
		"settlement": func(s *scenario.Scenario, days int) { s.Remedies.Settlement.Days = days },
		"promise":    func(s *scenario.Scenario, days int) { s.Remedies.Promise.Days = days },
		"none":       func(s *scenario.Scenario, days int) { s.Guardrails.ComplaintSilence = days },
		"waiver":     func(s *scenario.Scenario, days int) { s.Borrowers.Bureau.AccessDays = days },
	} {
		var remedy loan.Remedy
		if err := remedy.UnmarshalText([]byte(name)); err != nil {
			t.Fatal(err)
		}
		play := func(days int) *outcome.StrategyOutcome {
			s := small(200, 120, strategy.Plan{Stages: []strategy.Stage{
				{Channel: loan.Bureau, FirstDay: 1},
				{Channel: loan.Bot, FirstDay: 1, Every: 3, Tone: loan.Harsh, Remedies: strategy.Remedies{Unknown: remedy, Reliable: remedy, Forgetful: remedy, TemporaryShock: remedy, OverIndebted: remedy, Unwilling: remedy}},
			}})
			s.Portfolio.Start.Current = 0
			s.Borrowers.Stress.Complaint, s.Borrowers.Bureau.AccessLoss = 1, 0.9
			s.Borrowers.Payment.PromisePart = 0 // drawn by the day on which the promise falls due
			set(s, days)
			return &run(t, config(t, s))[0].Strategies[0]
		}
		far := play(30_000)
		for _, days := range []int{40_000, 1e9} {
			o := play(days)
			if a, b := withoutDueDays(far.Events), withoutDueDays(o.Events); !slices.Equal(a, b) {
				t.Errorf("%s: %d days are not as 30,000: %d and %d events", name, days, len(b), len(a))
			}
		}
		if len(far.Events) < 500 {
			t.Errorf("%s: only %d events", name, len(far.Events))
		}
	}
}

// withoutDueDays leaves out of the events when promises fall due.
func withoutDueDays(events []outcome.Event) []outcome.Event {
	events = slices.Clone(events)
	for k := range events {
		if events[k].Kind == outcome.EventPromise {
			events[k].Detail = 0
		}
	}
	return events
}
