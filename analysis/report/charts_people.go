package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/compare"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// chosen looks a metric up, or the kind's own if none is named.
func chosen(name, own string) (*outcome.Metric, error) {
	if name == "" {
		name = own
	}
	i := outcome.MetricIndex(name)
	if i < 0 {
		return nil, fmt.Errorf("metric: %s has no replications of its own", name)
	}
	return &outcome.Metrics()[i], nil
}

// axisTitle names a metric with its unit.
func (r *Run) axisTitle(m *outcome.Metric) string {
	if r.page != nil {
		return r.page.metric(m.Name)
	}
	if m.Unit == "share" {
		return m.Name + " (%)"
	}
	return m.Name + " (" + unit(m.Unit, r.Manifest.Currency) + ")"
}

func chartUnit(m *outcome.Metric) chart.Unit {
	if m.Unit == "share" {
		return chart.Percent
	}
	return chart.Number
}

func bucketNames() []string {
	var names []string
	for b := range loan.NumBuckets {
		names = append(names, b.String())
	}
	return names
}

// leader is the strategy with the highest mean net value.
func (r *Run) leader() string {
	means, best := r.means(rankedBy), 0
	for k, x := range means {
		if x > means[best] {
			best = k
		}
	}
	return r.Manifest.Strategies[best]
}

// against compares all other strategies with one on a metric.
func (r *Run) against(champion string, m *outcome.Metric) []compare.Comparison {
	var others []compare.Series
	for _, name := range r.Manifest.Strategies {
		if name != champion {
			others = append(others, compare.Series{Name: name, Values: r.linear(name, m)})
		}
	}
	if len(others) == 0 {
		return nil
	}
	return compare.Challengers(metric(m), compare.Series{Name: champion, Values: r.linear(champion, m)}, others, compare.Options{Confidence: confidence}, nil)
}

func (r *Run) forest(o ChartOptions) (chart.Chart, error) {
	m, err := chosen(o.Metric, "overdue_rate_30")
	if err != nil {
		return nil, err
	}
	if o.Reference == "" {
		o.Reference = r.Manifest.Baseline
	}
	c := chart.Forest{Frame: r.frame(), Outcome: r.axisTitle(m), Unit: chartUnit(m), Reference: o.Reference}
	c.Better = map[outcome.Better]chart.Direction{outcome.Higher: chart.Higher, outcome.Lower: chart.Lower}[m.Better]
	c.Interval = fmt.Sprintf("95%% interval of the paired difference over %d replications; adjusted by Bonferroni", r.Manifest.Replications)
	list := r.against(o.Reference, m)
	for i := range list {
		x := &list[i]
		c.Rows = append(c.Rows, chart.ForestRow{
			Name: x.Challenger, Difference: asInterval(x.Difference),
			Joint: chart.Interval{Value: x.Difference.Value, Low: float64(x.Low), High: float64(x.High)},
		})
	}
	if len(c.Rows) == 0 {
		return nil, errors.New("the run has a single strategy, nothing to compare with")
	}
	return c, nil
}

// accountTable opens accounts.arrow.
func (r *Run) accountTable() (*outcome.Table, error) {
	t, err := outcome.Open(r.Dir, "accounts")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("needs accounts.arrow; repeat the run with --accounts-table")
	}
	return t, err
}

// distress is the distribution of peak stress over all borrowers of all replications.
func (r *Run) distress(ChartOptions) (chart.Chart, error) {
	t, err := r.accountTable()
	if err != nil {
		return nil, err
	}
	var levels []float64
	for x := 0; x <= 200; x++ {
		levels = append(levels, float64(x)/2)
	}
	c := chart.Distress{Frame: r.frame(), Distress: r.echo().Borrowers.Stress.Distress}
	c.Interval = ""
	for _, name := range r.Manifest.Strategies {
		c.Lines = append(c.Lines, chart.Exceedance(name, column(t, name, "stress_peak"), levels))
	}
	return c, nil
}

// accountMetrics are the columns of accounts.arrow by which a borrower can be helped or harmed.
var accountMetrics = map[string]compare.Metric{
	"dpd":           {Name: "dpd", Unit: "days", Better: compare.Lower},
	"recovered":     {Name: "recovered", Unit: "currency", Better: compare.Higher},
	"stress_mean":   {Name: "stress_mean", Unit: "points (0-100)", Better: compare.Lower},
	"stress_peak":   {Name: "stress_peak", Unit: "points (0-100)", Better: compare.Lower},
	"distress_days": {Name: "distress_days", Unit: "days", Better: compare.Lower},
}

// accountOutcomes is what a chart calls them.
var accountOutcomes = map[string]string{
	"dpd": "days past due at the horizon", "recovered": "money recovered", "stress_mean": "mean stress", "stress_peak": "peak stress", "distress_days": "days in distress",
}

// AccountMetrics lists the names of the metrics that single borrowers have.
func AccountMetrics() []string { return slices.Sorted(maps.Keys(accountMetrics)) }

// individual counts the same borrowers under two strategies, by default by days past due at the horizon: by
// money, a borrower who pays early and so is charged no penalty would count as a loss.
func (r *Run) individual(o ChartOptions) (chart.Chart, error) {
	if o.Metric == "" {
		o.Metric = "dpd"
	}
	m, ok := accountMetrics[o.Metric]
	if !ok {
		return nil, fmt.Errorf("metric: single borrowers have no %s; choose one of %s", o.Metric, strings.Join(AccountMetrics(), ", "))
	}
	t, err := r.accountTable()
	if err != nil {
		return nil, err
	}
	if o.Reference == "" {
		o.Reference = r.Manifest.Baseline
	}
	c := chart.Individual{Frame: r.frame(), Outcome: accountOutcomes[o.Metric], Reference: o.Reference}
	note(&c.Frame, "%d replications together", r.Manifest.Replications)
	c.Interval = ""
	champion := column(t, o.Reference, o.Metric)
	replication := whole(column(t, o.Reference, "replication"))
	for _, name := range r.Manifest.Strategies {
		if name == o.Reference {
			continue
		}
		effect := compare.Effects(m, compare.Borrowers{Replication: replication, Champion: champion, Challenger: column(t, name, o.Metric)}, compare.EffectOptions{})[0]
		c.Bars = append(c.Bars, chart.IndividualBar{Name: name, Helped: effect.Helped.Value, Unaffected: effect.Unaffected.Value, Harmed: effect.Harmed.Value})
	}
	if len(c.Bars) == 0 {
		return nil, errors.New("the run has a single strategy, nothing to compare with")
	}
	return c, nil
}

func whole(values []float64) []int {
	out := make([]int, len(values))
	for i, x := range values {
		out[i] = int(x)
	}
	return out
}

// fairness sets the groups of a dimension against everybody.
func (r *Run) fairness(o ChartOptions) (chart.Chart, error) {
	m, err := chosen(o.Metric, "cure_rate")
	if err != nil {
		return nil, err
	}
	if o.Dimension == "" {
		o.Dimension = "region"
	}
	t, err := outcome.Open(r.Dir, "segments")
	if err != nil {
		return nil, err
	}
	c := chart.Fairness{Frame: r.frame(), Outcome: r.axisTitle(m), Unit: chartUnit(m), Reference: "all borrowers"}
	for _, name := range r.Manifest.Strategies {
		groups := r.groupSeries(t, name, o.Dimension, m.Name)
		if len(groups) == 0 {
			return nil, fmt.Errorf("dimension: no groups by %q, there are %s", o.Dimension, strings.Join(dimensions(t), ", "))
		}
		gaps, err := compare.FairnessGaps(metric(m), groups, compare.FairnessOptions{})
		if err != nil {
			return nil, err
		}
		asInTable(gaps.Gaps, groups)
		series := chart.FairnessSeries{Name: name}
		c.Groups = nil
		for _, g := range gaps.Gaps {
			label := o.Dimension + ": " + g.Group
			if len(g.Pooled) > 0 {
				label = o.Dimension + ": " + strings.Join(g.Pooled, " + ")
			}
			c.Groups, series.Gaps = append(c.Groups, label), append(series.Gaps, asInterval(g.Gap))
		}
		c.Series = append(c.Series, series)
	}
	return c, nil
}

// groupSeries are one strategy's replications of a metric, group by group of a dimension, in the order in which they come in
// a replication; one in which a group has no account counts as one of NaN and 0 accounts.
func groupSeries(t *outcome.Table, strategy, dimension, metric string) []compare.GroupSeries {
	var list []compare.GroupSeries
	var order []string
	at, nth := map[string]int{}, places(t)
	before, last := "", int64(-1)
	values, accounts := t.Column(metric).Floats(), t.Column("accounts").Floats()
	for row, name := range t.Column("strategy").Text {
		if name != strategy || t.Column("dimension").Text[row] != dimension {
			continue
		}
		group, replication := t.Column("group").Text[row], t.Column("replication").Int[row]
		if replication != last {
			before, last = "", replication
		}
		k, ok := at[group]
		if !ok { // an earlier replication may lack it
			k = len(list)
			at[group] = k
			order = slices.Insert(order, slices.Index(order, before)+1, group)
			list = append(list, compare.GroupSeries{Group: group, Values: undefined(len(nth)), Accounts: make([]float64, len(nth))})
		}
		before = group
		r := nth[replication]
		list[k].Values[r], list[k].Accounts[r] = values[row], accounts[row]
	}
	slices.SortFunc(list, func(a, b compare.GroupSeries) int {
		return cmp.Compare(slices.Index(order, a.Group), slices.Index(order, b.Group))
	})
	return list
}

// groupSeries are those of the table, in the order that buckets and segments have whatever replications lack.
func (r *Run) groupSeries(t *outcome.Table, strategy, dimension, metric string) []compare.GroupSeries {
	list := groupSeries(t, strategy, dimension, metric)
	var order []string
	switch dimension {
	case "start":
		for b := range loan.NumBuckets {
			order = append(order, b.String())
		}
	case "segment":
		order = r.Manifest.Segments
	}
	slices.SortStableFunc(list, func(a, b compare.GroupSeries) int {
		return cmp.Compare(slices.Index(order, a.Group), slices.Index(order, b.Group))
	})
	return list
}

// places numbers the replications of a table in the order in which they come.
func places(t *outcome.Table) map[int64]int {
	nth := map[int64]int{}
	for _, r := range t.Column("replication").Int {
		if _, ok := nth[r]; !ok {
			nth[r] = len(nth)
		}
	}
	return nth
}

func undefined(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

func dimensions(t *outcome.Table) []string {
	found := map[string]bool{}
	for _, d := range t.Column("dimension").Text {
		found[d] = true
	}
	return sorted(found)
}
