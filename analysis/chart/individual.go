package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
)

// Individual shows, for the same borrowers under two strategies, how many are helped, unaffected and harmed.
type Individual struct {
	Frame
	Outcome   string // in which they are helped or harmed, such as "amount repaid"
	Reference string // the strategy the others are compared with
	Bars      []IndividualBar
}

// IndividualBar is one strategy against the reference: fractions of borrowers that sum to 1.
type IndividualBar struct {
	Name                       string
	Helped, Unaffected, Harmed float64
}

var (
	helpedFill     = filling{good, 0}
	unaffectedFill = filling{blend(grid, rule, 0.25), 0}
	harmedFill     = filling{bad, 2}
)

func (c Individual) layout() (*sheet, error) {
	var f faults
	if c.Outcome == "" {
		f.add("outcome", "must not be empty, say in what borrowers are helped or harmed")
	}
	if c.Reference == "" {
		f.add("reference", "must not be empty, name the strategy compared with")
	}
	f.some("bars", len(c.Bars), "strategy")
	var names []string
	for i, b := range c.Bars {
		path := fmt.Sprintf("bars[%d]", i)
		names = append(names, b.Name)
		f.finite(path, b.Helped, b.Unaffected, b.Harmed)
		f.share(path, b.Helped, b.Unaffected, b.Harmed)
		if s := b.Helped + b.Unaffected + b.Harmed; math.Abs(s-1) > 1e-6 {
			f.add(path, "helped, unaffected and harmed must sum to 1, got %v", s)
		}
	}
	f.names("bars", "name", names)
	if err := f.err(); err != nil {
		return nil, err
	}
	p := rowsPanel("Strategy", names, axis{"Borrowers (%)", Percent, 0, 1})
	for i, b := range c.Bars {
		p.paints = append(p.paints, b.paint(i))
		p.ends = append(p.ends, rowValue(i, fmt.Sprintf("%s / %s", Percent.value(b.Helped), Percent.value(b.Harmed))))
	}
	return &sheet{
		title: "Who is helped and who is harmed: " + c.Outcome,
		note:  "The same borrowers under each strategy and under " + c.Reference + ". Behind each bar: helped / harmed.",
		key: []keyItem{
			{"helped", fillSample(helpedFill)}, {"unaffected", fillSample(unaffectedFill)}, {"harmed", fillSample(harmedFill)},
		},
		panels: []*panel{p},
	}, nil
}

func (b IndividualBar) paint(i int) paint {
	return func(c draw.Canvas, p *plot.Plot) {
		x := 0.0
		for k, v := range []float64{b.Helped, b.Unaffected, b.Harmed} {
			r := lane(c, p, i, 0, 1, x, x+v)
			[]filling{helpedFill, unaffectedFill, harmedFill}[k].fill(c, r)
			x += v
		}
	}
}
