package experiment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// job is one scenario to play: settings over the base, and the strategies that some arm needs there.
type job struct {
	set        []string
	strategies []string
	accounts   bool
	events     bool
	paths      bool
	pairs      []pair // quantities that are taken borrower by borrower while a replication is at hand
}

// pair is a measure that the job takes borrower by borrower, between two of its strategies.
type pair struct {
	measure  *Measure
	of, less int // positions in strategies; less is -1 without a second arm
}

// place says where the two arms of a measure are found at a point.
type place struct {
	of, less       int    // jobs; less is -1 without a second arm
	ofArm, lessArm string // strategies
	pair           int    // position in the job's pairs, -1 for metrics
}

// plan is everything that must be played, each scenario once however many points need it.
type plan struct {
	jobs   []*job
	base   []place   // by measure
	sweeps [][]place // by sweep and value: of the measure that the sweep follows
}

func (x *Experiment) plan() *plan {
	p := &plan{}
	for i := range x.Measures {
		p.base = append(p.base, p.locate(x, &x.Measures[i], nil, 0))
	}
	for i := range x.Sweeps {
		s := &x.Sweeps[i]
		var places []place
		for _, v := range s.Values {
			places = append(places, p.locate(x, x.followed(s), s, v))
		}
		p.sweeps = append(p.sweeps, places)
	}
	return p
}

// locate finds or adds the jobs of a measure at a value of a sweep; s is nil for the base.
func (p *plan) locate(x *Experiment, m *Measure, s *Sweep, value float64) place {
	at := place{less: -1, pair: -1}
	of := x.arm(m.Of)
	at.of, at.ofArm = p.job(settings(of, s, value)), of.Strategy
	k := p.jobs[at.of].add(of.Strategy)
	l := -1
	if m.Less != "" {
		less := x.arm(m.Less)
		at.less, at.lessArm = p.job(settings(less, s, value)), less.Strategy
		l = p.jobs[at.less].add(less.Strategy)
	}
	if m.paired() {
		at.pair = p.jobs[at.of].take(m, k, l)
	}
	return at
}

// settings are those of an arm at a value of a sweep.
func settings(a *Arm, s *Sweep, value float64) []string {
	set := slices.Clone(a.Set)
	if s == nil || !s.touches(a.Name) {
		return set
	}
	for _, v := range s.Vary {
		path, factor, _ := varied(v) // checked when the file was read
		set = append(set, path+"="+strconv.FormatFloat(value*factor, 'g', -1, 64))
	}
	return set
}

// paired reports whether the measure is taken borrower by borrower.
func (m *Measure) paired() bool { return m.Account != "" || m.Around != nil }

// varied reads PATH or PATH * FACTOR.
func varied(v string) (path string, factor float64, err error) {
	path, by, ok := strings.Cut(v, "*")
	if !ok {
		return strings.TrimSpace(v), 1, nil
	}
	factor, err = strconv.ParseFloat(strings.TrimSpace(by), 64)
	if err != nil {
		return "", 0, fmt.Errorf("%s: must be PATH or PATH * FACTOR", v)
	}
	return strings.TrimSpace(path), factor, nil
}

// job returns the position of the job with these settings.
func (p *plan) job(set []string) int {
	for i, j := range p.jobs {
		if slices.Equal(j.set, set) {
			return i
		}
	}
	p.jobs = append(p.jobs, &job{set: set})
	return len(p.jobs) - 1
}

// add returns the position of a strategy in the job.
func (j *job) add(strategy string) int {
	if i := slices.Index(j.strategies, strategy); i >= 0 {
		return i
	}
	j.strategies = append(j.strategies, strategy)
	return len(j.strategies) - 1
}

// take returns the position of a measure among the job's pairs.
func (j *job) take(m *Measure, of, less int) int {
	j.accounts = true
	if m.Around != nil {
		j.events = true
		j.paths = j.paths || m.Around.What == "stress"
	}
	for i := range j.pairs {
		if j.pairs[i] == (pair{m, of, less}) {
			return i
		}
	}
	j.pairs = append(j.pairs, pair{m, of, less})
	return len(j.pairs) - 1
}
