package report

import (
	"strings"
	"testing"

	"collectsim/analysis/decision"
)

// TestAssignmentNames: names that are no plain words stand in quotes, and the assignment takes no name that is taken.
func TestAssignmentNames(t *testing.T) {
	group := func(name, best string) GroupChoice {
		return GroupChoice{GroupChoice: decision.GroupChoice{Group: name, Best: best, NMB: map[string]float64{"mine: now": 1, "no": 2, "by-segment": 3, "by-segment-2": 4}}}
	}
	x := GroupDecision{Dimension: "segment", ForAll: "mine: now", Groups: []GroupChoice{group("a, b", "no"), group("null", "by-segment"), group("plain", "mine: now")}}
	want := `strategies:
  "mine: now": {}
  by-segment-3:
    assign: {by: segment, groups: {"a, b": "no", "null": by-segment}, others: "mine: now"}
`
	if got := x.Assignment(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	x.Dimension = "cause"
	if got := x.Assignment(); got != "" {
		t.Errorf("assigned by what nobody knows: %s", got)
	}
	x.Dimension, x.Groups = "segment", x.Groups[2:]
	if got := x.Assignment(); got != "" {
		t.Errorf("one strategy for all is assigned: %s", strings.TrimSpace(got))
	}
}
