package estimate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/estimate"
)

// Fieller's set by its definition: rho is in it iff the t test of mean(num - rho den) = 0
// does not reject.
func inFieller(num, den []float64, rho, confidence float64) bool {
	d := make([]float64, len(num))
	for i := range num {
		d[i] = num[i] - rho*den[i]
	}
	return !estimate.Mean(d, confidence).Excludes(0)
}

func TestRatioIsTheSetOfTestsNotRejected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		num, den := make([]float64, n), make([]float64, n)
		shift := rapid.Float64Range(-3, 3).Draw(t, "shift")
		for i := range num {
			num[i] = rapid.Float64Range(-2, 2).Draw(t, "num") + shift
			den[i] = rapid.Float64Range(-2, 2).Draw(t, "den") + 2*shift
		}
		e := estimate.Ratio(num, den, 0.9)
		if math.IsNaN(e.Value) || e.SE == 0 || math.Abs(e.Value) > 1e6 {
			return
		}
		if math.IsInf(e.Low, 0) {
			if !math.IsInf(e.High, 0) || len(e.Warnings) == 0 || !inFieller(num, den, 1e9, 0.9) || !inFieller(num, den, -1e9, 0.9) {
				t.Fatalf("unbounded %+v, but far ratios are rejected", e)
			}
			return
		}
		w := e.High - e.Low
		if w < 1e-6*math.Abs(e.Value) || w > 1e6 {
			return // the oracle's own rounding decides
		}
		for _, at := range []float64{e.Low + 1e-3*w, e.Value, e.High - 1e-3*w} {
			if !inFieller(num, den, at, 0.9) {
				t.Fatalf("%v is inside of %v, but rejected", at, e)
			}
		}
		for _, at := range []float64{e.Low - 1e-3*w, e.High + 1e-3*w} {
			if inFieller(num, den, at, 0.9) {
				t.Fatalf("%v is outside of %v, but not rejected", at, e)
			}
		}
	})
}

func TestRatioRulesOutAStretch(t *testing.T) {
	num := []float64{5, 5.1, 4.9, 5, 5.05, 4.95}
	den := []float64{-1, 1.2, -0.9, 1, 0.8, -1.05} // cannot be told from 0
	e := estimate.Ratio(num, den, 0.95)
	if !math.IsInf(e.Low, -1) || !math.IsInf(e.High, 1) || len(e.Warnings) != 1 {
		t.Fatalf("got %+v", e)
	}
	var from, to float64
	text := e.Warnings[0][strings.Index(e.Warnings[0], "between"):]
	if _, err := fmt.Sscanf(text, "between %g and %g are", &from, &to); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	middle, half := (from+to)/2, (to-from)/2
	if inFieller(num, den, middle, 0.95) || inFieller(num, den, middle+0.99*half, 0.95) || !inFieller(num, den, middle+1.01*half, 0.95) || !inFieller(num, den, middle-1.01*half, 0.95) {
		t.Errorf("%v..%v is not the stretch that the tests reject", from, to)
	}
}

func TestRatioOfLittle(t *testing.T) {
	for name, c := range map[string]struct {
		num, den             []float64
		value, low, high, se float64
		warning              string
	}{
		"none":              {nil, nil, nan, nan, nan, nan, "no values"},
		"one":               {[]float64{3}, []float64{2}, 1.5, nan, nan, nan, "need >= 2"},
		"nothing recovered": {[]float64{3, 4, 5, 6, 7, 8}, make([]float64, 6), nan, nan, nan, nan, "denominator is 0"},
		"proportional":      {[]float64{2, 4, 6, 8, 10, 12}, []float64{1, 2, 3, 4, 5, 6}, 2, 2, 2, 0, "same in all 6"},
		"NaN pair":          {[]float64{2, nan, 6, 8, 10, 12, 14}, []float64{1, 2, 3, 4, 5, 6, 7}, 2, 2, 2, 0, "1 of 7"},
		"infinite":          {[]float64{2, inf}, []float64{1, 2}, nan, nan, nan, nan, "infinite"},
	} {
		for kind, e := range map[string]estimate.Estimate{
			"Fieller":   estimate.Ratio(c.num, c.den, 0.95),
			"bootstrap": estimate.RatioBootstrap(c.num, c.den, 0.95, estimate.Resampling{Seed: 1, Resamples: 99}),
		} {
			near(t, name+" "+kind+" value", e.Value, c.value, 0)
			near(t, name+" "+kind+" low", e.Low, c.low, 0)
			near(t, name+" "+kind+" high", e.High, c.high, 0)
			near(t, name+" "+kind+" se", e.SE, c.se, 0)
			if kind == "Fieller" && !strings.Contains(strings.Join(e.Warnings, "\n"), c.warning) {
				t.Errorf("%s: warnings %q, want %q", name, e.Warnings, c.warning)
			}
		}
	}
}

// With a constant denominator the ratio is a mean, and Fieller's interval Student's.
func TestRatioWithConstantDenominatorIsMean(t *testing.T) {
	num, den, scaled := []float64{3, 1, 4, 1, 5, 9, 2, 6}, make([]float64, 8), make([]float64, 8)
	for i := range den {
		den[i], scaled[i] = 4, num[i]/4
	}
	got, want := estimate.Ratio(num, den, 0.95), estimate.Mean(scaled, 0.95)
	near(t, "value", got.Value, want.Value, 1e-14)
	near(t, "low", got.Low, want.Low, 1e-12)
	near(t, "high", got.High, want.High, 1e-12)
	near(t, "se", got.SE, want.SE, 1e-12)
}

func TestRatioBootstrapAdmitsUnbounded(t *testing.T) {
	e := estimate.RatioBootstrap([]float64{1, 2, 3, 4, 5, 6}, []float64{0, 0, 0, 0, 0, 1}, 0.95, estimate.Resampling{Seed: 3})
	if !math.IsInf(e.Low, -1) || !math.IsInf(e.High, 1) || !strings.Contains(strings.Join(e.Warnings, " "), "reaches 0") {
		t.Errorf("denominators of 0 among the resamples: got %+v", e)
	}
}

// The spatial test data of Efron and Tibshirani (1993), table 14.1, and the plug-in variance.
var spatial = []float64{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41}

func plugInVariance(index []int) float64 {
	x := make([]float64, len(index))
	for i, k := range index {
		x[i] = spatial[k]
	}
	_, v := estimate.MeanVariance(x)
	return v * float64(len(x)-1) / float64(len(x))
}

// R 4.2.2, package boot with 199,999 resamples: percentile 97.4 to 235.5, BCa 115.7 to 261.4
// (90%); Efron and Tibshirani (1993), table 14.2, print BCa 115.8 to 259.6 from 2,000.
func TestBootstrapMatchesBoot(t *testing.T) {
	const b = 20000
	check := func(method estimate.BootstrapMethod, low, high float64) {
		t.Helper()
		e := estimate.Bootstrap(len(spatial), plugInVariance, 0.9, estimate.Resampling{Seed: 7, Resamples: b, Method: method})
		near(t, "value", e.Value, 171.534023669, 1e-11)
		// A bootstrap SD of 41.90 gives, at a tail of 5%, quantiles with the standard error
		// sqrt(p (1-p) / B) / density; normal density there 0.103 / 41.9. BCa reads further
		// out, at tails of 13% and 1%, whose errors are within twice of that.
		se := 2 * math.Sqrt(0.05*0.95/b) / (0.103 / 41.90)
		if !(math.Abs(e.Low-low) <= 5*se) || !(math.Abs(e.High-high) <= 5*se) {
			t.Errorf("method %d: got %.1f to %.1f, want %.1f to %.1f within %.1f", method, e.Low, e.High, low, high, 5*se)
		}
		if sdErr := 41.90 / math.Sqrt(2*b); !(math.Abs(e.SE-41.90) <= 5*sdErr) {
			t.Errorf("se: got %v, want 41.90", e.SE)
		}
	}
	check(estimate.Percentile, 97.4, 235.5)
	check(estimate.BCa, 115.7, 261.4)
}

func TestBootstrapIsAFunctionOfItsSeed(t *testing.T) {
	of := func(seed uint64) estimate.Estimate {
		return estimate.Bootstrap(len(spatial), plugInVariance, 0.9, estimate.Resampling{Seed: seed, Resamples: 199})
	}
	if a, b := of(5), of(5); a.Low != b.Low || a.High != b.High || a.SE != b.SE {
		t.Errorf("equal seeds differ: %v, %v", a, b)
	}
	if a, b := of(5), of(6); a.SE == b.SE {
		t.Error("different seeds give the same resamples")
	}
}

func ExampleRatio() {
	cost := []float64{1020, 980, 1110, 1050, 995, 1060}
	cured := []float64{48, 51, 55, 47, 52, 50}
	e := estimate.Ratio(cost, cured, 0.95)
	fmt.Printf("%s per cured account, from %s to %s\n", e.Format(e.Value), e.Format(e.Low), e.Format(e.High))
	// Output:
	// 20.5 per cured account, from 19.3 to 21.9
}

// TestRatioSameInAll: what costs nothing costs nothing per unit, even where few replications bring in very different sums, so
// that their mean cannot be told from 0.
func TestRatioSameInAll(t *testing.T) {
	den := []float64{1, 10, 900}
	for _, ratio := range []float64{0, 0.5} {
		num := make([]float64, len(den))
		for i := range num {
			num[i] = ratio * den[i]
		}
		e := estimate.Ratio(num, den, 0.95)
		if e.Value != ratio || e.Low != ratio || e.High != ratio || strings.Contains(strings.Join(e.Warnings, " "), "unbounded") {
			t.Errorf("got %+v", e)
		}
	}
	if e := estimate.Ratio([]float64{0, 0, 1}, den, 0.95); !math.IsInf(e.High, 1) {
		t.Errorf("got %+v, want unbounded", e)
	}
}

// The unit of cost and of effect scales the ratio and nothing else, up to the ends of float64; powers of two by no digit.
func TestRatioInAnyUnit(t *testing.T) {
	num, den := []float64{3, 5, 4, 6, 9, 2, 4}, []float64{2, 3, 1, 5, 4, 1, 3}
	loose := []float64{2, -3, 1, 5, -4, 1, 3} // cannot be told from 0: the set is unbounded
	for _, shift := range [][2]int{{490, 0}, {0, 490}, {-300, 200}, {400, 400}, {500, -500}} {
		by := math.Ldexp(1, shift[0]-shift[1])
		plain, far := estimate.Ratio(num, den, 0.95), estimate.Ratio(times(num, shift[0]), times(den, shift[1]), 0.95)
		if far.Value != plain.Value*by || far.Low != plain.Low*by || far.High != plain.High*by || far.SE != plain.SE*by || math.IsInf(plain.Low, 0) {
			t.Errorf("shift %v: got %+v, want %+v times %v", shift, far, plain, by)
		}
		far = estimate.Ratio(times(num, shift[0]), times(loose, shift[1]), 0.95)
		if !math.IsInf(far.Low, -1) || strings.Contains(strings.Join(far.Warnings, " "), "NaN") {
			t.Errorf("shift %v: got %+v", shift, far)
		}
	}
}

func times(x []float64, shift int) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Ldexp(v, shift)
	}
	return out
}
