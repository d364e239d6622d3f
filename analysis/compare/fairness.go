package compare

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/estimate"
)

// A GroupSeries is one group's replications of a metric, and the accounts behind each.
type GroupSeries struct {
	Group    string
	Values   []float64 // one a replication; NaN where undefined
	Accounts []float64 // group size in each replication
}

// FairnessOptions tune [FairnessGaps]. The zero value is valid.
type FairnessOptions struct {
	Confidence float64 // in (0, 1); 0 means 0.95
	// Reference names the group that the others are measured against; "" means everybody.
	Reference string
	// MinAccounts is the mean number of accounts a replication below which a group is pooled
	// with other small ones; 0 means 30 (assumption: the usual rule of thumb for a share).
	MinAccounts float64
}

// A Gap is how far one group is from the reference.
type Gap struct {
	Group    string            `json:"group"`
	Accounts estimate.Float    `json:"accounts"` // mean a replication
	Value    estimate.Estimate `json:"value"`
	Gap      estimate.Estimate `json:"gap"` // group minus reference, paired over replications
	P        estimate.Float    `json:"p"`   // of no gap
	HolmP    estimate.Float    `json:"holm_p"`
	Pooled   []string          `json:"pooled,omitempty"` // the small groups inside
}

// A Fairness holds the gaps of one strategy on one metric and dimension.
type Fairness struct {
	Metric
	Reference string `json:"reference"` // "" is everybody
	Gaps      []Gap  `json:"gaps"`      // by name, the pooled group last
	// MaxGap is the largest difference between two groups, HighGroup minus LowGroup. Its
	// interval is at the level that holds for every pair of groups at once (Bonferroni),
	// since the pair was picked by its size.
	MaxGap    estimate.Estimate `json:"max_gap"`
	HighGroup string            `json:"high_group"`
	LowGroup  string            `json:"low_group"`
	Warnings  []string          `json:"warnings,omitempty"`
}

// FairnessGaps measures how far groups of borrowers are apart on a metric.
//
// Everybody is the mean over groups weighted by accounts, which is exact for shares and
// means per account and an approximation for other ratios. Groups below the minimum are
// pooled by the same weights with a warning; a pooled group that is still too small, or a
// group left alone, has its value but no gap. Gaps have the t interval over replications,
// each by itself; HolmP pays for looking at all of them.
//
// The error says that the reference is no group, or too small. Panics if lengths differ or
// an option is out of range.
func FairnessGaps(m Metric, groups []GroupSeries, o FairnessOptions) (Fairness, error) {
	m.sign()
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.MinAccounts == 0 {
		o.MinAccounts = 30
	}
	f := Fairness{Metric: m, Reference: o.Reference}
	kept, small := splitBySize(groups, o.MinAccounts)
	reference, err := referenceValues(groups, kept, o)
	if err != nil {
		return f, err
	}
	judged := slices.Clone(kept)
	for _, g := range kept {
		f.Gaps = append(f.Gaps, gapTo(g, reference, o))
	}
	if len(small) > 0 {
		pool, ok := f.addPool(small, reference, o)
		if ok {
			judged = append(judged, pool)
		}
	}
	f.adjust()
	f.addMaxGap(judged, o)
	return f, nil
}

// addPool adds the small groups as one; ok reports that together they are large enough.
func (f *Fairness) addPool(small []GroupSeries, reference []float64, o FairnessOptions) (pool GroupSeries, ok bool) {
	names := make([]string, len(small))
	for i, g := range small {
		names[i] = g.Group
	}
	pool = weighted(fmt.Sprintf("%d small groups", len(small)), small)
	gap := gapTo(pool, reference, o)
	gap.Pooled = names
	f.Warnings = append(f.Warnings, fmt.Sprintf("groups below %g accounts are pooled: %s", o.MinAccounts, strings.Join(names, ", ")))
	ok = meanOf(pool.Accounts) >= o.MinAccounts
	if !ok {
		reason := fmt.Sprintf("even pooled only %.3g accounts a replication, need >= %g for a gap", meanOf(pool.Accounts), o.MinAccounts)
		nan := math.NaN()
		gap.Gap = estimate.Estimate{Value: nan, Low: nan, High: nan, SE: nan, N: len(pool.Values), Warnings: []string{reason}}
		gap.P = estimate.Float(nan)
		f.Warnings = append(f.Warnings, reason)
	}
	f.Gaps = append(f.Gaps, gap)
	return pool, ok
}

func splitBySize(groups []GroupSeries, least float64) (kept, small []GroupSeries) {
	for _, g := range groups {
		if len(g.Values) != len(g.Accounts) || len(g.Values) != len(groups[0].Values) {
			panic(fmt.Sprintf("compare: fairness: group %s: %d values, %d sizes, want %d of both", g.Group, len(g.Values), len(g.Accounts), len(groups[0].Values)))
		}
		if meanOf(g.Accounts) >= least {
			kept = append(kept, g)
		} else {
			small = append(small, g)
		}
	}
	byName := func(a, b GroupSeries) int { return strings.Compare(a.Group, b.Group) }
	slices.SortFunc(kept, byName)
	slices.SortFunc(small, byName)
	return kept, small
}

func referenceValues(groups, kept []GroupSeries, o FairnessOptions) ([]float64, error) {
	if o.Reference == "" {
		return weighted("", groups).Values, nil
	}
	for _, g := range kept {
		if g.Group == o.Reference {
			return g.Values, nil
		}
	}
	for _, g := range groups {
		if g.Group == o.Reference {
			return nil, fmt.Errorf("reference group %q: has fewer than %g accounts", o.Reference, o.MinAccounts)
		}
	}
	return nil, fmt.Errorf("reference group %q: no such group", o.Reference)
}

// weighted joins groups by their accounts; where a group without a value has accounts, the
// others stand for it, and a replication where none has a value is NaN.
func weighted(name string, groups []GroupSeries) GroupSeries {
	out := GroupSeries{Group: name}
	if len(groups) == 0 {
		return out
	}
	for k := range groups[0].Values {
		var sum, weight, accounts float64
		for _, g := range groups {
			accounts += g.Accounts[k]
			if !math.IsNaN(g.Values[k]) {
				sum, weight = sum+g.Accounts[k]*g.Values[k], weight+g.Accounts[k]
			}
		}
		out.Values, out.Accounts = append(out.Values, sum/weight), append(out.Accounts, accounts)
	}
	return out
}

func gapTo(g GroupSeries, reference []float64, o FairnessOptions) Gap {
	p := Paired(g.Values, reference, o.Confidence)
	return Gap{
		Group: g.Group, Accounts: estimate.Float(meanOf(g.Accounts)),
		Value: estimate.Mean(g.Values, o.Confidence), Gap: p.Difference, P: p.P,
	}
}

// adjust applies Holm's method over the gaps; the reference itself is no test.
func (f *Fairness) adjust() {
	p := make([]float64, len(f.Gaps))
	for i, g := range f.Gaps {
		p[i] = float64(g.P)
		if g.Group == f.Reference && f.Reference != "" {
			p[i] = math.NaN()
		}
	}
	for i, v := range Holm(p) {
		f.Gaps[i].HolmP = estimate.Float(v)
	}
}

func (f *Fairness) addMaxGap(groups []GroupSeries, o FairnessOptions) {
	low, high := -1, -1
	for i, g := range groups {
		m := estimate.Mean(g.Values, o.Confidence).Value
		if math.IsNaN(m) {
			continue
		}
		if low < 0 || m < estimate.Mean(groups[low].Values, o.Confidence).Value {
			low = i
		}
		if high < 0 || m > estimate.Mean(groups[high].Values, o.Confidence).Value {
			high = i
		}
	}
	k := len(groups)
	if k < 2 || low < 0 || low == high {
		f.MaxGap = estimate.Mean(nil, o.Confidence)
		f.MaxGap.Warnings = []string{"need >= 2 groups that differ for a largest gap"}
		return
	}
	pairs := float64(k*(k-1)) / 2
	f.LowGroup, f.HighGroup = groups[low].Group, groups[high].Group
	f.MaxGap = Paired(groups[high].Values, groups[low].Values, 1-(1-o.Confidence)/pairs).Difference
}

func meanOf(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	return total(x) / float64(len(x))
}
