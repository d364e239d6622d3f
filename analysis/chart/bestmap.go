package chart

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BestMap shows which strategy is best for each pair of values of two inputs.
type BestMap struct {
	Frame
	By             string    // what the best strategy is best in, such as "net_value", for the title; may be empty
	XTitle, YTitle string    // with units
	X, Y           []float64 // values of the columns and rows, rising
	XUnit, YUnit   Unit
	Strategies     []string
	Best           [][]int     // [y][x], index into Strategies; -1: not known
	Sure           [][]float64 // [y][x], probability in [0, 1] that Best is best; nil: not shown
	SureFrom       float64     // a cell whose Sure is below is pale; needed with Sure, such as 0.95
}

func (c BestMap) layout() (*sheet, error) {
	var f faults
	c.check(&f)
	if err := f.err(); err != nil {
		return nil, err
	}
	cols, rows := c.XUnit.list(c.X), c.YUnit.list(c.Y)
	slices.Reverse(rows) // high values on top, as on any axis
	p := gridPanel(c.YTitle, rows, c.XTitle, cols, c.cell)
	p.rowTall = 17
	title := "Best strategy for each pair of values"
	if c.By != "" {
		title = "Best strategy by " + c.By + " for each pair of values"
	}
	s := &sheet{title: title, panels: []*panel{p}}
	for i, n := range c.Strategies {
		if c.used(i) {
			s.key = append(s.key, keyItem{letter(i) + " = " + n, fillSample(filling{color: mapColor(i)})})
		}
	}
	if c.used(-1) {
		s.key = append(s.key, keyItem{"not known", fillSample(filling{color: grid})})
	}
	if c.Sure != nil {
		s.note = fmt.Sprintf("Pale: probability of being best below %s.", Percent.list([]float64{c.SureFrom})[0])
	}
	return s, nil
}

func (c BestMap) check(f *faults) {
	for _, t := range []struct{ path, v string }{{"x_title", c.XTitle}, {"y_title", c.YTitle}} {
		if t.v == "" {
			f.add(t.path, "must not be empty")
		}
	}
	f.some("x", len(c.X), "value")
	f.some("y", len(c.Y), "value")
	f.finite("x", c.X...)
	f.finite("y", c.Y...)
	for _, t := range []struct {
		path string
		vs   []float64
	}{{"x", c.X}, {"y", c.Y}} {
		if !slices.IsSorted(t.vs) {
			f.add(t.path, "must rise")
		}
	}
	f.some("strategies", len(c.Strategies), "strategy")
	f.names("strategies", "", c.Strategies)
	f.length("best", len(c.Best), len(c.Y))
	for i, r := range c.Best {
		f.length(fmt.Sprintf("best[%d]", i), len(r), len(c.X))
		for k, b := range r {
			if b < -1 || b >= len(c.Strategies) {
				f.add(fmt.Sprintf("best[%d][%d]", i, k), "must be -1 to %d, got %d", len(c.Strategies)-1, b)
			}
		}
	}
	c.checkSure(f)
}

func (c BestMap) checkSure(f *faults) {
	if c.Sure == nil {
		return
	}
	if !(c.SureFrom > 0 && c.SureFrom <= 1) {
		f.add("sure_from", "must be in (0, 1] if sure is given, got %v", c.SureFrom)
	}
	f.length("sure", len(c.Sure), len(c.Y))
	for i, r := range c.Sure {
		f.length(fmt.Sprintf("sure[%d]", i), len(r), len(c.X))
		f.share(fmt.Sprintf("sure[%d]", i), r...)
	}
}

// used says whether strategy i is best anywhere; -1: whether a cell is not known.
func (c BestMap) used(i int) bool {
	return slices.ContainsFunc(c.Best, func(r []int) bool { return slices.Contains(r, i) })
}

// letter stands for strategy i in the cells: A to Z, then A2 and so on.
func letter(i int) string {
	s := string(rune('A' + i%26))
	if i >= 26 {
		s += fmt.Sprint(i/26 + 1)
	}
	return s
}

// mapColor lightens the palette, for letters stand on it.
func mapColor(i int) color.NRGBA { return blend(palette[i%len(palette)], white, 0.25) }

// cell draws row i from the top, column k.
func (c BestMap) cell(cv draw.Canvas, r vg.Rectangle, i, k int) {
	y := len(c.Y) - 1 - i
	b := c.Best[y][k]
	if b < 0 {
		fillCell(cv, r, grid)
		return
	}
	col := mapColor(b)
	if c.Sure != nil && !(c.Sure[y][k] >= c.SureFrom) {
		col = blend(col, white, 0.65)
	}
	fillCell(cv, r, col)
	textIn(cv, r, strongFace.in(inkOn(col)), letter(b))
}
