package overlay_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"collectsim/sim/scenario/overlay"
)

// FuzzDecode: any bytes give a value or positioned errors, never a panic and never both; what was read can be written
// and read again (unless a value that was left out breaks its rule: Check tells), and laying the same document twice is laying it once.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(fullText))
	f.Add([]byte(declared))
	for _, c := range faults {
		if len(c.src) < 1000 {
			f.Add([]byte(c.src))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		x, meta := decode(t, fullText, declared)
		before := overlay.Clone(&x)
		_, err := overlay.Decode("f", src, &x, meta)
		if err != nil {
			checkErrors(t, err)
			if !reflect.DeepEqual(&x, before) {
				t.Fatal("a failed layer left traces")
			}
			return
		}
		once := overlay.Clone(&x)
		if _, err := overlay.Decode("f", src, &x, meta); err != nil || !reflect.DeepEqual(&x, once) {
			t.Fatalf("twice: %v\n%+v\n%+v", err, x, once)
		}
		out, err := overlay.Encode(&x)
		if err != nil {
			t.Fatal(err)
		}
		var again every
		_, err = overlay.Decode("again", out, &again, nil)
		if lawful := overlay.Check(&x); (err == nil) != (lawful == nil) {
			t.Fatalf("decode %v\ncheck %v\n%s", err, lawful, out)
		}
		if err == nil && !reflect.DeepEqual(again, x) {
			t.Fatalf("got  %+v\nwant %+v\n%s", again, x, out)
		}
	})
}

func checkErrors(t *testing.T, err error) {
	var all overlay.Errors
	if !errors.As(err, &all) || len(all) == 0 {
		t.Fatalf("not Errors: %v", err)
	}
	for _, e := range all {
		if e.File != "f" || e.Line < 1 || e.Col < 1 || e.Msg == "" || strings.ContainsAny(e.Error(), "\n\r") {
			t.Fatalf("bad error %+v", e)
		}
	}
}

// FuzzSet: any path and value are taken or refused without a panic, and a path that Set takes is one that Get knows.
func FuzzSet(f *testing.F) {
	for _, p := range []string{"rate", "teams.visit.agents", `shares."a.b"`, "weights[1]", "stages.zulu", "rate.range", "a..b", `"`, "[0]"} {
		for _, v := range []string{"0.5", "null", "{value: 1}", "[1]", "", "*x", "x: y"} {
			f.Add(p, v)
		}
	}
	f.Fuzz(func(t *testing.T, path, value string) {
		x, meta := decode(t, fullText, declared)
		before := overlay.Clone(&x)
		_, known := overlay.Get(&x, path)
		err := overlay.Set(&x, meta, path, value)
		switch {
		case err != nil && !reflect.DeepEqual(&x, before):
			t.Fatal("a failed setting left traces")
		case err == nil && known != nil && !reflect.DeepEqual(&x, before) && !strings.Contains(path, "lead") && !strings.Contains(path, "value"):
			t.Fatalf("set an unknown path: %v", known)
		}
	})
}
