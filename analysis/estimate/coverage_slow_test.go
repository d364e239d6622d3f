package estimate_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"collectsim/analysis/estimate"
)

// Coverage of 95% intervals where the truth is known. 4000 trials have a binomial standard
// error of sqrt(0.95 * 0.05 / 4000) = 0.34 percentage points; coverage must lie in 93% to 97%.
const coverageTrials = 4000

// slow reports whether the long tests run; CI sets COLLECTSIM_SLOW=1.
func slow() bool { return os.Getenv("COLLECTSIM_SLOW") == "1" }

// covers fails unless the intervals of trial, one per seed, hold the truth in 93% to 97%.
func covers(t *testing.T, name string, truth float64, trial func(*rand.Rand) estimate.Estimate) {
	t.Helper()
	hits := 0
	for i := range coverageTrials {
		if e := trial(rand.New(rand.NewPCG(uint64(i), 0xc0))); e.Low <= truth && truth <= e.High {
			hits++
		}
	}
	share := float64(hits) / coverageTrials
	t.Logf("%-45s %.4f", name, share)
	if share < 0.93 || share > 0.97 {
		t.Errorf("%s: the 95%% interval covers %.2f%% of %d trials", name, 100*share, coverageTrials)
	}
}

func draw(rng *rand.Rand, n int, one func(*rand.Rand) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = one(rng)
	}
	return x
}

func TestCoverageOfMeansAndQuantiles(t *testing.T) {
	if !slow() {
		return
	}
	normal := func(r *rand.Rand) float64 { return 3 + r.NormFloat64() }
	gamma4 := func(r *rand.Rand) float64 {
		return r.ExpFloat64() + r.ExpFloat64() + r.ExpFloat64() + r.ExpFloat64()
	}
	for _, n := range []int{3, 10} {
		covers(t, "mean, normal", 3, func(r *rand.Rand) estimate.Estimate { return estimate.Mean(draw(r, n, normal), 0.95) })
	}
	covers(t, "mean, skewed (gamma 4), 40 replications", 4, func(r *rand.Rand) estimate.Estimate {
		return estimate.Mean(draw(r, 40, gamma4), 0.95)
	})
	covers(t, "0.9-quantile, exponential, 400 values", -math.Log(0.1), func(r *rand.Rand) estimate.Estimate {
		return estimate.Quantile(draw(r, 400, (*rand.Rand).ExpFloat64), 0.9, 0.95, estimate.Type7)
	})
	covers(t, "share, Wilson, 0.1 of 200", 0.1, func(r *rand.Rand) estimate.Estimate {
		k := 0
		for range 200 {
			if r.Float64() < 0.1 {
				k++
			}
		}
		return estimate.Share(k, 200, 0.95)
	})
}

// Cost and cured accounts share the environment, and the denominator is noisy.
func costAndCured(r *rand.Rand, n int, noise float64) (cost, cured []float64) {
	for range n {
		world := r.NormFloat64()
		cured = append(cured, 10+noise*(0.6*world+0.8*r.NormFloat64()))
		cost = append(cost, 25+noise*(world+r.NormFloat64()))
	}
	return cost, cured
}

func TestCoverageOfRatios(t *testing.T) {
	if !slow() {
		return
	}
	for _, noise := range []float64{1, 6} { // at 6 some of Fieller's sets are nearly unbounded
		covers(t, "ratio, Fieller, 8 replications", 2.5, func(r *rand.Rand) estimate.Estimate {
			cost, cured := costAndCured(r, 8, noise)
			return estimate.Ratio(cost, cured, 0.95)
		})
	}
	for _, method := range []estimate.BootstrapMethod{estimate.BCa, estimate.Percentile} {
		covers(t, "ratio, bootstrap, 60 replications", 2.5, func(r *rand.Rand) estimate.Estimate {
			cost, cured := costAndCured(r, 60, 1)
			return estimate.RatioBootstrap(cost, cured, 0.95, estimate.Resampling{Seed: r.Uint64(), Resamples: 999, Method: method})
		})
	}
}

// Exponential ends at rate 1 (paid) and, for competing ends, 0.5 (written off); uniform
// censoring up to 3.
func endings(r *rand.Rand, n int, writeOff float64) (times []float64, causes []string, ended []bool) {
	for range n {
		paid, off, censored := r.ExpFloat64(), math.Inf(1), 3*r.Float64()
		if writeOff > 0 {
			off = r.ExpFloat64() / writeOff
		}
		t, cause := min(paid, off, censored), estimate.Censored
		switch t {
		case paid:
			cause = "paid"
		case off:
			cause = "written off"
		}
		times, causes, ended = append(times, t), append(causes, cause), append(ended, cause != estimate.Censored)
	}
	return times, causes, ended
}

func TestCoverageOfSurvival(t *testing.T) {
	if !slow() {
		return
	}
	fit := func(r *rand.Rand, n int, o estimate.SurvivalOptions) estimate.Survival {
		times, _, ended := endings(r, n, 0)
		s, err := estimate.KaplanMeier(times, ended, o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	at := func(s estimate.Survival, when float64) (e estimate.Estimate) {
		for _, c := range s.Curve {
			if c.Time > when {
				break
			}
			e.Low, e.High = float64(c.Low), float64(c.High)
		}
		return e
	}
	for _, when := range []float64{0.4, 1.2} {
		covers(t, "Kaplan-Meier, log-log, 80 accounts", math.Exp(-when), func(r *rand.Rand) estimate.Estimate {
			return at(fit(r, 80, estimate.SurvivalOptions{}), when)
		})
		covers(t, "Kaplan-Meier, log, 300 accounts", math.Exp(-when), func(r *rand.Rand) estimate.Estimate {
			return at(fit(r, 300, estimate.SurvivalOptions{Transform: estimate.Log}), when)
		})
	}
	covers(t, "median, 100 accounts", math.Ln2, func(r *rand.Rand) estimate.Estimate {
		return fit(r, 100, estimate.SurvivalOptions{}).TimeTo(0.5)
	})
	covers(t, "restricted mean to 1.5, 100 accounts", 1-math.Exp(-1.5), func(r *rand.Rand) estimate.Estimate {
		return fit(r, 100, estimate.SurvivalOptions{Horizon: 1.5}).RestrictedMean
	})
}

func TestCoverageOfIncidence(t *testing.T) {
	if !slow() {
		return
	}
	for cause, share := range []float64{1 / 1.5, 0.5 / 1.5} { // paid, written off
		const when = 1.0
		covers(t, "Aalen-Johansen, 150 accounts", share*(1-math.Exp(-1.5*when)), func(r *rand.Rand) (e estimate.Estimate) {
			times, causes, _ := endings(r, 150, 0.5)
			in, err := estimate.AalenJohansen(times, causes, estimate.SurvivalOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range in.Curve {
				if c.Time > when {
					break
				}
				e.Low, e.High = float64(c.Low[cause]), float64(c.High[cause])
			}
			return e
		})
	}
}

func TestCoverageOfRollRates(t *testing.T) {
	if !slow() {
		return
	}
	rates := [][]float64{{0.9, 0.08, 0.02}, {0.4, 0.3, 0.3}, {0.1, 0.1, 0.8}}
	names := []string{"current", "1-29", "30+"}
	panel := func(r *rand.Rand) estimate.TransitionMatrix {
		var ids, states []string
		var months []float64
		for id := range 60 {
			s := id % 3
			for month := range 12 {
				ids, months, states = append(ids, string(rune('a'+id))), append(months, float64(month)), append(states, names[s])
				u := r.Float64()
				next := 0
				for u > rates[s][next] && next < 2 {
					u -= rates[s][next]
					next++
				}
				s = next
			}
		}
		m, err := estimate.Transitions(ids, months, states, estimate.PanelOptions{States: names})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for i := range names {
		for j := range names {
			covers(t, "roll rate "+names[i]+" to "+names[j], rates[i][j], func(r *rand.Rand) estimate.Estimate {
				m := panel(r)
				return estimate.Estimate{Low: float64(m.Low[i][j]), High: float64(m.High[i][j])}
			})
		}
	}
}

// The band must hold the whole path at once; paths are random walks around a known mean.
func TestCoverageOfBands(t *testing.T) {
	if !slow() {
		return
	}
	const times = 15
	covers(t, "band, 25 replications of 15 times", 0, func(r *rand.Rand) estimate.Estimate {
		paths := make([][]float64, 25)
		for i := range paths {
			level := 0.0
			for range times {
				level += r.NormFloat64()
				paths[i] = append(paths[i], level)
			}
		}
		b := estimate.Bands(paths, estimate.BandOptions{Seed: r.Uint64(), Draws: 999})
		e := estimate.Estimate{Low: math.Inf(-1), High: math.Inf(1)} // all bounds at once
		for at := range times {
			e.Low, e.High = max(e.Low, float64(b.BandLow[at])), min(e.High, float64(b.BandHigh[at]))
		}
		return e
	})
}
