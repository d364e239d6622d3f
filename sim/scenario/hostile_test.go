package scenario_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"collectsim/sim/scenario"
)

// bomb is a scenario of half a kilobyte whose strategies, aliases expanded, hold 9^12 values.
func bomb() string {
	var b strings.Builder
	b.WriteString("name: a\nstrategies:\n  a0: &a0 {x: [x,x,x,x,x,x,x,x,x]}\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "  a%d: &a%d {x: [%s]}\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	return b.String()
}

// TestHostileScenario: what a scenario extends is looked up before it is decoded, and was so by the bare library, which
// took all memory.
func TestHostileScenario(t *testing.T) {
	for want, src := range map[string]string{
		"h.yaml:8:15: strategies.a5.x: more than 100000 values": bomb(),
		"nested deeper than 100 levels":                         "name: " + strings.Repeat("[", 50_000),
		"nested deeper than 100 level":                          "x: " + strings.Repeat("{a: ", 20_000) + "1" + strings.Repeat("}", 20_000),
		"h.yaml: file is larger than 1 MB":                      "name: a\nholidays: [" + strings.Repeat("1,", 1<<20) + "1]\n",
		"strategies.x: alias *s has no anchor":                  "name: a\nstrategies: &s\n  x: *s\n",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := scenario.Parse("h.yaml", []byte(src))
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %.200v, want %q on one line", err, want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 300<<20 {
			t.Errorf("%s: took %d MB", want, took>>20)
		}
	}
}

// TestTravelThatNeverArrives: wages on a road of 10^300 hours were a negative cost.
func TestTravelThatNeverArrives(t *testing.T) {
	for speed, ok := range map[string]bool{"1e-300": false, "0.0009": false, "0.001": true, "20": true} {
		s := scenario.Default()
		if err := s.Set("travel.suburban.speed=" + speed); err != nil {
			t.Fatal(err)
		}
		if err := s.Check(); (err == nil) != ok || !ok && !strings.HasPrefix(err.Error(), "travel.suburban.speed: must be at least 0.001, got ") {
			t.Errorf("%s: got %v", speed, err)
		}
	}
}
