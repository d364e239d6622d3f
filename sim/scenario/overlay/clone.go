package overlay

import "reflect"

// Clone returns a deep copy of what dst points to: maps, slices and pointers in exported fields are copied, unexported
// fields are taken over as they are. For giving each worker of a sweep its own.
func Clone[T any](dst *T) *T {
	return deepCopy(reflect.ValueOf(dst).Elem()).Addr().Interface().(*T)
}

// deepCopy returns an addressable copy of v. What Decode can write forms a tree, so there are no cycles to watch.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	detach(out)
	return out
}

// detach replaces every map, slice and pointer below v by a copy.
func detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			v.Set(deepCopy(v.Elem()).Addr())
		}
	case reflect.Slice:
		if !v.IsNil() {
			fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(fresh, v)
			v.Set(fresh)
			detachElems(v)
		}
	case reflect.Array:
		detachElems(v)
	case reflect.Map:
		if !v.IsNil() {
			fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
			for it := v.MapRange(); it.Next(); {
				fresh.SetMapIndex(it.Key(), deepCopy(it.Value()))
			}
			v.Set(fresh)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct {
				detach(v.Field(i))
			}
		}
	}
}

func detachElems(v reflect.Value) {
	switch v.Type().Elem().Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Struct:
		for i := range v.Len() {
			detach(v.Index(i))
		}
	}
}
