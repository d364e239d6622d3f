package tape_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/tape"

	"pgregory.net/rapid"
)

// portfolios draws valid portfolios, segments in order of their names and all in use.
func portfolios() *rapid.Generator[*loan.Portfolio] {
	return rapid.Custom(func(t *rapid.T) *loan.Portfolio {
		cents := rapid.Custom(func(t *rapid.T) loan.Cents {
			return loan.Cents(rapid.Int64Range(0, int64(rapid.SampledFrom([]loan.Cents{100, 1e7, 1e15 - 1}).Draw(t, "scale"))).Draw(t, "cents"))
		})
		rate := rapid.Float64Range(0, 10)
		p := &loan.Portfolio{Segments: []string{"0 first", "b,\"c\"", "老客户"}, Currency: "CNY", Source: "drawn"}
		ids := rapid.SliceOfNDistinct(rapid.Int64(), 3, 20, rapid.ID).Draw(t, "ids")
		for i, id := range ids {
			a := loan.Account{
				ID: id, Segment: uint8(i % 3), Every: loan.MonthDays,
				Product: loan.Product(rapid.IntRange(0, int(loan.NumProducts)-1).Draw(t, "product")),
				Region:  loan.Region(rapid.IntRange(0, int(loan.NumRegions)-1).Draw(t, "region")),
				Term:    int16(rapid.IntRange(0, 400).Draw(t, "term")), Balance: cents.Draw(t, "balance"),
				Instalment: 1 + cents.Draw(t, "instalment"), APR: rate.Draw(t, "apr"), PenaltyAPR: rate.Draw(t, "penalty"),
				Limit: cents.Draw(t, "limit"), LastPayment: cents.Draw(t, "last"), OtherDebts: rapid.Uint8().Draw(t, "debts"),
			}
			if a.Product != loan.Card {
				a.Every = uint8(rapid.IntRange(1, loan.MonthDays).Draw(t, "instalment days"))
			}
			a.DueDay = uint8(rapid.IntRange(0, int(a.Every)-1).Draw(t, "due"))
			if a.Balance > 0 && rapid.Bool().Draw(t, "overdue") {
				a.DPD = loan.Day(rapid.IntRange(1, 32766).Draw(t, "dpd"))
				a.Arrears = loan.Cents(rapid.Int64Range(1, int64(a.Balance)).Draw(t, "arrears"))
			}
			if a.DPD == 0 {
				a.Opened = loan.Day(rapid.IntRange(-100_000, 32766).Draw(t, "opened"))
			}
			p.Accounts = append(p.Accounts, a)
		}
		return p
	})
}

// What is written as a tape is loaded as the same accounts, to the cent, in the order of their ids, from every format. Parquet takes long to write, so
// that it gets fewer portfolios.
func TestStandardRoundTrip(t *testing.T) {
	dir := t.TempDir()
	for _, format := range []string{"csv", "arrow"} {
		rapid.Check(t, func(t *rapid.T) {
			standardRoundTrip(t, portfolios().Draw(t, "portfolio"), filepath.Join(dir, "tape."+format), format)
		})
	}
	for seed := range 10 {
		standardRoundTrip(t, portfolios().Example(seed), filepath.Join(dir, "tape.parquet"), "parquet")
	}
}

func standardRoundTrip(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, want *loan.Portfolio, path, format string,
) {
	save(t, tape.Table(want), path, format)
	got, report, err := tape.Load(path, tape.Standard("drawn", "CNY"))
	if err != nil {
		t.Fatal(err)
	}
	sorted := slices.SortedFunc(slices.Values(want.Accounts), func(a, b loan.Account) int { return cmp.Compare(a.ID, b.ID) })
	if !slices.Equal(got.Accounts, sorted) || !slices.Equal(got.Segments, want.Segments) || got.Currency != "CNY" ||
		got.Source != "drawn" || len(report.Rules) > 0 {
		t.Fatalf("got  %+v\nwant %+v\nreport %+v", got, want, report)
	}
}

func save(t interface{ Fatal(...any) }, table *outcome.Table, path, format string) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Write(f, format); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func ExampleBuild() {
	m, err := tape.ParseMap("bank.yaml", []byte(`
source: a made-up bank, end of May
currency: CNY
fields:
  id: {column: LOAN}
  product: {value: instalment-loan}
  region: {column: AREA, values: {1: urban, 2: remote}}
  balance: {column: OUTSTANDING}
  instalment: {rule: annuity}
  apr: {column: RATE_PCT, scale: 0.01}
  term: {column: MONTHS_LEFT}
  dpd: {column: DAYS_LATE}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := outcome.Decode([]byte("LOAN,AREA,OUTSTANDING,RATE_PCT,MONTHS_LEFT,DAYS_LATE\n71,1,12000,12,12,0\n72,2,5000,0,3,33\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	portfolio, report, err := tape.Build(table, m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range portfolio.Accounts {
		fmt.Println(a.ID, a.Region, a.Balance, a.Instalment, a.DPD, a.Arrears)
	}
	fmt.Println(report.Kept, "of", report.Rows, "rows")
	// Output:
	// 71 urban 12,000.00 1,066.19 0 0.00
	// 72 remote 5,000.00 1,000.00 33 2,000.00
	// 2 of 2 rows
}

// TestWhatIsNotKnownOfTheLastPayment: a tape without the field, or with an empty cell, does not know the last payment,
// which is not to say that there was none.
func TestWhatIsNotKnownOfTheLastPayment(t *testing.T) {
	want := scenario.Default().Portfolio.Portfolio(1, 50, 30)
	path := filepath.Join(t.TempDir(), "tape.csv")
	save(t, tape.Table(want), path, "csv")
	without := tape.Standard("drawn", "CNY")
	without.Fields.LastPayment = nil
	for name, m := range map[string]*tape.Map{"empty cells": tape.Standard("drawn", "CNY"), "no field": without} {
		got, _, err := tape.Load(path, m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i, a := range got.Accounts {
			if a != want.Accounts[i] || a.LastPayment >= 0 {
				t.Fatalf("%s: %+v, want %+v", name, a, want.Accounts[i])
			}
		}
	}
}
