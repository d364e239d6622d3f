package estimate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// PanelOptions tune [Transitions]. The zero value is valid.
type PanelOptions struct {
	Confidence float64  // in (0, 1); 0 means 0.95
	States     []string // order of the states; nil means those seen, numbers by size, else by name
	Periods    int      // how many rows ahead to look; 0 means 1
	SkipGaps   bool     // leave out moves across a gap in time instead of counting them
}

// A TransitionMatrix holds how often each state (row) was followed by each (column).
// Rates are per Periods rows ahead; rows of Rates sum to 1.
type TransitionMatrix struct {
	States   []string  `json:"states"`
	Counts   [][]int   `json:"counts"`
	Rates    [][]Float `json:"rates"`
	Low      [][]Float `json:"low"`
	High     [][]Float `json:"high"`
	Moves    int       `json:"moves"` // pairs counted, the sum of Counts
	Gaps     int       `json:"gaps"`  // pairs across a gap in time, counted or (SkipGaps) not
	Periods  int       `json:"periods"`
	Warnings []string  `json:"warnings,omitempty"`
}

// Transitions counts the moves between states in a panel and estimates their rates.
//
// ids, times and states are parallel, one observation each, in any order. A move goes from
// an observation to the next one of the same id by time: consecutive means neighbouring
// rows, whatever the time between. Where that time exceeds 1.5 of the panel's commonest
// step there is a gap: such moves are counted with a warning, or left out with SkipGaps. An
// empty state is missing; moves from, to or across it are left out with a warning. Rows are
// never joined across ids. With Periods k, moves go k rows ahead, overlapping.
//
// Each cell has Wilson's interval (1927) on its row's total, pointwise; moves are taken as
// independent given the state they leave (a Markov chain, stationary in time; maximum
// likelihood by Anderson and Goodman 1957). A state never left gives a row of NaN and a warning.
//
// The error names every infinite time, second observation of one id and time, and state
// outside o.States. Panics if the lengths differ, Periods < 0 or Confidence is out of range.
func Transitions(ids []string, times []float64, states []string, o PanelOptions) (TransitionMatrix, error) {
	checkLengths("ids and times", len(ids), len(times))
	checkLengths("ids and states", len(ids), len(states))
	if o.Periods < 0 {
		panic(fmt.Sprintf("estimate: periods must be >= 0, got %d", o.Periods))
	}
	names, err := stateNames(states, o.States)
	if err != nil {
		return TransitionMatrix{}, err
	}
	p, err := newPanel(ids, times, states)
	if err != nil {
		return TransitionMatrix{}, err
	}
	return p.count(names, o), nil
}

func (p panel) count(names []string, o PanelOptions) TransitionMatrix {
	index := make(map[string]int, len(names))
	for i, s := range names {
		index[s] = i
	}
	counts, gaps, k := make([][]int, len(names)), 0, max(1, o.Periods)
	for i := range counts {
		counts[i] = make([]int, len(names))
	}
	missing := p.pairs(k, func(m pair) {
		if p.isGap(m.width) {
			gaps++
			if o.SkipGaps {
				return
			}
		}
		counts[index[m.from]][index[m.to]]++
	})
	t := TransitionsFromCounts(names, counts, o.Confidence)
	t.Gaps, t.Periods = gaps, k
	t.Warnings = append(p.warnings(gaps, missing, o), t.Warnings...)
	return t
}

func (p panel) warnings(gaps, missing int, o PanelOptions) []string {
	var out []string
	if gaps > 0 {
		what := "counted as one move"
		if o.SkipGaps {
			what = "left out"
		}
		out = append(out, fmt.Sprintf("%d moves cross a gap in time (a step above 1.5 times the usual %g); %s", gaps, p.step, what))
	}
	if missing > 0 {
		out = append(out, fmt.Sprintf("%d moves touch a missing state and are left out", missing))
	}
	if o.Periods > 1 {
		out = append(out, fmt.Sprintf("moves over %d periods overlap and are not independent: the intervals are too narrow", o.Periods))
	}
	return out
}

// stateNames returns the states in the order of the result; every state must be in wanted,
// unless that is empty.
func stateNames(states, wanted []string) ([]string, error) {
	seen := slices.Clone(states)
	slices.Sort(seen)
	seen = slices.DeleteFunc(slices.Compact(seen), func(s string) bool { return s == "" })
	if len(wanted) == 0 {
		slices.SortStableFunc(seen, compareNames(seen))
		return seen, nil
	}
	var errs []error
	for _, s := range seen {
		if !slices.Contains(wanted, s) {
			errs = append(errs, fmt.Errorf("state %q: not among the given states %q", s, wanted))
		}
	}
	return slices.Clone(wanted), joinSome(errs)
}

// compareNames compares by value if all names are numbers, else as text.
func compareNames(names []string) func(a, b string) int {
	value := map[string]float64{}
	for _, s := range names {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) {
			return func(a, b string) int { return 0 } // sorted as text already
		}
		value[s] = v
	}
	return func(a, b string) int {
		switch {
		case value[a] < value[b]:
			return -1
		case value[a] > value[b]:
			return 1
		}
		return 0
	}
}

// TransitionsFromCounts gives rates and intervals of counted moves; see [Transitions].
// counts is square, one row and column a state. Panics if it is not, or on a negative count.
// confidence 0 means 0.95.
func TransitionsFromCounts(states []string, counts [][]int, confidence float64) TransitionMatrix {
	if confidence == 0 {
		confidence = 0.95
	}
	checkConfidence(confidence)
	checkLengths("states and counts", len(states), len(counts))
	t := TransitionMatrix{States: states, Counts: counts, Periods: 1}
	for i, row := range counts {
		checkLengths("states and row of counts", len(states), len(row))
		total := 0
		for _, n := range row {
			total += n
		}
		t.Moves += total
		if total == 0 {
			t.Warnings = append(t.Warnings, fmt.Sprintf("state %s is never left within the data: its rates are undefined", states[i]))
		}
		t.addRow(row, total, confidence)
	}
	return t
}

func (t *TransitionMatrix) addRow(row []int, total int, confidence float64) {
	k := len(row)
	rates, low, high := make([]Float, k), make([]Float, k), make([]Float, k)
	for j, n := range row {
		e := Share(n, total, confidence)
		rates[j], low[j], high[j] = Float(e.Value), Float(e.Low), Float(e.High)
	}
	t.Rates, t.Low, t.High = append(t.Rates, rates), append(t.Low, low), append(t.High, high)
}

// ErrUndefinedRate is returned by [TransitionMatrix.Power] for a state that is never left.
var ErrUndefinedRate = errors.New("rate undefined")

// Power returns the rates over k of the matrix's periods if the moves are a Markov chain:
// the k-th matrix power, k >= 0. Compare with the rates counted over k periods
// ([PanelOptions].Periods): where the two differ the chain has memory.
// A state that is never left has no rates; the error wraps [ErrUndefinedRate].
func (t TransitionMatrix) Power(k int) ([][]float64, error) {
	n := len(t.States)
	result, base := square(n), square(n)
	for i := range n {
		result[i][i] = 1
		for j := range n {
			if base[i][j] = float64(t.Rates[i][j]); math.IsNaN(base[i][j]) {
				return nil, fmt.Errorf("state %q: never left within the data: %w", t.States[i], ErrUndefinedRate)
			}
		}
	}
	for ; k > 0; k /= 2 {
		if k%2 == 1 {
			result = multiply(result, base)
		}
		base = multiply(base, base)
	}
	return result, nil
}

func multiply(a, b [][]float64) [][]float64 {
	out := square(len(a))
	for i := range a {
		for k := range b {
			for j := range b {
				out[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return out
}
