package scenario_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"math"
	"strings"
	"testing"

	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// collected keeps what a run hands over.
type collected []outcome.Replication

func (c *collected) Replication(r *outcome.Replication) error { *c = append(*c, *r); return nil }

// TestLaterChangesAreOfNoConfig: a run is of the scenario as it was when Config was called, whether or not parameters are drawn.
func TestLaterChangesAreOfNoConfig(t *testing.T) {
	for _, uncertain := range []bool{true, false} {
		s := scenario.Default()
		s.Accounts, s.Replications, s.Horizon, s.Uncertainty = 200, 2, 40, uncertain
		play := func(c *sim.Config) []byte {
			var got collected
			if err := sim.Run(context.Background(), *c, &got); err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := gob.NewEncoder(&b).Encode(got[0].Strategies[3].Channels); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
		c, err := s.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		before := play(c)
		s.Teams.Visit.Agents = 0
		if !bytes.Equal(play(c), before) {
			t.Errorf("uncertain %v: a run has changed with the scenario that it was made of", uncertain)
		}
		if c, err = s.Config(nil); err != nil || bytes.Equal(play(c), before) {
			t.Errorf("uncertain %v: %v, or without officers nothing differs", uncertain, err)
		}
	}
}

// TestFirstNewLoansComeOnDayOne: a run of one day has no new loans, those of longer ones open before its end.
func TestFirstNewLoansComeOnDayOne(t *testing.T) {
	for _, horizon := range []int{1, 2, 3, 29, 30, 31} {
		s := scenario.Default()
		s.Accounts, s.Replications, s.Horizon, s.Portfolio.New.PerMonth = 200, 1, horizon, 0.9
		c, err := s.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		var got collected
		if err := sim.Run(context.Background(), *c, &got); err != nil {
			t.Errorf("horizon %d: %v", horizon, err)
		}
		if n := len(c.Portfolio.Accounts); (n > 200) != (horizon > 1) {
			t.Errorf("horizon %d: %d accounts", horizon, n)
		}
	}
}

// TestReplicationsAreNumberedFromZero: parts of a run with numbers that no replication can have are refused.
func TestReplicationsAreNumberedFromZero(t *testing.T) {
	for _, part := range [][2]int{{-1, 0}, {0, -1}, {math.MaxInt, 0}, {0, math.MaxInt}, {1, math.MaxInt32}} {
		s := scenario.Default()
		s.Accounts, s.Replications, s.Horizon = 20, 2, 5
		c, err := s.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		c.First, c.Step = part[0], part[1]
		var got collected
		if err := sim.Run(context.Background(), *c, &got); err == nil || !strings.HasPrefix(err.Error(), "first and step: ") || len(got) > 0 {
			t.Errorf("first %d, step %d: %v, %d replications", part[0], part[1], err, len(got))
		}
	}
}
