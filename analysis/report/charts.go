package report

import (
	"fmt"
	"math"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// RunCharts are the kinds that every run writes.
var RunCharts = []string{"overdue", "recovery-cost", "stress", "collection-stress", "cure"}

// builders make a chart of a run; kinds that need more than a run's folder are not among them.
var builders = map[string]func(r *Run) (chart.Chart, error){
	"overdue":           func(r *Run) (chart.Chart, error) { return r.overdue() },
	"recovery-cost":     func(r *Run) (chart.Chart, error) { return r.recoveryCost() },
	"stress":            func(r *Run) (chart.Chart, error) { return r.stress() },
	"collection-stress": func(r *Run) (chart.Chart, error) { return r.collectionStress() },
	"cure":              func(r *Run) (chart.Chart, error) { return r.cure() },
}

// ChartKinds lists the kinds that a run's folder can show, in the order of the chart registry.
func ChartKinds() []string {
	var names []string
	for _, k := range chart.Kinds {
		if builders[k.Name] != nil {
			names = append(names, k.Name)
		}
	}
	return names
}

// Chart draws one kind of chart from the run's tables.
func (r *Run) Chart(kind string) (chart.Chart, error) {
	build, ok := builders[kind]
	if !ok {
		return nil, fmt.Errorf("chart %q: cannot be drawn from a run's folder", kind)
	}
	return build(r)
}

func (r *Run) frame() chart.Frame {
	m := r.Manifest
	return chart.Frame{
		Note:     fmt.Sprintf("scenario %s, %s accounts, %d days", m.Scenario, thousands(m.Accounts), m.Horizon),
		Interval: fmt.Sprintf("95%% interval over %d replications", m.Replications),
		Source:   fmt.Sprintf("collectsim simulation, seed %d; portfolio: %s", m.Seed, m.Portfolio),
	}
}

// lines are a daily path of every strategy.
func (r *Run) lines(series string) ([]chart.Line, error) {
	daily, err := outcome.Open(r.Dir, "daily")
	if err != nil {
		return nil, err
	}
	var lines []chart.Line
	for _, name := range r.Manifest.Strategies {
		l := chart.Line{Name: name, X: column(daily, name, "day"), Y: column(daily, name, series)}
		l.Low, l.High = column(daily, name, series+"_low"), column(daily, name, series+"_high")
		lines = append(lines, l)
	}
	return lines, nil
}

func (r *Run) overdue() (chart.Chart, error) {
	lines, err := r.lines("overdue_rate_30")
	return chart.Overdue{Frame: r.frame(), DPD: 30, Basis: "contractual", Lines: lines}, err
}

func (r *Run) stress() (chart.Chart, error) {
	lines, err := r.lines("stress")
	return chart.Stress{Frame: r.frame(), Lines: lines}, err
}

func (r *Run) collectionStress() (chart.Chart, error) {
	lines, err := r.lines("collection_stress")
	return chart.Stress{Frame: r.frame(), Caused: true, Lines: lines}, err
}

func (r *Run) recoveryCost() (chart.Chart, error) {
	c := chart.RecoveryCost{Frame: r.frame(), Unit: r.Manifest.Currency + " per account"}
	for _, name := range r.Manifest.Strategies {
		c.Points = append(c.Points, chart.CostPoint{
			Name: name,
			Cost: asInterval(estimate.Mean(r.Values(name, "cost"), confidence)), Recovery: asInterval(estimate.Mean(r.Values(name, "recovered"), confidence)),
		})
	}
	return c, nil
}

func asInterval(e estimate.Estimate) chart.Interval {
	return chart.Interval{Value: e.Value, Low: e.Low, High: e.High}
}

func (r *Run) cure() (chart.Chart, error) {
	t, err := outcome.Open(r.Dir, "cures")
	if err != nil {
		return nil, err
	}
	c := chart.Cure{Frame: r.frame()}
	c.Interval = "95% Kaplan-Meier interval"
	for _, name := range r.Manifest.Strategies {
		curve := chart.CureCurve{
			Name: name, Day: column(t, name, "day"), Uncured: column(t, name, "survival"),
			Low: column(t, name, "low"), High: column(t, name, "high"),
		}
		for _, n := range column(t, name, "at_risk") {
			curve.AtRisk = append(curve.AtRisk, int(n))
		}
		trim(&curve)
		if len(curve.Day) > 0 {
			c.Curves = append(c.Curves, curve)
		}
	}
	return c, nil
}

// trim drops the days on which nobody is at risk any more and the first rows without an estimate.
func trim(c *chart.CureCurve) {
	n := len(c.Day)
	for n > 0 && (c.AtRisk[n-1] == 0 || math.IsNaN(c.Uncured[n-1])) {
		n--
	}
	c.Day, c.Uncured, c.Low, c.High, c.AtRisk = c.Day[:n], c.Uncured[:n], c.Low[:n], c.High[:n], c.AtRisk[:n]
}

// Statistics are the estimators that package outcome needs to build tables.
func Statistics() outcome.Statistics {
	return outcome.Statistics{HalfWidth: halfWidth, Survival: survival}
}

func halfWidth(sd float64, n int) float64 {
	if n < 2 {
		return math.NaN()
	}
	return estimate.TQuantile(0.5+confidence/2, float64(n-1)) * sd / math.Sqrt(float64(n))
}

// survival is the Kaplan-Meier curve of counts by day, with log-log intervals.
func survival(atRisk, events, censored []int64) (s, low, high []float64) {
	n := len(atRisk)
	s, low, high = make([]float64, n), make([]float64, n), make([]float64, n)
	table := estimate.LifeTable{}
	for day := range n {
		s[day], low[day], high[day] = math.NaN(), math.NaN(), math.NaN()
		if atRisk[day] > 0 {
			table.Time = append(table.Time, float64(day))
			table.AtRisk = append(table.AtRisk, int(atRisk[day]))
			table.Events = append(table.Events, int(events[day]))
			table.Censored = append(table.Censored, int(censored[day]))
		}
	}
	curve, err := estimate.SurvivalFromTable(table, estimate.SurvivalOptions{})
	if err != nil {
		return s, low, high
	}
	for _, p := range curve.Curve {
		day := int(p.Time)
		s[day], low[day], high[day] = float64(p.Survival), float64(p.Low), float64(p.High)
	}
	return s, low, high
}
