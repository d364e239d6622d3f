package sim_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestEnoughAgents: with agents for everybody nobody waits: every evening the call queue is empty and
// every visit takes place on the first day that its notice allows.
func TestEnoughAgents(t *testing.T) {
	visits := 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		s.Holidays, s.Policy.Budget = nil, 0
		s.Guardrails = strategy.Guardrails{}
		for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
			team.Agents, team.Weekends, team.Regions, team.Shifts = 1e6, true, nil, nil
		}
		notice := whole(t, "notice days", 0, 10)
		for _, st := range s.Strategies {
			for i := range st.Stages {
				if st.Stages[i].Channel == loan.Visit {
					st.Stages[i].NoticeDays = notice
				}
			}
		}
		for _, o := range run(t, config(t, s))[0].Strategies {
			for d, row := range o.Daily {
				if row[outcome.DayQueueCall] != 0 || row[outcome.DayQueueVisit] != 0 {
					t.Fatalf("day %d: %v wait for a call, %v for a visit", d, row[outcome.DayQueueCall], row[outcome.DayQueueVisit])
				}
			}
			made := value(t, &o, "visits_per_account")
			if wait := value(t, &o, "wait_days_visit"); made > 0 && wait != float64(max(notice, 1)) {
				t.Fatalf("visits wait %v days, notice %d", wait, notice)
			}
			visits += made
		}
	})
	if visits == 0 {
		t.Fatal("no visit was made")
	}
}

// TestTeamsKeepTheirHours: callers stop when the day's minutes are spent, so that the last contact at
// most overruns; visits are planned at the mean of doorstep and talk, so that a day overruns by at
// most the difference for each stop, or is one single stop that takes the minutes of days before it too: over the
// days so far no more is worked than was on offer and that difference. All of it holds for the agents of each region
// where they have one. Nobody works on days off.
func TestTeamsKeepTheirHours(t *testing.T) {
	short, stationed, shifts := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 50, 120)
		c := config(t, s)
		for k := range s.Strategies {
			var calls, visits [][]sim.Desk
			var worked, offered [loan.NumRegions]float64
			o, _ := walk(t, c, k, func(w *sim.Walker) {
				call, visit := w.Desks()
				calls, visits = append(calls, call), append(visits, visit)
			})
			for d, row := range o.Daily {
				call, visit := minutesOn(s, &s.Teams.Call, d), minutesOn(s, &s.Teams.Visit, d)
				for _, desk := range calls[d] {
					service := &s.Channels[loan.Call]
					if over := desk.Minutes - s.Teams.Call.Capacity(desk.Agents, call); over > max(service.Talk, service.Attempt)+1e-6 || call == 0 && desk.Minutes > 0 {
						t.Fatalf("day %d: %v callers work %v minutes of %v each", d, desk.Agents, desk.Minutes, call)
					}
				}
				stops := visitsByRegion(c, o, d)
				for r, desk := range visits[d] {
					n := stops[r]
					if len(visits[d]) == 1 {
						n = stops[0] + stops[1] + stops[2]
					}
					service := &s.Channels[loan.Visit]
					slack := float64(n) * math.Abs(service.Talk-service.Attempt) / 2
					over := desk.Minutes - s.Teams.Visit.Capacity(desk.Agents, visit)
					worked[r] += desk.Minutes
					offered[r] += s.Teams.Visit.Capacity(desk.Agents, visit) + slack
					if worked[r] > offered[r]+1e-6 {
						t.Fatalf("day %d: %v officers have worked %v minutes of %v so far", d, desk.Agents, worked[r], offered[r])
					}
					if n > 1 && over > slack+1e-6 || n > 0 && (visit == 0 || desk.Agents == 0) {
						t.Fatalf("day %d: %v officers make %d visits and work %v minutes of %v each", d, desk.Agents, n, desk.Minutes, visit)
					}
				}
				short += one(row[outcome.DayQueueCall] > 0)
			}
			stationed += one(len(calls[0]) > 1) + one(len(visits[0]) > 1)
			shifts += len(s.Teams.Call.Shifts) + len(s.Teams.Visit.Shifts)
		}
	})
	if short == 0 || stationed == 0 || shifts == 0 {
		t.Fatalf("%d days with a queue, %d teams by region, %d shifts", short, stationed, shifts)
	}
}

// minutesOn is what each agent of a team works on a day.
func minutesOn(s *scenario.Scenario, team *strategy.Team, d int) float64 {
	if slices.Contains(s.Holidays, d) {
		return 0
	}
	return team.Day((s.Weekday+d)%7, &s.Guardrails).Minutes()
}

func visitsByRegion(c *sim.Config, o *outcome.StrategyOutcome, d int) (n [loan.NumRegions]int) {
	for _, e := range o.Events {
		if e.Kind == outcome.EventContact && e.Channel == loan.Visit && int(e.Day) == d {
			n[c.Portfolio.Accounts[place(c, e.Account)].Region]++
		}
	}
	return n
}

func contactsByDay(o *outcome.StrategyOutcome, c loan.Channel) []int {
	n := make([]int, len(o.Daily))
	for _, e := range o.Events {
		if e.Kind == outcome.EventContact && e.Channel == c {
			n[e.Day]++
		}
	}
	return n
}

// queue returns a scenario in which nobody ever pays or answers, one team has work for weeks, and
// every account asks for one contact on day 0.
func queue(c loan.Channel, horizon int) *scenario.Scenario {
	st := strategy.Stage{Channel: c, FirstDay: 1, Cap: 1}
	s := plain(0, horizon, strategy.Plan{Stages: []strategy.Stage{st}})
	for _, x := range []*scenario.Channel{&s.Channels[loan.Call], &s.Channels[loan.Visit]} {
		x.Connect = borrower.ByRegion{}
		x.Attempt, x.Talk = 10, 10
	}
	s.Teams.Call.Weekends, s.Teams.Visit.Weekends = true, true
	return s
}

// TestHighestPriorityFirst: where the day is too short, accounts are served in the order of the
// team's rule.
func TestHighestPriorityFirst(t *testing.T) {
	const n, perDay = 60, 7
	for p, key := range map[strategy.Priority]func(a *loan.Account, score float64) float64{
		strategy.ByDPD:      func(a *loan.Account, _ float64) float64 { return float64(a.DPD) },
		strategy.ByOwed:     func(a *loan.Account, _ float64) float64 { return float64(a.Arrears) },
		strategy.ByScore:    func(_ *loan.Account, score float64) float64 { return -score },
		strategy.ByRecovery: func(a *loan.Account, score float64) float64 { return float64(a.Arrears) * score },
		strategy.ByUplift:   func(a *loan.Account, score float64) float64 { return float64(a.Arrears) * score * (1 - score) },
	} {
		for _, channel := range []loan.Channel{loan.Call, loan.Visit} {
			s := queue(channel, 40)
			for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
				team.Priority, team.Agents, team.Crew, team.Minutes = p, 1, 1, perDay*10
			}
			if channel == loan.Visit {
				s.Teams.Visit.Minutes++ // for the way
			}
			s.Travel.Urban = strategy.Travel{Area: 1e-9, Speed: 50}
			c := copies(t, s, n, late(10))
			for i := range c.Portfolio.Accounts {
				a := &c.Portfolio.Accounts[i]
				a.DPD = loan.Day(1 + (i*37)%n)
				a.Arrears = loan.Cents(1000 + 100*((i*23)%n))
			}
			o, w := walk(t, c, 0, nil)
			checkOrder(t, fmt.Sprintf("%s by %s", channel, p), c, w, o, channel, perDay, key)
		}
	}
}

// TestRandomPriorityIsRandom: of accounts that all want a call on day 0, each is called that day as often as
// any other over the replications. The count of replications is binomial; 5 standard errors.
func TestRandomPriorityIsRandom(t *testing.T) {
	const n, perDay, replications = 50, 10, 400
	s := queue(loan.Call, 1)
	team := &s.Teams.Call
	team.Priority, team.Agents, team.Crew, team.Minutes = strategy.ByRandom, 1, 1, perDay*10
	c := copies(t, s, n, late(10))
	c.Replications = replications
	served := map[int64]int{}
	for _, r := range run(t, c) {
		for _, e := range r.Strategies[0].Events {
			served[e.Account] += one(e.Kind == outcome.EventContact)
		}
	}
	const p = float64(perDay) / n
	want, se := replications*p, math.Sqrt(replications*p*(1-p))
	for id := range int64(n) {
		if got := float64(served[id+1]); !(math.Abs(got-want) <= 5*se) {
			t.Errorf("account %d was among the first in %g of %d replications, want %g +- %.0f", id+1, got, replications, want, se)
		}
	}
}

func checkOrder(t *testing.T, name string, c *sim.Config, w *sim.Walker, o *outcome.StrategyOutcome, channel loan.Channel, perDay int, key func(*loan.Account, float64) float64) {
	t.Helper()
	worst, day, done := math.Inf(1), loan.Day(0), 0
	today := math.Inf(1)
	for _, e := range o.Events {
		if e.Kind != outcome.EventContact || e.Channel != channel {
			continue
		}
		if e.Day > day {
			worst, day = min(worst, today), e.Day
		}
		i := int(e.Account - 1)
		k := key(&c.Portfolio.Accounts[i], float64(w.Traits(i).Score))
		if k > worst*(1+1e-6*math.Copysign(1, worst)) { // keys are kept in float32
			t.Errorf("%s: account %d of key %g on day %d, after one of key %g", name, e.Account, k, e.Day, worst)
		}
		today = min(today, k)
		done++
	}
	days := contactsByDay(o, channel)
	if done != len(c.Portfolio.Accounts) || slices.Max(days) != perDay {
		t.Errorf("%s: %d of %d served, at most %d a day, want %d", name, done, len(c.Portfolio.Accounts), slices.Max(days), perDay)
	}
}

// TestNoticeLeavesNoDayIdle: whatever the days of notice, a team with free weekends and work enough visits on every working
// day, though on some of them no notice ends: two days after a Sunday is a Tuesday.
func TestNoticeLeavesNoDayIdle(t *testing.T) {
	const n, perDay, days = 400, 4, 42
	for _, notice := range []int{1, 2, 3, 4, 5, 6, 7, 9} {
		for ahead := range 3 {
			s := queue(loan.Visit, days)
			s.Weekday = 0 // day 0 is a Monday
			st := &s.Strategies[0].Plan.Stages[0]
			st.NoticeDays, st.NoticeChannel = notice, loan.Letter
			s.Channels[loan.Letter].Connect = borrower.ByRegion{} // a notice that is read makes some pay before the visit
			team := &s.Teams.Visit
			team.Agents, team.Crew, team.Minutes, team.Weekends, team.BookAhead = 1, 1, perDay*10+1, false, ahead
			s.Travel.Urban = strategy.Travel{Area: 1e-9, Speed: 50}
			o, _ := walk(t, copies(t, s, n, late(10)), 0, nil)
			for d, got := range contactsByDay(o, loan.Visit) {
				want := perDay
				if d < notice || d%7 >= 5 {
					want = 0
				}
				if got != want {
					t.Fatalf("%d days of notice, book ahead %d: %d visits on day %d, weekday %d, want %d", notice, ahead, got, d, d%7, want)
				}
			}
		}
	}
}

// TestShortDaysAddUp: officers whose day holds less than a visit make one whenever their days since the last one hold
// it, and callers whose day holds less than a call make up for it on the days after. A team of a fiftieth of an
// agent, as of a tape of thirty accounts, is not one that works every day.
func TestShortDaysAddUp(t *testing.T) {
	const n, days, site = 150, 120, 10
	for _, minutes := range []float64{9, 5.5, 3, 0.51} {
		every := int(math.Ceil(site / minutes))
		for ahead := range 3 {
			s := queue(loan.Visit, days)
			team := &s.Teams.Visit
			team.Agents, team.Crew, team.Minutes, team.BookAhead = 0.5, 2, 4*minutes, ahead
			s.Travel.Urban = strategy.Travel{Area: 1e-12, Speed: 50}
			for d, got := range contactsByDay(&run(t, copies(t, s, n, late(10)))[0].Strategies[0], loan.Visit) {
				if want := one((d+1)%every == 0); d > 0 && got != want {
					t.Fatalf("%g minutes a day, book ahead %d: %d visits of %d minutes on day %d, want %d", minutes, ahead, got, site, d, want)
				}
			}
		}
		s := queue(loan.Call, days)
		s.Teams.Call.Agents, s.Teams.Call.Minutes = 1, minutes
		made := 0
		for d, got := range contactsByDay(&run(t, copies(t, s, n, late(10)))[0].Strategies[0], loan.Call) {
			made += got
			if want := math.Ceil(minutes * float64(d+1) / site); float64(made) != want {
				t.Fatalf("%g minutes a day: %d calls of %d minutes up to day %d, want %g", minutes, made, site, d, want)
			}
		}
	}
}

// TestVisitsOfAnEndedDelinquencyAreCalledOff: who pays everything after a visit was booked and falls behind
// anew before its day is not visited then: no visit comes earlier in an episode than its stage has it.
func TestVisitsOfAnEndedDelinquencyAreCalledOff(t *testing.T) {
	const n, horizon, dpd, firstDay = 400, 150, 10, 25
	s := plain(0.06, horizon, strategy.Plan{Stages: []strategy.Stage{{
		Channel: loan.Visit, FirstDay: firstDay, Every: 30, NoticeDays: 10, NoticeChannel: loan.Letter,
	}}})
	s.Channels[loan.Letter].Connect = borrower.ByRegion{}
	s.Teams.Visit.Agents, s.Teams.Visit.Weekends = 1e6, true
	o := &run(t, copies(t, s, n, late(dpd)))[0].Strategies[0]
	visits, calledOff := 0, 0
	for id, events := range byAccount(o.Events) {
		began, booked := loan.Day(-dpd), loan.Never
		for _, e := range events {
			switch {
			case e.Kind == outcome.EventOverdue:
				began = e.Day
				calledOff += one(booked < loan.Never && e.Day <= booked)
			case e.Kind == outcome.EventNotice:
				booked = loan.Day(e.Detail)
			case e.Kind == outcome.EventContact && e.Channel == loan.Visit:
				if e.Day-began < firstDay {
					t.Fatalf("account %d: overdue since day %d, visited on day %d", id, began, e.Day)
				}
				visits, booked = visits+1, loan.Never
			}
		}
	}
	if visits == 0 || calledOff == 0 {
		t.Fatalf("%d visits, %d episodes that began under an older appointment: nothing was tested", visits, calledOff)
	}
}

// TestVisitsByDensity: the stops of a day are the most that satisfy
//
//	n minutes on site + 60 k sqrt(area n) / speed <= capacity,   k = 0.7124
//
// (Beardwood, Halton and Hammersley 1959), so visits a day fall with the area; wages and travel cost
// follow the same tour.
func TestVisitsByDensity(t *testing.T) {
	const n, site, capacity, speed, k = 1000, 10.0, 600.0, 30.0, 0.7124
	before := math.MaxInt
	for _, area := range []float64{1, 40, 300, 3000} {
		s := queue(loan.Visit, 12)
		team := &s.Teams.Visit
		team.Agents, team.Crew, team.Minutes, team.Wage, team.Fixed = 4, 2, capacity/2, 0.5, 0
		s.Travel.Remote = strategy.Travel{Area: area, Speed: speed, CostPerK: 2}
		s.Channels[loan.Visit].Unit = 0
		a := late(10)
		a.Region = loan.Remote
		o := &run(t, copies(t, s, n, a))[0].Strategies[0]

		// site x^2 + b x = capacity with x = sqrt(n)
		b := 60 * k * math.Sqrt(area) / speed
		x := (-b + math.Sqrt(b*b+4*site*capacity)) / (2 * site)
		want := int(x*x + 1e-9)
		for d, got := range contactsByDay(o, loan.Visit)[1:10] {
			if got != want {
				t.Fatalf("area %g day %d: %d visits, formula %d", area, d+1, got, want)
			}
		}
		km := k * math.Sqrt(area/float64(want))
		cost := (site+60*km/speed)*0.5*2 + km*2
		if got := value(t, o, "cost_per_visit"); !(math.Abs(got-cost) <= 0.01) { // each part rounded to a cent
			t.Errorf("area %g: a visit costs %v, formula %v", area, got, cost)
		}
		if want >= before {
			t.Errorf("area %g: %d visits a day, not fewer than %d", area, want, before)
		}
		before = want
	}
}

// TestACrewIsPaidWhole: two callers who sit together make the calls of one, and each of them is paid for the minutes.
func TestACrewIsPaidWhole(t *testing.T) {
	wages := func(crew float64) (calls int, cost float64) {
		s := queue(loan.Call, 3)
		team := &s.Teams.Call
		team.Agents, team.Crew, team.Minutes, team.Wage = crew, crew, 70, 0.5
		o, _ := walk(t, copies(t, s, 30, late(10)), 0, nil)
		for _, n := range contactsByDay(o, loan.Call) {
			calls += n
		}
		return calls, value(t, o, "cost_wages") * 30
	}
	for _, crew := range []float64{1, 2} {
		if calls, cost := wages(crew); calls != 21 || !(math.Abs(cost-21*10*0.5*crew) <= 1e-9) {
			t.Errorf("crew of %g: wages of %g for %d calls of 10 minutes, want 0.5 a minute and head for 21", crew, cost, calls)
		}
	}
}
