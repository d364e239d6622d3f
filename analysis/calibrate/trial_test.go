package calibrate_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/calibrate"
	"collectsim/analysis/experiment"
	"collectsim/sim/scenario"
)

// trialFile is an experiment with one text that matters.
const trialFile = `
title: a text to late borrowers
role: fit
source: the test
scenario:
  accounts: 1500
  replications: 40
  horizon: 15
  uncertainty: false
  portfolio: {start: {current: 0, days_1: 1, days_30: 0, days_60: 0, days_90: 0, days_120: 0, days_150: 0}}
  strategies:
    none: {stages: {}}
    text: {stages: {text: {channel: sms, first_day: 1, cap: 1}}}
arms:
  none: {}
  text: {}
measures:
  cured: {of: text, less: none, around: {anchor: start, from: 0, to: 14, what: cured}, published: 0.1, low: 0.06, high: 0.14}
`

// TestTrialTarget fits an effect to what its experiment shows at a known value under other luck.
func TestTrialTarget(t *testing.T) {
	const truth = 0.3
	file := filepath.Join(t.TempDir(), "text.yaml")
	if err := os.WriteFile(file, []byte(trialFile), 0o644); err != nil {
		t.Fatal(err)
	}
	x, err := experiment.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Base.SetNumber("channels.sms.effect", truth); err != nil {
		t.Fatal(err)
	}
	seed := uint64(4711)
	shown, err := x.Play(t.Context(), experiment.Options{Seed: &seed, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	e := shown.Effects[0]
	set := parse(t, fmt.Sprintf("targets: {text: {experiment: %s, value: %v, se: %v}}", filepath.ToSlash(file), e.Value, e.SE))
	r := fit(t, scenario.Default(), []string{"channels.sms.effect=0.02:1"}, set, calibrate.Options{Lives: 4, Fresh: 8, Starts: 3, Iterations: 5})
	got := r.Parameters[0]
	// Five standard errors, on the log scale on which it was fitted.
	if !got.Identified || math.Abs(math.Log(got.Value/truth))*got.Value > 5*got.SE {
		t.Errorf("effect: got %+v, truth %g", got, truth)
	}
	if !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, "experiments are replayed over the default scenario") }) {
		t.Errorf("warnings: %q", r.Warnings)
	}
}

// TestTrialCompletes: what a target of an experiment leaves out comes from the experiment's file.
func TestTrialCompletes(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text.yaml"), []byte(trialFile), 0o644); err != nil {
		t.Fatal(err)
	}
	set, err := calibrate.Parse(filepath.Join(dir, "targets.yaml"), []byte("source: mine\ntargets: {a: {experiment: text.yaml}, b: {experiment: text.yaml, measure: cured, value: 0.2, n: 100}}"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := set.Targets[0], set.Targets[1]
	if *a.Value != 0.1 || !(math.Abs(*a.SE-0.04/1.959963984540054) <= 1e-12) || a.Source != "the test" || *b.Value != 0.2 || b.SE != nil || b.N != 100 {
		t.Errorf("got %+v and %+v", a, b)
	}
}
