package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

func play(t *testing.T, src string, o Options) *Result {
	t.Helper()
	x, err := Parse("x.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	r, err := x.Play(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const visits = `title: t
claim: c
source: s
scenario:
  accounts: 400
  replications: 6
  horizon: 90
  portfolio: {start: {current: 0, days_1: 0.5, days_30: 0.5, days_60: 0, days_90: 0, days_120: 0, days_150: 0}}
  strategies:
    same: {extends: home-visits}
`

// TestArmAgainstItself holds every kind of measure, taken of two copies of one strategy, to exactly 0.
func TestArmAgainstItself(t *testing.T) {
	r := play(t, visits+`arms:
  a: {strategy: home-visits}
  b: {strategy: same}
  c: {strategy: home-visits, set: [costs.funding=0.05]}
measures:
  metric: {of: a, less: b, metric: npv}
  group: {of: a, less: b, metric: cost_per_visit, group: region=remote}
  parts: {of: a, less: b, metric: cost_per_recovered}
  daily: {of: a, less: b, daily: queue_visit}
  account: {of: a, less: b, account: stress_mean, where: {visited: "yes"}}
  around: {of: a, less: b, around: {anchor: visit, from: -1, to: 10, what: paid}}
  stress: {of: a, less: b, around: {anchor: notice, from: 0, to: 1, what: stress, against: -1}}
  default-setting: {of: a, less: c, metric: npv}
  relative: {of: a, less: b, as: relative, metric: npv}
`, Options{})
	for i := range r.Effects {
		if e := &r.Effects[i]; !(math.Abs(e.Value) <= 1e-12) || e.Low > 1e-12 || e.High < -1e-12 {
			t.Errorf("%s: got %g [%g, %g], want 0", e.Measure.Name, e.Value, e.Low, e.High)
		}
	}
}

// TestCostSweepCrossesWhereArithmeticSays: complaints change money only, so npv falls with their cost in a
// straight line, and the break-even follows from two points of it.
func TestCostSweepCrossesWhereArithmeticSays(t *testing.T) {
	r := play(t, visits+`  costs: {funding: 0}
  borrowers: {stress: {complaint: 0.5, stop_request: 0}}
arms:
  visits: {strategy: home-visits}
  none: {strategy: no-contact}
measures:
  gain: {of: visits, less: none, metric: npv, claimed: above}
  complaints: {of: visits, metric: complaints_per_1000}
sweeps:
  cost: {vary: [costs.complaint], values: [0, 1000, 5000, 60000]}
`, Options{Workers: 2})
	c := r.Curves[0]
	slope := -r.Effects[1].Value / 1000
	free := c.Effects[0].Value
	for i, x := range c.Sweep.Values {
		if want := free + slope*x; !(math.Abs(c.Effects[i].Value-want) <= 0.02) { // cents are rounded in float32 sums
			t.Errorf("gain at a cost of %g: got %.3f, want %.3f", x, c.Effects[i].Value, want)
		}
	}
	if want := -free / slope; len(c.Crossings) != 1 || !(math.Abs(c.Crossings[0].X-want) <= 1e-3*want) {
		t.Errorf("crossings %+v, want one at %.1f", c.Crossings, want)
	}
	if claim, err := r.Claim(); err != nil || claim.Result != Depends || claim.DependsOn != "costs.complaint" || claim.Side != "below" {
		t.Errorf("got %+v, %v: want a claim that depends on costs.complaint", claim, err)
	}
}

// TestMetricsAgreeWithAccounts takes the same quantity in two ways. The relief of a cure comes after a day's
// stress is summed and before its evening, so it is switched off.
func TestMetricsAgreeWithAccounts(t *testing.T) {
	r := play(t, visits+`  borrowers: {stress: {cure_relief: 0}}
arms:
  visits: {strategy: home-visits}
measures:
  metric: {of: visits, metric: visits_per_account}
  account: {of: visits, account: visits}
  stress: {of: visits, metric: stress_mean}
  stress-by-account: {of: visits, account: stress_mean}
  stress-by-path: {of: visits, around: {anchor: start, from: 0, to: 89, what: stress}}
  stress-by-day: {of: visits, daily: stress}
  forgetful: {of: visits, metric: visits_per_account, group: cause=forgetful}
  forgetful-by-account: {of: visits, account: visits, where: {causes: [forgetful]}}
  overdue: {of: visits, metric: overdue_rate_30}
  overdue-by-account: {of: visits, account: overdue_30}
`, Options{})
	for i := 0; i < len(r.Effects); i += 2 {
		a, b := &r.Effects[i], &r.Effects[i+1]
		// The mean of replications' ratios and the ratio of sums differ where groups vary in size.
		tolerance := 1e-5 * max(1, math.Abs(a.Value))
		if strings.HasPrefix(a.Measure.Name, "forgetful") {
			tolerance = 0.1 * a.Value
		}
		if !(math.Abs(a.Value-b.Value) <= tolerance) {
			t.Errorf("%s: %.6f, %s: %.6f", a.Measure.Name, a.Value, b.Measure.Name, b.Value)
		}
	}
}

// TestWorkersChangeNothing plays with one worker and with three.
func TestWorkersChangeNothing(t *testing.T) {
	src := strings.Replace(sound, "accounts: 50", "accounts: 200", 1)
	a, b := play(t, src, Options{Workers: 1}), play(t, src, Options{Workers: 3})
	for i := range a.Effects {
		if !reflect.DeepEqual(a.Effects[i].values, b.Effects[i].values) {
			t.Errorf("%s depends on the number of workers", a.Effects[i].Measure.Name)
		}
	}
	if !reflect.DeepEqual(a.Curves[0].Mean, b.Curves[0].Mean) {
		t.Error("the sweep depends on the number of workers")
	}
}

func TestOptionsAreLaidOver(t *testing.T) {
	x, err := Parse("x.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(9)
	r, err := x.Play(t.Context(), Options{Accounts: 30, Replications: 3, Seed: &seed, NoSweeps: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Base.Accounts != 30 || r.Effects[0].N != 3 || r.Base.Seed != 9 || r.Curves != nil {
		t.Errorf("played %d accounts, %d replications, seed %d, %d sweeps", r.Base.Accounts, r.Effects[0].N, r.Base.Seed, len(r.Curves))
	}
	if x.Base.Accounts != 50 || len(x.Sweeps) != 1 {
		t.Error("playing changed the experiment")
	}
}

func TestCancelledPlayEnds(t *testing.T) {
	x, err := Parse("x.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := x.Play(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
}

func TestGroupOfNobodyIsUndefined(t *testing.T) {
	s := &outcome.StrategyOutcome{Values: make([]float64, len(outcome.Metrics()))}
	if x := wholeShare(s, &Measure{Metric: "npv", Group: "region=remote"}); !math.IsNaN(x.over) {
		t.Errorf("got %v", x)
	}
}

func TestTrialsAreInsideOrOutside(t *testing.T) {
	r := play(t, strings.Replace(sound, "metric: npv, claimed: above", "metric: overdue_rate_1, published: 0, low: -1, high: 1", 1), Options{NoSweeps: true})
	list := r.Trials()
	if len(list) != 1 || !list[0].Inside || list[0].Metric != "gain" {
		t.Fatalf("got %+v, want one trial inside", list)
	}
	*r.Measures[0].Low = 0.9
	if list := r.Trials(); list[0].Inside {
		t.Error("a value below low is inside")
	}
	text, err := json.Marshal(list[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{`"name"`, `"role"`, `"metric"`, `"published"`, `"low"`, `"high"`, `"simulated"`, `"simulated_low"`, `"simulated_high"`, `"inside"`} {
		if !strings.Contains(string(text), key+":") {
			t.Errorf("%s is missing in %s", key, text)
		}
	}
}
