package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A BootstrapMethod turns resampled values into an interval.
type BootstrapMethod int

const (
	// BCa corrects the percentiles for bias and skewness. Source: Efron (1987).
	BCa BootstrapMethod = iota
	// Percentile takes the percentiles of the resampled values. Source: Efron (1979).
	Percentile
)

// Resampling says how to bootstrap.
type Resampling struct {
	Seed      uint64          // any number; equal seeds give equal results
	Resamples int             // 0 means 4999
	Method    BootstrapMethod // BCa if left out
}

const defaultResamples = 4999 // (B+1) * 0.025 is whole: Davison and Hinkley (1997), p. 18

// Bootstrap gives the interval of any statistic of n exchangeable observations.
//
// statistic gets indices in [0, n), with repeats, and returns the statistic of those
// observations; it must not keep the slice. Value is the statistic of all of them once, SE
// the standard deviation of the resampled values, N is n. Resamples that give NaN are left
// out with a warning. Fewer than [FewReplications] observations warn; fewer than 2 have no
// interval. Percentiles are of Type6: with B resamples the k-th smallest is k/(B+1).
//
// Panics if n < 1, Resamples < 0 or confidence is outside (0, 1).
// Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 14.
func Bootstrap(n int, statistic func(index []int) float64, confidence float64, how Resampling) Estimate {
	checkConfidence(confidence)
	if n < 1 || how.Resamples < 0 {
		panic(fmt.Sprintf("estimate: bootstrap of %d observations with %d resamples", n, how.Resamples))
	}
	all := indices(n)
	value := statistic(all)
	if n == 1 || math.IsNaN(value) {
		return noInterval(value, n, fewWarning(n))
	}
	values, warnings := resample(n, statistic, how)
	if n < FewReplications {
		warnings = append(warnings, fewWarning(n))
	}
	_, variance := MeanVariance(values)
	e := Estimate{Value: value, SE: math.Sqrt(variance), N: n, Warnings: warnings}
	low, high := (1-confidence)/2, 1-(1-confidence)/2
	if how.Method == BCa {
		low, high = bcaLevels(low, high, values, value, jackknife(n, statistic))
	}
	e.Low, e.High = sortedQuantile(values, low, Type6), sortedQuantile(values, high, Type6)
	return e
}

// resample returns the sorted resampled values.
func resample(n int, statistic func([]int) float64, how Resampling) ([]float64, []string) {
	b := how.Resamples
	if b == 0 {
		b = defaultResamples
	}
	rng := rand.New(rand.NewPCG(how.Seed, 0xb007))
	values, index, undefinedCount := make([]float64, 0, b), make([]int, n), 0
	for range b {
		for i := range index {
			index[i] = rng.IntN(n)
		}
		if v := statistic(index); math.IsNaN(v) {
			undefinedCount++
		} else {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	if undefinedCount == 0 {
		return values, nil
	}
	return values, []string{fmt.Sprintf("the statistic is undefined in %d of %d resamples", undefinedCount, b)}
}

// jackknife returns the statistic with each observation left out once.
func jackknife(n int, statistic func([]int) float64) []float64 {
	out, index := make([]float64, n), make([]int, n-1)
	for left := range n {
		for i := range index {
			index[i] = i
			if i >= left {
				index[i] = i + 1
			}
		}
		out[left] = statistic(index)
	}
	return out
}

// bcaLevels returns the percentiles to read instead of low and high: Efron (1987), eq. 2.3,
// with the bias z0 (ties with the value count half) and the acceleration of the jackknife.
func bcaLevels(low, high float64, sorted []float64, value float64, jack []float64) (float64, float64) {
	mean, _ := MeanVariance(jack)
	var s2, s3 float64
	for _, v := range jack {
		d := mean - v
		s2, s3 = s2+d*d, s3+d*d*d
	}
	if !(s2 > 0) {
		return low, high
	}
	accel := s3 / (6 * math.Pow(s2, 1.5))
	below, _ := slices.BinarySearch(sorted, value)
	upTo, _ := slices.BinarySearch(sorted, math.Nextafter(value, math.Inf(1)))
	b := float64(len(sorted))
	share := float64(below+upTo) / (2 * b)
	z0 := NormalQuantile(min(max(share, 1/(b+1)), b/(b+1)))
	level := func(p float64) float64 {
		z := z0 + NormalQuantile(p)
		return normalCDF(z0 + z/(1-accel*z))
	}
	return level(low), level(high)
}

func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
