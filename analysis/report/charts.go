package report

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// RunCharts are the kinds that every run writes.
var RunCharts = []string{
	"overdue", "recovery-cost", "stress", "collection-stress", "cure", "cost-waterfall", "contact-funnel", "queue", "forest", "convergence",
}

// ChartOptions choose what a chart shows; kinds ignore the options that do not concern them. The zero value
// is valid.
type ChartOptions struct {
	Strategy  string // of roll-rates, empty: the first by net value; of vintage, empty: all, their vintages together
	Metric    string // of forest, convergence, fairness, individual; empty: the kind's own
	Dimension string // of fairness; empty: region
	Reference string // of forest and individual; empty: the baseline
	Channel   string // of contact-funnel; empty: all together
	Team      string // of queue, call or visit; empty: the one that works more

	Worths []float64 // of acceptability: worths of the effect, rising; empty: as far as they matter for the run
}

// build makes one kind of chart.
type build func(r *Run, o ChartOptions) (chart.Chart, error)

// builders make a chart of a run; kinds that need more than a run's folder are not among them.
var builders = map[string]build{
	"overdue": (*Run).overdue, "overdue-reported": (*Run).overdueReported,
	"recovery-cost": (*Run).recoveryCost, "frontier3": (*Run).frontier3,
	"stress": (*Run).stress, "collection-stress": (*Run).collectionStress, "distress": (*Run).distress,
	"stress-visit": (*Run).stressVisit,
	"cure":         (*Run).cure, "roll-rates": (*Run).rollRates, "vintage": (*Run).vintage,
	"cost-waterfall": (*Run).costWaterfall, "contact-funnel": (*Run).contactFunnel, "queue": (*Run).queue,
	"forest": (*Run).forest, "individual": (*Run).individual, "fairness": (*Run).fairness,
	"acceptability": (*Run).acceptability, "voi": (*Run).voi, "convergence": (*Run).convergence,
}

// elsewhere says where the other kinds come from.
var elsewhere = map[string]string{
	"break-even": "needs the folder of a sweep over one input",
	"sweep":      "needs the folder of a sweep over one input",
	"tornado":    "needs the folder of a one-way sensitivity analysis",
	"best-map":   "needs the folder of a sweep or sensitivity analysis over two inputs",
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

// Chart draws one kind of chart from the run's tables with the kind's own choices.
func (r *Run) Chart(kind string) (chart.Chart, error) { return r.Draw(kind, ChartOptions{}) }

// Draw draws one kind of chart from the run's tables. The error says what the folder lacks.
func (r *Run) Draw(kind string, o ChartOptions) (chart.Chart, error) {
	draw, ok := builders[kind]
	if !ok {
		why := "is unknown"
		if text, known := elsewhere[kind]; known {
			why = text
		}
		return nil, fmt.Errorf("chart %q: %s", kind, why)
	}
	if err := r.checkOptions(o); err != nil {
		return nil, fmt.Errorf("chart %q: %w", kind, err)
	}
	c, err := draw(r, o)
	if err != nil {
		return nil, fmt.Errorf("chart %q: %w", kind, err)
	}
	return c, nil
}

// checkOptions holds the names in the options against what the run has.
func (r *Run) checkOptions(o ChartOptions) error {
	var errs []error
	for _, x := range []struct{ option, name string }{{"strategy", o.Strategy}, {"reference", o.Reference}} {
		if x.name != "" && !slices.Contains(r.Manifest.Strategies, x.name) {
			errs = append(errs, fmt.Errorf("%s: the run has no %q, it has %s", x.option, x.name, strings.Join(r.Manifest.Strategies, ", ")))
		}
	}
	if _, ofAccounts := accountMetrics[o.Metric]; o.Metric != "" && !ofAccounts && outcome.MetricIndex(o.Metric) < 0 {
		errs = append(errs, fmt.Errorf("metric: unknown %q; collectsim list metrics names them", o.Metric))
	}
	if err := r.Lacks(o.Metric); err != nil {
		errs = append(errs, err)
	}
	if o.Team != "" && !slices.Contains(teams, o.Team) {
		errs = append(errs, fmt.Errorf("team: must be one of %s, got %q", strings.Join(teams, ", "), o.Team))
	}
	return errors.Join(errs...)
}

func (r *Run) frame() chart.Frame {
	m := r.Manifest
	f := chart.Frame{
		Note:     fmt.Sprintf("scenario %s, %s, %s", m.Scenario, plural(m.Accounts, "account"), plural(m.Horizon, "day")),
		Interval: fmt.Sprintf("95%% interval over %d replications", m.Replications),
		Source:   fmt.Sprintf("collectsim simulation, seed %d; portfolio: %s", m.Seed, m.Portfolio),
	}
	if r.page != nil { // which says all that around the chart, in its language
		f.Note, f.Untitled, f.Translate = "", true, r.page.chart
	}
	return f
}

// note adds to the line under a chart's title.
func note(f *chart.Frame, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if f.Note != "" {
		text = f.Note + "; " + text
	} else if f.Translate != nil {
		text = f.Translate(text)
	}
	f.Note = text
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

func (r *Run) overdue(ChartOptions) (chart.Chart, error) {
	lines, err := r.lines("overdue_rate_30")
	return chart.Overdue{Frame: r.frame(), DPD: 30, Basis: "contractual", Lines: lines}, err
}

func (r *Run) stress(ChartOptions) (chart.Chart, error) {
	lines, err := r.lines("stress")
	return chart.Stress{Frame: r.frame(), Lines: lines}, err
}

func (r *Run) collectionStress(ChartOptions) (chart.Chart, error) {
	lines, err := r.lines("collection_stress")
	return chart.Stress{Frame: r.frame(), Caused: true, Lines: lines}, err
}

// stressVisit shows the strategies whose visits have their whole window within the run.
func (r *Run) stressVisit(ChartOptions) (chart.Chart, error) {
	t, err := outcome.Open(r.Dir, "visit_stress")
	if err != nil {
		return nil, err
	}
	c := chart.StressVisit{Frame: r.frame()}
	note(&c.Frame, "first booking and first visit of each borrower; whole window within the run")
	for _, name := range r.Manifest.Strategies {
		for _, x := range []struct {
			anchor outcome.Anchor
			lines  *[]chart.Line
		}{{outcome.AroundAppointment, &c.Appointments}, {outcome.AroundVisit, &c.Lines}} {
			if l := around(t, name, x.anchor); len(l.X) > 0 {
				*x.lines = append(*x.lines, l)
			}
		}
	}
	if len(c.Lines) == 0 {
		return nil, fmt.Errorf("no visit has the %d days before and the %d days after it within the run", outcome.DaysBefore, outcome.DaysAfter)
	}
	return c, nil
}

// around is one strategy's path around an anchor.
func around(t *outcome.Table, strategy string, anchor outcome.Anchor) chart.Line {
	l := chart.Line{Name: strategy}
	for row, name := range t.Column("strategy").Text {
		if name == strategy && t.Column("anchor").Text[row] == anchor.String() {
			l.X, l.Y = append(l.X, float64(t.Column("day").Int[row])), append(l.Y, t.Column("stress").Float[row])
			l.Low, l.High = append(l.Low, t.Column("low").Float[row]), append(l.High, t.Column("high").Float[row])
		}
	}
	return l
}

func asInterval(e estimate.Estimate) chart.Interval {
	return chart.Interval{Value: e.Value, Low: e.Low, High: e.High}
}

func (r *Run) cure(ChartOptions) (chart.Chart, error) {
	t, err := outcome.Open(r.Dir, "cures")
	if err != nil {
		return nil, err
	}
	c := chart.Cure{Frame: r.frame()}
	if r.Manifest.Replications < 2 {
		c.Interval = "95% Kaplan-Meier interval of independent episodes"
	}
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
	if len(c.Curves) == 0 {
		return nil, errors.New("no delinquency episode began in the run")
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
