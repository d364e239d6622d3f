package chart

import "fmt"

// Direction says which way an outcome is better.
type Direction int

const (
	Unknown Direction = iota // not said; differences are not coloured
	Higher                   // more is better
	Lower                    // less is better
)

// Forest shows the paired difference of each strategy to a reference with its interval.
type Forest struct {
	Frame
	Outcome   string // axis title, with unit
	Unit      Unit   // of the outcome; a difference of shares is printed in percentage points
	Better    Direction
	Reference string // the strategy the others are compared with
	Rows      []ForestRow
}

// ForestRow is one strategy minus the reference.
type ForestRow struct {
	Name       string
	Difference Interval
	Joint      Interval // its interval adjusted for all comparisons, drawn thinner and wider; NaN ends: none
}

func (c Forest) layout() (*sheet, error) {
	var f faults
	if c.Outcome == "" {
		f.add("outcome", "must not be empty, give name and unit")
	}
	if c.Reference == "" {
		f.add("reference", "must not be empty, name the strategy compared with")
	}
	span := newSpanner()
	f.some("rows", len(c.Rows), "comparison")
	var names []string
	for i, r := range c.Rows {
		path := fmt.Sprintf("rows[%d]", i)
		names = append(names, r.Name)
		f.interval(path+".difference", r.Difference)
		f.interval(path+".joint", r.Joint)
		span.add(r.Difference.Value, r.Difference.Low, r.Difference.High, r.Joint.Low, r.Joint.High)
	}
	f.names("rows", "name", names)
	if err := f.err(); err != nil {
		return nil, err
	}
	return c.sheet(names, span), nil
}

func (c Forest) sheet(names []string, span *spanner) *sheet {
	u := c.Unit.difference()
	x := axisOf("Difference in "+c.Outcome+", "+c.Reference+" = 0", u, span, true)
	if x.min == 0 || x.max == 0 { // room beside the reference line
		pad := 0.06 * (x.max - x.min)
		x.min, x.max = min(x.min, -pad), max(x.max, pad)
	}
	p := rowsPanel("Strategy", names, x)
	p.rowTall = 30
	p.paints = append(p.paints, stripes(len(names)), upright(0, zeroLine))
	s := &sheet{title: "Paired differences to " + c.Reference, panels: []*panel{p}}
	verdicts := map[verdict]bool{}
	for i, r := range c.Rows {
		v := c.verdict(r)
		verdicts[v] = true
		if r.Joint.has() {
			p.paints = append(p.paints, dots(i, 0, 1, Interval{r.Difference.Value, r.Joint.Low, r.Joint.High}, look{rule, nil, v.look().glyph}))
		}
		p.paints = append(p.paints, dotsWide(i, 0, 1, r.Difference, v.look(), 2.6))
		p.ends = append(p.ends, rowValue(i, u.signedRange(r.Difference)))
		if r.Difference.has() || r.Joint.has() {
			s.bands = "Bars"
		}
		if r.Joint.has() {
			s.note = "Thin grey: interval adjusted for all comparisons at once."
		}
	}
	for _, v := range []verdict{better, worse, different, open} {
		if verdicts[v] {
			s.key = append(s.key, keyItem{v.text(), pointSample(v.look())})
		}
	}
	return s
}

// difference is the unit of a difference of values of unit u.
func (u Unit) difference() Unit {
	if u == Percent {
		return Points
	}
	return u
}

// verdict is what an interval says about a difference.
type verdict int

const (
	open verdict = iota
	different
	better
	worse
)

// verdict judges by the adjusted interval if there is one.
func (c Forest) verdict(r ForestRow) verdict {
	v := r.Difference
	if r.Joint.has() {
		v.Low, v.High = r.Joint.Low, r.Joint.High
	}
	switch {
	case !v.has() || v.Low <= 0 && v.High >= 0:
		return open
	case c.Better == Unknown:
		return different
	case (v.Low > 0) == (c.Better == Higher):
		return better
	}
	return worse
}

func (v verdict) text() string {
	return [...]string{"interval holds 0, or is not known", "interval without 0", "better than the reference", "worse than the reference"}[v]
}

func (v verdict) look() look {
	return [...]look{
		{softInk, nil, glyph{4, 45, true}},
		{palette[0], nil, glyph{4, 45, false}},
		{good, nil, glyph{24, 0, false}},
		{bad, nil, glyph{4, 0, false}},
	}[v]
}
