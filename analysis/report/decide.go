package report

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// DecisionOptions say what to decide by.
type DecisionOptions struct {
	Cost, Effect string    // columns; empty means "cost" and "effect", for a run "cost" and GrossValue
	Sample       string    // column; empty means "sample", else "replication", else that there are no samples
	WTP          []float64 // prices of a unit of effect, at least 0; empty means from 0 to twice the last switch
	Population   decision.Population
	Seed         uint64 // of the bootstrap
}

// Decision is what the decide command prints.
type Decision struct {
	Source   string   `json:"source"`
	Samples  int      `json:"samples"` // 0 where only means were given
	Cost     Quantity `json:"cost"`
	Effect   Quantity `json:"effect"`
	Currency string   `json:"currency,omitempty"`
	decision.Result
	Means      []MeanPair    `json:"means,omitempty"`
	Increments []Increment   `json:"increments,omitempty"`
	EVPPI      []PricedEVPPI `json:"evppi,omitempty"`
	// Knowable names the regression on the drawn parameters that evpi is left of; empty where evpi counts every
	// difference between samples as knowable.
	Knowable    string            `json:"evpi_regression,omitempty"`
	Population  *PopulationValue  `json:"population,omitempty"`
	Pareto      []ParetoPoint     `json:"pareto"`
	StressPrice *StressPrice      `json:"stress_price,omitempty"`
	Dominance   []DominanceOfWhat `json:"stochastic_dominance,omitempty"`
}

// MeanPair is a strategy's mean cost and effect with 95% intervals over the samples.
type MeanPair struct {
	Strategy string            `json:"strategy"`
	Cost     estimate.Estimate `json:"cost"`
	Effect   estimate.Estimate `json:"effect"`
}

// Increment is a step along the efficient frontier with 95% intervals over the samples: paired
// differences, and Fieller's interval of their ratio.
type Increment struct {
	Strategy  string            `json:"strategy"`
	Versus    string            `json:"versus"`
	IncCost   estimate.Estimate `json:"inc_cost"`
	IncEffect estimate.Estimate `json:"inc_effect"`
	ICER      estimate.Estimate `json:"icer"`
}

// PricedEVPPI is the value of information per parameter at one price.
type PricedEVPPI struct {
	WTP float64 `json:"wtp"`
	decision.PartialResult
}

// PopulationValue scales values of information to everybody whom the decision concerns.
type PopulationValue struct {
	AccountsPerYear float64          `json:"accounts_per_year"`
	Years           int              `json:"years"`
	DiscountRate    float64          `json:"discount_rate"`
	Size            float64          `json:"size"` // accounts, later ones discounted
	EVPI            []PopulationEVPI `json:"evpi"`
}

// PopulationEVPI is the value of perfect information for the whole population at one price, and of
// each parameter alone.
type PopulationEVPI struct {
	WTP   float64            `json:"wtp"`
	EVPI  float64            `json:"evpi"`
	SE    decision.Number    `json:"se"`
	EVPPI map[string]float64 `json:"evppi,omitempty"`
}

// ParetoPoint is a strategy with its objectives: in the Pareto set, or by whom it is dominated.
type ParetoPoint struct {
	decision.ParetoRow
	Objectives map[string]float64 `json:"objectives"`
}

// StressPrice says which strategy is best at a price on a borrower's day in distress: net
// value less the price times the distress-days.
type StressPrice struct {
	Value    string            `json:"value"`
	Stress   string            `json:"stress"`
	Unit     string            `json:"unit"`
	Ranges   []decision.Range  `json:"ranges"`
	Switches []decision.Switch `json:"switches"`
}

// DominanceOfWhat lists the pairs of strategies with stochastic dominance in one quantity.
type DominanceOfWhat struct {
	Quantity string                   `json:"quantity"`
	Better   decision.Direction       `json:"better"`
	Pairs    []decision.DominancePair `json:"pairs"`
}

// DecideFile analyses a table of strategies that need not come from this project: columns strategy,
// cost, effect, for uncertainty sample, and perhaps "parameter:NAME" for the value of information per
// parameter. The error names every fault with file, row, column and value.
func DecideFile(path string, o DecisionOptions) (*Decision, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	if t.Column("replication") != nil { // an exported run
		addGrossValue(t)
	}
	return decide(t, path, o.withDefaults("effect"))
}

// DecideRun analyses a run's replications, which are its samples: per account, in its currency.
func DecideRun(r *Run, o DecisionOptions) (*Decision, error) {
	t, err := outcome.Open(r.Dir, "replications")
	if err != nil {
		return nil, err
	}
	addGrossValue(t)
	with := o.withDefaults(GrossValue)
	if err := r.defined(with.Cost, with.Effect); err != nil {
		return nil, err
	}
	x, err := decide(t, filepath.Join(r.Dir, "replications.arrow"), with)
	if err != nil {
		return nil, err
	}
	x.Source, x.Currency = r.Dir, r.Manifest.Currency
	for _, name := range r.Manifest.Strategies {
		for _, w := range r.staffing(name) {
			x.Warnings = append(x.Warnings, name+": "+w)
		}
	}
	return x, nil
}

// defined refuses metrics that are undefined in replications of a strategy, such as the cost per visit of one that visits
// nobody: a decision needs all samples of all strategies.
func (r *Run) defined(metrics ...string) error {
	var errs []error
	for _, metric := range metrics {
		for _, name := range r.Manifest.Strategies {
			values := r.Values(name, metric)
			missing := len(slices.DeleteFunc(slices.Clone(values), func(x float64) bool { return !math.IsNaN(x) }))
			if missing > 0 {
				errs = append(errs, fmt.Errorf("%s: %s is undefined in %d of %d replications of %s: take another metric, or a run without the strategy", r.Dir, metric, missing, len(values), name))
			}
		}
	}
	return errors.Join(errs...)
}

// GrossValue is a run's default effect: net_value plus cost, waived money among it. At the price 1 a unit of
// it counts as the money it is, so that the net benefit is net_value and the best strategy is that of the ranking.
const GrossValue = "gross_value"

// addGrossValue adds the column to a table of replications, unless that lacks its parts.
func addGrossValue(t *outcome.Table) {
	value, cost := t.Column(rankedBy), t.Column("cost")
	if t.Column(GrossValue) != nil || value == nil || cost == nil || value.Kind != outcome.Float || cost.Kind != outcome.Float {
		return
	}
	gross := outcome.Column{Name: GrossValue, Kind: outcome.Float, Unit: outcome.Metrics()[outcome.MetricIndex(rankedBy)].Unit, Better: string(outcome.Higher), Doc: "net_value plus cost", Float: make([]float64, len(value.Float))}
	for i := range gross.Float {
		gross.Float[i] = value.Float[i] + cost.Float[i]
	}
	t.Columns = append(t.Columns, gross)
}

func (o DecisionOptions) withDefaults(effect string) *DecisionOptions {
	if o.Cost == "" {
		o.Cost = "cost"
	}
	if o.Effect == "" {
		o.Effect = effect
	}
	return &o
}

func decide(t *outcome.Table, path string, o *DecisionOptions) (*Decision, error) {
	d, err := readDecision(t, path, o)
	if err != nil {
		return nil, err
	}
	x := &Decision{Source: path, Cost: d.cost, Effect: d.effect}
	options := decision.Options{WTP: o.WTP, Bootstrap: decision.Bootstrap{Seed: o.Seed}}
	if len(options.WTP) == 0 {
		options.WTP = roundPrices(d.Means())
		if d.effect.Column == GrossValue && options.WTP != nil && !slices.Contains(options.WTP, 1) {
			options.WTP = append(options.WTP, 1) // where the net benefit is net_value
			slices.Sort(options.WTP)
		}
	}
	if !d.sampled {
		x.Result, err = decision.FromMeans(d.Means(), options)
	} else {
		x.Samples = d.Len()
		x.Result, err = decision.FromSamples(d.Samples, options)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	x.leaveOutLuck(d)
	for _, q := range []Quantity{d.cost, d.effect} {
		if q.Negated {
			x.Warnings = append(x.Warnings, fmt.Sprintf("%s: %s is better, so its values are negated: the analysis takes low costs and high effects for good", q.Column, q.Better))
		}
	}
	err = errors.Join(x.addPareto(d), x.addStressPrice(d, o.Seed))
	if d.sampled {
		x.addMeans(d)
		err = errors.Join(err, x.addEVPPI(d, o.Seed), x.addDominance(d), x.addPopulation(o.Population))
	} else if o.Population.AccountsPerYear > 0 {
		x.Warnings = append(x.Warnings, "no samples: the value of information, and so its scaling to a population, is unknown")
	}
	x.Warnings = append(x.Warnings, d.warnings...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}

// leaveOutLuck corrects the value of information of replications, which differ by luck that nobody can know
// beforehand; in samples of other models every difference is taken as knowable.
func (x *Decision) leaveOutLuck(d *decisionTable) {
	if !d.sampled || !d.replicated {
		return
	}
	known := d.parameters
	if len(known.Names) == 0 {
		x.LeaveOutLuck(d.Samples, nil)
		x.Warnings = append(x.Warnings, "no parameter is drawn: replications differ by luck alone, which nobody can know beforehand, so the value of perfect information is 0")
		return
	}
	k, err := decision.NewKnowable(known)
	if err != nil {
		x.Warnings = append(x.Warnings, fmt.Sprintf("the value of perfect information counts the luck of the simulation as knowable, so it is too high: to leave it out, more replications: %v", err))
		return
	}
	x.LeaveOutLuck(d.Samples, k)
	x.Knowable = k.Terms
}

// roundPrices is a grid of about 20 round prices from 0 to twice the highest one at which the best
// strategy changes; none of means that are refused later.
func roundPrices(m decision.Means) []float64 {
	if m.Validate() != nil {
		return nil
	}
	grid := decision.DefaultWTP(m, 2)
	step := roundStep(grid[1] / 20)
	var out []float64
	for i := 0; float64(i)*step < grid[1]+step/2; i++ {
		out = append(out, shortest(float64(i)*step))
	}
	return out
}

// roundStep is the least of 1, 2, 5 times a power of ten that is at least x.
func roundStep(x float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(x)))
	for _, f := range []float64{1, 2, 5} {
		if f*base >= x*(1-1e-12) {
			return f * base
		}
	}
	return 10 * base
}

// shortest drops the rounding errors of a product of short decimals.
func shortest(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return x
	}
	return y
}

func (x *Decision) addMeans(d *decisionTable) {
	for k, name := range d.Strategies {
		x.Means = append(x.Means, MeanPair{
			name, cut(estimate.Mean(d.Samples.Cost[k], confidence), d.cost.bounds()), cut(estimate.Mean(d.Samples.Effect[k], confidence), d.effect.bounds()),
		})
	}
	before := -1
	for _, r := range x.ICERs {
		if r.Status != decision.NonDominated {
			break
		}
		k := slices.Index(d.Strategies, r.Strategy)
		if before >= 0 {
			cost, effect := minus(d.Samples.Cost[k], d.Samples.Cost[before], 1), minus(d.Samples.Effect[k], d.Samples.Effect[before], 1)
			x.Increments = append(x.Increments, Increment{
				r.Strategy, d.Strategies[before],
				estimate.Mean(cost, confidence), estimate.Mean(effect, confidence), estimate.Ratio(cost, effect, confidence),
			})
		}
		before = k
	}
}

// minEVPPI is the least number of samples that a regression on a parameter is made of.
const minEVPPI = 30

// addEVPPI finds the value of each drawn parameter at the prices of the grid.
func (x *Decision) addEVPPI(d *decisionTable, seed uint64) error {
	if len(d.parameters.Names) == 0 {
		return nil
	}
	if d.Len() < minEVPPI {
		x.Warnings = append(x.Warnings, fmt.Sprintf("%d samples: the value of information per parameter needs at least %d", d.Len(), minEVPPI))
		return nil
	}
	for _, p := range x.Acceptability {
		partial, err := decision.PartialInformation(d.parameters, d.NetBenefit(p.WTP), decision.PartialOptions{Seed: seed})
		if err != nil {
			return err
		}
		partial.EVPI, partial.EVPISE = p.EVPI, p.EVPISE // the same figure, luck left out where it can be
		if w := partial.AboveAll(); w != "" {
			partial.Warnings = append(partial.Warnings, w)
		}
		x.EVPPI = append(x.EVPPI, PricedEVPPI{p.WTP, partial})
	}
	if shown := x.dearest(); shown.AboveAll() != "" {
		x.Warnings = append(x.Warnings, fmt.Sprintf("at the price %.6g %s", shown.WTP, shown.AboveAll()))
	}
	return nil
}

// dearest is the price at which knowing everything is worth most, where the parameters are shown.
func (x *Decision) dearest() PricedEVPPI {
	return slices.MaxFunc(x.EVPPI, func(a, b PricedEVPPI) int { return cmp.Compare(a.EVPI, b.EVPI) })
}

// addPopulation scales the values of information.
func (x *Decision) addPopulation(p decision.Population) error {
	if p.AccountsPerYear == 0 {
		return nil
	}
	size, err := p.Size()
	if err != nil {
		return err
	}
	v := &PopulationValue{p.AccountsPerYear, p.Years, p.DiscountRate, size, nil}
	for i, point := range x.Acceptability {
		scaled := PopulationEVPI{WTP: point.WTP, EVPI: size * point.EVPI, SE: decision.Number(size) * point.EVPISE}
		if i < len(x.EVPPI) {
			scaled.EVPPI = map[string]float64{}
			for _, q := range x.EVPPI[i].Parameters {
				scaled.EVPPI[q.Parameter] = size * q.EVPPI
			}
		}
		v.EVPI = append(v.EVPI, scaled)
	}
	x.Population = v
	return nil
}

// objectives of the Pareto set where the table has them all.
var paretoMetrics = []string{"recovered", "cost", "stress_mean"}

// addPareto finds the Pareto set of recovery, cost and stress, or of cost and effect alone.
func (x *Decision) addPareto(d *decisionTable) error {
	var list []decision.Objective
	for _, name := range paretoMetrics {
		if values := d.optional(name); values != nil {
			m := outcome.Metrics()[outcome.MetricIndex(name)]
			list = append(list, decision.Objective{Name: name, Better: decision.Direction(m.Better), Values: rowMeans(values)})
		}
	}
	if len(list) < len(paretoMetrics) {
		m := d.Means()
		list = []decision.Objective{
			{Name: d.cost.Column, Better: decision.LowerIsBetter, Values: m.Cost},
			{Name: d.effect.Column, Better: decision.HigherIsBetter, Values: m.Effect},
		}
	}
	rows, err := decision.Pareto(d.Strategies, list)
	for k, row := range rows {
		p := ParetoPoint{row, map[string]float64{}}
		for _, o := range list {
			p.Objectives[o.Name] = o.Values[k]
		}
		x.Pareto = append(x.Pareto, p)
	}
	return err
}

// What a price on stress trades off.
const (
	stressValue = rankedBy
	stressDays  = "distress_days"
)

// addStressPrice finds at which price per distress-day the best strategy changes, where the table
// has both columns.
func (x *Decision) addStressPrice(d *decisionTable, seed uint64) error {
	value, days := d.optional(stressValue), d.optional(stressDays)
	if value == nil || days == nil {
		return nil
	}
	for k := range days {
		for i := range days[k] {
			days[k][i] = 0 - days[k][i]
		}
	}
	s := &StressPrice{Value: stressValue, Stress: stressDays, Unit: "currency/distress-day"}
	var err1, err2 error
	s.Ranges, err1 = decision.BestByPrice(d.Strategies, rowMeans(value), rowMeans(days))
	if d.sampled {
		s.Switches, err2 = decision.SwitchIntervals(d.Strategies, value, days, decision.Bootstrap{Seed: seed})
	} else {
		s.Switches = decision.Switches(s.Ranges)
	}
	s.Switches = append([]decision.Switch{}, s.Switches...) // never null in JSON
	x.StressPrice = s
	return errors.Join(err1, err2)
}

// addDominance compares the distributions of cost, effect and stress over the samples.
func (x *Decision) addDominance(d *decisionTable) error {
	var errs []error
	add := func(what string, better decision.Direction, values [][]float64) {
		pairs, err := decision.DominancePairs(d.Strategies, values, better)
		x.Dominance = append(x.Dominance, DominanceOfWhat{what, better, append([]decision.DominancePair{}, pairs...)})
		errs = append(errs, err)
	}
	add(d.cost.Column, decision.LowerIsBetter, d.Samples.Cost)
	add(d.effect.Column, decision.HigherIsBetter, d.Samples.Effect)
	if stress := d.optional("stress_mean"); stress != nil && d.cost.Column != "stress_mean" && d.effect.Column != "stress_mean" {
		add("stress_mean", decision.LowerIsBetter, stress)
	}
	return errors.Join(errs...)
}

func rowMeans(values [][]float64) []float64 {
	out := make([]float64, len(values))
	for k, row := range values {
		sum := 0.0
		for _, x := range row {
			sum += x
		}
		out[k] = sum / float64(len(row))
	}
	return out
}

// Figure returns a figure of the analysis by name, for every strategy and, if it depends on it, every
// price: cost, effect, inc_cost, inc_effect, icer, and for samples prob, evpi and expected_loss. NaN
// means undefined; ok is false for another name.
func (x *Decision) Figure(name string) (values map[string][]float64, ok bool) {
	values = map[string][]float64{}
	for _, r := range x.ICERs {
		v, found := map[string]float64{
			"cost": r.Cost, "effect": r.Effect, "inc_cost": float64(r.IncCost), "inc_effect": float64(r.IncEffect), "icer": float64(r.ICER),
		}[name]
		if !found {
			break
		}
		values[r.Strategy] = []float64{v}
	}
	for _, p := range x.Acceptability {
		for _, r := range x.ICERs {
			v, found := map[string]float64{"prob": p.Prob[r.Strategy], "expected_loss": p.Loss[r.Strategy], "evpi": p.EVPI}[name]
			if found {
				values[r.Strategy] = append(values[r.Strategy], v)
			}
		}
	}
	if len(values) == 0 && slices.Contains(DecisionFigures(), name) {
		for _, r := range x.ICERs {
			values[r.Strategy] = []float64{math.NaN()}
		}
	}
	return values, len(values) > 0
}

// DecisionFigures lists the names that Figure knows.
func DecisionFigures() []string {
	return []string{"cost", "effect", "inc_cost", "inc_effect", "icer", "prob", "evpi", "expected_loss"}
}
