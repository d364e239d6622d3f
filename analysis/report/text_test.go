package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/compare"
	"collectsim/analysis/report"
	"collectsim/internal/golden"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

var update = flag.Bool("update", false, "rewrite golden files")

// fixture is a run's folder made by hand: a baseline that costs nothing, a copy of it, a cheap strategy
// with a sure effect, a dear one whose gain the replications cannot tell, one that costs and does harm.
func fixture(t *testing.T, replications int) *report.Run {
	t.Helper()
	m := &outcome.Manifest{
		Tool: "collectsim", Kind: outcome.KindRun, Scenario: "made-by-hand", Seed: 1, Replications: replications, Accounts: 1000, Horizon: 90,
		Baseline: "nothing", Strategies: []string{"nothing", "copy", "reminders", "visits", "harsh"}, Currency: "CNY", Warnings: []string{}, Echo: json.RawMessage("{}"),
	}
	strategies, numbers := outcome.Column{Name: "strategy", Kind: outcome.Text}, outcome.Column{Name: "replication", Kind: outcome.Int}
	table := &outcome.Table{Name: "replications", Columns: []outcome.Column{strategies, numbers}}
	for _, x := range outcome.Metrics() {
		table.Columns = append(table.Columns, outcome.Column{Name: x.Name, Kind: outcome.Float, Unit: x.Unit, Better: string(x.Better)})
	}
	for _, name := range m.Strategies {
		for k := range replications {
			table.Columns[0].Text = append(table.Columns[0].Text, name)
			table.Columns[1].Int = append(table.Columns[1].Int, int64(k))
			for i, x := range totals(name, k).Values(totals("nothing", k)) {
				c := &table.Columns[2+i]
				c.Float = append(c.Float, x)
			}
		}
	}
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "replications.arrow"))
	if err != nil {
		t.Fatal(err)
	}
	f := outcome.Folder{Partial: dir}
	if err := errors.Join(table.Write(file, "arrow"), file.Close(), f.WriteManifest(m)); err != nil {
		t.Fatal(err)
	}
	r, err := report.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// totals are one replication's sums: a world that moves all strategies alike, and a strategy's own luck.
func totals(strategy string, k int) *outcome.Totals {
	world := []int64{4, -3, 0, 7, -6, 2, -1, 5}[k%8]
	own := []int64{1, -1, 2, 0, -2, 1, 0, -1}[(k+3)%8]
	t := &outcome.Totals{
		Accounts: 1000, Days: 1000 * 90, Balance: 8_000_000_00, Overdue: [4]int64{150 + 2*world, 80 + world, 40, 20}, OverdueReported30: 80 + world,
		Episodes: 400 + world, Cures: 250 + world, Claimed: 1_300_000_00, Recovered: loan.Cents(1_000_000_00 + 5_000_00*world),
		StressDays: 90_000 * 24, Attempts: 0,
	}
	switch strategy {
	case "reminders":
		t.Overdue[1] -= 12 + own
		t.OverdueReported30 -= 12 + own
		t.Cures += 30 + own
		t.Recovered += loan.Cents(60_000_00 + 2_000_00*own)
		t.Cost[outcome.CostContact] = loan.Cents(900_00 + 10_00*own)
		t.StressDays -= float64(9_000 + 900*own)
		t.Attempts, t.Delivered, t.RPC = 4000, 3600, 500+world
	case "visits":
		t.Overdue[1] -= 20 + 3*own
		t.OverdueReported30 -= 25 + 3*own
		t.Cures += 45 + 2*own
		t.Recovered += loan.Cents(74_000_00 + 9_000_00*own)
		t.Cost[outcome.CostWages] = loan.Cents(70_000_00 + 500_00*own)
		t.StressDays += float64(18_000 + 9_000*own)
		t.DistressDays = 300 + 200*own
		t.Attempts, t.Delivered, t.RPC, t.Visits = 1500, 1400, 700+world, 600
	}
	if strategy == "harsh" {
		t.Overdue[1] += 5 + own
		t.OverdueReported30 += 5 + own
		t.Recovered -= loan.Cents(10_000_00 + 1_000_00*own)
		t.Cost[outcome.CostComplaint] = loan.Cents(5_000_00 + 100_00*own)
		t.Attempts, t.Delivered, t.RPC, t.Complaints = 2000, 1900, 900, 40
	}
	t.NPV = float64(t.Recovered-t.TotalCost()) * 0.99
	return t
}

// kept compares what is printed with a golden file.
func kept(t *testing.T, name string, print func(*bytes.Buffer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := print(&got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !golden.Same(got.Bytes(), want) {
		t.Errorf("%s differs; go test ./analysis/report -update rewrites it:\n%s", path, got.String())
	}
}

func TestPrintedSummary(t *testing.T) {
	s := report.Summarise(fixture(t, 8))
	kept(t, "summary.txt", func(b *bytes.Buffer) error { return s.Text(b, report.Headline()) })
	kept(t, "summary.csv", func(b *bytes.Buffer) error { return s.CSV(b) })
	one := report.Summarise(fixture(t, 1))
	kept(t, "one-replication.txt", func(b *bytes.Buffer) error { return one.Text(b, []string{"overdue_rate_30", "npv"}) })
}

func TestPrintedComparison(t *testing.T) {
	for name, champion := range map[string]string{"compare.txt": "nothing", "compare-reminders.txt": "reminders"} {
		x, err := report.Compare(fixture(t, 8), report.CompareOptions{Champion: champion, Confidence: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		kept(t, name, func(b *bytes.Buffer) error { return x.Text(b) })
	}
}

// A ratio of extra cost over extra effect is a price only where there is more of both.
func TestQuadrants(t *testing.T) {
	r := fixture(t, 8)
	for _, c := range []struct{ champion, challenger, want string }{
		{"nothing", "reminders", ""},
		{"reminders", "nothing", "saves"},
		{"nothing", "harsh", "dominated"},
		{"harsh", "reminders", "dominates"},
		{"nothing", "copy", ""},
	} {
		x, err := report.Compare(r, report.CompareOptions{Champion: c.champion, Metrics: []string{"incremental_cost_per_recovered"}, Confidence: 0.95})
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range x.Relatives {
			if got.Challenger == c.challenger && got.Quadrant != c.want {
				t.Errorf("%s against %s: got %q, want %q", c.challenger, c.champion, got.Quadrant, c.want)
			}
		}
	}
	harsh := report.Summarise(r).Strategy("harsh")
	if !strings.Contains(strings.Join(harsh.Warnings, "\n"), "incremental_cost_per_recovered: costs no less and achieves less") {
		t.Errorf("harsh: dominated without a warning: %q", harsh.Warnings)
	}
}

// A difference of ratios is the difference of the ratios shown, and its error the delta method's,
// written out here: the variance of (a - R b)/B less (c - S d)/D over replications.
func TestDifferenceOfRatios(t *testing.T) {
	r := fixture(t, 8)
	s := report.Summarise(r)
	visits, reminders := s.Strategy("visits"), s.Strategy("reminders")
	a, b := r.Values("visits", "cost"), r.Values("visits", "recovered")
	ratio := sum(a) / sum(b)
	if got := float64(visits.Metrics["cost_per_recovered"].Estimate); !(math.Abs(got-ratio) <= 1e-15) {
		t.Errorf("ratio of means: got %v, want %v", got, ratio)
	}
	x, err := report.Compare(r, report.CompareOptions{Champion: "reminders", Metrics: []string{"cost_per_recovered"}, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	c, d := r.Values("reminders", "cost"), r.Values("reminders", "recovered")
	other, squares := sum(c)/sum(d), 0.0
	for i := range a {
		e := (a[i]-ratio*b[i])/(sum(b)/8) - (c[i]-other*d[i])/(sum(d)/8)
		squares += e * e
	}
	got := x.Comparisons[slices.IndexFunc(x.Comparisons, func(c compare.Comparison) bool { return c.Challenger == "visits" })]
	if !(math.Abs(got.Difference.Value-(ratio-other)) <= 1e-15) || !(math.Abs(got.Difference.SE-math.Sqrt(squares/7/8)) <= 1e-15) {
		t.Errorf("visits against reminders: got %+v, want %v with error %v", got.Difference, ratio-other, math.Sqrt(squares/7/8))
	}
	if want := float64(visits.Metrics["cost_per_recovered"].Estimate - reminders.Metrics["cost_per_recovered"].Estimate); !(math.Abs(got.Difference.Value-want) <= 1e-15) {
		t.Errorf("difference %v is not that of the figures shown, %v", got.Difference.Value, want)
	}
}

func sum(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// A bound that is not 0 is never printed as 0, since its side of 0 is the verdict.
func TestNoBoundHidesItsSign(t *testing.T) {
	s := report.Summarise(fixture(t, 8))
	var text strings.Builder
	if err := s.Text(&text, report.Headline()); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if strings.Contains(line, "better") && strings.Contains(line, " 0.0]") {
			t.Errorf("%s", line)
		}
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// Every way of printing tells of a writer that fails, wherever it does.
func TestFailingWriter(t *testing.T) {
	r := fixture(t, 8)
	s := report.Summarise(r)
	x, err := report.Compare(r, report.CompareOptions{Champion: "nothing", Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []int{0, 1, 20} {
		if s.Text(&failing{after}, report.Headline()) == nil || x.Text(&failing{after}) == nil {
			t.Errorf("a writer that failed after %d lines was not told of", after)
		}
	}
	if s.CSV(&failing{}) == nil || x.CSV(&failing{}) == nil || x.JSON(&failing{}) == nil {
		t.Error("a writer that failed was not told of")
	}
}
