package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The palette of Okabe and Ito (2008), "Color universal design", without its yellow, which is too light for a line on
// white; grey takes its place. The order puts the pairs that differ most in lightness next to each other.
var palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 0xFF}, // blue
	{0xD5, 0x5E, 0x00, 0xFF}, // vermilion
	{0x00, 0x9E, 0x73, 0xFF}, // bluish green
	{0xCC, 0x79, 0xA7, 0xFF}, // reddish purple
	{0xE6, 0x9F, 0x00, 0xFF}, // orange
	{0x56, 0xB4, 0xE9, 0xFF}, // sky blue
	{0x00, 0x00, 0x00, 0xFF}, // black
	{0x80, 0x80, 0x80, 0xFF}, // grey
}

// Colours of everything that is not data.
var (
	ink     = color.NRGBA{0x1A, 0x1A, 0x1A, 0xFF}
	softInk = color.NRGBA{0x59, 0x59, 0x59, 0xFF} // 7:1 against white
	rule    = color.NRGBA{0x8C, 0x8C, 0x8C, 0xFF}
	grid    = color.NRGBA{0xE4, 0xE4, 0xE4, 0xFF}
	white   = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}

	good = palette[0] // helped, saved
	bad  = palette[1] // harmed, lost
)

// Line styles in points, solid first.
var dashes = [][]vg.Length{nil, {9, 3}, {2, 2.5}, {9, 3, 2, 3}, {5, 3}, {12, 3, 2, 3, 2, 3}, {4, 2, 1, 2}}

// Markers: sides, turn in degrees, hollow.
var glyphs = []glyph{
	{24, 0, false},
	{4, 45, false},
	{3, 90, false},
	{4, 0, true},
	{24, 0, true},
	{3, -90, false},
	{4, 45, true},
	{4, 0, false},
	{3, 90, true},
	{5, 90, false},
	{3, -90, true},
}

// look is how one series is drawn. Up to 8*7*11 series differ.
type look struct {
	color  color.NRGBA
	dashes []vg.Length
	glyph  glyph
}

func lookOf(i int) look {
	return look{palette[i%len(palette)], dashes[i%len(dashes)], glyphs[i%len(glyphs)]}
}

// line is the stroke of the series.
func (l look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.color, Width: 2, Dashes: l.dashes}
}

// faint is the colour with the given opacity in [0, 1].
func faint(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(math.Round(255 * opacity))
	return c
}

// blend mixes t of b into a; t in [0, 1].
func blend(a, b color.NRGBA, t float64) color.NRGBA {
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xFF}
}

// inkOn is the text colour that reads on a fill: the luma of ITU-R BT.601 decides.
func inkOn(c color.NRGBA) color.NRGBA {
	if 0.299*float64(c.R)+0.587*float64(c.G)+0.114*float64(c.B) < 140 {
		return white
	}
	return ink
}

// glyph is a regular polygon; 24 sides pass for a circle and keep arcs, which the back ends draw differently, out.
type glyph struct {
	sides  int
	turn   float64
	hollow bool
}

// draw puts the glyph with the given radius on pt, with a white rim that sets it off from lines.
func (g glyph) draw(c draw.Canvas, pt vg.Point, r vg.Length, col color.NRGBA) {
	if g.sides <= 4 {
		r *= 1.25 // equal area to the eye
	}
	c.SetLineDash(nil, 0)
	fill, edge, width := col, white, vg.Length(0.8)
	if g.hollow {
		fill, edge, width = white, col, 1.6
	}
	path := g.path(pt, r)
	c.SetColor(fill)
	c.Fill(path)
	c.SetColor(edge)
	c.SetLineWidth(width)
	c.Stroke(path)
}

func (g glyph) path(pt vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	for i := range g.sides {
		s, k := math.Sincos(g.turn*math.Pi/180 + 2*math.Pi*float64(i)/float64(g.sides))
		q := vg.Point{X: pt.X + r*vg.Length(k), Y: pt.Y + r*vg.Length(s)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}
