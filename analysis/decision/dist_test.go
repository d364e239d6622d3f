package decision_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"

	"collectsim/analysis/decision"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestPublishedDistributions(t *testing.T) {
	var known struct {
		Expected []struct {
			Dist                      string
			Mean, SD, Var             float64
			Alpha, Beta, Shape, Scale float64
			MeanLog                   float64 `json:"meanlog"`
			SDLog                     float64 `json:"sdlog"`
			Quantiles                 map[string]float64
		}
		CI struct {
			RR      float64
			CI      []float64 `json:"ci95"`
			MeanLog float64   `json:"meanlog"`
			SDLog   float64   `json:"sdlog"`
		} `json:"lognormal_from_ci"`
		Tolerance struct{ RTol float64 }
	}
	readKnown(t, "psa_moments.json", &known)
	rtol := known.Tolerance.RTol
	for _, want := range known.Expected {
		var d decision.Distribution
		var err error
		switch want.Dist {
		case "beta":
			var b decision.Beta
			b, err = decision.BetaFromMoments(want.Mean, want.SD)
			near(t, "alpha", b.Alpha, want.Alpha, rtol)
			near(t, "beta", b.Beta, want.Beta, rtol)
			d = b
		case "gamma":
			var g decision.Gamma
			g, err = decision.GammaFromMoments(want.Mean, want.SD)
			near(t, "shape", g.Shape, want.Shape, rtol)
			near(t, "scale", g.Scale, want.Scale, rtol)
			d = g
		case "lognormal":
			var l decision.LogNormal
			want.SD = math.Sqrt(want.Var)
			l, err = decision.LogNormalFromMoments(want.Mean, want.SD)
			near(t, "meanlog", l.MeanLog, want.MeanLog, rtol)
			near(t, "sdlog", l.SDLog, want.SDLog, rtol)
			d = l
		default:
			t.Fatalf("distribution %q of the file is not tested", want.Dist)
		}
		if err != nil || len(want.Quantiles) != 3 {
			t.Fatal(err, want)
		}
		near(t, want.Dist+" mean", d.Mean(), want.Mean, rtol)
		near(t, want.Dist+" sd", d.SD(), want.SD, rtol)
		for text, q := range want.Quantiles {
			p, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			near(t, fmt.Sprintf("%s quantile %s", want.Dist, text), d.Quantile(p), q, rtol)
		}
	}
	l, err := decision.LogNormalFromInterval(known.CI.RR, known.CI.CI[0], known.CI.CI[1], 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "interval meanlog", l.MeanLog, known.CI.MeanLog, rtol)
	near(t, "interval sdlog", l.SDLog, known.CI.SDLog, rtol)
}

func TestDirichlet(t *testing.T) {
	// hesim vignettes/markov-cohort.Rmd, alpha_mono, row A; mean as in the published case.
	alpha := []float64{1251, 350, 116, 17}
	want := []float64{0.7214532871972318, 0.20184544405997693, 0.06689734717416378, 0.00980392156862745}
	got, err := decision.DirichletMean(alpha)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		near(t, "share", got[i], want[i], 1e-9)
		marginal, err := decision.DirichletMarginal(alpha, i)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "marginal mean", marginal.Mean(), want[i], 1e-12)
	}
	// Averaged over a grid of uniforms, shares have the Dirichlet mean and variance a(A-a)/(A^2(A+1)).
	const n = 100
	var mean, square float64
	for i := range n {
		for j := range n {
			row, err := decision.DirichletQuantile([]float64{2, 3}, []float64{(float64(i) + .5) / n, (float64(j) + .5) / n})
			if err != nil {
				t.Fatal(err)
			}
			near(t, "sum", row[0]+row[1], 1, 1e-15)
			mean, square = mean+row[0]/(n*n), square+row[0]*row[0]/(n*n)
		}
	}
	near(t, "mean over the grid", mean, 0.4, 1e-3) // the midpoint rule errs by some 1/n^2 but for the tails
	near(t, "variance over the grid", square-mean*mean, 2*3.0/(25*6), 1e-2)
	_, err = decision.DirichletQuantile([]float64{1, -1}, []float64{0})
	mustContain(t, err, "alpha[1]: -1", "u: 1 values", "u[0]: 0")
	_, err = decision.DirichletMean(nil)
	mustContain(t, err, "alpha: empty")
	_, err = decision.DirichletMarginal([]float64{1}, 0)
	mustContain(t, err, "always 1")
}

// The distribution function of the library undoes the quantile, down to where float64 ends.
func TestQuantilesInvertTheDistributionFunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(0.0001, 0.9999).Draw(t, "p")
		shape := math.Exp(rapid.Float64Range(math.Log(0.02), math.Log(1e4)).Draw(t, "log shape"))
		other := shape * math.Exp(rapid.Float64Range(-2, 2).Draw(t, "log ratio"))
		q := decision.Gamma{Shape: shape, Scale: 3}.Quantile(p)
		if !(q > 0) {
			t.Fatalf("gamma shape %v: quantile %v of p %v", shape, q, p)
		}
		near(t, "gamma", distuv.Gamma{Alpha: shape, Beta: 1.0 / 3}.CDF(q), p, 1e-9)
		if q := (decision.Beta{Alpha: shape, Beta: other}).Quantile(p); q < 0.9999 { // above, small shapes crowd the last floats under 1
			near(t, "beta", distuv.Beta{Alpha: shape, Beta: other}.CDF(q), p, 1e-8)
		}
		sd := rapid.Float64Range(0.01, 3).Draw(t, "sd")
		near(t, "lognormal", distuv.LogNormal{Mu: 1, Sigma: sd}.CDF(decision.LogNormal{MeanLog: 1, SDLog: sd}.Quantile(p)), p, 1e-9)
	})
}

func TestMomentsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(0.001, 0.999).Draw(t, "mean")
		sd := math.Sqrt(mean*(1-mean)) * rapid.Float64Range(0.01, 0.99).Draw(t, "share of the largest sd")
		b, err1 := decision.BetaFromMoments(mean, sd)
		g, err2 := decision.GammaFromMoments(1000*mean, 1000*sd)
		l, err3 := decision.LogNormalFromMoments(1000*mean, 1000*sd)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		near(t, "beta mean", b.Mean(), mean, 1e-9)
		near(t, "beta sd", b.SD(), sd, 1e-9)
		for _, d := range []decision.Distribution{g, l} {
			near(t, "mean", d.Mean(), 1000*mean, 1e-9)
			near(t, "sd", d.SD(), 1000*sd, 1e-9)
		}
	})
}

func TestDistributionErrors(t *testing.T) {
	_, err := decision.BetaFromMoments(1.2, 0.1)
	mustContain(t, err, "mean: 1.2")
	_, err = decision.BetaFromMoments(0.5, 0.5)
	mustContain(t, err, "sd: 0.5", "below 0.5")
	_, err = decision.GammaFromMoments(-1, math.NaN())
	mustContain(t, err, "mean: -1", "sd: NaN")
	_, err = decision.LogNormalFromMoments(math.Inf(1), 0)
	mustContain(t, err, "mean: +Inf", "sd: 0")
	_, err = decision.LogNormalFromInterval(3, 2, 1, 95)
	mustContain(t, err, "interval: 2 to 1", "estimate: 3", "confidence: 95")
}

// The quantile of Beta(1, b) is 1 - (1-p)^(1/b). The library alone gave 0.99999973 for 0.00161.
func TestBetaQuantileFarOut(t *testing.T) {
	for _, b := range []float64{1, 50, 200, 2000, 9999, 1e5} {
		for _, tail := range []float64{0.3, 1e-3, 1e-6, 1e-7, 1e-9} {
			p := 1 - tail
			got, want := decision.Beta{Alpha: 1, Beta: b}.Quantile(p), -math.Expm1(math.Log1p(-p)/b)
			if !(math.Abs(got-want) <= 1e-6*want) {
				t.Errorf("Beta(1, %v) at 1 - %v: got %v, want %v", b, tail, got, want)
			}
		}
	}
}
