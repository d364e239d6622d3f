package strategy

import (
	"fmt"
	"reflect"
	"strconv"

	"collectsim/sim/loan"
)

// Guardrails are limits on contact. A zero limit is no limit.
//
// The fields are the registry of rules. A field whose type is a Rule is asked in its place, first the rules that
// hold for all channels; the tag event is the rule's number in events, which no other rule ever had.
type Guardrails struct {
	Name             string           `yaml:"name,omitempty" doc:"name of the rule set"`
	Source           string           `yaml:"source,omitempty" doc:"text and date that the limits come from"`
	Hours            Hours            `yaml:",inline" event:"9"`
	Weekdays         Weekdays         `yaml:"weekdays_only,omitempty" event:"10" doc:"forbids calls and visits on Saturdays and Sundays"`
	ContactsPer7     ContactsPer7     `yaml:"contacts_per_7_days,omitempty" event:"12" check:">=0" doc:"most dials and messages together in 7 days; letters and other formal steps count and are never held back"`
	TalksPerDay      TalksPerDay      `yaml:"conversations_per_day,omitempty" event:"11" check:">=0" doc:"most conversations with a borrower a day"`
	Protect          Protect          `yaml:"protect,omitempty" event:"14" doc:"vulnerable borrowers are not visited, and are spoken with in a friendly tone only; texts and letters are free"`
	HonourStop       HonourStop       `yaml:"honour_stop,omitempty" event:"15" doc:"who asked for contact to stop gets letters and legal steps only"`
	NoHarsh          NoHarsh          `yaml:"no_harsh_tone,omitempty" event:"7" doc:"forbids the harsh tone"`
	NoThreat         NoThreat         `yaml:"no_threat,omitempty" event:"8" doc:"forbids threats"`
	CallsPerDay      CallsPerDay      `yaml:"calls_per_day,omitempty" event:"1" check:">=0" doc:"most dials to a borrower a day"`
	CallsPer7        CallsPer7        `yaml:"calls_per_7_days,omitempty" event:"2" check:">=0" doc:"most dials to a borrower in 7 days"`
	SilenceAfterTalk SilenceAfterTalk `yaml:"silence_after_conversation,omitempty" event:"3" check:">=0" doc:"days without a call from a conversation on, its day included"`
	MessagesPer7     MessagesPer7     `yaml:"messages_per_7_days,omitempty" event:"4" check:">=0" doc:"most messages and letters in 7 days"`
	VisitNotice      VisitNotice      `yaml:"visit_notice_days,omitempty" event:"5" check:">=0" doc:"least days between notice and visit"`
	VisitCrew        VisitCrew        `yaml:"visit_crew,omitempty" event:"6" check:">=0" doc:"least number of officers on a visit"`
	VisitGap         VisitGap         `yaml:"visit_gap_days,omitempty" event:"13" check:">=0" doc:"least days between two visits"`
	NoThirdParty     bool             `yaml:"no_third_party,omitempty" doc:"forbids contact with third parties; always holds, since the model has none"`
	ComplaintSilence int              `yaml:"complaint_silence,omitempty" check:">=0" doc:"days without contact after a complaint"`
}

// Rule is a limit on contact. Its type is that of its setting.
type Rule interface {
	// Name is how lists call the rule where it held an action back.
	Name() string
	// Forbids reports whether the rule, in force, forbids the action for the account as observed.
	Forbids(o *Observed, a *Action, teams *Teams) bool
}

// Verdict is what guardrails say of an action: Allowed, or the number of the rule that holds it back.
type Verdict uint8

// The verdicts that are not those of a Rule: the engine finds them.
const (
	Allowed         Verdict = 0
	BudgetSpent     Verdict = 16
	AfterAComplaint Verdict = 17
)

// verdicts are the names by number.
var verdicts = func() []string {
	names := map[Verdict]string{Allowed: "allowed", BudgetSpent: "budget", AfterAComplaint: "complaint-silence"}
	var none Guardrails
	for _, r := range none.all() {
		if other := names[r.number]; other != "" {
			panic(fmt.Sprintf("strategy: rules %s and %s have one number, %d", other, r.Name(), r.number))
		}
		names[r.number] = r.Name()
	}
	list := make([]string, len(names))
	for v, n := range names {
		list[v] = n // the numbers have no gap
	}
	return list
}()

// NumVerdicts is the number of verdicts.
func NumVerdicts() Verdict { return Verdict(len(verdicts)) }

func (v Verdict) String() string { return verdicts[v] }

// numbered is a rule with its number in events.
type numbered struct {
	Rule
	number  Verdict
	inForce bool
}

// all lists the rules in the order of their fields.
func (g *Guardrails) all() (list []numbered) {
	v := reflect.ValueOf(g).Elem()
	for i := range v.NumField() {
		if rule, ok := v.Field(i).Interface().(Rule); ok {
			n, err := strconv.ParseUint(v.Type().Field(i).Tag.Get("event"), 10, 8)
			if err != nil {
				panic(fmt.Sprintf("strategy: rule %s has no number in its tag: %v", rule.Name(), err))
			}
			list = append(list, numbered{rule, Verdict(n), !v.Field(i).IsZero()})
		}
	}
	return list
}

// Rules are the rules in force, in the order in which they are asked.
type Rules []numbered

// Rules returns the rules that limit anything. Later changes of g do not change them.
func (g *Guardrails) Rules() Rules {
	var rules Rules
	for _, r := range g.all() {
		if r.inForce {
			rules = append(rules, r)
		}
	}
	return rules
}

// Never names the first rule in force that forbids a stage whatever the account and the day, or is empty. Hours are not
// looked at where the stage's team works shifts, which have hours of their own.
func (g *Guardrails) Never(st *Stage, teams *Teams) string {
	a := &Action{Channel: st.Channel, Tone: st.Tone, Message: st.Message, Hour: uint8(st.Hour), Procedure: &Procedure{NoticeDays: loan.Day(st.NoticeDays)}}
	team := teams.Of(st.Channel)
	for _, r := range g.all() {
		switch r.Rule.(type) {
		case Hours:
			if team != nil && len(team.Shifts) > 0 {
				continue
			}
		case NoHarsh, NoThreat, VisitNotice, VisitCrew: // of the action alone
		default:
			continue
		}
		if r.inForce && r.Forbids(nil, a, teams) {
			return r.Name()
		}
	}
	return ""
}

// Permit returns Allowed, or the number of the first rule that forbids the action for the account as observed.
func (rules Rules) Permit(o *Observed, a *Action, teams *Teams) Verdict {
	for i := range rules {
		if rules[i].Forbids(o, a, teams) {
			return rules[i].number
		}
	}
	return Allowed
}
