package sensitivity

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// record is one row of a CSV file with its line number, from 1.
type record struct {
	line  int
	cells []string
}

// ReadBounds reads a CSV file of factors: columns name, low, high and optionally scale, in any order under a header
// row, or in this order without one. scale is linear (or empty), log, integer or log-integer. Columns that describe a
// factor (unit, note, comment, description, doc, source) are passed over, others refused, since they may be meant to
// change the design. Lines that start with # are comments; spaces around cells are ignored.
//
// All faults are reported at once, each with its line; the bounds returned without an error are valid.
func ReadBounds(r io.Reader) (Bounds, error) {
	rows, err := readCSV(r)
	if err != nil {
		return nil, fmt.Errorf("bounds: %w", err)
	}
	if len(rows) == 0 {
		return nil, errors.New("bounds: no rows, need name,low,high and one row per factor")
	}
	column, width, headed, err := boundsColumns(rows[0])
	if err != nil {
		return nil, err
	}
	if headed {
		rows = rows[1:]
	}
	var b Bounds
	var bad faults
	for _, row := range rows {
		f, faults := parseFactor(row.cells, column, width)
		for _, why := range faults {
			bad.add("bounds line %d: %s", row.line, why)
		}
		if len(faults) == 0 {
			for _, why := range f.faults() {
				bad.add("bounds line %d: %s: %s", row.line, f.Name, why)
			}
		}
		if f.Name != "" && slices.ContainsFunc(b, func(g Factor) bool { return g.Name == f.Name }) {
			bad.add("bounds line %d: name %q is already used by an earlier line", row.line, f.Name)
		}
		b = append(b, f)
	}
	if len(b) == 0 {
		bad.add("bounds: a header and no factors, need one row per factor")
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	return b, nil
}

// descriptive are columns of a factor that no design depends on.
var descriptive = []string{"unit", "note", "notes", "comment", "description", "doc", "source"}

// boundsColumns finds name, low, high and scale (-1 if absent), and says whether the first row is a header.
// width is how many cells a row may have.
func boundsColumns(first record) (column map[string]int, width int, headed bool, err error) {
	column = map[string]int{"name": 0, "low": 1, "high": 2, "scale": -1}
	width = min(len(first.cells), 4)
	if len(first.cells) > 3 {
		column["scale"] = 3
	}
	lower := make([]string, len(first.cells))
	for i, cell := range first.cells {
		lower[i] = strings.ToLower(cell)
	}
	if !slices.Contains(lower, "low") && !slices.Contains(lower, "high") {
		return column, max(width, 3), false, noBounds(first)
	}
	var bad faults
	for i, cell := range lower {
		if _, known := column[cell]; !known && !slices.Contains(descriptive, cell) {
			bad.add("bounds line %d: unknown column %q, known are name, low, high, scale", first.line, first.cells[i])
		}
		if slices.Index(lower, cell) != i {
			bad.add("bounds line %d: column %q stands twice", first.line, cell)
		}
	}
	for _, name := range []string{"name", "low", "high", "scale"} {
		column[name] = slices.Index(lower, name)
		if column[name] < 0 && name != "scale" {
			bad.add("bounds line %d: no column %q in the header", first.line, name)
		}
	}
	return column, len(first.cells), true, bad.join()
}

// noBounds refuses a first row that holds no bounds and is no header: names of other tools, or cells set apart otherwise.
func noBounds(first record) error {
	switch {
	case len(first.cells) == 1 && strings.ContainsAny(first.cells[0], ";|\t "):
		return fmt.Errorf("bounds line %d: is one cell, %q: cells must be separated by commas", first.line, first.cells[0])
	case len(first.cells) >= 3 && !isNumber(first.cells[1]) && !isNumber(first.cells[2]):
		return fmt.Errorf("bounds line %d: holds neither the columns name, low, high nor bounds: %s", first.line, strings.Join(first.cells, ", "))
	}
	return nil
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func parseFactor(cells []string, column map[string]int, width int) (Factor, []string) {
	var why []string
	cell := func(name string) string {
		if i := column[name]; i >= 0 && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	number := func(name string) float64 {
		x, err := strconv.ParseFloat(cell(name), 64)
		if err != nil {
			why = append(why, fmt.Sprintf("%s: must be a number, got %q", name, cell(name)))
		}
		return x
	}
	if len(cells) > width {
		why = append(why, fmt.Sprintf("has %d cells, need at most %d: name, low, high and where used scale", len(cells), width))
	}
	f := Factor{Name: cell("name"), Low: number("low"), High: number("high")}
	if f.Name == "" {
		why = append(why, "name is empty")
	}
	switch scale := cell("scale"); strings.ToLower(scale) {
	case "", "linear":
	case "log":
		f.Log = true
	case "integer":
		f.Integer = true
	case "log-integer":
		f.Log, f.Integer = true, true
	default:
		why = append(why, fmt.Sprintf("scale: must be linear, log, integer or log-integer, got %q", scale))
	}
	return f, why
}

// ReadOutputs reads a model's outputs, in the order of the design: one number a line, with or without a header, or
// the column of that name from a CSV file with a header. column may be empty where there is only one.
//
// A missing output is written nan, na or null, or left empty beside other cells, and read as NaN; infinite ones are
// errors, and so is an empty line before the last number, since it would shift all later ones.
// All faults are reported at once, each with its line.
func ReadOutputs(r io.Reader, column string) ([]float64, error) {
	rows, err := readCSV(r)
	if err != nil {
		return nil, fmt.Errorf("outputs: %w", err)
	}
	if len(rows) == 0 {
		return nil, errors.New("outputs: no rows, need one number a line")
	}
	at := 0
	header := rows[0]
	switch {
	case column != "":
		if at = slices.Index(header.cells, column); at < 0 {
			return nil, fmt.Errorf("outputs line %d: no column %q in the header, it has %s", header.line, column, strings.Join(header.cells, ", "))
		}
		rows = rows[1:]
	case len(header.cells) > 1:
		return nil, fmt.Errorf("outputs line %d: %d columns, name the one to use: %s", header.line, len(header.cells), strings.Join(header.cells, ", "))
	case isHeader(header.cells[0]):
		rows = rows[1:]
	}
	return outputColumn(rows, at, len(header.cells))
}

// isHeader says whether a first cell names a column. What starts like a number is none: taking a broken number for a
// header would shift all outputs by one point.
func isHeader(cell string) bool {
	if _, err := parseOutput(cell); err == nil {
		return false
	}
	_, err := strconv.ParseFloat(cell, 64)
	return errors.Is(err, strconv.ErrSyntax) && !strings.ContainsAny(cell[:1], "+-.0123456789")
}

func outputColumn(rows []record, at, width int) ([]float64, error) {
	values := make([]float64, 0, len(rows))
	var bad faults
	for _, row := range rows {
		if len(row.cells) != width {
			bad.add("outputs line %d: has %d cells, need %d", row.line, len(row.cells), width)
			continue
		}
		y, err := parseOutput(row.cells[at])
		if err != nil {
			bad.add("outputs line %d: %w", row.line, err)
		}
		values = append(values, y)
	}
	if len(rows) == 0 {
		bad.add("outputs: a header and no numbers")
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	return values, nil
}

func parseOutput(cell string) (float64, error) {
	switch strings.ToLower(cell) {
	case "", "nan", "na", "null":
		return math.NaN(), nil
	}
	y, err := strconv.ParseFloat(cell, 64)
	if err != nil || math.IsInf(y, 0) {
		return 0, fmt.Errorf("must be a finite number or nan, got %q", cell)
	}
	return y, nil
}

// ReadPoints reads a design: a CSV file whose header has a column of each of the names; others are ignored.
// All faults are reported at once, each with its line. The result is n×len(names) in the order of names.
func ReadPoints(r io.Reader, names []string) ([][]float64, error) {
	rows, err := readCSV(r)
	if err != nil {
		return nil, fmt.Errorf("points: %w", err)
	}
	if len(rows) < 2 {
		return nil, errors.New("points: need a header and at least one row")
	}
	var bad faults
	at := make([]int, len(names))
	for i, name := range names {
		if at[i] = slices.Index(rows[0].cells, name); at[i] < 0 {
			bad.add("points line %d: no column %q in the header", rows[0].line, name)
		}
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	points := table(len(rows)-1, len(names))
	for r, row := range rows[1:] {
		if len(row.cells) != len(rows[0].cells) {
			bad.add("points line %d: has %d cells, need %d", row.line, len(row.cells), len(rows[0].cells))
			continue
		}
		for i := range names {
			x, err := strconv.ParseFloat(row.cells[at[i]], 64)
			if err != nil || !finite(x) {
				bad.add("points line %d: %s: must be a finite number, got %q", row.line, names[i], row.cells[at[i]])
			}
			points[r][i] = x
		}
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	return points, nil
}

// readCSV reads all rows with trimmed cells, skipping comments and empty lines at the end, and reporting other
// empty lines: encoding/csv would pass over them in silence.
func readCSV(r io.Reader) ([]record, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	data = bytes.TrimRight(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(data) == 0 {
		return nil, nil
	}
	var bad faults
	for i, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			bad.add("line %d: is empty", i+1)
		}
	}
	if err := bad.join(); err != nil {
		return nil, err
	}
	return parseCSV(data)
}

func parseCSV(data []byte) ([]record, error) {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.Comment, in.TrimLeadingSpace = -1, '#', true
	var rows []record
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		line, _ := in.FieldPos(0)
		rows = append(rows, record{line, cells})
	}
}
