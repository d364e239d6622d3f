package estimate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// FewReplications is the number of values below which an interval carries a warning. With
// fewer than 6 not even the full range of the values holds the median with 95% confidence
// (2 * 0.5^6 = 0.031, 2 * 0.5^5 = 0.063), so everything rests on the normal assumption.
const FewReplications = 6

// Mean estimates an expectation from independent replications, with Student's t interval.
//
// x has one value a replication. NaN marks a replication without a value: it is left out and
// counted in a warning. No value gives NaN; a single one has no interval; equal values give
// an interval without width; an infinite value makes the result undefined. All of these warn.
//
// confidence is in (0, 1); anything else panics.
// Source: Student (1908); Law, Simulation Modeling and Analysis (2015), section 4.5.
func Mean(x []float64, confidence float64) Estimate {
	checkConfidence(confidence)
	x, warnings := defined(x)
	e := meanOf(x, confidence)
	e.Warnings = append(warnings, e.Warnings...)
	return e
}

func meanOf(x []float64, confidence float64) Estimate {
	n := len(x)
	m, v := MeanVariance(x)
	switch {
	case n == 0:
		return undefined(0, "no values, nothing to estimate")
	case math.IsNaN(m) || math.IsInf(m, 0):
		return undefined(n, "a value is infinite, the mean is undefined")
	case n == 1:
		return noInterval(m, 1, fewWarning(1))
	}
	se := math.Sqrt(v / float64(n))
	half := TQuantile(1-(1-confidence)/2, float64(n-1)) * se
	e := Estimate{Value: m, Low: m - half, High: m + half, SE: se, N: n}
	if n < FewReplications {
		e.Warnings = append(e.Warnings, fewWarning(n))
	}
	if v == 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("all %d values are equal: the interval has no width, which more replications may show to be wrong", n))
	}
	return e
}

func fewWarning(n int) string {
	if n == 1 {
		return fmt.Sprintf("need >= 2 replications for an interval and >= %d to trust it, have 1", FewReplications)
	}
	return fmt.Sprintf("need >= %d replications to trust the interval, have %d", FewReplications, n)
}

// MeanVariance returns the mean and the sample variance (divisor n-1) of x: NaN, NaN of no
// values, variance NaN of one. Deviations are taken from x[0] first, so equal values have
// exactly their own mean and exactly variance 0.
func MeanVariance(x []float64) (mean, variance float64) {
	if len(x) == 0 {
		return math.NaN(), math.NaN()
	}
	n, shift := float64(len(x)), 0.0
	for _, v := range x {
		shift += v - x[0]
	}
	shift /= n
	var ss, comp float64
	for _, v := range x {
		d := v - x[0] - shift
		ss += d * d
		comp += d
	}
	if len(x) == 1 {
		return x[0], math.NaN()
	}
	return x[0] + shift, max(0, ss-comp*comp/n) / (n - 1)
}

// defined returns the values of x that are not NaN, with a warning if there are others.
func defined(x []float64) ([]float64, []string) {
	var out []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out, droppedWarning(len(x)-len(out), len(x))
}

func droppedWarning(dropped, of int) []string {
	if dropped == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d replications have no value and are left out", dropped, of)}
}

// NormalQuantile returns the p-quantile of the standard normal distribution.
func NormalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

func checkConfidence(c float64) {
	if !(c > 0 && c < 1) {
		panic(fmt.Sprintf("estimate: confidence must be in (0, 1), got %v", c))
	}
}

func checkLengths(what string, n, m int) {
	if n != m {
		panic(fmt.Sprintf("estimate: %s: lengths differ: %d and %d", what, n, m))
	}
}
