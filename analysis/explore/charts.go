package explore

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"collectsim/analysis/chart"
	"collectsim/analysis/decision"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/outcome"
)

// kinds are the charts of a sweep's folder.
var kinds = []string{"sweep", "break-even", "best-map"}

// ChartKinds lists the kinds of chart that a sweep's folder can show.
func ChartKinds() []string { return slices.Clone(kinds) }

// errNoChart says why a chart does not fit a sweep.
type errNoChart struct{ error }

// Chart draws one kind of chart of the shown metric.
func (s *Study) Chart(kind string) (chart.Chart, error) {
	var c chart.Chart
	var err error
	switch kind {
	case "sweep":
		c, err = s.line()
	case "break-even":
		c, err = s.crossing()
	case "best-map":
		c, err = s.bestMap()
	default:
		return nil, fmt.Errorf("chart %q: cannot be drawn from a sweep's folder", kind)
	}
	if err != nil {
		return nil, errNoChart{fmt.Errorf("chart %s: %w", kind, err)}
	}
	return c, nil
}

// Draw writes every chart that fits the sweep.
func (s *Study) Draw(dir string) error {
	for _, kind := range kinds {
		c, err := s.Chart(kind)
		var none errNoChart
		if errors.As(err, &none) {
			continue
		}
		if err != nil {
			return err
		}
		for _, format := range []string{"svg", "png"} {
			if err := chart.Save(filepath.Join(dir, kind+"."+format), c); err != nil {
				return fmt.Errorf("chart %s: %w", kind, err)
			}
		}
	}
	return nil
}

func (s *Study) frame() chart.Frame {
	m := s.Manifest
	return chart.Frame{
		Note:     fmt.Sprintf("scenario %s, %s accounts, %d days", m.Scenario, chart.Thousands(m.Accounts), m.Horizon),
		Interval: "95% interval over " + s.played(),
		Source:   fmt.Sprintf("collectsim simulation, seed %d; portfolio: %s", m.Seed, m.Portfolio),
	}
}

// titled is a column with its unit.
func (s *Study) titled(column string) string {
	if unit := s.unit(column); unit != "" {
		return fmt.Sprintf("%s (%s)", column, unit)
	}
	return column
}

// unitOf is how a metric's values are printed.
func (s *Study) unitOf(metric string) chart.Unit {
	if s.load(metric) != nil {
		return chart.Number
	}
	if c := s.points.Column(metric); c != nil && c.Unit == "share" {
		return chart.Percent
	}
	return chart.Number
}

// bunched says whether values are set like those of a range in steps by ratio, which a linear axis would draw on top of one
// another: all above 0, the highest at least 20 times the lowest, and from the last but one more than 0.4 of the way.
func bunched(x []float64) bool {
	n := len(x)
	return n > 3 && x[0] > 0 && x[n-1] >= 20*x[0] && x[n-1]-x[n-2] > 0.4*(x[n-1]-x[0])
}

func (s *Study) line() (chart.Chart, error) {
	metric := s.Metric()
	input, points, x, err := s.axis()
	if err != nil {
		return nil, err
	}
	if len(x) < 2 {
		return nil, errors.New("fewer than two points could be played")
	}
	c := chart.Sweep{Frame: s.frame(), Input: s.titled(input), LogInput: bunched(x), Outcome: s.titled(metric), Unit: s.unitOf(metric), Base: math.NaN()}
	within := outcome.Anything // a ratio of differences to the baseline
	if i := outcome.MetricIndex(metric); i >= 0 {
		within = outcome.Metrics()[i].Range
	}
	for _, name := range s.strategies() {
		l := chart.Line{Name: name}
		known := false
		for i, p := range points {
			r, ok := s.row(p, name)
			if !ok {
				continue
			}
			y := s.at(r, metric)
			known = known || !math.IsNaN(y)
			h := half(s.at(r, metric+"_se"), r.Replications)
			l.X, l.Y = append(l.X, x[i]), append(l.Y, y)
			low, high := within.Cut(y, y-h, y+h)
			l.Low, l.High = append(l.Low, low), append(l.High, high)
		}
		if known {
			c.Lines = append(c.Lines, l)
		}
	}
	if len(c.Lines) == 0 {
		return nil, fmt.Errorf("%s is undefined at every point", metric)
	}
	return c, nil
}

// crossing draws the first pair of strategies that change places or, if none does, the pair whose
// difference the input moves most.
func (s *Study) crossing() (chart.Chart, error) {
	found, err := s.BreakEvens(s.Metric())
	if err != nil {
		return nil, err
	}
	e := &found[0]
	for i := range found {
		if more(&found[i], e) {
			e = &found[i]
		}
	}
	return s.Crossing(e), nil
}

// more reports whether a says more than b.
func more(a, b *BreakEven) bool {
	if p, q := len(a.Crossings) > 0, len(b.Crossings) > 0; p || q {
		return p && !q
	}
	return slices.Max(a.difference)-slices.Min(a.difference) > slices.Max(b.difference)-slices.Min(b.difference)
}

// Crossing draws one break-even.
func (s *Study) Crossing(e *BreakEven) chart.Chart {
	c := chart.BreakEven{
		Frame: s.frame(), Input: s.titled(e.Input), Outcome: s.titled(e.Metric), Unit: s.unitOf(e.Metric),
		Challenger: e.Challenger, Champion: e.Champion,
	}
	c.Interval = "95% interval over " + replications(e.replications)
	l := chart.Line{Name: e.Challenger + " less " + e.Champion, X: e.x, Y: e.difference}
	for i, y := range e.difference {
		h := half(e.se[i], e.replications)
		l.Low, l.High = append(l.Low, y-h), append(l.High, y+h)
	}
	c.Difference = []chart.Line{l}
	for _, x := range e.Crossings {
		c.Crossings = append(c.Crossings, chart.Crossing{
			Interval: chart.Interval{Value: x.X, Low: x.Low, High: x.High}, LowOpen: x.LowOpen, HighOpen: x.HighOpen,
		})
	}
	return c
}

// bestMap needs two numbers that vary as a full grid.
func (s *Study) bestMap() (chart.Chart, error) {
	var varying []string
	for _, p := range s.Manifest.Sweep.Paths {
		if s.varies(p) {
			varying = append(varying, p)
		}
	}
	if len(varying) != 2 || s.numbers(varying[0]) == nil || s.numbers(varying[1]) == nil {
		return nil, errors.New("exactly two numbers must vary")
	}
	xs, ys := s.numbers(varying[0]), s.numbers(varying[1])
	c := chart.BestMap{
		Frame: s.frame(), By: s.Metric(), XTitle: s.titled(varying[0]), YTitle: s.titled(varying[1]),
		X: sortedUnique(xs), Y: sortedUnique(ys), Strategies: s.strategies(),
	}
	if len(c.X)*len(c.Y) != len(xs) {
		return nil, errors.New("the points are no full grid")
	}
	if direction(s.Metric()) == outcome.Neither {
		return nil, fmt.Errorf("%s has no better side", s.Metric())
	}
	for range c.Y {
		c.Best = append(c.Best, make([]int, len(c.X)))
	}
	for p := range xs {
		i, _ := slices.BinarySearch(c.X, xs[p])
		j, _ := slices.BinarySearch(c.Y, ys[p])
		if i < len(c.X) && j < len(c.Y) {
			c.Best[j][i] = slices.Index(c.Strategies, s.Best(p, s.Metric()))
		}
	}
	return c, nil
}

// TornadoChart draws a one-way analysis.
func (s *Study) TornadoChart(t *Tornado) chart.Chart {
	c := chart.Tornado{Frame: s.frame(), Outcome: t.String(), Unit: s.unitOf(t.Metric), Base: t.Base}
	if unit := s.unit(t.Metric); unit != "" {
		c.Outcome += " (" + unit + ")"
	}
	c.Interval = ""
	for _, w := range t.Swings {
		if len(w.Levels) > 0 && w.Width > 0 {
			c.Bars = append(c.Bars, t.bar(w))
		}
	}
	if len(c.Bars) == 0 {
		return nil
	}
	return c
}

// bar is a factor from its lowest to its highest value, of which the base may be one.
func (t *Tornado) bar(w sensitivity.Swing) chart.TornadoBar {
	levels, values := append(slices.Clone(w.Levels), t.levels[w.Name]), append(slices.Clone(w.Values), t.Base)
	low, high := 0, 0
	for i, x := range levels {
		if x < levels[low] {
			low = i
		}
		if x > levels[high] {
			high = i
		}
	}
	return chart.TornadoBar{
		Input: w.Name, Range: Short(levels[low]) + " to " + Short(levels[high]), Low: values[low], High: values[high], Between: values,
	}
}

// InformationChart draws the value of knowing each factor.
func (s *Study) InformationChart(metric string, r *decision.PartialResult) chart.Chart {
	c := chart.ValueOfInformation{Frame: s.frame(), Unit: s.unit(metric), All: chart.Exact(r.EVPI)}
	c.Interval = "95% interval of the estimate"
	c.Note += "; choice by " + metric
	if c.Unit == "" {
		c.Unit = metric
	}
	for _, p := range r.Parameters {
		c.Bars = append(c.Bars, chart.VOIBar{Input: p.Parameter, Value: chart.Interval{Value: p.EVPPI, Low: p.Low, High: p.High}})
	}
	return c
}
