package compare

import (
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
)

// Borrowers are individual outcomes under two strategies: the same borrower living the same
// life. All slices are parallel, one row a borrower and replication.
type Borrowers struct {
	Replication []int
	Group       []string  // nil: no groups
	Champion    []float64 // the metric of this borrower under the champion
	Challenger  []float64 // and under the challenger
	// Spend is the challenger's spending on the borrower, PaidAnyway whether the borrower
	// pays under the champion, too. Both or neither; nil leaves the money figures undefined.
	Spend      []float64
	PaidAnyway []bool
	Score      []float64 // targeting score, high first; only [Targeting] reads it
}

// EffectOptions tune [Effects]. The zero value is valid.
type EffectOptions struct {
	Confidence float64 // in (0, 1); 0 means 0.95
	Tolerance  float64 // an effect up to this, either way, counts as unaffected; >= 0
}

// GroupEffects says what a challenger does to the borrowers of one group.
//
// Helped, Unaffected and Harmed are shares of borrowers that add up to 1. MeanEffect is the
// mean of challenger minus champion, in the metric's own direction.
type GroupEffects struct {
	Group       string            `json:"group"` // "" is everybody
	Borrowers   int               `json:"borrowers"`
	Helped      estimate.Estimate `json:"helped"`
	Unaffected  estimate.Estimate `json:"unaffected"`
	Harmed      estimate.Estimate `json:"harmed"`
	MeanEffect  estimate.Estimate `json:"mean_effect"`
	SpentAnyway estimate.Estimate `json:"spent_anyway"`       // money per replication on borrowers who pay anyway
	ShareAnyway estimate.Estimate `json:"share_spent_anyway"` // of all money spent
}

// Effects counts whom a challenger helps and harms, for everybody and for each group, by name.
//
// Shares are totals over totals of the replications, with Fieller's interval over
// replications (the t interval where every replication has as many borrowers). With a
// single replication, or where none or all of the borrowers count, they are Wilson's over
// the borrowers, and a warning says what that leaves out. Rows with a NaN outcome are left out, counted in a warning of the shares.
//
// Common random numbers make the effects individual. Of people only one of the two outcomes
// can ever be seen: these shares are known to the model and are no more certain than it.
//
// Panics if lengths differ, the metric is good neither way, or an option is out of range.
func Effects(m Metric, b Borrowers, o EffectOptions) []GroupEffects {
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if m.sign() == 0 || !(o.Tolerance >= 0) {
		panic(fmt.Sprintf("compare: effects of %s: needs a better direction (%s) and a tolerance >= 0 (%v)", m.Name, m.Better, o.Tolerance))
	}
	b.check()
	out := []GroupEffects{b.effects(m, o, "")}
	if b.Group == nil {
		return out
	}
	groups := slices.Clone(b.Group)
	slices.Sort(groups)
	for _, g := range slices.Compact(groups) {
		if g != "" {
			out = append(out, b.effects(m, o, g))
		}
	}
	return out
}

func (b Borrowers) check() {
	n := len(b.Replication)
	ok := len(b.Champion) == n && len(b.Challenger) == n && len(b.Spend) == len(b.PaidAnyway) &&
		(b.Group == nil || len(b.Group) == n) && (b.Spend == nil || len(b.Spend) == n) && (b.Score == nil || len(b.Score) == n)
	if !ok {
		panic("compare: borrowers: columns differ in length")
	}
}

// A tally is one replication's sums over the borrowers of a group.
type tally struct {
	borrowers, helped, harmed, effect, spend, anyway float64
}

func (b Borrowers) effects(m Metric, o EffectOptions, group string) GroupEffects {
	tallies, undefinedRows := b.tally(m, o, group)
	column := func(f func(tally) float64) []float64 {
		out := make([]float64, len(tallies))
		for i, t := range tallies {
			out[i] = f(t)
		}
		return out
	}
	n := column(func(t tally) float64 { return t.borrowers })
	share := func(f func(tally) float64) estimate.Estimate {
		e := shareOver(column(f), n, o.Confidence)
		if undefinedRows > 0 {
			e.Warnings = append(e.Warnings, fmt.Sprintf("%d borrowers without an outcome are left out", undefinedRows))
		}
		return e
	}
	g := GroupEffects{
		Group: group, Borrowers: int(total(n)),
		Helped:     share(func(t tally) float64 { return t.helped }),
		Harmed:     share(func(t tally) float64 { return t.harmed }),
		Unaffected: share(func(t tally) float64 { return t.borrowers - t.helped - t.harmed }),
		MeanEffect: estimate.Ratio(column(func(t tally) float64 { return t.effect }), n, o.Confidence),
	}
	spend, anyway := column(func(t tally) float64 { return t.spend }), column(func(t tally) float64 { return t.anyway })
	g.SpentAnyway, g.ShareAnyway = estimate.Mean(anyway, o.Confidence), estimate.Ratio(anyway, spend, o.Confidence)
	return g
}

// tally sums per replication, in order of the replications' numbers.
func (b Borrowers) tally(m Metric, o EffectOptions, group string) (out []tally, undefinedRows int) {
	replications := slices.Clone(b.Replication)
	slices.Sort(replications)
	replications = slices.Compact(replications)
	out = make([]tally, len(replications))
	for i, r := range b.Replication {
		if group != "" && b.Group[i] != group {
			continue
		}
		diff := b.Challenger[i] - b.Champion[i]
		if math.IsNaN(diff) {
			undefinedRows++
			continue
		}
		k, _ := slices.BinarySearch(replications, r)
		b.addTo(&out[k], i, diff, m.sign()*diff, o.Tolerance)
	}
	return slices.DeleteFunc(out, func(t tally) bool { return t.borrowers == 0 }), undefinedRows
}

func (b Borrowers) addTo(t *tally, row int, diff, gain, tolerance float64) {
	t.borrowers++
	t.effect += diff
	switch {
	case gain > tolerance:
		t.helped++
	case gain < -tolerance:
		t.harmed++
	}
	if b.Spend == nil {
		t.spend, t.anyway = math.NaN(), math.NaN()
		return
	}
	t.spend += b.Spend[row]
	if b.PaidAnyway[row] {
		t.anyway += b.Spend[row]
	}
}

// shareOver estimates a share from counts over replications. Where nothing varies between
// them, because there is one or because none or all of the borrowers count, their spread
// would say that the share is exact; Wilson's interval over the borrowers does not.
func shareOver(count, n []float64, confidence float64) estimate.Estimate {
	k, all := total(count), total(n)
	if all == 0 || len(n) > 1 && k > 0 && k < all {
		return estimate.Ratio(count, n, confidence)
	}
	e := estimate.Share(int(k), int(all), confidence)
	why := "none or all of the borrowers count"
	if len(n) == 1 {
		why = fmt.Sprintf("one replication, need >= %d", estimate.FewReplications)
	}
	e.Warnings = append(e.Warnings, why+": the interval takes borrowers as independent and leaves out what they share")
	return e
}

func total(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v
	}
	return s
}
