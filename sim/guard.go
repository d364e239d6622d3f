package sim

import (
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// Guard calls f and turns a panic of f into an error that names the function and line it came from, so
// that one broken point costs a sweep one row. What f was changing is in no known state then.
// A panic in a goroutine that f starts, and faults that Go does not hand to recover, still end the program.
func Guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v, in %s", p, panicked())
		}
	}()
	return f()
}

// panicked names where the recovered panic came from, without the folders of the machine that built the
// program: the same fault reads the same everywhere.
func panicked() string {
	var at [32]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(3, at[:])]) // behind Callers, panicked and the deferred function
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s (%s:%d)", f.Function, path.Base(filepath.ToSlash(f.File)), f.Line)
		}
	}
	return "an unknown function"
}
