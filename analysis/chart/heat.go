package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// gridPanel is a panel of rows and columns; paint is called with the box of each cell.
func gridPanel(yTitle string, rows []string, xTitle string, cols []string, cell func(c draw.Canvas, r vg.Rectangle, i, k int)) *panel {
	p := rowsPanel(yTitle, rows, axis{title: xTitle, min: -0.5, max: float64(len(cols)) - 0.5})
	p.cols, p.bare = cols, true
	p.paints = []paint{func(c draw.Canvas, g *plot.Plot) {
		for i := range rows {
			for k := range cols {
				a := place(c, g, float64(k)-0.5, float64(i)+0.5)
				b := place(c, g, float64(k)+0.5, float64(i)-0.5)
				cell(c, vg.Rectangle{Min: a, Max: b}, i, k)
			}
		}
	}}
	return p
}

// heat is the colour of a share t in [0, 1]: from near white to the palette's blue, so that grey print keeps the order.
func heat(t float64) color.NRGBA {
	return blend(color.NRGBA{0xF4, 0xF7, 0xFA, 0xFF}, color.NRGBA{0x00, 0x4A, 0x80, 0xFF}, min(max(t, 0), 1))
}

// fillCell fills a cell and rims it.
func fillCell(c draw.Canvas, r vg.Rectangle, col color.Color) {
	c.SetColor(col)
	c.Fill(r.Path())
	c.StrokeLines(draw.LineStyle{Color: white, Width: 1}, outline(r))
}
