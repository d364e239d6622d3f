package chart

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// table stands under the x axis, its columns level with the ticks: the numbers at risk of a survival chart. The panel
// must have labels at its line ends, whose column the table shares.
type table struct {
	title string
	names []string
	looks []look
	cell  func(row int, x float64) string
}

const (
	tableRow = 17
	tableGap = 8 // over the title
)

func (t *table) height() vg.Length {
	if t == nil {
		return 0
	}
	return tableRow*vg.Length(len(t.names)+1) + tableGap
}

// draw puts the table's upper left corner at pt; the names stand between nameX and maxX, below those of the
// lines. Columns too narrow for their numbers are left out evenly.
func (t *table) draw(area draw.Canvas, g *plot.Plot, pt vg.Point, nameX, maxX vg.Length) {
	y := pt.Y - tableGap
	strongFace.drawLines(area, pt.X, y, left, []string{t.title})
	ticks := g.X.Tick.Marker.Ticks(g.X.Min, g.X.Max)
	every := t.every(area, g, ticks)
	for i, n := range t.names {
		mid := y - tableRow*(vg.Length(i)+1.5)
		tag(area, n, func() {
			t.looks[i].glyph.draw(area, vg.Point{X: nameX + sampleWidth/2, Y: mid}, 4, t.looks[i].color)
			x := nameX + sampleWidth + 6
			smallFace.drawMiddle(area, x, mid, left, []string{smallFace.shorten(n, maxX-x)})
			for k := 0; k < len(ticks); k += every {
				smallFace.drawMiddle(area, area.X(g.X.Norm(ticks[k].Value)), mid, centre, []string{t.cell(i, ticks[k].Value)})
			}
		})
	}
}

// every is how many ticks apart the columns must stand.
func (t *table) every(area draw.Canvas, g *plot.Plot, ticks []plot.Tick) int {
	var widest vg.Length
	for i := range t.names {
		for _, k := range ticks {
			widest = max(widest, smallFace.width(t.cell(i, k.Value)))
		}
	}
	if len(ticks) < 2 {
		return 1
	}
	gap := area.X(g.X.Norm(ticks[1].Value)) - area.X(g.X.Norm(ticks[0].Value))
	n := 1
	for gap*vg.Length(n) < widest+8 && n < len(ticks) {
		n++
	}
	return n
}
