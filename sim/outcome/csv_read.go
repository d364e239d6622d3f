package outcome

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	byteOrderMark = "\ufeff"
	maxRowErrors  = 20 // errors reported one by one; the rest are counted
)

// readCSV reads a header line and rows below it, in two passes: the first finds errors and the columns' kinds, the
// second converts. Rules: see [ReadTable].
//
// Note: encoding/csv is not used because it cannot tell an empty cell from a quoted empty text, and changes \r\n
// within a text.
func readCSV(data []byte, d Dialect) (*Table, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	text := bytes.TrimSpace(data)
	if len(text) == 0 {
		return nil, errors.New("is empty: must have a header line")
	}
	if (text[0] == '{' || text[0] == '[') && bytes.Contains(text[:min(len(text), 1<<12)], []byte(`":`)) {
		return nil, errors.New("is JSON: must be Arrow, Parquet or CSV")
	}
	scan := &csvScanner{data: data, line: 1, dialect: d, stops: string(d.separator()) + "\n"}
	t, err := readHeader(scan)
	if err != nil {
		return nil, err
	}
	body := *scan
	rows, err := inferKinds(t, &body)
	if err != nil {
		return nil, err
	}
	for i := range t.Columns {
		t.Columns[i].reserve(rows)
	}
	return t, convert(t, scan)
}

// readHeader makes the columns, as yet without kind.
func readHeader(scan *csvScanner) (*Table, error) {
	cells, _, err := scan.record(nil)
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if err := checkDialect(cells, scan.dialect); err != nil {
		return nil, err
	}
	t := &Table{}
	seen := map[string]int{}
	var errs []error
	for i, cell := range cells {
		name := string(cell.text)
		if name == "" {
			name = fmt.Sprintf("column %d", i+1) // some programs write an unnamed index column
		}
		if first, ok := seen[name]; ok {
			errs = append(errs, fmt.Errorf("header: column %d: the name %q is that of column %d too", i+1, name, first))
		}
		if !utf8.Valid(cell.text) {
			errs = append(errs, fmt.Errorf("header: column %d: is not UTF-8: save the file as UTF-8", i+1))
		}
		seen[name] = i + 1
		t.Columns = append(t.Columns, Column{Name: name})
	}
	if more := len(errs) - maxRowErrors; more > 0 {
		errs = append(errs[:maxRowErrors], fmt.Errorf("%d more errors in the header", more))
	}
	return t, errors.Join(errs...)
}

// checkDialect recognises by the header a file that is no CSV, or is CSV of another kind.
func checkDialect(header []csvCell, d Dialect) error {
	numbers := 0
	for _, cell := range header {
		if bytes.IndexByte(cell.text, 0) >= 0 {
			return errors.New("is neither Arrow, Parquet nor CSV text: has zero bytes at the start")
		}
		if !cell.quoted && bytes.IndexByte(cell.text, '\r') >= 0 {
			return errors.New("header: has a lone carriage return: lines must end with \\n or \\r\\n")
		}
		if cell.class()&(isInt|isFloat) != 0 {
			numbers++
		}
	}
	if numbers == len(header) {
		return errors.New("header: holds numbers only: the first line must name the columns")
	}
	if len(header) == 1 && !header[0].quoted && d.separator() == ',' && bytes.ContainsAny(header[0].text, ";\t|") {
		return errors.New("header: has one column with ; | or tabs in it: cells must be separated by commas")
	}
	if len(header) == 1 && d.separator() != ',' {
		return fmt.Errorf("header: has one column: cells must be separated by %q", d.separator())
	}
	return nil
}

// inferKinds reads all rows, sets the columns' kinds, and counts the rows.
func inferKinds(t *Table, scan *csvScanner) (rows int, err error) {
	found := make([]classes, len(t.Columns))
	var errs []error
	bad := 0
	report := func(format string, args ...any) {
		if bad++; bad <= maxRowErrors {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	var cells []csvCell
	for {
		var line int
		cells, line, err = scan.record(cells[:0])
		if err == errNoRecord {
			break
		}
		rows++
		if err != nil {
			report("row %d: %w", rows, err)
			break
		}
		if len(cells) != len(found) {
			report("row %d (line %d): has %d cells, the header has %d", rows, line, len(cells), len(found))
			continue
		}
		for i, cell := range cells {
			class := scan.class(cell)
			if class == isText && !utf8.Valid(cell.text) {
				report("row %d (line %d): column %q: is not UTF-8: save the file as UTF-8", rows, line, t.Columns[i].Name)
			}
			found[i] |= class
		}
	}
	if bad > maxRowErrors {
		errs = append(errs, fmt.Errorf("%d more errors in rows", bad-maxRowErrors))
	}
	for i := range found {
		t.Columns[i].Kind = found[i].kind()
	}
	return rows, errors.Join(errs...)
}

// convert fills the columns from rows that inferKinds has passed.
func convert(t *Table, scan *csvScanner) error {
	var cells []csvCell
	for {
		var err error
		cells, _, err = scan.record(cells[:0])
		if err == errNoRecord {
			return nil
		}
		if err != nil {
			return err
		}
		for i, cell := range cells {
			t.Columns[i].appendCell(cell)
		}
	}
}

// reserve makes room for rows, so that a large file is not copied while its columns grow.
func (c *Column) reserve(rows int) {
	switch c.Kind {
	case Float:
		c.Float = make([]float64, 0, rows)
	case Int:
		c.Int = make([]int64, 0, rows)
	case Text:
		c.Text = make([]string, 0, rows)
	}
}

// appendCell converts a cell that the column's kind was inferred from.
func (c *Column) appendCell(cell csvCell) {
	class := cell.class()
	switch {
	case class == isBlank, c.Kind != Text && class&(isNA|isEmptyText) != 0:
		c.appendNull()
		return
	case c.Kind == Text:
		c.Text = append(c.Text, string(cell.text))
	case c.Kind == Float:
		v, _ := parseFloat(cell.trimmed())
		c.Float = append(c.Float, v)
	default:
		v, _ := strconv.ParseInt(cell.trimmed(), 10, 64)
		c.Int = append(c.Int, v)
	}
	c.extendNull()
}

// classes is the set of what the cells of a column look like.
type classes uint8

const (
	isBlank     classes = 1 << iota // nothing between the commas
	isEmptyText                     // a quoted nothing
	isNA                            // a usual word for a missing number, or blanks
	isInt
	isFloat
	isText
)

// kind is the narrowest kind that holds all cells.
func (s classes) kind() Kind {
	switch {
	case s&isText != 0:
		return Text
	case s&isFloat != 0:
		return Float
	case s&isInt != 0:
		return Int
	case s&(isNA|isEmptyText) != 0:
		return Text
	}
	return Float // no value at all: missing numbers are the likelier reading
}

// csvCell is a cell without its quotes; text is valid until the next record is read.
type csvCell struct {
	text   []byte
	quoted bool
}

func (c csvCell) trimmed() string { return string(bytes.TrimSpace(c.text)) }

// MeansMissing reports whether a text is what programs write for a missing value: nothing, NA, N/A, NaN or null.
func MeansMissing(text string) bool {
	switch text {
	case "", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL":
		return true
	}
	return false
}

// class looks at one cell. Digits that start with a needless zero or pass int64 are a key such as a postcode or an
// account number, which would not survive as a number.
func (c csvCell) class() classes {
	if len(c.text) == 0 {
		if c.quoted {
			return isEmptyText
		}
		return isBlank
	}
	if first := c.text[0]; first > '9' && first|0x20 != 'n' && first|0x20 != 'i' {
		return isText // the common case, told without a conversion
	}
	s := c.trimmed()
	if MeansMissing(s) || s == "None" { // of Python; as a text it may be a name
		return isNA
	}
	digits := strings.TrimLeft(s, "+-")
	if len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return isText
	}
	if strings.Trim(digits, "0123456789") == "" && s != "-0" {
		if _, err := strconv.ParseInt(s, 10, 64); err != nil {
			return isText
		}
		return isInt
	}
	if _, ok := parseFloat(s); ok {
		return isFloat
	}
	return isText
}

// ParseNumber reads a text by the rules of CSV cells, for number cells in a column of text: a decimal number, or NaN for
// an empty text and the words for a missing number. Keys, such as digits with a leading zero, and infinities are errors.
func ParseNumber(text string) (float64, error) {
	cell := csvCell{text: []byte(text)}
	switch cell.class() {
	case isBlank, isNA:
		return math.NaN(), nil
	case isInt, isFloat:
		if v, ok := parseFloat(cell.trimmed()); ok && !math.IsInf(v, 0) {
			return v, nil
		}
	}
	return 0, fmt.Errorf("%q is not a number", text)
}

// parseFloat accepts decimal numbers and Inf, and not the hexadecimal forms and NaN that strconv takes.
func parseFloat(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || strings.ContainsAny(s, "xX_") {
		return 0, false
	}
	return v, true
}

var errNoRecord = errors.New("no more records")

// Dialect is how a CSV file differs from RFC 4180. The zero value is no difference.
type Dialect struct {
	Separator    byte   // of cells; 0 means a comma
	DecimalComma bool   // numbers have decimal commas: columns with anything but whole numbers without separators stay text
	Encoding     string // of the characters, see [Encodings]; empty: UTF-8

	// Columns are the names of those to read of an Arrow or Parquet file, nil for all. Others may be of any type.
	Columns []string
}

func (d Dialect) separator() byte {
	if d.Separator == 0 {
		return ','
	}
	return d.Separator
}

// csvScanner cuts bytes into records. line is that of the next record, from 1.
type csvScanner struct {
	data    []byte
	pos     int
	line    int
	dialect Dialect
	stops   string // what ends a cell without quotes
}

// class looks at one cell: with decimal commas 1.234 is no fraction.
func (s *csvScanner) class(cell csvCell) classes {
	class := cell.class()
	if class == isFloat && s.dialect.DecimalComma {
		return isText
	}
	return class
}

// record appends the cells of the next record that is not a blank line to dst, and gives the line it starts on.
// Returns errNoRecord at the end.
func (s *csvScanner) record(dst []csvCell) ([]csvCell, int, error) {
	for s.pos < len(s.data) && s.endOfLine() {
	}
	if s.pos == len(s.data) {
		return dst, s.line, errNoRecord
	}
	start := s.line
	for {
		cell, err := s.cell()
		if err != nil {
			return dst, start, fmt.Errorf("line %d: column %d: %w", start, len(dst)+1, err)
		}
		dst = append(dst, cell)
		if s.pos == len(s.data) || s.endOfLine() {
			return dst, start, nil
		}
		s.pos++ // the separator
	}
}

// endOfLine steps over a line end, if the scanner is at one.
func (s *csvScanner) endOfLine() bool {
	size := lineEnd(s.data[s.pos:])
	s.pos += size
	if size > 0 {
		s.line++
	}
	return size > 0
}

// lineEnd is the length of the line end at the front: \n, \r\n, or \r as the very last byte.
func lineEnd(rest []byte) int {
	switch {
	case len(rest) > 0 && rest[0] == '\n':
		return 1
	case len(rest) == 1 && rest[0] == '\r':
		return 1
	case len(rest) > 1 && rest[0] == '\r' && rest[1] == '\n':
		return 2
	}
	return 0
}

// cell reads up to the next separator, line end or end of data.
func (s *csvScanner) cell() (csvCell, error) {
	if s.pos < len(s.data) && s.data[s.pos] == '"' {
		return s.quotedCell()
	}
	rest := s.data[s.pos:]
	end := bytes.IndexAny(rest, s.stops)
	if end < 0 {
		end = len(rest)
	}
	if end > 0 && rest[end-1] == '\r' && lineEnd(rest[end-1:]) > 0 {
		end--
	}
	if bytes.IndexByte(rest[:end], '"') >= 0 {
		return csvCell{}, errors.New(`has a " inside: quote the whole cell and double the quotes in it`)
	}
	s.pos += end
	return csvCell{text: rest[:end]}, nil
}

// quotedCell reads a cell from its opening quote to behind its closing one.
func (s *csvScanner) quotedCell() (csvCell, error) {
	var doubled bool
	from := s.pos + 1
	for at := from; ; at++ {
		next := bytes.IndexByte(s.data[at:], '"')
		if next < 0 {
			return csvCell{}, errors.New("the opening quote is never closed")
		}
		at += next
		if at+1 < len(s.data) && s.data[at+1] == '"' {
			doubled = true
			at++
			continue
		}
		s.pos = at + 1
		text := s.data[from:at]
		s.line += bytes.Count(text, []byte("\n"))
		if doubled {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
		return csvCell{text: text, quoted: true}, s.afterQuote()
	}
}

// afterQuote checks that a quoted cell is followed by a separator, a line end or nothing.
func (s *csvScanner) afterQuote() error {
	rest := s.data[s.pos:]
	if len(rest) == 0 || rest[0] == s.dialect.separator() || lineEnd(rest) > 0 {
		return nil
	}
	return errors.New("has text after its closing quote")
}
