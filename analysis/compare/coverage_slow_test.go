package compare_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"collectsim/analysis/compare"
)

// 4000 trials have a binomial standard error of 0.34 percentage points at 95%.
const coverageTrials = 4000

// slow reports whether the long tests run; CI sets COLLECTSIM_SLOW=1.
func slow() bool { return os.Getenv("COLLECTSIM_SLOW") == "1" }

func within(t *testing.T, name string, hits int, low, high float64) {
	t.Helper()
	share := float64(hits) / coverageTrials
	t.Logf("%-45s %.4f", name, share)
	if share < low || share > high {
		t.Errorf("%s: %.2f%% of %d trials, want %.0f%% to %.0f%%", name, 100*share, coverageTrials, 100*low, 100*high)
	}
}

// family draws a champion and challengers with the given true effects under common random
// numbers: most of the variance is the world's.
func family(r *rand.Rand, n int, effects []float64) (champion compare.Series, challengers []compare.Series) {
	challengers = make([]compare.Series, len(effects))
	for range n {
		world := 3 * r.NormFloat64()
		champion.Values = append(champion.Values, world+r.NormFloat64())
		for k, effect := range effects {
			challengers[k].Values = append(challengers[k].Values, world+effect+r.NormFloat64())
		}
	}
	return champion, challengers
}

func TestCoverageOfPairedDifferences(t *testing.T) {
	if !slow() {
		return
	}
	for _, n := range []int{4, 12} {
		hits := 0
		for i := range coverageTrials {
			champion, c := family(rand.New(rand.NewPCG(uint64(i), 0xc1)), n, []float64{0.5})
			d := compare.Paired(c[0].Values, champion.Values, 0.95).Difference
			if d.Low <= 0.5 && 0.5 <= d.High {
				hits++
			}
		}
		within(t, "paired difference", hits, 0.93, 0.97)
	}
}

// Differences with heavy tails (Student's t of 3 degrees of freedom): the interval is none the worse. A skewed one costs the interval a few
// points, which docs/metrics.md tells; from what it tells here, 5 binomial standard errors.
func TestCoverageOfUnevenDifferences(t *testing.T) {
	if !slow() {
		return
	}
	tails := func(r *rand.Rand) float64 {
		squares := 0.0
		for range 3 {
			v := r.NormFloat64()
			squares += v * v
		}
		return r.NormFloat64() / math.Sqrt(squares/3)
	}
	exponential := func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 }
	skewed := func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64()) - math.Exp(0.5) }
	for _, c := range []struct {
		name  string
		draw  func(*rand.Rand) float64
		n     int
		share float64
	}{
		{"heavy tails, 20", tails, 20, 0.95},
		{"exponential, 20", exponential, 20, 0.92},
		{"exponential, 100", exponential, 100, 0.94},
		{"lognormal, 20", skewed, 20, 0.87},
		{"lognormal, 100", skewed, 100, 0.915},
	} {
		hits := 0
		for i := range coverageTrials {
			r := rand.New(rand.NewPCG(uint64(i), 0xc5))
			a, b := make([]float64, c.n), make([]float64, c.n)
			for k := range a {
				world := 3 * r.NormFloat64()
				a[k], b[k] = world+c.draw(r), world
			}
			if d := compare.Paired(a, b, 0.95).Difference; d.Low <= 0 && 0 <= d.High {
				hits++
			}
		}
		error5 := 5 * math.Sqrt(c.share*(1-c.share)/coverageTrials)
		within(t, "paired difference, "+c.name, hits, c.share-error5, c.share+error5)
	}
}

// All of four simultaneous intervals at once hold the truth in at least 95% (Bonferroni: not
// many more, as the challengers share the champion's luck), and among four challengers
// without effect a false difference is claimed in at most 5% of the families.
func TestFamilyErrorRates(t *testing.T) {
	if !slow() {
		return
	}
	effects, none := []float64{0, 0.3, -0.6, 2}, make([]float64, 4)
	covered, calm := 0, 0
	for i := range coverageTrials {
		r := rand.New(rand.NewPCG(uint64(i), 0xc2))
		champion, c := family(r, 10, effects)
		all := true
		for k, got := range compare.Challengers(overdue, champion, c, compare.Options{}, nil) {
			all = all && float64(got.Low) <= effects[k] && effects[k] <= float64(got.High)
		}
		if all {
			covered++
		}
		champion, c = family(r, 10, none)
		quiet := true
		for _, got := range compare.Challengers(overdue, champion, c, compare.Options{}, nil) {
			quiet = quiet && got.Verdict.Outcome == compare.Unclear
		}
		if quiet {
			calm++
		}
	}
	within(t, "four simultaneous intervals", covered, 0.94, 0.99)
	within(t, "four challengers without effect", calm, 0.94, 0.99)
}

// Power: the replications said to be needed tell the difference about as often as promised.
func TestReplicationsNeededReachThePower(t *testing.T) {
	if !slow() {
		return
	}
	const effect = 0.8 // of paired differences with standard deviation sqrt(2)
	n, err := compare.ReplicationsNeeded(effect, 1.4142135623730951, 0.95, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	hits := 0
	for i := range coverageTrials {
		champion, c := family(rand.New(rand.NewPCG(uint64(i), 0xc3)), n, []float64{effect})
		if compare.Paired(c[0].Values, champion.Values, 0.95).Difference.Excludes(0) {
			hits++
		}
	}
	within(t, "power at the replications needed", hits, 0.78, 0.84)
}
