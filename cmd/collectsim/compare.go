package main

import (
	"errors"
	"fmt"
	"strings"

	"collectsim/analysis/report"

	"github.com/spf13/cobra"
)

func (a *app) compareCommand() *cobra.Command {
	var champion string
	var metrics, asserts []string
	var level float64
	c := &cobra.Command{
		Use:   "compare DIR",
		Short: "Compare champion against challengers in a finished run",
		Long: `Compares the champion with every challenger on a finished run's folder, paired by
replication. Holm-adjusted intervals pay for looking at several challengers; ~ means that
the replications cannot tell, with how many would.`,
		Example: `  collectsim compare out
  collectsim compare out --champion tiered-escalation --metrics npv,stress_mean
  collectsim compare out --format json --confidence 0.99`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			list, err := parseAsserts(asserts)
			if err != nil {
				return usage(err)
			}
			if !(level > 0 && level < 1) {
				return usage(fmt.Errorf("--confidence: must lie in (0, 1), got %g", level))
			}
			r, err := report.Load(args[0])
			if err != nil {
				return err
			}
			if champion == "" {
				champion = r.Manifest.Baseline
			}
			if !contains(r.Manifest.Strategies, champion) {
				return usage(fmt.Errorf("--champion: unknown strategy %q%s, the run has %s", champion,
					suggestion(r.Manifest.Strategies, champion), strings.Join(r.Manifest.Strategies, ", ")))
			}
			var errs []error
			for _, m := range metrics {
				if !knownMetric(m) {
					errs = append(errs, fmt.Errorf("--metrics: unknown metric %q%s", m, suggestion(metricNames(), m)))
				}
			}
			if err := errors.Join(append(errs, checkAsserts(list, r.Manifest.Strategies))...); err != nil {
				return usage(err)
			}
			if len(r.Manifest.Strategies) < 2 {
				return errors.New("compare: the run has a single strategy, nothing to compare with")
			}
			x, err := report.Compare(r, champion, metrics, level)
			if err != nil {
				return err
			}
			switch a.format {
			case "json":
				err = x.JSON(a.out)
			case "csv":
				err = x.CSV(a.out)
			default:
				err = x.Text(a.out)
			}
			if err != nil {
				return err
			}
			return holds(list, report.Summarise(r))
		},
	}
	fl := c.Flags()
	fl.StringVar(&champion, "champion", "", "strategy that the others challenge (default: the run's baseline)")
	fl.StringSliceVar(&metrics, "metrics", nil, "metrics to compare (default: the headline ones)")
	fl.Float64Var(&level, "confidence", 0.95, "confidence of the intervals")
	fl.StringArrayVar(&asserts, "assert", nil, "'METRIC[@STRATEGY] < VALUE' that must hold, else exit code 1 (repeatable)")
	_ = c.RegisterFlagCompletionFunc("metrics", cobra.FixedCompletions(metricNames(), cobra.ShellCompDirectiveNoFileComp))
	a.formatFlag(c, "text", "json", "csv")
	return c
}
