package tape

import (
	"fmt"
	"strings"
)

// maxListed is the number of bad cells that an error spells out.
const maxListed = 20

// Report tells what became of the rows of a tape. Rows = Kept + Filtered + Dropped, unless the load failed.
type Report struct {
	File        string    `json:"file"`
	Source      string    `json:"source"`
	Rows        int       `json:"rows"`
	Kept        int       `json:"kept"`
	Filtered    int       `json:"filtered"`    // by keep
	Dropped     int       `json:"dropped"`     // by outside: drop, or on_error: drop
	Rules       []Count   `json:"rules"`       // rows that a filter, bound or repair touched, in order of first use
	Bad         []BadCell `json:"bad"`         // all of them, in order of rows
	Assumptions []string  `json:"assumptions"` // of the map
	Warnings    []string  `json:"warnings"`    // doubts about the tape as a whole
}

// newReport has empty lists rather than nil ones, so that JSON shows [] and not null.
func newReport(file string, m *Map) *Report {
	return &Report{
		File: file, Source: m.Source, Assumptions: append([]string{}, m.Assumptions...),
		Rules: []Count{}, Bad: []BadCell{}, Warnings: []string{},
	}
}

// Count is the number of rows that a rule applied to.
type Count struct {
	Rule string `json:"rule"`
	Rows int    `json:"rows"`
}

// count adds one row to a rule.
func (r *Report) count(rule string) {
	for i := range r.Rules {
		if r.Rules[i].Rule == rule {
			r.Rules[i].Rows++
			return
		}
	}
	r.Rules = append(r.Rules, Count{rule, 1})
}

// Counts says in a line what became of the rows.
func (r *Report) Counts() string {
	return fmt.Sprintf("%d rows, %d accounts kept, %d filtered, %d dropped", r.Rows, r.Kept, r.Filtered, r.Dropped)
}

// Touched says in a line each which rules left rows out or changed them, then, up to maxListed, what was wrong with cells
// whose rows were dropped: of each fault the first, and how many there are.
func (r *Report) Touched() (lines []string) {
	for _, x := range r.Rules {
		lines = append(lines, fmt.Sprintf("%s: %d rows", x.Rule, x.Rows))
	}
	return append(lines, r.faults()...)
}

func (r *Report) faults() (lines []string) {
	type fault struct{ field, column, rule string }
	var faults []fault // in order of first rows
	cells := map[fault][]BadCell{}
	for _, b := range r.Bad {
		f := fault{b.Field, b.Column, b.Rule}
		if cells[f] == nil {
			faults = append(faults, f)
		}
		cells[f] = append(cells[f], b)
	}
	for k, f := range faults {
		if k == maxListed {
			return append(lines, fmt.Sprintf("%d other faults", len(faults)-maxListed))
		}
		line := cells[f][0].String()
		if more := len(cells[f]) - 1; more > 0 {
			line += fmt.Sprintf(", and %d more", more)
		}
		lines = append(lines, line)
	}
	return lines
}

// BadCell is a cell, or a combination of cells, that cannot be used.
type BadCell struct {
	Row    int    `json:"row"`    // from 1, below the header
	Field  string `json:"field"`  // of the account
	Column string `json:"column"` // of the tape; empty if the fault is of several
	Value  string `json:"value"`  // as in the tape
	Rule   string `json:"rule"`   // that it breaks
}

// String is one line: row, field, column, rule and value.
func (b BadCell) String() string {
	where := b.Field
	if b.Column != "" {
		where = fmt.Sprintf("%s (column %q)", b.Field, b.Column)
	}
	if b.Column == "" && b.Value == "" {
		return fmt.Sprintf("row %d: %s: %s", b.Row, where, b.Rule)
	}
	return fmt.Sprintf("row %d: %s: %s, got %q", b.Row, where, b.Rule, b.Value)
}

// BadCells is the error of a tape with cells that cannot be used.
type BadCells struct {
	File  string
	Cells []BadCell // not empty, in order of rows
}

// Error lists at most 20 cells, one a line, and says how many there are.
func (b *BadCells) Error() string {
	var out strings.Builder
	for i, c := range b.Cells {
		if i == maxListed {
			break
		}
		fmt.Fprintf(&out, "%s: %s\n", b.File, c)
	}
	rows, last := 0, 0
	for _, c := range b.Cells {
		if c.Row != last {
			rows, last = rows+1, c.Row
		}
	}
	fmt.Fprintf(&out, "%s: %d bad cells in %d rows (on_error: drop in the map leaves such rows out)", b.File, len(b.Cells), rows)
	return out.String()
}
