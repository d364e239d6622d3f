package sensitivity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// MorrisDesignOptions tune [MorrisDesign].
type MorrisDesignOptions struct {
	Seed       uint64
	Levels     int // p, of the grid in the unit cube; even, at least 2; 0 means 4
	Candidates int // draw this many trajectories and keep a spread-out subset; 0: keep what is drawn
}

// MorrisDesign returns n trajectories, one after the other, of k+1 points each: from a random grid point every factor
// is moved once, in random order, by Δ = p/(2(p-1)) of its range, up or down.
//
// With Candidates M > n, trajectories are added one by one, each time the one that is farthest from those already
// chosen, from the farthest pair on. The cost is O(M² k³). [Morris] reads values in this order.
//
// An integer factor is moved to the whole number at the grid point's share of its range, so that its steps can be
// unequal; [Morris] divides by the step really made.
//
// Errors: invalid bounds, n below 1, odd or too few Levels, Candidates below n.
// Source: Morris (1991); distance between trajectories: Campolongo, Cariboni and Saltelli (2007), eq. 10; greedy
// choice instead of all subsets: Ruano, Ribes, Seco and Ferrer (2012).
func MorrisDesign(b Bounds, n int, o MorrisDesignOptions) ([][]float64, error) {
	if o.Levels == 0 {
		o.Levels = 4
	}
	if err := o.check(len(b), n); err != nil {
		return nil, err
	}
	rng := generator(o.Seed, streamMorris)
	drawn := make([][][]float64, max(n, o.Candidates))
	for t := range drawn {
		drawn[t] = trajectory(rng, len(b), o.Levels)
	}
	if len(drawn) > n {
		drawn = spread(drawn, n)
	}
	var unit [][]float64
	for _, t := range drawn {
		unit = append(unit, t...)
	}
	return b.halves().Scale(unit)
}

// halves gives factors of two whole numbers each the same share of the range. On a logarithmic scale the lower one's can be
// wider than a step, which then would not move the factor.
func (b Bounds) halves() Bounds {
	out := slices.Clone(b)
	for i, f := range out {
		out[i].Log = f.Log && !(f.Integer && f.Low > 0 && f.High == f.Low+1) // below 1 it is a fault
	}
	return out
}

func (o MorrisDesignOptions) check(k, n int) error {
	var bad faults
	if err := checkSize("morris trajectories", n, (k+1)*k); err != nil {
		bad.add("%w", err)
	}
	if o.Levels < 2 || o.Levels%2 != 0 {
		bad.add("morris levels: must be even and at least 2, got %d", o.Levels)
	}
	if o.Candidates != 0 && o.Candidates < n {
		bad.add("morris candidates: must be at least the %d trajectories to choose, or 0, got %d", n, o.Candidates)
	}
	if o.Candidates > 5000 {
		bad.add("morris candidates: at most 5000, got %d", o.Candidates)
	}
	return bad.join()
}

// trajectory draws one random walk on the grid {0, 1/(p-1), ..., 1}^k. Numbers are kept as grid indices until the
// end, so that equal levels are equal floats.
func trajectory(rng *rand.Rand, k, p int) [][]float64 {
	at, step := make([]int, k), make([]int, k)
	for i := range k {
		at[i], step[i] = rng.IntN(p/2), p/2
		if rng.IntN(2) == 1 {
			at[i], step[i] = at[i]+p/2, -p/2
		}
	}
	points := table(k+1, k)
	write := func(row []float64) {
		for i, g := range at {
			row[i] = float64(g) / float64(p-1)
		}
	}
	write(points[0])
	for s, i := range rng.Perm(k) {
		at[i] += step[i]
		write(points[s+1])
	}
	return points
}

// spread picks n trajectories far from one another, greedily, in the order of choice; ties go to the earlier one.
func spread(drawn [][][]float64, n int) [][][]float64 {
	if n == 1 {
		return drawn[:1] // distance says nothing about one
	}
	d2 := squaredDistances(drawn)
	first, second := 0, 1
	for a := range d2 {
		for b := a + 1; b < len(d2); b++ {
			if d2[a][b] > d2[first][second] {
				first, second = a, b
			}
		}
	}
	chosen := []int{first, second}
	gain := make([]float64, len(drawn)) // summed squared distance to the chosen
	taken := map[int]bool{first: true, second: true}
	for c := range gain {
		gain[c] = d2[c][first] + d2[c][second]
	}
	for len(chosen) < n {
		best := -1
		for c := range gain {
			if !taken[c] && (best < 0 || gain[c] > gain[best]) {
				best = c
			}
		}
		chosen, taken[best] = append(chosen, best), true
		for c := range gain {
			gain[c] += d2[c][best]
		}
	}
	out := make([][][]float64, n)
	for j, c := range chosen {
		out[j] = drawn[c]
	}
	return out
}

// squaredDistances between all pairs; a distance is the sum of the Euclidean distances of all pairs of points.
func squaredDistances(drawn [][][]float64) [][]float64 {
	d2 := table(len(drawn), len(drawn))
	for a := range drawn {
		for b := range a {
			sum := 0.0
			for _, p := range drawn[a] {
				for _, q := range drawn[b] {
					sum += math.Sqrt(squaredDistance(p, q))
				}
			}
			d2[a][b], d2[b][a] = sum*sum, sum*sum
		}
	}
	return d2
}

// moves says, for each step of a trajectory, which factor moved. It reports steps that move none or several factors
// and factors that are moved twice.
func moves(trajectory [][]float64, names []string) ([]int, error) {
	var bad faults
	out := make([]int, len(trajectory)-1)
	seen := make([]bool, len(names))
	for s := range out {
		out[s] = -1
		for i := range names {
			if trajectory[s+1][i] == trajectory[s][i] {
				continue
			}
			if out[s] >= 0 {
				bad.add("step %d: moves both %s and %s, need one factor a step", s+1, names[out[s]], names[i])
			}
			out[s] = i
		}
		switch {
		case out[s] < 0:
			bad.add("step %d: moves no factor", s+1)
		case seen[out[s]]:
			bad.add("step %d: moves %s a second time", s+1, names[out[s]])
		default:
			seen[out[s]] = true
		}
	}
	if err := bad.join(); err != nil {
		return nil, fmt.Errorf("not a trajectory: %w", err)
	}
	return out, nil
}
