package strategy_test

import (
	"math"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"
)

// TestEveryRule holds each rule at its limit: allowed just below, forbidden on it, by name.
func TestEveryRule(t *testing.T) {
	teams := &strategy.Teams{Visit: strategy.Team{Crew: 2}}
	visit := func(notice loan.Day) strategy.Action {
		return strategy.Action{Channel: loan.Visit, Procedure: &strategy.Procedure{NoticeDays: notice}}
	}
	act := func(c loan.Channel) strategy.Action { return strategy.Action{Channel: c} }
	fresh := func(change func(o *strategy.Observed)) *strategy.Observed {
		o := observed(30)
		if change != nil {
			change(o)
		}
		return o
	}
	for _, x := range []struct {
		rule   string
		rules  strategy.Guardrails
		seen   *strategy.Observed
		action strategy.Action
	}{
		{"allowed", strategy.Guardrails{}, fresh(nil), strategy.Action{Channel: loan.Call, Tone: loan.Harsh, Message: loan.Threat, Hour: 3}},
		{"allowed", strategy.Guardrails{CallsPerDay: 2}, fresh(func(o *strategy.Observed) { o.CallsToday = 1 }), act(loan.Call)},
		{"calls-per-day", strategy.Guardrails{CallsPerDay: 2}, fresh(func(o *strategy.Observed) { o.CallsToday = 2 }), act(loan.Bot)},
		{"calls-per-day", strategy.Guardrails{CallsPerDay: 2}, fresh(func(o *strategy.Observed) { o.CallsToday = 2 }), act(loan.Agency)},
		{"allowed", strategy.Guardrails{CallsPerDay: 2}, fresh(func(o *strategy.Observed) { o.CallsToday = 2 }), act(loan.SMS)},
		{"allowed", strategy.Guardrails{CallsPer7: 7}, fresh(func(o *strategy.Observed) { o.Calls7 = 6 }), act(loan.Call)},
		{"calls-per-7-days", strategy.Guardrails{CallsPer7: 7}, fresh(func(o *strategy.Observed) { o.Calls7 = 7 }), act(loan.Call)},
		{"silence-after-conversation", strategy.Guardrails{SilenceAfterTalk: 7}, fresh(func(o *strategy.Observed) { o.SinceTalk = 6 }), act(loan.Call)},
		{"allowed", strategy.Guardrails{SilenceAfterTalk: 7}, fresh(func(o *strategy.Observed) { o.SinceTalk = 7 }), act(loan.Call)},
		{"messages-per-7-days", strategy.Guardrails{MessagesPer7: 3}, fresh(func(o *strategy.Observed) { o.Messages7 = 3 }), act(loan.Email)},
		{"allowed", strategy.Guardrails{MessagesPer7: 3}, fresh(func(o *strategy.Observed) { o.Messages7 = 2 }), act(loan.Letter)},
		{"visit-notice", strategy.Guardrails{VisitNotice: 3}, fresh(nil), visit(2)},
		{"visit-notice", strategy.Guardrails{VisitNotice: 3}, fresh(nil), act(loan.Visit)},
		{"allowed", strategy.Guardrails{VisitNotice: 3}, fresh(nil), visit(3)},
		{"visit-crew", strategy.Guardrails{VisitCrew: 3}, fresh(nil), visit(0)},
		{"allowed", strategy.Guardrails{VisitCrew: 2}, fresh(nil), visit(0)},
		{"visit-gap", strategy.Guardrails{VisitGap: 30}, fresh(func(o *strategy.Observed) { o.SinceVisit = 29 }), visit(0)},
		{"allowed", strategy.Guardrails{VisitGap: 30}, fresh(func(o *strategy.Observed) { o.SinceVisit = 30 }), visit(0)},
		{"tone", strategy.Guardrails{NoHarsh: true}, fresh(nil), strategy.Action{Channel: loan.Letter, Tone: loan.Harsh}},
		{"message", strategy.Guardrails{NoThreat: true}, fresh(nil), strategy.Action{Channel: loan.SMS, Message: loan.Threat}},
		{"hours", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, fresh(nil), strategy.Action{Channel: loan.SMS, Hour: 7}},
		{"allowed", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, fresh(nil), strategy.Action{Channel: loan.SMS, Hour: 8}},
		{"allowed", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, fresh(nil), strategy.Action{Channel: loan.SMS, Hour: 19}},
		{"hours", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, fresh(nil), strategy.Action{Channel: loan.SMS, Hour: 20}},
		{"allowed", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, fresh(nil), strategy.Action{Channel: loan.Letter, Hour: 20}},
		{"weekday", strategy.Guardrails{Weekdays: true}, fresh(func(o *strategy.Observed) { o.Weekday = 5 }), act(loan.Call)},
		{"allowed", strategy.Guardrails{Weekdays: true}, fresh(func(o *strategy.Observed) { o.Weekday = 5 }), act(loan.SMS)},
		{"allowed", strategy.Guardrails{Weekdays: true}, fresh(func(o *strategy.Observed) { o.Weekday = 4 }), visit(0)},
		{"conversations-per-day", strategy.Guardrails{TalksPerDay: 1}, fresh(func(o *strategy.Observed) { o.TalksToday = 1 }), act(loan.Call)},
		{"contacts-per-7-days", strategy.Guardrails{ContactsPer7: 5}, fresh(func(o *strategy.Observed) { o.Calls7, o.Messages7 = 2, 3 }), act(loan.SMS)},
		{"allowed", strategy.Guardrails{ContactsPer7: 5}, fresh(func(o *strategy.Observed) { o.Calls7, o.Messages7 = 2, 2 }), act(loan.SMS)},
		{"protected-borrower", strategy.Guardrails{Protect: true}, fresh(func(o *strategy.Observed) { o.Guarded = true }), visit(0)},
		{"protected-borrower", strategy.Guardrails{Protect: true}, fresh(func(o *strategy.Observed) { o.Guarded = true }), act(loan.Call)},
		{"allowed", strategy.Guardrails{Protect: true}, fresh(func(o *strategy.Observed) { o.Guarded = true }), strategy.Action{Channel: loan.Call, Tone: loan.Friendly}},
		{"allowed", strategy.Guardrails{Protect: true}, fresh(nil), act(loan.Call)},
		{"stop-request", strategy.Guardrails{HonourStop: true}, fresh(func(o *strategy.Observed) { o.Stopped = true }), act(loan.SMS)},
		{"allowed", strategy.Guardrails{HonourStop: true}, fresh(func(o *strategy.Observed) { o.Stopped = true }), act(loan.Lawsuit)},
	} {
		if got := x.rules.Rules().Permit(x.seen, &x.action, teams).String(); got != x.rule {
			t.Errorf("%+v, action %+v: %s, want %s", x.rules, x.action, got, x.rule)
		}
	}
}

// TestRulesInForce: a rule without a limit is not asked at all; of two that forbid, the first field names it; a
// set of rules stays what it was when it was made.
func TestRulesInForce(t *testing.T) {
	none := strategy.Guardrails{Name: "none", Source: "a text", NoThirdParty: true, ComplaintSilence: 30}
	if rules := none.Rules(); len(rules) != 0 {
		t.Errorf("%d rules of a set without limits", len(rules))
	}
	g := strategy.Guardrails{CallsPer7: 1, CallsPerDay: 1, Weekdays: true}
	rules := g.Rules()
	g.CallsPer7, g.Weekdays = 0, false
	o := observed(30)
	o.Calls7 = 1
	for _, x := range []struct {
		change func()
		want   string
	}{
		{func() {}, "calls-per-7-days"},
		{func() { o.CallsToday = 1 }, "calls-per-day"},
		{func() { o.Weekday = 6 }, "weekday"},
	} {
		x.change()
		if got := rules.Permit(o, &strategy.Action{Channel: loan.Call}, &strategy.Teams{}).String(); got != x.want {
			t.Errorf("held back by %s, want %s", got, x.want)
		}
	}
}

// TestVerdictsKeepTheirNumbers: events tell rules by number, so a rule keeps the one that it has.
func TestVerdictsKeepTheirNumbers(t *testing.T) {
	for v, name := range []string{
		"allowed", "calls-per-day", "calls-per-7-days", "silence-after-conversation", "messages-per-7-days",
		"visit-notice", "visit-crew", "tone", "message", "hours", "weekday", "conversations-per-day", "contacts-per-7-days",
		"visit-gap", "protected-borrower", "stop-request", "budget", "complaint-silence",
	} {
		if got := strategy.Verdict(v).String(); got != name {
			t.Errorf("verdict %d is %s, was %s", v, got, name)
		}
	}
}

// TestRanksByHand works the keys of the worklist rules by hand.
func TestRanksByHand(t *testing.T) {
	o := observed(45)
	o.Dice = 0.3
	for p, want := range map[strategy.Priority]float64{
		strategy.ByDPD: 45, strategy.ByOwed: 50_000, strategy.ByScore: 0.6, strategy.ByRandom: 0.3,
		strategy.ByRecovery: 50_000 * 0.4 / 8, strategy.ByUplift: 50_000 * 4 * 0.4 * 0.6 / 8,
	} {
		if got := float64(p.Rank(o, 8)); !(math.Abs(got-want) <= 1e-5*want) {
			t.Errorf("%s: %v, by hand %v", p, got, want)
		}
		text, _ := p.MarshalText()
		var back strategy.Priority
		if err := back.UnmarshalText(text); err != nil || back != p {
			t.Errorf("%s reads back as %s, %v", p, back, err)
		}
	}
	var p strategy.Priority
	err := p.UnmarshalText([]byte("size"))
	if want := `unknown priority "size", must be one of dpd, owed, score, recovery-per-minute, uplift-per-minute, random`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestTravelByHand: 0.7124 * sqrt(100 / 4) = 3.562 km a stop; at 30 km/h 7.124 minutes.
func TestTravelByHand(t *testing.T) {
	tr := strategy.Travel{Area: 100, Speed: 30, CostPerK: 2}
	if got := tr.Kilometres(4); !(math.Abs(got-3.562) <= 1e-12) {
		t.Errorf("%v km a stop", got)
	}
	if got := tr.StopMinutes(10, 4); !(math.Abs(got-17.124) <= 1e-12) {
		t.Errorf("%v minutes a stop", got)
	}
	if tr.Kilometres(0.2) != tr.Kilometres(1) {
		t.Error("less than one stop")
	}
	team := strategy.Team{Agents: 5, Crew: 2, Minutes: 300}
	if got := team.Capacity(team.Agents, team.Minutes); got != 750 {
		t.Errorf("capacity %v, two and a half crews have 750 minutes", got)
	}
	if team.Works(5) || !team.Works(4) {
		t.Error("works on Saturday or not on Friday")
	}
	team.Weekends = true
	if !team.Works(6) {
		t.Error("does not work on Sunday")
	}
	teams := &strategy.Teams{Visit: strategy.Team{Agents: 1}}
	if teams.Offered(loan.Call, loan.Urban) || !teams.Offered(loan.Visit, loan.Remote) || !teams.Offered(loan.SMS, loan.Suburban) {
		t.Error("offered channels")
	}
	var regions strategy.TravelByRegion
	if regions.In(loan.Urban) != &regions.Urban || regions.In(loan.Suburban) != &regions.Suburban || regions.In(loan.Remote) != &regions.Remote {
		t.Error("geography by region")
	}
}
