package sim

import (
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// permitted asks the guardrails; e.seen must show the account. A suppressed action is counted, and
// the strategy is asked again tomorrow.
func (e *engine) permitted(i int32, a *strategy.Action) bool {
	rule := e.rules.Permit(&e.seen, a, &e.world.Teams)
	switch {
	case e.seen.Silenced:
		rule = strategy.AfterAComplaint
	case rule == strategy.Allowed && e.spent():
		rule = strategy.BudgetSpent
	}
	if rule == strategy.Allowed {
		return true
	}
	e.suppress(i, a, rule)
	return false
}

func (e *engine) suppress(i int32, a *strategy.Action, rule strategy.Verdict) {
	e.sums(i).Suppressed++
	e.held[a.Channel][rule]++
	e.log(i, outcome.EventSuppressed, a.Channel, 0, int32(rule))
}

// spent reports whether the budget is used up. A team that was called in is paid to the end of the run.
func (e *engine) spent() bool {
	return e.capped() && e.bound() >= e.budget()
}

// capped reports whether there is a budget, be it less than a cent.
func (e *engine) capped() bool { return e.world.Policy.Budget > 0 }

func (e *engine) budget() loan.Cents {
	return loan.FromUnits(e.world.Policy.Budget * float64(e.book.accounts))
}

// bound is what has been spent, with the teams' fixed cost of the whole run.
func (e *engine) bound() loan.Cents {
	return e.book.cost + e.fixedCost(&e.call, e.horizon) + e.fixedCost(&e.visit, e.horizon)
}

// affords reports whether there are agents who serve the account's region, and whether the budget allows to
// call them in: not if their fixed cost would use it up. Then the action is suppressed. Agents that are none
// do not exist: nothing waits for them.
func (e *engine) affords(i int32, t *team, a *strategy.Action) bool {
	d := t.desk(e.states[i].region)
	if d.agents <= 0 {
		return false
	}
	if d.wanted || !e.capped() {
		return true
	}
	d.want(e.today)
	d.wanted = e.bound() < e.budget()
	if !d.wanted {
		e.suppress(i, a, strategy.BudgetSpent)
	}
	return d.wanted
}
