package outcome

import (
	"reflect"
	"testing"
)

// TestAddLeavesNothingOut: added to an empty group, a group with a different number in every place is copied.
func TestAddLeavesNothingOut(t *testing.T) {
	var sum, x Totals
	n := int64(0)
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		n++
		switch v.Kind() {
		case reflect.Struct:
			for f := range v.NumField() {
				fill(v.Field(f))
			}
		case reflect.Array:
			for k := range v.Len() {
				fill(v.Index(k))
			}
		case reflect.Float64:
			v.SetFloat(float64(n))
		default:
			v.SetInt(n)
		}
	}
	fill(reflect.ValueOf(&x).Elem())
	if sum.Add(&x); sum != x {
		t.Errorf("got %+v, want %+v", sum, x)
	}
}
