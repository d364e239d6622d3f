package sweep

import (
	"math"
	"slices"

	"collectsim/sim/outcome"
)

// moments are mean and squared deviations of up to four variables that are seen together, with those
// of their products; in the order of arrival (Welford 1962; Bennett and others 2009, eq. III.9).
type moments struct {
	n    float64
	mean [4]float64
	c    [4][4]float64 // sums of products of deviations
}

// add takes one observation; one with a NaN is left out.
func (m *moments) add(x ...float64) {
	for _, v := range x {
		if math.IsNaN(v) {
			return
		}
	}
	m.n++
	var d [4]float64
	for i, v := range x {
		d[i] = v - m.mean[i]
		m.mean[i] += d[i] / m.n
	}
	for i := range x {
		for j := range x {
			m.c[i][j] += float64(d[i] * (x[j] - m.mean[j]))
		}
	}
}

// estimateOf is a value with its standard error; NaN means undefined.
type estimateOf struct{ value, se float64 }

var undefined = estimateOf{math.NaN(), math.NaN()}

// linear is value with the standard error of a function of the means that has this gradient there
// (delta method).
func (m *moments) linear(value float64, gradient ...float64) estimateOf {
	if m.n == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
		return undefined
	}
	if m.n == 1 {
		return estimateOf{value, math.NaN()}
	}
	var v float64
	for i, a := range gradient {
		for j, b := range gradient {
			v += float64(a * b * m.c[i][j])
		}
	}
	return estimateOf{value, math.Sqrt(max(v, 0) / (m.n - 1) / m.n)}
}

func (m *moments) average() estimateOf { return m.linear(m.mean[0], 1) }

// ratio is the first mean over the second.
func (m *moments) ratio() estimateOf {
	over, under := m.mean[0], m.mean[1]
	return m.linear(over/under, 1/under, -over/under/under)
}

// ratios is the first mean over the second less the third over the fourth.
func (m *moments) ratios() estimateOf {
	x := m.mean
	return m.linear(x[0]/x[1]-x[2]/x[3], 1/x[1], -x[0]/x[1]/x[1], -1/x[3], x[2]/x[3]/x[3])
}

// cell gathers one metric of one strategy at one point.
type cell struct{ level, difference moments }

// metric says how a metric is estimated over replications.
type metric struct {
	name, unit, doc string
	better          outcome.Better
	index           int  // of a plain metric
	over, under     int  // of a ratio
	ratio           bool // ratio of two means, not the mean of ratios, which would be biased
	relative        bool // ratio of two differences to the baseline, the first times sign over the second
	sign            float64
}

func metricAt(i int) metric {
	all := outcome.Metrics()
	if i >= len(all) {
		r := &outcome.Relatives()[i-len(all)]
		return metric{
			name: r.Name, unit: r.Unit, doc: r.Doc, better: r.Better, relative: true, sign: r.Sign,
			over: outcome.MetricIndex(r.Over), under: outcome.MetricIndex(r.Under),
		}
	}
	m := metric{name: all[i].Name, unit: all[i].Unit, doc: all[i].Doc, better: all[i].Better, index: i}
	if over, under, ok := all[i].Parts(); ok {
		m.ratio, m.over, m.under = true, outcome.MetricIndex(over), outcome.MetricIndex(under)
	}
	return m
}

// add takes one replication: the strategy's values and the baseline's.
func (c *cell) add(m *metric, x, base []float64) {
	switch {
	case m.relative:
		c.level.add(m.sign*(x[m.over]-base[m.over]), x[m.under]-base[m.under])
	case m.ratio:
		c.level.add(x[m.over], x[m.under])
		c.difference.add(x[m.over], x[m.under], base[m.over], base[m.under])
	default:
		c.level.add(x[m.index])
		c.difference.add(x[m.index] - base[m.index])
	}
}

// estimates are the metric's level and its difference to the baseline; a ratio of differences has none.
func (c *cell) estimates(m *metric, isBaseline bool) (level, difference estimateOf) {
	switch {
	case m.relative && isBaseline:
		return undefined, undefined
	case m.relative:
		return c.level.ratio(), undefined
	case m.ratio && isBaseline:
		level = c.level.ratio()
		if math.IsNaN(level.value) {
			return undefined, undefined
		}
		return level, estimateOf{0, 0}
	case m.ratio:
		return c.level.ratio(), c.difference.ratios()
	}
	return c.level.average(), c.difference.average()
}

// tally gathers one point.
type tally struct {
	replications int
	reason       string
	cells        [][]cell // [strategy][metric]
}

// add takes one record; of a failed point nothing but the first reason is kept.
func (t *tally) add(r *Record, metrics []metric, baseline int) {
	switch {
	case t.reason != "":
	case r.Reason != "":
		t.reason, t.cells = r.Reason, nil
	default:
		t.replications++
		if t.cells == nil {
			t.cells = make([][]cell, len(r.Values))
			for k := range t.cells {
				t.cells[k] = make([]cell, len(metrics))
			}
		}
		for k, values := range r.Values {
			for i := range metrics {
				t.cells[k][i].add(&metrics[i], values, r.Values[baseline])
			}
		}
	}
}

// z95 is the 97.5% quantile of the standard normal distribution.
const z95 = 1.959963984540054

// wide lists those of the points of which a strategy's difference to the baseline in the watched
// metric has a 95% interval wider than the wanted precision after so many replications.
func (p *Plan) wide(from Source, points []int, replications int) ([]int, error) {
	watched := []metric{metricAt(p.watched)}
	tallies := make(map[int]*tally, len(points))
	for _, i := range points {
		tallies[i] = &tally{}
	}
	err := from(func(r *Record) error {
		if t := tallies[r.Point]; t != nil && r.Replication < replications {
			t.add(r, watched, p.Points[r.Point].Baseline)
		}
		return nil
	})
	var list []int
	for _, i := range points {
		t := tallies[i]
		if slices.ContainsFunc(t.cells, func(c []cell) bool {
			_, d := c[0].estimates(&watched[0], false)
			return !(z95*d.se <= p.Design.Precision)
		}) {
			list = append(list, i)
		}
	}
	return list, err
}
