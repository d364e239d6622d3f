package decision_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

func hasWarning(warnings []string, part string) bool {
	for _, w := range warnings {
		if strings.Contains(w, part) {
			return true
		}
	}
	return false
}

func TestFromSamplesPublished(t *testing.T) {
	s, _ := publishedPSA(t)
	r, err := decision.FromSamples(s, decision.Options{WTP: []float64{0, 31000}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"leave out 38491.9, where the best strategy changes from Radio to Chemo",
		"Radio is best in expectation but in fewer than half of the samples (down to 0.38) at 1 of 2 prices, from 31000 to 31000",
	} {
		if !hasWarning(r.Warnings, part) {
			t.Errorf("no warning with %q in %q", part, r.Warnings)
		}
	}
	if len(r.Switches) != 1 || !(math.Abs(r.Switches[0].Price-38491.91064810673) <= 1e-6) {
		t.Errorf("switches %+v", r.Switches)
	}
	if !(float64(r.Switches[0].Low) < 38491 && float64(r.Switches[0].High) > 38492) {
		t.Errorf("interval %+v", r.Switches[0])
	}
	var keys map[string]json.RawMessage
	unmarshal(t, []byte(asJSON(t, r)), &keys)
	for _, key := range []string{"icers", "ranges", "switches", "net_benefit", "acceptability", "warnings"} {
		if len(keys[key]) == 0 || string(keys[key]) == "null" {
			t.Errorf("key %q is missing or null", key)
		}
	}
}

func TestFromMeansWithoutSwitch(t *testing.T) {
	r, err := decision.FromMeans(decision.Means{Strategies: []string{"only"}, Cost: []float64{1}, Effect: []float64{2}}, decision.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if text := asJSON(t, r); !strings.Contains(text, `"switches":[]`) || strings.Contains(text, "acceptability") {
		t.Errorf("json %s", text)
	}
	if !hasWarning(r.Warnings, "only is the only strategy") || len(r.NetBenefit) != 41 {
		t.Errorf("%+v", r)
	}
}

func TestWarningsNameTheDoubt(t *testing.T) {
	means := func(cost, effect []float64) []string {
		r, err := decision.FromMeans(decision.Means{Strategies: []string{"a", "b"}, Cost: cost, Effect: effect}, decision.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r.Warnings
	}
	if w := means([]float64{1, 1}, []float64{2, 2}); !hasWarning(w, "a and b have the same cost and effect") || !hasWarning(w, "the same effect") {
		t.Errorf("%q", w)
	}
	if w := means([]float64{1, 2}, []float64{2, 3}); len(w) != 0 {
		t.Errorf("needless warnings %q", w)
	}
	// b is worse in 3 of 4 samples and much better in one: best by expectation, rarely best.
	r, err := decision.FromSamples(decision.Samples{
		Strategies: []string{"a", "b"}, Cost: [][]float64{{0, 0, 0, 0}, {1, 1, 1, 1}}, Effect: [][]float64{{0, 0, 0, 0}, {0, 0, 0, 100}},
	}, decision.Options{WTP: []float64{0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"4 samples are few: probabilities are uncertain by up to 0.50", "b is best in expectation but in fewer than half",
		"at 1 of 2 prices another strategy is best in more samples", "is loose at 1 of 2 prices (worst at 1:",
		"the change from a to b at the price 0.04 occurs in",
	} {
		if !hasWarning(r.Warnings, part) {
			t.Errorf("no warning with %q in %q", part, r.Warnings)
		}
	}
}

// Two strategies alike in every sample share all of them equally; three-way ties in some samples leave
// sums of thirds and halves that must not be told apart.
func TestEqualSharesRaiseNoDoubt(t *testing.T) {
	var a, b, c []float64
	for i := range 3000 {
		a, b, c = append(a, 1), append(b, 1), append(c, 1+float64(i*7%10/3))
	}
	r, err := decision.FromSamples(decision.Samples{
		Strategies: []string{"a", "b", "c"}, Cost: [][]float64{a, b, c}, Effect: [][]float64{a, b, b},
	}, decision.Options{WTP: []float64{0, 5}})
	if err != nil || hasWarning(r.Warnings, "another strategy is best in more samples") {
		t.Errorf("%v %q", err, r.Warnings)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	_, err := decision.FromSamples(decision.Samples{}, decision.Options{
		WTP: []float64{1, -2, math.Inf(1)}, Bootstrap: decision.Bootstrap{Resamples: -3, Confidence: math.NaN()},
	})
	mustContain(t, err, "strategies: empty", "wtp[1]: -2", "wtp[2]: +Inf", "resamples: -3", "confidence: NaN")
}

func TestNothingModifiesItsArguments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySamples(t)
		before := asJSON(t, s)
		if _, err := decision.FromSamples(s, decision.Options{Bootstrap: decision.Bootstrap{Resamples: 5}}); err != nil {
			t.Fatal(err)
		}
		if _, err := decision.DominancePairs(s.Strategies, s.Cost, decision.LowerIsBetter); err != nil {
			t.Fatal(err)
		}
		if asJSON(t, s) != before {
			t.Fatal("the samples were changed")
		}
	})
}

func TestSampleOrderOfStrategiesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySamples(t)
		var shuffled decision.Samples
		for _, k := range rapid.Permutation(indices(len(s.Cost))).Draw(t, "order") {
			shuffled.Strategies = append(shuffled.Strategies, s.Strategies[k])
			shuffled.Cost = append(shuffled.Cost, s.Cost[k])
			shuffled.Effect = append(shuffled.Effect, s.Effect[k])
		}
		o := decision.Options{WTP: []float64{0, 0.5, 3}, Bootstrap: decision.Bootstrap{Resamples: 20, Seed: 4}}
		a, errA := decision.FromSamples(s, o)
		b, errB := decision.FromSamples(shuffled, o)
		if errA != nil || errB != nil || !reflect.DeepEqual(asJSON(t, a), asJSON(t, b)) {
			t.Fatalf("order matters:\n%s\n%s\n%v %v", asJSON(t, a), asJSON(t, b), errA, errB)
		}
	})
}

// The same effects in another order are no more effect: B, which costs more, is dominated. Plain sums differ by
// 6e-17, for which B stood on the frontier at 3.6e16 a unit.
func TestOrderOfSamplesIsNoEffect(t *testing.T) {
	s := decision.Samples{
		Strategies: []string{"A", "B"},
		Cost:       [][]float64{{9, 10, 11}, {11, 12, 13}},
		Effect:     [][]float64{{0.3, 0.2, 0.1}, {0.1, 0.2, 0.3}},
	}
	r, err := decision.FromSamples(s, decision.Options{})
	if err != nil || r.ICERs[1].Strategy != "B" || r.ICERs[1].Status != decision.Dominated || len(r.Ranges) != 1 {
		t.Errorf("got %+v, ranges %+v, %v", r.ICERs, r.Ranges, err)
	}
}

func TestOrderOfManySamplesIsNoEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 1e6), func(i int) float64 { return float64(i) / 1000 }), 2, 60).Draw(t, "x")
		y := rapid.Permutation(x).Draw(t, "y")
		s := decision.Samples{Strategies: []string{"A", "B"}, Cost: [][]float64{x, y}, Effect: [][]float64{y, x}}
		if m := s.Means(); m.Cost[0] != m.Cost[1] || m.Effect[0] != m.Effect[1] {
			t.Errorf("means %v, of another order %v", m.Cost, m.Effect)
		}
	})
}

func TestASingleSampleIsDoubted(t *testing.T) {
	s := decision.Samples{Strategies: []string{"A", "B"}, Cost: [][]float64{{1}, {2}}, Effect: [][]float64{{1}, {3}}}
	r, err := decision.FromSamples(s, decision.Options{})
	if err != nil || !hasWarning(r.Warnings, "a single sample: nothing tells how sure the result is") {
		t.Errorf("got %q, %v", r.Warnings, err)
	}
}

// Two strategies of equal mean, whose difference is normal with the standard deviation sd: EVPI is sd/sqrt(2 pi), and n samples give it times
// 1-1/sqrt(n) on average, as a mean of n differences has the positive part sd/sqrt(2 pi n). The bound is 5 standard errors of the trials.
func TestEVPIOfTiedStrategies(t *testing.T) {
	const trials, sd = 2000, 3.0
	for _, n := range []int{20, 50, 200} {
		sum, squares, warned := 0.0, 0.0, 0
		for trial := range trials {
			gain := normals(rand.New(rand.NewPCG(uint64(trial), 0xe7)), n, 0, sd)
			s := decision.Samples{Strategies: []string{"a", "b"}, Cost: [][]float64{make([]float64, n), make([]float64, n)}, Effect: [][]float64{make([]float64, n), gain}}
			points, err := decision.Acceptability(s, []float64{1})
			if err != nil {
				t.Fatal(err)
			}
			sum, squares = sum+points[0].EVPI, squares+points[0].EVPI*points[0].EVPI
			if trial < 100 {
				r, err := decision.FromSamples(s, decision.Options{WTP: []float64{1}, Bootstrap: decision.Bootstrap{Resamples: 99}})
				if err != nil {
					t.Fatal(err)
				}
				if hasWarning(r.Warnings, "the value of perfect information may be too low at 1 of 1 prices (at 1 by ") {
					warned++
				}
			}
		}
		mean := sum / trials
		se := math.Sqrt((squares/trials - mean*mean) / trials)
		want := decision.EVPINormal(0, sd) * (1 - 1/math.Sqrt(float64(n)))
		within(t, fmt.Sprintf("EVPI of %d samples", n), mean, want, 5*se)
		// At 20 and 50 samples the bias is above a tenth of the true value, and the means are within two standard errors of each other in 95 %.
		if least := 95 - 5*math.Sqrt(100*0.95*0.05); n < 100 && float64(warned) < least {
			t.Errorf("%d samples: %d of 100 results warn of the tie, want %.0f", n, warned, least)
		}
		if n == 200 && warned > 50 {
			t.Errorf("200 samples, of which the bias is 7%% of EVPI: %d of 100 warn", warned)
		}
	}
	apart := normals(rand.New(rand.NewPCG(1, 0xe7)), 50, 3, sd)
	r, err := decision.FromSamples(decision.Samples{Strategies: []string{"a", "b"}, Cost: [][]float64{make([]float64, 50), make([]float64, 50)}, Effect: [][]float64{make([]float64, 50), apart}},
		decision.Options{WTP: []float64{1}})
	if err != nil || hasWarning(r.Warnings, "may be too low") {
		t.Errorf("strategies apart: %v, %q", err, r.Warnings)
	}
}
