//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package outcome

import "os"

// hold would lock a folder; these systems have no lock that a folder can carry.
func hold(string) (*os.File, error) { return nil, nil }
