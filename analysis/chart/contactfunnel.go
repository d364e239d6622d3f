package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ContactFunnel shows how many contacts reach each stage, from the attempt to the kept promise, by strategy.
type ContactFunnel struct {
	Frame
	Unit   string   // of the counts, such as "contacts per 100 accounts"
	Stages []string // in order: attempted, delivered, right party reached, promise made, promise kept, ...
	Counts []FunnelCount
}

// FunnelCount is one strategy's counts.
type FunnelCount struct {
	Name  string
	Count []float64 // parallel to Stages, not negative; NaN: not known
}

func (c ContactFunnel) layout() (*sheet, error) {
	var f faults
	span := c.check(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	x := axisOf("Number ("+c.Unit+")", Number, span, true)
	x.max = span.hi / (1 - c.room(c.texts())) // for the numbers behind the bars
	if x.max == 0 {
		x.max = 1
	}
	p := rowsPanel("Stage of contact", c.Stages, x)
	p.rowTall = max(rowHeight, vg.Length(len(c.Counts))*15/0.82)
	p.paints = append(p.paints, stripes(len(c.Stages)))
	s := &sheet{
		title: "Contact funnel by strategy", panels: []*panel{p},
		note: "Behind each bar: number, and share of the stage above.",
	}
	for i, k := range c.Counts {
		p.paints = append(p.paints, k.paint(i, len(c.Counts)))
		s.key = append(s.key, keyItem{k.Name, fillSample(fillingOf(i))})
	}
	return s, nil
}

// check notes faults and gives the range of the counts.
func (c ContactFunnel) check(f *faults) *spanner {
	span := newSpanner()
	if c.Unit == "" {
		f.add("unit", "must not be empty, such as \"contacts per 100 accounts\"")
	}
	f.some("stages", len(c.Stages), "stage")
	f.names("stages", "", c.Stages)
	f.some("counts", len(c.Counts), "strategy")
	var names []string
	for i, k := range c.Counts {
		path := fmt.Sprintf("counts[%d].count", i)
		names = append(names, k.Name)
		f.length(path, len(k.Count), len(c.Stages))
		f.notInf(path, k.Count...)
		f.notNegative(path, k.Count...)
		span.add(k.Count...)
	}
	f.names("counts", "name", names)
	return span
}

// paint draws the strategy's bars in lane i of n of every stage.
func (k FunnelCount) paint(i, n int) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		for s, v := range k.Count {
			if !known(v) {
				continue
			}
			r := lane(c, p, s, i, n, 0, v)
			tag(c, k.Name, func() {
				fillingOf(i).fill(c, r)
				smallFace.drawMiddle(c, r.Max.X+4, (r.Min.Y+r.Max.Y)/2, left, []string{k.text(s)})
			})
		}
	}
}

// text is the number of stage s, with its share of the stage above.
func (k FunnelCount) text(s int) string {
	t := Number.value(k.Count[s])
	if s > 0 && k.Count[s-1] > 0 {
		t += " (" + fixed(100*k.Count[s]/k.Count[s-1], 0) + "%)"
	}
	return t
}

func (c ContactFunnel) texts() []string {
	var ts []string
	for _, k := range c.Counts {
		for s := range k.Count {
			ts = append(ts, k.text(s))
		}
	}
	return ts
}
