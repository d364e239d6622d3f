package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"

	"golang.org/x/sync/errgroup"
)

// version is the strategy with a choice of values.
type version struct {
	choice []int // by knob, the place of its value; 0 is the value as it is
	plan   *strategy.Plan
	rows   [][]float64 // by replication, every metric of outcome.Metrics
}

// space is all versions of a strategy.
type space struct {
	base  *scenario.Scenario
	name  string
	knobs []Knob
	owner []int // by knob, the knob that leaves its stage out, or -1
}

func newSpace(base *scenario.Scenario, name string, knobs []Knob) *space {
	s := &space{base, name, knobs, make([]int, len(knobs))}
	for i := range knobs {
		s.owner[i] = slices.IndexFunc(knobs, func(k Knob) bool { return strings.HasPrefix(knobs[i].Path, k.Path+".") })
	}
	return s
}

// whole is a choice in which what does not matter is as it is: values of a stage that is left out.
func (s *space) whole(choice []int) []int {
	choice = slices.Clone(choice)
	for i, o := range s.owner {
		if o >= 0 && choice[o] != 0 {
			choice[i] = 0
		}
	}
	return choice
}

// settings are what a choice changes, as PATH=VALUE below the strategy.
func (s *space) settings(choice []int) (list []string) {
	for i, k := range choice {
		if k == 0 {
			continue
		}
		value := s.knobs[i].Values[k]
		switch {
		case strings.HasPrefix(s.knobs[i].Path, "assign."): // the name of a strategy, whatever it looks like
			value = strconv.Quote(value)
		case value == off:
			value = "null"
		}
		list = append(list, s.knobs[i].Path+"="+value)
	}
	return list
}

// version makes the version of a choice. The error says which rule it breaks.
func (s *space) version(choice []int) (*version, error) {
	t := s.base.Clone()
	for _, setting := range s.settings(choice) {
		if err := t.Set(overlay.Path("strategies", s.name) + "." + setting); err != nil {
			return nil, err
		}
	}
	if err := t.Check(); err != nil {
		return nil, err
	}
	return &version{choice: choice, plan: t.Strategy(s.name)}, nil
}

// world is the replications in which versions are played.
type world struct {
	base      *scenario.Scenario
	portfolio *loan.Portfolio
	workers   int
	done      func(replications int)
}

// newWorld prepares the replications of a seed. Of a synthetic portfolio the seed draws the accounts too.
func newWorld(base *scenario.Scenario, seed uint64, o *Options) (*world, error) {
	w := &world{base: base.Clone(), portfolio: o.Portfolio, workers: max(o.Workers, 1), done: o.Done}
	w.base.Seed = seed
	c, err := w.base.Config(w.portfolio)
	if err != nil {
		return nil, err
	}
	w.portfolio = c.Portfolio
	return w, nil
}

// together is how many versions one job plays on the borrowers that it draws.
const together = 12

// play plays versions, each named once, until each has n replications. The same replications are drawn whatever is played beside, and
// every job writes to places of its own, so neither workers nor company change a result.
func (w *world) play(ctx context.Context, versions []*version, n int) error {
	lacking := make([][]*version, n)
	for _, v := range versions {
		for r := len(v.rows); r < n; r++ {
			lacking[r] = append(lacking[r], v)
			v.rows = append(v.rows, nil)
		}
	}
	var lock sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.workers)
	for r, versions := range lacking {
		for part := range slices.Chunk(versions, together) {
			group.Go(func() error {
				err := w.replication(ctx, part, r)
				if err == nil && w.done != nil {
					lock.Lock()
					defer lock.Unlock()
					w.done(len(part))
				}
				return err
			})
		}
	}
	return group.Wait()
}

// replication plays one replication of some versions: as strategies of one scenario, on the same borrowers.
func (w *world) replication(ctx context.Context, versions []*version, index int) error {
	s := w.base.Clone()
	s.Compare = nil
	if versions[0].plan.Assign == nil { // else some of them serve the groups
		s.Strategies = nil
	}
	for k, v := range versions {
		name := "version " + strconv.Itoa(k)
		s.Strategies = slices.DeleteFunc(s.Strategies, func(p scenario.Strategy) bool { return p.Name == name })
		s.Strategies = append(s.Strategies, scenario.Strategy{Name: name, Plan: *v.plan})
		s.Compare = append(s.Compare, name)
	}
	s.Baseline = s.Compare[0]
	c, err := s.Config(w.portfolio)
	if err != nil {
		return err
	}
	c.First, c.Replications, c.Workers = index, 1, 1
	return sim.Run(ctx, *c, taker{versions, index})
}

// taker keeps the metrics of one replication.
type taker struct {
	versions []*version
	index    int
}

func (t taker) Replication(r *outcome.Replication) error {
	for k, v := range t.versions {
		v.rows[t.index] = r.Strategies[k].Values
	}
	return nil
}
