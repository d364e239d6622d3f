package sensitivity

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Random returns n independent points, each factor uniform on its scale. Errors: invalid bounds, n below 1.
func Random(b Bounds, n int, seed uint64) ([][]float64, error) {
	if err := checkSize("random design", n, len(b)); err != nil {
		return nil, err
	}
	rng := generator(seed, streamRandom)
	unit := table(n, len(b))
	for _, row := range unit {
		for i := range row {
			row[i] = rng.Float64()
		}
	}
	return b.Scale(unit)
}

// LHSOptions tune [LatinHypercube].
type LHSOptions struct {
	Seed     uint64
	Centered bool // put points in the middle of their strata instead of at random within them
	Maximin  int  // draw this many hypercubes and keep the one whose closest pair is farthest apart; 0 and 1: draw one
}

// LatinHypercube returns n points whose every single-factor projection has exactly one point in each of n equal
// strata of the factor's scale.
//
// With Maximin t the cost is O(t n² k); distances are Euclidean in the unit cube.
// Errors: invalid bounds, n below 1, negative Maximin.
// Source: McKay, Beckman and Conover (1979); maximin criterion: Johnson, Moore and Ylvisaker (1990), here the best of
// random candidates, not the optimum.
func LatinHypercube(b Bounds, n int, o LHSOptions) ([][]float64, error) {
	if err := checkSize("latin hypercube", n, len(b)); err != nil {
		return nil, err
	}
	if o.Maximin < 0 {
		return nil, fmt.Errorf("latin hypercube: maximin must be at least 0, got %d", o.Maximin)
	}
	rng := generator(o.Seed, streamLHS)
	best := latin(rng, n, len(b), o.Centered)
	bestGap := -1.0
	for t := 0; t < o.Maximin; t++ {
		candidate := best
		if t > 0 {
			candidate = latin(rng, n, len(b), o.Centered)
		}
		if gap := closestPair(candidate); gap > bestGap {
			best, bestGap = candidate, gap
		}
	}
	return b.Scale(best)
}

func latin(rng *rand.Rand, n, k int, centered bool) [][]float64 {
	unit := table(n, k)
	for i := range k {
		for r, stratum := range rng.Perm(n) {
			within := 0.5
			if !centered {
				within = rng.Float64()
			}
			unit[r][i] = inStratum(stratum, n, within)
		}
	}
	return unit
}

// inStratum returns (stratum+within)/n, kept inside its stratum where rounding would carry it into the next.
func inStratum(stratum, n int, within float64) float64 {
	end := float64(stratum+1) / float64(n)
	return min((float64(stratum)+within)/float64(n), math.Nextafter(end, 0))
}

// closestPair is the smallest squared distance between two points.
func closestPair(points [][]float64) float64 {
	gap := math.Inf(1)
	for r, p := range points {
		for _, q := range points[:r] {
			gap = min(gap, squaredDistance(p, q))
		}
	}
	return gap
}

func squaredDistance(p, q []float64) float64 {
	sum := 0.0
	for i := range p {
		sum += (p[i] - q[i]) * (p[i] - q[i])
	}
	return sum
}
