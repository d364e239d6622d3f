package experiment

import (
	"encoding/json"
	"math"
	"testing"

	"collectsim/analysis/estimate"
	"collectsim/sim/scenario"
)

// played is a result whose measures and sweeps have the stated values: 20 replications, spread d.
func played(t *testing.T, claimed string, values []float64, sweep []float64) *Result {
	t.Helper()
	x := &Experiment{Name: "x", Base: scenario.Default()}
	x.File.Claim = "something"
	r := &Result{Experiment: x}
	spread := func(m *Measure, centre float64) Effect {
		var list []float64
		for k := range 20 {
			list = append(list, centre+0.1*math.Sin(float64(k)))
		}
		return Effect{Measure: m, Estimate: estimate.Mean(list, 0.95), values: list}
	}
	for _, v := range values {
		x.Measures = append(x.Measures, Measure{Name: "m", Metric: "npv", Claimed: claimed})
		r.Effects = append(r.Effects, spread(&x.Measures[len(x.Measures)-1], v))
	}
	if sweep != nil {
		c := Curve{Sweep: &Sweep{Name: "s", Vary: []string{"costs.complaint"}}, Measure: &x.Measures[0]}
		for i, v := range sweep {
			c.Sweep.Values = append(c.Sweep.Values, float64(i))
			c.Effects = append(c.Effects, spread(c.Measure, v))
		}
		if err := c.breakEven(1); err != nil {
			t.Fatal(err)
		}
		r.Curves = append(r.Curves, c)
	}
	return r
}

func TestVerdictFollowsFromEffects(t *testing.T) {
	for _, c := range []struct {
		says    string
		claimed string
		values  []float64
		sweep   []float64
		result  string
		side    string
		beyond  float64
	}{
		{"the interval lies on the claimed side", "above", []float64{1}, nil, Holds, "", math.NaN()},
		{"it lies on the other side", "above", []float64{-1}, nil, Fails, "", math.NaN()},
		{"it holds the threshold", "above", []float64{0.01}, nil, Fails, "", math.NaN()},
		{"below is a direction too", "below", []float64{-1}, nil, Holds, "", math.NaN()},
		{"every judged measure counts", "above", []float64{1, -1}, nil, Fails, "", math.NaN()},
		{"a sweep that does not cross changes nothing", "above", []float64{1}, []float64{1, 2, 3}, Holds, "", math.NaN()},
		{"a rising crossing: holds above it", "above", []float64{1}, []float64{-1, -1, 1, 1}, Depends, "above", 1.5},
		{"the same for below: holds below it", "below", []float64{1}, []float64{-1, -1, 1, 1}, Depends, "below", 1.5},
		{"a falling crossing: holds below it", "above", []float64{1}, []float64{2, 1, -1, -2}, Depends, "below", 1.5},
		{"a falling one, claimed below: holds above it", "below", []float64{-1}, []float64{2, 1, -1, -2}, Depends, "above", 1.5},
	} {
		r := played(t, c.claimed, c.values, c.sweep)
		got, err := r.Claim()
		if err != nil {
			t.Fatal(err)
		}
		if got.Result != c.result || got.Side != c.side {
			t.Errorf("%s: got %s %s (%s), want %s %s", c.says, got.Result, got.Side, got.Reason, c.result, c.side)
		}
		if math.IsNaN(c.beyond) != math.IsNaN(got.Beyond) || math.Abs(got.Beyond-c.beyond) > 0.1 {
			t.Errorf("%s: beyond: got %g, want %g", c.says, got.Beyond, c.beyond)
		}
	}
}

func TestUnjudgedMeasuresDoNotDecide(t *testing.T) {
	r := played(t, "above", []float64{1, -1}, nil)
	r.Effects[1].Measure = &Measure{Name: "told"}
	if c, err := r.Claim(); err != nil || c.Result != Holds {
		t.Errorf("got %v %v, want holds", c, err)
	}
	r.Effects[0].Measure = &Measure{Name: "told"}
	if _, err := r.Claim(); err == nil {
		t.Error("a claim of which nothing is judged is judged")
	}
}

func TestClaimJSON(t *testing.T) {
	c, err := played(t, "above", []float64{1}, []float64{-1, 1}).Claim()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"claim", "result", "effect", "low", "high", "depends_on", "beyond"} {
		if got[key] == nil {
			t.Errorf("%s is missing in %s", key, text)
		}
	}
	c, _ = played(t, "above", []float64{1}, nil).Claim()
	text, _ = json.Marshal(c)
	clear(got)
	if err := json.Unmarshal(text, &got); err != nil || got["depends_on"] != nil || got["beyond"] != nil {
		t.Errorf("a claim that holds depends on something: %s", text)
	}
}
