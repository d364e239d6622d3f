package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/analysis/sensitivity"
	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"

	"golang.org/x/sync/errgroup"
)

// Options say how experiments are played.
type Options struct {
	Accounts     int     // 0: as the experiment says
	Replications int     // 0: as the experiment says
	Seed         *uint64 // nil: as the experiment says
	Workers      int     // goroutines; 0 means one; the result does not depend on it
	NoSweeps     bool    // leave out sweeps
}

// Effect is a measure with its interval over replications.
type Effect struct {
	Measure *Measure
	estimate.Estimate
	values []float64 // one a replication, of which Value is the mean
}

// Curve is a measure along a sweep, with the values at which it crosses its threshold.
type Curve struct {
	Sweep   *Sweep
	Measure *Measure
	Effects []Effect // parallel to Sweep.Values
	sensitivity.BreakEvens
}

// Result is an experiment that was played.
type Result struct {
	*Experiment
	Effects  []Effect // parallel to Measures
	Curves   []Curve  // parallel to Sweeps
	Warnings []string
}

// Play plays an experiment. It returns early with the context's error when cancelled. It does not
// modify x.
func (x *Experiment) Play(ctx context.Context, o Options) (*Result, error) {
	x = x.with(o)
	p := x.plan()
	tallies := make([]tally, len(p.jobs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(o.Workers, 1))
	for i, j := range p.jobs {
		group.Go(func() error {
			err := x.playJob(ctx, j, &tallies[i])
			if err != nil {
				return fmt.Errorf("%s: %w", x.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return x.result(p, tallies)
}

// with returns a copy with the options laid over it.
func (x *Experiment) with(o Options) *Experiment {
	c := *x
	c.Base = x.Base.Clone()
	if o.Accounts > 0 {
		c.Base.Accounts = o.Accounts
	}
	if o.Replications > 0 {
		c.Base.Replications = o.Replications
	}
	if o.Seed != nil {
		c.Base.Seed = *o.Seed
	}
	if o.NoSweeps {
		c.Sweeps = nil
	}
	return &c
}

// tally is what is kept of a job: the metrics of each strategy, and the pairs, by replication.
type tally struct {
	job        *job
	horizon    int
	opened     []loan.Day                  // by account: day of disbursement
	strategies [][]outcome.StrategyOutcome // by strategy and replication; metrics and paths only
	pairs      [][][2]share                // by pair and replication
}

// Replication takes what the measures need and lets go of the rest.
func (l *tally) Replication(r *outcome.Replication) error {
	for k := range r.Strategies {
		s := &r.Strategies[k]
		l.strategies[k] = append(l.strategies[k], outcome.StrategyOutcome{Name: s.Name, Values: s.Values, Groups: s.Groups, Daily: s.Daily})
	}
	for k, p := range l.job.pairs {
		var less *outcome.StrategyOutcome
		if p.less >= 0 {
			less = &r.Strategies[p.less]
		}
		a, b := pairShares(p.measure, &r.Strategies[p.of], less, l.horizon, l.opened)
		l.pairs[k] = append(l.pairs[k], [2]share{a, b})
	}
	return nil
}

func (x *Experiment) playJob(ctx context.Context, j *job, l *tally) error {
	s, err := x.scenario(j)
	if err != nil {
		return err
	}
	c, err := s.Config(nil)
	if err != nil {
		return err
	}
	c.Workers, c.Accounts, c.Events, c.StressPaths = 1, j.accounts, j.events, j.paths
	*l = tally{
		job: j, horizon: c.Horizon, strategies: make([][]outcome.StrategyOutcome, len(j.strategies)),
		pairs: make([][][2]share, len(j.pairs)),
	}
	for i := range c.Portfolio.Accounts {
		l.opened = append(l.opened, c.Portfolio.Accounts[i].Opened)
	}
	return sim.Run(ctx, *c, l)
}

// result turns what was played into effects and curves.
func (x *Experiment) result(p *plan, tallies []tally) (*Result, error) {
	r := &Result{Experiment: x}
	for i := range x.Measures {
		r.Effects = append(r.Effects, effect(&x.Measures[i], p.base[i], tallies).per(r.Effects))
	}
	var errs []error
	for i := range x.Sweeps {
		s := &x.Sweeps[i]
		c := Curve{Sweep: s, Measure: x.followed(s)}
		for _, at := range p.sweeps[i] {
			c.Effects = append(c.Effects, effect(c.Measure, at, tallies))
		}
		if err := c.breakEven(x.Base.Seed); err != nil {
			errs = append(errs, fmt.Errorf("%s: sweeps.%s: %w", x.Name, s.Name, err))
		}
		r.Curves = append(r.Curves, c)
	}
	return r, errors.Join(errs...)
}

// effect estimates a measure at a place.
func effect(m *Measure, at place, tallies []tally) Effect {
	of := side(m, at, tallies, 0)
	var less []share
	if m.Less != "" {
		less = side(m, at, tallies, 1)
	}
	values := contrast(m, of, less)
	e := Effect{Measure: m, Estimate: estimate.Mean(values, 0.95), values: values}
	e.Low, e.High = m.bounds().Cut(e.Value, e.Low, e.High)
	return e
}

// per turns an effect into a multiple of the earlier one that its measure names.
func (e Effect) per(earlier []Effect) Effect {
	if e.Measure.Per == "" {
		return e
	}
	for i := range earlier {
		if earlier[i].Measure.Name == e.Measure.Per {
			values := quotient(e.values, earlier[i].values)
			return Effect{Measure: e.Measure, Estimate: estimate.Mean(values, 0.95), values: values}
		}
	}
	return e
}

// quotient returns the linearised values of the ratio of two means, of the replications in which both are defined.
func quotient(a, b []float64) []float64 {
	var bothA, bothB []float64
	for r := range a {
		if !math.IsNaN(a[r]) && !math.IsNaN(b[r]) {
			bothA, bothB = append(bothA, a[r]), append(bothB, b[r])
		}
	}
	meanA, meanB := mean(bothA), mean(bothB)
	out := make([]float64, len(a))
	for r := range out {
		out[r] = meanA/meanB + (a[r]-meanA/meanB*b[r])/meanB
	}
	return out
}

// side returns one arm's shares by replication.
func side(m *Measure, at place, tallies []tally, arm int) []share {
	var list []share
	if at.pair >= 0 {
		for _, both := range tallies[at.of].pairs[at.pair] {
			list = append(list, both[arm])
		}
		return list
	}
	l, strategy := &tallies[at.of], at.ofArm
	if arm == 1 {
		l, strategy = &tallies[at.less], at.lessArm
	}
	for k, name := range l.job.strategies {
		if name == strategy {
			for i := range l.strategies[k] {
				list = append(list, wholeShare(&l.strategies[k][i], m))
			}
		}
	}
	return list
}

// contrast returns one value a replication whose mean is the estimate of the measure: of ratios, the
// ratio of sums plus each replication's linear influence on it (delta method, as in Cochran 1977,
// section 6.4), so that intervals and break-evens of means hold for them too. NaN marks a replication
// in which a side is undefined.
func contrast(m *Measure, of, less []share) []float64 {
	if less == nil {
		return linear(of)
	}
	of, less = paired(of, less)
	a, b := linear(of), linear(less)
	if m.As == "ratio" || m.As == "relative" {
		a = quotient(a, b)
		if m.As == "relative" {
			for r := range a {
				a[r]--
			}
		}
		return a
	}
	for r := range a {
		a[r] -= b[r]
	}
	return a
}

// paired leaves out of both sides the replications in which one of them is undefined.
func paired(of, less []share) (a, b []share) {
	a, b = slices.Clone(of), slices.Clone(less)
	for r := range a {
		if math.IsNaN(a[r].over + a[r].under + b[r].over + b[r].under) {
			a[r], b[r] = share{math.NaN(), math.NaN()}, share{math.NaN(), math.NaN()}
		}
	}
	return a, b
}

// linear returns the linearised values of a ratio of sums.
func linear(x []share) []float64 {
	var over, under, n float64
	for _, s := range x {
		if !math.IsNaN(s.over) && !math.IsNaN(s.under) {
			over, under, n = over+s.over, under+s.under, n+1
		}
	}
	out := make([]float64, len(x))
	for r, s := range x {
		ratio := over / under
		out[r] = ratio + (s.over-ratio*s.under)/(under/n)
	}
	return out
}

// mean leaves out NaN.
func mean(x []float64) float64 {
	m := estimate.Mean(x, 0.95)
	return m.Value
}

// breakEven finds where the curve crosses the threshold. Replications that are undefined somewhere are
// left out.
func (c *Curve) breakEven(seed uint64) error {
	var y [][]float64
	for r := range c.Effects[0].values {
		row := make([]float64, len(c.Effects))
		whole := true
		for i := range c.Effects {
			row[i] = c.Effects[i].values[r] - c.Measure.Threshold
			whole = whole && !math.IsNaN(row[i]) && !math.IsInf(row[i], 0)
		}
		if whole {
			y = append(y, row)
		}
	}
	if len(y) == 0 {
		return errors.New("the measure is undefined in every replication")
	}
	var err error
	c.BreakEvens, err = sensitivity.BreakEven(c.Sweep.Values, y, sensitivity.BreakEvenOptions{Seed: seed})
	return err
}
