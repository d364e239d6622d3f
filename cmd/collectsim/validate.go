package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"collectsim/analysis/experiment"

	"github.com/spf13/cobra"
)

// validateFlags change how experiments are played.
type validateFlags struct {
	accounts, replications, workers int
	seed                            uint64
}

func (f *validateFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.IntVar(&f.accounts, "accounts", 0, "accounts of every experiment (default: as each one says)")
	fl.IntVar(&f.replications, "replications", 0, "replications of every experiment (default: as each one says)")
	fl.Uint64Var(&f.seed, "seed", 1, "seed of every draw")
	fl.Lookup("seed").DefValue = "as each one says"
	fl.IntVarP(&f.workers, "workers", "j", runtime.NumCPU(), "parallel workers; the result does not depend on it")
}

// options are the flags as package experiment takes them.
func (f *validateFlags) options(c *cobra.Command) (experiment.Options, error) {
	o := experiment.Options{Accounts: f.accounts, Replications: f.replications, Workers: f.workers}
	changed := c.Flags().Changed
	if changed("seed") {
		o.Seed = &f.seed
	}
	var errs []error
	for _, x := range []struct {
		flag         string
		value, least int
	}{{"accounts", f.accounts, 1}, {"replications", f.replications, 2}, {"workers", f.workers, 1}} {
		if changed(x.flag) && x.value < x.least {
			errs = append(errs, fmt.Errorf("--%s: must be at least %d, got %d", x.flag, x.least, x.value))
		}
	}
	return o, usage(errors.Join(errs...))
}

func (a *app) validateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "validate [NAME or FILE ...]",
		Short: "Replay published field experiments as virtual trials",
		Long: `Plays published field experiments as virtual trials and prints the published effect beside
the simulated one: inside or outside of what agrees with the publication. Sweeps of an
experiment tell from which value of an input on it would agree. NAME is built in
("collectsim list experiments"), FILE an experiment of your own ("collectsim schema
experiment"); left out, all built-in ones are played. "validate claims" judges the claims of
field practice.`,
		Example: `  collectsim validate
  collectsim validate moral-message --replications 100
  collectsim validate my-trial.yaml --format json`,
	}
	a.ofExperiments(c, "published", a.trials)
	c.AddCommand(a.claimsCommand())
	return c
}

func (a *app) claimsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "claims [NAME or FILE ...]",
		Short: "Judge the claims of field practice: holds, fails, or depends on what",
		Long: `Plays the experiment of every claim and prints the measured effect with its 95% interval over
replications, and what follows:

  holds    every judged measure lies on the claimed side, its whole interval does
  fails    some judged measure does not
  depends  along a swept input a judged measure changes sides, in at least 90% of bootstrap
           resamples: on which input, and beyond which value

The whole takes about a minute and a half on two cores; --replications makes intervals
narrower or the play shorter. Fewer accounts change queues and travel, and so results.`,
		Example: `  collectsim validate claims
  collectsim validate claims 06-grace-for-temporary-shock --replications 60
  collectsim validate claims --format json`,
	}
	a.ofExperiments(c, "claims", a.claims)
	return c
}

// ofExperiments makes c a command about the experiments of one kind that its arguments name, or all built-in ones.
func (a *app) ofExperiments(c *cobra.Command, kind string, judge func(*cobra.Command, []*experiment.Experiment, experiment.Options) error) {
	var f validateFlags
	c.Args = cobra.ArbitraryArgs
	c.ValidArgsFunction = cobra.FixedCompletions(experiment.Builtin(kind), cobra.ShellCompDirectiveDefault)
	c.RunE = func(c *cobra.Command, args []string) error {
		o, err := f.options(c)
		if err != nil {
			return err
		}
		if len(args) == 0 {
			args = experiment.Builtin(kind)
		}
		list, err := experiments(kind, args)
		if err != nil {
			return usage(err)
		}
		return judge(c, list, o)
	}
	f.add(c)
	a.formatFlag(c, "text", "json", "csv")
}

// experiments reads experiments by built-in name or file path; all that cannot be read are reported.
func experiments(kind string, names []string) ([]*experiment.Experiment, error) {
	known := experiment.Builtin(kind)
	var list []*experiment.Experiment
	var errs []error
	for _, name := range names {
		var x *experiment.Experiment
		var err error
		switch {
		case contains(known, name):
			x, err = experiment.Embedded(kind, name)
		case strings.ContainsAny(name, "./\\"):
			x, err = experiment.Open(name)
			if errors.Is(err, os.ErrNotExist) {
				err = fmt.Errorf("%s: no such file", name)
			}
		default:
			err = fmt.Errorf("%q: unknown experiment%s, built in are %s", name, suggestion(known, name), strings.Join(known, ", "))
		}
		list, errs = append(list, x), append(errs, err)
	}
	return list, errors.Join(errs...)
}

// claims plays and prints claims.
func (a *app) claims(c *cobra.Command, list []*experiment.Experiment, o experiment.Options) error {
	var verdicts []*experiment.Claim
	bar := a.progress(len(list), 0)
	for _, x := range list {
		r, err := x.Play(c.Context(), o)
		if err != nil {
			return err
		}
		v, err := r.Claim()
		if err != nil {
			return err
		}
		verdicts = append(verdicts, v)
		bar.add()
	}
	bar.close()
	return experiment.PrintClaims(a.out, a.format, verdicts)
}

// trials plays and prints virtual trials.
func (a *app) trials(c *cobra.Command, list []*experiment.Experiment, o experiment.Options) error {
	var played []*experiment.Result
	bar := a.progress(len(list), 0)
	for _, x := range list {
		r, err := x.Play(c.Context(), o)
		if err != nil {
			return err
		}
		played = append(played, r)
		bar.add()
	}
	bar.close()
	return experiment.PrintTrials(a.out, a.format, played)
}
