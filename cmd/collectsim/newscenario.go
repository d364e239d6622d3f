package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"collectsim/sim/scenario"
)

// checkNewScenario makes sure, before minutes of work, that a scenario file can be written; name is the scenario that it
// will be laid over.
func checkNewScenario(file, name string, force bool) error {
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
	case err == nil && !force:
		return fmt.Errorf("%s: exists already; choose another file, or replace it with --force", file)
	case err3 != nil || !folder.IsDir():
		return fmt.Errorf("%s: its folder does not exist", file)
	}
	return nil
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

// stem is the name of a file without folder and ending.
func stem(file string) string { return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) }
