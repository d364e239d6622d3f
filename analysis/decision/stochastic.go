package decision

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Dominance says in which sense one distribution dominates another. First implies Second.
type Dominance struct {
	First  bool // at every threshold at least as likely to be better: every decision maker prefers it
	Second bool // every decision maker who is averse to risk prefers it
}

// StochasticDominance compares the empirical distributions of x and y and reports whether x dominates y.
//
// For [HigherIsBetter], first order: F_x(t) <= F_y(t) for every t; second order: the same for the
// integral of F up to t; each strictly for some t, so equal distributions do not dominate. For
// [LowerIsBetter] the negated values are compared. The comparison is of the samples as they are, exactly
// (tolerance 0, no rounding): one crossing sample breaks dominance, so it is a strict finding in small
// samples and no statistical test. The samples need not be aligned or of equal number.
//
// Errors: empty samples, values that are not finite, unknown direction.
// Source: Hadar and Russell 1969, American Economic Review 59(1).
func StochasticDominance(x, y []float64, better Direction) (Dominance, error) {
	errs := []error{better.validate("better"), checkSample("x", x), checkSample("y", y)}
	if err := errors.Join(errs...); err != nil {
		return Dominance{}, err
	}
	return dominance(sortedOriented(x, better), sortedOriented(y, better)), nil
}

func checkSample(path string, x []float64) error {
	if len(x) == 0 {
		return fmt.Errorf("%s: no samples", path)
	}
	return checkRow(path, "samples", x, len(x))
}

func sortedOriented(x []float64, better Direction) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = better.oriented(v)
	}
	slices.Sort(out)
	return out
}

// dominance walks the pooled values upward. gap is (F_y - F_x)*len(x)*len(y), an exact integer, and area
// is its integral so far, kept without rounding.
func dominance(x, y []float64) Dominance {
	first, second, strict1, strict2 := true, true, false, false
	var area exactSum
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		t := lowest(x, y, i, j)
		for i < len(x) && x[i] == t {
			i++
		}
		for j < len(y) && y[j] == t {
			j++
		}
		gap := float64(j)*float64(len(x)) - float64(i)*float64(len(y))
		first, strict1 = first && gap >= 0, strict1 || gap > 0
		if i == len(x) && j == len(y) {
			break
		}
		area.addProduct(gap, lowest(x, y, i, j), t)
		second, strict2 = second && area.sign() >= 0, strict2 || area.sign() > 0
	}
	return Dominance{First: first && strict1, Second: second && strict2}
}

func lowest(x, y []float64, i, j int) float64 {
	switch {
	case i == len(x):
		return y[j]
	case j == len(y):
		return x[i]
	}
	return math.Min(x[i], y[j])
}

// exactSum is a sum of float64 without rounding error: partial sums that do not overlap, smallest first.
// Source: Shewchuk 1997, Discrete & Computational Geometry 18(3), grow-expansion.
type exactSum struct{ partials []float64 }

func (s *exactSum) add(v float64) {
	kept := s.partials[:0]
	for _, p := range s.partials {
		sum, rest := twoSum(v, p)
		if rest != 0 {
			kept = append(kept, rest)
		}
		v = sum
	}
	s.partials = append(kept, v)
}

// addProduct adds factor*(high-low).
func (s *exactSum) addProduct(factor, high, low float64) {
	width, rest := twoSum(high, -low)
	for _, w := range [2]float64{rest, width} {
		p := float64(factor * w)
		s.add(math.FMA(factor, w, -p))
		s.add(p)
	}
}

// sign of the sum is that of its largest partial.
func (s *exactSum) sign() float64 {
	for i := len(s.partials) - 1; i >= 0; i-- {
		if p := s.partials[i]; p != 0 {
			return math.Copysign(1, p)
		}
	}
	return 0
}

// twoSum returns a+b rounded, and the rounding error exactly (Knuth).
func twoSum(a, b float64) (sum, rest float64) {
	sum = a + b
	bb := sum - a
	return sum, (a - (sum - bb)) + (b - bb)
}

// DominancePair is one finding of [DominancePairs].
type DominancePair struct {
	Dominator string `json:"dominator"`
	Dominated string `json:"dominated"`
	Order     int    `json:"order"` // 1 or 2, the lowest that holds
}

// DominancePairs compares every pair of strategies on one quantity, values[strategy][sample], and lists
// the pairs with dominance of first or second order, in input order. See [StochasticDominance].
func DominancePairs(strategies []string, values [][]float64, better Direction) ([]DominancePair, error) {
	errs := append(checkNames(strategies), better.validate("better"))
	if len(values) != len(strategies) {
		errs = append(errs, fmt.Errorf("values: %d rows, must be one per strategy (%d)", len(values), len(strategies)))
	}
	for k, row := range values {
		errs = append(errs, checkSample(fmt.Sprintf("values[%d]", k), row))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	sorted := make([][]float64, len(values))
	for k, row := range values {
		sorted[k] = sortedOriented(row, better)
	}
	var out []DominancePair
	for x, nameX := range strategies {
		for y, nameY := range strategies {
			d := dominance(sorted[x], sorted[y])
			switch {
			case d.First:
				out = append(out, DominancePair{nameX, nameY, 1})
			case d.Second:
				out = append(out, DominancePair{nameX, nameY, 2})
			}
		}
	}
	return out, nil
}
