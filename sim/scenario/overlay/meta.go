package overlay

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ParamMeta is what is declared about a parameter beside its value.
type ParamMeta struct {
	Path, Unit, Source, Note string
	Dist                     string    // distribution as the last layer that gave the value wrote it, "" if it gave none; not checked here
	Scale                    string    // "", "linear", "log" or "logit"
	Low, High                float64   // declared range, in the parameter's unit; only if HasRange
	HasRange                 bool      //
	Choices                  []float64 // declared values, nil if none
	Default                  float64   // value of the layer that declared the parameter first; 0 for a list
}

// Meta holds the parameters that were declared, by path.
type Meta map[string]ParamMeta

// paramKeys are the keys of a parameter mapping.
var paramKeys = []string{"value", "range", "dist", "unit", "source", "note", "scale", "choices"}

// drop forgets everything declared below a path that is deleted or replaced.
func (m Meta) drop(path string) {
	for p := range m {
		if p == path || strings.HasPrefix(p, path) && (p[len(path)] == '.' || p[len(path)] == '[') {
			delete(m, p)
		}
	}
}

func (m Meta) clone() Meta {
	out := Meta{}
	for p, x := range m {
		x.Choices = slices.Clone(x.Choices)
		out[p] = x
	}
	return out
}

// outside returns the number of the leaf that lies outside of the declared range or choices, in words.
func (m ParamMeta) outside(v reflect.Value) (got, rule string) {
	for _, x := range numbersIn(v) {
		if m.HasRange && (x < m.Low || x > m.High) {
			return formatFloat(x), fmt.Sprintf("the declared range [%s, %s]", formatFloat(m.Low), formatFloat(m.High))
		}
		if m.Choices != nil && !slices.Contains(m.Choices, x) {
			return formatFloat(x), "the declared choices " + joinFloats(m.Choices)
		}
	}
	return "", ""
}

// OutsideRange lists, sorted by path, the parameters whose value lies outside of their declared range or choices.
// A user may do that on purpose, hence a warning: one line "PATH: VALUE is outside of ..." each.
func OutsideRange(dst any, meta Meta) []string {
	var out []string
	for _, p := range sortedKeys(meta) {
		v, err := lookup(target(dst), p)
		if err != nil {
			continue
		}
		if got, rule := meta[p].outside(v); rule != "" {
			out = append(out, fmt.Sprintf("%s: %s is outside of %s", p, got, rule))
		}
	}
	return out
}

// numbersIn returns the number of a scalar or the numbers of a list.
func numbersIn(v reflect.Value) []float64 {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return numbersIn(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		var out []float64
		for i := range v.Len() {
			out = append(out, numbersIn(v.Index(i))...)
		}
		return out
	default:
		if shapeOf(v.Type()).number() {
			return []float64{toFloat(v)}
		}
	}
	return nil
}

// AsNumber returns a number of any type, named ones among them; ok is false for all else.
func AsNumber(x any) (value float64, ok bool) {
	v := reflect.ValueOf(x)
	if !v.IsValid() || !shapeOf(v.Type()).number() {
		return 0, false
	}
	return toFloat(v), true
}

func toFloat(v reflect.Value) float64 {
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	}
	return v.Float()
}

// isParam says whether a type takes a parameter mapping: numbers and lists of numbers.
func isParam(t reflect.Type) bool {
	s := shapeOf(t)
	return s.number() || s == shapeList && isParam(t.Elem())
}

// param decodes a parameter mapping: the value into v, the rest into the side table.
func (d *decoder) param(v reflect.Value, n *node, path string, r rule) {
	m, declared := d.meta[path]
	delete(d.meta, path) // until the whole declaration is known
	m.Path = path
	given := n.find("value") != nil
	before := len(d.errs)
	if given {
		m.Dist = "" // a value without a dist of its own fixes the parameter
	}
	for _, p := range n.pairs {
		at := join(path, p.key)
		switch p.key {
		case "value":
			d.paramValue(v, p.val, path, r)
		case "range":
			m.Low, m.High, m.HasRange = d.bounds(p.val, at)
		case "choices":
			m.Choices = nil
			d.value(reflect.ValueOf(&m.Choices).Elem(), p.val, at, rule{})
		case "scale":
			d.value(reflect.ValueOf(&m.Scale).Elem(), p.val, at, parseRule("in:linear|log|logit"))
		case "dist", "unit", "source", "note":
			d.value(m.text(p.key), p.val, at, rule{})
		default:
			d.add(p.line, p.col, at, "unknown key of a parameter%s", suggest(paramKeys, p.key))
		}
	}
	if !given && !declared && len(d.errs) == before {
		d.at(n, path, "parameter without a value")
	}
	if len(d.errs) > before {
		return
	}
	if !declared && shapeOf(v.Type()).number() {
		m.Default = toFloat(v)
	}
	d.declare(v, n, m, declared)
}

// paramValue decodes the value proper; a mapping inside a mapping is refused, and so is null, which declares nothing.
func (d *decoder) paramValue(v reflect.Value, n *node, path string, r rule) {
	if n.kind == kindMapping || n.kind == kindNull {
		d.at(n, join(path, "value"), "must be %s, got %s", wanted(v.Type()), n.describe())
		return
	}
	d.value(v, n, path, r)
}

func (m *ParamMeta) text(key string) reflect.Value {
	p := map[string]*string{"dist": &m.Dist, "unit": &m.Unit, "source": &m.Source, "note": &m.Note}[key]
	return reflect.ValueOf(p).Elem()
}

// bounds reads [low, high].
func (d *decoder) bounds(n *node, path string) (lo, hi float64, ok bool) {
	var two []float64
	before := len(d.errs)
	d.value(reflect.ValueOf(&two).Elem(), n, path, rule{})
	switch {
	case len(d.errs) > before:
		return 0, 0, false
	case len(two) != 2 || two[0] > two[1]:
		d.at(n, path, "must be [low, high] with low <= high, got %s", "["+joinFloats(two)+"]")
		return 0, 0, false
	}
	return two[0], two[1], true
}

// declare checks a parameter against its own declaration and stores it.
func (d *decoder) declare(v reflect.Value, n *node, m ParamMeta, declared bool) {
	at := join(m.Path, "range")
	switch {
	case m.HasRange && m.Scale == "log" && m.Low <= 0:
		d.at(n, at, "must be > 0 on a log scale, got [%s, %s]", formatFloat(m.Low), formatFloat(m.High))
		return
	case m.HasRange && m.Scale == "logit" && (m.Low <= 0 || m.High >= 1):
		d.at(n, at, "must be in (0,1) on a logit scale, got [%s, %s]", formatFloat(m.Low), formatFloat(m.High))
		return
	}
	if got, rule := m.outside(v); rule != "" && (!declared || n.find("range") != nil || n.find("choices") != nil) {
		d.at(n, m.Path, "must be in %s, got %s", rule, got)
		return
	}
	d.meta[m.Path] = m
	d.warnOutside(v, n, m.Path)
}

// warnOutside notes a value outside of the range that an earlier layer declared.
func (d *decoder) warnOutside(v reflect.Value, n *node, path string) {
	if m, ok := d.meta[path]; ok {
		if got, rule := m.outside(v); rule != "" {
			d.warn(n, path, "%s is outside of %s", got, rule)
		}
	}
}

// formatFloat is the shortest text that reads back as the same number.
func formatFloat(x float64) string {
	if a := math.Abs(x); a != 0 && (a < 1e-5 || a >= 1e15) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func joinFloats(xs []float64) string {
	words := make([]string, len(xs))
	for i, x := range xs {
		words[i] = formatFloat(x)
	}
	return strings.Join(words, ", ")
}
