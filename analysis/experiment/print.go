package experiment

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

// PrintClaims writes verdicts as text, json or csv.
func PrintClaims(w io.Writer, format string, claims []*Claim) error {
	return outcome.Forms{
		JSON: map[string]any{"claims": append([]*Claim{}, claims...)},
		CSV:  func() *outcome.Table { return claimTable(claims) },
		Text: func(b *strings.Builder) {
			fmt.Fprintln(b, "effect of each claim's headline measure with its 95% interval over replications")
			for _, c := range claims {
				fmt.Fprintln(b)
				c.print(b)
			}
		},
	}.Print(w, format)
}

func (c *Claim) print(w *strings.Builder) {
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
	_ = t.Flush() // to memory
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

func claimTable(claims []*Claim) *outcome.Table {
	t := outcome.NewTable("claims", "number", "claim", "result", "effect", "low", "high", "unit", "depends_on", "beyond", "side", "reason")
	for _, c := range claims {
		t.Add(c.Number, c.Claim, c.Result, c.Effect.Value, c.Effect.Low, c.Effect.High, c.Unit, c.DependsOn, c.Beyond, c.Side, c.Reason)
	}
	return t
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
	return outcome.Forms{
		JSON: map[string]any{"experiments": trials, "sweeps": sweeps},
		CSV:  func() *outcome.Table { return trialTable(trials) },
		Text: func(b *strings.Builder) { trialText(b, trials, played) },
	}.Print(w, format)
}

func trialText(w *strings.Builder, trials []Trial, played []*Result) {
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
	_ = t.Flush() // to memory
	fmt.Fprintf(w, "%d of %d inside\n", inside, len(trials))
	for _, r := range played {
		for i := range r.Curves {
			fmt.Fprintf(w, "%s: %s\n", r.Name, r.Curves[i].sentence())
		}
	}
}

// trialSweep is a sweep of a published experiment.
type trialSweep struct {
	Name string `json:"name"`
	sweepJSON
}

func trialTable(trials []Trial) *outcome.Table {
	t := outcome.NewTable("experiments", "name", "role", "metric", "published", "low", "high", "simulated", "simulated_low", "simulated_high", "inside")
	for i := range trials {
		x := &trials[i]
		published := math.NaN()
		if x.Published != nil {
			published = *x.Published
		}
		t.Add(x.Name, x.Role, x.Metric, published, x.Low, x.High, x.Simulated.Value, x.Simulated.Low, x.Simulated.High, strconv.FormatBool(x.Inside))
	}
	return t
}
