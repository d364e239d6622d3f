package report

import (
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Precision decides how many replications a run takes: until the half-width of the 95% interval of
// every one of Metrics, of every strategy, is at most Relative times the estimate.
//
// It looks only at fixed numbers of replications, each following from the replications before it, so
// that the answer depends on neither workers nor interruptions. An undefined figure counts for nothing,
// an exact one (half-width 0) is tight. Note: stopping where intervals happen to be narrow makes them
// cover slightly less often than stated, the less the more replications there are (Law 2015, section
// 9.4.1).
type Precision struct {
	Relative float64  // above 0
	Metrics  []string // by default the headline ones
	Max      int      // replications at most
	manifest *outcome.Manifest
	values   map[string]map[string][]float64
}

// NewPrecision starts with no replications. No metrics means the headline ones.
func NewPrecision(m *outcome.Manifest, relative float64, metrics []string, most int) *Precision {
	p := &Precision{Relative: relative, Metrics: metrics, Max: most, manifest: m, values: map[string]map[string][]float64{}}
	for _, m := range outcome.Metrics() {
		if len(metrics) == 0 && m.Headline {
			p.Metrics = append(p.Metrics, m.Name)
		}
	}
	for _, name := range m.Strategies {
		p.values[name] = map[string][]float64{}
	}
	return p
}

// Add takes the next replication, in order of index.
func (p *Precision) Add(r *outcome.Replication) {
	for k := range r.Strategies {
		values := p.values[r.Strategies[k].Name]
		for i, m := range outcome.Metrics() {
			values[m.Name] = append(values[m.Name], r.Strategies[k].Values[i])
		}
	}
}

// Loose is the least precise figure.
type Loose struct {
	Metric, Strategy string
	Relative         float64 // half-width over estimate; infinite without a bounded interval
}

// Loosest finds the least precise figure of the first n replications; its Relative is 0 if
// all are exact.
func (p *Precision) Loosest(n int) Loose {
	r := &Run{Manifest: p.manifest, values: map[string]map[string][]float64{}}
	for name, metrics := range p.values {
		r.values[name] = map[string][]float64{}
		for metric, values := range metrics {
			r.values[name][metric] = values[:n]
		}
	}
	var worst Loose
	for _, m := range outcome.Metrics() {
		if !slices.Contains(p.Metrics, m.Name) {
			continue
		}
		for _, name := range p.manifest.Strategies {
			if rel := relativeWidth(r.uncut(name, &m, confidence)); rel > worst.Relative {
				worst = Loose{m.Name, name, rel}
			}
		}
	}
	return worst
}

// relativeWidth is the half-width over the estimate: 0 if there is no estimate or no width, infinite
// if there is no interval.
func relativeWidth(e estimate.Estimate) float64 {
	half := e.HalfWidth()
	switch {
	case math.IsNaN(e.Value) || half == 0:
		return 0
	case math.IsNaN(half):
		return math.Inf(1)
	}
	return half / math.Abs(e.Value)
}

// Next says up to how many replications to go on after n: n itself if the figures are tight or Max is
// reached. The step follows from the width, which falls with the square root of n; at least a tenth is
// added and at most as many again.
func (p *Precision) Next(n int) int {
	rel := p.Loosest(n).Relative
	if rel <= p.Relative || n >= p.Max {
		return n
	}
	wanted := float64(n) * math.Pow(rel/p.Relative, 2)
	next := max(n+1+n/10, int(math.Min(math.Ceil(wanted), float64(2*n))))
	return min(next, p.Max)
}

// Warning says what stayed wide after n replications, or is empty.
func (p *Precision) Warning(n int) string {
	w := p.Loosest(n)
	if w.Relative <= p.Relative {
		return ""
	}
	if math.IsInf(w.Relative, 1) {
		return fmt.Sprintf("precision %g not reached after %d replications: %s of %s has no bounded interval", p.Relative, n, w.Metric, w.Strategy)
	}
	return fmt.Sprintf("precision %g not reached after %d replications: the interval of %s of %s is %.2g of the estimate to either side; about %.3g replications would do",
		p.Relative, n, w.Metric, w.Strategy, w.Relative, float64(n)*math.Pow(w.Relative/p.Relative, 2))
}
