package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// rowsPanel is a panel with named rows, the first on top, over the x axis.
func rowsPanel(title string, names []string, x axis) *panel {
	n := float64(len(names))
	return &panel{rows: names, x: x, y: axis{title: title, min: -0.5, max: n - 0.5}}
}

// room is the share of a row panel's width that the widest of texts takes beside a bar, at most 0.4. The names and gaps
// beside the axes leave them at least half of the picture's width.
func (f Frame) room(texts []string) float64 {
	w, _, _ := f.size()
	return min(0.4, float64((smallFace.widest(texts)+8)/(vg.Length(w)*vg.Inch/2)))
}

// lane is the box of the lane-th of lanes in a row, from x0 to x1. A row's lanes fill most of it.
func lane(c draw.Canvas, p *plot.Plot, row, lane, lanes int, x0, x1 float64) vg.Rectangle {
	const fill = 0.82
	y := float64(row) - fill/2
	h := fill / float64(lanes)
	a := place(c, p, min(x0, x1), y+h*float64(lane+1))
	b := place(c, p, max(x0, x1), y+h*float64(lane))
	return vg.Rectangle{Min: a, Max: b}
}

// rowValue names row i at its right.
func rowValue(i int, text string) endLabel {
	return endLabel{y: float64(i), text: text, face: smallFace, plain: true}
}

// dots draws an interval and a marker in lane k of a row.
func dots(row, k, lanes int, v Interval, l look) paint { return dotsWide(row, k, lanes, v, l, 1.4) }

func dotsWide(row, k, lanes int, v Interval, l look, width vg.Length) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		if !known(v.Value) {
			return
		}
		r := lane(c, p, row, k, lanes, v.Value, v.Value)
		y := (r.Min.Y + r.Max.Y) / 2
		if v.has() {
			bar(c, vg.Point{X: c.X(p.X.Norm(v.Low)), Y: y}, vg.Point{X: c.X(p.X.Norm(v.High)), Y: y},
				draw.LineStyle{Color: l.color, Width: width})
		}
		l.glyph.draw(c, vg.Point{X: r.Min.X, Y: y}, 4.5, l.color)
	}
}

// stripes shades every other row, so that the eye stays in its row.
func stripes(n int) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		c.SetColor(faint(grid, 0.45))
		for i := 1; i < n; i += 2 {
			a, b := c.Y(p.Y.Norm(float64(i)+0.5)), c.Y(p.Y.Norm(float64(i)-0.5))
			c.Fill(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: a}, Max: vg.Point{X: c.Max.X, Y: b}}.Path())
		}
	}
}

// textIn writes s into the middle of r if it fits.
func textIn(c draw.Canvas, r vg.Rectangle, f face, s string) {
	if f.width(s)+4 > r.Max.X-r.Min.X || f.size > r.Max.Y-r.Min.Y {
		return
	}
	f.drawMiddle(c, (r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2, centre, []string{s})
}
