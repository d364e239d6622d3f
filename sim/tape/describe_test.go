package tape_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/tape"
)

// Quantiles: R 4.2.2, quantile(c(1,2,4,7,11,16,22,29,37,46), p, type = 7).
func TestDescribeQuantiles(t *testing.T) {
	p := &loan.Portfolio{Segments: []string{"all"}}
	for i, v := range []float64{46, 1, 4, 2, 7, 16, 11, 22, 37, 29} {
		p.Accounts = append(p.Accounts, loan.Account{ID: int64(i), Balance: loan.FromUnits(v), Instalment: 1})
	}
	got := tape.Describe(p).Amounts[0]
	for name, c := range map[string][2]float64{
		"p5": {got.P5, 1.45}, "p25": {got.P25, 4.75}, "median": {got.Median, 13.5}, "p75": {got.P75, 27.25}, "p95": {got.P95, 41.95},
		"min": {got.Min, 1}, "max": {got.Max, 46}, "mean": {got.Mean, 17.5},
	} {
		if !(math.Abs(c[0]-c[1]) <= 1e-12*c[1]) {
			t.Errorf("%s: got %.17g, want %g", name, c[0], c[1])
		}
	}
}

func TestDescribeGroups(t *testing.T) {
	p := &loan.Portfolio{
		Segments: []string{"new", "old", "unused"}, Currency: "CNY",
		Accounts: []loan.Account{
			{Product: loan.Card, Balance: 60000, Instalment: 3000, DPD: 45, Arrears: 6000, Segment: 1},
			{Product: loan.Card, Balance: 20000, Instalment: 1000, DPD: 29, Arrears: 1000},
			{Product: loan.Micro, Region: loan.Remote, Balance: 20000, Instalment: 2000},
			{Product: loan.Micro},
		},
	}
	d := tape.Describe(p)
	if d.Accounts != 4 || d.WithBalance != 3 || d.Overdue != 2 || d.Balance != 1000 || d.Arrears != 70 || d.OverdueBalance != 800 ||
		d.OverdueRate != 0.5 || d.OverdueShare != 0.8 {
		t.Errorf("%+v", d)
	}
	want := map[string]tape.Group{
		"current":               {Name: "current", Accounts: 2, Share: 0.5, Balance: 200, BalanceShare: 0.2},
		"1-29":                  {Name: "1-29", Accounts: 1, Share: 0.25, Balance: 200, BalanceShare: 0.2, OverdueRate: 1},
		"30-59":                 {Name: "30-59", Accounts: 1, Share: 0.25, Balance: 600, BalanceShare: 0.6, OverdueRate: 1},
		"60-89":                 {Name: "60-89"},
		"150-179":               {Name: "150-179"},
		"credit-card":           {Name: "credit-card", Accounts: 2, Share: 0.5, Balance: 800, BalanceShare: 0.8, OverdueRate: 1},
		"micro-enterprise-loan": {Name: "micro-enterprise-loan", Accounts: 2, Share: 0.5, Balance: 200, BalanceShare: 0.2},
		"remote":                {Name: "remote", Accounts: 1, Share: 0.25, Balance: 200, BalanceShare: 0.2},
		"new":                   {Name: "new", Accounts: 3, Share: 0.75, Balance: 400, BalanceShare: 0.4, OverdueRate: 1.0 / 3},
		"old":                   {Name: "old", Accounts: 1, Share: 0.25, Balance: 600, BalanceShare: 0.6, OverdueRate: 1},
		"2":                     {Name: "2", Accounts: 1, Share: 0.5, Balance: 600, BalanceShare: 0.75, OverdueRate: 1},
	}
	found := 0
	for _, list := range [][]tape.Group{d.Buckets, d.Products, d.Regions, d.Segments, d.Missed} {
		for _, g := range list {
			if w, ok := want[g.Name]; ok {
				found++
				if g != w {
					t.Errorf("got %+v, want %+v", g, w)
				}
			}
		}
	}
	if found != len(want) || len(d.Buckets) != 7 || len(d.Products) != 2 || len(d.Segments) != 2 || len(d.Missed) != 4 {
		t.Errorf("found %d of %d groups: %+v", found, len(want), d)
	}
}

// Accounts that are older than the bands are not in the last of them.
func TestDescribeOldDebts(t *testing.T) {
	p := &loan.Portfolio{Segments: []string{"all"}}
	for _, dpd := range []loan.Day{179, 180, 2000} {
		p.Accounts = append(p.Accounts, loan.Account{Balance: 10000, Instalment: 1000, DPD: dpd, Arrears: 10000})
	}
	got := tape.Describe(p).Buckets
	want := []tape.Group{
		{Name: "150-179", Accounts: 1, Share: 1.0 / 3, Balance: 100, BalanceShare: 1.0 / 3, OverdueRate: 1},
		{Name: "180+", Accounts: 2, Share: 2.0 / 3, Balance: 200, BalanceShare: 2.0 / 3, OverdueRate: 1},
	}
	if len(got) != 8 || !slices.Equal(got[6:], want) {
		t.Errorf("got %+v", got)
	}
}

// Rates and terms are those of accounts that owe: of cards no instalments are to come.
func TestDescribeTerms(t *testing.T) {
	p := &loan.Portfolio{Segments: []string{"all"}, Currency: "CNY", Accounts: []loan.Account{
		{Product: loan.Card, Balance: 100, APR: 0.2, Term: 99, Limit: 50000, LastPayment: -1},
		{Product: loan.Instalment, Balance: 100, APR: 0.1, PenaltyAPR: 0.4, Term: 12, LastPayment: 700},
		{Product: loan.Micro, APR: 5, Term: 3},
	}}
	d := tape.Describe(p)
	for k, want := range []tape.Amount{
		{Name: "annual rate", Unit: tape.PerYear, Of: "accounts with a balance", Accounts: 2, Mean: 0.15, Min: 0.1, Max: 0.2},
		{Name: "penalty rate", Unit: tape.PerYear, Of: "accounts with a balance", Accounts: 2, Mean: 0.2, Min: 0, Max: 0.4},
		{Name: "instalments to come", Unit: "instalments", Of: "loans with a balance", Accounts: 1, Mean: 12, Min: 12, Max: 12},
		{Name: "limit", Unit: "CNY", Of: "accounts with a limit", Accounts: 1, Mean: 500, Min: 500, Max: 500},
		{Name: "last payment", Unit: "CNY", Of: "accounts where it is known", Accounts: 2, Mean: 3.5, Min: 0, Max: 7},
	} {
		got := append(slices.Clone(d.Terms), d.Amounts[4:]...)[k]
		got.P5, got.P25, got.Median, got.P75, got.P95 = 0, 0, 0, 0, 0
		if math.Abs(got.Mean-want.Mean) < 1e-12 {
			got.Mean = want.Mean
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// A description is always valid JSON: no NaN for a portfolio without accounts or money.
func TestDescribeNothing(t *testing.T) {
	for _, p := range []*loan.Portfolio{{}, {Accounts: []loan.Account{{}}, Segments: []string{"all"}}} {
		if _, err := json.Marshal(tape.Describe(p)); err != nil {
			t.Error(err)
		}
	}
}
