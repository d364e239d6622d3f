package calibrate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/estimate"

	"gonum.org/v1/gonum/stat/distuv"
)

// Result is a fit with how far it can be trusted.
type Result struct {
	Scenario     string
	Files        []string
	Seed         uint64
	Accounts     int // 0: all targets are measures of experiments, which have their own
	Horizon      int // days; 0 as well
	Lives, Fresh int
	Played       int // lives that were played in all
	Converged    bool
	Parameters   []Fitted
	Correlation  [][]float64 // of the parameters' errors; NaN where one is at a bound
	Targets      []Met
	Before, Q    float64     // weighted squares of the misses in the worlds of the fit: at the start, at the end
	J            float64     // test of fit, chi-squared with DF degrees of freedom if the model is right; NaN without any
	DF           int         //
	P            float64     // chance of a larger J if the model is right
	Directions   []Direction // that the targets do not identify
	Warnings     []string
}

// Fitted is a parameter with its estimate. SE and Interval are NaN where AtBound.
type Fitted struct {
	Parameter
	Value, SE  float64
	Interval   [2]float64 // 95%, cut off at the ends of the range
	AtBound    bool       // the best value lies at an end of the range
	Identified bool       // false: much of the error lies in a direction that is not identified
}

// Met is a target beside what is simulated for it in fresh lives.
type Met struct {
	Target
	SE          float64 // standard error of the target's value
	Start       float64 // simulated with the scenario's own values
	Simulated   float64
	SimulatedSE float64 // Monte Carlo error of Simulated
	Error       float64 // Simulated - Value
	Z           float64 // Error in units of its standard error; for targets held out, that of the parameters included
	FittedLives float64 // simulated in the worlds of the fit
}

// Direction is a combination of parameters, in shares of their ranges, about which the targets tell
// less than the ranges do.
type Direction struct {
	Parameters []string
	Loadings   []float64
	SD         float64 // standard error along the direction, in ranges; infinite if nothing depends on it
}

// normal975 is the factor of 95% intervals.
var normal975 = distuv.UnitNormal.Quantile(0.975)

func (f *fitter) result(set *Set, before, end, fresh *point, v *inference, converged bool) *Result {
	r := &Result{
		Scenario: f.base.Name, Files: set.Files, Seed: f.base.Seed, Accounts: f.base.Accounts, Horizon: f.base.Horizon,
		Lives: f.Lives, Fresh: f.Fresh, Converged: converged, Q: f.misfit(end), J: v.j, DF: v.df, P: v.p(), Directions: v.directions,
		Played: f.played, Before: f.first,
	}
	switch {
	case f.alone:
		r.Accounts, r.Horizon = 0, 0
	case f.portfolio != nil:
		r.Accounts = len(f.portfolio.Accounts)
	}
	r.parameters(f, end, v)
	for i := range f.targets {
		t := &f.targets[i]
		m := Met{
			Target: *t, SE: t.se(), Start: before.values[i], Simulated: fresh.values[i], SimulatedSE: math.Sqrt(v.noise[i][i] / float64(f.Fresh)),
			Error: fresh.values[i] - *t.Value, FittedLives: end.values[i],
		}
		variance := m.SE*m.SE + m.SimulatedSE*m.SimulatedSE
		if t.HoldOut {
			variance += v.variance(i)
		}
		m.Z = m.Error / math.Sqrt(variance)
		r.Targets = append(r.Targets, m)
	}
	r.Warnings = slices.Concat(set.Warnings, r.doubts(f, v))
	return r
}

func (r *Result) parameters(f *fitter, end *point, v *inference) {
	nan := math.NaN()
	for j := range f.parameters {
		p := &f.parameters[j]
		x := Fitted{Parameter: *p, Value: round(p.at(end.z[j])), SE: nan, Interval: [2]float64{nan, nan}, AtBound: true}
		if c := slices.Index(v.free, j); c >= 0 {
			sd := math.Sqrt(v.covariance.At(c, c))
			x.AtBound, x.Identified = false, v.loose[c] < named*named
			x.SE = sd * math.Abs(p.slope(x.Value))
			x.Interval = [2]float64{p.at(end.z[j] - normal975*sd), p.at(end.z[j] + normal975*sd)}
		}
		r.Parameters = append(r.Parameters, x)
	}
	r.Correlation = square(len(f.parameters))
	for j := range r.Correlation {
		for l := range r.Correlation {
			c, e := slices.Index(v.free, j), slices.Index(v.free, l)
			r.Correlation[j][l] = nan
			if c >= 0 && e >= 0 {
				r.Correlation[j][l] = v.covariance.At(c, e) / math.Sqrt(v.covariance.At(c, c)*v.covariance.At(e, e))
			}
		}
	}
}

// farOff is the z from which a target held out counts as missed.
const farOff = 3

// doubts says what keeps the result from being taken at its word.
func (r *Result) doubts(f *fitter, v *inference) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if !r.Converged {
		add("the search has not converged: a better fit may exist; give more iterations, starts or lives")
	}
	for i := range r.Parameters {
		p := &r.Parameters[i]
		if p.moved {
			add("%s: the scenario's own value %g lies outside of the range [%g, %g]; what is called before stands at %g", p.Path, p.own, p.Low, p.High, p.Start)
		}
		if p.AtBound {
			add("%s: lies at the end %g of its range [%g, %g]; the targets want it beyond, and the other errors hold with it fixed there", p.Path, p.Value, p.Low, p.High)
		}
	}
	for _, d := range r.Directions {
		add("not identified: %s; the targets tell less about it than the ranges do, and the range stands for its error", d.text())
	}
	switch {
	case r.DF <= 0:
		add("as many directions are fitted as there are targets: nothing is left to test the fit with")
	case r.P < 0.05:
		add("the targets are not met within their errors (J %.4g on %d degrees of freedom, p %.2g): the model is wrong in something that they see; standard errors hold for a right model, and are %.1f times too small by the misfit", r.J, r.DF, r.P, math.Sqrt(r.J/float64(r.DF)))
	}
	if share := f.noiseShare(v); share > 0.5 {
		add("%.0f%% of the variance of the targets' misses is simulation: more --lives or accounts would narrow the fit", 100*share)
	}
	if f.drawn > 0 {
		add("%d parameters that the scenario draws stand at their value: the fit holds there, not over their distributions", f.drawn)
	}
	if len(f.replayed) > 0 {
		add("experiments are replayed over the default scenario: of this one only the fitted values are carried there")
	}
	if names := r.missed(); names != nil {
		add("held out and missed by more than %d standard errors: %s", farOff, strings.Join(names, ", "))
	}
	if !slices.ContainsFunc(r.Targets, func(m Met) bool { return m.HoldOut }) {
		add("no target is held out: nothing says how well the fit carries over")
	}
	return list
}

// missed lists the targets held out that are missed.
func (r *Result) missed() []string {
	var names []string
	for i := range r.Targets {
		if m := &r.Targets[i]; m.HoldOut && math.Abs(m.Z) > farOff {
			names = append(names, m.Name)
		}
	}
	return names
}

// noiseShare is the mean share of simulation noise in the variance of the fitted targets' misses.
func (f *fitter) noiseShare(v *inference) float64 {
	sum := 0.0
	for _, i := range f.fitted {
		noise := v.noise[i][i] / float64(f.Lives)
		sum += noise / (noise + v.data[i][i])
	}
	return sum / float64(len(f.fitted))
}

func (d *Direction) text() string {
	var parts []string
	for c, path := range d.Parameters {
		parts = append(parts, fmt.Sprintf("%+.2f %s", d.Loadings[c], path))
	}
	return strings.Join(parts, " ")
}

type parameterJSON struct {
	Path       string         `json:"path"`
	Unit       string         `json:"unit"`
	Start      float64        `json:"start"`
	Value      float64        `json:"value"`
	SE         estimate.Float `json:"se"`
	Low        estimate.Float `json:"low"`
	High       estimate.Float `json:"high"`
	Range      [2]float64     `json:"range"`
	Scale      string         `json:"scale"`
	AtBound    bool           `json:"at_bound"`
	Identified bool           `json:"identified"`
}

type targetJSON struct {
	Name        string         `json:"name"`
	Strategy    string         `json:"strategy"`
	HeldOut     bool           `json:"held_out"`
	Target      float64        `json:"target"`
	SE          float64        `json:"se"`
	Start       estimate.Float `json:"start"`
	Simulated   estimate.Float `json:"simulated"`
	SimulatedSE estimate.Float `json:"simulated_se"`
	Error       estimate.Float `json:"error"`
	Z           estimate.Float `json:"z"`
	FittedLives estimate.Float `json:"in_fitted_lives"`
	Weight      float64        `json:"weight"`
	Source      string         `json:"source"`
	Note        string         `json:"note,omitempty"`
}

type directionJSON struct {
	Parameters []string       `json:"parameters"`
	Loadings   []float64      `json:"loadings"`
	SD         estimate.Float `json:"sd_in_ranges"`
}

// MarshalJSON implements json.Marshaler; undefined and infinite numbers become null.
func (r *Result) MarshalJSON() ([]byte, error) {
	parameters, targets, heldOut := []parameterJSON{}, []targetJSON{}, []targetJSON{}
	for i := range r.Parameters {
		p := &r.Parameters[i]
		parameters = append(parameters, parameterJSON{
			p.Path, p.Unit, p.Start, p.Value, estimate.Float(p.SE), estimate.Float(p.Interval[0]), estimate.Float(p.Interval[1]),
			[2]float64{p.Low, p.High},
			p.Scale, p.AtBound, p.Identified,
		})
	}
	for i := range r.Targets {
		m := &r.Targets[i]
		x := targetJSON{
			m.Name, m.Strategy, m.HoldOut, *m.Value, m.SE, estimate.Float(m.Start), estimate.Float(m.Simulated), estimate.Float(m.SimulatedSE),
			estimate.Float(m.Error), estimate.Float(m.Z), estimate.Float(m.FittedLives), m.weight(), m.Source, m.Note,
		}
		if m.HoldOut {
			heldOut = append(heldOut, x)
		} else {
			targets = append(targets, x)
		}
	}
	directions, correlation := []directionJSON{}, [][]estimate.Float{}
	for _, d := range r.Directions {
		directions = append(directions, directionJSON{d.Parameters, d.Loadings, estimate.Float(d.SD)})
	}
	for _, row := range r.Correlation {
		var line []estimate.Float
		for _, x := range row {
			line = append(line, estimate.Float(x))
		}
		correlation = append(correlation, line)
	}
	return json.Marshal(resultJSON{
		r.Scenario, r.Files, r.Seed, r.Accounts, r.Horizon, r.Lives, r.Fresh, r.Played, r.Converged, parameters, targets, heldOut,
		estimate.Float(r.Before), estimate.Float(r.Q), estimate.Float(r.J), r.DF, estimate.Float(r.P), directions, correlation,
		append([]string{}, r.Warnings...),
	})
}

type resultJSON struct {
	Scenario      string             `json:"scenario"`
	Files         []string           `json:"targets_files"`
	Seed          uint64             `json:"seed"`
	Accounts      int                `json:"accounts"`
	Horizon       int                `json:"horizon_days"`
	Lives         int                `json:"lives"`
	Fresh         int                `json:"fresh_lives"`
	Played        int                `json:"lives_played"`
	Converged     bool               `json:"converged"`
	Parameters    []parameterJSON    `json:"parameters"`
	Targets       []targetJSON       `json:"targets"`
	HeldOut       []targetJSON       `json:"held_out"`
	Before        estimate.Float     `json:"q_start"`
	Q             estimate.Float     `json:"q"`
	J             estimate.Float     `json:"j"`
	DF            int                `json:"df"`
	P             estimate.Float     `json:"p"`
	NotIdentified []directionJSON    `json:"not_identified"`
	Correlation   [][]estimate.Float `json:"correlation"`
	Warnings      []string           `json:"warnings"`
}
