package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// CostWaterfall shows what each strategy's cost is made of: one bar a strategy, its kinds of cost stacked, the total behind.
type CostWaterfall struct {
	Frame
	Unit  string   // such as "CNY per account"
	Parts []string // kinds of cost: messages, calls, travel, waived interest, ...
	Bars  []CostBar
}

// CostBar is the cost of one strategy.
type CostBar struct {
	Name  string
	Costs []float64 // parallel to Parts, not negative; NaN: not known, left out
	Total Interval  // printed behind the bar, with its whisker; a NaN value: the sum of Costs
}

func (c CostWaterfall) layout() (*sheet, error) {
	var f faults
	span, bands := c.check(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	x := axisOf("Cost of collection ("+c.Unit+")", Number, span, true)
	names := make([]string, len(c.Bars))
	for i, b := range c.Bars {
		names[i] = b.Name
	}
	p := rowsPanel("Strategy", names, x)
	for i, b := range c.Bars {
		p.paints = append(p.paints, b.paint(i))
		p.ends = append(p.ends, rowValue(i, Number.withRange(b.total())))
	}
	s := &sheet{title: "Cost of collection by kind and strategy", panels: []*panel{p}, note: "Behind each bar: total."}
	if bands {
		s.bands = "Whiskers and brackets"
	}
	for k, n := range c.Parts {
		s.key = append(s.key, keyItem{n, fillSample(fillingOf(k))})
	}
	return s, nil
}

func (c CostWaterfall) check(f *faults) (span *spanner, bands bool) {
	span = newSpanner()
	if c.Unit == "" {
		f.add("unit", "must not be empty, name the money and the base, such as \"CNY per account\"")
	}
	f.some("parts", len(c.Parts), "kind of cost")
	f.names("parts", "", c.Parts)
	f.some("bars", len(c.Bars), "strategy")
	var names []string
	for i, b := range c.Bars {
		path := fmt.Sprintf("bars[%d]", i)
		names = append(names, b.Name)
		f.length(path+".costs", len(b.Costs), len(c.Parts))
		f.notInf(path+".costs", b.Costs...)
		f.notNegative(path+".costs", b.Costs...)
		f.interval(path+".total", b.Total)
		t := b.total()
		span.add(t.Value, t.High, sum(b.Costs))
		bands = bands || t.has()
	}
	f.names("bars", "name", names)
	return span, bands
}

// sum adds the known values.
func sum(vs []float64) float64 {
	s := 0.0
	for _, v := range vs {
		if known(v) {
			s += v
		}
	}
	return s
}

func (b CostBar) total() Interval {
	if !known(b.Total.Value) {
		return Exact(sum(b.Costs))
	}
	return b.Total
}

// paint draws the bar as row i.
func (b CostBar) paint(i int) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		x := 0.0
		for k, v := range b.Costs {
			if known(v) {
				fillingOf(k).fill(c, lane(c, p, i, 0, 1, x, x+v))
				x += v
			}
		}
		if t := b.total(); t.has() {
			y := c.Y(p.Y.Norm(float64(i)))
			whisker(c, vg.Point{X: c.X(p.X.Norm(t.Low)), Y: y}, vg.Point{X: c.X(p.X.Norm(t.High)), Y: y}, ink)
		}
	}
}
