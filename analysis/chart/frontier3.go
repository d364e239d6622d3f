package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Frontier3 sets recovery against cost with stress as the size and shade of the points.
type Frontier3 struct {
	Frame
	Unit      string // of cost and recovery, such as "CNY per account"
	Points    []StressedPoint
	Efficient []string // names of the points no other beats in all three criteria at once; ringed
}

// StressedPoint is one strategy's cost, recovery and stress.
type StressedPoint struct {
	Name                   string
	Cost, Recovery, Stress Interval // stress on the scale from 0 to 100
}

func (c Frontier3) layout() (*sheet, error) {
	var f faults
	plane := RecoveryCost{Unit: c.Unit}
	stress := newSpanner()
	for i, q := range c.Points {
		plane.Points = append(plane.Points, CostPoint{q.Name, q.Cost, q.Recovery})
		path := fmt.Sprintf("points[%d].stress", i)
		f.interval(path, q.Stress)
		if !(q.Stress.Value >= 0 && q.Stress.Value <= 100) {
			f.add(path+".value", "must be 0 to 100, got %v", q.Stress.Value)
		}
		stress.add(q.Stress.Value)
	}
	for i, n := range c.Efficient {
		if !slices.ContainsFunc(c.Points, func(q StressedPoint) bool { return q.Name == n }) {
			f.add(fmt.Sprintf("efficient[%d]", i), "no point is named %q", n)
		}
	}
	s, pts := plane.sheet(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	for i := range pts {
		c.dress(&pts[i], stress)
	}
	s.title = "Recovery, cost and stress by strategy"
	s.key = c.legend(stress)
	s.panels[0].paints = []paint{c.rings(pts), paintScatter(pts, nil)}
	return s, nil
}

// dress gives a point its size, shade and label by its stress.
func (c Frontier3) dress(pt *scatterPoint, stress *spanner) {
	for _, q := range c.Points {
		if q.Name == pt.name {
			pt.radius, pt.look = stressLook(q.Stress.Value, stress)
			pt.note = ", stress " + Number.value(q.Stress.Value)
			if slices.Contains(c.Efficient, q.Name) {
				pt.rim = 4
			}
		}
	}
}

// stressLook is the circle for a stress of v among those of a chart.
func stressLook(v float64, stress *spanner) (vg.Length, look) {
	t := 0.5
	if stress.hi > stress.lo {
		t = (v - stress.lo) / (stress.hi - stress.lo)
	}
	col := blend(palette[4], palette[1], t)
	if t > 0.5 {
		col = blend(palette[1], palette[6], (t-0.5)*1.2)
	}
	return vg.Length(5 + 8*t), look{color: col, glyph: glyphs[0]}
}

// legend shows the least, the middle and the greatest stress.
func (c Frontier3) legend(stress *spanner) []keyItem {
	vs := []float64{stress.lo}
	if stress.hi > stress.lo {
		vs = []float64{stress.lo, (stress.lo + stress.hi) / 2, stress.hi}
	}
	var key []keyItem
	for _, v := range vs {
		r, l := stressLook(v, stress)
		key = append(key, keyItem{"mean stress " + Number.value(v), func(cv draw.Canvas, x, y vg.Length) {
			l.glyph.draw(cv, vg.Point{X: x + sampleWidth/2, Y: y}, r*0.8, l.color)
		}})
	}
	if len(c.Efficient) > 0 {
		key = append(key, keyItem{"no other is better in all three", func(cv draw.Canvas, x, y vg.Length) {
			ring(cv, vg.Point{X: x + sampleWidth/2, Y: y}, 7)
		}})
	}
	return key
}

// rings marks the efficient points.
func (c Frontier3) rings(pts []scatterPoint) paint {
	return func(cv draw.Canvas, p *plot.Plot) {
		for _, q := range pts {
			if q.rim > 0 {
				tag(cv, q.name, func() { ring(cv, place(cv, p, q.x.Value, q.y.Value), q.radius+q.rim) })
			}
		}
	}
}

func ring(c draw.Canvas, pt vg.Point, r vg.Length) {
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: 1.6})
	c.Stroke(glyphs[0].path(pt, r))
}
