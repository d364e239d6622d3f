package calibrate

import (
	"fmt"
	"io"
	"math"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

// Print writes the result as text, json or csv; csv has a row per target.
func (r *Result) Print(w io.Writer, format string) error {
	return outcome.Forms{JSON: r, CSV: r.table, Text: r.text}.Print(w, format)
}

func (r *Result) text(b *strings.Builder) {
	fitted := 0
	for i := range r.Targets {
		if !r.Targets[i].HoldOut {
			fitted++
		}
	}
	fmt.Fprintf(b, "%s: %d parameters fitted to %d targets, %d held out; %s, %d lives in all, seed %d\n\n",
		r.Scenario, len(r.Parameters), fitted, len(r.Targets)-fitted, r.size(), r.Played, r.Seed)
	t := columns.Left(b)
	fmt.Fprintln(t, "parameter\tbefore\tfitted\tstd. error\t95% interval\trange\tunit")
	for i := range r.Parameters {
		p := &r.Parameters[i]
		e := estimate.Estimate{Value: p.Value, SE: p.SE / 10, N: 1} // one digit more than the error supports
		se, interval := "-", "at the end of the range"
		if !p.AtBound {
			se, interval = fmt.Sprintf("%.2g", p.SE), fmt.Sprintf("[%s, %s]", e.Format(p.Interval[0]), e.Format(p.Interval[1]))
			if !p.Identified {
				interval += " not identified"
			}
		}
		fmt.Fprintf(t, "%s\t%g\t%s\t%s\t%s\t[%g, %g]\t%s\n", p.Path, p.Start, e.Format(p.Value), se, interval, p.Low, p.High, p.Unit)
	}
	_ = t.Flush() // to memory
	r.targetText(b, "\ntargets that were fitted", false)
	if fitted < len(r.Targets) {
		r.targetText(b, "\ntargets held out: z holds the error of the parameters too", true)
	}
	fmt.Fprintf(b, "\nbefore, simulated: %d lives that no value was fitted to; z: error in its standard errors\n", r.Fresh)
	fmt.Fprintf(b, "weighted squares of the misses: %.4g before, %.4g fitted\n", r.Before, r.Q)
	if !math.IsNaN(r.J) {
		fmt.Fprintf(b, "test of fit: J %.4g on %d degrees of freedom, p %.2g\n", r.J, r.DF, r.P)
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(b, "warning: %s\n", w)
	}
}

// size says what was played at each point.
func (r *Result) size() string {
	if r.Accounts == 0 {
		return fmt.Sprintf("experiments x %d lives a point", r.Lives)
	}
	return fmt.Sprintf("%d accounts x %d lives a point, %d days", r.Accounts, r.Lives, r.Horizon)
}

func (r *Result) targetText(b *strings.Builder, title string, held bool) {
	fmt.Fprintln(b, title)
	t := columns.Left(b)
	fmt.Fprintln(t, "  target\tvalue\tstd. error\tbefore\tsimulated\terror\tz")
	rms, rmsBefore, n := 0.0, 0.0, 0.0
	for i := range r.Targets {
		m := &r.Targets[i]
		if m.HoldOut != held {
			continue
		}
		fmt.Fprintf(t, "  %s\t%.4g\t%.2g\t%.4g\t%.4g\t%+.2g\t%+.1f\n", m.Name, *m.Value, m.SE, m.Start, m.Simulated, m.Error, m.Z)
		rms, rmsBefore, n = rms+m.Error*m.Error, rmsBefore+(m.Start-*m.Value)*(m.Start-*m.Value), n+1
	}
	_ = t.Flush() // to memory
	fmt.Fprintf(b, "  root mean square of the errors: %.3g before, %.3g fitted\n", math.Sqrt(rmsBefore/n), math.Sqrt(rms/n))
}

// table has a row per target.
func (r *Result) table() *outcome.Table {
	t := outcome.NewTable("targets", "name", "role", "target", "se", "before", "simulated", "simulated_se", "error", "z")
	for i := range r.Targets {
		m := &r.Targets[i]
		role := "fitted"
		if m.HoldOut {
			role = "held out"
		}
		t.Add(m.Name, role, *m.Value, m.SE, m.Start, m.Simulated, m.SimulatedSE, m.Error, m.Z)
	}
	return t
}
