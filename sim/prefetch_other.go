//go:build !amd64 && !arm64

package sim

import "unsafe"

// prefetch does nothing where the processor's instruction is not at hand: results are the same, later.
func prefetch(_, _, _, _ unsafe.Pointer) {}

func prefetchLine(unsafe.Pointer) {}
