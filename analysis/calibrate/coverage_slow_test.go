package calibrate_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"collectsim/analysis/calibrate"

	"gonum.org/v1/gonum/stat/distuv"
)

// TestCoverage repeats the recovery on independent data under independent seeds: the 95% intervals
// must hold the truth as often as a binomial count allows, and the mean of J must be that of its
// chi-squared distribution.
func TestCoverage(t *testing.T) {
	if os.Getenv("COLLECTSIM_SLOW") == "" {
		return
	}
	const repeats = 16
	s, settings, values := truth(t)
	there := s.Clone()
	for j, setting := range settings {
		path, _, _ := strings.Cut(setting, "=")
		if err := there.SetNumber(path, values[j]); err != nil {
			t.Fatal(err)
		}
	}
	held, j, df := 0, 0.0, 0
	for k := range repeats {
		x := s.Clone()
		x.Seed = uint64(500 + k)
		set := parse(t, observed(t, there, "reminders-only", uint64(100_000+100*k), 4))
		r := fit(t, x, settings, set, calibrate.Options{Lives: 2, Fresh: 10, Starts: 3, Iterations: 4})
		for i := range values {
			if p := &r.Parameters[i]; p.Interval[0] <= values[i] && values[i] <= p.Interval[1] {
				held++
			}
		}
		j, df = j+r.J, df+r.DF
	}
	// The least number of intervals that hold the truth in all but one in a million such tests, were the two
	// parameters of a fit independent; as they are not, that of one parameter in each fit, twice.
	least := 0
	for b := (distuv.Binomial{N: repeats, P: 0.95}); b.CDF(float64(least)) < 1e-6; least++ {
	}
	if held < 2*least {
		t.Errorf("%d of %d intervals hold the truth, at least %d expected", held, 2*repeats, 2*least)
	}
	if bound := 5 * math.Sqrt(2*float64(df)); !(math.Abs(j-float64(df)) <= bound) {
		t.Errorf("J adds up to %g over %d degrees of freedom, expected within %g of them", j, df, bound)
	}
}
