package overlay_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"collectsim/sim/scenario/overlay"
)

// Each form of a check tag at, just inside and just outside of its bounds.
func TestRules(t *testing.T) {
	type rules struct {
		Ge     float64 `yaml:"ge" check:">=1"`
		Gt     float64 `yaml:"gt" check:">1"`
		Le     float64 `yaml:"le" check:"<=1"`
		Lt     float64 `yaml:"lt" check:"<1"`
		Closed float64 `yaml:"closed" check:"[1,2]"`
		Open   float64 `yaml:"open" check:"(1,2)"`
		Left   float64 `yaml:"left" check:"(1,2]"`
		Right  float64 `yaml:"right" check:"[1, 2)"`
		Days   int     `yaml:"days" check:"in:7|14|30"`
	}
	below, above := math.Nextafter(1, 0), math.Nextafter(1, 2)
	below2, above2 := math.Nextafter(2, 0), math.Nextafter(2, 3)
	for key, want := range map[string]map[float64]string{
		"ge":     {below: "must be >= 1", 1: "", above: ""},
		"gt":     {below: "must be > 1", 1: "must be > 1", above: ""},
		"le":     {below: "", 1: "", above: "must be <= 1"},
		"lt":     {below: "", 1: "must be < 1", above: "must be < 1"},
		"closed": {below: "must be in [1,2]", 1: "", 2: "", above2: "must be in [1,2]"},
		"open":   {1: "must be in (1,2)", above: "", below2: "", 2: "must be in (1,2)"},
		"left":   {1: "must be in (1,2]", above: "", 2: "", above2: "must be in (1,2]"},
		"right":  {below: "must be in [1, 2)", 1: "", below2: "", 2: "must be in [1, 2)"},
		"days":   {7: "", 14: "", 30: "", 8: "must be one of 7, 14, 30"},
	} {
		for x, msg := range want {
			if msg != "" {
				msg = fmt.Sprintf("%s: %s, got %v", key, msg, x)
			}
			got := ""
			if err := overlay.SetFloat(&rules{}, key, x); err != nil {
				got = err.Error()
			}
			if got != msg {
				t.Errorf("%s = %v: got %q, want %q", key, x, got, msg)
			}
		}
	}
}

func TestDegenerateRange(t *testing.T) {
	decode(t, "rate: {value: 0.5, range: [0.5, 0.5]}")
}

func TestReplacedListForgetsItsElements(t *testing.T) {
	_, meta := decode(t, "weights: [{value: 0.5, source: x}, 1]")
	if meta["weights[0]"].Source != "x" {
		t.Errorf("%+v", meta)
	}
	if _, meta = decode(t, "weights: [{value: 0.5, source: x}, 1]", "weights: [1]"); len(meta) != 0 {
		t.Errorf("%+v", meta)
	}
}

// Above 2^53 a float may stand for a neighbour of the whole number that was meant.
func TestWholeLimit(t *testing.T) {
	var x every
	if err := overlay.SetFloat(&x, "big", 1<<53); err != nil || x.Big != 1<<53 {
		t.Errorf("%v, %v", x.Big, err)
	}
	if err := overlay.SetFloat(&x, "big", 1<<54); err == nil {
		t.Errorf("took 2^54 as %d", x.Big)
	}
	if err := overlay.Set(&x, nil, "big", "18014398509481984"); err != nil || x.Big != 1<<54 {
		t.Errorf("%v, %v", x.Big, err)
	}
}

// A rule on a map of structs is not a rule for what the structs hold, in Decode, Bind and Check alike.
func TestRuleStopsAtStructs(t *testing.T) {
	type inner struct {
		Free float64 `yaml:"free"`
	}
	type outer struct {
		M map[string]inner `yaml:"m" check:"[0,1]"`
	}
	var x outer
	if _, err := overlay.Decode("f", []byte("m: {a: {free: 5}}"), &x, nil); err != nil {
		t.Error(err)
	}
	if err := overlay.SetFloat(&x, "m.a.free", 7); err != nil || x.M["a"].Free != 7 {
		t.Errorf("%v, %v", x, err)
	}
	if err := overlay.Check(&x); err != nil {
		t.Error(err)
	}
}

// Inside a map, null would delete: a nil pointer is left out, nil lists and maps are written as empty.
func TestNilInsideMaps(t *testing.T) {
	type nils struct {
		P map[string]*team          `yaml:"p"`
		L map[string][]int          `yaml:"l"`
		M map[string]map[string]int `yaml:"m"`
		S map[string][]stage        `yaml:"s"`
	}
	x := nils{map[string]*team{"a": nil}, map[string][]int{"a": nil}, map[string]map[string]int{"a": nil}, map[string][]stage{"a": nil}}
	src, err := overlay.Encode(&x)
	want := "p: {}\nl:\n  a: []\nm:\n  a: {}\ns:\n  a: {}\n"
	if err != nil || string(src) != want {
		t.Fatalf("got %v\n%s\nwant\n%s", err, src, want)
	}
	var got nils
	if _, err := overlay.Decode("f", src, &got, nil); err != nil {
		t.Fatal(err)
	}
	full := nils{map[string]*team{}, map[string][]int{"a": {}}, map[string]map[string]int{"a": {}}, map[string][]stage{"a": {}}}
	if !reflect.DeepEqual(got, full) {
		t.Errorf("got %+v, want %+v", got, full)
	}
}

type shares struct {
	M map[string]int `yaml:"m"`
}

func TestCloneOfEmbedded(t *testing.T) {
	type holder struct {
		shares `yaml:",inline"`
	}
	x := holder{shares{map[string]int{"a": 1}}}
	overlay.Clone(&x).M["a"] = 2
	if x.M["a"] != 1 {
		t.Error("clone shares the map of an embedded struct")
	}
}

// Two faults of one line keep the order of their columns, and errors.As finds the single ones.
func TestErrorsAreValues(t *testing.T) {
	_, err := overlay.Decode("f", []byte("night: {wage: 0, agents: -1}"), &every{}, nil)
	want := overlay.Errors{
		{File: "f", Line: 1, Col: 15, Path: "night.wage", Msg: "must be > 0, got 0"},
		{File: "f", Line: 1, Col: 26, Path: "night.agents", Msg: "must be >= 0, got -1"},
	}
	if !reflect.DeepEqual(err, error(want)) {
		t.Errorf("got %#v", err)
	}
}

func TestLocate(t *testing.T) {
	src := "rate: 0.5\nteams:\n  visit: {agents: 3}\nweights: {value: [1, 2]}\nwords: [a, b]\n"
	for path, want := range map[string][2]int{
		"rate": {1, 7}, "teams": {3, 3}, "teams.visit": {3, 10}, "teams.visit.agents": {3, 19}, "weights[1]": {4, 22}, "words[1]": {5, 12},
		"teams.call": {}, "rate.x": {}, "words[2]": {}, "": {}, "rate[0]": {},
	} {
		line, col, ok := overlay.Locate([]byte(src), path)
		if got := [2]int{line, col}; got != want || ok != (want != [2]int{}) {
			t.Errorf("%s: got %v, %v, want %v", path, got, ok, want)
		}
	}
	if _, _, ok := overlay.Locate([]byte("a: ["), "a"); ok {
		t.Error("found a value in a broken file")
	}
}
