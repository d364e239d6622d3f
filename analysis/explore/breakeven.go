package explore

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/outcome"
)

// BreakEven is where the difference between two strategies in a metric changes sign along an input.
type BreakEven struct {
	Input      string                 `json:"input"`
	Metric     string                 `json:"metric"`
	Challenger string                 `json:"challenger"`
	Champion   string                 `json:"champion"`
	Crossings  []sensitivity.Crossing `json:"crossings"`
	AnyShare   estimateShare          `json:"any_share"` // of resamples that cross anywhere
	Warnings   []string               `json:"warnings"`

	x, difference, se []float64
	replications      int
	undefined         int // replications that were left out for a figure that some point lacks
}

type estimateShare float64

// MarshalJSON writes null for NaN.
func (e estimateShare) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(e)) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%g", float64(e)), nil
}

// BreakEvens finds, along the one input of the sweep, the values at which a challenger and the
// baseline change places in a metric, and those at which the best strategy changes. Intervals
// resample whole replications. An error says why the sweep has no such line.
func (s *Study) BreakEvens(metric string) ([]BreakEven, error) {
	if i := outcome.MetricIndex(metric); i < 0 {
		return nil, fmt.Errorf("%s is a ratio of differences", metric)
	} else if _, _, ok := outcome.Metrics()[i].Parts(); ok {
		return nil, fmt.Errorf("%s is a ratio of means, which replications cannot be resampled for one by one; net_value answers the same question", metric)
	}
	input, points, x, err := s.axis()
	if err != nil {
		return nil, err
	}
	list, err := s.along(input, points, x, metric)
	switch {
	case err != nil || len(list) > 0:
		return list, err
	case len(s.strategies()) < 2:
		return nil, errors.New("a single strategy was played")
	}
	return nil, fmt.Errorf("%s is undefined for the baseline, or for all that is compared with it", metric)
}

// along finds break-evens at the given points, of which input has the rising values x. A pair of which one strategy has
// no figure, as who never asks for a promise has no share of kept ones, is left out.
func (s *Study) along(input string, points []int, x []float64, metric string) ([]BreakEven, error) {
	if len(x) < 2 {
		return nil, fmt.Errorf("fewer than two points of %s could be played", input)
	}
	values, err := s.replications(metric, points)
	if err != nil {
		return nil, err
	}
	var list []BreakEven
	for _, pair := range s.pairs(metric, points) {
		a, b := values[pair[0]], values[pair[1]]
		if a == nil || b == nil {
			continue
		}
		e, err := breakEven(x, a, b)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		e.Input, e.Metric, e.Challenger, e.Champion = input, metric, pair[0], pair[1]
		list = append(list, *e)
	}
	return list, nil
}

// pairs are the comparisons that matter: every challenger with the baseline, then the strategies that
// follow one another as the best.
func (s *Study) pairs(metric string, points []int) [][2]string {
	var list [][2]string
	add := func(a, b string) {
		if a != b && a != "" && b != "" && !slices.Contains(list, [2]string{a, b}) && !slices.Contains(list, [2]string{b, a}) {
			list = append(list, [2]string{a, b})
		}
	}
	for _, name := range s.strategies() {
		add(name, s.baseline(points[0]))
	}
	for i := 1; i < len(points); i++ {
		add(s.Best(points[i], metric), s.Best(points[i-1], metric))
	}
	return list
}

// replications returns a metric by strategy as [point in order][replication]; a strategy that some
// point lacks is left out.
func (s *Study) replications(metric string, points []int) (map[string][][]float64, error) {
	t, err := outcome.OpenColumns(s.Dir, "replications", "point", "strategy", metric)
	if err != nil {
		return nil, err
	}
	point, strategy, value := t.Column("point"), t.Column("strategy"), t.Column(metric)
	if point == nil || strategy == nil || value == nil {
		return nil, fmt.Errorf("%s: replications.arrow has no column %q", s.Dir, metric)
	}
	place := make(map[int]int, len(points))
	for i, p := range points {
		place[p] = i
	}
	values := map[string][][]float64{}
	for row, p := range point.Int {
		i, ok := place[int(p)]
		if !ok {
			continue
		}
		name := strategy.Text[row]
		if values[name] == nil {
			values[name] = make([][]float64, len(points))
		}
		values[name][i] = append(values[name][i], value.Float[row])
	}
	for name, list := range values {
		if slices.ContainsFunc(list, func(x []float64) bool { return len(x) == 0 }) {
			delete(values, name)
		}
	}
	return values, nil
}

// breakEven compares two strategies along x; a and b are [point][replication]. Replications that not
// all points have, or in which the figure is undefined at some point, are left out; nil where none is left.
func breakEven(x []float64, a, b [][]float64) (*BreakEven, error) {
	n := len(a[0])
	uneven := false
	for i := range a {
		uneven = uneven || len(a[i]) != len(a[0]) || len(b[i]) != len(a[0])
		n = min(n, len(a[i]), len(b[i]))
	}
	e := &BreakEven{Crossings: []sensitivity.Crossing{}, Warnings: []string{}, x: x}
	if uneven {
		e.Warnings = append(e.Warnings, fmt.Sprintf("points have unequal numbers of replications: the first %d of each are used", n))
	}
	var y [][]float64
	for r := range n {
		row := make([]float64, len(x))
		for i := range x {
			row[i] = a[i][r] - b[i][r]
		}
		if !slices.ContainsFunc(row, math.IsNaN) {
			y = append(y, row)
		}
	}
	if len(y) == 0 {
		return nil, nil
	}
	e.replications, e.undefined = len(y), n-len(y)
	if e.undefined > 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d of %d replications are left out: the figure is undefined in them at some point", e.undefined, n))
		n = len(y)
	}
	found, err := sensitivity.BreakEven(x, y, sensitivity.BreakEvenOptions{Seed: 1})
	if err != nil {
		return nil, err
	}
	e.Crossings = append(e.Crossings, found.Crossings...)
	e.Warnings = append(e.Warnings, found.Warnings...)
	e.AnyShare = estimateShare(found.AnyShare)
	e.difference = found.Mean
	for i := range x {
		var m, m2 float64
		for r := range y {
			d := y[r][i] - m
			m += d / float64(r+1)
			m2 += d * (y[r][i] - m)
		}
		e.se = append(e.se, math.Sqrt(m2/float64(n-1)/float64(n)))
	}
	return e, nil
}

// Sentences say what was found, one for each crossing, or that there is none, and then whether the two can be told apart.
func (e *BreakEven) Sentences() []string {
	list := e.sentences()
	if e.undefined > 0 {
		for i := range list {
			list[i] += fmt.Sprintf("; %d of %d replications left out, undefined at some point", e.undefined, e.undefined+e.replications)
		}
	}
	return list
}

func (e *BreakEven) sentences() []string {
	if len(e.Crossings) == 0 {
		return []string{e.without()}
	}
	var list []string
	for _, c := range e.Crossings {
		side := "rises above"
		if !c.Rising {
			side = "falls below"
		}
		list = append(list, fmt.Sprintf("%s %s %s in %s at %s = %s (95%%: %s)", e.Challenger, side, e.Champion, e.Metric, e.Input, Short(c.X), interval(c)))
	}
	return list
}

// without is the sentence of two strategies that do not change places: all differences off 0 have one sign.
func (e *BreakEven) without() string {
	at := slices.IndexFunc(e.difference, func(d float64) bool { return d != 0 })
	if at < 0 {
		return fmt.Sprintf("%s and %s are equal at every point", e.Challenger, e.Champion)
	}
	side := "stays above"
	switch below, touches := e.difference[at] < 0, slices.Contains(e.difference, 0); {
	case below && touches:
		side = "is never above"
	case below:
		side = "stays below"
	case touches:
		side = "is never below"
	}
	text := fmt.Sprintf("%s %s %s in %s over the whole range", e.Challenger, side, e.Champion, e.Metric)
	switch told := e.told(); {
	case e.replications < 2:
		text += ", in a single replication"
	case told == 0:
		text = fmt.Sprintf("%s cannot be told from %s in %s at any point; it takes more replications", e.Challenger, e.Champion, e.Metric)
	case told < len(e.x):
		text += fmt.Sprintf(", told from it at %d of %d points", told, len(e.x))
	}
	return text
}

// told counts the points at which the 95% interval of the difference, each by itself, leaves out 0.
func (e *BreakEven) told() (points int) {
	if e.replications < 2 {
		return 0
	}
	t := estimate.TQuantile(0.975, float64(e.replications-1))
	for i, d := range e.difference {
		if math.Abs(d) > t*e.se[i] {
			points++
		}
	}
	return points
}

// interval writes a crossing's interval, open ends told.
func interval(c sensitivity.Crossing) string {
	if math.IsNaN(c.Low) || math.IsNaN(c.High) {
		return "unknown, it takes more replications"
	}
	low, high := Short(c.Low), Short(c.High)
	if c.LowOpen {
		low = "below " + low
	}
	if c.HighOpen {
		high = "above " + high
	}
	return low + " to " + high
}
