package chart

import "errors"

// Queue shows the work waiting and the use of the teams over time, in two panels over the same days.
//
// X of all lines is days from the start of the run.
type Queue struct {
	Frame
	Waiting     []Line // cases waiting at the end of the day, not negative
	Utilisation []Line // fraction of capacity used; over 1 is overtime
	WaitingUnit string // of Waiting; empty: "cases"
	Overlay     QueueOverlay
}

// QueueOverlay is a second run in the same panels, dashed. The zero value is no overlay.
type QueueOverlay struct {
	Name                 string // of the second run, put in brackets behind the names of its lines
	Waiting, Utilisation []Line
}

func (c Queue) layout() (*sheet, error) {
	var fw, fu faults
	w := newLineSet(&fw, "waiting", c.Waiting, Overlay{c.Overlay.Name, c.Overlay.Waiting, "overlay.waiting"})
	u := newLineSet(&fu, "utilisation", c.Utilisation, Overlay{c.Overlay.Name, c.Overlay.Utilisation, "overlay.utilisation"})
	if err := errors.Join(fw.err(), fu.err()); err != nil {
		return nil, err
	}
	unit := c.WaitingUnit
	if unit == "" {
		unit = "cases"
	}
	u.lookLike(w)
	x := w.spanX()
	x.add(u.spanX().lo, u.spanX().hi)
	top := w.panel(exactAxis("", Days, x), axisOf("Waiting at the end of the day ("+unit+")", Number, w.spanY(), true))
	span := u.spanY()
	span.add(1)
	low := u.panel(exactAxis("Days from start", Days, x), axisOf("Utilisation (% of capacity)", Percent, span, true))
	low.y.max = max(low.y.max, 1.03)
	low.paints = append([]paint{level(1, markLine)}, low.paints...)
	low.ends = append(low.ends, low.edge(1, "full capacity", markLine))
	top.tall, low.tall = 100, 100
	s := &sheet{title: "Work waiting and use of the teams over time", bands: w.bands, panels: []*panel{top, low}, shared: true}
	if s.bands == "" {
		s.bands = u.bands
	}
	return s, nil
}

// lookLike gives lines the looks of those of o with the same names.
func (s *lineSet) lookLike(o lineSet) {
	for i := range s.lines {
		for _, l := range o.lines {
			if l.Name == s.lines[i].Name {
				s.lines[i].look = l.look
			}
		}
	}
}
