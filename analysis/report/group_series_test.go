package report

import (
	"math"
	"testing"

	"collectsim/sim/outcome"
)

// TestGroupsThatAreEmptyAtTimes: a group without accounts in a replication, as a rare cause in a small book, has
// its values in the right replications and none in the others.
func TestGroupsThatAreEmptyAtTimes(t *testing.T) {
	table := &outcome.Table{Columns: []outcome.Column{
		{Name: "replication", Kind: outcome.Int, Int: []int64{4, 4, 4, 5, 5, 6, 6}},
		{Name: "strategy", Kind: outcome.Text, Text: []string{"a", "a", "b", "a", "b", "a", "a"}},
		{Name: "dimension", Kind: outcome.Text, Text: []string{"cause", "cause", "cause", "cause", "cause", "cause", "cause"}},
		{Name: "group", Kind: outcome.Text, Text: []string{"reliable", "unwilling", "reliable", "reliable", "reliable", "reliable", "unwilling"}},
		{Name: "accounts", Kind: outcome.Int, Int: []int64{9, 1, 9, 10, 10, 8, 2}},
		{Name: "cost", Kind: outcome.Float, Float: []float64{1, 2, 3, 4, 5, 6, 7}},
	}}
	got := groupSeries(table, "a", "cause", "cost")
	if len(got) != 2 || got[1].Group != "unwilling" {
		t.Fatalf("groups %+v", got)
	}
	for k, want := range [][2][]float64{{{1, 4, 6}, {9, 10, 8}}, {{2, math.NaN(), 7}, {1, 0, 2}}} {
		for r := range 3 {
			v, n := got[k].Values[r], got[k].Accounts[r]
			if n != want[1][r] || v != want[0][r] && !(math.IsNaN(v) && math.IsNaN(want[0][r])) {
				t.Errorf("%s, replication %d: %v of %v accounts, want %v of %v", got[k].Group, r, v, n, want[0][r], want[1][r])
			}
		}
	}
}
