package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"collectsim/analysis/explore"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/sweep"

	"github.com/spf13/cobra"
)

func (a *app) sensitivityCommand() *cobra.Command {
	var f scenarioFlags
	var o sensitivityOptions
	c := &cobra.Command{
		Use:   "sensitivity [SCENARIO] -o DIR",
		Short: "Which assumptions decide which strategy is best?",
		Long: `Varies the assumptions of a scenario and says which of them move the result and which of
them change the decision. Without --vary these are all that declare a range.

Without --method it answers step by step: whole groups of assumptions (channels.sms, teams.visit)
are moved to their ends at once, and those that change no bit of any result are put aside; a
screening by Morris keeps the --keep assumptions that move the strategies apart most; one-way runs
give the tornado and the values at which the best strategy changes, with intervals; a Sobol
analysis gives the share of variance of each; a sample of all of them gives what knowing each
would be worth to the decision, and the region in which the chosen strategy is best (PRIM). What
moves the variance need not move the decision: the two stand side by side. With --method one of
oneway, twoway, sobol, morris only that one is done. Assumptions that are not varied stay at
their declared value, also those that a run draws.

--replications is 8 unless given, and all steps but the one-way runs play an eighth of it: their
answers come from many points. Luck is shared by all points; what that does not cancel is measured
from the one-way runs, and warned of where it drowns an answer. The number of accounts is the
scenario's own, since teams of so many agents have to serve so many accounts. --dry-run says how
many runs all this takes, how long and how large; --resume continues an interrupted analysis. The
steps depend on each other, so there is no --shard: docs/cluster tells how one step is sharded.

The figure looked at is the difference in --metric between the two best strategies of the
scenario as it stands; METRIC@STRATEGY names one strategy's own figure. Each step is a sweep's
folder inside of DIR, which verify can check.

"sensitivity design" and "sensitivity indices" serve any other model.`,
		Example: `  collectsim sensitivity --dry-run
  collectsim sensitivity -o out
  collectsim sensitivity mine.yaml -o out --method oneway --vary channels.visit.effect=range --vary teams.visit.agents=1..16
  collectsim sensitivity -o out --method twoway --vary channels.visit.effect=range --vary channels.call.effect=range
  collectsim sensitivity -o out --method sobol -n 256 --metric overdue_rate_30@home-visits --vary channels.visit.effect=range --vary teams.visit.agents=1..16`,
	}
	ofScenario(c, func(name string) error { return a.sensitivity(c, name, &f, &o) })
	f.add(c)
	fl := c.Flags()
	o.add(fl, "analysis")
	fl.BoolVar(&o.dryRun, "dry-run", false, "play nothing; say how many runs, how long and how large")
	fl.StringVar(&o.method, "method", "", "only this: "+strings.Join(methods, ", "))
	fl.StringArrayVar(&o.vary, "vary", nil, "PATH=SPEC: an assumption and its range lo..hi, or list (oneway, twoway); repeatable (default: every declared range)")
	fl.StringVar(&o.metric, "metric", outcome.RankedBy, "METRIC[@STRATEGY] whose drivers are looked for")
	fl.StringVar(&o.chosen, "strategy", "", "strategy whose region is looked for (default: the best one of the scenario as it stands)")
	fl.IntVarP(&o.n, "number", "n", 64, "base points of Sobol")
	fl.IntVar(&o.levels, "levels", 5, "values of each range in oneway and twoway")
	fl.IntVar(&o.trajectories, "trajectories", 4, "trajectories of Morris")
	fl.IntVar(&o.samples, "samples", 256, "points of the sample for the value of information")
	fl.IntVar(&o.keep, "keep", 6, "assumptions that the screening keeps")
	_ = c.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(methods, cobra.ShellCompDirectiveNoFileComp))
	a.formatFlag(c, "text", "json", "csv")
	c.AddCommand(a.sensitivityDesign(), a.sensitivityIndices())
	return c
}

var methods = []string{"oneway", "twoway", "sobol", "morris"}

// fewReplications is what sensitivity plays unless told otherwise: its answers come from many points.
const fewReplications = 8

type sensitivityOptions struct {
	runOptions
	dryRun                                 bool
	method, metric, chosen                 string
	vary                                   []string
	n, levels, trajectories, samples, keep int
}

func (o *sensitivityOptions) check() error {
	var errs []error
	if o.dir == "" && !o.dryRun {
		errs = append(errs, errors.New("-o DIR: the output folder must be named"))
	}
	if o.method != "" && !contains(methods, o.method) {
		errs = append(errs, fmt.Errorf("--method %s: must be one of %s", o.method, strings.Join(methods, ", ")))
	}
	if metric, _, _ := strings.Cut(o.metric, "@"); !knownMetric(metric) {
		errs = append(errs, fmt.Errorf("--metric: unknown metric %q%s", metric, suggestion(metricNames(), metric)))
	}
	errs = append(errs, atLeast("-n", o.n, 2), atLeast("--levels", o.levels, 2), atLeast("--trajectories", o.trajectories, 1),
		atLeast("--samples", o.samples, 30), atLeast("--keep", o.keep, 1))
	return errors.Join(errs...)
}

// sensitivity is the sensitivity command.
func (a *app) sensitivity(c *cobra.Command, name string, f *scenarioFlags, o *sensitivityOptions) error {
	if err := o.check(); err != nil {
		return usage(err)
	}
	s, err := f.load(c, name)
	if err != nil {
		return err
	}
	if !c.Flags().Changed("replications") {
		s.Replications = min(s.Replications, fewReplications)
	}
	s.Uncertainty = false // what is not varied stays where it is declared, so that all steps share one base
	portfolio, source, err := f.portfolio(s)
	if err != nil {
		return err
	}
	l := &lab{app: a, ctx: c.Context(), o: o, s: s, portfolio: portfolio, source: source, workers: f.workers, doubts: f.doubts}
	if err := errors.Join(l.chooseFactors(), l.checkQuestion()); err != nil {
		return usage(err)
	}
	if o.dryRun {
		return l.dryRun()
	}
	defer l.leave()
	if err := l.begin(); err != nil {
		return err
	}
	if err := l.investigate(); err != nil {
		return err
	}
	if err := l.write(); err != nil {
		return err
	}
	if err := l.folder.Commit(l.manifest); err != nil {
		return err
	}
	if err := l.print(); err != nil {
		return err
	}
	a.say("wrote %s", o.dir)
	return nil
}

// lab is one sensitivity analysis: what it varies, and what it found.
type lab struct {
	app       *app
	ctx       context.Context
	o         *sensitivityOptions
	s         *scenario.Scenario
	portfolio *loan.Portfolio
	source    *outcome.TapeSource
	workers   int
	doubts    []string // about the tape

	folder   *outcome.Folder
	manifest *outcome.Manifest
	question explore.Question
	varied   []varied // all that was asked for
	inert    []varied // put aside, since their groups change no result
	kept     []varied // what the later steps vary
	schedule schedule
	findings
}

// varied is an assumption with its range.
type varied struct {
	sweep.Factor
	base   float64   // of the scenario as it stands
	levels []float64 // of a list
}

// begin opens the folder.
func (l *lab) begin() error {
	l.schedule = schedule{all: l.planned(), started: time.Now()}
	design := outcome.SweepDesign{Design: "sensitivity " + l.o.method, Vary: l.o.vary, Metrics: l.metrics(), Points: [][]string{{}}}
	for _, v := range l.varied {
		design.Paths = append(design.Paths, v.Path)
		design.Points[0] = append(design.Points[0], sweep.Text(v.base))
	}
	p, err := sweep.New(l.s, l.portfolio, design)
	if err != nil {
		return usage(err)
	}
	if l.manifest, err = sweepManifest(p, l.source); err != nil {
		return err
	}
	l.manifest.Kind, l.manifest.Warnings = kindSensitivity, append(append(l.manifest.Warnings, l.doubts...), l.outside()...)
	if l.folder, err = outcome.Create(l.o.dir, l.o.force, l.o.resume); err != nil {
		return usage(err)
	}
	l.app.warn(l.manifest.Warnings)
	return begin(l.folder, l.manifest)
}

// outside are the assumptions whose range leaves out the value that they have, as where wages are in rupees and the
// declared range in yuan.
func (l *lab) outside() (doubts []string) {
	for i := range l.varied {
		if v := &l.varied[i]; v.base < v.Low || v.base > v.High {
			doubts = append(doubts, fmt.Sprintf("%s: varies from %g to %g, which leaves out its value %g: the answer is about another book; state its range in the scenario, or --vary %s=lo..hi",
				v.Path, v.Low, v.High, v.base, v.Path))
		}
	}
	return doubts
}

// leave lets go of the folder, if there is one.
func (l *lab) leave() {
	if l.folder != nil {
		l.folder.Leave()
	}
}

// metrics are those that the steps need: the one asked for, and those of the second tornado.
func (l *lab) metrics() []string {
	metric, _, _ := strings.Cut(l.o.metric, "@")
	list := []string{metric}
	for _, m := range []string{outcome.RankedBy, "cost", "recovered", "cost_per_recovered"} {
		if !contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// chooseFactors reads --vary, or takes every declared range.
func (l *lab) chooseFactors() error {
	settings, declared := l.o.vary, len(l.o.vary) == 0
	if declared {
		for path, m := range l.s.Meta {
			if m.HasRange && !(l.portfolio != nil && strings.HasPrefix(path, "portfolio.")) {
				settings = append(settings, path+"=range")
			}
		}
		slices.Sort(settings)
	}
	var errs []error
	for _, setting := range settings {
		v, err := l.factor(setting)
		if err != nil && !declared {
			errs = append(errs, fmt.Errorf("--vary %w", err))
		}
		if err == nil {
			l.varied = append(l.varied, *v)
		}
	}
	l.kept = l.varied
	if len(l.varied) == 0 && len(errs) == 0 {
		errs = append(errs, errors.New("the scenario declares no range; give --vary PATH=lo..hi"))
	}
	return errors.Join(errs...)
}

// checkQuestion holds what is asked against the strategies that are played and the assumptions that are varied, before
// anything is played.
func (l *lab) checkQuestion() error {
	var errs []error
	played := l.s.Played()
	metric, strategy, level := strings.Cut(l.o.metric, "@")
	if level && !contains(played, strategy) {
		errs = append(errs, fmt.Errorf("--metric: strategy %q: is not played%s", strategy, suggestion(played, strategy)))
	}
	if l.o.chosen != "" && !contains(played, l.o.chosen) {
		errs = append(errs, fmt.Errorf("--strategy: strategy %q: is not played%s", l.o.chosen, suggestion(played, l.o.chosen)))
	}
	i := outcome.MetricIndex(metric)
	neither := i >= 0 && outcome.Metrics()[i].Better == outcome.Neither
	if l.o.method == "twoway" && len(l.varied) != 2 {
		errs = append(errs, fmt.Errorf("--method twoway: needs two assumptions, got %d; give --vary twice", len(l.varied)))
	}
	switch {
	case l.o.method == "twoway" && (i < 0 || neither):
		errs = append(errs, fmt.Errorf("--metric %s: has no better side to map", metric))
	case neither && !level:
		errs = append(errs, fmt.Errorf("--metric %s: is good neither way, so no two strategies are the best by it; name one figure with %s@STRATEGY", metric, metric))
	}
	return errors.Join(errs...)
}

func (l *lab) factor(setting string) (*varied, error) {
	f, err := sweep.ParseFactor(l.s, setting)
	if err != nil {
		return nil, err
	}
	if !f.Numeric {
		return nil, fmt.Errorf("%s: is no number; sensitivity varies numbers, sweep varies choices too", f.Path)
	}
	v := &varied{Factor: *f}
	x, err := overlay.Get(&l.s.File, f.Path)
	if err != nil {
		return nil, fmt.Errorf("%w; give a value to start from, as in --set %s=1", err, f.Path)
	}
	if _, err := fmt.Sscan(fmt.Sprint(x), &v.base); err != nil {
		return nil, fmt.Errorf("%s: its value %v is no number that can be varied", f.Path, x)
	}
	for _, text := range f.Values {
		var level float64
		if _, err := fmt.Sscan(text, &level); err != nil {
			return nil, fmt.Errorf("%s: %q is no number", f.Path, text)
		}
		v.levels = append(v.levels, level)
	}
	if len(v.levels) > 0 {
		v.Low, v.High = slices.Min(v.levels), slices.Max(v.levels)
		if v.Low == v.High {
			return nil, fmt.Errorf("%s: needs two values at least", f.Path)
		}
	}
	return v, nil
}

// bounds are the ranges of the kept assumptions.
func (l *lab) bounds() sensitivity.Bounds {
	var b sensitivity.Bounds
	for i := range l.kept {
		b = append(b, bound(&l.kept[i].Factor))
	}
	return b
}

// step plays points of the kept assumptions as a sweep in a folder of its own. A step that an earlier
// call has finished is read, one that it has begun goes on.
func (l *lab) step(name string, points [][]float64, replications int) (*explore.Study, error) {
	plan, err := l.sweep(name, points, replications)
	if err != nil {
		return nil, err
	}
	m, err := sweepManifest(plan, l.source)
	if err != nil {
		return nil, err
	}
	dir := l.folder.Path(name)
	if finished(dir, m) {
		l.schedule.restart()
		return explore.Open(dir)
	}
	folder, err := outcome.Create(dir, false, true)
	if err != nil {
		return nil, err
	}
	defer folder.Leave()
	l.app.say("%s: %d points x %d replications%s", name, len(points), replications, l.schedule.left(name))
	if err := l.app.produceSweep(l.ctx, folder, m, plan, l.workers); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := completeSweep(folder, m, plan, sweep.File(folder.Path(outcome.JournalFile)), false); err != nil {
		return nil, err
	}
	l.schedule.did(len(points) * replications)
	return explore.Open(dir)
}

// sweep is the plan of points of the kept assumptions.
func (l *lab) sweep(name string, points [][]float64, replications int) (*sweep.Plan, error) {
	design := outcome.SweepDesign{Design: name, Vary: []string{}, Metrics: l.metrics()}
	for _, v := range l.kept {
		design.Paths = append(design.Paths, v.Path)
	}
	for _, p := range points {
		var row []string
		for _, x := range p {
			row = append(row, sweep.Text(x))
		}
		design.Points = append(design.Points, row)
	}
	s := l.s.Clone()
	s.Replications = replications
	return sweep.New(s, l.portfolio, design)
}

// fewer is the replications of steps whose answers average over many points.
func (l *lab) fewer() int { return max(1, l.s.Replications/8) }
