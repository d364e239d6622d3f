package overlay

import "reflect"

// Clone returns a deep copy of what dst points to, as a pointer of the same type: maps, slices and pointers in exported
// fields are copied, unexported fields are taken over as they are. For giving each worker of a sweep its own.
func Clone[T any](dst *T) *T {
	out := new(T)
	reflect.ValueOf(out).Elem().Set(deepCopy(reflect.ValueOf(dst).Elem()))
	return out
}

// deepCopy follows only what Decode can write, so the values form a tree.
func deepCopy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(deepCopy(v.Elem()))
			out.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			copyElems(out, v)
		}
	case reflect.Array:
		copyElems(out, v)
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for it := v.MapRange(); it.Next(); {
				out.SetMapIndex(it.Key(), deepCopy(it.Value()))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(deepCopy(v.Field(i)))
			}
		}
	}
	return out
}

func copyElems(out, v reflect.Value) {
	for i := range v.Len() {
		out.Index(i).Set(deepCopy(v.Index(i)))
	}
}
