package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"collectsim/analysis/calibrate"
	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
)

// calibrateFlags are what the fit is made with.
type calibrateFlags struct {
	newScenarioFlags
	targets, fit []string
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
	f.add(c)
	a.formatFlag(c, "text", "json", "csv")
	return c
}

func (f *calibrateFlags) add(c *cobra.Command) {
	fl := c.Flags()
	f.newScenarioFlags.add(fl)
	fl.StringArrayVar(&f.targets, "targets", nil, "file of targets, or a built-in name (required, repeatable); names that follow SCENARIO are further ones")
	fl.StringArrayVar(&f.fit, "fit", nil, "PATH[=LOW:HIGH[:linear|log|logit]]: a parameter to fit (repeatable)")
	fl.IntVar(&f.options.Lives, "lives", 4, "lives, each with a portfolio of its own, in which every point is played")
	fl.IntVar(&f.options.Fresh, "fresh", 20, "further lives, in which start and result are judged")
	fl.IntVar(&f.options.Starts, "starts", 10, "starting points that are tried beside the scenario's own values")
	fl.IntVar(&f.options.Iterations, "iterations", 12, "most steps of one descent")
	_ = c.RegisterFlagCompletionFunc("targets", cobra.FixedCompletions(scenario.Builtin("targets"), cobra.ShellCompDirectiveDefault))
}

// check holds the flags against their rules before anything is read.
func (f *calibrateFlags) check(name string) error {
	var errs []error
	if len(f.targets) == 0 {
		errs = append(errs, fmt.Errorf("--targets FILE: must be named; built in are %s", strings.Join(scenario.Builtin("targets"), ", ")))
	}
	o := &f.options
	return errors.Join(append(errs, f.checkOutput(name), atLeast("--lives", o.Lives, 1), atLeast("--fresh", o.Fresh, 5),
		atLeast("--starts", o.Starts, 0), atLeast("--iterations", o.Iterations, 1))...)
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
	s, err := f.load(c, name)
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
	if err := f.write(name, r.ScenarioFile); err != nil {
		return err
	}
	a.say("wrote %s", f.output)
	return r.Print(a.out, a.format)
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
	n := a.counter("lives")
	o.Stage, o.Done = n.stage, func() { n.count(1) }
	r, err := calibrate.Fit(ctx, s, parameters, set, o)
	return r, n.end(ctx, err)
}
