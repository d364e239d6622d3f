package sensitivity

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Factor is one uncertain input: a closed range and how it is covered.
type Factor struct {
	Name      string
	Low, High float64 // in the factor's unit; Low < High, both finite
	Log       bool    // cover the range evenly on a logarithmic scale; needs Low > 0
	Integer   bool    // whole numbers only; needs whole Low and High
}

// Bounds lists the factors of a study; their order is the order of the columns of every design.
type Bounds []Factor

// maxWhole is the largest magnitude at which all whole numbers are exact in a float64.
const maxWhole = 1 << 53

// UnitBounds returns k factors x1 ... xk on [0, 1]. Scaling to them changes nothing.
func UnitBounds(k int) Bounds {
	b := make(Bounds, k)
	for i := range b {
		b[i] = Factor{Name: "x" + strconv.Itoa(i+1), Low: 0, High: 1}
	}
	return b
}

// Names returns the factors' names in order.
func (b Bounds) Names() []string {
	names := make([]string, len(b))
	for i, f := range b {
		names[i] = f.Name
	}
	return names
}

// Validate reports every broken rule of every factor at once, nil if there is none.
func (b Bounds) Validate() error {
	if len(b) == 0 {
		return errors.New("bounds: no factors, need at least one")
	}
	var bad faults
	first := make(map[string]int, len(b))
	for i, f := range b {
		if j, seen := first[f.Name]; seen && f.Name != "" {
			bad.add("bounds[%d] %s: name already used by bounds[%d]", i, f.Name, j)
		} else {
			first[f.Name] = i
		}
		for _, why := range f.faults() {
			bad.add("bounds[%d] %s: %s", i, f.Name, why)
		}
	}
	return bad.join()
}

func (f Factor) faults() []string {
	var out []string
	if f.Name == "" {
		out = append(out, "name is empty")
	}
	if !finite(f.Low) || !finite(f.High) || !finite(f.High-f.Low) {
		return append(out, fmt.Sprintf("low and high must be finite and not overflow when subtracted, got %g and %g", f.Low, f.High))
	}
	if f.Low >= f.High {
		out = append(out, fmt.Sprintf("low must be below high, got %g and %g", f.Low, f.High))
	}
	if f.Log && f.Low <= 0 {
		out = append(out, fmt.Sprintf("a log scale needs low above 0, got %g", f.Low))
	}
	if f.Integer && (!whole(f.Low) || !whole(f.High)) {
		out = append(out, fmt.Sprintf("an integer range needs whole low and high within ±2^53, got %g and %g", f.Low, f.High))
	}
	return out
}

// Scale maps points of the unit cube (n×k, every value in [0, 1]) to the factors' units.
//
// A linear or log factor is interpolated, 0 giving Low and 1 giving High exactly. An integer factor takes each of
// its whole numbers with equal share of [0, 1]; a log integer factor takes n with share proportional to
// log((n+1)/n). Errors: invalid bounds, a row of another length, a value outside [0, 1].
func (b Bounds) Scale(unit [][]float64) ([][]float64, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if err := checkPoints(unit, len(b), func(u float64) bool { return u >= 0 && u <= 1 }, "within [0, 1]"); err != nil {
		return nil, err
	}
	return b.mapPoints(unit, Factor.scale), nil
}

// Unit is the inverse of Scale up to the rounding of integer factors: Low gives 0 and High gives 1, values between
// are placed by distance (by ratio on a log scale); values outside the range give values outside [0, 1].
// Errors: invalid bounds, a row of another length, a value not finite, a value of 0 or less on a log scale.
func (b Bounds) Unit(points [][]float64) ([][]float64, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if err := checkPoints(points, len(b), finite, "finite"); err != nil {
		return nil, err
	}
	var bad faults
	for r, row := range points {
		for i, f := range b {
			if f.Log && row[i] <= 0 {
				bad.add("points[%d][%d] (%s): a log scale needs a value above 0, got %g", r, i, f.Name, row[i])
			}
		}
	}
	return b.mapPoints(points, Factor.unit), bad.join()
}

func (b Bounds) mapPoints(points [][]float64, one func(Factor, float64) float64) [][]float64 {
	out := table(len(points), len(b))
	for r, row := range points {
		for i, f := range b {
			out[r][i] = one(f, row[i])
		}
	}
	return out
}

func (f Factor) scale(u float64) float64 {
	high := f.High
	if f.Integer {
		high++ // each whole number n owns [n, n+1)
	}
	var x float64
	switch {
	case u == 0:
		return f.Low
	case u == 1:
		return f.High
	case f.Log:
		x = math.Exp(math.Log(f.Low)*(1-u) + math.Log(high)*u)
	default:
		x = f.Low*(1-u) + high*u
	}
	if f.Integer {
		x = math.Floor(x)
	}
	return min(max(x, f.Low), f.High)
}

func (f Factor) unit(x float64) float64 {
	if f.Log {
		return math.Log(x/f.Low) / math.Log(f.High/f.Low)
	}
	return (x - f.Low) / (f.High - f.Low)
}

// Levels returns, per factor, k values from Low to High, evenly spaced (by ratio on a log scale).
// An integer factor's values are rounded to whole numbers, and equal neighbours are given once, so that it can
// have fewer than k. Errors: invalid bounds, k below 2 or too large to be held.
func (b Bounds) Levels(k int) ([][]float64, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if k < 2 {
		return nil, fmt.Errorf("levels: need at least 2, got %d", k)
	}
	if err := checkSize("levels", k, len(b)); err != nil {
		return nil, err
	}
	out := make([][]float64, len(b))
	for i, f := range b {
		out[i] = f.levels(k)
	}
	return out, nil
}

func (f Factor) levels(k int) []float64 {
	smooth := f
	smooth.Integer = false
	var out []float64
	for j := range k {
		x := smooth.scale(float64(j) / float64(k-1))
		if f.Integer {
			x = math.Round(x)
		}
		if len(out) == 0 || out[len(out)-1] != x {
			out = append(out, x)
		}
	}
	return out
}
