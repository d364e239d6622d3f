package sensitivity

import (
	"fmt"
	"math"
	"slices"
)

// Swing is one factor's row of a tornado table.
type Swing struct {
	Name           string
	Levels, Values []float64 // of the factor, and of the output at them
	Low, High      float64   // smallest and largest output, the base included
	AtLow, AtHigh  float64   // the factor's level there; its base level where the base is the extreme
	Width          float64   // High - Low, in the output's unit, at least 0
	SignChange     bool      // outputs below and above 0 both occur: for a difference, the better side changes
}

// Tornado says how far each factor alone moves the output, from the values at the points of [OneWay].
//
// base, levels as given to OneWay; names one per factor; values has 1 + Σ len(levels[i]) numbers, base first.
// Rows come in order of falling Width, equal ones in factor order; a factor without levels is left out. Exact zeros
// take no side in SignChange. Errors: lengths that do not fit, values not finite.
func Tornado(names []string, base []float64, levels [][]float64, values []float64) ([]Swing, error) {
	if err := checkTornado(names, base, levels, values); err != nil {
		return nil, err
	}
	var out []Swing
	at := 1
	for i, list := range levels {
		if len(list) > 0 {
			out = append(out, swing(names[i], list, values[at:at+len(list)], [2]float64{base[i], values[0]}))
		}
		at += len(list)
	}
	slices.SortStableFunc(out, func(a, b Swing) int {
		switch {
		case a.Width > b.Width:
			return -1
		case a.Width < b.Width:
			return 1
		}
		return 0
	})
	return out, nil
}

func checkTornado(names []string, base []float64, levels [][]float64, values []float64) error {
	var bad faults
	if err := checkOneWay(base, levels); err != nil {
		bad.add("%w", err)
	}
	if len(names) != len(levels) {
		bad.add("tornado: %d names for %d factors", len(names), len(levels))
	}
	want := 1
	for _, list := range levels {
		want += len(list)
	}
	if len(values) != want {
		bad.add("tornado: %d values, need %d: the base and one per level", len(values), want)
	}
	if err := checkValues(values, false); err != nil {
		bad.add("%w", err)
	}
	return bad.join()
}

// swing summarises one factor; base is its base level and the output there.
func swing(name string, levels, values []float64, base [2]float64) Swing {
	s := Swing{
		Name: name, Levels: slices.Clone(levels), Values: slices.Clone(values),
		Low: base[1], High: base[1], AtLow: base[0], AtHigh: base[0],
	}
	for j, y := range values {
		if y < s.Low {
			s.Low, s.AtLow = y, levels[j]
		}
		if y > s.High {
			s.High, s.AtHigh = y, levels[j]
		}
	}
	s.Width = s.High - s.Low
	s.SignChange = s.Low < 0 && s.High > 0
	return s
}

// Direction says which values of an output are better.
type Direction string

const (
	Lower  Direction = "lower"
	Higher Direction = "higher"
)

// StrategyMap says which strategy is best in each cell of a two-way grid; [i][j] is at X[i], Y[j].
type StrategyMap struct {
	X, Y   []float64
	Best   [][]int     // index of the best strategy, the first of equals; -1 where no value is known
	Margin [][]float64 // distance to the second best, at least 0; NaN where fewer than two values are known
	Shares []float64   // share of the cells with a known best in which each strategy is the (first) best
}

// BestMap finds the best strategy at each point of [TwoWay].
//
// values has len(x)·len(y) rows in TwoWay's order, each with one value per strategy, NaN where it is missing.
// Errors: lengths that do not fit, no strategies, infinite values, unknown direction.
func BestMap(x, y []float64, values [][]float64, better Direction) (StrategyMap, error) {
	if err := checkBestMap(x, y, values, better); err != nil {
		return StrategyMap{}, err
	}
	out := StrategyMap{
		X: slices.Clone(x), Y: slices.Clone(y),
		Margin: table(len(x), len(y)), Shares: make([]float64, len(values[0])),
	}
	known := 0
	for i := range x {
		row := make([]int, len(y))
		for j := range y {
			row[j], out.Margin[i][j] = best(values[i*len(y)+j], better)
			if row[j] >= 0 {
				out.Shares[row[j]]++
				known++
			}
		}
		out.Best = append(out.Best, row)
	}
	for s := range out.Shares {
		out.Shares[s] /= float64(known)
	}
	return out, nil
}

func checkBestMap(x, y []float64, values [][]float64, better Direction) error {
	if better != Lower && better != Higher {
		return fmt.Errorf("best map: direction must be %q or %q, got %q", Lower, Higher, better)
	}
	if len(x) == 0 || len(y) == 0 || len(values) != len(x)*len(y) {
		return fmt.Errorf("best map: %d rows of values for a grid of %d × %d", len(values), len(x), len(y))
	}
	if len(values[0]) == 0 {
		return fmt.Errorf("best map: no strategies")
	}
	return checkPoints(values, len(values[0]), func(v float64) bool { return !math.IsInf(v, 0) }, "finite or NaN")
}

// best returns the index of the best known value, -1 if there is none, and its margin over the second best.
func best(values []float64, better Direction) (int, float64) {
	sign := 1.0
	if better == Lower {
		sign = -1
	}
	at, first, second := -1, math.Inf(-1), math.Inf(-1)
	for s, v := range values {
		switch gain := sign * v; {
		case math.IsNaN(gain):
		case gain > first:
			at, first, second = s, gain, first
		case gain > second:
			second = gain
		}
	}
	if math.IsInf(second, -1) {
		return at, math.NaN()
	}
	return at, first - second
}
