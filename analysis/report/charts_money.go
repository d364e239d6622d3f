package report

import (
	"errors"
	"fmt"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// mean is a metric's mean over replications as a chart shows it.
func (r *Run) mean(strategy, metric string) chart.Interval {
	mean := estimate.Mean(r.Values(strategy, metric), confidence)
	return asInterval(cut(mean, outcome.Metrics()[outcome.MetricIndex(metric)].Range))
}

// means of a metric, one a strategy in the order of the manifest.
func (r *Run) means(metric string) []float64 {
	var list []float64
	for _, name := range r.Manifest.Strategies {
		list = append(list, r.mean(name, metric).Value)
	}
	return list
}

func (r *Run) perAccount() string { return r.Manifest.Currency + " per account" }

func (r *Run) recoveryCost(ChartOptions) (chart.Chart, error) {
	c := chart.RecoveryCost{Frame: r.frame(), Unit: r.perAccount()}
	for _, name := range r.Manifest.Strategies {
		c.Points = append(c.Points, chart.CostPoint{Name: name, Cost: r.mean(name, "cost"), Recovery: r.mean(name, "recovered")})
	}
	rows, err := decision.ICERs(decision.Means{Strategies: r.Manifest.Strategies, Cost: r.means("cost"), Effect: r.means("recovered")})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.Status == decision.NonDominated {
			c.Frontier = append(c.Frontier, row.Strategy)
		}
	}
	if len(c.Frontier) == 1 {
		c.Frontier = nil // a line needs two points
	}
	return c, nil
}

func (r *Run) frontier3(ChartOptions) (chart.Chart, error) {
	c := chart.Frontier3{Frame: r.frame(), Unit: r.perAccount()}
	var objectives []decision.Objective
	for _, name := range paretoMetrics {
		m := outcome.Metrics()[outcome.MetricIndex(name)]
		objectives = append(objectives, decision.Objective{Name: name, Better: decision.Direction(m.Better), Values: r.means(name)})
	}
	rows, err := decision.Pareto(r.Manifest.Strategies, objectives)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		name := row.Strategy
		c.Points = append(c.Points, chart.StressedPoint{Name: name, Cost: r.mean(name, "cost"), Recovery: r.mean(name, "recovered"), Stress: r.mean(name, "stress_mean")})
		if row.Efficient {
			c.Efficient = append(c.Efficient, name)
		}
	}
	return c, nil
}

// costKinds are the metrics that add up to cost, with what a reader calls them.
var costKinds = [][2]string{
	{"cost_contact", "messages and dials"},
	{"cost_wages", "wages"},
	{"cost_travel", "travel"},
	{"cost_fixed", "fixed cost of teams"},
	{"cost_agency", "agency fees"},
	{"cost_legal", "legal"},
	{"cost_waiver", "waived money"},
	{"cost_complaint", "complaints"},
	{"cost_incident", "incidents"},
}

// costWaterfall leaves out the kinds of cost that no strategy has.
func (r *Run) costWaterfall(ChartOptions) (chart.Chart, error) {
	c := chart.CostWaterfall{Frame: r.frame(), Unit: r.perAccount()}
	for _, name := range r.Manifest.Strategies {
		c.Bars = append(c.Bars, chart.CostBar{Name: name, Total: r.mean(name, "cost")})
	}
	for _, kind := range costKinds {
		costs, any := r.means(kind[0]), false
		for _, x := range costs {
			any = any || x > 0
		}
		if !any {
			continue
		}
		c.Parts = append(c.Parts, kind[1])
		for k := range c.Bars {
			c.Bars[k].Costs = append(c.Bars[k].Costs, costs[k])
		}
	}
	if len(c.Parts) == 0 {
		return nil, fmt.Errorf("no strategy costs anything")
	}
	return c, nil
}

// funnelStages are columns of actions.arrow with what a reader calls them.
var funnelStages = [][2]string{
	{"attempts", "attempted"}, {"delivered", "delivered"}, {"rpc", "right party reached"}, {"promises", "promise made"}, {"promises_kept", "promise kept"},
}

// contactFunnel counts per 100 accounts and replication, over all channels or one.
func (r *Run) contactFunnel(o ChartOptions) (chart.Chart, error) {
	t, err := outcome.Open(r.Dir, "actions")
	if err != nil {
		return nil, err
	}
	strategies, channels := t.Column("strategy").Text, t.Column("channel").Text
	per := 100 / float64(r.Manifest.Accounts) / float64(r.Manifest.Replications)
	c := chart.ContactFunnel{Frame: r.frame(), Unit: "contacts per 100 accounts"}
	if o.Channel != "" {
		c.Title = "Contact funnel by strategy: " + o.Channel
	}
	for _, stage := range funnelStages {
		c.Stages = append(c.Stages, stage[1])
	}
	found := map[string]bool{}
	for _, name := range r.Manifest.Strategies {
		count := make([]float64, len(funnelStages))
		for i, stage := range funnelStages {
			for row, n := range t.Column(stage[0]).Floats() {
				found[channels[row]] = true
				if strategies[row] == name && (o.Channel == "" || channels[row] == o.Channel) {
					count[i] += n * per
				}
			}
		}
		if count[0] > 0 {
			c.Counts = append(c.Counts, chart.FunnelCount{Name: name, Count: count})
		}
	}
	if len(c.Counts) == 0 {
		delete(found, "none")
		if len(found) == 0 {
			return nil, errors.New("no strategy attempted a contact")
		}
		return nil, fmt.Errorf("no strategy attempted a contact%s; channels with actions: %s", orAll(o.Channel), strings.Join(sorted(found), ", "))
	}
	return c, nil
}

func orAll(channel string) string {
	if channel == "" {
		return ""
	}
	return " by " + channel
}
