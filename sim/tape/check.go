package tape

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"time"

	"collectsim/sim/loan"
	"collectsim/sim/scenario/overlay"
)

// faults collects what is wrong with a map, with lines.
type faults struct {
	m    *Map
	tape string // file of the tape, for messages
	list overlay.Errors
}

func (f *faults) add(path, format string, args ...any) {
	f.list = append(f.list, overlay.Error{
		File: f.m.file, Line: f.m.lineOf(path), Col: 1, Path: path, Msg: fmt.Sprintf(format, args...),
	})
}

// err is nil without faults; faults are in order of lines.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b overlay.Error) int { return a.Line - b.Line })
	return f.list
}

// lineOf is the line of a path, or of the nearest thing around it that has one; 0 if the map was not read from a file.
func (m *Map) lineOf(path string) int {
	for ; path != ""; path = parent(path) {
		if line := m.line[path]; line > 0 {
			return line
		}
	}
	return 0
}

func parent(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// Check reports every rule that the map breaks by itself, without a tape, as [overlay.Errors]. Missing fields, sources
// that are no source or two, names and constants out of range.
func (m *Map) Check() error {
	f := &faults{m: m}
	if m.Source == "" {
		f.add("source", "must say where the accounts come from")
	}
	if !currencyCode.MatchString(m.Currency) {
		f.add("currency", "must be an ISO code such as CNY, got %q", m.Currency)
	}
	if !(m.Exchange > 0) || math.IsInf(m.Exchange, 0) {
		f.add("exchange", "must be > 0, got %g", m.Exchange)
	}
	if decimal := cmp.Or(m.Decimal, "point"); m.Thousands == decimal {
		f.add("thousands", "must not be %s, which is the decimal separator (decimal: in the map)", decimal)
	}
	f.filters(m.Keep)
	f.required()
	if id := m.Fields.ID; id != nil && id.Column == "" {
		f.add("fields.id", "must name a column")
	}
	for _, w := range wordFields {
		f.word(w, w.of(&m.Fields))
	}
	for _, n := range numberFields {
		f.number(n, n.of(&m.Fields))
	}
	f.instalment(m.Fields.Instalment)
	f.opening(m.Fields.Opened)
	return f.err()
}

// only tells whether the field can take no name but one.
func (w *Word) only(name string) bool {
	if w.Value != "" {
		return w.Value == name
	}
	for _, other := range []string{w.Other, w.Default} {
		if other != "" && other != name {
			return false
		}
	}
	for _, n := range w.Values {
		if n != name {
			return false
		}
	}
	return len(w.Values) > 0
}

// required checks which fields are there.
func (f *faults) required() {
	fields := &f.m.Fields
	for _, need := range []struct {
		name    string
		missing bool
	}{
		{"product", fields.Product == nil},
		{"region", fields.Region == nil},
		{"balance", fields.Balance == nil},
		{"instalment", fields.Instalment == nil},
		{"apr", fields.APR == nil},
	} {
		if need.missing {
			f.add("fields."+need.name, "is required")
		}
	}
	if fields.Arrears != nil && fields.DPD == nil {
		f.add("fields.dpd", "is required beside arrears")
	}
	if fields.Term == nil && fields.Product != nil && !fields.Product.only(loan.Card.String()) {
		f.add("fields.term", "is required unless every product is %s", loan.Card)
	}
}

func (f *faults) filters(filters []Filter) {
	for i, k := range filters {
		at := fmt.Sprintf("keep[%d]", i)
		if k.Column == "" {
			f.add(at, "must name a column")
		}
		if k.Min == nil && k.Max == nil && k.In == nil && k.NotIn == nil {
			f.add(at, "must have at least one of min, max, in, not_in")
		}
		if k.Min != nil && k.Max != nil && *k.Min > *k.Max {
			f.add(at+".min", "must be at most max %g, got %g", *k.Max, *k.Min)
		}
	}
}

// one checks that exactly one of several ways to give a field is used.
func (f *faults) one(path, ways string, used ...bool) {
	n := 0
	for _, u := range used {
		if u {
			n++
		}
	}
	if n != 1 {
		f.add(path, "must have exactly one of %s, got %d of them", ways, n)
	}
}

func (f *faults) number(field field, n *Number) {
	if n == nil {
		return
	}
	path := "fields." + field.name
	if field.name != "instalment" { // that one has a third way, checked apart
		f.one(path, "column, value", n.Column != "", n.Value != nil)
	}
	if n.Column == "" && (n.Values != nil || n.Other != nil || n.Scale != nil || n.Offset != 0 || n.Round != "" || n.Default != nil ||
		n.Min != nil || n.Max != nil || n.Outside != "") {
		f.add(path, "values, other, scale, offset, round, default, min, max and outside need a column")
	}
	if n.Other != nil && n.Values == nil {
		f.add(path+".other", "needs values")
	}
	if n.Round != "" && !field.whole {
		f.add(path+".round", "is for fields of whole numbers")
	}
	if n.Outside != "" && n.Min == nil && n.Max == nil {
		f.add(path+".outside", "needs min or max")
	}
	if n.Min != nil && n.Max != nil && *n.Min > *n.Max {
		f.add(path+".min", "must be at most max %g, got %g", *n.Max, *n.Min)
	}
	for _, c := range []struct {
		key string
		v   *float64
	}{{"value", n.Value}, {"default", n.Default}} {
		if c.v == nil {
			continue
		}
		if rule := field.broken(*c.v); rule != "" {
			f.add(path+"."+c.key, "%s, got %g", rule, *c.v)
		}
	}
}

// broken names the rule that a final value breaks, or is empty.
func (f *field) broken(v float64) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "must be finite"
	case v < f.lo || v > f.hi:
		return fmt.Sprintf("must lie in [%g, %g]", f.lo, f.hi)
	case f.whole && v != math.Trunc(v):
		return "must be a whole number"
	}
	return ""
}

func (f *faults) word(field wordField, w *Word) {
	if w == nil {
		return
	}
	path := "fields." + field.name
	f.one(path, "column, value, spread", w.Column != "", w.Value != "", w.Spread != nil)
	if w.Column == "" && (w.Values != nil || w.Other != "" || w.Default != "") {
		f.add(path, "values, other and default need a column")
	}
	if w.Other != "" && w.Values == nil {
		f.add(path+".other", "needs values")
	}
	f.bands(field, w, path)
	if w.Spread != nil {
		sum := 0.0
		for _, name := range slices.Sorted(maps.Keys(w.Spread)) {
			sum += w.Spread[name]
		}
		if math.Abs(sum-1) > 1e-9 {
			f.add(path+".spread", "shares must sum to 1, got %g", sum)
		}
	}
	f.names(field, w, path)
}

func (f *faults) bands(field wordField, w *Word, path string) {
	switch err := w.Bands.Check(); {
	case w.Bands == nil:
	case field.names != nil:
		f.add(path+".bands", "is for the segment")
	case w.Column == "":
		f.add(path+".bands", "needs a column")
	case w.Other != "":
		f.add(path+".other", "does not go with bands, values names what is not cut")
	case err != nil:
		f.add(path+".bands", "%v", err)
	}
}

// names checks every name that the field can take from the map itself.
func (f *faults) names(field wordField, w *Word, path string) {
	check := func(path, name string) {
		if name != "" && !field.knows(name) {
			f.add(path, "unknown %s %q, %s", field.name, name, field.rule())
		}
	}
	check(path+".value", w.Value)
	check(path+".other", w.Other)
	check(path+".default", w.Default)
	for _, cell := range slices.Sorted(maps.Keys(w.Values)) {
		check(path+".values."+cell, w.Values[cell])
	}
	for _, name := range slices.Sorted(maps.Keys(w.Spread)) {
		check(path+".spread."+name, name)
	}
}

func (f *faults) opening(o *Opening) {
	if o == nil || o.AsOf == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, o.AsOf); err != nil {
		f.add("fields.opened.as_of", "must be a date as 2026-01-31, got %q", o.AsOf)
	}
	if o.Column == "" {
		f.add("fields.opened.as_of", "needs a column of dates")
	}
	if o.Values != nil || o.Scale != nil {
		f.add("fields.opened.as_of", "values and scale do not go with dates")
	}
}

func (f *faults) instalment(in *Instalment) {
	if in == nil {
		return
	}
	const path = "fields.instalment"
	f.one(path, "column, value, rule", in.Column != "", in.Value != nil, in.Rule != "")
	if in.Rule == "card-minimum" && in.Share == nil {
		f.add(path+".share", "is required by the rule card-minimum")
	}
	if in.Rule != "card-minimum" && (in.Share != nil || in.Floor != nil) {
		f.add(path, "share and floor belong to the rule card-minimum")
	}
	if in.Rule == "annuity" && f.m.Fields.Term == nil {
		f.add("fields.term", "is required by the rule annuity")
	}
}
