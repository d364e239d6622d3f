package chart

import "fmt"

// Vintage shows vintage curves: the share of new loans that was ever overdue, by months on book. Lines are strategies,
// or the vintages of one strategy.
//
// X is months on book, from 0; Y, Low, High are fractions of the loans in [0, 1].
type Vintage struct {
	Frame
	DPD      int    // days past due from which a loan counts as overdue, at least 1
	Strategy string // whose vintages the lines are; empty: the lines are strategies, with all vintages together
	Lines    []Line
	Overlay  Overlay
}

func (c Vintage) layout() (*sheet, error) {
	var f faults
	if c.DPD < 1 {
		f.add("dpd", "must be at least 1, got %d", c.DPD)
	}
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	s.shares(&f, "lines", len(c.Lines), c.Overlay)
	for i, l := range c.Lines {
		f.notNegative(fmt.Sprintf("lines[%d].x", i), l.X...)
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	title := "New loans that were ever " + dpdText(c.DPD) + ", by strategy"
	if c.Strategy != "" {
		title = "New loans that were ever " + dpdText(c.DPD) + ", by month of opening: " + c.Strategy
	}
	p := s.panel(exactAxis("Months on book", Count, s.spanX()), axisOf("Share ever "+dpdText(c.DPD)+" (% of loans)", Percent, s.spanY(), true))
	return &sheet{title: title, bands: s.bands, panels: []*panel{p}}, nil
}
