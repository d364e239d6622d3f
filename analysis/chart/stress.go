package chart

// Stress shows the mean stress of borrowers over time, one line per strategy.
//
// X is days from the start of the run; Y, Low, High are mean stress on the model's scale from 0 to 100.
type Stress struct {
	Frame
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
	span := s.spanY()
	if c.Distress > 0 {
		span.add(c.Distress)
	}
	p := s.panel(exactAxis("Days from start", Days, s.spanX()),
		axisOf("Mean stress of borrowers (scale 0 to 100)", Number, span, true))
	if c.Distress > 0 {
		p.paints = append([]paint{level(c.Distress, markLine)}, p.paints...)
		p.ends = append(p.ends, p.edge(c.Distress, "distress from here up", markLine))
	}
	return &sheet{title: "Mean stress of borrowers over time by strategy", bands: s.bands, panels: []*panel{p}}, nil
}
