package compare_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/compare"
)

// Known answers: evpi_closed_form (unit normal loss), case 32 of the shared cases.
func TestValueOfPerfectInformation(t *testing.T) {
	for _, c := range []struct{ mean, sd, evpi float64 }{
		{0, 100, 39.89422804014327},
		{50, 100, 19.7796557401306},
		{-50, 100, 19.7796557401306},
		{120, 80, 2.3445435010083706},
		{1000, 2500, 576.0970923686325},
	} {
		v := compare.ValueOfTest(compare.Belief{Mean: c.mean, SD: c.sd}, 0, 1, 0)
		near(t, "evpi", v.EVPI, c.evpi, 1e-10)
		near(t, "evsi of a perfect test", v.EVSI, c.evpi, 1e-10)
	}
}

// EVSI by simulating truth, test and the posterior's decision.
func TestValueOfTestBySimulation(t *testing.T) {
	const mean, sd, se, draws = 0.5, 2.0, 1.5, 400000
	rng := rand.New(rand.NewPCG(1, 1))
	var sum, squares float64
	for range draws {
		effect := mean + sd*rng.NormFloat64()
		seen := effect + se*rng.NormFloat64()
		posterior := (mean/(sd*sd) + seen/(se*se)) / (1/(sd*sd) + 1/(se*se))
		gain := -effect // against adopting, the best decision without a test
		if posterior > 0 {
			gain = 0
		}
		sum, squares = sum+gain, squares+gain*gain
	}
	got := compare.ValueOfTest(compare.Belief{Mean: mean, SD: sd}, se, 1000, 200)
	m := sum / draws
	bound := 5 * math.Sqrt((squares/draws-m*m)/draws)
	if !(math.Abs(got.EVSI-m) <= bound) {
		t.Errorf("EVSI %v, simulated %v +- %v", got.EVSI, m, bound)
	}
	near(t, "net", got.Net, 1000*got.EVSI-200, 1e-14)
	if got.EVSI >= got.EVPI {
		t.Errorf("a test is worth %v, perfect knowledge %v", got.EVSI, got.EVPI)
	}
}

// Mean 0 and no critical value: P(effect <= 0, measured > 0) = 1/4 - asin(r)/(2 pi) with
// r = sd / sqrt(sd^2 + se^2) (Sheppard 1899).
func TestWrongDecisionsClosedForm(t *testing.T) {
	for _, c := range []struct{ sd, se float64 }{{1, 1}, {1, 0.01}, {1, 50}, {0.003, 0.002}} {
		m := compare.WrongDecisions(compare.Belief{SD: c.sd}, c.se, 0)
		want := 0.25 - math.Asin(c.sd/math.Hypot(c.sd, c.se))/(2*math.Pi)
		near(t, fmt.Sprint(c, " adopt"), m.WrongAdopt, want, 1e-9)
		near(t, fmt.Sprint(c, " keep"), m.WrongKeep, want, 1e-9)
		near(t, "adopt", m.Adopt, 0.5, 1e-14)
	}
}

func TestWrongDecisionsAddUp(t *testing.T) {
	for _, b := range []compare.Belief{{Mean: 1, SD: 0.5}, {Mean: -3, SD: 1}, {Mean: 0.02, SD: 0.01}, {Mean: 2}, {Mean: -2}} {
		m := compare.WrongDecisions(b, 0.7, 1.96)
		good := 0.5 * math.Erfc(-b.Mean/b.SD/math.Sqrt2)
		if b.SD == 0 {
			good = math.Max(0, math.Copysign(1, b.Mean))
		}
		// adopted = wrongly adopted + rightly adopted, rightly adopted = good - wrongly kept
		if got := m.WrongAdopt + good - m.WrongKeep; !(math.Abs(got-m.Adopt) <= 1e-10) {
			t.Errorf("%+v: %v adopted in parts, %v in all", b, got, m.Adopt)
		}
		near(t, "wrong", m.Wrong, m.WrongAdopt+m.WrongKeep, 1e-15)
	}
}

func ExampleValueOfTest() {
	effect := compare.Belief{Mean: 1.2, SD: 3} // money per account, from the simulation
	v := compare.ValueOfTest(effect, 1, 50000, 20000)
	m := compare.WrongDecisions(effect, 1, 0)
	fmt.Printf("worth %.2f per account, %.0f net; chance of a wrong decision %.2f\n", v.EVSI, v.Net, m.Wrong)
	// Output:
	// worth 0.63 per account, 11743 net; chance of a wrong decision 0.10
}
