package search

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

func number(text string) (float64, bool) {
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

// Print writes the result as text, json or csv; csv has a row per metric.
func (r *Result) Print(w io.Writer, format string) error {
	return outcome.Forms{JSON: r, CSV: r.table, Text: r.text}.Print(w, format)
}

func (r *Result) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s: %s of %s, %d values varied, %d versions tried, %d accounts, %d days, seed %d, %d replications of versions, money in %s\n",
		r.Scenario, r.Metric, r.Strategy, len(r.Knobs), r.Tried, r.Accounts, r.Horizon, r.Seed, r.Played, r.Currency)
	if r.Found == "" {
		fmt.Fprintf(b, "\nnothing better was found: no version that keeps the limits is clearly better than the strategy as it is\n")
	} else {
		r.changes(b)
	}
	r.limits(b)
	r.figures(b)
	for _, w := range r.Warnings {
		fmt.Fprintf(b, "warning: %s\n", w)
	}
}

func (r *Result) changes(b *strings.Builder) {
	whole := r.figure(r.Metric).Unit
	gain, unit := inPoints(r.Gain, whole)
	seen, _ := inPoints(r.InSearch, whole)
	fmt.Fprintf(b, "\n%s: %s %s %s on %d fresh replications (seed %d), better in %.0f%% of them; on the %d replications it was chosen by %s\n",
		r.Found, r.Metric, signed(gain.Format(gain.Value))+bounds(gain.Format(gain.Low), gain.Format(gain.High)), unit,
		r.Fresh, r.FreshSeed, 100*float64(r.BetterIn), r.Replications, signed(seen.Format(seen.Value)))
	t := columns.Left(b)
	fmt.Fprintln(t, "\nchange\tas it is\tfound\tworth\t95% interval")
	for i := range r.Changes {
		c := &r.Changes[i]
		e, _ := inPoints(c.Worth, whole)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", c.Path, c.From, c.To, signed(e.Format(e.Value)), strings.TrimSpace(bounds(e.Format(e.Low), e.Format(e.High))))
	}
	_ = t.Flush() // to memory
	fmt.Fprintf(b, "worth: %s of the found version less that without this change alone, on the fresh replications\n", r.Metric)
}

func (r *Result) limits(b *strings.Builder) {
	if len(r.Limits) == 0 {
		return
	}
	t := columns.Left(b)
	fmt.Fprintln(t, "\nlimit\tallowed\tas it is\tfound\tholds")
	for _, l := range r.Limits {
		word := "yes"
		if !l.Kept {
			word = "NO"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", l.Text, fourDigits(l.Allowed), fourDigits(l.AsItIs), fourDigits(l.Value), word)
	}
	_ = t.Flush() // to memory
}

// figures shows the headline metrics, the one aimed at, and how much is contacted.
func (r *Result) figures(b *strings.Builder) {
	if r.Found == "" {
		return
	}
	t := columns.Left(b)
	fmt.Fprintln(t, "\nmetric\tas it is\tfound\tdifference\t95% interval\tunit")
	for i := range r.Figures {
		f := &r.Figures[i]
		if !f.headline && f.Metric != r.Metric && f.Metric != "attempts_per_account" && f.Metric != "visits_per_account" {
			continue
		}
		value := plain
		if f.Unit == share {
			value = percent
		}
		d, unit := inPoints(f.Difference, f.Unit)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", f.Metric, value(float64(f.AsItIs)), value(float64(f.Found)), signed(d.Format(d.Value)),
			strings.TrimSpace(bounds(d.Format(d.Low), d.Format(d.High))), unit)
	}
	_ = t.Flush() // to memory
}

// share is the unit of shares: they are printed in percent, their differences in percentage points.
const share = "share"

// inPoints is a difference of a metric as it is printed, with its unit.
func inPoints(e estimate.Estimate, unit string) (estimate.Estimate, string) {
	if unit != share {
		return e, unit
	}
	return estimate.Estimate{Value: 100 * e.Value, Low: 100 * e.Low, High: 100 * e.High, SE: 100 * e.SE, N: e.N}, "pp"
}

func plain(x float64) string {
	if math.IsNaN(x) {
		return "undefined"
	}
	return fmt.Sprintf("%.5g", x)
}

func fourDigits(x estimate.Float) string {
	if math.IsNaN(float64(x)) {
		return plain(float64(x))
	}
	return fmt.Sprintf("%.4g", float64(x))
}

func percent(x float64) string {
	if math.IsNaN(x) {
		return plain(x)
	}
	return fmt.Sprintf("%.2f%%", 100*x)
}

// signed puts a plus before what is not negative.
func signed(text string) string {
	if _, ok := number(text); !ok || strings.HasPrefix(text, "-") {
		return text
	}
	return "+" + text
}

func bounds(low, high string) string { return fmt.Sprintf(" [%s, %s]", low, high) }

// table has a row per metric.
func (r *Result) table() *outcome.Table {
	t := outcome.NewTable("figures", "metric", "unit", "better", "as_it_is", "found", "difference", "low", "high", "se")
	for i := range r.Figures {
		f := &r.Figures[i]
		d := &f.Difference
		t.Add(f.Metric, f.Unit, f.Better, float64(f.AsItIs), float64(f.Found), d.Value, d.Low, d.High, d.SE)
	}
	return t
}
