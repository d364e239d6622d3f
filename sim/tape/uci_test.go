package tape_test

import (
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/tape"
)

// The shipped map, on made-up rows with the columns of the set. All amounts below are worked out by hand from its
// rules: 0.25 CNY for one NT$; minimum payment max(50, 3% of the balance), at most the balance; arrears = instalments missed,
// at most the balance.
func TestShippedMap(t *testing.T) {
	m, err := tape.ReadMap("../../data/maps/uci-taiwan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, report, err := tape.Load("testdata/uci.csv", m)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id                                             int64
		dpd                                            loan.Day
		balance, instalment, arrears, limit, last, due loan.Cents
	}
	for i, want := range []row{
		{1, 0, 0, 0, 0, 250000, 0, -1},
		{2, 0, 25000, 5000, 0, 500000, 25000, -1},
		{3, 0, 600000, 18000, 0, 750000, 25000, -1},
		{4, 15, 200000, 6000, 6000, 1000000, 0, 15},
		{5, 45, 1000000, 30000, 60000, 1250000, 37500, 15},
		{6, 225, 50000, 5000, 40000, 1500000, 0, 15},
		{7, 0, 0, 0, 0, 1750000, 20000, -1},
		{8, 0, 0, 0, 0, 2000000, 0, -1},
		{9, 0, 0, 0, 0, 2250000, 300, -1},
	} {
		a := p.Accounts[i]
		got := row{a.ID, a.DPD, a.Balance, a.Instalment, a.Arrears, a.Limit, a.LastPayment, loan.Cents(a.DueDay)}
		if a.DPD == 0 {
			got.due = -1 // spread by id, tested elsewhere
		}
		if got != want || a.Product != loan.Card || a.Region != loan.Urban || a.APR != 0.2 {
			t.Errorf("account %d: got %+v, want %+v", i+1, got, want)
		}
	}
	wantRules := []tape.Count{{Rule: "balance: below 0, set to it", Rows: 2}, {Rule: "dpd: nothing is owed, counted as current", Rows: 2}}
	if report.Rows != 9 || report.Kept != 9 || len(report.Bad) != 0 || len(report.Assumptions) != 6 {
		t.Errorf("report: %+v", report)
	}
	slices.SortFunc(report.Rules, func(a, b tape.Count) int { return len(a.Rule) - len(b.Rule) })
	if !slices.Equal(report.Rules, wantRules) {
		t.Errorf("rules: got %v, want %v", report.Rules, wantRules)
	}
	if p.Currency != "CNY" || !slices.Equal(p.Segments, []string{"all"}) {
		t.Errorf("currency %q, segments %q", p.Currency, p.Segments)
	}
}
