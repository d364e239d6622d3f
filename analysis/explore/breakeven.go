package explore

import (
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
	return s.along(input, points, x, metric)
}

// along finds break-evens at the given points, of which input has the rising values x.
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
// all points have are left out.
func breakEven(x []float64, a, b [][]float64) (*BreakEven, error) {
	n := len(a[0])
	uneven := false
	for i := range a {
		uneven = uneven || len(a[i]) != n
		n = min(n, len(a[i]), len(b[i]))
	}
	e := &BreakEven{Crossings: []sensitivity.Crossing{}, Warnings: []string{}, x: x, replications: n}
	if uneven {
		e.Warnings = append(e.Warnings, fmt.Sprintf("points have unequal numbers of replications: the first %d of each are used", n))
	}
	y := make([][]float64, n)
	for r := range y {
		for i := range x {
			y[r] = append(y[r], a[i][r]-b[i][r])
		}
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
	if len(e.Crossings) == 0 {
		if isZero(e.difference) {
			return []string{fmt.Sprintf("%s and %s are equal at every point", e.Challenger, e.Champion)}
		}
		side := "above"
		if e.difference[0] < 0 {
			side = "below"
		}
		switch told := e.told(); {
		case e.replications < 2:
			return []string{fmt.Sprintf("%s stays %s %s in %s over the whole range, in a single replication", e.Challenger, side, e.Champion, e.Metric)}
		case told == 0:
			return []string{fmt.Sprintf("%s cannot be told from %s in %s at any point; it takes more replications", e.Challenger, e.Champion, e.Metric)}
		case told < len(e.x):
			return []string{fmt.Sprintf("%s stays %s %s in %s over the whole range, told from it at %d of %d points", e.Challenger, side, e.Champion, e.Metric, told, len(e.x))}
		}
		return []string{fmt.Sprintf("%s stays %s %s in %s over the whole range", e.Challenger, side, e.Champion, e.Metric)}
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

func isZero(x []float64) bool {
	return !slices.ContainsFunc(x, func(v float64) bool { return v != 0 })
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
