package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// Options say how the search is made. Zero values mean the defaults.
type Options struct {
	Metric       string  // that is to be best; default outcome.RankedBy
	Limits       []Limit // that the version must keep
	Knobs        []Knob  // what may change; default those of Usual
	Replications int     // in which versions are compared; default 12, at least 2
	Fresh        int     // in which the strategy as it is and the found version are judged; default 100, at least 2
	Starts       int     // versions drawn at random that are looked at first; default 100
	Workers      int     // goroutines; the result does not depend on it
	Portfolio    *loan.Portfolio
	Stage        func(stage string)     // told what begins
	Done         func(replications int) // called with the number of replications of one version that were played since the last call, from one goroutine at a time
}

func (o Options) filled() Options {
	set := func(to *int, value int) {
		if *to == 0 {
			*to = value
		}
	}
	set(&o.Replications, 12)
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

// glance is the part of the replications in which versions are looked at first.
const glance = 4

// rounds bounds a climb.
const rounds = 20

// What a change must be worth to be made, and to be kept in the end, in standard errors. A climb takes the best of
// many, which luck has a part in, so what it took is looked at again in more replications.
const (
	toMake  = 1
	toKeep  = 2
	further = 3 // times the replications of the climb
)

// Search is a search that is ready to be made, once.
type Search struct {
	*space
	options Options
	goal    *goal
	known   map[string]*version // nil: breaks a rule
	now     *version            // the strategy as it is
	few     int                 // replications of a first look
	many    int                 // replications of a decision
	play    func(ctx context.Context, versions []*version, n int) error
}

func newSearch(s *space, g *goal, replications int, play func(context.Context, []*version, int) error) (*Search, error) {
	x := &Search{space: s, goal: g, known: map[string]*version{}, few: max(2, replications/glance), many: replications, play: play}
	now, err := s.version(make([]int, len(s.knobs)))
	x.now = now
	x.known[key(make([]int, len(s.knobs)))] = now
	return x, err
}

func key(choice []int) string { return fmt.Sprint(choice) }

// at is the version of a choice, nil if it breaks a rule of the scenario.
func (x *Search) at(choice []int) *version {
	choice = x.whole(choice)
	v, ok := x.known[key(choice)]
	if !ok {
		v, _ = x.version(choice) // a rule that it breaks is no fault of the user's
		x.known[key(choice)] = v
	}
	return v
}

// tried is the number of versions that were played.
func (x *Search) tried() (n int) {
	for _, v := range x.known {
		if v != nil && len(v.rows) > 0 {
			n++
		}
	}
	return n
}

// best looks for the best version: from random ones, by climbing.
func (x *Search) best(ctx context.Context, starts int, seed uint64, stage func(string)) (*version, error) {
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
		if x.goal.beats(top, best, x.now, x.many, toMake) {
			best = top
		}
	}
	stage("leaving out what does not matter")
	return x.prune(ctx, best)
}

// starts are versions drawn at random, each value changed with even odds, or all versions if there are no more than that.
func (x *Search) starts(n int, seed uint64) (list []*version) {
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
func (x *Search) size(most int) int {
	n := 1
	for i := range x.knobs {
		if n *= len(x.knobs[i].Values); n > most {
			return n
		}
	}
	return n
}

// next turns a choice into the next one of all, as a counter does, and reports whether there is one.
func (x *Search) next(choice []int) bool {
	for i := range choice {
		if choice[i]++; choice[i] < len(x.knobs[i].Values) {
			return true
		}
		choice[i] = 0
	}
	return false
}

// pick returns the best n of some versions: all are looked at in a few replications, the best quarter of them, at least
// eight, in all.
func (x *Search) pick(ctx context.Context, versions []*version, n int) ([]*version, error) {
	if err := x.play(ctx, with(versions, x.now), x.few); err != nil {
		return nil, err
	}
	versions = x.sorted(versions, x.few)
	versions = versions[:min(len(versions), max(shortlist, n, len(versions)/4))]
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

// sorted orders versions by their first replications, the best first, of equal ones the earlier.
func (x *Search) sorted(versions []*version, replications int) []*version {
	merits := make(map[*version]merit, len(versions))
	for _, v := range versions {
		merits[v] = x.goal.merit(v, x.now, replications)
	}
	versions = slices.Clone(versions)
	slices.SortStableFunc(versions, func(a, b *version) int { return merits[a].before(merits[b]) })
	return versions
}

// climb goes from a version to better ones until no single change, and where there are limits no pair of the likeliest
// ones, is better by more than its standard error. From a version that passes limits it first goes to one that keeps
// them.
func (x *Search) climb(ctx context.Context, from *version) (*version, error) {
	for range rounds {
		near, err := x.around(ctx, from)
		if err != nil {
			return nil, err
		}
		var to *version
		if x.goal.merit(from, x.now, x.many).excess > 0 {
			to, err = x.comply(ctx, from, near)
		} else {
			to, err = x.join(ctx, from, near)
		}
		if err == nil && to == from && len(x.goal.limits) > 0 {
			to, err = x.exchange(ctx, from, near)
		}
		if err != nil || to == from {
			return from, err
		}
		from = to
	}
	return from, nil
}

// shortlist is how many versions are looked at in all replications for each thing that may speak for one, at least.
const shortlist = 8

// around returns the versions that differ from one in a single value and may be of use, the best first: all are looked
// at in a few replications, and in all replications the best quarter, with limits also those of the highest value and those that save most
// for their price.
func (x *Search) around(ctx context.Context, from *version) ([]*version, error) {
	near := x.neighbours(from)
	if err := x.play(ctx, with(with(near, from), x.now), x.few); err != nil {
		return nil, err
	}
	list := x.sorted(near, x.few)
	list = list[:min(len(list), max(shortlist, len(list)/4))]
	if len(x.goal.limits) > 0 {
		for _, order := range []func(*version) float64{x.value(x.few), x.price(from, x.few)} {
			for _, v := range first(shortlist, near, order) {
				list = with(list, v)
			}
		}
	}
	err := x.play(ctx, with(with(list, from), x.now), x.many)
	return x.sorted(list, x.many), err
}

// value and price order versions by their first replications.
func (x *Search) value(replications int) func(*version) float64 {
	return func(v *version) float64 { return -x.goal.merit(v, x.now, replications).value }
}

func (x *Search) price(from *version, replications int) func(*version) float64 {
	m := x.goal.merit(from, x.now, replications)
	return func(v *version) float64 { return m.price(x.goal.merit(v, x.now, replications)) }
}

// first returns the n versions that come first in an order, without those that have no place in it.
func first(n int, versions []*version, order func(*version) float64) []*version {
	type placed struct {
		v  *version
		at float64
	}
	var list []placed
	for _, v := range versions {
		if at := order(v); !math.IsNaN(at) && !math.IsInf(at, 1) {
			list = append(list, placed{v, at})
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	var out []*version
	for _, p := range list[:min(n, len(list))] {
		out = append(out, p.v)
	}
	return out
}

// comply joins the changes that save most for their price until the limits are kept.
func (x *Search) comply(ctx context.Context, from *version, near []*version) (*version, error) {
	to, left := from, x.goal.merit(from, x.now, x.many).excess
	for _, n := range first(len(near), near, x.price(from, x.many)) {
		v := x.joined(to, from, n)
		if v == nil || left == 0 {
			continue
		}
		if err := x.play(ctx, []*version{v}, x.many); err != nil {
			return nil, err
		}
		if m := x.goal.merit(v, x.now, x.many); m.excess < left {
			to, left = v, m.excess
		}
	}
	return to, nil
}

// exchange joins a change that is better but passes a limit with one that saves what that takes.
func (x *Search) exchange(ctx context.Context, from *version, near []*version) (*version, error) {
	var pairs []*version
	better := x.value(x.many)
	for _, a := range first(shortlist, near, better) {
		if better(a) >= better(from) {
			continue
		}
		for _, b := range first(shortlist, near, x.price(from, x.many)) {
			if v := x.joined(a, from, b); v != nil && v != a && v != from && !slices.Contains(pairs, v) {
				pairs = append(pairs, v)
			}
		}
	}
	if pairs == nil {
		return from, nil
	}
	best, err := x.pick(ctx, pairs, 1)
	if err == nil && x.goal.beats(best[0], from, x.now, x.many, toMake) {
		return best[0], nil
	}
	return from, err
}

// joined is a version with the change that leads from another one to a neighbour of that; nil if it breaks a rule.
func (x *Search) joined(to, from, neighbour *version) *version {
	choice := slices.Clone(to.choice)
	i := x.changed(from.choice, neighbour.choice)
	choice[i] = neighbour.choice[i]
	return x.at(choice)
}

// neighbours are the versions that differ in one value.
func (x *Search) neighbours(v *version) (list []*version) {
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
func (x *Search) join(ctx context.Context, from *version, near []*version) (*version, error) {
	to, taken := from, make([]bool, len(x.knobs))
	for _, n := range near {
		changed := x.changed(from.choice, n.choice)
		if taken[changed] || !x.goal.beats(n, from, x.now, x.many, toMake) {
			continue
		}
		v := x.joined(to, from, n)
		if v == nil {
			continue
		}
		if err := x.play(ctx, []*version{v}, x.many); err != nil {
			return nil, err
		}
		if x.goal.beats(v, to, x.now, x.many, toMake) {
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

// prune takes back those changes of a version that are not clearly worth it, the least one first. It looks at further replications,
// since those of the climb flatter what was chosen by them.
func (x *Search) prune(ctx context.Context, v *version) (*version, error) {
	n := further * x.many
	for {
		without := x.without(v)
		if err := x.play(ctx, with(with(without, v), x.now), n); err != nil {
			return nil, err
		}
		without = slices.DeleteFunc(without, func(w *version) bool { return x.goal.beats(v, w, x.now, n, toKeep) })
		if len(without) == 0 {
			return v, nil
		}
		v = x.sorted(without, n)[0]
	}
}

// without are the versions that take one change back, in order of the knobs; those that break a rule are left out.
func (x *Search) without(v *version) (list []*version) {
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

// New prepares a search for a better version of a strategy of the scenario, which it does not modify.
//
// Errors: a strategy that the scenario lacks, that has no stages or is a split, a scenario that breaks a rule, a metric
// without a better direction, too few replications.
func New(s *scenario.Scenario, name string, o Options) (*Search, error) {
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
	case o.Replications < 2 || o.Fresh < 2:
		return nil, fmt.Errorf("replications: at least 2 and fresh ones at least 2, got %d and %d", o.Replications, o.Fresh)
	case o.Starts < 0:
		return nil, fmt.Errorf("starts: must not be negative, got %d", o.Starts)
	}
	g, err := newGoal(o.Metric, o.Limits)
	if err := errors.Join(err, checkKnobs(o.Knobs), base.Check()); err != nil {
		return nil, err
	}
	w, err := newWorld(base, base.Seed, &o)
	if err != nil {
		return nil, err
	}
	if o.Knobs == nil {
		o.Knobs = Usual(base, name, w.portfolio)
	}
	x, err := newSearch(newSpace(base, name, o.Knobs), g, o.Replications, w.play)
	x.options = o
	return x, err
}

// Run makes the search and judges what it finds on fresh replications. It returns early with the context's error when cancelled.
func (x *Search) Run(ctx context.Context) (*Result, error) {
	best, err := x.best(ctx, x.options.Starts, x.base.Seed, x.options.Stage)
	if err != nil {
		return nil, err
	}
	return x.judge(ctx, best, &x.options)
}
