package scenario_test

import (
	"math"
	"testing"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// TestQuantilesKeepTheDeclaration: of a drawn parameter the declared value is the median and the declared range the
// central 95%, also where the value is not in the middle; quantiles rise.
func TestQuantilesKeepTheDeclaration(t *testing.T) {
	for _, dist := range []string{"normal", "lognormal", "logit-normal"} {
		for _, value := range []float64{0.05, 0.2, 0.29, 0.3} {
			m := overlay.ParamMeta{Path: "x", Dist: dist, Low: 0.04, High: 0.3, HasRange: true}
			at := func(u float64) float64 {
				x, err := scenario.Quantile(m, value, u)
				if err != nil {
					t.Fatal(err)
				}
				return x
			}
			for u, want := range map[float64]float64{0.025: 0.04, 0.5: value, 0.975: 0.3} {
				if got := at(u); !(math.Abs(got-want) <= 1e-12) {
					t.Errorf("%s of median %g: quantile %g is %g, want %g", dist, value, u, got, want)
				}
			}
			for u := 0.01; u < 0.985; u += 0.01 {
				if at(u+0.01) < at(u) {
					t.Errorf("%s of median %g: quantiles fall at %g", dist, value, u)
				}
			}
		}
	}
}
