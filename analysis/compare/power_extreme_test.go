package compare_test

import (
	"math"
	"testing"
	"time"

	"collectsim/analysis/compare"
)

// TestPowerOfNextToNobody: the sum over the noncentral t took as many terms as one over the degrees of freedom, which
// a split of a million to one of two accounts has next to none of: plan-test took minutes.
func TestPowerOfNextToNobody(t *testing.T) {
	start := time.Now()
	for _, ratio := range []float64{1e-3, 1e-6, 1e-12} {
		d := compare.Design{Ratio: ratio}
		if p := d.MeanPower(0.5, 1, 2); !(p > 0 && p < 0.05) {
			t.Errorf("ratio %v: power %v, want next to none", ratio, p)
		}
		if _, err := d.MeanSize(0.001, 1, 0.8); err == nil {
			t.Errorf("ratio %v: found a size", ratio)
		}
		if p, q := d.MeanPower(1, 1, 3), d.MeanPower(1, 1, 1e9); p >= q {
			t.Errorf("ratio %v: power %v of 3, %v of 10^9", ratio, p, q)
		}
	}
	if took := time.Since(start); took > 20*time.Second { // it takes milliseconds, and took many minutes
		t.Errorf("took %v", took)
	}
}

// TestPowerOfNonsense: what has no power is NaN or an error at once, and never a search without end.
func TestPowerOfNonsense(t *testing.T) {
	var d compare.Design
	nan, inf := math.NaN(), math.Inf(1)
	for _, x := range [][3]float64{{1, 1, 1}, {1, 1, 0}, {1, 1, -3}, {1, -1, 9}, {nan, 1, 9}, {1, nan, 9}, {1, 1, nan}, {0, 0, 9}, {0, 1, inf}, {inf, inf, 9}} {
		if p := d.MeanPower(x[0], x[1], x[2]); !math.IsNaN(p) {
			t.Errorf("MeanPower(%v) = %v", x, p)
		}
		if p := d.PairedPower(x[0], x[1], x[2]); !math.IsNaN(p) && x != [3]float64{0, 1, inf} {
			t.Errorf("PairedPower(%v) = %v", x, p)
		}
	}
	for _, x := range [][3]float64{{1, 0, 9}, {inf, 1, 9}, {1, 1, inf}, {1, 1e-320, 9}, {1e308, 1e-10, 4}} {
		if p := d.MeanPower(x[0], x[1], x[2]); p != 1 {
			t.Errorf("MeanPower(%v) = %v, want 1", x, p)
		}
	}
	if p := d.MeanPower(1e-160, 1, 1e308); !(p > 0.02 && p < 0.03) { // the level on one side
		t.Errorf("an effect of nothing: power %v", p)
	}
	for _, sd := range []float64{0, -1, nan, inf} {
		if x, err := d.MeanDetectable(sd, 9, 0.8); err == nil {
			t.Errorf("MeanDetectable of sd %v = %v", sd, x)
		}
		if x, err := d.MeanSize(1, sd, 0.8); err == nil {
			t.Errorf("MeanSize of sd %v = %v", sd, x)
		}
	}
}

func TestHazardOfNonsense(t *testing.T) {
	if a, b := compare.HazardSize(0.8, 1, 0.5, 0.5, 1+1e-12, 0.05); a != math.MaxInt || b != math.MaxInt {
		t.Errorf("ratio next to 1: %d, %d", a, b)
	}
	if p := compare.HazardPower(100, 100, 0.5, 0.5, 1, 0.05); !(math.Abs(p-0.025) <= 1e-12) {
		t.Errorf("no effect: power %v, want the level on one side", p)
	}
	for k, f := range []func(){
		func() { compare.HazardSize(0.8, 1, 0.5, 0.5, 1, 0.05) },
		func() { compare.HazardSize(1, 1, 0.5, 0.5, 2, 0.05) },
		func() { compare.HazardSize(0.8, 0, 0.5, 0.5, 2, 0.05) },
		func() { compare.HazardSize(0.8, 1, 0, 0, 2, 0.05) },
		func() { compare.HazardSize(0.8, 1, 0.5, math.NaN(), 2, 0.05) },
		func() { compare.HazardSize(0.8, 1, 0.5, 0.5, -2, 0.05) },
		func() { compare.HazardPower(0, 100, 0.5, 0.5, 2, 0.05) },
		func() { compare.HazardPower(100, 100, 0.5, 1.5, 2, 0.05) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || len(text) < 9 || text[:9] != "compare: " {
					t.Errorf("case %d: got %q", k, text)
				}
			}()
			f()
		}()
	}
}
