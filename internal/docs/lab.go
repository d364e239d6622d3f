package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"collectsim/sim/outcome"
)

// lab makes generated parts. What a part needs of the command, its runs, is made once and kept.
type lab struct {
	root, scratch, program string
	runs                   map[string]string // folder by command line
}

func newLab(root string) (*lab, error) {
	scratch, err := os.MkdirTemp("", "collectsim-docs-")
	return &lab{root: root, scratch: scratch, runs: map[string]string{}}, err
}

func (l *lab) close() error { return os.RemoveAll(l.scratch) }

// part makes the text of a generated part; words are its kind and arguments.
func (l *lab) part(words []string) (string, error) {
	kind, args := words[0], words[1:]
	switch kind {
	case "parameters":
		if len(args) == 0 {
			return allParameters()
		}
		return parameterTable(args...)
	case "matrix":
		return parameterMatrix(args[0])
	case "metrics":
		return metricTable()
	case "relatives":
		return relativeTable()
	case "series":
		return seriesTable()
	case "vocabulary":
		return vocabulary()
	case "scenario":
		return scenarioReference(), nil
	case "strategy":
		return strategyReference(), nil
	case "map":
		return mapReference(), nil
	case "strategies":
		return strategyTable()
	case "rule-sets":
		return ruleSets()
	case "day":
		return l.day()
	case "tables":
		return l.tables()
	case "events":
		return eventTable()
	}
	if of, ok := figures[kind]; ok {
		return of(l)
	}
	return "", fmt.Errorf("unknown kind %q", kind)
}

// step is a numbered line of a package comment.
var step = regexp.MustCompile(`(?m)^//  (\d+)\. (.+)$`)

// day lists the steps of a simulated day, from the engine's package comment.
func (l *lab) day() (string, error) {
	src, err := os.ReadFile(filepath.Join(l.root, "sim", "doc.go"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, m := range step.FindAllStringSubmatch(string(src), -1) {
		fmt.Fprintf(&b, "%s. %s\n", m[1], m[2])
	}
	if b.Len() == 0 {
		return "", errors.New("sim/doc.go: lists no steps of a day")
	}
	return b.String(), nil
}

// command builds the command, once.
func (l *lab) command() (string, error) {
	if l.program != "" {
		return l.program, nil
	}
	program := filepath.Join(l.scratch, "collectsim")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "./cmd/collectsim")
	build.Dir = l.root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/collectsim: %w\n%s", err, out)
	}
	l.program = program
	return program, nil
}

// folder returns the output folder of a run, sweep or sensitivity analysis; the same line is run once.
func (l *lab) folder(line string) (string, error) {
	if dir, ok := l.runs[line]; ok {
		return dir, nil
	}
	program, err := l.command()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(l.scratch, fmt.Sprint("run", len(l.runs)))
	c := exec.Command(program, append(strings.Fields(line), "-o", dir, "--no-charts", "--no-progress", "--quiet")...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("collectsim %s: %w\n%s", line, err, stderr.Bytes())
	}
	l.runs[line] = dir
	return dir, nil
}

// table reads a table of such a folder.
func (l *lab) table(line, name string) (*outcome.Table, error) {
	dir, err := l.folder(line)
	if err != nil {
		return nil, err
	}
	return outcome.Open(dir, name)
}
