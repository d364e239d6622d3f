package experiment

import (
	"testing"

	"collectsim/sim/outcome"
)

// TestBounds: what an arm has by itself has a range, what two arms differ by has none.
func TestBounds(t *testing.T) {
	day := -1
	for _, x := range []struct {
		m    Measure
		want outcome.Range
	}{
		{Measure{Metric: "cure_rate"}, outcome.Fraction},
		{Measure{Metric: "net_value"}, outcome.Anything},
		{Measure{Metric: "cure_rate", Less: "b"}, outcome.Anything},
		{Measure{Metric: "cure_rate", Per: "other"}, outcome.Anything},
		{Measure{Metric: "cure_rate", Less: "b", As: "ratio"}, outcome.Amount},
		{Measure{Metric: "net_value", Less: "b", As: "ratio"}, outcome.Anything},
		{Measure{Metric: "cure_rate", Less: "b", As: "relative"}, outcome.Anything},
		{Measure{Account: "repaid", Less: "b", As: "ratio"}, outcome.Amount},
		{Measure{Daily: "stress"}, outcome.Points},
		{Measure{Account: "repaid"}, outcome.Fraction},
		{Measure{Account: "stress_peak"}, outcome.Points},
		{Measure{Account: "recovered"}, outcome.Amount},
		{Measure{Around: &Around{What: "pays"}}, outcome.Fraction},
		{Measure{Around: &Around{What: "stress"}}, outcome.Points},
		{Measure{Around: &Around{What: "stress", Against: &day}}, outcome.Anything},
	} {
		if got := x.m.bounds(); got != x.want {
			t.Errorf("%+v: %v, want %v", x.m, got, x.want)
		}
	}
}
