package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	_ "collectsim/internal/sameseed"
	"collectsim/sim/outcome"

	"pgregory.net/rapid"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Every language has the same texts with the same placeholders, and words for every metric and unit.
func TestLanguagesAreComplete(t *testing.T) {
	en, err := language("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range Languages[1:] {
		w, err := language(code)
		if err != nil {
			t.Fatal(err)
		}
		for key, text := range en.text {
			other, ok := w.text[key]
			if !ok {
				t.Errorf("%s lacks %q", code, key)
				continue
			}
			a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(other, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
				t.Errorf("%s: %q has the placeholders %v, in English %v", code, key, b, a)
			}
		}
		for key := range w.text {
			if _, ok := en.text[key]; !ok && !strings.HasPrefix(key, "meaning.") {
				t.Errorf("%s has %q, which English lacks", code, key)
			}
		}
		for _, name := range metricOrder() {
			if !w.has("metric."+name) || !w.has("meaning."+name) || !en.has("metric."+name) {
				t.Errorf("%s: the metric %s has no words", code, name)
			}
		}
		for _, m := range outcome.Metrics() {
			if !w.has("unit."+m.Unit) || !en.has("unit."+m.Unit) {
				t.Errorf("%s: the unit %s has no words", code, m.Unit)
			}
		}
		for _, x := range pageCharts {
			for _, key := range []string{"chart." + x.id, "reading." + x.kind} {
				if !w.has(key) {
					t.Errorf("%s lacks %q", code, key)
				}
			}
		}
	}
	if _, err := language("fr"); err == nil || !strings.Contains(err.Error(), "en, zh-CN") {
		t.Errorf("an unknown language gives %v", err)
	}
}

// moneyName finds the name of a money. 元 is one but in words like 单元 (unit) and 多元 (several).
var moneyName = regexp.MustCompile(`(^|[^单多])元|人民币|(?i)\b(CNY|RMB|USD|EUR|yuan|dollar|euro)s?\b|[¥€]`)

// TestTextsNameNoMoney: the money is the scenario's, so that no text of any language names one of its own.
func TestTextsNameNoMoney(t *testing.T) {
	for text, want := range map[string]bool{"每收回一元的成本": true, "元": true, "3 yuan": true, "每单元": false, "{price} {currency}": false, "euros": true} {
		if moneyName.MatchString(text) != want {
			t.Fatalf("%q is taken for the name of a money: %v", text, !want)
		}
	}
	files, err := htmlFiles.ReadDir("html")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		text, err := htmlFiles.ReadFile("html/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for k, line := range strings.Split(string(text), "\n") {
			if moneyName.MatchString(line) {
				t.Errorf("%s:%d names a money: %s", f.Name(), k+1, line)
			}
		}
	}
	for _, m := range outcome.Metrics() {
		if moneyName.MatchString(m.Unit + " " + m.Doc) {
			t.Errorf("metric %s names a money", m.Name)
		}
	}
}

// Every kind of chart is either drawn from a run or says what it needs instead.
func TestEveryKindIsAccountedFor(t *testing.T) {
	for _, k := range chart.Kinds {
		if (builders[k.Name] != nil) == (elsewhere[k.Name] != "") {
			t.Errorf("%s: must have a builder or a reason", k.Name)
		}
	}
	if n := len(builders) + len(elsewhere); n != len(chart.Kinds) {
		t.Errorf("%d builders and reasons for %d kinds", n, len(chart.Kinds))
	}
	_, err := (&Run{}).Draw("tornado", ChartOptions{})
	if err == nil || !strings.Contains(err.Error(), "sensitivity") {
		t.Errorf("tornado of a run: %v", err)
	}
}

// naiveRank counts: one plus those below, and half of the others that are equal.
func naiveRank(values []float64, i int) float64 {
	r := 1.0
	for j, x := range values {
		if x < values[i] {
			r++
		} else if x == values[i] && j != i {
			r += 0.5
		}
	}
	return r
}

func TestRanksAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 30).Draw(t, "values")
		values := make([]float64, len(whole))
		for i, x := range whole {
			values[i] = float64(x)
		}
		for i, r := range ranks(values) {
			if want := naiveRank(values, i); r != want {
				t.Fatalf("rank of value %d of %v is %v, want %v", i, values, r, want)
			}
		}
	})
}

// planted is a run of two strategies of which the lead follows one of three parameters.
func planted(n int, strength float64) *Run {
	draw := rand.New(rand.NewPCG(1, 2))
	r := &Run{
		Manifest: &outcome.Manifest{Strategies: []string{"a", "b"}, Baseline: "a", Replications: n, Parameters: []string{"p", "q", "r"}},
		values:   map[string]map[string][]float64{"a": {}, "b": {}},
	}
	for range n {
		p, q, x := draw.Float64(), draw.Float64(), draw.Float64()
		base := 10 * draw.NormFloat64()
		for name, value := range map[string]float64{rankedBy: base, "parameter:p": p, "parameter:q": q, "parameter:r": x} {
			r.values["a"][name] = append(r.values["a"][name], value)
		}
		for name, value := range map[string]float64{rankedBy: base + 1 - strength*q*q, "parameter:p": p, "parameter:q": q, "parameter:r": x} {
			r.values["b"][name] = append(r.values["b"][name], value)
		}
	}
	return r
}

// The driver is the parameter that the lead was made of: b leads by 1 - q^2, which falls in q, so the ranks are
// opposite throughout.
func TestDriverFindsThePlantedParameter(t *testing.T) {
	d, ok := planted(60, 1).driver()
	if !ok || d.parameter != "q" || d.leader != "b" || d.second != "a" || !(math.Abs(d.correlation+1) <= 1e-9) {
		t.Errorf("driver %+v, %v; want q with the correlation -1", d, ok)
	}
}

// Where the lead is the same throughout, no parameter moves it.
func TestNoDriverOfAConstantLead(t *testing.T) {
	r := planted(60, 0)
	if d, ok := r.driver(); ok {
		t.Errorf("driver %+v of a constant lead", d)
	}
}

// The grid of prices reaches past the price at which two strategies are equal: b is worth 2 less and avoids 0.01
// more, so at 200 an account both are equal.
func TestPricesReachPastTheSwitch(t *testing.T) {
	r := &Run{
		Manifest: &outcome.Manifest{Strategies: []string{"a", "b"}, Baseline: "a", Replications: 2},
		values: map[string]map[string][]float64{
			"a": {rankedBy: {10, 12}, "overdue_rate_30": {0.05, 0.05}},
			"b": {rankedBy: {8, 10}, "overdue_rate_30": {0.04, 0.04}},
		},
	}
	grid := r.tradeoff("overdue_rate_30").grid()
	if grid[0] != 0 || !(math.Abs(grid[len(grid)-1]-400) <= 1e-6) || len(grid) != prices {
		t.Errorf("the grid spans %v to %v with %d prices, want 0 to 400", grid[0], grid[len(grid)-1], len(grid))
	}
}

// A style that comes again gets the same class, and the text of the picture stays.
func TestInlineKeepsThePicture(t *testing.T) {
	svg := `<?xml version="1.0"?>
<svg role="img" width="10pt" height="10pt" viewBox="0 0 10 10"
	xmlns="x"
	xmlns:xlink="xlink">
<title>old</title>
<path d="M0,0" style="fill:#fff" /><path d="M1,1" style="fill:#fff" /><text style="font-family:&#39;A&#39;">1 &lt; 2</text></svg>`
	s := newStyleSheet()
	got := inline(svg, "c", `"new" & <b>`, "what it shows", s)
	for _, want := range []string{`viewBox="0 0 10 10"`, `<title id="c-t">&#34;new&#34; &amp; &lt;b&gt;</title>`, `<desc id="c-d">what it shows</desc>`, `1 &lt; 2`, `<path d="M0,0" class="k0" /><path d="M1,1" class="k0" />`, `class="k1"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	if strings.Contains(got, "style=") || strings.Contains(got, "xmlns") || strings.Contains(got, "old") {
		t.Errorf("left over in %s", got)
	}
	if !strings.Contains(s.text.String(), ".k1{font-family:'A'}") {
		t.Errorf("styles %s", s.text.String())
	}
}

// A long line keeps its ends and every k-th point.
func TestThinKeepsTheEnds(t *testing.T) {
	l := chart.Line{Name: "a"}
	for i := range 2001 {
		x := float64(i)
		l.X, l.Y, l.Low, l.High = append(l.X, x), append(l.Y, 2*x), append(l.Low, x), append(l.High, 3*x)
	}
	got := thin([]chart.Line{l})[0]
	n := len(got.X)
	if n > linePoints || n < linePoints/2 || got.X[0] != 0 || got.X[n-1] != 2000 {
		t.Errorf("%d points from %v to %v", n, got.X[0], got.X[n-1])
	}
	for i, x := range got.X {
		if got.Y[i] != 2*x || got.Low[i] != x || got.High[i] != 3*x {
			t.Errorf("point %d belongs to another day: %v %v %v %v", i, x, got.Y[i], got.Low[i], got.High[i])
		}
	}
}

// walk follows a path of moves and gives the places in tenths of a point.
func walk(t *testing.T, path string) (places [][2]int) {
	t.Helper()
	var x, y float64
	for _, m := range regexp.MustCompile(`([MLlhv])(-?[0-9.]+)(?:,(-?[0-9.]+))?`).FindAllStringSubmatch(path, -1) {
		a, _ := strconv.ParseFloat(m[2], 64)
		b, _ := strconv.ParseFloat(m[3], 64)
		switch m[1] {
		case "M", "L":
			x, y = a, b
		case "l":
			x, y = x+a, y+b
		case "h":
			x += a
		case "v":
			y += a
		}
		places = append(places, [2]int{int(math.Round(10 * x)), int(math.Round(10 * y))})
	}
	return places
}

// A compact path goes through the same places, to a tenth of a point, however long it is.
func TestCompactPathGoesTheSameWay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "points")
		var b strings.Builder
		var want [][2]int
		for i := range n {
			x := rapid.Float64Range(-5, 700).Draw(rt, "x")
			y := rapid.Float64Range(-5, 400).Draw(rt, "y")
			letter := "L"
			if i == 0 || rapid.IntRange(0, 9).Draw(rt, "gap") == 0 {
				letter = "M"
			}
			x, y = math.Round(x*1000)/1000, math.Round(y*1000)/1000
			fmt.Fprintf(&b, "%s%g,%g", letter, x, y)
			want = append(want, [2]int{int(math.Round(10 * x)), int(math.Round(10 * y))})
		}
		if got := walk(t, compact(b.String())); !slices.Equal(got, want) {
			rt.Fatalf("%s became %s, which goes %v, not %v", b.String(), compact(b.String()), got, want)
		}
	})
	for path, want := range map[string]string{
		"M10,20L10.25,20L10.25,19.5": "M10,20h.3v-.5",
		"M1,1A2,2 0 0 1 3,3":         "M1,1A2,2 0 0 1 3,3",
		"M1,1L2,1L2,2ZM5,5L6,5Z":     "M1,1h1v1ZM5,5h1Z",
	} {
		if got := compact(path); got != want {
			t.Errorf("%s became %s, want %s", path, got, want)
		}
	}
}

// Prices of a million and more have their thousands set apart, as all amounts of the page have.
func TestPricesOfMillions(t *testing.T) {
	w, err := language("en")
	if err != nil {
		t.Fatal(err)
	}
	a := &author{w: w}
	for _, c := range []struct {
		e    estimate.Estimate
		want string
	}{
		{estimate.Estimate{Value: 7e6, Low: 5e6, High: 11e6, SE: 1.5e6}, "7,000,000 (5,000,000 to 11,000,000)"},
		{estimate.Estimate{Value: 7e6, Low: 5e6, High: math.Inf(1), SE: 1.5e6}, "7,000,000 (at least 5,000,000; no upper end)"},
		{estimate.Estimate{Value: 8100, Low: math.NaN(), High: math.NaN(), SE: 810}, "8100"},
	} {
		if got := a.bounded(c.e); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
