package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"collectsim/analysis/estimate"
	"collectsim/analysis/report"

	"github.com/spf13/cobra"
)

// printable is a result in the three forms in which commands print.
type printable interface {
	JSON(w io.Writer) error
	Text(w io.Writer) error
	CSV(w io.Writer) error
}

// present prints a result in the chosen format.
func (a *app) present(x printable) error {
	switch a.format {
	case "json":
		return x.JSON(a.out)
	case "csv":
		return x.CSV(a.out)
	}
	return x.Text(a.out)
}

func (a *app) estimateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "estimate survival|transitions FILE",
		Short: "Estimate times to an end, or moves between states, from any table",
		Example: `  collectsim estimate survival spells.csv --time days --event cured --by segment
  collectsim estimate transitions panel.parquet --id account --time month --state bucket`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("estimate: must be followed by survival or transitions")
			}
			return fmt.Errorf("estimate %s: must be followed by survival or transitions", args[0])
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	c.AddCommand(a.survivalCommand(), a.transitionsCommand())
	return c
}

// required names the flags that were left out.
func required(flags ...[2]string) error {
	var errs []error
	for _, f := range flags {
		if f[1] == "" {
			errs = append(errs, fmt.Errorf("%s: the column must be named", f[0]))
		}
	}
	return usage(errors.Join(errs...))
}

func checkLevel(level float64) error {
	if level > 0 && level < 1 {
		return nil
	}
	return usage(fmt.Errorf("--confidence: must lie in (0, 1), got %g", level))
}

var transforms = []string{string(estimate.LogLog), string(estimate.Log), string(estimate.Plain)}

func (a *app) survivalCommand() *cobra.Command {
	var f report.SurvivalColumns
	var o estimate.SurvivalOptions
	var transform string
	var competing bool
	c := &cobra.Command{
		Use:   "survival FILE --time C --event C [--by C]",
		Short: "Kaplan-Meier, medians, restricted means, log-rank, on any table",
		Long: `Reads CSV, Arrow or Parquet, one row an observation. --time is the time to the end or to the
censoring; --event says whether the end was seen: 1 or 0, true or false, yes or no (2 or 1 are
read as R does). With --event-is other values are the event and the rest censorings. With
--competing the column names the end of each row, and the cumulative incidence of each is
estimated (Aalen-Johansen); empty, 0, censored, cens, none and open mean censored unless
--censored says otherwise. With --entry rows count as at risk after that time only, as loans do
that were late already when they were first seen. With --strata groups are compared within
each stratum only, as in the same product; with --rho above 0 (1: Peto and Peto) the test weighs
early events more. Intervals hold at each time by itself. NA,
N/A, NaN and null are missing values: refused, or with --skip-missing left out with their row.`,
		Example: `  collectsim estimate survival spells.csv --time days --event cured
  collectsim estimate survival spells.csv --time days --event cured --by strategy --format json
  collectsim estimate survival spells.csv --time days --event cured --by strategy --strata product
  collectsim estimate survival spells.csv --time days --event end --event-is paid
  collectsim estimate survival spells.csv --time dpd_end --event cured --entry dpd_start
  collectsim estimate survival spells.csv --time days --event end --competing`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o.Transform = estimate.Transform(transform)
			if err := errors.Join(required([2]string{"--time", f.Time}, [2]string{"--event", f.Event}), checkSurvival(&f, &o, competing)); err != nil {
				return usage(err)
			}
			l, err := report.ReadLifetimes(args[0], f, competing)
			if err != nil {
				return err
			}
			x, err := survivalOf(l, f.Time, o, competing)
			if err != nil {
				return err
			}
			return a.present(x)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.Time, "time", "", "column of the time to the end or censoring (required)")
	fl.StringVar(&f.Event, "event", "", "column that says whether, or with --competing how, it ended (required)")
	fl.StringVar(&f.By, "by", "", "column of groups")
	fl.StringVar(&f.Strata, "strata", "", "column of strata, within which the groups of --by are compared")
	fl.Float64Var(&o.Rho, "rho", 0, "log-rank test: an event weighs the survival before it to this power")
	fl.StringVar(&f.Entry, "entry", "", "column of the time of coming under observation, where some come late (left truncation)")
	fl.StringSliceVar(&f.EventIs, "event-is", nil, "values that are the event; all others are censorings")
	fl.BoolVar(&competing, "competing", false, "--event names competing ends")
	fl.StringSliceVar(&f.Censored, "censored", nil, "values that mean censored, with --competing")
	fl.BoolVar(&f.SkipMissing, "skip-missing", false, "leave out rows with an empty cell instead of refusing them")
	fl.Float64Var(&o.Confidence, "confidence", 0.95, "confidence of the intervals")
	fl.StringVar(&transform, "transform", transforms[0], "scale of the intervals: log-log, log, plain")
	fl.Float64Var(&o.Horizon, "horizon", 0, "where the restricted mean ends (default: the last time)")
	_ = c.RegisterFlagCompletionFunc("transform", cobra.FixedCompletions(transforms, cobra.ShellCompDirectiveNoFileComp))
	a.formatFlag(c, "text", "json", "csv")
	return c
}

func checkSurvival(f *report.SurvivalColumns, o *estimate.SurvivalOptions, competing bool) error {
	errs := []error{checkLevel(o.Confidence)}
	if !slices.Contains(transforms, string(o.Transform)) {
		errs = append(errs, fmt.Errorf("--transform %s: must be log-log, log or plain", o.Transform))
	}
	if !(o.Horizon >= 0) || math.IsInf(o.Horizon, 1) {
		errs = append(errs, fmt.Errorf("--horizon: must be finite and at least 0, got %g", o.Horizon))
	}
	if o.Horizon > 0 && competing {
		errs = append(errs, errors.New("--horizon is of the restricted mean: it goes without --competing"))
	}
	if !(o.Rho >= 0) || math.IsInf(o.Rho, 1) {
		errs = append(errs, fmt.Errorf("--rho: must be finite and at least 0, got %g", o.Rho))
	}
	if (f.Strata != "" || o.Rho != 0) && (f.By == "" || competing) {
		errs = append(errs, errors.New("--strata and --rho are of the log-rank test: they go with --by, without --competing"))
	}
	if competing && len(f.EventIs) > 0 {
		errs = append(errs, errors.New("--event-is and --competing exclude each other"))
	}
	if !competing && f.Censored != nil {
		errs = append(errs, errors.New("--censored goes with --competing; without it use --event-is"))
	}
	return errors.Join(errs...)
}

func survivalOf(l *report.Lifetimes, time string, o estimate.SurvivalOptions, competing bool) (printable, error) {
	if competing {
		return report.EstimateCompeting(l, time, o)
	}
	return report.EstimateSurvival(l, time, o)
}

func (a *app) transitionsCommand() *cobra.Command {
	var f report.PanelColumns
	var o estimate.PanelOptions
	c := &cobra.Command{
		Use:   "transitions FILE --id C --time C --state C",
		Short: "Transition counts and rates with intervals, on any panel",
		Long: `Reads CSV, Arrow or Parquet, one row an observation, in any order. A move goes from a row to the
next one of the same id by time. Times are numbers, months (2026-03, 2026/3, 202603), days
(2026-03-31, 2026/3/31, 20260331) or stamps. Where a step is longer than usual the move is counted with a warning, or left out with
--skip-gaps. A missing state (an empty cell, NA, N/A, NaN, null) ends nothing: moves that touch it
are left out.`,
		Example: `  collectsim estimate transitions panel.csv --id account --time month --state bucket
  collectsim estimate transitions panel.csv --id account --time month --state bucket --periods 3 --skip-gaps
  collectsim estimate transitions panel.csv --id ID --time MONTHS_BALANCE --state STATUS --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			err := errors.Join(required([2]string{"--id", f.ID}, [2]string{"--time", f.Time}, [2]string{"--state", f.State}), checkLevel(o.Confidence))
			if o.Periods < 1 {
				err = errors.Join(err, fmt.Errorf("--periods: must be at least 1, got %d", o.Periods))
			}
			if err != nil {
				return usage(err)
			}
			x, err := report.EstimateTransitions(args[0], f, o)
			if err != nil {
				return err
			}
			return a.present(x)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.ID, "id", "", "column of who is observed (required)")
	fl.StringVar(&f.Time, "time", "", "column of when (required)")
	fl.StringVar(&f.State, "state", "", "column of the state (required)")
	fl.StringSliceVar(&o.States, "states", nil, "order of the states (default: numbers by size, else by name)")
	fl.IntVar(&o.Periods, "periods", 1, "how many rows ahead a move goes")
	fl.BoolVar(&o.SkipGaps, "skip-gaps", false, "leave out moves across a gap in time")
	fl.Float64Var(&o.Confidence, "confidence", 0.95, "confidence of the intervals")
	a.formatFlag(c, "text", "json", "csv")
	return c
}
