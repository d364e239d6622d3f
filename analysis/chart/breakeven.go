package chart

import (
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
	Difference []Line   // usually one; Y with its interval
	Crossing   Interval // X where the difference is zero; a NaN value: it is not crossed, or not known
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
	f.interval("crossing", c.Crossing)
	s := newLineSet(&f, "difference", c.Difference, Overlay{})
	if err := f.err(); err != nil {
		return nil, err
	}
	x := s.spanX()
	x.add(c.Crossing.Value, c.Crossing.Low, c.Crossing.High)
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

// mark draws the crossing and its interval and names both.
func (c BreakEven) mark(sh *sheet, p *panel) {
	v := c.Crossing
	if !known(v.Value) {
		sh.note += " No break-even in this range."
		return
	}
	marks := []paint{upright(v.Value, markLine)}
	if v.has() {
		marks = append([]paint{columnBand(v.Low, v.High)}, marks...)
		sh.bands = "Shaded"
	}
	p.paints = append(marks, p.paints...)
	sh.key = append(sh.key, keyItem{"break-even at " + c.InputUnit.withRange(v), strokeSample(markLine)})
}

// columnBand shades the columns between two x.
func columnBand(low, high float64) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		c.SetColor(faint(rule, 0.25))
		a, b := c.X(p.X.Norm(low)), c.X(p.X.Norm(high))
		c.Fill(vg.Rectangle{Min: vg.Point{X: a, Y: c.Min.Y}, Max: vg.Point{X: b, Y: c.Max.Y}}.Path())
	}
}
