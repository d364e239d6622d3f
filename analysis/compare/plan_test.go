package compare_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"collectsim/analysis/compare"
)

func TestPlanOfASharesTest(t *testing.T) {
	in := compare.Plan{Metric: overdue, Champion: 0.33, Effect: compare.Belief{Mean: -0.03, SD: 0.02}, AccountsPerDay: 100}
	got, err := compare.PlanTest(in)
	if err != nil {
		t.Fatal(err)
	}
	// power.prop.test(p1=.30, p2=.33, power=.80): 3762.36 in each group
	if got.ChampionAccounts != 3763 || got.ChallengerAccounts != 3763 || float64(got.Days) != 75.26 {
		t.Errorf("got %+v", got)
	}
	near(t, "se", got.SE, math.Sqrt((0.33*0.67+0.3*0.7)/3763), 1e-14)
	if got.Power < 0.8 || got.Power > 0.8001 {
		t.Errorf("power %v", got.Power)
	}
	// Detecting downwards from .33 takes what detecting upwards from .67 does.
	var d compare.Design
	if p := d.ProportionPower(0.33, 0.33-float64(got.Detectable), 3763); !(math.Abs(p-0.8) <= 2e-3) {
		t.Errorf("detectable %v has power %v", got.Detectable, p)
	}
	// The test takes the variance of both groups thrown together, p(1-p) with p = .315.
	critical := 1.959963984540054 * math.Sqrt(2*0.315*0.685) / math.Sqrt(0.33*0.67+0.3*0.7)
	want := compare.WrongDecisions(compare.Belief{Mean: 0.03, SD: 0.02}, got.SE, critical)
	near(t, "wrong", got.Wrong, want.Wrong, 1e-9)
}

// A 90:10 split needs about (1 + 9)^2 / (4 * 9) = 2.8 times the accounts of 50:50.
func TestPlanOfAnUnequalSplit(t *testing.T) {
	in := compare.Plan{Metric: overdue, Champion: 0.33, Effect: compare.Belief{Mean: -0.03, SD: 0.02}, ChallengerShare: 0.1}
	got, err := compare.PlanTest(in)
	if err != nil {
		t.Fatal(err)
	}
	if total := float64(got.ChampionAccounts + got.ChallengerAccounts); !(math.Abs(total/7526-100./36) <= 0.06) {
		t.Errorf("%v accounts", total)
	}
	if r := float64(got.ChampionAccounts) / float64(got.ChallengerAccounts); !(math.Abs(r-9) <= 0.01) {
		t.Errorf("%d to %d", got.ChampionAccounts, got.ChallengerAccounts)
	}
	if !math.IsNaN(float64(got.Days)) {
		t.Errorf("days %v without accounts per day", got.Days)
	}
}

func TestPlanOfAMeanWithGivenAccounts(t *testing.T) {
	m := compare.Metric{Name: "recovered", Better: compare.Higher}
	got, err := compare.PlanTest(compare.Plan{
		Metric: m, Champion: 5, Effect: compare.Belief{Mean: 1, SD: 0.5}, SD: [2]float64{1, 1}, Accounts: 40, Power: 0.9,
		ValuePerUnit: 2, Units: 1000, Cost: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.ChampionAccounts != 20 || got.ChallengerAccounts != 20 {
		t.Errorf("got %+v", got)
	}
	near(t, "power.t.test(n=20, delta=1, sd=1)", got.Power, 0.868952801692498, tests26)
	near(t, "power.t.test(n=20, power=.9, sd=1)", float64(got.Detectable), 1.05197016883918, tests26)
	want := compare.ValueOfTest(compare.Belief{Mean: 2, SD: 1}, 2*math.Sqrt(0.1), 1000, 10)
	near(t, "net value", got.Value.Net, want.Net, 1e-12)
}

// TestGivenAccountsAreNotExceeded holds that groups of whole accounts add up to those that there are, and that every figure is
// of these groups.
func TestGivenAccountsAreNotExceeded(t *testing.T) {
	m := compare.Metric{Name: "recovered", Better: compare.Higher}
	for _, c := range []struct {
		accounts             int
		share                float64
		champion, challenger int
	}{
		{1000, 1. / 3, 667, 333},
		{1000, 2. / 3, 333, 667},
		{1005, 0.1, 905, 100},
		{7, 0.5, 4, 3},
		{100, 0.001, 99, 1},
		{100, 0.999, 2, 98},
		{4, 0.5, 2, 2},
	} {
		in := compare.Plan{Metric: m, Champion: 5, Effect: compare.Belief{Mean: 1, SD: 0.5}, SD: [2]float64{1, 1}, Accounts: c.accounts, ChallengerShare: c.share, AccountsPerDay: 10}
		got, err := compare.PlanTest(in)
		if err != nil {
			t.Fatal(err)
		}
		if got.ChampionAccounts != c.champion || got.ChallengerAccounts != c.challenger || float64(got.Days) != float64(c.accounts)/10 {
			t.Errorf("%d accounts, %g to the challenger: %d and %d in %v days, want %d and %d", c.accounts, c.share, got.ChampionAccounts, got.ChallengerAccounts, got.Days, c.champion, c.challenger)
		}
		n, k := float64(c.champion), float64(c.challenger)
		near(t, "power", got.Power, compare.Design{Ratio: k / n}.MeanPower(1, 1, n), 1e-12)
		near(t, "se", got.SE, math.Sqrt(1/n+1/k), 1e-14)
	}
}

// TestSharesThatCannotVaryAreRefused: everybody under one strategy and nobody under the other leaves no error to plan with.
func TestSharesThatCannotVaryAreRefused(t *testing.T) {
	for _, c := range [][2]float64{{0, 1}, {1, -1}, {0, 0}, {1, 0}} {
		_, err := compare.PlanTest(compare.Plan{Metric: overdue, Champion: c[0], Effect: compare.Belief{Mean: c[1], SD: 0.01}})
		if err == nil || !strings.Contains(err.Error(), "nothing varies within the groups") {
			t.Errorf("share %v, effect %v: %v", c[0], c[1], err)
		}
	}
}

func TestPlanErrorsAndWarnings(t *testing.T) {
	bad := compare.Plan{Metric: compare.Metric{Name: "m", Better: compare.Neither}, Champion: 0.9, Effect: compare.Belief{Mean: 0.2}, Power: 2, ChallengerShare: 1, Accounts: 3}
	if _, err := compare.PlanTest(bad); err == nil || strings.Count(err.Error(), "metric m: ") != 5 {
		t.Errorf("all five faults must be named: %v", err)
	}
	rest := compare.Plan{Metric: overdue, Champion: 1.5, Effect: compare.Belief{Mean: -1}, Power: 0.9, Significance: -0.05, AccountsPerDay: -1}
	if _, err := compare.PlanTest(rest); err == nil || strings.Count(err.Error(), "metric "+overdue.Name+": ") != 3 {
		t.Errorf("significance, accounts per day and the champion's share: %v", err)
	}
	if _, err := compare.PlanTest(compare.Plan{Metric: overdue, Champion: 0.3}); err == nil || !strings.Contains(err.Error(), "must differ") {
		t.Errorf("no effect: %v", err)
	}
	got, err := compare.PlanTest(compare.Plan{Metric: overdue, Champion: 0.5, Effect: compare.Belief{Mean: 0.4}, Accounts: 8})
	if err != nil || len(got.Warnings) != 4 {
		t.Errorf("a bad, certain effect, few accounts, nothing detectable: %q, %v", got.Warnings, err)
	}
}

func ExamplePlanTest() {
	plan, err := compare.PlanTest(compare.Plan{
		Metric: overdue, Champion: 0.21, Effect: compare.Belief{Mean: -0.03, SD: 0.015},
		ChallengerShare: 0.1, AccountsPerDay: 400,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d against %d accounts, %.0f days, chance of a wrong decision %.2f\n",
		plan.ChampionAccounts, plan.ChallengerAccounts, plan.Days, plan.Wrong)
	// Output:
	// 13924 against 1548 accounts, 39 days, chance of a wrong decision 0.29
}

// TestPlanIsOfItsOwnSizes: power and detectable difference are those of the two sizes that are printed, whole accounts, and a test
// that is sized reaches the power that was asked for.
func TestPlanIsOfItsOwnSizes(t *testing.T) {
	for _, sd := range [][2]float64{{1, 1}, {1, 3}, {3, 1}} {
		for _, share := range []float64{0.05, 0.1, 0.2, 0.5, 0.7} {
			for _, effect := range []float64{1, 2, 6} {
				p := compare.Plan{Metric: compare.Metric{Name: "recovered", Better: compare.Higher}, Effect: compare.Belief{Mean: effect}, SD: sd, ChallengerShare: share}
				got, err := compare.PlanTest(p)
				if err != nil {
					t.Fatal(err)
				}
				p.Accounts = got.ChampionAccounts + got.ChallengerAccounts
				p.ChallengerShare = float64(got.ChallengerAccounts) / float64(p.Accounts)
				given, err := compare.PlanTest(p)
				if err != nil {
					t.Fatal(err)
				}
				if got.Power < 0.8-1e-9 {
					t.Errorf("sd %v, share %v, effect %v: %d and %d have power %v", sd, share, effect, got.ChampionAccounts, got.ChallengerAccounts, got.Power)
				}
				if given.ChampionAccounts != got.ChampionAccounts || math.Abs(given.Power-got.Power) > 1e-9 || math.Abs(float64(given.Detectable-got.Detectable)) > 1e-6 {
					t.Errorf("sd %v, share %v, effect %v: sized %+v, the same given %+v", sd, share, effect, got, given)
				}
			}
		}
	}
}

// TestCertainBase: a share that is 0 or 1 under the champion has a detectable difference too. R 4.2: power.prop.test(n = 100,
// p1 = 1e-12, power = 0.8)$p2 is 0.07467.
func TestCertainBase(t *testing.T) {
	if q, err := (compare.Design{}).ProportionDetectable(0, 100, 0.8); err != nil || math.Abs(q-0.07467) > 5e-6 {
		t.Errorf("got %v, %v, want 0.07467", q, err)
	}
	if p := (compare.Design{}).ProportionPower(0, 0, 100); math.Abs(p-0.025) > 1e-12 {
		t.Errorf("where nothing differs the test finds something in %v, want 0.025", p)
	}
	for better, p := range map[compare.Direction]compare.Plan{compare.Higher: {Effect: compare.Belief{Mean: 0.12, SD: 0.02}}, compare.Lower: {Champion: 1, Effect: compare.Belief{Mean: -0.12, SD: 0.02}}} {
		p.Metric = compare.Metric{Name: "overdue_rate_30", Unit: "share", Better: better}
		got, err := compare.PlanTest(p)
		if err != nil || !(math.Abs(float64(got.Detectable)) <= 0.12) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
