package sim

import "math/bits"

// set is a set of accounts, a bit each, 64 to a word: in order, and joined and left at once.
type set []uint64

func newSet(accounts int) set { return make(set, (accounts+63)/64) }

func (s set) add(i int32)    { s[i>>6] |= 1 << (i & 63) }
func (s set) remove(i int32) { s[i>>6] &^= 1 << (i & 63) }

func (s set) len() (n int) {
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}
