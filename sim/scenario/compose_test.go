package scenario_test

import (
	"testing"

	"collectsim/sim/scenario"
)

// TestCompose: settings become a file in their order, of two at one path the later one, under keys of any kind; what a
// file cannot state alone is an error.
func TestCompose(t *testing.T) {
	var settings []scenario.Setting
	for _, text := range []string{"name=one", `strategies."my 1.2".stages.call.cap=3`, `strategies."my 1.2".stages.text=null`, "accounts=5", "name=two", "compare=[a, b]"} {
		s, err := scenario.ParseSetting(text)
		if err != nil {
			t.Fatal(err)
		}
		settings = append(settings, s)
	}
	file, err := scenario.Compose(settings)
	want := "name: two\nstrategies:\n  my 1.2:\n    stages:\n      call:\n        cap: 3\n      text: null\naccounts: 5\ncompare:\n- a\n- b\n"
	if err != nil || string(file) != want {
		t.Errorf("got\n%s%v\nwant\n%s", file, err, want)
	}
	for _, path := range []string{"teams.call.shifts[0].from", "a..b"} {
		if _, err := scenario.Compose([]scenario.Setting{{Path: path, Value: 1}}); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
}
