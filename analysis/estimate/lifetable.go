package estimate

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// A LifeTable holds, for each distinct time in ascending order, how many were at risk just
// before it, how many had their event at it, and how many were censored at it. An event and
// a censoring at the same time count in that order: the censored were still at risk.
type LifeTable struct {
	Time                     []float64
	AtRisk, Events, Censored []int
	// Entered counts those who came under observation since the time before, and so are at risk at this one (left
	// truncation); nil: all were from the first time on.
	Entered []int
}

// NewLifeTable counts a life table from one (time, event) pair an observation; event false
// means censored at that time.
//
// Times closer than 1.5e-8, absolutely or relative to their mean, are one time: rounding of
// computed times must not break ties (R's survival does the same by its timefix rule).
// The error names every time that is NaN, infinite or negative. Panics if lengths differ.
func NewLifeTable(times []float64, events []bool) (LifeTable, error) {
	return newLifeTable(nil, times, events)
}

// newLifeTable is NewLifeTable with the times at which each came under observation; nil: all from the start.
// Whoever enters at a time is at risk after it only, as R's Surv(start, stop).
func newLifeTable(entries, times []float64, events []bool) (LifeTable, error) {
	checkLengths("times and events", len(times), len(events))
	if err := checkTimes(times); err != nil {
		return LifeTable{}, err
	}
	distinct := distinctTimes(times)
	if err := checkEntries(distinct, entries, times); err != nil {
		return LifeTable{}, err
	}
	t := LifeTable{
		Time: distinct, AtRisk: make([]int, len(distinct)),
		Events: make([]int, len(distinct)), Censored: make([]int, len(distinct)),
	}
	for i, at := range times {
		k := timeIndex(distinct, at)
		if events[i] {
			t.Events[k]++
		} else {
			t.Censored[k]++
		}
	}
	left := len(times)
	if entries != nil {
		left, t.Entered = 0, make([]int, len(distinct))
		for _, at := range entries {
			t.Entered[entryIndex(distinct, at)]++
		}
	}
	for k := range distinct {
		if t.Entered != nil {
			left += t.Entered[k]
		}
		t.AtRisk[k] = left
		left -= t.Events[k] + t.Censored[k]
	}
	return t, nil
}

// entryIndex is that of the first distinct time after an entry, ties as in distinctTimes.
func entryIndex(distinct []float64, entry float64) int {
	return timeIndex(distinct, entry+tieTolerance(distinct)) + 1
}

func checkEntries(distinct, entries, times []float64) error {
	if entries == nil {
		return nil
	}
	checkLengths("entries and times", len(entries), len(times))
	var errs []error
	for i, at := range entries {
		if math.IsNaN(at) || math.IsInf(at, 0) || entryIndex(distinct, at) > timeIndex(distinct, times[i]) {
			errs = append(errs, fmt.Errorf("observation %d: entry %v: must be a finite number below its time, %v", i+1, at, times[i]))
		}
	}
	return errors.Join(errs...)
}

func checkTimes(times []float64) error {
	var errs []error
	for i, t := range times {
		if math.IsNaN(t) || math.IsInf(t, 0) || t < 0 {
			errs = append(errs, fmt.Errorf("observation %d: time %v: must be a finite number >= 0", i+1, t))
		}
	}
	return errors.Join(errs...)
}

// distinctTimes returns the smallest member of each run of tied times.
func distinctTimes(times []float64) []float64 {
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	sorted = slices.Compact(sorted)
	tolerance := tieTolerance(sorted)
	var out []float64
	for i, t := range sorted {
		if i == 0 || t-sorted[i-1] > tolerance {
			out = append(out, t)
		}
	}
	return out
}

// tieTolerance is how far apart times may lie and still be one.
func tieTolerance(distinct []float64) float64 {
	const tolerance = 1.0 / (1 << 26) // the square root of the float64 epsilon
	return tolerance * max(1, sum(distinct)/float64(len(distinct)))
}

// timeIndex returns the index of the last distinct time <= at.
func timeIndex(distinct []float64, at float64) int {
	k, found := slices.BinarySearch(distinct, at)
	if !found {
		k--
	}
	return k
}

// check reports every row that cannot be: columns of unequal length, times not ascending,
// negative counts, more leaving than were at risk, or more at risk than were left.
func (t LifeTable) check() error {
	n := len(t.Time)
	if len(t.AtRisk) != n || len(t.Events) != n || len(t.Censored) != n || t.Entered != nil && len(t.Entered) != n {
		return fmt.Errorf("life table: columns differ in length: %d times, %d at risk, %d events, %d censored",
			n, len(t.AtRisk), len(t.Events), len(t.Censored))
	}
	errs := []error{checkTimes(t.Time)}
	for i := range t.Time {
		errs = append(errs, t.checkRow(i))
	}
	return errors.Join(errs...)
}

func (t LifeTable) checkRow(i int) error {
	row := fmt.Sprintf("life table row %d", i+1)
	switch left := t.Events[i] + t.Censored[i]; {
	case t.Events[i] < 0 || t.Censored[i] < 0 || t.entered(i) < 0:
		return fmt.Errorf("%s: counts must not be negative", row)
	case left > t.AtRisk[i]:
		return fmt.Errorf("%s: %d leave but only %d are at risk", row, left, t.AtRisk[i])
	case i > 0 && t.Time[i] <= t.Time[i-1]:
		return fmt.Errorf("%s: time %v must be above the previous one, %v", row, t.Time[i], t.Time[i-1])
	case i > 0 && t.AtRisk[i] > t.AtRisk[i-1]-t.Events[i-1]-t.Censored[i-1]+t.entered(i):
		return fmt.Errorf("%s: %d at risk, but only %d were left after the row before and %d entered",
			row, t.AtRisk[i], t.AtRisk[i-1]-t.Events[i-1]-t.Censored[i-1], t.entered(i))
	}
	return nil
}

func (t LifeTable) entered(i int) int {
	if t.Entered == nil {
		return 0
	}
	return t.Entered[i]
}

// unexplained returns how many vanish between rows without being counted as censored.
func (t LifeTable) unexplained() int {
	lost := 0
	for i := 1; i < len(t.Time); i++ {
		lost += t.AtRisk[i-1] - t.Events[i-1] - t.Censored[i-1] + t.entered(i) - t.AtRisk[i]
	}
	return lost
}
