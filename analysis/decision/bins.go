package decision

import (
	"cmp"
	"math"
	"slices"
)

// binCount balances the two errors of bin means: the noise within bins grows as bins/n, the coarseness
// falls as 1/bins^2, so the number of bins goes as the cube root of n.
func binCount(n int) int { return int(math.Ceil(2 * math.Cbrt(float64(n)))) }

// binsOf lists the samples of each bin: one bin per value where there are few values, else bins of equal
// size along x.
func binsOf(x, different []float64) [][]int {
	byValue := make([]int, len(x))
	for i := range x {
		byValue[i] = i
	}
	slices.SortFunc(byValue, func(a, b int) int { return cmp.Or(cmp.Compare(x[a], x[b]), cmp.Compare(a, b)) })
	count := binCount(len(x))
	var bins [][]int
	if len(different) > count {
		for b := range count {
			bins = append(bins, byValue[b*len(x)/count:(b+1)*len(x)/count])
		}
		return bins
	}
	start := 0
	for i := 1; i <= len(x); i++ {
		if i == len(x) || x[byValue[i]] != x[byValue[start]] {
			bins = append(bins, byValue[start:i])
			start = i
		}
	}
	return bins
}

// binValue picks the strategy of the highest mean gain in each bin.
func binValue(bins [][]int, gains [][]float64) PartialValue {
	chosen := make([]float64, len(gains[0])) // gain of the choice, per sample
	crossfit := 0.0
	for _, bin := range bins {
		if k := bestIn(bin, gains, 0, 1); k >= 0 {
			for _, i := range bin {
				chosen[i] = gains[k][i]
			}
		}
		for half := range 2 {
			if k := bestIn(bin, gains, half, 2); k >= 0 {
				for at := 1 - half; at < len(bin); at += 2 {
					crossfit += gains[k][bin[at]]
				}
			}
		}
	}
	value := math.Max(0, mean(chosen))
	bias := math.Max(0, value-math.Max(0, crossfit/float64(len(chosen))))
	v := PartialValue{EVPPI: value, SE: Number(standardError(chosen)), Bias: bias}
	v.cover(chosen, gains, make([]float64, len(gains)+1))
	v.Low = math.Max(0, v.Low-bias)
	return v
}

// bestIn is the strategy of the highest positive mean gain over every step-th sample of the bin, -1 for
// the strategy that is best overall.
func bestIn(bin []int, gains [][]float64, from, step int) int {
	best, top := -1, 0.0
	for k, gain := range gains {
		sum := 0.0
		for at := from; at < len(bin); at += step {
			sum += gain[bin[at]]
		}
		if sum > top {
			best, top = k, sum
		}
	}
	return best
}
