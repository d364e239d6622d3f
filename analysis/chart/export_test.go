package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// Record draws c on a recording canvas.
func Record(c Chart) (rec *recorder.Canvas, w, h vg.Length, err error) {
	pic, err := compose(c)
	if err != nil {
		return nil, 0, 0, err
	}
	rec = &recorder.Canvas{}
	pic.draw(draw.NewCanvas(rec, pic.w, pic.h))
	return rec, pic.w, pic.h, nil
}

// What the tests look at from outside.
var (
	Spread   = spread
	Fixed    = fixed
	SmallFit = func(s string, w vg.Length, most int) []string { return smallFace.wrap(s, w, most) }
	Width    = func(s string) vg.Length { return smallFace.width(s) }
)

// TickLabels are the labels of an axis with at most n ticks.
func TickLabels(u Unit, lo, hi float64, n int) (labels []string, values []float64) {
	for _, t := range (axis{unit: u, min: lo, max: hi}).ticks(n) {
		labels, values = append(labels, t.Label), append(values, t.Value)
	}
	return labels, values
}

// Value prints one number.
func (u Unit) Value(v float64) string { return u.value(v) }

// WithRange prints an interval.
func (u Unit) WithRange(v Interval) string { return u.withRange(v) }

// SignedRange prints the interval of a difference.
func (u Unit) SignedRange(v Interval) string { return u.signedRange(v) }

// List prints the values of an axis.
func (u Unit) List(vs []float64) []string { return u.list(vs) }

// DrawLine draws one line of text.
func DrawLine(c vg.Canvas, text string) { DrawLineWith(c, nil, text) }

// DrawLineWith draws one line of text with a further font.
func DrawLineWith(c vg.Canvas, font *Font, text string) {
	c = outlined{c, font}
	smallFace.drawLines(draw.NewCanvas(c, 500, 100), 0, 50, left, []string{text})
}
