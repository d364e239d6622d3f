package chart_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"collectsim/analysis/chart"
)

// goFont has ∪ and ₙ, which Liberation Sans lacks.
func goFont(t *testing.T) *chart.Font {
	t.Helper()
	f, err := chart.ParseFont(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFontDrawsWhatIsMissing: a character that Liberation Sans lacks is its outline in the further font, as large as the
// text around it and within its own room; one that both lack stays a box, and what Liberation Sans has is text.
func TestFontDrawsWhatIsMissing(t *testing.T) {
	f := goFont(t)
	var c recorder.Canvas
	chart.DrawLineWith(&c, f, "a∪b上")
	var text []string
	var filled vg.Path
	boxes := 0
	for _, a := range c.Actions {
		switch a := a.(type) {
		case *recorder.FillString:
			text = append(text, a.String)
		case *recorder.Fill:
			filled = append(filled, a.Path...)
		case *recorder.Stroke:
			boxes++
		}
	}
	if strings.Join(text, "|") != "a|b" || boxes != 1 {
		t.Fatalf("texts %q, %d boxes, want a, b and one box", text, boxes)
	}
	outlines, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	index, _ := outlines.GlyphIndex(&buf, '∪')
	const size = 12 // of the small face
	bounds, _, err := outlines.GlyphBounds(&buf, index, fixed.I(size*100), 0)
	if err != nil {
		t.Fatal(err)
	}
	low, high, left, right := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, k := range filled {
		low, high = min(low, float64(k.Pos.Y)), max(high, float64(k.Pos.Y))
		left, right = min(left, float64(k.Pos.X)), max(right, float64(k.Pos.X))
	}
	if want := float64(bounds.Max.Y-bounds.Min.Y) / 64 / 100; !(math.Abs(high-low-want) <= 0.02) {
		t.Errorf("∪ is %.3f points high, want %.3f", high-low, want)
	}
	start := float64(chart.Width("a"))
	if end := start + float64(chart.Width("∪")); left < start || right > end || right-left < (end-start)/3 {
		t.Errorf("∪ lies from %.2f to %.2f, want it within %.2f to %.2f", left, right, start, end)
	}
}

// TestFontInFiles: the outline reaches PNG and PDF, equal charts are equal bytes, and charts without such characters are
// the same with and without a further font.
func TestFontInFiles(t *testing.T) {
	f := goFont(t)
	for title, same := range map[string]bool{"A ∪ B": false, "A and B": true} {
		c := stress().(chart.Stress)
		c.Title = title
		for _, format := range []string{"png", "pdf"} {
			var with, again, without bytes.Buffer
			for w, font := range map[*bytes.Buffer]*chart.Font{&with: f, &again: f, &without: nil} {
				if err := font.Write(w, c, format); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(with.Bytes(), again.Bytes()) || bytes.Equal(with.Bytes(), without.Bytes()) != same {
				t.Errorf("%q as %s: drawn twice alike %v, like without %v, want true and %v", title, format,
					bytes.Equal(with.Bytes(), again.Bytes()), bytes.Equal(with.Bytes(), without.Bytes()), same)
			}
		}
	}
	for text, want := range map[string]bool{"A ∪ B": true, "上门": false, "plan": true} {
		if f.Draws(text) != want || (*chart.Font)(nil).Draws(text) != chart.Drawable(text) {
			t.Errorf("%q: Draws is %v, want %v", text, f.Draws(text), want)
		}
	}
}

func TestParseFontRefuses(t *testing.T) {
	for _, src := range [][]byte{nil, []byte("no font"), goregular.TTF[:100], goregular.TTF[:len(goregular.TTF)/2]} {
		f, err := chart.ParseFont(src)
		if err == nil || f != nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%d bytes: got %v, %v", len(src), f, err)
		}
	}
}

// TestDamagedFonts: a font with a wrong byte is refused, or draws, or lacks the character; nothing breaks.
func TestDamagedFonts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		src := bytes.Clone(goregular.TTF)
		at := random.IntN(len(src))
		if random.IntN(2) == 0 {
			at = random.IntN(600) // the tables of tables
		}
		src[at] ^= byte(1 + random.IntN(255))
		if f, err := chart.ParseFont(src); err == nil {
			chart.DrawLineWith(&recorder.Canvas{}, f, "a∪ₙ⁰上")
		}
	}
}
