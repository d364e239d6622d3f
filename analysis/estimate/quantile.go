package estimate

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A QuantileType names a definition of the sample quantile, by the numbers of Hyndman and
// Fan (1996), which R's quantile uses too.
type QuantileType int

// The definitions offered. Type7 is the one used in every interval of this project.
const (
	Type6 QuantileType = 6 // position p (n+1)
	Type7 QuantileType = 7 // position 1 + p (n-1)
	Type8 QuantileType = 8 // position 1/3 + p (n + 1/3), about median-unbiased
)

// SampleQuantile returns the p-quantile of x, interpolating linearly between the order
// statistics beside the position that t names; positions outside 1..n give the extremes.
// NaN values are left out; no values give NaN. Panics unless p is in [0, 1].
// Source: Hyndman and Fan (1996).
func SampleQuantile(x []float64, p float64, t QuantileType) float64 {
	checkProbability(p)
	sorted, _ := defined(x)
	slices.Sort(sorted)
	return sortedQuantile(sorted, p, t)
}

func sortedQuantile(sorted []float64, p float64, t QuantileType) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	at := position(p, float64(n), t)
	const fuzz = 4 * 0x1p-52 // as R: a position a rounding error below k counts as k
	k := math.Floor(at + fuzz)
	frac := at - k
	if math.Abs(frac) < fuzz {
		frac = 0
	}
	low, high := sorted[clamp(int(k)-1, n)], sorted[clamp(int(k), n)]
	if frac == 0 || low == high {
		return low
	}
	return (1-frac)*low + frac*high
}

func position(p, n float64, t QuantileType) float64 {
	switch t {
	case Type6:
		return p * (n + 1)
	case Type7:
		return 1 + p*(n-1)
	case Type8:
		return 1./3 + p*(n+1./3)
	}
	panic(fmt.Sprintf("estimate: quantile type must be 6, 7 or 8, got %d", t))
}

func clamp(i, n int) int { return min(max(i, 0), n-1) }

func checkProbability(p float64) {
	if !(p >= 0 && p <= 1) {
		panic(fmt.Sprintf("estimate: probability must be in [0, 1], got %v", p))
	}
}

// Quantile estimates the p-quantile of the distribution behind x by the sample quantile of
// the type t, with the distribution-free interval between two order statistics.
//
// The ranks are the tightest with at most (1-confidence)/2 of binomial probability beyond
// each, so coverage is at least the confidence for continuous data. Where n is too small for
// a rank to exist, that side is unbounded and a warning says how many values it takes. SE is
// the interval's width over 2 z (Woodruff 1952), NaN if it is unbounded.
//
// NaN values are left out with a warning. Panics unless p and confidence are in (0, 1).
// Source: Conover, Practical Nonparametric Statistics (1999), section 3.2.
func Quantile(x []float64, p, confidence float64, t QuantileType) Estimate {
	checkConfidence(confidence)
	checkConfidence(p)
	x, warnings := defined(x)
	n := len(x)
	if n == 0 {
		e := undefined(0, "no values, nothing to estimate")
		e.Warnings = append(warnings, e.Warnings...)
		return e
	}
	slices.Sort(x)
	e := Estimate{Value: sortedQuantile(x, p, t), Low: math.Inf(-1), High: math.Inf(1), N: n, Warnings: warnings}
	low, high := quantileRanks(n, p, confidence)
	if low >= 1 {
		e.Low = x[low-1]
	}
	if high <= n {
		e.High = x[high-1]
	}
	if low < 1 || high > n {
		need := math.Ceil(math.Log((1-confidence)/2) / math.Log(max(p, 1-p)))
		e.Warnings = append(e.Warnings, fmt.Sprintf("need >= %.0f values to bound the %g-quantile on both sides, have %d", need, p, n))
	}
	e.SE = woodruff(e.High-e.Low, confidence)
	return e
}

func woodruff(width, confidence float64) float64 {
	if math.IsInf(width, 0) {
		return math.NaN()
	}
	return width / (2 * NormalQuantile(1-(1-confidence)/2))
}

// quantileRanks returns the largest rank l with P(B < l) <= a and the smallest rank u with
// P(B >= u) <= a, for B ~ Binomial(n, p) and a = (1-confidence)/2; 0 and n+1 mean none.
func quantileRanks(n int, p, confidence float64) (low, high int) {
	tail := (1 - confidence) / 2
	b := distuv.Binomial{N: float64(n), P: p}
	low = bisect(0, n+1, func(l int) bool { return b.CDF(float64(l-1)) > tail }) - 1
	high = bisect(0, n+1, func(u int) bool { return 1-b.CDF(float64(u-1)) <= tail })
	return max(low, 0), high
}

// bisect returns the smallest i in [low, high] at which the monotone yes holds; high if none.
func bisect(low, high int, yes func(int) bool) int {
	for low < high {
		mid := (low + high) / 2
		if yes(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
