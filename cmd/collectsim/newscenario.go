package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"collectsim/sim/scenario"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// newScenarioFlags are those of commands that write a scenario file, which is laid over the scenario that they start from.
type newScenarioFlags struct {
	scenarioFlags
	output string
	force  bool
}

func (f *newScenarioFlags) add(fl *pflag.FlagSet) {
	f.addBasic(fl)
	fl.Lookup("accounts").Usage += "; teams shrink or grow with them"
	fl.Lookup("set").Usage = "PATH=VALUE: change any value of the scenario; the file that is written keeps it (repeatable)"
	fl.StringVarP(&f.output, "output", "o", "", "scenario file to write (required)")
	fl.BoolVar(&f.force, "force", false, "replace an existing file")
}

// checkOutput makes sure, before minutes of work, that the file can be written; name is the scenario that it will be laid
// over.
func (f *newScenarioFlags) checkOutput(name string) error {
	file := f.output
	info, err := os.Stat(file)
	base, err2 := os.Stat(name)
	folder, err3 := os.Stat(filepath.Dir(file))
	switch {
	case file == "":
		return errors.New("-o FILE: the scenario file to write must be named")
	case err == nil && info.IsDir():
		return fmt.Errorf("%s: is a folder; -o names a file", file)
	case err == nil && err2 == nil && os.SameFile(info, base):
		return fmt.Errorf("%s: is the scenario that the new file starts from; choose another file", file)
	case err == nil && !f.force:
		return fmt.Errorf("%s: exists already; choose another file, or replace it with --force", file)
	case err3 != nil || !folder.IsDir():
		return fmt.Errorf("%s: its folder does not exist", file)
	}
	return nil
}

// load lays the flags over the scenario; --accounts makes teams and travel areas larger or smaller as well.
func (f *newScenarioFlags) load(c *cobra.Command, name string) (*scenario.Scenario, error) {
	flag := c.Flags().Lookup("accounts")
	resized := flag.Changed
	flag.Changed = false // else the portfolio alone would change
	s, err := f.scenarioFlags.load(c, name)
	switch {
	case err != nil || !resized:
		return s, err
	case f.tape != "":
		return nil, usage(errors.New("--accounts: a tape has its own accounts"))
	}
	return s, usage(flagError("accounts", s.Resize(f.accounts)))
}

// write writes what text makes of the new file's name, of what it extends, and of --set; nothing if that is nil.
func (f *newScenarioFlags) write(name string, text func(name, extends string, settings []string) ([]byte, error)) error {
	extends, err := extendsFrom(f.output, name)
	if err != nil {
		return err
	}
	stem := strings.TrimSuffix(filepath.Base(f.output), filepath.Ext(f.output))
	content, err := text(stem, extends, f.sets)
	if err != nil || content == nil {
		return err
	}
	return wholeFile(f.output, func(part string) error { return os.WriteFile(part, content, 0o644) })
}

// extendsFrom is what a new scenario file states under extends to be laid over a scenario: its built-in name, or its
// file as seen from the folder of the new one.
func extendsFrom(file, name string) (string, error) {
	if contains(scenario.Builtin("scenarios"), name) {
		return name, nil
	}
	from, err1 := filepath.Abs(filepath.Dir(file))
	to, err2 := filepath.Abs(name)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(from, to); err == nil {
		return filepath.ToSlash(rel), nil
	}
	return to, nil
}

// counter shows and keeps how many lives or replications were played of a number that nobody knows beforehand.
type counter struct {
	bar
	what   string
	played int
}

func (a *app) counter(what string) *counter {
	n := &counter{bar: a.progress(-1, 0), what: what}
	n.describe(what)
	return n
}

func (n *counter) describe(text string) {
	if n.ProgressBar != nil {
		n.Describe(text)
	}
}

func (n *counter) stage(stage string) { n.describe(n.what + "; " + stage) }

func (n *counter) count(played int) {
	n.played += played
	n.at(n.played, n.played)
}

// end takes the bar away. Of an interruption it says how far it went.
func (n *counter) end(ctx context.Context, err error) error {
	n.close()
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted after %d %s; nothing is written", n.played, n.what)
	}
	return err
}
