// Package report turns a finished run's folder into answers: the summary that programs read, the
// table that a terminal shows, the charts that a committee sees. It reads the tables that the
// simulation handed over and nothing else, so it works on any folder at any later time.
package report

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Run is a run's folder with its replications in memory.
type Run struct {
	Dir      string
	Manifest *outcome.Manifest
	values   map[string]map[string][]float64 // strategy, metric: one value a replication
	page     *words                          // of the page that charts are drawn for; nil: they stand alone
}

// Load opens a run's folder.
func Load(dir string) (*Run, error) {
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if m.Kind != outcome.KindRun {
		return nil, fmt.Errorf("%s: holds a %s, not a run%s", dir, m.Kind, instead[m.Kind])
	}
	return load(dir, m)
}

// instead says how to come to a run from a folder of another kind.
var instead = map[string]string{
	outcome.KindShard:      "; join the shards with collectsim merge",
	outcome.KindSweep:      "; play one of its points with collectsim run --set PATH=VALUE",
	outcome.KindSweepShard: "; join the shards with collectsim merge",
	"sensitivity":          "; play the scenario with collectsim run",
}

// load reads the replications of a folder whose manifest is known.
func load(dir string, m *outcome.Manifest) (*Run, error) {
	t, err := outcome.Open(dir, "replications")
	if err != nil {
		if _, unfinished := os.Stat(filepath.Join(dir, outcome.JournalFile)); unfinished == nil {
			return nil, fmt.Errorf("%s: holds an unfinished run; finish it with collectsim run --resume", dir)
		}
		return nil, err
	}
	r := &Run{Dir: dir, Manifest: m, values: map[string]map[string][]float64{}}
	strategies := t.Column("strategy")
	if strategies == nil || strategies.Kind != outcome.Text {
		return nil, fmt.Errorf("%s: replications.arrow has no column \"strategy\"", dir)
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind != outcome.Float {
			continue
		}
		for row, x := range c.Floats() {
			name := strategies.Text[row]
			if r.values[name] == nil {
				r.values[name] = map[string][]float64{}
			}
			r.values[name][c.Name] = append(r.values[name][c.Name], x)
		}
	}
	for _, name := range m.Strategies {
		if r.values[name] == nil {
			return nil, fmt.Errorf("%s: replications.arrow has no rows of strategy %q", dir, name)
		}
	}
	return r, nil
}

// Values returns one value a replication of a strategy's metric, nil if there is no such metric.
func (r *Run) Values(strategy, metric string) []float64 { return r.values[strategy][metric] }

// Metrics lists the metrics of the run that the registry knows, in its order.
func (r *Run) Metrics() []outcome.Metric {
	return slices.DeleteFunc(slices.Clone(outcome.Metrics()), func(m outcome.Metric) bool {
		return r.Values(r.Manifest.Strategies[0], m.Name) == nil
	})
}

// Lacks is the fault of metrics that the registry knows and the run's tables do not have, since another version made them;
// nil if there are none.
func (r *Run) Lacks(metrics ...string) error {
	return r.lacks(metrics, func(name string) bool { return r.Values(r.Manifest.Strategies[0], name) != nil })
}

func (r *Run) lacks(metrics []string, has func(string) bool) error {
	var errs []error
	for _, name := range metrics {
		if outcome.MetricIndex(name) >= 0 && !has(name) {
			errs = append(errs, fmt.Errorf("%s: has no %s, since version %s made it: run it again", r.Dir, name, r.Manifest.Version))
		}
	}
	return errors.Join(errs...)
}

// confidence of every interval that the summary shows.
const confidence = 0.95

// Estimate returns a metric of a strategy with its 95% interval over replications: a mean, or for
// ratios the ratio of means with Fieller's interval, within the range of the metric.
func (r *Run) Estimate(strategy string, m *outcome.Metric) estimate.Estimate {
	return r.estimate(strategy, m, confidence)
}

func (r *Run) estimate(strategy string, m *outcome.Metric, level float64) estimate.Estimate {
	return cut(r.uncut(strategy, m, level), m.Range)
}

// cut leaves of an interval what lies within the range of the quantity.
func cut(e estimate.Estimate, within outcome.Range) estimate.Estimate {
	e.Low, e.High = within.Cut(e.Value, e.Low, e.High)
	return e
}

// uncut is an estimate with the whole of its interval, of which the width tells the precision.
func (r *Run) uncut(strategy string, m *outcome.Metric, level float64) estimate.Estimate {
	if over, under, ok := m.Parts(); ok {
		return estimate.Ratio(r.Values(strategy, over), r.Values(strategy, under), level)
	}
	return estimate.Mean(r.Values(strategy, m.Name), level)
}

// linear returns one value a replication whose mean is the metric's estimate. For a ratio of means
// R = A/B they are R + (a - R b)/B: their mean is R itself, and their spread, paired with another
// strategy's, is the delta method's for the difference of two ratios (Cochran 1977, section 6.4), so
// that differences are those of the estimates shown. NaN where B is 0.
func (r *Run) linear(strategy string, m *outcome.Metric) []float64 {
	over, under, ok := m.Parts()
	if !ok {
		return r.Values(strategy, m.Name)
	}
	a, b := r.Values(strategy, over), r.Values(strategy, under)
	meanA, _ := estimate.MeanVariance(a)
	meanB, _ := estimate.MeanVariance(b)
	values := make([]float64, len(a))
	for i := range values {
		values[i] = meanA/meanB + (a[i]-meanA/meanB*b[i])/meanB
		if meanB == 0 {
			values[i] = math.NaN()
		}
	}
	return values
}
