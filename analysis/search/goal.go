package search

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// Limit is what a version of the strategy must keep: a metric below or above a value.
type Limit struct {
	Text     string // as given
	Metric   string
	Relation string  // <, <=, > or >=
	Value    float64 // in the metric's unit, or times what the strategy has as it is
	Times    bool
}

var limitPattern = regexp.MustCompile(`^\s*([a-z0-9_]+)\s*(<=|>=|<|>)\s*(\S+?)(x?)\s*$`)

// ParseLimit reads 'METRIC < VALUE' with <, <=, > or >=. A VALUE such as 0.8x is a multiple of what the strategy has as
// it is. Errors: another form, an unknown metric, a ratio of differences, a value that is no number.
func ParseLimit(text string) (Limit, error) {
	m := limitPattern.FindStringSubmatch(text)
	if m == nil {
		return Limit{}, fmt.Errorf("%q: must be 'METRIC < VALUE' with <, <=, > or >=, as in 'attempts_per_account <= 1x'", text)
	}
	l := Limit{Text: strings.TrimSpace(text), Metric: m[1], Relation: m[2], Times: m[4] != ""}
	value, err := strconv.ParseFloat(m[3], 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		return l, fmt.Errorf("%q: %q is not a number", text, m[3])
	}
	l.Value = value
	if _, err := figureOf(l.Metric); err != nil {
		return l, fmt.Errorf("%q: %w", text, err)
	}
	return l, nil
}

// allowed is the value that a version must keep to, given that of the strategy as it is.
func (l *Limit) allowed(now float64) float64 {
	if l.Times {
		return l.Value * now
	}
	return l.Value
}

// over is by which share of the allowed value a limit is passed, negative while there is room, and whether it is kept.
// What is undefined keeps nothing.
func (l *Limit) over(x, allowed float64) (share float64, kept bool) {
	if math.IsNaN(x) || math.IsNaN(allowed) {
		return math.Inf(1), false
	}
	share = x - allowed
	if strings.HasPrefix(l.Relation, ">") {
		share = -share
	}
	kept = share < 0 || share == 0 && strings.HasSuffix(l.Relation, "=")
	return share / max(math.Abs(allowed), 1e-9), kept
}

// figure is a metric as it is read off the replications of a version.
type figure struct {
	outcome.Metric
	index       int
	ratio       bool // of the means of two metrics
	over, under int
}

// figureOf finds a metric that one strategy has alone.
func figureOf(name string) (figure, error) {
	f := figure{index: outcome.MetricIndex(name)}
	if f.index < 0 {
		var known []string
		for _, m := range outcome.Metrics() {
			known = append(known, m.Name)
		}
		for _, r := range outcome.Relatives() {
			if r.Name == name {
				return f, fmt.Errorf("%s is a ratio of differences between strategies; choose a metric that a strategy has alone", name)
			}
		}
		if near := overlay.Nearest(known, name); near != "" {
			return f, fmt.Errorf("unknown metric %q, did you mean %q?", name, near)
		}
		return f, fmt.Errorf("unknown metric %q", name)
	}
	f.Metric = outcome.Metrics()[f.index]
	var over, under string
	if over, under, f.ratio = f.Parts(); f.ratio {
		f.over, f.under = outcome.MetricIndex(over), outcome.MetricIndex(under)
	}
	return f, nil
}

// series is one value a replication whose mean is the metric. Of a ratio of means these are its pseudo-values, the
// ratio and the influence that each replication has on it, so that their spread is that of the ratio (delta method).
func (f *figure) series(rows [][]float64) []float64 {
	x := make([]float64, len(rows))
	for r, values := range rows {
		x[r] = values[f.index]
	}
	if !f.ratio {
		return x
	}
	over, under := 0.0, 0.0
	for _, values := range rows {
		over, under = over+values[f.over], under+values[f.under]
	}
	whole, mean := over/under, under/float64(len(rows))
	for r, values := range rows {
		x[r] = whole + float64((values[f.over]-float64(whole*values[f.under]))/mean)
	}
	return x
}

// mean is that of the replications in which the metric is defined, NaN if there are none.
func (f *figure) mean(rows [][]float64) float64 {
	sum, n := 0.0, 0.0
	for _, x := range f.series(rows) {
		if !math.IsNaN(x) {
			sum, n = sum+x, n+1
		}
	}
	return sum / n
}

// goal is what the search is for.
type goal struct {
	aim     figure
	sign    float64 // 1 where more is better, else -1
	limits  []Limit
	figures []figure // of the limits
}

// newGoal puts a metric and limits together. Errors: a metric that is unknown or has no better direction.
func newGoal(metric string, limits []Limit) (*goal, error) {
	g := &goal{limits: limits, sign: 1}
	var err error
	if g.aim, err = figureOf(metric); err != nil {
		return nil, fmt.Errorf("metric: %w", err)
	}
	switch g.aim.Better {
	case outcome.Neither:
		return nil, fmt.Errorf("metric: neither direction of %s is better; it can be limited, not aimed at", metric)
	case outcome.Lower:
		g.sign = -1
	}
	var errs []error
	for i := range limits {
		f, err := figureOf(limits[i].Metric)
		g.figures, errs = append(g.figures, f), append(errs, err)
	}
	return g, errors.Join(errs...)
}

// merit is how good a version is in its first n replications.
type merit struct {
	excess float64 // by which shares the limits are passed, together; 0 if all are kept
	use    float64 // the same with the room that other limits leave taken off
	value  float64 // the metric, more being better
}

func (g *goal) merit(c, now *version, n int) merit {
	m := merit{value: g.sign * g.aim.mean(c.rows[:n])}
	for i := range g.limits {
		l, f := &g.limits[i], &g.figures[i]
		over, kept := l.over(f.mean(c.rows[:n]), l.allowed(f.mean(now.rows[:n])))
		m.use += over
		if !kept {
			m.excess += max(over, 1e-12)
		}
	}
	if math.IsNaN(m.value) {
		m.value = math.Inf(-1)
	}
	return m
}

// price is what a step from one version to another costs in the metric per share of the limits that it saves; +Inf if it
// saves nothing.
func (m merit) price(to merit) float64 {
	if saved := m.use - to.use; saved > 1e-9 {
		return (m.value - to.value) / saved
	}
	return math.Inf(1)
}

// before orders merits, the better one first.
func (m merit) before(o merit) int {
	switch {
	case m.excess != o.excess:
		return sign(m.excess - o.excess)
	case m.value != o.value:
		return sign(o.value - m.value)
	}
	return 0
}

func sign(x float64) int {
	if x > 0 {
		return 1
	}
	return -1
}

// beats reports whether version a is better than b in their first n replications: nearer to the limits, or as
// near and better by more than so many standard errors of the difference.
func (g *goal) beats(a, b, now *version, n int, errors float64) bool {
	x, y := g.merit(a, now, n), g.merit(b, now, n)
	if x.excess != y.excess {
		return x.excess < y.excess
	}
	d := g.difference(a, b, n)
	return g.sign*d.Value > errors*d.SE
}

// difference is that of two versions in the metric, on the same first n replications.
func (g *goal) difference(a, b *version, n int) estimate.Estimate {
	return compare.Paired(g.aim.series(a.rows[:n]), g.aim.series(b.rows[:n]), confidence).Difference
}
