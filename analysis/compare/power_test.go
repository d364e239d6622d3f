package compare_test

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"collectsim/analysis/compare"
)

// powerCase decodes the case of testdata/known/26_power_and_tests.json whose call starts so.
func powerCase[T any](t *testing.T, prefix string) T {
	t.Helper()
	b, err := os.ReadFile("testdata/known/26_power_and_tests.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []json.RawMessage }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, raw := range file.Cases {
		var head struct{ Call string }
		if err := json.Unmarshal(raw, &head); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(head.Call, prefix) {
			var v T
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no case %q", prefix)
	panic("unreachable")
}

func near(t *testing.T, what string, got, want, rtol float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= rtol*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

const tests26 = 1e-8 // the tolerance stated in the case file

func must(t *testing.T) func(float64, error) float64 {
	return func(v float64, err error) float64 {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		return v
	}
}

func TestPowerMatchesR(t *testing.T) {
	type one struct {
		Expected struct {
			N     float64 `json:"n_per_group"`
			Power float64
		}
	}
	var d compare.Design
	ok := must(t)
	near(t, "n", ok(d.ProportionSize(0.5, 0.75, 0.9)), powerCase[one](t, "power.prop.test(p1=.50,p2=.75,power").Expected.N, tests26)
	near(t, "n", ok(d.ProportionSize(0.30, 0.33, 0.8)), powerCase[one](t, "power.prop.test(p1=.30").Expected.N, tests26)
	near(t, "power", d.ProportionPower(0.5, 0.75, 50), powerCase[one](t, "power.prop.test(n=50").Expected.Power, tests26)
	near(t, "power", d.MeanPower(1, 1, 20), powerCase[one](t, "power.t.test(n=20").Expected.Power, tests26)
	near(t, "n", ok(d.MeanSize(1, 1, 0.9)), powerCase[one](t, "power.t.test(power=.90").Expected.N, tests26)
}

// Further numbers of R 4.2.2, each by its call.
func TestPowerMatchesOtherCallsOfR(t *testing.T) {
	ok := must(t)
	var d compare.Design
	strict, one := compare.Design{Strict: true}, compare.Design{OneSided: true}
	near(t, "power.t.test(power=.90, delta=.2, sd=1)", ok(d.MeanSize(0.2, 1, 0.9)), 526.333371163415, tests26)
	near(t, "power.prop.test(n=50, p1=.5, power=.90)", ok(d.ProportionDetectable(0.5, 50, 0.9)), 0.802614090728942, tests26)
	near(t, "power.prop.test(n=50, p1=.5, p2=.75, strict=TRUE)", strict.ProportionPower(0.5, 0.75, 50), 0.740167193453611, tests26)
	near(t, "power.t.test(n=20, delta=1, sd=1, strict=TRUE)", strict.MeanPower(1, 1, 20), 0.868953027724586, tests26)
	near(t, "power.t.test(n=20, delta=1, sd=1, type=\"paired\")", d.PairedPower(1, 1, 20), 0.988591294544565, tests26)
	near(t, "power.t.test(n=20, power=.9, sd=1)", ok(d.MeanDetectable(1, 20, 0.9)), 1.05197016883918, tests26)
	near(t, "power.t.test(..., alternative=\"one.sided\")", one.MeanPower(1, 1, 20), 0.927902473395342, tests26)
	near(t, "power.prop.test(..., alternative=\"one.sided\")", one.ProportionPower(0.5, 0.75, 50), 0.833983523355428, tests26)
	near(t, "power.prop.test(power=.9, ..., alternative=\"one.sided\")", ok(one.ProportionSize(0.5, 0.75, 0.9)), 62.3355114474162, tests26)
	level := compare.Design{Significance: 0.01}
	near(t, "power.prop.test(power=.8, ..., sig.level=.01)", ok(level.ProportionSize(0.30, 0.33, 0.8)), 5598.6268830826, tests26)
}

// TestSmallEffectsAreDetectedAsSmall: R's tolerance of 1.2e-4 is absolute, and the effects that large tests detect are of
// that size: 0.00019 instead of 0.00013 of a share of 0.1%. Numbers of R 4.2.2 with tol = 1e-14.
func TestSmallEffectsAreDetectedAsSmall(t *testing.T) {
	ok := must(t)
	var d compare.Design
	const digits = 1. / 840 // of the effect: a three-hundredth of the standard error, of which it takes 2.8
	for _, c := range []struct{ p, n, q float64 }{
		{0.001, 1e6, 0.00112920552185552}, {0.01, 1e5, 0.0112856455306296}, {0.1, 1e4, 0.112201025074386}, {0.5, 1e7, 0.500626453339395},
	} {
		near(t, "power.prop.test(n=, p1=, power=.8)", ok(d.ProportionDetectable(c.p, c.n, 0.8))-c.p, c.q-c.p, digits)
	}
	for _, c := range []struct{ n, delta float64 }{{1e6, 0.0039620417141042}, {1e4, 0.0396223009340786}} {
		for _, sd := range []float64{1e-6, 0.01, 1, 1000} { // the effect is so many standard deviations, whatever the unit
			near(t, "power.t.test(n=, sd=1, power=.8)", ok(d.MeanDetectable(sd, c.n, 0.8))/sd, c.delta, digits)
			near(t, "the same by Welch's test", ok(d.WelchDetectable([2]float64{sd, sd}, c.n, 0.8))/sd, c.delta, digits)
		}
	}
}

// TestSizesBeyondTenMillion: the second one is an example of R's documentation of power.prop.test.
func TestSizesBeyondTenMillion(t *testing.T) {
	ok := must(t)
	level := compare.Design{Significance: 0.001}
	near(t, "power.t.test(delta=.01, sd=20, power=.5, sig.level=.001)", ok(level.MeanSize(0.01, 20, 0.5)), 86620532.0721961, tests26)
	near(t, "power.prop.test(p1=.50, p2=.501, sig.level=.001, power=.90)", ok(level.ProportionSize(0.5, 0.501, 0.9)), 10451936.5954885, tests26)
	if n, err := (compare.Design{}).ProportionSize(0.5, 0.5+1e-6, 0.8); err == nil {
		t.Errorf("found a size of %v, more than a thousand million", n)
	}
	if n, err := compare.ReplicationsNeeded(0.01, 20, 0.999, 0.5); err == nil {
		t.Errorf("found %v replications, more than ten million", n)
	}
}

func TestHazardMatchesLifelines(t *testing.T) {
	size := powerCase[struct {
		Cases []json.RawMessage
		Level json.RawMessage `json:"with_alpha_0.01"`
	}](t, "lifelines sample_size")
	check := func(raw json.RawMessage, significance float64) {
		t.Helper()
		var power, ratio, ends, controlEnds, hr float64
		var want [2]int
		if err := json.Unmarshal(raw, &[]any{&power, &ratio, &ends, &controlEnds, &hr, &want}); err != nil {
			t.Fatal(err)
		}
		a, b := compare.HazardSize(power, ratio, ends, controlEnds, hr, significance)
		if a != want[0] || b != want[1] {
			t.Errorf("%s: got %d, %d", raw, a, b)
		}
	}
	for _, raw := range size.Cases {
		check(raw, 0.05)
	}
	check(size.Level, 0.01)
	for _, c := range powerCase[struct{ Cases [][]float64 }](t, "lifelines power").Cases {
		got := compare.HazardPower(int(c[0]), int(c[1]), c[2], c[3], c[4], 0.05)
		if !(math.Abs(got-c[5]) <= 5e-7) { // lifelines' tests state six digits
			t.Errorf("%v: got %.9f", c, got)
		}
	}
}
