package chart

// Stress shows the mean stress of borrowers over time, one line per strategy.
//
// The axis of levels need not begin at 0: borrowers are never at 0, and differences are small beside the
// level. With Caused it includes 0, no effect.
//
// X is days from the start of the run; Y, Low, High are mean stress on the model's scale from 0 to 100.
type Stress struct {
	Frame
	Caused   bool    // values are differences to the same borrowers' life without contact
	Distress float64 // level at and above which a borrower is in distress, drawn as a line; 0: none
	Lines    []Line
	Overlay  Overlay
}

func (c Stress) layout() (*sheet, error) {
	var f faults
	if !(c.Distress >= 0 && c.Distress <= 100) {
		f.add("distress", "must be 0 to 100, got %v", c.Distress)
	}
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	if err := f.err(); err != nil {
		return nil, err
	}
	title, axisTitle := "Mean stress of borrowers over time by strategy", "Mean stress of borrowers (scale 0 to 100)"
	if c.Caused {
		title, axisTitle = "Stress that collection causes, by strategy", "Mean stress less that of the same borrowers without contact (points)"
	}
	span := s.spanY()
	if c.Distress > 0 {
		span.add(c.Distress)
	}
	p := s.panel(exactAxis("Days from start", Days, s.spanX()),
		axisOf(axisTitle, Number, span, c.Caused))
	if c.Distress > 0 {
		p.paints = append([]paint{level(c.Distress, markLine)}, p.paints...)
		p.ends = append(p.ends, p.edge(c.Distress, "distress from here up", markLine))
	}
	return &sheet{title: title, bands: s.bands, panels: []*panel{p}}, nil
}
