package chart

import "fmt"

// Cure shows how long overdue accounts take to cure: Kaplan-Meier curves with the numbers at risk below.
type Cure struct {
	Frame
	Uncured bool // show the share not yet cured (falling) in place of the share cured (rising)
	Curves  []CureCurve
	Overlay CureOverlay
}

// CureOverlay is a second run on the same axes: dashed, without rows in the table. The zero value is no overlay.
type CureOverlay struct {
	Name   string // of the second run, put in brackets behind the names of its curves
	Curves []CureCurve
}

// CureCurve is one strategy's Kaplan-Meier estimate.
//
// Day, Uncured, Low, High and AtRisk are parallel, Day does not fall. Uncured is the survival function, the share not yet
// cured just after Day, in [0, 1]; Low and High are its interval, or both nil. The curve is 1 before the first Day and
// keeps each value until the next. AtRisk is the number of accounts still observed and uncured just before Day; nil: no
// table.
type CureCurve struct {
	Name      string
	Day       []float64
	Uncured   []float64
	Low, High []float64
	AtRisk    []int
}

func (c Cure) layout() (*sheet, error) {
	var f faults
	f.some("curves", len(c.Curves), "curve")
	lines := c.lines(&f, "curves", c.Curves)
	over := Overlay{Name: c.Overlay.Name, Lines: c.lines(&f, "overlay.curves", c.Overlay.Curves), path: "overlay.curves"}
	if err := f.err(); err != nil {
		return nil, err
	}
	s := newLineSet(&f, "curves", lines, over)
	if err := f.err(); err != nil {
		return nil, err
	}
	title, y := "Time to cure by strategy: share of overdue accounts cured", "Share cured (% of accounts that became overdue)"
	if c.Uncured {
		title, y = "Time to cure by strategy: share of overdue accounts not yet cured", "Share not yet cured (% of accounts that became overdue)"
	}
	x := exactAxis("Days since becoming overdue", Days, s.spanX())
	p := s.panel(x, axis{y, Percent, 0, axisOf("", Percent, s.spanY(), true).max})
	p.table = c.table(s)
	return &sheet{title: title, bands: s.bands, panels: []*panel{p}}, nil
}

// lines checks the curves and turns them into step lines.
func (c Cure) lines(f *faults, path string, curves []CureCurve) []Line {
	var ls []Line
	for i, k := range curves {
		k.check(f, fmt.Sprintf("%s[%d]", path, i))
		ls = append(ls, k.line(c.Uncured))
	}
	return ls
}

func (k CureCurve) check(f *faults, path string) {
	f.some(path+".day", len(k.Day), "day")
	f.length(path+".uncured", len(k.Uncured), len(k.Day))
	f.share(path+".uncured", k.Uncured...)
	if k.AtRisk != nil {
		f.length(path+".at_risk", len(k.AtRisk), len(k.Day))
	}
	f.notNegative(path+".day", k.Day...)
}

// line is the curve as a step line that starts at day 0.
func (k CureCurve) line(uncured bool) Line {
	turn := func(v []float64) []float64 {
		if v == nil {
			return nil
		}
		out := append([]float64{}, v...)
		if len(k.Day) > 0 && k.Day[0] > 0 {
			out = append([]float64{1}, out...)
		}
		for i, x := range out {
			if !uncured {
				out[i] = 1 - x
			}
		}
		return out
	}
	l := Line{Name: k.Name, X: k.Day, Y: turn(k.Uncured), Low: turn(k.Low), High: turn(k.High), step: true}
	if !uncured {
		l.Low, l.High = l.High, l.Low
	}
	if len(k.Day) > 0 && k.Day[0] > 0 {
		l.X = append([]float64{0}, k.Day...)
	}
	return l
}

// atRisk is the number at risk just before day x: that of the first listed day from x on. After the last listed day it is
// not known.
func (k CureCurve) atRisk(x float64) string {
	for i, d := range k.Day {
		if d >= x-1e-9 {
			return fixed(float64(k.AtRisk[i]), 0)
		}
	}
	return ""
}

func (c Cure) table(s lineSet) *table {
	t := &table{title: "Accounts still overdue and observed"}
	var curves []CureCurve
	for i, k := range c.Curves {
		if k.AtRisk != nil {
			t.names, t.looks = append(t.names, k.Name), append(t.looks, s.lines[i].look)
			curves = append(curves, k)
		}
	}
	if len(curves) == 0 {
		return nil
	}
	t.cell = func(i int, x float64) string { return curves[i].atRisk(x) }
	return t
}
