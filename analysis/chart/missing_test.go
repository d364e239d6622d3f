package chart_test

import (
	"testing"

	"gonum.org/v1/plot/vg/recorder"

	"collectsim/analysis/chart"
)

// TestMissingCharactersAreBoxes: a name in a script that the font lacks was drawn as nothing at all in PNG and PDF.
func TestMissingCharactersAreBoxes(t *testing.T) {
	for text, want := range map[string]struct {
		boxes int
		runs  []string
	}{
		"reminders, čeština, план, ≤ 5%": {0, []string{"reminders, čeština, план, ≤ 5%"}},
		"只发短信":                           {4, nil},
		"visit 上门 v2: 4.7%":              {2, []string{"visit ", " v2: 4.7%"}},
		"שלום":                           {0, []string{"שלום"}}, // of Liberation Sans
		"a\u0e01b":                       {1, []string{"a", "b"}},
	} {
		var c recorder.Canvas
		chart.DrawLine(&c, text)
		boxes, runs := 0, []string(nil)
		for _, a := range c.Actions {
			switch a := a.(type) {
			case *recorder.Stroke:
				boxes++
			case *recorder.FillString:
				runs = append(runs, a.String)
			}
		}
		if boxes != want.boxes || len(runs) != len(want.runs) || chart.Drawable(text) != (boxes == 0) {
			t.Errorf("%q: got %d boxes, texts %q, drawable %v; want %+v", text, boxes, runs, chart.Drawable(text), want)
			continue
		}
		for i := range runs {
			if runs[i] != want.runs[i] {
				t.Errorf("%q: got %q, want %q", text, runs, want.runs)
			}
		}
	}
}
