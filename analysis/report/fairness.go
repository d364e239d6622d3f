package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/sim/outcome"
)

// FairnessOptions say between whom gaps are measured.
type FairnessOptions struct {
	Dimension   string // of segments.arrow: product, region, cause, ...
	Champion    string
	Metrics     []string // empty means overdue_rate_30, cure_rate, recovery_rate, stress_mean, distress_days
	Reference   string   // group; empty means everybody
	MinAccounts float64  // mean accounts a replication below which a group is pooled; 0 means 30
	Confidence  float64  // in (0, 1); 0 means 0.95
}

// FairnessReport holds the gaps between groups of borrowers.
type FairnessReport struct {
	Dimension  string         `json:"dimension"`
	Champion   string         `json:"champion"`
	Confidence float64        `json:"confidence"`
	Gaps       []StrategyGaps `json:"gaps"`
	Warnings   []string       `json:"warnings"`
	currency   string
}

// StrategyGaps are the gaps of one strategy on one metric: of the groups' own figures, or of what the
// strategy changes for each group against the champion.
type StrategyGaps struct {
	Strategy string `json:"strategy"`
	Of       string `json:"of"` // "level" or "effect"
	compare.Fairness
}

var defaultFairness = []string{"overdue_rate_30", "cure_rate", "recovery_rate", "stress_mean", "distress_days"}

// FairnessGaps measures, from segments.arrow, how far the groups of a dimension are apart under each
// strategy, and whether what a strategy changes falls evenly on them.
func FairnessGaps(r *Run, o FairnessOptions) (*FairnessReport, error) {
	t, err := outcome.Open(r.Dir, "segments")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(dimensions(t), o.Dimension) {
		return nil, fmt.Errorf("%s: no groups by %q, there are %s", r.Dir, o.Dimension, strings.Join(dimensions(t), ", "))
	}
	if err := r.lacks(o.Metrics, func(name string) bool { return t.Column(name) != nil }); err != nil {
		return nil, err
	}
	if len(o.Metrics) == 0 {
		o.Metrics = defaultFairness
	}
	o.Champion, o.Confidence = cmp.Or(o.Champion, r.Manifest.Baseline), cmp.Or(o.Confidence, confidence)
	x := &FairnessReport{Dimension: o.Dimension, Champion: o.Champion, Confidence: o.Confidence, Warnings: []string{}, currency: r.Manifest.Currency}
	if o.Dimension == "cause" {
		x.Warnings = append(x.Warnings, "groups by true cause are known to the simulator only: no lender could measure these gaps")
	}
	if o.Dimension == "vintage" {
		x.Warnings = append(x.Warnings, "vintages differ in age first of all: gaps in figures are gaps of age too; vintages.arrow has them at one age")
	}
	options := compare.FairnessOptions{Confidence: o.Confidence, Reference: o.Reference, MinAccounts: o.MinAccounts}
	for _, name := range o.Metrics {
		m := &outcome.Metrics()[outcome.MetricIndex(name)]
		champion := r.groupSeries(t, o.Champion, o.Dimension, name)
		for _, strategy := range r.Manifest.Strategies {
			groups := r.groupSeries(t, strategy, o.Dimension, name)
			if err := x.add(strategy, "level", m, groups, options); err != nil {
				return nil, err
			}
			if strategy == o.Champion {
				continue
			}
			if err := x.add(strategy, "effect", m, changed(groups, champion), options); err != nil {
				return nil, err
			}
		}
	}
	return x, nil
}

func (x *FairnessReport) add(strategy, of string, m *outcome.Metric, groups []compare.GroupSeries, o compare.FairnessOptions) error {
	if groups == nil || !defined(groups) {
		x.Warnings = append(x.Warnings, fmt.Sprintf("%s of %s is undefined in groups", m.Name, strategy))
		return nil
	}
	f, err := compare.FairnessGaps(metric(m), groups, o)
	if err != nil {
		return fmt.Errorf("--fairness %s: %w", x.Dimension, err)
	}
	asInTable(f.Gaps, groups)
	if of == "level" {
		for i := range f.Gaps {
			f.Gaps[i].Value = cut(f.Gaps[i].Value, m.Range)
		}
	}
	x.Gaps = append(x.Gaps, StrategyGaps{strategy, of, f})
	return nil
}

// asInTable sorts gaps as their groups come in segments.arrow, bands from the lowest on; the pooled group stays last.
func asInTable(gaps []compare.Gap, groups []compare.GroupSeries) {
	at := map[string]int{}
	for k, g := range groups {
		at[g.Group] = k
	}
	slices.SortStableFunc(gaps, func(a, b compare.Gap) int {
		if len(a.Pooled)+len(b.Pooled) > 0 {
			return cmp.Compare(len(a.Pooled), len(b.Pooled))
		}
		return cmp.Compare(at[a.Group], at[b.Group])
	})
	for _, g := range gaps {
		slices.SortFunc(g.Pooled, func(a, b string) int { return cmp.Compare(at[a], at[b]) })
	}
}

func defined(groups []compare.GroupSeries) bool {
	return slices.ContainsFunc(groups, func(g compare.GroupSeries) bool {
		return slices.ContainsFunc(g.Values, func(v float64) bool { return !math.IsNaN(v) })
	})
}

// changed is what a strategy changes for each group, replication by replication.
func changed(groups, champion []compare.GroupSeries) []compare.GroupSeries {
	out := slices.Clone(groups)
	for i := range out {
		k := slices.IndexFunc(champion, func(g compare.GroupSeries) bool { return g.Group == out[i].Group })
		if k < 0 || len(champion[k].Values) != len(out[i].Values) {
			return nil
		}
		out[i].Values = minus(out[i].Values, champion[k].Values, 1)
	}
	return out
}

// JSON writes one document.
func (x *FairnessReport) JSON(w io.Writer) error { return writeJSON(w, x) }

// Text writes a table per metric: the gap of each group, and where groups are surely apart.
func (x *FairnessReport) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("gaps between groups by %s; %s intervals over replications, each by itself; marked * where all looked at together still tell a gap (Holm)", x.Dimension, stated(x.Confidence))
	for i := range x.Gaps {
		x.text(p, &x.Gaps[i])
	}
	p.warn(x.Warnings)
	return p.err
}

func (x *FairnessReport) text(p *printer, g *StrategyGaps) {
	reference := "everybody"
	if g.Reference != "" {
		reference = g.Reference
	}
	what := "under " + g.Strategy
	if g.Of == "effect" {
		what = "what " + g.Strategy + " changes against " + x.Champion
	}
	p.line("\n%s (%s), %s", g.Name, unit(g.Unit, x.currency), what)
	rows := [][]string{{"group", "accounts", "figure", "gap to " + reference, ""}}
	for _, gap := range g.Gaps {
		mark := ""
		if float64(gap.HolmP) < 1-x.Confidence {
			mark = "*"
		}
		name := gap.Group
		if len(gap.Pooled) > 0 {
			name = strings.Join(gap.Pooled, " + ")
		}
		gapText := "-"
		if !math.IsNaN(gap.Gap.Value) {
			gapText = signed(gap.Gap, g.Unit) + " " + signedInterval(gap.Gap, g.Unit)
		}
		figure := number(gap.Value, g.Unit, gap.Value.Value)
		if g.Of == "effect" { // a difference itself
			figure = signed(gap.Value, g.Unit)
		}
		rows = append(rows, []string{name, fmt.Sprintf("%.0f", float64(gap.Accounts)), figure, gapText, mark})
	}
	p.grid(rows)
	if !math.IsNaN(g.MaxGap.Value) {
		p.line("  largest gap: %s less %s, %s %s", g.HighGroup, g.LowGroup, signed(g.MaxGap, g.Unit), signedInterval(g.MaxGap, g.Unit))
	}
	for _, text := range g.Warnings {
		p.line("  warning: %s", text)
	}
}

// CSV writes one row per strategy, metric and group.
func (x *FairnessReport) CSV(w io.Writer) error {
	t := outcome.NewTable("fairness", "metric", "strategy", "of", "group", "accounts", "value", "low", "high", "gap", "gap_low", "gap_high", "holm_p")
	for i := range x.Gaps {
		g := &x.Gaps[i]
		for _, gap := range g.Gaps {
			addRow(t, g.Name, g.Strategy, g.Of, gap.Group, float64(gap.Accounts), gap.Value.Value, gap.Value.Low, gap.Value.High, gap.Gap.Value, gap.Gap.Low, gap.Gap.High, float64(gap.HolmP))
		}
	}
	return t.Write(w, "csv")
}
