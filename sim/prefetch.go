//go:build amd64 || arm64

package sim

import "unsafe"

// prefetch asks the processor for the memory of one account: the first 320 bytes of its state, its
// pulse, traits and marks. It reads nothing and changes nothing; Go has no word for it.
//
//go:noescape
func prefetch(state, pulse, traits, marks unsafe.Pointer)
