package experiment

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

// PrintClaims writes verdicts as text, json or csv.
func PrintClaims(w io.Writer, format string, claims []*Claim) error {
	switch format {
	case "json":
		return document(w, map[string]any{"claims": append([]*Claim{}, claims...)})
	case "csv":
		return claimTable(claims).Write(w, "csv")
	}
	fmt.Fprintln(w, "effect of each claim's headline measure with its 95% interval over replications")
	for _, c := range claims {
		fmt.Fprintln(w)
		c.print(w)
	}
	return nil
}

func (c *Claim) print(w io.Writer) {
	if c.Number > 0 {
		fmt.Fprintf(w, "%d. ", c.Number)
	}
	fmt.Fprintf(w, "%s: %s\n", c.Claim, strings.ToUpper(c.Result))
	fmt.Fprintf(w, "   %s\n", c.Reason)
	t := columns.Left(w)
	for i := range c.played.Effects {
		e := &c.played.Effects[i]
		expected := "told only"
		if e.Measure.Claimed != "" {
			expected = fmt.Sprintf("%s %g claimed", e.Measure.Claimed, e.Measure.Threshold)
		}
		fmt.Fprintf(t, "   %s\t%s\t%s\t%s\n", e.Measure.Name, interval(&e.Estimate), e.Measure.unit(), expected)
	}
	_ = t.Flush() // w keeps its first error
	for i := range c.played.Curves {
		fmt.Fprintf(w, "   %s\n", c.played.Curves[i].sentence())
	}
	if c.played.Note != "" {
		fmt.Fprintf(w, "   note: %s\n", c.played.Note)
	}
}

// sentence tells a sweep: its crossings, and the effect at both ends.
func (v *Curve) sentence() string {
	var crossings []string
	for _, x := range v.Crossings {
		crossings = append(crossings, fmt.Sprintf("crosses %g at %.4g (%s, in %.0f%% of resamples)", v.Measure.Threshold, x.X, span(x.Low, x.High, x.LowOpen, x.HighOpen), 100*x.Share))
	}
	if crossings == nil {
		crossings = []string{fmt.Sprintf("does not cross %g", v.Measure.Threshold)}
	}
	n := len(v.Effects) - 1
	return fmt.Sprintf("%s along %s from %g to %g: %s; %s to %s", v.Measure.Name, strings.Join(v.Sweep.Vary, " and "), v.Sweep.Values[0], v.Sweep.Values[n],
		strings.Join(crossings, ", "), interval(&v.Effects[0].Estimate), interval(&v.Effects[n].Estimate))
}

func span(low, high float64, lowOpen, highOpen bool) string {
	if math.IsNaN(low) || math.IsNaN(high) {
		return "no interval"
	}
	l, h := fmt.Sprintf("%.3g", low), fmt.Sprintf("%.3g", high)
	if lowOpen {
		l = "below " + l
	}
	if highOpen {
		h = "above " + h
	}
	return l + " to " + h
}

// interval prints an estimate with the digits that it supports.
func interval(e *estimate.Estimate) string {
	switch {
	case math.IsNaN(e.Value):
		return "undefined"
	case e.SE <= 1e-9*math.Abs(e.Value): // the same in every replication but for rounding
		return fmt.Sprintf("%.4g exactly", e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", e.Format(e.Value), e.Format(e.Low), e.Format(e.High))
}

func document(w io.Writer, doc any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

// tabled gathers the columns of a table row by row.
type tabled struct{ outcome.Table }

func (t *tabled) text(column int, name, value string) {
	c := t.at(column, name, outcome.Text)
	c.Text = append(c.Text, value)
}

func (t *tabled) float(column int, name string, value float64) {
	c := t.at(column, name, outcome.Float)
	c.Float = append(c.Float, value)
}

func (t *tabled) at(column int, name string, kind outcome.Kind) *outcome.Column {
	if column == len(t.Columns) {
		t.Columns = append(t.Columns, outcome.Column{Name: name, Kind: kind})
	}
	return &t.Columns[column]
}

func claimTable(claims []*Claim) *outcome.Table {
	var t tabled
	t.Name = "claims"
	for _, c := range claims {
		t.text(0, "number", strconv.Itoa(c.Number))
		t.text(1, "claim", c.Claim)
		t.text(2, "result", c.Result)
		t.float(3, "effect", c.Effect.Value)
		t.float(4, "low", c.Effect.Low)
		t.float(5, "high", c.Effect.High)
		t.text(6, "unit", c.Unit)
		t.text(7, "depends_on", c.DependsOn)
		t.float(8, "beyond", c.Beyond)
		t.text(9, "side", c.Side)
		t.text(10, "reason", c.Reason)
	}
	return &t.Table
}

// PrintTrials writes published against simulated effects as text, json or csv, and in text and json how they
// run along the sweeps of the experiments.
func PrintTrials(w io.Writer, format string, played []*Result) error {
	trials, sweeps := []Trial{}, []trialSweep{}
	for _, r := range played {
		trials = append(trials, r.Trials()...)
		for i := range r.Curves {
			sweeps = append(sweeps, trialSweep{r.Name, r.Curves[i].json()})
		}
	}
	switch format {
	case "json":
		return document(w, map[string]any{"experiments": trials, "sweeps": sweeps})
	case "csv":
		return trialTable(trials).Write(w, "csv")
	}
	t := columns.Left(w)
	fmt.Fprintln(t, "experiment\trole\tmeasure\tpublished\tagrees within\tsimulated\t\tunit")
	inside := 0
	for i := range trials {
		x := &trials[i]
		published := "-"
		if x.Published != nil {
			published = fmt.Sprintf("%.4g", *x.Published)
		}
		verdict := "OUTSIDE"
		if x.Inside {
			verdict = "inside"
			inside++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%.4g to %.4g\t%s\t%s\t%s\n", x.Name, x.Role, x.Metric, published, x.Low, x.High, interval(&x.Simulated), verdict, x.Unit)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d of %d inside\n", inside, len(trials))
	for _, r := range played {
		for i := range r.Curves {
			fmt.Fprintf(w, "%s: %s\n", r.Name, r.Curves[i].sentence())
		}
	}
	return nil
}

// trialSweep is a sweep of a published experiment.
type trialSweep struct {
	Name string `json:"name"`
	sweepJSON
}

func trialTable(trials []Trial) *outcome.Table {
	var t tabled
	t.Name = "experiments"
	for i := range trials {
		x := &trials[i]
		t.text(0, "name", x.Name)
		t.text(1, "role", x.Role)
		t.text(2, "metric", x.Metric)
		published := math.NaN()
		if x.Published != nil {
			published = *x.Published
		}
		t.float(3, "published", published)
		t.float(4, "low", x.Low)
		t.float(5, "high", x.High)
		t.float(6, "simulated", x.Simulated.Value)
		t.float(7, "simulated_low", x.Simulated.Low)
		t.float(8, "simulated_high", x.Simulated.High)
		t.text(9, "inside", strconv.FormatBool(x.Inside))
	}
	return &t.Table
}
