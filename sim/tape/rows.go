package tape

import (
	"fmt"
	"math"
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
	id      *outcome.Column  // nil: row numbers
	seen    map[int64]int    // row of each id
	keys    map[int64]string // texts that ids stand for
	words   []*words
	numbers []*numbers
}

// filter is a Filter with its column.
type filter struct {
	Filter
	in, notIn cellSet
	column    *outcome.Column
	name      string
}

// newRows finds all columns that the map names, or reports every one that is not there.
func newRows(table *outcome.Table, m *Map, report *Report) (*rows, error) {
	r := &rows{m: m, report: report, seen: map[int64]int{}, keys: map[int64]string{}}
	f := &faults{m: m, tape: report.File}
	find := func(path, name string) *outcome.Column {
		if name == "" {
			return nil
		}
		return m.emptied(trimmed(f.column(table, path+".column", name)))
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
		r.filters = append(r.filters, filter{k, newCellSet(k.In), newCellSet(k.NotIn), c, fmt.Sprintf("%s (%s): filtered", at, k.Column)})
	}
	if m.Fields.ID != nil {
		r.id = find("fields.id", m.Fields.ID.Column)
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
	key     string    // the text that the id stands for, if it is no whole number itself
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
	return (f.In == nil || f.in.has(f.column, row)) && !f.notIn.has(f.column, row)
}

// maxExact is the largest magnitude up to which every whole number is a float64.
const maxExact = 1 << 53

// identify sets the id: the cell, if it is a whole number, what stands for it, if it is another text, or the row number.
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
		rd.account.ID, rd.key = identity(r.id.Text[rd.row])
	default:
		v := r.id.Float[rd.row]
		if v != math.Trunc(v) || math.Abs(v) > maxExact {
			rd.fault("id", r.id.Name, r.id.Format(rd.row), "must be a whole number of at most 15 digits, or text")
		}
		rd.account.ID = int64(v)
	}
}

// identity is the id of a key, and the key where the id stands for it: digits that begin with a needless zero are no number.
// An id that stands for a text depends on the text alone, as a number does, so that an account's life is the same whatever
// other rows the tape has, and in whatever order.
func identity(key string) (id int64, text string) {
	if id, err := strconv.ParseInt(key, 10, 64); err == nil && strconv.FormatInt(id, 10) == key {
		return id, ""
	}
	return int64(hash(0, key) % maxExact), key
}

// unique refuses an id that an earlier account has.
func (r *rows) unique(rd *reading) {
	id := rd.account.ID
	first, again := r.seen[id]
	switch {
	case again && r.keys[id] != rd.key: // in a million accounts, once in 20,000 tapes
		rd.fault("id", r.id.Name, r.id.Format(rd.row), fmt.Sprintf("stands for the same number as the id of row %d: change one of the two", first))
	case again:
		rd.fault("id", r.id.Name, r.id.Format(rd.row), fmt.Sprintf("must be unique, row %d has it too", first))
	default:
		r.seen[id] = rd.row + 1
		if rd.key != "" {
			r.keys[id] = rd.key
		}
	}
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
