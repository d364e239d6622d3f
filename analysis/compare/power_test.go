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
		if math.Abs(got-c[5]) > 5e-7 { // lifelines' tests state six digits
			t.Errorf("%v: got %.9f", c, got)
		}
	}
}
