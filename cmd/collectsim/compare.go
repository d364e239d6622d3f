package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"

	"github.com/spf13/cobra"
)

// compareFlags are the flags of compare.
type compareFlags struct {
	champion            string
	metrics, asserts    []string
	level               float64
	indifference        []string
	effects             bool
	fairness, reference string
	minAccounts         float64
	zones               map[string]float64 // parsed indifference
	assertions          []assertion
}

func (a *app) compareCommand() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use:   "compare DIR",
		Short: "Compare champion against challengers in a finished run",
		Long: `Compares the champion with every challenger on a finished run's folder, paired by
replication. Holm-adjusted intervals pay for looking at several challengers; ~ means that
the replications cannot tell, with how many would. With --indifference, differences too small
to matter are called equivalent where that is sure.

--effects counts borrower by borrower whom a challenger helps and harms, by product, region,
segment and true cause, what is spent on borrowers who would have paid anyway (who are current
at the horizon under the champion), and how well help can be targeted; it needs a run with
--accounts-table. --fairness shows gaps between groups of borrowers, and whether what a strategy
changes falls evenly on them.`,
		Example: `  collectsim compare out
  collectsim compare out --champion tiered-escalation --metrics npv,stress_mean
  collectsim compare out --metrics npv --indifference 5
  collectsim compare out --indifference npv=5,overdue_rate_30=0.001 --format json
  collectsim compare out --effects --metrics recovered,distress_days
  collectsim compare out --fairness region --metrics cure_rate --min-accounts 50`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.parse(c.Flags().Changed); err != nil {
				return usage(err)
			}
			r, err := report.Load(args[0])
			if err != nil {
				return err
			}
			if err := f.against(r.Manifest); err != nil {
				return err
			}
			x, err := f.compare(r)
			if err != nil {
				return err
			}
			if err := a.present(x); err != nil {
				return err
			}
			return holds(f.assertions, report.Summarise(r))
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.champion, "champion", "", "strategy that the others challenge (default: the run's baseline)")
	fl.StringSliceVar(&f.metrics, "metrics", nil, "metrics to compare (default: the headline ones)")
	fl.Float64Var(&f.level, "confidence", 0.95, "confidence of the intervals")
	fl.StringSliceVar(&f.indifference, "indifference", nil, "METRIC=X, or X for a single metric: differences up to X do not matter; of a borrower's with --effects")
	fl.BoolVar(&f.effects, "effects", false, "effects on single borrowers")
	fl.StringVar(&f.fairness, "fairness", "", "gaps between the groups of a dimension: product, region, ...")
	fl.StringVar(&f.reference, "reference", "", "group that --fairness measures against (default: everybody)")
	fl.Float64Var(&f.minAccounts, "min-accounts", 30, "accounts below which --fairness pools a group with other small ones")
	fl.StringArrayVar(&f.asserts, "assert", nil, "'METRIC[@STRATEGY] < VALUE' that must hold, else exit code 1 (repeatable)")
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// parse checks what does not depend on the run; given tells which flags the user stated.
func (f *compareFlags) parse(given func(flag string) bool) error {
	var errs []error
	var err error
	f.assertions, err = parseAsserts(f.asserts)
	errs = append(errs, err, checkLevel(f.level))
	for _, m := range f.metrics {
		if !knownMetric(m) {
			errs = append(errs, fmt.Errorf("--metrics: unknown metric %q%s", m, suggestion(metricNames(), m)))
		}
		if relative := outcome.MetricIndex(m) < 0 && knownMetric(m); relative && (f.effects || f.fairness != "") {
			errs = append(errs, fmt.Errorf("--metrics: %s is a ratio of differences, which neither borrowers nor groups have", m))
		}
	}
	if f.effects && f.fairness != "" {
		errs = append(errs, errors.New("--effects and --fairness: choose one"))
	}
	for _, flag := range []string{"reference", "min-accounts"} {
		if f.fairness == "" && given(flag) {
			errs = append(errs, fmt.Errorf("--%s: goes with --fairness", flag))
		}
	}
	if f.fairness != "" && given("indifference") {
		errs = append(errs, errors.New("--indifference: goes without --fairness, whose gaps are not judged by it"))
	}
	if !(f.minAccounts > 0) {
		errs = append(errs, fmt.Errorf("--min-accounts: must be above 0, got %g", f.minAccounts))
	}
	return errors.Join(append(errs, f.parseZones())...)
}

// parseZones reads METRIC=X, or X where a single metric is compared.
func (f *compareFlags) parseZones() error {
	f.zones = map[string]float64{}
	var errs []error
	for _, text := range f.indifference {
		metric, value, ok := strings.Cut(text, "=")
		if !ok {
			value = text
			if len(f.metrics) != 1 {
				errs = append(errs, fmt.Errorf("--indifference %s: must be METRIC=X, since metrics have different units", text))
				continue
			}
			metric = f.metrics[0]
		}
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || !(x >= 0 && x <= 1e300) {
			errs = append(errs, fmt.Errorf("--indifference %s: %q must be a number of at least 0", text, value))
		}
		if outcome.MetricIndex(metric) < 0 {
			errs = append(errs, fmt.Errorf("--indifference: unknown metric %q%s", metric, suggestion(metricNames(), metric)))
		}
		f.zones[metric] = x
	}
	return errors.Join(errs...)
}

// against checks names with those of the run.
func (f *compareFlags) against(m *outcome.Manifest) error {
	if f.champion == "" {
		f.champion = m.Baseline
	}
	if !contains(m.Strategies, f.champion) {
		return usage(fmt.Errorf("--champion: unknown strategy %q%s, the run has %s", f.champion,
			suggestion(m.Strategies, f.champion), strings.Join(m.Strategies, ", ")))
	}
	if err := checkAsserts(f.assertions, m.Strategies); err != nil {
		return usage(err)
	}
	if len(m.Strategies) < 2 && f.fairness == "" {
		return errors.New("compare: the run has a single strategy, nothing to compare with")
	}
	return nil
}

func (f *compareFlags) compare(r *report.Run) (printable, error) {
	switch {
	case f.effects:
		return report.Effects(r, report.EffectsOptions{Champion: f.champion, Metrics: f.metrics, Tolerance: f.zones, Confidence: f.level})
	case f.fairness != "":
		return report.FairnessGaps(r, report.FairnessOptions{
			Dimension: f.fairness, Champion: f.champion, Metrics: f.metrics, Reference: f.reference, MinAccounts: f.minAccounts, Confidence: f.level,
		})
	}
	return report.Compare(r, report.CompareOptions{Champion: f.champion, Metrics: f.metrics, Confidence: f.level, Indifference: f.zones})
}
