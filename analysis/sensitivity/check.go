package sensitivity

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// maxCells bounds the size of a design (rows × columns), 2 GiB of float64: a mistyped count fails with a message.
const maxCells = 1 << 28

// maxFaults is how many faults of one input are spelled out; the rest are counted.
const maxFaults = 20

// faults collects what is wrong with an input.
type faults struct {
	errs []error
	more int
}

func (f *faults) add(format string, args ...any) {
	if len(f.errs) >= maxFaults {
		f.more++
		return
	}
	f.errs = append(f.errs, fmt.Errorf(format, args...))
}

func (f *faults) join() error {
	if f.more > 0 {
		return errors.Join(append(slices.Clone(f.errs), fmt.Errorf("and %d more faults of the same input", f.more))...)
	}
	return errors.Join(f.errs...)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func whole(x float64) bool { return x == math.Trunc(x) && math.Abs(x) <= maxWhole }

// checkPoints reports rows of a length other than k and values that break the rule.
func checkPoints(points [][]float64, k int, ok func(float64) bool, rule string) error {
	var bad faults
	for r, row := range points {
		if len(row) != k {
			bad.add("points[%d]: has %d values, need %d, one per factor", r, len(row), k)
			continue
		}
		for i, x := range row {
			if !ok(x) {
				bad.add("points[%d][%d]: must be %s, got %g", r, i, rule, x)
			}
		}
	}
	return bad.join()
}

// checkSize reports a design of no rows or of too many cells.
func checkSize(what string, rows, columns int) error {
	if rows < 1 {
		return fmt.Errorf("%s: need at least 1, got %d", what, rows)
	}
	if columns > 0 && rows > maxCells/columns {
		return fmt.Errorf("%s: %d rows of %d columns are too many, at most %d cells", what, rows, columns, maxCells)
	}
	return nil
}

// checkValues reports infinite values, and missing (NaN) ones where they may not be dropped.
func checkValues(values []float64, drop bool) error {
	var bad faults
	for i, y := range values {
		switch {
		case math.IsInf(y, 0):
			bad.add("values[%d]: must be finite, got %g", i, y)
		case math.IsNaN(y) && !drop:
			bad.add("values[%d]: missing (NaN); run the point again or leave missing values out (DropMissing)", i)
		}
	}
	return bad.join()
}

// table returns rows×columns zeros in one allocation.
func table(rows, columns int) [][]float64 {
	cells := make([]float64, rows*columns)
	out := make([][]float64, rows)
	for r := range out {
		out[r] = cells[r*columns : (r+1)*columns : (r+1)*columns]
	}
	return out
}

// Streams keep generators of one seed apart: a design and the bootstrap of its index never share draws.
const (
	streamRandom = iota + 1
	streamLHS
	streamShift
	streamMorris
	streamSobolBoot
	streamMorrisBoot
	streamBreakEven
)

func generator(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// mean is the arithmetic mean, NaN of nothing.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// stdDev is the sample standard deviation with divisor n-1, NaN below 2 values. Deviations are counted in a power of two
// near the largest, so that no square of them overflows or vanishes.
func stdDev(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	m, largest, sum := mean(x), 0.0, 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v-m))
	}
	_, shift := math.Frexp(largest)
	for _, v := range x {
		d := math.Ldexp(v-m, -shift)
		sum += d * d
	}
	return math.Ldexp(math.Sqrt(sum/float64(len(x)-1)), shift)
}

// number is a float64 that appears in JSON as null where it is undefined (NaN or infinite).
type number float64

// MarshalJSON implements json.Marshaler.
func (x number) MarshalJSON() ([]byte, error) {
	if !finite(float64(x)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func numbers(x []float64) []number {
	out := make([]number, len(x))
	for i, v := range x {
		out[i] = number(v)
	}
	return out
}

// resampling are the settings that all bootstraps share.
type resampling struct {
	resamples  int
	confidence float64
}

// resolve fills in the defaults and reports settings out of range.
func (r resampling) resolve(standard int) (resampling, error) {
	if r.resamples == 0 {
		r.resamples = standard
	}
	if r.confidence == 0 {
		r.confidence = 0.95
	}
	var bad faults
	if r.resamples < 2 {
		bad.add("resamples: need at least 2 (0 for %d), got %d", standard, r.resamples)
	}
	if !(r.confidence > 0 && r.confidence < 1) {
		bad.add("confidence: must lie in (0, 1) (0 for 0.95), got %g", r.confidence)
	}
	return r, bad.join()
}

// normalQuantile of the two-sided confidence, such as 1.96 for 0.95.
func (r resampling) normalQuantile() float64 { return math.Sqrt2 * math.Erfinv(r.confidence) }
