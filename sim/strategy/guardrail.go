package strategy

import (
	"fmt"
	"strings"

	"collectsim/sim/loan"
)

// Rule names a guardrail that held an action back.
type Rule uint8

// The rules.
const (
	Allowed Rule = iota
	RuleCallsPerDay
	RuleCallsPer7
	RuleSilenceAfterTalk
	RuleMessagesPer7
	RuleNotice
	RuleCrew
	RuleTone
	RuleMessage
	RuleHours
	RuleWeekday
	RuleTalksPerDay
	RuleContactsPer7
	RuleVisitGap
	RuleProtected
	RuleStopRequest
	RuleBudget
	RuleSilence
	NumRules
)

var ruleNames = [NumRules]string{
	"allowed", "calls-per-day", "calls-per-7-days", "silence-after-conversation", "messages-per-7-days",
	"visit-notice", "visit-crew", "tone", "message", "hours", "weekday", "conversations-per-day", "contacts-per-7-days",
	"visit-gap", "protected-borrower", "stop-request", "budget", "complaint-silence",
}

func (r Rule) String() string { return ruleNames[r] }

// Guardrails are limits on contact. A zero limit is no limit.
type Guardrails struct {
	Name             string  `yaml:"name,omitempty" doc:"name of the rule set"`
	Source           string  `yaml:"source,omitempty" doc:"text and date that the limits come from"`
	CallsPerDay      int     `yaml:"calls_per_day,omitempty" check:">=0" doc:"most dials to a borrower a day"`
	CallsPer7        int     `yaml:"calls_per_7_days,omitempty" check:">=0" doc:"most dials to a borrower in 7 days"`
	SilenceAfterTalk int     `yaml:"silence_after_conversation,omitempty" check:">=0" doc:"days without a call from a conversation on, its day included"`
	MessagesPer7     int     `yaml:"messages_per_7_days,omitempty" check:">=0" doc:"most messages and letters in 7 days"`
	VisitNotice      int     `yaml:"visit_notice_days,omitempty" check:">=0" doc:"least days between notice and visit"`
	VisitCrew        float64 `yaml:"visit_crew,omitempty" check:">=0" doc:"least number of officers on a visit"`
	NoHarsh          bool    `yaml:"no_harsh_tone,omitempty" doc:"forbids the harsh tone"`
	NoThreat         bool    `yaml:"no_threat,omitempty" doc:"forbids threats"`
	From             int     `yaml:"contact_from,omitempty" check:"[0,24]" doc:"hour from which contact is allowed"`
	To               int     `yaml:"contact_to,omitempty" check:"[0,24]" doc:"hour until which contact is allowed; 0: midnight"`
	Weekdays         bool    `yaml:"weekdays_only,omitempty" doc:"forbids calls and visits on Saturdays and Sundays"`
	TalksPerDay      int     `yaml:"conversations_per_day,omitempty" check:">=0" doc:"most conversations with a borrower a day"`
	ContactsPer7     int     `yaml:"contacts_per_7_days,omitempty" check:">=0" doc:"most dials and messages together in 7 days"`
	VisitGap         int     `yaml:"visit_gap_days,omitempty" check:">=0" doc:"least days between two visits"`
	Protect          bool    `yaml:"protect,omitempty" doc:"vulnerable borrowers are not visited and are contacted in a friendly tone only"`
	HonourStop       bool    `yaml:"honour_stop,omitempty" doc:"who asked for contact to stop gets letters and legal steps only"`
	NoThirdParty     bool    `yaml:"no_third_party,omitempty" doc:"forbids contact with third parties; always holds, since the model has none"`
	ComplaintSilence int     `yaml:"complaint_silence,omitempty" check:">=0" doc:"days without contact after a complaint"`
}

// Permit returns Allowed, or the first rule that forbids the action for the account as observed.
func (g *Guardrails) Permit(o *Observed, a *Action, teams *Teams) Rule {
	if rule := g.permitAny(o, a); rule != Allowed {
		return rule
	}
	switch {
	case g.NoHarsh && a.Tone == loan.Harsh:
		return RuleTone
	case g.NoThreat && a.Message == loan.Threat:
		return RuleMessage
	}
	switch c := a.Channel.Kind(); {
	case c.Counts == loan.AsCall && !c.Exempt:
		return g.permitCall(o)
	case c.Counts == loan.AsMessage && !c.Exempt:
		if g.MessagesPer7 > 0 && int(o.Messages7) >= g.MessagesPer7 {
			return RuleMessagesPer7
		}
	case a.Channel == loan.Visit:
		if g.VisitNotice > 0 && (a.Procedure == nil || int(a.Procedure.NoticeDays) < g.VisitNotice) {
			return RuleNotice
		}
		if teams.Visit.Crew < g.VisitCrew {
			return RuleCrew
		}
		if g.VisitGap > 0 && o.SinceVisit < loan.Day(g.VisitGap) {
			return RuleVisitGap
		}
	}
	return Allowed
}

// defaultHour is the hour of contacts that state none.
const defaultHour = 11

// permitAny holds the rules that do not depend on the channel's own limits.
func (g *Guardrails) permitAny(o *Observed, a *Action) Rule {
	hour, channel := int(a.Hour), a.Channel.Kind()
	if hour == 0 {
		hour = defaultHour
	}
	switch {
	case !channel.Formal && (hour < g.From || g.To > 0 && hour >= g.To):
		return RuleHours
	case g.Weekdays && channel.Personal && o.Weekday >= 5:
		return RuleWeekday
	case g.ContactsPer7 > 0 && !channel.Formal && int(o.Calls7)+int(o.Messages7) >= g.ContactsPer7:
		return RuleContactsPer7
	case g.TalksPerDay > 0 && channel.Personal && int(o.TalksToday) >= g.TalksPerDay:
		return RuleTalksPerDay
	case g.Protect && o.Guarded && (a.Channel == loan.Visit || channel.Personal && a.Tone != loan.Friendly):
		return RuleProtected
	case g.HonourStop && o.Stopped && !channel.Formal:
		return RuleStopRequest
	}
	return Allowed
}

func (g *Guardrails) permitCall(o *Observed) Rule {
	switch {
	case g.CallsPerDay > 0 && int(o.CallsToday) >= g.CallsPerDay:
		return RuleCallsPerDay
	case g.CallsPer7 > 0 && int(o.Calls7) >= g.CallsPer7:
		return RuleCallsPer7
	case g.SilenceAfterTalk > 0 && o.SinceTalk < loan.Day(g.SilenceAfterTalk):
		return RuleSilenceAfterTalk
	}
	return Allowed
}

func parseName[T ~uint8](names []string, what string, text []byte, to *T) error {
	for i, n := range names {
		if n == string(text) {
			*to = T(i)
			return nil
		}
	}
	return fmt.Errorf("unknown %s %q, must be one of %s", what, text, strings.Join(names, ", "))
}
