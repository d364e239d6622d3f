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

// RankedStrategy is a place in the ranking by net present value.
type RankedStrategy struct {
	Rank      int            `json:"rank"`
	Strategy  string         `json:"strategy"`
	Metric    string         `json:"metric"`
	Estimate  estimate.Float `json:"estimate"`
	ProbBest  estimate.Float `json:"prob_best"`  // chance that its mean is the best
	ShareBest estimate.Float `json:"share_best"` // share of replications in which it is best
}

// rankedBy is the metric that the ranking uses: what the lender is left with.
const rankedBy = "npv"

// Summarise computes the summary of a run.
func Summarise(r *Run) *Summary {
	m := r.Manifest
	s := &Summary{
		Scenario: m.Scenario, Seed: m.Seed, Replications: m.Replications, Accounts: m.Accounts, Horizon: m.Horizon,
		Baseline: m.Baseline, Currency: m.Currency, Warnings: slices.Clone(m.Warnings),
	}
	if m.Replications < estimate.FewReplications {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d replications: intervals are wide or missing; take at least %d, better 30", m.Replications, estimate.FewReplications))
	}
	for _, name := range m.Strategies {
		s.Strategies = append(s.Strategies, r.strategy(name))
	}
	s.Ranking = r.ranking()
	return s
}

func (r *Run) strategy(name string) StrategySummary {
	s := StrategySummary{Name: name, Metrics: map[string]Figure{}, VersusBaseline: map[string]Difference{}, Warnings: []string{}}
	base := r.Manifest.Baseline
	for _, m := range r.Metrics() {
		e := r.Estimate(name, &m)
		s.Metrics[m.Name] = figure(e, m.Unit, m.Better)
		if math.IsNaN(e.Value) && m.Headline {
			s.Warnings = append(s.Warnings, fmt.Sprintf("%s: undefined, nothing stands below the line", m.Name))
		}
		s.VersusBaseline[m.Name] = difference(r.paired(name, base, &m))
	}
	for _, m := range outcome.Relatives() {
		s.Metrics[m.Name] = figure(r.Relative(name, &m), m.Unit, m.Better)
	}
	s.Warnings = append(s.Warnings, r.saturation(name)...)
	return s
}

// paired compares a strategy with another on a metric, replication by replication. Ratios are
// compared by their replications too; their point estimate is the difference of the ratios of means.
func (r *Run) paired(name, base string, m *outcome.Metric) compare.Pair {
	return compare.Paired(r.Values(name, m.Name), r.Values(base, m.Name), confidence)
}

// Relative returns a ratio of paired differences to the baseline with Fieller's interval; undefined
// for the baseline itself.
func (r *Run) Relative(name string, m *outcome.Relative) estimate.Estimate {
	base := r.Manifest.Baseline
	if name == base {
		return estimate.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), SE: math.NaN()}
	}
	over := minus(r.Values(name, m.Over), r.Values(base, m.Over), 1)
	under := minus(r.Values(name, m.Under), r.Values(base, m.Under), m.Sign)
	return ratio(over, under)
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

func difference(p compare.Pair) Difference {
	d := p.Difference
	return Difference{
		Estimate: estimate.Float(d.Value), Low: estimate.Float(d.Low), High: estimate.Float(d.High), SE: estimate.Float(d.SE),
		VarianceReduction: p.VarianceReduction, Identical: p.Identical,
	}
}

func (r *Run) ranking() []RankedStrategy {
	list := []RankedStrategy{}
	i := outcome.MetricIndex(rankedBy)
	m := outcome.Metrics()[i]
	var series []compare.Series
	for _, name := range r.Manifest.Strategies {
		series = append(series, compare.Series{Name: name, Values: r.Values(name, m.Name)})
	}
	ranking, err := compare.Rank(metric(&m), series, compare.RankOptions{Seed: r.Manifest.Seed})
	if err != nil {
		return list
	}
	for _, s := range ranking.Strategies {
		list = append(list, RankedStrategy{s.Rank, s.Strategy, m.Name, estimate.Float(s.Mean.Value), s.ProbBest, s.ShareBest})
	}
	return list
}

func metric(m *outcome.Metric) compare.Metric {
	return compare.Metric{Name: m.Name, Unit: m.Unit, Better: compare.Direction(m.Better)}
}

// saturation names the teams whose capacity was short: the day from which somebody always waited.
func (r *Run) saturation(name string) []string {
	daily, err := outcome.Open(r.Dir, "daily")
	if err != nil {
		return nil
	}
	var warnings []string
	for _, team := range []string{"call", "visit"} {
		queue := column(daily, name, "queue_"+team)
		from := len(queue)
		for from > 0 && queue[from-1] >= 1 {
			from--
		}
		if len(queue)-from >= 14 {
			warnings = append(warnings, fmt.Sprintf("%s capacity is full from day %d to the end: %.0f accounts wait on the last day, and more agents would change the result", team, from, queue[len(queue)-1]))
		}
	}
	return warnings
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
