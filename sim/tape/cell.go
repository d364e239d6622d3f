package tape

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"collectsim/sim/outcome"
)

// verdict is what becomes of a cell.
type verdict struct {
	fault string // rule that it breaks: the cell is bad
	note  string // rule that changed it: to be counted
	drop  bool   // note leaves the row out
}

// numbers reads a number field from a column or a constant.
type numbers struct {
	field
	from   *Number
	column *outcome.Column     // nil for a constant
	text   map[string]float64  // value table of a text column
	number map[float64]float64 // value table of a number column
	factor float64
	asOf   time.Time // of dates: day 0; zero: the cells are numbers
	format string    // of dates
	m      *Map
}

func newNumbers(f field, n *Number, c *outcome.Column, m *Map) *numbers {
	r := &numbers{field: f, from: n, column: c, factor: 1, m: m}
	if n.Scale != nil {
		r.factor = *n.Scale
	}
	if f.amount {
		r.factor *= m.Exchange
		if m.Unit == "minor" {
			r.factor /= 100
		}
	}
	if o := m.Fields.Opened; o != nil && n == &o.Number && o.AsOf != "" {
		r.asOf, _ = time.Parse(time.DateOnly, o.AsOf) // checked with the map
		r.format = cmp.Or(o.Format, "yyyy-mm-dd")
	}
	if n.Values == nil || c == nil {
		return r
	}
	if c.Kind == outcome.Text {
		r.text = n.Values
		return r
	}
	r.number = map[float64]float64{}
	for key, v := range n.Values {
		if x, err := outcome.ParseNumber(key); err == nil {
			r.number[x] = v
		}
	}
	return r
}

// read returns the final value of the field in a row.
func (r *numbers) read(row int) (float64, verdict) {
	if r.column == nil {
		return *r.from.Value, verdict{}
	}
	v, fault := r.cell(row)
	if fault != "" {
		return 0, verdict{fault: fault}
	}
	if math.IsNaN(v) {
		return r.empty()
	}
	v = float64(v*r.factor) + r.from.Offset
	whole := r.rounded(v)
	final, said := r.bounded(whole)
	if !near(whole, v) && said.fault == "" && said.note == "" {
		said.note = r.name + ": rounded " + map[string]string{"up": "up", "nearest": "to the nearest whole number", "down": "down"}[r.from.Round]
	}
	return final, said
}

// empty is what an empty cell means.
func (r *numbers) empty() (float64, verdict) {
	switch {
	case r.from.Default != nil:
		return *r.from.Default, verdict{note: fmt.Sprintf("%s: empty, set to %g", r.name, *r.from.Default)}
	case r.unknown != nil:
		return *r.unknown, verdict{note: r.name + ": empty, not known"}
	}
	return 0, verdict{fault: "must not be empty"}
}

// rounded is a converted value as the map wants it rounded. A factor of a few decimals, as 0.230769 for 12/52, must not
// make 13 months of 52 weeks.
func (r *numbers) rounded(v float64) float64 {
	nearest := math.Round(v)
	switch {
	case r.from.Round == "":
		return v
	case r.from.Round == "nearest" || near(nearest, v):
		return nearest
	case r.from.Round == "up":
		return math.Ceil(v)
	}
	return math.Floor(v)
}

// near reports whether two values differ by what decimals of a factor leave.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-5*max(1, math.Abs(b)) }

// cell is a cell's own or tabled value, NaN if it is empty.
func (r *numbers) cell(row int) (v float64, fault string) {
	var listed bool
	if !r.asOf.IsZero() {
		return r.days(row)
	}
	switch {
	case r.text != nil:
		v, listed = r.text[r.column.Text[row]]
	case r.number != nil && !r.column.IsNull(row):
		v, listed = r.number[asFloat(r.column, row)]
	}
	switch {
	case listed:
		return v, ""
	case r.column.IsNull(row):
		return math.NaN(), ""
	case r.from.Values != nil && r.from.Other != nil:
		return *r.from.Other, ""
	case r.from.Values != nil:
		return 0, "must be listed in values"
	case r.column.Kind != outcome.Text:
		return asFloat(r.column, row), ""
	}
	v, ok := r.m.parseNumber(r.column.Text[row])
	if !ok {
		return 0, r.m.notNumber(r.column.Text[row])
	}
	return v, ""
}

// layouts are those of package time, by the name of the format in a map. A single 1 or 2 reads 01 and 02 as well.
var layouts = map[string]string{
	"yyyy-mm-dd": "2006-1-2", "yyyy/mm/dd": "2006/1/2", "yyyymmdd": "20060102", "dd.mm.yyyy": "2.1.2006", "dd/mm/yyyy": "2/1/2006", "dd-mm-yyyy": "2-1-2006",
	"dd-mmm-yyyy": "2-Jan-2006", "mm/dd/yyyy": "1/2/2006", "mmm-yyyy": "Jan-2006",
}

// example is the last day of January 2026 in a format of a map, for messages.
func example(format string) string {
	return strings.NewReplacer("yyyy", "2026", "mmm", "Jan", "mm", "01", "dd", "31").Replace(format)
}

// days is the day of a date, counted from the tape's date; NaN if the cell is empty.
func (r *numbers) days(row int) (v float64, fault string) {
	text := strings.TrimSpace(r.column.Format(row))
	if r.column.IsNull(row) || text == "" {
		return math.NaN(), ""
	}
	if r.format == "yyyy-mm-dd" {
		text = strings.Replace(text, "T", " ", 1)
	}
	day, clock, _ := strings.Cut(text, " ")
	date, err := time.Parse(layouts[r.format], day)
	if err != nil || clock != "" && !strings.Contains(clock, ":") {
		return 0, "must be a date as " + example(r.format)
	}
	return math.Round(date.Sub(r.asOf).Hours() / 24), ""
}

// asFloat is a value of a number column that is not null.
func asFloat(c *outcome.Column, row int) float64 {
	if c.Kind == outcome.Int {
		return float64(c.Int[row])
	}
	return c.Float[row]
}

// bounded applies the map's bounds, then the field's.
func (r *numbers) bounded(v float64) (float64, verdict) {
	bound, word := v, ""
	if r.from.Min != nil && v < *r.from.Min {
		bound, word = *r.from.Min, "below"
	}
	if r.from.Max != nil && v > *r.from.Max {
		bound, word = *r.from.Max, "above"
	}
	if word == "" {
		return v, verdict{fault: r.converted(v)}
	}
	switch r.from.Outside {
	case "clamp":
		return bound, verdict{fault: r.broken(bound), note: fmt.Sprintf("%s: %s %g, set to it", r.name, word, bound)}
	case "drop":
		return v, verdict{note: fmt.Sprintf("%s: %s %g, row dropped", r.name, word, bound), drop: true}
	}
	return v, verdict{fault: fmt.Sprintf("must not be %s %g", word, bound)}
}

// converted is the rule that a value breaks, with the value where it is not what the cell holds.
func (r *numbers) converted(v float64) string {
	fault := r.broken(v)
	if fault != "" && (r.factor != 1 || r.from.Offset != 0) {
		fault += fmt.Sprintf(" after conversion, is %.6g", v)
		if r.whole && v != math.Trunc(v) {
			fault += " (round: up, nearest or down makes it one)"
		}
	}
	return fault
}

// words reads a name field from a column, a constant or a spread.
type words struct {
	wordField
	from   *Word
	column *outcome.Column
	keys   map[float64]string // value table of a number column
	names  []string           // spread: sorted names
	cut    *numbers           // the column as numbers, where bands cut them; else nil
	groups []string           // made by bands
}

func newWords(f wordField, w *Word, c *outcome.Column, m *Map) *words {
	r := &words{wordField: f, from: w, column: c, names: slices.Sorted(maps.Keys(w.Spread))}
	if c != nil && c.Kind != outcome.Text && w.Values != nil {
		r.keys = map[float64]string{}
		for key, name := range w.Values {
			if x, err := outcome.ParseNumber(key); err == nil {
				r.keys[x] = name
			}
		}
	}
	if c != nil && w.Bands != nil {
		r.cut, r.groups = newNumbers(field{name: f.name}, &Number{}, m.figures(c), m), w.Bands.Names(w.Column)
	}
	return r
}

// read returns the name of a row; id deals out a spread.
func (r *words) read(row int, id int64) (string, verdict) {
	switch {
	case r.from.Value != "":
		return r.from.Value, verdict{}
	case r.column == nil:
		return r.deal(id), verdict{}
	}
	name, fault := r.lookUp(row)
	empty := name == "" && (r.cut != nil || r.missing(row)) // of numbers "NA" is empty too
	switch {
	case fault != "":
		return "", verdict{fault: fault}
	case empty && r.from.Default != "":
		return r.from.Default, verdict{note: fmt.Sprintf("%s: empty, set to %s", r.name, r.from.Default)}
	case empty:
		return "", verdict{fault: "must not be empty"}
	case name == "":
		return "", verdict{fault: "must be listed in values"}
	case !r.knows(name):
		return "", verdict{fault: r.rule() + ", or listed in values"}
	}
	return name, verdict{}
}

// missing tells whether a cell is empty: names have no use for a text of blanks.
func (r *words) missing(row int) bool {
	return r.column.IsNull(row) || strings.TrimSpace(r.column.Format(row)) == ""
}

// lookUp is the name for a cell's content, empty if there is none.
func (r *words) lookUp(row int) (name, fault string) {
	content := strings.TrimSpace(r.column.Format(row))
	if r.from.Values == nil && r.cut == nil {
		return content, ""
	}
	name, ok := r.from.Values[content]
	if r.keys != nil && !r.column.IsNull(row) {
		name, ok = r.keys[asFloat(r.column, row)]
	}
	switch {
	case !ok && r.cut != nil:
		return r.band(row)
	case !ok && !r.missing(row):
		name = r.from.Other
	}
	return name, ""
}

// band is the group that a cell's number falls into, empty if the cell is.
func (r *words) band(row int) (name, fault string) {
	x, fault := r.cut.cell(row)
	if fault != "" && r.from.Values != nil {
		fault += ", or listed in values"
	}
	if fault != "" || math.IsNaN(x) {
		return "", fault
	}
	return r.groups[r.from.Bands.Of(x)], ""
}

// deal gives an id its name: the shares divide [0, 1) in order of names, and the id falls on a point of it.
func (r *words) deal(id int64) string {
	u := spread(id, r.name)
	for _, name := range r.names {
		if u -= r.from.Spread[name]; u < 0 {
			return name
		}
	}
	return r.names[len(r.names)-1] // rounding of the shares
}

// spread maps an id to a point in [0, 1), evenly over ids and anew for each purpose. It is a fixed hash (the finaliser of
// SplitMix64: Steele, Lea and Flood 2014, figure 17), no random draw: a tape is the same portfolio under every seed.
func spread(id int64, purpose string) float64 {
	return float64(hash(uint64(id), purpose)>>11) / (1 << 53)
}

// hash takes a number and a text in, byte by byte.
func hash(z uint64, text string) uint64 {
	for _, c := range []byte(text) {
		z = mix(z ^ uint64(c))
	}
	return mix(z)
}

func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
