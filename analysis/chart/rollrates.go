package chart

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// RollRates shows the probability of rolling from each bucket to each other as a heat map with the numbers in the cells.
type RollRates struct {
	Frame
	Strategy string      // whose rates they are, for the title; may be empty
	Period   string      // "month" if empty
	From, To []string    // names of the buckets
	Rates    [][]float64 // [from][to], fractions in [0, 1]; rows sum to 1, or are all NaN for a bucket never occupied
}

func (c RollRates) layout() (*sheet, error) {
	var f faults
	f.some("from", len(c.From), "bucket")
	f.some("to", len(c.To), "bucket")
	f.names("from", "", c.From)
	f.names("to", "", c.To)
	f.length("rates", len(c.Rates), len(c.From))
	for i, r := range c.Rates {
		checkRates(&f, fmt.Sprintf("rates[%d]", i), r, len(c.To))
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	period := c.Period
	if period == "" {
		period = "month"
	}
	title := "Roll rates within one " + period
	if c.Strategy != "" {
		title += ": " + c.Strategy
	}
	p := gridPanel("Bucket at the start of the "+period+"; numbers are % of its accounts", c.From,
		"Bucket at the end of the "+period, c.To, c.cell)
	return &sheet{title: title, panels: []*panel{p}}, nil
}

// checkRates notes what is wrong with one row of rates.
func checkRates(f *faults, path string, r []float64, n int) {
	f.length(path, len(r), n)
	f.notInf(path, r...)
	f.share(path, r...)
	sum := 0.0
	for _, v := range r {
		sum += v
	}
	if known(r...) && !(math.Abs(sum-1) < 1e-6) {
		f.add(path, "must sum to 1 or be all NaN, got %v", sum)
	}
}

func (c RollRates) cell(cv draw.Canvas, r vg.Rectangle, i, k int) {
	v := c.Rates[i][k]
	if math.IsNaN(v) {
		fillCell(cv, r, grid)
		textIn(cv, r, smallFace.in(softInk), "–")
		return
	}
	col := heat(math.Sqrt(v)) // the root lets small rates, where the decisions lie, differ
	fillCell(cv, r, col)
	if c.From[i] == c.To[k] { // staying
		in := vg.Point{X: 2, Y: 2}
		box := vg.Rectangle{Min: r.Min.Add(in), Max: r.Max.Sub(in)}
		cv.StrokeLines(draw.LineStyle{Color: inkOn(col), Width: 1}, outline(box))
	}
	f := smallFace.in(inkOn(col))
	s := fixed(v*100, 1)
	if f.width(s)+4 > r.Max.X-r.Min.X {
		s = fixed(v*100, 0)
	}
	textIn(cv, r, f, s)
}
