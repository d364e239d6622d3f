package overlay_test

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"collectsim/sim/scenario/overlay"
)

// drawEvery makes any value that Encode promises to write back: no nil inside maps.
func drawEvery(t *rapid.T) every {
	word := rapid.String()
	share := rapid.Float64Range(0, 1)
	tones := rapid.Custom(func(t *rapid.T) tone { return tone(rapid.IntRange(0, 2).Draw(t, "tone")) })
	teams := rapid.Custom(func(t *rapid.T) team { return drawTeam(t, 2) })
	x := every{
		On: rapid.Bool().Draw(t, "on"), Count: rapid.IntMin(0).Draw(t, "count"), Small: rapid.Int8().Draw(t, "small"),
		Size: rapid.Uint16().Draw(t, "size"), Big: rapid.Uint64().Draw(t, "big"), Long: rapid.Int64().Draw(t, "long"),
		Rate: share.Draw(t, "rate"), Single: rapid.Float32Min(1e-30).Draw(t, "single"), Label: word.Draw(t, "label"),
		Order: rapid.SampledFrom([]string{"dpd", "balance", "score"}).Draw(t, "order"), Tone: tones.Draw(t, "tone"),
		Cents:   cents(rapid.Int64().Draw(t, "cents")),
		Weights: maybe(t, rapid.SliceOf(rapid.Float64Range(math.SmallestNonzeroFloat64, 1))),
		Words:   maybe(t, rapid.SliceOf(word)),
		Matrix:  maybe(t, rapid.SliceOf(rapid.SliceOf(rapid.Float64()))),
		Pair:    [2]int{rapid.Int().Draw(t, "a"), rapid.Int().Draw(t, "b")},
		Tones:   maybe(t, rapid.SliceOf(tones)),
		Shares:  maybe(t, rapid.MapOf(word, share)),
		ByTone:  maybe(t, rapid.MapOf(tones, rapid.Int())),
		Teams:   maybe(t, rapid.MapOf(word, teams)),
		Pointed: maybe(t, rapid.MapOf(word, rapid.Custom(func(t *rapid.T) *team { return ptr(drawTeam(t, 1)) }))),
		Limit:   rapid.Ptr(rapid.IntMax(9), true).Draw(t, "limit"),
		Night:   rapid.Ptr(teams, true).Draw(t, "night"),
		Stages:  maybe(t, rapid.SliceOfDistinct(rapid.Custom(drawStage), func(s stage) string { return s.Name })),
	}
	x.Optional, x.Seed = word.Draw(t, "optional"), rapid.Uint64().Draw(t, "seed")
	return x
}

// maybe draws nil now and then.
func maybe[T any](t *rapid.T, g *rapid.Generator[T]) T {
	if rapid.IntRange(0, 4).Draw(t, "nil") == 0 {
		var none T
		return none
	}
	return g.Draw(t, "some")
}

func drawTeam(t *rapid.T, depth int) team {
	x := team{Agents: rapid.IntMin(0).Draw(t, "agents"), Wage: rapid.Float64Min(1e-300).Draw(t, "wage")}
	if depth > 0 && rapid.Bool().Draw(t, "lead") {
		x.Lead = ptr(drawTeam(t, depth-1))
	}
	return x
}

func drawStage(t *rapid.T) stage {
	return stage{
		Name: rapid.String().Draw(t, "name"), After: rapid.Int().Draw(t, "after"), Channel: rapid.String().Draw(t, "channel"),
		Steps: maybe(t, rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) step {
			return step{rapid.String().Draw(t, "step"), rapid.Float64Range(0, 1).Draw(t, "prob")}
		}), func(s step) string { return s.Name })),
		Notes: maybe(t, rapid.MapOf(rapid.String(), rapid.String())),
	}
}

// decode(encode(x)) == x, encode is a function of the value, and paths reach every scalar.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawEvery(t)
		for name, encode := range map[string]func(any) ([]byte, error){"yaml": overlay.Encode, "json": overlay.EncodeJSON} {
			src, err := encode(&x)
			if err != nil {
				t.Fatal(err)
			}
			var got every
			if _, err := overlay.Decode(name, src, &got, nil); err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			if !reflect.DeepEqual(got, x) {
				t.Fatalf("got  %+v\nwant %+v\n%s", got, x, src)
			}
			again, err := encode(overlay.Clone(&got))
			if err != nil || string(again) != string(src) {
				t.Fatalf("not deterministic: %v\n%s\n%s", err, src, again)
			}
		}
	})
}

// A value set to what it already is changes nothing, for every path there is.
func TestSetWhatIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawEvery(t)
		before := overlay.Clone(&x)
		for _, path := range overlay.Paths(&x) {
			val, err := overlay.Get(&x, path)
			if err != nil {
				t.Fatal(err)
			}
			if f, ok := number(val); ok {
				if err := overlay.SetFloat(&x, path, f); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !reflect.DeepEqual(&x, before) {
			t.Fatalf("got  %+v\nwant %+v", x, before)
		}
	})
}

// number returns numbers that a float holds exactly.
func number(x any) (float64, bool) {
	v := reflect.ValueOf(x)
	switch {
	case !v.IsValid():
		return 0, false
	case v.CanFloat():
		return v.Float(), true
	case v.CanInt() && v.Int() < 1<<53 && v.Int() > -1<<53 && v.Type() != reflect.TypeFor[tone]():
		return float64(v.Int()), true
	case v.CanUint() && v.Uint() < 1<<53:
		return float64(v.Uint()), true
	}
	return 0, false
}

func TestClone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawEvery(t)
		c := overlay.Clone(&x)
		if !reflect.DeepEqual(c, &x) {
			t.Fatal("clone differs")
		}
		if shared := sharedWith(reflect.ValueOf(&x).Elem(), reflect.ValueOf(c).Elem()); shared != "" {
			t.Fatalf("clone shares a %s", shared)
		}
	})
}

// sharedWith returns the type of a map, slice or pointer that two equal values share.
func sharedWith(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() {
			return ""
		}
		if a.Pointer() == b.Pointer() {
			return a.Type().String()
		}
		return sharedWith(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			return a.Type().String()
		}
		for i := range a.Len() {
			if s := sharedWith(a.Index(i), b.Index(i)); s != "" {
				return s
			}
		}
	case reflect.Map:
		if !a.IsNil() && a.Pointer() == b.Pointer() {
			return a.Type().String()
		}
		for it := a.MapRange(); it.Next(); {
			if s := sharedWith(it.Value(), b.MapIndex(it.Key())); s != "" {
				return s
			}
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if s := sharedWith(a.Field(i), b.Field(i)); s != "" {
				return s
			}
		}
	}
	return ""
}
