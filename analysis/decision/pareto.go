package decision

import (
	"errors"
	"fmt"
)

// Direction says which values of an objective are better. The zero value is invalid.
type Direction string

const (
	HigherIsBetter Direction = "higher"
	LowerIsBetter  Direction = "lower"
)

func (d Direction) validate(path string) error {
	if d != HigherIsBetter && d != LowerIsBetter {
		return fmt.Errorf("%s: %q, must be %q or %q", path, string(d), HigherIsBetter, LowerIsBetter)
	}
	return nil
}

// oriented maps v so that higher is better.
func (d Direction) oriented(v float64) float64 {
	if d == LowerIsBetter {
		return -v
	}
	return v
}

// Objective is one quantity by which strategies are judged, such as recovery, cost or stress.
type Objective struct {
	Name   string
	Better Direction
	Values []float64 // one per strategy
}

// ParetoRow says whether a strategy is in the Pareto set, and if not, which strategies dominate it.
type ParetoRow struct {
	Strategy  string   `json:"strategy"`
	Efficient bool     `json:"efficient"`
	By        []string `json:"by,omitempty"` // in input order
}

// Pareto finds the strategies that no other one dominates, that is, equals in every objective and beats
// in at least one. Strategies that are equal in everything do not dominate one another: both are
// efficient (unlike [ICERs], which keeps one of them). Rows are in input order.
// No price is involved, so mixtures are not considered. Returns all faults of the input at once.
func Pareto(strategies []string, objectives []Objective) ([]ParetoRow, error) {
	errs := checkNames(strategies)
	if len(objectives) == 0 {
		errs = append(errs, errors.New("objectives: empty, at least one is needed"))
	}
	for i, o := range objectives {
		path := fmt.Sprintf("objectives[%d] %q", i, o.Name)
		errs = append(errs, o.Better.validate(path+": better"), checkRow(path, "strategies", o.Values, len(strategies)))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	rows := make([]ParetoRow, len(strategies))
	for i, name := range strategies {
		rows[i].Strategy = name
		for j, other := range strategies {
			if paretoDominates(objectives, j, i) {
				rows[i].By = append(rows[i].By, other)
			}
		}
		rows[i].Efficient = len(rows[i].By) == 0
	}
	return rows, nil
}

func paretoDominates(objectives []Objective, x, y int) bool {
	better := false
	for _, o := range objectives {
		vx, vy := o.Better.oriented(o.Values[x]), o.Better.oriented(o.Values[y])
		if vx < vy {
			return false
		}
		better = better || vx > vy
	}
	return better
}
