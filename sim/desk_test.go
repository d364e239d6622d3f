package sim_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"collectsim/sim"

	"pgregory.net/rapid"
)

// byRegion is one number of each region and day.
type byRegion [loan.NumRegions][]int

// poissonByRegion draws arrivals for each region.
func poissonByRegion(seed uint64, days int, rate [loan.NumRegions]float64) (came byRegion) {
	source := rand.New(rand.NewPCG(seed, 2))
	for range days {
		for r := range came {
			came[r] = append(came[r], poisson(source, rate[r]))
		}
	}
	return came
}

// serve plays visit requests that come by region, each wanted on a day of its own by a borrower who never
// pays, and returns the appointments made on each day and the outcome.
func serve(t *testing.T, came byRegion, team func(*strategy.Team)) (booked byRegion, o *outcome.StrategyOutcome) {
	t.Helper()
	s, err := scenario.Parse("queue.yaml", []byte(queueScenario))
	if err != nil {
		t.Fatal(err)
	}
	s.Horizon, s.Replications = len(came[0]), 1
	team(&s.Teams.Visit)
	wish := arrivals{map[loan.Cents]loan.Day{}}
	p := &loan.Portfolio{Segments: []string{"all"}, Currency: "unit"}
	for day := range s.Horizon {
		for r := range came {
			for range came[r][day] {
				owed := loan.Cents(100_000 + len(p.Accounts))
				wish.on[owed] = loan.Day(day)
				p.Accounts = append(p.Accounts, loan.Account{
					ID: int64(len(p.Accounts) + 1), Region: loan.Region(r), DueDay: 1, DPD: 29, Balance: owed, Arrears: owed, Instalment: owed, LastPayment: -1,
				})
			}
		}
	}
	c, err := s.Config(p)
	if err != nil {
		t.Fatal(err)
	}
	c.Events = true
	world := s.World()
	world.Strategies = []strategy.Strategy{wish}
	c.Draw = func(rng.Stream) (*sim.World, []float64, error) { return world, nil, nil }
	o = &run(t, c)[0].Strategies[0]
	for r := range booked {
		booked[r] = make([]int, s.Horizon)
	}
	for _, e := range o.Events {
		if e.Kind == outcome.EventNotice {
			booked[p.Accounts[e.Account-1].Region][e.Day]++
		}
	}
	return booked, o
}

// TestRegionsQueueByLindley: the list of each region follows Lindley's recursion (1952) by its own arrivals
// and its own officers, W(t) = max(W(t-1) + A(t) - c, 0), and the backlog of the team is their sum.
// Nothing waits where there are no officers.
func TestRegionsQueueByLindley(t *testing.T) {
	const days = 200
	each := [loan.NumRegions]int{3, 1, 0} // officers; each makes served visits a day
	came := poissonByRegion(3, days, [loan.NumRegions]float64{14.2, 4.6, 0.5})
	booked, o := serve(t, came, func(team *strategy.Team) {
		team.Agents, team.Regions = 100, &strategy.Stations{Urban: 3, Suburban: 1}
	})
	var w [loan.NumRegions]int
	var busy [loan.NumRegions]int
	for day := range days {
		total := 0
		for r, officers := range each[:2] {
			served := min(w[r]+came[r][day], officers*served)
			if booked[r][day] != served {
				t.Fatalf("day %d: %d appointments in %s, Lindley %d", day, booked[r][day], loan.Region(r), served)
			}
			w[r] += came[r][day] - served
			total += w[r]
			busy[r] += one(w[r] > 0)
		}
		if got := o.Daily[day][outcome.DayQueueVisit]; got != float64(total) {
			t.Fatalf("day %d: backlog %g, Lindley %d", day, got, total)
		}
	}
	if slices.Max(booked[loan.Remote]) > 0 {
		t.Error("visits are made where there are no officers")
	}
	if min(busy[loan.Urban], busy[loan.Suburban]) < 50 {
		t.Errorf("days with a backlog by region: %v, the recursion was hardly tried", busy)
	}
}

// TestPoolingServesSooner: one team for all regions is never behind as many officers stationed in the regions,
// on any day, since (x+y)+ <= x+ + y+ in Lindley's recursion; and it is ahead on some days.
func TestPoolingServesSooner(t *testing.T) {
	const days = 200
	came := poissonByRegion(4, days, [loan.NumRegions]float64{9.5, 4.5, 4.5})
	separate, _ := serve(t, came, func(team *strategy.Team) {
		team.Regions = &strategy.Stations{Urban: 2, Suburban: 1, Remote: 1}
	})
	pooled, _ := serve(t, came, func(team *strategy.Team) { team.Agents = 4 })
	sooner, ahead := 0, 0
	for day := range days {
		for r := range came {
			ahead += pooled[r][day] - separate[r][day]
		}
		if ahead < 0 {
			t.Fatalf("day %d: %d visits fewer by the pooled team", day, -ahead)
		}
		sooner += one(ahead > 0)
	}
	if sooner < 50 {
		t.Errorf("the pooled team is ahead on %d days only", sooner)
	}
}

// TestCostAndUseOfARegion: a region bears the fixed cost of its own officers and shows the minutes that they
// work over those on offer, and the portfolio the sum; officers who were never asked for cost nothing.
func TestCostAndUseOfARegion(t *testing.T) {
	const days, fixed, perDay = 50, 7, 300.001
	var came byRegion
	for r := range came {
		came[r] = make([]int, days)
	}
	came[loan.Urban][0], came[loan.Remote][0] = 40, 3
	_, o := serve(t, came, func(team *strategy.Team) {
		team.Fixed, team.Regions = fixed, &strategy.Stations{Urban: 2, Suburban: 5, Remote: 1}
	})
	made, accounts, spent := 0.0, 0.0, 0.0
	for region, officers := range map[loan.Region]float64{loan.Urban: 2, loan.Remote: 1} {
		g := o.Groups[slices.IndexFunc(o.Groups, func(g outcome.Group) bool { return g.Dimension == "region" && g.Name == region.String() })]
		value := func(metric string) float64 { return g.Values[outcome.MetricIndex(metric)] }
		n := float64(g.Accounts)
		if got, want := value("cost_fixed")*n, officers*fixed*days; !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("%s: fixed cost %v, want %v", region, got, want)
		}
		if got, want := value("utilisation_visit"), n*60/(officers*perDay*days); !(math.Abs(got-want) <= 1e-6) {
			t.Errorf("%s: utilisation %v, want %v", region, got, want)
		}
		made, accounts, spent = made+n*60, accounts+n, spent+officers*fixed*days
	}
	if got := value(t, o, "cost_fixed") * accounts; !(math.Abs(got-spent) <= 1e-9) {
		t.Errorf("fixed cost %v, by region %v", got, spent)
	}
	if got, want := value(t, o, "utilisation_visit"), made/(3*perDay*days); !(math.Abs(got-want) <= 1e-6) {
		t.Errorf("utilisation %v, want %v", got, want)
	}
}

// stationed draws a scenario in which both teams work by region, and nothing else connects accounts.
func stationed(t *rapid.T) *scenario.Scenario {
	s := anyScenario(t, 45, 120)
	s.Policy.Budget = 0
	for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
		n := func() float64 { return pick(t, "stationed", 0, 0.1, 1, 4) }
		team.Regions = &strategy.Stations{Urban: n(), Suburban: n(), Remote: n()}
	}
	return s
}

// TestRegionsDoNotMeet: where agents are stationed by region, a region lives as if there were no other: worklist,
// bookings, contacts, money and stress of each account are those of a run of that region alone, to the bit,
// and so are its fixed cost, its cost per visit and the use of its agents.
func TestRegionsDoNotMeet(t *testing.T) {
	visits := 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := stationed(t)
		c := config(t, s)
		all := run(t, c)[0]
		accounts := c.Portfolio.Accounts
		for r := range loan.NumRegions {
			part := *c
			p := *c.Portfolio
			p.Accounts = slices.DeleteFunc(slices.Clone(accounts), func(a loan.Account) bool { return a.Region != r })
			if part.Portfolio = &p; len(p.Accounts) == 0 {
				continue
			}
			for k, o := range run(t, &part)[0].Strategies {
				whole := all.Strategies[k]
				rows := slices.DeleteFunc(slices.Clone(whole.Accounts), func(row outcome.AccountRow) bool { return row.Region != r })
				events := slices.DeleteFunc(slices.Clone(whole.Events), func(e outcome.Event) bool { return accounts[place(c, e.Account)].Region != r })
				if !same(t, rows, o.Accounts) || !same(t, events, o.Events) {
					t.Fatalf("accounts of %s live otherwise alone", r)
				}
				g := whole.Groups[slices.IndexFunc(whole.Groups, func(g outcome.Group) bool { return g.Dimension == "region" && g.Name == r.String() })]
				for m, x := range g.Values {
					if y := o.Values[m]; math.IsNaN(x) != math.IsNaN(y) || math.Abs(x-y) > 1e-9*max(1, math.Abs(x)) {
						t.Fatalf("%s of %s: %v, alone %v", outcome.Metrics()[m].Name, r, x, y)
					}
				}
				visits += value(t, &o, "visits_per_account")
			}
		}
	})
	if visits == 0 {
		t.Fatal("no visit was made")
	}
}

// TestOneRegionIsThePool: where all accounts are in one region, agents stationed there are the team of all
// regions, bit for bit, budget and queues included.
func TestOneRegionIsThePool(t *testing.T) {
	visits := 0.0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, 120)
		call, visit := pick(t, "call", 0.05, 1), pick(t, "visit", 1, 3.0)
		s.Teams.Call.Agents, s.Teams.Call.Regions = call, nil
		s.Teams.Visit.Agents, s.Teams.Visit.Regions = visit, nil
		home := loan.Region(whole(t, "region", 0, int(loan.NumRegions)-1))
		play := func() *outcome.Replication {
			c := config(t, s)
			for i := range c.Portfolio.Accounts {
				c.Portfolio.Accounts[i].Region = home
			}
			r := run(t, c)[0]
			for k := range r.Strategies {
				visits += value(t, &r.Strategies[k], "visits_per_account")
				r.Strategies[k].Groups = nil // regions show the use of agents of their own
			}
			return r
		}
		pooled := play()
		s.Teams.Call.Regions, s.Teams.Visit.Regions = at(home, call), at(home, visit)
		if own := play(); !same(t, pooled, own) {
			t.Fatalf("agents stationed in %s are not the team: %s", home, difference(&pooled.Strategies[0], &own.Strategies[0]))
		}
	})
	if visits == 0 {
		t.Fatal("no visit was made")
	}
}

// at stations agents in one region.
func at(r loan.Region, agents float64) *strategy.Stations {
	var n [loan.NumRegions]float64
	n[r] = agents
	return &strategy.Stations{Urban: n[loan.Urban], Suburban: n[loan.Suburban], Remote: n[loan.Remote]}
}

// TestNobodyThereIsNobodyAsked: a region without agents equals one with agents whom the stages leave out, bit for
// bit: no contact, no request that waits, no fixed cost.
func TestNobodyThereIsNobodyAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := stationed(t)
		c := pick(t, "channel", loan.Call, loan.Visit)
		p := s.Strategies[0].Plan
		p.Stages = without(p.Stages, loan.Call)
		for range 3 {
			st := anyStage(t)
			if st.Channel, st.FollowUpDays, st.NoticeChannel, st.NoticeDays = c, 0, loan.NoChannel, 0; c == loan.Visit {
				st.FirstDay = max(st.FirstDay, 0)
			}
			p.Stages = append(p.Stages, st)
		}
		for i := range p.Stages {
			p.Stages[i].Name = ""
		}
		s.Teams.Of(c).Regions.Remote = 0
		play(s, p)
		none := run(t, config(t, s))[0].Strategies[0]
		s.Teams.Of(c).Regions.Remote = 2
		for i := range p.Stages {
			if p.Stages[i].Channel == c {
				p.Stages[i].When.Regions = []loan.Region{loan.Urban, loan.Suburban}
			}
		}
		play(s, p)
		if left := run(t, config(t, s))[0].Strategies[0]; !same(t, none, left) {
			t.Fatalf("%s by nobody in remote differs from %s for the others: %s", c, c, difference(&none, &left))
		}
	})
}
