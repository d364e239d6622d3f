package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/chart"
	"collectsim/analysis/report"
)

// Every kind that a run's folder can show is drawn, in every format, and nothing is left where it fails.
func TestChartOfEveryKind(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, "run", "-o", dir, "--accounts", "400", "--replications", "32", "--horizon", "90", "--set", "portfolio.new_loans.per_month=0.1", "--accounts-table",
		"--no-charts", "--quiet")
	for _, kind := range report.ChartKinds() {
		for format, begins := range map[string]string{"svg": "<?xml", "png": "\x89PNG", "pdf": "%PDF-"} {
			file := filepath.Join(t.TempDir(), kind+"."+format)
			must(t, "chart", dir, "--kind", kind, "-o", file)
			if text, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(text), begins) || len(text) < 3000 {
				t.Errorf("%s as %s: %d bytes, %v", kind, format, len(text), err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "both.svg")
	for _, kind := range report.OverlayKinds() {
		if kind == "sweep" {
			continue // of sweeps: see TestOverlayOfAnotherRun
		}
		must(t, "chart", dir, "--kind", kind, "--overlay", dir, "--overlay-name", "once more", "-o", file)
		if text, _ := os.ReadFile(file); !strings.Contains(string(text), "home-visits (once more)") {
			t.Errorf("%s does not show the second run", kind)
		}
	}
	svg := func(args ...string) string {
		must(t, append([]string{"chart", dir, "-o", file}, args...)...)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--kind", "roll-rates", "--strategy", "reminders-only"}, "Roll rates within one month: reminders-only"},
		{[]string{"--kind", "vintage", "--strategy", "reminders-only"}, "by month of opening: reminders-only"},
		{[]string{"--kind", "forest", "--metric", "stress_mean", "--champion", "home-visits"}, "Difference in stress_mean (points (0-100)), home-visits = 0"},
		{[]string{"--kind", "fairness", "--dimension", "product"}, "product: credit-card"},
		{[]string{"--kind", "contact-funnel", "--channel", "sms"}, "Contact funnel by strategy: sms"},
		{[]string{"--kind", "queue", "--team", "call"}, "use of the call team"},
		{[]string{"--kind", "convergence", "--metric", "cure_rate"}, "Running mean of cure_rate (%)"},
		{[]string{"--kind", "individual", "--metric", "stress_peak"}, "peak stress"},
	} {
		if !strings.Contains(svg(c.args...), c.want) {
			t.Errorf("chart %v does not say %q", c.args, c.want)
		}
	}
}

func TestChartRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, "run", "-o", dir, "--accounts", "100", "--replications", "3", "--horizon", "20", "--no-charts", "--quiet")
	file := filepath.Join(t.TempDir(), "x.svg")
	for _, c := range []struct {
		code  int
		texts []string
		args  []string
	}{
		{2, []string{`"overdo"`, `did you mean "overdue"?`}, []string{"--kind", "overdo"}},
		{2, []string{"--metric", "npvv", `"npv"`}, []string{"--kind", "forest", "--metric", "npvv"}},
		{2, []string{"--overlay", "roll-rates", "overdue"}, []string{"--kind", "roll-rates", "--overlay", dir}},
		{2, []string{"--overlay-name: needs --overlay"}, []string{"--kind", "overdue", "--overlay-name", "x"}},
		{1, []string{"--accounts-table"}, []string{"--kind", "distress"}},
		{1, []string{"--accounts-table"}, []string{"--kind", "individual"}},
		{1, []string{"shorter than a month"}, []string{"--kind", "roll-rates"}},
		{1, []string{"no loans opened during the run"}, []string{"--kind", "vintage"}},
		{1, []string{"needs at least 30"}, []string{"--kind", "voi"}},
		{1, []string{"the 7 days before and the 30 days after it within the run"}, []string{"--kind", "stress-visit"}},
		{1, []string{"folder of a one-way sensitivity analysis"}, []string{"--kind", "tornado"}},
		{1, []string{`no "homevisits"`, "home-visits"}, []string{"--kind", "forest", "--champion", "homevisits"}},
		{1, []string{`"colour"`, "region"}, []string{"--kind", "fairness", "--dimension", "colour"}},
		{1, []string{"no strategy attempted a contact by fax", "sms"}, []string{"--kind", "contact-funnel", "--channel", "fax"}},
		{1, []string{"team", "call, visit"}, []string{"--kind", "queue", "--team", "legal"}},
	} {
		refused(t, c.code, c.texts, append([]string{"chart", dir, "-o", file}, c.args...)...)
		if _, err := os.Stat(file); err == nil {
			t.Errorf("chart %v failed and left a file", c.args)
		}
	}
	refused(t, 2, []string{".svg, .png, .pdf"}, "chart", dir, "--kind", "overdue", "-o", "x.gif")
}

// TestOverlayOfAnotherRun: what differs between two runs is said of both, both are drawn over the same worths of the
// effect, and sweeps over one input are overlaid too.
func TestOverlayOfAnotherRun(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	small := []string{"--horizon", "40", "--no-charts", "--quiet", "--strategies", "no-contact,reminders-only,tiered-escalation"}
	must(t, append([]string{"run", "-o", in("a"), "--accounts", "300", "--replications", "6"}, small...)...)
	must(t, append([]string{"run", "-o", in("b"), "--accounts", "200", "--replications", "5", "--seed", "7"}, small...)...)
	svg := func(args ...string) string {
		t.Helper()
		must(t, append([]string{"chart", "-o", in("x.svg"), "--overlay-name", "other"}, args...)...)
		text, err := os.ReadFile(in("x.svg"))
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`<[^>]*>\s*`).ReplaceAllString(string(text), " ")
	}
	text := svg(in("a"), "--kind", "overdue", "--overlay", in("b"))
	for _, want := range []string{"300 accounts", "other: scenario default, 200 accounts", "over 6 replications", "other: 95% interval over 5 replications", "seed 1", "seed 7"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the chart of both runs does not say %q", want)
		}
	}
	if text := svg(in("a"), "--kind", "overdue", "--overlay", in("a")); strings.Contains(text, "other: scenario") {
		t.Error("what is the same is said twice")
	}
	for name, path := range map[string]string{"s1": "teams.call.agents", "s2": "teams.call.agents", "s3": "teams.call.wage"} {
		must(t, append([]string{"sweep", "-o", in(name), "--accounts", "100", "--replications", "2", "--metrics", "npv", "--vary", path + "=1,2"}, small...)...)
	}
	if text := svg(in("s1"), "--kind", "sweep", "--overlay", in("s2")); !strings.Contains(text, "reminders-only (other)") {
		t.Error("the second sweep is not drawn")
	}
	refused(t, 1, []string{"teams.call.wage"}, "chart", in("s1"), "--kind", "sweep", "--overlay", in("s3"), "-o", in("y.svg"))
	first := worths(t, in("a"), nil)
	if second := worths(t, in("b"), first); !slices.Equal(first, second) || slices.Equal(first, worths(t, in("b"), nil)) {
		t.Error("the second run is not drawn over the worths of the first")
	}
}

// worths are the worths of the effect over which a run's acceptability is drawn.
func worths(t *testing.T, dir string, given []float64) []float64 {
	t.Helper()
	r, err := report.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Draw("acceptability", report.ChartOptions{Worths: given})
	if err != nil {
		t.Fatal(err)
	}
	return c.(chart.Acceptability).Lines[0].X
}

// TestChartOfSensitivity: the tornado and the map are drawn again from the folder, byte for byte as the analysis drew
// them, and the tornado of another metric too.
func TestChartOfSensitivity(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	line := []string{"sensitivity", "--accounts", "200", "--replications", "3", "--horizon", "40", "--levels", "3", "--quiet", "--no-progress", "--strategies", "no-contact,home-visits", "--vary", "channels.visit.effect=range", "--vary", "channels.sms.effect=range"}
	for method, kind := range map[string]string{"oneway": "tornado", "twoway": "best-map"} {
		must(t, append(line, "--method", method, "-o", in(method))...)
		must(t, "chart", in(method), "--kind", kind, "-o", in(kind+".svg"))
		got, err1 := os.ReadFile(in(kind + ".svg"))
		want, err2 := os.ReadFile(filepath.Join(in(method), kind+".svg"))
		if err1 != nil || err2 != nil || string(got) != string(want) {
			t.Errorf("%s: %d bytes, the analysis drew %d: %v, %v", kind, len(got), len(want), err1, err2)
		}
	}
	must(t, "chart", in("oneway"), "--kind", "tornado", "--metric", "cost_per_recovered", "-o", in("cost.svg"))
	if text, _ := os.ReadFile(in("cost.svg")); !strings.Contains(string(text), "cost_per_recovered") {
		t.Error("the tornado of another metric does not name it")
	}
	refused(t, 1, []string{"--method oneway"}, "chart", in("twoway"), "--kind", "tornado", "-o", in("x.svg"))
	refused(t, 1, []string{"--method twoway"}, "chart", in("oneway"), "--kind", "best-map", "-o", in("x.svg"))
	refused(t, 2, []string{"tornado or best-map"}, "chart", in("oneway"), "--kind", "overdue", "-o", in("x.svg"))
}
