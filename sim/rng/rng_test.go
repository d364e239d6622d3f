package rng_test

import (
	"math"
	"testing"

	"collectsim/sim/rng"
)

// Source: Random123 kat_vectors (Salmon et al. 2011), philox4x64 10 rounds; cross-checked with
// numpy.random.Philox 1.24.2.
func TestPhiloxKnownAnswers(t *testing.T) {
	ones := ^uint64(0)
	for _, c := range []struct {
		counter [4]uint64
		key     [2]uint64
		want    rng.Block
	}{
		{[4]uint64{}, [2]uint64{}, rng.Block{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
		{[4]uint64{ones, ones, ones, ones}, [2]uint64{ones, ones}, rng.Block{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
		{
			[4]uint64{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
			[2]uint64{0x452821e638d01377, 0xbe5466cf34e90c6c},
			rng.Block{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6},
		},
	} {
		if got := rng.Philox4x64(c.counter, c.key); got != c.want {
			t.Errorf("counter %x key %x: got %x, want %x", c.counter, c.key, got, c.want)
		}
	}
	// numpy.random.Philox(key=[5, 7]) raises the counter before its first block.
	first := rng.Philox4x64([4]uint64{1, 0, 0, 0}, [2]uint64{5, 7})
	second := rng.Philox4x64([4]uint64{2, 0, 0, 0}, [2]uint64{5, 7})
	if first != (rng.Block{0x2de0f782c87deea2, 0xb8acbd30539dad85, 0xdc347efdf4a3a932, 0x1a9b27c5020252ac}) ||
		second != (rng.Block{0xa548b7614a8a0e3b, 0x4689c47d26700ef8, 0xc78c2dca7e7e6384, 0x9fb4643369834aa4}) {
		t.Errorf("numpy sequence: got %x %x", first, second)
	}
}

// Every part of the key matters: changing any one changes the block.
func TestKeyPartsAreDistinct(t *testing.T) {
	base := rng.Stream{Seed: 1, Replication: 2}.Block(3, 4, 5)
	for i, other := range []rng.Block{
		rng.Stream{Seed: 2, Replication: 2}.Block(3, 4, 5),
		rng.Stream{Seed: 1, Replication: 3}.Block(3, 4, 5),
		rng.Stream{Seed: 1, Replication: 2}.Block(4, 4, 5),
		rng.Stream{Seed: 1, Replication: 2}.Block(3, 5, 5),
		rng.Stream{Seed: 1, Replication: 2}.Block(3, 4, 6),
		rng.Stream{Seed: 2, Replication: 1}.Block(3, 4, 5),
	} {
		if other == base {
			t.Errorf("variation %d gives the same block", i)
		}
	}
}

// Moments of the three distributions lie within five standard errors of theory.
func TestMoments(t *testing.T) {
	const n = 200_000
	s := rng.Stream{Seed: 11}
	var u, h, e, z, zz float64
	for i := range uint64(n) {
		b := s.Block(i, 1, 0)
		u += b.Uniform(0)
		h += b.Half(3)
		e += b.Exponential(2)
		x := b.Normal(3)
		z += x
		zz += x * x
	}
	within := func(what string, sum, mean, sd float64) {
		if d := math.Abs(sum/n - mean); d > 5*sd/math.Sqrt(n) {
			t.Errorf("%s: mean off by %g", what, d)
		}
	}
	within("uniform", u, 0.5, math.Sqrt(1.0/12))
	within("half", h, 0.5, math.Sqrt(1.0/12))
	within("exponential", e, 1, 1)
	within("normal", z, 0, 1)
	within("normal squared", zz, 1, math.Sqrt2)
}

func TestUniformIsOpen(t *testing.T) {
	lo, hi := rng.Block{}, rng.Block{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	for i := range 4 {
		if lo.Uniform(i) <= 0 || hi.Uniform(i) >= 1 || lo.Half(i) <= 0 || hi.Half(i) >= 1 {
			t.Fatal("a uniform reached 0 or 1")
		}
		if math.IsInf(lo.Exponential(i), 0) || math.IsInf(hi.Normal(i), 0) {
			t.Fatal("an infinite draw")
		}
	}
}

func BenchmarkBlock(b *testing.B) {
	s := rng.Stream{Seed: 1}
	var x uint64
	for i := range uint64(b.N) {
		v := s.Block(i, 1, 0)
		x ^= v[0]
	}
	if x == 0 {
		b.Fatal("no draws")
	}
}
