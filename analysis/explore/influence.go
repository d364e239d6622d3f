package explore

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/decision"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/outcome"
)

// Question is the figure whose drivers are looked for: a strategy's metric or, with Versus, its
// difference to another strategy.
type Question struct {
	Metric   string `json:"metric"`
	Strategy string `json:"strategy"`
	Versus   string `json:"versus"` // empty: the level itself
}

// String names the figure.
func (q Question) String() string {
	if q.Versus == "" {
		return fmt.Sprintf("%s of %s", q.Metric, q.Strategy)
	}
	return fmt.Sprintf("%s of %s less %s", q.Metric, q.Strategy, q.Versus)
}

// Outputs are the figure at every point, NaN where a point could not be played.
func (s *Study) Outputs(q Question) []float64 {
	values := make([]float64, len(s.byPoint))
	for p := range values {
		values[p] = s.output(p, q)
	}
	return values
}

func (s *Study) output(point int, q Question) float64 {
	a, ok := s.row(point, q.Strategy)
	if !ok {
		return math.NaN()
	}
	x := s.at(a, q.Metric)
	if q.Versus == "" {
		return x
	}
	b, ok := s.row(point, q.Versus)
	if !ok {
		return math.NaN()
	}
	return x - s.at(b, q.Metric)
}

// Two are the best and the second best strategy at a point by a metric; where no direction is better,
// the last and the first that were played.
func (s *Study) Two(metric string, point int) (best, second string, err error) {
	var rows []Row
	for _, i := range s.byPoint[point] {
		if !math.IsNaN(s.at(s.rows[i], metric)) {
			rows = append(rows, s.rows[i])
		}
	}
	if len(rows) < 2 {
		return "", "", fmt.Errorf("%s is defined for fewer than two strategies, so there is no decision; name one figure with METRIC@STRATEGY", metric)
	}
	better := direction(metric)
	if better == outcome.Neither {
		return rows[len(rows)-1].Strategy, rows[0].Strategy, nil
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		x, y := s.at(a, metric), s.at(b, metric)
		if better == outcome.Lower {
			x, y = y, x
		}
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return rows[0].Strategy, rows[1].Strategy, nil
}

// ranking are the strategies from best to worst at a point; those without a figure have no place.
func (s *Study) ranking(point int, metric string) string {
	type one struct {
		name string
		x    float64
	}
	var list []one
	for _, i := range s.byPoint[point] {
		x := s.at(s.rows[i], metric)
		if math.IsNaN(x) {
			continue
		}
		if direction(metric) == outcome.Lower {
			x = -x
		}
		list = append(list, one{s.rows[i].Strategy, x})
	}
	slices.SortStableFunc(list, func(a, b one) int {
		switch {
		case a.x > b.x:
			return -1
		case a.x < b.x:
			return 1
		}
		return 0
	})
	text := ""
	for i, x := range list {
		if i > 0 {
			text += " > "
		}
		text += x.name
	}
	return text
}

// Tornado is a one-way analysis of one figure.
type Tornado struct {
	Question
	Base     float64
	Swings   []sensitivity.Swing
	Warnings []string

	levels map[string]float64 // of the base, by factor
}

// Tornado reads the study of a one-way design: point 0 is the base, then for each factor in turn its
// levels. Levels at which the figure is undefined are left out, with a warning.
func (s *Study) Tornado(q Question, base []float64, levels [][]float64) (*Tornado, error) {
	out := s.Outputs(q)
	t := &Tornado{Question: q, Base: out[0], Warnings: []string{}, levels: map[string]float64{}}
	if math.IsNaN(out[0]) {
		return nil, fmt.Errorf("%s: is undefined at the base", q)
	}
	values := []float64{out[0]}
	kept := make([][]float64, len(levels))
	next := 1
	for i, list := range levels {
		for _, x := range list {
			if math.IsNaN(out[next]) {
				t.Warnings = append(t.Warnings, fmt.Sprintf("%s = %s: %s is undefined there and was left out", s.Manifest.Sweep.Paths[i], Short(x), q))
			} else {
				kept[i] = append(kept[i], x)
				values = append(values, out[next])
			}
			next++
		}
	}
	var err error
	t.Swings, err = sensitivity.Tornado(s.Manifest.Sweep.Paths, base, kept, values)
	if err != nil {
		return nil, err
	}
	for i, path := range s.Manifest.Sweep.Paths {
		t.levels[path] = base[i]
	}
	for _, w := range t.Swings {
		if w.SignChange && q.Versus != "" {
			t.Warnings = append(t.Warnings, fmt.Sprintf("%s: %s changes sign within its range (%s to %s)", w.Name, q, Short(w.Low), Short(w.High)))
		}
	}
	return t, nil
}

// Change is a factor along which the ranking of the strategies changes in a one-way analysis.
type Change struct {
	Factor   string   `json:"factor"`
	Rankings []string `json:"rankings"` // met along the range, from its low end, each once in a row
	BestToo  bool     `json:"best_changes"`
}

// Changes lists the factors of a one-way study that change the ranking by a metric, those that
// change the best strategy first.
func (s *Study) Changes(metric string, base []float64, levels [][]float64) []Change {
	list := []Change{}
	for i, path := range s.Manifest.Sweep.Paths {
		points, _ := s.levelPoints(i, base, levels)
		c := Change{Factor: path}
		best := map[string]bool{}
		for _, p := range points {
			r := s.ranking(p, metric)
			if r == "" { // undefined for all
				continue
			}
			if len(c.Rankings) == 0 || c.Rankings[len(c.Rankings)-1] != r {
				c.Rankings = append(c.Rankings, r)
			}
			best[s.Best(p, metric)] = true
		}
		c.BestToo = len(best) > 1
		if len(c.Rankings) > 1 {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		switch {
		case a.BestToo == b.BestToo:
			return 0
		case a.BestToo:
			return -1
		}
		return 1
	})
	return list
}

// levelPoints are the points of a one-way design at which factor i varies, the base among them, by
// rising value.
func (s *Study) levelPoints(i int, base []float64, levels [][]float64) (points []int, x []float64) {
	first := 1
	for _, list := range levels[:i] {
		first += len(list)
	}
	at := map[float64]int{base[i]: 0}
	for k, v := range levels[i] {
		at[v] = first + k
	}
	for v, p := range at {
		if s.rows[s.byPoint[p][0]].Status == "ok" {
			x = append(x, v)
		}
	}
	slices.Sort(x)
	for _, v := range x {
		points = append(points, at[v])
	}
	return points, x
}

// Flips finds the break-even points of a metric along every factor of a one-way study at which
// the best strategy changes.
func (s *Study) Flips(metric string, base []float64, levels [][]float64) ([]BreakEven, error) {
	list := []BreakEven{}
	for i, path := range s.Manifest.Sweep.Paths {
		points, x := s.levelPoints(i, base, levels)
		best := map[string]bool{}
		for _, p := range points {
			if name := s.Best(p, metric); name != "" {
				best[name] = true
			}
		}
		if len(best) < 2 {
			continue
		}
		found, err := s.along(path, points, x, metric)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if len(e.Crossings) > 0 && best[e.Challenger] && best[e.Champion] {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// Information is the value, to the decision by a metric, of knowing each factor: the study's points
// are independent samples of the factors.
func (s *Study) Information(metric string, seed uint64) (*decision.PartialResult, error) {
	sign := 1.0
	switch direction(metric) {
	case outcome.Neither:
		return nil, fmt.Errorf("%s has no better side, so no decision hangs on it", metric)
	case outcome.Lower:
		sign = -1
	}
	p := decision.Parameters{Names: s.Manifest.Sweep.Paths, Values: make([][]float64, len(s.Manifest.Sweep.Paths))}
	names := slices.DeleteFunc(s.strategies(), func(name string) bool { // such as the promises of who never asks for one
		return !slices.ContainsFunc(s.Outputs(Question{Metric: metric, Strategy: name}), func(x float64) bool { return !math.IsNaN(x) })
	})
	if len(names) == 0 {
		return nil, fmt.Errorf("%s is undefined at every point", metric)
	}
	benefit := make([][]float64, len(names))
	dropped := 0
	for point := range s.byPoint {
		row := make([]float64, len(names))
		for k, name := range names {
			row[k] = sign * s.output(point, Question{Metric: metric, Strategy: name})
		}
		if slices.ContainsFunc(row, math.IsNaN) {
			dropped++
			continue
		}
		for k := range names {
			benefit[k] = append(benefit[k], row[k])
		}
		for k, path := range s.Manifest.Sweep.Paths {
			p.Values[k] = append(p.Values[k], s.numbers(path)[point])
		}
	}
	r, err := decision.PartialInformation(p, benefit, decision.PartialOptions{Seed: seed})
	if err != nil {
		return nil, err
	}
	if known, err := decision.NewKnowable(p); err != nil {
		r.Warnings = append(r.Warnings, fmt.Sprintf("knowing all counts luck as knowable: %v", err))
	} else {
		r.EVPI, r.EVPISE = known.EVPI(benefit)
	}
	if w := r.AboveAll(); w != "" {
		r.Warnings = append(r.Warnings, w)
	}
	if dropped > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d points were left out: they could not be played, or %s is undefined there", dropped, metric))
	}
	return &r, nil
}

// Discovery is the region of the factors in which a strategy is best.
type Discovery struct {
	Strategy string
	Points   int // points at which it is best
	sensitivity.Boxes
}

// Discover finds the box of factors in which a strategy is best by a metric (PRIM).
func (s *Study) Discover(metric, strategy string) (*Discovery, error) {
	d := &Discovery{Strategy: strategy}
	var points [][]float64
	var interest []bool
	columns := make([][]float64, len(s.Manifest.Sweep.Paths))
	for k, path := range s.Manifest.Sweep.Paths {
		columns[k] = s.numbers(path)
	}
	for p := range s.byPoint {
		best := s.Best(p, metric)
		if best == "" {
			continue
		}
		var row []float64
		for _, c := range columns {
			row = append(row, c[p])
		}
		points = append(points, row)
		interest = append(interest, best == strategy)
		if best == strategy {
			d.Points++
		}
	}
	if d.Points == 0 {
		return d, nil
	}
	if len(points) == 0 {
		return nil, errors.New("no point could be played")
	}
	var err error
	d.Boxes, err = sensitivity.PRIM(s.Manifest.Sweep.Paths, points, interest, sensitivity.PRIMOptions{})
	return d, err
}
