package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"collectsim/analysis/chart"
	"collectsim/analysis/explore"
	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/sweep"

	"github.com/spf13/cobra"
)

func (a *app) sweepCommand() *cobra.Command {
	var f scenarioFlags
	var d designFlags
	var o sweepOptions
	c := &cobra.Command{
		Use:   "sweep [SCENARIO] --vary PATH=SPEC ... -o DIR",
		Short: "Play a scenario at many points: at which value does a strategy pay?",
		Long: `Plays the scenario at every point of a design and writes points.arrow: a row per point and
strategy with the varied values, then every metric's estimate, standard error, and difference
to the baseline at the same point. All points and strategies share the same borrowers and the
same luck, so differences between points are sharp.

A path is any value of the scenario ("collectsim list parameters"), named choices and lists too:
  --vary teams.visit.agents=2,4,8                    a list
  --vary teams.visit.agents=2:10:2                   from 2 to 10 by 2
  --vary channels.visit.effect=0.05..0.5             a range: levels of a grid, or sampled
  --vary channels.visit.effect=range                 the range that the scenario declares
  --vary strategies.home-visits.stages.visit.tone=friendly,firm
  --vary 'compare=home-visits,[home-visits,reminders-only]'   strategies; the baseline is added

A point that breaks a rule becomes a row with status and reason; the others are played. A sweep
that was interrupted, or killed, goes on with --resume and ends with the same bytes.
--precision W adds replications to the points whose difference to the baseline is known less
well than +-W (95%), until it is, or --max-replications is reached.`,
		Example: `  collectsim sweep -o out --vary teams.visit.agents=2,4,8,16
  collectsim sweep -o out --vary channels.visit.effect=range --vary channels.call.effect=range --design lhs --points 100
  collectsim sweep mine.yaml -o out --points-file points.csv --metrics npv,stress_mean
  collectsim sweep -o out --vary costs.funding=0.02:0.1:0.01 --dry-run
  collectsim sweep -o part1 --vary teams.visit.agents=2,4,8 --shard 1/2`,
	}
	ofScenario(c, func(name string) error { return a.sweep(c, name, &f, &d, &o) })
	f.add(c)
	d.add(c)
	fl := c.Flags()
	o.add(fl, "sweep")
	fl.StringVar(&o.shard, "shard", "", "i/n: play only part i of n of the points, for merge")
	fl.StringArrayVar(&o.asserts, "assert", nil, "'METRIC[@STRATEGY] < VALUE' that must hold at every point, else exit code 1 (repeatable)")
	fl.BoolVar(&o.dryRun, "dry-run", false, "play nothing; say how many runs, how long and how large")
	fl.StringSliceVar(&o.metrics, "metrics", nil, "metrics to write, the first one is printed (default: all, "+outcome.RankedBy+" first)")
	fl.Float64Var(&o.precision, "precision", 0, "add replications until the difference to the baseline is known to +-W (95%) at every point, in the metric's unit")
	fl.StringVar(&o.watched, "precision-metric", outcome.RankedBy, "metric of that difference")
	fl.IntVar(&o.most, "max-replications", 0, "most replications of a point under --precision (default: 10 times --replications)")
	a.formatFlag(c, "text", "json", "csv")
	return c
}

type sweepOptions struct {
	runOptions
	dryRun    bool
	metrics   []string
	precision float64
	watched   string
	most      int
}

// sweep is the sweep command.
func (a *app) sweep(c *cobra.Command, name string, f *scenarioFlags, d *designFlags, o *sweepOptions) error {
	if o.dir == "" && !o.dryRun {
		return usage(errors.New("-o DIR: the output folder must be named"))
	}
	asserts, err1 := parseAsserts(o.asserts)
	shard, err2 := parseShard(o.shard)
	if err := errors.Join(err1, err2, o.check(asserts, c.Flags().Changed)); err != nil {
		return usage(err)
	}
	s, err := f.load(c, name)
	if err != nil {
		return err
	}
	design, err := d.build(s)
	if err != nil {
		return usage(err)
	}
	o.complete(&design, s)
	portfolio, source, err := f.portfolio(s)
	if err != nil {
		return err
	}
	plan, err := sweep.New(s, portfolio, design)
	if err != nil {
		return usage(err)
	}
	if err := checkAsserts(asserts, everPlayed(plan)); err != nil {
		return usage(err)
	}
	if o.dryRun {
		return a.dryRun(c.Context(), plan, shard, f.workers)
	}
	if err := playable(plan); err != nil {
		return usage(err)
	}
	m, err := sweepManifest(plan, source)
	if err != nil {
		return err
	}
	m.Shard, m.Warnings = shard, append(m.Warnings, f.doubts...)
	if o.resume && finished(o.dir, m) {
		a.say("%s: is finished already", o.dir)
		return a.showSweep(o.dir, shard, asserts)
	}
	folder, err := outcome.Create(o.dir, o.force, o.resume)
	if err != nil {
		return usage(err)
	}
	defer folder.Leave()
	a.warn(m.Warnings)
	if err := a.produceSweep(c.Context(), folder, m, plan, f.workers); err != nil {
		return err
	}
	if shard != nil {
		if err := folder.Commit(m); err != nil {
			return err
		}
		a.say("wrote shard %d of %d to %s; join all with: collectsim merge", shard.Index, shard.Of, o.dir)
		return nil
	}
	return a.finishSweep(folder, m, plan, sweep.File(folder.Path(outcome.JournalFile)), &o.runOptions, asserts)
}

// everPlayed lists the strategies that some point plays.
func everPlayed(p *sweep.Plan) []string {
	var names []string
	for i := range p.Points {
		for _, name := range p.Points[i].Strategies {
			if !contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// playable refuses a design without a point that can be played; a few that cannot stand in the table with their reasons.
func playable(p *sweep.Plan) error {
	for i := range p.Points {
		if p.Points[i].Reason == "" {
			return nil
		}
	}
	return fmt.Errorf("%s: so it is at point 0, and none of the %d can be played", p.Points[0].Reason, len(p.Points))
}

// check holds the flags against their rules; given tells which of them the user stated.
func (o *sweepOptions) check(asserts []assertion, given func(flag string) bool) error {
	var errs []error
	for _, x := range asserts {
		if len(o.metrics) > 0 && !contains(o.metrics, x.metric) {
			errs = append(errs, fmt.Errorf("--assert %q: %s is not among --metrics", x.text, x.metric))
		}
	}
	for _, m := range o.metrics {
		if !knownMetric(m) {
			errs = append(errs, fmt.Errorf("--metrics: unknown metric %q%s", m, suggestion(metricNames(), m)))
		}
	}
	if !knownMetric(o.watched) {
		errs = append(errs, fmt.Errorf("--precision-metric: unknown metric %q%s", o.watched, suggestion(metricNames(), o.watched)))
	}
	if given("precision") && !(o.precision > 0 && o.precision < math.Inf(1)) {
		errs = append(errs, fmt.Errorf("--precision: must be above 0, got %g", o.precision))
	}
	for _, flag := range []string{"max-replications", "precision-metric"} {
		if given(flag) && !given("precision") {
			errs = append(errs, fmt.Errorf("--%s: goes with --precision", flag))
		}
	}
	if o.most < 0 {
		errs = append(errs, fmt.Errorf("--max-replications: must be above 0, got %d", o.most))
	}
	return errors.Join(errs...)
}

// complete adds what the other flags say to a design.
func (o *sweepOptions) complete(d *outcome.SweepDesign, s *scenario.Scenario) {
	d.Metrics = o.metrics
	if len(d.Metrics) == 0 {
		d.Metrics = append(d.Metrics, outcome.RankedBy)
		for _, name := range metricNames() {
			if name != outcome.RankedBy {
				d.Metrics = append(d.Metrics, name)
			}
		}
	}
	if o.precision > 0 {
		d.Precision, d.PrecisionMetric, d.MaxReplications = o.precision, o.watched, o.most
		if o.most == 0 {
			d.MaxReplications = 10 * s.Replications
		}
	}
}

// sweepManifest describes the sweep that is about to start.
func sweepManifest(p *sweep.Plan, source *outcome.TapeSource) (*outcome.Manifest, error) {
	m, err := manifest(p.Base, &sim.Config{Portfolio: p.Accounts()}, source)
	if err != nil {
		return nil, err
	}
	m.Kind, m.Sweep = outcome.KindSweep, &p.Design
	m.Digest, err = m.SettingsDigest()
	return m, err
}

// produceSweep plays what the folder's log does not hold yet. When interrupted, the log is kept.
func (a *app) produceSweep(ctx context.Context, folder *outcome.Folder, m *outcome.Manifest, p *sweep.Plan, workers int) error {
	if m.Shard != nil {
		m.Kind = outcome.KindSweepShard
	}
	if err := begin(folder, m); err != nil {
		return err
	}
	total, began := p.Runs(m.Shard), time.Now()
	bar := a.runsBar(total)
	stats, err := p.Run(ctx, folder.Path(outcome.JournalFile), sweep.Options{Workers: workers, Shard: m.Shard, Done: func(n int) {
		bar.at(n, total)
	}})
	bar.close()
	m.ActiveDays, m.WallSeconds = stats.ActiveDays, time.Since(began).Seconds()
	switch {
	case err != nil && ctx.Err() != nil:
		planned := fmt.Sprintf(" of %d", total)
		if p.Design.Precision > 0 { // then there may be more
			planned = ""
		}
		return fmt.Errorf("interrupted after %d%s runs, kept in %s; continue with --resume", stats.Kept+stats.Played, planned, folder.Partial)
	case err != nil:
		return fmt.Errorf("%w; what was played is kept in %s", err, folder.Partial)
	}
	if stats.Kept > 0 {
		a.say("took over %d finished runs, played %d more", stats.Kept, stats.Played)
	}
	a.say("%d runs in %.1f s (%.1f runs a second, %.1f million active account-days a second)", stats.Played, m.WallSeconds,
		float64(stats.Played)/max(m.WallSeconds, 1e-3), float64(stats.PlayedDays)/1e6/max(m.WallSeconds, 1e-3))
	return nil
}

// runsBar shows runs done, their rate and the time left. A run is one replication of one point; they
// go round by round, so a share of the runs is that share of every point.
func (a *app) runsBar(total int) bar {
	b := a.progress(total, 0)
	if b.ProgressBar != nil {
		b.Describe("runs (replications x points)")
	}
	return b
}

// finishSweep builds the tables and charts, gives the folder its name, and prints.
func (a *app) finishSweep(folder *outcome.Folder, m *outcome.Manifest, p *sweep.Plan, from sweep.Source, o *runOptions, asserts []assertion) error {
	if err := completeSweep(folder, m, p, from, !o.noCharts); err != nil {
		return err
	}
	a.say("wrote %s", folder.Dir)
	return a.showSweep(folder.Dir, nil, asserts)
}

// showSweep prints a finished sweep and checks the assertions.
func (a *app) showSweep(dir string, shard *outcome.Shard, asserts []assertion) error {
	if shard != nil {
		return nil
	}
	study, err := explore.Open(dir)
	if err != nil {
		return err
	}
	if err := study.Print(a.out, a.format); err != nil {
		return err
	}
	return holdsEverywhere(asserts, study)
}

// sweepChart lays out one chart of a sweep's folder.
func sweepChart(dir, kind, metric string) (chart.Chart, error) {
	if !contains(explore.ChartKinds(), kind) {
		return nil, usage(fmt.Errorf("--kind %s: %s holds a sweep, which can be drawn as %s", kind, dir, strings.Join(explore.ChartKinds(), ", ")))
	}
	study, err := explore.Open(dir)
	if err != nil {
		return nil, err
	}
	if metric != "" {
		if err := study.Show(metric); err != nil {
			return nil, usage(fmt.Errorf("--metric: %w", err))
		}
	}
	picture, err := study.Chart(kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return picture, nil
}

// finished reports whether a folder holds, whole, what the manifest plans.
func finished(dir string, m *outcome.Manifest) bool {
	old, err := outcome.ReadManifest(dir)
	return err == nil && old.Digest == m.Digest && same(old.Shard, m.Shard)
}

// completeSweep builds everything that a sweep's folder holds from its records and commits it.
func completeSweep(folder *outcome.Folder, m *outcome.Manifest, p *sweep.Plan, from sweep.Source, charts bool) error {
	if err := p.Build(folder.Partial, from, nil); err != nil {
		return err
	}
	study, err := explore.Load(folder.Partial, m)
	if err == nil && charts {
		err = study.Draw(folder.Partial)
	}
	if err == nil {
		err = removeJournal(folder) // last, so that a kill before it costs no work
	}
	if err == nil {
		err = folder.Commit(m)
	}
	return err
}

// holdsEverywhere checks assertions at every point that could be played.
func holdsEverywhere(list []assertion, study *explore.Study) error {
	var errs []error
	for _, x := range list {
		looked := 0
		for _, row := range study.Rows() {
			if row.Status != sweep.OK || x.strategy != "" && x.strategy != row.Strategy || x.strategy == "" && study.Undefined(row, x.metric) {
				continue
			}
			looked++
			if got := study.Value(row, x.metric); !x.fulfilled(got) {
				errs = append(errs, x.failed(fmt.Sprintf("point %d: %s@%s", row.Point, x.metric, row.Strategy), got, ""))
			}
		}
		errs = append(errs, x.anything(looked))
	}
	return errors.Join(errs...)
}

// dryRun says what a sweep would take, from a short trial.
func (a *app) dryRun(ctx context.Context, p *sweep.Plan, shard *outcome.Shard, workers int) error {
	invalid, rows, strategies := 0, 0, 0
	for i := range p.Points {
		if p.Points[i].Reason != "" {
			invalid++
		}
		rows += len(p.Points[i].Strategies)
		strategies = max(strategies, len(p.Points[i].Strategies))
	}
	e := estimateOfSweep{Points: len(p.Points), Invalid: invalid, Replications: p.Base.Replications, Runs: p.Runs(shard), Rows: rows}
	const trials = 3
	start, played := time.Now(), 0
	for k := 0; k < len(p.Points) && played < trials; k += max(1, len(p.Points)/trials) {
		if p.Points[k].Reason == "" {
			if r := p.Play(ctx, k, 0); r.Reason != "" {
				a.say("point %d: %s", k, r.Reason)
			}
			played++
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if played > 0 {
		e.Seconds = time.Since(start).Seconds() / float64(played) * float64(e.Runs) / float64(workers)
	}
	metrics := len(p.Design.Metrics)
	e.Bytes = 8 * (int64(e.Runs)*int64(strategies)*int64(metrics) + int64(rows)*int64(4*metrics+len(p.Design.Paths)))
	if a.format == "json" {
		return printJSON(a, e)
	}
	fmt.Fprintf(a.out, "%d points (%d cannot be played) x %d replications = %d runs of up to %d strategies\n", e.Points, e.Invalid, e.Replications, e.Runs, strategies)
	fmt.Fprintf(a.out, "about %s with %d workers, tables of at most %.1f MB\n", time.Duration(e.Seconds*float64(time.Second)).Round(time.Second/10), workers, float64(e.Bytes)/1e6)
	for i := range p.Points {
		if reason := p.Points[i].Reason; reason != "" {
			a.say("point %d cannot be played: %s", i, reason)
		}
	}
	return nil
}

// estimateOfSweep is what --dry-run prints.
type estimateOfSweep struct {
	Points       int     `json:"points"`
	Invalid      int     `json:"invalid"`
	Replications int     `json:"replications"`
	Runs         int     `json:"runs"`
	Rows         int     `json:"rows"`
	Seconds      float64 `json:"seconds"`
	Bytes        int64   `json:"bytes"` // of the tables, before compression
}

// planOf is the plan that a sweep's manifest tells of.
func planOf(r *rerun) (*sweep.Plan, error) {
	if r.m.Sweep == nil {
		return nil, fmt.Errorf("%s: manifest.json tells of no sweep", r.dir)
	}
	return sweep.New(r.s, r.portfolio, *r.m.Sweep)
}

func (a *app) mergeSweep(folder *outcome.Folder, m *outcome.Manifest, shards []shardFolder, o *runOptions) error {
	s, err := scenario.FromManifest(m)
	if err != nil {
		return err
	}
	p, err := sweep.New(s, nil, *m.Sweep)
	if err != nil {
		return err
	}
	var dirs []string
	for _, shard := range shards {
		dirs = append(dirs, shard.dir)
	}
	if err := a.finishSweep(folder, m, p, sweep.Merge(dirs), o, nil); err != nil {
		return errors.Join(err, folder.Abort())
	}
	return nil
}

func (a *app) verifySweep(ctx context.Context, r *rerun) error {
	p, err := planOf(r)
	if err != nil {
		return err
	}
	all := []int{}
	for i := range p.Points {
		if r.m.Shard == nil || i%r.m.Shard.Of == r.m.Shard.Index-1 {
			all = append(all, i)
		}
	}
	r.Unit, r.Of = "points", len(all)
	var playable []int
	for _, k := range a.choose(r, len(all)) {
		r.Rerun = append(r.Rerun, all[k])
		if p.Points[all[k]].Reason == "" {
			playable = append(playable, all[k])
		}
	}
	log := filepath.Join(r.temporary, outcome.JournalFile)
	bar := a.runsBar(len(playable) * p.Base.Replications)
	_, err = p.Run(ctx, log, sweep.Options{Workers: r.o.workers, Only: append([]int{}, playable...), Done: func(n int) { bar.at(n, len(playable)*p.Base.Replications) }})
	bar.close()
	if err != nil {
		return err
	}
	if r.m.Shard != nil {
		return r.compareLogs(log)
	}
	if err := p.Build(r.temporary, sweep.File(log), append([]int{}, r.Rerun...)); err != nil {
		return err
	}
	r.compareTables(r.temporary, []string{sweep.PointsTable, sweep.ReplicationsTable})
	return nil
}

// compareLogs compares the records of a sweep's shard.
func (r *rerun) compareLogs(again string) error {
	type key struct{ point, replication int }
	fresh := map[key]*sweep.Record{}
	err := sweep.File(again)(func(x *sweep.Record) error {
		fresh[key{x.Point, x.Replication}] = x
		return nil
	})
	if err != nil {
		return err
	}
	err = sweep.File(filepath.Join(r.dir, outcome.JournalFile))(func(x *sweep.Record) error {
		k := key{x.Point, x.Replication}
		if want := fresh[k]; want != nil {
			r.Rows++
			if !x.Equal(want) && len(r.Differences) == 0 {
				r.differ("%s: point %d, replication %d differs from its re-run", outcome.JournalFile, x.Point, x.Replication)
			}
			delete(fresh, k)
		}
		return nil
	})
	if err == nil && len(fresh) > 0 {
		r.differ("%s: lacks %d runs", outcome.JournalFile, len(fresh))
	}
	return err
}
