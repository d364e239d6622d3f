package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"collectsim/analysis/estimate"
	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/sweep"
)

// base is a scenario that plays in milliseconds.
func base(t *testing.T) *scenario.Scenario {
	t.Helper()
	s := scenario.Default()
	if err := s.Play([]string{"no-contact", "reminders-only", "home-visits"}); err != nil {
		t.Fatal(err)
	}
	s.Accounts, s.Replications, s.Horizon = 60, 4, 40
	return s
}

func plan(t *testing.T, s *scenario.Scenario, d outcome.SweepDesign) *sweep.Plan {
	t.Helper()
	if d.Metrics == nil {
		d.Metrics = []string{"npv", "cost_per_recovered", "cost", "incremental_cost_per_recovered", "redefault_rate"}
	}
	p, err := sweep.New(s, nil, d)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// agents is a design of five points, the third of which breaks a rule.
func agents() outcome.SweepDesign {
	return outcome.SweepDesign{
		Paths:  []string{"teams.visit.agents", "strategies.home-visits.stages.visit.tone"},
		Points: [][]string{{"1", "firm"}, {"2", "firm"}, {"-1", "firm"}, {"4", "friendly"}, {"4", "firm"}},
	}
}

// play plays a plan into a new log and returns its path.
func play(t *testing.T, p *sweep.Plan, o sweep.Options) string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	if _, err := p.Run(context.Background(), log, o); err != nil {
		t.Fatal(err)
	}
	return log
}

// tables builds the tables and returns their bytes.
func tables(t *testing.T, p *sweep.Plan, from sweep.Source) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := p.Build(dir, from, nil); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, name := range []string{sweep.PointsTable, sweep.ReplicationsTable} {
		b, err := os.ReadFile(filepath.Join(dir, name+".arrow"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func points(t *testing.T, p *sweep.Plan, from sweep.Source) *outcome.Table {
	t.Helper()
	dir := t.TempDir()
	if err := p.Build(dir, from, nil); err != nil {
		t.Fatal(err)
	}
	x, err := outcome.Open(dir, sweep.PointsTable)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// kept holds what the engine hands over.
type kept struct{ r []*outcome.Replication }

func (k *kept) Replication(r *outcome.Replication) error { k.r = append(k.r, r); return nil }

// TestEstimatesAreThoseOfARun plays each point on its own, without this package, and estimates from
// whole samples what the sweep gathers one by one.
func TestEstimatesAreThoseOfARun(t *testing.T) {
	s := base(t)
	p := plan(t, s, agents())
	x := points(t, p, sweep.File(play(t, p, sweep.Options{Workers: 2})))
	if x.Rows() != 15 {
		t.Fatalf("got %d rows, want 5 points x 3 strategies", x.Rows())
	}
	for point, values := range p.Design.Points {
		if point == 2 {
			continue
		}
		one := s.Clone()
		for k, path := range p.Design.Paths {
			if err := one.Set(path + "=" + values[k]); err != nil {
				t.Fatal(err)
			}
		}
		c, err := one.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		var run kept
		if err := sim.Run(context.Background(), *c, &run); err != nil {
			t.Fatal(err)
		}
		series := func(strategy int, metric string) (v []float64) {
			for _, r := range run.r {
				v = append(v, r.Strategies[strategy].Values[outcome.MetricIndex(metric)])
			}
			return v
		}
		less := func(a, b []float64) (v []float64) {
			for i := range a {
				v = append(v, a[i]-b[i])
			}
			return v
		}
		for k := range 3 {
			row := 3*point + k
			got := func(column string) float64 { return x.Column(column).Float[row] }
			near := func(column string, want float64) {
				t.Helper()
				if g := got(column); math.IsNaN(g) != math.IsNaN(want) || math.Abs(g-want) > 1e-9*max(1, math.Abs(want)) {
					t.Errorf("point %d, strategy %d: %s is %g, want %g", point, k, column, g, want)
				}
			}
			for _, m := range []string{"npv", "cost"} {
				level, difference := estimate.Mean(series(k, m), 0.95), estimate.Mean(less(series(k, m), series(0, m)), 0.95)
				near(m, level.Value)
				near(m+"_se", level.SE)
				near(m+"_diff", difference.Value)
				near(m+"_diff_se", difference.SE)
			}
			ratio := estimate.Ratio(series(k, "cost"), series(k, "recovered"), 0.95)
			near("cost_per_recovered", ratio.Value)
			near("cost_per_recovered_se", ratio.SE)
			if k == 0 {
				near("incremental_cost_per_recovered", math.NaN())
				near("npv_diff_se", 0)
				near("cost_per_recovered_diff", 0)
				continue
			}
			near("cost_per_recovered_diff", ratio.Value-estimate.Ratio(series(0, "cost"), series(0, "recovered"), 0.95).Value)
			near("cost_per_recovered_diff_se", jackknife(series(k, "cost"), series(k, "recovered"), series(0, "cost"), series(0, "recovered")))
			relative := estimate.Ratio(less(series(k, "cost"), series(0, "cost")), less(series(k, "recovered"), series(0, "recovered")), 0.95)
			near("incremental_cost_per_recovered", relative.Value)
			near("incremental_cost_per_recovered_se", relative.SE)
			near("incremental_cost_per_recovered_diff", math.NaN())
		}
	}
}

// TestPointsHaveTheirOwnPortfolio varies what the synthetic portfolio is drawn from.
func TestPointsHaveTheirOwnPortfolio(t *testing.T) {
	s := base(t)
	d := outcome.SweepDesign{
		Paths:  []string{"accounts", "seed", "portfolio.regions.remote", "horizon"},
		Points: [][]string{{"60", "1", "0.17", "40"}, {"50", "1", "0.17", "40"}, {"60", "2", "0.17", "40"}, {"60", "1", "0.9", "40"}, {"60", "1", "0.17", "30"}},
	}
	p := plan(t, s, d)
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	seen := map[float64]bool{}
	for point, values := range d.Points {
		one := s.Clone()
		for k, path := range d.Paths {
			if err := one.Set(path + "=" + values[k]); err != nil {
				t.Fatal(err)
			}
		}
		want := npvOf(t, one)
		got := x.Column("npv").Float[3*point+2]
		if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) || seen[got] {
			t.Errorf("point %d: npv is %g, want %g, unlike all others", point, got, want)
		}
		seen[got] = true
	}
}

// TestLongerHorizonsHaveMoreNewLoans: loans open until the end of the run, so a longer one has a portfolio of its own.
func TestLongerHorizonsHaveMoreNewLoans(t *testing.T) {
	s := base(t)
	if err := s.Set("portfolio.new_loans.per_month=0.5"); err != nil {
		t.Fatal(err)
	}
	p := plan(t, s, outcome.SweepDesign{Paths: []string{"horizon"}, Points: [][]string{{"40"}, {"80"}}})
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	for point, horizon := range []int{40, 80} {
		s.Horizon = horizon
		if got, want := x.Column("npv").Float[3*point+2], npvOf(t, s); !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
			t.Errorf("%d days: npv is %g, want %g", horizon, got, want)
		}
	}
}

// npvOf plays a scenario by itself and returns the mean npv of its third strategy.
func npvOf(t *testing.T, s *scenario.Scenario) (mean float64) {
	t.Helper()
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	var run kept
	if err := sim.Run(context.Background(), *c, &run); err != nil {
		t.Fatal(err)
	}
	for _, r := range run.r {
		mean += r.Strategies[2].Values[outcome.MetricIndex("npv")] / float64(len(run.r))
	}
	return mean
}

// jackknife is the standard error of a/b - c/d by the delta method, from the replications' influences.
func jackknife(a, b, c, d []float64) float64 {
	mean := func(x []float64) float64 { m, _ := estimate.MeanVariance(x); return m }
	ma, mb, mc, md := mean(a), mean(b), mean(c), mean(d)
	var influence []float64
	for i := range a {
		influence = append(influence, (a[i]-ma/mb*b[i])/mb-(c[i]-mc/md*d[i])/md)
	}
	_, v := estimate.MeanVariance(influence)
	return math.Sqrt(v / float64(len(a)))
}

func TestPointsThatCannotRunAreRows(t *testing.T) {
	p := plan(t, base(t), agents())
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	for row := range x.Rows() {
		bad := x.Column("point").Int[row] == 2
		status, reason := x.Column("status").Text[row], x.Column("reason").Text[row]
		if bad != (status == sweep.Invalid) || bad != (reason != "") || bad != math.IsNaN(x.Column("npv").Float[row]) || bad != (x.Column("replications").Int[row] == 0) {
			t.Errorf("row %d: status %q, reason %q, npv %g", row, status, reason, x.Column("npv").Float[row])
		}
	}
	if got := x.Column("reason").Text[6]; got != "teams.visit.agents: must be >= 0, got -1" {
		t.Errorf("reason: got %q", got)
	}

	// A parameter that is drawn beyond its rule fails in the run, at the points that draw it.
	s := base(t)
	s.Meta["channels.visit.effect"] = overlay.ParamMeta{Path: "channels.visit.effect", Dist: "normal", Low: -10, High: 10, HasRange: true}
	p = plan(t, s, outcome.SweepDesign{Paths: []string{"uncertainty"}, Points: [][]string{{"true"}, {"false"}}})
	x = points(t, p, sweep.File(play(t, p, sweep.Options{Workers: 2})))
	if status := x.Column("status").Text; status[0] != sweep.Failed || status[3] != sweep.OK {
		t.Errorf("status: got %q", status)
	}
	if x.Column("reason").Text[0] == "" || !math.IsNaN(x.Column("npv").Float[0]) || math.IsNaN(x.Column("npv").Float[3]) {
		t.Errorf("reason: got %q", x.Column("reason").Text[0])
	}
}

func TestWorkIsReplicationMajor(t *testing.T) {
	p := plan(t, base(t), agents())
	var got string
	err := sweep.File(play(t, p, sweep.Options{Workers: 3}))(func(r *sweep.Record) error {
		got += fmt.Sprintf("%d.%d ", r.Replication, r.Point)
		return nil
	})
	if err != nil || got != "0.0 0.1 0.3 0.4 1.0 1.1 1.3 1.4 2.0 2.1 2.3 2.4 3.0 3.1 3.3 3.4 " {
		t.Errorf("order (replication.point): got %s, %v", got, err)
	}
}

// TestPointsShareTheirLuck varies what no-contact cannot feel: its rows must not move by one bit.
func TestPointsShareTheirLuck(t *testing.T) {
	p := plan(t, base(t), agents())
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	npv := x.Column("npv").Float
	for _, row := range []int{3, 9, 12} {
		if npv[row] != npv[0] {
			t.Errorf("no-contact: row %d has npv %g, row 0 %g", row, npv[row], npv[0])
		}
	}
	if npv[2] == npv[5] {
		t.Error("home-visits: 1 and 2 agents give the same npv, the design varies nothing")
	}
}

// TestResumeGivesTheSameBytes stops sweeps after every record, and cuts logs at odd bytes as a kill
// during a write does.
func TestResumeGivesTheSameBytes(t *testing.T) {
	d := agents()
	d.Precision, d.PrecisionMetric, d.MaxReplications = 2.8, "npv", 10
	p := plan(t, base(t), d)
	whole := play(t, p, sweep.Options{Workers: 2})
	want := tables(t, p, sweep.File(whole))
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	if err := sweep.File(whole)(func(*sweep.Record) error { total++; return nil }); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	for k := 1; k < total; k += 7 {
		log := filepath.Join(t.TempDir(), "log")
		ctx, cancel := context.WithCancelCause(context.Background())
		stats, err := p.Run(ctx, log, sweep.Options{Workers: 2, Done: func(n int) {
			if n == k {
				cancel(stop)
			}
		}})
		if err == nil && stats.Played < total {
			t.Fatalf("stopped after %d: no error", k)
		}
		stats, err = p.Run(context.Background(), log, sweep.Options{Workers: 1})
		if err != nil || stats.Kept < k || stats.Kept+stats.Played != total {
			t.Fatalf("stopped after %d: kept %d, played %d, %v; want %d in all", k, stats.Kept, stats.Played, err, total)
		}
		if !bytes.Equal(tables(t, p, sweep.File(log)), want) {
			t.Errorf("stopped after %d: other tables", k)
		}
	}
	for k := range 10 {
		log := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(log, content[:len(content)*(2*k+1)/20], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(context.Background(), log, sweep.Options{Workers: 2}); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(log)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("log cut at %d/20: other records (%v)", 2*k+1, err)
		}
	}
	other := agents()
	other.Points = other.Points[:1]
	if _, err := plan(t, base(t), other).Run(context.Background(), whole, sweep.Options{}); err == nil {
		t.Error("a log with more records than the sweep has is taken")
	}
}

func TestShardsGiveTheSameBytes(t *testing.T) {
	d := agents()
	d.Precision, d.PrecisionMetric, d.MaxReplications = 2.8, "npv", 10
	p := plan(t, base(t), d)
	want := tables(t, p, sweep.File(play(t, p, sweep.Options{Workers: 2})))
	for _, n := range []int{1, 3, 8} {
		var dirs []string
		for i := n; i >= 1; i-- {
			dir := t.TempDir()
			if _, err := p.Run(context.Background(), filepath.Join(dir, outcome.JournalFile), sweep.Options{Shard: &outcome.Shard{Index: i, Of: n}}); err != nil {
				t.Fatal(err)
			}
			dirs = append([]string{dir}, dirs...)
		}
		if !bytes.Equal(tables(t, p, sweep.Merge(dirs)), want) {
			t.Errorf("%d shards: other tables", n)
		}
		if n > 1 {
			dirs[0], dirs[1] = dirs[1], dirs[0]
			if err := p.Build(t.TempDir(), sweep.Merge(dirs), nil); err == nil {
				t.Errorf("%d shards in wrong order: no error", n)
			}
		}
	}
}

// TestPrecisionIsSpentWhereItIsMissing holds the rule itself: a point stops as soon as a round leaves
// every difference tight enough, and not before.
func TestPrecisionIsSpentWhereItIsMissing(t *testing.T) {
	d := outcome.SweepDesign{Paths: []string{"teams.visit.wage"}, Points: [][]string{{"0"}, {"0.3"}, {"0.6"}, {"0.9"}, {"1.4"}, {"3"}}, Metrics: []string{"cost"}}
	d.Precision, d.PrecisionMetric, d.MaxReplications = 2.8, "cost", 18
	p := plan(t, base(t), d)
	x := points(t, p, sweep.File(play(t, p, sweep.Options{Workers: 2})))
	seen := map[int64]bool{}
	for row := range x.Rows() {
		n := x.Column("replications").Int[row]
		seen[n] = true
		half := 1.959963984540054 * x.Column("cost_diff_se").Float[row]
		if x.Column("status").Text[row] == sweep.OK && n < 18 && !(half <= 2.8) {
			t.Errorf("row %d: stopped after %d with a half width of %g", row, n, half)
		}
		if n > 18 || n%4 != 0 && n != 18 {
			t.Errorf("row %d: %d replications, want whole rounds of 4 up to 18", row, n)
		}
	}
	if len(seen) < 3 {
		t.Errorf("replications: got %v, the case is too easy or too hard to show anything", seen)
	}
}

func TestStrategyListsAreVaried(t *testing.T) {
	s := base(t)
	p := plan(t, s, outcome.SweepDesign{Paths: []string{"compare"}, Points: [][]string{{"home-visits"}, {"[tiered-escalation, no-contact]"}, {"visits"}}})
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	var got []string
	for row := range x.Rows() {
		got = append(got, fmt.Sprint(x.Column("point").Int[row], x.Column("strategy").Text[row], x.Column("status").Text[row]))
	}
	want := []string{"0no-contactok", "0home-visitsok", "1tiered-escalationok", "1no-contactok", "2no-contactinvalid", "2reminders-onlyinvalid", "2home-visitsinvalid"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("rows: got %v, want %v", got, want)
	}
}

// A baseline may be written as a scenario file may have it, in quotes too.
func TestBaselineIsVaried(t *testing.T) {
	s := base(t)
	given := [][]string{{"home-visits"}, {`"home-visits"`}, {"reminders-only"}}
	p := plan(t, s, outcome.SweepDesign{Paths: []string{"baseline"}, Points: given})
	if p.Design.Points[1][0] != "home-visits" || given[1][0] != `"home-visits"` {
		t.Errorf("the design says %q, given was %q", p.Design.Points[1], given[1])
	}
	x := points(t, p, sweep.File(play(t, p, sweep.Options{})))
	for row := range x.Rows() {
		name, point := x.Column("strategy").Text[row], x.Column("point").Int[row]
		isBaseline := name == "home-visits" && point < 2 || name == "reminders-only" && point == 2
		if se := x.Column("npv_diff_se").Float[row]; (se == 0) != isBaseline {
			t.Errorf("point %d: difference of %s to the baseline has the standard error %g", point, name, se)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	s := base(t)
	for _, d := range []outcome.SweepDesign{
		{Paths: []string{"teams.visit.agents"}},
		{Paths: []string{"teams.visit.agent"}, Points: [][]string{{"1"}}},
		{Paths: []string{"accounts", "accounts"}, Points: [][]string{{"1", "2"}}},
		{Paths: []string{"accounts"}, Points: [][]string{{"1", "2"}}},
		{Paths: []string{"accounts"}, Points: [][]string{{"1"}}, Metrics: []string{"npw"}},
		{Paths: []string{"accounts"}, Points: [][]string{{"1"}}, Metrics: []string{"npv", "npv"}},
		{Paths: []string{"accounts"}, Points: [][]string{{"1"}}, Precision: 1, PrecisionMetric: "incremental_cost_per_recovered"},
	} {
		if _, err := sweep.New(s, nil, d); err == nil {
			t.Errorf("%+v: accepted", d)
		}
	}
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sweep.New(s, c.Portfolio, outcome.SweepDesign{Paths: []string{"accounts"}, Points: [][]string{{"1"}}}); err == nil {
		t.Error("accounts of a tape: varied")
	}
}
