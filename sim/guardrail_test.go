package sim_test

import (
	"fmt"
	"testing"

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
}

// oneManner gives all stages of a channel the manner of its first one.
func oneManner(stages []strategy.Stage) map[loan.Channel]manner {
	m := map[loan.Channel]manner{}
	for i := range stages {
		st := &stages[i]
		if have, ok := m[st.Channel]; ok {
			st.Tone, st.Message = have.tone, have.message
		}
		m[st.Channel] = manner{st.Tone, st.Message}
	}
	for i := range stages {
		if m[loan.Call] != (manner{}) {
			stages[i].FollowUpDays = 0 // a friendly call of a manner of its own
		}
	}
	return m
}

// replay holds one account's events against a rule set and returns the first break.
func replay(s *scenario.Scenario, m map[loan.Channel]manner, events []outcome.Event) error {
	g := &s.Guardrails
	var calls, messages []loan.Day
	talked, silent := -loan.Never, -loan.Never
	announced := map[loan.Day]loan.Day{} // day of the visit: day of its notice
	notice := false
	for k, e := range events {
		switch e.Kind {
		case outcome.EventNotice:
			announced[loan.Day(e.Detail)] = e.Day
			notice = true
			continue
		case outcome.EventComplaint:
			silent = e.Day + loan.Day(g.ComplaintSilence)
		case outcome.EventContact:
			how := m[e.Channel]
			if notice {
				how = m[loan.Visit]
			}
			if err := checkManner(g, how); err != nil {
				return fmt.Errorf("event %d %+v: %w", k, e, err)
			}
			if e.Day <= silent {
				return fmt.Errorf("event %d %+v: contact in complaint silence", k, e)
			}
			switch e.Channel {
			case loan.Call, loan.Bot:
				calls = append(calls, e.Day)
				if g.CallsPerDay > 0 && within(calls, e.Day, 1) > g.CallsPerDay || g.CallsPer7 > 0 && within(calls, e.Day, 7) > g.CallsPer7 {
					return fmt.Errorf("event %d %+v: too many calls: %v", k, e, calls)
				}
				if g.SilenceAfterTalk > 0 && e.Day-talked < loan.Day(g.SilenceAfterTalk) {
					return fmt.Errorf("event %d %+v: call %d days after a conversation", k, e, e.Day-talked)
				}
			case loan.SMS, loan.App, loan.Email, loan.Letter:
				messages = append(messages, e.Day)
				if g.MessagesPer7 > 0 && within(messages, e.Day, 7) > g.MessagesPer7 {
					return fmt.Errorf("event %d %+v: too many messages: %v", k, e, messages)
				}
			case loan.Visit:
				on, ok := announced[e.Day]
				if g.VisitNotice > 0 && (!ok || e.Day-on < loan.Day(g.VisitNotice)) || s.Teams.Visit.Crew < g.VisitCrew {
					return fmt.Errorf("event %d %+v: visit without notice or crew", k, e)
				}
			}
			if r := response(s, e.Channel); e.Detail == 2 && (r.Promise > 0 || r.Diagnoses > 0) {
				talked = e.Day
			}
		}
		notice = false
	}
	return nil
}

func checkManner(g *strategy.Guardrails, how manner) error {
	switch {
	case g.NoHarsh && how.tone == loan.Harsh:
		return fmt.Errorf("harsh tone")
	case g.NoThreat && how.message == loan.Threat:
		return fmt.Errorf("threat")
	}
	return nil
}

// within counts the days of the list in the window of n days that ends on a day.
func within(days []loan.Day, end loan.Day, n int) (count int) {
	for _, d := range days {
		count += one(d > end-loan.Day(n) && d <= end)
	}
	return count
}

func response(s *scenario.Scenario, c loan.Channel) *scenario.Channel {
	return map[loan.Channel]*scenario.Channel{
		loan.SMS: &s.Channels.SMS, loan.App: &s.Channels.App, loan.Letter: &s.Channels.Letter, loan.Email: &s.Channels.Email,
		loan.Bot: &s.Channels.Bot, loan.Call: &s.Channels.Call, loan.Visit: &s.Channels.Visit, loan.Agency: &s.Channels.Agency,
		loan.LegalLetter: &s.Channels.LegalLetter, loan.Lawsuit: &s.Channels.Lawsuit, loan.Bureau: &s.Channels.Bureau,
	}[c]
}

// TestNoContactBreaksTheRules replays the events of random plans under random rule sets: whatever the
// strategy wants, no contact breaks a rule. The same events break some rule where none was in force.
func TestNoContactBreaksTheRules(t *testing.T) {
	free := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		p := s.Strategies[0].Plan
		for i := range p.Stages {
			p.Stages[i].FirstDay = max(p.Stages[i].FirstDay, 1)
		}
		how := oneManner(p.Stages)
		play(s, p)
		rules := anyRules(t)
		for _, inForce := range []bool{true, false} {
			s.Guardrails = strategy.Guardrails{}
			if inForce {
				s.Guardrails = rules
			}
			o := run(t, config(t, s))[0].Strategies[0]
			s.Guardrails = rules
			for id, events := range byAccount(o.Events) {
				err := replay(s, how, events)
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
