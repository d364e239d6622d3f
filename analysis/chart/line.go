package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line is one series with its interval band.
//
// X, Y are parallel, X does not fall; Low and High are parallel to them or both nil (no band). NaN in Y leaves a gap in
// the line, NaN in Low or High a gap in the band.
type Line struct {
	Name      string
	X, Y      []float64
	Low, High []float64

	step  bool   // each value holds until the next
	label string // at the line's end, in place of name and last value
	look  look
}

// Overlay is a second run drawn on the same axes: dashed, in the colours of the lines of the first run that have the same
// names. The zero value is no overlay.
type Overlay struct {
	Name  string // of the second run, put in brackets behind the names of its lines
	Lines []Line
	path  string // of Lines, for errors; "": overlay.lines
}

func (o Overlay) where() string {
	if o.path == "" {
		return "overlay.lines"
	}
	return o.path
}

// check notes everything wrong with a line.
func (l Line) check(f *faults, path string) {
	f.some(path+".x", len(l.X), "value")
	f.length(path+".y", len(l.Y), len(l.X))
	if l.Low != nil || l.High != nil {
		f.length(path+".low", len(l.Low), len(l.X))
		f.length(path+".high", len(l.High), len(l.X))
	}
	f.finite(path+".x", l.X...)
	f.notInf(path+".y", l.Y...)
	f.notInf(path+".low", l.Low...)
	f.notInf(path+".high", l.High...)
	for i := 1; i < len(l.X); i++ {
		if l.X[i] < l.X[i-1] {
			f.add(fmt.Sprintf("%s.x[%d]", path, i), "must not fall, got %v after %v", l.X[i], l.X[i-1])
		}
	}
	for i := range min(len(l.Low), len(l.High)) {
		f.between(fmt.Sprintf("%s.low[%d]", path, i), l.Low[i], l.High[i])
	}
	if len(l.Y) > 0 && !known(l.Y...) {
		f.add(path+".y", "no value is known, all are NaN")
	}
}

// banded says whether the line has an interval anywhere.
func (l Line) banded() bool {
	for i := range min(len(l.Low), len(l.High)) {
		if interval(l.Low[i], l.High[i]) {
			return true
		}
	}
	return false
}

// lineSet is the lines of a chart with their looks, ready to be put in a panel.
type lineSet struct {
	lines []Line
	bands string // "" if no line has a band
}

// newLineSet checks the lines and gives each its look.
func newLineSet(f *faults, path string, lines []Line, over Overlay) lineSet {
	var s lineSet
	f.some(path, len(lines), "line")
	s.append(f, path, lines)
	if len(over.Lines) == 0 {
		return s
	}
	if over.Name == "" {
		f.add("overlay.name", "must not be empty")
	}
	// With two runs, the stroke tells the runs apart, and colour and marker the strategies.
	for i := range s.lines {
		s.lines[i].look.dashes, s.lines[i].look.glyph.hollow = nil, false
	}
	own := len(s.lines)
	s.append(f, over.where(), over.Lines)
	for i := own; i < len(s.lines); i++ {
		s.pair(i, own, over.Name)
	}
	return s
}

// pair gives line i of an overlay the look of the line among the first own ones that has its name.
func (s *lineSet) pair(i, own int, run string) {
	l := &s.lines[i]
	for _, m := range s.lines[:own] {
		if m.Name == l.Name {
			l.look = m.look
		}
	}
	l.look.dashes = []vg.Length{6, 3}
	l.look.glyph.hollow = true
	l.Name += " (" + run + ")"
}

func (s *lineSet) append(f *faults, path string, lines []Line) {
	names := make([]string, len(lines))
	for i, l := range lines {
		names[i] = l.Name
		l.check(f, fmt.Sprintf("%s[%d]", path, i))
		if l.banded() {
			s.bands = "Shaded"
		}
		l.look = lookOf(len(s.lines))
		s.lines = append(s.lines, l)
	}
	f.names(path, "name", names)
}

// shares notes values of the own lines at path and of the overlay that are no fractions.
func (s lineSet) shares(f *faults, path string, own int, over Overlay) {
	for i, l := range s.lines {
		p := fmt.Sprintf("%s[%d].y", path, i)
		if i >= own {
			p = fmt.Sprintf("%s[%d].y", over.where(), i-own)
		}
		f.share(p, l.Y...)
	}
}

// spanX and spanY are the ranges of all lines with their bands.
func (s lineSet) spanX() *spanner {
	sp := newSpanner()
	for _, l := range s.lines {
		sp.add(l.X...)
	}
	return sp
}

func (s lineSet) spanY() *spanner {
	sp := newSpanner()
	for _, l := range s.lines {
		sp.add(l.Y...)
		sp.add(l.Low...)
		sp.add(l.High...)
	}
	return sp
}

// panel draws the lines on the axes x and y and names each at its end with its last value.
func (s lineSet) panel(x, y axis) *panel {
	p := &panel{x: x, y: y}
	for _, l := range s.lines {
		p.paints = append(p.paints, l.paintBand)
	}
	for i, l := range s.lines {
		p.paints = append(p.paints, l.paintLine(i, len(s.lines)))
		if k := l.last(); k >= 0 {
			text := l.label
			if text == "" {
				text = l.Name + ": " + y.unit.value(l.Y[k])
			}
			p.ends = append(p.ends, endLabel{x: l.X[k], y: l.Y[k], text: text, face: smallFace, sample: lineSample(l.look), series: l.Name})
		}
	}
	return p
}

// exactAxis spans s without room at its ends, but for a tick that lies just outside; a single point gets room.
func exactAxis(title string, u Unit, s *spanner) axis {
	lo, hi := s.lo, s.hi
	if lo > hi {
		lo, hi = 0, 1
	}
	if lo == hi {
		lo, hi = s.padded(0)
		if s.lo > 0 && (u == Days || u == Count) { // a whole number to either side
			lo, hi = s.lo-1, s.hi+1
		}
	}
	a := axis{title, u, lo, hi}
	// A run of 358 days reads better with the tick at 360.
	if step := a.step(8); u == Days {
		if next := math.Ceil(hi/step) * step; next-hi < 0.03*(hi-lo) {
			a.max = next
		}
	}
	return a
}

// last is the index of the last known value, or -1.
func (l Line) last() int {
	for i := min(len(l.X), len(l.Y)) - 1; i >= 0; i-- {
		if known(l.Y[i]) {
			return i
		}
	}
	return -1
}

// runs calls use with each stretch [from, to) of indices where ok holds.
func runs(n int, ok func(int) bool, use func(from, to int)) {
	for i := 0; i < n; i++ {
		from := i
		for i < n && ok(i) {
			i++
		}
		if i > from {
			use(from, i)
		}
	}
}

// points are the places of (xs[i], ys[i]) for i in [from, to); as steps, each value holds until the next.
func points(c draw.Canvas, p *plot.Plot, xs, ys []float64, from, to int, step bool) []vg.Point {
	tx, ty := p.Transforms(&c)
	var pts []vg.Point
	for i := from; i < to; i++ {
		if step && i > from {
			pts = append(pts, vg.Point{X: tx(xs[i]), Y: ty(ys[i-1])})
		}
		pts = append(pts, vg.Point{X: tx(xs[i]), Y: ty(ys[i])})
	}
	return pts
}

// paintBand fills between low and high; a lone point gets a whisker.
func (l Line) paintBand(c draw.Canvas, p *plot.Plot) {
	tag(c, l.Name, func() { l.fillBand(c, p) })
}

func (l Line) fillBand(c draw.Canvas, p *plot.Plot) {
	ok := func(i int) bool { return interval(l.Low[i], l.High[i]) }
	runs(min(len(l.Low), len(l.High)), ok, func(from, to int) {
		up := points(c, p, l.X, l.High, from, to, l.step)
		down := points(c, p, l.X, l.Low, from, to, l.step)
		if len(up) == 1 {
			whisker(c, up[0], down[0], l.look.color)
			return
		}
		poly := append([]vg.Point{}, up...)
		for i := len(down) - 1; i >= 0; i-- {
			poly = append(poly, down[i])
		}
		c.FillPolygon(faint(l.look.color, 0.16), poly)
	})
}

// paintLine strokes the i-th of n lines and puts markers on it, those of different lines at different places.
func (l Line) paintLine(i, n int) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		tag(c, l.Name, func() { l.strokeLine(c, p, 95*(float64(i)+0.5)/float64(n)) })
	}
}

// strokeLine strokes the line with markers, the first at the horizontal distance first.
func (l Line) strokeLine(c draw.Canvas, p *plot.Plot, first float64) {
	var xs []vg.Point
	ok := func(i int) bool { return known(l.Y[i]) }
	runs(min(len(l.X), len(l.Y)), ok, func(from, to int) {
		pts := points(c, p, l.X, l.Y, from, to, l.step)
		c.StrokeLines(l.look.line(), pts)
		if to == from+1 {
			xs = append(xs, pts[0])
		}
		xs = append(xs, along(pts, 95, first)...)
	})
	for _, pt := range xs {
		l.look.glyph.draw(c, pt, 3.6, l.look.color)
	}
}

// along gives the points at horizontal distances first, first+gap, ... from the start of a line.
func along(pts []vg.Point, gap, first float64) []vg.Point {
	var out []vg.Point
	if len(pts) == 0 {
		return nil
	}
	next := float64(pts[0].X) + first
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		for b.X > a.X && next <= float64(b.X) {
			t := vg.Length(math.Max(0, (next-float64(a.X))/float64(b.X-a.X)))
			out = append(out, vg.Point{X: a.X + t*(b.X-a.X), Y: a.Y + t*(b.Y-a.Y)})
			next += gap
		}
	}
	return out
}
