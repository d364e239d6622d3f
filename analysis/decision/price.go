package decision

import (
	"errors"
	"fmt"
	"math"
)

// Range is the interval of prices over which one strategy has the highest value.
// At a boundary both neighbours are equal; the tie rules give it to the one of the lower prices.
type Range struct {
	Strategy string  `json:"strategy"`
	From     float64 `json:"from"`
	To       Number  `json:"to"` // +Inf (null in JSON) for the last range
}

// BestByPrice finds which strategy has the highest value a[k] + price*b[k] at each price from 0 up,
// exactly: the upper envelope of lines, not a search over a grid.
//
// With a = -cost and b = effect the price is the willingness to pay, and the boundaries are the ICERs of
// the frontier. With a = net benefit at a fixed willingness to pay and b = -distress-days it is a price
// on stress. Ranges are in increasing order of price, cover [0, +Inf) and have positive length, so a
// strategy that is best at a single price only is left out. Of equal lines the first by name is reported.
//
// names, a, b are parallel. Returns all faults of the input at once.
func BestByPrice(names []string, a, b []float64) ([]Range, error) {
	errs := checkNames(names)
	errs = append(errs, checkRow("a", "strategies", a, len(names)), checkRow("b", "strategies", b, len(names)))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return ranges(names, a, b), nil
}

func ranges(names []string, a, b []float64) []Range {
	at, price := highestAtZero(names, a, b), 0.0
	var out []Range
	for {
		next, switchAt := overtaker(names, a, b, at)
		if switchAt > price || next < 0 { // two lines can cross at the current price only by rounding
			out = append(out, Range{Strategy: names[at], From: price, To: Number(switchAt)})
			price = switchAt
		}
		if next < 0 {
			return out
		}
		at = next
	}
}

// highestAtZero is the strategy that is best at an infinitesimal price.
func highestAtZero(names []string, a, b []float64) int {
	best := 0
	for k := range names {
		if a[k] > a[best] || a[k] == a[best] && (b[k] > b[best] || b[k] == b[best] && names[k] < names[best]) {
			best = k
		}
	}
	return best
}

// overtaker is the steeper line that crosses line i first, and the price; -1 and +Inf if none is steeper.
// Of lines that cross line i at the same price, up to the rounding of the inputs, it is the steepest: the
// others are best at that price at most.
func overtaker(names []string, a, b []float64, i int) (next int, price float64) {
	first := math.Inf(1) // no later than this
	for k := range names {
		if b[k] > b[i] {
			p, slack := crossing(a[i], b[i], a[k], b[k])
			first = math.Min(first, p+slack)
		}
	}
	next, price = -1, math.Inf(1)
	for k := range names {
		if b[k] <= b[i] {
			continue
		}
		p, slack := crossing(a[i], b[i], a[k], b[k])
		if math.IsInf(p, 1) || p-slack > first { // beyond any float64, or later than another
			continue
		}
		if next < 0 || b[k] > b[next] || b[k] == b[next] && (a[k] > a[next] || a[k] == a[next] && names[k] < names[next]) {
			next, price = k, p
		}
	}
	return next, price
}

// crossing is the price at which two lines cross, and what the rounding of the inputs can change of it.
func crossing(a1, b1, a2, b2 float64) (price, slack float64) {
	const unit = 0x1p-52
	price = (a1 - a2) / (b2 - b1)
	size := math.Max(math.Abs(a1), math.Abs(a2)) + math.Abs(price)*math.Max(math.Abs(b1), math.Abs(b2))
	return price, 2 * unit * size / math.Abs(b2-b1)
}

// WTPRanges is [BestByPrice] for the willingness to pay per unit of effect.
func WTPRanges(m Means) ([]Range, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return ranges(m.Strategies, negated(m.Cost), m.Effect), nil
}

// DefaultWTP is a grid of n >= 2 prices from 0 to twice the highest price at which the best strategy of
// m changes, or to 1 if it never does; at most to 1e150. Panics unless n >= 2 and [Means.Validate] finds nothing.
func DefaultWTP(m Means, n int) []float64 {
	if err := m.Validate(); err != nil || n < 2 {
		panic(fmt.Sprintf("decision: default prices: %d prices of means: %v", n, err))
	}
	top := 1.0
	if r := ranges(m.Strategies, negated(m.Cost), m.Effect); len(r) > 1 {
		top = min(2*r[len(r)-1].From, maxMagnitude) // what prices may be
	}
	grid := make([]float64, n)
	for i := range grid {
		grid[i] = top * float64(i) / float64(n-1)
	}
	return grid
}

func negated(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = 0 - v // not -v: no negative zero in what is printed
	}
	return out
}
