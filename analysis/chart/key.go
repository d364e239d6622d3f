package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// keyItem is one entry of a legend: a sample and its name.
type keyItem struct {
	name   string
	sample sample
}

// sample draws a mark of width sampleWidth, its left end at x, its middle at y.
type sample func(c draw.Canvas, x, y vg.Length)

const sampleWidth = 26

// lineSample shows a series: stroke and marker.
func lineSample(l look) sample {
	return func(c draw.Canvas, x, y vg.Length) {
		c.StrokeLine2(l.line(), x, y, x+sampleWidth, y)
		l.glyph.draw(c, vg.Point{X: x + sampleWidth/2, Y: y}, 4, l.color)
	}
}

// pointSample shows a marker alone.
func pointSample(l look) sample {
	return func(c draw.Canvas, x, y vg.Length) {
		l.glyph.draw(c, vg.Point{X: x + sampleWidth/2, Y: y}, 5, l.color)
	}
}

// fillSample shows a filled area.
func fillSample(f filling) sample {
	return func(c draw.Canvas, x, y vg.Length) {
		f.fill(c, vg.Rectangle{Min: vg.Point{X: x, Y: y - 6}, Max: vg.Point{X: x + sampleWidth, Y: y + 6}})
	}
}

// strokeSample shows a plain line.
func strokeSample(s draw.LineStyle) sample {
	return func(c draw.Canvas, x, y vg.Length) { c.StrokeLine2(s, x, y, x+sampleWidth, y) }
}

// filling is a colour with hatching, so that neighbours differ in a grey print too.
type filling struct {
	color color.NRGBA
	hatch int // 0 plain, 1 rising lines, 2 falling lines, 3 horizontal lines, 4 dots of a wide rising and falling grid
}

// fillingOf is the filling of the i-th part of a stack.
func fillingOf(i int) filling {
	return filling{palette[i%len(palette)], (i + i/len(palette)) % 5}
}

// fill fills r.
func (f filling) fill(c draw.Canvas, r vg.Rectangle) {
	if r.Max.X <= r.Min.X || r.Max.Y <= r.Min.Y {
		return
	}
	c.SetColor(f.color)
	c.Fill(r.Path())
	sty := draw.LineStyle{Color: faint(white, 0.75), Width: 1}
	inner := draw.Canvas{Canvas: c.Canvas, Rectangle: r}
	for _, l := range f.lines(r) {
		inner.StrokeLines(sty, inner.ClipLinesXY(l)...)
	}
	if r.Max.X-r.Min.X > 3 {
		c.StrokeLines(draw.LineStyle{Color: white, Width: 0.8}, outline(r))
	}
}

// lines are the strokes of the hatching, to be clipped to r.
func (f filling) lines(r vg.Rectangle) [][]vg.Point {
	const gap = 6
	w, h := r.Max.X-r.Min.X, r.Max.Y-r.Min.Y
	var ls [][]vg.Point
	if f.hatch == 3 {
		for y := r.Min.Y + gap/2; y < r.Max.Y; y += gap {
			ls = append(ls, []vg.Point{{X: r.Min.X, Y: y}, {X: r.Max.X, Y: y}})
		}
	}
	for x := -h; x < w; x += gap {
		up := []vg.Point{{X: r.Min.X + x, Y: r.Min.Y}, {X: r.Min.X + x + h, Y: r.Max.Y}}
		down := []vg.Point{{X: r.Min.X + x, Y: r.Max.Y}, {X: r.Min.X + x + h, Y: r.Min.Y}}
		if f.hatch == 1 || f.hatch == 4 {
			ls = append(ls, up)
		}
		if f.hatch == 2 || f.hatch == 4 {
			ls = append(ls, down)
		}
	}
	return ls
}

func outline(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min}
}

// keyRow is one line of legend entries with their x offsets.
type keyRow struct {
	items []keyItem
	xs    []vg.Length
}

const keyGap = 20 // between entries

// keyRows flows the entries into rows of at most width w.
func keyRows(items []keyItem, w vg.Length) []keyRow {
	var rows []keyRow
	x := w
	for _, it := range items {
		it.name = smallFace.shorten(it.name, w-sampleWidth-6)
		need := sampleWidth + 6 + smallFace.width(it.name)
		if len(rows) == 0 || x+need > w {
			rows, x = append(rows, keyRow{}), 0
		}
		r := &rows[len(rows)-1]
		r.items, r.xs = append(r.items, it), append(r.xs, x)
		x += need + keyGap
	}
	return rows
}

const keyLine = 19 // height of a row

func keyHeight(rows []keyRow) vg.Length {
	if len(rows) == 0 {
		return 0
	}
	return keyLine*vg.Length(len(rows)) + 6
}

// drawKey draws the rows downwards from (x, y).
func drawKey(c draw.Canvas, x, y vg.Length, rows []keyRow) {
	for i, r := range rows {
		mid := y - keyLine*(vg.Length(i)+0.5)
		for k, it := range r.items {
			it.sample(c, x+r.xs[k], mid)
			smallFace.drawMiddle(c, x+r.xs[k]+sampleWidth+6, mid, left, []string{it.name})
		}
	}
}
