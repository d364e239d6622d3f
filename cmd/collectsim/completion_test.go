package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// completions are what a shell gets for a line, and the directive behind it.
func completions(t *testing.T, args ...string) (names []string, directive string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(must(t, append([]string{"__complete"}, args...)...)), "\n")
	for _, line := range lines[:len(lines)-1] {
		name, _, _ := strings.Cut(line, "\t")
		names = append(names, name)
	}
	return names, lines[len(lines)-1]
}

// TestCompletion: shells are offered the values that fit: names of the folder or scenario at hand, the rest of a list,
// paths that go on with a value.
func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	out, mine := filepath.Join(dir, "out"), filepath.Join(dir, "mine.yaml")
	must(t, "run", "-o", out, "--accounts", "20", "--replications", "2", "--horizon", "5", "--no-charts", "--quiet", "--strategies", "no-contact,home-visits")
	if err := os.WriteFile(mine, []byte("strategies: {gentle: {extends: home-visits}, no-contact: {}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line string
		want []string // these alone
		has  []string // these among others
	}{
		{line: "run --strategies ", has: []string{"home-visits", "ccb-visit"}},
		{line: "run " + mine + " --strategies g", want: []string{"gentle"}},
		{line: "run --strategies no-contact,reminders-only,re", want: nil},
		{line: "run --strategies no-contact,re", want: []string{"no-contact,reminders-only"}},
		{line: "run --baseline no", want: []string{"no-contact"}},
		{line: "run --set teams.visit.wa", want: []string{"teams.visit.wage="}},
		{line: "sweep " + mine + " --vary strategies.gentle.stages.visit.first", want: []string{"strategies.gentle.stages.visit.first_day="}},
		{line: "run --assert net", want: []string{"net_value"}},
		{line: "run def", want: []string{"default"}},
		{line: "compare " + out + " --champion ", want: []string{"home-visits", "no-contact"}},
		{line: "compare " + out + " --metrics npv,net", want: []string{"npv,net_value"}},
		{line: "compare " + out + " --fairness r", want: []string{"region"}},
		{line: "compare " + out + " --fairness v", want: []string{"vintage"}},
		{line: "decide " + out + " --by s", want: []string{"segment", "start"}},
		{line: "search --by s", want: []string{"segment", "start"}},
		{line: "chart " + out + " --kind stress", want: []string{"stress", "stress-visit"}},
		{line: "chart " + out + " --kind sw", want: []string{"sweep"}},
		{line: "chart " + out + " --channel le", want: []string{"letter", "legal-letter"}},
		{line: "chart " + out + " --team ", want: []string{"call", "visit"}},
		{line: "decide " + out + " --effect cure", want: []string{"cure_rate", "cures"}},
		{line: "plan-test " + out + " --metric cure", want: []string{"cure_rate", "cures"}},
		{line: "plan-test " + out + " --cost ", want: nil}, // an amount there
		{line: "tape check cards.csv --map u", want: []string{"uci-taiwan"}},
		{line: "validate claims 01", want: []string{"01-visits-lower-overdue"}},
		{line: "report " + out + " --lang z", want: []string{"zh-CN"}},
		{line: "calibrate --fit borrowers.payment.fu", want: []string{"borrowers.payment.full_share"}},
		{line: "calibrate --fit acc", want: nil}, // a whole number
		{line: "calibrate --targets u", want: []string{"uci-cards"}},
		{line: "list ch", want: []string{"charts"}},
	} {
		got, _ := completions(t, strings.Split(c.line, " ")...)
		got = slices.DeleteFunc(got, func(s string) bool { return !strings.HasPrefix(s, c.line[strings.LastIndex(c.line, " ")+1:]) }) // as shells do
		slices.Sort(got)
		slices.Sort(c.want)
		if c.has == nil && !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
		for _, name := range c.has {
			if !slices.Contains(got, name) {
				t.Errorf("%s: %q lacks %q", c.line, got, name)
			}
		}
	}
	for line, want := range map[string]string{"report ": ":16", "run -o ": ":16", "run --set t": ":6", "run --tape ": ":0", "decide ": ":0"} {
		if _, got := completions(t, strings.Split(line, " ")...); got != want {
			t.Errorf("%s: directive %s, want %s", line, got, want)
		}
	}
}
