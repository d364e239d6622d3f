package report

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// teams with a queue of their own.
var teams = []string{"call", "visit"}

func (r *Run) overdueReported(ChartOptions) (chart.Chart, error) {
	contractual, err := r.lines("overdue_rate_30")
	if err != nil {
		return nil, err
	}
	reported, err := r.lines("overdue_rate_30_reported")
	return chart.OverdueReported{Frame: r.frame(), DPD: 30, Contractual: contractual, Reported: reported}, err
}

// queue shows the strategies that use the team, or all if none does.
func (r *Run) queue(o ChartOptions) (chart.Chart, error) {
	if o.Team == "" {
		o.Team = r.busiest()
	}
	waiting, err := r.lines("queue_" + o.Team)
	if err != nil {
		return nil, err
	}
	used, err := r.lines("utilisation_" + o.Team)
	if err != nil {
		return nil, err
	}
	idle := map[string]bool{}
	for _, l := range used {
		idle[l.Name] = !positive(l.Y)
	}
	drop := func(l chart.Line) bool { return len(idle) > count(idle) && idle[l.Name] }
	c := chart.Queue{
		Frame: r.frame(), WaitingUnit: "accounts",
		Waiting: slices.DeleteFunc(waiting, drop), Utilisation: slices.DeleteFunc(used, drop),
	}
	c.Title = fmt.Sprintf("Work waiting and use of the %s team over time", o.Team)
	weekly(c.Waiting)
	weekly(c.Utilisation)
	note(&c.Frame, "means of the last 7 days, so that days off do not show")
	return c, nil
}

// busiest is the team with the greater use under any strategy, of visits and calls alike the visits.
func (r *Run) busiest() string {
	most := map[string]float64{}
	for _, team := range teams {
		for _, x := range r.means("utilisation_" + team) {
			most[team] = math.Max(most[team], x)
		}
	}
	if most["call"] > most["visit"] {
		return "call"
	}
	return "visit"
}

// weekly replaces every value by the mean over it and the six before it.
func weekly(lines []chart.Line) {
	for k := range lines {
		for _, values := range [][]float64{lines[k].Y, lines[k].Low, lines[k].High} {
			for i := len(values) - 1; i >= 0; i-- {
				sum, from := 0.0, max(0, i-6)
				for _, x := range values[from : i+1] {
					sum += x
				}
				values[i] = sum / float64(i+1-from)
			}
		}
	}
}

func positive(values []float64) bool {
	return slices.ContainsFunc(values, func(x float64) bool { return x > 0 })
}

func count(set map[string]bool) int {
	n := 0
	for _, in := range set {
		if in {
			n++
		}
	}
	return n
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// rollRates pools the months of a run.
func (r *Run) rollRates(o ChartOptions) (chart.Chart, error) {
	t, err := outcome.Open(r.Dir, "transitions")
	if err != nil {
		return nil, err
	}
	if o.Strategy == "" {
		o.Strategy = r.leader()
	}
	c := chart.RollRates{Frame: r.frame(), Strategy: o.Strategy, From: r.buckets(t, "from"), To: r.buckets(t, "to")}
	c.Interval = ""
	note(&c.Frame, "months and %d replications together", r.Manifest.Replications)
	for _, from := range c.From {
		row, total := make([]float64, len(c.To)), 0.0
		for i, n := range t.Column("count").Floats() {
			if t.Column("strategy").Text[i] == o.Strategy && t.Column("from").Text[i] == from {
				row[slices.Index(c.To, t.Column("to").Text[i])] += n
				total += n
			}
		}
		for i := range row {
			row[i] /= total // a bucket never occupied gives NaN
		}
		c.Rates = append(c.Rates, row)
	}
	if len(c.Rates) == 0 {
		return nil, fmt.Errorf("the run is shorter than a month")
	}
	return c, nil
}

// buckets lists the buckets in a column in order of days past due.
func (r *Run) buckets(t *outcome.Table, column string) []string {
	found := map[string]bool{}
	for _, b := range t.Column(column).Text {
		found[b] = true
	}
	var list []string
	for _, b := range bucketNames() {
		if found[b] {
			list = append(list, b)
		}
	}
	return list
}

// convergence shows the running mean of a metric, by default of net value.
func (r *Run) convergence(o ChartOptions) (chart.Chart, error) {
	m, err := chosen(o.Metric, rankedBy)
	if err != nil {
		return nil, err
	}
	c := chart.Convergence{Frame: r.frame(), Outcome: r.axisTitle(m), Unit: chartUnit(m)}
	c.Interval = "95% interval of the mean so far"
	for _, name := range r.Manifest.Strategies {
		c.Lines = append(c.Lines, running(name, r.Values(name, m.Name), m.Range))
	}
	if !slices.ContainsFunc(c.Lines, func(l chart.Line) bool { return len(l.X) > 0 }) {
		return nil, fmt.Errorf("a single replication has no running mean")
	}
	return c, nil
}

// running gives the mean and interval of the first 2, 3, ... values, at most about 200 points.
func running(name string, values []float64, within outcome.Range) chart.Line {
	l := chart.Line{Name: name}
	step, first := max(1, len(values)/200), 2
	if len(values) >= 2*estimate.FewReplications {
		first = estimate.FewReplications // before, the interval is too wide to leave room for anything else
	}
	for n := first; n <= len(values); n++ {
		if n%step != 0 && n != len(values) {
			continue
		}
		e := cut(estimate.Mean(values[:n], confidence), within)
		l.X, l.Y = append(l.X, float64(n)), append(l.Y, e.Value)
		l.Low, l.High = append(l.Low, e.Low), append(l.High, e.High)
	}
	return l
}
