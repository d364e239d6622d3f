package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// StressVisit shows mean stress in the days around a visit: how it rises with the notice and falls after the visit.
//
// X of the lines is days from the visit, negative before it.
type StressVisit struct {
	Frame
	NoticeDay float64 // when the visit is announced, in days from the visit; 0: no notice
	Lines     []Line
	Overlay   Overlay
}

var noticeLine = draw.LineStyle{Color: softInk, Width: 1.4, Dashes: []vg.Length{2, 3}}

func (c StressVisit) layout() (*sheet, error) {
	var f faults
	f.finite("notice_day", c.NoticeDay)
	if c.NoticeDay > 0 {
		f.add("notice_day", "must not be after the visit, got %v", c.NoticeDay)
	}
	s := newLineSet(&f, "lines", c.Lines, c.Overlay)
	if err := f.err(); err != nil {
		return nil, err
	}
	x := s.spanX()
	x.add(0, c.NoticeDay)
	p := s.panel(exactAxis("Days from the visit", Days, x), axisOf("Mean stress of visited borrowers (scale 0 to 100)", Number, s.spanY(), true))
	sh := &sheet{title: "Stress around a visit", bands: s.bands, panels: []*panel{p}}
	visit := draw.LineStyle{Color: ink, Width: 1.4}
	marks := []paint{upright(0, visit)}
	sh.key = []keyItem{{"visit (day 0)", strokeSample(visit)}}
	if c.NoticeDay < 0 {
		marks = append(marks, upright(c.NoticeDay, noticeLine))
		sh.key = append(sh.key, keyItem{"notice (day " + Days.value(c.NoticeDay) + ")", strokeSample(noticeLine)})
	}
	p.paints = append(marks, p.paints...)
	return sh, nil
}
