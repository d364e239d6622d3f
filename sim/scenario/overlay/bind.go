package overlay

import (
	"fmt"
	"math"
	"reflect"
)

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
