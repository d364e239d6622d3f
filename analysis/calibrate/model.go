package calibrate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"golang.org/x/sync/errgroup"
)

// model plays the scenario at points and reads the targets off. A world is one life of one portfolio,
// both drawn from a seed of its own; with a tape all worlds share its accounts. Worlds are therefore
// independent and alike, and points share them.
type model struct {
	base       *scenario.Scenario
	portfolio  *loan.Portfolio // of a tape, or nil
	parameters []Parameter
	targets    []Target
	quantities []quantity
	arms       [][2]int // by target, positions of its strategies; -1: none
	replayed   []trial  // experiments that targets are measures of
	alone      bool     // all targets are measures of experiments
	workers    int
	done       func() // after each life
	lock       sync.Mutex
	played     int
	drawn      int // parameters that the scenario draws, which stand still here
}

// newModel prepares a scenario: nothing drawn, no days and strategies that no target looks at.
func newModel(s *scenario.Scenario, portfolio *loan.Portfolio, parameters []Parameter, targets []Target) (*model, error) {
	m := &model{base: s.Clone(), portfolio: portfolio, parameters: parameters, targets: targets}
	for _, d := range s.Drawn() {
		if !slices.ContainsFunc(parameters, func(p Parameter) bool { return p.Path == d.Path }) {
			m.drawn++
		}
	}
	m.base.Uncertainty, m.base.Replications = false, 1
	strategies, last, err := m.locate(s)
	errs := []error{err}
	m.replayed, err = m.trials()
	errs = append(errs, err)
	m.alone = len(strategies) == 0
	if !m.alone {
		m.base.Horizon = min(last, m.base.Horizon)
		errs = append(errs, m.base.Play(strategies))
		m.base.Baseline = strategies[0]
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return m, m.base.Check()
}

// locate finds the strategies and the days that the targets look at.
func (m *model) locate(s *scenario.Scenario) (strategies []string, last int, err error) {
	arm := func(name string) int {
		if i := slices.Index(strategies, name); i >= 0 {
			return i
		}
		strategies = append(strategies, name)
		return len(strategies) - 1
	}
	var errs []error
	for i := range m.targets {
		t := &m.targets[i]
		day, whole := t.lastDay()
		if day > s.Horizon {
			errs = append(errs, fmt.Errorf("target %s: looks at day %d, the scenario ends on day %d; give --horizon", t.Name, day, s.Horizon))
		}
		if t.CuredBy != nil && *t.CuredBy >= s.Horizon {
			errs = append(errs, fmt.Errorf("target %s: cured_by: must lie before the horizon %d, got %d", t.Name, s.Horizon, *t.CuredBy))
		}
		if last = max(last, day); whole {
			last = s.Horizon
		}
		at := [2]int{-1, -1}
		if t.trial == nil {
			at[0] = arm(first(t.Strategy, s.Baseline))
		}
		if t.Less != "" {
			at[1] = arm(t.Less)
		}
		m.arms, m.quantities = append(m.arms, at), append(m.quantities, t.quantity())
	}
	return strategies, last, errors.Join(errs...)
}

// world is the seed of world k, spread by the finaliser of splitmix64 (Steele, Lea and Flood 2014).
func world(seed uint64, k int) uint64 {
	x := seed + 0x9e3779b97f4a7c15*uint64(k+1)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// point is a place in the unit cube of the parameters and what was played there.
type point struct {
	z      []float64
	err    error         // why it could not be played: it breaks a rule of the scenario
	sums   [][][]float64 // [world][target]: sums of the first arm, then of the second
	values []float64     // simulated value by target, all worlds together
}

// play plays points in the worlds from first to last-1; every job writes to its own place, so that the
// result does not depend on the number of workers. A point that breaks a rule keeps the error.
func (m *model) play(ctx context.Context, places [][]float64, from, to int) ([]*point, error) {
	points := make([]*point, len(places))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(m.workers, 1))
	for i, z := range places {
		p := &point{z: z, sums: make([][][]float64, to-from)}
		points[i] = p
		s, err := m.at(z)
		if err != nil {
			p.err = err
			continue
		}
		for k := from; k < to; k++ {
			group.Go(func() (err error) {
				p.sums[k-from], err = m.life(ctx, s, z, k)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, p := range points {
		if p.err == nil {
			p.values = m.values(p.sums)
			p.err = m.undefined(p.values)
		}
	}
	return points, nil
}

// at is the scenario at a point.
func (m *model) at(z []float64) (*scenario.Scenario, error) {
	s := m.base.Clone()
	for j := range m.parameters {
		p := &m.parameters[j]
		if err := s.SetNumber(p.Path, p.at(z[j])); err != nil {
			return nil, err
		}
	}
	return s, s.Check()
}

// life plays one world and returns the sums of every target.
func (m *model) life(ctx context.Context, s *scenario.Scenario, z []float64, k int) ([][]float64, error) {
	sums, seed := make(reader, len(m.targets)), world(m.base.Seed, k)
	if !m.alone {
		s = s.Clone()
		s.Seed = seed
		c, err := s.Config(m.portfolio)
		if err != nil {
			return nil, err
		}
		if err := sim.Run(ctx, *c, sums.of(m)); err != nil {
			return nil, err
		}
	}
	for i := range m.replayed {
		if err := m.replayed[i].play(ctx, m, z, seed, sums); err != nil {
			return nil, err
		}
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	m.played++
	if m.done != nil {
		m.done()
	}
	return sums, nil
}

// reader takes the sums of every target off a replication.
type reader [][]float64

type sink func(r *outcome.Replication)

// Replication implements outcome.Sink.
func (f sink) Replication(r *outcome.Replication) error {
	f(r)
	return nil
}

func (x reader) of(m *model) outcome.Sink {
	return sink(func(r *outcome.Replication) {
		for i := range m.targets {
			for _, arm := range m.arms[i] {
				if arm >= 0 {
					x[i] = append(x[i], m.quantities[i].collect(&r.Strategies[arm])...)
				}
			}
		}
	})
}

// values are the simulated values of all targets over some lives.
func (m *model) values(lives [][][]float64) []float64 {
	values := make([]float64, len(m.targets))
	for i := range values {
		sums := make([]float64, len(lives[0][i]))
		for _, life := range lives {
			for k, x := range life[i] {
				sums[k] += x
			}
		}
		q := m.quantities[i]
		if m.arms[i][1] < 0 {
			values[i] = q.value(sums)
			continue
		}
		half := len(sums) / 2
		values[i] = contrast(m.targets[i].As, q.value(sums[:half]), q.value(sums[half:]))
	}
	return values
}

// undefined names the targets that have no simulated value.
func (m *model) undefined(values []float64) error {
	var errs []error
	for i, x := range values {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			errs = append(errs, fmt.Errorf("target %s: has no simulated value, nothing happened that it counts; play more accounts or lives, or correct bucket, group or strategy", m.targets[i].Name))
		}
	}
	return errors.Join(errs...)
}

// covariance estimates that of the simulated values of one life by the jackknife over lives (Efron
// 1982): it holds for ratios, curves and contrasts alike. A value that a life left out leaves undefined
// counts with the value of all.
func (m *model) covariance(lives [][][]float64) [][]float64 {
	n, q := len(lives), len(m.targets)
	all := m.values(lives)
	left := make([][]float64, n)
	for r := range lives {
		left[r] = m.values(slices.Concat(lives[:r], lives[r+1:]))
		for i := range left[r] {
			if math.IsNaN(left[r][i]) || math.IsInf(left[r][i], 0) {
				left[r][i] = all[i]
			}
		}
	}
	mean := make([]float64, q)
	for i := range mean {
		for r := range left {
			mean[i] += left[r][i] / float64(n)
		}
	}
	c := square(q)
	for i := range q {
		for k := range q {
			for r := range left {
				c[i][k] += (left[r][i] - mean[i]) * (left[r][k] - mean[k])
			}
			c[i][k] *= float64(n - 1) // (n-1)/n is the variance with n lives; n times that of one
		}
	}
	return c
}

func square(n int) [][]float64 {
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
	}
	return c
}
