package outcome_test

import (
	"errors"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// TestBuildStopsAtTheFirstFault: one fault is told once, however many tables there are.
func TestBuildStopsAtTheFirstFault(t *testing.T) {
	info := &outcome.Info{Scenario: "s", Strategies: []string{"a", "b"}, Accounts: true, Events: true}
	stats := outcome.Statistics{
		HalfWidth: func(float64, int) float64 { return 0 },
		Survival:  func(_, _, _ []int64) (a, b, c []float64) { return },
	}
	reads := 0
	broken := errors.New("input/output error")
	failing := func(func(*outcome.Replication) error) error { reads++; return broken }
	if err := outcome.Build(t.TempDir(), info, failing, stats); !errors.Is(err, broken) || reads != 1 {
		t.Errorf("the source failed: %v after %d reads", err, reads)
	}
	whole := func(each func(*outcome.Replication) error) error {
		return each(&outcome.Replication{Strategies: []outcome.StrategyOutcome{{Name: "a"}, {Name: "b"}}})
	}
	err := outcome.Build(t.TempDir()+"/none", info, whole, stats)
	if err == nil || strings.Count(err.Error(), "no such file") != 1 {
		t.Errorf("the folder is missing: %v", err)
	}
}
