// Command docs rewrites the generated parts of docs/*.md from the program itself: parameters from the default
// scenario, metrics and tables from package outcome, keys from the types that scenario files are decoded into,
// simulated figures from runs of the command. `make generate` calls it; a test fails on drift.
//
// A generated part stands between two comment lines, "generated: KIND ARGUMENT ..." and "end":
//
//	<!-- generated: parameters borrowers.payment -->
//	...
//	<!-- end -->
//
// What stands outside of them is written by hand and left alone.
package main

//go:generate go run collectsim/internal/docs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := rewrite(); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// rewrite brings every page up to date.
func rewrite() (err error) {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	l, err := newLab(root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		old, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		text, err := render(string(old), l.part)
		if err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
		if text == string(old) {
			continue
		}
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// moduleRoot is the folder of go.mod, at or above the working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("go.mod: not found here or above")
		}
		dir = up
	}
}
