package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// RecoveryCost sets what strategies recover against what they cost.
type RecoveryCost struct {
	Frame
	Unit     string // of both axes, such as "CNY per account"
	Points   []CostPoint
	Frontier []string // names of the points on the efficient frontier, in the order of the line; empty: none drawn
	Overlay  CostOverlay
}

// CostOverlay is a second run in the same plane: hollow markers, joined to the points of the first run that have the same
// names. The zero value is no overlay.
type CostOverlay struct {
	Name   string // of the second run, put in brackets behind the names of its points
	Points []CostPoint
}

// CostPoint is one strategy in a cost plane.
type CostPoint struct {
	Name           string
	Cost, Recovery Interval // in the chart's unit; NaN Low, High: no cross
}

func (c RecoveryCost) layout() (*sheet, error) {
	var f faults
	sh, pts := c.sheet(&f)
	line := frontier(&f, pts, c.Frontier)
	if err := f.err(); err != nil {
		return nil, err
	}
	p := sh.panels[0]
	if len(line) > 0 {
		p.paints = append(p.paints, paintFrontier(line))
		sh.key = []keyItem{{"efficient frontier: no other strategy, nor a mix of others, recovers more at the same cost", strokeSample(frontierLine)}}
	}
	p.paints = append(p.paints, paintScatter(pts, line))
	return sh, nil
}

// sheet is the empty cost plane and the points to go on it; of no use if there are faults.
func (c RecoveryCost) sheet(f *faults) (*sheet, []scatterPoint) {
	if c.Unit == "" {
		f.add("unit", "must not be empty, name the money and the base, such as \"CNY per account\"")
	}
	pts, sx, sy := c.check(f)
	p := &panel{
		x:    roomLeft(axisOf("Cost of collection ("+c.Unit+")", Number, sx, true)),
		y:    axisOf("Recovered ("+c.Unit+")", Number, sy, sy.lo > 0 && sy.lo < sy.hi/3),
		tall: max(170, 26*vg.Length(len(pts))),
	}
	sh := &sheet{title: "Recovery against cost by strategy", panels: []*panel{p}}
	for _, q := range pts {
		if q.x.has() || q.y.has() {
			sh.bands = "Crosses"
		}
	}
	return sh, pts
}

// check notes faults and gives the points, those of the overlay behind the own ones, and the ranges.
func (c RecoveryCost) check(f *faults) (pts []scatterPoint, sx, sy *spanner) {
	sx, sy = newSpanner(), newSpanner()
	f.some("points", len(c.Points), "strategy")
	pts = costPoints(f, "points", c.Points, sx, sy)
	if len(c.Points) > 0 && len(pts) == 0 {
		f.add("points", "no point has both a known cost and a known recovery")
	}
	if len(c.Overlay.Points) == 0 {
		return pts, sx, sy
	}
	if c.Overlay.Name == "" {
		f.add("overlay.name", "must not be empty")
	}
	for i := range pts {
		pts[i].look.glyph.hollow = false
	}
	for _, q := range costPoints(f, "overlay.points", c.Overlay.Points, sx, sy) {
		for _, own := range pts {
			if own.name == q.name && own.note == "" {
				q.look, q.from = own.look, []scatterPoint{own}
			}
		}
		q.look.glyph.hollow, q.note = true, " ("+c.Overlay.Name+")"
		pts = append(pts, q)
	}
	return pts, sx, sy
}

// costPoints notes faults, adds to the ranges and gives the points whose values are known.
func costPoints(f *faults, path string, points []CostPoint, sx, sy *spanner) (pts []scatterPoint) {
	var names []string
	for i, q := range points {
		at := fmt.Sprintf("%s[%d]", path, i)
		names = append(names, q.Name)
		f.interval(at+".cost", q.Cost)
		f.interval(at+".recovery", q.Recovery)
		if !known(q.Cost.Value) || !known(q.Recovery.Value) {
			continue
		}
		sx.add(q.Cost.Value, q.Cost.Low, q.Cost.High)
		sy.add(q.Recovery.Value, q.Recovery.Low, q.Recovery.High)
		pts = append(pts, scatterPoint{name: q.Name, x: q.Cost, y: q.Recovery, look: lookOf(i), radius: 6})
	}
	f.names(path, "name", names)
	return pts
}

// frontier looks the named points up.
func frontier(f *faults, pts []scatterPoint, names []string) []scatterPoint {
	var line []scatterPoint
	for i, n := range names {
		found := false
		for _, q := range pts {
			if q.name == n && q.note == "" {
				line, found = append(line, q), true
			}
		}
		if !found {
			f.add(fmt.Sprintf("frontier[%d]", i), "no point with known values is named %q", n)
		}
	}
	return line
}

var frontierLine = draw.LineStyle{Color: softInk, Width: 1.6, Dashes: []vg.Length{7, 4}}

func paintFrontier(line []scatterPoint) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		var l []vg.Point
		for _, q := range line {
			l = append(l, place(c, p, q.x.Value, q.y.Value))
		}
		c.StrokeLines(frontierLine, l)
	}
}
