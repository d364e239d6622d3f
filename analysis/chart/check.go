package chart

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// faults collects everything wrong with a chart's data.
type faults struct{ errs []error }

// add notes one fault: the path to the field, then what is wrong.
func (f *faults) add(path, format string, args ...any) {
	f.errs = append(f.errs, fmt.Errorf("%s: %s", path, fmt.Sprintf(format, args...)))
}

// err is all faults as one error, or nil.
func (f *faults) err() error { return errors.Join(f.errs...) }

// length notes that a parallel slice has the wrong length.
func (f *faults) length(path string, got, want int) {
	if got != want {
		f.add(path, "must have %d values, got %d", want, got)
	}
}

// notInf notes infinite values; NaN is allowed.
func (f *faults) notInf(path string, vs ...float64) {
	for i, v := range vs {
		if math.IsInf(v, 0) {
			f.add(at(path, i, len(vs)), "must not be infinite, got %v", v)
		}
	}
}

// finite notes values that are NaN or infinite.
func (f *faults) finite(path string, vs ...float64) {
	for i, v := range vs {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			f.add(at(path, i, len(vs)), "must be finite, got %v", v)
		}
	}
}

// share notes values outside [0, 1]; NaN is allowed.
func (f *faults) share(path string, vs ...float64) {
	for i, v := range vs {
		if v < 0 || v > 1 {
			f.add(at(path, i, len(vs)), "must be a fraction in [0, 1], got %v", v)
		}
	}
}

// notNegative notes values below 0; NaN is allowed.
func (f *faults) notNegative(path string, vs ...float64) {
	for i, v := range vs {
		if v < 0 {
			f.add(at(path, i, len(vs)), "must not be negative, got %v", v)
		}
	}
}

// at names element i of a slice, or the field itself if it is a single value.
func at(path string, i, n int) string {
	if n == 1 {
		return path
	}
	return fmt.Sprintf("%s[%d]", path, i)
}

// between notes an interval that does not hold together; NaN ends count as not known.
func (f *faults) between(path string, low, high float64) {
	if low > high {
		f.add(path, "low must not exceed high, got %v > %v", low, high)
	}
}

// names notes empty and repeated names. path is the slice, field the name's field in an element, or "".
func (f *faults) names(path, field string, names []string) {
	seen := map[string]int{}
	for i, n := range names {
		p := fmt.Sprintf("%s[%d]", path, i)
		if field != "" {
			p += "." + field
		}
		if strings.TrimSpace(n) == "" {
			f.add(p, "must not be empty")
			continue
		}
		if k, dup := seen[n]; dup {
			f.add(p, "%q already names %s[%d]", n, path, k)
		}
		seen[n] = i
	}
}

// some notes a missing list.
func (f *faults) some(path string, n int, what string) bool {
	if n == 0 {
		f.add(path, "empty, needs at least one %s", what)
	}
	return n > 0
}

// known says whether any value is finite.
func known(vs ...float64) bool {
	for _, v := range vs {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return true
		}
	}
	return false
}

// interval says whether low and high are both finite.
func interval(low, high float64) bool { return known(low) && known(high) }

// Interval is a value with the ends of its interval; NaN ends: no interval.
type Interval struct{ Value, Low, High float64 }

// Exact is a value without an interval.
func Exact(v float64) Interval { return Interval{v, math.NaN(), math.NaN()} }

func (v Interval) has() bool { return interval(v.Low, v.High) }

// check notes what is wrong with an interval.
func (f *faults) interval(path string, v Interval) {
	f.notInf(path+".value", v.Value)
	f.notInf(path+".low", v.Low)
	f.notInf(path+".high", v.High)
	f.between(path, v.Low, v.High)
}
