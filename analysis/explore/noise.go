package explore

import (
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Same reports whether two points gave every strategy the same figures, bit for bit. Points share their luck, so
// that settings which do not matter change nothing. A point that could not be played is like no other.
func (s *Study) Same(p, q int) bool {
	if len(s.byPoint[p]) != len(s.byPoint[q]) {
		return false
	}
	for i, row := range s.byPoint[p] {
		a, b := s.rows[row], s.rows[s.byPoint[q][i]]
		if a.Strategy != b.Strategy || a.Status != "ok" || b.Status != "ok" {
			return false
		}
		for _, metric := range s.Manifest.Sweep.Metrics {
			if math.Float64bits(s.at(a, metric)) != math.Float64bits(s.at(b, metric)) {
				return false
			}
		}
	}
	return true
}

// Noise is the standard deviation of one replication's figure at a point about what the point (its mean) and the
// replication (luck that all points share, which cancels between them) explain: the interaction of a two-way
// analysis of variance, sum of squared residuals over (points-1)(replications-1). NaN where the study has fewer
// than two points or replications, or the figure is a ratio of means.
func (s *Study) Noise(q Question) float64 {
	y := s.lives(q)
	if len(y) < 2 || len(y[0]) < 2 {
		return math.NaN()
	}
	points, replications := len(y), len(y[0])
	rows, columns, all := make([]float64, points), make([]float64, replications), 0.0
	for p := range y {
		for r, x := range y[p] {
			rows[p] += x / float64(replications)
			columns[r] += x / float64(points)
			all += x / float64(points*replications)
		}
	}
	sum := 0.0
	for p := range y {
		for r, x := range y[p] {
			d := x - rows[p] - columns[r] + all
			sum += d * d
		}
	}
	return math.Sqrt(sum / float64((points-1)*(replications-1)))
}

// HalfWidth is that of the 95% interval of the figure at point p or, with another point q >= 0, of its difference
// between the two, replication by replication (t). NaN where it cannot be known.
func (s *Study) HalfWidth(question Question, p, q int) float64 {
	y := s.lives(question)
	if y == nil || p >= len(y) || q >= len(y) || len(y[p]) < 2 {
		return math.NaN()
	}
	x := slices.Clone(y[p])
	if q >= 0 {
		for r := range x {
			x[r] -= y[q][r]
		}
	}
	_, v := estimate.MeanVariance(x)
	n := float64(len(x))
	return estimate.TQuantile(0.975, n-1) * math.Sqrt(v/n)
}

// SwingHalfWidths are, by factor, the half widths of the 95% intervals of the widths of a tornado's rows: of the
// differences between the two points with the largest and the smallest figure, taken as if they had been named before.
func (s *Study) SwingHalfWidths(t *Tornado, base []float64, levels [][]float64) map[string]float64 {
	out := map[string]float64{}
	for i, path := range s.Manifest.Sweep.Paths {
		points, x := s.levelPoints(i, base, levels)
		for _, w := range t.Swings {
			low, high := slices.Index(x, w.AtLow), slices.Index(x, w.AtHigh)
			if w.Name == path && low >= 0 && high >= 0 {
				out[path] = s.HalfWidth(t.Question, points[high], points[low])
			}
		}
	}
	return out
}

// lives are the replications of a figure, [point][replication], nil where points lack some of them or the figure is
// a ratio of means, whose replications do not average to it.
func (s *Study) lives(q Question) [][]float64 {
	if isRatio(q.Metric) {
		return nil
	}
	points := make([]int, len(s.byPoint))
	for p := range points {
		points[p] = p
	}
	values, err := s.replications(q.Metric, points)
	if err != nil || values[q.Strategy] == nil {
		return nil
	}
	a, b := values[q.Strategy], values[q.Versus]
	if q.Versus != "" && b == nil {
		return nil
	}
	y := make([][]float64, len(a))
	for p := range a {
		if len(a[p]) != len(a[0]) || b != nil && len(b[p]) != len(a[p]) {
			return nil
		}
		for r, x := range a[p] {
			if b != nil {
				x -= b[p][r]
			}
			if math.IsNaN(x) {
				return nil
			}
			y[p] = append(y[p], x)
		}
	}
	return y
}

func isRatio(metric string) bool {
	i := outcome.MetricIndex(metric)
	if i < 0 {
		return true
	}
	_, _, ok := outcome.Metrics()[i].Parts()
	return ok
}
