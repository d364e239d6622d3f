package tape_test

import (
	"slices"
	"strings"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/tape"
)

// TestDialects: the same three accounts as four programs write them. With decimal commas 1.234 is never a fraction.
func TestDialects(t *testing.T) {
	const fields = `source: made up
currency: EUR
fields:
  id: {column: id}
  product: {column: kind, values: {C: credit-card}}
  region: {value: urban}
  balance: {column: bal}
  apr: {column: rate, scale: 0.01}
  instalment: {column: due}
`
	for name, c := range map[string]struct{ csv, more string }{
		"plain":     {"id,kind,bal,rate,due\n1,C,1234,12.5,100\n2,C,0.5,12.5,0.25\n3,C,1234567.89,12.5,1000\n", ""},
		"europe":    {"\ufeffid;kind;bal;rate;due\r\n1;C;1.234;12,5;100\r\n2;C;0,5;12,5;0,25\r\n3;C;\"1.234.567,89\";12,5;1.000\r\n", "separator: semicolon\ndecimal: comma\nthousands: point\n"},
		"france":    {"id\tkind\tbal\trate\tdue\n1\tC\t1 234\t12,5 %\t100 €\n2\tC\t0,5\t12,5 %\t0,25 €\n3\tC\t1\u202f234\u202f567,89\t12,5 %\t1 000 €\n", "separator: tab\ndecimal: comma\nthousands: space\nsymbols: ['%', €]\n"},
		"america":   {"id,kind,bal,rate,due\n1,C,\"$1,234\",12.5%,$100\n2,C,$0.50,12.5%,$0.25\n3,C,\"$1,234,567.89\",12.5%,\"$1,000\"\n", "thousands: comma\nsymbols: ['%', $]\n"},
		"pipes":     {"id|kind|bal|rate|due\n1|C|1234|12.5|100\n2|C|0.5|12.5|0.25\n3|C|1234567.89|12.5|1000\n", "separator: pipe\n"},
		"few cells": {"id;kind;bal;rate;due\n1;C;1.234;12,5;100\n2;C;0,5;12,5;0,25\n3;C;1234567,89;12,5;1000\n", "separator: semicolon\ndecimal: comma\nthousands: point\n"},
	} {
		p, report, err := load(t, c.csv, fields+c.more)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []float64
		for _, a := range p.Accounts {
			got = append(got, a.Balance.Units(), a.Instalment.Units(), a.APR)
		}
		if want := []float64{1234, 100, 0.125, 0.5, 0.25, 0.125, 1234567.89, 1000, 0.125}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v; %+v", name, got, want, report)
		}
	}
	for cell, c := range map[string]struct{ more, want string }{
		"1.234": {"separator: semicolon\ndecimal: comma\n", `must be a number ("thousands: point" in the map would read it)`},
		"12.5":  {"separator: semicolon\ndecimal: comma\nthousands: point\n", "must be a number"},
		"12,5":  {"separator: semicolon\n", `must be a number ("decimal: comma" in the map would read it)`},
		"12 %":  {"separator: semicolon\n", `must be a number ("symbols: ["%"]" in the map would leave the sign out)`},
		"-$5":   {"separator: semicolon\nsymbols: [$]\n", "must lie in [0, 1e+13]"},
	} {
		_, report, _ := load(t, "id;kind;bal;rate;due\n1;C;"+cell+";12;100\n", fields+c.more)
		if len(report.Bad) != 1 || report.Bad[0].Rule != c.want {
			t.Errorf("%s: got %+v, want %s", cell, report.Bad, c.want)
		}
	}
	if _, _, err := load(t, "id;kind;bal\n", fields); err == nil || !strings.HasSuffix(err.Error(), "cells must be separated by commas, or by what the map names as separator") {
		t.Errorf("semicolons: %v", err)
	}
	if _, _, err := load(t, "id,kind,bal\n", fields+"separator: tab\n"); err == nil || !strings.HasSuffix(err.Error(), `header: has one column: cells must be separated by '\t'`) {
		t.Errorf("another separator: %v", err)
	}
}

// TestSeparatorsThatClash: a separator cannot stand for thousands and for decimals.
func TestSeparatorsThatClash(t *testing.T) {
	for more, want := range map[string]string{
		"decimal: comma\nthousands: comma\n": "m.yaml:10:1: thousands: must not be comma, which is the decimal separator (decimal: in the map)",
		"thousands: point\n":                 "m.yaml:9:1: thousands: must not be point, which is the decimal separator (decimal: in the map)",
	} {
		if _, err := tape.ParseMap("m.yaml", []byte(minimal+more)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestDatesOfOtherLands: dates of disbursement in the form that the map names, and in no other.
func TestDatesOfOtherLands(t *testing.T) {
	for format, cell := range map[string]string{
		"yyyy-mm-dd": "2026-03-02", "yyyymmdd": "20260302", "dd.mm.yyyy": "02.03.2026", "dd/mm/yyyy": "02/03/2026", "mm/dd/yyyy": "03/02/2026 08:15", "mmm-yyyy": "Mar-2026",
	} {
		want := 30
		if format == "mmm-yyyy" {
			want = 29
		}
		m := minimal + "  opened: {column: date, as_of: 2026-01-31, format: " + format + "}\n"
		p, _, err := load(t, "bal,due,date\n100,10,"+cell+"\n", m)
		if err != nil || int(p.Accounts[0].Opened) != want {
			t.Errorf("%s: got %+v, %v", format, p, err)
		}
		if _, report, _ := load(t, "bal,due,date\n100,10,2026.03.02\n", m); len(report.Bad) != 1 || !strings.HasPrefix(report.Bad[0].Rule, "must be a date as ") {
			t.Errorf("%s: got %+v", format, report)
		}
	}
}

// TestOnlyCardsNeedNoTerm: product may come from a column, if its table knows cards alone.
func TestOnlyCardsNeedNoTerm(t *testing.T) {
	for product, ok := range map[string]bool{
		"{column: p, values: {A: credit-card, B: credit-card}}":                           true,
		"{column: p, values: {A: credit-card}, other: credit-card, default: credit-card}": true,
		"{column: p, values: {A: credit-card}, other: instalment-loan}":                   false,
		"{column: p, values: {A: credit-card, B: instalment-loan}}":                       false,
		"{column: p, values: {A: credit-card}, default: micro-enterprise-loan}":           false,
		"{column: p}": false,
	} {
		if _, err := tape.ParseMap("m.yaml", []byte(strings.Replace(minimal, "{value: credit-card}", product, 1))); (err == nil) != ok {
			t.Errorf("%s: %v", product, err)
		}
	}
}

// TestNobodyLeftSaysWhy: a tape all of whose rows are dropped names the first reason.
func TestNobodyLeftSaysWhy(t *testing.T) {
	_, _, err := load(t, "bal,due,n\n100,10,16\n200,10,17\n", minimal+"  other_debts: {column: n, scale: 0.3}\non_error: drop\n")
	const want = `t.csv: no account is left: of 2 rows 0 are filtered and 2 dropped, the first because of row 1: other_debts (column "n"): must be a whole number after conversion, is 4.8 (round: up, nearest or down makes it one), got "16"`
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// FuzzNumbers: what a map reads as a number is one however the map names separators, and never a text with letters.
func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"1.234,5", "-$5", "12 %", "1e5", "1'000", "0,5"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, cell string, comma bool) {
		if strings.ContainsAny(cell, "\"\n\r|") {
			return
		}
		more := "separator: pipe\nsymbols: ['%', $]\nthousands: comma\n"
		if comma {
			more = "separator: pipe\nsymbols: ['%', $]\nthousands: point\ndecimal: comma\n"
		}
		p, _, err := load(t, "bal|due\n"+cell+"|10\n", minimal+more)
		if err == nil && strings.ContainsFunc(cell, func(r rune) bool { return r != 'e' && r != 'E' && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') }) {
			t.Errorf("%q is read as %v", cell, p.Accounts[0].Balance)
		}
	})
}

// TestEncodings: the same tape as programs write it that do not write UTF-8. Bytes: iconv 2.36.
func TestEncodings(t *testing.T) {
	const fields = "source: made up\ncurrency: CNY\nfields:\n  product: {value: credit-card}\n  region: {column: 城, values: {远: remote}}\n" +
		"  balance: {column: 余额}\n  apr: {value: 0.2}\n  instalment: {column: due}\n"
	const gbk = "\xd3\xe0\xb6\xee,due,\xb3\xc7\n100,5,\xd4\xb6\n"
	const utf16 = "YO\x9d\x98,\x00d\x00u\x00e\x00,\x00\xceW\n\x001\x000\x000\x00,\x005\x00,\x00\xdc\x8f\n\x00"
	for name, c := range map[string]struct{ csv, encoding string }{
		"gbk": {gbk, "gb18030"}, "utf-8": {"余额,due,城\n100,5,远\n", "utf-8"}, "utf-8 by default": {"\ufeff余额,due,城\n100,5,远\n", ""},
		"utf-16, marked": {"\xff\xfe" + utf16, "utf-16"}, "utf-16": {utf16, "utf-16"},
		"utf-16, the other way": {"\xfe\xffOY\x98\x9d\x00,\x00d\x00u\x00e\x00,W\xce\x00\n\x001\x000\x000\x00,\x005\x00,\x8f\xdc\x00\n", "utf-16"},
	} {
		m := fields
		if c.encoding != "" {
			m += "encoding: " + c.encoding + "\n"
		}
		p, _, err := load(t, c.csv, m)
		if err != nil || p.Accounts[0].Balance.Units() != 100 || p.Accounts[0].Region != loan.Remote {
			t.Errorf("%s: got %+v, %v", name, p, err)
		}
	}
	const western = "source: made up\ncurrency: EUR\nencoding: windows-1252\nfields:\n  product: {value: credit-card}\n  region: {value: urban}\n" +
		"  segment: {column: k}\n  balance: {column: größe}\n  apr: {value: 0.2}\n  instalment: {value: 5}\n"
	if p, _, err := load(t, "gr\xf6\xdfe,k\n100,\x80\n", western); err != nil || p.Segments[0] != "€" {
		t.Errorf("windows-1252: got %+v, %v", p, err)
	}
	for csv, want := range map[string]string{
		gbk:                   `"encoding: gb18030" or another in the map may read it as it is`,
		"bal,due\n100,\xff\n": `"encoding: gb18030" or another in the map may read it as it is`,
		"\xff\xfe" + utf16:    `t.csv: is UTF-16 text: save it as UTF-8, or state "encoding: utf-16" in the map`,
	} {
		if _, _, err := load(t, csv, fields); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("without encoding: %v", err)
		}
	}
	if _, _, err := load(t, gbk+"\xd3\n", fields+"encoding: gb18030\n"); err == nil || !strings.HasSuffix(err.Error(), "line 3: is not gb18030: holds bytes that are no character in it") {
		t.Errorf("broken: %v", err)
	}
}

// TestEncodingsOfMapsAreThoseOfTables: a name that a map may state is one that a table can be read in.
func TestEncodingsOfMapsAreThoseOfTables(t *testing.T) {
	for _, name := range outcome.Encodings() {
		if _, err := tape.ParseMap("m.yaml", []byte(minimal+"encoding: "+name+"\n")); err != nil {
			t.Error(err)
		}
	}
	if _, err := tape.ParseMap("m.yaml", []byte(minimal+"encoding: latin-9\n")); err == nil {
		t.Error("an unknown encoding must be refused")
	}
}
