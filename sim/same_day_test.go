package sim_test

import (
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// talkative is a plain world without effects of contacts, in which everybody is met by bot, call and visit, and talks.
func talkative(horizon int, stages ...strategy.Stage) *scenario.Scenario {
	s := plain(0, horizon, strategy.Plan{Stages: stages})
	s.Borrowers.Excitation.Scale, s.Borrowers.Stress.Avoidance, s.Borrowers.Causes.Reliable.OnTime = 0, 0, 1
	s.Borrowers.Stress.Complaint = 0
	for _, c := range []loan.Channel{loan.Bot, loan.Call, loan.Visit} {
		r := &s.Channels[c]
		r.Deliver, r.Diagnoses, r.Promise, r.Connect = 1, 1, 0, s.Channels[loan.SMS].Connect
	}
	for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
		team.Agents, team.Weekends = 100, true
	}
	return s
}

// daysOf lists the days of one account's events of a kind, of contacts those that met him on a channel.
func daysOf(o *outcome.StrategyOutcome, kind outcome.EventKind, c loan.Channel) (days []loan.Day) {
	for _, e := range o.Events {
		if e.Kind == kind && (kind != outcome.EventContact || e.Channel == c && e.Detail == 2) {
			days = append(days, e.Day)
		}
	}
	return days
}

// TestATalkOfTheDayIsHeard: an automated call talks with the borrower in the morning, on days 0, 10 and 20. Agents who
// want five days of silence after a conversation call him between, and not on the same days: what they were to do was
// filed before the talk.
func TestATalkOfTheDayIsHeard(t *testing.T) {
	for _, c := range []loan.Channel{loan.Call, loan.Visit} {
		s := talkative(30,
			strategy.Stage{Channel: loan.Bot, FirstDay: 1, Every: 10},
			strategy.Stage{Channel: c, FirstDay: 1, Every: 1, When: strategy.Condition{MinSilent: 5}})
		o, _ := walk(t, copies(t, s, 1, late10()), 0, nil)
		bot, agents := daysOf(o, outcome.EventContact, loan.Bot), daysOf(o, outcome.EventContact, c)
		booked := agents
		if c == loan.Visit { // tomorrow at the earliest
			booked = daysOf(o, outcome.EventNotice, 0)
		}
		talks := slices.Sorted(slices.Values(slices.Concat(bot, agents)))
		for _, day := range booked {
			for _, talk := range talks {
				if talk <= day && day-talk < 5 && !(talk == day && c == loan.Call && !slices.Contains(bot, talk)) {
					t.Errorf("%s: wanted on day %d, although a conversation was on day %d", c, day, talk)
				}
			}
		}
		if len(bot) == 0 || len(agents) == 0 {
			t.Errorf("%s: automated calls on %v, agents on %v: nothing was tried", c, bot, agents)
		}
	}
}

// TestAWaiverLowersAPromise: on day 7 the borrower promises all that he owes, 200.00. The officer whose visit was
// booked before gives up the 50.00 of it that are interest on day 8. On his day he pays the 150.00 that are left, also
// where he has no cash for more.
func TestAWaiverLowersAPromise(t *testing.T) {
	for _, capacity := range []float64{1000, 0.5} { // 0.5: less than 200.00 of free cash on day 21
		s := talkative(100,
			strategy.Stage{Channel: loan.Call, FirstDay: 32, Cap: 1},
			strategy.Stage{Channel: loan.Visit, FirstDay: 31, Cap: 1, NoticeDays: 2, NoticeChannel: loan.Letter, Remedies: strategy.Remedies{Reliable: loan.Waiver}})
		r := &s.Borrowers.Causes.Reliable
		r.Keep, r.Capacity, r.Spread = 1e3, capacity, 0
		s.Channels[loan.Call].Promise, s.Channels[loan.Call].Keep = 1, 1
		s.Borrowers.Payment.PromisePart = 0
		s.Remedies.Waiver.Share, s.Remedies.Promise.Days = 1, 14
		a := late(25)
		a.APR, a.PenaltyAPR = 0.06, 0
		var promised, waived, paid loan.Cents
		o, _ := walk(t, copies(t, s, 1, a), 0, func(w *sim.Walker) {
			if v := w.View(0); w.Today() <= 22 {
				waived, paid = v.Waived, v.Paid
			}
		})
		for _, e := range o.Events {
			if e.Kind == outcome.EventPromise && promised == 0 {
				promised = e.Amount
			}
		}
		if waived == 0 || paid != promised-waived {
			t.Errorf("capacity %v: promised %s, %s of it given up, %s paid on the day", capacity, promised, waived, paid)
		}
	}
}

// TestAPlanThatIsKeptIsTracked: the visit grants a plan, whose first instalment is paid in time; the call that follows
// the visit up tracks it all the same. Of a debt that was paid nothing is tracked.
func TestAPlanThatIsKeptIsTracked(t *testing.T) {
	follow := func(remedy loan.Remedy, intensity float64) (paid, called []loan.Day) {
		s := talkative(60, strategy.Stage{
			Channel: loan.Visit, FirstDay: 20, Cap: 1, FollowUpDays: 15, NoticeDays: 1, NoticeChannel: loan.Letter,
			Remedies: strategy.Remedies{Unknown: remedy, Reliable: remedy},
		})
		s.Borrowers.Causes.Reliable.Will = intensity
		o, _ := walk(t, copies(t, s, 1, late10()), 0, nil)
		return daysOf(o, outcome.EventPayment, 0), daysOf(o, outcome.EventContact, loan.Call)
	}
	if paid, called := follow(loan.Restructure, 0); len(paid) == 0 || paid[0] != 20 || !slices.Equal(called, []loan.Day{26}) {
		t.Errorf("a plan: paid on %v, want 20 first; called on %v, want 26", paid, called)
	}
	if paid, called := follow(loan.NoRemedy, 0.05); len(paid) == 0 || paid[0] < 11 || paid[0] > 25 || len(called) > 0 {
		t.Errorf("a debt: paid on %v, want between visit and call; called on %v", paid, called)
	}
}

// TestEverybodyInDistress: at a threshold of 0 everybody is in distress on all days, in the day loop and outside of it.
func TestEverybodyInDistress(t *testing.T) {
	s := small(200, 40)
	s.Borrowers.Stress.Distress = 0
	o := &run(t, config(t, s))[0].Strategies[0]
	for d, row := range o.Daily {
		if row[outcome.DayDistress] != 1 {
			t.Fatalf("day %d: %v in distress", d, row[outcome.DayDistress])
		}
	}
	if x := value(t, o, "distress_share"); x != 1 {
		t.Errorf("%v ever in distress", x)
	}
}

// TestWhoHasSpokenWithAnOfficer: a text signed by an officer excites more by trust.named after a talk with one of the
// lender's people, agent or officer, and not after one with an automated voice or an agency.
func TestWhoHasSpokenWithAnOfficer(t *testing.T) {
	gain := func(c loan.Channel, named float64) float32 {
		s := talkative(20,
			strategy.Stage{Channel: c, FirstDay: 11, Cap: 1},
			strategy.Stage{Channel: loan.SMS, FirstDay: 15, Cap: 1, Named: true})
		s.Borrowers.Excitation.Scale, s.Borrowers.Trust.Named = 1, named
		for k := range s.Channels {
			s.Channels[k].Effect = 0
		}
		s.Channels[loan.SMS].Effect = 0.1
		s.Channels[loan.Agency].Deliver, s.Channels[loan.Agency].Connect = 1, s.Channels[loan.SMS].Connect
		var excited float32
		o, _ := walk(t, copies(t, s, 1, late10()), 0, func(w *sim.Walker) { excited = max(excited, w.View(0).Excite) })
		if met := daysOf(o, outcome.EventContact, c); len(met) != 1 || met[0] >= 5 {
			t.Fatalf("%s: met on %v, want once before the text", c, met)
		}
		return excited
	}
	for c, want := range map[loan.Channel]float32{loan.Call: 1.5, loan.Visit: 1.5, loan.Bot: 1, loan.Agency: 1} {
		if got := gain(c, 0.5) / gain(c, 0); got < want*0.999 || got > want*1.001 {
			t.Errorf("after a talk by %s the signed text excites %v times as much, want %v", c, got, want)
		}
	}
}
