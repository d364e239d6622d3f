package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim"
	"collectsim/sim/outcome"

	"github.com/spf13/cobra"
)

func (a *app) planTestCommand() *cobra.Command {
	var o report.PlanOptions
	var split string
	c := &cobra.Command{
		Use:   "plan-test DIR --metric M",
		Short: "Size a live champion/challenger test from the simulated effect",
		Long: `Says how many accounts and days a live test takes to confirm the simulated effect, which effect
it could detect, how often it would decide wrongly, and what it is worth before it is run.

The unit is an account like those of the run's portfolio, followed for the run's horizon. The
spread between accounts follows from p(1-p) where the metric is a share of accounts; else it is
measured in accounts.arrow, or, where the run has none, in a replication that is simulated anew.
Of a ratio (cure_rate, recovery_rate, cost_per_recovered) it is that of what each account adds to
it, by the delta method; of npv that of money less cost, not discounted; of net_value that of the
money, less cost, and of what the debt gained or lost in worth: in the live test, too, take what an
account owed at its start off what it is worth at the end, or the balances hide the effect.
What is believed of the true effect before the test comes from the replications: the spread that
the drawn parameters make, and the simulation's own error.

A share is judged by the test of two shares with pooled variance, anything else by Welch's t test,
since strategies differ in spread: at 90:10 the t test that pools it found effects that were not
there in 38% of simulated tests of distress_days instead of 5%. Where a few accounts carry most of
a metric, as complaints and legal fees do, a warning says from how many accounts on the test holds.

The challenger is adopted if it is significantly better. The value of the test is that of a
decision that can still change, times --population accounts, less --cost.`,
		Example: `  collectsim plan-test out --metric overdue_rate_30 --power 0.8 --split 90:10
  collectsim plan-test out --metric npv --split 50:50 --inflow 400 --population 200000 --cost 30000
  collectsim plan-test out --metric recovered --challenger home-visits --size 5000
  collectsim plan-test out --metric overdue_rate_30 --value 1500   # an avoided 30+ account is worth 1500`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if o.Share, err = parseSplit(split); err != nil {
				return usage(err)
			}
			if err := checkPlan(&o); err != nil {
				return usage(err)
			}
			return a.planTest(c.Context(), args[0], o)
		},
	}
	fl := c.Flags()
	fl.StringVar(&o.Metric, "metric", "", "metric that the test will judge by (required)")
	fl.StringVar(&o.Champion, "champion", "", "strategy in use (default: the run's baseline)")
	fl.StringSliceVar(&o.Challengers, "challenger", nil, "strategies to test (default: all others)")
	fl.Float64Var(&o.Power, "power", 0.8, "chance to find the effect if it is as simulated")
	fl.Float64Var(&o.Significance, "significance", 0.05, "two-sided significance of the test")
	fl.StringVar(&split, "split", "50:50", "accounts of champion and challenger, as in 90:10")
	fl.IntVar(&o.Size, "size", 0, "accounts of both groups; judges that size instead of finding one")
	fl.Float64Var(&o.Inflow, "inflow", 0, "accounts a day that enter the test (default: the portfolio once in the horizon)")
	fl.Float64Var(&o.SD, "sd", 0, "standard deviation between accounts (default: from the run)")
	fl.Float64Var(&o.Value, "value", 0, "money per account and unit of the metric (default: 1 if it is money)")
	fl.Float64Var(&o.Population, "population", 0, "accounts that the decision will apply to (default: the run's portfolio)")
	fl.Float64Var(&o.Cost, "cost", 0, "cost of the test")
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// parseSplit reads champion:challenger in any parts, as 90:10 or 9:1, and returns the challenger's share.
func parseSplit(text string) (float64, error) {
	left, right, ok := strings.Cut(text, ":")
	a, err1 := strconv.ParseFloat(left, 64)
	b, err2 := strconv.ParseFloat(right, 64)
	if !ok || err1 != nil || err2 != nil || !(a > 0 && b > 0 && a+b < 1e9) {
		return 0, fmt.Errorf("--split %s: must be champion:challenger, both above 0, as in 90:10", text)
	}
	return b / (a + b), nil
}

func checkPlan(o *report.PlanOptions) error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(o.Metric != "", "--metric: the metric must be named")
	need(o.Metric == "" || outcome.MetricIndex(o.Metric) >= 0, "--metric: unknown metric %q%s", o.Metric, suggestion(metricNames(), o.Metric))
	need(o.Power > 0 && o.Power < 1, "--power: must lie in (0, 1), got %g", o.Power)
	need(o.Significance > 0 && o.Significance < 1, "--significance: must lie in (0, 1), got %g", o.Significance)
	need(o.Size == 0 || o.Size >= 4, "--size: must be at least 4 accounts, got %d", o.Size)
	for _, x := range []struct {
		flag  string
		value float64
	}{{"--inflow", o.Inflow}, {"--sd", o.SD}, {"--value", o.Value}, {"--population", o.Population}, {"--cost", o.Cost}} {
		need(x.value >= 0, "%s: must not be negative, got %g", x.flag, x.value)
	}
	return errors.Join(errs...)
}

func (a *app) planTest(ctx context.Context, dir string, o report.PlanOptions) error {
	r, err := report.Load(dir)
	if err != nil {
		return err
	}
	if err := chooseArms(&o, r.Manifest); err != nil {
		return err
	}
	if o.SD == 0 {
		if _, err := report.NeedsAccounts(o.Metric); err != nil {
			return usage(err)
		}
	}
	accounts, err := a.accountsOf(ctx, r)
	if err != nil {
		return err
	}
	x, err := report.PlanTest(r, accounts, o)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return a.present(x)
}

// chooseArms fills in champion and challengers and checks their names.
func chooseArms(o *report.PlanOptions, m *outcome.Manifest) error {
	if o.Champion == "" {
		o.Champion = m.Baseline
	}
	var errs []error
	for _, name := range append([]string{o.Champion}, o.Challengers...) {
		if !contains(m.Strategies, name) {
			errs = append(errs, fmt.Errorf("unknown strategy %q%s, the run has %s", name, suggestion(m.Strategies, name), strings.Join(m.Strategies, ", ")))
		}
	}
	if contains(o.Challengers, o.Champion) {
		errs = append(errs, fmt.Errorf("--challenger: %q is the champion", o.Champion))
	}
	if len(o.Challengers) == 0 {
		o.Challengers = slices.DeleteFunc(slices.Clone(m.Strategies), func(s string) bool { return s == o.Champion })
	}
	if len(o.Challengers) == 0 {
		return errors.New("plan-test: the run has a single strategy, nothing to test it against")
	}
	return usage(errors.Join(errs...))
}

// enoughAccounts is how many account rows a strategy's spread is measured on (assumption: a standard
// error of the spread of about 2%, more where a few accounts carry most of it).
const enoughAccounts = 4000

// accountsOf opens the run's accounts or simulates a few replications of it anew with accounts; nil
// where that takes a tape, which the folder does not hold.
func (a *app) accountsOf(ctx context.Context, r *report.Run) (*outcome.Table, error) {
	t, err := outcome.Open(r.Dir, "accounts")
	m := r.Manifest
	if err == nil || !errors.Is(err, fs.ErrNotExist) || m.Tape != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return t, err
	}
	s, portfolio, err := (&verifyOptions{}).again(r.Dir, m)
	if err != nil {
		return nil, err
	}
	config, err := s.Config(portfolio)
	if err != nil {
		return nil, err
	}
	config.Workers, config.Accounts, config.Events = runtime.NumCPU(), true, false
	temporary, err := os.MkdirTemp("", "collectsim-accounts-")
	if err != nil {
		return nil, err
	}
	a.say("the run has no accounts.arrow; simulating some of its replications anew")
	var replications []int
	for k := range min(m.Replications, 1+enoughAccounts/m.Accounts) {
		replications = append(replications, k)
	}
	t, err = a.accountTable(ctx, config, replications, m.Info(), temporary)
	return t, errors.Join(err, os.RemoveAll(temporary))
}

// accountTable simulates replications and builds the table of their accounts.
func (a *app) accountTable(ctx context.Context, config *sim.Config, replications []int, info *outcome.Info, dir string) (*outcome.Table, error) {
	path := filepath.Join(dir, outcome.JournalFile)
	if err := a.replay(ctx, config, replications, path); err != nil {
		return nil, err
	}
	info.Accounts, info.Events = true, false
	from := func(each func(*outcome.Replication) error) error { return outcome.ReadJournal(path, each) }
	if err := outcome.Build(dir, info, from, report.Statistics()); err != nil {
		return nil, err
	}
	return outcome.Open(dir, "accounts")
}
