package experiment

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// faults gathers errors by path.
type faults []error

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Errorf(format, args...)) }

// check holds the file against the rules that the decoder cannot know.
func (x *Experiment) check() error {
	var f faults
	if len(x.Arms) == 0 {
		f.add("arms: at least one must be stated")
	}
	if len(x.Measures) == 0 {
		f.add("measures: at least one must be stated")
	}
	for i := range x.Arms {
		if x.Arms[i].Strategy == "" {
			x.Arms[i].Strategy = x.Arms[i].Name
		}
	}
	for i := range x.Measures {
		x.checkMeasure(&f, &x.Measures[i])
		if p := x.Measures[i].Per; p != "" && !slices.ContainsFunc(x.Measures[:i], func(m Measure) bool { return m.Name == p }) {
			f.add("measures.%s.per: no earlier measure is called %q", x.Measures[i].Name, p)
		}
	}
	for i := range x.Sweeps {
		x.checkSweep(&f, &x.Sweeps[i])
	}
	return errors.Join(f...)
}

// checkJobs holds every scenario that is to be played against its rules.
func (x *Experiment) checkJobs() error {
	var f faults
	for _, j := range x.plan().jobs {
		s, err := x.scenario(j)
		if err == nil {
			err = s.Check()
		}
		if err != nil {
			f.add("arms with settings [%s]: %w", strings.Join(j.set, " "), err)
		}
	}
	return errors.Join(f...)
}

func (x *Experiment) checkMeasure(f *faults, m *Measure) {
	at := "measures." + m.Name
	fail := func(format string, args ...any) { f.add(at+"."+format, args...) }
	for _, part := range [2][2]string{{"of", m.Of}, {"less", m.Less}} {
		if part[1] == "" && part[0] == "less" {
			continue
		}
		if x.arm(part[1]) == nil {
			fail("%s: unknown arm %q, must be one of %s", part[0], part[1], strings.Join(x.armNames(), ", "))
		}
	}
	if m.As != "" && m.Less == "" {
		fail("as: %s needs the arm less", m.As)
	}
	x.checkQuantity(f, m)
	if (m.Low == nil) != (m.High == nil) || m.Published != nil && m.Low == nil {
		fail("low: published, low and high go together, published may be left out")
	}
	if m.Low != nil && m.High != nil && *m.Low > *m.High {
		fail("low: must be <= high %g, got %g", *m.High, *m.Low)
	}
}

func (x *Experiment) checkQuantity(f *faults, m *Measure) {
	at := "measures." + m.Name
	kinds := 0
	if m.Metric != "" {
		kinds++
		if outcome.MetricIndex(m.Metric) < 0 {
			f.add("%s.metric: unknown metric %q", at, m.Metric)
		}
	}
	if m.Daily != "" {
		kinds++
		if seriesIndex(m.Daily) < 0 {
			f.add("%s.daily: unknown path %q", at, m.Daily)
		}
	}
	if m.Account != "" {
		kinds++
		if _, ok := accountColumns[m.Account]; !ok {
			f.add("%s.account: unknown outcome %q, must be one of %s", at, m.Account, strings.Join(accountNames(), ", "))
		}
	}
	if m.Around != nil {
		kinds++
		if m.Around.From > m.Around.To {
			f.add("%s.around.from: must be <= to %d, got %d", at, m.Around.To, m.Around.From)
		}
		if m.Around.Against != nil && m.Around.What != "stress" {
			f.add("%s.around.against: only stress is taken against a day", at)
		}
	}
	if kinds != 1 {
		f.add("%s: must have exactly one of metric, daily, account, around", at)
	}
	if !m.paired() && !m.Where.all() {
		f.add("%s.where: selects borrowers for account and around only; of a metric, group: DIMENSION=NAME takes a group", at)
	}
	if m.Group != "" {
		if dimension, name, ok := strings.Cut(m.Group, "="); !ok || m.Metric == "" || dimension == "" || name == "" {
			f.add("%s.group: must be DIMENSION=NAME of a metric, got %q", at, m.Group)
		}
	}
	if m.paired() && m.Less != "" && x.arm(m.Of) != nil && x.arm(m.Less) != nil && !slices.Equal(x.arm(m.Of).Set, x.arm(m.Less).Set) {
		f.add("%s.less: borrowers can be paired one by one only between arms of the same settings", at)
	}
}

func (x *Experiment) checkSweep(f *faults, s *Sweep) {
	at := "sweeps." + s.Name
	if len(s.Vary) == 0 {
		f.add("%s.vary: at least one path must be stated", at)
	}
	for _, v := range s.Vary {
		if _, _, err := varied(v); err != nil {
			f.add("%s.vary: %w", at, err)
		}
	}
	if len(s.Values) < 2 {
		f.add("%s.values: at least two, got %d", at, len(s.Values))
	}
	for i := 1; i < len(s.Values); i++ {
		if s.Values[i] <= s.Values[i-1] {
			f.add("%s.values: must rise, got %g after %g", at, s.Values[i], s.Values[i-1])
		}
	}
	for _, a := range s.Arms {
		if x.arm(a) == nil {
			f.add("%s.arms: unknown arm %q, must be one of %s", at, a, strings.Join(x.armNames(), ", "))
		}
	}
	m := x.followed(s)
	if m != nil && m.Per != "" {
		f.add("%s.measure: %s is a multiple of another measure, which cannot be followed", at, m.Name)
	}
	if m == nil {
		f.add("%s.measure: unknown measure %q", at, s.Measure)
		return
	}
	if m.paired() && m.Less != "" && s.touches(m.Of) != s.touches(m.Less) {
		f.add("%s.arms: must hold both arms of the measure %s or none", at, m.Name)
	}
}

// arm returns the arm of a name, or nil.
func (x *Experiment) arm(name string) *Arm {
	for i := range x.Arms {
		if x.Arms[i].Name == name {
			return &x.Arms[i]
		}
	}
	return nil
}

func (x *Experiment) armNames() []string {
	var names []string
	for _, a := range x.Arms {
		names = append(names, a.Name)
	}
	return names
}

// followed returns the measure that a sweep follows, or nil.
func (x *Experiment) followed(s *Sweep) *Measure {
	if s.Measure == "" && len(x.Measures) > 0 {
		return &x.Measures[0]
	}
	for i := range x.Measures {
		if x.Measures[i].Name == s.Measure {
			return &x.Measures[i]
		}
	}
	return nil
}

// touches reports whether the sweep varies its inputs in an arm.
func (s *Sweep) touches(arm string) bool { return len(s.Arms) == 0 || slices.Contains(s.Arms, arm) }

// scenario is the base with the settings and strategies of a job, not checked.
func (x *Experiment) scenario(j *job) (*scenario.Scenario, error) {
	s := x.Base.Clone()
	var errs []error
	for _, setting := range j.set {
		errs = append(errs, s.Set(setting))
	}
	errs = append(errs, s.Play(j.strategies))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s.Baseline = j.strategies[0]
	return s, nil
}
