package chart

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sheet is what a kind's layout asks to be drawn inside the frame.
type sheet struct {
	title  string    // the kind's own title, used if the Frame has none
	note   string    // the kind's own line under the title, such as how to read an unusual mark
	bands  string    // what shows the intervals ("Shaded bands"); empty: there are none in the data
	key    []keyItem // legend above the panels, for what has no place of its own to be named
	panels []*panel  // from top to bottom
	shared bool      // the panels share one x axis, so their sides are aligned
}

// picture is a sheet fitted to a size: everything but the drawing is decided.
type picture struct {
	w, h   vg.Length
	title  string
	blocks []block // title, note, interval
	source block
	key    []keyRow
	panels []*panel
	shared bool
}

// block is lines of text in one face.
type block struct {
	face  face
	lines []string
}

func (b block) height() vg.Length { return b.face.height(len(b.lines)) }

const (
	margin   = 16 // around everything
	panelGap = 14 // between panels
	blockGap = 3  // between blocks of text
)

// compose checks c and fits it to its size.
func compose(c Chart) (*picture, error) {
	f := c.head()
	w, h, errSize := f.size()
	s, err := c.layout()
	err = errors.Join(errSize, err)
	if strings.TrimSpace(f.Source) == "" {
		err = errors.Join(err, errors.New("source: missing, name the run or file the numbers come from"))
	}
	if s != nil && s.bands != "" && strings.TrimSpace(f.Interval) == "" {
		err = errors.Join(err, errors.New("interval: missing, say what low and high are, such as \"95% interval of the mean, 400 replications\""))
	}
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fmt.Errorf("chart %T: nothing to draw", c)
	}
	if f.Translate != nil {
		s.translate(f.Translate)
	}
	return fit(f, s, vg.Length(w)*vg.Inch, vg.Length(h)*vg.Inch), nil
}

// translate puts every text but those inside the plotting areas into another language.
func (s *sheet) translate(into func(string) string) {
	texts := []*string{&s.title, &s.note}
	for i := range s.key {
		texts = append(texts, &s.key[i].name)
	}
	for _, p := range s.panels {
		texts = append(texts, &p.x.title, &p.y.title)
		p.rows, p.cols = slices.Clone(p.rows), slices.Clone(p.cols) // the caller's
		for i := range p.rows {
			texts = append(texts, &p.rows[i])
		}
		for i := range p.cols {
			texts = append(texts, &p.cols[i])
		}
		for i := range p.ends {
			texts = append(texts, &p.ends[i].text)
		}
		if p.table != nil {
			texts = append(texts, &p.table.title)
		}
	}
	for _, t := range texts {
		if *t != "" {
			*t = into(*t)
		}
	}
}

// fit wraps the texts to the width and grows the height to what the panels need.
func fit(f Frame, s *sheet, w, h vg.Length) *picture {
	inner := w - 2*margin
	pic := &picture{w: w, title: f.Title, panels: s.panels, shared: s.shared}
	if pic.title == "" {
		pic.title = s.title
	}
	pic.title = clean(pic.title)
	bands := ""
	if s.bands != "" {
		bands = s.bands + ": " + f.Interval + "."
		if f.Translate != nil {
			bands = f.Translate(bands)
		}
	}
	if !f.Untitled {
		pic.blocks = []block{{titleFace, titleFace.wrap(pic.title, inner, 3)}}
		pic.source = block{sourceFace, sourceFace.wrap("Source: "+f.Source, inner, 3)}
	}
	for _, t := range []string{f.Note, strings.TrimSpace(s.note + " " + bands)} {
		pic.blocks = append(pic.blocks, block{noteFace, noteFace.wrap(t, inner, 4)})
	}
	pic.key = keyRows(s.key, inner)
	pic.h = max(h, pic.chrome()+pic.need(inner))
	return pic
}

// chrome is the height of everything but the panels.
func (p *picture) chrome() vg.Length {
	h := vg.Length(2*margin) + p.source.height() + 8
	for _, b := range p.blocks {
		if len(b.lines) > 0 {
			h += b.height() + blockGap
		}
	}
	return h + 4 + keyHeight(p.key)
}

// need is the least height the panels read at.
func (p *picture) need(w vg.Length) vg.Length {
	h := vg.Length(len(p.panels)-1) * panelGap
	for _, q := range p.panels {
		h += q.need(w)
	}
	return h
}

// draw draws the picture on a canvas of its size.
func (p *picture) draw(c draw.Canvas) {
	c.SetColor(white)
	c.Fill(c.Path())
	x, y := c.Min.X+margin, c.Max.Y-margin
	for _, b := range p.blocks {
		if len(b.lines) > 0 {
			b.face.drawLines(c, x, y, left, b.lines)
			y -= b.height() + blockGap
		}
	}
	y -= 4
	drawKey(c, x, y, p.key)
	y -= keyHeight(p.key)

	low := c.Min.Y + margin + p.source.height()
	p.source.face.drawLines(c, x, low, left, p.source.lines)
	p.drawPanels(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: x, Y: low + 8},
		Max: vg.Point{X: c.Max.X - margin, Y: y},
	}})
}

// drawPanels shares the height out: to each what it needs, and the rest by weight.
func (p *picture) drawPanels(c draw.Canvas) {
	w := c.Max.X - c.Min.X
	spare, weights := c.Max.Y-c.Min.Y-p.need(w), vg.Length(0)
	var in inset
	for _, q := range p.panels {
		weights += q.share()
		in = in.wider(q.inset(w))
	}
	y := c.Max.Y
	for _, q := range p.panels {
		h := q.need(w) + spare*q.share()/weights
		if !p.shared {
			in = q.inset(w)
		}
		sub := c
		sub.Min.Y, sub.Max.Y = y-h, y
		q.draw(sub, in)
		y -= h + panelGap
	}
}
