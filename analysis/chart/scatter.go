package chart

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scatterPoint is a named point with intervals both ways.
type scatterPoint struct {
	name   string
	note   string // behind the name in the label
	x, y   Interval
	look   look
	radius vg.Length      // of the marker
	rim    vg.Length      // of what is drawn around it
	from   []scatterPoint // the point it is joined to, if any
}

// roomLeft lets a marker at the axis's start stand clear of the tick labels.
func roomLeft(a axis) axis {
	a.min -= 0.02 * (a.max - a.min)
	return a
}

// paintScatter draws the points with interval crosses and a name beside each, off the line through the points of route
// where it can.
func paintScatter(pts, route []scatterPoint) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		pl := &placer{area: c.Rectangle}
		pl.area.Min = pl.area.Min.Add(vg.Point{X: 2, Y: 2})
		at := make([]vg.Point, len(pts))
		for i, q := range pts {
			at[i] = place(c, p, q.x.Value, q.y.Value)
			pl.marks = append(pl.marks, around(at[i], q.radius+q.rim+1))
			tag(c, q.name, func() { pl.marks = append(pl.marks, q.cross(c, p, at[i])...) })
		}
		for i := 1; i < len(route); i++ {
			a, b := route[i-1], route[i]
			pl.avoid(place(c, p, a.x.Value, a.y.Value), place(c, p, b.x.Value, b.y.Value))
		}
		for i, q := range pts {
			for _, o := range q.from {
				start := place(c, p, o.x.Value, o.y.Value)
				c.StrokeLine2(draw.LineStyle{Color: q.look.color, Width: 1, Dashes: []vg.Length{2, 2}}, start.X, start.Y, at[i].X, at[i].Y)
				pl.avoid(start, at[i])
			}
		}
		for i, q := range pts {
			tag(c, q.name, func() { q.look.glyph.draw(c, at[i], q.radius, q.look.color) })
		}
		for i, q := range pts {
			tag(c, q.name, func() { q.label(c, pl, at[i]) })
		}
	}
}

// around is the square with half side r about pt.
func around(pt vg.Point, r vg.Length) vg.Rectangle {
	d := vg.Point{X: r, Y: r}
	return vg.Rectangle{Min: pt.Sub(d), Max: pt.Add(d)}
}

// cross draws the intervals through pt and gives the thin boxes they take.
func (q scatterPoint) cross(c draw.Canvas, p *plot.Plot, pt vg.Point) []vg.Rectangle {
	var marks []vg.Rectangle
	bar := func(a, b vg.Point) {
		whisker(c, a, b, q.look.color)
		marks = append(marks, vg.Rectangle{Min: a.Sub(vg.Point{X: 1, Y: 1}), Max: b.Add(vg.Point{X: 1, Y: 1})})
	}
	if q.x.has() {
		bar(vg.Point{X: c.X(p.X.Norm(q.x.Low)), Y: pt.Y}, vg.Point{X: c.X(p.X.Norm(q.x.High)), Y: pt.Y})
	}
	if q.y.has() {
		bar(vg.Point{X: pt.X, Y: c.Y(p.Y.Norm(q.y.Low))}, vg.Point{X: pt.X, Y: c.Y(p.Y.Norm(q.y.High))})
	}
	return marks
}

// label puts the name where there is room, with a leader if that is not next to the point.
func (q scatterPoint) label(c draw.Canvas, pl *placer, pt vg.Point) {
	lines := strongFace.wrap(q.name+q.note, min(230, (pl.area.Max.X-pl.area.Min.X)/3), 2)
	size := vg.Point{X: strongFace.widest(lines) + 4, Y: strongFace.height(len(lines))}
	b := boxAt(pl.put(pt, size, q.radius+q.rim), size)
	if n := nearest(b, pt); math.Hypot(float64(n.X-pt.X), float64(n.Y-pt.Y)) > float64(q.radius+q.rim)+10 {
		c.StrokeLine2(draw.LineStyle{Color: q.look.color, Width: 0.7}, pt.X, pt.Y, n.X, n.Y)
	}
	c.SetColor(faint(white, 0.7))
	c.Fill(b.Path())
	strongFace.drawLines(c, b.Min.X+2, b.Max.Y, left, lines)
}
