package overlay

import (
	"bytes"
	"encoding"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Encode writes the whole struct as YAML, with every value filled in: keys in order of declaration, maps sorted by key, named
// lists in order, nil as null. Decoding the result onto a zero struct gives the same struct, except that in a map a nil
// pointer is left out and a nil list or map becomes an empty one. Decode refuses values that break their rule: see Check.
// NaN, infinities, text that is not UTF-8, and empty or repeated names in a named list are Errors.
func Encode(dst any) ([]byte, error) { return EncodeMeta(dst, nil) }

// EncodeMeta is Encode, but a parameter that meta knows is written as a parameter mapping with all that is declared of it.
func EncodeMeta(dst any, meta Meta) ([]byte, error) {
	n, err := encodeTree(dst, meta)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeYAML(&b, n, 0)
	return b.Bytes(), nil
}

// EncodeJSON is Encode as indented JSON with the same order of keys, for manifests. Decode reads it too.
func EncodeJSON(dst any) ([]byte, error) {
	n, err := encodeTree(dst, nil)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	writeJSON(&b, n, 0)
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func encodeTree(dst any, meta Meta) (*node, error) {
	e := encoder{meta: meta}
	n := e.encode(target(dst), "")
	return n, e.err()
}

type encoder struct {
	report
	meta Meta
}

func text(s string) *node { return &node{text: s, quoted: true} }

func bare(s string) *node { return &node{text: s} }

func (e *encoder) encode(v reflect.Value, path string) *node {
	n := e.plain(v, path)
	m, ok := e.meta[path]
	if !ok || path == "" || n.kind == kindNull {
		return n
	}
	return paramNode(n, m)
}

func (e *encoder) plain(v reflect.Value, path string) *node {
	switch shapeOf(v.Type()) {
	case shapePointer:
		if v.IsNil() {
			return &node{kind: kindNull}
		}
		return e.plain(v.Elem(), path)
	case shapeStruct:
		return e.structure(v, path)
	case shapeMap:
		return e.mapping(v, path)
	case shapeNamed:
		return e.named(v, path)
	case shapeList:
		return e.list(v, path)
	}
	return e.scalar(v, path)
}

func (e *encoder) structure(v reflect.Value, path string) *node {
	n := &node{kind: kindMapping}
	for _, f := range fieldsOf(v.Type()).list {
		fv := f.in(v)
		if f.omit && fv.IsZero() {
			continue
		}
		n.pairs = append(n.pairs, pair{key: f.key, val: e.encode(fv, join(path, f.key))})
	}
	return n
}

func (e *encoder) mapping(v reflect.Value, path string) *node {
	if v.IsNil() {
		return &node{kind: kindNull}
	}
	n := &node{kind: kindMapping}
	for _, entry := range mapEntries(v) {
		at := join(path, entry.key)
		if !utf8.ValidString(entry.key) {
			e.add(0, 0, at, "key must be UTF-8 text")
			continue
		}
		val := e.encode(entry.val, at)
		if val.kind == kindNull {
			// In a layer, null means that the key is absent.
			switch shapeOf(entry.val.Type()) {
			case shapePointer:
				continue
			case shapeList:
				val = &node{kind: kindSequence}
			default:
				val = &node{kind: kindMapping}
			}
		}
		n.pairs = append(n.pairs, pair{key: entry.key, val: val})
	}
	return n
}

func (e *encoder) named(v reflect.Value, path string) *node {
	if v.IsNil() {
		return &node{kind: kindNull}
	}
	n := &node{kind: kindMapping}
	for i, name := range names(v) {
		at := join(path, name)
		switch {
		case !utf8.ValidString(name):
			e.add(0, 0, at, "name must be UTF-8 text")
		case n.find(name) != nil:
			e.add(0, 0, at, "two elements have this name")
		}
		n.pairs = append(n.pairs, pair{key: name, val: e.encode(v.Index(i), at)})
	}
	return n
}

func (e *encoder) list(v reflect.Value, path string) *node {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return &node{kind: kindNull}
	}
	n := &node{kind: kindSequence}
	for i := range v.Len() {
		n.items = append(n.items, e.encode(v.Index(i), joinIndex(path, i)))
	}
	return n
}

func (e *encoder) scalar(v reflect.Value, path string) *node {
	switch shapeOf(v.Type()) {
	case shapeText:
		s, err := textOf(v)
		if err != nil {
			e.add(0, 0, path, "%v", err)
		}
		return e.utf8(s, path)
	case shapeBool:
		return bare(strconv.FormatBool(v.Bool()))
	case shapeInt:
		if v.CanUint() {
			return bare(strconv.FormatUint(v.Uint(), 10))
		}
		return bare(strconv.FormatInt(v.Int(), 10))
	case shapeFloat:
		return e.float(v, path)
	}
	return e.utf8(v.String(), path)
}

func (e *encoder) float(v reflect.Value, path string) *node {
	x := v.Float()
	if math.IsNaN(x) || math.IsInf(x, 0) {
		e.add(0, 0, path, "must be finite, got %v", x)
	}
	if v.Kind() == reflect.Float32 {
		return bare(strconv.FormatFloat(x, 'g', -1, 32))
	}
	return bare(formatFloat(x))
}

func (e *encoder) utf8(s, path string) *node {
	if !utf8.ValidString(s) {
		e.add(0, 0, path, "must be UTF-8 text, got %q", shorten(s, 60))
	}
	return text(s)
}

// textOf is the text of a type with UnmarshalText: its MarshalText, else its String, else its plain value.
func textOf(v reflect.Value) (string, error) {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	switch m := p.Interface().(type) {
	case encoding.TextMarshaler:
		b, err := m.MarshalText()
		return string(b), err
	case fmt.Stringer:
		return m.String(), nil
	}
	return fmt.Sprint(v.Interface()), nil
}

// paramNode is the parameter mapping of a value.
func paramNode(value *node, m ParamMeta) *node {
	n := &node{kind: kindMapping, pairs: []pair{{key: "value", val: value}}}
	put := func(key string, val *node) { n.pairs = append(n.pairs, pair{key: key, val: val}) }
	if m.HasRange {
		put("range", floatList([]float64{m.Low, m.High}))
	}
	if m.Choices != nil {
		put("choices", floatList(m.Choices))
	}
	for _, f := range []struct{ key, text string }{
		{"dist", m.Dist}, {"scale", m.Scale}, {"unit", m.Unit}, {"source", m.Source}, {"note", m.Note},
	} {
		if f.text != "" {
			put(f.key, text(f.text))
		}
	}
	return n
}

func floatList(xs []float64) *node {
	n := &node{kind: kindSequence}
	for _, x := range xs {
		n.items = append(n.items, bare(formatFloat(x)))
	}
	return n
}

type entry struct {
	key string
	val reflect.Value
}

// mapEntries lists a map by the text of its keys, sorted.
func mapEntries(v reflect.Value) []entry {
	out := make([]entry, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		key := it.Key().String()
		if isText(it.Key().Type()) {
			key, _ = textOf(it.Key())
		}
		out = append(out, entry{key, it.Value()})
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	return out
}

func mapKeys(v reflect.Value) []string {
	var out []string
	for _, e := range mapEntries(v) {
		out = append(out, e.key)
	}
	return out
}

func sortedKeys(m Meta) []string { return slices.Sorted(maps.Keys(m)) }
