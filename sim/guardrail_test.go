package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// manner is the tone and message of a channel in a plan where all its stages share them, so that the
// replay, which sees channels alone, knows them.
type manner struct {
	tone    loan.Tone
	message loan.Message
	hour    int
}

// oneManner gives all stages of a channel the manner of its first one.
func oneManner(stages []strategy.Stage) map[loan.Channel]manner {
	m := map[loan.Channel]manner{}
	for i := range stages {
		st := &stages[i]
		if have, ok := m[st.Channel]; ok {
			st.Tone, st.Message, st.Hour = have.tone, have.message, have.hour
		}
		m[st.Channel] = manner{st.Tone, st.Message, st.Hour}
	}
	for i := range stages {
		stages[i].FollowUpDays = 0 // a friendly call of a manner of its own
	}
	return m
}

// history is what a replay remembers of one account.
type history struct {
	s                              *scenario.Scenario
	how                            map[loan.Channel]manner
	guarded                        bool
	calls, messages, talks, visits []loan.Day
	talked, silent, stopped        loan.Day
	announced                      map[loan.Day]loan.Day // day of the visit: day of its notice
	notice                         bool                  // the next contact is the notice of a visit
}

// replay holds one account's events against a rule set and returns the first break.
func replay(s *scenario.Scenario, how map[loan.Channel]manner, guarded bool, events []outcome.Event) error {
	h := history{s: s, how: how, guarded: guarded, talked: -loan.Never, silent: -loan.Never, stopped: loan.Never, announced: map[loan.Day]loan.Day{}}
	for k, e := range events {
		switch e.Kind {
		case outcome.EventNotice:
			h.announced[loan.Day(e.Detail)] = e.Day
			h.notice = true
			continue
		case outcome.EventComplaint:
			h.silent = e.Day + loan.Day(s.Guardrails.ComplaintSilence)
		case outcome.EventStop:
			h.stopped = e.Day
		case outcome.EventContact:
			how := h.how[e.Channel]
			if h.notice {
				how = h.how[loan.Visit]
			}
			if err := h.check(&e, how); err != "" {
				return fmt.Errorf("event %d %+v: %s", k, e, err)
			}
			h.record(&e)
		}
		h.notice = false
	}
	return nil
}

func personal(c loan.Channel) bool {
	return c == loan.Call || c == loan.Bot || c == loan.Visit || c == loan.Agency
}

func formal(c loan.Channel) bool {
	return c == loan.Letter || c == loan.LegalLetter || c == loan.Lawsuit || c == loan.Bureau
}

// check returns the rule that a contact breaks, or nothing.
func (h *history) check(e *outcome.Event, how manner) string {
	g, c := &h.s.Guardrails, e.Channel
	hour := how.hour
	if hour == 0 {
		hour = 11
	}
	switch {
	case bool(g.NoHarsh) && how.tone == loan.Harsh:
		return "harsh tone"
	case bool(g.NoThreat) && how.message == loan.Threat:
		return "threat"
	case e.Day <= h.silent:
		return "complaint silence"
	case g.Hours.To > 0 && !formal(c) && !h.onShift(e) && (hour < g.Hours.From || hour >= g.Hours.To):
		return "hour"
	case bool(g.Weekdays) && personal(c) && (h.s.Weekday+int(e.Day))%7 >= 5:
		return "weekend"
	case g.ContactsPer7 > 0 && c != loan.Visit && !formal(c) && within(h.calls, e.Day, 7)+within(h.messages, e.Day, 7) >= int(g.ContactsPer7):
		return "contacts in 7 days"
	case bool(g.Protect) && h.guarded && (c == loan.Visit || personal(c) && how.tone != loan.Friendly):
		return "protected borrower"
	case bool(g.HonourStop) && e.Day >= h.stopped && !formal(c):
		return "stop request"
	case g.TalksPerDay > 0 && personal(c) && within(h.talks, e.Day, 1) >= int(g.TalksPerDay):
		return "conversations a day"
	}
	return h.checkChannel(e)
}

// onShift reports whether a team with shifts makes the contact, at an hour that the replay does not see:
// TestShiftsKeepTheHours does.
func (h *history) onShift(e *outcome.Event) bool {
	t := h.s.Teams.Of(e.Channel)
	return t != nil && len(t.Shifts) > 0 && !h.notice
}

func (h *history) checkChannel(e *outcome.Event) string {
	g := &h.s.Guardrails
	switch e.Channel {
	case loan.Call, loan.Bot, loan.Agency:
		switch {
		case g.CallsPerDay > 0 && within(h.calls, e.Day, 1) >= int(g.CallsPerDay):
			return "calls a day"
		case g.CallsPer7 > 0 && within(h.calls, e.Day, 7) >= int(g.CallsPer7):
			return "calls in 7 days"
		case g.SilenceAfterTalk > 0 && e.Day-h.talked < loan.Day(g.SilenceAfterTalk):
			return "silence after a conversation"
		}
	case loan.SMS, loan.App, loan.Email, loan.Letter:
		if g.MessagesPer7 > 0 && within(h.messages, e.Day, 7) >= int(g.MessagesPer7) {
			return "messages in 7 days"
		}
	case loan.Visit:
		on, ok := h.announced[e.Day]
		switch {
		case g.VisitNotice > 0 && (!ok || e.Day-on < loan.Day(g.VisitNotice)):
			return "visit notice"
		case h.s.Teams.Visit.Crew < float64(g.VisitCrew):
			return "visit crew"
		case g.VisitGap > 0 && within(h.visits, e.Day, int(g.VisitGap)) > 0:
			return "visit gap"
		}
	}
	return ""
}

// record remembers a contact that was allowed.
func (h *history) record(e *outcome.Event) {
	switch e.Channel {
	case loan.Call, loan.Bot, loan.Agency:
		h.calls = append(h.calls, e.Day)
	case loan.SMS, loan.App, loan.Email, loan.Letter:
		h.messages = append(h.messages, e.Day)
	case loan.Visit:
		h.visits = append(h.visits, e.Day)
	}
	if r := h.s.Channels[e.Channel]; e.Detail == 2 && (r.Promise > 0 || r.Diagnoses > 0) {
		h.talked = e.Day
		if personal(e.Channel) {
			h.talks = append(h.talks, e.Day)
		}
	}
}

// within counts the days of the list in the window of n days that ends on a day.
func within(days []loan.Day, end loan.Day, n int) (count int) {
	for _, d := range days {
		count += one(d > end-loan.Day(n) && d <= end)
	}
	return count
}

// place is the place of an account in the portfolio.
func place(c *sim.Config, id int64) int {
	return slices.IndexFunc(c.Portfolio.Accounts, func(a loan.Account) bool { return a.ID == id })
}

// TestNoContactBreaksTheRules replays the events of random plans under random rule sets: whatever the
// strategy wants, no contact breaks a rule. The same events break some rule where none was in force.
func TestNoContactBreaksTheRules(t *testing.T) {
	free := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		p := s.Strategies[0].Plan
		how := oneManner(p.Stages)
		play(s, p)
		rules := anyRules(t)
		for _, inForce := range []bool{true, false} {
			s.Guardrails = strategy.Guardrails{}
			if inForce {
				s.Guardrails = rules
			}
			c := config(t, s)
			o, w := walk(t, c, 0, nil)
			s.Guardrails = rules
			for id, events := range byAccount(o.Events) {
				err := replay(s, how, w.Traits(place(c, id)).Guarded, events)
				if err != nil && inForce {
					t.Fatalf("account %d under %+v: %v", id, rules, err)
				}
				free += one(err != nil)
			}
		}
	})
	if free == 0 {
		t.Fatal("without rules nothing breaks them: the replay cannot fail")
	}
}
