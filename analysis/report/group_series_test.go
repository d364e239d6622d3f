package report

import (
	"math"
	"slices"
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

// TestGroupsKeepTheirOrder: of accounts that are drawn anew a replication may lack any group, the first one too; bands come from the
// lowest on for all that.
func TestGroupsKeepTheirOrder(t *testing.T) {
	table := &outcome.Table{Columns: []outcome.Column{
		{Name: "replication", Kind: outcome.Int},
		{Name: "strategy", Kind: outcome.Text},
		{Name: "dimension", Kind: outcome.Text},
		{Name: "group", Kind: outcome.Text},
		{Name: "accounts", Kind: outcome.Int},
		{Name: "cost", Kind: outcome.Float},
	}}
	for replication, groups := range []string{"bd", "bcd", "abd", "d"} {
		for _, g := range groups {
			c := table.Columns
			c[0].Int, c[1].Text, c[2].Text = append(c[0].Int, int64(replication)), append(c[1].Text, "s"), append(c[2].Text, "segment")
			c[3].Text, c[4].Int, c[5].Float = append(c[3].Text, string(g)), append(c[4].Int, 1), append(c[5].Float, float64(10*replication)+float64(g))
		}
	}
	got := groupSeries(table, "s", "segment", "cost")
	names := ""
	for _, g := range got {
		names += g.Group
		for r, v := range g.Values {
			if !math.IsNaN(v) && v != float64(10*r)+float64(g.Group[0]) {
				t.Errorf("%s, replication %d: %v", g.Group, r, v)
			}
		}
	}
	if names != "abcd" {
		t.Errorf("order %s", names)
	}
}

// TestBucketsAndSegmentsInOrder: where no replication tells which of two rare groups comes first, the buckets and the run's segments do.
func TestBucketsAndSegmentsInOrder(t *testing.T) {
	r := &Run{Manifest: &outcome.Manifest{Segments: []string{"score under 580", "score from 580", "no score"}}}
	for dimension, groups := range map[string][]string{
		"start": {"current", "60-89", "90-119", "charged-off"}, "segment": r.Manifest.Segments, "region": {"urban", "remote"},
	} {
		table := &outcome.Table{Columns: []outcome.Column{
			{Name: "replication", Kind: outcome.Int},
			{Name: "strategy", Kind: outcome.Text},
			{Name: "dimension", Kind: outcome.Text},
			{Name: "group", Kind: outcome.Text},
			{Name: "accounts", Kind: outcome.Int},
			{Name: "cost", Kind: outcome.Float},
		}}
		for k, g := range groups { // each alone in a replication, which leaves the last one first
			c := table.Columns
			c[0].Int, c[1].Text, c[2].Text = append(c[0].Int, int64(k)), append(c[1].Text, "s"), append(c[2].Text, dimension)
			c[3].Text, c[4].Int, c[5].Float = append(c[3].Text, g), append(c[4].Int, 1), append(c[5].Float, 0)
		}
		var got []string
		for _, g := range r.groupSeries(table, "s", dimension, "cost") {
			got = append(got, g.Group)
		}
		if dimension == "region" {
			slices.Reverse(got) // nothing tells
		}
		if !slices.Equal(got, groups) {
			t.Errorf("%s: %q, want %q", dimension, got, groups)
		}
	}
}
