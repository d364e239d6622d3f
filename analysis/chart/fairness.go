package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Fairness shows, group by group, how far an outcome lies from that of a reference group or of all borrowers.
type Fairness struct {
	Frame
	Outcome   string // axis title, with unit
	Unit      Unit
	Reference string   // group or population at 0, such as "all borrowers"
	Groups    []string // names, with their dimension if there are several: "region: rural"
	Series    []FairnessSeries
}

// FairnessSeries is one strategy's gaps.
type FairnessSeries struct {
	Name string
	Gaps []Interval // parallel to Groups; a NaN value: not known
}

func (c Fairness) layout() (*sheet, error) {
	var f faults
	span, bands := c.check(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	x := axisOf("Gap in "+c.Outcome+", "+c.Reference+" = 0", c.Unit.difference(), span, true)
	if x.min == 0 || x.max == 0 {
		pad := 0.06 * (x.max - x.min)
		x.min, x.max = min(x.min, -pad), max(x.max, pad)
	}
	p := rowsPanel("Group", c.Groups, x)
	p.rowTall = max(rowHeight, vg.Length(len(c.Series))*12/0.82)
	p.paints = append(p.paints, stripes(len(c.Groups)), upright(0, zeroLine))
	s := &sheet{title: "Gaps between groups by strategy", bands: bands, panels: []*panel{p}}
	for i, k := range c.Series {
		for g, v := range k.Gaps {
			d := dots(g, i, len(c.Series), v, lookOf(i))
			p.paints = append(p.paints, func(cv draw.Canvas, p *plot.Plot) { tag(cv, k.Name, func() { d(cv, p) }) })
		}
		s.key = append(s.key, keyItem{k.Name, pointSample(lookOf(i))})
	}
	return s, nil
}

func (c Fairness) check(f *faults) (span *spanner, bands string) {
	span = newSpanner()
	if c.Outcome == "" {
		f.add("outcome", "must not be empty, give name and unit")
	}
	if c.Reference == "" {
		f.add("reference", "must not be empty, say what lies at 0")
	}
	f.some("groups", len(c.Groups), "group")
	f.names("groups", "", c.Groups)
	f.some("series", len(c.Series), "strategy")
	var names []string
	for i, k := range c.Series {
		names = append(names, k.Name)
		f.length(fmt.Sprintf("series[%d].gaps", i), len(k.Gaps), len(c.Groups))
		for g, v := range k.Gaps {
			f.interval(fmt.Sprintf("series[%d].gaps[%d]", i, g), v)
			span.add(v.Value, v.Low, v.High)
			if v.has() {
				bands = "Whiskers"
			}
		}
	}
	f.names("series", "name", names)
	return span, bands
}
