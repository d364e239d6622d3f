package loan_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"collectsim/sim/loan"

	"pgregory.net/rapid"
)

// TestBands: a number is in the group that its name says, by counting the bounds that it reaches.
func TestBands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b loan.Bands
		for x := -5.0; len(b) == 0 || rapid.Bool().Draw(t, "more"); {
			x += float64(rapid.IntRange(1, 8).Draw(t, "step")) / 4
			b = append(b, x)
		}
		if err := b.Check(); err != nil {
			t.Fatal(err)
		}
		x := float64(rapid.IntRange(-24, 60).Draw(t, "x")) / 4
		reached := 0
		for _, bound := range b {
			if bound <= x {
				reached++
			}
		}
		want := fmt.Sprintf("score under %v", b[0])
		switch {
		case reached == len(b):
			want = fmt.Sprintf("score from %v", b[reached-1])
		case reached > 0:
			want = fmt.Sprintf("score %v to %v", b[reached-1], b[reached])
		}
		names := b.Names("score")
		if got := names[b.Of(x)]; got != want || len(names) != len(b)+1 {
			t.Fatalf("%v in %v: %q of %q, want %q", x, b, got, names, want)
		}
	})
}

func TestBandsAreChecked(t *testing.T) {
	long := make(loan.Bands, 256)
	for k := range long {
		long[k] = float64(k)
	}
	for want, b := range map[string]loan.Bands{
		"must have at least one number":          {},
		"must have at most 255 numbers, got 256": long,
		"must rise, got 2 after 2":               {1, 2, 2},
		"must rise, got 10000000 after 20000000": {2e7, 1e7},
		"must be finite, got NaN":                {1, math.NaN()},
		"must be finite, got +Inf":               {math.Inf(1)},
	} {
		if err := b.Check(); err == nil || err.Error() != want {
			t.Errorf("%v: got %v, want %s", b, err, want)
		}
	}
	if err := long[:255].Check(); err != nil {
		t.Error(err)
	}
}

// TestRegroup: every account is in the group of its own figure, whatever the others are, and the portfolio stays as it was.
func TestRegroup(t *testing.T) {
	p := &loan.Portfolio{Currency: "CNY", Segments: []string{"north", "south"}, Accounts: []loan.Account{
		{ID: 1, Segment: 0, Balance: 499999, Arrears: 100, Instalment: 700, Limit: 5, APR: 0.1, DPD: 3, OtherDebts: 2},
		{ID: 2, Balance: 500000},
	}}
	for by, want := range map[string][]string{
		"balance": {"balance 4999.99 to 5000", "balance from 5000"}, "arrears": {"arrears from 1", "arrears under 1"},
		"instalment": {"instalment from 7", "instalment under 7"}, "limit": {"limit from 0.05", "limit under 0.05"},
		"apr": {"apr from 0.1", "apr under 0.1"}, "dpd": {"dpd from 3", "dpd under 3"}, "other_debts": {"other_debts from 2", "other_debts under 2"},
	} {
		at := map[string]loan.Bands{"balance": {4999.99, 5000}, "arrears": {1}, "instalment": {7}, "limit": {0.05}, "apr": {0.1}, "dpd": {3}, "other_debts": {2}}[by]
		s := loan.Segments{By: by, At: at}
		before := slices.Clone(p.Accounts)
		q := s.Regroup(p)
		if got := []string{q.Segments[q.Accounts[0].Segment], q.Segments[q.Accounts[1].Segment]}; !slices.Equal(got, want) {
			t.Errorf("by %s: got %q, want %q", by, got, want)
		}
		if !slices.Equal(q.Segments, s.Names()) || q.Currency != "CNY" || !slices.Equal(p.Accounts, before) || len(p.Segments) != 2 {
			t.Errorf("by %s: %+v of %+v", by, q, p)
		}
	}
}
