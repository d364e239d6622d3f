package tape

import "testing"

// TestMixIsSplitMix64 against the first numbers of its generator with seed 0, whose state rises by the increment that mix adds
// (Vigna's splitmix64.c). Another hash would make another portfolio of every tape that deals out names or due days.
func TestMixIsSplitMix64(t *testing.T) {
	state := uint64(0)
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec} {
		if got := mix(state); got != want {
			t.Errorf("number %d: got %#x, want %#x", i, got, want)
		}
		state += 0x9e3779b97f4a7c15
	}
}
