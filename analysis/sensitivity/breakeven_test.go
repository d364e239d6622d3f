package sensitivity_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/sensitivity"
	_ "collectsim/internal/sameseed"

	"pgregory.net/rapid"
)

func crossings(t *testing.T, x, y []float64, how sensitivity.Interpolation) []float64 {
	t.Helper()
	got := must[sensitivity.BreakEvens](t)(sensitivity.BreakEven(x, [][]float64{y}, sensitivity.BreakEvenOptions{Interpolation: how}))
	out := []float64{}
	for _, c := range got.Crossings {
		if !math.IsNaN(c.Low) || !math.IsNaN(c.Share) {
			t.Errorf("one replication gave an interval: %+v", c)
		}
		out = append(out, c.X)
	}
	return out
}

func TestBreakEvenShapes(t *testing.T) {
	x := []float64{0, 1, 2, 4}
	both := []sensitivity.Interpolation{sensitivity.Linear, sensitivity.Monotone}
	for name, c := range map[string]struct {
		y, want []float64
		how     []sensitivity.Interpolation // curved ones have other roots by cubics
	}{
		"rising":            {[]float64{-1, -0.5, 0.5, 1}, []float64{1.5}, both[:1]},
		"falling":           {[]float64{3, 1, -3, -4}, []float64{1.25}, both[:1]},
		"uneven spacing":    {[]float64{-4, -3, -2, 2}, []float64{3}, both[:1]},
		"three":             {[]float64{-1, 1, -1, 1}, []float64{0.5, 1.5, 3}, both[:1]},
		"none":              {[]float64{1, 2, 1, 3}, nil, both},
		"at a node":         {[]float64{-1, 0, 1, 2}, []float64{1}, both},
		"along zeros":       {[]float64{-1, 0, 0, 2}, []float64{1.5}, both},
		"touches":           {[]float64{1, 0, 1, 2}, nil, both},
		"starts at zero":    {[]float64{0, 1, -1, -2}, []float64{1.5}, both[:1]},
		"ends at zero":      {[]float64{-2, 1, 1, 0}, []float64{2.0 / 3}, both[:1]},
		"zero throughout":   {[]float64{0, 0, 0, 0}, nil, both},
		"zeros before turn": {[]float64{0, 0, -1, 1}, []float64{3}, both[:1]},
		"turning points":    {[]float64{1, 1, -1, -1}, []float64{1.5}, both},
	} {
		for _, how := range c.how {
			near(t, name+" "+string(how), crossings(t, x, c.y, how), c.want, 1e-12)
		}
	}
}

// The monotone cubic is exact on straight lines, has one root in the interval where the sign changes, and comes
// closer than the straight line to the root of a smooth curve: log x at 1.
func TestBreakEvenMonotone(t *testing.T) {
	x := []float64{0.3, 0.7, 1.3, 2, 3}
	line, log := make([]float64, 5), make([]float64, 5)
	for i := range x {
		line[i], log[i] = 2*x[i]-2.2, math.Log(x[i])
	}
	near(t, "line", crossings(t, x, line, sensitivity.Monotone), []float64{1.1}, 1e-12)
	cubic, straight := crossings(t, x, log, sensitivity.Monotone)[0], crossings(t, x, log, sensitivity.Linear)[0]
	if !(math.Abs(cubic-1) < math.Abs(straight-1)/2) {
		t.Errorf("roots of log x: cubic %g, straight %g, want 1", cubic, straight)
	}
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-3, 3), 5, 5).Draw(t, "y")
		o := sensitivity.BreakEvenOptions{Interpolation: sensitivity.Monotone}
		got, err := sensitivity.BreakEven(x, [][]float64{y}, o)
		if err != nil {
			t.Fatal(err)
		}
		o.Interpolation = sensitivity.Linear
		want, _ := sensitivity.BreakEven(x, [][]float64{y}, o)
		if len(got.Crossings) != len(want.Crossings) {
			t.Fatalf("%d crossings, linear %d", len(got.Crossings), len(want.Crossings))
		}
		for j, c := range got.Crossings {
			l := want.Crossings[j]
			for i := 1; i < len(x); i++ {
				if l.X > x[i-1] && l.X < x[i] && (c.X < x[i-1] || c.X > x[i] || c.Rising != l.Rising) {
					t.Fatalf("crossing at %g left the interval of %g", c.X, l.X)
				}
			}
		}
	})
}

// noisy draws replications of the line slope·(x-at) plus one normal shift per replication: crossings of means are
// then at - mean(shift)/slope, normal, and the interval for them is that of a mean of n normal values.
func noisy(rng *rand.Rand, x []float64, n int, at, slope, sd float64) [][]float64 {
	y := make([][]float64, n)
	for rep := range y {
		shift := sd * rng.NormFloat64()
		for _, v := range x {
			y[rep] = append(y[rep], slope*(v-at)+shift)
		}
	}
	return y
}

// Expanded quantiles give the stated coverage for normal replications; 400 trials know it to sqrt(p(1-p)/400).
func TestBreakEvenCoverage(t *testing.T) {
	const trials, at = 400, 1.7
	x := []float64{0, 1, 2, 3}
	for _, n := range []int{6, 30} {
		rng := rand.New(rand.NewPCG(uint64(n), 2))
		hit := 0.0
		for seed := range uint64(trials) {
			y := noisy(rng, x, n, at, 2, 0.8)
			got := must[sensitivity.BreakEvens](t)(sensitivity.BreakEven(x, y, sensitivity.BreakEvenOptions{Confidence: 0.9, Resamples: 1000, Seed: seed}))
			if c := got.Crossings[0]; c.Low <= at && at <= c.High {
				hit++
			}
		}
		near(t, "coverage", []float64{hit / trials}, []float64{0.9}, 5*math.Sqrt(0.9*0.1/trials))
	}
}

// A clear crossing is crossed by every resample; one that the data do not reach has an open end; a curve far from
// zero never crosses.
func TestBreakEvenShares(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x := []float64{0, 1, 2}
	run := func(at, sd float64) sensitivity.BreakEvens {
		return must[sensitivity.BreakEvens](t)(sensitivity.BreakEven(x, noisy(rng, x, 40, at, 1, sd), sensitivity.BreakEvenOptions{Seed: 1}))
	}
	clear := run(1, 0.1)
	if c := clear.Crossings[0]; c.Share != 1 || c.LowOpen || c.HighOpen || clear.AnyShare != 1 || clear.Signs != [2]int{-1, 1} {
		t.Errorf("clear crossing: %+v %+v", c, clear)
	}
	// Standard error 3/sqrt(40) = 0.47 of a crossing near the last x: about half of the resamples lie beyond it.
	edge := sensitivity.BreakEvens{}
	for len(edge.Crossings) == 0 {
		edge = run(1.9, 3)
	}
	if c := edge.Crossings[0]; !c.HighOpen || c.High != 2 || c.Share >= 1 || c.Share != edge.AnyShare || c.Low > c.X {
		t.Errorf("crossing at the edge: %+v, any %g", c, edge.AnyShare)
	}
	far := run(50, 0.1)
	if len(far.Crossings) != 0 || far.AnyShare != 0 || far.Signs != [2]int{-1, -1} {
		t.Errorf("no crossing: %+v", far)
	}
	text := string(must[[]byte](t)(json.Marshal(far)))
	if want := `{"crossings":[],"mean":[`; text[:len(want)] != want {
		t.Errorf("json %s", text)
	}
}

// Two crossings keep intervals of their own, each with the error of its own branch.
func TestBreakEvenTwoCrossings(t *testing.T) {
	const n, sd = 50, 1.2
	rng := rand.New(rand.NewPCG(8, 8))
	var x []float64
	for v := 0.0; v <= 4; v += 0.25 {
		x = append(x, v)
	}
	y := make([][]float64, n)
	for rep := range y {
		shift := sd * rng.NormFloat64()
		for _, v := range x {
			y[rep] = append(y[rep], 1-math.Abs(v-2)+shift) // zeros at 1 and 3, slopes 1 and -1
		}
	}
	got := must[sensitivity.BreakEvens](t)(sensitivity.BreakEven(x, y, sensitivity.BreakEvenOptions{Seed: 1}))
	if len(got.Crossings) != 2 || !got.Crossings[0].Rising || got.Crossings[1].Rising {
		t.Fatalf("crossings %+v", got.Crossings)
	}
	for j, c := range got.Crossings {
		near(t, "crossing", []float64{c.X}, []float64{float64(1 + 2*j)}, 5*sd/math.Sqrt(n))
		// t quantile 2.01 of 49 degrees; the width is known to a relative error of sqrt(1/(2(n-1))).
		near(t, "width", []float64{c.High - c.Low}, []float64{2 * 2.01 * sd / math.Sqrt(n)}, 5*math.Sqrt(1.0/98)*2*2.01*sd/math.Sqrt(n))
		if c.Share != 1 || c.LowOpen || c.HighOpen {
			t.Errorf("must be crossed by all and closed: %+v", c)
		}
	}
}

func TestBreakEvenErrors(t *testing.T) {
	_, err := sensitivity.BreakEven([]float64{0, 2, 1}, [][]float64{{1, 2}, {1, 2, math.NaN()}}, sensitivity.BreakEvenOptions{Interpolation: "spline"})
	for _, want := range []string{"x[2]: must be above x[1] = 2, got 1", "y[0]: has 2 values, need 3", "y[1][2]: must be finite", `got "spline"`} {
		wantError(t, "break-even", err, want)
	}
	_, err = sensitivity.BreakEven(nil, nil, sensitivity.BreakEvenOptions{})
	wantError(t, "empty", err, "no replications")
}
