package outcome

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
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
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), NumStressLevels, NumStressLevels))
			fallthrough
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
	if sum.Add(&x); !reflect.DeepEqual(sum, x) {
		t.Errorf("got %+v, want %+v", sum, x)
	}
}

// TestStressQuantile: the quantile by levels is that of the sorted means (type 7) to a twentieth of a point, and exact
// where all are the same; without accounts there is none.
func TestStressQuantile(t *testing.T) {
	count := func(means ...float64) *Totals {
		x := &Totals{StressLevels: make([]int32, NumStressLevels)}
		for _, m := range means {
			x.CountStress(m)
		}
		return x
	}
	for _, m := range []float64{0, 20, 37.5, 100, 100.00001} {
		if got := count(m, m, m).stressQuantile(0.95); got != min(m, 100) {
			t.Errorf("of %g thrice: %v", m, got)
		}
	}
	if got := count().stressQuantile(0.95); got == got {
		t.Errorf("of nobody: %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		means := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 200).Draw(t, "means")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		got := count(means...).stressQuantile(q)
		slices.Sort(means)
		h := q * float64(len(means)-1)
		low := int(h)
		want := means[low] + (h-float64(low))*(means[min(low+1, len(means)-1)]-means[low])
		if !(math.Abs(got-want) <= 0.05+1e-9) {
			t.Fatalf("%g-quantile of %v: %v, want %v", q, means, got, want)
		}
	})
}
