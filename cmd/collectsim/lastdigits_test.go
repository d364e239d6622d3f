package main

import (
	"math"
	"testing"
)

// TestLastDigits: what may be the rounding of another processor passes, a difference does not, however small the numbers.
func TestLastDigits(t *testing.T) {
	inf := math.Inf(1)
	for _, x := range []struct {
		a, b, size float64
		alike      bool
	}{
		{1234.5, 1234.5 * (1 + 1e-12), 2000, true},
		{1234.5, 1234.5 * (1 + 1e-8), 2000, false},
		{0, 1e-13, 40, true},         // what is left of 40 less 40
		{2e-10, 3e-10, 3e-10, false}, // a column of rates as small as these
		{2e-10, 2e-10 * (1 + 1e-12), 3e-10, true},
		{0, 1e-10, 0, false},
		{inf, 5, 5, false},
		{5, inf, 5, false},
		{inf, -inf, 0, false},
		{inf, inf, 0, true},
		{math.NaN(), 1, 1, false},
	} {
		if got := alike(x.a, x.b, x.size); got != x.alike {
			t.Errorf("%g and %g among %g: %v, want %v", x.a, x.b, x.size, got, x.alike)
		}
	}
	if got := largest([]float64{-3, 2, inf, math.NaN()}); got != 3 {
		t.Errorf("largest %g, want 3", got)
	}
}

func TestSameDocument(t *testing.T) {
	for _, x := range []struct {
		a, b string
		same bool
	}{
		{`{"estimate": 0.5, "low": 0.1}`, `{"low": 0.1, "estimate": 0.5000000000001}`, true},
		{`{"estimate": 0.5}`, `{"estimate": 0.5000001}`, false},
		{`{"estimate": 12}`, `{"estimate": 12.000000000001}`, true},
		{`{"seed": 12345678901234567}`, `{"seed": 12345678901234568}`, false},
		{`{"seed": 12345678901}`, `{"seed": 12345678902}`, false},
		{`{"estimate": 40.5, "low": 1e-13}`, `{"estimate": 40.5, "low": 0}`, true},
		{`{"estimate": 1e-11, "se": 1e-12}`, `{"estimate": 2e-11, "se": 1e-12}`, false},
		{`{"estimate": 1e-11, "variance_reduction": 1e9}`, `{"estimate": 2e-11, "variance_reduction": 1e9}`, false},
		{`[1, 2]`, `[1, 2, 3]`, false},
		{`{"a": null}`, `{"a": 0}`, false},
		{`{"a": "x"}`, `{"a": "y"}`, false},
		{`{"a": 1}`, `{"a": 1, "b": 2}`, false},
		{`{"a": 1}`, `{"a": 1} {}`, false},
		{`{"a": 1}`, `{`, false},
	} {
		if got := sameDocument([]byte(x.a), []byte(x.b)); got != x.same {
			t.Errorf("%s and %s: %v, want %v", x.a, x.b, got, x.same)
		}
	}
}
