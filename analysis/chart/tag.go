package chart

import (
	"fmt"
	"html"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// tagged is an SVG canvas on which groups of what is drawn carry attributes, so that a page can find the
// marks of a series and read values off a panel:
//
//	<g data-series="NAME">  the marks, and the name, of one series; there are several
//	<g data-panel="LEFT BOTTOM RIGHT TOP XMIN XMAX YMIN YMAX">  an empty group in front of a panel: its
//	    plotting area in points from the lower left corner of the picture, and the ranges of its axes
//
// Other canvases draw the same without groups.
type tagged struct {
	*vgsvg.Canvas
	attributes []string
}

// marker is what the back end writes for a group that changes nothing; nothing else here scales.
const marker = `<g transform="scale(1,1)">`

// tag draws what belongs to a series.
func tag(c draw.Canvas, series string, draws func()) {
	group(c, fmt.Sprintf(`data-series="%s"`, html.EscapeString(clean(series))), draws)
}

func group(c draw.Canvas, attribute string, draws func()) {
	if t, ok := base(c).(*tagged); ok {
		t.Push()
		t.Scale(1, 1)
		t.attributes = append(t.attributes, attribute)
		defer t.Pop()
	}
	draws()
}

// base is the canvas below the crops of it.
func base(c vg.Canvas) vg.Canvas {
	for {
		crop, ok := c.(draw.Canvas)
		if !ok {
			return c
		}
		c = crop.Canvas
	}
}

// tagPanel notes where a panel's plotting area lies and what it spans.
func tagPanel(area draw.Canvas, x, y axis) {
	group(area, fmt.Sprintf(`data-panel="%.5g %.5g %.5g %.5g %g %g %g %g"`,
		area.Min.X.Points(), area.Min.Y.Points(), area.Max.X.Points(), area.Max.Y.Points(), x.min, x.max, y.min, y.max), func() {})
}

// resolve puts the attributes in place of the markers, which come in the same order.
func (t *tagged) resolve(svg string) string {
	parts := strings.Split(svg, marker)
	var b strings.Builder
	b.WriteString(parts[0])
	for i, p := range parts[1:] {
		b.WriteString("<g " + t.attributes[i] + ">" + p)
	}
	return b.String()
}
