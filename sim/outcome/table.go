// Package outcome holds what a simulation hands over: the record of a replication, the metrics as functions of it, and
// the tables that other programs read. Tables are plain columns with units and directions; Arrow, Parquet, CSV and JSON
// are their forms on disk, and this is the only package that knows them.
package outcome

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a column's values. The zero Kind is invalid.
type Kind uint8

// The kinds of column. Dates, truth values and decimals of foreign files are read into one of them, see [ReadTable].
const (
	Float Kind = iota + 1 // float64, in Column.Float; NaN means null
	Int                   // int64, in Column.Int
	Text                  // UTF-8, in Column.Text
)

// String returns "float", "int" or "text".
func (k Kind) String() string {
	switch k {
	case Float:
		return "float"
	case Int:
		return "int"
	case Text:
		return "text"
	}
	return "kind " + strconv.Itoa(int(k))
}

// Column is one named column of a [Table].
//
// Exactly the slice that belongs to Kind holds the values; the others are nil.
type Column struct {
	Name   string
	Unit   string // unit of a value, such as "share" or "CNY"; may be empty
	Better string // "higher", "lower", or empty where no direction is better
	Doc    string // one line: what the column holds and what null means
	Kind   Kind

	Float []float64
	Int   []int64
	Text  []string

	// Null marks missing values, one entry a row; nil means that none is missing. A float column needs none, since its
	// NaNs are written as null, and is read back without one.
	Null []bool
}

// Len is the number of rows.
func (c *Column) Len() int {
	switch c.Kind {
	case Float:
		return len(c.Float)
	case Int:
		return len(c.Int)
	}
	return len(c.Text)
}

// IsNull tells whether the value of a row is missing. Panics if row is out of range.
func (c *Column) IsNull(row int) bool {
	if c.Null != nil && c.Null[row] {
		return true
	}
	return c.Kind == Float && math.IsNaN(c.Float[row])
}

// Floats returns the values of a number column as float64 with NaN for null, or nil for a text column. The result of
// a float column without Null shares its memory; integers beyond 2^53 are rounded.
func (c *Column) Floats() []float64 {
	if c.Kind == Text || c.Kind == Float && c.Null == nil {
		return c.Float
	}
	out := make([]float64, c.Len())
	for i := range out {
		switch {
		case c.IsNull(i):
			out[i] = math.NaN()
		case c.Kind == Int:
			out[i] = float64(c.Int[i])
		default:
			out[i] = c.Float[i]
		}
	}
	return out
}

// Format returns a row's value as text: numbers in their shortest exact form, null as "".
// Panics if row is out of range.
func (c *Column) Format(row int) string {
	switch {
	case c.IsNull(row):
		return ""
	case c.Kind == Int:
		return strconv.FormatInt(c.Int[row], 10)
	case c.Kind == Float:
		return string(appendFloat(nil, c.Float[row]))
	}
	return c.Text[row]
}

// appendFloat writes the shortest decimal that reads back as v: plain between 1e-6 and 1e15, with an exponent outside
// (so that a long row of digits is always an integer or a key); infinities as Inf and -Inf.
func appendFloat(dst []byte, v float64) []byte {
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e15) {
		format = 'e'
	}
	if math.IsInf(v, 1) {
		return append(dst, "Inf"...) // strconv would write +Inf
	}
	return strconv.AppendFloat(dst, v, format, -1, 64)
}

// clear empties the values and keeps the description.
func (c *Column) clear() {
	c.Float, c.Int, c.Text, c.Null = nil, nil, nil, nil
}

// Table is a set of named columns of one length, in order, with free text about the whole.
type Table struct {
	Name    string
	Columns []Column
	Meta    map[string]string
	Unread  []string // names of columns of the file that were not asked for, see [Dialect]
}

// Rows is the number of rows, 0 for a table without columns.
func (t *Table) Rows() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return t.Columns[0].Len()
}

// Column returns the column of that name, or nil. The result points into the table.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Check reports every way in which the table is malformed, joined: no columns, nameless or doubled columns, columns of
// unequal length, values in the wrong slice, texts that are not UTF-8.
func (t *Table) Check() error {
	if len(t.Columns) == 0 {
		return t.errorf("has no columns")
	}
	var errs []error
	seen := make(map[string]bool, len(t.Columns))
	for i := range t.Columns {
		c := &t.Columns[i]
		if err := c.check(t.Rows()); err != nil {
			errs = append(errs, t.errorf("column %q: %w", c.Name, err))
		}
		if seen[c.Name] {
			errs = append(errs, t.errorf("column %q: is there twice", c.Name))
		}
		seen[c.Name] = true
	}
	for key, value := range t.Meta {
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			errs = append(errs, t.errorf("meta: is not UTF-8"))
			break
		}
	}
	return errors.Join(errs...)
}

// errorf puts the table's name in front of a message.
func (t *Table) errorf(format string, args ...any) error {
	return fmt.Errorf("table %q: "+format, append([]any{t.Name}, args...)...)
}

func (c *Column) check(rows int) error {
	if c.Name == "" || strings.ContainsRune(c.Name, 0) {
		return errors.New("has no name, or a zero byte in it")
	}
	for _, s := range []string{c.Name, c.Unit, c.Better, c.Doc} {
		if !utf8.ValidString(s) {
			return errors.New("name, unit, better or doc is not UTF-8")
		}
	}
	if c.Kind < Float || c.Kind > Text {
		return fmt.Errorf("has the unknown %v", c.Kind)
	}
	if c.Len() != rows {
		return fmt.Errorf("has %d rows, the first column has %d", c.Len(), rows)
	}
	if len(c.Float)+len(c.Int)+len(c.Text) != rows {
		return fmt.Errorf("is of kind %v but holds values of another", c.Kind)
	}
	if c.Null != nil && len(c.Null) != rows {
		return fmt.Errorf("has %d null marks for %d rows", len(c.Null), rows)
	}
	for i, s := range c.Text {
		if !utf8.ValidString(s) {
			return fmt.Errorf("row %d: text is not UTF-8", i+1)
		}
	}
	return nil
}

// Formats lists what [Table.Write] can write, in the order in which help texts name it.
func Formats() []string { return []string{"arrow", "parquet", "csv", "json"} }

// Write writes the table in one of [Formats]:
//
//   - arrow: Arrow IPC file, zstd; units, directions and docs are field metadata, Name and Meta schema metadata
//   - parquet: zstd, with the same metadata
//   - csv: RFC 4180 with a header line, floats in their shortest exact form, null empty; metadata is lost
//   - json: one array with an object a row, null for null; metadata is lost, infinities are an error
//
// Equal tables give equal bytes. The table must pass [Table.Check]. Does not close w.
func (t *Table) Write(w io.Writer, format string) error {
	write, ok := map[string]func(*Table, io.Writer) error{
		"arrow": writeArrow, "parquet": writeParquet, "csv": writeCSV, "json": writeJSON,
	}[format]
	if !ok {
		return t.errorf("format %q: must be one of %q", format, Formats())
	}
	if err := t.Check(); err != nil {
		return err
	}
	if err := write(t, w); err != nil {
		return t.errorf("write %s: %w", format, err)
	}
	return nil
}
