package main

import (
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// TestOneMoreAccountChangesNoOther: without teams, whose queues all accounts share, a portfolio with
// one more account leaves every row of the others as it was, to the last bit.
func TestOneMoreAccountChangesNoOther(t *testing.T) {
	dir := t.TempDir()
	for name, accounts := range map[string]string{"few": "120", "more": "121"} {
		must(t, "run", "testdata/small.yaml", "-o", filepath.Join(dir, name), "--no-charts", "--quiet", "--accounts-table", "--events",
			"--accounts", accounts, "--strategies", "no-contact,reminders-only", "--replications", "3")
	}
	for _, table := range []string{"accounts", "events"} {
		few, more := rows(t, filepath.Join(dir, "few"), table), rows(t, filepath.Join(dir, "more"), table)
		added := 0
		for account, text := range more {
			want, ok := few[account]
			switch {
			case !ok:
				added++
			case text != want:
				t.Errorf("%s: account %s has other rows", table, account)
			}
		}
		if len(few) < 100 || added != len(more)-len(few) || added > 1 || table == "accounts" && added != 1 {
			t.Errorf("%s: rows of %d and %d accounts, %d of them new", table, len(few), len(more), added)
		}
	}
}

// rows returns the rows of each account as text, in their order.
func rows(t *testing.T, dir, table string) map[string]string {
	t.Helper()
	x, err := outcome.Open(dir, table)
	if err != nil {
		t.Fatal(err)
	}
	text := map[string]string{}
	for row := range x.Rows() {
		var line strings.Builder
		for i := range x.Columns {
			line.WriteString(x.Columns[i].Format(row) + ",")
		}
		text[x.Column("account").Format(row)] += line.String() + "\n"
	}
	return text
}
