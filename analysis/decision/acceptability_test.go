package decision_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"collectsim/analysis/decision"
	_ "collectsim/internal/sameseed"

	"pgregory.net/rapid"
)

func anySamples(t *rapid.T) decision.Samples {
	k, n := rapid.IntRange(1, 6).Draw(t, "strategies"), rapid.IntRange(1, 12).Draw(t, "samples")
	s := decision.Samples{}
	for i := range k {
		s.Strategies = append(s.Strategies, fmt.Sprintf("s%d", i))
		row := rapid.SliceOfN(rapid.IntRange(-3, 3), n, n)
		s.Cost = append(s.Cost, floats(row.Draw(t, "cost")))
		s.Effect = append(s.Effect, floats(row.Draw(t, "effect")))
	}
	return s
}

func floats(x []int) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

func TestAcceptabilityAgainstNaiveCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySamples(t)
		wtp := float64(rapid.IntRange(0, 4).Draw(t, "wtp"))
		points, err := decision.Acceptability(s, []float64{wtp})
		if err != nil {
			t.Fatal(err)
		}
		p, n := points[0], float64(s.Len())
		nmb, sum := s.NetBenefit(wtp), 0.0
		highest := math.Inf(-1)
		for k, name := range s.Strategies {
			sum += p.Prob[name]
			prob, total := 0.0, 0.0
			for i := range nmb[k] {
				above, level := 0, 0
				for l := range nmb {
					if nmb[l][i] > nmb[k][i] {
						above++
					}
					if nmb[l][i] == nmb[k][i] {
						level++
					}
				}
				if above == 0 {
					prob += 1 / float64(level)
				}
				total += nmb[k][i]
			}
			highest = math.Max(highest, total/n)
			within(t, "prob "+name, p.Prob[name], prob/n, 1e-12)
			loss := 0.0
			for _, v := range decision.OpportunityLoss(nmb, k) {
				loss += v / n
			}
			within(t, "loss "+name, p.Loss[name], loss, 1e-9)
			if p.Loss[name] < p.EVPI-1e-9 {
				t.Fatalf("%s loses %v, less than the best strategy %v", name, p.Loss[name], p.EVPI)
			}
		}
		within(t, "sum of probabilities", sum, 1, 1e-12)
		perfect := 0.0
		for i := range nmb[0] {
			top := math.Inf(-1)
			for k := range nmb {
				top = math.Max(top, nmb[k][i])
			}
			perfect += top / n
		}
		within(t, "evpi", p.EVPI, perfect-highest, 1e-9)
		if p.EVPI < 0 || p.ProbBest != p.Prob[p.Best] {
			t.Fatalf("%+v", p)
		}
	})
}

func TestAcceptabilitySharesTiesAndBreaksThemByTheRules(t *testing.T) {
	s := decision.Samples{
		Strategies: []string{"c", "b", "a"},
		Cost:       [][]float64{{1, 5}, {1, 1}, {1, 1}},
		Effect:     [][]float64{{1, 1}, {1, 1}, {1, 1}},
	}
	points, err := decision.Acceptability(s, []float64{7})
	if err != nil {
		t.Fatal(err)
	}
	p := points[0]
	if p.Best != "a" { // equal in cost and effect to b: by name
		t.Errorf("best is %s", p.Best)
	}
	near(t, "three share, then none", p.Prob["c"], 1.0/6, 1e-15)
	near(t, "three share, then two", p.Prob["b"], 1.0/6+1.0/4, 1e-15)
	near(t, "evpi", p.EVPI, 0, 0)
}

func TestAcceptabilityOfOneStrategyAndOneSample(t *testing.T) {
	one := decision.Samples{Strategies: []string{"only"}, Cost: [][]float64{{3}}, Effect: [][]float64{{4}}}
	points, err := decision.Acceptability(one, []float64{0, 2})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"wtp":2,"best":"only","prob":{"only":1},"ceaf":1,"expected_loss":{"only":0},"evpi":0,"evpi_se":null}`
	if got := asJSON(t, points[1]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Monte Carlo against the closed form: the standard error is the one that the package states, itself
// checked against theory: for a normal INB the loss has E[loss^2] = (sd^2+mean^2)(1-Phi) - mean*sd*phi.
func TestEVPIAgainstClosedForm(t *testing.T) {
	const n, mean, sd = 100_000, 50.0, 100.0
	s := decision.Samples{
		Strategies: []string{"champion", "challenger"},
		Cost:       [][]float64{make([]float64, n), make([]float64, n)},
		Effect:     [][]float64{make([]float64, n), normals(rand.New(rand.NewPCG(1, 2)), n, mean, sd)},
	}
	points, err := decision.Acceptability(s, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	p, want := points[0], decision.EVPINormal(mean, sd)
	phi := math.Exp(-0.125) / math.Sqrt(2*math.Pi)
	tail := decision.ProbPositiveNormal(-mean, sd)
	se := math.Sqrt(((sd*sd+mean*mean)*tail - mean*sd*phi - want*want) / n)
	within(t, "evpi", p.EVPI, want, 5*se)
	near(t, "standard error", float64(p.EVPISE), se, 0.05)
	share := decision.ProbPositiveNormal(mean, sd)
	within(t, "probability", p.Prob["challenger"], share, 5*math.Sqrt(share*(1-share)/n))
}

func TestPopulationSize(t *testing.T) {
	size, err := decision.Population{AccountsPerYear: 1000, Years: 3, DiscountRate: 0.1}.Size()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "annuity due", size, 1000*(1-math.Pow(1.1, -3))/(1-1/1.1), 1e-14)
	_, err = decision.Population{AccountsPerYear: -1, Years: 0, DiscountRate: math.NaN()}.Size()
	mustContain(t, err, "accounts_per_year: -1", "years: 0", "discount_rate: NaN")
}

// big is 10 strategies with 10,000 samples, each dearer and better than the one before.
func bigSamples() decision.Samples {
	rng := rand.New(rand.NewPCG(8, 8))
	s := decision.Samples{}
	for k := range 10 {
		s.Strategies = append(s.Strategies, fmt.Sprintf("s%d", k))
		s.Cost = append(s.Cost, normals(rng, 10_000, float64(k*k), 10))
		s.Effect = append(s.Effect, normals(rng, 10_000, float64(k), 2))
	}
	return s
}

func BenchmarkAcceptability(b *testing.B) {
	s := bigSamples()
	grid := decision.DefaultWTP(s.Means(), 300)
	b.ReportAllocs()
	start := time.Now()
	for b.Loop() {
		points, err := decision.Acceptability(s, grid)
		if err != nil || len(points) != 300 || points[299].EVPI <= 0 {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*300/time.Since(start).Seconds(), "prices/s")
}

func BenchmarkSwitches(b *testing.B) {
	s := bigSamples()
	for b.Loop() {
		if switches, err := decision.WTPSwitches(s, decision.Bootstrap{}); err != nil || len(switches) < 8 {
			b.Fatal(switches, err)
		}
	}
}

// TestStandardErrorOfTwo: losses 0 and d have the mean d/2 with the standard error d/2, and one sample has none.
func TestStandardErrorOfTwo(t *testing.T) {
	s := decision.Samples{Strategies: []string{"a", "b"}, Cost: [][]float64{{0, 0}, {6, -2}}, Effect: [][]float64{{0, 0}, {0, 0}}}
	points, err := decision.Acceptability(s, []float64{1})
	if err != nil || points[0].Best != "a" || points[0].EVPI != 1 || points[0].EVPISE != 1 {
		t.Errorf("got %+v, %v", points, err)
	}
	s.Cost, s.Effect = [][]float64{{0}, {1}}, [][]float64{{0}, {0}}
	points, err = decision.Acceptability(s, []float64{1})
	if err != nil || points[0].EVPISE.Defined() {
		t.Errorf("got %+v, %v", points, err)
	}
}
