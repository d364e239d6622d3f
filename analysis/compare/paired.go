package compare

import (
	"fmt"
	"math"

	"collectsim/analysis/estimate"
)

// A Pair is the comparison of two strategies on one metric under common random numbers.
type Pair struct {
	// Difference is challenger minus champion, with the t interval of the paired differences.
	// Identical replications give exactly 0, Low = High = SE = 0.
	Difference estimate.Estimate `json:"difference"`
	// P is the two-sided p value of the paired t test of no difference: 1 if identical, 0 if
	// the difference is the same other than 0 in every replication, NaN without an interval.
	P estimate.Float `json:"p"`
	// VarianceReduction is what pairing gained; see [VarianceReduction].
	VarianceReduction estimate.Float `json:"variance_reduction"`
	// Correlation of the two strategies' replications; NaN if either is constant.
	Correlation estimate.Float `json:"correlation"`
	// Identical reports that the strategies are equal in every replication.
	Identical bool `json:"identical"`
}

// Paired compares challenger with champion replication by replication.
//
// The slices are parallel, one value a replication, of the same seed. Pairs with a NaN are
// left out with a warning. Panics if the lengths differ or confidence is outside (0, 1).
// Source: paired t, Student (1908); under common random numbers, Law (2015), section 11.2.
func Paired(challenger, champion []float64, confidence float64) Pair {
	a, b, dropped := complete(challenger, champion)
	diff := make([]float64, len(a))
	for i := range a {
		diff[i] = a[i] - b[i]
	}
	p := Pair{
		Difference:        estimate.Mean(diff, confidence),
		VarianceReduction: estimate.Float(VarianceReduction(a, b)),
		Correlation:       estimate.Float(correlation(a, b)),
		Identical:         len(a) > 0 && allZero(diff),
	}
	if p.Identical {
		p.Difference.Low, p.Difference.High, p.Difference.SE = 0, 0, 0
		p.Difference.Warnings = nil
		if n := len(a); n < estimate.FewReplications {
			p.Difference.Warnings = []string{fmt.Sprintf("equal in all %d replications; need >= %d to trust that", n, estimate.FewReplications)}
		}
	}
	if dropped > 0 {
		p.Difference.Warnings = append(p.Difference.Warnings,
			fmt.Sprintf("%d of %d replications have no value in one of the strategies and are left out", dropped, len(challenger)))
	}
	p.P = estimate.Float(pairedP(p))
	return p
}

func pairedP(p Pair) float64 {
	d := p.Difference
	switch {
	case p.Identical:
		return 1
	case d.N < 2 || math.IsNaN(d.SE):
		return math.NaN()
	case d.SE == 0:
		return 0
	}
	return estimate.TTail(d.Value/d.SE, float64(d.N-1))
}

// VarianceReduction returns (Var A + Var B) / Var(A - B): by which factor the variance of
// the estimated difference would be larger had the strategies met independent borrowers.
//
// 1 means that pairing gained nothing, below 1 that it hurt. Rule where A - B never varies
// (identical strategies among them): +Inf if A or B varies, NaN (undefined) if neither does.
// NaN for fewer than two pairs. Panics if the lengths differ.
func VarianceReduction(a, b []float64) float64 {
	a, b, _ = complete(a, b)
	diff := make([]float64, len(a))
	for i := range a {
		diff[i] = a[i] - b[i]
	}
	_, va := estimate.MeanVariance(a)
	_, vb := estimate.MeanVariance(b)
	_, vd := estimate.MeanVariance(diff)
	return (va + vb) / vd // x/0 = +Inf, 0/0 = NaN
}

func correlation(a, b []float64) float64 {
	ma, va := estimate.MeanVariance(a)
	mb, vb := estimate.MeanVariance(b)
	var s float64
	for i := range a {
		s += (a[i] - ma) * (b[i] - mb)
	}
	r := s / float64(len(a)-1) / math.Sqrt(va*vb)
	return math.Max(-1, math.Min(1, r)) // math.Max and Min keep NaN
}

// complete returns the pairs without NaN and the number left out.
func complete(a, b []float64) (x, y []float64, dropped int) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("compare: pairs: lengths differ: %d and %d", len(a), len(b)))
	}
	for i := range a {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y, len(a) - len(x)
}

func allZero(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}
