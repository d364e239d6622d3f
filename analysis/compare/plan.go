package compare

import (
	"errors"
	"fmt"
	"math"

	"collectsim/analysis/estimate"
)

// A Plan asks for a live champion/challenger test of one metric.
type Plan struct {
	Metric   Metric
	Champion float64 // the metric under the champion
	// Effect is the simulated difference, challenger minus champion, and how sure the
	// simulation is of it (its own error and that of its assumptions) as a normal belief.
	Effect Belief
	// SD is that between accounts within the champion's group and within the challenger's; both 0 for a share, whose
	// SD follows from it.
	SD [2]float64

	Power           float64 // 0 means 0.8
	Significance    float64 // two-sided; 0 means 0.05
	ChallengerShare float64 // of the accounts, in (0, 1); 0 means 0.5, 90:10 is 0.1
	Accounts        int     // in both groups; 0 means as many as the power takes
	AccountsPerDay  float64 // that enter the test; 0 means unknown

	ValuePerUnit float64 // money per account and unit of the metric, positive; 0 means unknown
	Units        float64 // accounts that the decision will apply to
	Cost         float64 // of the test
}

// A TestPlan is the answer to a [Plan].
type TestPlan struct {
	ChampionAccounts   int            `json:"champion_accounts"`
	ChallengerAccounts int            `json:"challenger_accounts"`
	Days               estimate.Float `json:"days"`       // to enrol them; null if unknown
	Power              float64        `json:"power"`      // if the effect is exactly the simulated one
	Detectable         estimate.Float `json:"detectable"` // least difference found with the power asked for
	SE                 float64        `json:"se"`         // of the measured difference
	Mistake                           // if the challenger is adopted when significantly better
	Value              TestValue      `json:"value"` // in money; zero if no value per unit is given
	Warnings           []string       `json:"warnings,omitempty"`
}

// PlanTest sizes the test, or judges the size given, and says what it is worth before it runs.
//
// The challenger is taken to be adopted when it is significantly better in the metric's
// direction. A share is tested by [Design.ProportionPower], anything else by Welch's t test
// ([Design.WelchPower]; where both spreads are equal by [Design.MeanPower]), and the chances of a wrong
// decision are those of the same test. Detectable looks in the direction that is good; null where no share
// in [0, 1] is far enough away.
//
// The error names every input that is out of range, or says that no size suffices.
func PlanTest(p Plan) (TestPlan, error) {
	p = p.withDefaults()
	if err := p.check(); err != nil {
		return TestPlan{}, err
	}
	n, err := p.championAccounts()
	if err != nil {
		return TestPlan{}, fmt.Errorf("metric %s: %w", p.Metric.Name, err)
	}
	m := p.challengerAccounts(n)
	p.ChallengerShare = float64(m) / (n + float64(m)) // the split of whole accounts, for what follows
	t := TestPlan{ChampionAccounts: int(n), ChallengerAccounts: m, Power: p.powerAt(n)}
	t.Days = estimate.Float(float64(t.ChampionAccounts+t.ChallengerAccounts) / p.AccountsPerDay)
	if p.AccountsPerDay == 0 {
		t.Days = estimate.Float(math.NaN())
	}
	t.SE = p.se(float64(t.ChampionAccounts), float64(t.ChallengerAccounts))
	t.Detectable = estimate.Float(p.detectable(n))
	good := Belief{Mean: p.Metric.sign() * p.Effect.Mean, SD: p.Effect.SD}
	t.Mistake = WrongDecisions(good, t.SE, p.critical(float64(t.ChampionAccounts), float64(t.ChallengerAccounts)))
	money := Belief{Mean: good.Mean * p.ValuePerUnit, SD: good.SD * p.ValuePerUnit}
	t.Value = ValueOfTest(money, t.SE*p.ValuePerUnit, p.Units, p.Cost)
	t.Warnings = p.warnings(t)
	return t, nil
}

func (p Plan) withDefaults() Plan {
	for _, d := range []struct {
		field    *float64
		fallback float64
	}{{&p.Power, 0.8}, {&p.Significance, 0.05}, {&p.ChallengerShare, 0.5}} {
		if *d.field == 0 {
			*d.field = d.fallback
		}
	}
	return p
}

func (p Plan) check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("metric "+p.Metric.Name+": "+format, args...))
		}
	}
	need(p.Metric.sign() != 0, "is good neither way, so no test can tell whether to adopt the challenger")
	need(p.Power > p.Significance && p.Power < 1, "power %v: must be above the significance %v and below 1", p.Power, p.Significance)
	need(p.Significance > 0 && p.Significance < 1, "significance %v: must be in (0, 1)", p.Significance)
	need(p.ChallengerShare > 0 && p.ChallengerShare < 1, "challenger's share %v: must be in (0, 1)", p.ChallengerShare)
	need(p.Accounts == 0 || p.Accounts >= 4, "accounts %d: must be at least 4, or 0 to size the test", p.Accounts)
	need(p.AccountsPerDay >= 0 && p.ValuePerUnit >= 0 && p.Units >= 0, "accounts per day, value per unit and units must not be negative")
	need(p.SD[0] >= 0 && p.SD[1] >= 0 && p.Effect.SD >= 0, "standard deviations must not be negative, got %v, %v and %v", p.SD[0], p.SD[1], p.Effect.SD)
	if p.share() {
		q := p.Champion + p.Effect.Mean
		need(p.Champion >= 0 && p.Champion <= 1 && q >= 0 && q <= 1,
			"shares %v and %v: must be in [0, 1]; give the standard deviation if it is no share", p.Champion, q)
		need(p.Champion*(1-p.Champion) != 0 || q*(1-q) != 0, "shares %v and %v: nothing varies within the groups, so there is nothing to test", p.Champion, q)
	}
	return errors.Join(errs...)
}

func (p Plan) share() bool { return p.SD == [2]float64{} }

// equal reports that the groups have one spread, which a test can pool.
func (p Plan) equal() bool { return p.SD[0] == p.SD[1] }

func (p Plan) design() Design {
	return Design{Significance: p.Significance, Ratio: p.ChallengerShare / (1 - p.ChallengerShare)}
}

// championAccounts returns a whole number, at least 2; of given accounts it leaves at least one to the challenger.
func (p Plan) championAccounts() (float64, error) {
	if p.Accounts > 0 {
		return min(max(2, math.Round(float64(p.Accounts)*(1-p.ChallengerShare))), float64(p.Accounts)-1), nil
	}
	var n float64
	var err error
	switch {
	case p.share():
		n, err = p.design().ProportionSize(p.Champion, p.Champion+p.Effect.Mean, p.Power)
	case p.equal():
		n, err = p.design().MeanSize(p.Effect.Mean, p.SD[0], p.Power)
	default:
		n, err = p.design().WelchSize(p.Effect.Mean, p.SD, p.Power)
	}
	return math.Max(2, math.Ceil(n)), err
}

// challengerAccounts is what is left of given accounts, or what the split takes beside n of the champion's, rounded up.
func (p Plan) challengerAccounts(n float64) int {
	if p.Accounts > 0 {
		return p.Accounts - int(n)
	}
	return int(math.Ceil(n*p.ChallengerShare/(1-p.ChallengerShare) - 1e-9))
}

func (p Plan) powerAt(n float64) float64 {
	switch {
	case p.share():
		return p.design().ProportionPower(p.Champion, p.Champion+p.Effect.Mean, n)
	case p.equal():
		return p.design().MeanPower(p.Effect.Mean, p.SD[0], n)
	}
	return p.design().WelchPower(p.Effect.Mean, p.SD, n)
}

func (p Plan) se(n, m float64) float64 {
	if !p.share() {
		se, _ := welch(p.SD, n, m)
		return se
	}
	q := p.Champion + p.Effect.Mean
	return math.Sqrt(p.Champion*(1-p.Champion)/n + q*(1-q)/m)
}

// critical is how many standard errors the measured difference must exceed. The test of a share takes the variance of
// the groups thrown together, which at an uneven split is not that of the difference.
func (p Plan) critical(n, m float64) float64 {
	tail := 1 - p.Significance/2
	switch {
	case p.share():
		q := p.Champion + p.Effect.Mean
		pooled := (n*p.Champion + m*q) / (n + m)
		return estimate.NormalQuantile(tail) * math.Sqrt(pooled*(1-pooled)*(1/n+1/m)) / p.se(n, m)
	case p.equal():
		return estimate.TQuantile(tail, n+m-2)
	}
	if min(n, m) < 2 {
		return math.Inf(1) // no test can be made
	}
	_, df := welch(p.SD, n, m)
	return estimate.TQuantile(tail, df)
}

// detectable returns the least difference in the good direction, positive.
func (p Plan) detectable(n float64) float64 {
	if !p.share() {
		detect := func() (float64, error) { return p.design().MeanDetectable(p.SD[0], n, p.Power) }
		if !p.equal() {
			detect = func() (float64, error) { return p.design().WelchDetectable(p.SD, n, p.Power) }
		}
		delta, err := detect()
		if err != nil {
			return math.NaN()
		}
		return delta
	}
	base := p.Champion
	if p.Metric.sign() < 0 {
		base = 1 - base // the same test with the other outcome counted
	}
	q, err := p.design().ProportionDetectable(base, n, p.Power)
	if err != nil {
		return math.NaN()
	}
	return q - base
}

func (p Plan) warnings(t TestPlan) []string {
	var out []string
	if p.Metric.sign()*p.Effect.Mean <= 0 {
		out = append(out, "the simulated effect is not good: the test would confirm a challenger that should not be adopted")
	}
	if p.Effect.SD == 0 {
		out = append(out, "the effect is taken as certain: a test can then not be worth anything")
	}
	if small := min(t.ChampionAccounts, t.ChallengerAccounts); small < 30 {
		out = append(out, fmt.Sprintf("only %d accounts in the smaller group: the normal approximations are rough", small))
	}
	if math.IsNaN(float64(t.Detectable)) && !p.share() {
		out = append(out, "a group of a single account has no spread: nothing can be detected")
	}
	if math.IsNaN(float64(t.Detectable)) && p.share() {
		out = append(out, "no share in [0, 1] is far enough from the champion's to be detected with that many accounts")
	}
	return out
}
