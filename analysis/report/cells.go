package report

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"collectsim/sim/outcome"
)

// maxFaults is how many faults of a table are named one by one: a broken column has thousands.
const maxFaults = 20

// cells reads columns of a table that this project need not have written. It gathers every fault, each
// with file, row (from 1 below the header), column and value.
type cells struct {
	path   string
	table  *outcome.Table
	faults []error
	more   int
}

func (c *cells) fault(format string, args ...any) {
	if len(c.faults) >= maxFaults {
		c.more++
		return
	}
	c.faults = append(c.faults, fmt.Errorf("%s: "+format, append([]any{c.path}, args...)...))
}

func (c *cells) faultAt(row int, column, format string, args ...any) {
	c.fault("row %d: column %q: "+format, append([]any{row + 1, column}, args...)...)
}

// err joins what was found.
func (c *cells) err() error {
	errs := c.faults
	if c.more > 0 {
		errs = append(errs, fmt.Errorf("%s: and %d more faults", c.path, c.more))
	}
	return errors.Join(errs...)
}

// readTable reads a file of any origin. Spaces around texts and around the names of columns, as people and other programs
// write them, are dropped ("paid " is "paid"); a name keeps them where two columns would else share it.
func readTable(path string) (*outcome.Table, error) {
	t, err := outcome.ReadTable(path)
	if err != nil {
		return nil, err
	}
	for i := range t.Columns {
		if name := strings.TrimSpace(t.Columns[i].Name); t.Column(name) == nil {
			t.Columns[i].Name = name
		}
		for row, text := range t.Columns[i].Text {
			t.Columns[i].Text[row] = strings.TrimSpace(text)
		}
	}
	return t, nil
}

// column finds a column; what it is for is said if it is not there.
func (c *cells) column(name, purpose string) *outcome.Column {
	if col := c.table.Column(name); col != nil {
		return col
	}
	if col := c.table.Column(strings.TrimSpace(name)); col != nil {
		return col
	}
	var names []string
	for i := range c.table.Columns {
		names = append(names, c.table.Columns[i].Name)
	}
	near := ""
	for _, n := range names {
		if strings.EqualFold(strings.TrimSpace(n), name) {
			near = fmt.Sprintf(", did you mean %q?", n)
		}
	}
	c.fault("has no column %q (%s)%s, it has %s", name, purpose, near, abbreviated(names))
	return nil
}

// abbreviated lists names, many of them in part.
func abbreviated(names []string) string {
	const most = 12
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// numbers reads a column of finite numbers, a fault for each cell that is none.
func (c *cells) numbers(col *outcome.Column) []float64 {
	if col == nil {
		return nil
	}
	values := make([]float64, col.Len())
	for row := range values {
		x, err := number64(col, row)
		switch {
		case err != nil:
			c.faultAt(row, col.Name, "%w", err)
		case col.IsNull(row) || math.IsNaN(x):
			c.faultAt(row, col.Name, "is missing or NaN, must be a finite number")
		case math.IsInf(x, 0):
			c.faultAt(row, col.Name, "%s is infinite, must be a finite number", col.Format(row))
		}
		values[row] = x
	}
	return values
}

// number64 is one cell as a number, NaN if it is missing.
func number64(col *outcome.Column, row int) (float64, error) {
	switch {
	case col.IsNull(row):
		return math.NaN(), nil
	case col.Kind == outcome.Int:
		return float64(col.Int[row]), nil
	case col.Kind == outcome.Float:
		return col.Float[row], nil
	case isInfinite(col.Text[row]):
		return math.Inf(1), nil
	}
	return outcome.ParseNumber(col.Text[row])
}

func isInfinite(text string) bool {
	word := strings.ToLower(strings.TrimLeft(strings.TrimSpace(text), "+-"))
	return word == "inf" || word == "infinity"
}

// texts reads a column as text, a fault for each cell that is missing; numbers keep their shortest form.
func (c *cells) texts(col *outcome.Column) []string {
	if col == nil {
		return nil
	}
	if col.Kind != outcome.Text {
		col = asText(col)
	}
	for row := range col.Text {
		if col.IsNull(row) || col.Text[row] == "" {
			c.faultAt(row, col.Name, "is empty")
		}
	}
	return col.Text
}

// asText is a number column as text, with its missing values.
func asText(col *outcome.Column) *outcome.Column {
	out := &outcome.Column{Name: col.Name, Kind: outcome.Text, Text: make([]string, col.Len()), Null: make([]bool, col.Len())}
	for row := range out.Text {
		out.Text[row], out.Null[row] = col.Format(row), col.IsNull(row)
	}
	return out
}
