package overlay_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"collectsim/sim/scenario/overlay"
)

func TestSet(t *testing.T) {
	for _, c := range []struct {
		path, value string
		change      func(*every)
	}{
		{"rate", "0.5", func(x *every) { x.Rate = 0.5 }},
		{"count", "2e3", func(x *every) { x.Count = 2000 }},
		{"label", "free text", func(x *every) { x.Label = "free text" }},
		{"label", `""`, func(x *every) { x.Label = "" }},
		{"tone", "warm", func(x *every) { x.Tone = 1 }},
		{"weights", "[0.1, 0.2]", func(x *every) { x.Weights = []float64{0.1, 0.2} }},
		{"weights[1]", "0.25", func(x *every) { x.Weights = []float64{0.5, 0.25} }},
		{"matrix[0][1]", "9", func(x *every) { x.Matrix[0][1] = 9 }},
		{"pair[1]", "9", func(x *every) { x.Pair[1] = 9 }},
		{`shares."a.b"`, "0.1", func(x *every) { x.Shares["a.b"] = 0.1 }},
		{`shares."lost job"`, "null", func(x *every) { delete(x.Shares, "lost job") }},
		{"teams.30.lead.wage", "4", func(x *every) { x.Teams["30"].Lead.Wage = 4 }},
		{"teams.visit.lead.agents", "4", func(x *every) { x.Teams["visit"] = team{3, 20, &team{Agents: 4}} }},
		{"pointed.x.agents", "4", func(x *every) { x.Pointed["x"].Agents = 4 }},
		{"night", "{wage: 1}", func(x *every) { x.Night.Wage = 1 }},
		{"night", "null", func(x *every) { x.Night = nil }},
		{"limit", "1", func(x *every) { x.Limit = ptr(1) }},
		{"by_tone.warm", "3", func(x *every) { x.ByTone[1] = 3 }},
		{"stages.zulu.steps.a.prob", "0.5", func(x *every) { x.Stages[0].Steps[1].Prob = 0.5 }},
		{"stages.alpha", "null", func(x *every) { x.Stages = x.Stages[:1] }},
		{"teams", "{new: {wage: 1}}", func(x *every) { x.Teams["new"] = team{Wage: 1} }},
		{"seed", "18446744073709551615", func(x *every) { x.Seed = math.MaxUint64 }},
	} {
		got, want := fullValue(), fullValue()
		c.change(&want)
		if err := overlay.Set(&got, nil, c.path, c.value); err != nil {
			t.Errorf("%s=%s: %v", c.path, c.value, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s=%s: got  %+v\nwant %+v", c.path, c.value, got, want)
		}
	}
}

func TestSetFaults(t *testing.T) {
	for _, c := range []struct{ path, value, want string }{
		{"teams.vist.agents", "3", `--set: teams.vist: unknown key, did you mean "visit"?`},
		{"team.visit.agents", "3", `--set: team: unknown key, did you mean "teams"?`},
		{"teams.visit.agnts", "3", `--set: teams.visit.agnts: unknown key, did you mean "agents"?`},
		{"teams.visit.agents", "-3", `--set: teams.visit.agents: must be >= 0, got -3`},
		{"teams.visit.agents", "", `--set: teams.visit.agents: must have a value, got nothing ("" is empty text, null empties)`},
		{"teams.visit.agents", "{", `--set: teams.visit.agents: not valid YAML: the mapping that starts here is not closed, } is missing`},
		{"teams.visit.agents.x", "3", `--set: teams.visit.agents.x: unknown key of a parameter, known are value, range, dist, unit, source, note, scale, choices`},
		{"stages.zul", "{after: 1}", `--set: stages.zul: unknown key, did you mean "zulu"?`},
		{"shares.car", "1", `--set: shares.car: unknown key, known are a.b, lost job`},
		{"weights[2]", "1", `--set: weights[2]: no such element, the list has 2`},
		{"weights[1]", "0", `--set: weights[1]: must be in (0,1], got 0`},
		{"rate[0]", "1", `--set: rate: must be a list to take [0]`},
		{"weights[x]", "1", `--set: weights[x]: not a path: index must be [i] with i from 0`},
		{"weights[0]x", "1", `--set: weights[0]x: not a path: expected '.' or '[' before "x"`},
		{"teams..agents", "1", `--set: teams..agents: not a path: empty or unquoted key in ".agents"`},
		{`teams."x`, "1", `--set: teams."x: not a path: quote not closed in "x`},
		{"[0]", "1", `--set: [0]: not a path: empty or unquoted key in "[0]"`},
		{"", "1", `--set: not a path: empty path`},
		{"label", "3", `--set: label: must be text (quote it: "3"), got 3`},
		{"count", "many", `--set: count: must be a whole number, got "many"`},
		{"rate", "{value: 0.5, sorce: x}", `--set: rate.sorce: unknown key of a parameter, did you mean "source"?`},
	} {
		x := fullValue()
		err := overlay.Set(&x, overlay.Meta{}, c.path, c.value)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s=%s:\ngot  %v\nwant %s", c.path, c.value, err, c.want)
		}
		if !reflect.DeepEqual(x, fullValue()) {
			t.Errorf("%s=%s left traces", c.path, c.value)
		}
	}
}

func TestGet(t *testing.T) {
	x := fullValue()
	for path, want := range map[string]any{
		"rate": 0.25, "tone": tone(2), "teams.30.lead.wage": 3.0, "weights": []float64{0.5, 1}, "weights[1]": 1.0, "limit": 9,
		"stages.zulu.steps.b.prob": 1.0, `shares."lost job"`: 0.3, "night.lead": nil, "teams.30.lead": team{Wage: 3}, "by_tone.warm": 2,
	} {
		if got, err := overlay.Get(&x, path); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v, want %v", path, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"rte":             `rte: unknown key, did you mean "rate"?`,
		"night.lead.wage": `night.lead: is not set`,
		"rate.x":          `rate.x: unknown key, rate is a number`,
		"rate[1]":         `rate[1]: no such element, rate is no list`,
		"stages.alhpa":    `stages.alhpa: unknown key, did you mean "alpha"?`,
		"by_tone.harsh":   `by_tone.harsh: unknown key, known are warm`,
		"a b":             `a b: not a path: empty or unquoted key in "a b"`,
	} {
		if got, err := overlay.Get(&x, path); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, %v, want %s", path, got, err, want)
		}
	}
}

func TestBind(t *testing.T) {
	x := fullValue()
	for _, c := range []struct {
		path string
		kind overlay.Kind
		val  float64
		want any
	}{
		{"rate", overlay.Number, 0.75, 0.75},
		{"count", overlay.Integer, 12, 12},
		{"size", overlay.Integer, 65535, uint16(65535)},
		{"on", overlay.Boolean, 0, false},
		{"teams.visit.agents", overlay.Integer, 8, 8},
		{"teams.visit.lead.wage", overlay.Number, 8, 8.0},
		{"stages.zulu.steps.a.prob", overlay.Number, 1, 1.0},
		{`shares."a.b"`, overlay.Number, 0.5, 0.5},
		{"weights[0]", overlay.Number, 0.25, 0.25},
		{"limit", overlay.Integer, 3, 3},
		{"night.lead.agents", overlay.Integer, 3, 3},
	} {
		set, kind, err := overlay.Bind(&x, c.path)
		if err != nil || kind != c.kind {
			t.Errorf("%s: %v, %v", c.path, kind, err)
			continue
		}
		if err := set(c.val); err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
		if got, err := overlay.Get(&x, c.path); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v, want %v", c.path, got, err, c.want)
		}
	}
}

// Bind only looks: a path through nil pointers is allocated by the setter.
func TestBindDoesNotModify(t *testing.T) {
	x := fullValue()
	if _, _, err := overlay.Bind(&x, "night.lead.lead.agents"); err != nil || !reflect.DeepEqual(x, fullValue()) {
		t.Errorf("%v, %+v", err, x)
	}
}

func TestSetFloatFaults(t *testing.T) {
	for _, c := range []struct {
		path string
		val  float64
		want string
	}{
		{"rate", 1.5, "rate: must be in [0,1], got 1.5"},
		{"rate", math.NaN(), "rate: must be finite, got NaN"},
		{"single", 1e39, "single: must be finite, got 1e+39"},
		{"count", 2.5, "count: must be a whole number, got 2.5"},
		{"count", math.Inf(1), "count: must be a whole number, got +Inf"},
		{"count", -1, "count: must be >= 0, got -1"},
		{"size", -1, "size: must be >= 0, got -1"},
		{"size", 65536, "size: must be between 0 and 65535, got 65536"},
		{"small", 128, "small: must be between -128 and 127, got 128"},
		{"long", 1e18, "long: must be between -9223372036854775808 and 9223372036854775807, got 1e+18"},
		{"on", 0.5, "on: must be 0 or 1, got 0.5"},
		{"label", 1, "label: must be text, got 1"},
		{"weights[0]", 0, "weights[0]: must be in (0,1], got 0"},
		{`shares."a.b"`, 2, `shares."a.b": must be in [0,1], got 2`},
		{"teams.visit.wage", 0, "teams.visit.wage: must be > 0, got 0"},
		{"teams.vist.wage", 1, `teams.vist: unknown key, did you mean "visit"?`},
		{"a b", 1, `a b: not a path: empty or unquoted key in "a b"`},
	} {
		x := fullValue()
		err := overlay.SetFloat(&x, c.path, c.val)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s=%v: got %v, want %s", c.path, c.val, err, c.want)
		}
		if !reflect.DeepEqual(x, fullValue()) {
			t.Errorf("%s=%v left traces", c.path, c.val)
		}
	}
	x := fullValue()
	for path, want := range map[string]string{
		"label": "label: must be a number to vary, is text",
		"teams": "teams: must be a number to vary, is a mapping",
		"rte":   `rte: unknown key, did you mean "rate"?`,
		"":      "not a path: empty path",
	} {
		if _, _, err := overlay.Bind(&x, path); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func TestPaths(t *testing.T) {
	x := fullValue()
	x.Night, x.Limit = nil, nil
	want := []string{
		"on", "count", "small", "size", "big", "long", "rate", "single", "label", "order", "tone", "cents",
		"weights[0]", "weights[1]", "words[0]", "words[1]", "words[2]",
		"matrix[0][0]", "matrix[0][1]", "matrix[2][0]", "pair[0]", "pair[1]", "tones[0]", "tones[1]",
		`shares."a.b"`, `shares."lost job"`, "by_tone.warm",
		"teams.30.agents", "teams.30.wage", "teams.30.lead.agents", "teams.30.lead.wage", "teams.visit.agents", "teams.visit.wage",
		"pointed.x.agents", "pointed.x.wage", "limit",
		"stages.zulu.after", "stages.zulu.channel", "stages.zulu.steps.b.prob", "stages.zulu.steps.a.prob",
		"stages.alpha.after", "stages.alpha.channel", "stages.alpha.notes.k", "optional", "seed",
	}
	if got := overlay.Paths(&x); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestNearest(t *testing.T) {
	keys := []string{"visit", "call", "sms", "letter", "home_visit", "Agents"}
	for name, want := range map[string]string{
		"vist": "visit", "ivsit": "visit", "visti": "visit", "VISIT": "visit", "visitt": "visit", "cal": "call", "smss": "sms", "sm": "sms",
		"home-visit": "home_visit", "homevisit": "home_visit", "agent": "Agents", "lettre": "letter",
		"x": "", "": "", "banana": "", "vxxxt": "", "cxxl": "", "lawsuit": "",
	} {
		if got := overlay.Nearest(keys, name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := overlay.Nearest([]string{"bat", "cat"}, "rat"); got != "bat" {
		t.Errorf("a tie goes to the first, got %q", got)
	}
}

func TestCheck(t *testing.T) {
	x := fullValue()
	if err := overlay.Check(&x); err != nil {
		t.Errorf("a decoded value fails: %v", err)
	}
	x.Count, x.Rate, x.Order, x.Weights[1], x.Shares["a.b"], x.Limit = -1, math.NaN(), "", 2, 7, nil
	x.Teams["new"] = team{}
	x.Stages[0].Steps[1].Prob = 3
	want := `count: must be >= 0, got -1
rate: must be finite, got NaN
order: must be one of dpd, balance, score, got ""
weights[1]: must be in (0,1], got 2
shares."a.b": must be in [0,1], got 7
teams.new.wage: must be > 0, got 0
stages.zulu.steps.a.prob: must be in [0,1], got 3`
	if err := overlay.Check(&x); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
