package chart_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"collectsim/analysis/chart"
)

// TestSpread compares with what can be seen by hand.
func TestSpread(t *testing.T) {
	ten := []vg.Length{10, 10, 10}
	for _, c := range []struct {
		name          string
		want, heights []vg.Length
		lo, hi        vg.Length
		got           []vg.Length
	}{
		{"apart already", []vg.Length{10, 30, 50}, ten, 0, 100, []vg.Length{10, 30, 50}},
		{"all in one place", []vg.Length{50, 50, 50}, ten, 0, 100, []vg.Length{40, 50, 60}},
		{"two meet", []vg.Length{50, 52, 90}, ten, 0, 100, []vg.Length{46, 56, 90}},
		{"order kept", []vg.Length{90, 52, 50}, ten, 0, 100, []vg.Length{90, 56, 46}},
		{"at the floor", []vg.Length{0, 0, 0}, ten, 0, 100, []vg.Length{5, 15, 25}},
		{"at the ceiling", []vg.Length{99, 99, 99}, ten, 0, 100, []vg.Length{75, 85, 95}},
		{"unequal heights", []vg.Length{50, 50}, []vg.Length{10, 30}, 0, 100, []vg.Length{40, 60}},
		{"none", nil, nil, 0, 100, nil},
	} {
		got := chart.Spread(c.want, c.heights, c.lo, c.hi)
		for i := range c.got {
			if !(math.Abs(float64(got[i]-c.got[i])) <= 1e-9) {
				t.Errorf("%s: %v, want %v", c.name, got, c.got)
				break
			}
		}
	}
}

// TestSpreadProperties: boxes stay in bounds if they fit, do not overlap, and no random rearrangement that obeys both
// moves them less in the sum of squares.
func TestSpreadProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		want, heights := make([]vg.Length, n), make([]vg.Length, n)
		var total vg.Length
		for i := range n {
			want[i] = vg.Length(rapid.Float64Range(0, 200).Draw(t, "want"))
			heights[i] = vg.Length(rapid.Float64Range(5, 25).Draw(t, "height"))
			total += heights[i]
		}
		got := chart.Spread(want, heights, 0, 200)
		legal := func(at []vg.Length) bool {
			for i := range n {
				if at[i]-heights[i]/2 < -1e-6 || at[i]+heights[i]/2 > 200+1e-6 {
					return false
				}
				for k := range i {
					if math.Abs(float64(at[i]-at[k])) < float64(heights[i]+heights[k])/2-1e-6 {
						return false
					}
				}
			}
			return true
		}
		if !legal(got) {
			t.Fatalf("want %v, heights %v: %v overlaps or leaves [0, 200]", want, heights, got)
		}
		moved := func(at []vg.Length) (s float64) {
			for i := range n {
				s += math.Pow(float64(at[i]-want[i]), 2)
			}
			return s
		}
		other := make([]vg.Length, n)
		for range 12 {
			for i := range n {
				other[i] = got[i] + vg.Length(rapid.Float64Range(-3, 3).Draw(t, "move"))
			}
			// Moves of a few points cannot swap two boxes, so the order is the one spread chose.
			if legal(other) && moved(other) < moved(got)-1e-3 {
				t.Fatalf("want %v, heights %v: %v moves less than %v", want, heights, other, got)
			}
		}
	})
}

// TestWrap: lines fit, there are not too many, and nothing is lost unless an ellipsis says so.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zA-Z_/,\-éß]{1,30}( [a-z0-9%]{1,12}){0,12}`).Draw(t, "s")
		w := vg.Length(rapid.Float64Range(40, 300).Draw(t, "w"))
		most := rapid.IntRange(0, 4).Draw(t, "most")
		lines := chart.SmallFit(s, w, most)
		if most > 0 && len(lines) > most {
			t.Fatalf("%d lines, at most %d", len(lines), most)
		}
		for _, l := range lines {
			if chart.Width(l) > w {
				t.Fatalf("%q is %v wide, more than %v", l, chart.Width(l), w)
			}
		}
		squeeze := strings.NewReplacer(" ", "")
		if all := strings.Join(lines, ""); !strings.Contains(all, "…") && squeeze.Replace(all) != squeeze.Replace(s) {
			t.Fatalf("%q became %q", s, lines)
		}
	})
}

// TestWrapKeepsTheEnd: names that begin alike stay different, and the number behind a name survives.
func TestWrapKeepsTheEnd(t *testing.T) {
	a := chart.SmallFit("calls, then two visits with a written notice, variant 1: 12.3%", 120, 2)
	b := chart.SmallFit("calls, then two visits with a written notice, variant 2: 12.3%", 120, 2)
	if a[1] == b[1] {
		t.Errorf("both became %q", a[1])
	}
	if !strings.HasSuffix(a[1], "12.3%") {
		t.Errorf("%q lost its number", a[1])
	}
}
