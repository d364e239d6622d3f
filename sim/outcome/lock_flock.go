//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package outcome

import (
	"errors"
	"os"
	"syscall"
)

// hold locks a folder until the file that it returns is closed, by the latest when the process ends, however it ends.
// Where the file system knows no locks, as some networks' do, nothing is held.
func hold(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(errBusy, f.Close())
	}
	return f, nil
}
