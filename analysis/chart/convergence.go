package chart

// Convergence shows how the running mean of an outcome settles as replications are added.
type Convergence struct {
	Frame
	Outcome string // axis title, with unit
	Unit    Unit
	Needed  float64 // replications at which the wanted precision is reached, marked; 0: not marked
	Lines   []Line  // X: replications so far; Y: running mean, with its interval
	Overlay Overlay
}

func (c Convergence) layout() (*sheet, error) {
	var f faults
	if c.Outcome == "" {
		f.add("outcome", "must not be empty, give name and unit")
	}
	f.finite("needed", c.Needed)
	f.notNegative("needed", c.Needed)
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	if err := f.err(); err != nil {
		return nil, err
	}
	x := s.spanX()
	if c.Needed > 0 {
		x.add(c.Needed)
	}
	p := s.panel(exactAxis("Replications", Count, x), axisOf("Running mean of "+c.Outcome, c.Unit, s.spanY(), false))
	sh := &sheet{title: "Have there been enough replications?", bands: s.bands, panels: []*panel{p}}
	if c.Needed > 0 {
		p.paints = append([]paint{upright(c.Needed, markLine)}, p.paints...)
		sh.key = []keyItem{{"wanted precision reached at " + Number.value(c.Needed), strokeSample(markLine)}}
	}
	return sh, nil
}
