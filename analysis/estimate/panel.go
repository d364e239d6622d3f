package estimate

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseTimes reads a time column as numbers for [KaplanMeier] or [Transitions].
//
// All values must be of one kind: numbers as they are; "2006-01" or "2006/1" as months; "2006-01-02" or
// "2006/1/2" as days; stamps as 2006-01-02T15:04:05 or 2006-01-02 15:04:05, with a zone (RFC 3339) or without, as
// seconds. Dates count from an arbitrary origin. Numbers that are
// all months as 200601, of the years 1900 to 2100, are months, for else each January would lie 89 months
// after December; likewise days as 20060102. Numbers that are all dates in another order, as 012006 for months, are
// refused. The error names the first few values of no or another kind,
// by observation.
func ParseTimes(values []string) ([]float64, error) {
	if len(values) == 0 {
		return nil, nil
	}
	for i, parse := range timeFormats {
		if _, ok := parse(strings.TrimSpace(values[0])); !ok {
			continue
		}
		times, err := parseAll(values, parse)
		if i == 0 && err == nil {
			if err := backward(values); err != nil {
				return nil, err
			}
			times = calendar(times)
		}
		return times, err
	}
	return nil, fmt.Errorf("observation 1: time %q: want a number, 2006-01, 2006-01-02 or 2006-01-02T15:04:05", values[0])
}

var timeFormats = []func(string) (float64, bool){
	func(s string) (float64, bool) {
		v, err := strconv.ParseFloat(s, 64)
		return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
	},
	func(s string) (float64, bool) {
		t, err := firstOf(s, "2006-1", "2006/1")
		return float64(12*t.Year() + int(t.Month())), err == nil
	},
	func(s string) (float64, bool) {
		t, err := firstOf(s, "2006-1-2", "2006/1/2")
		return float64(t.Unix() / 86400), err == nil
	},
	func(s string) (float64, bool) {
		t, err := firstOf(s, time.RFC3339, "2006-01-02T15:04:05", time.DateTime)
		return float64(t.Unix()) + float64(t.Nanosecond())/1e9, err == nil // the nanoseconds of the year 9999 do not fit into an int64
	},
}

func firstOf(s string, layouts ...string) (t time.Time, err error) {
	for _, layout := range layouts {
		if t, err = time.Parse(layout, s); err == nil {
			break
		}
	}
	return t, err
}

// calendar turns numbers that are all months as 200601, or all days as 20060102, into counts of these.
func calendar(numbers []float64) []float64 {
	for i, layout := range []string{"200601", "20060102"} {
		out := make([]float64, 0, len(numbers))
		for _, x := range numbers {
			t, err := time.Parse(layout, strconv.FormatFloat(x, 'f', -1, 64))
			if err != nil || t.Year() < 1900 || t.Year() > 2100 {
				break
			}
			if i == 0 {
				out = append(out, float64(12*t.Year()+int(t.Month())))
			} else {
				out = append(out, float64(t.Unix()/86400))
			}
		}
		if len(out) == len(numbers) {
			return out
		}
	}
	return numbers
}

// backward refuses numbers that are all dates and whose order is not that of the dates: months as MMYYYY, days as YYMMDD
// or DDMMYYYY. Of two numbers that may be chance.
func backward(values []string) error {
	for _, f := range []struct{ layout, name, instead string }{
		{"200601", "", ""}, {"20060102", "", ""}, // in order
		{"012006", "MMYYYY", "2006-01"}, {"02012006", "DDMMYYYY", "2006-01-02"}, {"01022006", "MMDDYYYY", "2006-01-02"}, {"060102", "YYMMDD", "2006-01-02"},
	} {
		dates := asDates(values, f.layout)
		switch {
		case len(dates) < 3:
		case f.name == "":
			return nil
		case !slices.IsSortedFunc(slices.Sorted(maps.Keys(dates)), func(a, b string) int { return dates[a].Compare(dates[b]) }):
			first := strings.TrimSpace(values[0])
			return fmt.Errorf("observation 1: time %q: reads as %s, whose numbers are in another order than the dates; write it as %s",
				first, f.name, dates[padded(first, f.layout)].Format(f.instead))
		}
	}
	return nil
}

// padded is a number with the leading zeros that a table of numbers has lost.
func padded(number, layout string) string {
	return strings.Repeat("0", max(0, len(layout)-len(number))) + number
}

// asDates are the dates of numbers, by padded number; nil if one of them is none of the years 1900 to 2100.
func asDates(values []string, layout string) map[string]time.Time {
	dates := map[string]time.Time{}
	for _, text := range values {
		text = padded(strings.TrimSpace(text), layout)
		t, err := time.Parse(layout, text)
		if err != nil || t.Year() < 1900 || t.Year() > 2100 {
			return nil
		}
		dates[text] = t
	}
	return dates
}

func parseAll(values []string, parse func(string) (float64, bool)) ([]float64, error) {
	out, errs := make([]float64, len(values)), []error(nil)
	for i, s := range values {
		v, ok := parse(strings.TrimSpace(s))
		if out[i] = v; !ok && len(errs) < 5 {
			errs = append(errs, fmt.Errorf("observation %d: time %q: not of the kind of the first, %q", i+1, s, values[0]))
		}
	}
	return out, errors.Join(errs...)
}

// A pair is a move between two observations of one id, steps rows apart.
type pair struct {
	from, to string
	width    float64 // widest single step of time in between
}

// A panel is the observations sorted by id and time, and what its time steps look like.
type panel struct {
	ids, states []string
	times       []float64
	step        float64 // the commonest step between neighbours; 0 if there is none
}

func newPanel(ids []string, times []float64, states []string) (panel, error) {
	order := indices(len(ids))
	slices.SortStableFunc(order, func(a, b int) int {
		if c := strings.Compare(ids[a], ids[b]); c != 0 {
			return c
		}
		switch {
		case times[a] < times[b]:
			return -1
		case times[a] > times[b]:
			return 1
		}
		return 0
	})
	var p panel
	var errs []error
	steps := map[float64]int{}
	for i, k := range order {
		if math.IsNaN(times[k]) || math.IsInf(times[k], 0) {
			errs = append(errs, fmt.Errorf("observation %d: time %v: must be a finite number", k+1, times[k]))
		}
		if i > 0 && p.ids[i-1] == ids[k] {
			d := times[k] - p.times[i-1]
			steps[d]++
			if d == 0 {
				errs = append(errs, fmt.Errorf("observation %d: id %q: at the same time as observation %d", k+1, ids[k], order[i-1]+1))
			}
		}
		p.ids, p.times, p.states = append(p.ids, ids[k]), append(p.times, times[k]), append(p.states, states[k])
	}
	p.step = commonest(steps)
	return p, joinSome(errs)
}

// joinSome joins at most 20 errors and counts the others: a wrong column breaks every row.
func joinSome(errs []error) error {
	if more := len(errs) - 20; more > 0 {
		errs = append(errs[:20], fmt.Errorf("and %d more like these", more))
	}
	return errors.Join(errs...)
}

// commonest returns the most frequent step, the smallest among equals.
func commonest(steps map[float64]int) float64 {
	best := 0.0
	for d, n := range steps {
		if m := steps[best]; n > m || n == m && d < best {
			best = d
		}
	}
	return best
}

// pairs calls yield for every two observations of one id that lie k rows apart and have no
// missing state from the first to the last; it returns how many pairs were lost to those.
func (p panel) pairs(k int, yield func(pair)) (missing int) {
	for i := k; i < len(p.ids); i++ {
		if p.ids[i] != p.ids[i-k] {
			continue
		}
		if slices.Contains(p.states[i-k:i+1], "") {
			missing++
			continue
		}
		width := 0.0
		for j := i - k + 1; j <= i; j++ {
			width = max(width, p.times[j]-p.times[j-1])
		}
		yield(pair{p.states[i-k], p.states[i], width})
	}
	return missing
}

// isGap reports whether a step is so wide that an observation must be missing inside: more
// than 1.5 of the commonest step, which lets months of 28 to 31 days pass.
func (p panel) isGap(width float64) bool { return width > 1.5*p.step }
