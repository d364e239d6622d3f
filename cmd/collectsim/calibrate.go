package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"collectsim/analysis/calibrate"
	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
)

// calibrateFlags are what the fit is made with.
type calibrateFlags struct {
	scenarioFlags
	targets, fit []string
	output       string
	force        bool
	options      calibrate.Options
}

func (a *app) calibrateCommand() *cobra.Command {
	var f calibrateFlags
	c := &cobra.Command{
		Use:   "calibrate [SCENARIO] --targets FILE... -o FILE",
		Short: "Fit parameters to roll rates and published figures, and say how far to trust the fit",
		Long: `Fits parameters of the scenario to targets by the method of simulated moments, and writes a
scenario file with the fitted values that "run" takes. Targets are values with a standard error:
monthly moves between buckets, from counts or from your own panel, points of the cure curve,
metrics, daily paths, steps of the contact funnel, contrasts of two strategies, and published
experiments, which are replayed ("collectsim schema targets"; docs/calibrate.md). A target marked
hold_out is not fitted; its error is told apart.

Every point is played on the same borrowers and lives, so the fit depends on the seed and on
nothing else. Nothing is drawn: parameters that are not fitted stand at their value. The search
knows each parameter's range: the declared one, or that of --fit PATH=LOW:HIGH. Without --fit the
parameters that the files name are fitted, else as many of five usual ones as the targets allow.

With --accounts, teams and travel areas shrink or grow by the same factor, so that contact per
account stays. -o FILE appears whole or not at all. Exit code 0 says that the fit was made; read its
warnings: parameters at an end of their range, directions that no target identifies, a bad test of
fit.`,
		Example: `  collectsim calibrate --targets credit-record --accounts 4000 -o fitted.yaml
  collectsim calibrate mine.yaml --targets my-rolls.yaml -o fitted.yaml --fit borrowers.payment.full_share --fit borrowers.awareness.discovery_days=2:20
  collectsim calibrate default --targets credit-record uci-cards -o fitted.yaml --lives 8 --format json
  collectsim run fitted.yaml -o out`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			name := "default"
			if len(args) > 0 {
				name = args[0]
				f.targets = append(f.targets, args[1:]...) // --targets a.yaml b.yaml
			}
			return a.calibrate(c, name, &f)
		},
		ValidArgsFunction: cobra.FixedCompletions(scenario.Builtin("scenarios"), cobra.ShellCompDirectiveDefault),
	}
	f.addTo(c)
	a.formatFlag(c, "text", "json", "csv")
	return c
}

func (f *calibrateFlags) addTo(c *cobra.Command) {
	fl := c.Flags()
	fl.StringArrayVar(&f.targets, "targets", nil, "file of targets, or a built-in name (required, repeatable); names that follow SCENARIO are further ones")
	fl.StringArrayVar(&f.fit, "fit", nil, "PATH[=LOW:HIGH[:linear|log|logit]]: a parameter to fit (repeatable)")
	fl.StringVarP(&f.output, "output", "o", "", "scenario file to write (required)")
	fl.BoolVar(&f.force, "force", false, "replace an existing file")
	fl.IntVar(&f.options.Lives, "lives", 4, "lives, each with a portfolio of its own, in which every point is played")
	fl.IntVar(&f.options.Fresh, "fresh", 20, "further lives, in which start and result are judged")
	fl.IntVar(&f.options.Starts, "starts", 10, "starting points that are tried beside the scenario's own values")
	fl.IntVar(&f.options.Iterations, "iterations", 12, "most steps of one descent")
	fl.IntVar(&f.accounts, "accounts", 0, "accounts of the synthetic portfolio; teams shrink or grow with them")
	fl.IntVar(&f.horizon, "horizon", 0, "days that are simulated")
	fl.Uint64Var(&f.seed, "seed", 1, "seed of every draw")
	fl.StringArrayVar(&f.sets, "set", nil, "PATH=VALUE: change any value of the scenario; the file that is written keeps it (repeatable)")
	fl.StringVar(&f.tape, "tape", "", "loan tape (CSV, Parquet or Arrow) in place of a synthetic portfolio")
	fl.StringVar(&f.columns, "map", "", "column map of the tape: a file or a built-in name")
	fl.IntVarP(&f.workers, "workers", "j", runtime.NumCPU(), "parallel workers; the result does not depend on it")
	_ = c.RegisterFlagCompletionFunc("targets", cobra.FixedCompletions(scenario.Builtin("targets"), cobra.ShellCompDirectiveDefault))
}

// check holds the flags against their rules before anything is read.
func (f *calibrateFlags) check(name string) error {
	var errs []error
	if len(f.targets) == 0 {
		errs = append(errs, fmt.Errorf("--targets FILE: must be named; built in are %s", strings.Join(scenario.Builtin("targets"), ", ")))
	}
	errs = append(errs, checkNewScenario(f.output, name, f.force))
	for _, x := range []struct {
		flag         string
		value, least int
	}{{"lives", f.options.Lives, 1}, {"fresh", f.options.Fresh, 5}, {"starts", f.options.Starts, 0}, {"iterations", f.options.Iterations, 1}} {
		if x.value < x.least {
			errs = append(errs, fmt.Errorf("--%s: must be at least %d, got %d", x.flag, x.least, x.value))
		}
	}
	return errors.Join(errs...)
}

// calibrate is the calibrate command.
func (a *app) calibrate(c *cobra.Command, name string, f *calibrateFlags) error {
	if err := f.check(name); err != nil {
		return usage(err)
	}
	set, err := calibrate.Open(f.targets...)
	if err != nil {
		return usage(err)
	}
	s, err := f.loadResized(c, name)
	if err != nil {
		return err
	}
	parameters, err := f.parameters(a, s, set)
	if err != nil {
		return usage(err)
	}
	portfolio, _, err := f.portfolio(s)
	if err != nil {
		return err
	}
	set.Warnings = append(set.Warnings, f.doubts...)
	f.options.Portfolio, f.options.Workers = portfolio, f.workers
	if f.options.Starts == 0 { // asked for, and not left out
		f.options.Starts = -1
	}
	r, err := a.fit(c.Context(), s, parameters, set, f.options)
	if err != nil {
		return err
	}
	if err := f.write(name, r); err != nil {
		return err
	}
	a.say("wrote %s", f.output)
	return r.Print(a.out, a.format)
}

// loadResized is load for commands whose --accounts makes teams and travel areas larger or smaller as well.
func (f *scenarioFlags) loadResized(c *cobra.Command, name string) (*scenario.Scenario, error) {
	accounts, flag := f.accounts, c.Flags().Lookup("accounts")
	resized := flag.Changed
	flag.Changed = false // load would change the portfolio alone
	s, err := f.load(c, name)
	switch {
	case err != nil || !resized:
		return s, err
	case f.tape != "":
		return nil, usage(errors.New("--accounts: a tape has its own accounts"))
	}
	return s, usage(flagError("accounts", calibrate.Resize(s, accounts)))
}

// parameters are those of --fit, else those that the files name, else the usual ones.
func (f *calibrateFlags) parameters(a *app, s *scenario.Scenario, set *calibrate.Set) ([]calibrate.Parameter, error) {
	settings := f.fit
	if len(settings) == 0 {
		for _, path := range set.Fit {
			if !slices.Contains(settings, path) {
				settings = append(settings, path)
			}
		}
	}
	if len(settings) == 0 {
		settings = calibrate.Usual(set)
		a.say("no --fit: fitting %s", strings.Join(settings, ", "))
	}
	return calibrate.ParseParameters(s, settings)
}

// fit makes the fit with progress on stderr.
func (a *app) fit(ctx context.Context, s *scenario.Scenario, parameters []calibrate.Parameter, set *calibrate.Set, o calibrate.Options) (*calibrate.Result, error) {
	b := a.progress(-1, 0)
	if b.ProgressBar != nil {
		b.Describe("lives")
		o.Stage = func(stage string) { b.Describe("lives; " + stage) }
	}
	played := 0
	o.Done = func() {
		played++
		b.add()
	}
	r, err := calibrate.Fit(ctx, s, parameters, set, o)
	b.close()
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("interrupted after %d lives; nothing is written", played)
	}
	return r, err
}

// write writes the scenario file of the fitted values.
func (f *calibrateFlags) write(name string, r *calibrate.Result) error {
	extends, err := extendsFrom(f.output, name)
	if err != nil {
		return err
	}
	text, err := r.ScenarioFile(stem(f.output), extends, f.sets)
	if err != nil {
		return err
	}
	return wholeFile(f.output, func(part string) error { return os.WriteFile(part, text, 0o644) })
}
