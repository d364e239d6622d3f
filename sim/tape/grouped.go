package tape

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"collectsim/sim/outcome"
)

// grouping is a number with thousands set apart, by the names of decimal separator and separator of thousands in a map.
// No-break spaces are spaces.
var grouping = map[[2]string]*regexp.Regexp{
	{"point", "comma"}:      regexp.MustCompile(`^[+-]?(\d{1,3}(,\d{3})+|\d{1,2}(,\d{2})+,\d{3})(\.\d*)?$`), // or lakhs: 1,20,000
	{"point", "apostrophe"}: regexp.MustCompile(`^[+-]?\d{1,3}(['’]\d{3})+(\.\d*)?$`),
	{"point", "space"}:      regexp.MustCompile(`^[+-]?\d{1,3}([ \x{a0}\x{202f}]\d{3})+(\.\d*)?$`),
	{"comma", "point"}:      regexp.MustCompile(`^[+-]?\d{1,3}(\.\d{3})+(,\d*)?$`),
	{"comma", "apostrophe"}: regexp.MustCompile(`^[+-]?\d{1,3}(['’]\d{3})+(,\d*)?$`),
	{"comma", "space"}:      regexp.MustCompile(`^[+-]?\d{1,3}([ \x{a0}\x{202f}]\d{3})+(,\d*)?$`),
}

// separators takes the separators of thousands out, by the decimal separator.
var separators = map[string]*strings.Replacer{
	"point": strings.NewReplacer(",", "", "'", "", "’", "", " ", "", "\u00a0", "", "\u202f", ""),
	"comma": strings.NewReplacer(".", "", "'", "", "’", "", " ", "", "\u00a0", "", "\u202f", ""),
}

// dialect is that of a CSV file.
func (m *Map) dialect() outcome.Dialect {
	return outcome.Dialect{
		Separator:    map[string]byte{"semicolon": ';', "tab": '\t', "pipe": '|'}[m.Separator],
		DecimalComma: m.Decimal == "comma",
		Encoding:     strings.TrimPrefix(m.Encoding, "utf-8"),
		Columns:      m.columns(),
	}
}

// plainly is whether numbers are written as CSV cells have them, so that a column of them is no column of texts.
func (m *Map) plainly() bool {
	return m.Thousands == "" && cmp.Or(m.Decimal, "point") == "point" && len(m.Symbols) == 0 && len(m.Missing) == 0
}

// parseNumber reads a text as the map says that numbers are written; NaN if it is empty or a word for missing.
func (m *Map) parseNumber(text string) (x float64, ok bool) {
	decimal := cmp.Or(m.Decimal, "point")
	text = m.withoutSymbols(text)
	if g := grouping[[2]string{decimal, m.Thousands}]; g != nil && g.MatchString(text) {
		text = separators[decimal].Replace(text)
	}
	if decimal == "comma" {
		if strings.Contains(text, ".") {
			return 0, false
		}
		text = strings.Replace(text, ",", ".", 1)
	}
	x, err := outcome.ParseNumber(padding.ReplaceAllString(text, "$1$2")) // the map says that it is a number, so 007 is no key here
	return x, err == nil
}

// padding is zeros that fill a number up to a width.
var padding = regexp.MustCompile(`^([+-]?)0+(\d)`)

// withoutSymbols is a cell without the signs that the map names.
func (m *Map) withoutSymbols(text string) string {
	for _, s := range m.Symbols {
		text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(text, s), s))
		if rest, negative := strings.CutPrefix(text, "-"+s); s != "" && negative { // as in -$5
			text = "-" + rest
		}
	}
	return text
}

// trimmed is a column without the spaces around its texts, which are no part of a key, a code or a name.
func trimmed(c *outcome.Column) *outcome.Column {
	if c == nil || c.Kind != outcome.Text {
		return c
	}
	out := *c
	out.Text = make([]string, len(c.Text))
	for row, text := range c.Text {
		out.Text[row] = strings.TrimSpace(text)
	}
	return &out
}

// emptied is a column without the contents that the map says are missing.
func (m *Map) emptied(c *outcome.Column) *outcome.Column {
	if c == nil || len(m.Missing) == 0 {
		return c
	}
	out, missing := *c, newCellSet(m.Missing)
	out.Null = make([]bool, c.Len())
	if c.Kind == outcome.Text {
		out.Text = slices.Clone(c.Text)
	}
	for row := range out.Null {
		out.Null[row] = c.IsNull(row) || missing.has(c, row)
		if out.Null[row] && c.Kind == outcome.Text {
			out.Text[row] = ""
		}
	}
	return &out
}

// cellSet is a list of cell contents, made for looking up the cells of many rows.
type cellSet struct {
	texts   map[string]bool
	numbers map[float64]bool // of those that are numbers
}

func newCellSet(list []Cell) cellSet {
	s := cellSet{map[string]bool{}, map[float64]bool{}}
	for _, cell := range list {
		s.texts[string(cell)] = true
		if x, err := outcome.ParseNumber(string(cell)); err == nil {
			s.numbers[x] = true
		}
	}
	return s
}

// has tells whether a cell is in the list; numbers are compared as numbers.
func (s cellSet) has(c *outcome.Column, row int) bool {
	if c.Kind == outcome.Text {
		return s.texts[c.Text[row]]
	}
	return s.numbers[asFloat(c, row)]
}

// figures is a text column as a number column, if all its cells are numbers as the map says that they are written.
func (m *Map) figures(c *outcome.Column) *outcome.Column {
	if c == nil || c.Kind != outcome.Text || m.plainly() {
		return c
	}
	numbers := outcome.Column{Name: c.Name, Kind: outcome.Float, Float: make([]float64, len(c.Text)), Null: make([]bool, len(c.Text))}
	for row, text := range c.Text {
		x, ok := m.parseNumber(text)
		if !ok {
			return c
		}
		numbers.Float[row], numbers.Null[row] = x, math.IsNaN(x)
	}
	return &numbers
}

var (
	decimalComma = regexp.MustCompile(`^[+-]?\d+,\d+$`)
	signed       = regexp.MustCompile(`^[+-]?(\p{Sc}?)\s?[+-]?\d[\d.,]*\s?([%\p{Sc}]?)$`)
	nothing      = regexp.MustCompile(`^(?i)[^\pL\pN]*(n|na|n/a|none|nil|nan|null|missing|unknown)?[^\pL\pN]*$`)
	worded       = regexp.MustCompile(`^((?:Rs\.?|[A-Z]{3}\s)?)\s?\p{Sc}?[+-]?\d[\d.,]*((?:\s?/-|\s(?i:months?|mths?|days?|dpd))?)$`)
)

// notNumber is the rule that a text breaks which should be a number, with the way out where it is a matter of the map.
func (m *Map) notNumber(cell string) string {
	decimal, text := cmp.Or(m.Decimal, "point"), m.withoutSymbols(cell)
	for _, name := range []string{"comma", "point", "space", "apostrophe"} {
		if g := grouping[[2]string{decimal, name}]; g != nil && g.MatchString(text) {
			return fmt.Sprintf("must be a number (\"thousands: %s\" in the map would read it)", name)
		}
	}
	if decimal == "point" && m.Thousands != "comma" && decimalComma.MatchString(text) {
		return "must be a number (\"decimal: comma\" in the map would read it)"
	}
	if s := signed.FindStringSubmatch(text); s != nil && s[1]+s[2] != "" {
		return fmt.Sprintf("must be a number (\"symbols: [%q]\" in the map would leave the sign out)", cmp.Or(s[1], s[2]))
	}
	if s := worded.FindStringSubmatch(text); s != nil && s[1]+s[2] != "" {
		return fmt.Sprintf("must be a number (\"symbols: [%q]\" in the map would leave that out)", cmp.Or(strings.TrimSpace(s[1]), strings.TrimSpace(s[2])))
	}
	if nothing.MatchString(text) {
		return fmt.Sprintf("must be a number (\"missing: [%q]\" in the map would make it an empty cell)", cell)
	}
	return "must be a number"
}
