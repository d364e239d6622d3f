package sweep

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"golang.org/x/sync/errgroup"
)

// Plan is a sweep that is ready to be played.
type Plan struct {
	Base      *scenario.Scenario
	Portfolio *loan.Portfolio // of a tape; nil: each point has the synthetic one of its scenario
	Design    outcome.SweepDesign
	Factors   []Factor // parallel to Design.Paths
	Points    []Point

	base    *loan.Portfolio // synthetic portfolio of Base, shared by all points that do not change it
	metrics []int           // of Design.Metrics, positions in outcome.Metrics; relatives follow after them
	watched int             // position of Design.PrecisionMetric, -1 for none
}

// Point is one setting of the factors.
type Point struct {
	Strategies []string // played at the point; of a point that cannot run, those of the base
	Baseline   int      // which of them the others are compared with
	Reason     string   // why the point cannot run; empty: it can
}

// New prepares a sweep and checks every point. A design that no point could be made of is an error;
// a single point that breaks a rule is kept, with the reason.
func New(base *scenario.Scenario, portfolio *loan.Portfolio, design outcome.SweepDesign) (*Plan, error) {
	p := &Plan{Base: base, Portfolio: portfolio, Design: design, watched: -1}
	var errs []error
	for i, path := range design.Paths {
		f, err := NewFactor(base, path)
		switch {
		case err != nil:
			errs = append(errs, err)
			continue
		case portfolio != nil && (path == "accounts" || strings.HasPrefix(path, "portfolio.")):
			errs = append(errs, fmt.Errorf("%s: cannot be varied, the tape has its own accounts", path))
		case slices.Contains(design.Paths[:i], path):
			errs = append(errs, fmt.Errorf("%s: is varied twice", path))
		}
		p.Factors = append(p.Factors, *f)
	}
	if len(errs) == 0 {
		p.describe()
	}
	for i, values := range design.Points {
		if len(values) != len(design.Paths) {
			errs = append(errs, fmt.Errorf("point %d: has %d values, %d are varied", i, len(values), len(design.Paths)))
		}
	}
	if len(design.Points) == 0 {
		errs = append(errs, errors.New("the design has no points"))
	}
	if err := errors.Join(append(errs, p.chooseMetrics())...); err != nil {
		return nil, err
	}
	if portfolio == nil {
		c, err := base.Config(nil)
		if err != nil {
			return nil, err
		}
		p.base = c.Portfolio
	}
	return p, p.checkPoints()
}

// describe keeps the declared units in the design, since a manifest's scenario declares none.
func (p *Plan) describe() {
	for k := range p.Factors {
		if len(p.Design.Units) <= k {
			p.Design.Units = append(slices.Clone(p.Design.Units), p.Factors[k].Unit)
		}
		p.Factors[k].Unit = p.Design.Units[k]
	}
}

func (p *Plan) chooseMetrics() error {
	var errs []error
	find := func(name string) int {
		if i := outcome.MetricIndex(name); i >= 0 {
			return i
		}
		for i, r := range outcome.Relatives() {
			if r.Name == name {
				return len(outcome.Metrics()) + i
			}
		}
		errs = append(errs, fmt.Errorf("metric %q: is unknown", name))
		return -1
	}
	for i, name := range p.Design.Metrics {
		if slices.Contains(p.Design.Metrics[:i], name) {
			errs = append(errs, fmt.Errorf("metric %q: is named twice", name))
		}
		p.metrics = append(p.metrics, find(name))
	}
	if p.Design.Precision < 0 {
		errs = append(errs, fmt.Errorf("precision: must be above 0, got %g", p.Design.Precision))
	}
	if p.Design.Precision > 0 {
		if p.watched = find(p.Design.PrecisionMetric); p.watched >= len(outcome.Metrics()) {
			errs = append(errs, fmt.Errorf("precision metric %q: is a ratio of differences; choose one that has a difference", p.Design.PrecisionMetric))
		}
	}
	return errors.Join(errs...)
}

// checkPoints fills Points.
func (p *Plan) checkPoints() error {
	p.Points = make([]Point, len(p.Design.Points))
	p.Design.Points = slices.Clone(p.Design.Points)
	named := slices.Index(p.Design.Paths, "baseline")
	var group errgroup.Group
	group.SetLimit(runtime.NumCPU())
	for i := range p.Points {
		group.Go(func() error {
			point := &p.Points[i]
			var s *scenario.Scenario
			err := sim.Guard(func() (err error) {
				if s, err = p.scenario(i); err != nil {
					return err
				}
				return s.Check()
			})
			if err != nil {
				point.Reason = strings.ReplaceAll(err.Error(), "\n", "; ")
				point.Strategies = p.Base.Played()
				return nil
			}
			point.Strategies = slices.Clone(s.Played())
			point.Baseline = slices.Index(point.Strategies, s.Baseline)
			if named >= 0 { // without the quotes that it may have
				p.Design.Points[i] = slices.Clone(p.Design.Points[i])
				p.Design.Points[i][named] = s.Baseline
			}
			return nil
		})
	}
	return group.Wait()
}

// scenario is the base with the values of a point; whether they fit together is not checked.
func (p *Plan) scenario(point int) (*scenario.Scenario, error) {
	s := p.Base.Clone()
	var errs []error
	for _, last := range []bool{false, true} { // compare comes last: it looks at the baseline
		for k, path := range p.Design.Paths {
			if last == (path == "compare") {
				errs = append(errs, p.Factors[k].set(s, p.Design.Points[point][k]))
			}
		}
	}
	return s, errors.Join(errs...)
}

// config is what the engine plays at a point.
func (p *Plan) config(point int) (*sim.Config, error) {
	s, err := p.scenario(point)
	if err != nil {
		return nil, err
	}
	portfolio := p.Portfolio
	if portfolio == nil && s.Seed == p.Base.Seed && s.Accounts == p.Base.Accounts && (s.Horizon == p.Base.Horizon || s.Portfolio.New.PerMonth == 0) &&
		reflect.DeepEqual(s.Portfolio, p.Base.Portfolio) && reflect.DeepEqual(s.Reference, p.Base.Reference) {
		portfolio = p.base
	}
	return s.Config(portfolio)
}

// Runs is the number of replications of points that are planned at least, in a shard or, with nil, in all.
func (p *Plan) Runs(shard *outcome.Shard) int { return len(p.live(shard)) * p.Base.Replications }

// live lists the points of a shard that can run.
func (p *Plan) live(shard *outcome.Shard) []int {
	var list []int
	for i := range p.Points {
		if p.Points[i].Reason == "" && (shard == nil || i%shard.Of == shard.Index-1) {
			list = append(list, i)
		}
	}
	return list
}
