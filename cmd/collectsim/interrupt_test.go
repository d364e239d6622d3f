package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"regexp"
	"testing"

	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
)

// TestInterruptedInWords: commands that keep nothing end with a word of the field's, not of the library's.
func TestInterruptedInWords(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, "run", "testdata/small.yaml", "-o", dir, "--no-charts", "--quiet")
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for _, args := range [][]string{
		{"verify", dir}, {"run", "testdata/small.yaml", "--ablate", "--no-progress"}, {"validate", "moral-message", "--replications", "2"}, {"plan-test", dir, "--metric", "npv", "--quiet"},
	} {
		var out, err bytes.Buffer
		if code := (&app{out: &out, err: &err}).run(ctx, args); code != 1 || err.String() != "collectsim: interrupted\n" {
			t.Errorf("%v: exit code %d, %q", args, code, err.String())
		}
	}
}

// TestBrokenOffRunIsKept: what was played before a failure, such as that of a full disk, is not thrown away, and
// --resume ends with the summary of a run that nothing befell.
func TestBrokenOffRunIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	s, err := scenario.Load("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest(s, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	draw, drawn := c.Draw, 0
	c.Workers, c.Draw = 1, func(stream rng.Stream) (*sim.World, []float64, error) {
		if drawn++; drawn > 3 {
			return nil, nil, errors.New("no space left on device")
		}
		return draw(stream)
	}
	folder, err := outcome.Create(dir, false, false)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{out: &bytes.Buffer{}, err: &bytes.Buffer{}, quiet: true}
	err = a.produce(context.Background(), folder, m, c, nil)
	folder.Leave()
	if err == nil || !regexp.MustCompile(`no space left on device; [1-3] of \d+ replications are kept in .*out\.partial; continue with --resume$`).MatchString(err.Error()) {
		t.Fatalf("fault %v", err)
	}
	whole := filepath.Join(t.TempDir(), "whole")
	if got, want := must(t, "run", "testdata/small.yaml", "-o", dir, "--no-charts", "--quiet", "--resume"), must(t, "run", "testdata/small.yaml", "-o", whole, "--no-charts", "--quiet"); got != want {
		t.Errorf("resumed\n%s\nwhole\n%s", got, want)
	}
}
