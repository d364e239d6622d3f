package chart_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"

	"collectsim/analysis/chart"
)

// These tests read pictures as a reader does: the tick labels give the scale, and the marks must stand where the scale
// puts the data.

// scale is a straight line from values to places, and how far labels may stand off it.
type scale struct{ a, b, off float64 }

func (s scale) at(v float64) float64 { return s.a + s.b*v }

// fitScale is the line through the first and last labelled tick.
func fitScale(t *testing.T, values, places []float64) scale {
	t.Helper()
	if len(values) < 2 {
		t.Fatalf("%d ticks found", len(values))
	}
	n := len(values) - 1
	b := (places[n] - places[0]) / (values[n] - values[0])
	s := scale{places[0] - b*values[0], b, 0}
	for i, v := range values {
		if d := math.Abs(s.at(v) - places[i]); d > 0.5 {
			t.Fatalf("tick %v stands %v pt off an even scale", v, d)
		}
	}
	return s
}

func parseTick(s string) (float64, bool) {
	s = strings.NewReplacer("−", "-", ",", "").Replace(s)
	f := 1.0
	if strings.HasSuffix(s, "%") {
		s, f = strings.TrimSuffix(s, "%"), 0.01
	}
	v, err := strconv.ParseFloat(s, 64)
	return v * f, err == nil
}

// scales reads both axes of a picture with one panel: numbers that share a base line are the x axis, numbers that end at
// one place the y axis.
func scales(t *testing.T, rec *recorder.Canvas) (x, y scale) {
	t.Helper()
	bs := texts(t, rec)
	var xv, xp, yv, yp []float64
	var base, end vg.Length = -1, -1
	for _, b := range bs { // gonum draws the x ticks first, then the y ticks
		v, ok := parseTick(b.text)
		switch {
		case !ok:
		case base < 0 || b.Min.Y == base:
			base = b.Min.Y
			xv, xp = append(xv, v), append(xp, float64(b.Min.X+b.Max.X)/2)
		case end < 0 || math.Abs(float64(b.Max.X-end)) < 0.01:
			end = b.Max.X
			yv, yp = append(yv, v), append(yp, float64(b.Min.Y+b.Max.Y)/2)
		}
	}
	x = fitScale(t, xv, xp)
	if len(yv) > 1 { // rows have no y axis
		y = fitScale(t, yv, yp)
	}
	return x, y
}

// TestLineStandsWhereTheAxesSay reads a line back from the drawing. Labels are centred by their line box, not their
// ink, hence 3 pt of room vertically.
func TestLineStandsWhereTheAxesSay(t *testing.T) {
	l := chart.Line{Name: "A", X: []float64{0, 30, 60, 120, 360}, Y: []float64{0.02, 0.11, 0.05, 0.13, 0.08}}
	rec, _, _, err := chart.Record(chart.Overdue{Frame: frame(""), DPD: 30, Lines: []chart.Line{l}})
	if err != nil {
		t.Fatal(err)
	}
	x, y := scales(t, rec)
	found := false
	for _, p := range paths(rec) {
		if len(p) != len(l.X) || p[len(p)-1].Type == vg.CloseComp {
			continue
		}
		ok := true
		for i, k := range p {
			ok = ok && math.Abs(float64(k.Pos.X)-x.at(l.X[i])) < 0.5 && math.Abs(float64(k.Pos.Y)-y.at(l.Y[i])) < 3
		}
		// Three points of label offset must not hide a wrong scale: differences are exact to half a point.
		for i := 1; i < len(p) && ok; i++ {
			ok = math.Abs(float64(p[i].Pos.Y-p[0].Pos.Y)-y.b*(l.Y[i]-l.Y[0])) < 0.5
		}
		found = found || ok
	}
	if !found {
		t.Error("no path passes through the data")
	}
}

// TestCureSteps: the share cured starts at 0 on day 0, jumps on each day and holds between, and ends as printed.
func TestCureSteps(t *testing.T) {
	c := chart.Cure{Frame: frame(""), Curves: []chart.CureCurve{{
		Name: "A", Day: []float64{10, 30, 60}, Uncured: []float64{0.9, 0.6, 0.25}, AtRisk: []int{100, 80, 40},
	}}}
	rec, _, _, err := chart.Record(c)
	if err != nil {
		t.Fatal(err)
	}
	x, y := scales(t, rec)
	days := []float64{0, 10, 10, 30, 30, 60, 60}
	cured := []float64{0, 0, 0.1, 0.1, 0.4, 0.4, 0.75}
	found := false
	for _, p := range paths(rec) {
		if len(p) != len(days) {
			continue
		}
		found = true
		for i, k := range p {
			if !(math.Abs(float64(k.Pos.X)-x.at(days[i])) <= 0.5) || !(math.Abs(float64(k.Pos.Y-p[0].Pos.Y)-y.b*cured[i]) <= 0.5) {
				t.Errorf("step %d stands at %v, want day %v, cured %v", i, k.Pos, days[i], cured[i])
			}
		}
	}
	if !found {
		t.Error("no step line found")
	}
	var words []string
	for _, b := range texts(t, rec) {
		words = append(words, b.text)
	}
	if !slices.Contains(words, "A: 75.0%") {
		t.Errorf("no end label in %q", words)
	}
	// Ticks stand every 5 days: just before days 0 to 10, 100 accounts are at risk; before 15 to 30, 80; before 35 to 60, 40.
	if got := strings.Join(words, " "); !strings.Contains(got, "100 100 100 80 80 80 80 40 40 40 40 40 40") {
		t.Errorf("no such row of numbers at risk in %q", got)
	}
}

// TestBarsStandWhereTheAxisSays: each part of a stacked bar begins where the one before ends.
func TestBarsStandWhereTheAxisSays(t *testing.T) {
	rec, _, _, err := chart.Record(chart.CostWaterfall{
		Frame: frame(""), Unit: "CNY", Parts: []string{"a", "b", "c"},
		Bars: []chart.CostBar{{Name: "A", Costs: []float64{20, 50, 30}, Total: chart.Exact(math.NaN())}},
	})
	if err != nil {
		t.Fatal(err)
	}
	x, _ := scales(t, rec)
	for _, want := range [][2]float64{{0, 20}, {20, 70}, {70, 100}} {
		if !slices.ContainsFunc(paths(rec), func(p vg.Path) bool {
			lo, hi := math.Inf(1), math.Inf(-1)
			for _, k := range p {
				if k.Type != vg.CloseComp {
					lo, hi = min(lo, float64(k.Pos.X)), max(hi, float64(k.Pos.X))
				}
			}
			return math.Abs(lo-x.at(want[0])) < 0.5 && math.Abs(hi-x.at(want[1])) < 0.5
		}) {
			t.Errorf("no box from %v to %v", want[0], want[1])
		}
	}
}

// words are the texts of a chart in the order drawn.
func words(t *testing.T, c chart.Chart) []string {
	t.Helper()
	rec, _, _, err := chart.Record(c)
	if err != nil {
		t.Fatal(err)
	}
	var ws []string
	for _, b := range texts(t, rec) {
		ws = append(ws, b.text)
	}
	return ws
}

// TestTornadoOrder: rows by falling swing, from top to bottom.
func TestTornadoOrder(t *testing.T) {
	c := chart.Tornado{Frame: frame(""), Outcome: "Outcome (CNY)", Base: 10, Bars: []chart.TornadoBar{
		{Input: "small", Low: 9.5, High: 10.5},
		{Input: "one-sided", Low: 12, High: 18},
		{Input: "large", Low: 4, High: 15},
		{Input: "unknown", Low: math.NaN(), High: math.NaN()},
	}}
	var rows []string
	for _, w := range words(t, c) {
		if slices.ContainsFunc(c.Bars, func(b chart.TornadoBar) bool { return b.Input == w }) {
			rows = append(rows, w)
		}
	}
	if got := strings.Join(rows, " "); got != "large one-sided small unknown" {
		t.Errorf("rows %s", got)
	}
	if !slices.Contains(words(t, c), "12 / 18") {
		t.Error("the one-sided bar does not show both numbers")
	}
}

// TestTornadoBetween: outcomes between that go beyond the bar are shown, and count in the order.
func TestTornadoBetween(t *testing.T) {
	c := chart.Tornado{Frame: frame(""), Outcome: "Outcome (CNY)", Base: 10, Bars: []chart.TornadoBar{
		{Input: "straight", Low: 8, High: 12, Between: []float64{9, math.NaN(), 11}},
		{Input: "humped", Low: 9, High: 9.5, Between: []float64{17}},
		{Input: "dipped", Low: 7, High: 10, Between: []float64{6, 5}},
	}}
	got := words(t, c)
	var rows []string
	for _, w := range got {
		if slices.Contains([]string{"straight", "humped", "dipped"}, w) {
			rows = append(rows, w)
		}
	}
	if strings.Join(rows, " ") != "humped dipped straight" {
		t.Errorf("rows %s, want them by the whole swing: 8, 5 and 4", rows)
	}
	for _, want := range []string{"9 / 9.50", "(17)", "7 (5)", "8", "12"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	note := "Whiskers, and numbers in brackets: outcomes at values in between, where they go further."
	if !slices.Contains(got, note) {
		t.Errorf("no note on whiskers among %q", got)
	}
	c.Bars = c.Bars[:1]
	if slices.Contains(words(t, c), note) {
		t.Error("a note on whiskers, and none to see")
	}
}

// TestLogInput: on a logarithmic axis equal ratios are equal distances, and its labels say so.
func TestLogInput(t *testing.T) {
	c := chart.Sweep{Frame: frame(""), Input: "x", Outcome: "y", LogInput: true, Base: math.NaN(), Lines: []chart.Line{{Name: "a", X: []float64{0.001, 0.01, 0.1, 1}, Y: []float64{1, 2, 3, 4}}}}
	rec, _, _, err := chart.Record(c)
	if err != nil {
		t.Fatal(err)
	}
	at := map[float64]float64{}
	var base vg.Length = -1
	for _, b := range texts(t, rec) {
		if v, ok := parseTick(b.text); ok && (base < 0 || b.Min.Y == base) {
			base, at[v] = b.Min.Y, float64(b.Min.X+b.Max.X)/2
		}
	}
	for _, v := range []float64{0.001, 0.002, 0.005, 0.01, 0.1, 1} {
		want := at[0.001] + (at[1]-at[0.001])*(math.Log10(v)+3)/3
		if place, ok := at[v]; !ok || !(math.Abs(place-want) <= 0.5) {
			t.Errorf("tick %v at %v (%v), want %v; ticks %v", v, place, ok, want, at)
		}
	}
	c.Lines[0].X[0] = 0
	if _, _, _, err := chart.Record(c); err != nil {
		t.Errorf("with a value of 0: %v, want a linear axis", err)
	}
}

// TestBestMapSaysByWhat: the title names what the best strategy is best in, and the key the cells where none is known.
func TestBestMapSaysByWhat(t *testing.T) {
	c := chart.BestMap{
		Frame: frame(""), By: "net_value", XTitle: "x", YTitle: "y", X: []float64{1, 2}, Y: []float64{1}, Strategies: []string{"a", "b"}, Best: [][]int{{0, -1}},
	}
	got := words(t, c)
	for _, want := range []string{"Best strategy by net_value for each pair of values", "A = a", "not known"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
	c.Best[0][1] = 1
	if slices.Contains(words(t, c), "not known") {
		t.Error("the key names cells that are not there")
	}
}

// TestBreakEvenNamesAll: every crossing is named, and an interval that is open says so.
func TestBreakEvenNamesAll(t *testing.T) {
	c := chart.BreakEven{
		Frame: frame(""), Input: "Agents", Outcome: "value (CNY)", Challenger: "a", Champion: "b",
		Difference: []chart.Line{{Name: "d", X: []float64{0, 1, 2, 3}, Y: []float64{-1, 1, 2, -2}}},
		Crossings: []chart.Crossing{
			{Interval: chart.Interval{Value: 0.5, Low: 0, High: 0.9}, LowOpen: true}, {Interval: chart.Interval{Value: 2.5, Low: 2.25, High: 3}, HighOpen: true},
		},
	}
	got := words(t, c)
	for _, want := range []string{"break-even at 0.50 (below 0.00 to 0.90)", "break-even at 2.50 (2.25 to above 3.00)"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
}

// TestForestVerdicts: what an interval says, by the direction that is better and the adjusted interval if there is one.
func TestForestVerdicts(t *testing.T) {
	none := chart.Exact(math.NaN())
	for _, c := range []struct {
		name        string
		better      chart.Direction
		diff, joint chart.Interval
		want        string
	}{
		{"above 0, more is better", chart.Higher, iv(2, 1), none, "better than the reference"},
		{"above 0, less is better", chart.Lower, iv(2, 1), none, "worse than the reference"},
		{"below 0, less is better", chart.Lower, iv(-2, 1), none, "better than the reference"},
		{"direction not said", chart.Unknown, iv(-2, 1), none, "interval without 0"},
		{"holds 0", chart.Higher, iv(2, 3), none, "interval holds 0, or is not known"},
		{"touches 0", chart.Higher, iv(2, 2), none, "interval holds 0, or is not known"},
		{"adjusted interval holds 0", chart.Higher, iv(2, 1), iv(2, 3), "interval holds 0, or is not known"},
		{"no interval", chart.Higher, chart.Exact(2), none, "interval holds 0, or is not known"},
	} {
		ws := words(t, chart.Forest{
			Frame: frame(""), Outcome: "outcome (CNY)", Reference: "R", Better: c.better,
			Rows: []chart.ForestRow{{Name: "A", Difference: c.diff, Joint: c.joint}},
		})
		if !slices.Contains(ws, c.want) {
			t.Errorf("%s: no %q in %q", c.name, c.want, ws)
		}
	}
}

// TestDistressShare: the label carries the share at the distress level, here half-way between two points.
func TestDistressShare(t *testing.T) {
	ws := words(t, chart.Distress{Frame: frame(""), Distress: 75, Lines: []chart.Line{
		{Name: "A", X: []float64{0, 70, 80, 100}, Y: []float64{1, 0.2, 0.1, 0}},
	}})
	if !slices.Contains(ws, "A: 15.0% in distress") {
		t.Errorf("%q", ws)
	}
}
