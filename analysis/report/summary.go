package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Summary is summary.json, and what `run --format json` prints. Undefined figures are null.
type Summary struct {
	Scenario     string            `json:"scenario"`
	Seed         uint64            `json:"seed"`
	Replications int               `json:"replications"`
	Accounts     int               `json:"accounts"`
	Redraw       bool              `json:"redraw,omitempty"` // accounts are drawn anew in every replication
	Horizon      int               `json:"horizon_days"`
	Baseline     string            `json:"baseline"`
	Currency     string            `json:"currency"`
	Strategies   []StrategySummary `json:"strategies"`
	Ranking      []RankedStrategy  `json:"ranking"`
	Warnings     []string          `json:"warnings"`
}

// StrategySummary is one strategy's figures.
type StrategySummary struct {
	Name           string                `json:"name"`
	Metrics        map[string]Figure     `json:"metrics"`
	VersusBaseline map[string]Difference `json:"versus_baseline"`
	Quadrants      map[string]string     `json:"quadrants"` // of ratios of differences: dominates, dominated, saves; empty where more is paid for more
	Warnings       []string              `json:"warnings"`
}

// Figure is an estimate with its 95% interval over replications.
type Figure struct {
	Estimate estimate.Float `json:"estimate"`
	Low      estimate.Float `json:"low"`
	High     estimate.Float `json:"high"`
	SE       estimate.Float `json:"se"`
	Unit     string         `json:"unit"`
	Better   outcome.Better `json:"better"`
}

// Difference is strategy minus baseline, paired by replication.
type Difference struct {
	Estimate          estimate.Float `json:"estimate"`
	Low               estimate.Float `json:"low"`
	High              estimate.Float `json:"high"`
	SE                estimate.Float `json:"se"`
	VarianceReduction estimate.Float `json:"variance_reduction"` // of pairing, against independent seeds; null where the two are identical
	Identical         bool           `json:"identical"`
}

// RankedStrategy is a place in the ranking by net value.
type RankedStrategy struct {
	Rank      int            `json:"rank"`
	Strategy  string         `json:"strategy"`
	Metric    string         `json:"metric"`
	Estimate  estimate.Float `json:"estimate"`
	ProbBest  estimate.Float `json:"prob_best"`  // chance that its mean is the best
	ShareBest estimate.Float `json:"share_best"` // share of replications in which it is best
}

// rankedBy is the metric that the ranking uses.
const rankedBy = outcome.RankedBy

// Summarise computes the summary of a run.
func Summarise(r *Run) *Summary {
	m := r.Manifest
	s := &Summary{
		Scenario: m.Scenario, Seed: m.Seed, Replications: m.Replications, Accounts: m.Accounts, Redraw: m.Redraw, Horizon: m.Horizon,
		Baseline: m.Baseline, Currency: m.Currency, Warnings: slices.Clone(m.Warnings),
	}
	if m.Replications < estimate.FewReplications {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: intervals are wide or missing; take at least %d, better 30", plural(m.Replications, "replication"), estimate.FewReplications))
	}
	for _, name := range m.Strategies {
		s.Strategies = append(s.Strategies, r.strategy(name))
	}
	s.Ranking = r.ranking()
	return s
}

func (r *Run) strategy(name string) StrategySummary {
	s := StrategySummary{Name: name, Metrics: map[string]Figure{}, VersusBaseline: map[string]Difference{}, Quadrants: map[string]string{}, Warnings: []string{}}
	base := r.Manifest.Baseline
	for _, m := range r.Metrics() {
		e, d := r.Estimate(name, &m), compare.Paired(r.linear(name, &m), r.linear(base, &m), confidence)
		s.Metrics[m.Name], s.VersusBaseline[m.Name] = figure(e, m.Unit, m.Better), difference(d)
		s.Warnings = append(s.Warnings, r.doubts(name, &m, e, d.Difference)...)
		if u := r.neverSeen(name, &m, e); u != nil {
			s.Warnings = append(s.Warnings, u.String())
		}
	}
	for _, m := range outcome.Relatives() {
		e := r.Relative(name, &m)
		s.Metrics[m.Name] = figure(e, m.Unit, m.Better)
		s.Quadrants[m.Name] = r.quadrant(name, base, &m)
		s.Warnings = append(s.Warnings, relativeDoubts(name == base, &m, e, s.Quadrants[m.Name])...)
	}
	s.Warnings = append(s.Warnings, r.staffing(name)...)
	s.Warnings = append(s.Warnings, overspent(float64(s.Metrics["cost"].Estimate), r.echo().Policy.Budget)...)
	return s
}

// echo is what figures need of the scenario that the manifest echoes; 0 where it does not say.
type echo struct {
	Borrowers struct {
		Stress struct{ Distress float64 } // from which a borrower counts as in distress, points
	}
	Policy struct {
		Budget float64 `json:"budget_per_account"` // major units; 0: no cap
	}
}

func (r *Run) echo() echo {
	var e echo
	if json.Unmarshal(r.Manifest.Echo, &e) != nil {
		return echo{}
	}
	return e
}

// passes reports whether a budget was not kept to; up to a tenth is what a last day costs, and complaints that follow.
func passes(cost, budget float64) bool { return budget > 0 && cost > 1.1*budget }

// overspent says that a budget was not kept to.
func overspent(cost, budget float64) []string {
	if !passes(cost, budget) {
		return nil
	}
	return []string{fmt.Sprintf("cost of %.4g an account passes policy.budget_per_account, %g: what comes without a decision to act, as agencies' fees, complaints, incidents and what remedies give up, is not held back by it", cost, budget)}
}

// doubts says of a metric why a figure is undefined, or rests on fewer replications than there are.
func (r *Run) doubts(name string, m *outcome.Metric, e, d estimate.Estimate) []string {
	missing := 0
	for _, x := range r.linear(name, m) {
		if math.IsNaN(x) {
			missing++
		}
	}
	switch {
	case math.IsNaN(e.Value):
		return []string{m.Name + ": undefined, nothing stands below the line"}
	case missing > 0:
		return []string{fmt.Sprintf("%s: undefined in %d of %d replications, which are left out", m.Name, missing, r.Manifest.Replications)}
	case math.IsNaN(d.Value):
		return []string{m.Name + ": no difference to " + r.Manifest.Baseline + ", where it is undefined"}
	case math.IsInf(e.Low, 0):
		return []string{m.Name + ": what stands below the line cannot be told from 0, so the interval is unbounded"}
	}
	return nil
}

// unseen is an event that could have happened and did not, in any replication.
type unseen struct {
	metric, what string // what is counted below the line: accounts or visits
	trials       int    // of all replications
	high         float64
}

// neverSeen says of an event that could have happened and did not, in any replication, how frequent it may be all the
// same: its interval from 0 to 0 would call it impossible. The bound is the exact one for independent trials (Clopper
// and Pearson 1934), 3.7 over their number. Nil where it happened, or could not.
func (r *Run) neverSeen(name string, m *outcome.Metric, e estimate.Estimate) *unseen {
	per, rare := map[string]struct{ exposure, what string }{
		"complaints_per_1000": {"attempts_per_account", "accounts"}, "incidents_per_1000_visits": {"visits_per_account", "visits"},
	}[m.Name]
	if !rare || e.Value != 0 || e.SE != 0 {
		return nil
	}
	trials := 0.0
	for _, x := range r.Values(name, per.exposure) {
		switch {
		case per.what == "visits":
			trials += x * float64(r.Manifest.Accounts)
		case x > 0:
			trials += float64(r.Manifest.Accounts)
		}
	}
	n := int(math.Round(trials))
	if n == 0 {
		return nil
	}
	return &unseen{m.Name, per.what, n, 1000 * estimate.ShareExact(0, n, confidence).High}
}

func (u *unseen) String() string {
	return fmt.Sprintf("%s: none among %s %s of all replications, which leaves up to %.3g possible (95%%)", u.metric, thousands(u.trials), u.what, u.high)
}

// The quadrants of a ratio of extra cost over extra effect. Only with more of both is a low ratio good.
const (
	quadrantMore      = "" // costs more and achieves more: the ratio is a price
	quadrantDominates = "dominates"
	quadrantDominated = "dominated"
	quadrantSaves     = "saves"
)

var quadrantDoubt = map[string]string{
	quadrantDominates: "costs no more and achieves more than the baseline (dominates it), so the ratio is no price",
	quadrantDominated: "costs no less and achieves less than the baseline (dominated by it), so the ratio is no price",
	quadrantSaves:     "costs less and achieves less than the baseline: the ratio is what giving up a unit saves, and more is better",
}

// quadrant says by the point estimates what kind of ratio a relative metric is.
func (r *Run) quadrant(name, base string, m *outcome.Relative) string {
	cost, _ := estimate.MeanVariance(minus(r.Values(name, m.Over), r.Values(base, m.Over), 1))
	effect, _ := estimate.MeanVariance(minus(r.Values(name, m.Under), r.Values(base, m.Under), m.Sign))
	switch {
	case cost <= 0 && effect > 0:
		return quadrantDominates
	case cost >= 0 && effect < 0:
		return quadrantDominated
	case cost < 0 && effect < 0:
		return quadrantSaves
	}
	return quadrantMore
}

func relativeDoubts(baseline bool, m *outcome.Relative, e estimate.Estimate, quadrant string) []string {
	switch {
	case baseline:
		return []string{m.Name + ": undefined, the baseline does not differ from itself"}
	case math.IsNaN(e.Value):
		return []string{fmt.Sprintf("%s: undefined, %s does not differ from the baseline's", m.Name, m.Under)}
	case math.IsInf(e.Low, 0):
		return []string{fmt.Sprintf("%s: the difference of %s cannot be told from 0, so the interval is unbounded", m.Name, m.Under)}
	case quadrant != quadrantMore:
		return []string{m.Name + ": " + quadrantDoubt[quadrant]}
	}
	return nil
}

// Relative returns a ratio of paired differences to the baseline with Fieller's interval; undefined
// for the baseline itself.
func (r *Run) Relative(name string, m *outcome.Relative) estimate.Estimate {
	return r.relative(name, r.Manifest.Baseline, m, confidence)
}

func (r *Run) relative(name, base string, m *outcome.Relative, level float64) estimate.Estimate {
	if name == base {
		return estimate.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), SE: math.NaN()}
	}
	over := minus(r.Values(name, m.Over), r.Values(base, m.Over), 1)
	under := minus(r.Values(name, m.Under), r.Values(base, m.Under), m.Sign)
	return estimate.Ratio(over, under, level)
}

func minus(a, b []float64, sign float64) []float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = sign * (a[i] - b[i])
	}
	return d
}

func figure(e estimate.Estimate, unit string, better outcome.Better) Figure {
	return Figure{
		Estimate: estimate.Float(e.Value), Low: estimate.Float(e.Low), High: estimate.Float(e.High), SE: estimate.Float(e.SE),
		Unit: unit, Better: better,
	}
}

func (f *Figure) estimate(n int) estimate.Estimate {
	return estimate.Estimate{Value: float64(f.Estimate), Low: float64(f.Low), High: float64(f.High), SE: float64(f.SE), N: n}
}

func difference(p compare.Pair) Difference {
	d := p.Difference
	return Difference{
		Estimate: estimate.Float(d.Value), Low: estimate.Float(d.Low), High: estimate.Float(d.High), SE: estimate.Float(d.SE),
		VarianceReduction: p.VarianceReduction, Identical: p.Identical,
	}
}

func (r *Run) ranking() []RankedStrategy {
	i := outcome.MetricIndex(rankedBy)
	m := outcome.Metrics()[i]
	var series []compare.Series
	for _, name := range r.Manifest.Strategies {
		series = append(series, compare.Series{Name: name, Values: r.linear(name, &m)})
	}
	ranking, err := compare.Rank(metric(&m), series, compare.RankOptions{Seed: r.Manifest.Seed})
	if err != nil {
		return []RankedStrategy{}
	}
	return ranked(&ranking)
}

func ranked(r *compare.Ranking) []RankedStrategy {
	list := []RankedStrategy{}
	for _, s := range r.Strategies {
		list = append(list, RankedStrategy{s.Rank, s.Strategy, r.Name, estimate.Float(s.Mean.Value), s.ProbBest, s.ShareBest})
	}
	return list
}

func metric(m *outcome.Metric) compare.Metric {
	return compare.Metric{Name: m.Name, Unit: m.Unit, Better: compare.Direction(m.Better)}
}

// column returns the values of one strategy's rows of a table.
func column(t *outcome.Table, strategy, name string) []float64 {
	c, s := t.Column(name), t.Column("strategy")
	if c == nil || s == nil {
		return nil
	}
	var values []float64
	for row, x := range c.Floats() {
		if s.Text[row] == strategy {
			values = append(values, x)
		}
	}
	return values
}

// JSON returns the summary as one indented document.
func (s *Summary) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, fmt.Errorf("summary: %w", err)
	}
	return append(text, '\n'), nil
}

// Strategy returns one strategy's figures, or nil.
func (s *Summary) Strategy(name string) *StrategySummary {
	for i := range s.Strategies {
		if s.Strategies[i].Name == name {
			return &s.Strategies[i]
		}
	}
	return nil
}
