// Package rng gives every random number of a simulation as a pure function of its key.
//
// A draw is named, not taken: (seed, replication, account, process, counter) always gives the same
// block of four 64-bit words, whoever asks, in whatever order, on any number of threads. No
// generator state is carried, so strategies can be played on the same borrowers living the same
// lives, and one more account cannot shift the luck of another.
//
// The generator is Philox4x64-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as
// easy as 1, 2, 3"), checked against the published Random123 known answers.
package rng

import (
	"math"
	"math/bits"
)

// Process names what a draw decides. Each process has its own numbers, so that adding a decision
// never disturbs another. Values are part of the reproducibility promise: append, never renumber.
type Process uint32

// Philox4x64 multipliers and Weyl increments (Salmon et al. 2011, table 2).
const (
	mul0  = 0xD2E7470EE14C6C93
	mul1  = 0xCA5A826395121157
	weyl0 = 0x9E3779B97F4A7C15
	weyl1 = 0xBB67AE8584CAA73B
)

// Block is one Philox output: four independent 64-bit words.
type Block [4]uint64

// Philox4x64 applies the ten rounds of Philox4x64-10 to a counter under a key.
func Philox4x64(counter [4]uint64, key [2]uint64) Block {
	c0, c1, c2, c3 := philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1])
	return Block{c0, c1, c2, c3}
}

// philox takes and returns words, not arrays: those travel in registers, arrays through memory.
func philox(c0, c1, c2, c3, k0, k1 uint64) (r0, r1, r2, r3 uint64) {
	for range 10 {
		h0, l0 := bits.Mul64(mul0, c0)
		h1, l1 := bits.Mul64(mul1, c2)
		c0, c1, c2, c3 = h1^c1^k0, l1, h0^c3^k1, l0
		k0 += weyl0
		k1 += weyl1
	}
	return c0, c1, c2, c3
}

// Stream holds the part of the key that one replication shares.
type Stream struct{ Seed, Replication uint64 }

// Block returns the four words of the draw named by account, process and counter. The counter is
// usually the day, or the running number of a decision of the account.
func (s Stream) Block(account uint64, p Process, counter uint64) Block {
	c0, c1, c2, c3 := philox(counter, uint64(p), account, 0, s.Seed, s.Replication)
	return Block{c0, c1, c2, c3}
}

// Uniform returns word i (0 to 3) as a number in the open interval (0, 1) with 52 bits: one more
// would round to 1 at the top.
func (b *Block) Uniform(i int) float64 {
	return float64((float64(b[i]>>12) + 0.5) * 0x1p-52)
}

// Half returns half-word i (0 to 7) as a number in the open interval (0, 1) with 32 bits; enough
// for a yes-or-no decision, and eight of them come from one block.
func (b *Block) Half(i int) float64 {
	return float64((float64(uint32(b[i>>1]>>(uint(i&1)*32))) + 0.5) * 0x1p-32)
}

// Exponential returns word i as a draw of the unit exponential distribution, by inversion.
func (b *Block) Exponential(i int) float64 { return -math.Log(b.Uniform(i)) }

// Normal returns word i as a draw of the standard normal distribution. By inversion, which keeps
// draws monotone in the uniform, so that coupled worlds stay coupled.
func (b *Block) Normal(i int) float64 { return math.Sqrt2 * math.Erfinv(float64(2*b.Uniform(i))-1) }
