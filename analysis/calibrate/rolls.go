package calibrate

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Rolls are observed monthly moves between states of an account, with what the states mean in buckets.
// They come as counts in the file itself, as a table of counts, or as a panel with a row per account and
// month. Each row of moves becomes targets that share a sample: one for every bucket group that accounts
// move to, but for the most frequent one, which follows from the others, and for those with fewer than
// rareMoves moves, whose error is not near normal.
type Rolls struct {
	Name     string                        `yaml:"-" overlay:"name"`
	Strategy string                        `yaml:"strategy,omitempty" doc:"strategy under which the moves are simulated"`
	Counts   map[string]map[string]float64 `yaml:"counts,omitempty" check:">=0" doc:"number of moves by state left, then by state entered"`
	File     string                        `yaml:"file,omitempty" doc:"table (CSV, Arrow or Parquet) of counts or a panel; a relative name starts at this file's folder"`
	From     string                        `yaml:"from,omitempty" doc:"table of counts: column of the state left"`
	To       string                        `yaml:"to,omitempty" doc:"table of counts: column of the state entered"`
	N        string                        `yaml:"n,omitempty" doc:"table of counts: column of the number of moves"`
	ID       string                        `yaml:"id,omitempty" doc:"panel: column of the account"`
	Time     string                        `yaml:"time,omitempty" doc:"panel: column of the month (a number, 2006-01, or a day)"`
	State    string                        `yaml:"state,omitempty" doc:"panel: column of the state"`
	Buckets  map[string][]string           `yaml:"buckets" doc:"buckets that each state stands for; moves from or to a state that is not listed do not count"`
	Months   []int                         `yaml:"months" check:">=1" doc:"first and last month of the run that are set beside the moves; the first is 1"`
	HoldOut  []string                      `yaml:"hold_out,omitempty" doc:"states whose moves are not fitted but told apart"`
	Weight   *float64                      `yaml:"weight,omitempty" check:">0" doc:"factor on the weight of each target"`
	Source   string                        `yaml:"source,omitempty" doc:"where the moves come from"`
	Note     string                        `yaml:"note,omitempty" doc:"what differs between the source and the simulation"`
}

// rareMoves is the least number of moves, and of other moves from the same buckets, at which the error of
// a share is taken as normal: the usual rule n p >= 10 and n (1 - p) >= 10.
const rareMoves = 10

// targets turns the moves into targets; dir is the folder that relative names start at.
func (r *Rolls) targets(dir string) ([]Target, []string, error) {
	if err := errors.Join(r.check()...); err != nil {
		return nil, nil, err
	}
	states, warnings, err := r.counts(dir)
	if err != nil {
		return nil, nil, err
	}
	moves, err := r.grouped(states)
	if err != nil {
		return nil, nil, err
	}
	warnings = append(warnings, r.unlisted(states)...)
	var targets []Target
	for _, from := range inOrder(moves) {
		list, left := r.row(from, moves[from])
		targets = append(targets, list...)
		if left != "" {
			warnings = append(warnings, left)
		}
	}
	if len(targets) == 0 {
		return nil, nil, errors.New("buckets: no move between the listed states is frequent enough to be a target")
	}
	if open := r.uncovered(); len(open) > 0 {
		warnings = append(warnings, fmt.Sprintf("rolls.%s: no state stands for %s; simulated accounts that move there count among all", r.Name, strings.Join(open, ", ")))
	}
	return targets, warnings, nil
}

func (r *Rolls) check() []error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	table, panel := r.From != "" || r.To != "" || r.N != "", r.ID != "" || r.Time != "" || r.State != ""
	switch {
	case (r.Counts == nil) == (r.File == ""):
		fail("counts: exactly one of counts and file must be stated")
	case r.File == "" && (table || panel):
		fail("file: columns are named, but no file")
	case r.File != "" && table == panel:
		fail("file: state from, to and n for a table of counts, or id, time and state for a panel")
	case table && (r.From == "" || r.To == "" || r.N == ""):
		fail("from: from, to and n go together")
	case panel && (r.ID == "" || r.Time == "" || r.State == ""):
		fail("id: id, time and state go together")
	}
	if len(r.Buckets) == 0 {
		fail("buckets: must say what the states stand for")
	}
	for _, state := range slices.Sorted(maps.Keys(r.Buckets)) {
		for i, b := range r.Buckets[state] {
			if bucketOf(b) < 0 {
				fail("buckets.%s[%d]: unknown bucket %q, must be one of %s", state, i, b, strings.Join(bucketNames(), ", "))
			}
		}
	}
	for i, state := range r.HoldOut {
		if _, ok := r.Buckets[state]; !ok {
			fail("hold_out[%d]: state %q is not among buckets", i, state)
		}
	}
	if r.Source == "" {
		fail("source: must be stated, here or for the file")
	}
	return append(errs, checkMonths("months", r.Months)...)
}

// counts returns the number of moves by state left and state entered.
func (r *Rolls) counts(dir string) (map[string]map[string]float64, []string, error) {
	if r.Counts != nil {
		return r.Counts, nil, nil
	}
	path := r.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, filepath.FromSlash(path))
	}
	t, err := outcome.ReadTable(path)
	if err != nil {
		return nil, nil, fmt.Errorf("file: %w", err)
	}
	if r.ID != "" {
		return r.panel(path, t)
	}
	counts, err := r.table(path, t)
	return counts, nil, err
}

func column(path string, t *outcome.Table, name string, errs *[]error) *outcome.Column {
	c := t.Column(name)
	if c == nil {
		var known []string
		for i := range t.Columns {
			known = append(known, t.Columns[i].Name)
		}
		*errs = append(*errs, fmt.Errorf("file: %s: has no column %q, only %s", path, name, strings.Join(known, ", ")))
	}
	return c
}

// table reads a table of counts; rows of the same move add up.
func (r *Rolls) table(path string, t *outcome.Table) (map[string]map[string]float64, error) {
	var errs []error
	from, to, n := column(path, t, r.From, &errs), column(path, t, r.To, &errs), column(path, t, r.N, &errs)
	if n != nil && n.Kind == outcome.Text {
		errs = append(errs, fmt.Errorf("file: %s: column %q: must hold numbers", path, r.N))
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	counts := map[string]map[string]float64{}
	for row, x := range n.Floats() {
		if !(x >= 0) || math.IsInf(x, 0) {
			errs = append(errs, fmt.Errorf("file: %s: row %d: %s: must be a number of moves, got %v", path, row+1, r.N, x))
			continue
		}
		put(counts, stateAt(from, row), stateAt(to, row), x)
	}
	return counts, errors.Join(errs...)
}

// panel counts the moves of a panel; moves across a gap in time are left out.
func (r *Rolls) panel(path string, t *outcome.Table) (map[string]map[string]float64, []string, error) {
	var errs []error
	id, time, state := column(path, t, r.ID, &errs), column(path, t, r.Time, &errs), column(path, t, r.State, &errs)
	if errs != nil {
		return nil, nil, errors.Join(errs...)
	}
	var ids, times, states []string
	for row := range t.Rows() {
		ids, times, states = append(ids, stateAt(id, row)), append(times, time.Format(row)), append(states, stateAt(state, row))
	}
	when, err := estimate.ParseTimes(times)
	if err != nil {
		return nil, nil, fmt.Errorf("file: %s: %w", path, err)
	}
	m, err := estimate.Transitions(ids, when, states, estimate.PanelOptions{SkipGaps: true})
	if err != nil {
		return nil, nil, fmt.Errorf("file: %s: %w", path, err)
	}
	counts := map[string]map[string]float64{}
	for i, from := range m.States {
		for k, to := range m.States {
			put(counts, from, to, float64(m.Counts[i][k]))
		}
	}
	var warnings []string
	for _, w := range m.Warnings {
		warnings = append(warnings, fmt.Sprintf("rolls.%s: %s", r.Name, w))
	}
	return counts, warnings, nil
}

// stateAt is a state, or an id, without the spaces that some programs write around texts.
func stateAt(c *outcome.Column, row int) string { return strings.TrimSpace(c.Format(row)) }

func put(counts map[string]map[string]float64, from, to string, n float64) {
	if counts[from] == nil {
		counts[from] = map[string]float64{}
	}
	counts[from][to] += n
}

// grouped adds up the states that stand for the same buckets.
func (r *Rolls) grouped(states map[string]map[string]float64) (map[string]map[string]float64, error) {
	var errs []error
	names := slices.Sorted(maps.Keys(r.Buckets))
	for i, a := range names {
		for _, b := range names[:i] {
			if group(r.Buckets[a]) != group(r.Buckets[b]) && slices.ContainsFunc(r.Buckets[a], func(x string) bool { return slices.Contains(r.Buckets[b], x) }) {
				errs = append(errs, fmt.Errorf("buckets.%s: shares a bucket with state %s but not all; states must stand for the same or for different buckets", a, b))
			}
		}
		if _, ok := states[a]; !ok && len(r.HoldOut) > 0 && slices.Contains(r.HoldOut, a) {
			errs = append(errs, fmt.Errorf("hold_out: no move leaves state %q", a))
		}
	}
	moves := map[string]map[string]float64{}
	for _, from := range slices.Sorted(maps.Keys(states)) {
		for _, to := range slices.Sorted(maps.Keys(states[from])) {
			if f, t := r.Buckets[from], r.Buckets[to]; f != nil && t != nil {
				put(moves, group(f), group(t), states[from][to])
			}
		}
	}
	return moves, errors.Join(errs...)
}

// unlisted says how many moves do not count since buckets lists only one of their ends, or none, and which listed states the
// data do not know: a state misspelt there would else be missing without a word.
func (r *Rolls) unlisted(states map[string]map[string]float64) []string {
	left, all := 0.0, 0.0
	unknown, seen := map[string]bool{}, map[string]bool{}
	for _, from := range slices.Sorted(maps.Keys(states)) {
		for _, to := range slices.Sorted(maps.Keys(states[from])) {
			n := states[from][to]
			all += n
			seen[from], seen[to] = true, true
			if r.Buckets[from] != nil && r.Buckets[to] != nil {
				continue
			}
			left += n
			for _, state := range []string{from, to} {
				if r.Buckets[state] == nil && n > 0 {
					unknown[state] = true
				}
			}
		}
	}
	var out []string
	if left > 0 {
		out = append(out, fmt.Sprintf("rolls.%s: %.0f of %.0f moves do not count: buckets does not list %s", r.Name, left, all, quoted(unknown)))
	}
	absent := map[string]bool{}
	for state := range r.Buckets {
		if !seen[state] {
			absent[state] = true
		}
	}
	if len(absent) > 0 {
		out = append(out, fmt.Sprintf("rolls.%s: the data have no state %s of buckets", r.Name, quoted(absent)))
	}
	return out
}

// quoted lists names in order; quotes show blanks.
func quoted(names map[string]bool) string {
	list := slices.Sorted(maps.Keys(names))
	for i, name := range list {
		list[i] = strconv.Quote(name)
	}
	return strings.Join(list, ", ")
}

// group names a group of buckets, in their order.
func group(buckets []string) string {
	sorted := slices.Clone(buckets)
	slices.SortFunc(sorted, func(a, b string) int { return bucketOf(a) - bucketOf(b) })
	return strings.Join(sorted, "+")
}

func members(group string) []string { return strings.Split(group, "+") }

// inOrder lists groups by their first bucket.
func inOrder[T any](groups map[string]T) []string {
	names := slices.Sorted(maps.Keys(groups))
	slices.SortStableFunc(names, func(a, b string) int { return bucketOf(members(a)[0]) - bucketOf(members(b)[0]) })
	return names
}

// row makes the targets of the moves from one group of buckets, and says what it left out.
func (r *Rolls) row(from string, to map[string]float64) (targets []Target, left string) {
	total, most := 0.0, ""
	for _, name := range inOrder(to) {
		total += to[name]
		if most == "" || to[name] > to[most] {
			most = name
		}
	}
	var rare []string
	for _, name := range inOrder(to) {
		switch {
		case name == most:
		case to[name] < rareMoves || total-to[name] < rareMoves:
			if to[name] > 0 {
				rare = append(rare, name)
			}
		default:
			value := to[name] / total
			targets = append(targets, Target{
				Name: fmt.Sprintf("%s: %s to %s", r.Name, from, name), Strategy: r.Strategy, Move: &Move{From: members(from), To: members(name), Months: r.Months},
				Value: &value, N: total, Sample: r.Name + ": " + from, Weight: r.Weight, HoldOut: r.held(from), Source: r.Source, Note: r.Note,
			})
		}
	}
	if rare != nil {
		left = fmt.Sprintf("rolls.%s: moves from %s to %s are too rare to be targets (fewer than %d)", r.Name, from, strings.Join(rare, ", "), rareMoves)
	}
	return targets, left
}

// held reports whether a state that stands for the group is held out.
func (r *Rolls) held(from string) bool {
	return slices.ContainsFunc(r.HoldOut, func(state string) bool { return group(r.Buckets[state]) == from })
}

// uncovered lists the buckets that no state stands for.
func (r *Rolls) uncovered() []string {
	var open []string
	for _, b := range bucketNames() {
		covered := false
		for _, list := range r.Buckets {
			covered = covered || slices.Contains(list, b)
		}
		if !covered {
			open = append(open, b)
		}
	}
	return open
}
