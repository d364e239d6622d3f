package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

var background = context.Background()

// TestSelftestNoticesEveryCase spoils what is expected of one case after another: each must be named.
func TestSelftestNoticesEveryCase(t *testing.T) {
	var cases []knownCase
	if err := json.Unmarshal(selftestCases, &cases); err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		c := cases[i]
		r, err := c.run()
		if err != nil || !r.OK {
			t.Fatalf("%s: %v, differs at %q", c.Name, err, r.Where)
		}
		var expected any
		if err := json.Unmarshal(c.Expected, &expected); err != nil {
			t.Fatal(err)
		}
		spoiled, done := spoil(expected, c.Tolerance)
		if !done {
			t.Fatalf("%s: expects nothing that could be wrong", c.Name)
		}
		if c.Expected, err = json.Marshal(spoiled); err != nil {
			t.Fatal(err)
		}
		if r, err := c.run(); err != nil || r.OK || r.Where == "" {
			t.Errorf("%s: a wrong expectation passes (%v)", c.Name, err)
		}
	}
}

// spoil changes the first number or text of a JSON value by a little more than the tolerance.
func spoil(x any, tolerance float64) (any, bool) {
	switch x := x.(type) {
	case float64:
		return x + (1.5*tolerance+1e-13)*(1+max(x, -x)), true
	case string:
		return x + "x", true
	case []any:
		for i := range x {
			if y, ok := spoil(x[i], tolerance); ok {
				x[i] = y
				return x, true
			}
		}
	case map[string]any:
		for key := range x {
			if y, ok := spoil(x[key], tolerance); ok {
				x[key] = y
				return x, true
			}
		}
	}
	return x, false
}

func TestSelftestFails(t *testing.T) {
	results, err := runSelftest([]byte(`[{"name": "two", "kind": "quantile", "source": "none", "input": {"x": [1, 3], "p": [0.5], "type": 7}, "expected": [2.5]}]`))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, format := range []string{"text", "json", "csv"} {
		out.Reset()
		err := (&app{out: &out, format: format}).printSelftest(results)
		if err == nil || !strings.Contains(err.Error(), "two: differs at answer[0]") {
			t.Errorf("%s: a failed case gives %v", format, err)
		}
		if !strings.Contains(out.String(), "two") {
			t.Errorf("%s: prints %q", format, out.String())
		}
	}
	for _, text := range []string{`{`, `[{"kind": "none"}]`, `[{"kind": "quantile", "input": 3}]`} {
		if _, err := runSelftest([]byte(text)); err == nil {
			t.Errorf("cases %s: no error", text)
		}
	}
}
