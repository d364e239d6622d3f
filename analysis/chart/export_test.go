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

// Spread gives the tests spread.
var Spread = spread
