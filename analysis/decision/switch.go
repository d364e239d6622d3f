package decision

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Switch is a price at which the strategy that is best in expectation changes.
type Switch struct {
	Price float64 `json:"price"`
	From  string  `json:"from"` // best just below Price
	To    string  `json:"to"`   // best just above it
	// Low and High bound the price above which To is better than From, at the confidence of the
	// [Bootstrap]. An infinite High (null in JSON) means that no such price may exist. They are
	// undefined if no samples were given.
	Low  Number `json:"low"`
	High Number `json:"high"`
	// Support is the share of resamples in which the same change, From to To, is a switch of the whole
	// set of strategies. Undefined if no samples were given.
	Support Number `json:"support"`
}

// Bootstrap sets how intervals are found by resampling the samples with replacement, all strategies together.
type Bootstrap struct {
	Resamples  int     // at least 2; 0 means 1000
	Confidence float64 // in (0, 1); 0 means 0.95
	Seed       uint64  // any value, 0 is a seed like others
}

func (o Bootstrap) withDefaults() (Bootstrap, error) {
	if o.Resamples == 0 {
		o.Resamples = 1000
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	var errs []error
	if o.Resamples < 2 {
		errs = append(errs, fmt.Errorf("resamples: %d, must be at least 2", o.Resamples))
	}
	if !(o.Confidence > 0 && o.Confidence < 1) {
		errs = append(errs, fmt.Errorf("confidence: %v, must be above 0 and below 1", o.Confidence))
	}
	return o, errors.Join(errs...)
}

// Switches lists the boundaries of ranges, as [BestByPrice] returns them, without intervals.
func Switches(ranges []Range) []Switch {
	var out []Switch
	for i := 1; i < len(ranges); i++ {
		out = append(out, Switch{
			Price: ranges[i].From, From: ranges[i-1].Strategy, To: ranges[i].Strategy,
			Low: Undefined(), High: Undefined(), Support: Undefined(),
		})
	}
	return out
}

// WTPSwitches finds the prices per unit of effect at which the best strategy of s changes, with intervals.
// See [SwitchIntervals].
func WTPSwitches(s Samples, o Bootstrap) ([]Switch, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	a := make([][]float64, len(s.Cost))
	for k, row := range s.Cost {
		a[k] = negated(row)
	}
	return SwitchIntervals(s.Strategies, a, s.Effect, o)
}

// SwitchIntervals finds the boundaries of [BestByPrice] for the means of a and b ([strategy][sample],
// aligned), with bootstrap percentile intervals.
//
// The interval says how far the price would move if as many samples were drawn again: it shrinks with
// more samples (of one there is none), and is not the spread of the price over the uncertain parameters (for that, see the
// acceptability curves). In each resample the price is the lowest one above which To beats From: 0 if it
// does at every price, +Inf if it does at none. Fewer than about 30 samples make the interval too narrow.
//
// Returns all faults of the input at once. Source: Efron and Tibshirani 1993, section 13.3.
func SwitchIntervals(names []string, a, b [][]float64, o Bootstrap) ([]Switch, error) {
	o, err := o.withDefaults()
	s := Samples{Strategies: names, Cost: a, Effect: b} // in the role of the two tables
	errs := append(checkNames(names), checkTable("a", names, a, s.sampleCount()), checkTable("b", names, b, s.sampleCount()), err)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	m := s.Means()
	out := Switches(ranges(names, m.Cost, m.Effect))
	if len(out) == 0 || s.Len() < 2 {
		return out, nil // a single sample has no spread to resample
	}
	prices, support := resampleSwitches(out, names, a, b, o)
	for i := range out {
		slices.Sort(prices[i])
		out[i].Low = Number(orderStatistic(prices[i], (1-o.Confidence)/2))
		out[i].High = Number(orderStatistic(prices[i], (1+o.Confidence)/2))
		out[i].Support = Number(support[i] / float64(o.Resamples))
	}
	return out, nil
}

// resampleSwitches returns the price of each switch in each resample, and how often it was a switch.
func resampleSwitches(s []Switch, names []string, a, b [][]float64, o Bootstrap) (prices [][]float64, support []float64) {
	prices, support = make([][]float64, len(s)), make([]float64, len(s))
	rng := rand.New(rand.NewPCG(o.Seed, 0x5317c4))
	count := make([]float64, len(a[0])) // how often each sample is in the resample
	ra, rb := make([]float64, len(a)), make([]float64, len(a))
	for range o.Resamples {
		resample(rng, count)
		for k := range a {
			ra[k], rb[k] = weightedMean(count, a[k]), weightedMean(count, b[k])
		}
		found := Switches(ranges(names, ra, rb))
		for i, sw := range s {
			from, to := slices.Index(names, sw.From), slices.Index(names, sw.To)
			prices[i] = append(prices[i], overtakingPrice(ra[from], rb[from], ra[to], rb[to]))
			if slices.ContainsFunc(found, func(f Switch) bool { return f.From == sw.From && f.To == sw.To }) {
				support[i]++
			}
		}
	}
	return prices, support
}

func resample(rng *rand.Rand, count []float64) {
	clear(count)
	for range count {
		count[rng.IntN(len(count))]++
	}
}

func weightedMean(weight, x []float64) float64 {
	sum := 0.0
	for i, w := range weight {
		sum += float64(w * x[i])
	}
	return sum / float64(len(x))
}

// overtakingPrice is the lowest price >= 0 above which the second line is higher, +Inf if there is none.
func overtakingPrice(a1, b1, a2, b2 float64) float64 {
	switch {
	case b2 > b1:
		return math.Max(0, (a1-a2)/(b2-b1))
	case b2 == b1 && a2 > a1:
		return 0
	}
	return math.Inf(1)
}

// orderStatistic is the empirical p-quantile of sorted x, one of its values: some may be infinite, which
// rules out interpolation.
func orderStatistic(x []float64, p float64) float64 {
	i := int(math.Ceil(p*float64(len(x)))) - 1
	return x[min(max(i, 0), len(x)-1)]
}
