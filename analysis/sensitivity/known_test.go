package sensitivity_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"collectsim/analysis/sensitivity"
)

// known decodes a case of testdata/known; each file names its source.
func known(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/known/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(x T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
}

// near compares lists within an absolute tolerance; NaN equals only NaN.
func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.IsNaN(got[i]) != math.IsNaN(want[i]) || math.Abs(got[i]-want[i]) > tolerance {
			t.Errorf("%s[%d] = %.10g, want %.10g ± %g", what, i, got[i], want[i], tolerance)
		}
	}
}

func evaluate(points [][]float64, f func([]float64) float64) []float64 {
	values := make([]float64, len(points))
	for r, x := range points {
		values[r] = f(x)
	}
	return values
}

func TestSobolSequenceFirstPoints(t *testing.T) {
	var c struct {
		Expected struct{ Points [][]float64 }
	}
	known(t, "sobol_sequence_points", &c)
	got := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(4), 16, sensitivity.SequenceOptions{}))
	for r, want := range c.Expected.Points {
		near(t, "point", got[r], want, 0)
	}
	skipped := must[[][]float64](t)(sensitivity.SobolSequence(sensitivity.UnitBounds(4), 11, sensitivity.SequenceOptions{Skip: 5}))
	for r := range skipped {
		near(t, "after skip", skipped[r], c.Expected.Points[r+5], 0)
	}
}

type ishigamiCase struct {
	Input struct {
		A, B   float64
		Bounds [][2]float64
	}
	Expected struct {
		Mean, Variance float64
		S1, ST         []float64
		S2             map[string]float64
	}
}

func (c ishigamiCase) bounds() sensitivity.Bounds {
	b := sensitivity.UnitBounds(len(c.Input.Bounds))
	for i, r := range c.Input.Bounds {
		b[i].Low, b[i].High = r[0], r[1]
	}
	return b
}

func (c ishigamiCase) model(x []float64) float64 {
	s := math.Sin(x[1])
	return math.Sin(x[0]) + c.Input.A*s*s + c.Input.B*math.Pow(x[2], 4)*math.Sin(x[0])
}

// every way to draw the base sample; the known answers must come out of each.
var sequences = map[string]sensitivity.SequenceOptions{
	"plain":   {},
	"skipped": {Skip: 4096},
	"shifted": {Scramble: sensitivity.DigitalShift, Seed: 1},
	"owen":    {Scramble: sensitivity.OwenScramble, Seed: 1},
}

func TestSobolIshigami(t *testing.T) {
	var c ishigamiCase
	known(t, "sobol_ishigami", &c)
	for name, seq := range sequences {
		for _, second := range []bool{false, true} {
			points := must[[][]float64](t)(sensitivity.Saltelli(c.bounds(), 4096, sensitivity.SaltelliOptions{SecondOrder: second, Sequence: seq}))
			got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(c.bounds().Names(), evaluate(points, c.model),
				sensitivity.SobolOptions{SecondOrder: second, Seed: 1}))
			near(t, name+" S1", got.S1, c.Expected.S1, 0.02)
			near(t, name+" ST", got.ST, c.Expected.ST, 0.02)
			near(t, name+" mean, variance", []float64{got.Mean, got.Variance}, []float64{c.Expected.Mean, c.Expected.Variance}, 0.2)
			if want := map[bool]int{true: 3}[second]; len(got.S2) != want {
				t.Fatalf("%s: %d pairs, want %d", name, len(got.S2), want)
			}
			for _, p := range got.S2 {
				near(t, name+" S2 "+p.A+p.B, []float64{p.S2}, []float64{c.Expected.S2[p.A+p.B]}, 0.02)
			}
		}
	}
}

// gFunction is that of Saltelli and Sobol (1995): Π (|4x_i-2|+a_i)/(1+a_i) on the unit cube. Partial variances are
// V_i = 1/(3(1+a_i)²), the total V = Π(1+V_i) - 1, and V_Ti = V_i Π_{j≠i}(1+V_j).
func gFunction(a []float64) (model func([]float64) float64, s1, st []float64) {
	model = func(x []float64) float64 {
		y := 1.0
		for i := range x {
			y *= (math.Abs(4*x[i]-2) + a[i]) / (1 + a[i])
		}
		return y
	}
	all := 1.0
	for i := range a {
		all *= 1 + 1/(3*(1+a[i])*(1+a[i]))
	}
	for i := range a {
		v := 1 / (3 * (1 + a[i]) * (1 + a[i]))
		s1, st = append(s1, v/(all-1)), append(st, v*all/(1+v)/(all-1))
	}
	return model, s1, st
}

func TestSobolGFunction(t *testing.T) {
	model, s1, st := gFunction([]float64{0, 1, 4.5, 9, 99, 99, 99, 99})
	b := sensitivity.UnitBounds(8)
	for name, seq := range sequences {
		points := must[[][]float64](t)(sensitivity.Saltelli(b, 4096, sensitivity.SaltelliOptions{Sequence: seq}))
		got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(b.Names(), evaluate(points, model), sensitivity.SobolOptions{Seed: 1}))
		near(t, name+" S1", got.S1, s1, 0.02)
		near(t, name+" ST", got.ST, st, 0.02)
	}
}

// Twelve factors that all matter: with the origin in the sample, total-order indices would be off by up to 0.1.
func TestSobolManyFactors(t *testing.T) {
	a := make([]float64, 12)
	for i := range a {
		a[i] = float64(i) / 2
	}
	model, s1, st := gFunction(a)
	b := sensitivity.UnitBounds(len(a))
	points := must[[][]float64](t)(sensitivity.Saltelli(b, 4096, sensitivity.SaltelliOptions{}))
	got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(b.Names(), evaluate(points, model), sensitivity.SobolOptions{Resamples: 10}))
	near(t, "S1", got.S1, s1, 0.02)
	near(t, "ST", got.ST, st, 0.02)
}

// Half widths cover the exact index at least as often as they say; trials know that to sqrt(p(1-p)/trials).
func TestSobolCoverage(t *testing.T) {
	const trials = 200
	var c ishigamiCase
	known(t, "sobol_ishigami", &c)
	hit := make([]float64, 4)
	for seed := range uint64(trials) {
		o := sensitivity.SaltelliOptions{Sequence: sensitivity.SequenceOptions{Scramble: sensitivity.OwenScramble, Seed: seed}}
		points := must[[][]float64](t)(sensitivity.Saltelli(c.bounds(), 512, o))
		got := must[sensitivity.SobolIndices](t)(sensitivity.Sobol(c.bounds().Names(), evaluate(points, c.model), sensitivity.SobolOptions{Seed: seed, Confidence: 0.9}))
		for i := range 2 {
			if math.Abs(got.S1[i]-c.Expected.S1[i]) <= got.S1Conf[i] {
				hit[i]++
			}
			if math.Abs(got.ST[i]-c.Expected.ST[i]) <= got.STConf[i] {
				hit[2+i]++
			}
		}
	}
	for i, n := range hit {
		if share := n / trials; share < 0.9-5*math.Sqrt(0.9*0.1/trials) {
			t.Errorf("interval %d covers the exact index in %g of the trials, want 0.9", i, share)
		}
	}
}

type morrisCase struct {
	Input struct {
		X     [][]float64
		Y     []float64
		Delta float64
	}
	Expected struct {
		Effects [][]float64 `json:"elementary_effects"`
		Mu      []float64
		MuStar  []float64 `json:"mu_star"`
		Sigma   []float64 `json:"sigma_n_minus_1"`
		Scaled  struct {
			Mu     []float64
			MuStar []float64 `json:"mu_star"`
			Sigma  []float64
		} `json:"scaled_by_sd(SALib)"`
	}
	Extra struct {
		Outputs []float64
		Order   []int     `json:"changed_factor_order_1based"`
		Effects []float64 `json:"expected_ee_by_factor"`
		Delta   float64
		ATol    float64
	} `json:"extra_single_trajectory"`
}

func TestMorrisSixTrajectories(t *testing.T) {
	var c morrisCase
	known(t, "morris_elementary_effects", &c)
	b := sensitivity.UnitBounds(2)
	got := must[sensitivity.MorrisIndices](t)(sensitivity.Morris(b, c.Input.X, c.Input.Y, sensitivity.MorrisOptions{}))
	for i := range b {
		near(t, "effects", got.Effects[i], c.Expected.Effects[i], 1e-9)
	}
	near(t, "mu", got.Mu, c.Expected.Mu, 1e-9)
	near(t, "mu star", got.MuStar, c.Expected.MuStar, 1e-9)
	near(t, "sigma", got.Sigma, c.Expected.Sigma, 1e-9)

	scaled := must[sensitivity.MorrisIndices](t)(sensitivity.Morris(b, c.Input.X, c.Input.Y, sensitivity.MorrisOptions{Scaled: true}))
	near(t, "scaled mu", scaled.Mu, c.Expected.Scaled.Mu, 1e-6)
	near(t, "scaled mu star", scaled.MuStar, c.Expected.Scaled.MuStar, 1e-6)
	near(t, "scaled sigma", scaled.Sigma, c.Expected.Scaled.Sigma, 1e-6)
}

// The published trajectory gives outputs and the order of factors, not the direction of each step: the sign of the
// published effect tells it. Size and factor of each effect are then tested, exactly against the outputs and within
// the published rounding against the table.
func TestMorrisFifteenFactors(t *testing.T) {
	var c morrisCase
	known(t, "morris_elementary_effects", &c)
	e := c.Extra
	k := len(e.Order)
	row := make([]float64, k)
	points := [][]float64{append([]float64(nil), row...)}
	exact := make([]float64, k)
	for s, factor := range e.Order {
		i := factor - 1
		rise := e.Outputs[s+1] - e.Outputs[s]
		step := math.Copysign(e.Delta, rise*e.Effects[i])
		row[i] += step
		exact[i] = rise / step
		points = append(points, append([]float64(nil), row...))
	}
	got := must[sensitivity.MorrisIndices](t)(sensitivity.Morris(sensitivity.UnitBounds(k), points, e.Outputs, sensitivity.MorrisOptions{}))
	near(t, "effects", got.Mu, exact, 1e-9)
	near(t, "published effects", got.Mu, e.Effects, e.ATol)
	if len(got.Warnings) == 0 || !math.IsNaN(got.Sigma[0]) {
		t.Error("one trajectory has no sigma and must be doubted")
	}
}
