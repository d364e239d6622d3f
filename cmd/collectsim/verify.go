package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	share         float64
	seed          uint64
	tape, columns string
	workers       int
}

func (a *app) verifyCommand() *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify DIR",
		Short: "Re-run a random share of a folder's work and compare bit for bit",
		Long: `Holds a folder against its manifest: every file against its digest, the summary against the
tables, and a random share of the replications (of a sweep: of the points) against a new
simulation from the scenario that the manifest echoes. Exit code 1 names the first row of each
table that differs. A table whose digest is wrong is re-run as a whole to find that row.

Last digits depend on the kind of processor, since exp and log do: of a folder made on another one
numbers are compared to 1e-9 of their size (of the largest of the column, up to 1, where they
are smaller), and charts are not compared.

What a sample of the replications cannot show, the tables that are sums over all of them
(daily, cures, transitions, visit_stress, vintages), is compared with --share 1.`,
		Example: `  collectsim verify out
  collectsim verify out --share 1          # everything, charts included
  collectsim verify out-uci --tape cards.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !(o.share > 0 && o.share <= 1) {
				return usage(fmt.Errorf("--share: must lie in (0, 1], got %g", o.share))
			}
			if o.workers < 1 {
				return usage(fmt.Errorf("--workers: must be at least 1, got %d", o.workers))
			}
			return a.verify(c.Context(), args[0], &o)
		},
	}
	fl := c.Flags()
	fl.Float64Var(&o.share, "share", 0.01, "share of the replications or points to re-run, at least one")
	fl.Uint64Var(&o.seed, "seed", 1, "seed of the choice")
	fl.StringVar(&o.tape, "tape", "", "loan tape of the run, where it used one (default: the file of its name and digest here or beside the folder)")
	fl.StringVar(&o.columns, "map", "", "column map of the tape (default: the one that the manifest names)")
	fl.IntVarP(&o.workers, "workers", "j", runtime.NumCPU(), "parallel workers")
	a.formatFlag(c, "text", "json")
	return c
}

// verified is what verify prints.
type verified struct {
	Folder      string   `json:"folder"`
	OK          bool     `json:"ok"`
	Files       int      `json:"files"` // compared with their digests
	Unit        string   `json:"unit"`  // what was re-run: replications or points
	Rerun       []int    `json:"rerun"` // their numbers
	Of          int      `json:"of"`
	Rows        int      `json:"rows"` // compared bit for bit
	Differences []string `json:"differences"`

	elsewhere bool // the folder was made on another kind of processor
}

func (v *verified) differ(format string, args ...any) {
	v.Differences = append(v.Differences, fmt.Sprintf(format, args...))
}

func (a *app) verify(ctx context.Context, dir string, o *verifyOptions) error {
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		return err
	}
	if m.Version != version {
		a.say("warning: %s was written by version %s, this is %s: results may differ for that reason", dir, m.Version, version)
	}
	elsewhere := m.Processor != "" && m.Processor != runtime.GOARCH
	switch {
	case elsewhere && m.Shard != nil:
		return fmt.Errorf("%s: is a shard made on %s, this is %s, and last digits differ: verify it there, or the merged folder here", dir, m.Processor, runtime.GOARCH)
	case elsewhere:
		a.say("%s was made on %s, this is %s, and last digits differ: numbers may differ by %g of their size, and charts are not compared", dir, m.Processor, runtime.GOARCH, lastDigits)
	}
	v := &verified{Folder: dir, elsewhere: elsewhere, Files: len(m.Files), Rerun: []int{}, Differences: []string{}}
	s, portfolio, err := o.again(dir, m)
	if err != nil {
		return err
	}
	bad := differing(dir, m)
	if digest, err := m.SettingsDigest(); err != nil || digest != m.Digest {
		v.differ("%s: its settings are not those of its digest", outcome.ManifestFile)
	}
	temporary, err := os.MkdirTemp("", "collectsim-verify-")
	if err != nil {
		return err
	}
	switch m.Kind {
	case outcome.KindRun, outcome.KindShard:
		err = a.verifyRun(ctx, &rerun{v, dir, temporary, m, bad, s, portfolio, o})
	case outcome.KindSweep, outcome.KindSweepShard:
		err = a.verifySweep(ctx, &rerun{v, dir, temporary, m, bad, s, portfolio, o})
	default:
		err = fmt.Errorf("%s: holds an analysis of several steps: verify one of the folders inside of it", dir)
	}
	if err := errors.Join(err, os.RemoveAll(temporary)); err != nil {
		return err
	}
	for _, name := range bad {
		if !slices.ContainsFunc(v.Differences, func(d string) bool { return strings.HasPrefix(d, name+":") }) {
			v.differ("%s: does not have the digest that the manifest holds", name)
		}
	}
	return a.verdict(v)
}

// again is the scenario and the tape that the manifest speaks of.
func (o *verifyOptions) again(dir string, m *outcome.Manifest) (*scenario.Scenario, *loan.Portfolio, error) {
	s, err := scenario.FromManifest(m)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", dir, err)
	}
	if m.Tape == nil {
		return s, nil, nil
	}
	if o.tape == "" {
		o.tape = lyingAbout(dir, m.Tape)
	}
	if o.tape == "" {
		return nil, nil, usage(fmt.Errorf("--tape: %s was made from the tape %s (SHA-256 %s), which is needed to re-run it", dir, m.Tape.File, m.Tape.Digest))
	}
	f := scenarioFlags{tape: o.tape, columns: o.columns}
	if f.columns == "" {
		f.columns = m.Tape.Map
	}
	portfolio, source, err := f.portfolio(s)
	if err != nil {
		return nil, nil, err
	}
	if source.Digest != m.Tape.Digest {
		return nil, nil, fmt.Errorf("--tape %s: is not the tape of %s: SHA-256 %s, wanted %s", o.tape, dir, source.Digest, m.Tape.Digest)
	}
	if source.MapDigest != m.Tape.MapDigest {
		return nil, nil, fmt.Errorf("--map %s: is not the map of %s", f.columns, dir)
	}
	return s, portfolio, nil
}

// lyingAbout finds the tape of a run that lies where the command is called or beside the folder, by its name and digest:
// folders hold no paths. Empty if it does not.
func lyingAbout(dir string, t *outcome.TapeSource) string {
	for _, path := range []string{t.File, filepath.Join(filepath.Dir(filepath.Clean(dir)), t.File)} {
		if digest, err := outcome.Digest(path); err == nil && digest == t.Digest {
			return path
		}
	}
	return ""
}

// rerun is one folder that is verified.
type rerun struct {
	*verified
	dir, temporary string
	m              *outcome.Manifest
	bad            []string // files that do not have their digest
	s              *scenario.Scenario
	portfolio      *loan.Portfolio
	o              *verifyOptions
}

// tableDamaged says whether a wrong digest calls for a whole re-run.
func (r *rerun) tableDamaged() bool {
	return slices.ContainsFunc(r.bad, func(name string) bool {
		return filepath.Ext(name) == ".arrow" || name == outcome.JournalFile
	})
}

// choose picks a seeded random share of 0..n-1, at least one, sorted; all of them where a table is
// known to be damaged.
func (a *app) choose(r *rerun, n int) []int {
	k := min(n, max(1, int(math.Ceil(r.o.share*float64(n)))))
	if r.tableDamaged() {
		a.say("%s does not have its digest; re-running everything to find what differs", r.bad[0])
		k = n
	}
	chosen := rand.New(rand.NewPCG(r.o.seed, 0)).Perm(n)[:k]
	slices.Sort(chosen)
	return chosen
}

func (a *app) verifyRun(ctx context.Context, r *rerun) error {
	all := []int{}
	for k := range r.m.Replications {
		if r.m.Shard == nil || k%r.m.Shard.Of == r.m.Shard.Index-1 {
			all = append(all, k)
		}
	}
	r.Unit, r.Of = "replications", len(all)
	for _, k := range a.choose(r, len(all)) {
		r.Rerun = append(r.Rerun, all[k])
	}
	config, err := r.s.Config(r.portfolio)
	if err != nil {
		return err
	}
	config.Workers, config.Accounts, config.Events = r.o.workers, r.m.AccountsFile, r.m.EventsFile
	path := filepath.Join(r.temporary, outcome.JournalFile)
	if err := a.replay(ctx, config, r.Rerun, path); err != nil {
		return err
	}
	if r.m.Shard != nil {
		return r.compareJournals(path)
	}
	from := func(each func(*outcome.Replication) error) error { return outcome.ReadJournal(path, each) }
	if len(r.Rerun) < r.Of {
		if err := outcome.Build(r.temporary, r.m.Info(), from, report.Statistics()); err != nil {
			return err
		}
		r.compareTables(r.temporary, []string{"replications", "segments", "actions", "suppressions", "accounts", "events"})
		return r.compareSummary()
	}
	whole := *r.m
	folder, err := outcome.Create(filepath.Join(r.temporary, "whole"), false, false)
	if err != nil {
		return err
	}
	defer folder.Leave()
	_, charts := r.m.Files[report.RunCharts[0]+".svg"]
	if _, err := a.complete(folder, &whole, charts, from); err != nil {
		return err
	}
	r.compareTables(folder.Dir, append([]string{"replications"}, outcome.Tables(folder.Dir)...))
	if r.elsewhere {
		return r.compareSummary()
	}
	r.compareFiles(whole.Files)
	return nil
}

// replay simulates the given replications, in order, into a journal.
func (a *app) replay(ctx context.Context, config *sim.Config, replications []int, path string) error {
	journal, err := outcome.OpenJournal(path, nil)
	if err != nil {
		return err
	}
	bar := a.progress(len(replications), 0)
	for _, run := range steps(replications) {
		part := *config
		part.First, part.Step, part.Replications = run[0], 1, run[1]
		part.Done = func(int) { bar.add() }
		if err = sim.Run(ctx, part, journal); err != nil {
			break
		}
	}
	bar.close()
	return errors.Join(err, journal.Close())
}

// steps cuts sorted numbers into stretches without gaps: first number and length.
func steps(numbers []int) [][2]int {
	var list [][2]int
	for i, n := range numbers {
		if i > 0 && n == numbers[i-1]+1 {
			list[len(list)-1][1]++
			continue
		}
		list = append(list, [2]int{n, 1})
	}
	return list
}

// compareJournals compares the replications of a shard.
func (r *rerun) compareJournals(path string) error {
	fresh := map[int][]byte{}
	err := outcome.ReadJournal(path, func(x *outcome.Replication) (err error) {
		fresh[x.Index], err = x.Bytes()
		return err
	})
	if err != nil {
		return err
	}
	seen := 0
	err = outcome.ReadJournal(filepath.Join(r.dir, outcome.JournalFile), func(x *outcome.Replication) error {
		seen++
		want, ok := fresh[x.Index]
		if !ok {
			return nil
		}
		r.Rows++
		got, err := x.Bytes()
		if err == nil && !bytes.Equal(got, want) && len(r.Differences) == 0 {
			r.differ("%s: replication %d differs from its re-run", outcome.JournalFile, x.Index)
		}
		return err
	})
	if err == nil && seen != r.Of {
		r.differ("%s: holds %d whole replications, %d were planned", outcome.JournalFile, seen, r.Of)
	}
	return err
}

// compareTables compares rows of the folder with tables of the same names that were built anew from
// all replications or from those of r.Rerun.
func (r *rerun) compareTables(again string, names []string) {
	done := map[string]bool{}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(again, name+".arrow")); err != nil || done[name] {
			continue
		}
		done[name] = true
		got, err := outcome.Open(r.dir, name)
		if err != nil {
			r.differ("%s.arrow: cannot be read: %v", name, err)
			continue
		}
		want, err := outcome.Open(again, name)
		if err != nil {
			r.differ("%s.arrow: the re-run cannot be read: %v", name, err)
			continue
		}
		rows, difference := r.compareTable(got, want, r.among(got))
		r.Rows += rows
		if difference != "" {
			r.differ("%s.arrow: %s", name, difference)
		}
	}
}

// among says which rows of a table belong to the re-run replications or points.
func (r *rerun) among(t *outcome.Table) func(row int) bool {
	key := t.Column(strings.TrimSuffix(r.Unit, "s"))
	if key == nil || len(r.Rerun) == r.Of {
		return func(int) bool { return true }
	}
	return func(row int) bool {
		_, ok := slices.BinarySearch(r.Rerun, int(key.Int[row]))
		return ok
	}
}

// compareTable compares the rows of got that are among the wanted ones with want, and describes the first difference.
func (v *verified) compareTable(got, want *outcome.Table, among func(row int) bool) (rows int, difference string) {
	if len(got.Columns) != len(want.Columns) {
		return 0, fmt.Sprintf("has %d columns, the re-run %d", len(got.Columns), len(want.Columns))
	}
	sizes := make([]float64, len(want.Columns))
	for i := range got.Columns {
		g, w := &got.Columns[i], &want.Columns[i]
		sizes[i] = largest(w.Float)
		if g.Name != w.Name || g.Kind != w.Kind {
			return 0, fmt.Sprintf("column %d is %q (%v), in the re-run %q (%v)", i+1, g.Name, g.Kind, w.Name, w.Kind)
		}
	}
	for row := range got.Rows() {
		if !among(row) {
			continue
		}
		if rows == want.Rows() {
			return rows, fmt.Sprintf("row %d (%s): is not in the re-run", row+1, rowKey(got, row))
		}
		for i := range got.Columns {
			if g, w := &got.Columns[i], &want.Columns[i]; !v.agree(g, row, w, rows, sizes[i]) {
				return rows, fmt.Sprintf("row %d (%s): %s is %s, the re-run gives %s", row+1, rowKey(got, row), g.Name, orNull(g.Format(row)), orNull(w.Format(rows)))
			}
		}
		rows++
	}
	if rows < want.Rows() {
		return rows, fmt.Sprintf("row of %s is missing", rowKey(want, rows))
	}
	return rows, ""
}

func orNull(text string) string {
	if text == "" {
		return "null"
	}
	return text
}

// rowKey names a row by its columns before the first measurement.
func rowKey(t *outcome.Table, row int) string {
	var parts []string
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Kind == outcome.Float || len(parts) == 5 {
			break
		}
		parts = append(parts, c.Name+" "+c.Format(row))
	}
	return strings.Join(parts, ", ")
}

// compareSummary computes summary.json anew from the folder's own tables.
func (r *rerun) compareSummary() error {
	run, err := report.Load(r.dir)
	if err != nil {
		return err
	}
	want, err := report.Summarise(run).JSON()
	if err != nil {
		return err
	}
	got, err := os.ReadFile(filepath.Join(r.dir, outcome.SummaryFile))
	if err != nil || !bytes.Equal(got, want) && !(r.elsewhere && sameDocument(got, want)) {
		r.differ("%s: does not follow from the tables", outcome.SummaryFile)
	}
	return nil
}

// compareFiles compares the digests of all files but tables with those of a whole re-run.
func (r *rerun) compareFiles(again map[string]string) {
	for name, want := range again {
		got, err := outcome.Digest(filepath.Join(r.dir, name))
		if filepath.Ext(name) != ".arrow" && (err != nil || got != want) {
			r.differ("%s: differs from a re-run", name)
		}
	}
	slices.Sort(r.Differences)
}

// verdict prints the result; differences are an error.
func (a *app) verdict(v *verified) error {
	v.OK = len(v.Differences) == 0
	if a.format == "json" {
		if err := printJSON(a, v); err != nil {
			return err
		}
	} else {
		how := "bit for bit"
		if v.elsewhere {
			how = "but for last digits"
		}
		fmt.Fprintf(a.out, "%s: %d of %d %s re-run, %d rows compared %s, %d files compared with their digests\n",
			v.Folder, len(v.Rerun), v.Of, v.Unit, v.Rows, how, v.Files)
	}
	var errs []error
	for _, d := range v.Differences {
		errs = append(errs, fmt.Errorf("%s: %s", v.Folder, d))
	}
	if v.OK && a.format != "json" {
		fmt.Fprintln(a.out, "verified: nothing differs")
	}
	return errors.Join(errs...)
}
