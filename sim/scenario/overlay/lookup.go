package overlay

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
)

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
			return f.in(v), f.rule, nil
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
	walk(target(dst), "", rule{}, func(_ reflect.Value, path string, _ rule) { out = append(out, path) })
	return out
}

// Numbers visits every number that is set, in the order of Paths.
func Numbers(dst any, visit func(path string, x float64)) {
	walk(target(dst), "", rule{}, func(v reflect.Value, path string, _ rule) {
		if shapeOf(v.Type()).number() {
			visit(path, toFloat(v))
		}
	})
}

// Check holds every value of dst against its field's rule, also those that no layer mentioned, and returns all faults
// as Errors without file and position. For what a layer leaves out: an element may lack a value that has no lawful zero.
func Check(dst any) error {
	var r report
	walk(target(dst), "", rule{}, func(v reflect.Value, path string, own rule) {
		if v.Kind() == reflect.Pointer { // nil: not given, and free to be
			return
		}
		if got, err := obeys(v, own); err != nil {
			r.add(0, 0, path, "%v, got %s", err, got)
		}
	})
	return r.err()
}

// obeys checks a scalar that is in place; got is its value in words.
func obeys(v reflect.Value, own rule) (got string, err error) {
	switch s := shapeOf(v.Type()); {
	case s == shapeFloat && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)):
		return fmt.Sprint(v.Float()), want("finite")
	case s.number():
		return fmt.Sprint(v.Interface()), own.number(toFloat(v))
	case s == shapeText:
		text, err := textOf(v)
		if err == nil {
			err = own.word(text)
		}
		return strconv.Quote(text), err
	case s == shapeString:
		return strconv.Quote(v.String()), own.word(v.String())
	}
	return "", nil
}

// walk visits every scalar, and nil pointers to scalars, with the rule that holds for it.
func walk(v reflect.Value, path string, r rule, visit func(reflect.Value, string, rule)) {
	switch s := shapeOf(v.Type()); s {
	case shapePointer:
		if !v.IsNil() {
			walk(v.Elem(), path, r, visit)
		} else if shapeOf(v.Type().Elem()).scalar() {
			visit(v, path, r)
		}
	case shapeStruct:
		for _, f := range fieldsOf(v.Type()).list {
			walk(f.in(v), join(path, f.key), f.rule, visit)
		}
	case shapeMap:
		for _, e := range mapEntries(v) {
			walk(e.val, join(path, e.key), r, visit)
		}
	case shapeNamed:
		for i, name := range names(v) {
			walk(v.Index(i), join(path, name), rule{}, visit)
		}
	case shapeList:
		for i := range v.Len() {
			walk(v.Index(i), joinIndex(path, i), r, visit)
		}
	default:
		visit(v, path, r)
	}
}
