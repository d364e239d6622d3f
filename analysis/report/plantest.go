package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// PlanOptions ask for a live champion/challenger test.
type PlanOptions struct {
	Metric       string
	Champion     string
	Challengers  []string
	Power        float64 // in (0, 1)
	Significance float64 // two-sided, in (0, 1)
	Share        float64 // of the accounts that get the challenger, in (0, 1)
	Size         int     // accounts of both groups; 0 means as many as the power takes
	Inflow       float64 // accounts a day that enter the test; 0 means the run's portfolio once in its horizon
	SD           float64 // between accounts; 0 means from the accounts of the run
	Value        float64 // money per account and unit of the metric; 0 means 1 for money, else unknown
	Population   float64 // accounts that the decision will apply to; 0 means the run's portfolio
	Cost         float64 // of the test
}

// TestPlans are the answer, one plan a challenger.
type TestPlans struct {
	Metric       string           `json:"metric"`
	Unit         string           `json:"unit"`
	Better       outcome.Better   `json:"better"`
	Champion     string           `json:"champion"`
	Power        float64          `json:"power_wanted"`
	Significance float64          `json:"significance"`
	Share        float64          `json:"challenger_share"`
	Inflow       float64          `json:"accounts_per_day"`
	Observation  int              `json:"observation_days"` // after an account entered, until its outcome is known
	Portfolio    int              `json:"portfolio_accounts"`
	Population   float64          `json:"population"`
	Value        estimate.Float   `json:"value_per_unit"`
	Plans        []ChallengerPlan `json:"plans"`
	Warnings     []string         `json:"warnings"`
	currency     string
	sizeGiven    bool
}

// ChallengerPlan is the test of one challenger.
type ChallengerPlan struct {
	Challenger    string            `json:"challenger"`
	ChampionValue estimate.Float    `json:"champion_value"`
	Effect        estimate.Estimate `json:"effect"`        // simulated, challenger minus champion, with the simulation's error
	BeliefSD      float64           `json:"belief_sd"`     // of the true effect, believed normal around the simulated one
	SD            float64           `json:"sd"`            // between accounts under the champion; of a share sqrt(p(1-p))
	ChallengerSD  float64           `json:"challenger_sd"` // and under the challenger
	SDFrom        string            `json:"sd_from"`       // in words
	Accounts      int               `json:"accounts"`
	*compare.TestPlan
	Worth     *compare.TestValue `json:"value"`            // of the test, in money; null where a unit's value is not known
	TotalDays estimate.Float     `json:"total_days"`       // to enrol, and then to observe the last account
	Reason    string             `json:"reason,omitempty"` // why there is no plan
	share     bool               // each account has the property or not, so that the spread follows from the share itself
	third     [2]float64         // third central moments between accounts under champion and challenger, 0 where unknown
}

// shares of accounts: each account has the property or not, so that p(1-p) is the variance between accounts.
var accountShares = []string{
	"overdue_rate_1", "overdue_rate_30", "overdue_rate_60", "overdue_rate_90", "overdue_rate_30_reported",
	"charge_off_rate", "distress_share", "remedied_share",
}

// NeedsAccounts reports whether the test of a metric needs the spread between accounts, which only
// accounts.arrow can tell. The error says that the metric is no mean over accounts at all.
func NeedsAccounts(name string) (bool, error) {
	if slices.Contains(accountShares, name) {
		return false, nil
	}
	if name == "collection_stress" {
		return false, errors.New("metric collection_stress: cannot be measured in a live test, where nobody lives the no-contact life too; take stress_mean")
	}
	if !toldByAccounts(borrowerProbe(), name) {
		return false, fmt.Errorf("metric %s: %s; or take one of %s", name, spreadWanted(name), strings.Join(plannable(), ", "))
	}
	return true, nil
}

// toldByAccounts reports whether accounts.arrow, as t is one, holds what makes up a metric, account by account.
func toldByAccounts(t *outcome.Table, name string) bool {
	over, _ := borrowerRatio(t, name)
	return borrowerFigure(t, name) != nil || over != nil
}

// plannable are the metrics of which plan-test finds the spread between accounts.
func plannable() []string {
	var names []string
	for _, m := range outcome.Metrics() {
		if m.Better != outcome.Neither && (slices.Contains(accountShares, m.Name) || toldByAccounts(borrowerProbe(), m.Name)) {
			names = append(names, m.Name)
		}
	}
	return names
}

// counted are shares of cases (contacts, promises), of which an account has none, one or several.
var counted = []string{"redefault_rate", "promise_rate", "promise_kept_rate", "diagnosis_accuracy"}

// spreadWanted says why accounts.arrow cannot tell the spread of a metric between accounts, and what to give as --sd.
func spreadWanted(name string) string {
	m := outcome.Metrics()[outcome.MetricIndex(name)]
	const give = "is no mean over accounts that accounts.arrow holds; give --sd S, the standard deviation between accounts, with S = "
	switch {
	case slices.Contains(counted, name):
		return fmt.Sprintf("%ssqrt(p(1-p)/q), where p is the share (%s) and q the number of its cases per account of the test", give, m.Doc)
	case m.Unit == "share":
		return fmt.Sprintf("%sthe standard deviation of (a - r b)/m, where r = sum of a over sum of b is the metric (%s) and m the mean of b (delta method)", give, m.Doc)
	}
	return give + "that of the metric itself, in " + m.Unit
}

// PlanTest sizes a live test from the simulated effect. accounts is the run's accounts.arrow or a
// sample of it; nil if the metric does not need it or o.SD is given.
//
// The belief of the true effect is normal. Its mean is the simulated paired difference d over the R
// replications. Its variance is that of the drawn parameters plus the error of the mean,
// max(0, S^2 - V/N) + S^2/R, with S^2 the variance of d between replications, and V/N the part of it
// that comes from the luck of N simulated accounts and would vanish in a large portfolio: V is the
// variance between accounts of their own differences. Without accounts V/N is taken as 0, so the
// belief is then somewhat too wide. Assumption: accounts are independent within a replication.
func PlanTest(r *Run, accounts *outcome.Table, o PlanOptions) (*TestPlans, error) {
	m := outcome.Metrics()[outcome.MetricIndex(o.Metric)]
	t := &TestPlans{
		Metric: m.Name, Unit: m.Unit, Better: m.Better, Champion: o.Champion, Power: o.Power, Significance: o.Significance, Share: o.Share,
		Inflow: o.Inflow, Observation: r.Manifest.Horizon, Portfolio: r.Manifest.Accounts, Population: o.Population,
		Value: estimate.Float(o.Value), Warnings: []string{}, currency: r.Manifest.Currency, sizeGiven: o.Size > 0,
	}
	t.assume(r, &m, &o)
	for _, name := range o.Challengers {
		p, err := r.plan(&m, accounts, name, &o)
		if err != nil {
			return nil, err
		}
		if p.TestPlan != nil {
			p.Accounts = p.ChampionAccounts + p.ChallengerAccounts
			p.TotalDays = p.Days + estimate.Float(r.Manifest.Horizon)
			if o.Value > 0 {
				p.Worth = &p.TestPlan.Value
			}
		}
		t.Plans = append(t.Plans, *p)
	}
	return t, nil
}

// assume fills in what was not said, and says so.
func (t *TestPlans) assume(r *Run, m *outcome.Metric, o *PlanOptions) {
	if o.Inflow == 0 {
		o.Inflow = float64(r.Manifest.Accounts) / float64(r.Manifest.Horizon)
		t.Inflow = o.Inflow
		t.Warnings = append(t.Warnings, fmt.Sprintf("inflow of %.4g accounts a day is an assumption: the run's portfolio once in its %d days; give --inflow", o.Inflow, r.Manifest.Horizon))
	}
	if o.Population == 0 {
		o.Population = float64(r.Manifest.Accounts)
		t.Population = o.Population
	}
	if o.Value == 0 && m.Unit == "currency/account" {
		o.Value, t.Value = 1, 1
	}
	if o.Value == 0 {
		t.Value = estimate.Float(math.NaN())
		t.Warnings = append(t.Warnings, fmt.Sprintf("the value of the test is unknown: say what a unit of %s is worth per account (--value)", m.Name))
	}
	if m.Name == outcome.RankedBy && o.SD == 0 {
		t.Warnings = append(t.Warnings, "the spread is that of net_value less what an account owed on day 0: take that off in the live test too, or the balances hide the effect")
	}
	if len(r.Manifest.Parameters) == 0 {
		t.Warnings = append(t.Warnings, "the run draws no parameters: the effect is believed as if the model's assumptions were certain, and the value of a test is understated")
	}
}

func (r *Run) plan(m *outcome.Metric, accounts *outcome.Table, challenger string, o *PlanOptions) (*ChallengerPlan, error) {
	pair := compare.Paired(r.linear(challenger, m), r.linear(o.Champion, m), confidence)
	p := &ChallengerPlan{
		Challenger: challenger, Effect: pair.Difference, SD: o.SD, ChallengerSD: o.SD, SDFrom: "given",
		ChampionValue: estimate.Float(r.Estimate(o.Champion, m).Value), TotalDays: estimate.Float(math.NaN()),
	}
	if math.IsNaN(pair.Difference.Value) {
		p.Reason = "the metric is undefined in the simulation"
		return p, nil
	}
	luck := 0.0
	switch {
	case o.SD > 0:
	case slices.Contains(accountShares, m.Name):
		p.SDFrom, p.share = "p(1-p) of a share", true
	case accounts == nil:
		return nil, fmt.Errorf("metric %s: needs the spread between accounts: repeat the run with --accounts-table, or give --sd", m.Name)
	case !toldByAccounts(accounts, m.Name):
		return nil, fmt.Errorf("accounts.arrow: lacks what %s is made of, as an earlier version wrote it: repeat the run with --accounts-table, or give --sd", m.Name)
	default:
		p.SDFrom = "accounts"
	}
	if accounts != nil {
		pairs, err := pairBorrowers(accounts, o.Champion, challenger)
		if err != nil {
			return nil, err
		}
		luck = p.fromAccounts(pairs, m.Name, r.Manifest.Accounts)
	}
	p.BeliefSD = beliefSD(pair.Difference, luck)
	r.size(p, m, o, pair.Identical)
	return p, nil
}

// fromAccounts fills in the spread between accounts and returns the variance of the mean difference
// that comes from the luck of n accounts.
func (p *ChallengerPlan) fromAccounts(pairs *borrowerPairs, metric string, n int) float64 {
	a, b := p.figures(pairs, metric)
	if a == nil {
		return 0
	}
	if p.SD == 0 && !p.share { // nobody gave it
		p.SD, p.ChallengerSD = math.Sqrt(withinVariance(pairs.replication, a)), math.Sqrt(withinVariance(pairs.replication, b))
		p.third = [2]float64{withinThird(pairs.replication, a), withinThird(pairs.replication, b)}
		p.noSpread()
	}
	luck := withinVariance(pairs.replication, minus(b, a, 1)) / float64(n)
	if math.IsNaN(luck) || math.IsInf(luck, 0) {
		return 0 // as without accounts
	}
	return luck
}

// noSpread gives the reason why there is no plan where accounts have no spread to size one by.
func (p *ChallengerPlan) noSpread() {
	switch sum := p.SD + p.ChallengerSD; {
	case math.IsNaN(sum) || math.IsInf(sum, 0): // a single account, or nothing below the line of a ratio
		p.SD, p.ChallengerSD, p.third = 0, 0, [2]float64{}
		p.Reason = "the accounts of the run are too few to tell the spread between them: run more, or give --sd"
	case sum == 0:
		p.Reason = "the accounts of a replication do not differ in it, so that there is no spread to size a test by: run more, or give --sd"
	}
}

// figures are one number a borrower under champion and challenger, of which the spread is the metric's; nil where the
// table cannot tell.
func (p *ChallengerPlan) figures(pairs *borrowerPairs, metric string) (champion, challenger []float64) {
	if figure := borrowerFigure(pairs.table, metric); figure != nil {
		return pairs.values(figure)
	}
	over, under := borrowerRatio(pairs.table, metric)
	if over == nil {
		return nil, nil
	}
	a, b := pairs.values(over)
	m, n := pairs.values(under)
	return linearised(a, m, float64(p.ChampionValue)), linearised(b, n, float64(p.ChampionValue)+p.Effect.Value)
}

// beliefSD is how sure the true effect is, see PlanTest; 0 where a single replication cannot tell.
func beliefSD(d estimate.Estimate, luck float64) float64 {
	if math.IsNaN(d.SE) {
		return 0
	}
	return math.Sqrt(math.Max(0, d.SE*d.SE*float64(d.N)-luck) + d.SE*d.SE)
}

// size adds the plan, or the reason why there is none.
func (r *Run) size(p *ChallengerPlan, m *outcome.Metric, o *PlanOptions, identical bool) {
	if identical {
		p.Reason = "the strategies are identical on it in every replication: there is nothing to test"
	}
	if p.Reason != "" {
		return
	}
	plan, err := compare.PlanTest(compare.Plan{
		Metric: metric(m), Champion: float64(p.ChampionValue), Effect: compare.Belief{Mean: p.Effect.Value, SD: p.BeliefSD}, SD: [2]float64{p.SD, p.ChallengerSD},
		Power: o.Power, Significance: o.Significance, ChallengerShare: o.Share, Accounts: o.Size, AccountsPerDay: o.Inflow,
		ValuePerUnit: o.Value, Units: o.Population, Cost: o.Cost,
	})
	if err != nil {
		p.Reason = err.Error()
		return
	}
	if !p.Effect.Excludes(0) {
		plan.Warnings = append(plan.Warnings, "the replications cannot tell the effect from 0: the size rests on a figure that may be luck; run more replications first")
	}
	if text := p.lopsided(&plan); text != "" {
		plan.Warnings = append(plan.Warnings, text)
	}
	p.TestPlan = &plan
	if p.share {
		champion := float64(p.ChampionValue)
		challenger := champion + p.Effect.Value
		p.SD, p.ChallengerSD = math.Sqrt(champion*(1-champion)), math.Sqrt(challenger*(1-challenger))
	}
}

// mostSkewness is how skewed the measured difference may be for a t test: the rule that a mean wants 25 times the squared
// skewness in accounts (Cochran 1977, section 2.15), so that at most 6 of 100 intervals miss, for a difference.
const mostSkewness = 1.0 / 5

// lopsided warns where a few accounts carry so much of a group's sum that the t test does not hold its significance.
func (p *ChallengerPlan) lopsided(t *compare.TestPlan) string {
	n, m := float64(t.ChampionAccounts), float64(t.ChallengerAccounts)
	skewness := math.Abs(p.third[1]/(m*m)-p.third[0]/(n*n)) / math.Pow(t.SE, 3)
	if !(skewness > mostSkewness) {
		return ""
	}
	return fmt.Sprintf("a few accounts carry most of the metric: with so few accounts the test finds differences that are not there more often than stated; about %s accounts would do",
		thousands(int(math.Ceil((n+m)*math.Pow(skewness/mostSkewness, 2)))))
}

// JSON writes one document.
func (t *TestPlans) JSON(w io.Writer) error { return writeJSON(w, t) }

// Text writes a paragraph a challenger.
func (t *TestPlans) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("live test of %s (%s, %s is better) against %s: %s of accounts get the challenger, two-sided test at %s",
		t.Metric, unit(t.Unit, t.currency), t.Better, t.Champion, stated(t.Share), stated(t.Significance))
	for i := range t.Plans {
		t.text(p, &t.Plans[i])
	}
	p.warn(t.Warnings)
	return p.err
}

func (t *TestPlans) text(p *printer, x *ChallengerPlan) {
	p.line("\n%s", x.Challenger)
	p.line("  simulated effect      %s %s", signed(x.Effect, t.Unit), signedInterval(x.Effect, t.Unit))
	if x.TestPlan == nil {
		p.line("  no test: %s", x.Reason)
		return
	}
	p.line("  accounts              %s: %s keep the champion, %s get the challenger", thousands(x.Accounts), thousands(x.ChampionAccounts), thousands(x.ChallengerAccounts))
	p.line("  days                  %.0f to enrol at %.4g a day and %d to observe, %.0f in all%s", math.Ceil(float64(x.Days)), t.Inflow, t.Observation, math.Ceil(float64(x.TotalDays)), t.atOnce(x))
	p.line("  power                 %s if the effect is exactly the simulated one", percent(x.Power, 1))
	p.line("  detectable            a difference of %s with a power of %s", t.detectable(x), stated(t.Power))
	p.line("  chance of a wrong decision  %s: %s to adopt a challenger that is not better, %s to miss one that is", percent(x.Wrong, 1), percent(x.WrongAdopt, 1), percent(x.WrongKeep, 1))
	if v := x.Worth; v != nil {
		p.line("  value of the test     %s %s per account (knowing for certain: %s); %s in all for %s accounts, less the cost of the test",
			sum(v.EVSI), t.currency, sum(v.EVPI), sum(v.Net), thousands(int(t.Population)))
	}
	for _, text := range x.TestPlan.Warnings {
		p.line("  warning: %s", text)
	}
}

// detectable prints it with the digits of the simulated effect, beside which it stands, or with more where a large test
// detects what would else be 0.0.
func (t *TestPlans) detectable(x *ChallengerPlan) string {
	e := x.Effect
	e.Value = float64(x.Detectable)
	e.SE = math.Min(e.SE, e.Value/2)
	return strings.TrimPrefix(signed(e, t.Unit), "+")
}

// sum prints money to four digits, next to nothing as such.
func sum(x float64) string {
	if x > 0 && x < 0.0001 {
		return "less than 0.0001"
	}
	return fmt.Sprintf("%.4g", x)
}

func (t *TestPlans) atOnce(x *ChallengerPlan) string {
	if x.Accounts <= t.Portfolio {
		return fmt.Sprintf(" (%d if the accounts are taken from the portfolio on one day)", t.Observation)
	}
	return ""
}

// CSV writes one row a challenger.
func (t *TestPlans) CSV(w io.Writer) error {
	x := outcome.NewTable("plan", "metric", "champion", "challenger", "effect", "effect_low", "effect_high", "belief_sd", "sd", "challenger_sd",
		"champion_accounts", "challenger_accounts", "days", "total_days", "power", "detectable", "wrong", "evsi", "net", "reason")
	for i := range t.Plans {
		p := &t.Plans[i]
		plan, worth := compare.TestPlan{Days: estimate.Float(math.NaN()), Detectable: estimate.Float(math.NaN())}, compare.TestValue{EVSI: math.NaN(), Net: math.NaN()}
		if p.TestPlan != nil {
			plan = *p.TestPlan
		}
		if p.Worth != nil {
			worth = *p.Worth
		}
		addRow(x, t.Metric, t.Champion, p.Challenger, p.Effect.Value, p.Effect.Low, p.Effect.High, p.BeliefSD, p.SD, p.ChallengerSD,
			float64(plan.ChampionAccounts), float64(plan.ChallengerAccounts), float64(plan.Days), float64(p.TotalDays), plan.Power,
			float64(plan.Detectable), plan.Wrong, worth.EVSI, worth.Net, p.Reason)
	}
	return x.Write(w, "csv")
}
