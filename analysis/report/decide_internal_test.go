package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/decision"
	"collectsim/sim/outcome"
)

// TestBoundariesCanBeToldApart: prices are rounded to what their intervals leave, but no range reads as if it began
// where it ends.
func TestBoundariesCanBeToldApart(t *testing.T) {
	at := func(prices ...float64) (list []decision.Range) {
		for _, p := range prices {
			list = append(list, decision.Range{From: p})
		}
		return list
	}
	wide := decision.Switch{Low: 0, High: 30000}
	for _, c := range []struct {
		ranges   []decision.Range
		switches []decision.Switch
		want     []string
	}{
		{at(0, 0.628, 2509.156, 2806.626), []decision.Switch{{Low: 0, High: 30.8}, wide, wide}, []string{"0", "1", "2509.16", "2806.63"}},
		{at(0, 2509.156, 9000), []decision.Switch{wide, wide}, []string{"0", "3000", "9000"}},
		{at(0, 0.3, 40), []decision.Switch{{Low: 0, High: 30}, {Low: 38, High: 42}}, []string{"0", "0.3", "40"}},
		{at(0, 0.264324), []decision.Switch{{Low: 0.117293, High: decision.Number(math.Inf(1))}}, []string{"0", "0.26"}}, // unbounded: as unsure as its lower half
		{at(0, 0.3), nil, []string{"0", "0.3"}},
		{at(0), nil, []string{"0"}},
	} {
		if got := boundaries(c.ranges, c.switches); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.ranges, got, c.want)
		}
	}
}

// TestDominanceInFewLines: every pair is told once, those of one dominator and order together.
func TestDominanceInFewLines(t *testing.T) {
	x := &Decision{Dominance: []DominanceOfWhat{{Quantity: "cost", Pairs: []decision.DominancePair{
		{Dominator: "a", Dominated: "b", Order: 1},
		{Dominator: "a", Dominated: "c", Order: 2},
		{Dominator: "a", Dominated: "d", Order: 1},
		{Dominator: "b", Dominated: "d", Order: 1},
	}}, {Quantity: "effect"}}}
	var text strings.Builder
	x.textDominance(&printer{w: &text})
	_, got, _ := strings.Cut(strings.TrimSpace(text.String()), "\n")
	if want := "  cost: a over b, d (1)\n  cost: a over c (2)\n  cost: b over d (1)"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(x.Dominance[0].Pairs) != 4 || x.Dominance[0].Pairs[2].Dominated != "d" {
		t.Error("printing changed the result")
	}
}

// TestOverspent: a budget that is passed is told; what the last day costs is not, nor is there anything to tell without one.
func TestOverspent(t *testing.T) {
	for _, c := range []struct {
		cost, budget float64
		told         bool
	}{{29.1, 20, true}, {20.03, 20, false}, {22.1, 20, true}, {0, 20, false}, {29.1, 0, false}, {math.NaN(), 20, false}} {
		if got := overspent(c.cost, c.budget); (len(got) == 1) != c.told {
			t.Errorf("cost %g, budget %g: %q", c.cost, c.budget, got)
		}
	}
}

// TestOneAboveAll: where the value of one parameter comes out above that of all, the result doubts it, at the price shown.
func TestOneAboveAll(t *testing.T) {
	const n = 200
	d := &decisionTable{sampled: true, replicated: true}
	d.Strategies = []string{"a", "b"}
	d.Cost, d.Effect = [][]float64{make([]float64, n), make([]float64, n)}, [][]float64{make([]float64, n), make([]float64, n)}
	d.parameters = decision.Parameters{Names: []string{"p"}, Values: [][]float64{make([]float64, n)}}
	for i := range n {
		x := (float64(i) + 0.5) / n
		// Three swings: a spline finds them, a curve of the second degree does not.
		d.parameters.Values[0][i], d.Effect[1][i] = x, math.Cos(6*math.Pi*x)
	}
	var err error
	x := &Decision{}
	if x.Result, err = decision.FromSamples(d.Samples, decision.Options{WTP: []float64{0, 1, 2}}); err != nil {
		t.Fatal(err)
	}
	x.leaveOutLuck(d)
	if err := x.addEVPPI(d, 1); err != nil {
		t.Fatal(err)
	}
	shown := x.dearest()
	if shown.WTP != 2 || !(shown.Parameters[0].EVPPI > shown.EVPI) {
		t.Fatalf("at the price %v EVPPI %v, EVPI %v: nothing to doubt", shown.WTP, shown.Parameters[0].EVPPI, shown.EVPI)
	}
	if want := "at the price 2 knowing p alone is estimated at "; !slices.ContainsFunc(x.Warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
		t.Errorf("warnings %q, want one that begins with %q", x.Warnings, want)
	}
	var text strings.Builder
	x.textEVPPI(&printer{w: &text})
	v := shown.Parameters[0]
	if want := fmt.Sprintf("%.3g  [%.2g, %.2g]", v.EVPPI, v.Low, v.High); !strings.Contains(text.String(), want) || !(v.Low > 0 && v.Low < v.EVPPI && v.EVPPI < v.High) {
		t.Errorf("got %q, want it to contain %q", text.String(), want)
	}
}

// TestMetricsOfAnotherVersion: a folder that was made before a metric existed is told apart from a misspelt name.
func TestMetricsOfAnotherVersion(t *testing.T) {
	r := &Run{Dir: "old", Manifest: &outcome.Manifest{Strategies: []string{"a"}, Version: "0.0.9"}, values: map[string]map[string][]float64{"a": {"cost": {1, 2}}}}
	if err := r.Lacks("cost", "", GrossValue, "incremental_cost_per_recovered"); err != nil {
		t.Error(err)
	}
	err := r.Lacks("cost", "stress_p95")
	if err == nil || err.Error() != "old: has no stress_p95, since version 0.0.9 made it: run it again" {
		t.Errorf("got %v", err)
	}
	if _, err := Compare(r, CompareOptions{Metrics: []string{"stress_p95"}}); err == nil {
		t.Error("compared on a metric that the run lacks")
	}
}
