package overlay

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
)

// Set lays the setting path=value over dst, by the same rules as a file. value is a YAML scalar or flow form, and may be a
// parameter mapping or null. The path must exist: a setting never creates a key, but may end at a whole list or mapping.
// Faults are returned as Errors with the file name "--set"; dst and meta are then as they were.
// A value outside of its declared range is taken; OutsideRange tells.
func Set(dst any, meta Meta, path, value string) error {
	target(dst)
	r := &report{file: "--set"}
	segs, err := splitPath(path)
	if err != nil {
		r.add(0, 0, path, "not a path: %v", err)
		return r.err()
	}
	if strings.TrimSpace(value) == "" {
		r.add(0, 0, path, `must have a value, got nothing ("" is empty text, null empties)`)
		return r.err()
	}
	n := parse(r, []byte(value))
	if n == nil {
		for i := range r.errs {
			r.errs[i].Line, r.errs[i].Col, r.errs[i].Path = 0, 0, path
		}
		return r.err()
	}
	unplace(n)
	return overlay(r, wrap(segs, n), dst, meta)
}

// wrap builds the document that has value n at the end of a path.
func wrap(segs []segment, n *node) *node {
	for _, s := range slices.Backward(segs) {
		if s.isIndex {
			n = &node{kind: kindIndex, index: s.index, items: []*node{n}}
		} else {
			n = &node{kind: kindMapping, pairs: []pair{{key: s.key, must: true, val: n}}}
		}
	}
	return n
}

// unplace removes positions, which mean nothing in a setting.
func unplace(n *node) {
	n.line, n.col = 0, 0
	for i := range n.pairs {
		n.pairs[i].line, n.pairs[i].col = 0, 0
		unplace(n.pairs[i].val)
	}
	for _, item := range n.items {
		unplace(item)
	}
}

// Get returns the value at a path: a scalar, list, map or struct, not a copy. A nil pointer gives nil.
// A wrong path is an Error that names its first wrong segment and the nearest known key.
func Get(dst any, path string) (any, error) {
	v, err := lookup(target(dst), path)
	if err != nil {
		return nil, err
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, nil
		}
		v = v.Elem()
	}
	return v.Interface(), nil
}

func lookup(v reflect.Value, path string) (reflect.Value, error) {
	segs, err := splitPath(path)
	if err != nil {
		return v, Error{Path: path, Msg: "not a path: " + err.Error()}
	}
	at := ""
	for _, s := range segs {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, Error{Path: at, Msg: "is not set"}
			}
			v = v.Elem()
		}
		if v, _, err = step(v, s, at); err != nil {
			return v, err
		}
		at = s.appendTo(at)
	}
	return v, nil
}

// step goes from a struct, map or list to one of its parts. The part of a map cannot be set in place.
func step(v reflect.Value, s segment, at string) (reflect.Value, rule, error) {
	next := s.appendTo(at)
	fail := func(format string, args ...any) (reflect.Value, rule, error) {
		return reflect.Value{}, rule{}, Error{Path: next, Msg: fmt.Sprintf(format, args...)}
	}
	sh := shapeOf(v.Type())
	switch {
	case s.isIndex && sh != shapeList:
		return fail("no such element, %s is no list", at)
	case s.isIndex && s.index >= v.Len():
		return fail("no such element, the list has %d", v.Len())
	case s.isIndex:
		return v.Index(s.index), rule{}, nil
	case sh == shapeStruct:
		fs := fieldsOf(v.Type())
		if f := fs.find(s.key); f != nil {
			return v.FieldByIndex(f.index), f.rule, nil
		}
		return fail("unknown key%s", suggest(fs.keys(), s.key))
	case sh == shapeNamed:
		if i := indexOf(v, s.key); i >= 0 {
			return v.Index(i), rule{}, nil
		}
		return fail("unknown key%s", suggest(names(v), s.key))
	case sh == shapeMap:
		if key, err := mapKey(v.Type().Key(), s.key); err == nil && v.MapIndex(key).IsValid() {
			return v.MapIndex(key), rule{}, nil
		}
		return fail("unknown key%s", suggest(mapKeys(v), s.key))
	}
	return fail("unknown key, %s is %s", at, wanted(v.Type()))
}

// Paths lists the paths of all scalars that can be set, in order of declaration; maps are sorted by key. Pointers to
// scalars count even if nil; what lies behind other nil pointers does not.
func Paths(dst any) []string {
	var out []string
	walk(target(dst), "", func(path string) { out = append(out, path) })
	return out
}

func walk(v reflect.Value, path string, visit func(string)) {
	switch s := shapeOf(v.Type()); s {
	case shapePointer:
		if !v.IsNil() {
			walk(v.Elem(), path, visit)
		} else if shapeOf(v.Type().Elem()).scalar() {
			visit(path)
		}
	case shapeStruct:
		for _, f := range fieldsOf(v.Type()).list {
			walk(v.FieldByIndex(f.index), join(path, f.key), visit)
		}
	case shapeMap:
		for _, e := range mapEntries(v) {
			walk(e.val, join(path, e.key), visit)
		}
	case shapeNamed:
		for i, name := range names(v) {
			walk(v.Index(i), join(path, name), visit)
		}
	case shapeList:
		for i := range v.Len() {
			walk(v.Index(i), joinIndex(path, i), visit)
		}
	default:
		visit(path)
	}
}

// Kind says which numbers a bound path takes.
type Kind string

// The kinds of paths that take a number.
const (
	Number  Kind = "number"  // any finite number
	Integer Kind = "integer" // whole numbers
	Boolean Kind = "boolean" // 0 and 1
)

// Bind checks a path once and returns a function that stores a number there, for the points of a sweep. The setter obeys
// the field's rule, and may be called after further layers as long as the path exists. It is not safe for concurrent use on one dst.
func Bind(dst any, path string) (set func(float64) error, kind Kind, err error) {
	segs, err := splitPath(path)
	if err != nil {
		return nil, "", Error{Path: path, Msg: "not a path: " + err.Error()}
	}
	v := target(dst)
	err = update(deepCopy(v), segs, "", rule{}, func(leaf reflect.Value, _ rule) error {
		kind = kindOf(leaf.Type())
		if kind == "" {
			return Error{Path: path, Msg: "must be a number to vary, is " + wanted(leaf.Type())}
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return func(x float64) error { return setFloat(v, segs, path, x) }, kind, nil
}

// SetFloat stores a number at a path: whole for an integer, 0 or 1 for a bool. It obeys the field's rule.
func SetFloat(dst any, path string, x float64) error {
	segs, err := splitPath(path)
	if err != nil {
		return Error{Path: path, Msg: "not a path: " + err.Error()}
	}
	return setFloat(target(dst), segs, path, x)
}

func kindOf(t reflect.Type) Kind {
	switch shapeOf(t) {
	case shapeInt:
		return Integer
	case shapeFloat:
		return Number
	case shapeBool:
		return Boolean
	}
	return ""
}

func setFloat(v reflect.Value, segs []segment, path string, x float64) error {
	return update(v, segs, "", rule{}, func(leaf reflect.Value, r rule) error {
		fresh := reflect.New(leaf.Type()).Elem()
		err := storeFloat(fresh, x)
		if err == nil {
			err = r.number(x)
		}
		if err != nil {
			return Error{Path: path, Msg: fmt.Sprintf("%v, got %v", err, x)}
		}
		leaf.Set(fresh)
		return nil
	})
}

func storeFloat(v reflect.Value, x float64) error {
	switch kindOf(v.Type()) {
	case Number:
		if math.IsNaN(x) || math.IsInf(x, 0) || v.OverflowFloat(x) {
			return want("finite")
		}
		v.SetFloat(x)
	case Integer:
		if x != math.Trunc(x) || math.IsNaN(x) || math.IsInf(x, 0) {
			return want("a whole number")
		}
		return setWhole(v, x)
	case Boolean:
		if x != 0 && x != 1 {
			return want("0 or 1")
		}
		v.SetBool(x == 1)
	default:
		return want("%s", wanted(v.Type()))
	}
	return nil
}

// update calls change on the value at the end of the path and writes back what maps only hand out as copies.
func update(v reflect.Value, segs []segment, at string, r rule, change func(reflect.Value, rule) error) error {
	if v.Kind() == reflect.Pointer {
		p := v
		if v.IsNil() {
			p = reflect.New(v.Type().Elem())
		}
		if err := update(p.Elem(), segs, at, r, change); err != nil {
			return err
		}
		if v.IsNil() {
			v.Set(p)
		}
		return nil
	}
	if len(segs) == 0 {
		return change(v, r)
	}
	part, own, err := step(v, segs[0], at)
	if err != nil {
		return err
	}
	if shapeOf(v.Type()) != shapeStruct {
		own = r // a list or map hands its field's rule down
	}
	if part.CanSet() {
		return update(part, segs[1:], segs[0].appendTo(at), own, change)
	}
	elem := reflect.New(part.Type()).Elem()
	elem.Set(part)
	if err := update(elem, segs[1:], segs[0].appendTo(at), own, change); err != nil {
		return err
	}
	key, err := mapKey(v.Type().Key(), segs[0].key)
	if err == nil {
		v.SetMapIndex(key, elem)
	}
	return err
}
