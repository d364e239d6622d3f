package decision

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// maxMagnitude bounds every input, so that products of two differences cannot overflow.
const maxMagnitude = 1e150

// Means holds one cost and one effect per strategy, all three slices of the same length.
type Means struct {
	Strategies []string  // unique, not empty
	Cost       []float64 // money, lower is better
	Effect     []float64 // any unit, higher is better
}

// Samples holds aligned samples: Cost[k][i] and Effect[k][i] of strategy k come from the same draw i
// for every k. Every row has the same length, at least 1.
type Samples struct {
	Strategies []string
	Cost       [][]float64 // [strategy][sample]
	Effect     [][]float64 // [strategy][sample]
}

// Len is the number of samples per strategy. It assumes valid samples.
func (s Samples) Len() int { return len(s.Cost[0]) }

// Means averages the samples of each strategy. Means that differ by no more than the rounding of the samples to float64
// explains are made equal: 0.1 and 0.2 have the mean of 0 and 0.3, and would else be dearer, or achieve more at a price of
// 1e16. It assumes valid samples.
func (s Samples) Means() Means {
	return Means{Strategies: s.Strategies, Cost: tiedMeans(s.Cost), Effect: tiedMeans(s.Effect)}
}

func tiedMeans(rows [][]float64) []float64 {
	means, sizes, order := make([]float64, len(rows)), make([]float64, len(rows)), make([]int, len(rows))
	for k, row := range rows {
		means[k], order[k] = mean(row), k
		for _, v := range row {
			sizes[k] += math.Abs(v) / float64(len(row))
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(means[a], means[b]) })
	for i := 1; i < len(order); i++ {
		low, k := order[i-1], order[i]
		if tied(means[k], means[low], sizes[k], sizes[low]) {
			means[k] = means[low]
		}
	}
	return means
}

// Validate reports every fault of m at once: no strategy, empty or repeated names, lengths that differ,
// values that are not finite.
func (m Means) Validate() error {
	errs := checkNames(m.Strategies)
	errs = append(errs, checkRow("cost", "strategies", m.Cost, len(m.Strategies)))
	errs = append(errs, checkRow("effect", "strategies", m.Effect, len(m.Strategies)))
	return errors.Join(errs...)
}

// Validate reports every fault of s at once, as [Means.Validate] does, and rows of unequal length.
func (s Samples) Validate() error {
	errs := checkNames(s.Strategies)
	errs = append(errs, checkTable("cost", s.Strategies, s.Cost, s.sampleCount()))
	errs = append(errs, checkTable("effect", s.Strategies, s.Effect, s.sampleCount()))
	return errors.Join(errs...)
}

// sampleCount is the length that every row must have: that of the first cost row.
func (s Samples) sampleCount() int {
	if len(s.Cost) == 0 {
		return 0
	}
	return len(s.Cost[0])
}

func checkNames(names []string) []error {
	if len(names) == 0 {
		return []error{errors.New("strategies: empty, at least one is needed")}
	}
	var errs []error
	seen := make(map[string]int, len(names))
	for i, name := range names {
		if name == "" {
			errs = append(errs, fmt.Errorf("strategies[%d]: empty name", i))
			continue
		}
		if first, ok := seen[name]; ok {
			errs = append(errs, fmt.Errorf("strategies[%d]: %q is already the name of strategies[%d]", i, name, first))
			continue
		}
		seen[name] = i
	}
	return errs
}

func checkTable(what string, names []string, table [][]float64, n int) error {
	if len(table) != len(names) {
		return fmt.Errorf("%s: %d rows, must be one per strategy (%d)", what, len(table), len(names))
	}
	var errs []error
	for k, row := range table {
		path := fmt.Sprintf("%s[%s]", what, names[k])
		if len(row) == 0 {
			errs = append(errs, fmt.Errorf("%s: no samples", path))
			continue
		}
		errs = append(errs, checkRow(path, "samples, as the first row", row, n))
	}
	return errors.Join(errs...)
}

// checkRow counts faulty values instead of listing each: a broken column has thousands.
func checkRow(path, unit string, row []float64, n int) error {
	var errs []error
	if len(row) != n {
		errs = append(errs, fmt.Errorf("%s: %d values, must be %d %s", path, len(row), n, unit))
	}
	faults, first := 0, 0
	for i, v := range row {
		if math.Abs(v) <= maxMagnitude { // false for NaN
			continue
		}
		if faults == 0 {
			first = i
		}
		faults++
	}
	if faults > 0 {
		errs = append(errs, fmt.Errorf("%s[%d]: %v, must be finite and within ±%g (%d of %d values are not)",
			path, first, row[first], maxMagnitude, faults, len(row)))
	}
	return errors.Join(errs...)
}

func checkPrices(path string, prices []float64) error {
	if len(prices) == 0 {
		return fmt.Errorf("%s: empty, at least one price is needed", path)
	}
	var errs []error
	for i, p := range prices {
		if !(p >= 0 && p <= maxMagnitude) {
			errs = append(errs, fmt.Errorf("%s[%d]: %v, must be finite and at least 0", path, i, p))
		}
	}
	return errors.Join(errs...)
}

// order lists strategies by cost, then higher effect, then name: the order of every tie rule here.
func (m Means) order() []int {
	idx := make([]int, len(m.Strategies))
	for i := range idx {
		idx[i] = i
	}
	slices.SortFunc(idx, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(m.Cost[a], m.Cost[b]),
			cmp.Compare(m.Effect[b], m.Effect[a]),
			cmp.Compare(m.Strategies[a], m.Strategies[b]))
	})
	return idx
}

// mean sums with compensation (Neumaier 1974): the same values in another order have the same mean, of which a
// strategy would else seem to achieve more by a rounding error, at a price of 1e16 a unit.
func mean(x []float64) float64 {
	sum, lost := 0.0, 0.0
	for _, v := range x {
		t := sum + v
		if math.Abs(sum) >= math.Abs(v) {
			lost += (sum - t) + v
		} else {
			lost += (v - t) + sum
		}
		sum = t
	}
	return (sum + lost) / float64(len(x))
}

// standardError of the mean of x, NaN for fewer than two values.
func standardError(x []float64) float64 {
	n, m, ss := float64(len(x)), mean(x), 0.0
	for _, v := range x {
		ss += (v - m) * (v - m)
	}
	if n < 2 {
		return math.NaN()
	}
	return math.Sqrt(ss / (n - 1) / n)
}
