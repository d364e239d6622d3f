package calibrate

import (
	"fmt"
	"strings"

	"collectsim/sim/scenario"

	"github.com/goccy/go-yaml"
)

// ScenarioFile returns the scenario file of the fitted values: laid over the scenario that was fitted, after the
// settings under which it was, see [scenario.Derive]. Fitted values are fixed: they are not drawn.
func (r *Result) ScenarioFile(name, extends string, settings []string) ([]byte, error) {
	var fitted []scenario.Setting
	for i := range r.Parameters {
		fitted = append(fitted, scenario.Setting{Path: r.Parameters[i].Path, Value: r.declared(&r.Parameters[i])})
	}
	body, err := scenario.Derive(name, extends, settings, fitted...)
	return append([]byte(r.header()), body...), err
}

// header says what the file is and what speaks against it.
func (r *Result) header() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Fitted by collectsim calibrate to %s: %s, seed %d.\n", strings.Join(r.Files, ", "), r.size(), r.Seed)
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "# warning: %s\n", strings.ReplaceAll(w, "\n", " "))
	}
	return b.String()
}

// declared is the mapping that a fitted number is written as. The range stays the one that was
// searched: a small error of the fit does not make other values implausible.
func (r *Result) declared(p *Fitted) yaml.MapSlice {
	fitted := 0
	for i := range r.Targets {
		if !r.Targets[i].HoldOut {
			fitted++
		}
	}
	note := fmt.Sprintf("standard error %.2g, 95%% interval %.4g to %.4g", p.SE, p.Interval[0], p.Interval[1])
	switch {
	case p.AtBound:
		note = "lies at an end of the range that was searched"
	case !p.Identified:
		note = "not identified by the targets: " + note
	}
	m := yaml.MapSlice{{Key: "value", Value: p.Value}, {Key: "range", Value: []float64{p.Low, p.High}}}
	if p.Unit != "" {
		m = append(m, yaml.MapItem{Key: "unit", Value: p.Unit})
	}
	return append(m,
		yaml.MapItem{Key: "source", Value: fmt.Sprintf("calibrated to %s on %d targets", strings.Join(r.Files, ", "), fitted)},
		yaml.MapItem{Key: "note", Value: note})
}
