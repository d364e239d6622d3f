package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"collectsim/analysis/chart"
	"collectsim/analysis/report"
	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/tape"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// scenarioFlags are the flags that change a scenario; several commands share them.
type scenarioFlags struct {
	accounts, replications, horizon int
	seed                            uint64
	strategies                      []string
	baseline                        string
	sets                            []string
	tape, columns                   string
	workers                         int
	doubts                          []string // about the tape, once it is read
}

func (f *scenarioFlags) add(c *cobra.Command) {
	fl := c.Flags()
	f.addBasic(fl)
	fl.IntVar(&f.replications, "replications", 0, "replications")
	fl.StringSliceVar(&f.strategies, "strategies", nil, "strategies to compare: names of the scenario or of built-ins")
	fl.StringVar(&f.baseline, "baseline", "", "strategy that the others are compared with")
}

// addBasic adds those that do not say which strategies are compared, and how often.
func (f *scenarioFlags) addBasic(fl *pflag.FlagSet) {
	fl.IntVar(&f.accounts, "accounts", 0, "accounts of the synthetic portfolio")
	fl.IntVar(&f.horizon, "horizon", 0, "days that are simulated")
	fl.Uint64Var(&f.seed, "seed", 1, "seed of every draw")
	fl.StringArrayVar(&f.sets, "set", nil, "PATH=VALUE: change any value of the scenario (repeatable)")
	fl.StringVar(&f.tape, "tape", "", "loan tape (CSV, Parquet or Arrow) in place of a synthetic portfolio")
	fl.StringVar(&f.columns, "map", "", "column map of the tape: a file or a built-in name")
	fl.IntVarP(&f.workers, "workers", "j", runtime.NumCPU(), "parallel workers; the result does not depend on it")
}

// load reads the scenario and lays the flags over it. All errors are the user's.
func (f *scenarioFlags) load(c *cobra.Command, name string) (*scenario.Scenario, error) {
	s, err := scenario.Load(name)
	if err != nil {
		return nil, usage(err)
	}
	f.doubts = nil
	changed := c.Flags().Changed
	var errs []error
	for _, x := range []struct {
		flag, path string
		value      int
	}{{"accounts", "accounts", f.accounts}, {"replications", "replications", f.replications}, {"horizon", "horizon", f.horizon}} {
		if changed(x.flag) {
			errs = append(errs, flagError(x.flag, s.Set(x.path+"="+strconv.Itoa(x.value))))
		}
	}
	if changed("seed") {
		s.Seed = f.seed
	}
	if changed("strategies") {
		_ = s.Play(f.strategies) // built-in ones among them can be set then; faults are told below, when others may have been deleted
	}
	for _, set := range f.sets {
		errs = append(errs, s.Set(set))
		path, _, _ := strings.Cut(set, "=")
		if path = strings.TrimSpace(path); f.tape != "" && ofPortfolio(path) {
			errs = append(errs, fmt.Errorf("--set %s: a tape has its own accounts", path))
		}
	}
	if changed("strategies") {
		if err := s.Play(f.strategies); err != nil {
			for line := range strings.Lines(err.Error()) {
				errs = append(errs, fmt.Errorf("--strategies: %s", strings.TrimRight(line, "\n")))
			}
		} else if !changed("baseline") && !contains(f.strategies, s.Baseline) {
			if len(f.strategies) > 1 {
				f.doubts = append(f.doubts, fmt.Sprintf("baseline: differences are against %s, the first of --strategies, which leave out %s", f.strategies[0], s.Baseline))
			}
			s.Baseline = f.strategies[0]
		}
	}
	if changed("baseline") {
		s.Baseline = f.baseline
	}
	errs = append(errs, atLeast("--workers", f.workers, 1))
	if (f.tape == "") != (f.columns == "") {
		errs = append(errs, errors.New("--tape and --map go together: a tape needs a column map"))
	}
	if f.tape != "" && changed("accounts") {
		errs = append(errs, errors.New("--accounts: a tape has its own accounts"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, usage(err)
	}
	return s, usage(s.Check())
}

// ofPortfolio says whether a path describes the synthetic accounts, which are not drawn beside a tape. The currency is that
// of the costs, too.
func ofPortfolio(path string) bool {
	return path == "accounts" || strings.HasPrefix(path, "portfolio.") && path != "portfolio.currency"
}

func flagError(flag string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("--%s: %s", flag, strings.TrimPrefix(err.Error(), "--set: "+flag+": "))
}

func contains(list []string, name string) bool {
	for _, x := range list {
		if x == name {
			return true
		}
	}
	return false
}

// portfolio reads the tape, if one is named. Doubts about it, also beside the scenario that it is played with, are noted.
func (f *scenarioFlags) portfolio(s *scenario.Scenario) (*loan.Portfolio, *outcome.TapeSource, error) {
	if f.tape == "" {
		return nil, nil, nil
	}
	m, err := readMap(f.columns)
	if err != nil {
		return nil, nil, usage(err)
	}
	p, r, err := tape.Load(f.tape, m)
	if err != nil {
		return nil, nil, err
	}
	for _, doubt := range r.Warnings {
		f.doubts = append(f.doubts, "tape: "+doubt)
	}
	if r.Dropped > 0 {
		f.doubts = append(f.doubts, fmt.Sprintf("tape: %d of %d rows are dropped; collectsim tape check says why", r.Dropped, r.Rows))
	}
	f.doubts = append(f.doubts, tapeDoubts(s, p)...)
	source := &outcome.TapeSource{File: base(f.tape), Map: f.columns, Assumptions: r.Assumptions, Rows: append([]string{r.Counts()}, r.Touched()...)}
	if source.Digest, err = outcome.Digest(f.tape); err != nil {
		return nil, nil, err
	}
	source.MapDigest, err = mapDigest(f.columns)
	return p, source, err
}

func base(path string) string {
	if i := strings.LastIndexAny(path, "/\\"); i >= 0 {
		return path[i+1:]
	}
	return path
}

func (a *app) runCommand() *cobra.Command {
	var f scenarioFlags
	var o runOptions
	c := &cobra.Command{
		Use:   "run [SCENARIO] -o DIR",
		Short: "Simulate every strategy of a scenario and compare them",
		Long: `Simulates every strategy of the scenario on the same borrowers and writes a folder with
tables (Arrow), summary.json, charts and a manifest. SCENARIO is a YAML file or a built-in
name ("collectsim list scenarios"); left out, it is "default".

Intervals are over replications of one portfolio, the tape or the one drawn from the seed: they
hold for its accounts, not for another draw of a synthetic portfolio. What those differ by, a sweep
over the seed shows (--vary seed=1:20:1). docs/metrics.md says how often intervals were right.`,
		Example: `  collectsim run -o out
  collectsim run mine.yaml -o out --replications 400 -j 2
  collectsim run -o out --strategies reminders-only,home-visits --set teams.visit.agents=8
  collectsim run -o out-uci --tape cards.csv --map uci-taiwan
  collectsim run -o out --assert 'overdue_rate_30@home-visits < 0.2'`,
	}
	ofScenario(c, func(name string) error { return a.simulate(c, name, &f, &o) })
	f.add(c)
	fl := c.Flags()
	o.add(fl, "run")
	fl.StringVar(&o.shard, "shard", "", "i/n: simulate only part i of n, for merge")
	fl.BoolVar(&o.accounts, "accounts-table", false, "also write accounts.arrow (large)")
	fl.BoolVar(&o.events, "events", false, "also write events.arrow (very large)")
	fl.BoolVar(&o.ablate, "ablate", false, "switch off one mechanism of the model at a time and print what each contributes; writes no folder")
	fl.StringArrayVar(&o.asserts, "assert", nil, "'METRIC[@STRATEGY] < VALUE' that must hold, else exit code 1 (repeatable)")
	o.precision.add(fl)
	a.formatFlag(c, "text", "json", "csv")
	return c
}

type runOptions struct {
	dir, shard       string
	force, resume    bool
	accounts, events bool
	noCharts         bool
	ablate           bool
	asserts          []string
	precision        precisionFlags
}

// add adds the flags of the folder that a command writes; what names that which is written.
func (o *runOptions) add(fl *pflag.FlagSet, what string) {
	fl.StringVarP(&o.dir, "output", "o", "", "folder to write (required)")
	fl.BoolVar(&o.force, "force", false, "replace an existing folder of an earlier "+what)
	fl.BoolVar(&o.resume, "resume", false, "continue an interrupted "+what)
	fl.BoolVar(&o.noCharts, "no-charts", false, "write no charts")
}

// ofScenario makes c a command about the scenario that its argument names, or "default".
func ofScenario(c *cobra.Command, do func(name string) error) {
	c.Args = cobra.MaximumNArgs(1)
	c.ValidArgsFunction = cobra.FixedCompletions(scenario.Builtin("scenarios"), cobra.ShellCompDirectiveDefault)
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return do("default")
		}
		return do(args[0])
	}
}

// simulate is the run command.
func (a *app) simulate(c *cobra.Command, name string, f *scenarioFlags, o *runOptions) error {
	if o.ablate {
		return a.ablate(c, name, f)
	}
	if o.dir == "" {
		return usage(errors.New("-o DIR: the output folder must be named"))
	}
	asserts, err := parseAsserts(o.asserts)
	if err != nil {
		return usage(err)
	}
	shard, err := parseShard(o.shard)
	if err != nil {
		return usage(err)
	}
	s, err := f.load(c, name)
	if err != nil {
		return err
	}
	if err := checkAsserts(asserts, s.Played()); err != nil {
		return usage(err)
	}
	portfolio, source, err := f.portfolio(s)
	if err != nil {
		return err
	}
	config, err := s.Config(portfolio)
	if err != nil {
		return usage(err)
	}
	config.Workers, config.Accounts, config.Events = f.workers, o.accounts, o.events
	m, err := manifest(s, config, source)
	if err != nil {
		return err
	}
	m.Shard, m.Warnings = shard, append(m.Warnings, f.doubts...)
	goal, err := o.precision.goal(c.Flags(), s, m)
	if err != nil {
		return usage(err)
	}
	if o.resume && (goal == nil && finished(o.dir, m) || goal != nil && concluded(o.dir, s, m)) {
		a.say("%s: is finished already", o.dir)
		return a.showRun(o.dir, shard, asserts)
	}
	folder, err := outcome.Create(o.dir, o.force, o.resume)
	if err != nil {
		return usage(err)
	}
	defer folder.Leave()
	a.warn(m.Warnings)
	if err := a.produce(c.Context(), folder, m, config, goal); err != nil {
		return err
	}
	if goal != nil {
		if err := conclude(goal, s, m, config.Replications); err != nil {
			return err
		}
	}
	return a.finish(folder, m, o, asserts)
}

// showRun prints a finished run; a shard has nothing to show.
func (a *app) showRun(dir string, shard *outcome.Shard, asserts []assertion) error {
	if shard != nil {
		return nil
	}
	r, err := report.Load(dir)
	if err != nil {
		return err
	}
	summary := report.Summarise(r)
	if err := a.print(summary); err != nil {
		return err
	}
	return holds(asserts, summary)
}

// manifest describes the run that is about to start.
func manifest(s *scenario.Scenario, c *sim.Config, source *outcome.TapeSource) (*outcome.Manifest, error) {
	m, err := s.Manifest(c)
	if err != nil {
		return nil, err
	}
	m.Version, m.Tape, m.Started = version, source, time.Now().UTC().Truncate(time.Second)
	m.Digest, err = m.SettingsDigest()
	return m, err
}

// produce simulates what the folder's journal does not hold yet, and with a goal goes on until it is
// reached; c.Replications is then the number that it took. When interrupted, the journal is kept,
// marked by the folder's name, and --resume goes on from it.
func (a *app) produce(ctx context.Context, folder *outcome.Folder, m *outcome.Manifest, c *sim.Config, goal *report.Precision) error {
	if err := begin(folder, m); err != nil {
		return err
	}
	note := func(r *outcome.Replication) {
		m.ActiveDays += r.ActiveDays
		if goal != nil {
			goal.Add(r)
		}
	}
	began := time.Now()
	journal, err := outcome.OpenJournal(folder.Path(outcome.JournalFile), func(r *outcome.Replication) error {
		note(r)
		return nil
	})
	if err != nil {
		return err
	}
	kept, keptDays := journal.Done, m.ActiveDays
	total := c.Replications
	if m.Shard != nil {
		total = (c.Replications - m.Shard.Index + m.Shard.Of) / m.Shard.Of
	}
	for {
		err = a.fill(ctx, journal, m, *c, total, note)
		if err != nil || goal == nil || goal.Next(total) == total {
			break
		}
		total = goal.Next(total)
		c.Replications = total
	}
	done := journal.Done
	m.WallSeconds = time.Since(began).Seconds()
	if err := errors.Join(err, journal.Close()); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted after %d of %d replications, kept in %s; continue with --resume", done, total, folder.Partial)
		}
		if done > 0 { // such as a full disk: the work is worth more than a tidy place
			return fmt.Errorf("%w; %d of %d replications are kept in %s; continue with --resume", err, done, total, folder.Partial)
		}
		return errors.Join(err, folder.Abort())
	}
	if kept > 0 {
		a.say("took over %s, played %d more", plural(kept, "finished replication"), done-kept)
	}
	a.say("%.1f s (%.1f million active account-days a second)", m.WallSeconds, float64(m.ActiveDays-keptDays)/1e6/max(m.WallSeconds, 1e-3))
	return nil
}

// fill simulates until the journal holds total replications.
func (a *app) fill(ctx context.Context, journal *outcome.Journal, m *outcome.Manifest, part sim.Config, total int, note func(*outcome.Replication)) error {
	part.First, part.Step = 0, 1
	if m.Shard != nil {
		part.First, part.Step = m.Shard.Index-1, m.Shard.Of
	}
	part.First += journal.Done * part.Step
	part.Replications = total - journal.Done
	if part.Replications <= 0 {
		return nil
	}
	bar := a.progress(total, journal.Done)
	part.Done = func(int) { bar.add() }
	defer bar.close()
	return sim.Run(ctx, part, counting{journal, note})
}

// begin refuses what other settings have begun and writes the manifest as it stands.
func begin(folder *outcome.Folder, m *outcome.Manifest) error {
	old, err := outcome.ReadManifest(folder.Partial)
	switch {
	case err != nil: // nothing was begun
	case old.Digest != m.Digest || !same(old.Shard, m.Shard) || !same(old.Precision, m.Precision):
		return usage(fmt.Errorf("%s: was begun with other settings; drop it with --force", folder.Partial))
	case old.Processor != m.Processor:
		return usage(fmt.Errorf("%s: was begun on %s, this is %s, and last digits differ; go on there, or drop it with --force", folder.Partial, old.Processor, m.Processor))
	}
	return folder.WriteManifest(m)
}

// same compares what two manifests hold or lack.
func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// counting notes the work done on its way into the journal.
type counting struct {
	*outcome.Journal
	note func(*outcome.Replication)
}

func (c counting) Replication(r *outcome.Replication) error {
	c.note(r)
	return c.Journal.Replication(r)
}

// finish builds the tables, the summary and the charts, gives the folder its name, and prints.
func (a *app) finish(folder *outcome.Folder, m *outcome.Manifest, o *runOptions, asserts []assertion) error {
	if m.Shard != nil {
		m.Kind = outcome.KindShard
		if err := folder.Commit(m); err != nil {
			return err
		}
		a.say("wrote shard %d of %d to %s; join all with: collectsim merge", m.Shard.Index, m.Shard.Of, o.dir)
		return nil
	}
	summary, err := a.complete(folder, m, !o.noCharts, func(each func(*outcome.Replication) error) error {
		return outcome.ReadJournal(folder.Path(outcome.JournalFile), each)
	})
	if err != nil {
		if _, missing := os.Stat(folder.Path(outcome.JournalFile)); missing == nil { // such as a disk that the tables filled
			return fmt.Errorf("%w; all replications are kept in %s; continue with --resume", err, folder.Partial)
		}
		return errors.Join(err, folder.Abort())
	}
	if err := a.print(summary); err != nil {
		return err
	}
	a.say("wrote %s", o.dir)
	return holds(asserts, summary)
}

// complete builds everything that a run's folder holds from its replications and commits it.
func (a *app) complete(folder *outcome.Folder, m *outcome.Manifest, charts bool, from outcome.Source) (*report.Summary, error) {
	if err := outcome.Build(folder.Partial, m.Info(), from, report.Statistics()); err != nil {
		return nil, err
	}
	if err := folder.WriteManifest(m); err != nil {
		return nil, err
	}
	r, err := report.Load(folder.Partial)
	if err != nil {
		return nil, err
	}
	summary := report.Summarise(r)
	text, err := summary.JSON()
	if err == nil {
		err = folder.Write(outcome.SummaryFile, text)
	}
	if err == nil && charts {
		err = a.drawAll(r, folder)
	}
	if err == nil {
		err = removeJournal(folder) // last, so that a kill or a full disk before it costs no work
	}
	if err != nil {
		return nil, err
	}
	return summary, folder.Commit(m)
}

// drawAll writes the charts of every run. One that the run has no data for, such as cures of a run of
// one day, is left out with a message; it does not cost the user the run.
func (a *app) drawAll(r *report.Run, folder *outcome.Folder) error {
	for _, kind := range report.RunCharts {
		err := drawBoth(r, folder, kind)
		var file *fs.PathError
		if errors.As(err, &file) {
			return fmt.Errorf("chart %s: %w", kind, err)
		}
		if err != nil {
			why := strings.TrimPrefix(err.Error(), fmt.Sprintf("chart %q: ", kind))
			a.say("no chart %s: %s", kind, strings.ReplaceAll(why, "\n", "; "))
		}
	}
	a.warnOfFont(r.Manifest, nil)
	return nil
}

// drawBoth writes one chart as SVG and PNG.
func drawBoth(r *report.Run, folder *outcome.Folder, kind string) error {
	picture, err := r.Chart(kind)
	if err != nil {
		return err
	}
	for _, format := range []string{"svg", "png"} {
		var content bytes.Buffer
		if err := chart.Write(&content, picture, format); err != nil {
			return err
		}
		if err := folder.Write(kind+"."+format, content.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// print writes the summary in the chosen format.
func (a *app) print(s *report.Summary) error {
	switch a.format {
	case "json":
		text, err := s.JSON()
		if err == nil {
			_, err = a.out.Write(text)
		}
		return err
	case "csv":
		return s.CSV(a.out)
	}
	return s.Text(a.out, report.Headline())
}

// parseShard reads i/n, i from 1.
func parseShard(text string) (*outcome.Shard, error) {
	if text == "" {
		return nil, nil
	}
	i, n, ok := strings.Cut(text, "/")
	var s outcome.Shard
	var err1, err2 error
	s.Index, err1 = strconv.Atoi(i)
	s.Of, err2 = strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || s.Index < 1 || s.Of < 1 || s.Index > s.Of {
		return nil, fmt.Errorf("--shard %s: must be i/n with 1 <= i <= n, as in 2/8", text)
	}
	return &s, nil
}

// bar is a progress bar that only exists on a terminal.
type bar struct{ *progressbar.ProgressBar }

func (a *app) progress(total, done int) bar {
	if !a.terminal || a.quiet || a.noProgress {
		return bar{}
	}
	p := progressbar.NewOptions(total, progressbar.OptionSetWriter(io.Writer(a.err)), progressbar.OptionSetDescription("replications"),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("replications"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	_ = p.Set(done)
	return bar{p}
}

func (b bar) add() {
	if b.ProgressBar != nil {
		_ = b.Add(1)
	}
}

// at shows that n of a total that may grow are done.
func (b bar) at(n, total int) {
	if b.ProgressBar != nil {
		if n > total {
			b.ChangeMax(n)
		}
		_ = b.Set(n)
	}
}

func (b bar) close() {
	if b.ProgressBar != nil {
		_ = b.Finish()
	}
}
