// Package explore turns a sweep's folder into answers: what each point gives, where the best strategy
// changes and how sure that is, and the pictures of it. It reads the tables that the sweep handed
// over and nothing else, so it works on any folder at any later time.
package explore

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// Study is a sweep's folder: its points in memory, metrics and replications read when they are asked
// for. It is not safe for concurrent use.
type Study struct {
	Dir      string
	Manifest *outcome.Manifest
	points   *outcome.Table // the columns that were asked for so far
	rows     []Row
	byPoint  [][]int         // rows of each point
	metric   string          // shown; empty: the first
	absent   map[string]bool // columns that the table lacks
}

// Row is one strategy at one point.
type Row struct {
	Point          int
	Strategy       string
	Status, Reason string
	Replications   int
	index          int
}

// Open reads a sweep's folder.
func Open(dir string) (*Study, error) {
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if m.Kind != outcome.KindSweep || m.Sweep == nil {
		return nil, fmt.Errorf("%s: holds a %s, not a sweep", dir, m.Kind)
	}
	return Load(dir, m)
}

// Load reads the tables of a folder whose manifest is known.
func Load(dir string, m *outcome.Manifest) (*Study, error) {
	t, err := outcome.OpenColumns(dir, "points", append([]string{"point", "strategy", "status", "reason", "replications"}, m.Sweep.Paths...)...)
	if err != nil {
		return nil, err
	}
	s := &Study{Dir: dir, Manifest: m, points: t, byPoint: make([][]int, len(m.Sweep.Points))}
	point, strategy, status, reason, n := t.Column("point"), t.Column("strategy"), t.Column("status"), t.Column("reason"), t.Column("replications")
	for _, c := range []*outcome.Column{point, strategy, status, reason, n} {
		if c == nil {
			return nil, fmt.Errorf("%s: points.arrow lacks one of the columns point, strategy, status, reason, replications", dir)
		}
	}
	for i := range t.Rows() {
		r := Row{int(point.Int[i]), strategy.Text[i], status.Text[i], reason.Text[i], int(n.Int[i]), i}
		if r.Point < 0 || r.Point >= len(s.byPoint) {
			return nil, fmt.Errorf("%s: points.arrow: row %d: point %d is not in the manifest", dir, i+1, r.Point)
		}
		s.rows = append(s.rows, r)
		s.byPoint[r.Point] = append(s.byPoint[r.Point], i)
	}
	return s, nil
}

// Rows are all rows, by point and strategy.
func (s *Study) Rows() []Row { return s.rows }

// load reads columns of metrics into memory, once; names that the table lacks are left out.
func (s *Study) load(names ...string) error {
	var missing []string
	for _, name := range names {
		if s.points.Column(name) == nil && !s.absent[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	t, err := outcome.OpenColumns(s.Dir, "points", missing...)
	if err != nil {
		return err
	}
	s.points.Columns = append(s.points.Columns, t.Columns...)
	for _, name := range missing {
		if s.absent == nil {
			s.absent = map[string]bool{}
		}
		s.absent[name] = t.Column(name) == nil
	}
	return nil
}

// at is a number of a row, NaN where it is undefined or the table lacks the column.
func (s *Study) at(r Row, column string) float64 {
	if err := s.load(column); err != nil {
		return math.NaN()
	}
	c := s.points.Column(column)
	if c == nil || c.Kind != outcome.Float {
		return math.NaN()
	}
	return c.Float[r.index]
}

// Value is the estimate of a metric, NaN where it is undefined.
func (s *Study) Value(r Row, metric string) float64 { return s.at(r, metric) }

// Undefined reports whether a metric has no meaning for a row, as ratios of differences have none for
// the baseline.
func (s *Study) Undefined(r Row, metric string) bool {
	return math.IsNaN(s.at(r, metric)) && r.Strategy == s.baseline(r.Point)
}

func (s *Study) baseline(point int) string {
	if k := slices.Index(s.Manifest.Sweep.Paths, "baseline"); k >= 0 {
		return s.Manifest.Sweep.Points[point][k]
	}
	return s.Manifest.Baseline
}

// Metric is the metric that is shown: the first one of the sweep, unless Show has chosen another.
func (s *Study) Metric() string {
	if s.metric != "" {
		return s.metric
	}
	return s.Manifest.Sweep.Metrics[0]
}

// Show chooses the metric that is shown.
func (s *Study) Show(metric string) error {
	if !slices.Contains(s.Manifest.Sweep.Metrics, metric) {
		return fmt.Errorf("%s: the sweep holds no metric %q", s.Dir, metric)
	}
	s.metric = metric
	return nil
}

// direction says which way a metric is better.
func direction(metric string) outcome.Better {
	if i := outcome.MetricIndex(metric); i >= 0 {
		return outcome.Metrics()[i].Better
	}
	for _, r := range outcome.Relatives() {
		if r.Name == metric {
			return r.Better
		}
	}
	return outcome.Neither
}

// Best is the strategy with the best estimate at a point, the first of equals; "" where none is known
// or the metric has no better side.
func (s *Study) Best(point int, metric string) string {
	better := direction(metric)
	best, value := "", math.NaN()
	for _, i := range s.byPoint[point] {
		x := s.at(s.rows[i], metric)
		if math.IsNaN(x) || better == outcome.Neither {
			continue
		}
		if best == "" || better == outcome.Higher && x > value || better == outcome.Lower && x < value {
			best, value = s.rows[i].Strategy, x
		}
	}
	return best
}

// numbers are the values of a path at every point, nil if they are no numbers.
func (s *Study) numbers(path string) []float64 {
	c := s.points.Column(path)
	if c == nil || c.Kind != outcome.Float {
		return nil
	}
	x := make([]float64, len(s.byPoint))
	for p, rows := range s.byPoint {
		x[p] = math.NaN()
		if len(rows) > 0 {
			x[p] = c.Float[rows[0]]
		}
	}
	return x
}

// axis is the one input that a chart or a break-even runs along: the only numeric path that varies, or
// the first one where all vary together (zip). The points come by rising value; only those that
// could be played.
func (s *Study) axis() (path string, points []int, x []float64, err error) {
	var varying []string
	for _, p := range s.Manifest.Sweep.Paths {
		v := s.numbers(p)
		if v == nil && s.varies(p) {
			return "", nil, nil, fmt.Errorf("%s varies and is no number", p)
		}
		if v != nil && s.varies(p) {
			varying = append(varying, p)
		}
	}
	if len(varying) == 0 {
		return "", nil, nil, errors.New("no number varies")
	}
	if len(varying) > 1 && s.Manifest.Sweep.Design != "zip" {
		return "", nil, nil, fmt.Errorf("%d numbers vary, one is needed (or --design zip)", len(varying))
	}
	if varying[0] == "seed" {
		return "", nil, nil, errors.New("seed is no quantity: its neighbours have nothing in common")
	}
	value := s.numbers(varying[0])
	for p := range s.byPoint {
		if len(s.byPoint[p]) > 0 && s.rows[s.byPoint[p][0]].Status == "ok" && !math.IsNaN(value[p]) {
			points = append(points, p)
		}
	}
	slices.SortStableFunc(points, func(a, b int) int {
		switch {
		case value[a] < value[b]:
			return -1
		case value[a] > value[b]:
			return 1
		}
		return 0
	})
	for i, p := range points {
		if i > 0 && value[p] == x[i-1] {
			return "", nil, nil, fmt.Errorf("two points have the same %s", varying[0])
		}
		x = append(x, value[p])
	}
	return varying[0], points, x, nil
}

func (s *Study) varies(path string) bool {
	k := slices.Index(s.Manifest.Sweep.Paths, path)
	for _, values := range s.Manifest.Sweep.Points {
		if values[k] != s.Manifest.Sweep.Points[0][k] {
			return true
		}
	}
	return false
}

// row returns a strategy's row at a point.
func (s *Study) row(point int, strategy string) (Row, bool) {
	for _, i := range s.byPoint[point] {
		if s.rows[i].Strategy == strategy {
			return s.rows[i], true
		}
	}
	return Row{}, false
}

// strategies are all that were played at some point, in order of first appearance.
func (s *Study) strategies() []string {
	var names []string
	for _, r := range s.rows {
		if !slices.Contains(names, r.Strategy) {
			names = append(names, r.Strategy)
		}
	}
	return names
}

// played says how many replications the points have: more than were asked for where a precision was.
func (s *Study) played() string {
	low, high := 0, 0
	for _, r := range s.rows {
		if r.Status != "ok" {
			continue
		}
		if low == 0 || r.Replications < low {
			low = r.Replications
		}
		high = max(high, r.Replications)
	}
	switch {
	case high == 0:
		return replications(s.Manifest.Replications)
	case low < high:
		return fmt.Sprintf("%d to %d replications", low, high)
	}
	return replications(high)
}

func replications(n int) string {
	if n == 1 {
		return "1 replication"
	}
	return fmt.Sprintf("%d replications", n)
}

// half is the half width of the 95% interval of an estimate.
func half(se float64, replications int) float64 {
	if replications < 2 {
		return math.NaN()
	}
	return estimate.TQuantile(0.975, float64(replications-1)) * se
}
