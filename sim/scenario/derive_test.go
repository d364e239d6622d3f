package scenario_test

import (
	"strings"
	"testing"

	"collectsim/sim/scenario"
)

// TestDerive: settings become a file in their order, of two at one path the later one, under keys of any kind; what a
// file cannot state alone is an error, of each setting.
func TestDerive(t *testing.T) {
	file, err := scenario.Derive("one", "base.yaml",
		[]string{`strategies."my 1.2".stages.call.cap=3`, `strategies."my 1.2".stages.text=null`, "accounts=5", "name=two", "compare=[a, b]"},
		scenario.Setting{Path: "baseline", Value: "a"}, scenario.Setting{Path: "accounts", Value: 6})
	want := "name: two\nextends: base.yaml\nstrategies:\n  my 1.2:\n    stages:\n      call:\n        cap: 3\n      text: null\naccounts: 6\ncompare:\n- a\n- b\nbaseline: a\n"
	if err != nil || string(file) != want {
		t.Errorf("got\n%s%v\nwant\n%s", file, err, want)
	}
	_, err = scenario.Derive("one", "default", []string{"teams.call.shifts[0].from=1", "a..b=1", "c"})
	for _, bad := range []string{"--set teams.call.shifts[0].from=1: cannot be kept", "--set a..b=1: ", "--set c: "} {
		if err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("got %v, want %s", err, bad)
		}
	}
	if _, err := scenario.Derive("one", "default", nil, scenario.Setting{Path: "a..b", Value: 1}); err == nil {
		t.Error("a setting of its own is no path, and that is no error")
	}
}
