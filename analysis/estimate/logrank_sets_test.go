package estimate_test

import (
	"strings"
	"testing"

	"collectsim/analysis/estimate"

	"pgregory.net/rapid"
)

// TestGroupsThatNeverMeet: where two sets of groups are never at risk together, in strata of their own or one after the other,
// they are two experiments: chi-squared and degrees of freedom of the whole are the sums of those of each set.
func TestGroupsThatNeverMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inStrata := rapid.Bool().Draw(t, "in strata")
		var times, entries []float64
		var events []bool
		var groups, strata []string
		var parts [2]estimate.LogRankTest
		for set, names := range [][]string{{"a", "d"}, {"b", "c", "e"}} {
			from := len(times)
			for i := range 30 {
				entry := 0.0
				if !inStrata {
					entry = float64(100 * set)
				}
				entries = append(entries, entry)
				times = append(times, entry+float64(rapid.IntRange(1, 40).Draw(t, "time")))
				events = append(events, rapid.IntRange(0, 3).Draw(t, "event") > 0)
				groups = append(groups, names[i%len(names)])
				strata = append(strata, []string{"x", "y"}[set])
			}
			r, err := estimate.SurvivalByGroup(times[from:], events[from:], groups[from:], estimate.SurvivalOptions{Entry: entries[from:]})
			if err != nil {
				t.Fatal(err)
			}
			parts[set] = *r.LogRank
		}
		o := estimate.SurvivalOptions{Entry: entries}
		if inStrata {
			o = estimate.SurvivalOptions{Strata: strata}
		}
		r, err := estimate.SurvivalByGroup(times, events, groups, o)
		if err != nil {
			t.Fatal(err)
		}
		got, want := r.LogRank, float64(parts[0].Chisq)+float64(parts[1].Chisq)
		if d := float64(got.Chisq) - want; got.DF != parts[0].DF+parts[1].DF || got.DF != 3 || !(max(d, -d) <= 1e-9*max(1, want)) {
			t.Fatalf("chi-squared %v on %d, want %v on %d", got.Chisq, got.DF, want, parts[0].DF+parts[1].DF)
		}
		if len(got.Warnings) != 1 || !strings.HasPrefix(got.Warnings[0], "the groups fall into 2 sets") {
			t.Fatalf("warnings %q", got.Warnings)
		}
	})
}
