package estimate_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"collectsim/analysis/estimate"
)

// powerCase returns the case of 26_power_and_tests whose call starts with the prefix.
func powerCase[T any](t *testing.T, prefix string) T {
	t.Helper()
	file := known[struct{ Cases []json.RawMessage }](t, "26_power_and_tests")
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

type rTest struct {
	Chisq, DF, P, T, W float64
	CI                 []float64
}

const tests26 = 1e-8 // the tolerance stated in the case file

func TestPropTestMatchesR(t *testing.T) {
	type one struct{ Expected rTest }
	w := powerCase[one](t, "prop.test(c(83").Expected
	r := estimate.PropTest([]int{83, 90, 129, 70}, []int{86, 93, 136, 82}, 0.95, estimate.Yates)
	near(t, "chisq", float64(r.Statistic), w.Chisq, tests26)
	near(t, "df", float64(r.DF), w.DF, 0)
	near(t, "p", float64(r.P), w.P, tests26)
	w = powerCase[one](t, "prop.test(c(330").Expected
	r = estimate.PropTest([]int{330, 300}, []int{1000, 1000}, 0.95, estimate.Uncorrected)
	near(t, "chisq", float64(r.Statistic), w.Chisq, tests26)
	near(t, "p", float64(r.P), w.P, tests26)
	near(t, "low", r.Difference.Low, w.CI[0], tests26)
	near(t, "high", r.Difference.High, w.CI[1], tests26)
}

func TestRankSumMatchesR(t *testing.T) {
	c := powerCase[struct {
		Expected rTest
		TwoSided rTest `json:"two_sided"`
	}](t, "wilcox.test")
	x := []float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}
	y := []float64{1.15, 0.88, 0.90, 0.74, 1.21}
	one, two := estimate.RankSumTest(x, y, estimate.Greater), estimate.RankSumTest(x, y, estimate.TwoSided)
	near(t, "W", float64(one.Statistic), c.Expected.W, 0)
	near(t, "p greater", float64(one.P), c.Expected.P, tests26)
	near(t, "p two-sided", float64(two.P), c.TwoSided.P, tests26)
}

func TestTTestsMatchR(t *testing.T) {
	c := powerCase[struct {
		Data []struct {
			Extra float64
			Group string
		}
		Expected rTest
	}](t, "t.test(extra")
	var x, y []float64
	for _, r := range c.Data {
		if r.Group == "1" {
			x = append(x, r.Extra)
		} else {
			y = append(y, r.Extra)
		}
	}
	check := func(name string, got estimate.TestResult, want rTest) {
		t.Helper()
		near(t, name+" t", float64(got.Statistic), want.T, tests26)
		near(t, name+" df", float64(got.DF), want.DF, tests26)
		near(t, name+" p", float64(got.P), want.P, tests26)
		near(t, name+" low", got.Difference.Low, want.CI[0], tests26)
		near(t, name+" high", got.Difference.High, want.CI[1], tests26)
	}
	check("Welch", estimate.WelchTest(x, y, 0.95, estimate.TwoSided), c.Expected)
	paired := powerCase[struct{ Expected rTest }](t, "t.test(sleep").Expected
	check("paired", estimate.PairedTest(x, y, 0.95, estimate.TwoSided), paired)
	// R 4.2.2: t.test(extra ~ group, data = sleep, var.equal = TRUE)
	check("pooled", estimate.PooledTest(x, y, 0.95, estimate.TwoSided),
		rTest{T: -1.86081346748685, DF: 18, P: 0.0791867142159382, CI: []float64{-3.3638740322875984, 0.2038740322875986}})
}

// Numbers of R 4.2.2, each by the call that stands beside it.
func TestOtherCallsOfR(t *testing.T) {
	r := estimate.PropTest([]int{15, 25}, []int{50, 50}, 0.95, estimate.Yates) // prop.test(c(15,25), c(50,50))
	near(t, "Yates chisq", float64(r.Statistic), 3.375, tests26)
	near(t, "Yates p", float64(r.P), 0.06619257972219339, tests26)
	near(t, "Yates low", r.Difference.Low, -0.40799314123229585, tests26)
	near(t, "Yates high", r.Difference.High, 0.00799314123229583, 1e-7)
	x, y := []float64{1, 2, 2, 3, 5, 5, 7}, []float64{2, 3, 4, 5, 6, 8, 9, 9}
	for side, want := range map[estimate.Alternative]float64{ // wilcox.test(x, y, alternative = ..., exact = FALSE)
		estimate.TwoSided: 0.128996011667487, estimate.Greater: 0.948959519433758, estimate.Less: 0.0644980058337436,
	} {
		w := estimate.RankSumTest(x, y, side)
		near(t, "tied W", float64(w.Statistic), 14.5, 0)
		near(t, "tied p", float64(w.P), want, tests26)
	}
	// t.test(extra ~ group, data = sleep, alternative = "less")
	g1, g2 := []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2}, []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
	less := estimate.WelchTest(g1, g2, 0.95, estimate.Less)
	near(t, "less p", float64(less.P), 0.0396970700936791, tests26)
	near(t, "less low", less.Difference.Low, math.Inf(-1), 0)
	near(t, "less high", less.Difference.High, -0.1066185026683938, tests26)
}

// The exact distribution against every order of small samples, counted one by one.
func TestRankSumExactAgainstEnumeration(t *testing.T) {
	for m := 1; m <= 4; m++ {
		for n := 1; n <= 4; n++ {
			for pick := range 1 << (m + n) {
				var x, y []float64
				for i := range m + n {
					if pick>>i&1 == 1 {
						x = append(x, float64(i))
					} else {
						y = append(y, float64(i))
					}
				}
				if len(x) != m {
					continue
				}
				got := estimate.RankSumTest(x, y, estimate.Greater)
				near(t, "P(W >= w)", float64(got.P), shareAtLeast(float64(got.Statistic), m, n), 1e-12)
			}
		}
	}
}

func shareAtLeast(w float64, m, n int) float64 {
	hits, all := 0, 0
	for pick := range 1 << (m + n) {
		wins, size, below := 0, 0, 0
		for i := range m + n {
			if pick>>i&1 == 1 {
				size++
				wins += below
			} else {
				below++
			}
		}
		if size == m {
			all++
			if float64(wins) >= w {
				hits++
			}
		}
	}
	return float64(hits) / float64(all)
}

func TestTestsWithoutAnswer(t *testing.T) {
	for name, r := range map[string]estimate.TestResult{
		"one pair":       estimate.PairedTest([]float64{1}, []float64{2}, 0.95, estimate.TwoSided),
		"equal pairs":    estimate.PairedTest([]float64{1, 2}, []float64{1, 2}, 0.95, estimate.TwoSided),
		"single values":  estimate.WelchTest([]float64{1}, []float64{2}, 0.95, estimate.TwoSided),
		"empty":          estimate.RankSumTest(nil, []float64{1}, estimate.TwoSided),
		"all successful": estimate.PropTest([]int{3, 4}, []int{3, 4}, 0.95, estimate.Uncorrected),
	} {
		if !math.IsNaN(float64(r.P)) || len(r.Warnings) == 0 {
			t.Errorf("%s: got p %v, warnings %q; want NaN and a warning", name, r.P, r.Warnings)
		}
	}
}
