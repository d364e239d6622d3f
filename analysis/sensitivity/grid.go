package sensitivity

import (
	"fmt"
	"slices"
)

// Axis is one factor (its column number) and the values it takes.
type Axis struct {
	Factor int
	Values []float64
}

// OneWay returns the base point, then for each factor in turn the base with that factor at each of its levels.
//
// base has k values; levels[i] lists the values of factor i, typically from [Bounds.Levels], and may be empty for a
// factor that stays fixed. The result has 1 + Σ len(levels[i]) rows; [Tornado] reads values in this order.
func OneWay(base []float64, levels [][]float64) ([][]float64, error) {
	if err := checkOneWay(base, levels); err != nil {
		return nil, err
	}
	rows := 1
	for _, values := range levels {
		rows += len(values)
	}
	if err := checkSize("one-way", rows, len(base)); err != nil {
		return nil, err
	}
	points := [][]float64{slices.Clone(base)}
	for i, values := range levels {
		for _, x := range values {
			row := slices.Clone(base)
			row[i] = x
			points = append(points, row)
		}
	}
	return points, nil
}

func checkOneWay(base []float64, levels [][]float64) error {
	var bad faults
	if len(base) == 0 || len(base) != len(levels) {
		bad.add("one-way: base has %d values and levels %d lists, need the same number, at least 1", len(base), len(levels))
	}
	addInfinite(&bad, "base", base)
	for i, values := range levels {
		addInfinite(&bad, fmt.Sprintf("levels[%d]", i), values)
	}
	return bad.join()
}

func addInfinite(bad *faults, path string, values []float64) {
	for j, x := range values {
		if !finite(x) {
			bad.add("%s[%d]: must be finite, got %g", path, j, x)
		}
	}
}

// TwoWay returns the base point with the factors of two axes set to every pair of their values, the second axis
// fastest: len(a.Values)·len(b.Values) rows. [BestMap] reads values in this order.
func TwoWay(base []float64, a, b Axis) ([][]float64, error) {
	var bad faults
	for i, axis := range []Axis{a, b} {
		if axis.Factor < 0 || axis.Factor >= len(base) {
			bad.add("axis %d: factor must lie in 0..%d, got %d", i+1, len(base)-1, axis.Factor)
		}
	}
	if a.Factor == b.Factor {
		bad.add("axis 2: factor %d is already varied by axis 1", b.Factor)
	}
	addInfinite(&bad, "base", base)
	if err := bad.join(); err != nil {
		return nil, err
	}
	pairs, err := Grid([][]float64{a.Values, b.Values})
	if err != nil {
		return nil, err
	}
	points := make([][]float64, len(pairs))
	for r, pair := range pairs {
		points[r] = slices.Clone(base)
		points[r][a.Factor], points[r][b.Factor] = pair[0], pair[1]
	}
	return points, nil
}

// Grid returns every combination of the factors' values, the last factor fastest: Π len(values[i]) rows.
func Grid(values [][]float64) ([][]float64, error) {
	if err := checkLists(values); err != nil {
		return nil, err
	}
	rows := 1
	for _, list := range values {
		if rows > maxCells/len(list) {
			return nil, fmt.Errorf("grid: more than %d points", maxCells)
		}
		rows *= len(list)
	}
	if err := checkSize("grid", rows, len(values)); err != nil {
		return nil, err
	}
	points := table(rows, len(values))
	for r := range points {
		rest := r
		for i := len(values) - 1; i >= 0; i-- {
			points[r][i] = values[i][rest%len(values[i])]
			rest /= len(values[i])
		}
	}
	return points, nil
}

// Zip returns row r with the r-th value of every factor; all lists must be equally long.
func Zip(values [][]float64) ([][]float64, error) {
	if err := checkLists(values); err != nil {
		return nil, err
	}
	var bad faults
	for i, list := range values {
		if len(list) != len(values[0]) {
			bad.add("values[%d]: has %d values, values[0] has %d, zip needs the same number", i, len(list), len(values[0]))
		}
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	points := table(len(values[0]), len(values))
	for r := range points {
		for i := range values {
			points[r][i] = values[i][r]
		}
	}
	return points, nil
}

func checkLists(values [][]float64) error {
	var bad faults
	if len(values) == 0 {
		bad.add("values: no factors, need at least one")
	}
	for i, list := range values {
		if len(list) == 0 {
			bad.add("values[%d]: is empty, need at least one value", i)
		}
		addInfinite(&bad, fmt.Sprintf("values[%d]", i), list)
	}
	return bad.join()
}
