package report

import (
	"fmt"

	"collectsim/analysis/chart"
)

// Overlay draws the chart of a second run or sweep, called name, on the axes of the first; both come from Draw, or from
// a sweep, with the same kind and options. What the texts of the two say differently, such as accounts, replications or
// seed, is said of both.
func Overlay(kind string, first, second chart.Chart, name string) (chart.Chart, error) {
	if a, ok := first.(chart.Sweep); ok {
		if b := second.(chart.Sweep); a.Input != b.Input || a.Outcome != b.Outcome {
			return nil, fmt.Errorf("chart %q: %s shows %s over %s, not %s over %s", kind, name, b.Outcome, b.Input, a.Outcome, a.Input)
		}
	}
	switch a := first.(type) {
	case chart.Overdue:
		b := second.(chart.Overdue)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.Stress:
		b := second.(chart.Stress)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.StressVisit:
		b := second.(chart.StressVisit)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.StressVisitOverlay{Name: name, Lines: b.Lines, Appointments: b.Appointments}
		return a, nil
	case chart.Vintage:
		b := second.(chart.Vintage)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.Distress:
		b := second.(chart.Distress)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.Acceptability:
		b := second.(chart.Acceptability)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.Convergence:
		b := second.(chart.Convergence)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.Sweep:
		b := second.(chart.Sweep)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.Overlay{Name: name, Lines: b.Lines}
		return a, nil
	case chart.RecoveryCost:
		b := second.(chart.RecoveryCost)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.CostOverlay{Name: name, Points: b.Points}
		return a, nil
	case chart.Cure:
		b := second.(chart.Cure)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.CureOverlay{Name: name, Curves: b.Curves}
		return a, nil
	case chart.Queue:
		b := second.(chart.Queue)
		a.Frame, a.Overlay = both(a.Frame, b.Frame, name), chart.QueueOverlay{Name: name, Waiting: b.Waiting, Utilisation: b.Utilisation}
		return a, nil
	}
	return nil, fmt.Errorf("chart %q: has no overlay; kinds that have one: %v", kind, OverlayKinds())
}

// both is the frame of two runs: where their texts differ, that of the second follows under its name.
func both(a, b chart.Frame, name string) chart.Frame {
	for _, x := range []struct {
		text  *string
		other string
	}{{&a.Note, b.Note}, {&a.Interval, b.Interval}, {&a.Source, b.Source}} {
		if *x.text != x.other && x.other != "" {
			*x.text += "; " + name + ": " + x.other
		}
	}
	return a
}

// OverlayKinds lists the kinds of charts that can show a second run, or a second sweep.
func OverlayKinds() []string {
	var names []string
	for _, k := range chart.Kinds {
		if k.Overlay {
			names = append(names, k.Name)
		}
	}
	return names
}
