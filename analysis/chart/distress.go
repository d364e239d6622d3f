package chart

import (
	"slices"
	"sort"
)

// Distress shows how stress is spread over borrowers: the share whose stress reaches each level. Read at the distress
// level, it is the share in distress.
//
// X of the lines is the level on the scale from 0 to 100, Y the share of borrowers at or above it; see Exceedance.
type Distress struct {
	Frame
	Measure  string  // whose distribution it is, such as "Peak stress"; empty: "Peak stress"
	Distress float64 // level from which a borrower is in distress, drawn as a line; 0: none
	Lines    []Line
	Overlay  Overlay
}

// Exceedance gives the share of values at or above each level as a line, levels in the order given, which must not fall.
// Values that are NaN count neither above nor below; without any value the shares are NaN. It does not modify its
// arguments.
func Exceedance(name string, values, levels []float64) Line {
	var vs []float64
	for _, v := range values {
		if v == v {
			vs = append(vs, v)
		}
	}
	slices.Sort(vs)
	l := Line{Name: name, X: slices.Clone(levels)}
	for _, x := range levels {
		above := len(vs) - sort.SearchFloat64s(vs, x)
		l.Y = append(l.Y, float64(above)/float64(len(vs)))
	}
	return l
}

func (c Distress) layout() (*sheet, error) {
	var f faults
	if !(c.Distress >= 0 && c.Distress <= 100) {
		f.add("distress", "must be 0 to 100, got %v", c.Distress)
	}
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	s.shares(&f, "lines", len(c.Lines), c.Overlay)
	if err := f.err(); err != nil {
		return nil, err
	}
	measure := c.Measure
	if measure == "" {
		measure = "Peak stress"
	}
	x := s.spanX()
	if c.Distress > 0 {
		x.add(c.Distress)
		for i, l := range s.lines {
			if v, ok := l.at(c.Distress); ok {
				s.lines[i].label = l.Name + ": " + Percent.value(v) + " in distress"
			}
		}
	}
	p := s.panel(exactAxis(measure+" (scale 0 to 100)", Number, x),
		axisOf("Share of borrowers at or above the level (% of borrowers)", Percent, s.spanY(), true))
	for i := range p.ends {
		p.ends[i].plain = true // the lines all end near 0: a fan of leaders would say nothing
	}
	sh := &sheet{title: measure + " of borrowers by strategy", bands: s.bands, panels: []*panel{p}}
	if c.Distress > 0 {
		p.paints = append([]paint{upright(c.Distress, markLine)}, p.paints...)
		sh.key = []keyItem{{"distress from " + Number.value(c.Distress), strokeSample(markLine)}}
	}
	return sh, nil
}

// at is the line's value at x, between points by a straight line.
func (l Line) at(x float64) (float64, bool) {
	for i := range l.X {
		if l.X[i] == x {
			return l.Y[i], known(l.Y[i])
		}
		if i > 0 && l.X[i-1] < x && x < l.X[i] {
			t := (x - l.X[i-1]) / (l.X[i] - l.X[i-1])
			y := l.Y[i-1] + t*(l.Y[i]-l.Y[i-1])
			return y, known(y)
		}
	}
	return 0, false
}
