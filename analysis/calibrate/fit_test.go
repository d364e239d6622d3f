package calibrate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/calibrate"
	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"gonum.org/v1/gonum/stat/distuv"
)

func parse(t testing.TB, text string) *calibrate.Set {
	t.Helper()
	set, err := calibrate.Parse("targets.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func fit(t testing.TB, s *scenario.Scenario, settings []string, set *calibrate.Set, o calibrate.Options) *calibrate.Result {
	t.Helper()
	parameters, err := calibrate.ParseParameters(s, settings)
	if err != nil {
		t.Fatal(err)
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	r, err := calibrate.Fit(t.Context(), s, parameters, set, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// exponential is a scenario in which the time to full payment is exponential with the intensity of the
// one type of borrower: always aware and able, no excitation, no contact.
func exponential(accounts int) (*scenario.Scenario, *loan.Portfolio) {
	s := scenario.Default()
	s.Horizon = 20
	b := &s.Borrowers
	none := borrower.Type{LossDays: 1}
	b.Causes = borrower.Causes{Forgetful: none, TemporaryShock: none, OverIndebted: none, Unwilling: none, Reliable: borrower.Type{
		Share: 1, Odds: borrower.Odds{Current: 1, Days1: 1, Days30: 1, Days60: 1, Days90: 1, PaidNone: 1, PaidPart: 1, PaidFull: 1},
		Memory: 1, Capacity: 1000, Will: 0.1, LossDays: 30,
	}}
	b.Payment = borrower.Payment{FullShare: 1, FractionLow: 0.5, FractionHigh: 0.5, Minimum: 1}
	b.Excitation.Start, b.Excitation.RepaymentBase, b.Excitation.RepaymentSlope = 0, 0, 0
	b.Macro.Volatility = 0
	p := &loan.Portfolio{Segments: []string{"all"}, Accounts: make([]loan.Account, accounts)}
	for i := range p.Accounts { // one day past due: the next instalment falls due after the horizon
		p.Accounts[i] = loan.Account{
			ID: int64(i + 1), DueDay: loan.MonthDays - 1, DPD: 1, Term: 100, Instalment: 10_000, Balance: 1_000_000, Arrears: 10_000, LastPayment: -1,
		}
	}
	return s, p
}

// TestClosedForm fits the intensity of exponential times to pay: the share that has paid by day 20 is
// 1 - exp(-20 theta). The estimate must meet the closed form within five standard errors of the
// simulation, and the standard error that of the delta method.
func TestClosedForm(t *testing.T) {
	const theta, days, accounts, observed, lives, fresh = 0.05, 20.0, 2000, 400.0, 4, 20
	s, p := exponential(accounts)
	paid := 1 - math.Exp(-theta*days)
	set := parse(t, fmt.Sprintf("targets: {paid: {metric: cure_rate, value: %v, se: %v, source: closed form}}", paid, math.Sqrt(paid*(1-paid)/observed)))
	r := fit(t, s, []string{"borrowers.causes.reliable.intensity=0.01:0.2"}, set, calibrate.Options{Lives: lives, Fresh: fresh, Portfolio: p})
	slope := days * math.Exp(-theta*days)
	simulation := math.Sqrt(paid*(1-paid)/(accounts*lives)) / slope
	got := r.Parameters[0]
	if !(math.Abs(got.Value-theta) <= 5*simulation) {
		t.Errorf("intensity: got %g, want %g within %g", got.Value, theta, 5*simulation)
	}
	// The derivative is a count of accounts that pay in between, over (lives + fresh) x accounts; its
	// relative error is that of a binomial count. The step is at most a conditional standard error.
	want := math.Sqrt(paid*(1-paid)*(1/observed+1/(accounts*lives))) / slope
	between := 0.04 * math.Log(20) * theta * slope * accounts * (lives + fresh) // two steps of 0.02 of the log range at least
	if !(math.Abs(got.SE/want-1) <= 5/math.Sqrt(between)+5*math.Sqrt(2.0/(fresh-1))*observed/(accounts*lives)+0.02) {
		t.Errorf("standard error: got %g, want %g", got.SE, want)
	}
	if r.DF != 0 || !math.IsNaN(r.J) || !strings.Contains(strings.Join(r.Warnings, "\n"), "nothing is left to test the fit with") {
		t.Errorf("one target, one parameter: J %g on %d, warnings %q", r.J, r.DF, r.Warnings)
	}
}

// moves are the moves that the recovery looks at.
var moves = []calibrate.Move{
	{From: []string{"1-29"}, To: []string{"current"}, Months: []int{1, 2}},
	{From: []string{"30-59"}, To: []string{"current", "1-29"}, Months: []int{1, 2}},
	{From: []string{"30-59"}, To: []string{"60-89"}, Months: []int{1, 2}},
	{From: []string{"60-89"}, To: []string{"current", "1-29"}, Months: []int{1, 2}},
	{From: []string{"60-89"}, To: []string{"90-119"}, Months: []int{1, 2}},
	{From: []string{"90-119"}, To: []string{"120-149"}, Months: []int{1, 2}},
}

type last struct{ r *outcome.Replication }

func (l *last) Replication(r *outcome.Replication) error {
	l.r = r
	return nil
}

// observed plays a scenario in a number of portfolios and writes its moves as targets; the last is held out.
func observed(t testing.TB, s *scenario.Scenario, strategy string, seed uint64, portfolios int) string {
	t.Helper()
	moved, all := make([]float64, len(moves)), make([]float64, len(moves))
	for k := range portfolios {
		x := s.Clone()
		x.Seed, x.Uncertainty, x.Replications, x.Horizon = seed+uint64(k), false, 1, 60
		if err := x.Play([]string{strategy}); err != nil {
			t.Fatal(err)
		}
		x.Baseline = strategy
		c, err := x.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		var l last
		if err := sim.Run(t.Context(), *c, &l); err != nil {
			t.Fatal(err)
		}
		for i, m := range moves {
			for from := range loan.NumBuckets {
				for to := range loan.NumBuckets {
					n := float64(l.r.Strategies[0].Transitions[0][from][to].Count + l.r.Strategies[0].Transitions[1][from][to].Count)
					if slices.Contains(m.From, from.String()) {
						all[i] += n
						if slices.Contains(m.To, to.String()) {
							moved[i] += n
						}
					}
				}
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "source: simulated\nstrategy: %s\ntargets:\n", strategy)
	for i, m := range moves {
		sample := strings.Join(m.From, "+")
		fmt.Fprintf(&b, "  m%d: {move: {from: [%s], to: [%s], months: [1, 2]}, value: %v, n: %v, sample: %q, hold_out: %v}\n", i,
			strings.Join(m.From, ", "), strings.Join(m.To, ", "), moved[i]/all[i], all[i], sample, i == len(moves)-1)
	}
	return b.String()
}

// truth is a small scenario with two behaviour parameters away from their defaults.
func truth(t testing.TB) (s *scenario.Scenario, settings []string, values []float64) {
	t.Helper()
	s = scenario.Default()
	s.Horizon = 60
	if err := s.Resize(1000); err != nil {
		t.Fatal(err)
	}
	// More accounts overdue, so that few accounts make many moves.
	if err := s.Apply([]string{"portfolio.start.current=0.3", "portfolio.start.days_1=0.3", "portfolio.start.days_30=0.2", "portfolio.start.days_60=0.2"}); err != nil {
		t.Fatal(err)
	}
	return s, []string{"borrowers.payment.full_share=0.2:0.95", "borrowers.causes.forgetful.intensity=0.02:0.2"}, []float64{0.5, 0.1}
}

// distance is the squared distance of the estimate from the truth in its own covariance, on the scale
// on which the parameters were fitted: chi-squared with as many degrees of freedom as parameters.
func distance(r *calibrate.Result, values []float64) float64 {
	d := make([]float64, 2)
	for j := range d {
		p := r.Parameters[j]
		d[j] = (p.Value - values[j]) / p.SE
		if p.Scale == "log" {
			d[j] = math.Log(p.Value/values[j]) * p.Value / p.SE
		}
	}
	c := r.Correlation[0][1]
	return (d[0]*d[0] - 2*c*d[0]*d[1] + d[1]*d[1]) / (1 - c*c)
}

// TestRecovery fits to what the model itself shows at known values under other seeds. The truth must
// lie where the errors say, the test of fit must not refuse the true model, and the target held out must be met:
// each with a chance of 1e-6 to fail by luck.
func TestRecovery(t *testing.T) {
	s, settings, values := truth(t)
	there := s.Clone()
	for j, setting := range settings {
		path, _, _ := strings.Cut(setting, "=")
		if err := there.SetNumber(path, values[j]); err != nil {
			t.Fatal(err)
		}
	}
	set := parse(t, observed(t, there, "reminders-only", 1000, 4))
	r := fit(t, s, settings, set, calibrate.Options{Lives: 2, Fresh: 12, Starts: 4, Iterations: 5})
	if got, bound := distance(r, values), (distuv.ChiSquared{K: 2}).Quantile(1-1e-6); got > bound {
		t.Errorf("truth %v, got %+v: distance %g, bound %g", values, r.Parameters, got, bound)
	}
	for j := range r.Parameters {
		p := &r.Parameters[j]
		if p.AtBound || !p.Identified || !(p.SE < (p.High-p.Low)/math.Sqrt(12)) || p.Start == p.Value {
			t.Errorf("%s: %+v: should be known better than by its range", p.Path, *p)
		}
	}
	if r.DF != 3 || r.P < 1e-6 {
		t.Errorf("test of fit: J %g on %d degrees of freedom, p %g", r.J, r.DF, r.P)
	}
	held := r.Targets[len(r.Targets)-1]
	if !held.HoldOut || !(math.Abs(held.Z) <= distuv.UnitNormal.Quantile(1-1e-6/2)) {
		t.Errorf("held out: %+v", held)
	}
	if r.Q >= r.Before {
		t.Errorf("Q %g, before %g", r.Q, r.Before)
	}
}

// TestSameForAnyWorkers: equal bytes, and another seed gives other ones.
func TestSameForAnyWorkers(t *testing.T) {
	s, settings, _ := truth(t)
	s.Accounts = 300
	text := observed(t, s, "no-contact", 7, 2)
	var first []byte
	for _, workers := range []int{1, 3} {
		r := fit(t, s, settings, parse(t, text), calibrate.Options{Lives: 2, Fresh: 5, Starts: 2, Iterations: 2, Workers: workers})
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = got
		}
		if !bytes.Equal(got, first) {
			t.Errorf("%d workers: %s, one worker: %s", workers, got, first)
		}
	}
	s.Seed = 2
	r := fit(t, s, settings, parse(t, text), calibrate.Options{Lives: 2, Fresh: 5, Starts: 2, Iterations: 2})
	if got, _ := json.Marshal(r); bytes.Equal(got, first) {
		t.Error("another seed gives the same result")
	}
}

// TestNotIdentified: of two factors of which only the product matters, the product is known and the
// ratio is not; a parameter that nothing depends on is not known at all.
func TestNotIdentified(t *testing.T) {
	s, err := scenario.Parse("calls.yaml", []byte(`
horizon: 60
accounts: 300
baseline: calls
portfolio: {start: {current: 0.2, days_1: 0.3, days_30: 0.3, days_60: 0.2, days_90: 0, days_120: 0, days_150: 0}}
teams: {call: {agents: 40}}
strategies:
  calls: {stages: {call: {channel: call, first_day: 1, every: 7, cap: 12, tone: neutral}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	set := parse(t, observed(t, s, "calls", 7, 10)) // within reach, so that no parameter ends at a bound
	pair := []string{"channels.call.effect=0.01:1:log", "tones.neutral.effect=0.1:10:log"}
	r := fit(t, s, append([]string{"channels.visit.effect"}, pair...), set, calibrate.Options{Lives: 2, Fresh: 6, Starts: 3, Iterations: 4})
	if len(r.Directions) != 2 {
		t.Fatalf("directions: %+v, warnings %q", r.Directions, r.Warnings)
	}
	for _, d := range r.Directions {
		switch {
		case slices.Equal(d.Parameters, []string{"channels.visit.effect"}):
			if !math.IsInf(d.SD, 1) {
				t.Errorf("nothing depends on the visit, standard error %g", d.SD)
			}
		case slices.Equal(d.Parameters, []string{"channels.call.effect", "tones.neutral.effect"}):
			if !(math.Abs(d.Loadings[0]+d.Loadings[1]) <= 0.2) {
				t.Errorf("equal log ranges: opposite loadings expected, got %v", d.Loadings)
			}
		default:
			t.Errorf("unexpected direction %+v", d)
		}
	}
	for _, p := range r.Parameters {
		if p.Identified {
			t.Errorf("%s: counts as identified", p.Path)
		}
	}
	if !strings.Contains(strings.Join(r.Warnings, "\n"), "not identified: +0.7") {
		t.Errorf("warnings do not name the direction: %q", r.Warnings)
	}
}

// TestBound: a target beyond reach drives the parameter to the end of its range, with a warning.
func TestBound(t *testing.T) {
	s, p := exponential(500)
	set := parse(t, "targets: {paid: {metric: cure_rate, value: 0.999, se: 0.001, source: assumption}, early: {cured_by: 5, value: 0.5, se: 0.1, source: assumption, hold_out: true}}")
	set.Targets = set.Targets[:1]
	r := fit(t, s, []string{"borrowers.causes.reliable.intensity=0.01:0.1"}, set, calibrate.Options{Lives: 2, Fresh: 5, Starts: 3, Portfolio: p})
	x := r.Parameters[0]
	if !x.AtBound || x.Value != 0.1 || !math.IsNaN(x.SE) || !strings.Contains(strings.Join(r.Warnings, "\n"), "borrowers.causes.reliable.intensity: lies at the end 0.1 of its range [0.01, 0.1]") {
		t.Errorf("got %+v, warnings %q", x, r.Warnings)
	}
	if r.DF != 1 || !(r.P < 0.05) {
		t.Errorf("the misfit is not told: J %g on %d, p %g", r.J, r.DF, r.P)
	}
}

func TestFitRefuses(t *testing.T) {
	s := scenario.Default()
	s.Accounts, s.Horizon = 50, 60
	one := "source: assumption\ntargets: {a: {metric: cure_rate, value: 0.5, n: 10}}"
	for _, c := range []struct {
		settings []string
		targets  string
		want     string
	}{
		{[]string{"borrowers.payment.full_share", "borrowers.payment.minimum"}, one, "1 targets cannot tell 2 parameters"},
		{[]string{"borrowers.payment.full_share"}, "source: assumption\ntargets: {a: {move: {from: [current], to: [1-29], months: [2, 3]}, value: 0.5, n: 10}}", "looks at day 90, the scenario ends on day 60"},
		{[]string{"borrowers.payment.full_share"}, "source: assumption\ntargets: {a: {cured_by: 60, value: 0.5, n: 10}}", "must lie before the horizon 60"},
		{[]string{"borrowers.payment.full_share"}, "source: assumption\nstrategy: nobody\ntargets: {a: {metric: cure_rate, value: 0.5, n: 10}}", `"nobody": unknown`},
		{[]string{"borrowers.payment.full_share"}, "source: assumption\ntargets: {a: {channel: {name: visit, count: rpc, per: attempts}, value: 0.5, n: 10}}", "target a: has no simulated value"},
	} {
		parameters, err := calibrate.ParseParameters(s, c.settings)
		if err != nil {
			t.Fatal(err)
		}
		_, err = calibrate.Fit(t.Context(), s, parameters, parse(t, c.targets), calibrate.Options{Lives: 1, Fresh: 5, Starts: 1})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestFitStopsWhenCancelled(t *testing.T) {
	s, p := exponential(200)
	parameters, err := calibrate.ParseParameters(s, []string{"borrowers.causes.reliable.intensity=0.01:0.2"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	played := 0
	_, err = calibrate.Fit(ctx, s, parameters, parse(t, "targets: {paid: {metric: cure_rate, value: 0.6, se: 0.01, source: assumption}}"), calibrate.Options{
		Portfolio: p, Done: func() {
			if played++; played == 3 {
				cancel()
			}
		},
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestScenarioFile reads the file of a fit back: laid over what it extends, with the values fitted and
// fixed, and the settings kept.
func TestScenarioFile(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "mine.yaml")
	if err := os.WriteFile(base, []byte("accounts: 77\nborrowers: {payment: {minimum: 0.9}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := scenario.Load(base)
	if err != nil {
		t.Fatal(err)
	}
	r := &calibrate.Result{Files: []string{"t.yaml"}, Warnings: []string{"a doubt"}, Parameters: []calibrate.Fitted{
		{Parameter: calibrate.Parameter{Path: "borrowers.payment.full_share", Low: 0.4, High: 0.95, Unit: "probability"}, Value: 0.5, SE: 0.01, Interval: [2]float64{0.48, 0.52}, Identified: true},
		{Parameter: calibrate.Parameter{Path: "borrowers.excitation.decay", Low: 0.05, High: 0.5}, Value: 0.2, AtBound: true},
	}}
	if s.Meta["borrowers.excitation.decay"].Dist == "" {
		t.Fatal("the test needs a parameter that is drawn by default")
	}
	text, err := r.ScenarioFile("fitted", "mine.yaml", []string{"teams.visit.agents=6", "guardrails.name=reg-f", "holidays=[3, 4]"})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "fitted.yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := scenario.Load(file)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	m := got.Meta["borrowers.payment.full_share"]
	switch {
	case got.Name != "fitted", got.Accounts != 77, got.Borrowers.Payment.Minimum != 0.9, got.Extends != "":
		t.Errorf("the base is not kept: %+v", got.File)
	case got.Borrowers.Payment.FullShare != 0.5, got.Borrowers.Excitation.Decay != 0.2:
		t.Errorf("the fitted values are not there:\n%s", text)
	case got.Teams.Visit.Agents != 6, got.Guardrails.Name != "reg-f", !slices.Equal(got.Holidays, []int{3, 4}):
		t.Errorf("the settings are not there:\n%s", text)
	case m.Source != "calibrated to t.yaml on 0 targets", !strings.Contains(m.Note, "0.48 to 0.52"), got.Meta["borrowers.excitation.decay"].Dist != "":
		t.Errorf("declared: %+v", m)
	case !strings.Contains(string(text), "# warning: a doubt\n"):
		t.Errorf("the doubt is not kept:\n%s", text)
	}
	if _, err := r.ScenarioFile("fitted", "mine.yaml", []string{"portfolio.other_debts[0]=0.5"}); err == nil || !strings.Contains(err.Error(), "--set portfolio.other_debts[0]=0.5: cannot be kept") {
		t.Errorf("list element: %v", err)
	}
}

// TestStartsAndValuesOutside: no starts beside the scenario's own can be asked for, and a value that the range does not hold is
// told: what is called before is then not the scenario as it is.
func TestStartsAndValuesOutside(t *testing.T) {
	s, p := exponential(200)
	set := parse(t, "targets: {paid: {metric: cure_rate, value: 0.6, se: 0.05, source: assumption}}")
	for starts, stage := range map[int]string{-1: "1 starts", 0: "11 starts", 2: "3 starts"} {
		var stages []string
		o := calibrate.Options{Lives: 1, Fresh: 5, Starts: starts, Iterations: 1, Portfolio: p, Stage: func(s string) { stages = append(stages, s) }}
		r := fit(t, s, []string{"borrowers.causes.reliable.intensity=0.02:0.06"}, set, o)
		if !slices.Contains(stages, stage) {
			t.Errorf("starts %d: stages %q", starts, stages)
		}
		if r.Parameters[0].Start != 0.06 || !strings.Contains(strings.Join(r.Warnings, "\n"), "the scenario's own value 0.1 lies outside of the range [0.02, 0.06]; what is called before stands at 0.06") {
			t.Errorf("start %g, warnings %q", r.Parameters[0].Start, r.Warnings)
		}
	}
}
