package calibrate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// check holds the targets of all files against each other.
func (set *Set) check() error {
	var errs []error
	total, size := map[string]float64{}, map[string]float64{}
	for i := range set.Targets {
		t := &set.Targets[i]
		if slices.ContainsFunc(set.Targets[:i], func(u Target) bool { return u.Name == t.Name }) {
			errs = append(errs, fmt.Errorf("targets.%s: stands in two files, or is a target and a table of moves", t.Name))
		}
		if t.Sample == "" || t.Value == nil {
			continue
		}
		if n, ok := size[t.Sample]; ok && n != t.N {
			errs = append(errs, fmt.Errorf("targets.%s.n: must be the same for all of sample %s, got %g after %g", t.Name, t.Sample, t.N, n))
		}
		size[t.Sample] = t.N
		before := total[t.Sample]
		total[t.Sample] += *t.Value
		if before < 1 && total[t.Sample] >= 1-1e-9 {
			errs = append(errs, fmt.Errorf("targets.%s.value: the shares of sample %s add up to %.4g; leave one out, it follows from the others", t.Name, t.Sample, total[t.Sample]))
		}
	}
	return errors.Join(errs...)
}

// check holds one target against the rules that the decoder cannot know; paths are below the target.
func (t *Target) check() []error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if t.Value == nil || math.IsNaN(*t.Value) {
		fail("value: must be stated")
	}
	switch {
	case t.SE != nil && t.N > 0:
		fail("se: se and n exclude each other")
	case t.SE == nil && t.N == 0:
		fail("se: se, or n for a share, must be stated: a target without an error has no weight")
	case t.N > 0 && t.Value != nil && !(*t.Value >= 0 && *t.Value <= 1):
		fail("n: goes with a share from 0 to 1, got value %g; state se", *t.Value)
	case t.N > 0 && t.Less != "":
		fail("n: is for one share, not for a contrast; state se")
	}
	if t.Sample != "" && t.N == 0 {
		fail("sample: goes with n")
	}
	if t.Source == "" {
		fail("source: must be stated, here or for the file; an assumption says assumption")
	}
	if t.As != "" && t.Less == "" {
		fail("as: %s needs the strategy less", t.As)
	}
	return append(errs, t.checkQuantity()...)
}

// prepare completes a target of an experiment, before defaults of the file are laid over it.
func (t *Target) prepare(dir string) []error {
	switch {
	case t.Experiment == "" && t.Measure != "":
		return []error{errors.New("measure: goes with experiment")}
	case t.Experiment == "":
		return nil
	case t.Strategy != "" || t.Less != "":
		return []error{errors.New("strategy: an experiment has arms of its own, so strategy and less must be left out")}
	}
	return t.complete(dir)
}

func (t *Target) checkQuantity() []error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	kinds := 0
	for _, is := range []bool{t.Metric != "", t.Daily != "", t.Move != nil, t.CuredBy != nil, t.Channel != nil, t.Experiment != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		fail("metric: exactly one of metric, daily, move, cured_by, channel and experiment must be stated, got %d", kinds)
	}
	if t.Metric != "" && outcome.MetricIndex(t.Metric) < 0 {
		fail("metric: unknown metric %q%s", t.Metric, near(metricNames(), t.Metric))
	}
	if t.Group != "" && (t.Metric == "" || !strings.Contains(t.Group, "=")) {
		fail("group: must be DIMENSION=NAME and go with metric, got %q", t.Group)
	}
	if t.Daily != "" && seriesIndex(t.Daily) < 0 {
		fail("daily: unknown path %q%s", t.Daily, near(seriesNames(), t.Daily))
	}
	if (t.Daily != "") != (t.Day != nil) {
		fail("day: daily and day go together")
	}
	if t.Move != nil {
		errs = append(errs, t.Move.check()...)
	}
	if c := t.Channel; c != nil {
		if c.Name == loan.NoChannel {
			fail("channel.name: must name a channel")
		}
		if c.Count == c.Per || c.Count == "" || c.Per == "" {
			fail("channel.per: count and per must be stated and differ, got %q and %q", c.Count, c.Per)
		}
	}
	return errs
}

func (m *Move) check() []error {
	var errs []error
	for _, part := range [2]struct {
		name    string
		buckets []string
	}{{"from", m.From}, {"to", m.To}} {
		if len(part.buckets) == 0 {
			errs = append(errs, fmt.Errorf("move.%s: must name a bucket", part.name))
		}
		for i, b := range part.buckets {
			if bucketOf(b) < 0 {
				errs = append(errs, fmt.Errorf("move.%s[%d]: unknown bucket %q, must be one of %s", part.name, i, b, strings.Join(bucketNames(), ", ")))
			}
			if slices.Contains(part.buckets[:i], b) {
				errs = append(errs, fmt.Errorf("move.%s[%d]: %s is named twice", part.name, i, b))
			}
		}
	}
	return append(errs, checkMonths("move.months", m.Months)...)
}

func checkMonths(at string, months []int) []error {
	if len(months) != 2 || months[0] > months[1] {
		return []error{fmt.Errorf("%s: must be the first and the last month, as in [1, 2], got %v", at, months)}
	}
	return nil
}

func near(known []string, name string) string {
	if n := overlay.Nearest(known, name); n != "" {
		return fmt.Sprintf(", did you mean %q?", n)
	}
	return ""
}

func metricNames() []string {
	var names []string
	for i := range outcome.Metrics() {
		names = append(names, outcome.Metrics()[i].Name)
	}
	return names
}

func seriesNames() []string {
	var names []string
	for _, s := range outcome.DailySeries() {
		names = append(names, s.Name)
	}
	return names
}

func seriesIndex(name string) int { return slices.Index(seriesNames(), name) }

func bucketNames() []string {
	var names []string
	for b := range loan.NumBuckets {
		names = append(names, b.String())
	}
	return names
}

func bucketOf(name string) int { return slices.Index(bucketNames(), name) }
