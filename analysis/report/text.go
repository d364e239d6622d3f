package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Text writes the comparison for a terminal: per metric one line a strategy, with its interval over
// replications, the paired difference to the baseline with its interval, and what pairing gained.
func (s *Summary) Text(w io.Writer, metrics []string) error {
	p := &printer{w: w}
	p.line("%s: %s accounts, %d days, %d replications, seed %d, money in %s", s.Scenario, thousands(s.Accounts), s.Horizon, s.Replications, s.Seed, s.Currency)
	p.line("95%% intervals over replications; differences are paired by replication against %s; ~ means the replications cannot tell.", s.Baseline)
	for _, name := range metrics {
		s.block(p, name)
	}
	if len(s.Ranking) > 0 {
		p.line("\nranking by %s (best first; chance that the mean is the best):", s.Ranking[0].Metric)
		for _, r := range s.Ranking {
			p.line("  %d  %s  %s", r.Rank, r.Strategy, percent(float64(r.ProbBest), 0))
		}
	}
	for _, x := range s.Warnings {
		p.line("warning: %s", x)
	}
	for i := range s.Strategies {
		for _, x := range s.Strategies[i].Warnings {
			p.line("warning: %s: %s", s.Strategies[i].Name, x)
		}
	}
	return p.err
}

// Headline returns the names of the metrics that are printed by default.
func Headline() []string {
	var names []string
	for _, m := range outcome.Metrics() {
		if m.Headline {
			names = append(names, m.Name)
		}
	}
	for _, m := range outcome.Relatives() {
		names = append(names, m.Name)
	}
	return names
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// block prints one metric.
func (s *Summary) block(p *printer, name string) {
	first := s.Strategies[0].Metrics[name]
	direction := ""
	if first.Better != outcome.Neither {
		direction = ", " + string(first.Better) + " is better"
	}
	p.line("\n%s (%s%s)", name, unit(first.Unit, s.Currency), direction)
	table := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i := range s.Strategies {
		x := &s.Strategies[i]
		f := x.Metrics[name]
		e := estimate.Estimate{Value: float64(f.Estimate), Low: float64(f.Low), High: float64(f.High), SE: float64(f.SE), N: s.Replications}
		row := []string{"", x.Name, number(e, f.Unit, e.Value), interval(e, f.Unit)}
		if d, ok := x.VersusBaseline[name]; ok && x.Name != s.Baseline {
			row = append(row, s.against(d, f)...)
		}
		if p.err == nil {
			_, p.err = fmt.Fprintln(table, strings.Join(row, "\t")+"\t")
		}
	}
	if p.err == nil {
		p.err = table.Flush()
	}
}

// against is the paired difference as cells: difference, interval, verdict, gain of pairing.
func (s *Summary) against(d Difference, f Figure) []string {
	e := estimate.Estimate{Value: float64(d.Estimate), Low: float64(d.Low), High: float64(d.High), SE: float64(d.SE), N: s.Replications}
	if d.Identical {
		return []string{"0", "", "identical", ""}
	}
	if math.IsNaN(e.Value) {
		return []string{"", "", "", ""}
	}
	sign := ""
	if e.Value > 0 {
		sign = "+"
	}
	gain := ""
	if v := float64(d.VarianceReduction); !math.IsNaN(v) && !math.IsInf(v, 0) {
		gain = fmt.Sprintf("pairing x%.3g", v)
	}
	return []string{sign + number(e, f.Unit, e.Value), interval(e, f.Unit), verdict(e, f.Better), gain}
}

func verdict(e estimate.Estimate, better outcome.Better) string {
	switch {
	case !(e.Low > 0 || e.High < 0):
		return "~"
	case better == outcome.Neither:
		return ""
	case (e.Value < 0) == (better == outcome.Lower):
		return "better"
	}
	return "worse"
}

// number prints x with the digits that the estimate supports; shares as per cent.
func number(e estimate.Estimate, unit string, x float64) string {
	if math.IsNaN(x) {
		return "undefined"
	}
	if unit == "share" {
		scaled := e
		scaled.Value, scaled.Low, scaled.High, scaled.SE = 100*e.Value, 100*e.Low, 100*e.High, 100*e.SE
		return scaled.Format(100*x) + "%"
	}
	return e.Format(x)
}

func interval(e estimate.Estimate, unit string) string {
	if math.IsNaN(e.Low) || math.IsNaN(e.High) {
		return ""
	}
	return "[" + number(e, unit, e.Low) + ", " + number(e, unit, e.High) + "]"
}

// unit names the currency.
func unit(u, currency string) string { return strings.ReplaceAll(u, "currency", currency) }

func percent(x float64, digits int) string { return fmt.Sprintf("%.*f%%", digits, 100*x) }

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// CSV writes one row per strategy and metric.
func (s *Summary) CSV(w io.Writer) error {
	t := &outcome.Table{Name: "summary", Columns: []outcome.Column{
		{Name: "strategy", Kind: outcome.Text},
		{Name: "metric", Kind: outcome.Text},
		{Name: "unit", Kind: outcome.Text},
		{Name: "better", Kind: outcome.Text},
		{Name: "estimate", Kind: outcome.Float},
		{Name: "low", Kind: outcome.Float},
		{Name: "high", Kind: outcome.Float},
		{Name: "difference", Kind: outcome.Float},
		{Name: "difference_low", Kind: outcome.Float},
		{Name: "difference_high", Kind: outcome.Float},
		{Name: "variance_reduction", Kind: outcome.Float},
	}}
	for i := range s.Strategies {
		x := &s.Strategies[i]
		for _, name := range metricOrder() {
			f, ok := x.Metrics[name]
			if !ok {
				continue
			}
			nan := estimate.Float(math.NaN())
			d, ok := x.VersusBaseline[name]
			if !ok {
				d = Difference{Estimate: nan, Low: nan, High: nan, VarianceReduction: nan}
			}
			for k, v := range []string{x.Name, name, f.Unit, string(f.Better)} {
				t.Columns[k].Text = append(t.Columns[k].Text, v)
			}
			for k, v := range []estimate.Float{f.Estimate, f.Low, f.High, d.Estimate, d.Low, d.High, d.VarianceReduction} {
				t.Columns[4+k].Float = append(t.Columns[4+k].Float, finite(float64(v)))
			}
		}
	}
	return t.Write(w, "csv")
}

// metricOrder lists every metric of a summary in the order of the registry.
func metricOrder() []string {
	var names []string
	for _, m := range outcome.Metrics() {
		names = append(names, m.Name)
	}
	for _, m := range outcome.Relatives() {
		names = append(names, m.Name)
	}
	return names
}
