package estimate

import (
	"math"
	"slices"
	"sort"
)

// RankSumTest is the two-sample test of Wilcoxon (1945) and Mann and Whitney (1947), R's
// wilcox.test. Statistic is W, the number of pairs with x above y, ties counting half.
//
// The p value is exact where both samples have fewer than 50 values and none are tied;
// otherwise normal with the continuity correction and the variance corrected for ties, and a
// warning says so. NaN values are left out; an empty sample gives NaN.
func RankSumTest(x, y []float64, side Alternative) TestResult {
	x, _ = defined(x)
	y, _ = defined(y)
	nan := Float(math.NaN())
	r := TestResult{
		Name: "Wilcoxon rank sum", Statistic: nan, DF: nan, P: nan,
		Difference: undefined(0, "the rank sum test estimates no difference"),
	}
	if len(x) == 0 || len(y) == 0 {
		r.Warnings = []string{"a sample is empty, the test is undefined"}
		return r
	}
	w, ties := rankSum(x, y)
	r.Statistic = Float(w)
	if len(x) < 50 && len(y) < 50 && ties == 0 {
		lower, upper := exactRankSum(int(w), len(x), len(y))
		r.P = Float(pValue(side, lower, upper))
		return r
	}
	r.P = Float(approximateRankSum(w, ties, float64(len(x)), float64(len(y)), side))
	r.Warnings = []string{"ties or 50 and more values: normal approximation instead of the exact distribution"}
	return r
}

// rankSum returns W and the sum of t^3 - t over the groups of t tied values.
func rankSum(x, y []float64) (w, ties float64) {
	all := slices.Concat(x, y)
	slices.Sort(all)
	sortedX := slices.Clone(x)
	slices.Sort(sortedX)
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j] == all[i] {
			j++
		}
		from, _ := slices.BinarySearch(sortedX, all[i])
		to := sort.Search(len(sortedX), func(k int) bool { return sortedX[k] > all[i] })
		t := float64(j - i)
		w += float64(to-from) * (float64(i+j+1) / 2) // the mean rank of the tied
		ties += t*t*t - t
		i = j
	}
	n := float64(len(x))
	return w - n*(n+1)/2, ties
}

// exactRankSum returns P(W <= w) and P(W >= w) when all orders are equally likely, by
// counting the subsets of size m among the ranks with each sum.
func exactRankSum(w, m, n int) (lower, upper float64) {
	count := make([][]float64, m+1) // count[k][s]: k of the first ranks, W = s
	for k := range count {
		count[k] = make([]float64, m*n+1)
	}
	count[0][0] = 1
	for rank := range m + n { // a value at this rank, picked k-th, exceeds rank-(k-1) of y
		for k := min(m, rank+1); k >= 1; k-- {
			gain := rank - (k - 1)
			for s := m * n; s >= gain; s-- {
				count[k][s] += count[k-1][s-gain]
			}
		}
	}
	total := sum(count[m])
	return sum(count[m][:w+1]) / total, sum(count[m][w:]) / total
}

func approximateRankSum(w, ties, m, n float64, side Alternative) float64 {
	z := w - m*n/2
	sigma := math.Sqrt(m * n / 12 * (m + n + 1 - ties/((m+n)*(m+n-1))))
	switch side {
	case Greater:
		z -= 0.5
	case Less:
		z += 0.5
	default:
		z -= math.Copysign(min(0.5, math.Abs(z)), z)
	}
	return pValue(side, normalCDF(z/sigma), normalCDF(-z/sigma))
}
