package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"collectsim/sim/outcome"
)

// outside runs a model of another program: design, model, indices, all through files and the command.
func outside(t *testing.T, bounds, method string, more []string, model func(x []float64) float64) map[string]json.RawMessage {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "bounds.csv")
	if err := os.WriteFile(file, []byte(bounds), 0o644); err != nil {
		t.Fatal(err)
	}
	args := with([]string{"--bounds", file, "--method", method}, more...)
	rows, err := csv.NewReader(strings.NewReader(must(t, with([]string{"sensitivity", "design"}, args...)...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var y strings.Builder
	for _, row := range rows[1:] {
		x := make([]float64, len(row))
		for i := range row {
			if x[i], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&y, "%v\n", model(x))
	}
	outputs := filepath.Join(dir, "y.txt")
	if err := os.WriteFile(outputs, []byte(y.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	indices := with([]string{"sensitivity", "indices", "--outputs", outputs}, args...)
	out := must(t, with(indices, "--format", "json")...)
	allNumbersIn(t, out, must(t, with(indices, "--format", "csv")...))
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// allNumbersIn asks that every number of a table stands in the JSON document of the same result, digit by digit.
func allNumbersIn(t *testing.T, doc, table string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if x, err := strconv.ParseFloat(cell, 64); err == nil && !strings.Contains(doc, shortest(x)) {
				t.Errorf("csv has %s, which is not in the json %s", cell, doc)
			}
		}
	}
}

// shortest is a number as json writes it.
func shortest(x float64) string {
	text, _ := json.Marshal(x)
	return string(text)
}

func numbers(t *testing.T, text json.RawMessage) []float64 {
	t.Helper()
	var x []float64
	if err := json.Unmarshal(text, &x); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return x
}

// near compares slices with a tolerance.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: got %v, want %v within %g", what, got, want, tolerance)
			return
		}
	}
}

// TestOutsideModels holds the two-step command against closed forms: Ishigami and Homma (1990) with
// a = 7, b = 0.1, and the g-function of Sobol (1993) with a = 0, 1, 4.5, 9, 99, 99, 99, 99.
func TestOutsideModels(t *testing.T) {
	const a, b = 7, 0.1
	doc := outside(t, "name,low,high\nx1,-3.141592653589793,3.141592653589793\nx2,-3.141592653589793,3.141592653589793\nx3,-3.141592653589793,3.141592653589793\n",
		"sobol", []string{"-n", "4096", "--scramble", "owen"}, func(x []float64) float64 {
			return math.Sin(x[0]) + a*math.Pow(math.Sin(x[1]), 2) + b*math.Pow(x[2], 4)*math.Sin(x[0])
		})
	pi4 := math.Pow(math.Pi, 4)
	v1, v2, v13 := math.Pow(1+b*pi4/5, 2)/2, a*a/8.0, b*b*pi4*pi4*(1.0/18-1.0/50)
	v := v1 + v2 + v13
	near(t, "Ishigami S1", numbers(t, doc["S1"]), []float64{v1 / v, v2 / v, 0}, 0.02)
	near(t, "Ishigami ST", numbers(t, doc["ST"]), []float64{(v1 + v13) / v, v2 / v, v13 / v}, 0.02)
	if string(doc["names"]) == "" || len(numbers(t, doc["S1_conf"])) != 3 || len(numbers(t, doc["ST_conf"])) != 3 {
		t.Errorf("keys: got %v", doc)
	}

	g := []float64{0, 1, 4.5, 9, 99, 99, 99, 99}
	bounds := ""
	total := 1.0
	for i := range g {
		bounds += fmt.Sprintf("x%d,0,1\n", i+1)
		total *= 1 + 1/(3*(1+g[i])*(1+g[i]))
	}
	doc = outside(t, bounds, "sobol", []string{"-n", "4096"}, func(x []float64) float64 {
		y := 1.0
		for i := range x {
			y *= (math.Abs(4*x[i]-2) + g[i]) / (1 + g[i])
		}
		return y
	})
	var s1, st []float64
	for i := range g {
		vi := 1 / (3 * (1 + g[i]) * (1 + g[i]))
		s1 = append(s1, vi/(total-1))
		st = append(st, vi/(1+vi)*total/(total-1))
	}
	near(t, "g S1", numbers(t, doc["S1"]), s1, 0.02)
	near(t, "g ST", numbers(t, doc["ST"]), st, 0.02)

	// A linear model has exact elementary effects: slope times range, without spread.
	doc = outside(t, "name,low,high\na,0,2\nb,-1,1\n", "morris", []string{"-n", "5"}, func(x []float64) float64 { return 3*x[0] - 4*x[1] })
	near(t, "mu", numbers(t, doc["mu"]), []float64{6, -8}, 1e-12)
	near(t, "mu_star", numbers(t, doc["mu_star"]), []float64{6, 8}, 1e-12)
	near(t, "sigma", numbers(t, doc["sigma"]), []float64{0, 0}, 1e-12)

	doc = outside(t, "name,low,high\na,0,2\nb,-1,1\n", "oneway", nil, func(x []float64) float64 { return 3*x[0] - 4*x[1] })
	if got := string(doc["swings"]); !strings.Contains(got, `"b"`) || strings.Index(got, `"b"`) > strings.Index(got, `"a"`) {
		t.Errorf("tornado: got %s, want b (8 wide) before a (6 wide)", got)
	}
}

// TestMorrisFixedDesign gives the command a design of its own: six trajectories of Saltelli and others
// (2008, exercise 4, page 138). The tests of SALib publish mu 0.66, 0.21, mu_star 1.62, 0.35 and sigma
// 1.79, 0.41; the digits here are recomputed from the table (the first mu is 3.90/6, 0.65).
func TestMorrisFixedDesign(t *testing.T) {
	dir := t.TempDir()
	x := [][2]float64{
		{0, 1. / 3},
		{0, 1},
		{2. / 3, 1},
		{0, 1. / 3},
		{2. / 3, 1. / 3},
		{2. / 3, 1},
		{2. / 3, 0},
		{2. / 3, 2. / 3},
		{0, 2. / 3},
		{1. / 3, 1},
		{1, 1},
		{1, 1. / 3},
		{1. / 3, 1},
		{1. / 3, 1. / 3},
		{1, 1. / 3},
		{1. / 3, 2. / 3},
		{1. / 3, 0},
		{1, 0},
	}
	y := []float64{0.97, 0.71, 2.39, 0.97, 2.3, 2.39, 1.87, 2.40, 0.87, 2.15, 1.71, 1.54, 2.15, 2.17, 1.54, 2.2, 1.87, 1.0}
	var points, outputs strings.Builder
	points.WriteString("x1,x2\n")
	for i := range x {
		fmt.Fprintf(&points, "%v,%v\n", x[i][0], x[i][1])
		fmt.Fprintf(&outputs, "%v\n", y[i])
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{
		"sensitivity", "indices", "--method", "morris", "--bounds", file("bounds.csv", "name,low,high\nx1,0,1\nx2,0,1\n"),
		"--points", file("x.csv", points.String()), "--outputs", file("y.txt", outputs.String()),
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal([]byte(must(t, with(args, "--format", "json")...)), &doc); err != nil {
		t.Fatal(err)
	}
	near(t, "mu", numbers(t, doc["mu"]), []float64{0.65, 0.21}, 1e-9)
	near(t, "mu_star", numbers(t, doc["mu_star"]), []float64{1.62, 0.35}, 1e-9)
	near(t, "sigma", numbers(t, doc["sigma"]), []float64{1.794107020219251, 0.41199514560246936}, 1e-9)
	if out := must(t, args...); !strings.Contains(out, "mu_star") {
		t.Errorf("text: got %s", out)
	}
	if out := must(t, with(args, "--format", "csv")...); !strings.HasPrefix(out, "name,mu,mu_star,mu_star_conf,sigma\nx1,0.65") {
		t.Errorf("csv: got %s", out)
	}
}

func TestOutsideModelsRefuses(t *testing.T) {
	bounds := filepath.Join(t.TempDir(), "b.csv")
	if err := os.WriteFile(bounds, []byte("name,low,high\nx1,0,1\nx2,1,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, 2, []string{"x2"}, "sensitivity", "design", "--bounds", bounds, "--method", "sobol", "-n", "8")
	refused(t, 2, []string{"--bounds FILE"}, "sensitivity", "design", "--method", "sobol", "-n", "8")
	refused(t, 2, []string{"nosuch.csv"}, "sensitivity", "design", "--bounds", "nosuch.csv", "--method", "sobol", "-n", "8")
	if err := os.WriteFile(bounds, []byte("name,low,high\nx1,0,1\nx2,0,1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, 2, []string{`--method "saltelli": must be one of`}, "sensitivity", "design", "--bounds", bounds, "--method", "saltelli", "-n", "8")
	refused(t, 2, []string{"--method sobol"}, "sensitivity", "design", "--bounds", bounds, "--method", "sobol")
	refused(t, 2, []string{"--outputs FILE"}, "sensitivity", "indices", "--bounds", bounds, "--method", "sobol")
	outputs := filepath.Join(t.TempDir(), "y.txt")
	if err := os.WriteFile(outputs, []byte("1\n2\nthree\n4\n5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, 2, []string{outputs, "three"}, "sensitivity", "indices", "--bounds", bounds, "--method", "sobol", "--outputs", outputs)
	if err := os.WriteFile(outputs, []byte("1\n2\n3\n4\n5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, 2, []string{outputs}, "sensitivity", "indices", "--bounds", bounds, "--method", "sobol", "--outputs", outputs)
	refused(t, 2, []string{"holds 5 outputs, the design of -n 4 has 24 points"}, "sensitivity", "indices", "--bounds", bounds, "--method", "sobol", "--outputs", outputs, "-n", "4", "--second-order")
	refused(t, 2, []string{"the design of -n 2 has 6 points"}, "sensitivity", "indices", "--bounds", bounds, "--method", "morris", "--outputs", outputs, "-n", "2")
	refused(t, 2, []string{"multiple of 3"}, "sensitivity", "indices", "--bounds", bounds, "--method", "morris", "--outputs", outputs)
}

// The scenario below is one whose answers are known. visit.fixed is charged by the agent and day to
// home-visits alone, so its net_value is linear in it; no strategy files a lawsuit.
var linear = []string{
	"--strategies", "no-contact,home-visits", "--accounts", "600", "--horizon", "60", "--replications", "3", "--quiet",
	"--vary", "teams.visit.fixed=0..600", "--vary", "channels.lawsuit.effect=0.03..0.4",
}

// report is the part of sensitivity.json that is tested.
type sensitivityReport struct {
	Best        string
	Base        float64
	Figure      struct{ Metric, Strategy, Versus string }
	Assumptions []struct {
		Name                 string
		Low, High            *float64
		MuStar               *float64 `json:"mu_star"`
		Sigma, S1, ST, EVPPI *float64
		WidthConf            *float64  `json:"width_conf"`
		SignChange           bool      `json:"sign_change"`
		FlipsAt              []float64 `json:"flips_at"`
	}
	BreakEvens []struct {
		Input, Challenger, Champion string
		Crossings                   []struct{ X, Low, High *float64 }
	} `json:"break_evens"`
	Changes []struct {
		Factor string
		Best   bool `json:"best_changes"`
	} `json:"ranking_changes"`
	Discovery struct {
		Strategy string
		Points   int
	}
	Warnings []string
	Inert    []string
	Varied   int
	BaseConf *float64 `json:"base_conf"`
	Names    []string
	MuStar   []float64 `json:"mu_star"`
	S1, ST   []float64
}

func studied(t *testing.T, dir string, args ...string) *sensitivityReport {
	t.Helper()
	out := must(t, with([]string{"sensitivity", "-o", dir, "--format", "json"}, args...)...)
	var r sensitivityReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file, err := os.ReadFile(filepath.Join(dir, "sensitivity.json"))
	if err != nil || string(file) != out {
		t.Errorf("sensitivity.json is not what was printed (%v)", err)
	}
	return &r
}

// gain is net_value of home-visits less no-contact at a fixed cost, by the run command.
func gain(t *testing.T, fixed, replications string) float64 {
	t.Helper()
	out := must(t, "run", "-o", filepath.Join(t.TempDir(), "out"), "--strategies", "no-contact,home-visits", "--accounts", "600", "--horizon", "60",
		"--replications", replications, "--quiet", "--no-charts", "--format", "json", "--set", "teams.visit.fixed="+fixed, "--set", "uncertainty=false")
	var s struct {
		Strategies []struct {
			Metrics map[string]struct{ Estimate float64 }
		}
	}
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatal(err)
	}
	return s.Strategies[1].Metrics["net_value"].Estimate - s.Strategies[0].Metrics["net_value"].Estimate
}

func TestSensitivityFindsKnownAnswers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	r := studied(t, dir, with(linear, "-n", "32", "--samples", "64")...)
	free, dear := gain(t, "0", "3"), gain(t, "600", "3")
	if !(free > 0 && dear < 0) {
		t.Fatalf("the case shows nothing: gain of visits is %g to %g", free, dear)
	}
	crossing := 600 * free / (free - dear)
	fixed, lawsuit := r.Assumptions[0], r.Assumptions[1]
	if fixed.Name != "teams.visit.fixed" || lawsuit.Name != "channels.lawsuit.effect" {
		t.Fatalf("order: got %s before %s", fixed.Name, lawsuit.Name)
	}
	if r.Figure.Versus == "" || r.Base != gain(t, "40", "3") && r.Base != -gain(t, "40", "3") && !(math.Abs(math.Abs(r.Base)-math.Abs(gain(t, "40", "3"))) <= 1e-9) {
		t.Errorf("figure: got %+v with base %g, want the difference of the two, %g", r.Figure, r.Base, gain(t, "40", "3"))
	}
	near(t, "one-way width", []float64{*fixed.High - *fixed.Low, *lawsuit.High - *lawsuit.Low}, []float64{free - dear, 0}, 1e-6)
	// The fixed cost is the same money in every replication, so luck cancels from the width, and not from the base.
	near(t, "half width of the width", []float64{*fixed.WidthConf, *lawsuit.WidthConf}, []float64{0, 0}, 1e-6)
	if r.BaseConf == nil || !(*r.BaseConf > 0) {
		t.Errorf("half width of the base: got %v", r.BaseConf)
	}
	near(t, "Sobol of the lawsuit", []float64{*lawsuit.S1, *lawsuit.ST, *lawsuit.EVPPI}, []float64{0, 0, 0}, 0)
	near(t, "total index of the fixed cost", []float64{*fixed.ST}, []float64{1}, 0.1)
	if !fixed.SignChange || lawsuit.SignChange {
		t.Error("sign change: want it of the fixed cost alone")
	}
	near(t, "break-even", fixed.FlipsAt, []float64{crossing}, 1e-6*crossing)
	if len(r.BreakEvens) != 1 || len(r.Changes) != 1 || r.Changes[0].Factor != "teams.visit.fixed" || !r.Changes[0].Best {
		t.Errorf("changes: got %+v, %+v", r.BreakEvens, r.Changes)
	}
	// The sample plays an eighth of the replications, here replication 0 alone.
	free, dear = gain(t, "0", "1"), gain(t, "600", "1")
	// Knowing the fixed cost: E max(gain, 0) - max(E gain, 0) for a gain uniform on [dear, free].
	worth := free*free/(2*(free-dear)) - max(0, (free+dear)/2)
	near(t, "value of information", []float64{*fixed.EVPPI}, []float64{worth}, 0.05*worth)
	share := free / (free - dear)
	if r.Discovery.Strategy != r.Best || !(math.Abs(float64(r.Discovery.Points)/64-shareOf(r.Best, share)) <= 2.0/64) { // a Latin hypercube of 64 strata
		t.Errorf("discovery: %s is best at %d of 64 points, want a share of %.3f", r.Discovery.Strategy, r.Discovery.Points, shareOf(r.Best, share))
	}
	for _, file := range []string{"assumptions.arrow", "break_evens.arrow", "tornado.svg", "tornado-cost.svg", "voi.svg", "break-even-1.svg", "oneway/points.arrow"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Error(err)
		}
	}
	must(t, "verify", filepath.Join(dir, "sobol"), "--quiet")
	refused(t, 2, []string{"exists already"}, with([]string{"sensitivity", "-o", dir}, linear...)...)
}

func shareOf(best string, share float64) float64 {
	if best == "home-visits" {
		return share
	}
	return 1 - share
}

func TestSensitivityMethods(t *testing.T) {
	dir := func() string { return filepath.Join(t.TempDir(), "out") }
	free, dear := gain(t, "0", "3"), gain(t, "600", "3")
	r := studied(t, dir(), with(linear, "--method", "morris")...)
	near(t, "mu_star", r.MuStar, []float64{free - dear, 0}, 1e-6)
	r = studied(t, dir(), with(linear, "--method", "sobol", "-n", "64", "--metric", "cost@home-visits")...)
	near(t, "S1", r.S1, []float64{1, 0}, 0.05)
	near(t, "ST", r.ST, []float64{1, 0}, 0.05)
	if r.Figure.Strategy != "home-visits" || r.Figure.Versus != "" {
		t.Errorf("figure: got %+v", r.Figure)
	}
	d := dir()
	studied(t, d, with(linear, "--method", "twoway")...)
	m, err := outcome.ReadManifest(d)
	if err != nil || m.Files["best-map.svg"] == "" || m.Files["twoway/points.arrow"] == "" {
		t.Errorf("twoway: got files %v, %v", m.Files, err)
	}
	r = studied(t, dir(), with(linear, "--method", "oneway", "--levels", "3")...)
	if len(r.S1) != 0 || r.Assumptions[0].ST != nil || r.Assumptions[0].High == nil {
		t.Errorf("oneway: got %+v", r.Assumptions[0])
	}
	out := must(t, with(with([]string{"sensitivity", "-o", dir()}, linear...), "--method", "oneway")...)
	for _, want := range []string{"teams.visit.fixed", " !", "changes the best strategy", "break-even: ", "cost_per_recovered"} {
		if !strings.Contains(out, want) {
			t.Errorf("text: want %q in %s", want, out)
		}
	}
}

// TestSensitivityOfWhatDoesNotMatter: visits move nothing of strategies that visit nobody, and the answer says that, not that more
// points were needed.
func TestSensitivityOfWhatDoesNotMatter(t *testing.T) {
	args := []string{
		"--strategies", "no-contact,reminders-only", "--accounts", "60", "--horizon", "20", "--replications", "2", "--quiet", "--no-charts",
		"--vary", "channels.visit.effect=range", "--set", "uncertainty=false",
	}
	out := must(t, with([]string{"sensitivity", "-o", filepath.Join(t.TempDir(), "a"), "--method", "sobol", "-n", "8"}, args...)...)
	if !strings.Contains(out, "is the same at all points") || strings.Contains(out, "raise -n") {
		t.Errorf("sobol: %s", out)
	}
	out = must(t, with([]string{"sensitivity", "-o", filepath.Join(t.TempDir(), "b"), "--method", "oneway", "--levels", "3"}, args...)...)
	if !strings.Contains(out, "is moved by none of them") || strings.Contains(out, "is moved most by") {
		t.Errorf("oneway: %s", out)
	}
}

// TestSensitivityOutsideOfTheRange: a range that leaves out the value it is asked about is doubted, by name; others are not.
func TestSensitivityOutsideOfTheRange(t *testing.T) {
	_, messages, code := command(t, "sensitivity", "-o", filepath.Join(t.TempDir(), "out"), "--method", "oneway", "--levels", "2", "--no-charts",
		"--strategies", "no-contact,reminders-only", "--accounts", "60", "--horizon", "20", "--replications", "2",
		"--set", "channels.sms.unit_cost=0.5", "--vary", "channels.sms.unit_cost=range", "--vary", "costs.funding=range", "--vary", "channels.bot.unit_cost=0.2,0.3")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, messages)
	}
	for what, want := range map[string]bool{
		"channels.sms.unit_cost: varies from 0.03 to 0.1, which leaves out its value 0.5": true,
		"channels.bot.unit_cost: varies from 0.2 to 0.3, which leaves out its value 0.15": true,
		"costs.funding: varies": false,
	} {
		if strings.Contains(messages, what) != want {
			t.Errorf("%q is %t in %s", what, !want, messages)
		}
	}
}

// TestSensitivityResumes stops an analysis within its steps and goes on.
func TestSensitivityResumes(t *testing.T) {
	dir := t.TempDir()
	args := with(with([]string{"sensitivity"}, linear...), "-n", "16", "--samples", "30", "--no-charts")
	must(t, with(args, "-o", filepath.Join(dir, "whole"))...)
	stopped := false
	for k := 1; k <= 4; k++ {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(k)*30*time.Millisecond)
		var messages bytes.Buffer
		code := (&app{out: io.Discard, err: &messages}).run(ctx, with(args, "--resume", "-o", filepath.Join(dir, "parts")))
		cancel()
		stopped = stopped || code == 1 && strings.Contains(messages.String(), "continue with --resume")
		if code == 0 {
			break
		}
	}
	must(t, with(args, "--resume", "-o", filepath.Join(dir, "parts"))...)
	if !stopped {
		t.Error("no call was stopped, nothing is shown")
	}
	for _, name := range []string{"sensitivity.json", "assumptions.arrow", "oneway/points.arrow", "sobol/points.arrow", "sample/replications.arrow"} {
		a, err1 := os.ReadFile(filepath.Join(dir, "whole", name))
		b, err2 := os.ReadFile(filepath.Join(dir, "parts", name))
		if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: differs after a stop (%v, %v)", name, err1, err2)
		}
	}
	refused(t, 2, []string{"exists already"}, with(args, "-o", filepath.Join(dir, "whole"), "--resume", "--seed", "2")...)
}

// TestSensitivityOfEverything needs no --vary: the screening looks at every declared range.
func TestSensitivityOfEverything(t *testing.T) {
	r := studied(t, filepath.Join(t.TempDir(), "out"), "--strategies", "no-contact,reminders-only", "--accounts", "80", "--horizon", "30",
		"--replications", "2", "--trajectories", "1", "--keep", "3", "-n", "4", "--samples", "30", "--quiet", "--no-charts")
	if len(r.Assumptions) != 3 {
		t.Fatalf("kept: got %+v", r.Assumptions)
	}
	for _, x := range r.Assumptions {
		if x.MuStar == nil || *x.MuStar == 0 || strings.HasPrefix(x.Name, "channels.visit") {
			t.Errorf("kept: %+v, which reminders cannot feel", x)
		}
	}
	// What the unused channels assume is put aside as a group; what reminders use is not.
	for path, want := range map[string]bool{"channels.visit.effect": true, "channels.lawsuit.effect": true, "channels.sms.effect": false} {
		if slices.Contains(r.Inert, path) != want {
			t.Errorf("%s: put aside is %t, want %t", path, !want, want)
		}
	}
	if len(r.Inert) >= r.Varied {
		t.Errorf("put aside: %d of %d", len(r.Inert), r.Varied)
	}
	if text := strings.Join(r.Warnings, "; "); !strings.Contains(text, "+-0.1 (95%); raise -n") {
		t.Errorf("warnings: got %s", text)
	}
}

// TestSensitivityDryRun counts the runs of an analysis without playing it.
func TestSensitivityDryRun(t *testing.T) {
	var got struct {
		Assumptions, Accounts, Runs int
		Seconds                     float64
		Bytes                       int64
		Steps                       []struct {
			Step                 string
			Points, Replications int
		}
	}
	dry := func(args ...string) {
		t.Helper()
		out := must(t, with([]string{"sensitivity", "--dry-run", "--format", "json", "--accounts", "50", "--horizon", "20", "--quiet"}, args...)...)
		got.Steps = nil
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if got.Accounts != 50 || got.Seconds <= 0 || got.Bytes <= 0 {
			t.Errorf("got %+v", got)
		}
	}
	vary := []string{"--vary", "teams.visit.fixed=0..400", "--vary", "channels.lawsuit.effect=0.03..0.4"}
	dry(with(vary, "--replications", "16", "-n", "32", "--samples", "40", "--levels", "4")...)
	// 16 of the base, (1 + 2x4) x 16 one-way, 32 x (2+2) x 2 Sobol, 40 x 2 of the sample; two need no screening.
	if want := 16 + 9*16 + 32*4*2 + 40*2; got.Runs != want || len(got.Steps) != 4 || got.Assumptions != 2 {
		t.Errorf("got %+v, want %d runs", got, want)
	}
	dry(with(vary, "--method", "twoway", "--replications", "3")...)
	if got.Runs != 3+25*3 {
		t.Errorf("twoway: got %+v", got)
	}
	dry(with(vary, "--method", "morris", "--replications", "3")...)
	if got.Runs != 3+4*3*3 {
		t.Errorf("morris: got %+v", got)
	}
	dry()
	if len(got.Steps) != 6 || got.Steps[2].Points != 4*(got.Assumptions+1) || got.Steps[0].Replications != 8 {
		t.Errorf("got %+v", got)
	}
	if out := must(t, "sensitivity", "--dry-run", "--accounts", "50", "--horizon", "20", "--quiet"); !strings.Contains(out, "runs, about") {
		t.Errorf("text: got %s", out)
	}
}

func TestSensitivityRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	for _, c := range []struct {
		args  string
		wants []string
	}{
		{"--method cube -n 1 --keep 0", []string{"--method cube", "-n: must be at least 2", "--keep"}},
		{"--metric npw", []string{`"npw", did you mean "npv"?`}},
		{"--metric npv@visits", []string{`strategy "visits": is not played`}},
		{"--vary teams.visit.agents=1", []string{"needs two values"}},
		{"--vary teams.visit.priority=dpd,owed", []string{"is no number"}},
		{"--vary teams.visit.agent=1..2", []string{"teams.visit.agents"}},
		{"--method twoway --vary teams.visit.agents=1..2", []string{"needs two assumptions, got 1"}},
		{"--metric npv@", []string{`--metric: strategy "": is not played`}},
		{"--strategy home-visit --method oneway --vary costs.funding=range", []string{`--strategy: strategy "home-visit": is not played, did you mean "home-visits"?`}},
		{"--method oneway --metric overdue_paid --vary costs.funding=range", []string{"--metric overdue_paid: is good neither way", "overdue_paid@STRATEGY"}},
		{"--method twoway --dry-run --vary teams.visit.agents=1..2", []string{"needs two assumptions, got 1"}},
		{"--method twoway --metric overdue_paid --vary teams.visit.agents=1..2 --vary costs.funding=range", []string{"has no better side to map"}},
	} {
		refused(t, 2, c.wants, with(with([]string{"sensitivity", "-o", dir, "--accounts", "20", "--horizon", "5", "--replications", "1", "--quiet"}, strings.Fields(c.args)...))...)
		if _, err := os.Stat(dir + ".partial"); err == nil {
			t.Errorf("%s: left a folder that a second call has to drop", c.args)
		}
	}
	for _, c := range []struct {
		args  string
		wants []string
	}{
		{"--strategies no-contact --method oneway --vary costs.funding=range", []string{"fewer than two strategies"}},
	} {
		refused(t, 2, c.wants, with(with([]string{"sensitivity", "-o", dir, "--force", "--accounts", "20", "--horizon", "5", "--replications", "1", "--quiet"}, strings.Fields(c.args)...))...)
	}
	refused(t, 2, []string{"-o DIR"}, "sensitivity")
}
