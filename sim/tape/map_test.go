package tape_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"collectsim/sim/scenario/overlay"
	"collectsim/sim/tape"
)

// minimal is a map with nothing but what is required.
const minimal = `source: made up
currency: CNY
fields:
  product: {value: credit-card}
  region: {value: urban}
  balance: {column: bal}
  apr: {value: 0.2}
  instalment: {column: due}
`

func parse(t *testing.T, src string) *tape.Map {
	t.Helper()
	m, err := tape.ParseMap("m.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestParseMapDefaults(t *testing.T) {
	m := parse(t, minimal)
	if m.Unit != "major" || m.Exchange != 1 || m.OnError != "fail" || m.Contradictions != "fail" {
		t.Errorf("%+v", m)
	}
}

// Each fault has its line and its path, and all faults of a map come together.
func TestMapErrors(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", "m.yaml:1:1: empty: a mapping is needed"},
		{"unknown key", minimal + "  bal: {column: x}\n", "m.yaml:9:3: fields.bal: unknown key"},
		{"not a number", minimal + "exchange: many\n", `m.yaml:9:11: exchange: must be a number, got "many"`},
		{
			"nothing given", "fields: {}\n",
			"m.yaml: source: must say where the accounts come from\n" +
				"m.yaml: currency: must be an ISO code such as CNY, got \"\"\n" +
				"m.yaml:1:1: fields.product: is required\n" +
				"m.yaml:1:1: fields.region: is required\n" +
				"m.yaml:1:1: fields.balance: is required\n" +
				"m.yaml:1:1: fields.instalment: is required\n" +
				"m.yaml:1:1: fields.apr: is required",
		},
		{"currency", strings.Replace(minimal, "CNY", "yuan", 1), `m.yaml:2:1: currency: must be an ISO code such as CNY, got "yuan"`},
		{"exchange", minimal + "exchange: 0\n", "m.yaml:9:11: exchange: must be > 0, got 0"},
		{"two ways", minimal + "  limit: {column: a, value: 3}\n", "m.yaml:9:1: fields.limit: must have exactly one of column, value, got 2 of them"},
		{"no way", minimal + "  limit: {default: 3}\n", "m.yaml:9:1: fields.limit: must have exactly one of column, value, got 0 of them\n" +
			"m.yaml:9:1: fields.limit: values, other, scale, offset, round, default, min, max and outside need a column"},
		{"rounded money", minimal + "  limit: {column: a, round: up}\n", "m.yaml:9:1: fields.limit.round: is for fields of whole numbers"},
		{"rounded how", minimal + "  term: {column: a, round: off}\n", `m.yaml:9:28: fields.term.round: must be one of up, nearest, down, got "off"`},
		{"constant out of range", minimal + "  due_day:\n    value: 30\n", "m.yaml:10:1: fields.due_day.value: must lie in [0, 29], got 30"},
		{"constant not whole", minimal + "  dpd: {value: 1.5}\n", "m.yaml:9:1: fields.dpd.value: must be a whole number, got 1.5"},
		{"default out of range", minimal + "  dpd: {column: d, default: -1}\n", "m.yaml:9:1: fields.dpd.default: must lie in [0, 32766], got -1"},
		{"min above max", minimal + "  limit: {column: a, min: 3, max: 2}\n", "m.yaml:9:1: fields.limit.min: must be at most max 2, got 3"},
		{"outside of what", minimal + "  limit: {column: a, outside: clamp}\n", "m.yaml:9:1: fields.limit.outside: needs min or max"},
		{"other than what", minimal + "  limit: {column: a, other: 1}\n", "m.yaml:9:1: fields.limit.other: needs values"},
		{"arrears alone", minimal + "  arrears: {column: a}\n", "m.yaml:3:1: fields.dpd: is required beside arrears"},
		{"rule word", strings.Replace(minimal, "{column: due}", "{rule: card}", 1), `m.yaml:8:22: fields.instalment.rule: must be one of card-minimum, annuity, got "card"`},
		{"no share", strings.Replace(minimal, "{column: due}", "{rule: card-minimum}", 1), "m.yaml:8:1: fields.instalment.share: is required by the rule card-minimum"},
		{"annuity without term", strings.Replace(minimal, "{column: due}", "{rule: annuity}", 1), "m.yaml:3:1: fields.term: is required by the rule annuity"},
		{"share without rule", strings.Replace(minimal, "{column: due}", "{column: due, share: 0.1}", 1), "m.yaml:8:1: fields.instalment: share and floor belong to the rule card-minimum"},
		{"rule and column", strings.Replace(minimal, "{column: due}", "{column: due, rule: card-minimum, share: 0.1}", 1), "m.yaml:8:1: fields.instalment: must have exactly one of column, value, rule, got 2 of them"},
		{"term", strings.Replace(minimal, "{value: credit-card}", "{column: p}", 1), "m.yaml:3:1: fields.term: is required unless every product is credit-card"},
		{"product name", strings.Replace(minimal, "credit-card", "car", 1), `m.yaml:3:1: fields.term: is required unless every product is credit-card` + "\n" +
			`m.yaml:4:1: fields.product.value: unknown product "car", must be one of instalment-loan, credit-card, micro-enterprise-loan`},
		{"region name in table", strings.Replace(minimal, "{value: urban}", "{column: r, values: {1: town}}", 1), `m.yaml:5:1: fields.region.values.1: unknown region "town", must be one of urban, suburban, remote`},
		{"spread", strings.Replace(minimal, "{value: urban}", "{spread: {urban: 0.5, remote: 0.4}}", 1), "m.yaml:5:1: fields.region.spread: shares must sum to 1, got 0.9"},
		{"bands that fall", minimal + "  segment: {column: a, bands: [2, 1]}\n", "m.yaml:9:1: fields.segment.bands: must rise, got 1 after 2"},
		{"no bands", minimal + "  segment: {column: a, bands: []}\n", "m.yaml:9:1: fields.segment.bands: must have at least one number"},
		{"bands of nothing", minimal + "  segment: {value: a, bands: [1]}\n", "m.yaml:9:1: fields.segment.bands: needs a column"},
		{"bands and other", minimal + "  segment: {column: a, bands: [1], values: {x: y}, other: z}\n", "m.yaml:9:1: fields.segment.other: does not go with bands, values names what is not cut"},
		{"bands of regions", strings.Replace(minimal, "{value: urban}", "{column: r, bands: [1]}", 1), "m.yaml:5:1: fields.region.bands: is for the segment"},
		{"filter without column", minimal + "keep:\n  - {min: 1}\n", "m.yaml:10:1: keep[0]: must name a column"},
		{"filter of nothing", minimal + "keep:\n  - {column: a}\n", "m.yaml:10:1: keep[0]: must have at least one of min, max, in, not_in"},
		{"id", minimal + "  id: {}\n", "m.yaml:9:1: fields.id: must name a column"},
	} {
		_, err := tape.ParseMap("m.yaml", []byte(c.src))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestZeroMapIsRefused(t *testing.T) {
	if err := new(tape.Map).Check(); err == nil || !strings.Contains(err.Error(), "exchange: must be > 0, got 0") {
		t.Error(err)
	}
}

func TestReadMap(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.yaml")
	if _, err := tape.ReadMap(path); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), path+": ") {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte(minimal+"x: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var faults overlay.Errors
	if _, err := tape.ReadMap(path); !errors.As(err, &faults) || faults[0].Line != 9 || faults[0].File != path {
		t.Error(err)
	}
}

func TestSchema(t *testing.T) {
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	if err := json.Unmarshal(tape.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"source", "currency", "fields", "keep", "on_error"} {
		if schema.Properties[key] == nil {
			t.Errorf("no %q", key)
		}
	}
}

// FuzzParseMap checks that nothing panics, and that a map that is accepted can be written and read again unchanged.
func FuzzParseMap(f *testing.F) {
	shipped, err := os.ReadFile("../../data/maps/uci-taiwan.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(shipped))
	f.Add(minimal)
	f.Add(minimal + "keep: [{column: a, in: [1, x], max: 3}]\n")
	f.Add("a: &a {b: *a}\n<<: *a\n")
	f.Add("fields: {balance: {column: x, values: {? 1 : 2}}}\n")
	f.Fuzz(func(t *testing.T, src string) {
		m, err := tape.ParseMap("m.yaml", []byte(src))
		if err != nil {
			return
		}
		written, err := overlay.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := tape.ParseMap("again.yaml", written)
		if err != nil {
			t.Fatalf("%v\n%s", err, written)
		}
		if !reflect.DeepEqual(exported(m), exported(again)) {
			t.Fatalf("got  %+v\nwant %+v\n%s", again, m, written)
		}
	})
}

// exported leaves out where the map came from, and makes nil and empty lists the same.
func exported(m *tape.Map) tape.Map {
	out := tape.Map{
		Source: m.Source, Currency: m.Currency, Unit: m.Unit, Exchange: m.Exchange, OnError: m.OnError,
		Contradictions: m.Contradictions, Fields: m.Fields,
	}
	out.Assumptions = append(out.Assumptions, m.Assumptions...)
	out.Keep = append(out.Keep, m.Keep...)
	return out
}
