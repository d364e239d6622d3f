package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Comparison is what the compare command prints: every challenger against the champion, metric by
// metric.
type Comparison struct {
	Scenario    string                       `json:"scenario"`
	Champion    string                       `json:"champion"`
	Confidence  float64                      `json:"confidence"`
	Figures     map[string]map[string]Figure `json:"figures"` // by strategy and metric, at the same confidence
	Comparisons []compare.Comparison         `json:"comparisons"`
	Relatives   []RelativeComparison         `json:"relatives"`
	Rankings    []compare.Ranking            `json:"rankings"`

	Indifference map[string]float64 `json:"indifference,omitempty"` // by metric: up to this a difference does not matter

	currency     string
	strategies   []string
	replications int
}

// RelativeComparison is a ratio of two differences between challenger and champion.
type RelativeComparison struct {
	compare.Metric
	Champion   string `json:"champion"`
	Challenger string `json:"challenger"`
	Figure     `json:"figure"`
	Quadrant   string `json:"quadrant"` // dominates, dominated, saves; empty where more is paid for more
}

// CompareOptions say what is compared with what.
type CompareOptions struct {
	Champion     string             // none means the run's baseline
	Metrics      []string           // none means the headline ones
	Confidence   float64            // in (0, 1); 0 means 0.95
	Indifference map[string]float64 // by metric: differences up to this, either way, do not matter
}

// Compare compares the champion with every other strategy of the run.
func Compare(r *Run, o CompareOptions) (*Comparison, error) {
	champion, metrics, level := cmp.Or(o.Champion, r.Manifest.Baseline), o.Metrics, cmp.Or(o.Confidence, confidence)
	if err := r.Lacks(metrics...); err != nil {
		return nil, err
	}
	if !slices.Contains(r.Manifest.Strategies, champion) {
		return nil, fmt.Errorf("champion %q: must be one of %s", champion, strings.Join(r.Manifest.Strategies, ", "))
	}
	if !(level > 0 && level < 1) {
		return nil, fmt.Errorf("confidence: must be in (0, 1), got %g", level)
	}
	if len(metrics) == 0 {
		metrics = Headline()
	}
	x := &Comparison{
		Scenario: r.Manifest.Scenario, Champion: champion, Confidence: level, Figures: map[string]map[string]Figure{},
		Indifference: o.Indifference, Comparisons: []compare.Comparison{}, Relatives: []RelativeComparison{}, Rankings: []compare.Ranking{},
		currency: r.Manifest.Currency, strategies: r.Manifest.Strategies, replications: r.Manifest.Replications,
	}
	reasons := map[string][]string{}
	for _, name := range r.Manifest.Strategies {
		reasons[name], x.Figures[name] = r.saturation(name), map[string]Figure{}
	}
	for _, m := range r.Metrics() {
		if !slices.Contains(metrics, m.Name) {
			continue
		}
		if err := x.add(r, &m, reasons); err != nil {
			return nil, err
		}
	}
	for _, m := range outcome.Relatives() {
		if slices.Contains(metrics, m.Name) {
			x.addRelative(r, &m)
		}
	}
	return x, nil
}

// add compares on one metric.
func (x *Comparison) add(r *Run, m *outcome.Metric, reasons map[string][]string) error {
	champion := compare.Series{Name: x.Champion, Values: r.linear(x.Champion, m)}
	all := []compare.Series{champion}
	for _, name := range x.strategies {
		x.Figures[name][m.Name] = figure(r.estimate(name, m, x.Confidence), m.Unit, m.Better)
		if name != x.Champion {
			all = append(all, compare.Series{Name: name, Values: r.linear(name, m)})
		}
	}
	x.Comparisons = append(x.Comparisons, compare.Challengers(metric(m), champion, all[1:], compare.Options{Confidence: x.Confidence, Indifference: x.Indifference[m.Name]}, r.reasons(x.Champion, m, reasons))...)
	if m.Better == outcome.Neither {
		return nil
	}
	ranking, err := compare.Rank(metric(m), all, compare.RankOptions{Confidence: x.Confidence, Seed: r.Manifest.Seed})
	if err != nil {
		return fmt.Errorf("ranking by %s: %w", m.Name, err)
	}
	for i := range ranking.Strategies {
		ranking.Strategies[i].Mean = cut(ranking.Strategies[i].Mean, m.Range)
	}
	x.Rankings = append(x.Rankings, ranking)
	return nil
}

// addRelative compares on a ratio of differences.
func (x *Comparison) addRelative(r *Run, m *outcome.Relative) {
	for _, name := range x.strategies {
		if name != x.Champion {
			x.Relatives = append(x.Relatives, RelativeComparison{
				compare.Metric{Name: m.Name, Unit: m.Unit, Better: compare.Direction(m.Better)},
				x.Champion, name,
				figure(r.relative(name, x.Champion, m, x.Confidence), m.Unit, m.Better), r.quadrant(name, x.Champion, m),
			})
		}
	}
}

// JSON writes one document.
func (x *Comparison) JSON(w io.Writer) error { return writeJSON(w, x) }

// CSV writes one row per metric and challenger: its own figure, then the difference to the champion,
// which ratios of differences do not have.
func (x *Comparison) CSV(w io.Writer) error {
	t := outcome.NewTable("comparison", "metric", "unit", "better", "champion", "challenger", "verdict", "estimate", "estimate_low", "estimate_high",
		"difference", "low", "high", "holm_low", "holm_high", "holm_p", "variance_reduction", "replications_needed")
	add := func(texts []any, numbers []float64, needed int) {
		row := texts
		for _, v := range numbers {
			row = append(row, finite(v))
		}
		t.Add(append(row, needed)...)
	}
	for i := range x.Comparisons {
		c := &x.Comparisons[i]
		f, d := x.Figures[c.Challenger][c.Name], c.Difference
		add([]any{c.Name, c.Unit, string(c.Better), c.Champion, c.Challenger, string(c.Verdict.Outcome)}, []float64{
			float64(f.Estimate), float64(f.Low), float64(f.High), d.Value, d.Low, d.High,
			float64(c.HolmLow), float64(c.HolmHigh), float64(c.HolmP), float64(c.VarianceReduction),
		}, c.ReplicationsNeeded)
	}
	nan := math.NaN()
	for i := range x.Relatives {
		c := &x.Relatives[i]
		add([]any{c.Name, c.Metric.Unit, string(c.Metric.Better), c.Champion, c.Challenger, ""},
			[]float64{float64(c.Estimate), float64(c.Low), float64(c.High), nan, nan, nan, nan, nan, nan, nan}, 0)
	}
	return t.Write(w, "csv")
}

func finite(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}

// Text writes the comparison for a terminal: per metric the champion, then every challenger with the
// difference, its interval and a verdict.
func (x *Comparison) Text(w io.Writer) error {
	p := &printer{w: w}
	level := stated(x.Confidence) + " interval"
	p.line("%s: champion %s against %s, %s\n", x.Scenario, x.Champion, plural(len(x.strategies)-1, "challenger"), plural(x.replications, "replication"))
	t := sheet{header: []string{"", "estimate", level, "minus " + x.Champion, level, "", ""}}
	for _, name := range metricOrder() {
		t.blocks = append(t.blocks, x.block(name), x.relativeBlock(name))
	}
	t.print(p)
	p.line("\nminus %s: challenger minus champion on the same borrowers living the same lives, replication by", x.Champion)
	p.line("replication; of shares in percentage points (pp). Its interval and verdict pay for looking at all")
	p.line("challengers at once (Holm). ~: these replications cannot tell; about as many as named would tell a")
	p.line("difference of the size seen, in four of five runs.")
	for _, word := range []string{quadrantDominates, quadrantDominated, quadrantSaves} {
		if slices.ContainsFunc(x.Relatives, func(c RelativeComparison) bool { return c.Quadrant == word }) {
			p.line("%s: %s", word, strings.ReplaceAll(quadrantDoubt[word], "baseline", "champion"))
		}
	}
	for i := range x.Rankings {
		if x.Rankings[i].Name == rankedBy {
			p.ranking(ranked(&x.Rankings[i]))
		}
	}
	for _, m := range outcome.Metrics() {
		if zone, ok := x.Indifference[m.Name]; ok {
			p.line("%s: differences up to %g either way do not matter", m.Name, zone)
		}
	}
	for _, name := range x.strategies {
		if reasons := x.reasons(name); len(reasons) > 0 {
			p.line("%s: %s", name, strings.Join(reasons, "; "))
		}
	}
	return p.err
}

// reasons lists what the verdicts on a challenger name, each once.
func (x *Comparison) reasons(challenger string) []string {
	var out []string
	for i := range x.Comparisons {
		if c := &x.Comparisons[i]; c.Challenger == challenger {
			for _, text := range c.Verdict.Reasons {
				if !slices.Contains(out, text) {
					out = append(out, text)
				}
			}
		}
	}
	return out
}

// block is one metric: champion, then challengers.
func (x *Comparison) block(name string) sheetBlock {
	var b sheetBlock
	for i := range x.Comparisons {
		c := &x.Comparisons[i]
		if c.Name != name {
			continue
		}
		if len(b.rows) == 0 {
			b.title = title(name, c.Unit, x.currency, outcome.Better(c.Better))
			b.rows = append(b.rows, x.level(c.Champion, name))
		}
		champion := x.Figures[c.Champion][name]
		cells := against(c)
		if champion.free() && c.Verdict.Outcome == compare.Worse {
			cells[2] = ""
		}
		b.rows = append(b.rows, append(x.level(c.Challenger, name), cells...))
	}
	return b
}

// level is a strategy's own figure as cells.
func (x *Comparison) level(strategy, metric string) []string {
	f := x.Figures[strategy][metric]
	e := f.estimate(x.replications)
	return []string{strategy, number(e, f.Unit, e.Value), interval(e, f.Unit)}
}

// against is a challenger's difference as cells: difference, interval, verdict, what is missing.
func against(c *compare.Comparison) []string {
	if c.Identical {
		return []string{"0", "", string(compare.Same), fmt.Sprintf("in all %d replications", c.Difference.N)}
	}
	e := adjusted(c)
	word, note := string(c.Verdict.Outcome), ""
	switch {
	case math.IsNaN(e.Value) || math.IsNaN(e.Low):
		word = ""
	case c.Verdict.Outcome == compare.Unclear && c.ReplicationsNeeded > c.Difference.N:
		note = "about " + plural(c.ReplicationsNeeded, "replication")
	}
	return []string{signed(e, c.Unit), signedInterval(e, c.Unit), word, note}
}

// adjusted is a difference with the interval that agrees with its verdict: both pay for looking at all challengers.
func adjusted(c *compare.Comparison) estimate.Estimate {
	e := c.Difference
	e.Low, e.High = float64(c.HolmLow), float64(c.HolmHigh)
	return e
}

// relativeBlock is one ratio of differences.
func (x *Comparison) relativeBlock(name string) sheetBlock {
	var b sheetBlock
	for i := range x.Relatives {
		c := &x.Relatives[i]
		if c.Name != name {
			continue
		}
		b.title = title(name, c.Metric.Unit, x.currency, outcome.Better(c.Metric.Better)) + ", against " + c.Champion
		e := c.estimate(x.replications)
		b.rows = append(b.rows, []string{c.Challenger, number(e, c.Metric.Unit, e.Value), interval(e, c.Metric.Unit), "", "", c.Quadrant})
	}
	return b
}
