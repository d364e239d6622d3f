package tape_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/tape"
)

const cards = "bal,due,start\n"

// opened lists the opening and due days of a tape's accounts.
func opened(t *testing.T, csv, field string) [][2]int {
	t.Helper()
	p, _, err := load(t, cards+csv, minimal+"  opened: "+field+"\n")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]int
	for _, a := range p.Accounts {
		out = append(out, [2]int{int(a.Opened), int(a.DueDay)})
	}
	return out
}

// TestOpened: days as they stand, dates counted from the tape's date over a leap day, times of day left out, empty
// cells by default; a new loan falls due on the day of the month on which it opened.
func TestOpened(t *testing.T) {
	got := opened(t, "100,5,40\n100,5,-3000\n100,5,\n", "{column: start, default: 7}")
	if got[0] != [2]int{40, 10} || got[1][0] != -3000 || got[2] != [2]int{7, 7} {
		t.Errorf("days: %v", got)
	}
	got = opened(t, "100,5,2024-03-01\n100,5,2024-02-28 23:59:59\n100,5,2023-02-28\n100,5,2024-03-30T08:00:00Z\n100,5,\n",
		"{column: start, as_of: 2024-02-28, default: 61}")
	for i, want := range []int{2, 0, -365, 31, 61} {
		if got[i][0] != want || want > 0 && got[i][1] != want%loan.MonthDays {
			t.Errorf("dates: %v", got)
		}
	}
}

// TestOpenedFormats: the third of January 2026 as programs of several countries write it, with and without leading zeros.
func TestOpenedFormats(t *testing.T) {
	for format, cells := range map[string][]string{
		"yyyy-mm-dd": {"2026-01-03", "2026-1-3", "2026-01-03T10:00:00"}, "yyyy/mm/dd": {"2026/01/03", "2026/1/3", "2026/1/3 0:00"}, "yyyymmdd": {"20260103"},
		"dd.mm.yyyy": {"03.01.2026", "3.1.2026"}, "dd/mm/yyyy": {"03/01/2026", "3/1/2026"}, "dd-mm-yyyy": {"03-01-2026", "3-1-2026"},
		"dd-mmm-yyyy": {"03-Jan-2026", "3-JAN-2026"}, "mm/dd/yyyy": {"01/03/2026", "1/3/2026"},
	} {
		for _, cell := range cells {
			if got := opened(t, "100,5,"+cell+"\n", "{column: start, as_of: 2026-01-01, format: "+format+"}"); got[0][0] != 2 {
				t.Errorf("%s %s: day %d", format, cell, got[0][0])
			}
		}
		csv := cards + "1,1,never\n"
		_, report, _ := load(t, csv, minimal+"  opened: {column: start, as_of: 2026-01-01, format: "+format+"}\n")
		if len(report.Bad) != 1 {
			t.Fatalf("%s: got %+v", format, report.Bad)
		}
		example, ok := strings.CutPrefix(report.Bad[0].Rule, "must be a date as ")
		if got := opened(t, "100,5,"+example+"\n", "{column: start, as_of: 2026-01-31, format: "+format+"}"); !ok || got[0][0] != 0 {
			t.Errorf("%s: the example %q is day %d", format, example, got[0][0])
		}
	}
}

// TestOpenedFaults: bad cells and contradictions are reported by row, bad maps by path.
func TestOpenedFaults(t *testing.T) {
	csv := cards + "100,5,3.5\n100,5,40000\n100,5,soon\n100,5,\n"
	for _, x := range []struct{ csv, m, want string }{
		{csv, "{column: start}", "must be a whole number|must lie in [-100000, 32766]|must be a number|must not be empty"},
		{
			cards + "1,1,31.01.2026\n1,1,2026-02-30\n1,1,2026-01-31 noon\n1,1,\n", "{column: start, as_of: 2026-01-01}",
			"must be a date as 2026-01-31|must be a date as 2026-01-31|must be a date as 2026-01-31|must not be empty",
		},
		{cards + "1,1,20260131\n", "{column: start, as_of: 2026-01-01}", "must be a date as 2026-01-31"},
	} {
		_, _, err := load(t, x.csv, minimal+"  opened: "+x.m+"\n")
		var bad *tape.BadCells
		if !errors.As(err, &bad) {
			t.Fatalf("%s: error %v", x.m, err)
		}
		var rules []string
		for _, c := range bad.Cells {
			if c.Field != "opened" || c.Column != "start" {
				t.Errorf("bad cell %+v", c)
			}
			rules = append(rules, c.Rule)
		}
		if got := strings.Join(rules, "|"); got != x.want {
			t.Errorf("%s: rules\n%s, want\n%s", x.m, got, x.want)
		}
	}

	_, _, err := load(t, "bal,due,start,dpd\n100,5,20,31\n", minimal+"  opened: {column: start}\n  dpd: {column: dpd}\n")
	if want := "opened: a loan that is disbursed on day 20 of the run cannot be 31 days past due before"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}

	for _, x := range []struct{ field, want string }{
		{"{column: start, as_of: 31.1.2026}", `m.yaml:9:1: fields.opened.as_of: must be a date as 2026-01-31, got "31.1.2026"`},
		{"{value: 3, as_of: 2026-01-31}", "m.yaml:9:1: fields.opened.as_of: needs a column of dates"},
		{"{column: start, as_of: 2026-01-31, scale: 2}", "m.yaml:9:1: fields.opened.as_of: values and scale do not go with dates"},
		{"{value: 40000}", "m.yaml:9:1: fields.opened.value: must lie in [-100000, 32766], got 40000"},
	} {
		_, err := tape.ParseMap("m.yaml", []byte(minimal+"  opened: "+x.field+"\n"))
		if err == nil || err.Error() != x.want {
			t.Errorf("%s: error\n%v\nwant\n%s", x.field, err, x.want)
		}
	}
}

// TestDescribeNewLoans: accounts that open after day 0 are told apart.
func TestDescribeNewLoans(t *testing.T) {
	p := &loan.Portfolio{Segments: []string{"all"}, Accounts: []loan.Account{{Opened: -4}, {Opened: 0}, {Opened: 1}, {Opened: 90}}}
	before := slices.Clone(p.Accounts)
	if d := tape.Describe(p); d.NewLoans != 2 || !slices.Equal(p.Accounts, before) {
		t.Errorf("%d new loans", d.NewLoans)
	}
}
