package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"github.com/spf13/pflag"
)

// defaultMaxReplications bounds --precision where --max-replications does not.
const defaultMaxReplications = 10_000

// precisionFlags are --precision and its bound.
type precisionFlags struct {
	relative float64
	metrics  []string
	most     int
}

func (f *precisionFlags) add(fl *pflag.FlagSet) {
	fl.Float64Var(&f.relative, "precision", 0, "add replications until every headline interval's half-width is at most this share of the estimate, as in 0.05")
	fl.StringSliceVar(&f.metrics, "precision-metrics", nil, "metrics that --precision makes tight (default: the headline ones; a difference near 0, such as collection_stress, may take very many replications)")
	fl.IntVar(&f.most, "max-replications", defaultMaxReplications, "bound for --precision")
}

// goal is nil where no precision is asked for.
func (f *precisionFlags) goal(fl *pflag.FlagSet, s *scenario.Scenario, m *outcome.Manifest) (*report.Precision, error) {
	if !fl.Changed("precision") {
		for _, flag := range []string{"max-replications", "precision-metrics"} {
			if fl.Changed(flag) {
				return nil, fmt.Errorf("--%s: goes with --precision", flag)
			}
		}
		return nil, nil
	}
	var errs []error
	if !(f.relative > 0) || math.IsInf(f.relative, 1) {
		errs = append(errs, fmt.Errorf("--precision: must be above 0, as in 0.05 for 5%% of the estimate, got %g", f.relative))
	}
	if f.most < s.Replications {
		errs = append(errs, fmt.Errorf("--max-replications: must be at least the %d replications that the run starts with, got %d", s.Replications, f.most))
	}
	if m.Shard != nil {
		errs = append(errs, errors.New("--precision: cannot be judged by one shard of a run; run it in one piece, or fix the replications"))
	}
	for _, name := range f.metrics {
		if outcome.MetricIndex(name) < 0 {
			errs = append(errs, fmt.Errorf("--precision-metrics: unknown metric %q%s", name, suggestion(metricNames(), name)))
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	goal := report.NewPrecision(m, f.relative, f.metrics, f.most)
	m.Precision = &outcome.PrecisionGoal{Relative: f.relative, Metrics: strings.Join(goal.Metrics, ","), MaxReplications: f.most, FirstReplications: s.Replications}
	return goal, nil
}

// concluded reports whether a folder holds, whole, the run that reached the manifest's goal, or its bound: of as many
// replications as that took, and otherwise of the same settings.
func concluded(dir string, s *scenario.Scenario, m *outcome.Manifest) bool {
	old, err := outcome.ReadManifest(dir)
	if err != nil || old.Precision == nil {
		return false
	}
	goal, again, played := *m.Precision, *m, s.Clone()
	goal.Reached, played.Replications = old.Precision.Reached, old.Replications
	if again.Echo, err = played.Echo(); err != nil {
		return false
	}
	digest, err := again.SettingsDigest()
	return err == nil && digest == old.Digest && goal == *old.Precision
}

// conclude records how many replications the goal took, so that the folder is the one of a run of so
// many replications.
func conclude(goal *report.Precision, s *scenario.Scenario, m *outcome.Manifest, replications int) error {
	s.Replications, m.Replications = replications, replications
	if w := goal.Warning(replications); w != "" {
		m.Warnings = append(m.Warnings, w)
	}
	m.Precision.Reached = goal.Loosest(replications).Relative <= goal.Relative
	var err error
	if m.Echo, err = s.Echo(); err != nil {
		return err
	}
	m.Digest, err = m.SettingsDigest()
	return err
}
