package sim_test

import (
	"math"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// trialScenario splits a portfolio between three strategies, and splits it otherwise once more. Teams have room for everybody
// and are at the door at once, so that the arms do not stand in each other's way.
const trialScenario = `
name: trial
accounts: 3000
horizon: 120
replications: 1
uncertainty: false
baseline: reminders-only
portfolio: {start: {current: 0.3}}
compare: [reminders-only, tiered-escalation, home-visits, pilot, halves]
strategies:
  reminders-only: {}
  tiered-escalation: {}
  home-visits: {}
  pilot: {split: {tiered-escalation: 0.7, home-visits: 0.1, reminders-only: 0.2}}
  halves: {split: {home-visits: 1, reminders-only: 1}}
teams: {call: {agents: 1000}, visit: {agents: 5000}}
travel: {urban: {area: 1e-9, speed: 1e6}, suburban: {area: 1e-9, speed: 1e6}, remote: {area: 1e-9, speed: 1e6}}
`

// armsOf returns the groups of a dimension by name.
func armsOf(o *outcome.StrategyOutcome, dimension string) map[string]outcome.Group {
	m := map[string]outcome.Group{}
	for _, g := range o.Groups {
		if g.Dimension == dimension {
			m[g.Name] = g
		}
	}
	return m
}

// TestArmsAreTheStrategiesAlone: where teams have room for everybody, an arm of a split does to its accounts what its
// strategy does to them when it is played alone, in every metric; and the arms have their shares of the accounts.
func TestArmsAreTheStrategiesAlone(t *testing.T) {
	s, err := scenario.Parse("trial.yaml", []byte(trialScenario))
	if err != nil {
		t.Fatal(err)
	}
	for _, team := range []*strategy.Team{&s.Teams.Call, &s.Teams.Visit} {
		team.Fixed = 0
	}
	played := map[string]*outcome.StrategyOutcome{}
	r := run(t, config(t, s))[0]
	for i := range r.Strategies {
		played[r.Strategies[i].Name] = &r.Strategies[i]
	}
	n := float64(s.Accounts)
	for name, shares := range map[string]map[string]float64{
		"pilot":  {"tiered-escalation": 0.7, "home-visits": 0.1, "reminders-only": 0.2},
		"halves": {"home-visits": 0.5, "reminders-only": 0.5},
	} {
		together := armsOf(played[name], "arm:"+name)
		if len(together) != len(shares) {
			t.Fatalf("%s has arms %v", name, together)
		}
		for arm, share := range shares {
			if got, se := float64(together[arm].Accounts)/n, math.Sqrt(share*(1-share)/n); !(math.Abs(got-share) <= 5*se) {
				t.Errorf("%s: %s has %.3f of the accounts, want %.3f +- %.3f", name, arm, got, share, se)
			}
			alone := armsOf(played[arm], "arm:"+name)[arm]
			if alone.Accounts != together[arm].Accounts {
				t.Fatalf("%s: %s has %d accounts in the split, %d alone", name, arm, together[arm].Accounts, alone.Accounts)
			}
			for k, m := range outcome.Metrics() {
				a, b := together[arm].Values[k], alone.Values[k]
				if math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a)) || math.IsNaN(a) != math.IsNaN(b) {
					t.Errorf("%s: %s of %s is %v in the split, %v alone", name, m.Name, arm, a, b)
				}
			}
		}
	}
}

// TestAccountsTellTheirArm: the row of an account under a split is its row under the strategy of the arm that it names, and
// as many name an arm as the arm's group counts. Rows under other strategies name none.
func TestAccountsTellTheirArm(t *testing.T) {
	s, err := scenario.Parse("trial.yaml", []byte(trialScenario))
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]*outcome.StrategyOutcome{}
	r := run(t, config(t, s))[0]
	for i := range r.Strategies {
		played[r.Strategies[i].Name] = &r.Strategies[i]
	}
	for _, name := range []string{"pilot", "halves"} {
		count := map[string]int64{}
		for i, row := range played[name].Accounts {
			count[row.Arm]++
			alone := played[row.Arm].Accounts[i]
			if alone.Arm != "" {
				t.Fatalf("account %d has arm %q under %s", row.ID, alone.Arm, row.Arm)
			}
			if alone.Arm = row.Arm; row != alone {
				t.Fatalf("%s: account %d is\n%+v, in its arm alone\n%+v", name, row.ID, row, alone)
			}
		}
		for arm, group := range armsOf(played[name], "arm:"+name) {
			if count[arm] != group.Accounts {
				t.Errorf("%s: %d accounts name %s, its group has %d", name, count[arm], arm, group.Accounts)
			}
		}
	}
}

// TestArmsPayForTheirTeams: an arm that calls and visits nobody bears no fixed cost of the teams, and the arms together
// bear all of it.
func TestArmsPayForTheirTeams(t *testing.T) {
	s, err := scenario.Parse("trial.yaml", []byte(trialScenario))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Apply([]string{"strategies.home-visits.stages.bot-call.channel=call"}); err != nil {
		t.Fatal(err)
	}
	for _, o := range run(t, config(t, s))[0].Strategies {
		if o.Name != "pilot" {
			continue
		}
		fixed := outcome.MetricIndex("cost_fixed")
		arms, sum := armsOf(&o, "arm:pilot"), 0.0
		for _, g := range arms {
			sum += g.Values[fixed] * float64(g.Accounts)
		}
		whole := o.Values[fixed] * float64(s.Accounts)
		if !(math.Abs(sum-whole) <= 0.1) || whole == 0 { // each arm's part is rounded to cents
			t.Errorf("arms bear %.2f of the fixed cost, the portfolio %.2f", sum, whole)
		}
		if x := arms["reminders-only"].Values[fixed]; x != 0 {
			t.Errorf("reminders-only bears %v an account", x)
		}
		visits := loan.FromUnits(s.Teams.Visit.Agents * s.Teams.Visit.Fixed * float64(s.Horizon)).Units()
		if x := arms["home-visits"].Values[fixed] * float64(arms["home-visits"].Accounts); x < visits-0.1 {
			t.Errorf("home-visits bears %.2f, the officers cost %.2f", x, visits)
		}
	}
}
