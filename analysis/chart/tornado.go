package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Tornado shows how far one outcome moves when one input at a time goes to its low and its high value, the input that
// moves it most on top.
type Tornado struct {
	Frame
	Outcome string  // axis title with unit, such as "Net recovery (CNY per account)"
	Unit    Unit    // how the outcome is printed
	Base    float64 // outcome with all inputs at their base
	Bars    []TornadoBar
}

// TornadoBar is one input.
type TornadoBar struct {
	Input     string  // name
	Range     string  // its low and high value in words, such as "0.5 to 2.0"; may be empty
	Low, High float64 // outcome with the input low, high; NaN: not known
	// Between are outcomes at values of the input between the two, in any order. A whisker shows how far they go beyond
	// the base and both ends, which a bar alone would hide.
	Between []float64
}

var lowFill, highFill = filling{palette[5], 0}, filling{palette[1], 1}

func (c Tornado) layout() (*sheet, error) {
	var f faults
	if c.Outcome == "" {
		f.add("outcome", "must not be empty, name what moves and its unit")
	}
	f.finite("base", c.Base)
	f.some("bars", len(c.Bars), "input")
	span := newSpanner()
	span.add(c.Base)
	var inputs []string
	for i, b := range c.Bars {
		f.notInf(fmt.Sprintf("bars[%d].low", i), b.Low)
		f.notInf(fmt.Sprintf("bars[%d].high", i), b.High)
		f.notInf(fmt.Sprintf("bars[%d].between", i), b.Between...)
		span.add(b.Low, b.High)
		span.add(b.Between...)
		inputs = append(inputs, b.Input)
	}
	f.names("bars", "input", inputs)
	if err := f.err(); err != nil {
		return nil, err
	}
	return c.sheet(span), nil
}

func (c Tornado) sheet(span *spanner) *sheet {
	x := axis{title: c.Outcome, unit: c.Unit}
	x.min, x.max = span.padded(0)
	bars := c.sorted()
	room := c.room(c.texts(bars))
	pad := room / (1 - 2*room) * (x.max - x.min)
	x.min, x.max = x.min-pad, x.max+pad
	var names []string
	for _, b := range bars {
		n := b.Input
		if b.Range != "" {
			n += " (" + b.Range + ")"
		}
		names = append(names, n)
	}
	p := rowsPanel("Input (low to high value)", names, x)
	note := ""
	for i, b := range bars {
		p.paints = append(p.paints, c.paint(i, b))
		if len(c.beyond(b)) > 0 {
			note = "Whiskers, and numbers in brackets: outcomes at values in between, where they go further."
		}
	}
	p.paints = append(p.paints, upright(c.Base, zeroLine))
	return &sheet{
		note: note, title: "What moves the result: one input at a time", panels: []*panel{p},
		key: []keyItem{
			{"input at its low value", fillSample(lowFill)},
			{"input at its high value", fillSample(highFill)},
			{"all inputs at base: " + c.Unit.value(c.Base), strokeSample(zeroLine)},
		},
	}
}

// texts are the numbers at the bars' ends.
func (c Tornado) texts(bars []TornadoBar) []string {
	var ts []string
	for _, b := range bars {
		for _, e := range c.ends(b) {
			ts = append(ts, e.text)
		}
	}
	return ts
}

// sorted gives the bars by falling swing; equal swings and unknown ones keep their order.
func (c Tornado) sorted() []TornadoBar {
	bars := slices.Clone(c.Bars)
	slices.SortStableFunc(bars, func(a, b TornadoBar) int { return cmp.Compare(c.swing(b), c.swing(a)) })
	return bars
}

func (c Tornado) swing(b TornadoBar) float64 {
	s := newSpanner()
	s.add(c.Base, b.Low, b.High)
	s.add(b.Between...)
	return s.hi - s.lo
}

// whiskerEnd is where a bar ends, and the outcome between that goes furthest beyond.
type whiskerEnd struct{ from, to float64 }

func (c Tornado) beyond(b TornadoBar) []whiskerEnd {
	bar, all := newSpanner(), newSpanner()
	bar.add(c.Base, b.Low, b.High)
	all.add(bar.lo, bar.hi)
	all.add(b.Between...)
	var ws []whiskerEnd
	if all.lo < bar.lo {
		ws = append(ws, whiskerEnd{bar.lo, all.lo})
	}
	if all.hi > bar.hi {
		ws = append(ws, whiskerEnd{bar.hi, all.hi})
	}
	return ws
}

// barEnd is a number outside a bar.
type barEnd struct {
	at   float64
	side align // right: the text ends at the bar
	text string
}

// ends are the numbers beside a bar: those of its own ends, and behind a whisker also how far it goes.
func (c Tornado) ends(b TornadoBar) []barEnd {
	es := c.ownEnds(b)
	for _, w := range c.beyond(b) {
		e := barEnd{w.to, left, "(" + c.Unit.value(w.to) + ")"}
		if w.to < w.from {
			e.side = right
		}
		if i := slices.IndexFunc(es, func(own barEnd) bool { return own.side == e.side }); i >= 0 {
			e.text = es[i].text + " " + e.text
			es = slices.Delete(es, i, i+1)
		}
		es = append(es, e)
	}
	return es
}

// ownEnds are one number on each side, or both, low first, on the side to which both values move the outcome.
func (c Tornado) ownEnds(b TornadoBar) []barEnd {
	var es []barEnd
	for _, v := range []float64{b.Low, b.High} {
		if known(v) && v != c.Base {
			side := left
			if v < c.Base {
				side = right
			}
			es = append(es, barEnd{v, side, c.Unit.value(v)})
		}
	}
	if len(es) == 2 && es[0].side == es[1].side {
		far := es[0].at
		if math.Abs(es[1].at-c.Base) > math.Abs(far-c.Base) {
			far = es[1].at
		}
		return []barEnd{{far, es[0].side, es[0].text + " / " + es[1].text}}
	}
	return es
}

// paint draws a bar's two halves, one under the other if both go the same way, its whiskers and its numbers.
func (c Tornado) paint(i int, b TornadoBar) paint {
	return func(cv draw.Canvas, p *plot.Plot) {
		same := (b.Low-c.Base)*(b.High-c.Base) > 0
		for k, v := range []float64{b.Low, b.High} {
			if !known(v) {
				continue
			}
			r := lane(cv, p, i, 0, 1, c.Base, v)
			if same {
				r = lane(cv, p, i, k, 2, c.Base, v)
			}
			[]filling{lowFill, highFill}[k].fill(cv, r)
		}
		for _, w := range c.beyond(b) {
			whisker(cv, place(cv, p, w.from, float64(i)), place(cv, p, w.to, float64(i)), ink)
		}
		for _, e := range c.ends(b) {
			pt := place(cv, p, e.at, float64(i))
			smallFace.drawMiddle(cv, pt.X+vg.Length(5-10*float64(e.side)), pt.Y, e.side, []string{e.text})
		}
	}
}
