package sensitivity_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/sensitivity"

	"pgregory.net/rapid"
)

// The estimators as they stand in the papers, written out over the whole sample, against arbitrary values.
func TestSobolAgainstNaiveFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(1, 4).Draw(t, "k"), rapid.IntRange(2, 12).Draw(t, "n")
		size := 2*k + 2
		values := rapid.SliceOfN(rapid.Float64Range(-10, 10), n*size, n*size).Draw(t, "values")
		rng := rand.New(rand.NewPCG(1, 1))
		for i := range values {
			values[i] += rng.Float64() // never constant
		}
		got, err := sensitivity.Sobol(sensitivity.UnitBounds(k).Names(), values, sensitivity.SobolOptions{SecondOrder: true, Resamples: 2})
		if err != nil {
			t.Fatal(err)
		}
		at := func(j, m int) float64 { return values[j*size+m] }
		centre, square := 0.0, 0.0
		for j := range n {
			centre += (at(j, 0) + at(j, size-1)) / float64(2*n)
		}
		for j := range n {
			square += (math.Pow(at(j, 0)-centre, 2) + math.Pow(at(j, size-1)-centre, 2)) / float64(2*n)
		}
		same := func(what string, got, want float64) {
			if !(math.Abs(got-want) <= 1e-8*(1+math.Abs(want))) {
				t.Fatalf("%s = %g, want %g", what, got, want)
			}
		}
		same("mean", got.Mean, centre)
		same("variance", got.Variance, square)
		pair := 0
		for i := range k {
			first, total := 0.0, 0.0
			for j := range n {
				first += (at(j, size-1) - centre) * (at(j, 1+i) - at(j, 0)) / float64(n)
				total += math.Pow(at(j, 0)-at(j, 1+i), 2) / float64(2*n)
			}
			same("S1", got.S1[i], first/square)
			same("ST", got.ST[i], total/square)
			for l := i + 1; l < k; l++ {
				both := 0.0
				for j := range n {
					both += ((at(j, 1+k+i)-centre)*(at(j, 1+l)-centre) - (at(j, 0)-centre)*(at(j, size-1)-centre)) / float64(n)
				}
				same("S2", got.S2[pair].S2, both/square-got.S1[i]-got.S1[l])
				pair++
			}
		}
	})
}

// With all values independent standard normal, the first-order terms b(ab-a) have variance 2, and the total-order
// ratio has variance 2 by the delta method: Var((a-ab)²/2) + Var((a²+b²)/2) - 2Cov = 2 + 1 - 1. Half widths are then
// 1.96 sqrt(2/N). The bootstrap knows a standard deviation to a relative error of about sqrt(1/(2B)) from resampling
// and sqrt((κ-1)/(4N)) from the sample, κ = 9 the kurtosis of b(ab-a).
func TestSobolHalfWidths(t *testing.T) {
	const n, k, resamples = 16384, 2, 4000
	rng := rand.New(rand.NewPCG(5, 5))
	values := make([]float64, n*(k+2))
	for i := range values {
		values[i] = rng.NormFloat64()
	}
	got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol([]string{"a", "b"}, values, sensitivity.SobolOptions{Resamples: resamples}))
	want := 1.959963984540054 * math.Sqrt(2.0/n)
	relative := 5 * math.Sqrt(1.0/(2*resamples)+8.0/(4*n))
	near(t, "S1_conf", got.S1Conf, []float64{want, want}, want*relative)
	near(t, "ST_conf", got.STConf, []float64{want, want}, want*relative)
	near(t, "S1", got.S1, []float64{0, 0}, 5*math.Sqrt(2.0/n))
	near(t, "ST", got.ST, []float64{1, 1}, 5*math.Sqrt(2.0/n))
}

func TestSobolEdges(t *testing.T) {
	names := []string{"a", "b"}
	flat := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(names, slices.Repeat([]float64{0.1}, 400), sensitivity.SobolOptions{}))
	text := string(must[[]byte](t)(json.Marshal(flat)))
	if want := `{"names":["a","b"],"S1":[null,null],"ST":[null,null],"S1_conf":[null,null],"ST_conf":[null,null],"warnings":["the output is constant`; !strings.HasPrefix(text, want) {
		t.Errorf("constant output: %s", text)
	}
	values := make([]float64, 40)
	for i := range values {
		values[i] = math.Sin(float64(i * i))
	}
	whole := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(names, values, sensitivity.SobolOptions{}))
	if len(whole.Warnings) == 0 {
		t.Error("ten blocks give indices without a warning")
	}
	holed := append(slices.Clone(values), 1, 2, math.NaN(), 4)
	_, err := sensitivity.Sobol(names, holed, sensitivity.SobolOptions{})
	wantError(t, "missing", err, "values[42]: missing")
	dropped := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(names, holed, sensitivity.SobolOptions{DropMissing: true}))
	if !reflect.DeepEqual(dropped.S1, whole.S1) || !strings.Contains(dropped.Warnings[0], "1 of 11 blocks left out") {
		t.Errorf("dropping a block: %v %v", dropped.S1, dropped.Warnings)
	}
	for want, f := range map[string]func() (sensitivity.SobolIndices, error){
		"39 values for 2 factors, need a multiple of 4": func() (sensitivity.SobolIndices, error) {
			return sensitivity.Sobol(names, values[:39], sensitivity.SobolOptions{})
		},
		"no names": func() (sensitivity.SobolIndices, error) {
			return sensitivity.Sobol(nil, values, sensitivity.SobolOptions{})
		},
		"need at least 2": func() (sensitivity.SobolIndices, error) {
			return sensitivity.Sobol(names, values[:4], sensitivity.SobolOptions{})
		},
		"must be finite": func() (sensitivity.SobolIndices, error) {
			return sensitivity.Sobol(names, []float64{1, 2, 3, math.Inf(1)}, sensitivity.SobolOptions{})
		},
		"confidence: must lie in (0, 1)": func() (sensitivity.SobolIndices, error) {
			return sensitivity.Sobol(names, values, sensitivity.SobolOptions{Confidence: 95})
		},
	} {
		_, err := f()
		wantError(t, "sobol", err, want)
	}
}

// 64 base points of 2 factors with second order are 384 values, as are 96 base points without: only the size says
// which is likelier. The first index of a is 0.9, not the -0.28 of the wrong reading.
func TestSobolDoubtsTheOtherDesign(t *testing.T) {
	points := must[[][]float64](t)(sensitivity.Saltelli(sensitivity.UnitBounds(2), 64, sensitivity.SaltelliOptions{SecondOrder: true}))
	values := evaluate(points, func(x []float64) float64 { return 3*x[0] + x[1] })
	for second, wrong := range map[bool]bool{true: false, false: true} {
		got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol([]string{"a", "b"}, values, sensitivity.SobolOptions{SecondOrder: second}))
		doubted := slices.ContainsFunc(got.Warnings, func(w string) bool {
			return strings.Contains(w, "384 values are read as 96 base points without second order, but would be 64 with")
		})
		if doubted != wrong {
			t.Errorf("second order %v: S1 %v, warnings %q", second, got.S1, got.Warnings)
		}
	}
}

// A model linear in the factors' units (in the logarithm where they are covered so) has equal effects everywhere:
// its coefficient times the range; steps of whole numbers included.
func TestMorrisLinear(t *testing.T) {
	points := must[[][]float64](t)(sensitivity.MorrisDesign(mixed, 12, sensitivity.MorrisDesignOptions{Seed: 9, Levels: 6}))
	values := evaluate(points, func(x []float64) float64 { return 2*x[0] - 3*math.Log(x[1]) + 0.5*x[2] - 7*math.Log(x[3]) })
	got := must[sensitivity.MorrisIndices](t)(sensitivity.Morris(mixed, points, values, sensitivity.MorrisOptions{}))
	want := []float64{2 * 4, -3 * math.Log(1e4), 0.5 * 4, -7 * math.Log(365)}
	near(t, "mu", got.Mu, want, 1e-9)
	near(t, "mu star", got.MuStar, []float64{want[0], -want[1], want[2], -want[3]}, 1e-9)
	near(t, "sigma", got.Sigma, make([]float64, 4), 1e-9)
	near(t, "half width", got.MuStarConf, make([]float64, 4), 1e-9)
}

// The half width of mu* is the normal quantile times sd·sqrt((n-1)/n)/sqrt(n) of the absolute effects, known to a
// relative error of sqrt(1/(2B)).
func TestMorrisHalfWidth(t *testing.T) {
	var c morrisCase
	known(t, "morris_elementary_effects", &c)
	got := must[sensitivity.MorrisIndices](t)(sensitivity.Morris(sensitivity.UnitBounds(2), c.Input.X, c.Input.Y, sensitivity.MorrisOptions{Resamples: 20000}))
	for i, effects := range c.Expected.Effects {
		square := 0.0
		for _, e := range effects {
			square += math.Pow(math.Abs(e)-c.Expected.MuStar[i], 2)
		}
		want := 1.959963984540054 * math.Sqrt(square/6/6)
		near(t, "half width", got.MuStarConf[i:i+1], []float64{want}, want*5*math.Sqrt(1.0/40000))
	}
}

func TestMorrisEdges(t *testing.T) {
	b := sensitivity.UnitBounds(2)
	points := must[[][]float64](t)(sensitivity.MorrisDesign(b, 4, sensitivity.MorrisDesignOptions{}))
	values := evaluate(points, func(x []float64) float64 { return x[0] * x[1] })
	run := func(change func(p [][]float64, v []float64), o sensitivity.MorrisOptions) (sensitivity.MorrisIndices, error) {
		p := slices.Clone(points)
		for r := range p {
			p[r] = slices.Clone(p[r])
		}
		v := slices.Clone(values)
		change(p, v)
		return sensitivity.Morris(b, p, v, o)
	}
	_, err := run(func(p [][]float64, _ []float64) { copy(p[4], p[3]) }, sensitivity.MorrisOptions{})
	wantError(t, "no move", err, "points[3..5]: not a trajectory: step 1: moves no factor")
	_, err = run(func(p [][]float64, _ []float64) { p[1] = []float64{p[0][0] + 0.1, p[0][1] + 0.1} }, sensitivity.MorrisOptions{})
	wantError(t, "two moves", err, "step 1: moves both x1 and x2")
	_, err = run(func(p [][]float64, _ []float64) {
		p[1], p[2] = []float64{p[0][0] + 0.1, p[0][1]}, []float64{p[0][0] + 0.2, p[0][1]}
	}, sensitivity.MorrisOptions{})
	wantError(t, "one factor twice", err, "step 2: moves x1 a second time")
	_, err = run(func(_ [][]float64, v []float64) { v[1] = math.NaN() }, sensitivity.MorrisOptions{})
	wantError(t, "missing", err, "values[1]: missing")
	got := must[sensitivity.MorrisIndices](t)(run(func(_ [][]float64, v []float64) { v[1] = math.NaN() }, sensitivity.MorrisOptions{DropMissing: true}))
	if len(got.Warnings) != 2 || !strings.Contains(got.Warnings[0], "1 of 4 effects left out") {
		t.Errorf("warnings %v", got.Warnings)
	}
	flat := must[sensitivity.MorrisIndices](t)(run(func(_ [][]float64, v []float64) { clear(v) }, sensitivity.MorrisOptions{Scaled: true}))
	near(t, "constant output", flat.MuStar, []float64{0, 0}, 0)
	_, err = sensitivity.Morris(b, points[:5], values[:5], sensitivity.MorrisOptions{})
	wantError(t, "count", err, "5 points for 2 factors, need a multiple of 3")
	_, err = sensitivity.Morris(b, points, values[:5], sensitivity.MorrisOptions{})
	wantError(t, "values", err, "5 values for 12 points")
}

func TestTornado(t *testing.T) {
	base := []float64{1, 1, 1, 1}
	levels := [][]float64{{0, 2}, {0, 0.5, 2}, nil, {0.9, 1.1}}
	points := must[[][]float64](t)(sensitivity.OneWay(base, levels))
	values := evaluate(points, func(x []float64) float64 { return x[0] - 4*x[1]*x[1] + 3 + 0.1*x[3] - 0.1 })
	got := must[[]sensitivity.Swing](t)(sensitivity.Tornado([]string{"a", "b", "c", "d"}, base, levels, values))
	if len(got) != 3 || got[0].Name != "b" || got[1].Name != "a" || got[2].Name != "d" {
		t.Fatalf("order: %+v", got)
	}
	b := got[0]
	near(t, "b", []float64{b.Low, b.High, b.AtLow, b.AtHigh, b.Width}, []float64{-12, 4, 2, 0, 16}, 1e-12)
	if !b.SignChange || !got[1].SignChange {
		t.Error("a and b change the sign")
	}
	if want := (sensitivity.Swing{Name: "s", Levels: []float64{5, 6}, Values: []float64{3, 2}, Low: 1, High: 3, AtLow: 4, AtHigh: 5, Width: 2}); true {
		got := must[[]sensitivity.Swing](t)(sensitivity.Tornado([]string{"s"}, []float64{4}, [][]float64{{5, 6}}, []float64{1, 3, 2}))
		if !reflect.DeepEqual(got[0], want) {
			t.Errorf("base as the lowest: got %+v, want %+v", got[0], want)
		}
	}
	zero := must[[]sensitivity.Swing](t)(sensitivity.Tornado([]string{"z", "y"}, []float64{0, 0}, [][]float64{{1}, {1}}, []float64{0, 1, -1}))
	if zero[0].SignChange || zero[1].SignChange || zero[0].Name != "z" {
		t.Errorf("zero takes no side, ties keep factor order: %+v", zero)
	}
	_, err := sensitivity.Tornado([]string{"a"}, []float64{0}, [][]float64{{1, 2}}, []float64{1, math.NaN()})
	wantError(t, "count", err, "2 values, need 3")
	wantError(t, "missing", err, "values[1]: missing")
}

func TestBestMap(t *testing.T) {
	nan := math.NaN()
	values := [][]float64{{1, 2, 3}, {5, 5, 1}, {nan, 4, nan}, {nan, nan, nan}}
	got := must[sensitivity.StrategyMap](t)(sensitivity.BestMap([]float64{0, 1}, []float64{0, 1}, values, sensitivity.Higher))
	if want := [][]int{{2, 0}, {1, -1}}; !reflect.DeepEqual(got.Best, want) {
		t.Errorf("best %v, want %v", got.Best, want)
	}
	near(t, "margins", slices.Concat(got.Margin...), []float64{1, 0, nan, nan}, 0)
	near(t, "shares", got.Shares, []float64{1.0 / 3, 1.0 / 3, 1.0 / 3}, 1e-12)
	low := must[sensitivity.StrategyMap](t)(sensitivity.BestMap([]float64{0, 1}, []float64{0, 1}, values, sensitivity.Lower))
	if want := [][]int{{0, 2}, {1, -1}}; !reflect.DeepEqual(low.Best, want) || low.Margin[0][1] != 4 {
		t.Errorf("lowest %v %v, want %v", low.Best, low.Margin, want)
	}
	_, err := sensitivity.BestMap([]float64{0}, []float64{0}, values, sensitivity.Lower)
	wantError(t, "cells", err, "4 rows of values for a grid of 1 × 1")
	_, err = sensitivity.BestMap([]float64{0}, []float64{0}, values[:1], "up")
	wantError(t, "direction", err, `got "up"`)
	_, err = sensitivity.BestMap([]float64{0, 1}, []float64{0}, [][]float64{{1, 2}, {1, math.Inf(1)}}, sensitivity.Lower)
	wantError(t, "infinite", err, "points[1][1]: must be finite or NaN")
}

// TestIndicesOfAnyScale: indices do not depend on the unit of the output, and Morris' effects scale with it; squares of
// outputs of 1e200 and of 1e-200 leave the range of a float64.
func TestIndicesOfAnyScale(t *testing.T) {
	b := sensitivity.UnitBounds(3)
	f := func(x []float64) float64 { return x[0] + 2*x[1]*x[2] }
	points, err := sensitivity.Saltelli(b, 64, sensitivity.SaltelliOptions{SecondOrder: true})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := sensitivity.MorrisDesign(b, 8, sensitivity.MorrisDesignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := func(points [][]float64, shift int) []float64 {
		var out []float64
		for _, p := range points {
			out = append(out, math.Ldexp(f(p), shift))
		}
		return out
	}
	sobol := func(shift int) sensitivity.SobolIndices {
		r, err := sensitivity.Sobol(b.Names(), at(points, shift), sensitivity.SobolOptions{SecondOrder: true})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	morris := func(shift int, scaled bool) sensitivity.MorrisIndices {
		r, err := sensitivity.Morris(b, paths, at(paths, shift), sensitivity.MorrisOptions{Scaled: scaled})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	plain, effects, scaled := sobol(0), morris(0, false), morris(0, true)
	for _, shift := range []int{-700, -20, 20, 700, 1000} { // powers of two: not a digit may change
		r := sobol(shift)
		if !slices.Equal(r.S1, plain.S1) || !slices.Equal(r.ST, plain.ST) || !slices.Equal(r.STConf, plain.STConf) || !slices.Equal(r.S2, plain.S2) {
			t.Errorf("2^%d: indices %v, %v, want %v, %v", shift, r.S1, r.ST, plain.S1, plain.ST)
		}
		m, s := morris(shift, false), morris(shift, true)
		for i := range b {
			if want := math.Ldexp(effects.Sigma[i], shift); m.Sigma[i] != want || m.MuStarConf[i] != math.Ldexp(effects.MuStarConf[i], shift) {
				t.Errorf("2^%d: sigma %v, want %v; half width %v", shift, m.Sigma[i], want, m.MuStarConf[i])
			}
			if s.MuStar[i] != scaled.MuStar[i] {
				t.Errorf("2^%d: scaled effect %v, want %v", shift, s.MuStar[i], scaled.MuStar[i])
			}
		}
	}
}
