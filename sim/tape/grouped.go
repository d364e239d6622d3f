package tape

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"collectsim/sim/outcome"
)

// grouping is a number with thousands set apart, by the name of the separator in a map. No-break spaces are spaces.
var grouping = map[string]*regexp.Regexp{
	"comma":      regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`),
	"apostrophe": regexp.MustCompile(`^[+-]?\d{1,3}(['’]\d{3})+(\.\d*)?$`),
	"space":      regexp.MustCompile(`^[+-]?\d{1,3}([ \x{a0}\x{202f}]\d{3})+(\.\d*)?$`),
}

var separators = strings.NewReplacer(",", "", "'", "", "’", "", " ", "", "\u00a0", "", "\u202f", "")

// ungrouped is a text without the separators of thousands that the map names, if it is such a number.
func (m *Map) ungrouped(text string) string {
	if m.Thousands == "" || !grouping[m.Thousands].MatchString(text) {
		return text
	}
	return separators.Replace(text)
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

// figures is a text column whose thousands are set apart as the map says: a number column where all cells are such numbers,
// else a text column in which these have lost their separators.
func (m *Map) figures(c *outcome.Column) *outcome.Column {
	if c == nil || c.Kind != outcome.Text || m.Thousands == "" {
		return c
	}
	texts := *c
	texts.Text = make([]string, len(c.Text))
	numbers := outcome.Column{Name: c.Name, Kind: outcome.Float, Float: make([]float64, len(c.Text)), Null: make([]bool, len(c.Text))}
	all := true
	for row, text := range c.Text {
		texts.Text[row] = m.ungrouped(text)
		x, err := outcome.ParseNumber(texts.Text[row])
		all = all && err == nil
		numbers.Float[row], numbers.Null[row] = x, math.IsNaN(x)
	}
	if all {
		return &numbers
	}
	return &texts
}

// notNumber is the rule that a text breaks which should be a number, with the way out where it is a matter of the separator.
func notNumber(text string) string {
	for _, name := range []string{"comma", "space", "apostrophe"} {
		if grouping[name].MatchString(text) {
			return fmt.Sprintf("must be a number (\"thousands: %s\" in the map would read it)", name)
		}
	}
	return "must be a number"
}
