package sweep

import (
	"bytes"
	"math"
	"testing"

	"collectsim/sim/outcome"

	_ "collectsim/internal/sameseed"

	"pgregory.net/rapid"
)

func TestRecordsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &Record{
			Point: rapid.IntRange(0, 1<<40).Draw(t, "point"), Replication: rapid.IntRange(0, 1<<30).Draw(t, "replication"),
			ActiveDays: rapid.Int64Min(0).Draw(t, "days"), Reason: rapid.String().Draw(t, "reason"),
		}
		if metrics := rapid.IntRange(0, 5).Draw(t, "metrics"); metrics > 0 {
			for range rapid.IntRange(0, 4).Draw(t, "strategies") {
				r.Values = append(r.Values, rapid.SliceOfN(rapid.Float64(), metrics, metrics).Draw(t, "values"))
			}
		}
		got, err := unmarshal(r.marshal())
		if err != nil || !got.Equal(r) || len(got.Values) != len(r.Values) {
			t.Fatalf("got %+v, %v, want %+v", got, err, r)
		}
	})
	r := &Record{Values: [][]float64{{math.NaN(), math.Inf(1)}}}
	if got, err := unmarshal(r.marshal()); err != nil || !math.IsNaN(got.Values[0][0]) || !math.IsInf(got.Values[0][1], 1) {
		t.Errorf("NaN and infinity: got %v, %v", got, err)
	}
}

func FuzzUnmarshal(f *testing.F) {
	f.Add((&Record{Point: 3, Reason: "why"}).marshal())
	f.Add((&Record{Values: [][]float64{{1, 2}, {3, 4}}}).marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := unmarshal(b); err == nil && !bytes.Equal(r.marshal(), b) {
			t.Errorf("%x: read as %+v", b, r)
		}
	})
}

// TestMoments holds the running moments against sums over the whole sample.
func TestMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "n")
		var m moments
		var all [][2]float64
		for range n {
			x := [2]float64{rapid.Float64Range(-1e3, 1e3).Draw(t, "x"), rapid.Float64Range(1, 1e3).Draw(t, "y")}
			m.add(x[0], x[1])
			m.add(math.NaN(), 1) // left out
			all = append(all, x)
		}
		var mean [2]float64
		for _, x := range all {
			mean[0] += x[0] / float64(n)
			mean[1] += x[1] / float64(n)
		}
		for i := range 2 {
			for j := range 2 {
				var c float64
				for _, x := range all {
					c += (x[i] - mean[i]) * (x[j] - mean[j])
				}
				if !(math.Abs(c-m.c[i][j]) <= 1e-9*1e6*float64(n)) || !(math.Abs(mean[i]-m.mean[i]) <= 1e-9*1e3) {
					t.Fatalf("mean %g, product %g; want %g, %g", m.mean[i], m.c[i][j], mean[i], c)
				}
			}
		}
		if m.n != float64(n) {
			t.Fatalf("n: got %g, want %d", m.n, n)
		}
	})
}

// TestUndefinedBaseline: where the baseline's ratio is undefined its difference to itself is, too.
func TestUndefinedBaseline(t *testing.T) {
	m := metricAt(outcome.MetricIndex("cost_per_recovered"))
	for _, recovered := range []float64{0, 2} {
		var c cell
		x := make([]float64, len(outcome.Metrics()))
		x[m.over], x[m.under] = 1, recovered
		c.add(&m, x, x)
		level, difference := c.estimates(&m, true)
		if defined := recovered > 0; math.IsNaN(level.value) == defined || math.IsNaN(difference.value) == defined || defined && difference != (estimateOf{}) {
			t.Errorf("recovered %g: %v and difference %v", recovered, level, difference)
		}
	}
	var none cell
	if level, difference := none.estimates(&m, true); !math.IsNaN(level.value) || !math.IsNaN(difference.value) {
		t.Errorf("nothing played: %v and %v", level, difference)
	}
}
