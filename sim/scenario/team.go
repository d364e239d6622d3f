package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
)

// Resize changes the number of accounts, and teams and the areas that they travel by the same factor, so
// that contact per account and visits per area stay as they are.
func (s *Scenario) Resize(accounts int) error {
	factor := float64(accounts) / float64(s.Accounts)
	if err := s.Set("accounts=" + strconv.Itoa(accounts)); err != nil {
		return err
	}
	s.Teams.Call.Scale(factor)
	s.Teams.Visit.Scale(factor)
	s.Travel.Urban.Area *= factor
	s.Travel.Suburban.Area *= factor
	s.Travel.Remote.Area *= factor
	return nil
}

// unserved notes where nobody can serve a stage.
func (s *Scenario) unserved(name string, st *strategy.Stage) []string {
	regions := st.When.Regions
	if len(regions) == 0 {
		regions = []loan.Region{loan.Urban, loan.Suburban, loan.Remote}
	}
	var without []string
	for _, r := range regions {
		if !s.Teams.Offered(st.Channel, r) {
			without = append(without, r.String())
		}
	}
	at := fmt.Sprintf("strategies.%s.stages.%s", name, st.Name)
	switch {
	case len(without) == 0:
		return nil
	case s.Teams.Of(st.Channel).Regions == nil || len(without) == len(regions):
		return []string{fmt.Sprintf("%s: never runs, team %s has no agents", at, st.Channel)}
	}
	return []string{fmt.Sprintf("%s: does not run in %s, where team %s has no agents", at, strings.Join(without, " and "), st.Channel)}
}

// forbidden notes a stage that the guardrails hold back whatever the account and the day.
func (s *Scenario) forbidden(name string, st *strategy.Stage) []string {
	rule := s.Guardrails.Never(st, &s.Teams)
	if rule == "" {
		return nil
	}
	return []string{fmt.Sprintf("strategies.%s.stages.%s: never runs, the guardrail %s forbids it", name, st.Name, rule)}
}

// checkTeams holds shifts against their rules.
func (s *Scenario) checkTeams() []error {
	var errs []error
	for _, err := range s.Teams.Check() {
		path, rule, _ := strings.Cut(fmt.Sprintf("teams.%v", err), ": ")
		errs = append(errs, fmt.Errorf("%s: %s", s.position(path), rule))
	}
	return errs
}

// staffing notes what a team cannot do as it is staffed.
func (s *Scenario) staffing(name string, t *strategy.Team) []string {
	var notes []string
	note := func(format string, args ...any) {
		notes = append(notes, fmt.Sprintf("teams.%s.%s", name, fmt.Sprintf(format, args...)))
	}
	if t.Regions != nil && s.states("teams."+name+".agents") {
		note("agents: is not used, regions says who is where")
	}
	if len(t.Shifts) > 0 && s.states("teams."+name+".minutes") {
		note("minutes: is not used, shifts states its own")
	}
	if t.Weekends && len(t.Shifts) == 0 && bool(s.Guardrails.Weekdays) {
		note("weekends: is of no use, the rules allow no contact on Saturdays and Sundays")
	}
	if t.Regions != nil {
		for r, agents := range t.Stationed() {
			if agents > 0 && agents < t.Crew {
				note("regions.%s: are fewer than a crew, %g of %g, and count as part of a crew", loan.Region(r), agents, t.Crew)
			}
		}
	}
	for i := range t.Shifts {
		shift := &t.Shifts[i]
		if from, to := shift.Usable(&s.Guardrails); to-from < shift.To-shift.From {
			lost := shift.Minutes * (1 - float64(max(0, to-from))/float64(shift.To-shift.From))
			note("shifts.%s: %.4g of %g minutes are lost, outside of the hours in which the rules allow contact", shift.Name, lost, shift.Minutes)
		}
		if bool(s.Guardrails.Weekdays) && (t.On(shift, 5) || t.On(shift, 6)) {
			note("shifts.%s: is lost on Saturdays and Sundays, on which the rules allow no contact", shift.Name)
		}
	}
	return notes
}

// unheeded notes the hour of a stage whose team has shifts.
func (s *Scenario) unheeded(name string, st *strategy.Stage) []string {
	if t := s.Teams.Of(st.Channel); st.Hour == 0 || t == nil || len(t.Shifts) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("strategies.%s.stages.%s.hour: is not used, team %s works shifts", name, st.Name, st.Channel)}
}

// idle notes what a stage states that its channel has no use for.
func (s *Scenario) idle(name string, st *strategy.Stage) (notes []string) {
	at := fmt.Sprintf("strategies.%s.stages.%s", name, st.Name)
	if st.FollowUpDays > 0 && st.Channel != loan.Visit {
		notes = append(notes, at+".follow_up_days: is not used, only visits are followed up")
	}
	if st.Remedies != (strategy.Remedies{}) && !s.Channels[st.Channel].Converses() {
		notes = append(notes, fmt.Sprintf("%s.remedies: are never granted, %s is no conversation", at, st.Channel))
	}
	return notes
}

// crowdedOut notes a stage of the calling agents behind one that dials every day for the same accounts: only one request
// of an account waits for a team, and the first stage's is there every morning.
func (s *Scenario) crowdedOut(name string, i int) []string {
	stages := s.Strategy(name).Stages
	st := &stages[i]
	if !st.Channel.Kind().Agents {
		return nil
	}
	for k := range stages[:i] {
		if first := &stages[k]; first.Channel.Kind().Agents && first.Daily() && first.Meets(st) {
			return []string{fmt.Sprintf("strategies.%s.stages.%s: waits behind %s, which dials every day, as agents dial a borrower at most once a day; "+
				"of automated calls (channel: bot) each stage makes its own", name, st.Name, first.Name)}
		}
	}
	return nil
}

// states reports whether the user's file or a setting gives a value.
func (s *Scenario) states(path string) bool {
	_, _, ok := overlay.Locate(s.origin.src, path)
	return ok || s.isSet(path)
}
