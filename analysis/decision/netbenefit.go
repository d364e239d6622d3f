package decision

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// NetBenefitPoint holds the mean net monetary benefit of every strategy at one price.
type NetBenefitPoint struct {
	WTP  float64            `json:"wtp"`
	Best string             `json:"best"` // highest net benefit; ties as in [ICERs]
	NMB  map[string]float64 `json:"nmb"`  // wtp*effect - cost, money
}

// NetBenefits evaluates wtp*effect - cost for every strategy at every price of the grid, in its order.
// Returns all faults of m and wtp (finite, at least 0) at once.
// Source: Stinnett and Mullahy 1998, Medical Decision Making 18(2).
func NetBenefits(m Means, wtp []float64) ([]NetBenefitPoint, error) {
	if err := errors.Join(m.Validate(), checkPrices("wtp", wtp)); err != nil {
		return nil, err
	}
	order := m.order()
	out := make([]NetBenefitPoint, len(wtp))
	for w, price := range wtp {
		nmb := make(map[string]float64, len(order))
		for k, name := range m.Strategies {
			nmb[name] = netBenefit(price, m.Effect[k], m.Cost[k])
		}
		out[w] = NetBenefitPoint{WTP: price, Best: m.Strategies[m.best(order, price)], NMB: nmb}
	}
	return out, nil
}

// netBenefit keeps the product a float64, so that no compiler may fuse the two operations: ties are exact,
// and equal on every machine.
func netBenefit(wtp, effect, cost float64) float64 { return float64(wtp*effect) - cost }

// benefitSize is what the rounding error of a net benefit is relative to.
func benefitSize(wtp, effect, cost float64) float64 { return math.Abs(wtp*effect) + math.Abs(cost) }

// tied reports whether a net benefit v equals the higher one, up to the rounding of price, effects and costs to float64
// and of what is done with them: each of them is off by half a unit in the last place, 2^-53 of itself.
func tied(higher, v, sizeHigher, size float64) bool {
	const unit = 0x1p-51
	return higher-v <= unit*(sizeHigher+size)
}

// best is the first strategy of order with the highest net benefit, or one that ties with it.
func (m Means) best(order []int, wtp float64) int {
	benefit := func(k int) float64 { return netBenefit(wtp, m.Effect[k], m.Cost[k]) }
	size := func(k int) float64 { return benefitSize(wtp, m.Effect[k], m.Cost[k]) }
	top := order[0]
	for _, k := range order[1:] {
		if benefit(k) > benefit(top) {
			top = k
		}
	}
	for _, k := range order {
		if tied(benefit(top), benefit(k), size(top), size(k)) {
			return k
		}
	}
	return top
}

// NetBenefit is the net monetary benefit at one price as [strategy][sample], the input of
// [PartialInformation] and [OpportunityLoss]. It assumes valid samples.
func (s Samples) NetBenefit(wtp float64) [][]float64 {
	out := make([][]float64, len(s.Strategies))
	for k := range out {
		out[k] = make([]float64, len(s.Cost[k]))
		for i, cost := range s.Cost[k] {
			out[k][i] = netBenefit(wtp, s.Effect[k][i], cost)
		}
	}
	return out
}

// IncrementalBenefit is the net benefit of strategy less that of comparator, as [wtp][sample]:
// wtp*(difference of effects) - (difference of costs).
// Errors: the faults of s and wtp, names that s does not have.
func IncrementalBenefit(s Samples, strategy, comparator string, wtp []float64) ([][]float64, error) {
	errs := []error{s.Validate(), checkPrices("wtp", wtp)}
	x, y := slices.Index(s.Strategies, strategy), slices.Index(s.Strategies, comparator)
	if x < 0 {
		errs = append(errs, fmt.Errorf("strategy: %q is not one of %q", strategy, s.Strategies))
	}
	if y < 0 {
		errs = append(errs, fmt.Errorf("comparator: %q is not one of %q", comparator, s.Strategies))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	out := make([][]float64, len(wtp))
	for w, price := range wtp {
		out[w] = make([]float64, s.Len())
		for i := range out[w] {
			out[w][i] = netBenefit(price, s.Effect[x][i]-s.Effect[y][i], s.Cost[x][i]-s.Cost[y][i])
		}
	}
	return out, nil
}

// OpportunityLoss is, per sample, the highest net benefit of any strategy less that of the chosen one.
// nmb is [strategy][sample]; chosen is an index into it. Its mean is the expected loss of that choice,
// and the value of perfect information if the choice is the best in expectation.
// Panics if chosen is out of range or a row is shorter than that of the chosen strategy.
func OpportunityLoss(nmb [][]float64, chosen int) []float64 {
	out := make([]float64, len(nmb[chosen]))
	for i := range out {
		top := nmb[chosen][i]
		for k := range nmb {
			top = max(top, nmb[k][i])
		}
		out[i] = top - nmb[chosen][i]
	}
	return out
}
