package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"collectsim/sim/outcome"
)

// grid is a sweep of nine points, three of which break a rule.
var grid = []string{"--vary", "teams.visit.agents=-1,1,4", "--vary", "strategies.home-visits.stages.visit.first_day=5:25:10", "--strategies", "no-contact,home-visits"}

// TestKilledSweepsResumeToTheSameBytes kills the built program at 20 random moments, some of them twice. How long a sweep
// takes is learned on the way, since other work on the machine comes and goes.
func TestKilledSweepsResumeToTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "collectsim")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	sweep := func(out string, more ...string) *exec.Cmd {
		args := with([]string{"sweep", "-o", filepath.Join(dir, out), "--accounts", "400", "--replications", "6", "--horizon", "60", "-j", "2", "--no-charts"}, grid...)
		return exec.Command(program, with(args, more...)...)
	}
	start := time.Now()
	if out, err := sweep("whole").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := float64(time.Since(start))
	moments := rand.New(rand.NewPCG(1, 1))
	interrupted, tookOver := 0, 0
	for k := range 20 {
		name := fmt.Sprint("killed", k)
		for range 1 + k%2 {
			c := sweep(name, "--resume")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(moments.Float64() * whole))
			_ = c.Process.Kill()
			if c.Wait() != nil {
				interrupted++
			} else {
				whole *= 0.75
			}
		}
		out, err := sweep(name, "--resume").CombinedOutput()
		if err != nil {
			t.Fatalf("kill %d: resume: %v: %s", k, err, out)
		}
		if bytes.Contains(out, []byte("took over")) || bytes.Contains(out, []byte("finished already")) {
			tookOver++
		} else {
			whole *= 1.25
		}
		sameFiles(t, filepath.Join(dir, "whole"), filepath.Join(dir, name))
	}
	if interrupted < 10 || tookOver < 5 {
		t.Errorf("of 30 kills %d met the program at work, and %d sweeps had something to take over: too few to show anything", interrupted, tookOver)
	}
}

func TestSweepShardsMergeToTheWhole(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	run := func(name string, more ...string) {
		t.Helper()
		must(t, with(with(with([]string{"sweep", "-o", in(name)}, small...), grid...), more...)...)
	}
	run("whole")
	for _, n := range []int{1, 3, 8} {
		args := []string{"merge", "--quiet", "-o", in(fmt.Sprint("merged", n))}
		for i := n; i >= 1; i-- {
			name := fmt.Sprintf("s%dof%d", i, n)
			run(name, "--shard", fmt.Sprintf("%d/%d", i, n), "-j", "2")
			args = append(args, in(name))
		}
		must(t, args...)
		sameFiles(t, in("whole"), in(fmt.Sprint("merged", n)))
	}
	s := func(i int) string { return in(fmt.Sprintf("s%dof3", i)) }
	refused(t, 1, []string{"missing shard 3/3"}, "merge", "-o", in("m"), s(1), s(2))
	refused(t, 1, []string{"doubled shard: 2/3"}, "merge", "-o", in("m"), s(1), s(2), s(2), s(3))
	run("foreign", "--shard", "3/3", "--vary", "costs.funding=0.06")
	refused(t, 1, []string{in("foreign") + ": foreign shard"}, "merge", "-o", in("m"), s(1), s(2), in("foreign"))
	must(t, with([]string{"run", "-o", in("run"), "--shard", "3/3"}, small...)...)
	refused(t, 1, []string{in("run") + ": foreign shard"}, "merge", "-o", in("m"), s(1), s(2), in("run"))

	must(t, "verify", s(2), "--share", "1")
	must(t, "verify", in("whole"), "--share", "1")
	if out := must(t, "verify", in("merged3"), "--share", "0.3", "--format", "json"); !strings.Contains(out, `"unit": "points"`) {
		t.Errorf("verify: got %s", out)
	}
	edit(t, in("whole"), "points", "npv_diff", 9, 3) // row 10 is home-visits at point 4
	edit(t, in("whole"), "replications", "cost", 17, 3)
	refused(t, 1, []string{
		"points.arrow: row 10 (point 4, strategy home-visits): npv_diff is 3, the re-run gives",
		"replications.arrow: row 18 (replication 1, point 5, strategy home-visits): cost is 3",
	}, "verify", in("whole"))
}

func TestSweepPrints(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	out := must(t, with(with([]string{"sweep", "-o", dir, "--format", "json", "--metrics", "cost,npv"}, small...), grid...)...)
	var doc struct {
		Baseline string
		Paths    []string
		Points   []struct {
			Point          int
			Status, Reason string
			Parameters     map[string]float64
			Strategies     []struct {
				Name    string
				Metrics map[string]struct{ Estimate, SE, Diff, DiffSE *float64 }
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Points) != 9 || doc.Points[0].Status != "invalid" || doc.Points[0].Reason == "" || doc.Points[8].Status != "ok" {
		t.Fatalf("points: got %+v", doc.Points)
	}
	last := doc.Points[8]
	cost := last.Strategies[1].Metrics["cost"]
	if last.Parameters["teams.visit.agents"] != 4 || last.Strategies[1].Name != "home-visits" || cost.Estimate == nil || *cost.Estimate <= 0 ||
		*cost.Diff != *cost.Estimate-*last.Strategies[0].Metrics["cost"].Estimate {
		t.Errorf("last point: got %+v", last)
	}
	if p := doc.Points[0].Strategies[0].Metrics["npv"]; p.Estimate != nil {
		t.Errorf("invalid point: npv is %g, want null", *p.Estimate)
	}

	// The text of a line: the best strategy marked, and where strategies change places.
	out = must(t, with([]string{"sweep", "-o", dir, "--force", "--vary", "costs.funding=0.01..0.2", "--points", "3"}, small...)...)
	for _, want := range []string{"net_value (CNY/account)", "costs.funding", "0.105", "*", "best: ", "home-visits"} {
		if !strings.Contains(out, want) {
			t.Errorf("text: got %s, want %q in it", out, want)
		}
	}
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"points.arrow", "replications.arrow", "sweep.svg", "break-even.svg"} {
		if m.Files[file] == "" {
			t.Errorf("%s: was not written", file)
		}
	}
	out = must(t, with([]string{"sweep", "--dry-run", "--format", "json"}, with(small, grid...)...)...)
	if !strings.Contains(out, `"runs": 30`) || !strings.Contains(out, `"invalid": 3`) || !strings.Contains(out, `"points": 9`) {
		t.Errorf("dry run: got %s", out)
	}
}

// TestBreakEvenOfVisits is the question of the README on a small portfolio: in remote areas visits to
// small balances lose money, those to large ones earn it, and the sweep says between which the two meet.
func TestBreakEvenOfVisits(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	args := []string{
		"sweep", "remote-visits", "-o", dir, "--design", "zip", "--points", "3", "--vary", "strategies.with-visits.stages.visit.when.min_balance=500..32000:log",
		"--vary", "strategies.with-visits.stages.visit.when.max_balance=2000..128000:log", "--accounts", "2000", "--replications", "8", "--quiet",
	}
	out := must(t, args...)
	if !strings.Contains(out, "with-visits rises above without-visits in net_value at strategies.with-visits.stages.visit.when.min_balance = ") {
		t.Errorf("text: got %s", out)
	}
	x, err := outcome.Open(dir, "points")
	if err != nil {
		t.Fatal(err)
	}
	diff, se := x.Column("net_value_diff").Float, x.Column("net_value_diff_se").Float
	if !(diff[1] < -3*se[1]) || !(diff[5] > 0) {
		t.Errorf("net_value of visits: %g (se %g) for small balances, %g (se %g) for large ones", diff[1], se[1], diff[5], se[5])
	}
	refused(t, 1, []string{"holds a sweep, not a run; play one of its points with collectsim run --set PATH=VALUE"}, "report", dir)
	refused(t, 2, []string{"--kind overdue"}, "chart", dir, "--kind", "overdue", "-o", filepath.Join(dir, "x.svg"))
	must(t, "chart", dir, "--kind", "break-even", "-o", filepath.Join(dir, "x.svg"))
	drawn, err1 := os.ReadFile(filepath.Join(dir, "x.svg"))
	written, err2 := os.ReadFile(filepath.Join(dir, "break-even.svg"))
	if err1 != nil || err2 != nil || !bytes.Equal(drawn, written) {
		t.Errorf("chart --kind break-even: is not the one that the sweep wrote (%v, %v)", err1, err2)
	}
}

func TestSweepDesigns(t *testing.T) {
	list := filepath.Join(t.TempDir(), "points.csv")
	if err := os.WriteFile(list, []byte("teams.visit.agents, costs.funding\n1, 0.01\n2, 0.02\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		points string
	}{
		{"--vary accounts=10,20 --vary seed=1,2", "[[10 1] [10 2] [20 1] [20 2]]"},
		{"--vary accounts=10,20 --vary seed=1,2 --design zip", "[[10 1] [20 2]]"},
		{"--vary accounts=10..20 --points 3", "[[10] [15] [20]]"},
		{"--vary accounts=10,20,30 --vary costs.funding=0..0.1 --design zip", "[[10 0] [20 0.05] [30 0.1]]"},
		{"--vary costs.complaint=1..100:log --points 3", "[[1] [10] [100]]"},
		// Sobol: the sequence of Joe and Kuo begins 0, 1/2, 3/4, 1/4 and 0, 1/2, 1/4, 3/4.
		{"--vary costs.funding=0..1 --vary borrowers.macro.level=1..5 --design sobol --points 4", "[[0 1] [0.5 3] [0.75 2] [0.25 4]]"},
		{"--points-file " + list, "[[1 0.01] [2 0.02]]"},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		must(t, with([]string{"sweep", "-o", dir, "--replications", "1", "--horizon", "2", "--accounts", "10", "--quiet", "--no-charts", "--strategies", "no-contact"}, strings.Fields(c.args)...)...)
		m, err := outcome.ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(m.Sweep.Points); got != c.points {
			t.Errorf("%s: got %s, want %s", c.args, got, c.points)
		}
	}
	for _, design := range []string{"lhs", "random"} {
		dir := filepath.Join(t.TempDir(), "out")
		must(t, with(with([]string{"sweep"}, small...), "-o", dir, "--design", design, "--points", "8", "--vary", "costs.funding=0..0.8",
			"--vary", "strategies.reminders-only.stages.first-text.tone=friendly,firm", "--strategies", "no-contact,reminders-only", "--replications", "1", "--no-charts")...)
		m, err := outcome.ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		strata, tones := map[byte]bool{}, map[string]int{}
		for _, p := range m.Sweep.Points {
			tones[p[1]]++
			strata[p[0][2]] = true
		}
		if len(m.Sweep.Points) != 8 || design == "lhs" && (len(strata) != 8 || tones["friendly"] != 4) {
			t.Errorf("%s: got %v", design, m.Sweep.Points)
		}
	}
}

func TestSweepRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	points := filepath.Join(t.TempDir(), "points.csv")
	if err := os.WriteFile(points, []byte("accounts,note,replications,accounts\n50,x,3,60\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  string
		wants []string
	}{
		{"", []string{"--vary PATH=SPEC"}},
		{"--vary teams.visti.agents=1 --vary accounts=x", []string{"teams.visit.agents", `"x" is not a number`}},
		{"--vary accounts=1,2 --vary seed=1,2,3 --design zip", []string{"--design zip"}},
		{"--vary accounts=1,2 --points 3", []string{"--points"}},
		{"--vary accounts=1..2 --design lhs", []string{"--points"}},
		{"--vary accounts=1..20 --design cube", []string{"--design cube: must be one of grid, zip, lhs, sobol, random"}},
		{"--vary accounts=1 --metrics npw", []string{`unknown metric "npw", did you mean "npv"?`}},
		{"--vary accounts=1 --metrics npv --assert cost<1", []string{"cost is not among --metrics"}},
		{"--vary accounts=1 --assert cost@visits<1", []string{`unknown strategy "visits"`}},
		{"--vary accounts=1,2 --design-seed 3", []string{"--design-seed: goes with --design lhs or random, grid draws nothing"}},
		{"--vary accounts=1 --max-replications 3", []string{"goes with --precision"}},
		{"--vary accounts=1 --precision-metric npv", []string{"--precision-metric: goes with --precision"}},
		{"--vary accounts=1 --precision-metric npw --precision 0", []string{`--precision-metric: unknown metric "npw", did you mean "npv"?`, "--precision: must be above 0, got 0"}},
		{"--vary accounts=1 --precision -1", []string{"--precision"}},
		{"--vary accounts=1 --shard 3/2", []string{"--shard 3/2"}},
		{"--vary accounts=1 --points-file x.csv", []string{"--vary exclude each other"}},
		{"--design grid --points 2 --design-seed 3 --points-file x.csv", []string{"--design exclude", "--points exclude", "--design-seed exclude"}},
		{"--vary accounts=1..2 --points 0", []string{"--points: a range needs at least 2 levels, got 0"}},
		{"--vary costs.funding=0.1..0.2 --points 2000000000", []string{"--points: a range has at most 1000000 levels, got 2000000000"}},
		{"--vary teams.visit.agents=-1,-2", []string{"teams.visit.agents: must be >= 0, got -1: so it is at point 0, and none of the 2 can be played"}},
		{"--points-file nosuch.csv", []string{"nosuch.csv", "no such file"}},
		{"--points-file " + points, []string{points + ": header: note: unknown key", points + ": header: replications: cannot be varied", points + ": header: accounts: stands there twice"}},
	} {
		refused(t, 2, c.wants, with([]string{"sweep", "-o", dir, "--strategies", "no-contact"}, strings.Fields(c.args)...)...)
	}
	refused(t, 2, []string{"-o DIR"}, "sweep", "--vary", "accounts=1")
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused sweep left a folder")
	}
	must(t, with(with([]string{"sweep"}, small...), "-o", dir, "--strategies", "no-contact", "--vary", "costs.funding=0.1", "--assert", "cost<=0")...)
	refused(t, 1, []string{"assertion failed: point 0: cost@no-contact is 0"}, with(with([]string{"sweep"}, small...), "-o", dir, "--force", "--strategies", "no-contact", "--vary", "costs.funding=0.1", "--assert", "cost>1")...)
	refused(t, 2, []string{"exists already"}, with(with([]string{"sweep"}, small...), "-o", dir, "--strategies", "no-contact", "--vary", "costs.funding=0.1")...)
}
