package tape

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// rows turns the rows of a tape into accounts.
type rows struct {
	m       *Map
	report  *Report
	filters []filter
	id      *outcome.Column // nil: row numbers
	seen    map[int64]int   // row of each id
	texts   map[string]int  // row of each id that is a text
	words   []*words
	numbers []*numbers
}

// filter is a Filter with its column.
type filter struct {
	Filter
	column *outcome.Column
	name   string
}

// newRows finds all columns that the map names, or reports every one that is not there.
func newRows(table *outcome.Table, m *Map, report *Report) (*rows, error) {
	r := &rows{m: m, report: report, seen: map[int64]int{}, texts: map[string]int{}}
	f := &faults{m: m, tape: report.File}
	find := func(path, name string) *outcome.Column {
		if name == "" {
			return nil
		}
		return trimmed(f.column(table, path+".column", name))
	}
	for i, k := range m.Keep {
		at := fmt.Sprintf("keep[%d]", i)
		c := find(at, k.Column)
		if k.Min != nil || k.Max != nil {
			c = m.figures(c)
		}
		if c != nil && c.Kind == outcome.Text && (k.Min != nil || k.Max != nil) {
			f.add(at, "min and max need a column of numbers, %q holds text", k.Column)
		}
		r.filters = append(r.filters, filter{k, c, fmt.Sprintf("%s (%s): filtered", at, k.Column)})
	}
	if m.Fields.ID != nil {
		r.id = r.wholeIDs(find("fields.id", m.Fields.ID.Column))
	}
	for _, field := range wordFields {
		if w := field.of(&m.Fields); w != nil {
			r.words = append(r.words, newWords(field, w, find("fields."+field.name, w.Column), m))
		}
	}
	for _, field := range numberFields {
		n := field.of(&m.Fields)
		if n == nil && field.unknown != nil {
			n = &Number{Value: field.unknown}
		}
		if n != nil {
			c := find("fields."+field.name, n.Column)
			if n.Values == nil { // of codes a separator is a part
				c = m.figures(c)
			}
			r.numbers = append(r.numbers, newNumbers(field, n, c, m))
		}
	}
	return r, f.err()
}

// columns are the names of all columns that the map uses, so that others of the file may hold anything; nil if it uses none.
func (m *Map) columns() (names []string) {
	for _, k := range m.Keep {
		names = append(names, k.Column)
	}
	if m.Fields.ID != nil {
		names = append(names, m.Fields.ID.Column)
	}
	for _, field := range wordFields {
		if w := field.of(&m.Fields); w != nil && w.Column != "" {
			names = append(names, w.Column)
		}
	}
	for _, field := range numberFields {
		if n := field.of(&m.Fields); n != nil && n.Column != "" {
			names = append(names, n.Column)
		}
	}
	return names
}

// reading is what has been found out about one row.
type reading struct {
	row     int // from 0
	account loan.Account
	segment string
	key     string    // the id, if it is a text
	bad     []BadCell // if any, the row cannot be used
	notes   []string  // rules that changed the row
	drop    string    // rule that leaves the row out, if any
}

func (r *reading) fault(field, column, value, rule string) {
	r.bad = append(r.bad, BadCell{Row: r.row + 1, Field: field, Column: column, Value: value, Rule: rule})
}

// take books the verdict on a cell.
func (r *reading) take(v verdict, field string, c *outcome.Column) {
	switch {
	case v.fault != "":
		r.fault(field, c.Name, c.Format(r.row), v.fault)
	case v.drop:
		r.drop = v.note
	case v.note != "":
		r.notes = append(r.notes, v.note)
	}
}

// read makes an account of a row. ok is false for a row that is filtered, dropped or bad; the report says which.
func (r *rows) read(row int) (a loan.Account, segment string, ok bool) {
	if name := r.filteredBy(row); name != "" {
		r.report.Filtered++
		r.report.count(name)
		return a, "", false
	}
	rd := reading{row: row}
	r.identify(&rd)
	r.fill(&rd)
	if len(rd.bad) == 0 && rd.drop == "" {
		r.complete(&rd)
	}
	if len(rd.bad) == 0 && rd.drop == "" {
		r.unique(&rd)
	}
	return rd.account, rd.segment, r.book(&rd)
}

// book enters a row into the report and says whether it is kept. A row that a rule drops is not judged further.
func (r *rows) book(rd *reading) bool {
	switch {
	case rd.drop != "":
		r.report.Dropped++
		r.report.count(rd.drop)
		return false
	case len(rd.bad) > 0:
		r.report.Dropped++
		r.report.Bad = append(r.report.Bad, rd.bad...)
		return false
	}
	for _, note := range rd.notes {
		r.report.count(note)
	}
	if rd.key != "" {
		r.report.Keys = append(r.report.Keys, rd.key)
	}
	return true
}

// filteredBy names the first filter that a row does not pass, or is empty.
func (r *rows) filteredBy(row int) string {
	for i := range r.filters {
		if !r.filters[i].passes(row) {
			return r.filters[i].name
		}
	}
	return ""
}

func (f *filter) passes(row int) bool {
	if f.column.IsNull(row) {
		return false
	}
	if f.Min != nil && asFloat(f.column, row) < *f.Min || f.Max != nil && asFloat(f.column, row) > *f.Max {
		return false
	}
	return (f.In == nil || f.has(f.In, row)) && !f.has(f.NotIn, row)
}

// has tells whether the cell is in a list; numbers are compared as numbers.
func (f *filter) has(list []Cell, row int) bool {
	return slices.ContainsFunc(list, func(c Cell) bool {
		if f.column.Kind == outcome.Text {
			return f.column.Text[row] == string(c)
		}
		x, err := outcome.ParseNumber(string(c))
		return err == nil && x == asFloat(f.column, row)
	})
}

// maxExact is the largest magnitude up to which every whole number is a float64.
const maxExact = 1 << 53

// wholeIDs is a text column of ids as a column of whole numbers, where all rows that pass the filters hold one: a row of totals
// must not make row numbers of everybody's ids. Digits that begin with a needless zero stay texts.
func (r *rows) wholeIDs(c *outcome.Column) *outcome.Column {
	if c == nil || c.Kind != outcome.Text {
		return c
	}
	ids := outcome.Column{Name: c.Name, Kind: outcome.Int, Int: make([]int64, len(c.Text)), Null: make([]bool, len(c.Text))}
	for row, text := range c.Text {
		if r.filteredBy(row) != "" {
			continue
		}
		if c.IsNull(row) || text == "" {
			ids.Null[row] = true
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || strconv.FormatInt(id, 10) != text {
			return c
		}
		ids.Int[row] = id
	}
	return &ids
}

// identify sets the id: the cell, if it is a whole number, or else the row number.
func (r *rows) identify(rd *reading) {
	rd.account.ID = int64(rd.row) + 1
	if r.id == nil {
		return
	}
	switch {
	case r.id.IsNull(rd.row) || strings.TrimSpace(r.id.Format(rd.row)) == "":
		rd.fault("id", r.id.Name, "", "must not be empty")
	case r.id.Kind == outcome.Int:
		rd.account.ID = r.id.Int[rd.row]
	case r.id.Kind == outcome.Text:
		rd.key = r.id.Text[rd.row]
	default:
		v := r.id.Float[rd.row]
		if v != math.Trunc(v) || math.Abs(v) > maxExact {
			rd.fault("id", r.id.Name, r.id.Format(rd.row), "must be a whole number of at most 15 digits, or text")
		}
		rd.account.ID = int64(v)
	}
}

// unique refuses an id that an earlier account has.
func (r *rows) unique(rd *reading) {
	first, again := r.seen[rd.account.ID]
	if rd.key != "" {
		first, again = r.texts[rd.key]
	}
	if again {
		rd.fault("id", r.id.Name, r.id.Format(rd.row), fmt.Sprintf("must be unique, row %d has it too", first))
		return
	}
	if rd.key != "" {
		r.texts[rd.key] = rd.row + 1
		return
	}
	r.seen[rd.account.ID] = rd.row + 1
}

// fill reads all fields that the map gives.
func (r *rows) fill(rd *reading) {
	rd.segment = "all"
	for _, w := range r.words {
		name, v := w.read(rd.row, rd.account.ID)
		rd.take(v, w.wordField.name, w.column)
		if v.fault == "" {
			rd.set(w.wordField.name, name)
		}
	}
	for _, n := range r.numbers {
		x, v := n.read(rd.row)
		rd.take(v, n.name, n.column)
		if v.fault == "" && !v.drop {
			n.set(&rd.account, x)
		}
	}
}

// set stores a name that has been checked.
func (r *reading) set(field, name string) {
	switch field {
	case "product":
		_ = r.account.Product.UnmarshalText([]byte(name))
	case "region":
		_ = r.account.Region.UnmarshalText([]byte(name))
	default:
		r.segment = name
	}
}
