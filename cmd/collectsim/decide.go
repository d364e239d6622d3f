package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"collectsim/analysis/decision"
	"collectsim/analysis/report"

	"github.com/spf13/cobra"
)

// decisionCommands are the commands that decide, estimate and plan from finished tables.
func (a *app) decisionCommands() []*cobra.Command {
	return []*cobra.Command{a.decideCommand(), a.estimateCommand(), a.planTestCommand(), a.selftestCommand()}
}

// decideFlags are the flags of decide as given.
type decideFlags struct {
	report.DecisionOptions
	wtp, table string
	by         string
	population float64
	years      int
	discount   float64
	asserts    []string
}

func (a *app) decideCommand() *cobra.Command {
	var f decideFlags
	c := &cobra.Command{
		Use:   "decide DIR|FILE",
		Short: "Choose a strategy: cost per effect, dominance, acceptability, value of information",
		Long: `Compares strategies by what they cost and achieve: incremental cost per effect along the
efficient frontier, strong and extended dominance, the best strategy at every price of a unit
of effect, and with samples how sure that is and what knowing more would be worth.

DIR is a run's folder: its replications are the samples, --cost and --effect name metrics. The
default effect is gross_value, net_value plus cost: at the price 1 its net benefit
is net_value, and the best strategy is that of the ranking that run and compare print; higher
prices say what holds if a unit of value is worth more than its money. Replications differ by luck,
too, which nobody can know beforehand: EVPI is that of the drawn parameters alone, by regression. The
chance of being best is the share of replications, luck and all, which draws it to the middle where
few accounts are simulated; in brackets stands that of the drawn parameters alone. An
effect of which less is better, such as overdue_rate_30, is negated: its unit is then one
avoided. FILE is CSV, Arrow or Parquet with the columns strategy, cost, effect and, for
uncertainty, sample; rows of one sample belong together over the strategies. Columns named
parameter:NAME give the value of information per parameter. A run's replications.arrow,
exported or not, is such a file too.

--by DIMENSION asks for whom: which strategy is best for each product, region, segment, or
bucket on day 0 (start), and what choosing by it brings over one strategy for all. That gain is judged
on replications that the choice was not made on, since the best of several is flattered by luck. Groups share
teams: the assignment that is printed, played with run, says what the choice brings with its teams.

--assert knows cost, effect, inc_cost, inc_effect, icer, prob (chance of being best), evpi,
expected_loss, and for DIR every metric; what depends on the price must hold at every price.`,
		Example: `  collectsim decide out                                   # price of a unit of value
  collectsim decide out --effect recovered                # of a recovered unit
  collectsim decide out --effect overdue_rate_30 --wtp 0:2000:50   # of an avoided 30+ account
  collectsim decide out --effect distress_days            # of an avoided distress-day
  collectsim decide out --by start                        # visits for whom? by the bucket on day 0
  collectsim decide psa.csv --wtp 0,50,100 --format json
  collectsim decide psa.csv --format csv --table acceptability
  collectsim decide out --population 50000 --years 3 --discount 0.05
  collectsim decide psa.csv --wtp 100 --assert 'prob@home-visits > 0.8'`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if f.by != "" {
				return a.decideByGroup(c, args[0], &f)
			}
			return a.decide(args[0], &f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.Cost, "cost", "", "metric or column of cost (default \"cost\")")
	fl.StringVar(&f.Effect, "effect", "", "metric or column of effect (default \"gross_value\" for DIR, \"effect\" for FILE)")
	fl.StringVar(&f.Sample, "sample", "", "column of FILE that numbers the samples (default \"sample\", else \"replication\")")
	fl.StringVar(&f.by, "by", "", "choose a strategy for each group of DIR instead: product, region, segment, start, cause, vintage")
	fl.StringVar(&f.wtp, "wtp", "", "prices of a unit of effect: lo:hi:step or a list (default: 0 to twice the last switch)")
	fl.Float64Var(&f.population, "population", 0, "accounts a year that the decision concerns, for values of information of the portfolio")
	fl.IntVar(&f.years, "years", 1, "years for which the decision stands")
	fl.Float64Var(&f.discount, "discount", 0, "rate at which later years' accounts are discounted, 0.05 for 5% a year")
	fl.Uint64Var(&f.Seed, "seed", 1, "seed of the resampling for intervals")
	fl.StringVar(&f.table, "table", "icers", "what --format csv prints: "+strings.Join(report.DecisionTables(), ", "))
	fl.StringArrayVar(&f.asserts, "assert", nil, "'FIGURE[@STRATEGY] < VALUE' that must hold, else exit code 1 (repeatable)")
	_ = c.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(dimensions, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("table", cobra.FixedCompletions(report.DecisionTables(), cobra.ShellCompDirectiveNoFileComp))
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// decideByGroup chooses a strategy for each group of a dimension.
func (a *app) decideByGroup(c *cobra.Command, dir string, f *decideFlags) error {
	o, _, err := f.options()
	var errs []error
	for _, flag := range []string{"sample", "population", "years", "discount", "seed", "table", "assert"} {
		if c.Flags().Changed(flag) {
			errs = append(errs, fmt.Errorf("--%s: has no effect with --by", flag))
		}
	}
	if f.Effect != "" && f.Effect != report.GrossValue && len(o.WTP) != 1 || len(o.WTP) > 1 {
		errs = append(errs, fmt.Errorf("--by %s: needs one price of a unit of effect, as in --wtp 100", f.by))
	}
	if info, missing := os.Stat(dir); missing == nil && !info.IsDir() {
		errs = append(errs, fmt.Errorf("--by %s: is for a run's folder, %s is a file", f.by, dir))
	}
	if err := errors.Join(append(errs, err)...); err != nil {
		return usage(err)
	}
	r, err := report.Load(dir)
	if err != nil {
		return err
	}
	if err := knownMetrics(r, &o); err != nil {
		return usage(err)
	}
	x, err := report.DecideByGroup(r, f.by, o)
	if err != nil {
		return err
	}
	return a.present(x)
}

// options turns flags into options; all errors are the user's.
func (f *decideFlags) options() (report.DecisionOptions, []assertion, error) {
	o := f.DecisionOptions
	var errs [3]error
	var asserts []assertion
	o.WTP, errs[0] = parsePrices("--wtp", f.wtp)
	asserts, errs[1] = parseAsserts(f.asserts, report.DecisionFigures()...)
	if !contains(report.DecisionTables(), f.table) {
		errs[2] = fmt.Errorf("--table %s: must be one of %s", f.table, strings.Join(report.DecisionTables(), ", "))
	}
	var err error
	if f.population == 0 && (f.years != 1 || f.discount != 0) {
		err = errors.New("--years, --discount: go with --population")
	}
	if f.population != 0 {
		o.Population = decision.Population{AccountsPerYear: f.population, Years: f.years, DiscountRate: f.discount}
		if _, err = o.Population.Size(); err != nil {
			err = fmt.Errorf("--population, --years, --discount: %w", err)
		}
	}
	return o, asserts, usage(errors.Join(errs[0], errs[1], errs[2], err))
}

func (a *app) decide(path string, f *decideFlags) error {
	o, asserts, err := f.options()
	if err != nil {
		return err
	}
	x, summary, err := analyse(path, &o)
	if err != nil {
		return err
	}
	var names []string
	for _, r := range x.ICERs {
		names = append(names, r.Strategy)
	}
	if err := checkAsserts(asserts, names); err != nil {
		return usage(err)
	}
	switch a.format {
	case "json":
		err = x.JSON(a.out)
	case "csv":
		err = x.CSV(a.out, f.table)
	default:
		err = x.Text(a.out)
	}
	if err != nil {
		return err
	}
	return holdsDecision(asserts, x, summary)
}

// analyse reads a folder or a file; only a folder has a summary.
func analyse(path string, o *report.DecisionOptions) (*report.Decision, *report.Summary, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		x, err := report.DecideFile(path, *o)
		return x, nil, err
	}
	r, err := report.Load(path)
	if err != nil {
		return nil, nil, err
	}
	if o.Sample != "" {
		return nil, nil, usage(errors.New("--sample: is for files, the samples of a run are its replications"))
	}
	if err := r.Lacks(o.Cost, o.Effect); err != nil {
		return nil, nil, err
	}
	if err := knownMetrics(r, o); err != nil {
		return nil, nil, usage(err)
	}
	x, err := report.DecideRun(r, *o)
	return x, report.Summarise(r), err
}

// knownMetrics refuses metrics that the run does not have.
func knownMetrics(r *report.Run, o *report.DecisionOptions) error {
	var errs []error
	for _, m := range []struct{ flag, name string }{{"--cost", o.Cost}, {"--effect", o.Effect}} {
		if m.name != "" && m.name != report.GrossValue && r.Values(r.Manifest.Strategies[0], m.name) == nil {
			errs = append(errs, fmt.Errorf("%s: unknown metric %q%s", m.flag, m.name, suggestion(metricNames(), m.name)))
		}
	}
	return errors.Join(errs...)
}

// holdsDecision checks assertions on the analysis and, of a run, on its metrics.
func holdsDecision(list []assertion, x *report.Decision, s *report.Summary) error {
	var errs []error
	for i := range list {
		a := &list[i]
		values, ok := x.Figure(a.metric)
		switch {
		case ok:
			errs = append(errs, a.holdsFor(values, x))
		case s != nil:
			errs = append(errs, holds(list[i:i+1], s))
		default:
			errs = append(errs, fmt.Errorf("assertion failed: %s: is not known of a file, must be one of %s", a.metric, strings.Join(report.DecisionFigures(), ", ")))
		}
	}
	return errors.Join(errs...)
}

// holdsFor checks a figure at every price, of one strategy or, where it is defined, of all.
func (a *assertion) holdsFor(values map[string][]float64, x *report.Decision) error {
	var errs []error
	looked := 0
	for _, r := range x.ICERs {
		if a.strategy != "" && a.strategy != r.Strategy {
			continue
		}
		list := values[r.Strategy]
		for i, got := range list {
			if math.IsNaN(got) && a.strategy == "" {
				continue
			}
			if looked++; a.fulfilled(got) {
				continue
			}
			at := ""
			if len(list) > 1 {
				at = fmt.Sprintf(" at the price %g", x.Acceptability[i].WTP)
			}
			errs = append(errs, a.failed(a.metric+"@"+r.Strategy, got, at))
			break
		}
	}
	return errors.Join(append(errs, a.anything(looked))...)
}

// maxPrices bounds a range of prices.
const maxPrices = 100_000

// parsePrices reads lo:hi:step (hi included where a step hits it) or a list.
func parsePrices(flag, text string) ([]float64, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, ":")
	separator := ":"
	if len(parts) == 1 {
		parts, separator = strings.Split(text, ","), ","
	}
	values := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, fmt.Errorf("%s %s: %q is not a number; must be lo:hi:step, as in 0:500:10, or a list, as in 0,50,100", flag, text, part)
		}
		if v < 0 {
			return nil, fmt.Errorf("%s %s: prices must be at least 0, got %g", flag, text, v)
		}
		values[i] = v
	}
	if separator == "," {
		return values, nil
	}
	if len(values) != 3 || values[1] < values[0] || values[2] == 0 {
		return nil, fmt.Errorf("%s %s: must be lo:hi:step with lo <= hi and step above 0, as in 0:500:10", flag, text)
	}
	return priceRange(flag, text, values[0], values[1], values[2])
}

func priceRange(flag, text string, low, high, step float64) ([]float64, error) {
	n := math.Floor((high-low)/step*(1+1e-12) + 1e-9)
	if n >= maxPrices {
		return nil, fmt.Errorf("%s %s: makes %.0f prices, at most %d are allowed", flag, text, n+1, maxPrices)
	}
	var list []float64
	for i := 0; i <= int(n); i++ {
		// Twelve digits, so that the third of 0:1:0.1 is 0.3 and not 0.30000000000000004.
		v, err := strconv.ParseFloat(strconv.FormatFloat(low+float64(i)*step, 'g', 12, 64), 64)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", flag, text, err)
		}
		list = append(list, v)
	}
	return list, nil
}
