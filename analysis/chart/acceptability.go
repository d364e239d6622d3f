package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Acceptability shows cost-effectiveness acceptability curves: for each price of one unit of effect, the probability that
// a strategy has the greatest net benefit.
type Acceptability struct {
	Frame
	Threshold string // axis title with unit, such as "Worth of one avoided 30+ account (CNY)"
	Lines     []Line // X: threshold; Y: probability in [0, 1]; all over the same X if Optimal is given
	Overlay   Overlay
	Optimal   []int // per X, the index of the line with the greatest expected net benefit, drawn as the frontier; nil: none
}

func (c Acceptability) layout() (*sheet, error) {
	var f faults
	if c.Threshold == "" {
		f.add("threshold", "must not be empty, name the price and its unit")
	}
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	s.shares(&f, "lines", len(c.Lines), c.Overlay)
	c.checkOptimal(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	p := s.panel(exactAxis(c.Threshold, Number, s.spanX()),
		axis{"Probability that the strategy is best (% of draws)", Percent, 0, 1})
	sh := &sheet{title: "Which strategy is best, at what worth of the effect", bands: s.bands, panels: []*panel{p}}
	if c.Optimal != nil {
		p.paints = append([]paint{c.paintFrontier}, p.paints...)
		sh.key = []keyItem{{"acceptability frontier: the strategy with the greatest expected net benefit", strokeSample(underlay)}}
	}
	return sh, nil
}

func (c Acceptability) checkOptimal(f *faults) {
	if c.Optimal == nil || len(c.Lines) == 0 {
		return
	}
	for i, l := range c.Lines {
		f.length(fmt.Sprintf("lines[%d].x", i), len(l.X), len(c.Optimal))
	}
	for i, k := range c.Optimal {
		if k < 0 || k >= len(c.Lines) {
			f.add(fmt.Sprintf("optimal[%d]", i), "must be 0 to %d, got %d", len(c.Lines)-1, k)
		}
	}
}

// underlay is the broad grey stroke of the frontier under the curves.
var underlay = draw.LineStyle{Color: blend(grid, rule, 0.35), Width: 9}

// paintFrontier underlays the optimal line's stretches; where the optimum changes, the frontier jumps.
func (c Acceptability) paintFrontier(cv draw.Canvas, p *plot.Plot) {
	for k, l := range c.Lines {
		ok := func(i int) bool { return c.Optimal[i] == k && known(l.Y[i]) }
		runs(len(c.Optimal), ok, func(from, to int) {
			cv.StrokeLines(underlay, points(cv, p, l.X, l.Y, from, to, false))
		})
	}
}
