package calibrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/sensitivity"
	"collectsim/sim/loan"
	"collectsim/sim/scenario"

	"gonum.org/v1/gonum/optimize"
)

// Options say how the fit is made. Zero values mean the defaults.
type Options struct {
	Lives      int // worlds in which every point is played; default 4
	Fresh      int // further worlds, in which the start and the result are judged; default 20, at least 5
	Starts     int // points of a Latin hypercube that are tried beside the scenario's own; default 10, negative: none
	Iterations int // most steps of one descent; default 12
	Workers    int // goroutines; the result does not depend on it
	Portfolio  *loan.Portfolio
	Stage      func(stage string) // told what begins
	Done       func()             // called after each life, from one goroutine at a time
}

func (o Options) filled() Options {
	set := func(to *int, value int) {
		if *to == 0 {
			*to = value
		}
	}
	set(&o.Lives, 4)
	set(&o.Fresh, 20)
	set(&o.Starts, 10)
	set(&o.Iterations, 12)
	if o.Stage == nil {
		o.Stage = func(string) {}
	}
	return o
}

// fitter is a fit under way.
type fitter struct {
	*model
	Options
	fitted  []int     // targets that are not held out
	weights []float64 // by target; 0 for those held out
	steps   []float64 // of differences, by parameter
	first   float64   // misfit of the scenario as it is
}

// Fit fits parameters of a scenario to targets. It does not modify the scenario. It returns early with
// the context's error when cancelled.
//
// Errors: fewer fitted targets than parameters, strategies or days that the scenario lacks, a target
// without simulated value at the scenario's own values.
func Fit(ctx context.Context, s *scenario.Scenario, parameters []Parameter, set *Set, o Options) (*Result, error) {
	o = o.filled()
	m, err := newModel(s, o.Portfolio, parameters, set.Targets)
	if err != nil {
		return nil, err
	}
	m.workers, m.done = o.Workers, o.Done
	f := &fitter{model: m, Options: o, steps: make([]float64, len(parameters)), weights: make([]float64, len(set.Targets))}
	for i := range set.Targets {
		if !set.Targets[i].HoldOut {
			f.fitted = append(f.fitted, i)
		}
	}
	switch {
	case len(parameters) == 0:
		return nil, errors.New("no parameter is named to fit")
	case len(f.fitted) < len(parameters):
		return nil, fmt.Errorf("%d targets cannot tell %d parameters; fit fewer, or add targets", len(f.fitted), len(parameters))
	case o.Fresh < 5 || o.Lives < 1:
		return nil, fmt.Errorf("lives: at least 1 and fresh ones at least 5, got %d and %d", o.Lives, o.Fresh)
	}
	before, err := f.weigh(ctx)
	if err != nil {
		return nil, err
	}
	best, converged, err := f.search(ctx)
	if err != nil {
		return nil, err
	}
	return f.conclude(ctx, set, before, best, converged)
}

// weigh plays the scenario's own values in the fresh worlds and sets the weights by the variances
// there; they stay, so that values of Q can be compared.
func (f *fitter) weigh(ctx context.Context) (*point, error) {
	f.Stage("the scenario as it is")
	points, err := f.play(ctx, [][]float64{f.start()}, f.Lives, f.Lives+f.Fresh)
	if err != nil {
		return nil, err
	}
	before := points[0]
	if before.err != nil {
		return nil, before.err
	}
	noise := f.covariance(before.sums)
	for _, i := range f.fitted {
		t := &f.targets[i]
		f.weights[i] = t.weight() / (t.se()*t.se() + noise[i][i]/float64(f.Lives))
	}
	return before, nil
}

func (f *fitter) start() []float64 {
	z := make([]float64, len(f.parameters))
	for j := range z {
		z[j] = f.parameters[j].share(f.parameters[j].Start)
	}
	return z
}

// misfit is Q at a point; infinite where it cannot be played.
func (f *fitter) misfit(p *point) float64 {
	if p.err != nil {
		return math.Inf(1)
	}
	q := 0.0
	for _, i := range f.fitted {
		g := p.values[i] - *f.targets[i].Value
		q += f.weights[i] * g * g
	}
	if math.IsNaN(q) { // something is undefined there: no fit
		return math.Inf(1)
	}
	return q
}

// descents is from how many starts the search descends.
const descents = 2

// search tries the scenario's own values and a Latin hypercube, descends from the best two, and hands
// over to a simplex if the better descent did not converge.
func (f *fitter) search(ctx context.Context) (best *point, converged bool, err error) {
	places := [][]float64{f.start()}
	if f.Starts > 0 {
		more, err := sensitivity.LatinHypercube(sensitivity.UnitBounds(len(f.parameters)), f.Starts, sensitivity.LHSOptions{Seed: f.base.Seed, Maximin: 10})
		if err != nil {
			return nil, false, err
		}
		places = append(places, more...)
	}
	f.Stage(fmt.Sprintf("%d starts", len(places)))
	starts, err := f.play(ctx, places, 0, f.Lives)
	if err != nil {
		return nil, false, err
	}
	f.first = f.misfit(starts[0])
	slices.SortStableFunc(starts, func(a, b *point) int { return cmp.Compare(f.misfit(a), f.misfit(b)) })
	for k, p := range starts[:min(descents, len(starts))] {
		if p.err != nil {
			continue
		}
		f.Stage(fmt.Sprintf("descent %d of %d, Q %.4g", k+1, min(descents, len(starts)), f.misfit(p)))
		end, done, err := f.descend(ctx, p)
		if err != nil {
			return nil, false, err
		}
		if best == nil || f.misfit(end) < f.misfit(best) {
			best, converged = end, done
		}
	}
	if best == nil {
		return nil, false, fmt.Errorf("no start can be played: %w", starts[0].err)
	}
	if !converged {
		return f.simplex(ctx, best)
	}
	return best, true, nil
}

// descend is Gauss-Newton with the damping of Levenberg (1944) and Marquardt (1963) inside of the unit
// cube: a parameter at its bound that wants to leave stays there for the step. It has converged when a
// step gains less than a hundredth, or when differences half as long gain nothing either.
func (f *fitter) descend(ctx context.Context, p *point) (end *point, converged bool, err error) {
	for j := range f.steps {
		f.steps[j] = firstStep
	}
	stuck := 0
	for range f.Iterations {
		jac, err := f.jacobian(ctx, p, 0, f.Lives)
		if err != nil {
			return nil, false, err
		}
		tries, err := f.play(ctx, f.candidates(p, jac.mean), 0, f.Lives)
		if err != nil {
			return nil, false, err
		}
		next := slices.MinFunc(tries, func(a, b *point) int { return cmp.Compare(f.misfit(a), f.misfit(b)) })
		gain := f.misfit(p) - f.misfit(next)
		f.adapt(jac.mean)
		if gain > 0 {
			p = next
		}
		if gain < 0.01+1e-4*f.misfit(p) {
			if stuck++; stuck == 2 {
				return p, true, nil
			}
			for j := range f.steps {
				f.steps[j] = max(f.steps[j]/2, leastStep)
			}
			continue
		}
		stuck = 0
	}
	return p, false, nil
}

// simplexEvaluations bounds the simplex, per parameter.
const simplexEvaluations = 25

// simplex goes on from a point by the method of Nelder and Mead (1965), which needs no derivatives.
func (f *fitter) simplex(ctx context.Context, p *point) (*point, bool, error) {
	f.Stage(fmt.Sprintf("simplex, Q %.4g", f.misfit(p)))
	best := p
	var failed error
	problem := optimize.Problem{
		Func: func(z []float64) float64 {
			inside, penalty := slices.Clone(z), 0.0
			for j := range z {
				inside[j] = min(max(z[j], 0), 1)
				penalty += 1e4 * (z[j] - inside[j]) * (z[j] - inside[j])
			}
			points, err := f.play(ctx, [][]float64{inside}, 0, f.Lives)
			if err != nil {
				failed = err
				return math.Inf(1)
			}
			q := f.misfit(points[0])
			if q < f.misfit(best) {
				best = points[0]
			}
			return min(q, math.MaxFloat64) + penalty
		},
		Status: func() (optimize.Status, error) {
			if failed != nil {
				return optimize.Failure, failed
			}
			return optimize.NotTerminated, nil
		},
	}
	settings := &optimize.Settings{
		FuncEvaluations: simplexEvaluations * len(f.parameters),
		Converger:       &optimize.FunctionConverge{Absolute: 0.01, Iterations: 5 * len(f.parameters)},
	}
	r, err := optimize.Minimize(problem, p.z, settings, &optimize.NelderMead{SimplexSize: mostStep})
	if failed != nil {
		return nil, false, failed
	}
	if r == nil {
		return nil, false, err
	}
	return best, r.Status == optimize.FunctionConvergence, nil
}
