package scenario_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"testing"

	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

type record struct{ out *gob.Encoder }

func (r record) Replication(x *outcome.Replication) error { return r.out.Encode(x) }

// played runs a small version of the default scenario with settings and returns everything it hands
// over as bytes.
func played(t *testing.T, settings ...string) []byte {
	t.Helper()
	s := scenario.Default()
	if err := s.Play([]string{"tiered-escalation", "home-visits", "onsite-verification", "mybank-local-collection", "cmb-verification", "ccb-visit"}); err != nil {
		t.Fatal(err)
	}
	s.Baseline = "home-visits"
	base := []string{"accounts=400", "replications=2", "horizon=150", "uncertainty=false", "portfolio.start.current=0.3", "remedies.grace_days=30", "strategies.tiered-escalation.stages.first-text.first_day=-3"}
	if err := s.Apply(append(base, settings...)); err != nil {
		t.Fatal(err)
	}
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Accounts, c.Events = true, true
	var out bytes.Buffer
	if err := sim.Run(context.Background(), *c, record{gob.NewEncoder(&out)}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestMechanismsSwitchOff: turning a mechanism off changes results, and leaves exactly the simpler
// model: the mechanism's other parameters have no influence any more, to the bit.
func TestMechanismsSwitchOff(t *testing.T) {
	whole := played(t)
	inert := map[string]bool{"bureau-harm": true, "macro": false} // off by default
	for _, m := range scenario.Mechanisms() {
		t.Run(m.Name, func(t *testing.T) {
			off := played(t, m.Off...)
			if bytes.Equal(off, whole) != inert[m.Name] {
				t.Errorf("switching it off changes results: %v", !bytes.Equal(off, whole))
			}
			for _, moot := range m.Moot {
				if !bytes.Equal(off, played(t, append(m.Off, moot)...)) {
					t.Errorf("%s still has influence", moot)
				}
			}
		})
	}
}
