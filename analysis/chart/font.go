package chart

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/image/font/sfnt"
	units "golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Font is a typeface for the characters that Liberation Sans lacks, for PNG and PDF: an SVG is shown in its viewer's fonts.
// Outlines are filled one character after the other, in place of the boxes that are drawn without a Font, so scripts that
// join their letters come out apart. A nil *Font has no characters.
type Font struct {
	outlines *sfnt.Font
	em       vg.Length // units of the outlines in an em
}

// ParseFont reads the content of a TrueType or OpenType file; of a collection the font for simplified Chinese, or the
// first. The error says what is wrong with it, in one line. src must not change afterwards.
func ParseFont(src []byte) (*Font, error) {
	if len(src) == 0 {
		return nil, errors.New("is empty")
	}
	all, err := sfnt.ParseCollection(src)
	if err != nil {
		return nil, fmt.Errorf("is no TrueType or OpenType font: %w", err)
	}
	var chosen *sfnt.Font
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			return nil, fmt.Errorf("font %d: %w", i+1, err)
		}
		name, _ := f.Name(nil, sfnt.NameIDFamily) // a font without a name is no worse
		if chosen == nil || strings.HasSuffix(name, " SC") {
			chosen = f
		}
	}
	return &Font{chosen, vg.Length(chosen.UnitsPerEm())}, nil
}

// Draws reports whether PNG and PDF can show all characters of a text.
func (f *Font) Draws(text string) bool {
	for _, r := range clean(text) {
		if !Drawable(string(r)) && f.outline(r) == nil {
			return false
		}
	}
	return true
}

// Write draws a chart as the function Write does, with the outlines of the font for what Liberation Sans lacks.
func (f *Font) Write(w io.Writer, c Chart, format string) error { return write(w, c, format, f) }

// character is an outline in the font's units, with Y upwards from the baseline, and its advance.
type character struct {
	path    vg.Path
	advance vg.Length
}

// outline is that of a character, nil where the font has none.
func (f *Font) outline(r rune) *character {
	if f == nil {
		return nil
	}
	var buf sfnt.Buffer
	index, err := f.outlines.GlyphIndex(&buf, r)
	if err != nil || index == 0 {
		return nil
	}
	em := units.I(int(f.outlines.UnitsPerEm())) // at this size a pixel is a unit
	segments, err := f.outlines.LoadGlyph(&buf, index, em, nil)
	if err != nil {
		return nil
	}
	var g character
	at := func(p units.Point26_6) vg.Point { return vg.Point{X: vg.Length(p.X) / 64, Y: -vg.Length(p.Y) / 64} }
	for _, s := range segments {
		switch a := s.Args; s.Op {
		case sfnt.SegmentOpMoveTo:
			g.path.Move(at(a[0]))
		case sfnt.SegmentOpLineTo:
			g.path.Line(at(a[0]))
		case sfnt.SegmentOpQuadTo:
			g.path.QuadTo(at(a[0]), at(a[1]))
		case sfnt.SegmentOpCubeTo:
			g.path.CubeTo(at(a[0]), at(a[1]), at(a[2]))
		}
	}
	advance, err := f.outlines.GlyphAdvance(&buf, index, em, 0)
	if err != nil {
		return nil
	}
	g.advance = vg.Length(advance) / 64
	return &g
}

// outlined is a canvas for which there is a font beyond the one that is embedded.
type outlined struct {
	vg.Canvas
	font *Font
}

// fontOf is the further font of a canvas, nil if there is none.
func fontOf(c draw.Canvas) *Font {
	if o, ok := base(c).(outlined); ok {
		return o.font
	}
	return nil
}

// fill draws a character into a room of so much width: in its middle, and narrower where it does not fit. A bold face has its
// outline drawn too.
func (f face) fill(c draw.Canvas, font *Font, g *character, pt vg.Point, room vg.Length) {
	tall := f.size / font.em
	wide := tall
	if g.advance*wide > room {
		wide = room / g.advance
	}
	pt.X += (room - g.advance*wide) / 2
	place := func(p vg.Point) vg.Point { return vg.Point{X: pt.X + p.X*wide, Y: pt.Y + p.Y*tall} }
	path := make(vg.Path, len(g.path))
	for i, k := range g.path {
		k.Pos = place(k.Pos)
		control := make([]vg.Point, len(k.Control))
		for j, p := range k.Control {
			control[j] = place(p)
		}
		k.Control = control
		path[i] = k
	}
	c.Fill(path)
	if f.bold {
		c.SetLineWidth(f.size * 0.04)
		c.SetLineDash(nil, 0)
		c.Stroke(path)
	}
}
