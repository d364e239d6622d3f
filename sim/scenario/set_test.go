package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/rng"
	"collectsim/sim/scenario"
)

// drawnValues are the values of a parameter in the first replications; nil where it is not drawn.
func drawnValues(t *testing.T, s *scenario.Scenario, path string) []float64 {
	t.Helper()
	s.Accounts = 10
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	for k, d := range s.Drawn() {
		if d.Path != path {
			continue
		}
		var out []float64
		for r := range uint64(200) {
			_, values, err := c.Draw(rng.Stream{Seed: 1, Replication: r})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, values[k])
		}
		return out
	}
	return nil
}

// TestSettingsFixOrDraw holds both ways of setting a parameter, file and --set, to one rule: a value fixes, a
// value with a distribution is drawn from it.
func TestSettingsFixOrDraw(t *testing.T) {
	const drawn, fixed = "channels.sms.effect", "channels.letter.effect" // in the default scenario
	for _, c := range []struct {
		path, value string
		low, high   float64 // of the draws; equal: not drawn
	}{
		{drawn, "0.02", 0.02, 0.02},
		{drawn, "0.012", 0.012, 0.012}, // the default value, stated
		{drawn, "{value: 0.02, dist: uniform, range: [0.01, 0.03]}", 0.01, 0.03},
		{drawn, "{dist: uniform, range: [0.01, 0.03]}", 0.01, 0.03},
		{drawn, "{value: 0.02, range: [0.01, 0.03]}", 0.02, 0.02},
		{fixed, "{value: 0.5, dist: uniform, range: [0.4, 0.6]}", 0.4, 0.6},
	} {
		set := scenario.Default()
		if err := set.Set(c.path + "=" + c.value); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "own.yaml")
		nested := "channels: {" + c.path[len("channels."):len(c.path)-len(".effect")] + ": {effect: " + c.value + "}}\n"
		if err := os.WriteFile(file, []byte(nested), 0o644); err != nil {
			t.Fatal(err)
		}
		loaded, err := scenario.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for by, s := range map[string]*scenario.Scenario{"set": set, "file": loaded} {
			values := drawnValues(t, s, c.path)
			if (values == nil) != (c.low == c.high) {
				t.Errorf("%s=%s by %s: drawn is %t", c.path, c.value, by, values != nil)
				continue
			}
			seen := map[float64]bool{}
			for _, x := range values {
				seen[x] = true
				if x < c.low || x > c.high {
					t.Errorf("%s=%s by %s: drew %g", c.path, c.value, by, x)
				}
			}
			if values != nil && len(seen) != len(values) {
				t.Errorf("%s=%s by %s: %d values in %d draws", c.path, c.value, by, len(seen), len(values))
			}
		}
	}
}

// TestSettingCompareLoadsBuiltIns: as in a file, a built-in strategy need not be described to be played.
func TestSettingCompareLoadsBuiltIns(t *testing.T) {
	s := scenario.Default()
	if err := s.Set("compare=[no-contact, ccb-visit]"); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil || s.Strategy("ccb-visit") == nil {
		t.Errorf("got %v", err)
	}
	if err := s.Set("compare=[no-contact, cmb-verificaton]"); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), `strategy "cmb-verificaton": unknown, did you mean "cmb-verification"?`) {
		t.Errorf("got %v", err)
	}
}

func TestDistributionsThatCannotBeDrawnAreRefused(t *testing.T) {
	for setting, want := range map[string]string{
		"channels.visit.effect={value: 0.9, dist: normal}":                     "channels.visit.effect: must lie in its range [0.05, 0.6] to be drawn, got 0.9; state value and range together",
		"channels.sms.effect={value: 0.02, dist: cauchy}":                      `channels.sms.effect: unknown dist "cauchy", must be one of uniform, triangular, normal, lognormal, logit-normal`,
		"channels.sms.deliver={value: 0.9, dist: uniform}":                     "channels.sms.deliver: dist uniform needs a range",
		"guardrails.calls_per_day={value: 3, dist: uniform, range: [2, 6]}":    "guardrails.calls_per_day: is a whole number, which has no dist; sweep varies it",
		"channels.sms.deliver={value: 0.9, dist: logit-normal, range: [0, 1]}": "channels.sms.deliver: a logit-normal needs a range inside (0, 1), got [0, 1]",
	} {
		s := scenario.Default()
		if err := s.Set(setting); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", setting, err, want)
		}
	}
}
