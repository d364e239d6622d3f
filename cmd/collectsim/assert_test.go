package main

import (
	"strings"
	"testing"

	"collectsim/analysis/report"
)

// TestAssertOnWhatIsNotThere: an assertion on a metric that the run lacks, since another version made it, fails.
func TestAssertOnWhatIsNotThere(t *testing.T) {
	list, err := parseAsserts([]string{"stress_p95@a < 90"})
	if err != nil {
		t.Fatal(err)
	}
	s := &report.Summary{Baseline: "b", Strategies: []report.StrategySummary{{Name: "a"}}}
	if err := holds(list, s); err == nil || !strings.Contains(err.Error(), "stress_p95@a is undefined") {
		t.Errorf("got %v", err)
	}
}
