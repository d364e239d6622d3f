package report

import (
	"math"
	"testing"

	"collectsim/analysis/estimate"
)

// TestMillionsAreSetApart: amounts of currencies with many digits can be read; below a million nothing changes.
func TestMillionsAreSetApart(t *testing.T) {
	for _, c := range []struct {
		x, se float64
		want  string
	}{
		{206_000_000_000, 1e9, "206,000,000,000"},
		{-4_000_000, 1e6, "-4,000,000"},
		{-123_456_789, 1000, "-123,457,000"},
		{1_234_567, 2, "1,234,567"},
		{999_999.6, 0, "1,000,000"},
		{1_000_000, 0, "1,000,000"},
		{999_999, 2, "999999"},
		{-999_999, 2, "-999999"},
		{12_600, 100, "12600"},
		{0.0035, 0.001, "0.004"},
		{math.Inf(1), 1, "unbounded"},
	} {
		e := estimate.Estimate{Value: c.x, SE: c.se, Low: c.x, High: c.x}
		if got, plain := digits(e, c.x), supported(e, c.x); got != c.want {
			t.Errorf("%g with standard error %g: got %q (%q apart), want %q", c.x, c.se, got, plain, c.want)
		}
	}
}
