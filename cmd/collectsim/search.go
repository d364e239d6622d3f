package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"collectsim/analysis/search"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
)

// searchFlags are what the search is made with.
type searchFlags struct {
	newScenarioFlags
	strategy     string
	limits, vary []string
	options      search.Options
}

func (a *app) searchCommand() *cobra.Command {
	var f searchFlags
	c := &cobra.Command{
		Use:   "search [SCENARIO] --strategy NAME -o FILE",
		Short: "Look for a better version of a strategy: other days, rhythms, caps, conditions of its stages",
		Long: `Looks for the version of a strategy that has the best value of a metric within limits, with
the same teams, and writes a scenario file that compares the two. The search draws versions at
random, then climbs from the strategy as it is and from the best of them: every version that
differs in one value is looked at, and those that are better are joined.

All versions are played on the same borrowers and luck. The best of many looks better than it
is on the replications it was chosen by, so the printed figures come from fresh replications: the next seed,
which for a synthetic portfolio means other accounts too. What each change is worth is found
by taking it back alone.

--vary names what may change, by paths below the strategy, with the same SPEC as in sweep:
  --vary stages.agency.first_day=60,90,120           a list
  --vary stages.agency.when.min_owed=0..5000         a range stands for five values
  --vary stages.legal-letter=off                     the stage may be left out
Without --vary every stage may be left out, begin earlier or later, come more or less often,
and leave out small debts or some risk scores. Values of stages are all that changes: remedies,
tones and new stages are for you to propose.

--by region (product, segment, start: the bucket on day 0) changes no stage: it looks for whom other strategies of the
scenario, or those of --strategies, are better than this one. Unlike decide --by it plays what it
proposes, so that the crews' time goes where it is worth most.

--limit METRIC < VALUE is kept by the version that is found, on the mean of the replications it was
chosen by; whether it holds on fresh ones is printed. VALUE with an x is a multiple of what the
strategy has as it is: --limit 'attempts_per_account <= 0.5x'.

A better version in the model is a proposal, no proof: the search uses whatever the model
gets wrong. Look at sensitivity of the written file, then test it ("collectsim plan-test").
With --accounts, teams and travel areas shrink or grow by the same factor.`,
		Example: `  collectsim search --strategy tiered-escalation -o better.yaml
  collectsim search --strategy tiered-escalation --limit 'attempts_per_account <= 0.5x' --limit 'distress_days <= 1x' --accounts 5000 -o gentler.yaml
  collectsim search mine.yaml --strategy mine --metric recovered --limit 'cost <= 1x' --vary stages.agency=off --vary stages.early-call.every=7,14,21 -o better.yaml
  collectsim search --strategy tiered-escalation --by start --accounts 5000 -o whom.yaml
  collectsim run better.yaml -o out`,
	}
	ofScenario(c, func(name string) error { return a.search(c, name, &f) })
	f.add(c)
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// assignable are what strategies can be assigned by.
var assignable = []string{"product", "region", "segment", "start"}

func (f *searchFlags) add(c *cobra.Command) {
	fl := c.Flags()
	f.newScenarioFlags.add(fl)
	fl.Lookup("seed").Usage += "; the next one is that of the fresh replications"
	fl.StringVar(&f.strategy, "strategy", "", "strategy to start from: a name of the scenario or a built-in one (required)")
	fl.StringVar(&f.options.Metric, "metric", outcome.RankedBy, "metric that is to be best")
	fl.StringArrayVar(&f.limits, "limit", nil, "'METRIC < VALUE' that the version must keep; VALUE with an x is a multiple of the strategy as it is (repeatable)")
	fl.StringArrayVar(&f.vary, "vary", nil, "PATH=SPEC: what may change (repeatable; default: every stage's days, rhythm, cap and conditions)")
	fl.StringVar(&f.options.By, "by", "", "look for whom other strategies are better instead: by product, region, segment or start (bucket on day 0)")
	fl.StringSliceVar(&f.strategies, "strategies", nil, "with --by: strategies that may serve a group (default: those that the scenario plays)")
	fl.IntVar(&f.options.Replications, "replications", 12, "replications in which versions are compared")
	fl.IntVar(&f.options.Fresh, "fresh", 0, "further replications, in which the found version is judged (default: the scenario's replications)")
	fl.IntVar(&f.options.Starts, "starts", 100, "versions drawn at random that are looked at first; all, if there are no more")
	_ = c.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(assignable, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("vary", func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		return offer(stageValues(args), typed, "=", false), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// stageValues are the paths of strategies' stages, all that a search may vary.
func stageValues(args []string) []string {
	return slices.DeleteFunc(pathValues(args), func(path string) bool {
		return !strings.HasPrefix(path, "strategies.") || !strings.Contains(path, ".stages.")
	})
}

// check holds the flags against their rules before anything is read.
func (f *searchFlags) check(c *cobra.Command, name string) error {
	var errs []error
	if f.strategy == "" {
		errs = append(errs, fmt.Errorf("--strategy NAME: must be named; built in are %s", strings.Join(scenario.Builtin("strategies"), ", ")))
	}
	o := &f.options
	switch {
	case o.By == "" && f.strategies != nil:
		errs = append(errs, errors.New("--strategies: goes with --by"))
	case o.By != "" && !slices.Contains(assignable, o.By):
		errs = append(errs, fmt.Errorf("--by %s: must be one of %s", o.By, strings.Join(assignable, ", ")))
	case o.By != "" && f.vary != nil:
		errs = append(errs, errors.New("--vary: has no effect with --by, which varies who is served by which strategy"))
	}
	errs = append(errs, f.checkOutput(name), atLeast("--replications", o.Replications, 2))
	if c.Flags().Changed("fresh") {
		errs = append(errs, atLeast("--fresh", o.Fresh, 2))
	}
	errs = append(errs, atLeast("--starts", o.Starts, 1))
	for _, text := range f.limits {
		l, err := search.ParseLimit(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("--limit %w", err))
		}
		f.options.Limits = append(f.options.Limits, l)
	}
	return errors.Join(errs...)
}

// search is the search command.
func (a *app) search(c *cobra.Command, name string, f *searchFlags) error {
	if err := f.check(c, name); err != nil {
		return usage(err)
	}
	c.Flags().Lookup("replications").Changed = false // those of the search are no matter of the scenario
	s, err := f.load(c, name)
	if err != nil {
		return err
	}
	if err := f.prepare(s); err != nil {
		return usage(err)
	}
	if f.options.Portfolio, _, err = f.portfolio(s); err != nil {
		return err
	}
	f.options.Workers = f.workers
	r, err := a.lookFor(c.Context(), s, f)
	if err != nil {
		return err
	}
	r.Warnings = append(r.Warnings, f.doubts...)
	if c.Flags().Changed("horizon") {
		f.sets = append([]string{fmt.Sprintf("horizon=%d", s.Horizon)}, f.sets...) // the file keeps it too; --set counts over it, as in load
	}
	if err := f.write(name, r.ScenarioFile); err != nil {
		return err
	}
	if r.Found != "" {
		a.say("wrote %s", f.output)
	}
	return r.Print(a.out, a.format)
}

// prepare reads what may change.
func (f *searchFlags) prepare(s *scenario.Scenario) error {
	played := s.Played()
	if err := s.Play([]string{f.strategy}); err != nil { // a built-in one becomes part of the scenario
		return fmt.Errorf("--strategy: %w", err)
	}
	s.Compare = played
	var errs []error
	for _, setting := range f.vary {
		k, err := search.ParseKnob(s, f.strategy, setting)
		if err != nil {
			errs = append(errs, fmt.Errorf("--vary %w", err))
		}
		f.options.Knobs = append(f.options.Knobs, k)
	}
	if f.options.Fresh == 0 {
		f.options.Fresh = s.Replications
	}
	return errors.Join(errs...)
}

// lookFor makes the search with progress on stderr.
func (a *app) lookFor(ctx context.Context, s *scenario.Scenario, f *searchFlags) (*search.Result, error) {
	n, o := a.counter("replications"), f.options
	o.Stage, o.Done = n.stage, n.count
	plan, err := search.New(s, f.strategy, o)
	if err != nil {
		n.close()
		return nil, usage(err)
	}
	r, err := plan.Run(ctx)
	return r, n.end(ctx, err)
}
