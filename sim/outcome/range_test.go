package outcome

import (
	"math"
	"testing"
)

func TestCut(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, x := range []struct {
		r                Range
		value, low, high float64
		wantLow, wantTop float64
	}{
		{Fraction, 0.02, -0.01, 0.05, 0, 0.05},
		{Fraction, 0.97, 0.9, 1.04, 0.9, 1},
		{Fraction, 0.5, -3, 4, 0, 1},
		{Fraction, 0.5, 0.4, 0.6, 0.4, 0.6},
		{Fraction, 1.25, 1.1, 1.4, 1.1, 1.25}, // the estimate stays in its interval
		{Fraction, -0.25, -0.5, -0.1, -0.25, -0.1},
		{Fraction, 0, 0, 0, 0, 0},
		{Fraction, 0.5, -inf, inf, -inf, inf}, // no bounded interval, which is not the same as 0 to 1
		{Amount, 3, -1, 7, 0, 7},
		{Points, 99, 90, 108, 90, 100},
		{Change, -99, -110, -88, -100, -88},
		{Anything, 1, -1e9, 1e9, -1e9, 1e9},
	} {
		low, high := x.r.Cut(x.value, x.low, x.high)
		if low != x.wantLow || high != x.wantTop {
			t.Errorf("%v around %g from %g to %g: got %g to %g, want %g to %g", x.r, x.value, x.low, x.high, low, high, x.wantLow, x.wantTop)
		}
	}
	if low, high := Fraction.Cut(0.5, nan, nan); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("no interval became one from %g to %g", low, high)
	}
}

func TestRangeInWords(t *testing.T) {
	for want, r := range map[string]Range{"0 to 1": Fraction, "at least 0": Amount, "0 to 100": Points, "-100 to 100": Change, "any": Anything} {
		if got := r.String(); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}

// TestTablesCutIntervals: intervals of half a width that leaves every range end at 0 and 1, or 0 and 100.
func TestTablesCutIntervals(t *testing.T) {
	dir := t.TempDir()
	source := func(each func(*Replication) error) error {
		for i := range 2 {
			o := StrategyOutcome{
				Name: "a", Values: make([]float64, len(metrics)), Daily: [][NumDaySeries]float64{{DayOverdue30: 0.5, DayCost: 3, DayStress: 20, DayCollectionStress: 2}},
				Vintages: []Vintage{{Month: 1, Loans: 10, Ever30: []int64{4}, Late30: []int64{2}, ChargedOff: []int64{0}}},
				Around:   [NumAnchors]AroundStress{AroundVisit: {Borrowers: 1}},
			}
			if err := each(&Replication{Index: i, Strategies: []StrategyOutcome{o}}); err != nil {
				return err
			}
		}
		return nil
	}
	none := func(atRisk, _, _ []int64) (a, b, c []float64) { return make([]float64, len(atRisk)), nil, nil }
	wide := Statistics{HalfWidth: func(float64, int) float64 { return 1000 }, Survival: none}
	if err := Build(dir, &Info{Strategies: []string{"a"}}, source, wide); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		table, low, high string
		want             Range
	}{
		{"daily", "overdue_rate_30_low", "overdue_rate_30_high", Fraction},
		{"daily", "cost_low", "cost_high", Range{0, 1003}},
		{"daily", "stress_low", "stress_high", Points},
		{"daily", "collection_stress_low", "collection_stress_high", Change},
		{"vintages", "ever_30_low", "ever_30_high", Fraction},
		{"visit_stress", "low", "high", Points},
	} {
		table, err := Open(dir, x.table)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Range{table.Column(x.low).Float[0], table.Column(x.high).Float[0]}); got != x.want {
			t.Errorf("%s: %s from %v, want %v", x.table, x.low, got, x.want)
		}
	}
}
