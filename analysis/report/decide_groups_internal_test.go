package report

import (
	"strings"
	"testing"

	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
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

// TestGainsAreJudgedByTheirInterval: an interval below 0 can be told from nothing, one around 0 cannot, and one above 0 is left as
// it is.
func TestGainsAreJudgedByTheirInterval(t *testing.T) {
	const worse, open = "Choices made so bring less than one strategy for all.", "That cannot be told from nothing."
	for _, c := range []struct {
		low, high float64
		want      string
	}{{-3, -1, worse}, {-3, 0, open}, {-1, 1, open}, {0, 1, open}, {1, 3, ""}} {
		x := GroupDecision{Dimension: "region", ForAll: "a", Gain: estimate.Estimate{Value: (c.low + c.high) / 2, Low: c.low, High: c.high, SE: 0.5}}
		x.Groups = []GroupChoice{{GroupChoice: decision.GroupChoice{Group: "remote", Best: "b", NMB: map[string]float64{"a": 1, "b": 2}}}}
		var text strings.Builder
		if err := x.Text(&text); err != nil {
			t.Fatal(err)
		}
		for _, sentence := range []string{worse, open} {
			if strings.Contains(text.String(), sentence) != (sentence == c.want) {
				t.Errorf("[%g, %g]: want %q, got\n%s", c.low, c.high, c.want, text.String())
			}
		}
	}
}
