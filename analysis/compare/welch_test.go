package compare_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
)

// With one spread and equal groups Welch's test is the pooled one.
func TestWelchIsStudentWhereNothingDiffers(t *testing.T) {
	var d compare.Design
	near(t, "power", d.WelchPower(1, [2]float64{1, 1}, 20), d.MeanPower(1, 1, 20), 1e-12)
	n, err := d.WelchSize(1, [2]float64{2, 2}, 0.9)
	want, err2 := d.MeanSize(1, 2, 0.9)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	near(t, "size", n, want, 1e-9)
}

// A group without spread has a known mean: the test is a t test of the other group alone.
func TestWelchAgainstAConstant(t *testing.T) {
	d := compare.Design{Ratio: 1. / 9}
	near(t, "power", d.WelchPower(0.5, [2]float64{0, 1}, 9*40), d.PairedPower(0.5, 1, 40), 1e-12)
	n, err := d.WelchSize(0.5, [2]float64{0, 1}, 0.8)
	pairs, err2 := d.PairedSize(0.5, 1, 0.8)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	near(t, "size", n/9, pairs, 1e-4)
	delta, err := d.WelchDetectable([2]float64{0, 1}, n, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "detectable", delta, 0.5, 1e-3)
	for _, sd := range [][2]float64{{0, 0}, {math.NaN(), 1}} {
		if _, err := d.WelchSize(0.5, sd, 0.8); err == nil {
			t.Errorf("spreads %v: no error", sd)
		}
	}
}

// A group of one account has no spread of its own, so no test can be made.
func TestWelchNeedsTwoInEachGroup(t *testing.T) {
	plan, err := compare.PlanTest(compare.Plan{
		Metric: compare.Metric{Name: "recovered", Better: compare.Higher}, Effect: compare.Belief{Mean: 1, SD: 1}, SD: [2]float64{1, 2},
		ChallengerShare: 0.1, Accounts: 10,
	})
	if err != nil || plan.ChallengerAccounts != 1 || plan.Power != 0 || plan.WrongAdopt != 0 || !math.IsNaN(float64(plan.Detectable)) {
		t.Errorf("got %+v, %v", plan, err)
	}
	least, err := compare.Design{Ratio: 1. / 9}.WelchSize(1e6, [2]float64{1, 2}, 0.8)
	if err != nil || !(math.Abs(least-18) <= 1e-9) {
		t.Errorf("least size %v, %v, want 2 in the smaller group", least, err)
	}
}

// Tests that are played keep the power that the plan promises: normal groups of unequal spread at an uneven split. The
// noncentral t is exact for neither spread known, so a hundredth is added to 5 standard errors of the simulation.
func TestPlannedPowerIsThatOfTestsPlayed(t *testing.T) {
	for _, sd := range [][2]float64{{1, 3}, {3, 1}, {0, 2}, {1.2, 1}} {
		plan, err := compare.PlanTest(compare.Plan{
			Metric: compare.Metric{Name: "recovered", Better: compare.Higher}, Effect: compare.Belief{Mean: 1}, SD: sd, ChallengerShare: 0.1,
		})
		if err != nil {
			t.Fatal(err)
		}
		const tests = 4000
		rng, found, false1 := rand.New(rand.NewPCG(1, 2)), 0, 0
		for range tests {
			a, va := normalGroup(rng, sd[0], plan.ChampionAccounts)
			b, vb := normalGroup(rng, sd[1], plan.ChallengerAccounts)
			if welchFinds(1+b-a, va, vb, plan) {
				found++
			}
			if x := b - a; welchFinds(x, va, vb, plan) || welchFinds(-x, va, vb, plan) {
				false1++
			}
		}
		bound := func(p float64) float64 { return 0.01 + 5*math.Sqrt(p*(1-p)/tests) }
		if got := float64(found) / tests; !(math.Abs(got-plan.Power) <= bound(plan.Power)) {
			t.Errorf("spreads %v: %d and %d accounts find the effect in %.3f of tests, promised %.3f", sd, plan.ChampionAccounts, plan.ChallengerAccounts, got, plan.Power)
		}
		if got := float64(false1) / tests; !(math.Abs(got-0.05) <= bound(0.05)) {
			t.Errorf("spreads %v: %.3f of tests find an effect that is not there, want 0.05", sd, got)
		}
	}
}

func normalGroup(rng *rand.Rand, sd float64, n int) (mean, variance float64) {
	x := make([]float64, n)
	for i := range x {
		x[i] = sd * rng.NormFloat64()
	}
	return estimate.MeanVariance(x)
}

// welchFinds is the test itself, from its textbook formula.
func welchFinds(x, va, vb float64, plan compare.TestPlan) bool {
	a, b := va/float64(plan.ChampionAccounts), vb/float64(plan.ChallengerAccounts)
	df := (a + b) * (a + b) / (a*a/float64(plan.ChampionAccounts-1) + b*b/float64(plan.ChallengerAccounts-1))
	return x > estimate.TQuantile(0.975, df)*math.Sqrt(a+b)
}

// The chance to miss a certain effect is what is left of the test's power, whatever the split: both speak of one test.
func TestWrongDecisionsAreThoseOfTheTest(t *testing.T) {
	for _, share := range []float64{0.1, 0.5, 0.9} {
		plan, err := compare.PlanTest(compare.Plan{Metric: overdue, Champion: 0.09, Effect: compare.Belief{Mean: -0.037}, ChallengerShare: share, Accounts: 3000})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "missed", plan.WrongKeep, 1-plan.Power, 1e-12)
	}
	plan, err := compare.PlanTest(compare.Plan{
		Metric: compare.Metric{Name: "recovered", Better: compare.Higher}, Effect: compare.Belief{Mean: 1}, SD: [2]float64{100, 140}, ChallengerShare: 0.1, Accounts: 1e6,
	})
	if err != nil {
		t.Fatal(err)
	}
	// The belief takes a normal test for the t test, which so many accounts make the same.
	near(t, "missed", plan.WrongKeep, 1-plan.Power, 1e-4)
}
