package scenario_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/scenario"
)

// TestExtends: a file is laid over the one that it extends, found beside it, which may extend another.
func TestExtends(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "base.yaml", "extends: remote-visits\naccounts: 123\nstrategies: {reminders-only: {}, home-visits: {}}\nborrowers: {excitation: {decay: 0.3}}\n")
	write(t, dir, "sub/top.yaml", "extends: ../base.yaml\nname: top\nteams: {visit: {agents: 7}}\n")
	s, err := scenario.Load(filepath.Join(dir, "sub", "top.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	built, err := scenario.Load("remote-visits")
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case s.Name != "top" || s.Accounts != 123 || s.Teams.Visit.Agents != 7 || s.Extends != "":
		t.Errorf("got name %s, accounts %d, agents %g, extends %q", s.Name, s.Accounts, s.Teams.Visit.Agents, s.Extends)
	case s.Title != built.Title || s.Title == scenario.Default().Title:
		t.Errorf("title %q: the built-in scenario below is lost", s.Title)
	case s.Borrowers.Excitation.Decay != 0.3 || s.Meta["borrowers.excitation.decay"].Dist != "":
		t.Error("the value of the middle file is lost, or drawn anew")
	case !slices.Contains(s.Played(), "home-visits") || slices.Contains(s.Played(), "tiered-escalation"):
		t.Errorf("plays %v", s.Played())
	}
	if err := s.Check(); err != nil {
		t.Error(err)
	}
}

// TestDeletingStrategiesLeavesTheOthers: a file that names strategies plays those; one that only deletes some plays the rest.
func TestDeletingStrategiesLeavesTheOthers(t *testing.T) {
	for _, c := range []struct {
		file string
		want []string
	}{
		{"strategies: {reminders-only: null}", []string{"no-contact", "tiered-escalation", "home-visits"}},
		{"strategies: {reminders-only: null, home-visits: null}", []string{"no-contact", "tiered-escalation"}},
		{"strategies: {reminders-only: null, home-visits: {}}", []string{"no-contact", "home-visits"}},
	} {
		s, err := scenario.Parse("own.yaml", []byte(c.file))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Check(); err != nil || !slices.Equal(s.Played(), c.want) {
			t.Errorf("%s: plays %v (%v), want %v", c.file, s.Played(), err, c.want)
		}
	}
}

// TestSettingDeletesAsAFile: --set strategies.NAME=null does what the same line of a file does, whatever the name.
func TestSettingDeletesAsAFile(t *testing.T) {
	s := scenario.Default()
	if err := s.Set("strategies.reminders-only=null"); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil || !slices.Equal(s.Played(), []string{"no-contact", "tiered-escalation", "home-visits"}) {
		t.Errorf("plays %v (%v)", s.Played(), err)
	}
	own, err := scenario.Parse("own.yaml", []byte("compare: [no-contact, my own]\nstrategies: {my own: {extends: reminders-only}}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := own.Set(`strategies."my own"=null`); err != nil {
		t.Fatal(err)
	}
	if err := own.Check(); err != nil || !slices.Equal(own.Played(), []string{"no-contact"}) {
		t.Errorf("plays %v (%v)", own.Played(), err)
	}
	both, err := scenario.Parse("own.yaml", []byte("compare: [no-contact, reminders-only]\nstrategies: {reminders-only: null}"))
	if err != nil {
		t.Fatal(err)
	}
	if err := both.Check(); err == nil || !strings.Contains(err.Error(), `own.yaml:1:23: compare[1]: strategy "reminders-only": is deleted, and cannot be played`) {
		t.Errorf("got %v", err)
	}
}

func TestExtendsRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.yaml", "accounts: 5\nextends: b.yaml\n")
	write(t, dir, "b.yaml", "extends: ./a.yaml\n")
	write(t, dir, "c.yaml", "extends: defalt\n")
	write(t, dir, "d.yaml", "extends: e.yaml\n")
	write(t, dir, "e.yaml", "acounts: 5\n")
	for _, c := range []struct{ file, want string }{
		{"a.yaml", "extends itself"},
		{"a.yaml", "a.yaml:2:10: extends: "},
		{"c.yaml", "c.yaml:1:10: extends: "},
		{"d.yaml", "e.yaml:1:1: acounts: unknown key"},
	} {
		s, err := scenario.Load(filepath.Join(dir, c.file))
		if err == nil || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.file, err, c.want)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestUndoingWhatIsInherited: 0, none and [] take back conditions and remedies of a strategy that one starts from.
func TestUndoingWhatIsInherited(t *testing.T) {
	s, err := scenario.Parse("own.yaml", []byte(`strategies:
  base: {stages: {v: {channel: visit, first_day: 1, every: 3, when: {min_owed: 500, max_balance: 800, max_score: 0.2, products: [credit-card]}, remedies: {unknown: grace}}}}
  undone: {extends: base, stages: {v: {when: {min_owed: 0, max_balance: 0, max_score: 0, products: []}, remedies: {unknown: none}}}}
  plain: {stages: {v: {channel: visit, first_day: 1, every: 3}}}
baseline: base
`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = scenario.Parse("own.yaml", []byte("strategies: {a: {extends: home-visits, stages: {visit: {when: null}}}}\n"))
	if err == nil || !strings.HasSuffix(err.Error(), "stages.visit.when: must be a mapping, got null: undo key by key what is inherited, by 0, none or []") {
		t.Errorf("null: %v", err)
	}
	undone, plain := s.Strategy("undone"), s.Strategy("plain")
	if len(undone.Stages[0].When.Products) > 0 {
		t.Errorf("products %v", undone.Stages[0].When.Products)
	}
	undone.Stages[0].When.Products, plain.Stages[0].When.Products = nil, nil
	if !reflect.DeepEqual(undone.Stages, plain.Stages) {
		t.Errorf("got %+v, want %+v", undone.Stages, plain.Stages)
	}
}
