package decision_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/decision"
)

// noisy draws parameters and the net benefits of two strategies, the second of which gains
// mean + slope·(sum of parameters)/sqrt(p) + luck. The gain that can be known is normal(mean, slope).
func noisy(n, p int, mean, slope, luck float64, random *rand.Rand) (decision.Parameters, [][]float64) {
	var x decision.Parameters
	nmb := [][]float64{make([]float64, n), make([]float64, n)}
	for i := range p {
		x.Names = append(x.Names, fmt.Sprintf("p%d", i))
		values := make([]float64, n)
		for r := range values {
			values[r] = random.NormFloat64()
			nmb[1][r] += slope / math.Sqrt(float64(p)) * values[r]
		}
		x.Values = append(x.Values, values)
	}
	for r := range n {
		nmb[0][r] = 1000 + 50*random.NormFloat64()
		nmb[1][r] += nmb[0][r] + mean + luck*random.NormFloat64()
	}
	return x, nmb
}

// unitLoss is E max(0, Z) - max(0, mean) of Z ~ normal(mean, sd).
func unitLoss(mean, sd float64) float64 {
	u := math.Abs(mean) / sd
	return sd * (math.Exp(-u*u/2)/math.Sqrt(2*math.Pi) - u*math.Erfc(u/math.Sqrt2)/2)
}

// withLuck is the value of perfect information that the samples give as they stand.
func withLuck(nmb [][]float64) float64 {
	means, top := make([]float64, len(nmb)), 0.0
	for r := range nmb[0] {
		highest := math.Inf(-1)
		for k := range nmb {
			means[k] += nmb[k][r] / float64(len(nmb[0]))
			highest = max(highest, nmb[k][r])
		}
		top += highest / float64(len(nmb[0]))
	}
	return top - slices.Max(means)
}

// TestLuckIsNotKnowable has nothing but luck: the value of information is 0. The explained variance is c·(F-1)·luck
// with F ~ F(c, n-1-c) for c terms, so its share of the luck's variance has standard deviation
// c/(n-1-c)·sqrt(2/c)·(1 + o(1)); 5 of them bound the value at 0.4·sd·sqrt(share). Counted as
// knowable, the luck alone is worth 0.4·sd.
func TestLuckIsNotKnowable(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct{ n, p, terms int }{{100, 7, 7}, {400, 7, 35}, {1000, 20, 40}, {5000, 3, 9}} {
		const sd = 40
		x, nmb := noisy(c.n, c.p, 0, 0, sd, random)
		k, err := decision.NewKnowable(x)
		if err != nil {
			t.Fatal(err)
		}
		got, se := k.EVPI(nmb)
		terms, rest := float64(c.terms), float64(c.n-1-c.terms)
		share := 5 * terms / rest * math.Sqrt(2/terms)
		if bound := unitLoss(0, sd*math.Sqrt(share)); !(got >= 0 && got <= bound) || !(float64(se) >= 0) {
			t.Errorf("%+v: got %g +- %g, want 0 to %g (with luck %g)", c, got, se, bound, unitLoss(0, sd))
		}
	}
	// On average over many runs it stays a small part of what luck pretends.
	total, raw := 0.0, 0.0
	const runs = 200
	for range runs {
		x, nmb := noisy(100, 7, 0, 0, 1, random)
		k, err := decision.NewKnowable(x)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := k.EVPI(nmb)
		total += v
		raw += withLuck(nmb)
	}
	// E sqrt(max(0, 1/F-free share)) <= sqrt(E max(0, share)) <= sqrt(sd of share).
	if bound := unitLoss(0, math.Sqrt(7./92*math.Sqrt(2./7))) * runs; total > bound || raw < 2*bound {
		t.Errorf("mean over runs: got %g, want at most %g; with luck %g", total/runs, bound/runs, raw/runs)
	}
}

// TestKnowableFindsTheKnownValue has a closed form: the gain that can be known is normal. The estimate's error over
// repetitions must be within 5 standard errors of their mean, and far from what counting luck gives.
func TestKnowableFindsTheKnownValue(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct{ mean, slope, luck float64 }{{0, 10, 20}, {-5, 10, 20}, {8, 10, 0}, {-10, 20, 60}} {
		want := unitLoss(c.mean, c.slope)
		const runs = 40
		var sum, squares, raw float64
		for range runs {
			x, nmb := noisy(4000, 4, c.mean, c.slope, c.luck, random)
			k, err := decision.NewKnowable(x)
			if err != nil {
				t.Fatal(err)
			}
			v, _ := k.EVPI(nmb)
			sum += v
			squares += v * v
			raw += withLuck(nmb) / runs
		}
		mean := sum / runs
		se := math.Sqrt((squares/runs - mean*mean) / (runs - 1))
		// The square root of an unbiased variance is biased by -variance(sd)/(2 sd); with 4,000 samples that is
		// below a hundredth of the value.
		if !(math.Abs(mean-want) <= 5*se+0.01*want) {
			t.Errorf("%+v: got %g +- %g, want %g", c, mean, se, want)
		}
		if !(math.Abs(raw-unitLoss(c.mean, math.Hypot(c.slope, c.luck))) <= 0.05*raw) {
			t.Errorf("%+v: samples give %g", c, raw)
		}
	}
}

// TestKnowableWithoutLuck agrees with the samples where squares and products explain all.
func TestKnowableWithoutLuck(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	x, nmb := noisy(500, 3, 0, 0, 0, random)
	// The gains are polynomials of uniform values, or of the normal scores of a heavy-tailed one.
	for i := range x.Values {
		for r := range x.Values[i] {
			x.Values[i][r] = float64((r*(2*i+7)+i*13)%500) + 0.5 // each value once
		}
	}
	nmb = append(nmb, make([]float64, 500))
	score := func(i, r int) float64 {
		if i == 0 {
			return normalQuantile(x.Values[0][r] / 500)
		}
		return x.Values[i][r]/100 - 2.5
	}
	for r := range 500 {
		nmb[1][r] = nmb[0][r] + 3*score(0, r) - score(1, r)*score(2, r)
		nmb[2][r] = nmb[0][r] + score(0, r)*score(0, r) - 1.1
	}
	for r, v := range x.Values[0] {
		x.Values[0][r] = math.Exp(5 * v / 100) // the ranks, and so the scores, stay
	}
	k, err := decision.NewKnowable(x)
	if err != nil || k.Terms != "linear, squares and products" {
		t.Fatalf("%v, %+v", err, k)
	}
	got, _ := k.EVPI(nmb)
	if want := withLuck(nmb); !(math.Abs(got-want) <= 1e-6*want) {
		t.Errorf("got %g, want %g", got, want)
	}
}

// normalQuantile by bisection, independent of the package.
func normalQuantile(p float64) float64 {
	low, high := -10., 10.
	for range 100 {
		if mid := (low + high) / 2; math.Erfc(-mid/math.Sqrt2)/2 < p {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// TestKnowableOfManyParameters: whatever is taken leaves every part of the jackknife a row to measure luck by; with 178
// parameters 20 rows to spare did not, and the standard error was NaN.
func TestKnowableOfManyParameters(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for _, p := range []int{100, 169, 170, 178, 190} {
		for n := p + 21; ; n++ {
			x, nmb := noisy(n, p, 0, 1, 1, random)
			k, err := decision.NewKnowable(x)
			if err != nil {
				continue
			}
			if _, se := k.EVPI(nmb); !se.Defined() {
				t.Errorf("%d samples of %d parameters: no standard error", n, p)
			}
			if spare := 21; p < 170 && n != p+spare {
				t.Errorf("%d parameters: %d samples are needed, want %d", p, n, p+spare)
			}
			break
		}
	}
}

// TestAboveAll: the value of one parameter above that of all is doubted, that of the parameter worth most.
func TestAboveAll(t *testing.T) {
	r := decision.PartialResult{EVPI: 3, Parameters: []decision.PartialValue{{Parameter: "a", EVPPI: 4}, {Parameter: "b", EVPPI: 5}, {Parameter: "c", EVPPI: 1}}}
	want := "knowing b alone is estimated at 5, above the 3 of knowing all, which cannot be: one of them is off, more samples are needed"
	if got := r.AboveAll(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, evpi := range []float64{5, 6} {
		if r.EVPI = evpi; r.AboveAll() != "" {
			t.Errorf("EVPI %v: got %q", evpi, r.AboveAll())
		}
	}
	if got := (decision.PartialResult{}).AboveAll(); got != "" {
		t.Errorf("no parameters: got %q", got)
	}
}

func TestKnowableRefuses(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	x, _ := noisy(27, 7, 0, 1, 1, random)
	if _, err := decision.NewKnowable(x); err == nil || err.Error() != "27 samples of 7 parameters: at least 28 are needed" {
		t.Errorf("got %v", err)
	}
	if _, err := decision.NewKnowable(decision.Parameters{}); err == nil || !strings.Contains(err.Error(), "no parameter is drawn") {
		t.Errorf("got %v", err)
	}
	x, nmb := noisy(60, 2, 0, 1, 0, random)
	x.Values[1] = x.Values[0] // the same twice: one term
	k, err := decision.NewKnowable(x)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := k.EVPI(nmb[:1]); v != 0 {
		t.Errorf("a single strategy: got %g", v)
	}
	nmb[1] = nmb[0]
	if v, se := k.EVPI(nmb); v != 0 || se != 0 {
		t.Errorf("equal strategies: got %g +- %g", v, se)
	}
	copy(x.Values[0], make([]float64, 60))
	if v, _ := k.EVPI(nmb); v != 0 {
		t.Errorf("a constant parameter: got %g", v)
	}
}

// A gain of 1 + x with x standard normal is above 0 with the chance Phi(1) = 0.841; with luck of standard deviation 5 on
// top it is so in Phi(1/sqrt(26)) = 0.578 of samples. The bound is 5 standard errors of intercept and slope, which move
// the crossing by phi(1) each.
func TestChanceOfBeingBestWithoutLuck(t *testing.T) {
	const n = 20000
	rng := rand.New(rand.NewPCG(3, 4))
	x, zero, gain := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
		gain[i] = 1 + x[i] + 5*rng.NormFloat64()
	}
	k, err := decision.NewKnowable(decision.Parameters{Names: []string{"x"}, Values: [][]float64{x}})
	if err != nil {
		t.Fatal(err)
	}
	bound := 5 * normalDensity(1) * math.Sqrt((26+25)/float64(n))
	for _, nmb := range [][][]float64{{zero, gain}, {gain, zero}} {
		prob := k.Prob(nmb)
		better := 1
		if &nmb[0][0] == &gain[0] {
			better = 0
		}
		if !(math.Abs(prob[better]-0.8413447) <= bound) || !(math.Abs(prob[0]+prob[1]-1) <= 1e-9) {
			t.Errorf("chances %v, want 0.841 within %.3f of the gain", prob, bound)
		}
	}
	s := decision.Samples{Strategies: []string{"a", "b"}, Cost: [][]float64{zero, zero}, Effect: [][]float64{zero, gain}}
	r, err := decision.FromSamples(s, decision.Options{WTP: []float64{1}})
	if err != nil {
		t.Fatal(err)
	}
	r.LeaveOutLuck(s, k)
	p := r.Acceptability[0]
	if !(math.Abs(p.Prob["b"]-0.5777) <= 5*math.Sqrt(0.25/n)) || !(math.Abs(p.ProbWithoutLuck["b"]-0.8413447) <= bound) {
		t.Errorf("chance %v with luck, %v without, want 0.578 and 0.841", p.Prob["b"], p.ProbWithoutLuck["b"])
	}
	if ties := k.Prob([][]float64{zero, zero}); !(math.Abs(ties[0]-0.5) <= 1e-9) {
		t.Errorf("ties share: %v", ties)
	}
}

func normalDensity(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }
