package report

import (
	"fmt"

	"collectsim/analysis/chart"
)

// Overlay draws the chart of a second run, called name, on the axes of the first; both come from Draw with
// the same kind and options.
func Overlay(kind string, first, second chart.Chart, name string) (chart.Chart, error) {
	switch a := first.(type) {
	case chart.Overdue:
		a.Overlay = chart.Overlay{Name: name, Lines: second.(chart.Overdue).Lines}
		return a, nil
	case chart.Stress:
		a.Overlay = chart.Overlay{Name: name, Lines: second.(chart.Stress).Lines}
		return a, nil
	case chart.StressVisit:
		b := second.(chart.StressVisit)
		a.Overlay = chart.StressVisitOverlay{Name: name, Lines: b.Lines, Appointments: b.Appointments}
		return a, nil
	case chart.Distress:
		a.Overlay = chart.Overlay{Name: name, Lines: second.(chart.Distress).Lines}
		return a, nil
	case chart.Acceptability:
		a.Overlay = chart.Overlay{Name: name, Lines: second.(chart.Acceptability).Lines}
		return a, nil
	case chart.Convergence:
		a.Overlay = chart.Overlay{Name: name, Lines: second.(chart.Convergence).Lines}
		return a, nil
	case chart.RecoveryCost:
		a.Overlay = chart.CostOverlay{Name: name, Points: second.(chart.RecoveryCost).Points}
		return a, nil
	case chart.Cure:
		a.Overlay = chart.CureOverlay{Name: name, Curves: second.(chart.Cure).Curves}
		return a, nil
	case chart.Queue:
		b := second.(chart.Queue)
		a.Overlay = chart.QueueOverlay{Name: name, Waiting: b.Waiting, Utilisation: b.Utilisation}
		return a, nil
	}
	return nil, fmt.Errorf("chart %q: has no overlay; kinds that have one: %v", kind, OverlayKinds())
}

// OverlayKinds lists the kinds of charts of a run that can show a second one.
func OverlayKinds() []string {
	var names []string
	for _, k := range chart.Kinds {
		if k.Overlay && builders[k.Name] != nil {
			names = append(names, k.Name)
		}
	}
	return names
}
