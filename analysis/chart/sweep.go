package chart

import "math"

// Sweep shows an outcome over the values of one swept input, one line per strategy.
type Sweep struct {
	Frame
	Input     string // axis title of X, with unit
	Outcome   string // axis title of Y, with unit
	InputUnit Unit
	LogInput  bool // X on a logarithmic scale, if all values and the base are above 0
	Unit      Unit
	Base      float64 // value of the input in the base scenario, marked; NaN: not marked
	Lines     []Line
	Overlay   Overlay
}

func (c Sweep) layout() (*sheet, error) {
	var f faults
	for _, t := range []struct{ path, v string }{{"input", c.Input}, {"outcome", c.Outcome}} {
		if t.v == "" {
			f.add(t.path, "must not be empty, give name and unit")
		}
	}
	f.notInf("base", c.Base)
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	if err := f.err(); err != nil {
		return nil, err
	}
	x, y := s.spanX(), s.spanY()
	x.add(c.Base)
	base, log := c.Base, c.LogInput && x.lo > 0 && x.lo < x.hi
	along := exactAxis(c.Input, c.InputUnit, x)
	if log {
		s.logX()
		along.min, along.max, base = math.Log10(x.lo), math.Log10(x.hi), math.Log10(base)
	}
	p := s.panel(along, axisOf(c.Outcome, c.Unit, y, y.lo > 0 && y.lo < y.hi/2))
	p.logX = log
	sh := &sheet{title: "Outcome over the range of one input, by strategy", bands: s.bands, panels: []*panel{p}}
	if !math.IsNaN(base) {
		p.paints = append([]paint{upright(base, markLine)}, p.paints...)
		sh.key = []keyItem{{"base scenario: " + c.InputUnit.value(c.Base), strokeSample(markLine)}}
	}
	if y.lo < 0 && y.hi > 0 {
		p.paints = append([]paint{level(0, zeroLine)}, p.paints...)
	}
	return sh, nil
}

// logX puts common logarithms in place of the X of all lines.
func (s lineSet) logX() {
	for i, l := range s.lines {
		x := make([]float64, len(l.X)) // the caller's stays
		for k, v := range l.X {
			x[k] = math.Log10(v)
		}
		s.lines[i].X = x
	}
}
