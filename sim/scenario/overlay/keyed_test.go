package overlay_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/scenario/overlay"
)

// trio is a keyed array; its element 0 is not written.
type trio [3]team

func (trio) Keys() []overlay.Key {
	return []overlay.Key{{}, {Name: "day", Doc: "by day"}, {Name: "night-shift"}}
}

type keyed struct {
	Shifts trio `yaml:"shifts"`
}

// spelled is keyed as a struct says it.
type spelled struct {
	Shifts struct {
		Day   team `yaml:"day" doc:"by day"`
		Night team `yaml:"night-shift"`
	} `yaml:"shifts"`
}

// A keyed array is read, written, set, listed and described as a struct with the same keys is.
func TestKeyedArrayIsAStruct(t *testing.T) {
	var k keyed
	var s spelled
	meta := overlay.Meta{}
	for _, layer := range []string{
		"shifts: {day: {agents: 3, wage: 2}, night-shift: {agents: {value: 1, range: [0, 4]}, wage: 5}}",
		"shifts: {night-shift: {wage: 6}}",
	} {
		for _, dst := range []any{&k, &s} {
			if _, err := overlay.Decode("layer", []byte(layer), dst, meta); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, dst := range []any{&k, &s} {
		if err := overlay.Set(dst, meta, "shifts.day.agents", "7"); err != nil {
			t.Fatal(err)
		}
		if err := overlay.SetFloat(dst, "shifts.night-shift.wage", 6.5); err != nil {
			t.Fatal(err)
		}
	}
	if k.Shifts[1] != s.Shifts.Day || k.Shifts[2] != s.Shifts.Night || k.Shifts[1].Agents != 7 || k.Shifts[2] != (team{Agents: 1, Wage: 6.5}) {
		t.Errorf("array %+v, struct %+v", k, s)
	}
	if a, b := encoded(t, &k, meta), encoded(t, &s, meta); a != b {
		t.Errorf("array is written as\n%s\nstruct as\n%s", a, b)
	}
	if a, b := overlay.Schema(&k, meta), overlay.Schema(&s, meta); string(a) != string(b) || !json.Valid(a) {
		t.Errorf("schema of the array\n%s\nof the struct\n%s", a, b)
	}
	if a, b := overlay.Paths(&k), overlay.Paths(&s); !slices.Equal(a, b) || len(a) != 4 {
		t.Errorf("paths %v and %v", a, b)
	}
	if c := overlay.Clone(&k); *c != k {
		t.Errorf("clone %+v of %+v", c, k)
	}
}

func encoded(t *testing.T, dst any, meta overlay.Meta) string {
	t.Helper()
	b, err := overlay.EncodeMeta(dst, meta)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Faults name the key, and the nearest one.
func TestKeyedArrayFaults(t *testing.T) {
	for layer, want := range map[string]string{
		"shifts: {nigt-shift: {wage: 1}}": `shifts.nigt-shift: unknown key, did you mean "night-shift"?`,
		"shifts: [1]":                     "shifts: must be a mapping, got a list",
		"shifts: {day: {wage: 0}}":        "shifts.day.wage: must be > 0, got 0",
	} {
		var k keyed
		if _, err := overlay.Decode("f", []byte(layer), &k, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", layer, err, want)
		}
	}
	var k keyed
	if err := overlay.Set(&k, nil, "shifts[0].wage", "1"); err == nil {
		t.Error("an element of a keyed array was taken by its index")
	}
}
