package sim_test

import (
	"slices"
	"testing"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// without drops the stages of a channel, and the notices and follow-up calls that would use it.
func without(stages []strategy.Stage, c loan.Channel) []strategy.Stage {
	kept := slices.DeleteFunc(slices.Clone(stages), func(st strategy.Stage) bool { return st.Channel == c })
	for i := range kept {
		if kept[i].NoticeChannel == c {
			kept[i].NoticeChannel = loan.SMS
		}
		if c == loan.Call {
			kept[i].FollowUpDays = 0
		}
	}
	return kept
}

// TestNoCapacityIsNoChannel: a team without agents equals the same strategy without its channel, bit
// for bit.
func TestNoCapacityIsNoChannel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		c := pick(t, "channel", loan.Call, loan.Visit)
		all := slices.Clone(s.Strategies[0].Stages)
		for i := range all {
			if all[i].NoticeChannel == loan.Call { // the officers' own work
				all[i].NoticeChannel = loan.SMS
			}
		}
		rest := without(all, c)
		all = append(all, anyStage(t))
		extra := &all[len(all)-1]
		extra.Channel, extra.FirstDay, extra.LastDay, extra.NoticeDays, extra.NoticeChannel, extra.FollowUpDays = c, 1, 0, 0, 0, 0
		extra.Name = "extra"

		team := s.Teams.Of(c)
		team.Agents, team.Regions = 1, nil
		play(s, strategy.Plan{Stages: rest})
		with := run(t, config(t, s))[0].Strategies[0]
		if team.Agents = 0; rapid.Bool().Draw(t, "in every region") {
			team.Agents, team.Regions = 1, &strategy.Stations{}
		}
		play(s, strategy.Plan{Stages: all})
		if none := run(t, config(t, s))[0].Strategies[0]; !same(t, with, none) {
			t.Fatalf("a %s team without agents changes %s", c, difference(&with, &none))
		}
	})
}

// TestMoreEffectNeverPaysLater: two worlds that differ by one channel's effect share each borrower's
// life until his first payment, which the stronger effect can only bring forward.
func TestMoreEffectNeverPaysLater(t *testing.T) {
	earlier := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		for k := range s.Strategies {
			s.Strategies[k].Stages = alone(s.Strategies[k].Stages)
		}
		s.Policy.Budget = 0 // shared by all accounts
		for _, y := range types(s) {
			y.Capacity = max(y.Capacity, 0.5) // a decision without a cent in hand pays nothing
		}
		weak := run(t, config(t, s))[0]
		for _, c := range []*scenario.Channel{&s.Channels[loan.SMS], &s.Channels[loan.Bot], &s.Channels[loan.Agency]} {
			c.Effect += between(t, "more", 0, 0.5)
		}
		strong := run(t, config(t, s))[0]
		for k := range weak.Strategies {
			earlier += comparePayers(t, weak.Strategies[k].Events, strong.Strategies[k].Events)
		}
	})
	if earlier == 0 {
		t.Fatal("no payment came earlier: the property was tested on nothing")
	}
}

// comparePayers checks every account up to its first payment and counts those who pay earlier.
func comparePayers(t *rapid.T, weak, strong []outcome.Event) (earlier int) {
	a, b := byAccount(weak), byAccount(strong)
	for id, events := range a {
		p, q := firstPayment(events), firstPayment(b[id])
		if q > p {
			t.Fatalf("account %d pays on day %d, with more effect on day %d", id, p, q)
		}
		if q < p {
			earlier++
		}
		before := func(x outcome.Event) bool { return x.Day < min(p, q) }
		if !slices.Equal(take(events, before), take(b[id], before)) {
			t.Fatalf("account %d: events differ before the first payment", id)
		}
	}
	return earlier
}

func byAccount(events []outcome.Event) map[int64][]outcome.Event {
	m := map[int64][]outcome.Event{}
	for _, e := range events {
		m[e.Account] = append(m[e.Account], e)
	}
	return m
}

func firstPayment(events []outcome.Event) loan.Day {
	for _, e := range events {
		if e.Kind == outcome.EventPayment {
			return e.Day
		}
	}
	return loan.Never
}

func take(events []outcome.Event, keep func(outcome.Event) bool) []outcome.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e outcome.Event) bool { return !keep(e) })
}

// idle makes contacts have no effect: none on intensity, stress, trust and awareness, and no talk.
func idle(s *scenario.Scenario) {
	b := &s.Borrowers
	b.Excitation.Scale, b.Stress.ContactScale, b.Trust.Gain, b.Trust.Loss, b.Bureau.AccessLoss = 0, 0, 0, 0, 0
	for _, y := range types(s) {
		y.Memory = 1 // everybody is aware without being told
	}
	for c := range s.Channels {
		s.Channels[c].Promise, s.Channels[c].Diagnoses = 0, 0
	}
}

func types(s *scenario.Scenario) []*borrower.Type {
	c := &s.Borrowers.Causes
	return []*borrower.Type{&c.Reliable, &c.Forgetful, &c.TemporaryShock, &c.OverIndebted, &c.Unwilling}
}

// TestIdleContactsOnlyCost: contacts of no effect and no stress change costs and counts of contacts,
// and nothing else of any borrower.
func TestIdleContactsOnlyCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 150)
		idle(s)
		play(s, anyPlan(t), strategy.Plan{})
		for k := range s.Channels { // an agency's fee goes on after the horizon, and lowers what an account is worth
			s.Channels[k].Fee = 0
		}
		r := run(t, config(t, s))[0]
		for i, a := range r.Strategies[0].Accounts {
			b := r.Strategies[1].Accounts[i]
			if a.Attempts < a.RPC || a.Cost < 0 || a.Promises != 0 || a.Complaints != 0 || a.SelfCures > b.SelfCures || b.SelfCures != b.Cures {
				t.Fatalf("account %d: %+v", a.ID, a)
			}
			a.Cost, a.Attempts, a.RPC, a.Visits, a.SelfCures = 0, 0, 0, 0, b.SelfCures // a cure after a contact that reached is none by oneself
			if a != b {
				t.Fatalf("idle contacts changed\n%+v, without contact\n%+v", a, b)
			}
		}
	})
}

// TestReminderCannotMakeAble: a reminder to borrowers who know and cannot pay does nothing, however
// strong its effect; the same reminder to those who can pay brings money.
func TestReminderCannotMakeAble(t *testing.T) {
	reminders := strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: 11, Every: 3}}}
	s := plain(0.02, 90, reminders, strategy.Plan{})
	s.Channels[loan.SMS].Effect = 1
	for _, able := range []bool{false, true} {
		s.Borrowers.Causes.Reliable.Capacity = 2 * float64(one(able))
		r := run(t, copies(t, s, 2000, late(10)))[0]
		with, none := value(t, &r.Strategies[0], "recovered"), value(t, &r.Strategies[1], "recovered")
		if value(t, &r.Strategies[0], "rpc_rate") != 1 {
			t.Fatal("reminders were not read")
		}
		if !able && (with != 0 || none != 0 || value(t, &r.Strategies[0], "stress_mean") != value(t, &r.Strategies[1], "stress_mean")) {
			t.Fatalf("unable borrowers paid %v with reminders, %v without", with, none)
		}
		if able && with <= none {
			t.Fatalf("able borrowers paid %v with reminders, %v without", with, none)
		}
	}
}
