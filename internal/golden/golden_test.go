package golden

import (
	"strings"
	"testing"
)

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		got, want string
		alike     bool
	}{
		{"a,0.0049333161,7", "a,0.0049333161,7", true},
		{"x=-12.35 y=3", "x=-12.34 y=3", true},
		{"x=12.36", "x=12.34", false},
		{"n=4", "n=3", false},
		{"x=12", "x=12.01", true},
		{"x=12", "x=12.1", true},
		{"x=12", "x=12.2", false},
		{"1.5e-07", "1.6e-07", true},
		{"1.5e-07", "1.7e-07", false},
		{"0.12345678901234", "0.12345678901299", true},
		{"0.12345678901234", "0.12345679901234", false},
		{"1,2", "1,2,3", false},
		{"a1", "b1", false},
		{"1.0 red", "1.0 read", false},
		{"0.11 0.22 0.33", "0.11 0.23 0.33", true},
		{"0.11 0.22 0.33", "0.12 0.23 0.33", false}, // not by rounding
		{strings.Repeat("0.11 ", 200) + "0.11 0.22", strings.Repeat("0.11 ", 200) + "0.12 0.23", true},
		{strings.Repeat("0.11 ", 200), strings.Repeat("0.12 ", 200), false},
	} {
		if got := alike(c.got, c.want); got != c.alike {
			t.Errorf("%q and %q: got %v", c.got, c.want, got)
		}
	}
	if !Same([]byte("1.25"), []byte("1.25")) || Same([]byte("1.25"), []byte("1.35")) {
		t.Error("Same tells equal from unequal on any processor")
	}
}
