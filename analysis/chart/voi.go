package chart

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// ValueOfInformation shows what it would be worth to know inputs exactly before deciding.
type ValueOfInformation struct {
	Frame
	Unit string   // such as "CNY per account"
	All  Interval // expected value of perfect information on all inputs at once (EVPI); a NaN value: not drawn
	Bars []VOIBar // expected value of perfect information on one input or group of inputs (EVPPI)
	Over Line     // EVPI against the worth of a unit of effect, in a second panel; no X: none
	Axis string   // axis title of Over's X, with unit
}

// VOIBar is one input or group of inputs.
type VOIBar struct {
	Input string
	Value Interval
}

func (c ValueOfInformation) layout() (*sheet, error) {
	var f faults
	span, bands := c.check(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	s := &sheet{title: "What better information would be worth", bands: bands}
	if len(c.Bars) > 0 {
		s.panels = append(s.panels, c.bars(span))
		if known(c.All.Value) {
			s.key = []keyItem{{"all inputs known: " + Number.withRange(c.All), strokeSample(markLine)}}
		}
	}
	if len(c.Over.X) > 0 {
		var f faults
		over := c.Over
		over.label = over.Name
		set := newLineSet(&f, "over", []Line{over}, Overlay{})
		s.panels = append(s.panels, set.panel(exactAxis(c.Axis, Number, set.spanX()),
			axisOf("Value of knowing all inputs ("+c.Unit+")", Number, set.spanY(), true)))
	}
	return s, nil
}

func (c ValueOfInformation) check(f *faults) (span *spanner, bands string) {
	span = newSpanner()
	if c.Unit == "" {
		f.add("unit", "must not be empty, name the money and the base, such as \"CNY per account\"")
	}
	if len(c.Bars) == 0 && len(c.Over.X) == 0 {
		f.add("bars", "empty, needs at least one input (or over.x)")
	}
	var names []string
	for i, b := range c.Bars {
		path := fmt.Sprintf("bars[%d]", i)
		names = append(names, b.Input)
		f.interval(path+".value", b.Value)
		span.add(b.Value.Value, b.Value.Low, b.Value.High)
		if b.Value.has() {
			bands = "Whiskers and brackets"
		}
	}
	f.names("bars", "input", names)
	f.interval("all", c.All)
	span.add(c.All.Value)
	if len(c.Over.X) > 0 {
		f.names("over", "name", []string{c.Over.Name})
		c.Over.check(f, "over")
		if c.Axis == "" {
			f.add("axis", "must not be empty if over is given, name its x values and their unit")
		}
		if c.Over.banded() && bands == "" {
			bands = "Shaded"
		}
	}
	return span, bands
}

// bars is the panel of single inputs, the most valuable on top.
func (c ValueOfInformation) bars(span *spanner) *panel {
	bars := slices.Clone(c.Bars)
	slices.SortStableFunc(bars, func(a, b VOIBar) int { return cmp.Compare(b.Value.Value, a.Value.Value) })
	var names []string
	for _, b := range bars {
		names = append(names, b.Input)
	}
	p := rowsPanel("Input known exactly", names, axisOf("Expected value of the information ("+c.Unit+")", Number, span, true))
	if known(c.All.Value) {
		p.paints = append(p.paints, upright(c.All.Value, markLine))
	}
	for i, b := range bars {
		p.paints = append(p.paints, barRow(i, b.Value, filling{color: palette[0]}))
		p.ends = append(p.ends, rowValue(i, Number.withRange(b.Value)))
	}
	return p
}

// barRow draws one bar from 0 with its whisker in row i.
func barRow(i int, v Interval, fill filling) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		if !known(v.Value) {
			return
		}
		fill.fill(c, lane(c, p, i, 0, 1, 0, v.Value))
		if v.has() {
			whisker(c, place(c, p, v.Low, float64(i)), place(c, p, v.High, float64(i)), ink)
		}
	}
}
