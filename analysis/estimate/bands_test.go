package estimate_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"collectsim/analysis/estimate"
)

func randomPaths(n, times int, rho float64, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	paths := make([][]float64, n)
	for i := range paths {
		common := rng.NormFloat64()
		for range times {
			paths[i] = append(paths[i], math.Sqrt(rho)*common+math.Sqrt(1-rho)*rng.NormFloat64())
		}
	}
	return paths
}

// criticalError bounds the error of the critical value from the draws: five standard errors
// of a sample quantile at 95%, with the density of |t| there taken from the t table.
func criticalError(draws int, df, critical float64) float64 {
	h := 1e-4
	density := (estimate.TTail(critical-h, df) - estimate.TTail(critical+h, df)) / (2 * h)
	return 5 * math.Sqrt(0.05*0.95/float64(draws)) / density
}

// One time, or many with one and the same deviation: the band is the t interval.
func TestBandOfOneTimeIsTheTInterval(t *testing.T) {
	const n, draws = 12, 20000
	want := estimate.TQuantile(0.975, n-1)
	for _, times := range []int{1, 9} {
		paths := randomPaths(n, times, 1, 4)
		b := estimate.Bands(paths, estimate.BandOptions{Seed: 1, Draws: draws})
		if got := float64(b.Critical); !(math.Abs(got-want) <= criticalError(draws, n-1, want)) {
			t.Errorf("%d times: critical value %v, want %v", times, got, want)
		}
		m := estimate.Mean([]float64{
			paths[0][0], paths[1][0], paths[2][0], paths[3][0], paths[4][0], paths[5][0],
			paths[6][0], paths[7][0], paths[8][0], paths[9][0], paths[10][0], paths[11][0],
		}, 0.95)
		near(t, "low", float64(b.Low[0]), m.Low, 1e-12)
		near(t, "high", float64(b.High[0]), m.High, 1e-12)
	}
}

// Independent times: P(max |T| <= c) lies between independence of the numerators under a
// common denominator (the studentised maximum modulus) and Bonferroni. Published: the 5%
// point of the maximum modulus for 5 means and infinite df is 2.569 (Stoline and Ury 1979).
func TestBandOfIndependentTimesIsTheMaximumModulus(t *testing.T) {
	const draws = 20000
	b := estimate.Bands(randomPaths(4000, 5, 0, 9), estimate.BandOptions{Seed: 2, Draws: draws})
	want := estimate.NormalQuantile((1 + math.Pow(0.95, 0.2)) / 2)
	if !(math.Abs(want-2.569) <= 5e-4) {
		t.Fatalf("closed form %v disagrees with the table", want)
	}
	h := 1e-4 // density of the maximum of 5 independent |Z|
	cdf := func(c float64) float64 { return math.Pow(math.Erf(c/math.Sqrt2), 5) }
	density := (cdf(want+h) - cdf(want-h)) / (2 * h)
	// 4000 replications leave the correlations with errors of 0.016, which move c in second
	// order only; the draws dominate.
	if got := float64(b.Critical); !(math.Abs(got-want) <= 5*math.Sqrt(0.05*0.95/draws)/density) {
		t.Errorf("critical value %v, want %v", got, want)
	}
}

// Few replications whose deviations are exactly orthogonal, five waves over eleven points:
// the critical value is the studentised maximum modulus of 5 means with 10 degrees of
// freedom, here by integrating over the common denominator.
func TestBandOfFewReplicationsIsStudentised(t *testing.T) {
	const n, k, draws = 11, 5, 20000
	paths := make([][]float64, n)
	for i := range paths {
		for wave := range k {
			angle := 2 * math.Pi * float64(i*(wave/2+1)) / n
			paths[i] = append(paths[i], math.Cos(angle-math.Pi/2*float64(wave%2)))
		}
	}
	cdf := func(c float64) float64 {
		var sum, weights float64
		for s := 0.005; s < 4; s += 0.005 { // density of chi/sqrt(df), up to a factor
			w := math.Pow(s, n-2) * math.Exp(-(n-1)*s*s/2)
			sum, weights = sum+w*math.Pow(math.Erf(c*s/math.Sqrt2), k), weights+w
		}
		return sum / weights
	}
	low, high := 1.0, 9.0
	for range 60 {
		if mid := (low + high) / 2; cdf(mid) < 0.95 {
			low = mid
		} else {
			high = mid
		}
	}
	density := (cdf(low+1e-4) - cdf(low-1e-4)) / 2e-4
	b := estimate.Bands(paths, estimate.BandOptions{Seed: 3, Draws: draws})
	if got := float64(b.Critical); !(math.Abs(got-low) <= 5*math.Sqrt(0.05*0.95/draws)/density) {
		t.Errorf("critical value %v, want %v", got, low)
	}
}

func TestBandsOfLittle(t *testing.T) {
	none := estimate.Bands(nil, estimate.BandOptions{})
	if none.N != 0 || len(none.Warnings) == 0 {
		t.Errorf("no paths: %+v", none)
	}
	one := estimate.Bands([][]float64{{1, 2}}, estimate.BandOptions{})
	if float64(one.Mean[1]) != 2 || !math.IsNaN(float64(one.Low[1])) || !math.IsNaN(float64(one.BandLow[1])) || len(one.Warnings) != 1 {
		t.Errorf("one path: %+v", one)
	}
	holed := estimate.Bands([][]float64{{1, 2}, {nan, 3}, {2, 2}}, estimate.BandOptions{})
	if holed.N != 2 || float64(holed.BandLow[1]) != 2 || float64(holed.BandHigh[1]) != 2 || len(holed.Warnings) != 2 {
		t.Errorf("NaN and a time without variance: %+v", holed)
	}
}

func TestBandsAreAFunctionOfTheirSeed(t *testing.T) {
	paths := randomPaths(10, 6, 0.3, 5)
	a, b := estimate.Bands(paths, estimate.BandOptions{Seed: 8}), estimate.Bands(paths, estimate.BandOptions{Seed: 8})
	if !reflect.DeepEqual(a, b) {
		t.Error("equal seeds differ")
	}
	if c := estimate.Bands(paths, estimate.BandOptions{Seed: 9}); c.Critical == a.Critical {
		t.Error("different seeds give the same critical value")
	}
	for i := range a.Mean {
		if a.BandLow[i] > a.Low[i] || a.BandHigh[i] < a.High[i] {
			t.Errorf("time %d: the band is narrower than the pointwise interval", i)
		}
	}
}
