package scenario_test

import (
	"slices"
	"strings"
	"testing"

	"collectsim/sim/rng"
	"collectsim/sim/scenario"
)

// TestDrawnPortfolios: an uncertain share of late accounts shows in the accounts of a replication, and is doubted where they stay.
func TestDrawnPortfolios(t *testing.T) {
	const src = `
accounts: 2000
portfolio: {start: {current: 0.5, days_1: 0, days_30: {value: 0.5, range: [0.1, 0.9], dist: uniform}, days_60: 0, days_90: 0, days_120: 0, days_150: 0}}
strategies: {a: {stages: {}}}
`
	for _, redraw := range []string{"true", "false"} {
		s, err := scenario.Parse("a.yaml", []byte(src+"redraw: "+redraw+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		doubted := slices.ContainsFunc(s.Notes(), func(n string) bool { return strings.HasPrefix(n, "portfolio.start.days_30: is drawn for nothing") })
		if doubted != (redraw == "false") {
			t.Errorf("redraw %s: doubted %v", redraw, doubted)
		}
		c, err := s.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(s.Drawn(), func(d scenario.Drawn) bool { return d.Path == "portfolio.start.days_30" })
		for replication := range uint64(8) {
			world, drawn, err := c.Draw(rng.Stream{Seed: s.Seed, Replication: replication})
			if err != nil {
				t.Fatal(err)
			}
			if redraw == "false" {
				if world.Accounts != nil {
					t.Fatal("accounts of a replication, though they stay the same")
				}
				continue
			}
			late := 0.0
			for _, a := range world.Accounts {
				if a.DPD > 0 {
					late++
				}
			}
			want := drawn[at] / (0.5 + drawn[at])
			if got := late / 2000; len(world.Accounts) != 2000 || !(got > want-0.056 && got < want+0.056) { // 5 standard errors of a share of 2,000 at most
				t.Errorf("replication %d: %v of %d are late, want %v", replication, got, len(world.Accounts), want)
			}
		}
	}
}
