package chart

import (
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Drawable reports whether PNG and PDF can show all characters of a text without a further Font: they are drawn with
// Liberation Sans, which has the Latin, Greek and Cyrillic scripts. Others become empty boxes there; an SVG is shown in its
// viewer's fonts.
func Drawable(text string) bool {
	sty := smallFace.style()
	fnt := plot.DefaultTextHandler.Cache().Lookup(sty.Font, sty.Font.Size)
	for _, r := range clean(text) {
		if !has(fnt, r) {
			return false
		}
	}
	return true
}

func has(fnt font.Face, r rune) bool {
	var buf sfnt.Buffer
	index, err := fnt.Face.GlyphIndex(&buf, r)
	return err == nil && index != 0
}

// drawApart draws a line of text with characters that the font lacks: each in the further font of the canvas, or as an
// empty box.
func (f face) drawApart(c draw.Canvas, fnt font.Face, pt vg.Point, line string) {
	further, known := fontOf(c), ""
	flush := func() {
		if known != "" {
			c.FillString(fnt, pt, known)
			pt.X += f.width(known)
			known = ""
		}
	}
	for _, r := range line {
		if has(fnt, r) {
			known += string(r)
			continue
		}
		flush()
		w := f.width(string(r))
		if g := further.outline(r); g != nil {
			f.fill(c, further, g, pt, w)
		} else {
			c.SetLineWidth(0.7)
			c.SetLineDash(nil, 0)
			c.Stroke(vg.Rectangle{
				Min: vg.Point{X: pt.X + w*0.12, Y: pt.Y - f.size*0.08}, Max: vg.Point{X: pt.X + w*0.88, Y: pt.Y + f.size*0.7},
			}.Path())
		}
		pt.X += w
	}
	flush()
}
