package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Text writes the comparison for a terminal: per metric one line a strategy, with its interval over
// replications, the paired difference to the baseline with its interval, and what pairing gained.
func (s *Summary) Text(w io.Writer, metrics []string) error {
	p := &printer{w: w}
	accounts := plural(s.Accounts, "account")
	if s.Redraw {
		accounts += " drawn anew in every replication"
	}
	p.line("%s: %s, %s, %s, seed %d, money in %s\n", s.Scenario, accounts, plural(s.Horizon, "day"), plural(s.Replications, "replication"), s.Seed, s.Currency)
	t := sheet{header: []string{"", "estimate", "95% interval", "minus " + s.Baseline, "95% interval", "", "pairing"}}
	if len(s.Strategies) == 1 {
		t.header = t.header[:columnDifference]
	}
	for _, name := range metrics {
		t.blocks = append(t.blocks, s.block(name))
	}
	t.print(p)
	s.legend(p)
	p.ranking(s.Ranking)
	for _, x := range s.Warnings {
		p.line("warning: %s", x)
	}
	for i := range s.Strategies {
		for _, x := range s.Strategies[i].Warnings {
			if concerns(x, metrics) && (s.Strategies[i].Name != s.Baseline || !concernsRelative(x)) {
				p.line("warning: %s: %s", s.Strategies[i].Name, x)
			}
		}
	}
	return p.err
}

// legend says how to read the lines.
func (s *Summary) legend(p *printer) {
	if len(s.Strategies) == 1 {
		p.line("\nIntervals are over replications.")
		return
	}
	p.line("\nminus %s: strategy minus %s on the same borrowers living the same lives, replication by replication;", s.Baseline, s.Baseline)
	p.line("of shares in percentage points (pp). better, worse: the interval leaves out 0; ~: it does not, these")
	p.line("replications cannot tell. pairing ×N: independent borrowers would have needed N times the replications.")
	p.line("What each metric means: collectsim list metrics")
}

// ranking prints places, best first.
func (p *printer) ranking(list []RankedStrategy) {
	if len(list) < 2 {
		return
	}
	known := !math.IsNaN(float64(list[0].ProbBest))
	if known {
		p.line("\nranking by %s, with the chance that the mean is the best:", list[0].Metric)
	} else {
		p.line("\nranking by %s:", list[0].Metric)
	}
	for _, r := range list {
		chance := ""
		if known {
			chance = "  " + percent(float64(r.ProbBest), 0)
		}
		p.line("  %d  %s%s", r.Rank, r.Strategy, chance)
	}
}

// concerns says whether a warning belongs to the printed metrics: it names one of them, or none at all.
func concerns(warning string, printed []string) bool {
	name, _, _ := strings.Cut(warning, ":")
	return !slices.Contains(metricOrder(), name) || slices.Contains(printed, name)
}

func concernsRelative(warning string) bool {
	name, _, _ := strings.Cut(warning, ":")
	return isRelative(name)
}

func isRelative(metric string) bool {
	return slices.ContainsFunc(outcome.Relatives(), func(m outcome.Relative) bool { return m.Name == metric })
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

// warn prints each doubt on a line of its own.
func (p *printer) warn(doubts []string) {
	for _, text := range doubts {
		p.line("warning: %s", text)
	}
}

// block is one metric. Relative metrics have no line for the baseline.
func (s *Summary) block(name string) sheetBlock {
	first := s.Strategies[0].Metrics[name]
	b := sheetBlock{title: title(name, first.Unit, s.Currency, first.Better)}
	if isRelative(name) {
		b.title += ", against " + s.Baseline
	}
	base := s.Strategy(s.Baseline).Metrics[name]
	for i := range s.Strategies {
		x := &s.Strategies[i]
		f := x.Metrics[name]
		d, differs := x.VersusBaseline[name]
		if x.Name == s.Baseline && !differs {
			continue
		}
		e := f.estimate(s.Replications)
		row := []string{x.Name, number(e, f.Unit, e.Value), interval(e, f.Unit)}
		if differs && x.Name != s.Baseline {
			row = append(row, s.against(d, f, base)...)
		}
		if word := x.Quadrants[name]; word != "" {
			row = append(row, "", "", word)
		}
		b.rows = append(b.rows, row)
	}
	return b
}

func title(name, u, currency string, better outcome.Better) string {
	text := name + ", " + unit(u, currency)
	if u == "share" {
		text = name + ", %"
	}
	if better != outcome.Neither {
		text += ", " + string(better) + " is better"
	}
	return text
}

// against is the paired difference as cells: difference, interval, verdict, gain of pairing.
func (s *Summary) against(d Difference, f, base Figure) []string {
	e := estimate.Estimate{Value: float64(d.Estimate), Low: float64(d.Low), High: float64(d.High), SE: float64(d.SE), N: s.Replications}
	if d.Identical {
		return []string{"0", "", "identical", ""}
	}
	word, note := verdict(e, f.Better), gain(float64(d.VarianceReduction))
	if base.SE == 0 {
		note = "" // nothing to pair with
	}
	if base.free() && word == "worse" {
		word = ""
	}
	return []string{signed(e, f.Unit), signedInterval(e, f.Unit), word, note}
}

func verdict(e estimate.Estimate, better outcome.Better) string {
	switch {
	case math.IsNaN(e.Low) || math.IsNaN(e.High):
		return ""
	case !(e.Low > 0 || e.High < 0):
		return "~"
	case better == outcome.Neither && e.Value > 0:
		return "higher"
	case better == outcome.Neither:
		return "lower"
	case (e.Value < 0) == (better == outcome.Lower):
		return "better"
	}
	return "worse"
}

// free says that a cost is 0 in every replication: to spend where the baseline spends nothing is no
// finding, so it is not called worse.
func (f *Figure) free() bool {
	return f.Estimate == 0 && f.SE == 0 && strings.Contains(f.Unit, "currency")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// unit names the currency.
func unit(u, currency string) string { return strings.ReplaceAll(u, "currency", currency) }

func percent(x float64, digits int) string { return fmt.Sprintf("%.*f%%", digits, 100*x) }

// stated is a share that the user has chosen, as per cent with all its digits, 0.025 as 2.5%.
func stated(x float64) string { return fmt.Sprintf("%.10g%%", 100*x) }

var thousands = chart.Thousands

// CSV writes one row per strategy and metric.
func (s *Summary) CSV(w io.Writer) error {
	t := outcome.NewTable("summary", "strategy", "metric", "unit", "better", "estimate", "low", "high", "difference", "difference_low", "difference_high", "variance_reduction")
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
			row := []any{x.Name, name, f.Unit, string(f.Better)}
			for _, v := range []estimate.Float{f.Estimate, f.Low, f.High, d.Estimate, d.Low, d.High, d.VarianceReduction} {
				row = append(row, finite(float64(v)))
			}
			t.Add(row...)
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
