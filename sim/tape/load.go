package tape

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// Load reads a tape (CSV, Parquet or Arrow, see [outcome.ReadTable]) and turns its rows into accounts, in the order of
// their ids: of accounts that rank alike in a worklist the first is served, and who that is must not depend on the order of rows.
//
// The report is never nil. Errors: the file cannot be read; the map is wrong by itself or names a column that the tape
// lacks ([overlay.Errors]); cells cannot be used ([*BadCells], unless the map says on_error: drop); no account is left.
// Every account returned passes [loan.Account.Check].
func Load(path string, m *Map) (*loan.Portfolio, *Report, error) {
	report := newReport(path, m)
	if err := m.Check(); err != nil {
		return nil, report, err
	}
	table, err := outcome.ReadDialect(path, m.dialect())
	if err != nil && strings.HasSuffix(err.Error(), "separated by commas") {
		err = fmt.Errorf("%w, or by what the map names as separator", err)
	}
	if err != nil && m.Encoding == "" && strings.Contains(err.Error(), "is not UTF-8") {
		err = errors.Join(err, fmt.Errorf("%s: \"encoding: gb18030\" or another in the map may read it as it is", path))
	}
	if err != nil && strings.HasSuffix(err.Error(), "is UTF-16 text: save it as UTF-8") {
		err = fmt.Errorf("%w, or state \"encoding: utf-16\" in the map", err)
	}
	if err != nil {
		return nil, report, err
	}
	return build(table, m, report)
}

// Build is [Load] for a table that has been read already; its name stands for the file in messages.
func Build(table *outcome.Table, m *Map) (*loan.Portfolio, *Report, error) {
	report := newReport(table.Name, m)
	if err := errors.Join(m.Check(), table.Check()); err != nil {
		return nil, report, err
	}
	return build(table, m, report)
}

func build(table *outcome.Table, m *Map, report *Report) (*loan.Portfolio, *Report, error) {
	report.Rows = table.Rows()
	rows, err := newRows(table, m, report)
	if err != nil {
		return nil, report, err
	}
	if report.Rows == 0 {
		return nil, report, fmt.Errorf("%s: has a header and no rows", report.File)
	}
	portfolio := &loan.Portfolio{Currency: m.Currency, Source: m.Source, Keys: rows.keys}
	var segments []string
	for i := range table.Rows() {
		a, segment, keep := rows.read(i)
		if !keep {
			continue
		}
		portfolio.Accounts = append(portfolio.Accounts, a)
		segments = append(segments, segment)
	}
	report.Kept = len(portfolio.Accounts)
	if len(report.Bad) > 0 && m.OnError != "drop" {
		return nil, report, &BadCells{report.File, report.Bad}
	}
	if report.Kept == 0 {
		err := fmt.Errorf("%s: no account is left: of %d rows %d are filtered and %d dropped", report.File, report.Rows, report.Filtered, report.Dropped)
		if len(report.Bad) > 0 {
			err = fmt.Errorf("%w, the first because of %s", err, report.Bad[0])
		}
		return nil, report, err
	}
	if portfolio.Segments, err = group(portfolio.Accounts, segments, m.Fields.Segment); err != nil {
		return nil, report, fmt.Errorf("%s: %w", report.File, err)
	}
	if err := portfolio.CheckTotal(); err != nil {
		return nil, report, fmt.Errorf("%s: %w (exchange in the map)", report.File, err)
	}
	slices.SortFunc(portfolio.Accounts, func(a, b loan.Account) int { return cmp.Compare(a.ID, b.ID) })
	report.Warnings = doubts(portfolio)
	return portfolio, report, nil
}

// group numbers the segments in order of their names, so that the numbers do not depend on the order of rows; bands from the
// lowest on, then what else the map names, all whether they hold accounts or not: an assignment must not fail on next month's tape.
func group(accounts []loan.Account, segments []string, from *Word) ([]string, error) {
	names := slices.Compact(slices.Sorted(slices.Values(segments)))
	if from != nil && from.Bands != nil {
		names = from.Bands.Names(from.Column)
		for _, name := range slices.Sorted(maps.Values(from.Values)) {
			names = appendNew(names, name)
		}
		names = appendNew(names, from.Default)
	}
	if len(names) > 256 {
		return nil, fmt.Errorf("segment: must have at most 256 groups, got %d", len(names))
	}
	at := make(map[string]uint8, len(names))
	for k, name := range names {
		at[name] = uint8(k)
	}
	for i := range accounts {
		accounts[i].Segment = at[segments[i]]
	}
	return names, nil
}

func appendNew(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// doubts says what is odd about a portfolio that is formally right.
func doubts(p *loan.Portfolio) []string {
	out := []string{}
	overdue := 0
	rates := make([]float64, len(p.Accounts))
	for i := range p.Accounts {
		rates[i] = p.Accounts[i].APR
		if p.Accounts[i].DPD > 0 {
			overdue++
		}
	}
	slices.Sort(rates)
	if median := quantile(rates, 0.5); median > 1 {
		out = append(out, fmt.Sprintf("apr: the median is %g, which is %.0f%%: percentages need scale: 0.01", median, 100*median))
	}
	if overdue == 0 {
		out = append(out, "dpd: no account is overdue")
	}
	if a := sumOfOthers(p.Accounts); a != nil {
		out = append(out, fmt.Sprintf("balance: account %s owes %s, the sum of all others: if it is a total, keep in the map leaves it out", p.Key(a.ID), a.Balance))
	}
	return out
}

// sumOfOthers is an account that owes as much as all others together, as a row of totals does; nil if there is none, or too few.
func sumOfOthers(accounts []loan.Account) *loan.Account {
	if len(accounts) < 3 {
		return nil
	}
	most, total := &accounts[0], loan.Cents(0)
	for i := range accounts {
		if total += accounts[i].Balance; accounts[i].Balance > most.Balance {
			most = &accounts[i]
		}
	}
	if most.Balance == 0 || total-most.Balance != most.Balance {
		return nil
	}
	return most
}

// column finds a column that a map names, or reports it with the nearest name.
func (f *faults) column(table *outcome.Table, path, name string) *outcome.Column {
	if c := table.Column(name); c != nil {
		return c
	}
	names := make([]string, len(table.Columns))
	for i := range names {
		names[i] = table.Columns[i].Name
	}
	names = append(names, table.Unread...)
	hint := fmt.Sprintf("it has %q", names)
	if near := overlay.Nearest(names, name); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) > maxListed {
		hint = fmt.Sprintf("it has %d others", len(names))
	}
	f.add(path, "no column %q in %s, %s", name, filepath.Base(f.tape), hint)
	return nil
}
