package overlay_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/sim/scenario/overlay"
)

// valid is a small validator of the JSON Schema words that Schema uses (draft 2020-12, section names in brackets).
// It stops the test at a word that it does not know.
func valid(t testing.TB, root, schema map[string]any, doc any) bool {
	for word, arg := range schema {
		var ok bool
		switch word {
		case "$schema", "$defs", "description", "default": // [core, annotations]
			ok = true
		case "$ref":
			name := strings.TrimPrefix(arg.(string), "#/$defs/")
			part, found := root["$defs"].(map[string]any)[name].(map[string]any)
			if !found {
				t.Fatalf("no part %v", arg)
			}
			ok = valid(t, root, part, doc)
		case "type":
			ok = hasType(arg, doc)
		case "enum":
			ok = slices.Contains(arg.([]any), doc)
		case "anyOf", "oneOf":
			n := 0
			for _, s := range arg.([]any) {
				if valid(t, root, s.(map[string]any), doc) {
					n++
				}
			}
			ok = n == 1 || n > 1 && word == "anyOf"
		case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
			ok = inBounds(word, arg.(float64), doc)
		case "items", "minItems", "maxItems":
			ok = validItems(t, root, word, arg, doc)
		case "required":
			m, isMap := doc.(map[string]any)
			ok = true
			for _, key := range arg.([]any) {
				_, has := m[key.(string)]
				ok = ok && (has || !isMap)
			}
		case "properties", "additionalProperties":
			ok = validProperties(t, root, schema, word, doc)
		default:
			t.Fatalf("unknown word %q", word)
		}
		if !ok {
			return false
		}
	}
	return true
}

func hasType(arg, doc any) bool {
	if list, ok := arg.([]any); ok {
		return slices.ContainsFunc(list, func(a any) bool { return hasType(a, doc) })
	}
	switch x := doc.(type) {
	case nil:
		return arg == "null"
	case bool:
		return arg == "boolean"
	case string:
		return arg == "string"
	case float64:
		return arg == "number" || arg == "integer" && x == math.Trunc(x)
	case []any:
		return arg == "array"
	}
	return arg == "object"
}

func inBounds(word string, limit float64, doc any) bool {
	x, isNumber := doc.(float64)
	if !isNumber {
		return true
	}
	switch word {
	case "minimum":
		return x >= limit
	case "maximum":
		return x <= limit
	case "exclusiveMinimum":
		return x > limit
	}
	return x < limit
}

func validItems(t testing.TB, root map[string]any, word string, arg, doc any) bool {
	list, isList := doc.([]any)
	switch {
	case !isList:
		return true
	case word == "minItems":
		return float64(len(list)) >= arg.(float64)
	case word == "maxItems":
		return float64(len(list)) <= arg.(float64)
	}
	for _, item := range list {
		if !valid(t, root, arg.(map[string]any), item) {
			return false
		}
	}
	return true
}

func validProperties(t testing.TB, root, schema map[string]any, word string, doc any) bool {
	m, _ := doc.(map[string]any)
	props, _ := schema["properties"].(map[string]any)
	for key, val := range m {
		part, named := props[key].(map[string]any)
		if word == "additionalProperties" {
			if named {
				continue
			}
			var open bool
			if part, open = schema[word].(map[string]any); !open {
				return false
			}
		} else if !named {
			continue
		}
		if !valid(t, root, part, val) {
			return false
		}
	}
	return true
}

func parseJSON(t testing.TB, src []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(src, &m); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return m
}

func TestSchemaAcceptsEveryValue(t *testing.T) {
	schema := parseJSON(t, overlay.Schema(&every{}, nil))
	rapid.Check(t, func(rt *rapid.T) {
		x := drawEvery(rt)
		src, err := overlay.EncodeJSON(&x)
		if err != nil {
			rt.Fatal(err)
		}
		if !valid(t, schema, schema, parseJSON(t, src)) {
			rt.Fatalf("refused:\n%s", src)
		}
	})
}

// pool are values that replace each value of a document in turn.
var pool = []string{
	`null`, `true`, `"x"`, `"dpd"`, `-1`, `0`, `0.5`, `1`, `9`, `10`, `300`, `-129`, `70000`, `[]`, `[0.5]`, `[1, 2]`, `["x", "y"]`, `{}`,
	`{"value": 1}`, `{"value": 0.5, "unit": "x", "range": [0, 1]}`, `{"value": 1, "range": [1]}`, `{"value": 1, "scale": "cubic"}`,
	`{"value": 1, "source": 3}`, `{"value": [1, 0.5], "source": "x"}`, `{"valu": 1}`, `{"unit": "x"}`, `{"agents": 1}`, `{"x": {"agents": 1}}`,
	`{"x": null}`, `{"x": 0.5}`, `{"value": 1, "choices": [1, 2]}`, `{"value": "x"}`, `{"x": {"after": 0.5}}`, `{"value": null}`, `[null]`, `[{"value": 1}]`,
}

// The schema accepts a document exactly if Decode does: every value of a full document is replaced by each of the pool.
func TestSchemaAgreesWithDecode(t *testing.T) {
	schema := parseJSON(t, overlay.Schema(&every{}, nil))
	full := fullValue()
	src, err := overlay.EncodeJSON(&full)
	if err != nil {
		t.Fatal(err)
	}
	count := map[bool]int{}
	mutate(parseJSON(t, src), func(path string, doc map[string]any) {
		if strings.Contains(path, "tone") { // a schema cannot see UnmarshalText
			return
		}
		src, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var x every
		_, err = overlay.Decode("doc", src, &x, nil)
		got := valid(t, schema, schema, parseJSON(t, src))
		if got != (err == nil) {
			t.Errorf("%s: schema says %v, decode says %v\n%s", path, got, err, src)
		}
		count[got]++
	})
	if count[true] < 100 || count[false] < 1000 {
		t.Errorf("too few cases: %v", count)
	}
}

// mutate visits the document with each of its values replaced by each of the pool, and with an unknown key in each mapping.
func mutate(doc map[string]any, visit func(string, map[string]any)) {
	delete(doc, "big") // beyond what encoding/json keeps
	delete(doc, "long")
	var walk func(at any, path string)
	walk = func(at any, path string) {
		switch at := at.(type) {
		case map[string]any:
			at["bogus key"] = 1.0
			visit(path+".bogus key", doc)
			delete(at, "bogus key")
			for key, val := range at {
				for _, p := range pool {
					at[key] = parseAny(p)
					visit(path+"."+key+"="+p, doc)
				}
				at[key] = val
				walk(val, path+"."+key)
			}
		case []any:
			for i, val := range at {
				for _, p := range pool {
					at[i] = parseAny(p)
					visit(fmt.Sprintf("%s[%d]=%s", path, i, p), doc)
				}
				at[i] = val
				walk(val, fmt.Sprintf("%s[%d]", path, i))
			}
		}
	}
	walk(doc, "")
}

func parseAny(src string) (x any) {
	if err := json.Unmarshal([]byte(src), &x); err != nil {
		panic(err)
	}
	return x
}

func TestSchemaTellsDeclarations(t *testing.T) {
	x, meta := decode(t, declared)
	schema := parseJSON(t, overlay.Schema(&x, meta))
	props := schema["properties"].(map[string]any)
	rate := props["rate"].(map[string]any)
	want := "share per day; unit: per day; range: 0.05 to 0.3; distribution: lognormal; source: Karlan et al. 2012; note: n"
	if rate["description"] != want || rate["default"] != 0.12 {
		t.Errorf("got %q, %v", rate["description"], rate["default"])
	}
	for _, c := range []struct {
		doc  string
		want bool
	}{
		{`{"rate": {"source": "ours"}}`, true}, // declared before, so the value may be left out
		{`{"single": {"source": "ours"}}`, false},
		{`{"rate": 0.9}`, true}, // outside of the declared range is a warning
		{`{"rate": 1.1}`, false},
		{`{"teams": {"visit": {"wage": {"unit": "USD"}}}}`, true},
		{`{"teams": {"other": {"wage": {"unit": "USD"}}}}`, false},
		{`{"teams": {"visit": {"wage": 0}}}`, false},
		{`{"teams": {"visit": null, "other": null}}`, true},
		{`{"teams": {"visit": {"lead": {"lead": {"lead": {"wage": 0}}}}}}`, false},
		{`{"teams": {"visit": {"lead": {"lead": {"lead": {"wage": 1}}}}}}`, true},
		{`{"tone": "warm", "on": true, "seed": 3}`, true},
		{`{"Skipped": "x"}`, false},
	} {
		if got := valid(t, schema, schema, parseJSON(t, []byte(c.doc))); got != c.want {
			t.Errorf("%s: got %v", c.doc, got)
		}
		again := overlay.Clone(&x)
		if _, err := overlay.Decode("doc", []byte(c.doc), again, overlayCopy(meta)); (err == nil) != c.want {
			t.Errorf("%s: decode says %v", c.doc, err)
		}
	}
}

func overlayCopy(meta overlay.Meta) overlay.Meta {
	out := overlay.Meta{}
	for p, m := range meta {
		out[p] = m
	}
	return out
}
