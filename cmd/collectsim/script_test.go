package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"collectsim/sim/outcome"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"collectsim": func() { os.Exit(Main()) }})
}

// TestScript plays testdata/script: one archive per behaviour, each command line in a process of its own.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			small, err := os.ReadFile("testdata/small.yaml")
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(e.WorkDir, "small.yaml"), small, 0o644)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "samedata": sameData, "interrupt": interrupt,
		},
	})
}

// exits CODE PROGRAM ARG... runs a program that must end with exactly this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// sameData DIR DIR compares the data files of two folders byte for byte: all but the manifest, which
// knows the clock.
func sameData(ts *testscript.TestScript, neg bool, args []string) {
	a, b := files(ts, args[0]), files(ts, args[1])
	same := len(a) == len(b)
	for name, content := range a {
		if other, ok := b[name]; !ok || !bytes.Equal(content, other) {
			same = false
			if !neg {
				ts.Logf("%s differs", name)
			}
		}
	}
	if len(a) == 0 || same == neg {
		ts.Fatalf("%s and %s: same data: %v", args[0], args[1], same)
	}
}

func files(ts *testscript.TestScript, dir string) map[string][]byte {
	content := map[string][]byte{}
	entries, err := os.ReadDir(ts.MkAbs(dir))
	ts.Check(err)
	for _, e := range entries {
		if e.Name() != outcome.ManifestFile {
			content[e.Name()] = []byte(ts.ReadFile(filepath.Join(dir, e.Name())))
		}
	}
	return content
}

// interrupt FILE ERRORS ARG... starts collectsim, sends it the signal of Ctrl-C as soon as FILE holds
// something, writes what it says to ERRORS and wants exit code 1.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	var said bytes.Buffer
	program, err := exec.LookPath(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "collectsim"))
	ts.Check(err)
	c := exec.Command(program, args[2:]...)
	c.Dir, c.Stderr = ts.MkAbs("."), &said
	ts.Check(c.Start())
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			break
		}
		if time.Now().After(deadline) {
			ts.Check(c.Process.Kill())
			ts.Fatalf("%s did not come", args[0])
		}
	}
	ts.Check(c.Process.Signal(os.Interrupt))
	err = <-ended
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), said.Bytes(), 0o644))
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		ts.Fatalf("interrupted: %v, want exit code 1", err)
	}
}
