package overlay_test

import (
	"reflect"
	"testing"

	"collectsim/sim/scenario/overlay"
)

const declared = `
rate: {value: 0.12, range: [0.05, 0.3], dist: lognormal, unit: per day, source: "Karlan et al. 2012", note: n, scale: log}
count: {value: 3, choices: [1, 3, 5], source: assumption}
weights: {value: [0.5, 1], range: [0.1, 1], source: table 2}
teams:
  visit: {wage: {value: 20, unit: EUR per hour, source: assumption}}
`

func TestDeclarations(t *testing.T) {
	x, meta := decode(t, declared)
	if x.Rate != 0.12 || x.Count != 3 || !reflect.DeepEqual(x.Weights, []float64{0.5, 1}) || x.Teams["visit"].Wage != 20 {
		t.Errorf("values: %+v", x)
	}
	want := overlay.Meta{
		"rate": {
			Path: "rate", Unit: "per day", Source: "Karlan et al. 2012", Note: "n", Dist: "lognormal", Scale: "log",
			Low: 0.05, High: 0.3, HasRange: true, Default: 0.12,
		},
		"count":            {Path: "count", Source: "assumption", Choices: []float64{1, 3, 5}, Default: 3},
		"weights":          {Path: "weights", Source: "table 2", Low: 0.1, High: 1, HasRange: true},
		"teams.visit.wage": {Path: "teams.visit.wage", Unit: "EUR per hour", Source: "assumption", Default: 20},
	}
	if !reflect.DeepEqual(meta, want) {
		t.Errorf("got  %+v\nwant %+v", meta, want)
	}
}

// A plain value keeps what was declared, but for the distribution: it fixes the parameter.
func TestPlainValueKeepsDeclaration(t *testing.T) {
	_, want := decode(t, declared)
	fixed := want["rate"]
	fixed.Dist = ""
	want["rate"] = fixed
	for _, rate := range []string{"0.2", "0.12", "{value: 0.2}"} {
		x, meta := decode(t, declared, "rate: "+rate+"\ncount: 5\nweights: [1]\nteams: {visit: {wage: 30}}\n")
		if x.Count != 5 || x.Teams["visit"].Wage != 30 || !reflect.DeepEqual(meta, want) {
			t.Errorf("rate %s: %+v\n%+v", rate, x, meta)
		}
	}
}

// A distribution lasts as long as no later layer gives a value without one.
func TestDistributionGoesWithTheValue(t *testing.T) {
	for layer, want := range map[string]string{
		"rate: {value: 0.2, dist: uniform}":                       "uniform",
		"rate: {dist: normal}":                                    "normal",
		"rate: {range: [0.1, 0.2]}":                               "lognormal",
		"rate: {value: 0.2, range: [0.1, 0.2]}":                   "",
		"rate: 0.12":                                              "",
		"count: {value: 3, range: [1, 5], dist: uniform}":         "lognormal",
		"rate: 0.2\nweights: {value: [0.5, 1], dist: triangular}": "",
	} {
		if _, meta := decode(t, declared, layer); meta["rate"].Dist != want {
			t.Errorf("%s: got dist %q, want %q", layer, meta["rate"].Dist, want)
		}
	}
}

// A later declaration replaces what it names and keeps the rest; the default stays that of the first.
func TestLaterDeclaration(t *testing.T) {
	x, meta := decode(t, declared, "rate: {value: 0.5, range: [0.4, 0.6], source: our tape}\ncount: {source: survey}\n")
	rate, count := meta["rate"], meta["count"]
	if x.Rate != 0.5 || x.Count != 3 || rate.Source != "our tape" || rate.Low != 0.4 || rate.Unit != "per day" || rate.Default != 0.12 ||
		count.Source != "survey" || count.Choices == nil {
		t.Errorf("%+v %+v", x, meta)
	}
}

func TestOutsideOfDeclaration(t *testing.T) {
	for _, c := range []struct{ layer, warning, outside string }{
		{"rate: 0.5", "f:1:7: rate: 0.5 is outside of the declared range [0.05, 0.3]", "rate: 0.5 is outside of the declared range [0.05, 0.3]"},
		{"rate: {value: 0.5, note: ours}", "f:1:7: rate: 0.5 is outside of the declared range [0.05, 0.3]", "rate: 0.5 is outside of the declared range [0.05, 0.3]"},
		{"count: 4", "f:1:8: count: 4 is outside of the declared choices 1, 3, 5", "count: 4 is outside of the declared choices 1, 3, 5"},
		{"weights: [1, 0.05]", "f:1:10: weights: 0.05 is outside of the declared range [0.1, 1]", "weights: 0.05 is outside of the declared range [0.1, 1]"},
	} {
		x, meta := decode(t, declared)
		warnings, err := overlay.Decode("f", []byte(c.layer), &x, meta)
		if err != nil || !reflect.DeepEqual(warnings, []string{c.warning}) {
			t.Errorf("%s: got %q, %v, want %q", c.layer, warnings, err, c.warning)
		}
		if got := overlay.OutsideRange(&x, meta); !reflect.DeepEqual(got, []string{c.outside}) {
			t.Errorf("%s: got %q, want %q", c.layer, got, c.outside)
		}
	}
}

// A range declared around a value of its own layer gives no warning, whatever was declared before.
func TestNewRangeIsNoWarning(t *testing.T) {
	x, meta := decode(t, declared)
	warnings, err := overlay.Decode("f", []byte("rate: {value: 0.5, range: [0.4, 0.6]}\nweights: {value: [0.05], range: [0, 1]}"), &x, meta)
	if warnings != nil || err != nil || overlay.OutsideRange(&x, meta) != nil {
		t.Errorf("got %q, %v, %q", warnings, err, overlay.OutsideRange(&x, meta))
	}
}

func TestDeletionForgetsDeclaration(t *testing.T) {
	_, meta := decode(t, declared, "teams: {visit: null}\nweights: null\n")
	if _, ok := meta["teams.visit.wage"]; ok || len(meta) != 2 {
		t.Errorf("%+v", meta)
	}
	_, meta = decode(t, declared, "teams: null")
	if len(meta) != 3 {
		t.Errorf("%+v", meta)
	}
}

func TestEncodeMetaRoundTrip(t *testing.T) {
	x, meta := decode(t, fullText, declared)
	src, err := overlay.EncodeMeta(&x, meta)
	if err != nil {
		t.Fatal(err)
	}
	got, gotMeta := decode(t, string(src))
	if !reflect.DeepEqual(gotMeta, meta) {
		t.Errorf("got  %+v\nwant %+v\n%s", gotMeta, meta, src)
	}
	if !reflect.DeepEqual(got, x) {
		t.Errorf("got  %+v\nwant %+v", got, x)
	}
}

func TestNilMeta(t *testing.T) {
	var x every
	if _, err := overlay.Decode("f", []byte(declared), &x, nil); err != nil || x.Rate != 0.12 {
		t.Errorf("%v, %v", x.Rate, err)
	}
}
