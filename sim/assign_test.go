package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

var segmentsOfTests = []string{"north", "south", "east"}

// grouped is the scenario's configuration on its own portfolio, cut into three segments.
func grouped(t rapid.TB, s *scenario.Scenario) *sim.Config {
	t.Helper()
	p := s.Portfolio.Portfolio(s.Seed, s.Accounts, s.Horizon)
	p.Segments = segmentsOfTests
	for i := range p.Accounts {
		p.Accounts[i].Segment = uint8(i % 3)
	}
	c, err := s.Config(p)
	if err != nil {
		t.Fatal(err)
	}
	c.Accounts, c.Events, c.Workers = true, true, 1
	return c
}

// groupOf names the group of an account.
func groupOf(a *loan.Account, by string, chargeOff int) string {
	switch by {
	case "product":
		return a.Product.String()
	case "region":
		return a.Region.String()
	case "start":
		return loan.StartOf(a, chargeOff).String()
	}
	return segmentsOfTests[a.Segment]
}

// anyAssignment gives each group strategy a or b, some of them by way of others.
func anyAssignment(t *rapid.T) *strategy.Assignment {
	a := &strategy.Assignment{By: pick(t, "by", "product", "region", "segment", "start"), Groups: map[string]string{}, Others: pick(t, "others", "a", "b")}
	groups := map[string][]string{
		"product": {"instalment-loan", "credit-card", "micro-enterprise-loan"}, "region": {"urban", "suburban", "remote"}, "segment": segmentsOfTests,
		"start": {"current", "1-29", "30-59", "60-89", "90-119", "charged-off"},
	}
	for _, g := range groups[a.By] {
		if serves := pick(t, g, "", "a", "b"); serves != "" {
			a.Groups[g] = serves
		}
	}
	return a
}

// TestAssignedAccountsLiveAsTheirStrategySays: without teams, an account that is assigned to a strategy lives as if that
// were played on everybody: every row and event.
func TestAssignedAccountsLiveAsTheirStrategySays(t *testing.T) {
	mixed := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		for len(s.Strategies) < 2 {
			s.Strategies = append(s.Strategies, scenario.Strategy{Name: "b"})
		}
		s.Policy.Budget = 0 // shared by all accounts
		plans := []strategy.Plan{{Stages: alone(s.Strategies[0].Stages)}, {Stages: alone(s.Strategies[1].Stages)}}
		a := anyAssignment(t)
		play(s, append(plans, strategy.Plan{Assign: a})...)
		c := grouped(t, s)
		o := run(t, c)[0].Strategies
		rows, events := map[string]bool{}, map[string]bool{}
		serves := map[int64]string{}
		for i := range c.Portfolio.Accounts {
			account := &c.Portfolio.Accounts[i]
			serves[account.ID] = a.Others
			if own := a.Groups[groupOf(account, a.By, s.Policy.ChargeOff)]; own != "" {
				serves[account.ID] = own
			}
		}
		for _, arm := range o[:2] {
			for _, r := range arm.Accounts {
				rows[fmt.Sprint(arm.Name, r)] = true
			}
			for _, e := range arm.Events {
				events[fmt.Sprint(arm.Name, e)] = true
			}
		}
		count := map[string]int{}
		for _, r := range o[2].Accounts {
			count[serves[r.ID]]++
			if !rows[fmt.Sprint(serves[r.ID], r)] {
				t.Fatalf("account %d, served by %s: row %+v is another", r.ID, serves[r.ID], r)
			}
		}
		for _, e := range o[2].Events {
			if !events[fmt.Sprint(serves[e.Account], e)] {
				t.Fatalf("account %d, served by %s: event %+v is another", e.Account, serves[e.Account], e)
			}
		}

		if len(count) == 2 && !slices.Equal(o[0].Events, o[1].Events) {
			mixed++
		}
	})
	if mixed == 0 {
		t.Fatal("no portfolio was served by two strategies that differ: the property was tested on nothing")
	}
}

// TestAssignedToOneIsThatOne: a strategy that gives every group the same one is that one, its teams, costs and all.
func TestAssignedToOneIsThatOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		a := anyAssignment(t)
		for g := range a.Groups {
			a.Groups[g] = "a"
		}
		a.Others = "a"
		plans := []strategy.Plan{s.Strategies[0].Plan, {Assign: a}}
		if rapid.Bool().Draw(t, "by way of another") {
			plans = append(plans, strategy.Plan{Assign: &strategy.Assignment{By: "product", Others: "b"}})
		}
		play(s, plans...)
		o := run(t, grouped(t, s))[0].Strategies
		for k := range o[1:] {
			if o[k+1].Name = o[0].Name; !same(t, o[0], o[k+1]) {
				t.Fatalf("assigned by %s: %s", a.By, difference(&o[0], &o[k+1]))
			}
		}
	})
}
