package estimate

import (
	"fmt"
	"math"
)

// Ratio estimates E[num] / E[den], such as cost per cured account, by the ratio of the two
// means over replications, with Fieller's interval.
//
// num and den are parallel, one pair a replication; pairs with a NaN are left out and warned
// of. SE is the delta method's. Where the denominator cannot be told from 0, Fieller's set is
// unbounded: the result keeps its value, has infinite bounds, and a warning says which ratios
// are ruled out, if any. A mean denominator of 0 gives NaN and a warning.
//
// Panics if the lengths differ or confidence is outside (0, 1).
// Source: Fieller (1954); the same set written around the estimated ratio.
// Note: the mean of the replications' own ratios estimates something else (and has no mean
// where a replication can have nothing recovered), so it is not offered.
func Ratio(num, den []float64, confidence float64) Estimate {
	checkConfidence(confidence)
	num, den, warnings := definedPairs(num, den)
	e := fieller(num, den, confidence)
	e.Warnings = append(warnings, e.Warnings...)
	return e
}

// fieller scales both to about 1 first, by powers of two, which change no digit: squares of squares would leave the
// range of a float64 from 1e75 on.
func fieller(num, den []float64, confidence float64) Estimate {
	num, shiftNum := scaled(num)
	den, shiftDen := scaled(den)
	return fiellerOfScaled(num, den, confidence, shiftNum-shiftDen)
}

// scaled returns x divided by 2^shift, so that the largest is about 1.
func scaled(x []float64) (out []float64, shift int) {
	largest := 0.0
	for _, v := range x {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 || math.IsInf(largest, 0) {
		return x, 0
	}
	_, shift = math.Frexp(largest)
	out = make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Ldexp(v, -shift)
	}
	return out, shift
}

// fiellerOfScaled gives the estimate times 2^shift.
func fiellerOfScaled(num, den []float64, confidence float64, shift int) Estimate {
	n := len(num)
	meanNum, _ := MeanVariance(num)
	meanDen, varDen := MeanVariance(den)
	if reason := ratioUndefined(n, meanNum, meanDen); reason != "" {
		return undefined(n, reason)
	}
	ratio := meanNum / meanDen
	if n == 1 {
		return noInterval(math.Ldexp(ratio, shift), n, fewWarning(1))
	}
	resid := residuals(num, den, ratio)
	_, varResid := MeanVariance(resid)
	t := TQuantile(1-(1-confidence)/2, float64(n-1))
	k := t * t / float64(n)
	// rho is in the set iff d = rho - ratio has a d^2 + 2 b d - k varResid <= 0.
	a, b := meanDen*meanDen-k*varDen, k*covariance(resid, den)
	e := Estimate{Value: ratio, SE: math.Sqrt(varResid/float64(n)) / math.Abs(meanDen), N: n}
	if e.Low, e.High = ratio, ratio; varResid > 0 { // else every replication has this ratio, however far their sizes lie apart
		e.Low, e.High, e.Warnings = fiellerBounds(ratio, a, b, k*varResid, shift)
	}
	for _, x := range []*float64{&e.Value, &e.Low, &e.High, &e.SE} {
		*x = math.Ldexp(*x, shift)
	}
	if n < FewReplications {
		e.Warnings = append(e.Warnings, fewWarning(n))
	}
	if varResid == 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("the ratio is the same in all %d replications: the interval has no width", n))
	}
	return e
}

func fiellerBounds(ratio, a, b, c float64, shift int) (low, high float64, warnings []string) {
	root := math.Sqrt(max(0, b*b+a*c))
	if a > 0 {
		return ratio + (-b-root)/a, ratio + (-b+root)/a, nil
	}
	const cure = "the denominator cannot be told from 0, so the interval of the ratio is unbounded"
	if a == 0 || b*b+a*c <= 0 {
		return math.Inf(-1), math.Inf(1), []string{cure + "; more replications are needed"}
	}
	from, to := ratio+(-b+root)/a, ratio+(-b-root)/a
	return math.Inf(-1), math.Inf(1), []string{fmt.Sprintf("%s: only ratios between %.4g and %.4g are ruled out", cure, math.Ldexp(from, shift), math.Ldexp(to, shift))}
}

func ratioUndefined(n int, meanNum, meanDen float64) string {
	switch {
	case n == 0:
		return "no values, nothing to estimate"
	case math.IsInf(meanNum, 0) || math.IsInf(meanDen, 0) || math.IsNaN(meanNum+meanDen):
		return "a value is infinite, the ratio is undefined"
	case meanDen == 0:
		return "the denominator is 0, the ratio is undefined"
	}
	return ""
}

func residuals(num, den []float64, ratio float64) []float64 {
	out := make([]float64, len(num))
	for i := range num {
		out[i] = num[i] - ratio*den[i]
	}
	return out
}

// covariance returns the sample covariance (divisor n-1) of x and y.
func covariance(x, y []float64) float64 {
	mx, _ := MeanVariance(x)
	my, _ := MeanVariance(y)
	var s float64
	for i := range x {
		s += (x[i] - mx) * (y[i] - my)
	}
	return s / float64(len(x)-1)
}

// definedPairs returns the pairs without NaN, with a warning if there are others.
func definedPairs(a, b []float64) (x, y []float64, warnings []string) {
	checkLengths("pairs", len(a), len(b))
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y, droppedWarning(len(a)-len(x), len(a))
}

// RatioBootstrap is [Ratio] with a bootstrap interval: replications are resampled in pairs.
//
// Where the mean denominator changes sign or vanishes among the resamples the ratio has no
// bounded interval; the bounds are then infinite and a warning says so, as for [Ratio].
// Panics as [Ratio] and [Bootstrap] do.
func RatioBootstrap(num, den []float64, confidence float64, how Resampling) Estimate {
	checkConfidence(confidence)
	num, den, warnings := definedPairs(num, den)
	n := len(num)
	full := fieller(num, den, confidence)
	if n < 2 || math.IsNaN(full.Value) {
		full.Warnings = append(warnings, full.Warnings...)
		return full
	}
	side, crossed := math.Signbit(sum(den)), 0
	e := Bootstrap(n, func(index []int) float64 {
		var a, b float64
		for _, i := range index {
			a, b = a+num[i], b+den[i]
		}
		if b == 0 || math.Signbit(b) != side {
			crossed++
		}
		return a / b
	}, confidence, how)
	if crossed > 0 {
		e.Low, e.High, e.SE = math.Inf(-1), math.Inf(1), math.NaN()
		e.Warnings = append(e.Warnings, "the denominator reaches 0 among the resamples, so the interval of the ratio is unbounded")
	}
	e.Value = full.Value
	e.Warnings = append(warnings, e.Warnings...)
	return e
}

func sum(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}
