package main

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
	"collectsim/sim/tape"
)

// reference documents the keys of a file, read off the tags of the type that it is decoded into.
type reference struct {
	defaults any // where values are looked up; nil: no column for them
	out      strings.Builder
	seen     map[reflect.Type]string // types that have a table, and the path that it stands under
}

// key is one key of a mapping.
type key struct {
	name, doc, rule string
	typ             reflect.Type
	part            *reflect.StructField // of a part that has a table of its own; nil: a scalar, list or map
}

// scenarioReference documents scenario files, strategies aside.
func scenarioReference() string {
	s := scenario.Default()
	r := reference{defaults: &s.File, seen: map[reflect.Type]string{reflect.TypeFor[scenario.Strategy](): "strategies"}}
	r.mapping(reflect.TypeFor[scenario.File](), "")
	return r.out.String()
}

// strategyReference documents strategy files, which are also the values below `strategies`.
func strategyReference() string {
	r := reference{seen: map[reflect.Type]string{}}
	r.mapping(reflect.TypeFor[strategy.Plan](), "")
	return r.out.String()
}

// mapReference documents column maps.
func mapReference() string {
	r := reference{seen: map[reflect.Type]string{}}
	r.mapping(reflect.TypeFor[tape.Map](), "")
	return r.out.String()
}

// keysOf lists the keys of a struct type or keyed array; those of inline structs are among them.
func keysOf(t reflect.Type) []key {
	var list []key
	if keyed, ok := reflect.Zero(t).Interface().(overlay.Keyed); ok {
		for _, k := range keyed.Keys() {
			if k.Name != "" {
				list = append(list, key{name: k.Name, doc: k.Doc, typ: t.Elem()})
			}
		}
		return list
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case option == "inline":
			list = append(list, keysOf(f.Type)...)
			continue
		case name == "" || name == "-":
			continue
		}
		k := key{name: name, doc: f.Tag.Get("doc"), rule: f.Tag.Get("check"), typ: f.Type}
		if structOf(f.Type) != nil {
			k.part = &f
		}
		list = append(list, k)
	}
	return list
}

// structOf returns the struct or keyed array that a type is, points to, or lists; nil for all others.
func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() == reflect.Array && t.Implements(reflect.TypeFor[overlay.Keyed]()) {
		return t
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return nil
	}
	return t
}

// mapping writes the table of one mapping, then those of its parts.
func (r *reference) mapping(t reflect.Type, at string) {
	keys := keysOf(t)
	if at != "" {
		fmt.Fprintf(&r.out, "### %s\n\n", at)
	}
	r.table(keys, at)
	for _, k := range keys {
		part := structOf(k.typ)
		if part == nil || r.seen[part] != "" {
			continue
		}
		path := join(at, k.name)
		switch {
		case isNamed(k.typ):
			path = join(path, "NAME")
		case k.typ.Kind() == reflect.Slice:
			path += "[i]"
		}
		if same := oneType(part); same != nil { // a group of parts of one type: one table for all of them
			r.group(part, same, path)
			continue
		}
		r.seen[part] = path
		r.mapping(part, path)
	}
}

// group writes the names of a group of parts and the table that they share.
func (r *reference) group(t, same reflect.Type, at string) {
	r.seen[t] = at
	first := r.seen[same]
	fmt.Fprintf(&r.out, "### %s.NAME\n\n", at)
	for _, k := range keysOf(t) {
		fmt.Fprintf(&r.out, "- %s", code(k.name))
		if k.doc != "" {
			fmt.Fprintf(&r.out, ": %s", k.doc)
		}
		r.out.WriteString("\n")
	}
	r.out.WriteString("\n")
	if first != "" {
		fmt.Fprintf(&r.out, "Keys of each: as %s.\n\n", code(first))
		return
	}
	r.seen[same] = at + ".NAME"
	r.out.WriteString("Keys of each:\n\n")
	keys := keysOf(same)
	r.table(keys, "-")
	for _, k := range keys {
		if part := structOf(k.typ); part != nil && r.seen[part] == "" {
			r.seen[part] = at + ".NAME." + k.name
			r.mapping(part, at+".NAME."+k.name)
		}
	}
}

// isNamed says whether a type is a list that is written as a mapping by name.
func isNamed(t reflect.Type) bool {
	part := structOf(t)
	return part != nil && t.Kind() == reflect.Slice && part.NumField() > 0 && part.Field(0).Tag.Get("overlay") == "name"
}

// oneType returns the struct type that all keys of a struct have, if there are several.
func oneType(t reflect.Type) reflect.Type {
	keys := keysOf(t)
	if len(keys) < 2 || structOf(keys[0].typ) == nil {
		return nil
	}
	for _, k := range keys {
		if k.typ != keys[0].typ {
			return nil
		}
	}
	return structOf(keys[0].typ)
}

// table writes the keys of one mapping; values are looked up below at, which has them if it is a path.
func (r *reference) table(keys []key, at string) {
	values := r.defaults != nil && at != "-" && !strings.Contains(at, "NAME")
	g := newGrid("key", "value", "meaning")
	if values {
		g = newGrid("key", "value", "default", "meaning")
	}
	above := map[reflect.Type]string{} // parts of this very table
	for _, k := range keys {
		cells := []string{code(k.name), r.kind(&k, above)}
		if part := structOf(k.typ); part != nil && above[part] == "" {
			above[part] = join(at, k.name)
		}
		if values {
			cells = append(cells, r.value(join(at, k.name), &k))
		}
		g.add(append(cells, k.doc)...)
	}
	r.out.WriteString(g.markdown() + "\n")
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// kind says what a key's value is, with its rule; above holds the parts of the keys above it.
func (r *reference) kind(k *key, above map[reflect.Type]string) string {
	t, list := k.typ, ""
	if part := structOf(t); part != nil {
		first := above[part]
		if first == "" {
			first = r.seen[part]
		}
		switch {
		case isNamed(t):
			return "mapping by name, see below"
		case t.Kind() == reflect.Slice:
			return "list of mappings, see below"
		case first != "":
			return "mapping, as " + code(first)
		}
		return "mapping, see below"
	}
	switch t.Kind() {
	case reflect.Pointer:
		t = t.Elem()
	case reflect.Map:
		list, t = "for each name: ", t.Elem()
	case reflect.Slice:
		list, t = "list: ", t.Elem()
	}
	return list + scalar(t) + rule(k.rule)
}

// scalar names the kind of a scalar; an enumeration lists its names.
func scalar(t reflect.Type) string {
	if u, ok := reflect.New(t).Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte("?")); err != nil {
			_, choices, _ := strings.Cut(err.Error(), "must be one of ")
			return strings.ReplaceAll(choices, ", ", " | ")
		}
		return "text"
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return "true or false"
	case k == reflect.Float64:
		return "number"
	case k >= reflect.Int && k <= reflect.Uint64:
		return "whole number"
	}
	return "text"
}

// rule writes a rule of package overlay for readers.
func rule(check string) string {
	if choices, ok := strings.CutPrefix(check, "in:"); ok {
		return ": " + strings.ReplaceAll(choices, "|", " or ")
	}
	if strings.HasPrefix(check, "[") || strings.HasPrefix(check, "(") {
		return " in " + check
	}
	if check != "" {
		return " " + check
	}
	return ""
}

// value is a key's value in the default scenario.
func (r *reference) value(path string, k *key) string {
	if k.part != nil {
		return ""
	}
	v, err := overlay.Get(r.defaults, path)
	if err != nil { // below something that the default does not have
		return ""
	}
	if text, ok := numberText(v); ok {
		return text
	}
	if k.typ.Kind() == reflect.Slice && reflect.ValueOf(v).Len() == 0 {
		return ""
	}
	if list, ok := v.([]string); ok {
		return strings.Join(list, ", ")
	}
	return fmt.Sprint(v)
}
