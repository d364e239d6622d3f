package outcome

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Forms is a result in the three forms in which commands print one.
type Forms struct {
	JSON any
	CSV  func() *Table
	Text func(*strings.Builder) // to memory, where no write fails
}

// Print writes a result as json, csv, or else text.
func (f Forms) Print(w io.Writer, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(f.JSON)
	case "csv":
		return f.CSV().Write(w, "csv")
	}
	var b strings.Builder
	f.Text(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// NewTable returns a table without rows, for [Table.Add].
func NewTable(name string, columns ...string) *Table {
	t := &Table{Name: name}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Name: c, Kind: Text})
	}
	return t
}

// Add appends a row: a string, float64 or int for each column, of the same type in every row.
// Panics if a value is of another type, or if there are more values than columns.
func (t *Table) Add(row ...any) {
	for i, v := range row {
		c := &t.Columns[i]
		switch v := v.(type) {
		case string:
			c.Text = append(c.Text, v)
		case float64:
			c.Kind, c.Float = Float, append(c.Float, v)
		case int:
			c.Kind, c.Int = Int, append(c.Int, int64(v))
		default:
			panic(fmt.Sprintf("outcome: a cell of type %T", v))
		}
	}
}
