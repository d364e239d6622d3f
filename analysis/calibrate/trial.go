package calibrate

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"collectsim/analysis/experiment"
)

// trial is a published experiment of which some targets are measures. It is replayed in every life with
// the fitted values laid over its own scenario, which stands over the default one.
type trial struct {
	*experiment.Experiment
	targets, measures []int // parallel: position of the target, and of its measure
}

// openTrial reads a published experiment by built-in name or path; a relative path starts at dir.
func openTrial(dir, name string) (*experiment.Experiment, error) {
	if filepath.Ext(name) == "" {
		return experiment.Embedded("published", name)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, filepath.FromSlash(name))
	}
	return experiment.Open(name)
}

// complete takes from the experiment what a target of it does not state: measure, published value,
// source, and as the standard error the tolerance read as a 95% interval.
func (t *Target) complete(dir string) []error {
	x, err := openTrial(dir, t.Experiment)
	if err != nil {
		return []error{fmt.Errorf("experiment: %w", err)}
	}
	k := 0
	if t.Measure != "" {
		var known []string
		for i := range x.Measures {
			known = append(known, x.Measures[i].Name)
		}
		if k = slices.Index(known, t.Measure); k < 0 {
			return []error{fmt.Errorf("measure: %s has no measure %q%s", t.Experiment, t.Measure, near(known, t.Measure))}
		}
	}
	m := &x.Measures[k]
	t.trial, t.measure, t.Source = x, k, first(t.Source, x.Source)
	if t.Value == nil {
		t.Value = m.Published
	}
	if t.SE == nil && t.N == 0 && m.Low != nil && *m.High > *m.Low {
		se := (*m.High - *m.Low) / (2 * normal975)
		t.SE = &se
	}
	return nil
}

// trials gathers the experiments of the targets, each once, and checks that every parameter exists there.
func (m *model) trials() ([]trial, error) {
	var list []trial
	var errs []error
	for i := range m.targets {
		t := &m.targets[i]
		if t.trial == nil {
			continue
		}
		k := slices.IndexFunc(list, func(x trial) bool { return m.targets[x.targets[0]].Experiment == t.Experiment })
		if k < 0 {
			k, list = len(list), append(list, trial{Experiment: t.trial})
			for j := range m.parameters {
				p := &m.parameters[j]
				if err := t.trial.Base.Clone().SetNumber(p.Path, p.Start); err != nil {
					errs = append(errs, fmt.Errorf("target %s: experiment %s: %w", t.Name, t.Experiment, err))
				}
			}
		}
		list[k].targets, list[k].measures = append(list[k].targets, i), append(list[k].measures, t.measure)
	}
	return list, errors.Join(errs...)
}

// play replays the experiment once and puts the measures into the sums: means over lives are of them.
func (x *trial) play(ctx context.Context, m *model, z []float64, seed uint64, sums [][]float64) error {
	y := *x.Experiment
	y.Base = x.Base.Clone()
	y.Base.Uncertainty = false
	for j := range m.parameters {
		if err := y.Base.SetNumber(m.parameters[j].Path, m.parameters[j].at(z[j])); err != nil {
			return err
		}
	}
	r, err := y.Play(ctx, experiment.Options{Replications: 1, Seed: &seed, NoSweeps: true})
	if err != nil {
		return err
	}
	for k, i := range x.targets {
		sums[i] = []float64{0, 0}
		if value := r.Effects[x.measures[k]].Value; value == value {
			sums[i] = []float64{value, 1}
		}
	}
	return nil
}
