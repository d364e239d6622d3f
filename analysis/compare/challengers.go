package compare

import (
	"math"
	"slices"

	"collectsim/analysis/estimate"
)

// A Comparison is one challenger against the champion, as one of a family of challengers.
//
// Difference (of Pair) has the interval of this challenger alone. Low and High hold for all
// challengers of the family at once (Bonferroni). HolmP is below 1 - confidence exactly
// where HolmLow..HolmHigh leaves 0 out.
type Comparison struct {
	Metric
	Champion   string `json:"champion"`
	Challenger string `json:"challenger"`
	Pair
	HolmP    estimate.Float `json:"holm_p"`
	HolmLow  estimate.Float `json:"holm_low"`
	HolmHigh estimate.Float `json:"holm_high"`
	Low      estimate.Float `json:"simultaneous_low"`
	High     estimate.Float `json:"simultaneous_high"`
	// ReplicationsNeeded would tell a difference of the size seen; 0 where it cannot be said.
	ReplicationsNeeded int     `json:"replications_needed"`
	Verdict            Verdict `json:"verdict"`
}

// Challengers compares each challenger with the champion on one metric, and pays for looking
// at several: p values are adjusted by Holm's method, which keeps the chance of any false
// difference at 1 - confidence under any dependence.
//
// Two intervals come with it. Low..High (Bonferroni) cover all true differences at once
// with the stated confidence. HolmLow..HolmHigh (step-down) are narrower and made to agree
// with Holm's decisions about 0; they are no simultaneous confidence region (a strategy's
// level depends on its rank), so [Verdict] reads sizes off Low..High only.
//
// reasons, by challenger, are passed on to the verdicts; nil for none. Panics if lengths
// differ, a direction is unknown or an option is out of range.
// Source: Holm (1979); step-down intervals: Serlin (1993), Ludbrook (2000).
func Challengers(m Metric, champion Series, challengers []Series, o Options, reasons map[string][]string) []Comparison {
	o = o.withDefaults()
	out := make([]Comparison, len(challengers))
	p := make([]float64, len(challengers))
	for i, c := range challengers {
		out[i] = Comparison{
			Metric: m, Champion: champion.Name, Challenger: c.Name,
			Pair: Paired(c.Values, champion.Values, o.Confidence),
		}
		p[i] = float64(out[i].P)
	}
	alpha := 1 - o.Confidence
	adjusted, share := Holm(p), stepDownShares(p, alpha)
	family := familySize(p)
	for i := range out {
		c := &out[i]
		c.HolmP = estimate.Float(adjusted[i])
		c.HolmLow, c.HolmHigh = interval(c.Difference, alpha/share[i])
		c.Low, c.High = interval(c.Difference, alpha/float64(family))
		c.ReplicationsNeeded = needed(c.Difference, alpha/float64(family), o.Power)
		c.Verdict = judge(*c, family, o, reasons[c.Challenger])
	}
	return out
}

// Holm returns the adjusted p values of a family of tests: the largest, over the tests with
// a p value up to this one, of p times the number of tests not yet passed; at most 1. NaN (a
// test that could not be made) stays NaN and does not count. Source: Holm (1979).
func Holm(p []float64) []float64 {
	out := slices.Clone(p)
	worst := 0.0
	for rank, i := range ascending(p) {
		worst = max(worst, min(1, p[i]*float64(familySize(p)-rank)))
		out[i] = worst
	}
	return out
}

// stepDownShares returns by what alpha is divided for each test: m, m-1, ... in order of the
// p values, and from the first that is not rejected on no longer less.
func stepDownShares(p []float64, alpha float64) []float64 {
	out := make([]float64, len(p))
	for i := range out {
		out[i] = math.NaN()
	}
	m := float64(familySize(p))
	for _, i := range ascending(p) {
		out[i] = m
		if p[i]*m < alpha {
			m--
		}
	}
	return out
}

// ascending returns the indices of the p values that are not NaN in their order.
func ascending(p []float64) []int {
	var order []int
	for i := range p {
		if !math.IsNaN(p[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	return order
}

func familySize(p []float64) int { return len(ascending(p)) }

// interval returns the t interval of a difference at the level alpha.
func interval(d estimate.Estimate, alpha float64) (low, high estimate.Float) {
	if math.IsNaN(d.Low) || math.IsNaN(alpha) || math.IsInf(alpha, 0) {
		return estimate.Float(math.NaN()), estimate.Float(math.NaN())
	}
	if d.SE == 0 { // also of a single replication in which the two are identical
		return estimate.Float(d.Value), estimate.Float(d.Value)
	}
	half := estimate.TQuantile(1-alpha/2, float64(d.N-1)) * d.SE
	return estimate.Float(d.Value - half), estimate.Float(d.Value + half)
}
