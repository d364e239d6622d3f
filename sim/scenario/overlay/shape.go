package overlay

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

type shape uint8

const (
	shapeUnknown shape = iota
	shapeText          // has UnmarshalText
	shapeBool
	shapeInt // signed or unsigned
	shapeFloat
	shapeString
	shapeStruct
	shapeMap
	shapeNamed // named list
	shapeList  // slice or array
	shapePointer
)

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textUnmarshaler) }

// shapeOf is how a type is written in YAML.
func shapeOf(t reflect.Type) shape {
	if t.Kind() != reflect.Pointer && isText(t) {
		return shapeText
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return shapeBool
	case k >= reflect.Int && k <= reflect.Uint64:
		return shapeInt
	case k == reflect.Float32 || k == reflect.Float64:
		return shapeFloat
	case k == reflect.String:
		return shapeString
	case k == reflect.Struct || isKeyed(t):
		return shapeStruct
	case k == reflect.Pointer:
		return shapePointer
	case k == reflect.Map && (t.Key().Kind() == reflect.String || isText(t.Key())):
		return shapeMap
	case k == reflect.Slice && t.Elem().Kind() == reflect.Struct && !isText(t.Elem()) && fieldsOf(t.Elem()).name != nil:
		return shapeNamed
	case k == reflect.Slice || k == reflect.Array:
		return shapeList
	}
	return shapeUnknown
}

func (s shape) number() bool { return s == shapeInt || s == shapeFloat }

// scalar says whether the shape is written as one YAML scalar.
func (s shape) scalar() bool { return s >= shapeText && s <= shapeString }

// Key is the key of an element of a keyed array, with its description for Schema. An element without a key is not
// written.
type Key struct{ Name, Doc string }

// Keyed is an array that is written as a struct would be, with a key for each of its elements. Keys depends on the type
// alone; it gives one key for each element, in order.
type Keyed interface{ Keys() []Key }

func isKeyed(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Implements(reflect.TypeFor[Keyed]())
}

// field is one key of a struct or keyed array.
type field struct {
	key   string
	index []int
	typ   reflect.Type
	rule  rule
	doc   string
	omit  bool // omitempty
}

// in returns the field's value in a struct or keyed array.
func (f *field) in(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Array {
		return v.Index(f.index[0])
	}
	return v.FieldByIndex(f.index)
}

// fields are the keys of a struct type or keyed array in order of declaration.
type fields struct {
	list  []field
	byKey map[string]int
	name  []int // index of the field that holds a named list's name; nil if the struct is no such element
}

func (f *fields) keys() []string {
	out := make([]string, len(f.list))
	for i := range f.list {
		out[i] = f.list[i].key
	}
	return out
}

func (f *fields) find(key string) *field {
	if i, ok := f.byKey[key]; ok {
		return &f.list[i]
	}
	return nil
}

var fieldCache sync.Map // reflect.Type -> *fields

func fieldsOf(t reflect.Type) *fields {
	if f, ok := fieldCache.Load(t); ok {
		return f.(*fields)
	}
	f := &fields{byKey: map[string]int{}}
	if isKeyed(t) {
		f.collectKeys(t)
	} else {
		f.collect(t, nil)
	}
	fieldCache.Store(t, f)
	return f
}

func (f *fields) collect(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		index := append(append([]int(nil), at...), i)
		key, opts, _ := strings.Cut(sf.Tag.Get("yaml"), ",")
		switch {
		case !sf.IsExported() && !sf.Anonymous:
		case opts == "inline":
			if sf.Type.Kind() != reflect.Struct {
				panic(fmt.Sprintf("overlay: %s.%s: only a struct can be inline", t, sf.Name))
			}
			f.collect(sf.Type, index)
		case key == "-":
			if sf.Tag.Get("overlay") == "name" {
				f.setName(t, sf, index)
			}
		case !sf.IsExported():
		case key == "":
			panic(fmt.Sprintf("overlay: %s.%s: exported field without a yaml tag", t, sf.Name))
		default:
			f.put(t, field{key, index, sf.Type, parseRule(sf.Tag.Get("check")), sf.Tag.Get("doc"), opts == "omitempty"})
		}
	}
}

func (f *fields) collectKeys(t reflect.Type) {
	keys := reflect.Zero(t).Interface().(Keyed).Keys()
	if len(keys) != t.Len() {
		panic(fmt.Sprintf("overlay: %s: %d keys for %d elements", t, len(keys), t.Len()))
	}
	for i, k := range keys {
		if k.Name != "" {
			f.put(t, field{key: k.Name, index: []int{i}, typ: t.Elem(), doc: k.Doc})
		}
	}
}

func (f *fields) setName(t reflect.Type, sf reflect.StructField, index []int) {
	if sf.Type.Kind() != reflect.String || f.name != nil {
		panic(fmt.Sprintf("overlay: %s.%s: a struct has at most one name field, and it is a string", t, sf.Name))
	}
	f.name = index
}

func (f *fields) put(t reflect.Type, fd field) {
	if _, dup := f.byKey[fd.key]; dup {
		panic(fmt.Sprintf("overlay: %s: two fields named %q", t, fd.key))
	}
	f.byKey[fd.key] = len(f.list)
	f.list = append(f.list, fd)
}

var verified sync.Map // reflect.Type -> true

// verify panics if a type, or one that it contains, cannot be decoded.
func verify(t reflect.Type) {
	if _, done := verified.LoadOrStore(t, true); done {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			verified.Delete(t)
			panic(r)
		}
	}()
	switch shapeOf(t) {
	case shapeUnknown:
		panic(fmt.Sprintf("overlay: type %s cannot be written in YAML", t))
	case shapeStruct:
		for _, f := range fieldsOf(t).list {
			verify(f.typ)
		}
	case shapeMap, shapeNamed, shapeList:
		verify(t.Elem())
	case shapePointer:
		if t.Elem().Kind() == reflect.Pointer {
			panic(fmt.Sprintf("overlay: type %s: pointer to pointer", t))
		}
		verify(t.Elem())
	}
}

// target returns the struct that dst points to.
func target(dst any) reflect.Value {
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct || isText(v.Type().Elem()) {
		panic(fmt.Sprintf("overlay: need a pointer to a struct, got %T", dst))
	}
	verify(v.Type().Elem())
	return v.Elem()
}
