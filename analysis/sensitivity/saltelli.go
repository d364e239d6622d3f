package sensitivity

import (
	"fmt"
	"math/bits"
)

// SaltelliOptions tune [Saltelli].
type SaltelliOptions struct {
	SecondOrder bool // add the points that second-order indices need
	// Sequence of the base points. Without scrambling, Skip 0 leaves out the smallest power of two of points that is
	// at least n: the sequence starts at the origin, a corner where both A and B are extreme in every factor at once,
	// and with many factors that one point can move the indices by tenths.
	Sequence SequenceOptions
}

// Saltelli returns the sample for Sobol indices: n blocks, one after the other, of k+2 points
//
//	A, AB_1 ... AB_k, B
//
// or, with SecondOrder, of 2k+2 points A, AB_1 ... AB_k, BA_1 ... BA_k, B. A and B are independent points (the first
// and the last k coordinates of a Sobol sequence in 2k dimensions); AB_i is A with factor i taken from B, BA_i is B
// with factor i taken from A. [Sobol] reads values in this order.
//
// n should be a power of two. At most [MaxSobolDimensions]/2 = 100 factors. Errors: as [SobolSequence].
// Source: Saltelli (2002), Saltelli et al. (2010).
func Saltelli(b Bounds, n int, o SaltelliOptions) ([][]float64, error) {
	k := len(b)
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if 2*k > MaxSobolDimensions {
		return nil, fmt.Errorf("saltelli: at most %d factors, got %d", MaxSobolDimensions/2, k)
	}
	block := blockSize(k, o.SecondOrder)
	if err := checkSize("saltelli", n, block*k); err != nil {
		return nil, err
	}
	if o.Sequence.Scramble == NoScramble && o.Sequence.Skip == 0 {
		o.Sequence.Skip = 1 << bits.Len(uint(n-1))
	}
	base, err := sobolUnit(2*k, n, o.Sequence)
	if err != nil {
		return nil, err
	}
	unit := table(n*block, k)
	for j, row := range base {
		fillBlock(unit[j*block:(j+1)*block], row[:k], row[k:])
	}
	return b.Scale(unit)
}

func blockSize(k int, secondOrder bool) int {
	if secondOrder {
		return 2*k + 2
	}
	return k + 2
}

// fillBlock writes A, the mixed points and B; the length of the block says which mixed points it has.
func fillBlock(block [][]float64, a, b []float64) {
	k := len(a)
	last := len(block) - 1
	copy(block[0], a)
	copy(block[last], b)
	for m := 1; m < last; m++ {
		from, into := b, a // AB: one coordinate of B in A
		if m > k {
			from, into = a, b
		}
		i := (m - 1) % k
		copy(block[m], into)
		block[m][i] = from[i]
	}
}
