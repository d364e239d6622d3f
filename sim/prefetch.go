//go:build amd64 || arm64

package sim

import "unsafe"

// prefetch asks the processor for the memory of one account: its state, of up to 256 bytes, its
// pulse, traits and marks. It reads nothing and changes nothing; Go has no word for it.
//
//go:noescape
func prefetch(state, pulse, traits, marks unsafe.Pointer)

// prefetchLine asks for one line of memory.
//
//go:noescape
func prefetchLine(at unsafe.Pointer)

// The state must not outgrow what prefetch asks for.
const _ = uint(256 - unsafe.Sizeof(state{}))
