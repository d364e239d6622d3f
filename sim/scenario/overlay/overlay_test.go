package overlay_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/scenario/overlay"
)

func TestLaterLayerWins(t *testing.T) {
	got, _ := decode(t, fullText, `
rate: 0.5
weights: [1]
teams: {visit: {agents: 9}, call: {wage: 5}}
pointed: {x: {agents: 4}}
night: {lead: {agents: 2}}
stages:
  new: {after: 90}
  zulu: {channel: call, steps: {a: {prob: 0.5}, c: {prob: 0.25}}}
`)
	want := fullValue()
	want.Rate, want.Weights = 0.5, []float64{1}
	want.Teams["visit"] = team{Agents: 9, Wage: 20}
	want.Teams["call"] = team{Wage: 5}
	want.Pointed["x"].Agents = 4
	want.Night.Lead = &team{Agents: 2}
	want.Stages[0].Channel = "call"
	want.Stages[0].Steps = []step{{"b", 1}, {"a", 0.5}, {"c", 0.25}}
	want.Stages = append(want.Stages, stage{Name: "new", After: 90})
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestNullDeletes(t *testing.T) {
	got, _ := decode(t, fullText, `
teams: {visit: null}
pointed: {x: ~}
night: null
limit: null
weights: null
shares: null
stages: {zulu: null}
`)
	want := fullValue()
	delete(want.Teams, "visit")
	want.Pointed = map[string]*team{}
	want.Night, want.Limit, want.Weights, want.Shares = nil, nil, nil, nil
	want.Stages = want.Stages[1:]
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestNothingToDelete(t *testing.T) {
	var x every
	warnings, err := overlay.Decode("f", []byte("teams: {a: null}\nstages: {b: null}\n"), &x, nil)
	want := []string{"f:1:12: teams.a: nothing to delete", "f:2:13: stages.b: nothing to delete"}
	if err != nil || !reflect.DeepEqual(warnings, want) {
		t.Errorf("got %q, %v, want %q", warnings, err, want)
	}
}

// A layer laid twice is a layer laid once; a whole encoded value laid over anything gives every scalar and list its own value.
func TestOverlayLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, layer := drawEvery(t), drawEvery(t)
		src, err := overlay.Encode(&layer)
		if err != nil {
			t.Fatal(err)
		}
		lay := func(x *every) {
			if _, err := overlay.Decode("f", src, x, nil); err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
		}
		x := overlay.Clone(&base)
		lay(x)
		once := overlay.Clone(x)
		lay(x)
		if !reflect.DeepEqual(x, once) {
			t.Fatalf("once  %+v\ntwice %+v", once, x)
		}
		for _, path := range overlay.Paths(&layer) {
			want, _ := overlay.Get(&layer, path)
			if got, err := overlay.Get(once, path); path != "optional" && (err != nil || !reflect.DeepEqual(got, want)) {
				t.Fatalf("%s: got %v, %v, want %v", path, got, err, want)
			}
		}
	})
}

func TestAnchorsAndMergeKeys(t *testing.T) {
	got, _ := decode(t, `
teams:
  a: &a {agents: 1, wage: 2}
  b: *a
  c: {<<: *a, wage: 3}
  d:
    <<: [{wage: 7}, *a]
rate: &r 0.5
shares: {x: *r}
`)
	want := map[string]team{"a": {Agents: 1, Wage: 2}, "b": {Agents: 1, Wage: 2}, "c": {Agents: 1, Wage: 3}, "d": {Agents: 1, Wage: 7}}
	if !reflect.DeepEqual(got.Teams, want) || got.Shares["x"] != 0.5 {
		t.Errorf("got %+v %v, want %+v", got.Teams, got.Shares, want)
	}
}

func TestForms(t *testing.T) {
	for name, src := range map[string]string{
		"bom": "\ufeffrate: 0.5", "crlf": "rate: 0.5\r\n", "header": "---\nrate: 0.5\n...\n", "comments": "# x\nrate: 0.5 # y\n",
		"json": `{"rate": 0.5}`, "explicit key": "? rate\n: 0.5\n", "quoted key": "'rate': 0.5", "directive": "%YAML 1.2\n---\nrate: 0.5\n",
		"exponent": "rate: 5E-1", "no zero": "rate: .5", "plus": "rate: +0.5", "value": "rate: {value: 0.5}",
	} {
		var x every
		if _, err := overlay.Decode(name, []byte(src), &x, nil); err != nil || x.Rate != 0.5 {
			t.Errorf("%s: %v, %v", name, x.Rate, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	x := every{Label: "\xff", Stages: []stage{{Name: "a"}, {Name: "a"}}, Weights: []float64{1, 0}}
	x.Rate = zero() / zero()
	_, err := overlay.Encode(&x)
	want := "rate: must be finite, got NaN\nlabel: must be UTF-8 text, got \"\\xff\"\nstages.a: two elements have this name"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func zero() float64 { return 0 }

func TestEncodeText(t *testing.T) {
	x := struct {
		Name  string             `yaml:"name"`
		Rates map[string]float64 `yaml:"rates"`
		None  []int              `yaml:"none"`
		Empty []int              `yaml:"empty"`
		Big   float64            `yaml:"big"`
		List  []stage            `yaml:"list"`
	}{
		"yes",
		map[string]float64{"b": 1e-9, "a b": 0.1, "30": 2},
		nil,
		[]int{},
		12345678,
		[]stage{{Name: "one", Channel: "home visit", Notes: map[string]string{}}},
	}
	want := `name: "yes"
rates:
  "30": 2
  a b: 0.1
  b: 1e-09
none: null
empty: []
big: 12345678
list:
  one:
    after: 0
    channel: home visit
    steps: null
    notes: {}
`
	if got, err := overlay.Encode(&x); err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}

func TestProgrammersMistakesPanic(t *testing.T) {
	type hidden struct{ A int }
	for name, dst := range map[string]any{
		"no pointer": every{}, "nil": (*every)(nil), "no struct": ptr(3), "no tag": &hidden{},
		"func": &struct {
			F func() `yaml:"f"`
		}{},
		"map of int": &struct {
			M map[int]int `yaml:"m"`
		}{},
		"bad rule": &struct {
			A int `yaml:"a" check:"big"`
		}{},
		"twice": &struct {
			A int `yaml:"a"`
			B int `yaml:"a"`
		}{},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if r, _ := recover().(string); !strings.HasPrefix(r, "overlay: ") {
					t.Errorf("got %v, want a panic of this package", r)
				}
			}()
			_, _ = overlay.Decode("f", []byte("a: 1"), dst, nil)
		})
	}
}
