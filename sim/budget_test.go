package sim_test

import (
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestTheBudgetIsKept: what the lender decides to spend, teams paid to the end included, stays within
// the budget but for the last action. Fees, complaints, incidents and what remedies give up come later
// and are no decision to act.
func TestTheBudgetIsKept(t *testing.T) {
	hit, sent := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 60, 90)
		s.Policy.Budget = pick(t, "budget", 0.05, 1, 5, 40)
		s.Teams.Call.Fixed, s.Teams.Visit.Fixed = pick(t, "call fixed", 0.0, 2, 50), pick(t, "visit fixed", 0.0, 2, 50)
		dearest := 0.0 // one action: its price, the longest talk or tour of one stop, and a call as notice
		for _, c := range s.Channels {
			dearest = max(dearest, c.Unit+c.Talk*s.Teams.Call.Wage, c.Unit+c.Attempt*s.Teams.Call.Wage)
		}
		way := s.Travel.Remote.Kilometres(1)
		v := &s.Channels[loan.Visit]
		stop := v.Unit + way*s.Travel.Remote.CostPerK + s.Travel.Remote.StopMinutes(max(v.Attempt, v.Talk), 1)*s.Teams.Visit.Wage*s.Teams.Visit.Crew
		notice := s.Channels[loan.Call].Unit + s.Channels[loan.Call].Talk*s.Teams.Visit.Wage
		budget := s.Policy.Budget * 60
		for _, o := range run(t, config(t, s))[0].Strategies {
			spent := 0.0
			for _, m := range []string{"cost_contact", "cost_wages", "cost_travel", "cost_legal", "cost_fixed"} {
				spent += 60 * value(t, &o, m)
			}
			if most := budget + max(dearest, stop) + notice + 0.5; spent > most { // 50 actions rounded to a cent
				t.Fatalf("%v spent of a budget of %v, with one action more at most %v", spent, budget, most)
			}
			for _, e := range o.Events {
				if e.Kind == outcome.EventSuppressed && strategy.Verdict(e.Detail) == strategy.BudgetSpent {
					hit++
				}
			}
			sent += one(spent > 0)
		}
	})
	if hit == 0 || sent == 0 {
		t.Fatalf("%d plays met their budget, %d spent anything", hit, sent)
	}
}

// TestABudgetOfLessThanACent: no budget is 0, and so small a one that it rounds to 0 cents is none to spend.
func TestABudgetOfLessThanACent(t *testing.T) {
	for budget, want := range map[float64]bool{0: true, 1e-5: false} {
		s := small(60, 40, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: 1}, {Channel: loan.Call, FirstDay: 2}}})
		s.Policy.Budget = budget
		if spent := value(t, &run(t, config(t, s))[0].Strategies[0], "cost"); spent > 0 != want {
			t.Errorf("budget of %v an account: %v spent", budget, spent)
		}
	}
}
