package sensitivity_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"collectsim/analysis/sensitivity"
)

func TestReadBounds(t *testing.T) {
	want := mixed
	for name, text := range map[string]string{
		"header":    "name,low,high,scale\nshare,-1,3,\nrate,1e-3,10,log\nagents,2,6,integer\ndays,1,365,log-integer\n",
		"order":     "scale,high,low,name\nlinear,3,-1,share\nlog,10,0.001,rate\ninteger,6,2,agents\nLog-Integer,365,1,days",
		"no header": "share,-1,3\nrate,1e-3,10,log\nagents,2,6,integer\ndays,1,365,log-integer\n",
		"described": "unit,name,low,high,Source,scale\nshare,share,-1,3,\"own, 2025\",\n%,rate,1e-3,10,,log\n,agents,2,6,x,integer\nd,days,1,365,x,log-integer\n",
		"dressed":   "\ufeff# factors of the study\r\nName, Low ,High,Scale\r\n share , -1 , 3 , linear\r\n\"rate\",1e-3,10,log\r\nagents,2,6,integer\r\ndays,1,365,log-integer\r\n\r\n",
	} {
		if name == "no header" {
			text = strings.Replace(text, "share,-1,3\n", "share,-1,3,\n", 1) // the first row sets the columns
		}
		got, err := sensitivity.ReadBounds(strings.NewReader(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	got, err := sensitivity.ReadBounds(strings.NewReader("name,low,high\nx1,0,1\n"))
	if want := sensitivity.UnitBounds(1); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("three columns: %+v %v", got, err)
	}
}

func TestReadBoundsErrors(t *testing.T) {
	_, err := sensitivity.ReadBounds(strings.NewReader("name,low,high,scale\na,x,1,\n,0,1,\nb,2,1,\na,0,1,log\nc,0,1,cubic\nd,0\ne,0,1,,9\n"))
	for _, want := range []string{
		`line 2: low: must be a number, got "x"`, "line 3: name is empty", "line 4: b: low must be below high, got 2 and 1",
		`line 5: a: a log scale needs low above 0`, `line 5: name "a" is already used`, `line 6: scale: must be linear, log, integer or log-integer, got "cubic"`,
		`line 7: high: must be a number, got ""`, "line 8: has 5 cells, need at most 4",
	} {
		wantError(t, "bounds", err, want)
	}
	for text, want := range map[string]string{
		"":                          "no rows",
		"# nothing\n":               "no rows",
		"name,low,high\n":           "a header and no factors",
		"name,low,high,dist\n":      `unknown column "dist"`,
		"name,low,low\n":            `no column "high"`,
		"name,low\nlow,high,low\n":  `no column "high"`,
		"a,0,1\n\nb,0,1\n":          "line 2: is empty",
		"name,low,high\n\"a,0,1\n":  "quote",
		"name,low,high\na,NaN,1\n":  "must be finite",
		"name,low,high\na,0,+Inf\n": "must be finite",
		"names,lb,ub\na,0,1\n":      "bounds line 1: holds neither the columns name, low, high nor bounds: names, lb, ub",
		"name;low;high\na;0;1\n":    "cells must be separated by commas",
		"a 0 1\nb 0 1\n":            "cells must be separated by commas",
		"a\t0\t1\n":                 "cells must be separated by commas",
	} {
		_, err := sensitivity.ReadBounds(strings.NewReader(text))
		wantError(t, fmt.Sprintf("%q", text), err, want)
	}
	_, err = sensitivity.ReadBounds(iotest.ErrReader(errors.New("disk gone")))
	wantError(t, "reader", err, "bounds: read: disk gone")
}

func TestReadOutputs(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		text, column string
		want         []float64
	}{
		{"1\n2.5\n-3e2\n", "", []float64{1, 2.5, -300}},
		{"y\n1\n2\n", "", []float64{1, 2}},
		{"y\n1\n2\n", "y", []float64{1, 2}},
		{"nan\n1\nNA\nnull", "", []float64{nan, 1, nan, nan}},
		{"point,cost,effect\n0,10,0.5\n1,,0.25\n", "cost", []float64{10, nan}},
		{"point,cost,effect\r\n0,10,0.5\r\n1,20,0.25\r\n\r\n", "effect", []float64{0.5, 0.25}},
		{"# made by a model\n7\n", "", []float64{7}},
	} {
		got, err := sensitivity.ReadOutputs(strings.NewReader(c.text), c.column)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		near(t, fmt.Sprintf("%q", c.text), got, c.want, 0)
	}
	for _, c := range []struct{ text, column, want string }{
		{"", "", "no rows"},
		{"y\n", "", "a header and no numbers"},
		{"1\n\n2\n", "", "line 2: is empty"},
		{"1\nx\n3\ny\n", "", "line 4: must be a finite number or nan, got \"y\""},
		{"1\n+Inf\n", "", `line 2: must be a finite number or nan, got "+Inf"`},
		{"1e999\n1\n", "", `line 1: must be a finite number or nan, got "1e999"`}, // no header
		{"inf\n1\n", "", `line 1: must be a finite number or nan, got "inf"`},
		{"1.2.3\n1\n", "", `line 1: must be a finite number or nan, got "1.2.3"`},
		{"a,b\n1,2\n", "", "2 columns, name the one to use: a, b"},
		{"a,b\n1,2\n", "c", `no column "c" in the header, it has a, b`},
		{"a,b\n1,2\n3\n", "b", "line 3: has 1 cells, need 2"},
	} {
		_, err := sensitivity.ReadOutputs(strings.NewReader(c.text), c.column)
		wantError(t, fmt.Sprintf("%q", c.text), err, c.want)
	}
}

func TestReadPoints(t *testing.T) {
	got, err := sensitivity.ReadPoints(strings.NewReader("point,b,a\n0,1,2\n1,3,4.5\n"), []string{"a", "b"})
	if want := [][]float64{{2, 1}, {4.5, 3}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	_, err = sensitivity.ReadPoints(strings.NewReader("a,b\n1,x\n1\nnan,2\n"), []string{"a", "b"})
	for _, want := range []string{`line 2: b: must be a finite number, got "x"`, "line 3: has 1 cells, need 2", "line 4: a: must be"} {
		wantError(t, "points", err, want)
	}
	_, err = sensitivity.ReadPoints(strings.NewReader("a\n1\n"), []string{"a", "b", "c"})
	wantError(t, "columns", err, `no column "c"`)
	_, err = sensitivity.ReadPoints(strings.NewReader("a\n"), []string{"a"})
	wantError(t, "rows", err, "need a header and at least one row")
}

// Bounds read without an error are valid and come back equal when written in full.
func FuzzReadBounds(f *testing.F) {
	for _, s := range []string{"name,low,high\na,0,1\n", "a,0,1,log\n", "name,low,high,scale\na,1,2,integer\nb,1,2,log-integer\n", "\"a\"\"b\",0,1", "#\n", "a,0,1\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := sensitivity.ReadBounds(strings.NewReader(text))
		if err != nil {
			return
		}
		if err := b.Validate(); err != nil {
			t.Fatalf("read invalid bounds: %v", err)
		}
		var out strings.Builder
		out.WriteString("name,low,high,scale\n")
		for _, factor := range b {
			scale := map[[2]bool]string{{false, false}: "linear", {true, false}: "log", {false, true}: "integer", {true, true}: "log-integer"}
			fmt.Fprintf(&out, "\"%s\",%v,%v,%s\n", strings.ReplaceAll(factor.Name, `"`, `""`), factor.Low, factor.High, scale[[2]bool{factor.Log, factor.Integer}])
		}
		again, err := sensitivity.ReadBounds(strings.NewReader(out.String()))
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("%+v came back as %+v, %v", b, again, err)
		}
	})
}

// Outputs read without an error are finite or missing, and no more than there are lines.
func FuzzReadOutputs(f *testing.F) {
	for _, s := range []string{"1\n2\n", "y\n1\n", "a,b\n1,2\n", "\n1\n", "nan\n", "\"1\n\"\n2"} {
		f.Add(s, "")
		f.Add(s, "b")
	}
	f.Fuzz(func(t *testing.T, text, column string) {
		values, err := sensitivity.ReadOutputs(strings.NewReader(text), column)
		if err != nil {
			return
		}
		if len(values) == 0 || len(values) > 1+strings.Count(text, "\n")+strings.Count(text, "\r") {
			t.Fatalf("%d values from %q", len(values), text)
		}
		for _, y := range values {
			if math.IsInf(y, 0) {
				t.Fatalf("infinite value from %q", text)
			}
		}
	})
}
