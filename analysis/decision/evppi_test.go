package decision_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/decision"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

var methods = []decision.Method{decision.SplineRegression, decision.BinMeans}

// sumOfTwo is the published closed form INB = 100 + 300 z1 + 400 z2, with a third parameter of no effect.
func sumOfTwo(seed uint64, n int) (decision.Parameters, [][]float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	z := [][]float64{normals(rng, n, 0, 1), normals(rng, n, 0, 1), normals(rng, n, 0, 1)}
	inb := make([]float64, n)
	for i := range inb {
		inb[i] = 100 + 300*z[0][i] + 400*z[1][i]
	}
	return decision.Parameters{Names: []string{"z1", "z2", "none"}, Values: z}, [][]float64{inb, make([]float64, n)}
}

func partial(t testing.TB, p decision.Parameters, nmb [][]float64, o decision.PartialOptions) decision.PartialResult {
	t.Helper()
	r, err := decision.PartialInformation(p, nmb, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// For one draw of z the chosen gain is max(0, -g) with g normal, so the sampling error of EVPPI from the
// drawn z alone is known; the regression adds sd(noise)*share to it at most.
func TestPartialInformationClosedForm(t *testing.T) {
	const n = 10_000
	p, nmb := sumOfTwo(2, n)
	for _, method := range methods {
		r := partial(t, p, nmb, decision.PartialOptions{Method: method})
		want := []float64{decision.EVPINormal(100, 300), decision.EVPINormal(100, 400), 0}
		noise := []float64{400, 300, 500}
		for i, v := range r.Parameters {
			se := float64(v.SE)
			bound := (math.Sqrt(300*300+400*400) + noise[i]) / math.Sqrt(n) // above the sd of any part of the estimate
			if i < 2 && !(se > bound/10 && se < bound) {
				t.Errorf("%s %s: se %v, theory bounds it by %v", method, v.Parameter, se, bound)
			}
			within(t, fmt.Sprintf("%s %s", method, v.Parameter), v.EVPPI, want[i], 5*se+v.Bias)
			if v.EVPPI > r.EVPI+5*float64(r.EVPISE) || v.EVPPI < 0 {
				t.Errorf("%s %s: %v is outside of 0 and the EVPI %v", method, v.Parameter, v.EVPPI, r.EVPI)
			}
		}
		within(t, "evpi", r.EVPI, decision.EVPINormal(100, 500), 5*float64(r.EVPISE))
	}
}

// Three strategies, a parameter with a curved effect: the conditional means are known, so EVPPI is a
// one-dimensional integral, done here by a fine midpoint rule.
func TestPartialInformationCurvedAndSkewed(t *testing.T) {
	const n = 20_000
	rng := rand.New(rand.NewPCG(5, 6))
	shapes := map[string]struct {
		quantile func(u float64) float64
		g        [2]func(x float64) float64
	}{
		"wave": {
			func(u float64) float64 { return 4 * u },
			[2]func(float64) float64{func(x float64) float64 { return 100 * math.Sin(2*x) }, func(x float64) float64 { return 30 * (x - 2.2) }},
		},
		"lognormal": {
			decision.LogNormal{MeanLog: 0, SDLog: 1}.Quantile,
			[2]func(float64) float64{func(x float64) float64 { return 40 * (x - 2) }, func(x float64) float64 { return 90 * (math.Log(x) - 0.2) }},
		},
		"very skewed": {
			decision.LogNormal{MeanLog: 0, SDLog: 2}.Quantile,
			[2]func(float64) float64{func(x float64) float64 { return 20 * (x - 9) }, func(x float64) float64 { return 60 * (math.Log(x) - 0.3) }},
		},
	}
	for _, name := range []string{"wave", "lognormal", "very skewed"} {
		shape := shapes[name]
		x, nmb := make([]float64, n), [][]float64{normals(rng, n, 0, 100), normals(rng, n, 0, 100), make([]float64, n)}
		for i := range x {
			x[i] = shape.quantile(rng.Float64())
			nmb[0][i] += shape.g[0](x[i])
			nmb[1][i] += shape.g[1](x[i])
		}
		const cells = 1_000_000
		var top, mean0, mean1 float64
		for i := range cells {
			v := shape.quantile((float64(i) + 0.5) / cells)
			g0, g1 := shape.g[0](v), shape.g[1](v)
			top, mean0, mean1 = top+max(0, g0, g1)/cells, mean0+g0/cells, mean1+g1/cells
		}
		want := top - max(0, mean0, mean1)
		for _, method := range methods {
			v := partial(t, decision.Parameters{Names: []string{name}, Values: [][]float64{x}}, nmb, decision.PartialOptions{Method: method, Seed: 3}).Parameters[0]
			within(t, name+" "+string(method), v.EVPPI, want, 5*float64(v.SE)+v.Bias)
		}
	}
}

// Without noise and with a straight line, the spline is exact: the value is that of the sample itself.
func TestPartialInformationExactOnLines(t *testing.T) {
	x := make([]float64, 500) // normal by its quantiles, so a straight line in x is one in its scores
	for i := range x {
		x[i] = 3 + 2*distuv.UnitNormal.Quantile((float64(i*7%500)+0.5)/500)
	}
	up, down, top, means := make([]float64, len(x)), make([]float64, len(x)), 0.0, [2]float64{}
	for i, v := range x {
		up[i], down[i] = 5*v-20, 7-3*v
		top += max(up[i], down[i], 0) / 500
		means[0], means[1] = means[0]+up[i]/500, means[1]+down[i]/500
	}
	want := top - max(means[0], means[1], 0)
	r := partial(t, decision.Parameters{Names: []string{"x"}, Values: [][]float64{x}}, [][]float64{up, down, make([]float64, 500)}, decision.PartialOptions{})
	near(t, "evppi", r.Parameters[0].EVPPI, want, 1e-9)
	near(t, "evpi", r.EVPI, want, 1e-9)
	within(t, "bias", r.Parameters[0].Bias, 0, 1e-6)
}

// A parameter of few values is grouped by value by either method; a constant one is worth nothing.
func TestPartialInformationOfFewValues(t *testing.T) {
	kind, constant, inb := make([]float64, 96), make([]float64, 96), make([]float64, 96)
	for i := range kind {
		kind[i] = float64(i % 3)
		inb[i] = []float64{-4, 1, 2}[i%3] + float64((i/3)%2*2-1) // the groups have the means -4, 1, 2
	}
	for _, method := range methods {
		r := partial(t, decision.Parameters{Names: []string{"kind", "constant"}, Values: [][]float64{kind, constant}},
			[][]float64{inb, make([]float64, 96)}, decision.PartialOptions{Method: method})
		near(t, string(method), r.Parameters[0].EVPPI, 1, 1e-12) // (0+1+2)/3 - max(0, -1/3)
		near(t, "constant", r.Parameters[1].EVPPI, 0, 0)
	}
}

// The mean of a maximum is at least the maximum of means: for bins the bound holds without any error.
func TestBinsNeverExceedEVPI(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(30, 60).Draw(t, "n")
		row := rapid.SliceOfN(rapid.Float64Range(-100, 100), n, n)
		nmb := [][]float64{row.Draw(t, "a"), row.Draw(t, "b"), row.Draw(t, "c")}
		r, err := decision.PartialInformation(decision.Parameters{Names: []string{"x"}, Values: [][]float64{row.Draw(t, "x")}}, nmb,
			decision.PartialOptions{Method: decision.BinMeans})
		if err != nil {
			t.Fatal(err)
		}
		if v := r.Parameters[0]; v.EVPPI < 0 || v.EVPPI > r.EVPI+1e-9 || v.Bias < 0 || !(v.SE >= 0) {
			t.Fatalf("%+v with evpi %v", v, r.EVPI)
		}
	})
}

// Any data that the types allow: many ties, few values, equal strategies. The answer is finite and in range.
func TestSplineSurvivesAnyData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(30, 80).Draw(t, "n")
		span := rapid.SampledFrom([]int{1, 8, 9, 12, 1000000}).Draw(t, "span")
		value := rapid.Map(rapid.IntRange(0, span), func(v int) float64 { return float64(v) * float64(v) })
		row := rapid.SliceOfN(value, n, n)
		a := row.Draw(t, "a")
		r, err := decision.PartialInformation(decision.Parameters{Names: []string{"x"}, Values: [][]float64{row.Draw(t, "x")}},
			[][]float64{a, row.Draw(t, "b"), a}, decision.PartialOptions{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		v := r.Parameters[0]
		if !(v.EVPPI >= 0) || !(v.SE >= 0) || !(v.Bias >= 0) || math.IsInf(v.EVPPI+v.Bias+float64(v.SE), 1) {
			t.Fatalf("%+v", v)
		}
	})
}

// Single values between two masses, of equal size or with nearly all at the upper one.
func TestSplineSurvivesUnevenValues(t *testing.T) {
	const n, single = 20_000, 130
	for _, middle := range []int{n / 2, single} {
		x, inb := make([]float64, n), normals(rand.New(rand.NewPCG(6, 6)), n, 0, 1)
		for i := range x {
			switch {
			case i >= middle+single/2:
				x[i] = 1
			case i >= middle-single/2:
				x[i] = float64(i-middle+single/2+1) / (single + 2)
			}
			inb[i] += 10 * (x[i] - 0.5)
		}
		v := partial(t, decision.Parameters{Names: []string{"x"}, Values: [][]float64{x}}, [][]float64{inb, make([]float64, n)}, decision.PartialOptions{}).Parameters[0]
		want := 0.0
		for _, xi := range x {
			want += max(0, 5-10*xi) / n // the best on average is above 0: what is won where it is below
		}
		within(t, "evppi", v.EVPPI, want, 5*float64(v.SE)+v.Bias)
	}
}

// Repeated data sets: the stated standard error is the spread of the estimate, and the mean is right.
func TestPartialInformationStandardError(t *testing.T) {
	const reps, n = 120, 400
	want := decision.EVPINormal(100, 300)
	for _, method := range methods {
		var sum, square, stated, bias float64
		for rep := range reps {
			p, nmb := sumOfTwo(uint64(1000+rep), n)
			p.Names, p.Values = p.Names[:1], p.Values[:1]
			v := partial(t, p, nmb, decision.PartialOptions{Method: method, Seed: uint64(rep)}).Parameters[0]
			sum, square = sum+v.EVPPI/reps, square+v.EVPPI*v.EVPPI/reps
			stated, bias = stated+float64(v.SE*v.SE)/reps, bias+v.Bias/reps
		}
		sd := math.Sqrt((square - sum*sum) * reps / (reps - 1))
		within(t, string(method)+" mean", sum, want, 5*sd/math.Sqrt(reps)+bias)
		// A standard deviation of reps values has the relative standard error 1/sqrt(2 reps); the method adds a tenth at most.
		near(t, string(method)+" standard error", math.Sqrt(stated)/sd, 1, 5/math.Sqrt(2*reps)+0.1)
	}
}

// For a straight line the regression is linear, and the delta method gives both parts of the variance:
// of max(0, -g) over the drawn z, and of the fitted line, whose effect on the value is that of
// (P(g<0), E[z; g<0]).
func TestSplineStandardErrorOfALine(t *testing.T) {
	const reps, n, mean, slope, noise = 30, 2000, 100.0, 300.0, 400.0
	z0 := -mean / slope
	prob, density := decision.ProbPositiveNormal(z0, 1), math.Exp(-z0*z0/2)/math.Sqrt(2*math.Pi)
	value := decision.EVPINormal(mean, slope)
	ofDraws := (slope*slope+mean*mean)*prob - mean*slope*density - value*value
	ofLine := noise * noise * (prob*prob + density*density)
	var stated float64
	for rep := range reps {
		p, nmb := sumOfTwo(uint64(2000+rep), n)
		p.Names, p.Values = p.Names[:1], p.Values[:1]
		v := partial(t, p, nmb, decision.PartialOptions{Seed: uint64(rep)}).Parameters[0]
		stated += float64(v.SE*v.SE) / reps
	}
	// 200 draws give a standard error within 1/sqrt(400); cross-validation keeps some curvature, 0.02 allowed.
	near(t, "standard error", math.Sqrt(stated/((ofDraws+ofLine)/n)), 1, 5/math.Sqrt(400*reps)+0.02)
}

// The methods share no code beyond the choice of the best strategy: they must agree on published draws.
func TestMethodsAgreeOnPublishedPSA(t *testing.T) {
	s, table := publishedPSA(t)
	p := decision.Parameters{Names: []string{"pFailChemo", "pFailRadio", "pFailSurg", "pDieSurg", "muDieCancer", "cChemo", "cRadio", "cSurg"}}
	for _, name := range p.Names {
		p.Values = append(p.Values, table[name])
	}
	nmb := s.NetBenefit(50000)
	spline := partial(t, p, nmb, decision.PartialOptions{})
	bins := partial(t, p, nmb, decision.PartialOptions{Method: decision.BinMeans})
	for i, v := range spline.Parameters {
		w := bins.Parameters[i]
		within(t, v.Parameter, v.EVPPI, w.EVPPI, 3*math.Hypot(float64(v.SE), float64(w.SE))+v.Bias+w.Bias)
		if v.EVPPI > spline.EVPI {
			t.Errorf("%s: %v is above the evpi %v", v.Parameter, v.EVPPI, spline.EVPI)
		}
	}
	if got := spline.Parameters[4].EVPPI; !(got > 1000) { // the hazard of dying drives the effects of all three
		t.Errorf("muDieCancer is worth %v only: %+v", got, spline.Parameters)
	}
}

func TestPartialInformationIsReproducibleAndWarns(t *testing.T) {
	p, nmb := sumOfTwo(8, 200)
	a := asJSON(t, partial(t, p, nmb, decision.PartialOptions{Seed: 7}))
	if b := asJSON(t, partial(t, p, nmb, decision.PartialOptions{Seed: 7})); a != b {
		t.Errorf("the same seed gives %s and %s", a, b)
	}
	if r := partial(t, p, nmb, decision.PartialOptions{Method: decision.BinMeans}); !hasWarning(r.Warnings, "evppi of none:") || hasWarning(r.Warnings, "evppi of z2") {
		t.Errorf("warnings %q for %+v", r.Warnings, r.Parameters)
	}
}

func TestPartialInformationErrors(t *testing.T) {
	_, err := decision.PartialInformation(decision.Parameters{Names: []string{"x"}, Values: [][]float64{{1, math.NaN()}}},
		[][]float64{{1, 2, 3}, {1, 2}}, decision.PartialOptions{Method: "forest"})
	mustContain(t, err, `method: "forest"`, "30 samples", "nmb[1]: 2 values, must be 3", "parameters[x]: 2 values", "parameters[x][1]: NaN")
	_, err = decision.PartialInformation(decision.Parameters{}, nil, decision.PartialOptions{})
	mustContain(t, err, "parameters: 0 names", "nmb: at least one")
}

func BenchmarkPartialInformation(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 9))
	x := normals(rng, 10_000, 0, 1)
	var nmb [][]float64
	for k := range 10 {
		row := normals(rng, len(x), 0, 100)
		for i := range row {
			row[i] += float64(k-5) * 20 * x[i]
		}
		nmb = append(nmb, row)
	}
	p := decision.Parameters{Names: []string{"x"}, Values: [][]float64{x}}
	for _, method := range methods {
		b.Run("method="+string(method), func(b *testing.B) {
			for b.Loop() {
				if v := partial(b, p, nmb, decision.PartialOptions{Method: method}).Parameters[0]; v.EVPPI < 20 {
					b.Fatal(v)
				}
			}
		})
	}
}

// TestEVPPIOfTiedStrategies: one strategy gains mu + x + noise over the other, x and noise standard normal, so that knowing x is worth
// phi(mu) - mu(1-Phi(mu)) by theory. With a clear leader that is what comes out on average; of tied strategies it is lower by the mean of the
// positive part of a mean of n differences, sqrt(2/n)/sqrt(2 pi). The standard error is no less than the
// spread of the estimates.
func TestEVPPIOfTiedStrategies(t *testing.T) {
	const worlds, n = 400, 400
	draw := rand.New(rand.NewPCG(5, 6))
	for mu, want := range map[float64]float64{
		0:   (1 - math.Sqrt(2.0/n)) / math.Sqrt(2*math.Pi),
		0.5: math.Exp(-0.125)/math.Sqrt(2*math.Pi) - 0.5*math.Erfc(0.5/math.Sqrt2)/2,
	} {
		sum, squares, variance := 0.0, 0.0, 0.0
		for w := range worlds {
			x, gain, none := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range x {
				x[i] = draw.NormFloat64()
				gain[i] = mu + x[i] + draw.NormFloat64()
			}
			r, err := decision.PartialInformation(decision.Parameters{Names: []string{"x"}, Values: [][]float64{x}}, [][]float64{none, gain}, decision.PartialOptions{Seed: uint64(w)})
			if err != nil {
				t.Fatal(err)
			}
			v := r.Parameters[0]
			sum, squares = sum+v.EVPPI-v.Bias, squares+(v.EVPPI-v.Bias)*(v.EVPPI-v.Bias)
			variance += float64(v.SE) * float64(v.SE) / worlds
		}
		m := sum / worlds
		spread := math.Sqrt(squares/worlds - m*m)
		if !(math.Abs(m-want) <= 4*spread/math.Sqrt(worlds)) {
			t.Errorf("mu %g: EVPPI %.4f (se %.4f), want %.4f", mu, m, spread/math.Sqrt(worlds), want)
		}
		// It may be larger: that of the highest gain is taken whole, though the mean that is subtracted moves with it.
		if least := 1 - 4/math.Sqrt(2*worlds); !(math.Sqrt(variance) >= least*spread) {
			t.Errorf("mu %g: standard error %.4f, spread of the estimates %.4f", mu, math.Sqrt(variance), spread)
		}
	}
}
