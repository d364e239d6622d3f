package chart

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BreakEven shows the difference between two strategies over one input, and where it crosses zero.
type BreakEven struct {
	Frame
	Input      string // axis title of X, with unit
	Outcome    string // axis title of Y, with unit
	InputUnit  Unit
	Unit       Unit
	Challenger string // its outcome minus Champion's is the difference
	Champion   string
	Difference []Line     // usually one; Y with its interval
	Crossings  []Crossing // X where the difference is zero; none: it is not crossed, or not known
}

// Crossing is where a line crosses zero, with its interval. An open end goes on past Low or High, beyond what the line
// can tell.
type Crossing struct {
	Interval
	LowOpen, HighOpen bool
}

// text is the crossing for a reader.
func (v Crossing) text(u Unit) string {
	s := u.withRange(v.Interval)
	if v.LowOpen {
		s = strings.Replace(s, " (", " (below ", 1)
	}
	if v.HighOpen {
		s = strings.Replace(s, " to ", " to above ", 1)
	}
	return s
}

func (c BreakEven) layout() (*sheet, error) {
	var f faults
	for _, t := range []struct{ path, v string }{
		{"input", c.Input}, {"outcome", c.Outcome}, {"challenger", c.Challenger}, {"champion", c.Champion},
	} {
		if t.v == "" {
			f.add(t.path, "must not be empty")
		}
	}
	for i, v := range c.Crossings {
		path := fmt.Sprintf("crossings[%d]", i)
		f.finite(path+".value", v.Value)
		f.interval(path, v.Interval)
	}
	s := newLineSet(&f, "difference", c.Difference, Overlay{})
	if err := f.err(); err != nil {
		return nil, err
	}
	x := s.spanX()
	for _, v := range c.Crossings {
		x.add(v.Value, v.Low, v.High)
	}
	p := s.panel(exactAxis(c.Input, c.InputUnit, x), axisOf("Difference in "+c.Outcome, c.Unit.difference(), s.spanY(), true))
	p.paints = append([]paint{level(0, zeroLine)}, p.paints...)
	sh := &sheet{
		title:  "Break-even: " + c.Challenger + " minus " + c.Champion,
		note:   "Above 0, " + c.Challenger + " has more.",
		bands:  s.bands,
		panels: []*panel{p},
	}
	c.mark(sh, p)
	return sh, nil
}

// mark draws the crossings and their intervals and names them all.
func (c BreakEven) mark(sh *sheet, p *panel) {
	if len(c.Crossings) == 0 {
		sh.note += " No break-even in this range."
		return
	}
	var under, lines []paint
	for _, v := range c.Crossings {
		if v.has() {
			under = append(under, columnBand(v.Low, v.High))
			sh.bands = "Shaded"
		}
		lines = append(lines, upright(v.Value, markLine))
		sh.key = append(sh.key, keyItem{"break-even at " + v.text(c.InputUnit), strokeSample(markLine)})
	}
	p.paints = append(append(under, lines...), p.paints...)
}

// columnBand shades the columns between two x.
func columnBand(low, high float64) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		c.SetColor(faint(rule, 0.25))
		a, b := c.X(p.X.Norm(low)), c.X(p.X.Norm(high))
		c.Fill(vg.Rectangle{Min: vg.Point{X: a, Y: c.Min.Y}, Max: vg.Point{X: b, Y: c.Max.Y}}.Path())
	}
}
