package overlay

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of the documents that Decode lays over dst.
//
// It is made from dst's type, check and doc tags; meta adds units, ranges, sources and defaults to the paths it knows,
// and makes the value of a parameter mapping optional there. A declared range is told, not enforced, as in Decode.
// Decode demands more in a few points that a schema cannot say: 64-bit overflow, the texts of types with
// UnmarshalText (unless a check:"in:..." lists them), the relation of a value to its own range, path-dependent names.
// Keys of struct types that contain themselves are described once below $defs, without metadata.
// Panics as Decode does.
func Schema(dst any, meta Meta) []byte {
	v := target(dst)
	s := &schemer{defs: object(), wants: map[string]bool{}}
	root := s.structure(v.Type(), treeOf(meta))
	doc := object("$schema", text("https://json-schema.org/draft/2020-12/schema"))
	doc.pairs = append(doc.pairs, root.pairs...)
	doc.put("$defs", s.defs)
	var b bytes.Buffer
	writeJSON(&b, doc, 0)
	b.WriteByte('\n')
	return b.Bytes()
}

// metaTree holds metadata by the segments of their paths.
type metaTree struct {
	meta *ParamMeta
	kids map[string]*metaTree
	keys []string // of kids, sorted
}

func treeOf(meta Meta) *metaTree {
	root := &metaTree{}
	for _, p := range sortedKeys(meta) {
		segs, err := splitPath(p)
		if err != nil {
			continue
		}
		t := root
		for _, s := range segs {
			key := s.key
			if s.isIndex {
				key = joinIndex("", s.index)
			}
			t = t.grow(key)
		}
		m := meta[p]
		t.meta = &m
	}
	return root
}

func (t *metaTree) grow(key string) *metaTree {
	if t.kids == nil {
		t.kids = map[string]*metaTree{}
	}
	if t.kids[key] == nil {
		t.kids[key] = &metaTree{}
		t.keys = append(t.keys, key)
	}
	return t.kids[key]
}

// at is nil-safe: below an unknown path nothing is known.
func (t *metaTree) at(key string) *metaTree {
	if t == nil {
		return nil
	}
	return t.kids[key]
}

func (n *node) put(key string, val *node) { n.pairs = append(n.pairs, pair{key: key, val: val}) }

// object builds a mapping from alternating keys and values.
func object(keysAndValues ...any) *node {
	n := &node{kind: kindMapping}
	for i := 0; i < len(keysAndValues); i += 2 {
		n.put(keysAndValues[i].(string), keysAndValues[i+1].(*node))
	}
	return n
}

func array(items ...*node) *node { return &node{kind: kindSequence, items: items} }

type schemer struct {
	defs  *node
	wants map[string]bool // parts of $defs that are there or under way
	stack []reflect.Type  // structs under way
}

// define puts a part into $defs once and returns the reference to it.
func (s *schemer) define(name string, build func() *node) *node {
	if !s.wants[name] {
		s.wants[name] = true
		part := build()
		s.defs.put(name, part)
	}
	return object("$ref", text("#/$defs/"+name))
}

func (s *schemer) schema(t reflect.Type, r rule, m *metaTree) *node {
	sh := shapeOf(t)
	switch sh {
	case shapePointer:
		return nullable(s.schema(t.Elem(), r, m))
	case shapeStruct:
		return s.structure(t, m)
	case shapeMap, shapeNamed:
		return s.entries(t, r, m)
	case shapeList:
		list := s.list(t, r, m)
		if isParam(t) {
			list = s.param(list, m)
		}
		if t.Kind() == reflect.Slice {
			list = nullable(list)
		}
		return list
	}
	n := scalarSchema(t, sh, r)
	if sh.number() {
		n = s.param(n, m)
	}
	return n
}

// structure describes a struct in place; inside itself it becomes a reference.
func (s *schemer) structure(t reflect.Type, m *metaTree) *node {
	for _, open := range s.stack {
		if open == t {
			return s.define(defName(t), func() *node { return s.fields(t, nil) })
		}
	}
	s.stack = append(s.stack, t)
	defer func() { s.stack = s.stack[:len(s.stack)-1] }()
	return s.fields(t, m)
}

func defName(t reflect.Type) string {
	return strings.NewReplacer("/", ".", "~", ".").Replace(t.String())
}

func (s *schemer) fields(t reflect.Type, m *metaTree) *node {
	props := object()
	for _, f := range fieldsOf(t).list {
		below := m.at(f.key)
		props.put(f.key, describe(s.schema(f.typ, f.rule, below), f.doc, below))
	}
	return object("type", text("object"), "properties", props, "additionalProperties", bare("false"))
}

// entries describes a map or named list: any key, null deletes. Keys below which parameters are declared stand by name.
func (s *schemer) entries(t reflect.Type, r rule, m *metaTree) *node {
	if t.Kind() == reflect.Slice {
		r = rule{}
	}
	n := object("type", text("object"))
	if m != nil && len(m.keys) > 0 {
		props := object()
		for _, key := range m.keys {
			below := m.kids[key]
			props.put(key, describe(nullable(s.schema(t.Elem(), r, below)), "", below))
		}
		n.put("properties", props)
	}
	n.put("additionalProperties", nullable(s.schema(t.Elem(), r, nil)))
	return nullable(n)
}

func (s *schemer) list(t reflect.Type, r rule, m *metaTree) *node {
	n := object("type", text("array"), "items", s.schema(t.Elem(), r, nil))
	if t.Kind() == reflect.Array {
		size := bare(strconv.Itoa(t.Len()))
		n.put("minItems", size)
		n.put("maxItems", size)
	}
	return n
}

// nullable allows null too.
func nullable(n *node) *node {
	if n.find("anyOf") != nil {
		return n
	}
	return object("anyOf", array(n, object("type", text("null"))))
}

// param allows the parameter mapping beside the plain value.
func (s *schemer) param(value *node, m *metaTree) *node {
	props := object("value", value)
	for _, key := range paramKeys[1:] {
		props.put(key, s.define("parameter."+key, func() *node { return paramPart(key) }))
	}
	mapping := object("type", text("object"), "properties", props, "additionalProperties", bare("false"))
	if m == nil || m.meta == nil {
		mapping.put("required", array(text("value")))
	}
	return object("oneOf", array(value, mapping))
}

func paramPart(key string) *node {
	number := object("type", text("number"))
	words := map[string]string{
		"range": "lowest and highest plausible value, in the unit of the parameter", "dist": "distribution of the uncertainty",
		"unit": "unit of the value", "source": "where the value comes from; 'assumption' if nowhere", "note": "remark",
		"scale": "scale on which the parameter is varied", "choices": "values that the parameter may take",
	}
	n := object("description", text(words[key]))
	switch key {
	case "range":
		n.put("type", text("array"))
		n.put("items", number)
		n.put("minItems", bare("2"))
		n.put("maxItems", bare("2"))
	case "choices":
		n.put("type", array(text("array"), text("null")))
		n.put("items", number)
	default:
		n.put("type", text("string"))
		if key == "scale" {
			n.put("enum", array(text("linear"), text("log"), text("logit")))
		}
	}
	return n
}

func scalarSchema(t reflect.Type, sh shape, r rule) *node {
	if r.in != nil {
		return object("enum", r.enum(sh.number()))
	}
	switch sh {
	case shapeBool:
		return object("type", text("boolean"))
	case shapeString:
		return object("type", text("string"))
	case shapeText:
		return object("type", array(text("string"), text("number"), text("boolean")))
	case shapeFloat:
		return bounds(object("type", text("number")), r)
	}
	n := bounds(object("type", text("integer")), r)
	lo, hi := intBounds(t)
	if n.find("minimum") == nil && n.find("exclusiveMinimum") == nil && (t.Bits() < 64 || lo == "0") {
		n.put("minimum", bare(lo))
	}
	if n.find("maximum") == nil && n.find("exclusiveMaximum") == nil && t.Bits() < 64 {
		n.put("maximum", bare(hi))
	}
	return n
}

func (r rule) enum(numbers bool) *node {
	n := array()
	for _, s := range r.in {
		n.items = append(n.items, &node{text: s, quoted: !numbers})
	}
	return n
}

// bounds writes an interval in the schema's words.
func bounds(n *node, r rule) *node {
	if r.text == "" {
		return n
	}
	put := func(key string, x float64, open bool) {
		if open {
			key = "exclusiveM" + key[1:]
		}
		if !math.IsInf(x, 0) {
			n.put(key, bare(formatFloat(x)))
		}
	}
	put("minimum", r.lo, r.loOpen)
	put("maximum", r.hi, r.hiOpen)
	return n
}

// describe adds the doc tag and what is declared of a parameter.
func describe(n *node, doc string, m *metaTree) *node {
	var words []string
	add := func(label, s string) {
		if s != "" {
			words = append(words, label+s)
		}
	}
	add("", doc)
	if m != nil && m.meta != nil {
		p := *m.meta
		add("unit: ", p.Unit)
		if p.HasRange {
			add("range: ", formatFloat(p.Low)+" to "+formatFloat(p.High))
		}
		if p.Choices != nil {
			add("choices: ", joinFloats(p.Choices))
		}
		add("distribution: ", p.Dist)
		add("source: ", p.Source)
		add("note: ", p.Note)
		if n.find("oneOf") != nil {
			n.put("default", bare(formatFloat(p.Default)))
		}
	}
	if len(words) > 0 {
		n.put("description", text(strings.Join(words, "; ")))
	}
	return n
}
