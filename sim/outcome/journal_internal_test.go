package outcome

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
)

// TestUnreadableLogsAreNoShortLogs: a disk that fails in the middle of a log is an error, since OpenLog overwrites what it
// takes for cut off; a log that was cut off is none.
func TestUnreadableLogsAreNoShortLogs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l, err := OpenLog(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Append([]byte("one")), l.Append([]byte("two")), l.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := len(whole) / 2
	broken := errors.New("input/output error")
	for cut := range whole {
		for _, end := range []error{io.EOF, broken} {
			read := 0
			at, err := scan(io.MultiReader(bytes.NewReader(whole[:cut]), iotest.ErrReader(end)), func([]byte) error { read++; return nil })
			if want := cut / first; read != want || at != int64(want*first) || errors.Is(err, broken) != (end == broken) {
				t.Errorf("%d bytes, then %v: %d records up to %d, %v", cut, end, read, at, err)
			}
		}
	}
}
