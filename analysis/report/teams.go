package report

import (
	"fmt"

	"collectsim/sim/outcome"
)

// fullTeam is a team whose capacity was short: from a day to the end somebody always waited.
type fullTeam struct {
	team    string
	from    int     // day
	waiting float64 // accounts on the last day, mean over replications
}

// fullDays is how long somebody must wait at the end of a run before a team counts as full.
const fullDays = 14

// fullTeams finds the teams whose capacity was short under a strategy.
func (r *Run) fullTeams(name string) []fullTeam {
	daily, err := outcome.Open(r.Dir, "daily")
	if err != nil {
		return nil
	}
	var list []fullTeam
	for _, team := range teams {
		queue := column(daily, name, "queue_"+team)
		from := len(queue)
		for from > 0 && queue[from-1] >= 1 {
			from--
		}
		if len(queue)-from >= fullDays {
			list = append(list, fullTeam{team, from, queue[len(queue)-1]})
		}
	}
	return list
}

// saturation is the same in words.
func (r *Run) saturation(name string) []string {
	var warnings []string
	for _, f := range r.fullTeams(name) {
		warnings = append(warnings, fmt.Sprintf("%s capacity is full from day %d to the end: %.0f accounts wait on the last day, and more agents would change the result", f.team, f.from, f.waiting))
	}
	return warnings
}

// idleTeam is a team that stands ready for a portfolio too small for it, and whose standing ready weighs.
type idleTeam struct {
	team        string
	use         float64 // share of its minutes that it works
	cost, fixed float64 // of the strategy: all, and fixed cost of teams, currency per account
}

// A team is idle that works less than idleUse of its minutes, and weighs where fixed cost is idleCost of all or more. Both:
// assumption, of a warning and no result.
const (
	idleUse  = 0.25
	idleCost = 0.2
)

// idleTeams finds the teams that are too large for the portfolio under a strategy.
func (r *Run) idleTeams(name string) []idleTeam {
	mean := func(metric string) float64 {
		return r.Estimate(name, &outcome.Metrics()[outcome.MetricIndex(metric)]).Value
	}
	fixed, cost := mean("cost_fixed"), mean("cost")
	if !(fixed > 0 && fixed >= idleCost*cost) {
		return nil
	}
	var list []idleTeam
	for _, team := range teams {
		if use := mean("utilisation_" + team); use < idleUse { // not of one that is never asked for
			list = append(list, idleTeam{team, use, cost, fixed})
		}
	}
	return list
}

// staffing says in words which teams are too few for a strategy, and which too many.
func (r *Run) staffing(name string) []string {
	warnings := r.saturation(name)
	for _, i := range r.idleTeams(name) {
		warnings = append(warnings, fmt.Sprintf("the %s team works %.0f%% of its minutes, and of its %s %s cost per account %s are fixed cost of teams: teams.%s.agents should fit the portfolio",
			i.team, 100*i.use, fourDigits(i.cost), r.Manifest.Currency, fourDigits(i.fixed), i.team))
	}
	return warnings
}
