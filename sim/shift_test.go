package sim_test

import (
	"math"
	"testing"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"

	"collectsim/sim"

	"pgregory.net/rapid"
)

// TestShiftsMakeTheDay: with a queue that never ends, the contacts of a day are the minutes of its shifts over
// ten a contact, cut by the rules; who is met is met in the evening alone where nobody is at home before;
// wages carry the premium.
func TestShiftsMakeTheDay(t *testing.T) {
	const n, days, agents, wage = 2000, 21, 4, 0.6
	for _, c := range []struct {
		name  string
		rules strategy.Guardrails
		made  [7]int // contacts by weekday: minutes of 4 agents / 10
		met   [7]int // from 18 o'clock on
	}{
		{"free", strategy.Guardrails{}, [7]int{120, 120, 120, 120, 120, 40, 0}, [7]int{30, 30, 30, 30, 30, 0, 0}},
		{"until 20", strategy.Guardrails{Hours: strategy.Hours{From: 8, To: 20}}, [7]int{110, 110, 110, 110, 110, 40, 0}, [7]int{20, 20, 20, 20, 20, 0, 0}},
		{"from 10, weekdays", strategy.Guardrails{Hours: strategy.Hours{From: 10}, Weekdays: true}, [7]int{100, 100, 100, 100, 100, 0, 0}, [7]int{30, 30, 30, 30, 30, 0, 0}},
	} {
		for _, channel := range []loan.Channel{loan.Call, loan.Visit} {
			s := queue(channel, days)
			s.Weekday, s.Guardrails = 0, c.rules
			s.Borrowers.Stress.Avoidance = 0
			s.Travel.Urban = strategy.Travel{Area: 1e-30, Speed: 1e6} // no way
			x := &s.Channels[channel]
			x.Unit, x.Deliver, x.Connect.Urban, x.Diagnoses, x.Promise = 0, 1, 1e-9, 0, 0
			team := s.Teams.Of(channel)
			team.Agents, team.Crew, team.Weekends, team.Wage, team.Fixed, team.BookAhead = agents, 1, false, wage, 0, 0
			team.Shifts = []strategy.Shift{
				{Name: "evening", Share: 0.5, From: 17, To: 21, Minutes: 200, Premium: 0.5},
				{Name: "day", Share: 0.5, From: 8, To: 16, Minutes: 400},
				{Name: "saturday", Share: 1, From: 9, To: 12, Minutes: 100, Days: []strategy.Weekday{5}},
			}
			play := copies(t, s, n, late(10))
			world := s.World()
			world.Responses.Channels[channel].Evening = 1e18 // nobody is at home by day, everybody in the evening
			play.Draw = func(rng.Stream) (*sim.World, []float64, error) { return world, nil, nil }
			o, _ := walk(t, play, 0, nil)
			made, met := contactsByDay(o, channel), metByDay(o, channel)
			paid := 0.0 // contacts, those in the evening shift one and a half times
			for d := range made {
				if channel == loan.Visit && d == 0 {
					continue // the first are booked for tomorrow
				}
				w := d % 7
				if made[d] != c.made[w] || met[d] != c.met[w] {
					t.Errorf("%s, %s: day %d: %d contacts, %d met, by hand %d and %d", c.name, channel, d, made[d], met[d], c.made[w], c.met[w])
				}
				paid += float64(c.made[w])
				if c.met[w] > 0 {
					paid += 0.5 * float64(c.met[w]+10) // who is called from 17 to 18 o'clock is not met
				}
			}
			want := paid * 10 * wage
			if got := value(t, o, "cost_wages") * n; !(math.Abs(got-want) <= 1e-6*want) {
				t.Errorf("%s, %s: wages %v, by hand %v", c.name, channel, got, want)
			}
		}
	}
}

func metByDay(o *outcome.StrategyOutcome, c loan.Channel) []int {
	n := make([]int, len(o.Daily))
	for _, e := range o.Events {
		if e.Kind == outcome.EventContact && e.Channel == c && e.Detail == 2 {
			n[e.Day]++
		}
	}
	return n
}

// TestOneShiftIsTheDay: one shift of all agents over the working day, with the team's minutes, is the team without
// shifts, bit for bit, where stages leave the hour open and the rules allow contact through the shift.
func TestOneShiftIsTheDay(t *testing.T) {
	contacts := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		for k := range s.Strategies {
			for i := range s.Strategies[k].Stages {
				s.Strategies[k].Stages[i].Hour = 0
			}
		}
		s.Guardrails.Weekdays = false // visits are booked on weekends without shifts, and held back there
		teams := []*strategy.Team{&s.Teams.Call, &s.Teams.Visit}
		for _, team := range teams {
			team.Shifts = nil
		}
		without := run(t, config(t, s))[0]
		for _, team := range teams {
			team.Shifts = []strategy.Shift{{Name: "day", Share: 1, From: 9, To: 18, Minutes: team.Minutes}}
			team.Minutes = 1
		}
		if with := run(t, config(t, s))[0]; !same(t, without, with) {
			t.Fatalf("one shift changes %s", difference(&without.Strategies[0], &with.Strategies[0]))
		}
		for _, e := range without.Strategies[0].Events {
			contacts += one(e.Kind == outcome.EventContact && (e.Channel == loan.Call || e.Channel == loan.Visit))
		}
	})
	if contacts == 0 {
		t.Fatal("no contact by a team")
	}
}

// TestAnEveningShiftMeetsMore: the odds of meeting a borrower in an evening shift are the channel's evening factor
// times those of a day shift, so many calls meet the sum of odds / (1 + odds), within 5 standard deviations.
func TestAnEveningShiftMeetsMore(t *testing.T) {
	const n, p, factor = 4000, 0.3, 2.5
	for from, f := range map[int]float64{9: 1, 18: factor} {
		s := queue(loan.Call, 2)
		s.Borrowers.Stress.Avoidance = 0
		x := &s.Channels[loan.Call]
		x.Deliver, x.Connect, x.Evening, x.Diagnoses, x.Promise = 1, borrower.ByRegion{Urban: p}, factor, 0, 0
		s.Teams.Call.Agents = 1e6
		s.Teams.Call.Shifts = []strategy.Shift{{Name: "only", Share: 1, From: from, To: from + 3, Minutes: 120}}
		o, w := walk(t, copies(t, s, n, late(10)), 0, nil)
		mean, variance := 0.0, 0.0
		for i := range n {
			odds := p / (1 - p) * float64(w.Traits(i).Reach) * f
			mean += odds / (1 + odds)
			variance += odds / (1 + odds) / (1 + odds)
		}
		if got := float64(metByDay(o, loan.Call)[0]); contactsByDay(o, loan.Call)[0] != n || !(math.Abs(got-mean) <= 5*math.Sqrt(variance)) {
			t.Errorf("from %d o'clock on %v are met, want %.1f (standard deviation %.1f)", from, got, mean, math.Sqrt(variance))
		}
	}
}

// TestTheShiftNotTheStageHasTheHour: a stage that states an hour at which contact is forbidden never acts by a team without
// shifts, and acts as any other by one whose shift lies within the hours; the notice keeps the stage's hour.
func TestTheShiftNotTheStageHasTheHour(t *testing.T) {
	const n = 30
	for _, channel := range []loan.Channel{loan.Call, loan.Visit} {
		for notice, allowed := range map[loan.Channel]bool{loan.NoChannel: true, loan.SMS: channel == loan.Call} {
			for _, shifts := range [][]strategy.Shift{nil, {{Name: "day", Share: 1, From: 9, To: 18, Minutes: 400}}} {
				s := queue(channel, 20)
				s.Guardrails.Hours = strategy.Hours{From: 8, To: 20}
				s.Teams.Of(channel).Agents, s.Teams.Of(channel).Shifts = 100, shifts
				st := &s.Strategies[0].Stages[0]
				if st.Hour = 7; channel == loan.Visit {
					st.NoticeChannel = notice
				}
				o, _ := walk(t, copies(t, s, n, late(10)), 0, nil)
				made, want := 0, 0
				for _, k := range contactsByDay(o, channel) {
					made += k
				}
				if shifts != nil && allowed {
					want = n
				}
				if made != want || (value(t, o, "suppressed_share") == 0) != (want == n) {
					t.Errorf("%s, notice by %s, %d shifts: %d of %d made", channel, notice, len(shifts), made, n)
				}
			}
		}
	}
}

// TestShiftsKeepTheDays: no call or visit of a team comes on a day on which none of its shifts is worked, on a holiday,
// or on a weekend that the rules keep free, whatever the strategies want; nor by rules on hours is any of them held back.
func TestShiftsKeepTheDays(t *testing.T) {
	seen := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		days := rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(d int) strategy.Weekday { return strategy.Weekday(d) }), 1, 3, rapid.ID[strategy.Weekday]).Draw(t, "days")
		for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
			team.Shifts = []strategy.Shift{{Name: "some days", Share: 0.7, From: 6, To: 21, Minutes: 400, Days: days}}
		}
		for k := range s.Strategies {
			for i := range s.Strategies[k].Stages {
				if st := &s.Strategies[k].Stages[i]; st.NoticeChannel == loan.Call {
					st.NoticeChannel = loan.SMS // the officers' own call, at the stage's hour
				}
			}
		}
		for _, o := range run(t, config(t, s))[0].Strategies {
			for _, e := range o.Events {
				if e.Channel != loan.Call && e.Channel != loan.Visit {
					continue
				}
				switch {
				case e.Kind == outcome.EventContact && minutesOn(s, s.Teams.Of(e.Channel), int(e.Day)) == 0:
					t.Fatalf("a %s on day %d, on which nobody works", e.Channel, e.Day)
				case e.Kind == outcome.EventSuppressed && strategy.Verdict(e.Detail).String() == "hours":
					t.Fatalf("a %s on day %d was held back for its hour", e.Channel, e.Day)
				}
				seen += one(e.Kind == outcome.EventContact)
			}
		}
	})
	if seen == 0 {
		t.Fatal("no contact by a team")
	}
}
