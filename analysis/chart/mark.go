package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// whisker draws an interval from a to b, level or upright, with caps at its ends.
func whisker(c draw.Canvas, a, b vg.Point, col color.Color) {
	bar(c, a, b, draw.LineStyle{Color: col, Width: 1.4})
}

func bar(c draw.Canvas, a, b vg.Point, sty draw.LineStyle) {
	const r = 3.5
	cap := vg.Point{X: r}
	if a.Y == b.Y && a.X != b.X {
		cap = vg.Point{Y: r}
	}
	c.StrokeLines(sty, []vg.Point{a, b}, []vg.Point{a.Sub(cap), a.Add(cap)}, []vg.Point{b.Sub(cap), b.Add(cap)})
}

// place is where data (x, y) lies on c.
func place(c draw.Canvas, p *plot.Plot, x, y float64) vg.Point {
	return vg.Point{X: c.X(p.X.Norm(x)), Y: c.Y(p.Y.Norm(y))}
}

// upright is a paint of a vertical line at x over the whole height.
func upright(x float64, sty draw.LineStyle) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		at := c.X(p.X.Norm(x))
		c.StrokeLine2(sty, at, c.Min.Y, at, c.Max.Y)
	}
}

// level is a paint of a horizontal line at y over the whole width.
func level(y float64, sty draw.LineStyle) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		at := c.Y(p.Y.Norm(y))
		c.StrokeLine2(sty, c.Min.X, at, c.Max.X, at)
	}
}

// zeroLine and markLine are the strokes of reference lines.
var (
	zeroLine = draw.LineStyle{Color: ink, Width: 1}
	markLine = draw.LineStyle{Color: softInk, Width: 1.2, Dashes: []vg.Length{4, 3}}
)
