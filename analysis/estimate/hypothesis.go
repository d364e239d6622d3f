package estimate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Alternative is the side on which a test looks for a difference.
type Alternative int

// The alternatives; the zero value is TwoSided.
const (
	TwoSided Alternative = iota
	Greater              // the first sample is larger
	Less                 // the first sample is smaller
)

// A TestResult is the outcome of a hypothesis test. Difference is first minus second sample
// with its interval, one-sided like the test; a test that estimates none leaves it NaN.
type TestResult struct {
	Name       string   `json:"name"`
	Statistic  Float    `json:"statistic"`
	DF         Float    `json:"df"` // NaN where the test has none
	P          Float    `json:"p"`
	Difference Estimate `json:"difference"`
	Warnings   []string `json:"warnings,omitempty"`
}

// PairedTest is Student's t test of the paired differences x - y: same as R's t.test with
// paired = TRUE. Panics if the lengths differ. Fewer than 2 pairs, or differences without
// variance, give NaN statistics and a warning.
func PairedTest(x, y []float64, confidence float64, side Alternative) TestResult {
	checkLengths("pairs", len(x), len(y))
	d := make([]float64, len(x))
	for i := range x {
		d[i] = x[i] - y[i]
	}
	m, v := MeanVariance(d)
	n := float64(len(d))
	return tTest("paired t", m, math.Sqrt(v/n), n-1, len(d), confidence, side)
}

// WelchTest is the t test of two means with unequal variances, R's default t.test; degrees
// of freedom by Welch (1947) and Satterthwaite (1946).
func WelchTest(x, y []float64, confidence float64, side Alternative) TestResult {
	mx, vx := MeanVariance(x)
	my, vy := MeanVariance(y)
	nx, ny := float64(len(x)), float64(len(y))
	a, b := vx/nx, vy/ny
	df := (a + b) * (a + b) / (a*a/(nx-1) + b*b/(ny-1))
	return tTest("Welch t", mx-my, math.Sqrt(a+b), df, len(x)+len(y), confidence, side)
}

// PooledTest is the t test of two means with a common variance, R's t.test with
// var.equal = TRUE.
func PooledTest(x, y []float64, confidence float64, side Alternative) TestResult {
	mx, vx := MeanVariance(x)
	my, vy := MeanVariance(y)
	nx, ny := float64(len(x)), float64(len(y))
	ss := 0.0
	if nx > 1 {
		ss += (nx - 1) * vx
	}
	if ny > 1 {
		ss += (ny - 1) * vy
	}
	df := nx + ny - 2
	return tTest("pooled t", mx-my, math.Sqrt(ss/df*(1/nx+1/ny)), df, len(x)+len(y), confidence, side)
}

func tTest(name string, diff, se, df float64, n int, confidence float64, side Alternative) TestResult {
	checkConfidence(confidence)
	nan := Float(math.NaN())
	r := TestResult{Name: name, Statistic: nan, DF: Float(df), P: nan}
	if math.IsNaN(diff) || math.IsInf(diff, 0) || math.IsInf(se, 1) {
		r.Difference = noInterval(diff, n, "a sample is empty or has values that are not finite, the test is undefined")
		r.Warnings = r.Difference.Warnings
		return r
	}
	if !(se > 0) || !(df > 0) {
		r.Difference = noInterval(diff, n, "need >= 2 values that differ, the test is undefined")
		r.Warnings = r.Difference.Warnings
		return r
	}
	t := distuv.StudentsT{Sigma: 1, Nu: df}
	r.Statistic = Float(diff / se)
	r.P = Float(pValue(side, t.CDF(diff/se), t.CDF(-diff/se)))
	low, high := critical(side, confidence, func(p float64) float64 { return TQuantile(p, df) })
	r.Difference = Estimate{Value: diff, Low: diff - low*se, High: diff + high*se, SE: se, N: n}
	return r
}

// pValue combines the two tail probabilities of a continuous symmetric statistic.
func pValue(side Alternative, lower, upper float64) float64 {
	switch side {
	case Greater:
		return upper
	case Less:
		return lower
	}
	return min(1, 2*min(lower, upper))
}

// critical returns how many standard errors the interval reaches down and up.
func critical(side Alternative, confidence float64, quantile func(float64) float64) (down, up float64) {
	switch side {
	case Greater:
		return quantile(confidence), math.Inf(1)
	case Less:
		return math.Inf(1), quantile(confidence)
	}
	c := quantile(1 - (1-confidence)/2)
	return c, c
}

// A Correction says whether [PropTest] corrects for continuity.
type Correction bool

// Yates is what R's prop.test does by default for two groups; it never applies to more.
const (
	Uncorrected Correction = false
	Yates       Correction = true
)

// PropTest is Pearson's chi-squared test that k >= 2 groups have one success probability,
// R's prop.test. With two groups Difference is p1 - p2 with Wald's interval (with correction
// widened by Yates'), cut at -1 and 1; with more it is undefined.
//
// successes and trials are parallel. A warning is given where an expected count is below 5.
// Panics if the lengths differ, k < 2, or a count is impossible.
// Source: Pearson (1900); Newcombe (1998), methods 1 and 2 of the difference.
func PropTest(successes, trials []int, confidence float64, c Correction) TestResult {
	checkConfidence(confidence)
	pooled := checkCounts(successes, trials)
	yates := yatesTerm(successes, trials, c)
	chisq, small := 0.0, false
	for i, n := range trials {
		yes, no := float64(n)*pooled, float64(n)*(1-pooled)
		d := math.Max(0, math.Abs(float64(successes[i])-yes)-yates)
		chisq += d*d/yes + d*d/no
		small = small || yes < 5 || no < 5
	}
	df := float64(len(trials) - 1)
	r := TestResult{Name: "chi-squared of proportions", Statistic: Float(chisq), DF: Float(df)}
	r.P = Float(distuv.ChiSquared{K: df}.Survival(chisq))
	r.Difference = undefined(0, "more than two groups have no single difference")
	if math.IsNaN(chisq) {
		r.P = Float(math.NaN())
		r.Warnings = append(r.Warnings, "all or none succeed, the test is undefined")
	} else if small {
		r.Warnings = append(r.Warnings, "an expected count is below 5: the chi-squared approximation may be poor")
	}
	if len(trials) == 2 {
		r.Difference = propDifference(successes, trials, confidence, yates)
	}
	return r
}

func checkCounts(successes, trials []int) (pooled float64) {
	checkLengths("successes and trials", len(successes), len(trials))
	if len(trials) < 2 {
		panic("estimate: a test of proportions needs at least 2 groups")
	}
	var x, n int
	for i := range trials {
		if trials[i] < 1 || successes[i] < 0 || successes[i] > trials[i] {
			panic(fmt.Sprintf("estimate: group %d: %d successes of %d trials", i, successes[i], trials[i]))
		}
		x, n = x+successes[i], n+trials[i]
	}
	return float64(x) / float64(n)
}

func yatesTerm(x, n []int, c Correction) float64 {
	if c == Uncorrected || len(n) != 2 {
		return 0
	}
	a, b := float64(n[0]), float64(n[1])
	delta := math.Abs(float64(x[0])/a - float64(x[1])/b)
	return min(0.5, delta/(1/a+1/b))
}

func propDifference(x, n []int, confidence, yates float64) Estimate {
	a, b := float64(n[0]), float64(n[1])
	p, q := float64(x[0])/a, float64(x[1])/b
	se := math.Sqrt(p*(1-p)/a + q*(1-q)/b)
	half := NormalQuantile(1-(1-confidence)/2)*se + yates*(1/a+1/b)
	return Estimate{Value: p - q, Low: max(-1, p-q-half), High: min(1, p-q+half), SE: se, N: n[0] + n[1]}
}
