package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// Options say how the search is made. Zero values mean the defaults.
type Options struct {
	Metric    string  // that is to be best; default outcome.RankedBy
	Limits    []Limit // that the version must keep
	Knobs     []Knob  // what may change; default those of Usual
	Lives     int     // in which versions are compared; default 12, at least 2
	Fresh     int     // in which the strategy as it is and the found version are judged; default 100, at least 2
	Starts    int     // versions drawn at random that are looked at first; default 100
	Workers   int     // goroutines; the result does not depend on it
	Portfolio *loan.Portfolio
	Stage     func(stage string) // told what begins
	Done      func(lives int)    // called with the number of lives of one version that were played since the last call, from one goroutine at a time
}

func (o Options) filled() Options {
	set := func(to *int, value int) {
		if *to == 0 {
			*to = value
		}
	}
	set(&o.Lives, 12)
	set(&o.Fresh, 100)
	set(&o.Starts, 100)
	if o.Metric == "" {
		o.Metric = outcome.RankedBy
	}
	if o.Stage == nil {
		o.Stage = func(string) {}
	}
	return o
}

// glance is the part of the lives in which versions are looked at first.
const glance = 4

// rounds bounds a climb.
const rounds = 20

// search is a search under way.
type search struct {
	*space
	goal  *goal
	known map[string]*version // nil: breaks a rule
	now   *version            // the strategy as it is
	few   int                 // lives of a first look
	many  int                 // lives of a decision
	play  func(ctx context.Context, versions []*version, n int) error
}

func newSearch(s *space, g *goal, lives int, play func(context.Context, []*version, int) error) (*search, error) {
	x := &search{space: s, goal: g, known: map[string]*version{}, few: max(2, lives/glance), many: lives, play: play}
	now, err := s.version(make([]int, len(s.knobs)))
	x.now = now
	x.known[key(make([]int, len(s.knobs)))] = now
	return x, err
}

func key(choice []int) string { return fmt.Sprint(choice) }

// at is the version of a choice, nil if it breaks a rule of the scenario.
func (x *search) at(choice []int) *version {
	choice = x.whole(choice)
	v, ok := x.known[key(choice)]
	if !ok {
		v, _ = x.version(choice) // a rule that it breaks is no fault of the user's
		x.known[key(choice)] = v
	}
	return v
}

// tried is the number of versions that were played.
func (x *search) tried() (n int) {
	for _, v := range x.known {
		if v != nil && len(v.lives) > 0 {
			n++
		}
	}
	return n
}

// best looks for the best version: from random ones, by climbing.
func (x *search) best(ctx context.Context, starts int, seed uint64, stage func(string)) (*version, error) {
	stage("first look")
	first, err := x.pick(ctx, x.starts(starts, seed), 1)
	if err != nil {
		return nil, err
	}
	best := x.now
	for k, start := range append([]*version{x.now}, first...) {
		stage(fmt.Sprintf("climb %d", k+1))
		top, err := x.climb(ctx, start)
		if err != nil {
			return nil, err
		}
		if x.goal.beats(top, best, x.now, x.many) {
			best = top
		}
	}
	stage("leaving out what does not matter")
	return x.prune(ctx, best)
}

// starts are versions drawn at random, each value changed with even odds, or all versions if there are no more than that.
func (x *search) starts(n int, seed uint64) (list []*version) {
	have := map[*version]bool{nil: true}
	add := func(choice []int) {
		if v := x.at(choice); !have[v] {
			have[v] = true
			list = append(list, v)
		}
	}
	choice := make([]int, len(x.knobs))
	if x.size(n) <= n {
		for more := true; more; more = x.next(choice) {
			add(choice)
		}
		return list
	}
	random := rand.New(rand.NewPCG(seed, 0))
	add(choice)
	for tries := 0; len(list) <= n && tries < 20*n; tries++ {
		for i := range choice {
			choice[i] = 0
			if random.IntN(2) == 1 {
				choice[i] = random.IntN(len(x.knobs[i].Values))
			}
		}
		add(choice)
	}
	return list
}

// size is the number of choices, or some number above most.
func (x *search) size(most int) int {
	n := 1
	for i := range x.knobs {
		if n *= len(x.knobs[i].Values); n > most {
			return n
		}
	}
	return n
}

// next turns a choice into the next one of all, as a counter does, and reports whether there is one.
func (x *search) next(choice []int) bool {
	for i := range choice {
		if choice[i]++; choice[i] < len(x.knobs[i].Values) {
			return true
		}
		choice[i] = 0
	}
	return false
}

// pick returns the best n of some versions: all are looked at in a few lives, the best quarter of them, at least
// eight, in all.
func (x *search) pick(ctx context.Context, versions []*version, n int) ([]*version, error) {
	if err := x.play(ctx, with(versions, x.now), x.few); err != nil {
		return nil, err
	}
	versions = x.sorted(versions, x.few)
	versions = versions[:min(len(versions), max(8, n, len(versions)/4))]
	if err := x.play(ctx, with(versions, x.now), x.many); err != nil {
		return nil, err
	}
	versions = x.sorted(versions, x.many)
	return versions[:min(len(versions), n)], nil
}

// with adds a version to a list that may have it.
func with(versions []*version, v *version) []*version {
	if slices.Contains(versions, v) {
		return versions
	}
	return append(slices.Clone(versions), v)
}

// sorted orders versions by their first lives, the best first, of equal ones the earlier.
func (x *search) sorted(versions []*version, lives int) []*version {
	merits := make(map[*version]merit, len(versions))
	for _, v := range versions {
		merits[v] = x.goal.merit(v, x.now, lives)
	}
	versions = slices.Clone(versions)
	slices.SortStableFunc(versions, func(a, b *version) int { return merits[a].before(merits[b]) })
	return versions
}

// climb goes from a version to better ones until no single change is better by more than its standard error.
func (x *search) climb(ctx context.Context, from *version) (*version, error) {
	for range rounds {
		near := x.neighbours(from)
		near, err := x.pick(ctx, near, len(near))
		if err == nil {
			err = x.play(ctx, []*version{from}, x.many)
		}
		if err != nil {
			return nil, err
		}
		to, err := x.join(ctx, from, near)
		if err != nil || to == from {
			return from, err
		}
		from = to
	}
	return from, nil
}

// neighbours are the versions that differ in one value.
func (x *search) neighbours(v *version) (list []*version) {
	for i := range x.knobs {
		for k := range x.knobs[i].Values {
			choice := slices.Clone(v.choice)
			choice[i] = k
			if n := x.at(choice); n != nil && n != v && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// join takes those neighbours into a version, the best first, that are better than it and improve what is joined so far.
func (x *search) join(ctx context.Context, from *version, near []*version) (*version, error) {
	to, taken := from, make([]bool, len(x.knobs))
	for _, n := range near {
		changed := x.changed(from.choice, n.choice)
		if taken[changed] || !x.goal.beats(n, from, x.now, x.many) {
			continue
		}
		choice := slices.Clone(to.choice)
		choice[changed] = n.choice[changed]
		v := x.at(choice)
		if v == nil {
			continue
		}
		if err := x.play(ctx, []*version{v}, x.many); err != nil {
			return nil, err
		}
		if x.goal.beats(v, to, x.now, x.many) {
			to, taken[changed] = v, true
		}
	}
	return to, nil
}

// changed is the knob in which two neighbours differ: values that go with a stage are as they are where it is left out.
func (s *space) changed(a, b []int) int {
	order := s.order()
	return order[slices.IndexFunc(order, func(i int) bool { return a[i] != b[i] })]
}

// order lists the knobs, those that leave out a stage before those of the stage.
func (s *space) order() (list []int) {
	for _, owned := range []bool{false, true} {
		for i, o := range s.owner {
			if owned == (o >= 0) {
				list = append(list, i)
			}
		}
	}
	return list
}

// prune takes back those changes of a version whose worth is no more than its standard error, the least one first.
func (x *search) prune(ctx context.Context, v *version) (*version, error) {
	for {
		without := x.without(v)
		if err := x.play(ctx, without, x.many); err != nil {
			return nil, err
		}
		without = slices.DeleteFunc(without, func(w *version) bool { return x.goal.beats(v, w, x.now, x.many) })
		if len(without) == 0 {
			return v, nil
		}
		v = x.sorted(without, x.many)[0]
	}
}

// without are the versions that take one change back, in order of the knobs; those that break a rule are left out.
func (x *search) without(v *version) (list []*version) {
	for i := range v.choice {
		if v.choice[i] != 0 {
			choice := slices.Clone(v.choice)
			choice[i] = 0
			if w := x.at(choice); w != nil {
				list = append(list, w)
			}
		}
	}
	return list
}

// Search looks for a better version of a strategy of the scenario and judges it on fresh lives. It does not modify the
// scenario. It returns early with the context's error when cancelled.
//
// Errors: a strategy that the scenario lacks, that has no stages or is a split, a scenario that breaks a rule, a metric
// without a better direction, too few lives.
func Search(ctx context.Context, s *scenario.Scenario, name string, o Options) (*Result, error) {
	o = o.filled()
	base := s.Clone()
	if err := base.Play([]string{name}); err != nil {
		return nil, err
	}
	base.Baseline = name
	switch p := base.Strategy(name); {
	case len(p.Split) > 0:
		return nil, fmt.Errorf("strategy %s: splits the portfolio among others; search one of those", name)
	case len(p.Stages) == 0:
		return nil, fmt.Errorf("strategy %s: has no stages, so there is nothing to search", name)
	case o.Lives < 2 || o.Fresh < 2:
		return nil, fmt.Errorf("lives: at least 2 and fresh ones at least 2, got %d and %d", o.Lives, o.Fresh)
	case o.Starts < 0:
		return nil, fmt.Errorf("starts: must not be negative, got %d", o.Starts)
	}
	g, err := newGoal(o.Metric, o.Limits)
	err = errors.Join(err, checkKnobs(o.Knobs), base.Check())
	if err != nil {
		return nil, err
	}
	w, err := newWorld(base, base.Seed, &o)
	if err != nil {
		return nil, err
	}
	if o.Knobs == nil {
		o.Knobs = Usual(base, name, w.portfolio)
	}
	x, err := newSearch(newSpace(base, name, o.Knobs), g, o.Lives, w.play)
	if err != nil {
		return nil, err
	}
	best, err := x.best(ctx, o.Starts, base.Seed, o.Stage)
	if err != nil {
		return nil, err
	}
	return x.judge(ctx, best, &o)
}
