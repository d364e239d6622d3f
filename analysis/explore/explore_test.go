package explore_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/chart"
	"collectsim/analysis/explore"
	"collectsim/sim/outcome"
)

// folder writes a sweep's folder by hand: two strategies, of which "new" has npv less "old" by
// replication as given, [point][replication]; "old" is 100 throughout.
func folder(t *testing.T, design outcome.SweepDesign, diff [][]float64) *explore.Study {
	t.Helper()
	values := map[string][][]float64{}
	for _, row := range diff {
		var old, changed []float64
		for _, d := range row {
			old, changed = append(old, 100+0*d), append(changed, 100+d)
		}
		values["old"], values["new"] = append(values["old"], old), append(values["new"], changed)
	}
	return study(t, design, []string{"old", "new"}, values)
}

// study writes a sweep's folder by hand: npv of each strategy as [point][replication], NaN where it is undefined. A point
// at which no strategy has any is invalid.
func study(t *testing.T, design outcome.SweepDesign, strategies []string, values map[string][][]float64) *explore.Study {
	t.Helper()
	dir := t.TempDir()
	replications := len(values[strategies[0]][0])
	design.Metrics = []string{"npv", "cost", "cost_per_recovered"}
	m := &outcome.Manifest{
		Tool: "collectsim", Kind: outcome.KindSweep, Scenario: "hand", Replications: replications, Accounts: 10, Horizon: 5,
		Baseline: strategies[0], Strategies: strategies, Currency: "EUR", Portfolio: "hand", Sweep: &design,
	}
	points := &outcome.Table{Name: "points"}
	runs := &outcome.Table{Name: "replications"}
	ints := func(x *outcome.Table, name string, v int) {
		add(x, outcome.Column{Name: name, Kind: outcome.Int, Int: []int64{int64(v)}})
	}
	texts := func(x *outcome.Table, name, v string) {
		add(x, outcome.Column{Name: name, Kind: outcome.Text, Text: []string{v}})
	}
	floats := func(x *outcome.Table, name string, v float64) {
		add(x, outcome.Column{Name: name, Unit: "currency/account", Kind: outcome.Float, Float: []float64{v}})
	}
	mean := func(x []float64) float64 { // of the defined
		sum, n := 0.0, 0.0
		for _, v := range x {
			if !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
		return sum / n
	}
	for p := range design.Points {
		status, reason := "invalid", "broken on purpose"
		for _, name := range strategies {
			if !math.IsNaN(mean(values[name][p])) {
				status, reason = "ok", ""
			}
		}
		for _, name := range strategies {
			for r, value := range values[name][p] {
				if status == "ok" {
					ints(runs, "replication", r)
					ints(runs, "point", p)
					texts(runs, "strategy", name)
					floats(runs, "npv", value)
				}
			}
			ints(points, "point", p)
			texts(points, "strategy", name)
			for i, path := range design.Paths {
				var x float64
				if err := json.Unmarshal([]byte(design.Points[p][i]), &x); err != nil {
					texts(points, path, design.Points[p][i])
				} else {
					floats(points, path, x)
				}
			}
			texts(points, "status", status)
			texts(points, "reason", reason)
			ints(points, "replications", len(values[name][p]))
			floats(points, "npv", mean(values[name][p]))
			floats(points, "npv_se", 1)
			floats(points, "cost", mean(values[name][p]))
			floats(points, "cost_se", 1000)
			floats(points, "npv_diff", mean(values[name][p])-mean(values[strategies[0]][p]))
			floats(points, "npv_diff_se", 1)
		}
	}
	for _, x := range []*outcome.Table{points, runs} {
		var b bytes.Buffer
		if err := x.Write(&b, "arrow"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, x.Name+".arrow"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&outcome.Folder{Partial: dir}).WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	s, err := explore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// add appends a value to the table's column of that name.
func add(t *outcome.Table, c outcome.Column) {
	if have := t.Column(c.Name); have != nil {
		have.Int, have.Text, have.Float = append(have.Int, c.Int...), append(have.Text, c.Text...), append(have.Float, c.Float...)
		return
	}
	t.Columns = append(t.Columns, c)
}

func list(values ...string) (points [][]string) {
	for _, v := range values {
		points = append(points, []string{v})
	}
	return points
}

func TestBreakEvenOfALine(t *testing.T) {
	// The difference is x - 3 + (-1, 0, 1): the mean line crosses at 3, the lines of the replications at
	// 4, 3 and 2. Points stand out of order, one is invalid.
	diff := func(x float64) []float64 { return []float64{x - 4, x - 3, x - 2} }
	nan := math.NaN()
	s := folder(t, outcome.SweepDesign{Paths: []string{"teams.visit.agents"}, Points: list("6", "1", "-1", "2")}, [][]float64{diff(6), diff(1), {nan, nan, nan}, diff(2)})
	found, err := s.BreakEvens("npv")
	if err != nil || len(found) != 1 || len(found[0].Crossings) != 1 {
		t.Fatalf("got %+v, %v, want one crossing", found, err)
	}
	e, c := found[0], found[0].Crossings[0]
	if e.Challenger != "new" || e.Champion != "old" || e.Input != "teams.visit.agents" || !(math.Abs(c.X-3) <= 1e-12) || !c.Rising || !(c.Low <= 3 && c.High >= 3) {
		t.Errorf("got %+v", e)
	}
	var text bytes.Buffer
	if err := s.Text(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"npv (EUR/account), standard error in brackets, * best", "*103 (1)", "*100 (1)", "invalid: broken on purpose",
		"best: old at 2, new at 1 of the points", "1 point is invalid", "new rises above old in npv at teams.visit.agents = 3 (95%: ",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("text: got %s, want %q in it", text.String(), want)
		}
	}
	dir := t.TempDir()
	if err := s.Draw(dir); err != nil {
		t.Fatal(err)
	}
	svg, err := os.ReadFile(filepath.Join(dir, "break-even.svg"))
	if err != nil || !strings.Contains(string(svg), "break-even at 3") {
		t.Errorf("chart: does not name the break-even at 3 (%v)", err)
	}
	if _, err := s.BreakEvens("cost_per_recovered"); err == nil {
		t.Error("a ratio of means has break-evens")
	}
	if s.Show("stress_mean") == nil || s.Show("cost_per_recovered") != nil {
		t.Error("Show: takes what the sweep lacks, or refuses what it holds")
	}
}

func TestWithoutACrossing(t *testing.T) {
	s := folder(t, outcome.SweepDesign{Paths: []string{"accounts"}, Points: list("1", "2")}, [][]float64{{1, 2, 3}, {2, 3, 4}})
	found, err := s.BreakEvens("npv")
	if err != nil || len(found) != 1 || len(found[0].Crossings) != 0 {
		t.Fatalf("got %+v, %v", found, err)
	}
	// t of 2 degrees of freedom is 4.303: 2 is no more than 4.303 standard errors of 1/sqrt 3, 3 is.
	if got := found[0].Sentences()[0]; got != "new stays above old in npv over the whole range, told from it at 1 of 2 points" {
		t.Errorf("got %q", got)
	}
	for _, c := range []struct {
		differences [][]float64
		want        string
	}{
		{[][]float64{{2, 3, 4}, {12, 13, 14}}, "new stays above old in npv over the whole range"},
		{[][]float64{{-2, -3, -4}, {-2, -3, -4}}, "new stays below old in npv over the whole range"},
		{[][]float64{{0, 0, 0}, {-2, -3, -4}}, "new is never above old in npv over the whole range, told from it at 1 of 2 points"},
		{[][]float64{{2, 3, 4}, {0, 0, 0}}, "new is never below old in npv over the whole range, told from it at 1 of 2 points"},
		{[][]float64{{0}, {-1}}, "new is never above old in npv over the whole range, in a single replication"},
		{[][]float64{{1, 2, 3}, {-1, 2, 3}}, "new cannot be told from old in npv at any point; it takes more replications"},
	} {
		found, err := folder(t, outcome.SweepDesign{Paths: []string{"accounts"}, Points: list("1", "2")}, c.differences).BreakEvens("npv")
		if err != nil || found[0].Sentences()[0] != c.want {
			t.Errorf("%v: got %+v, %v, want %q", c.differences, found[0].Sentences(), err, c.want)
		}
	}
	text, err := json.Marshal(found[0])
	if err != nil || !strings.Contains(string(text), `"crossings":[]`) {
		t.Errorf("json: got %s, %v", text, err)
	}
	s = folder(t, outcome.SweepDesign{Paths: []string{"accounts"}, Points: list("1", "2")}, [][]float64{{0, 0}, {0, 0}})
	if found, err = s.BreakEvens("npv"); err != nil || found[0].Sentences()[0] != "new and old are equal at every point" {
		t.Errorf("equal strategies: got %+v, %v", found, err)
	}
	if got := folder(t, outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2")}, [][]float64{{1, 1}, {-1, -1}}); got.Best(0, "cost") != "old" || got.Best(1, "cost") != "new" || got.Best(0, "npv") != "new" {
		t.Error("best: takes the wrong side of cost or npv")
	}
	if got := s.Best(0, "npv"); got != "old" {
		t.Errorf("best of equals: got %q, want the first", got)
	}
}

// TestUndefinedFigures: a strategy without the figure takes no part, and a replication without it at some point is left
// out; neither hides what the others have.
func TestUndefinedFigures(t *testing.T) {
	nan := math.NaN()
	d := outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2")}
	two := func(values ...float64) [][]float64 { // those of the two points, by replication
		var x [][]float64
		for range 2 {
			x = append(x, values)
		}
		return x
	}
	s := study(t, d, []string{"old", "none", "new"}, map[string][][]float64{
		"old": two(100, 100, 100, 100), "none": two(nan, nan, nan, nan), "new": {{98, 99, 97, nan}, {103, 102, 104, 105}},
	})
	found, err := s.BreakEvens("npv")
	if err != nil || len(found) != 1 || found[0].Challenger != "new" || len(found[0].Crossings) != 1 {
		t.Fatalf("got %+v, %v, want one break-even, of new", found, err)
	}
	// Means of the three replications that both points have: -2 and 3.
	if x := found[0].Crossings[0].X; !(math.Abs(x-1.4) <= 1e-12) {
		t.Errorf("crossing at %v, want 1.4", x)
	}
	if got := found[0].Sentences()[0]; !strings.HasSuffix(got, "; 1 of 4 replications left out, undefined at some point") {
		t.Errorf("got %q, the replication that was left out is not told", got)
	}
	if c := s.Changes("npv", []float64{1}, [][]float64{{2}}); len(c) != 1 || strings.Join(c[0].Rankings, "; ") != "old > new; new > old" {
		t.Errorf("changes: got %+v", c)
	}
	s = study(t, d, []string{"old", "new"}, map[string][][]float64{"old": two(1, 2), "new": two(nan, nan)})
	if _, err := s.BreakEvens("npv"); err == nil || !strings.Contains(err.Error(), "npv is undefined for the baseline") {
		t.Errorf("one strategy with a figure: got %v", err)
	}
}

// TestInformationOfTheDefined: a strategy without the figure anywhere is no choice; the value is that between the others.
func TestInformationOfTheDefined(t *testing.T) {
	const n = 200
	d := outcome.SweepDesign{Paths: []string{"a"}}
	values := map[string][][]float64{}
	for i := range n {
		x := (float64(i) + 0.5) / n
		d.Points = append(d.Points, []string{fmt.Sprint(x)})
		values["old"], values["new"] = append(values["old"], []float64{0}), append(values["new"], []float64{2*x - 1})
		values["none"] = append(values["none"], []float64{math.NaN()})
	}
	r, err := study(t, d, []string{"old", "none", "new"}, values).Information("npv", 1)
	// E max(gain, 0) of a gain uniform on [-1, 1].
	if err != nil || !(math.Abs(r.EVPI-0.25) <= 0.01) {
		t.Errorf("got %+v, %v, want EVPI 0.25", r, err)
	}
}

func TestSweepsWithoutALine(t *testing.T) {
	two := [][]float64{{1, 2}, {3, 4}}
	for _, c := range []struct {
		design outcome.SweepDesign
		want   string
	}{
		{outcome.SweepDesign{Paths: []string{"a", "b"}, Points: [][]string{{"1", "1"}, {"2", "2"}}}, "2 numbers vary"},
		{outcome.SweepDesign{Paths: []string{"a"}, Points: list("x", "y")}, "a varies and is no number"},
		{outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "1")}, "no number varies"},
		{outcome.SweepDesign{Paths: []string{"seed"}, Points: list("1", "2")}, "seed is no quantity"},
		{outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "1.0")}, "two points have the same a"},
	} {
		s := folder(t, c.design, two)
		if _, err := s.BreakEvens("npv"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.design.Points, err, c.want)
		}
		if err := s.Text(&bytes.Buffer{}); err != nil {
			t.Errorf("%v: text: %v", c.design.Points, err)
		}
	}
	zip := outcome.SweepDesign{Design: "zip", Paths: []string{"a", "b"}, Points: [][]string{{"1", "10"}, {"2", "20"}}}
	if found, err := folder(t, zip, [][]float64{{-1, -1}, {1, 1}}).BreakEvens("npv"); err != nil || found[0].Input != "a" || found[0].Crossings[0].X != 1.5 {
		t.Errorf("zip: got %+v, %v, want a crossing at a = 1.5", found, err)
	}
}

// TestSweepLineStaysInRange: the interval of a cost ends at 0, that of a value goes on.
func TestSweepLineStaysInRange(t *testing.T) {
	s := folder(t, outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2")}, [][]float64{{1, 2}, {3, 4}})
	low := func(metric string) float64 {
		if err := s.Show(metric); err != nil {
			t.Fatal(err)
		}
		c, err := s.Chart("sweep")
		if err != nil {
			t.Fatal(err)
		}
		return c.(chart.Sweep).Lines[0].Low[0]
	}
	const t975 = 12.706204736 // of one degree of freedom, Student's table
	if got := low("cost"); got != 0 {
		t.Errorf("cost from %v, want 0", got)
	}
	if got := low("npv"); !(math.Abs(got-(100-t975)) <= 1e-6) {
		t.Errorf("npv from %v, want %v", got, 100-t975)
	}
}

func TestBestMap(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"a", "b"}, Points: [][]string{{"1", "1"}, {"1", "2"}, {"2", "1"}, {"2", "2"}}}
	s := folder(t, d, [][]float64{{1, 1}, {-1, -1}, {1, 1}, {1, 1}})
	// Along a is x, along b is y: new is best but at a = 1, b = 2. Of cost less is better.
	for metric, want := range map[string]string{"npv": "[[1 1] [0 1]]", "cost": "[[0 0] [1 0]]"} {
		if err := s.Show(metric); err != nil {
			t.Fatal(err)
		}
		c, err := s.Chart("best-map")
		if err != nil {
			t.Fatal(err)
		}
		if m := c.(chart.BestMap); m.By != metric || fmt.Sprint(m.Best) != want {
			t.Errorf("got the best %v by %q, want %s by %s", m.Best, m.By, want, metric)
		}
	}
	d.Points[3][1] = "3"
	if _, err := folder(t, d, [][]float64{{1, 1}, {-1, -1}, {1, 1}, {1, 1}}).Chart("best-map"); err == nil {
		t.Error("points that are no full grid are mapped")
	}
}

func TestQuestions(t *testing.T) {
	s := folder(t, outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2")}, [][]float64{{1, 3}, {-4, -6}})
	best, second, err := s.Two("npv", 1)
	if err != nil || best != "old" || second != "new" {
		t.Errorf("two: got %s, %s, %v", best, second, err)
	}
	got := s.Outputs(explore.Question{Metric: "npv", Strategy: "new", Versus: "old"})
	if got[0] != 2 || got[1] != -5 {
		t.Errorf("outputs: got %v", got)
	}
	if _, _, err := s.Two("stress_mean", 0); err == nil {
		t.Error("two: a metric that the sweep lacks has two best strategies")
	}
	if x := s.Outputs(explore.Question{Metric: "npv", Strategy: "none"}); !math.IsNaN(x[0]) {
		t.Errorf("outputs of nobody: got %v", x)
	}
}

// TestOneWay holds tornado, changes and flips on a one-way design over two factors: base 5 and 5, a at 0
// and 10, b at 0 and 10; the difference is -2, 3 and 8 or, for flips, 4 along a.
func TestOneWay(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"a", "b"}, Points: [][]string{{"5", "5"}, {"0", "5"}, {"10", "5"}, {"5", "0"}, {"5", "10"}}}
	s := folder(t, d, [][]float64{{3, 3}, {-2, -2}, {8, 8}, {3, 3}, {3, 3}})
	base, levels := []float64{5, 5}, [][]float64{{0, 10}, {0, 10}}
	q := explore.Question{Metric: "npv", Strategy: "new", Versus: "old"}
	x, err := s.Tornado(q, base, levels)
	if err != nil {
		t.Fatal(err)
	}
	if x.Base != 3 || x.Swings[0].Name != "a" || x.Swings[0].Width != 10 || !x.Swings[0].SignChange || x.Swings[1].Width != 0 {
		t.Errorf("tornado: got %+v", x)
	}
	if len(x.Warnings) != 1 || !strings.Contains(x.Warnings[0], "a: npv of new less old changes sign within its range (-2 to 8)") {
		t.Errorf("warnings: got %q", x.Warnings)
	}
	changes := s.Changes("npv", base, levels)
	if len(changes) != 1 || changes[0].Factor != "a" || !changes[0].BestToo || strings.Join(changes[0].Rankings, "; ") != "old > new; new > old" {
		t.Errorf("changes: got %+v", changes)
	}
	s = folder(t, d, [][]float64{{3, 3}, {-2, -2}, {4, 4}, {3, 3}, {3, 3}})
	flips, err := s.Flips("npv", base, levels)
	if err != nil || len(flips) != 1 || flips[0].Crossings[0].X != 2 {
		t.Errorf("flips: got %+v, %v, want a = 2", flips, err)
	}
}

// TestTornadoChartHoldsTheBase: the base can be an end of a factor's range, and outcomes between can go beyond both ends.
func TestTornadoChartHoldsTheBase(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"a", "b"}, Points: [][]string{{"5", "5"}, {"10", "5"}, {"5", "0"}, {"5", "2"}, {"5", "10"}}}
	s := folder(t, d, [][]float64{{3, 3}, {8, 8}, {2, 2}, {9, 9}, {4, 4}})
	x, err := s.Tornado(explore.Question{Metric: "npv", Strategy: "new", Versus: "old"}, []float64{5, 5}, [][]float64{{10}, {0, 2, 10}})
	if err != nil {
		t.Fatal(err)
	}
	bars := s.TornadoChart(x).(chart.Tornado).Bars
	if b := bars[1]; b.Input != "a" || b.Range != "5 to 10" || b.Low != 3 || b.High != 8 {
		t.Errorf("got %+v, want 3 at the base, which is the low value, and 8", b)
	}
	if b := bars[0]; b.Input != "b" || b.Range != "0 to 10" || b.Low != 2 || b.High != 4 || !slices.Contains(b.Between, 9) {
		t.Errorf("got %+v, want 2, 4, and 9 between", b)
	}
}

// TestBreakEvenChart marks every crossing, and ends that are open.
func TestBreakEvenChart(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2", "3")}
	s := folder(t, d, [][]float64{{-1, -1.5, 0.5}, {1, 1.5, 2}, {-4, -5, -6}})
	found, err := s.BreakEvens("npv")
	if err != nil || len(found) != 1 || len(found[0].Crossings) != 2 || !found[0].Crossings[0].LowOpen {
		t.Fatalf("got %+v, %v, want two crossings, the first open below", found, err)
	}
	marks := s.Crossing(&found[0]).(chart.BreakEven).Crossings
	if len(marks) != 2 || !marks[0].LowOpen || marks[1].LowOpen || marks[1].Value != found[0].Crossings[1].X || math.IsNaN(marks[0].High) {
		t.Errorf("got %+v", marks)
	}
}

// TestReplicationsPlayed: text and charts tell how many replications stand behind the figures, not how many were asked for.
func TestReplicationsPlayed(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"a"}, Points: list("1", "2")}
	for _, c := range []struct {
		replications [2][]float64 // of new less old
		sweep, even  string
	}{
		{[2][]float64{{1, 2, 3, 4}, {2, 3, 4, 5}}, "4 replications", "4 replications"},
		{[2][]float64{{1, 2}, {2, 3, 4, 5}}, "2 to 4 replications", "2 replications"},
		{[2][]float64{{1}, {2}}, "1 replication", "1 replication"},
	} {
		s := folder(t, d, c.replications[:])
		s.Manifest.Replications = 3
		var text bytes.Buffer
		if err := s.Text(&text); err != nil || !strings.HasPrefix(text.String(), "hand: 2 points, "+c.sweep+", 10 accounts") {
			t.Errorf("text: got %s, %v, want %s", text.String(), err, c.sweep)
		}
		for kind, want := range map[string]string{"sweep": c.sweep, "break-even": c.even} {
			x, err := s.Chart(kind)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			switch x := x.(type) {
			case chart.Sweep:
				got = x.Interval
			case chart.BreakEven:
				got = x.Interval
			}
			if got != "95% interval over "+want {
				t.Errorf("%s: got %q, want %s", kind, got, want)
			}
		}
	}
}

// TestInformationAboveAll: a gain that swings three times over the range is no curve of the second degree, so that the value
// of knowing all misses what that of knowing the one factor finds; the warning says so.
func TestInformationAboveAll(t *testing.T) {
	const n = 400
	d := outcome.SweepDesign{Paths: []string{"a"}}
	var swings, straight [][]float64
	for i := range n {
		x := (float64(i) + 0.5) / n
		d.Points = append(d.Points, []string{fmt.Sprint(x)})
		swings, straight = append(swings, []float64{math.Cos(6 * math.Pi * x)}), append(straight, []float64{x - 0.5})
	}
	for _, c := range []struct {
		name string
		diff [][]float64
		want bool
	}{{"swings", swings, true}, {"straight", straight, false}} {
		r, err := folder(t, d, c.diff).Information("npv", 1)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, "knowing a alone is estimated at ") })
		if told != (r.Parameters[0].EVPPI > r.EVPI) || c.want && !told {
			t.Errorf("%s: EVPPI %v, EVPI %v, warnings %q", c.name, r.Parameters[0].EVPPI, r.EVPI, r.Warnings)
		}
	}
}

// TestSweepBySteps: values set by ratio are drawn on a logarithmic axis, those by distance, or with a 0, are not.
func TestSweepBySteps(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   bool
	}{
		{[]string{"1", "10", "100", "1000"}, true},
		{[]string{"1", "2", "4", "8", "16", "32"}, true},
		{[]string{"2", "4", "8", "16"}, false},
		{[]string{"1", "34", "67", "100"}, false},
		{[]string{"0", "10", "100", "1000"}, false},
		{[]string{"1", "1000"}, false},
	} {
		var diff [][]float64
		for range c.values {
			diff = append(diff, []float64{1, 2})
		}
		x, err := folder(t, outcome.SweepDesign{Paths: []string{"a"}, Points: list(c.values...)}, diff).Chart("sweep")
		if err != nil || x.(chart.Sweep).LogInput != c.want {
			t.Errorf("%v: got %+v, %v, want logarithmic %t", c.values, x, err, c.want)
		}
	}
}

// TestInformation has a difference of npv uniform on [-10, 30] and, read as cost, the opposite decision.
func TestInformation(t *testing.T) {
	const n = 400
	d := outcome.SweepDesign{Paths: []string{"a", "b"}}
	var diff [][]float64
	for i := range n {
		x := (float64(i) + 0.5) / n
		d.Points = append(d.Points, []string{fmt.Sprint(x), fmt.Sprint(float64(i*149%n) / n)})
		diff = append(diff, []float64{40*x - 10})
	}
	s := folder(t, d, diff)
	for _, c := range []struct {
		metric string
		want   float64 // E max(gain, 0) - max(E gain, 0) for a gain uniform on [low, high]
	}{
		{"npv", 30.0*30/(2*40) - 10},
		{"cost", 10.0 * 10 / (2 * 40)}, // the gain is -diff, uniform on [-30, 10]: worth the same, as always between two
	} {
		r, err := s.Information(c.metric, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(r.EVPI-c.want) <= 0.01) || !(math.Abs(r.Parameters[0].EVPPI-c.want) <= 0.05) || r.Parameters[1].EVPPI > 0.2 {
			t.Errorf("%s: got EVPI %g, EVPPI %g of a, %g of b; want %g, the same, about 0", c.metric, r.EVPI, r.Parameters[0].EVPPI, r.Parameters[1].EVPPI, c.want)
		}
	}
	box, err := s.Discover("npv", "old")
	if err != nil || box.Points != n/4 || len(box.Boxes.Boxes) != 1 {
		t.Fatalf("discovery: got %+v, %v, want old best at a quarter", box, err)
	}
	if l := box.Boxes.Boxes[0].Limits; len(l) == 0 || l[0].Name != "a" || !(l[0].High >= 0.25-1.0/n && l[0].High <= 0.25/0.8) || box.Boxes.Boxes[0].Coverage < 1 {
		// PRIM looks for the largest box that is dense at 80%, which ends at 0.25/0.8.
		t.Errorf("discovery: got %+v, want all cases below an a from 0.25 to 0.3125", box.Boxes.Boxes[0])
	}
	if none, err := s.Discover("npv", "third"); err != nil || none.Points != 0 {
		t.Errorf("discovery of a strategy that is never best: got %+v, %v", none, err)
	}
}
