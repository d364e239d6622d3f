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
	Metric       string   // that is to be best; default outcome.RankedBy
	Limits       []Limit  // that the version must keep
	Knobs        []Knob   // what may change; default those of Usual
	By           string   // instead of stages: which strategy serves which product, region, segment, or bucket on day 0 (start)
	Candidates   []string // strategies that may serve a group; default: those that the scenario plays, and those that serve one
	Replications int      // in which versions are compared; default 12, at least 2
	Fresh        int      // in which the strategy as it is and the found version are judged; default 100, at least 2
	Starts       int      // versions drawn at random that are looked at first; default 100
	Workers      int      // goroutines; the result does not depend on it
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

// New prepares a search for a better version of a strategy of the scenario, which it does not modify.
//
// Errors: a strategy that the scenario lacks, that has no stages or is a split, a scenario that breaks a rule, a metric
// without a better direction, too few replications.
func New(s *scenario.Scenario, name string, o Options) (*Search, error) {
	o = o.filled()
	base := s.Clone()
	if o.Candidates == nil {
		o.Candidates = slices.Clone(base.Played())
	}
	if err := base.Play([]string{name}); err != nil {
		return nil, err
	}
	if o.By != "" {
		name = assigned(base, name, o.By)
	}
	base.Baseline = name
	switch p := base.Strategy(name); {
	case len(p.Split) > 0:
		return nil, fmt.Errorf("strategy %s: splits the portfolio among others; search one of those", name)
	case len(p.Stages) == 0 && p.Assign == nil:
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
	groups := base.Strategy(name).Assign != nil
	if groups {
		if err := checkCandidates(base, o.Candidates); err != nil {
			return nil, err
		}
	}
	w, err := newWorld(base, base.Seed, &o)
	if err != nil {
		return nil, err
	}
	switch {
	case groups && o.Knobs == nil:
		o.Knobs = byGroup(base, name, o.Candidates, w.portfolio)
	case o.Knobs == nil:
		o.Knobs = Usual(base, name, w.portfolio)
	}
	if len(o.Knobs) == 0 {
		return nil, fmt.Errorf("strategy %s: there is nothing to choose from", name)
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
