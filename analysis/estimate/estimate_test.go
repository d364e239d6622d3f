package estimate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/estimate"
	_ "collectsim/internal/sameseed"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

func TestDigitsAndFormat(t *testing.T) {
	for _, c := range []struct {
		value, se, x float64
		digits       int
		want         string
	}{
		{0.2134, 0.034, 0.2134, 2, "0.21"},
		{0.2134, 0.001, 0.2134, 3, "0.213"}, // a power of ten stands for itself
		{0.2134, 0.000999, 0.2134, 4, "0.2134"},
		{12345.6, 340, 12345.6, -2, "12300"},
		{12345.6, 1, 12345.6, 0, "12346"},
		{-0.0004, 0.01, -0.0004, 2, "0.00"}, // no minus before nothing
		{-12, 340, -12, -2, "0"},
		{0.5, 0.1, nan, 1, "undefined"},
		{0.5, 0.1, inf, 1, "unbounded"},
		{0.5, 0.1, -inf, 1, "-unbounded"},
		{0.1, 0, 1. / 3, 6, "0.333333"}, // exact: six significant digits
		{1234567, nan, 1234567, 0, "1.23457e+06"},
		{0, 0, 0, 0, "0"},
		{1e9, 1e-9, 1e9, 5, "1000000000.00000"}, // float64 has no more
		{0, 0.02, 0, 2, "0.00"},
	} {
		e := estimate.Estimate{Value: c.value, SE: c.se}
		if got := e.Digits(); got != c.digits {
			t.Errorf("Digits of %v +- %v: got %d, want %d", c.value, c.se, got, c.digits)
		}
		if got := e.Format(c.x); got != c.want {
			t.Errorf("Format(%v) of %v +- %v: got %q, want %q", c.x, c.value, c.se, got, c.want)
		}
	}
}

// The unit of the last digit printed is never below a tenth of the error, nor above it.
func TestDigitsFollowTheError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		se := math.Pow(10, rapid.Float64Range(-12, 12).Draw(t, "log10 se"))
		unit := math.Pow(10, -float64(estimate.Estimate{Value: 1, SE: se}.Digits()))
		if unit > se*(1+1e-12) || unit < se/10 {
			t.Fatalf("error %v: last digit counts %v", se, unit)
		}
	})
}

func TestStringOfEstimates(t *testing.T) {
	for want, e := range map[string]estimate.Estimate{
		"0.21 [0.15, 0.28]":     {Value: 0.2134, Low: 0.1468, High: 0.28, SE: 0.034},
		"3 [no interval]":       {Value: 3, Low: nan, High: nan, SE: nan},
		"undefined":             {Value: nan, Low: nan, High: nan, SE: nan},
		"2.5 [-unbounded, 3.5]": {Value: 2.5, Low: -inf, High: 3.5, SE: 0.5},
		"0 [0, 0]":              {},
	} {
		if got := e.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestJSONShowsUndefinedAsNull(t *testing.T) {
	e := estimate.Estimate{Value: 0.1, Low: -inf, High: nan, SE: 1. / 3, N: 4, Warnings: []string{"w"}}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"estimate":0.1,"low":null,"high":null,"se":0.3333333333333333,"n":4,"warnings":["w"]}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	var back estimate.Estimate
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back.Value != e.Value || back.SE != e.SE || !math.IsNaN(back.Low) || back.N != 4 || len(back.Warnings) != 1 {
		t.Errorf("read back %+v", back)
	}
}

// R 4.2.2: t.test(c(12.1, 9.8, 11.4, 10.9, 12.7, 8.8, 10.2), conf.level = 0.9)
func TestMeanMatchesR(t *testing.T) {
	e := estimate.Mean([]float64{12.1, 9.8, nan, 11.4, 10.9, 12.7, 8.8, 10.2}, 0.9)
	near(t, "mean", e.Value, 10.8428571429, 1e-11)
	near(t, "se", e.SE, 0.512164939419, 1e-11)
	near(t, "low", e.Low, 9.84762833221, 1e-11)
	near(t, "high", e.High, 11.83808595351, 1e-11)
	if e.N != 7 || len(e.Warnings) != 1 {
		t.Errorf("the NaN must be left out and warned of: %+v", e)
	}
}

func TestMeanOfLittle(t *testing.T) {
	for name, c := range map[string]struct {
		x                    []float64
		value, low, high, se float64
		n, warnings          int
	}{
		"none":       {nil, nan, nan, nan, nan, 0, 1},
		"all NaN":    {[]float64{nan, nan}, nan, nan, nan, nan, 0, 2},
		"one":        {[]float64{3}, 3, nan, nan, nan, 1, 1},
		"equal":      {[]float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 0.1, 0.1, 0.1, 0, 7, 1},
		"few, equal": {[]float64{0.1, 0.1, 0.1}, 0.1, 0.1, 0.1, 0, 3, 2},
		"infinite":   {[]float64{1, inf, 2, 3, 4, 5}, nan, nan, nan, nan, 6, 1},
	} {
		e := estimate.Mean(c.x, 0.95)
		near(t, name+" value", e.Value, c.value, 0)
		near(t, name+" low", e.Low, c.low, 0)
		near(t, name+" high", e.High, c.high, 0)
		near(t, name+" se", e.SE, c.se, 0)
		if e.N != c.n || len(e.Warnings) != c.warnings {
			t.Errorf("%s: got n %d and warnings %q, want n %d and %d warnings", name, e.N, e.Warnings, c.n, c.warnings)
		}
	}
}

// R 4.2.2: binom.test(7, 50), binom.test(0, 20), prop.test(..., correct = FALSE)
func TestShareMatchesR(t *testing.T) {
	w := estimate.Share(7, 50, 0.95)
	near(t, "Wilson low", w.Low, 0.0695083342702, 1e-11)
	near(t, "Wilson high", w.High, 0.2618619371059, 1e-11)
	near(t, "se", w.SE, math.Sqrt(0.14*0.86/50), 1e-14)
	none, all := estimate.Share(0, 20, 0.95), estimate.Share(20, 20, 0.9)
	near(t, "Wilson of none, low", none.Low, 0, 0)
	near(t, "Wilson of none, high", none.High, 0.161125158053, 1e-11)
	near(t, "Wilson of all, low", all.Low, 0.880842162639, 1e-11)
	near(t, "Wilson of all, high", all.High, 1, 0)
	x := estimate.ShareExact(7, 50, 0.95)
	near(t, "exact low", x.Low, 0.0581917003404, 1e-9)
	near(t, "exact high", x.High, 0.2673960024970, 1e-9)
	near(t, "exact of none, high", estimate.ShareExact(0, 20, 0.95).High, 0.168433470983, 1e-9)
	// R 4.2.2: binom.test(0, 1000, conf.level = 0.999999), of 1000, and of 1 in 10000
	far, farAll, one := estimate.ShareExact(0, 1000, 0.999999), estimate.ShareExact(1000, 1000, 0.999999), estimate.ShareExact(1, 10000, 0.999999)
	near(t, "far, high", far.High, 0.01440391433762, 1e-9)
	near(t, "far, low of all", farAll.Low, 0.9855960856623, 1e-9)
	near(t, "far of one, low", one.Low, 5.000001250019e-11, 1e-9)
	near(t, "far of one, high", one.High, 1.740791692932e-03, 1e-9)
	if e := estimate.Share(0, 0, 0.95); !math.IsNaN(e.Value) || len(e.Warnings) != 1 {
		t.Errorf("no trials: got %+v", e)
	}
}

// Exact coverage at any p is at least the confidence, by summing the binomial.
func TestShareExactCovers(t *testing.T) {
	for _, n := range []int{5, 20, 60} {
		for p := 0.025; p < 1; p += 0.025 {
			covered := 0.0
			for k := range n + 1 {
				if e := estimate.ShareExact(k, n, 0.95); e.Low <= p && p <= e.High {
					covered += binomial(n, k, p)
				}
			}
			if covered < 0.95-1e-9 {
				t.Errorf("n=%d p=%.3f: covers %.4f", n, p, covered)
			}
		}
	}
}

func binomial(n, k int, p float64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return math.Exp(a - b - c + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
}

// The ranks of the interval against a search over all ranks with the binomial summed by hand.
func TestQuantileRanks(t *testing.T) {
	for _, n := range []int{1, 3, 6, 10, 37, 200} {
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(n - i) // descending: x must be sorted inside
		}
		for _, p := range []float64{0.05, 0.5, 0.9} {
			low, high, below := -inf, inf, 0.0
			for k := range n + 1 { // below = P(B <= k - 1)
				if below <= 0.025 && k >= 1 {
					low = float64(k)
				}
				if 1-below <= 0.025+1e-12 && k >= 1 && math.IsInf(high, 1) {
					high = float64(k)
				}
				below += binomial(n, k, p)
			}
			e := estimate.Quantile(x, p, 0.95, estimate.Type7)
			near(t, fmt.Sprintf("n=%d p=%v low", n, p), e.Low, low, 0)
			near(t, fmt.Sprintf("n=%d p=%v high", n, p), e.High, high, 0)
			open := math.IsInf(low, 0) || math.IsInf(high, 0)
			if open != (len(e.Warnings) > 0) || open != math.IsNaN(e.SE) {
				t.Errorf("n=%d p=%v: bounds %v, %v with warnings %q, se %v", n, p, e.Low, e.High, e.Warnings, e.SE)
			}
		}
	}
}

func TestSampleQuantileProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 30).Draw(t, "x")
		kept := append([]float64(nil), x...)
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		for _, typ := range []estimate.QuantileType{estimate.Type6, estimate.Type7, estimate.Type8} {
			a, b := estimate.SampleQuantile(x, min(p, q), typ), estimate.SampleQuantile(x, max(p, q), typ)
			if a > b+1e-9 {
				t.Fatalf("type %d falls from %v to %v", typ, a, b)
			}
			mirrored := make([]float64, len(x))
			for i := range x {
				mirrored[i] = -x[i]
			}
			if c := -estimate.SampleQuantile(mirrored, 1-p, typ); !(math.Abs(c-estimate.SampleQuantile(x, p, typ)) <= 1e-6) {
				t.Fatalf("type %d is not symmetric: %v", typ, c)
			}
		}
		for i := range x {
			if x[i] != kept[i] {
				t.Fatal("the argument was changed")
			}
		}
	})
}

func ExampleMean() {
	overdue := []float64{0.212, 0.198, 0.205, 0.221, 0.209, 0.215}
	fmt.Println(estimate.Mean(overdue, 0.95))
	fmt.Println(estimate.Mean(overdue[:1], 0.95).Warnings[0])
	// Output:
	// 0.210 [0.202, 0.218]
	// need >= 2 replications for an interval and >= 6 to trust it, have 1
}

// Expected by R 4.2.2, qt. The library's inverse gave 258 for the last but one.
func TestTQuantileOfManyDegreesOfFreedom(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{1e-10, 9999, -6.367942012180259},
		{0.975, 9999, 1.960201263621357},
		{0.0005, 10000, -3.291499965941604},
		{0.975, 10000, 1.960201239890626},
		{0.4999, 12345, -0.000250667906341221},
		{0.51, 100000, 0.02506897097044671},
		{0.975, 100000, 1.959987707534609},
		{1e-10, 1e6, -6.361406848876742},
		{0.9999999, 1e6, 5.199374020914423},
		{0.1, 1e9, -1.281551566391186},
	} {
		got := estimate.TQuantile(c.p, c.df)
		if !(math.Abs(got-c.want) <= 1e-8*math.Abs(c.want)) {
			t.Errorf("p %v, df %v: got %v, want %v", c.p, c.df, got, c.want)
		}
	}
	for _, p := range []float64{0, 1} {
		if got := estimate.TQuantile(p, 1e6); !math.IsInf(got, int(math.Copysign(1, p-0.5))) {
			t.Errorf("p %v: got %v", p, got)
		}
	}
}
