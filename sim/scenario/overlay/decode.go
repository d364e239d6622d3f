package overlay

import (
	"encoding"
	"reflect"
)

// Decode lays one YAML document over the struct that dst points to, and what it declares of its parameters over meta.
//
// file names the source in messages. meta may be nil: declarations are then checked and forgotten. All faults are
// returned together as Errors, and then dst and meta are as they were. warnings tell of deletions that
// found nothing and of values outside of the range that an earlier layer declared.
// Panics if dst is no pointer to a struct that can be decoded (see the package comment). Does not modify src.
func Decode(file string, src []byte, dst any, meta Meta) (warnings []string, err error) {
	target(dst)
	r := &report{file: file}
	n := parse(r, src)
	if n == nil {
		return nil, r.err()
	}
	return r.warnings, overlay(r, n, dst, meta)
}

// overlay decodes onto copies and puts them in place only if all went well.
func overlay(r *report, n *node, dst any, meta Meta) error {
	v := target(dst)
	copied := deepCopy(v)
	d := &decoder{report: r, meta: meta.clone()}
	if n.kind == kindMapping {
		d.structure(copied, n, "")
	} else {
		d.at(n, "", "must be a mapping, got %s", n.describe())
	}
	if err := r.err(); err != nil {
		return err
	}
	v.Set(copied)
	if meta != nil {
		clear(meta)
		for p, m := range d.meta {
			meta[p] = m
		}
	}
	return nil
}

type decoder struct {
	*report
	meta Meta
}

// fix forgets the distribution of a parameter that is given a plain value.
func (d *decoder) fix(path string) {
	if m, ok := d.meta[path]; ok {
		m.Dist = ""
		d.meta[path] = m
	}
}

// value decodes n onto v. r is the rule for v's scalars.
func (d *decoder) value(v reflect.Value, n *node, path string, r rule) {
	s := shapeOf(v.Type())
	switch {
	case n.kind == kindNull:
		d.null(v, n, path, s)
	case n.kind == kindIndex && s != shapeList && s != shapePointer:
		d.at(n, path, "must be a list to take [%d]", n.index)
	case s == shapePointer:
		d.pointer(v, n, path, r)
	case n.kind == kindMapping && isParam(v.Type()):
		d.param(v, n, path, r)
	case s.scalar() && n.kind != kindScalar, s == shapeList && n.kind != kindSequence && n.kind != kindIndex,
		(s == shapeStruct || s == shapeMap || s == shapeNamed) && n.kind != kindMapping:
		d.at(n, path, "must be %s, got %s", wanted(v.Type()), n.describe())
	case s == shapeStruct:
		d.structure(v, n, path)
	case s == shapeMap:
		d.mapping(v, n, path, r)
	case s == shapeNamed:
		d.named(v, n, path)
	case s == shapeList && n.kind == kindIndex:
		d.element(v, n, path, r)
	case s == shapeList:
		d.list(v, n, path, r)
	default:
		d.scalar(v, n, path, r)
	}
}

// wanted names what a type expects.
func wanted(t reflect.Type) string {
	switch shapeOf(t) {
	case shapeBool:
		return "true or false"
	case shapeInt:
		return "a whole number"
	case shapeFloat:
		return "a number"
	case shapeText, shapeString:
		return "text"
	case shapeList:
		return "a list"
	case shapePointer:
		return wanted(t.Elem())
	}
	return "a mapping"
}

// null empties what can be empty. A key without any value is more often a slip than a wish.
func (d *decoder) null(v reflect.Value, n *node, path string, s shape) {
	nullable := s == shapePointer || s == shapeMap || s == shapeNamed || s == shapeList && v.Kind() == reflect.Slice
	switch {
	case nullable && !n.implicit:
		v.SetZero()
		d.meta.drop(path)
	case nullable:
		d.at(n, path, "must be %s, got nothing (null empties it)", wanted(v.Type()))
	case s == shapeStruct && !n.implicit:
		d.at(n, path, "must be a mapping, got null: undo key by key what is inherited, by 0, none or []")
	default:
		d.at(n, path, "must be %s, got %s", wanted(v.Type()), n.describe())
	}
}

func (d *decoder) pointer(v reflect.Value, n *node, path string, r rule) {
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	d.value(v.Elem(), n, path, r)
}

func (d *decoder) structure(v reflect.Value, n *node, path string) {
	fs := fieldsOf(v.Type())
	for _, p := range n.pairs {
		at := join(path, p.key)
		f := fs.find(p.key)
		if f == nil {
			d.add(p.line, p.col, at, "unknown key%s", suggest(fs.keys(), p.key))
			continue
		}
		d.value(f.in(v), p.val, at, f.rule)
	}
}

// deletes handles null for an entry and says whether it did. have tells whether the entry exists.
func (d *decoder) deletes(p pair, at string, have bool) bool {
	if p.val.kind != kindNull {
		return false
	}
	switch {
	case p.val.implicit:
		d.add(p.line, p.col, at, "must have a value, got nothing (null deletes it)")
	case !have:
		d.warn(p.val, at, "nothing to delete")
	}
	d.meta.drop(at)
	return true
}

func (d *decoder) mapping(v reflect.Value, n *node, path string, r rule) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for _, p := range n.pairs {
		at := join(path, p.key)
		key, err := mapKey(v.Type().Key(), p.key)
		if err != nil {
			d.add(p.line, p.col, at, "key %v, got %q", err, p.key)
			continue
		}
		old := v.MapIndex(key)
		if p.must && !old.IsValid() {
			d.add(p.line, p.col, at, "unknown key%s", suggest(mapKeys(v), p.key))
			continue
		}
		if d.deletes(p, at, old.IsValid()) {
			v.SetMapIndex(key, reflect.Value{})
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		if old.IsValid() {
			elem.Set(old)
		}
		d.value(elem, p.val, at, r)
		v.SetMapIndex(key, elem)
	}
}

// mapKey makes a map's key from text.
func mapKey(t reflect.Type, text string) (reflect.Value, error) {
	key := reflect.New(t)
	if u, ok := key.Interface().(encoding.TextUnmarshaler); ok {
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return reflect.Value{}, err
		}
		return key.Elem(), nil
	}
	key.Elem().SetString(text)
	return key.Elem(), nil
}

func (d *decoder) named(v reflect.Value, n *node, path string) {
	if v.IsNil() {
		v.Set(reflect.MakeSlice(v.Type(), 0, len(n.pairs)))
	}
	nameAt := fieldsOf(v.Type().Elem()).name
	for _, p := range n.pairs {
		at := join(path, p.key)
		i := indexOf(v, p.key)
		if p.must && i < 0 {
			d.add(p.line, p.col, at, "unknown key%s", suggest(names(v), p.key))
			continue
		}
		if d.deletes(p, at, i >= 0) {
			if i >= 0 {
				v.Set(reflect.AppendSlice(v.Slice(0, i), v.Slice(i+1, v.Len()))) // v is a copy of its own
			}
			continue
		}
		if i < 0 {
			elem := reflect.New(v.Type().Elem()).Elem()
			elem.FieldByIndex(nameAt).SetString(p.key)
			v.Set(reflect.Append(v, elem))
			i = v.Len() - 1
		}
		d.value(v.Index(i), p.val, at, rule{})
	}
}

// names are the names of a named list, in order.
func names(v reflect.Value) []string {
	nameAt := fieldsOf(v.Type().Elem()).name
	out := make([]string, v.Len())
	for i := range out {
		out[i] = v.Index(i).FieldByIndex(nameAt).String()
	}
	return out
}

func indexOf(v reflect.Value, name string) int {
	nameAt := fieldsOf(v.Type().Elem()).name
	for i := range v.Len() {
		if v.Index(i).FieldByIndex(nameAt).String() == name {
			return i
		}
	}
	return -1
}

// list replaces the whole list. What was declared of its elements goes with them; what was declared of the list stays.
func (d *decoder) list(v reflect.Value, n *node, path string, r rule) {
	own, declared := d.meta[path]
	d.meta.drop(path)
	if declared {
		d.meta[path] = own
		d.fix(path)
	}
	fresh := reflect.New(v.Type()).Elem()
	if v.Kind() == reflect.Slice {
		fresh.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	} else if len(n.items) != v.Len() {
		d.at(n, path, "must be a list of %d, got %d", v.Len(), len(n.items))
		return
	}
	for i, item := range n.items {
		d.value(fresh.Index(i), item, joinIndex(path, i), r)
	}
	v.Set(fresh)
	d.warnOutside(v, n, path)
}

func (d *decoder) element(v reflect.Value, n *node, path string, r rule) {
	if n.index >= v.Len() {
		d.at(n, joinIndex(path, n.index), "no such element, the list has %d", v.Len())
		return
	}
	d.value(v.Index(n.index), n.items[0], joinIndex(path, n.index), r)
}
