package report

import (
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/chart"
	"collectsim/analysis/decision"
)

// A tradeoff sets net value against another good that has no price of its own, such as avoided
// overdue accounts: samples are the replications, "cost" is the net value given up.
type tradeoff struct {
	samples    decision.Samples
	parameters decision.Parameters
}

// tradeoff takes a metric of which less is better as the good.
func (r *Run) tradeoff(less string) tradeoff {
	t := tradeoff{samples: decision.Samples{Strategies: r.Manifest.Strategies}}
	for _, name := range r.Manifest.Strategies {
		t.samples.Cost = append(t.samples.Cost, minus(make([]float64, r.Manifest.Replications), r.Values(name, rankedBy), 1))
		t.samples.Effect = append(t.samples.Effect, minus(make([]float64, r.Manifest.Replications), r.Values(name, less), 1))
	}
	first := r.Manifest.Strategies[0]
	for _, path := range r.Manifest.Parameters {
		t.parameters.Names = append(t.parameters.Names, path)
		t.parameters.Values = append(t.parameters.Values, r.Values(first, "parameter:"+path))
	}
	return t
}

// prices is how many a grid has.
const prices = 81

// grid spans from 0 to twice the highest price at which two strategies are equally good, or to twice the ratio of the
// ranges of value and effect where that is more: there the effect weighs as much as the value.
func (t tradeoff) grid() []float64 {
	m := t.samples.Means()
	top := (slices.Max(m.Cost) - slices.Min(m.Cost)) / (slices.Max(m.Effect) - slices.Min(m.Effect))
	if math.IsNaN(top) || math.IsInf(top, 0) {
		top = 0
	}
	for i := range m.Cost {
		for j := range i {
			if price := (m.Cost[i] - m.Cost[j]) / (m.Effect[i] - m.Effect[j]); price > top && !math.IsInf(price, 1) {
				top = price
			}
		}
	}
	if top == 0 {
		top = 0.5
	}
	grid := make([]float64, prices)
	for i := range grid {
		grid[i] = 2 * top * float64(i) / (prices - 1)
	}
	return grid
}

// acceptability is the chance of each strategy to have the greatest net value plus worth of the
// accounts that it keeps from being 30 days past due.
func (r *Run) acceptability(o ChartOptions) (chart.Chart, error) {
	t := r.tradeoff("overdue_rate_30")
	if len(o.Worths) == 0 {
		o.Worths = t.grid()
	}
	points, err := decision.Acceptability(t.samples, o.Worths)
	if err != nil {
		return nil, err
	}
	c := chart.Acceptability{Frame: r.frame(), Threshold: fmt.Sprintf("Worth of one avoided 30+ account, on top of net value (%s)", r.Manifest.Currency)}
	c.Interval = ""
	note(&c.Frame, "%d replications", r.Manifest.Replications)
	for k, name := range r.Manifest.Strategies {
		l := chart.Line{Name: name}
		for _, p := range points {
			l.X, l.Y = append(l.X, p.WTP), append(l.Y, p.Prob[name])
		}
		c.Lines = append(c.Lines, l)
		for i, p := range points {
			if p.Best == name {
				if c.Optimal == nil {
					c.Optimal = make([]int, len(points))
				}
				c.Optimal[i] = k
			}
		}
	}
	return c, nil
}

// voi is the value of knowing the drawn parameters, when net value decides.
func (r *Run) voi(ChartOptions) (chart.Chart, error) {
	v, err := r.information()
	if err != nil {
		return nil, err
	}
	// The value of all inputs at once is left out: it would count the noise of the simulation as knowable.
	c := chart.ValueOfInformation{Frame: r.frame(), Unit: r.perAccount(), All: chart.Exact(math.NaN())}
	note(&c.Frame, "choice by net value")
	c.Interval = "95% interval of the estimate"
	for _, p := range v.Parameters {
		c.Bars = append(c.Bars, chart.VOIBar{Input: p.Parameter, Value: chart.Interval{Value: p.EVPPI, Low: p.Low, High: p.High}})
	}
	return c, nil
}

// information is the value of knowing each drawn parameter before choosing by net value.
func (r *Run) information() (decision.PartialResult, error) {
	t := r.tradeoff(rankedBy)
	switch {
	case len(t.parameters.Names) == 0:
		return decision.PartialResult{}, fmt.Errorf("no parameter is drawn; set uncertainty: true in the scenario")
	case t.samples.Len() < minEVPPI:
		return decision.PartialResult{}, fmt.Errorf("%d replications: the value of information needs at least %d", t.samples.Len(), minEVPPI)
	}
	return decision.PartialInformation(t.parameters, t.samples.NetBenefit(0), decision.PartialOptions{Seed: r.Manifest.Seed})
}
