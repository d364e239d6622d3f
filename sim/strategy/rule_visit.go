package strategy

import "collectsim/sim/loan"

// VisitNotice is the least days between notice and visit.
type VisitNotice int

// Name of the rule.
func (VisitNotice) Name() string { return "visit-notice" }

// Forbids visits at shorter notice, or without a procedure.
func (n VisitNotice) Forbids(_ *Observed, a *Action, _ *Teams) bool {
	return a.Channel == loan.Visit && (a.Procedure == nil || int(a.Procedure.NoticeDays) < int(n))
}

// VisitCrew is the least number of officers on a visit.
type VisitCrew float64

// Name of the rule.
func (VisitCrew) Name() string { return "visit-crew" }

// Forbids visits by fewer.
func (n VisitCrew) Forbids(_ *Observed, a *Action, teams *Teams) bool {
	return a.Channel == loan.Visit && teams.Visit.Crew < float64(n)
}

// VisitGap is the least days between two visits.
type VisitGap int

// Name of the rule.
func (VisitGap) Name() string { return "visit-gap" }

// Forbids visits too soon after the last one.
func (n VisitGap) Forbids(o *Observed, a *Action, _ *Teams) bool {
	return a.Channel == loan.Visit && o.SinceVisit < loan.Day(n)
}
