package chart

import (
	"image/color"
	"strings"
	"unicode"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Text sizes in points. Nothing is smaller than 12.
const (
	titleSize = 18
	noteSize  = 13
	axisSize  = 13
	smallSize = 12
	leading   = 1.22 // line height over text size
)

// face is a size and weight of the one font family.
type face struct {
	size vg.Length
	bold bool
	ink  color.Color
}

var (
	titleFace  = face{titleSize, true, ink}
	noteFace   = face{noteSize, false, softInk}
	axisFace   = face{axisSize, false, ink}
	smallFace  = face{smallSize, false, ink}
	strongFace = face{smallSize, true, ink}
	sourceFace = face{smallSize, false, softInk}
)

// style is the face as gonum's text style, left-aligned on the baseline.
func (f face) style() text.Style {
	fnt := font.Font{Typeface: "Liberation", Variant: "Sans", Size: f.size}
	if f.bold {
		fnt.Weight = xfont.WeightBold
	}
	return text.Style{Color: f.ink, Font: fnt, Handler: plot.DefaultTextHandler}
}

// in gives the face in another colour.
func (f face) in(c color.Color) face { f.ink = c; return f }

// width is that of the font, and a square for each character of the scripts of East Asia, which it lacks: a viewer of an
// SVG has them in a font of its own.
func (f face) width(s string) vg.Length {
	wide := 0
	rest := strings.Map(func(r rune) rune {
		if r >= 0x2E80 && r <= 0xFFEF {
			wide++
			return -1
		}
		return r
	}, s)
	return f.style().Width(rest) + f.size*vg.Length(wide)
}

func (f face) line() vg.Length { return f.size * leading }

// height is the height of a block of n lines.
func (f face) height(n int) vg.Length { return f.line() * vg.Length(n) }

// widest is the width of the longest line.
func (f face) widest(lines []string) vg.Length {
	var w vg.Length
	for _, l := range lines {
		w = max(w, f.width(l))
	}
	return w
}

// align says where x lies in a line of text: left 0, centre 0.5, right 1.
type align float64

const (
	left   align = 0
	centre align = 0.5
	right  align = 1
)

// drawLines draws lines of text, the first one's top at y. Lines follow downwards.
func (f face) drawLines(c draw.Canvas, x, y vg.Length, a align, lines []string) {
	sty := f.style()
	fnt := plot.DefaultTextHandler.Cache().Lookup(sty.Font, sty.Font.Size)
	c.SetColor(f.ink)
	for i, l := range lines {
		// 0.93 puts capitals and descenders evenly into the line box.
		pt := vg.Point{X: x - vg.Length(a)*f.width(l), Y: y - f.line()*vg.Length(i) - f.size*0.93}
		if f.viewed(c) || Drawable(l) {
			c.FillString(fnt, pt, l)
		} else {
			f.drawApart(c, fnt, pt, l)
		}
	}
}

// viewed reports whether a viewer will bring the fonts, as for an SVG.
func (f face) viewed(c draw.Canvas) bool {
	_, svg := base(c).(*tagged)
	return svg
}

// drawMiddle draws lines of text centred vertically on y.
func (f face) drawMiddle(c draw.Canvas, x, y vg.Length, a align, lines []string) {
	f.drawLines(c, x, y+f.height(len(lines))/2, a, lines)
}

// wrap breaks s into at most most lines no wider than w. Breaks come at spaces, then after - _ / and commas, then anywhere;
// what does not fit is left out of the last one, see shorten. most <= 0 means as many lines as it takes.
func (f face) wrap(s string, w vg.Length, most int) []string {
	rest := []rune(clean(s))
	var lines []string
	for len(rest) > 0 {
		n := f.fit(rest, w)
		if most > 0 && len(lines) == most-1 && n < len(rest) {
			return append(lines, f.shorten(string(rest), w))
		}
		if n < len(rest) {
			n = breakAt(rest, n)
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		rest = []rune(strings.TrimSpace(string(rest[n:])))
	}
	return lines
}

// clean makes s one line of text that every format can hold: white space is single, broken UTF-8 becomes the replacement
// character, and so do control characters, which XML forbids, and those past the basic plane, which the PDF library cannot
// hold.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r > 0xFFFF || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, s)
}

// fit is the number of leading runes that are no wider than w, at least 1.
func (f face) fit(s []rune, w vg.Length) int {
	if f.width(string(s)) <= w {
		return len(s)
	}
	lo, hi := 1, len(s) // lo fits (or is forced), hi does not
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if f.width(string(s[:mid])) <= w {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// breakAt is where to break a line of s that holds n runes: never past n, never 0.
func breakAt(s []rune, n int) int {
	if s[n] == ' ' {
		return n
	}
	for i := n; i > 0; i-- {
		if s[i-1] == ' ' {
			return i
		}
	}
	for i := n; i > n/2; i-- {
		if strings.ContainsRune("-_/,", s[i-1]) {
			return i
		}
	}
	return n
}

// shorten cuts s to w with an ellipsis in its later part: names that begin alike often differ at their ends, and labels
// carry their number there.
func (f face) shorten(s string, w vg.Length) string {
	s = clean(s)
	if f.width(s) <= w {
		return s
	}
	r := []rune(s)
	room := w - f.width(ellipsis)
	tail := 0
	for tail < len(r)-1 && f.width(string(r[len(r)-tail-1:])) <= 0.45*room {
		tail++
	}
	end := strings.TrimLeft(string(r[len(r)-tail:]), " ")
	n := f.fit(r, room-f.width(end))
	return strings.TrimRight(string(r[:n]), " ") + ellipsis + end
}

const ellipsis = "…"
