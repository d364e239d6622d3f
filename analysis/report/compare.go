package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Comparison is what the compare command prints: every challenger against the champion, metric by
// metric.
type Comparison struct {
	Scenario    string               `json:"scenario"`
	Champion    string               `json:"champion"`
	Confidence  float64              `json:"confidence"`
	Comparisons []compare.Comparison `json:"comparisons"`
	Rankings    []compare.Ranking    `json:"rankings"`

	currency     string
	replications int
}

// Compare compares the champion with every other strategy of the run on the named metrics; none
// means the headline ones. Relative metrics are left out: they are ratios of differences already.
func Compare(r *Run, champion string, metrics []string, level float64) (*Comparison, error) {
	x := &Comparison{Scenario: r.Manifest.Scenario, Champion: champion, Confidence: level, currency: r.Manifest.Currency, replications: r.Manifest.Replications}
	reasons := map[string][]string{}
	for _, name := range r.Manifest.Strategies {
		reasons[name] = r.saturation(name)
	}
	for _, m := range outcome.Metrics() {
		if (len(metrics) == 0 && !m.Headline) || (len(metrics) > 0 && !slices.Contains(metrics, m.Name)) {
			continue
		}
		champ := compare.Series{Name: champion, Values: r.Values(champion, m.Name)}
		all := []compare.Series{champ}
		var challengers []compare.Series
		for _, name := range r.Manifest.Strategies {
			if name != champion {
				challengers = append(challengers, compare.Series{Name: name, Values: r.Values(name, m.Name)})
			}
		}
		x.Comparisons = append(x.Comparisons, compare.Challengers(metric(&m), champ, challengers, compare.Options{Confidence: level}, reasons)...)
		if m.Better != outcome.Neither {
			ranking, err := compare.Rank(metric(&m), append(all, challengers...), compare.RankOptions{Confidence: level, Seed: r.Manifest.Seed})
			if err != nil {
				return nil, fmt.Errorf("ranking by %s: %w", m.Name, err)
			}
			x.Rankings = append(x.Rankings, ranking)
		}
	}
	return x, nil
}

// JSON writes one document.
func (x *Comparison) JSON(w io.Writer) error {
	text, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		return fmt.Errorf("comparison: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

// CSV writes one row per metric and challenger.
func (x *Comparison) CSV(w io.Writer) error {
	t := &outcome.Table{Name: "comparison", Columns: []outcome.Column{
		{Name: "metric", Kind: outcome.Text},
		{Name: "unit", Kind: outcome.Text},
		{Name: "better", Kind: outcome.Text},
		{Name: "champion", Kind: outcome.Text},
		{Name: "challenger", Kind: outcome.Text},
		{Name: "verdict", Kind: outcome.Text},
		{Name: "difference", Kind: outcome.Float},
		{Name: "low", Kind: outcome.Float},
		{Name: "high", Kind: outcome.Float},
		{Name: "holm_low", Kind: outcome.Float},
		{Name: "holm_high", Kind: outcome.Float},
		{Name: "holm_p", Kind: outcome.Float},
		{Name: "variance_reduction", Kind: outcome.Float},
		{Name: "replications_needed", Kind: outcome.Int},
	}}
	for i := range x.Comparisons {
		c := &x.Comparisons[i]
		for k, v := range []string{c.Name, c.Unit, string(c.Better), c.Champion, c.Challenger, string(c.Verdict.Outcome)} {
			t.Columns[k].Text = append(t.Columns[k].Text, v)
		}
		for k, v := range []float64{c.Difference.Value, c.Difference.Low, c.Difference.High, float64(c.HolmLow), float64(c.HolmHigh), float64(c.HolmP), finite(float64(c.VarianceReduction))} {
			t.Columns[6+k].Float = append(t.Columns[6+k].Float, v)
		}
		t.Columns[13].Int = append(t.Columns[13].Int, int64(c.ReplicationsNeeded))
	}
	return t.Write(w, "csv")
}

func finite(x float64) float64 {
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return x
}

// Text writes the comparison for a terminal, with a verdict in words per challenger.
func (x *Comparison) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("%s: champion %s, %d replications, %g%% intervals adjusted for several challengers (Holm)", x.Scenario, x.Champion, x.replications, 100*x.Confidence)
	last := ""
	for i := range x.Comparisons {
		c := &x.Comparisons[i]
		if c.Name != last {
			p.line("\n%s (%s)", c.Name, unit(c.Unit, x.currency))
			last = c.Name
		}
		e := estimate.Estimate{Value: c.Difference.Value, Low: float64(c.HolmLow), High: float64(c.HolmHigh), SE: c.Difference.SE, N: c.Difference.N}
		p.line("  %-24s %s %s  %s", c.Challenger, signed(e, c.Unit), interval(e, c.Unit), c.Verdict.Text)
		for _, reason := range c.Verdict.Reasons {
			p.line("  %-24s   %s", "", reason)
		}
	}
	return p.err
}

// signed prints a difference with its sign.
func signed(e estimate.Estimate, unit string) string {
	if e.Value > 0 {
		return "+" + number(e, unit, e.Value)
	}
	return number(e, unit, e.Value)
}
