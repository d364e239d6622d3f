package overlay_test

import (
	"testing"

	"collectsim/sim/scenario/overlay"
)

// BenchmarkSetter is the cost of one coordinate of one point of a sweep, through a map and a struct.
func BenchmarkSetter(b *testing.B) {
	x := fullValue()
	set, _, err := overlay.Bind(&x, "teams.visit.agents")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := set(7); err != nil {
			b.Fatal(err)
		}
	}
	if x.Teams["visit"].Agents != 7 {
		b.Fatal("not set")
	}
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		decode(b, fullText)
	}
}
