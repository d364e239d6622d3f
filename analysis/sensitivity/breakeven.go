package sensitivity

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interpolation is how a curve runs between its points.
type Interpolation string

const (
	Linear   Interpolation = "linear"
	Monotone Interpolation = "monotone" // cubic without overshoot: Fritsch and Carlson (1980)
)

// BreakEvenOptions tune [BreakEven].
type BreakEvenOptions struct {
	Interpolation Interpolation // empty means Linear
	Resamples     int           // of the bootstrap; 0 means 2000
	Confidence    float64       // of the intervals, in (0, 1); 0 means 0.95
	Seed          uint64        // of the bootstrap
}

// Crossing is one value of x at which the mean difference changes sign.
type Crossing struct {
	X                 float64
	Rising            bool    // from below 0 to above
	Low, High         float64 // interval for X over replications; NaN of one replication
	LowOpen, HighOpen bool    // the interval goes on past Low or High: data beyond would be needed to close it
	Share             float64 // share of resamples that cross here, in the same direction
}

// BreakEvens are all crossings of a sweep, by rising x; none is a result too, told by Signs and AnyShare.
type BreakEvens struct {
	Crossings []Crossing
	Mean      []float64 // mean difference at each x
	Signs     [2]int    // of Mean at the first and the last x: -1, 0 or 1
	AnyShare  float64   // share of resamples with at least one crossing; NaN of one replication
	Warnings  []string
}

// BreakEven finds the values of a swept factor at which a difference, averaged over replications, changes sign.
//
// x has n ≥ 2 rising values; y[rep][i] is the difference in replication rep at x[i] (subtract a threshold other than
// 0 before). The curve is the interpolated mean over replications. A stretch of exact zeros between opposite signs
// counts as one crossing in its middle; zeros that the curve only touches, starts or ends with are none.
//
// Intervals resample whole replications, so that they keep the correlation along x (common random numbers). Each
// crossing is looked for between the neighbouring extremes of the mean curve; a resample whose curve crosses only
// beyond that stretch, or beyond the data, counts as beyond, which can leave an interval open. Quantiles are widened
// to match Student's t for few replications.
//
// Errors: lengths that do not fit, x not rising, values not finite, options out of range.
// Source: percentile bootstrap with expanded quantiles: Hesterberg (2015), section 3.3.
func BreakEven(x []float64, y [][]float64, o BreakEvenOptions) (BreakEvens, error) {
	boot, err := resampling{o.Resamples, o.Confidence}.resolve(2000)
	if err != nil {
		return BreakEvens{}, err
	}
	if o.Interpolation == "" {
		o.Interpolation = Linear
	}
	if err := checkBreakEven(x, y, o.Interpolation); err != nil {
		return BreakEvens{}, err
	}
	c := curve{x: x, y: meanCurve(y, nil), how: o.Interpolation}
	out := BreakEvens{Mean: c.y, Signs: [2]int{sign(c.y[0]), sign(c.y[len(x)-1])}, AnyShare: math.NaN()}
	for _, r := range c.roots() {
		out.Crossings = append(out.Crossings, Crossing{X: r.x, Rising: r.rising, Low: math.NaN(), High: math.NaN(), Share: math.NaN()})
	}
	out.doubt(len(y))
	if len(y) > 1 {
		out.bootstrap(c, y, boot, o.Seed)
	}
	return out, nil
}

func checkBreakEven(x []float64, y [][]float64, how Interpolation) error {
	var bad faults
	if how != Linear && how != Monotone {
		bad.add("break-even: interpolation must be %q or %q, got %q", Linear, Monotone, how)
	}
	if len(x) < 2 {
		bad.add("break-even: %d values of x, need at least 2", len(x))
	}
	if len(y) == 0 {
		bad.add("break-even: no replications")
	}
	addInfinite(&bad, "x", x)
	for i := 1; i < len(x); i++ {
		if x[i] <= x[i-1] {
			bad.add("x[%d]: must be above x[%d] = %g, got %g", i, i-1, x[i-1], x[i])
		}
	}
	for rep, row := range y {
		if len(row) != len(x) {
			bad.add("y[%d]: has %d values, need %d, one per x", rep, len(row), len(x))
		}
		addInfinite(&bad, fmt.Sprintf("y[%d]", rep), row)
	}
	return bad.join()
}

// meanCurve averages the replications, each as often as counts says; nil counts each once.
func meanCurve(y [][]float64, counts []int) []float64 {
	out := make([]float64, len(y[0]))
	for rep, row := range y {
		weight := 1.0
		if counts != nil {
			weight = float64(counts[rep])
		}
		for i, v := range row {
			out[i] += weight * v
		}
	}
	for i := range out {
		out[i] /= float64(len(y))
	}
	return out
}

func (b *BreakEvens) doubt(replications int) {
	if replications < 10 {
		b.Warnings = append(b.Warnings, fmt.Sprintf("%d replications: intervals need 10 or more to be trusted", replications))
	}
	if !slices.ContainsFunc(b.Mean, func(v float64) bool { return v != 0 }) {
		b.Warnings = append(b.Warnings, "the difference is 0 throughout: every value breaks even")
	}
	if len(b.Crossings) > 1 {
		b.Warnings = append(b.Warnings, fmt.Sprintf("%d crossings: the better side changes more than once", len(b.Crossings)))
	}
}

// bootstrap adds intervals and shares. Where crossing c may move is bounded by the nodes cells[c] and cells[c+1].
func (b *BreakEvens) bootstrap(c curve, y [][]float64, boot resampling, seed uint64) {
	rng := generator(seed, streamBreakEven)
	cells := c.cells(b.Crossings)
	found := make([][]float64, len(b.Crossings)) // positions, infinite where beyond the cell
	inside := make([]int, len(b.Crossings))
	any := 0
	counts := make([]int, len(y))
	for range boot.resamples {
		clear(counts)
		for range y {
			counts[rng.IntN(len(y))]++
		}
		again := curve{x: c.x, y: meanCurve(y, counts), how: c.how}
		roots := again.roots()
		if len(roots) > 0 {
			any++
		}
		for j, crossing := range b.Crossings {
			at := again.locate(crossing, roots, cells[j], cells[j+1])
			if !math.IsNaN(at) {
				found[j] = append(found[j], at)
			}
			if finite(at) {
				inside[j]++
			}
		}
	}
	b.AnyShare = float64(any) / float64(boot.resamples)
	tail := expandedTail(boot.confidence, len(y))
	for j := range b.Crossings {
		b.Crossings[j].Share = float64(inside[j]) / float64(boot.resamples)
		b.Crossings[j].interval(found[j], tail, c.x[cells[j]], c.x[cells[j+1]])
	}
}

// interval takes the tail quantiles of the resampled positions and cuts them to the cell from left to right.
func (c *Crossing) interval(found []float64, tail, left, right float64) {
	if len(found) == 0 {
		return
	}
	slices.Sort(found)
	n := float64(len(found))
	low := found[max(0, int(math.Floor(tail*n)))]
	high := found[min(len(found)-1, int(math.Ceil((1-tail)*n))-1)]
	c.LowOpen, c.HighOpen = math.IsInf(low, 0), math.IsInf(high, 0)
	c.Low, c.High = min(max(low, left), right), min(max(high, left), right)
}

// expandedTail is the tail probability of a percentile interval that makes up for the bootstrap's divisor n and for
// the normal shape of its distribution, so that the interval of a mean of n normal values has the stated coverage.
func expandedTail(confidence float64, n int) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile((1 + confidence) / 2)
	return 0.5 * math.Erfc(t*math.Sqrt(float64(n)/float64(n-1))/math.Sqrt2)
}

// MarshalJSON implements json.Marshaler; undefined numbers become null.
func (c Crossing) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		X        number `json:"x"`
		Rising   bool   `json:"rising"`
		Low      number `json:"low"`
		High     number `json:"high"`
		LowOpen  bool   `json:"low_open"`
		HighOpen bool   `json:"high_open"`
		Share    number `json:"share"`
	}{number(c.X), c.Rising, number(c.Low), number(c.High), c.LowOpen, c.HighOpen, number(c.Share)})
}

// MarshalJSON implements json.Marshaler; undefined numbers become null.
func (b BreakEvens) MarshalJSON() ([]byte, error) {
	crossings := b.Crossings
	if crossings == nil {
		crossings = []Crossing{}
	}
	return json.Marshal(struct {
		Crossings []Crossing `json:"crossings"`
		Mean      []number   `json:"mean"`
		Signs     [2]int     `json:"signs"`
		AnyShare  number     `json:"any_share"`
		Warnings  []string   `json:"warnings,omitempty"`
	}{crossings, numbers(b.Mean), b.Signs, number(b.AnyShare), b.Warnings})
}
