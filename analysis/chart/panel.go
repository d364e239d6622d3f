package chart

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is one set of axes with what is drawn in it, and the names beside it.
type panel struct {
	x, y    axis
	rows    []string // names at y = 0, 1, ... from the top, in place of a y axis
	cols    []string // names at x = 0, 1, ..., in place of an x axis
	paints  []paint  // in order
	ends    []endLabel
	table   *table
	weight  float64   // share of spare height; 0: 1
	tall    vg.Length // least height of the plotting area; 0: 150
	rowTall vg.Length // least height of a row; 0: 26
	bare    bool      // no grid
	logX    bool      // the x axis is of common logarithms, and labelled with the numbers
}

// paint draws in a plotting area; p turns data into places.
type paint func(c draw.Canvas, p *plot.Plot)

// Plot implements plot.Plotter.
func (f paint) Plot(c draw.Canvas, p *plot.Plot) { f(c, p) }

// endLabel names a series to the right of the panel, level with (x, y) where it ends.
type endLabel struct {
	x, y   float64
	text   string
	face   face
	sample sample // nil: none
	plain  bool   // no leader: the label belongs to its row
	series string // that it names; empty: none
}

// edge names a horizontal reference line at y.
func (p *panel) edge(y float64, text string, s draw.LineStyle) endLabel {
	return endLabel{x: p.x.max, y: y, text: text, face: smallFace.in(softInk), sample: strokeSample(s)}
}

// inset is the room kept free left and right of the axes.
type inset struct{ left, right vg.Length }

func (a inset) wider(b inset) inset { return inset{max(a.left, b.left), max(a.right, b.right)} }

const (
	rowHeight   = 26
	rowNameGap  = 8
	endGap      = 14 // from the axes to the samples, for leaders
	maxEndShare = 0.30
	maxRowShare = 0.30
)

func (p *panel) share() vg.Length {
	if p.weight == 0 {
		return 1
	}
	return vg.Length(p.weight)
}

func (p *panel) yTitle(w vg.Length) []string { return axisFace.wrap(p.y.title, w, 2) }

// xTitle wraps to the width of the axes, for gonum would shrink them to a wider one.
func (p *panel) xTitle(w vg.Length) []string {
	in := p.inset(w)
	return axisFace.wrap(p.x.title, max(w/4, w-in.left-in.right-60), 3)
}

// rowNames wraps the names of the rows for a panel of width w.
func (p *panel) rowNames(w vg.Length) [][]string { return wrapAll(p.rows, w*maxRowShare) }

func wrapAll(names []string, w vg.Length) [][]string {
	out := make([][]string, len(names))
	for i, n := range names {
		out[i] = smallFace.wrap(n, w, 2)
	}
	return out
}

func widestOf(names [][]string) vg.Length {
	var w vg.Length
	for _, n := range names {
		w = max(w, smallFace.widest(n))
	}
	return w
}

// endTexts wraps the labels on the right: two lines each, or one if there are many.
func (p *panel) endTexts(w vg.Length) [][]string {
	out := make([][]string, len(p.ends))
	for i, e := range p.ends {
		out[i] = e.face.wrap(e.text, w*maxEndShare-endGap-sampleWidth-6, 3)
	}
	return out
}

// endHeights is the room each label on the right takes.
func (p *panel) endHeights(texts [][]string) []vg.Length {
	hs := make([]vg.Length, len(texts))
	for i, t := range texts {
		hs[i] = p.ends[i].face.height(len(t)) + 3
	}
	return hs
}

// inset is the room this panel wants beside its axes.
func (p *panel) inset(w vg.Length) inset {
	var in inset
	if len(p.rows) > 0 {
		in.left = widestOf(p.rowNames(w)) + rowNameGap
	}
	if len(p.ends) > 0 {
		in.right = endGap
		for i, t := range p.endTexts(w) {
			need := p.ends[i].face.widest(t) + 6
			if p.ends[i].sample != nil {
				need += sampleWidth
			}
			in.right = max(in.right, endGap+need)
		}
	}
	return in
}

// need is the least height of the panel.
func (p *panel) need(w vg.Length) vg.Length {
	h := p.tall
	if h == 0 {
		h = 150
	}
	var ends vg.Length
	for _, e := range p.endHeights(p.endTexts(w)) {
		ends += e
	}
	names := p.rowNames(w)
	row := max(p.rowTall, 0)
	if row == 0 {
		row = rowHeight
	}
	for _, n := range names {
		row = max(row, smallFace.height(len(n))+2)
	}
	h = max(h, ends, row*vg.Length(len(names)))
	return h + p.around(w)
}

// around is the height of what stands over and under the plotting area.
func (p *panel) around(w vg.Length) vg.Length {
	h := axisFace.height(len(p.yTitle(w))) + 6 + p.table.height()
	return h + axisFace.height(len(p.xTitle(w))) + 2*smallFace.line() + 14
}

// draw draws the panel on all of c.
func (p *panel) draw(c draw.Canvas, in inset) {
	w := c.Max.X - c.Min.X
	if t := p.yTitle(w); len(t) > 0 {
		axisFace.drawLines(c, c.Min.X, c.Max.Y, left, t)
		c.Max.Y -= axisFace.height(len(t))
	}
	c.Max.Y -= 6
	inner := draw.Crop(c, in.left, -in.right, p.table.height(), 0)
	g := p.plot(inner, w)
	g.Draw(inner)
	area := g.DataCanvas(inner)
	tagPanel(area, p.x, p.y)
	p.drawRows(area, g, w)
	p.drawEnds(area, g, w, c.Max.X-in.right)
	if p.table != nil {
		p.table.draw(area, g, vg.Point{X: c.Min.X, Y: c.Min.Y + p.table.height()}, c.Max.X-in.right+endGap, c.Max.X)
	}
}

// plot makes the gonum plot for a canvas: axes, grid, paints.
func (p *panel) plot(c draw.Canvas, w vg.Length) *plot.Plot {
	g := plot.New()
	g.BackgroundColor = nil
	g.X.Min, g.X.Max, g.Y.Min, g.Y.Max = p.x.min, p.x.max, p.y.min, p.y.max
	for _, a := range []*plot.Axis{&g.X, &g.Y} {
		a.LineStyle = draw.LineStyle{Color: rule, Width: 0.8}
		a.Tick.LineStyle, a.Tick.Length, a.Padding = a.LineStyle, 4, 0
		xa, ya := a.Tick.Label.XAlign, a.Tick.Label.YAlign
		a.Tick.Label = smallFace.style()
		a.Tick.Label.XAlign, a.Tick.Label.YAlign = xa, ya
	}
	g.X.Label.Text = strings.Join(p.xTitle(w), "\n")
	xa := g.X.Label.TextStyle.XAlign
	g.X.Label.TextStyle = axisFace.style()
	g.X.Label.TextStyle.XAlign, g.X.Label.Padding = xa, 4
	p.setTicks(g, c)
	if !p.bare {
		g.Add(p.grid())
	}
	for _, f := range p.paints {
		g.Add(f)
	}
	return g
}

// setTicks chooses as many ticks as the canvas has room for.
func (p *panel) setTicks(g *plot.Plot, c draw.Canvas) {
	w, h := c.Max.X-c.Min.X, c.Max.Y-c.Min.Y-50
	g.Y.Tick.Marker = plot.ConstantTicks(p.y.ticks(max(4, min(8, int(h/26)))))
	if len(p.rows) > 0 {
		g.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
		g.Y.Tick.Marker, g.Y.Tick.Length, g.Y.Width = plot.ConstantTicks(nil), 0, 0
	}
	if len(p.cols) > 0 {
		g.X.Tick.Marker = plot.ConstantTicks(p.colTicks(w))
		g.X.Tick.Length, g.X.Width = 0, 0
		return
	}
	ticks := p.x.ticks
	if p.logX {
		ticks = p.x.logTicks
	}
	for n := 13; n >= 2; n-- {
		ts := ticks(n)
		if g.X.Tick.Marker = plot.ConstantTicks(ts); tickWidth(ts) < w*0.9 {
			break
		}
	}
}

// tickWidth is what labels take in a row, with gaps, if all are as wide as the widest.
func tickWidth(ts []plot.Tick) vg.Length {
	var w vg.Length
	for _, t := range ts {
		w = max(w, smallFace.width(t.Label))
	}
	return (w + 14) * vg.Length(len(ts))
}

// colTicks wraps the names of the columns to their width. Where columns are too narrow, only some are named.
func (p *panel) colTicks(w vg.Length) []plot.Tick {
	var ts []plot.Tick
	every := 1
	for w*0.9/vg.Length(len(p.cols))*vg.Length(every) < 44 && every < len(p.cols) {
		every++
	}
	room := w*0.9/vg.Length(len(p.cols))*vg.Length(every) - 6
	for i := 0; i < len(p.cols); i += every {
		n := p.cols[i]
		ts = append(ts, plot.Tick{Value: float64(i), Label: strings.Join(smallFace.wrap(n, room, 2), "\n")})
	}
	return ts
}

// grid is faint lines at the ticks, across the values only: rows and columns need none.
func (p *panel) grid() plot.Plotter {
	g := plotter.NewGrid()
	g.Horizontal = draw.LineStyle{Color: grid, Width: 0.7}
	g.Vertical = g.Horizontal
	if len(p.rows) > 0 {
		g.Horizontal.Color = nil
	}
	return g
}

// drawRows names the rows to the left of the area.
func (p *panel) drawRows(area draw.Canvas, g *plot.Plot, w vg.Length) {
	for i, t := range p.rowNames(w) {
		smallFace.drawMiddle(area, area.Min.X-rowNameGap, area.Y(g.Y.Norm(float64(i))), right, t)
	}
}

// drawEnds names the series to the right of the area, nudged apart, with a leader where a name had to move.
func (p *panel) drawEnds(area draw.Canvas, g *plot.Plot, w, x vg.Length) {
	texts := p.endTexts(w)
	want := make([]vg.Length, len(p.ends))
	for i, e := range p.ends {
		want[i] = area.Y(g.Y.Norm(e.y))
	}
	at := spread(want, p.endHeights(texts), area.Min.Y, area.Max.Y)
	for i, e := range p.ends {
		end := vg.Point{X: area.X(g.X.Norm(e.x)), Y: want[i]}
		if e.series == "" {
			e.draw(area, end, x+endGap, at[i], texts[i])
			continue
		}
		tag(area, e.series, func() { e.draw(area, end, x+endGap, at[i], texts[i]) })
	}
}

// draw puts the label to the right of x, centred on y, for a series that ends at end.
func (e endLabel) draw(c draw.Canvas, end vg.Point, x, y vg.Length, text []string) {
	if !e.plain && (math.Abs(float64(y-end.Y)) > 1 || x-end.X > endGap+2) {
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.6}, end.X+3, end.Y, x-2, y)
	}
	if e.sample != nil {
		e.sample(c, x, y)
		x += sampleWidth
	}
	e.face.drawMiddle(c, x+6, y, left, text)
}
