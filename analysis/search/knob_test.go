package search

import (
	"context"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/scenario"
)

func TestParseKnob(t *testing.T) {
	s := laddered(t)
	for _, c := range []struct {
		setting string
		want    string // values, or what the error must say
	}{
		{"stages.early-call.every=6,12,24", "12 6 24"},
		{"strategies.tiered-escalation.stages.early-call.every=6,12.0,24", "12 6 24"},
		{"stages.early-call.cap=5:15:5", "10 5 15"},
		{"stages.early-call.cap=2..10", "10 2 4 6 8"},
		{"stages.agency.when.min_owed=100..1600:log", "0 100 200 400 800 1600"},
		{"stages.early-call.tone=friendly,firm", "neutral friendly firm"},
		{"stages.early-call.named=true", "false true"},
		{"stages.agency.when.regions=[remote],[urban, suburban]", "[] [remote] [urban, suburban]"},
		{"stages.agency=off", "on off"},
		{"stages.agency", "must be PATH=SPEC"},
		{"stages.agency=on", "the search can try off alone"},
		{"stages.early-call.every=12", "the value that the strategy has already"},
		{"stages.early-call.evry=6", "the nearest path is strategies.tiered-escalation.stages.early-call.every"},
		{"stages.early-call.every=x", "is not a number"},
		{"teams.visit.agents=2", "the search changes stages of strategy tiered-escalation alone"},
	} {
		k, err := ParseKnob(s, ladder, c.setting)
		got := strings.Join(k.Values, " ")
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: got %s, want %s", c.setting, got, c.want)
		}
	}
}

// TestUnknownStrategiesHaveNoKnobs: also a built-in strategy must be part of the scenario first.
func TestUnknownStrategiesHaveNoKnobs(t *testing.T) {
	if _, err := ParseKnob(laddered(t), "ccb-visit", "stages.visit=off"); err == nil {
		t.Error("a strategy that the scenario lacks has a knob")
	}
}

// TestUsualKnobsCanBeSet: the knobs that are tried when nobody names any hold the value as it is first, and every other
// value alone makes a version of the strategy or breaks a rule that names its path; for every built-in strategy.
func TestUsualKnobsCanBeSet(t *testing.T) {
	for _, name := range scenario.Builtin("strategies") {
		s := scenario.Default()
		if err := s.Play([]string{name}); err != nil {
			t.Fatal(err)
		}
		s.Baseline, s.Accounts = name, 500
		c, err := s.Config(nil)
		if err != nil {
			t.Fatal(err)
		}
		space := newSpace(s, name, Usual(s, name, c.Portfolio))
		made := 0
		for i, k := range space.knobs {
			if err := checkKnobs(space.knobs[:i+1]); err != nil {
				t.Error(err)
			}
			for v := range k.Values {
				choice := make([]int, len(space.knobs))
				choice[i] = v
				version, err := space.version(choice)
				switch {
				case err != nil && !strings.Contains(err.Error(), strings.SplitAfter(k.Path, ".")[1]):
					t.Errorf("%s: %s=%s: %v", name, k.Path, k.Values[v], err)
				case err == nil && v == 0:
					if have := space.base.Strategy(name); len(version.plan.Stages) != len(have.Stages) {
						t.Errorf("%s: %s: the value as it is changes the plan", name, k.Path)
					}
				case err == nil:
					made++
				}
			}
		}
		if len(space.knobs) > 0 && made < len(space.knobs) {
			t.Errorf("%s: %d knobs make %d versions", name, len(space.knobs), made)
		}
	}
}

// TestLeftOutStagesHaveNoValues: values of a stage that is left out are as they are, so that no version is played twice.
func TestLeftOutStagesHaveNoValues(t *testing.T) {
	s := newSpace(laddered(t), ladder, []Knob{
		{"stages.agency.every", []string{"15", "30"}},
		{"stages.agency", []string{on, off}},
		{"stages.agency.when.min_owed", []string{"0", "500"}},
	})
	if got := s.whole([]int{1, 1, 1}); !slices.Equal(got, []int{0, 1, 0}) {
		t.Errorf("left out with other values: %v", got)
	}
	if got := s.whole([]int{1, 0, 1}); !slices.Equal(got, []int{1, 0, 1}) {
		t.Errorf("kept: %v", got)
	}
	if i := s.changed([]int{1, 0, 1}, []int{0, 1, 0}); i != 1 {
		t.Errorf("the change that leaves a stage out is taken for that of knob %d", i)
	}
	v, err := s.version([]int{0, 1, 0})
	if err != nil || len(v.plan.Stages) != 5 {
		t.Errorf("without the agency: %+v, %v", v, err)
	}
}

func TestParseLimit(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // what the error must say; empty: none
	}{
		{"cost <= 1x", ""},
		{"overdue_rate_30<0.05", ""},
		{"npv >= -3e3", ""},
		{"cost = 3", "must be 'METRIC < VALUE'"},
		{"cost < much", `"much" is not a number`},
		{"cost < NaN", "is not a number"},
		{"csot < 3", `unknown metric "csot", did you mean "cost"?`},
		{"incremental_cost_per_recovered < 1", "is a ratio of differences"},
	} {
		l, err := ParseLimit(c.text)
		switch {
		case c.want == "" && (err != nil || l.Text != c.text):
			t.Errorf("%s: %+v, %v", c.text, l, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
	l := Limit{Relation: "<=", Value: 0.5, Times: true}
	if over, kept := l.over(3, l.allowed(4)); kept || over != 0.5 {
		t.Errorf("3 where half of 4 is allowed: over %g, kept %v", over, kept)
	}
	l.Relation = ">"
	if over, kept := l.over(2, l.allowed(4)); kept || over != 0 {
		t.Errorf("2 where more than 2 is wanted: over %g, kept %v", over, kept)
	}
}

func TestSearchErrors(t *testing.T) {
	split, err := scenario.Parse("split.yaml", []byte("strategies:\n  tiered-escalation: {}\n  reminders-only: {}\n  trial: {split: {tiered-escalation: 0.5, reminders-only: 0.5}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		strategy string
		options  Options
		want     string
	}{
		{"tierd-escalation", Options{}, `did you mean "tiered-escalation"`},
		{"no-contact", Options{}, "has no stages"},
		{"trial", Options{}, "splits the portfolio"},
		{"trial", Options{By: "region"}, "trial cannot serve a part of the accounts"},
		{ladder, Options{By: "region", Candidates: []string{"reminders-onl"}}, `did you mean "reminders-only"`},
		{ladder, Options{By: "region", Candidates: []string{ladder}}, "nothing to choose from"},
		{ladder, Options{By: "region", Candidates: []string{"trial"}}, "nothing to choose from"},
		{ladder, Options{By: "cause"}, "must be one of product, region, segment, start"},
		{ladder, Options{Metric: "attempts_per_account"}, "neither direction"},
		{ladder, Options{Metric: "netvalue"}, `did you mean "net_value"`},
		{ladder, Options{Replications: 1}, "at least 2"},
		{ladder, Options{Starts: -1}, "must not be negative"},
		{ladder, Options{Knobs: []Knob{{"stages.agency", []string{on, off}}, {"stages.agency", []string{on, off}}}}, "varied twice"},
	} {
		_, err := run(context.Background(), split, c.strategy, c.options)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: %v, want %s", c.strategy, c.options, err, c.want)
		}
	}
}
