package sim

import (
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// trials are the splits among the strategies of a world. Their bounds together cut the accounts into sections,
// each of which lies in one arm of every split: so an arm's accounts can be followed under every strategy,
// those that are played alone among them. Without a split there are none.
type trials struct {
	splits []split
	bounds []float32 // upper bounds of the sections but the last, ascending
}

// split is one strategy that splits the portfolio.
type split struct {
	name string
	arms []string
	upto []float32
}

// sortTrials lists the splits of the world and returns the number of sections.
func (e *engine) sortTrials() int {
	e.trials = trials{}
	for _, s := range e.world.Strategies {
		if arms, upto := strategy.Arms(s); arms != nil {
			e.splits = append(e.splits, split{s.Name(), arms, upto})
			e.bounds = append(e.bounds, upto[:len(upto)-1]...)
		}
	}
	if e.splits == nil {
		return 0
	}
	slices.Sort(e.bounds)
	e.bounds = slices.Compact(e.bounds)
	return len(e.bounds) + 1
}

// section is where an account lies among the bounds.
func (e *engine) section(i int32) int {
	if e.splits == nil {
		return 0
	}
	k, u := 0, e.states[i].arm
	for k < len(e.bounds) && u >= e.bounds[k] {
		k++
	}
	return k
}

// armOf is the arm of an account under the strategy that is played; empty if that one splits nothing.
func (e *engine) armOf(i int32) string {
	for k := range e.splits {
		if s := &e.splits[k]; s.name == e.strategy.Name() {
			return s.arms[strategy.ArmAt(s.upto, e.states[i].arm)]
		}
	}
	return ""
}

// byArms adds the sections up to the arms of every split, under the dimension arm:NAME.
func (e *engine) byArms(ref []outcome.Totals) (groups []outcome.Group) {
	first := e.first[byArm]
	for _, s := range e.splits {
		sums, calm := make([]outcome.Totals, len(s.arms)), make([]outcome.Totals, len(s.arms))
		for k := range len(e.bounds) + 1 {
			low := float32(0)
			if k > 0 {
				low = e.bounds[k-1]
			}
			arm := strategy.ArmAt(s.upto, low)
			sums[arm].Add(&e.totals[first+k])
			calm[arm].Add(&ref[first+k])
		}
		for arm := range sums {
			if t := &sums[arm]; t.Accounts > 0 {
				groups = append(groups, outcome.Group{Dimension: "arm:" + s.name, Name: s.arms[arm], Accounts: t.Accounts, Values: t.Values(&calm[arm])})
			}
		}
	}
	return groups
}

// fixedByUse is the share of the teams' fixed cost that falls on accounts by what the teams did for them, since
// an arm that visits nobody does not pay for officers: the visits, and the wages for calls. What a team did for
// nobody is shared by days.
func fixedByUse(t, whole *outcome.Totals, call, visit loan.Cents) loan.Cents {
	share := func(part, all float64) float64 {
		if all > 0 {
			return part / all
		}
		return float64(t.Days) / float64(whole.Days)
	}
	calls := func(t *outcome.Totals) float64 {
		return float64(t.Cost[outcome.CostWages] + t.Cost[outcome.CostTravel] - t.VisitCost)
	}
	return call.Share(share(calls(t), calls(whole))) + visit.Share(share(float64(t.Visits), float64(whole.Visits)))
}
