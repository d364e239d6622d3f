package chart

import (
	"errors"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// StressVisit shows mean stress in the days around a visit: how it rises with the notice and falls after the visit.
//
// Appointments, where there are any, have a panel of their own above: whom a visit met is not whom it was meant for,
// since who pays or is not at home in between drops out, mostly the better or the worse of them.
type StressVisit struct {
	Frame
	NoticeDay    float64 // when the visit is announced, in days from the visit; 0: not the same day for all, or no notice
	Lines        []Line  // X is days from the visit, negative before it
	Appointments []Line  // X is days from the booking of the visit, kept or not; empty: no such panel
	Overlay      StressVisitOverlay
}

// StressVisitOverlay is a second run in the same panels, dashed. The zero value is no overlay.
type StressVisitOverlay struct {
	Name                string // of the second run, put in brackets behind the names of its lines
	Lines, Appointments []Line
}

var (
	visitLine  = draw.LineStyle{Color: ink, Width: 1.4}
	noticeLine = draw.LineStyle{Color: softInk, Width: 1.4, Dashes: []vg.Length{2, 3}}
)

func (c StressVisit) layout() (*sheet, error) {
	var f, fa faults
	f.finite("notice_day", c.NoticeDay)
	if c.NoticeDay > 0 {
		f.add("notice_day", "must not be after the visit, got %v", c.NoticeDay)
	}
	s := newLineSet(&f, "lines", c.Lines, Overlay{c.Overlay.Name, c.Overlay.Lines, "overlay.lines"})
	var above lineSet
	if len(c.Appointments) > 0 {
		above = newLineSet(&fa, "appointments", c.Appointments, Overlay{c.Overlay.Name, c.Overlay.Appointments, "overlay.appointments"})
	}
	if err := errors.Join(f.err(), fa.err()); err != nil {
		return nil, err
	}
	above.lookLike(s)
	x, y := s.spanX(), s.spanY()
	x.add(0, c.NoticeDay)
	if len(above.lines) > 0 { // one scale of stress for both panels
		y.add(above.spanY().lo, above.spanY().hi)
	}
	sh := &sheet{title: "Stress around a visit", bands: s.bands}
	notice := keyItem{"notice (day " + Days.value(c.NoticeDay) + ")", strokeSample(noticeLine)}
	if len(above.lines) > 0 {
		xa := above.spanX()
		xa.add(0)
		p := above.panel(exactAxis("Days from the booking of the visit, kept or not", Days, xa), axisOf("Mean stress of borrowers with an appointment (scale 0 to 100)", Number, y, false))
		p.paints = append([]paint{upright(0, noticeLine)}, p.paints...)
		sh.panels = append(sh.panels, p)
		notice.name = "visit booked and announced"
		sh.key = append(sh.key, notice)
	}
	p := s.panel(exactAxis("Days from the visit", Days, x), axisOf("Mean stress of visited borrowers (scale 0 to 100)", Number, y, false))
	sh.key = append(sh.key, keyItem{"visit (day 0)", strokeSample(visitLine)})
	marks := []paint{upright(0, visitLine)}
	if c.NoticeDay < 0 {
		marks = append(marks, upright(c.NoticeDay, noticeLine))
		if len(above.lines) == 0 {
			sh.key = append(sh.key, notice)
		}
	}
	p.paints = append(marks, p.paints...)
	sh.panels = append(sh.panels, p)
	if len(sh.panels) > 1 {
		sh.panels[0].tall, p.tall = 130, 130
	}
	return sh, nil
}
