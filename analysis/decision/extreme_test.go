package decision_test

import (
	"math"
	"strings"
	"testing"

	"collectsim/analysis/decision"
)

// TestMomentsPowersOfTenApart: a distribution whose parameters no float64 holds is refused, not handed over to give
// NaN quantiles.
func TestMomentsPowersOfTenApart(t *testing.T) {
	for _, sd := range []float64{1e-200, 1e-320} {
		if d, err := decision.BetaFromMoments(0.5, sd); err == nil {
			t.Errorf("beta %+v", d)
		}
		if d, err := decision.GammaFromMoments(0.5, sd); err == nil {
			t.Errorf("gamma %+v", d)
		}
		if d, err := decision.LogNormalFromMoments(0.5, sd); err == nil || !strings.Contains(err.Error(), "too far apart") {
			t.Errorf("lognormal %+v, %v", d, err)
		}
	}
	if d, err := decision.LogNormalFromMoments(1e-200, 1); err == nil {
		t.Errorf("lognormal %+v", d)
	}
}

func TestMarginalOfVeryUnequalEntries(t *testing.T) {
	d, err := decision.DirichletMarginal([]float64{1e-20, 1}, 1)
	if err != nil || d != (decision.Beta{Alpha: 1, Beta: 1e-20}) {
		t.Errorf("got %+v, %v", d, err)
	}
}

func TestEVSIOfNonsense(t *testing.T) {
	if v := decision.EVSINormal(1, -1, 1); !math.IsNaN(v) {
		t.Errorf("negative sd: %v", v)
	}
}

// TestDefaultPricesAreUsable: what DefaultWTP gives, FromMeans takes, also where the switch is beyond what prices may be.
func TestDefaultPricesAreUsable(t *testing.T) {
	m := decision.Means{Strategies: []string{"a", "b"}, Cost: []float64{0, 1e150}, Effect: []float64{0, 0.9e-158}}
	r, err := decision.FromMeans(m, decision.Options{})
	if err != nil || len(r.NetBenefit) != 41 {
		t.Errorf("%d prices, %v", len(r.NetBenefit), err)
	}
	for _, f := range []func(){
		func() { decision.DefaultWTP(m, 1) },
		func() { decision.DefaultWTP(decision.Means{}, 2) },
		func() { m.Effect[1] = math.NaN(); decision.DefaultWTP(m, 2) },
	} {
		func() {
			defer func() {
				if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "decision: default prices") {
					t.Errorf("got %q", text)
				}
			}()
			f()
		}()
	}
}
