package sensitivity

import (
	_ "embed"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

// MaxSobolDimensions is the number of dimensions with direction numbers in directions.txt.
const MaxSobolDimensions = 201

// sobolBits is the resolution of a coordinate: a float64 holds every multiple of 2^-52 below 1 exactly.
const sobolBits = 52

// Scramble names a randomisation of a [SobolSequence].
type Scramble string

const (
	NoScramble   Scramble = ""      // the sequence itself; its first point is the origin
	DigitalShift Scramble = "shift" // one random number per dimension, added digit by digit
	OwenScramble Scramble = "owen"  // nested uniform scrambling (Owen 1995) of all 52 digits
)

// SequenceOptions tune [SobolSequence] and [Saltelli].
type SequenceOptions struct {
	Scramble Scramble
	Seed     uint64 // of the scrambling; unused without
	Skip     int    // first points to leave out; a power of two at least as large as n keeps the balance
}

// SobolSequence returns n points of the Sobol low-discrepancy sequence in len(b) dimensions, scaled to the bounds.
//
// Points come in Gray code order; unscrambled coordinates are exact multiples of 2^-52. Both scramblings keep the
// net properties and make every point uniform on the cube, so that repeated seeds give independent unbiased estimates.
// Counts that are powers of two keep the balance of the sequence; others are allowed.
//
// Errors: invalid bounds, n below 1, negative Skip, unknown Scramble, more than [MaxSobolDimensions] factors.
// Source: Antonov and Saleev (1979) order, direction numbers of Joe and Kuo (2008).
func SobolSequence(b Bounds, n int, o SequenceOptions) ([][]float64, error) {
	unit, err := sobolUnit(len(b), n, o)
	if err != nil {
		return nil, err
	}
	return b.Scale(unit)
}

func sobolUnit(k, n int, o SequenceOptions) ([][]float64, error) {
	if err := o.check(k, n); err != nil {
		return nil, err
	}
	unit := table(n, k)
	rng := generator(o.Seed, streamShift)
	for i, v := range sobolDirections()[:k] {
		shift := rng.Uint64() >> (64 - sobolBits)
		x := grayStart(v, o.Skip)
		for r := range n {
			if r > 0 {
				x ^= v[bits.TrailingZeros(uint(o.Skip+r))]
			}
			digits := x
			switch o.Scramble {
			case DigitalShift:
				digits ^= shift
			case OwenScramble:
				digits = owen(x, shift)
			}
			unit[r][i] = float64(digits) / (1 << sobolBits)
		}
	}
	return unit, nil
}

func (o SequenceOptions) check(k, n int) error {
	var bad faults
	if k > MaxSobolDimensions {
		bad.add("sobol sequence: has direction numbers for %d dimensions, got %d", MaxSobolDimensions, k)
	}
	if err := checkSize("sobol sequence", n, k); err != nil {
		bad.add("%w", err)
	}
	if o.Skip < 0 || o.Skip > 1<<40 {
		bad.add("sobol sequence: skip must lie in 0..2^40, got %d", o.Skip)
	}
	if o.Scramble != NoScramble && o.Scramble != DigitalShift && o.Scramble != OwenScramble {
		bad.add("sobol sequence: scramble must be empty, %q or %q, got %q", DigitalShift, OwenScramble, o.Scramble)
	}
	return bad.join()
}

// grayStart is the digits of point number index: the sum of the directions at the ones of its Gray code.
func grayStart(v []uint64, index int) uint64 {
	var x uint64
	for gray := uint64(index) ^ uint64(index)>>1; gray != 0; gray &= gray - 1 {
		x ^= v[bits.TrailingZeros64(gray)]
	}
	return x
}

// owen flips each digit of x by a random bit that depends on the key and on all digits before it: the flips of one
// key form a random binary tree, looked up by hash instead of stored.
func owen(x, key uint64) uint64 {
	out := x
	node := uint64(1) // path from the root: a leading 1, then the digits so far
	for d := sobolBits - 1; d >= 0; d-- {
		out ^= mix64(key^mix64(node)) >> 63 << d
		node = node<<1 | x>>d&1
	}
	return out
}

// mix64 is the finaliser of SplitMix64 (Steele, Lea and Flood 2014), after one step of its counter.
func mix64(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

//go:embed directions.txt
var directionsFile string

// sobolDirections are, per dimension, the direction numbers v_1 ... v_52 as 52-bit fractions.
var sobolDirections = sync.OnceValue(func() [][]uint64 {
	first := make([]uint64, sobolBits)
	for j := range first {
		first[j] = 1 << (sobolBits - 1 - j)
	}
	all := [][]uint64{first}
	for line := range strings.Lines(directionsFile) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, directions(line))
		}
	}
	return all
})

// directions extends one row "d s a m_1 ... m_s" by the recurrence of its polynomial (Joe and Kuo 2008, eq. 2).
func directions(line string) []uint64 {
	fields := strings.Fields(line)
	row := make([]uint64, len(fields))
	for j, field := range fields {
		x, err := strconv.ParseUint(field, 10, 32)
		if err != nil {
			panic(fmt.Sprintf("sensitivity: directions.txt: %v", err)) // the file is part of the program
		}
		row[j] = x
	}
	s, a, m := int(row[1]), row[2], row[3:]
	v := make([]uint64, sobolBits)
	for j := range v {
		if j < s {
			v[j] = m[j] << (sobolBits - 1 - j)
			continue
		}
		v[j] = v[j-s] ^ v[j-s]>>s
		for q := 1; q < s; q++ {
			v[j] ^= (a >> (s - 1 - q) & 1) * v[j-q]
		}
	}
	return v
}
