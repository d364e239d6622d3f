package estimate_test

import (
	"math"
	"testing"

	"collectsim/analysis/estimate"
)

// TestRankSumOfInfinities: an infinite value is above (or below) every other, like any large one.
func TestRankSumOfInfinities(t *testing.T) {
	inf := math.Inf(1)
	for _, x := range []struct{ x, y, like, with []float64 }{
		{[]float64{-3, 0.8, -9, inf, 1, 2.5}, []float64{2}, []float64{-3, 0.8, -9, 99, 1, 2.5}, []float64{2}},
		{[]float64{-inf, 3, 7}, []float64{inf, 1, 2, 4}, []float64{-99, 3, 7}, []float64{99, 1, 2, 4}},
		{[]float64{inf, inf, 3}, []float64{inf, 1}, []float64{99, 99, 3}, []float64{99, 1}},
	} {
		for _, side := range []estimate.Alternative{estimate.TwoSided, estimate.Greater, estimate.Less} {
			got, want := estimate.RankSumTest(x.x, x.y, side), estimate.RankSumTest(x.like, x.with, side)
			if got.Statistic != want.Statistic || got.P != want.P {
				t.Errorf("%v against %v: W %v, p %v, want %v, %v", x.x, x.y, got.Statistic, got.P, want.Statistic, want.P)
			}
		}
	}
}

// TestTailOfManyDegrees: with so many degrees of freedom t is normal.
func TestTailOfManyDegrees(t *testing.T) {
	for _, df := range []float64{9e7, 1.1e8, 1e10, 1e16, 1e18, 1e300, math.MaxFloat64} {
		for _, z := range []float64{0, 0.3, -1.96, 6} {
			want := math.Erfc(math.Abs(z) / math.Sqrt2)
			off := z * z * (z*z + 1) / df // the tail is heavier by a quarter of this share, or a little more where z is small
			if z != 0 && z*z < 4 {
				off = 2 / df
			}
			if got := estimate.TTail(z, df); !(math.Abs(got/want-1) <= off+1e-7) { // 1e-7: what the library loses at 9e7 degrees
				t.Errorf("TTail(%v, %v) = %v, want %v", z, df, got, want)
			}
		}
	}
}

// TestTestsOfWhatIsNotThere: an undefined test says so.
func TestTestsOfWhatIsNotThere(t *testing.T) {
	some := []float64{1, 2, 4}
	for what, y := range map[string][]float64{"empty": nil, "infinite": {1, math.Inf(1)}, "missing": {1, math.NaN(), 3}} {
		for name, r := range map[string]estimate.TestResult{
			"welch":  estimate.WelchTest(some, y, 0.95, estimate.TwoSided),
			"pooled": estimate.PooledTest(some, y, 0.95, estimate.Greater),
		} {
			if !math.IsNaN(float64(r.P)) || !math.IsNaN(r.Difference.Low) || len(r.Warnings) == 0 {
				t.Errorf("%s, %s: %+v", name, what, r)
			}
		}
	}
}
