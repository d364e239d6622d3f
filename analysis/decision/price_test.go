package decision_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

func TestWTPRangesAreTheICERsOfTheFrontier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		for i := range m.Cost { // in thousandths: strategies equal up to rounding could change places
			m.Cost[i], m.Effect[i] = math.Round(m.Cost[i]*1000)/1000, math.Round(m.Effect[i]*1000)/1000
		}
		got, err := decision.WTPRanges(m)
		if err != nil {
			t.Fatal(err)
		}
		var frontier []decision.Row
		for _, r := range icers(t, m) {
			if r.Status == decision.NonDominated {
				frontier = append(frontier, r)
			}
		}
		next := 0 // range to come
		for i, r := range frontier {
			if next < len(got) && got[next].Strategy == r.Strategy {
				if i > 0 && !(math.Abs(got[next].From-float64(r.ICER)) <= 1e-9*got[next].From) {
					t.Fatalf("%s is best from %v, want its icer %v", r.Strategy, got[next].From, r.ICER)
				}
				next++
				continue
			}
			// A frontier strategy on a straight line is best at one price only, and has no range.
			if i == len(frontier)-1 || float64(frontier[i+1].ICER) > float64(r.ICER)*(1+1e-9) {
				t.Fatalf("%+v has no range in %+v", r, got)
			}
		}
		if next != len(got) {
			t.Fatalf("ranges %+v are not in the order of the frontier %+v", got, frontier)
		}
	})
}

func TestRangesCoverAllPricesAndHoldTheBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t) // as any lines: cost is a, effect is b
		ranges, err := decision.BestByPrice(m.Strategies, m.Cost, m.Effect)
		if err != nil {
			t.Fatal(err)
		}
		value := func(k int, price float64) float64 { return m.Cost[k] + price*m.Effect[k] }
		at := 0.0
		for i, r := range ranges {
			if r.From != at || !(float64(r.To) > r.From) {
				t.Fatalf("range %d is %v to %v, want it to start at %v", i, r.From, r.To, at)
			}
			at = float64(r.To)
			price := r.From + 1
			if r.To.Defined() {
				price = (r.From + at) / 2
			}
			for k, name := range m.Strategies {
				for best, other := range m.Strategies {
					slack := 1e-9 * (math.Abs(value(k, price)) + 1e6*(1+price))
					if other == r.Strategy && value(k, price) > value(best, price)+slack*1e-3 {
						t.Fatalf("at %v %s (%v) beats %s (%v)", price, name, value(k, price), other, value(best, price))
					}
				}
			}
		}
		if !math.IsInf(at, 1) {
			t.Fatalf("the last range ends at %v", at)
		}
	})
}

// Mild reminders, calls and visits at a fixed price per cure; stress decides among them.
func TestBestByPriceOfStress(t *testing.T) {
	names := []string{"visits", "calls", "reminders"}
	benefit, distressDays := []float64{100, 90, 60}, []float64{20, 10, 0}
	got, err := decision.BestByPrice(names, benefit, []float64{-20, -10, 0})
	if err != nil {
		t.Fatal(err)
	}
	want := []decision.Range{{"visits", 0, 1}, {"calls", 1, 3}, {"reminders", 3, decision.Number(math.Inf(1))}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v for %v distress-days", got, want, distressDays)
	}
	if text := asJSON(t, got[2]); text != `{"strategy":"reminders","from":3,"to":null}` {
		t.Errorf("json %s", text)
	}
	_, err = decision.BestByPrice(names, benefit[:2], []float64{1, 2, math.NaN()})
	mustContain(t, err, "a: 2 values, must be 3", "b[2]: NaN")
}

// Several lines through one point, straight in decimals but not in binary, make one switch and not many.
func TestRangesOfLinesThroughOnePoint(t *testing.T) {
	names := []string{"a", "b", "c", "d"}
	got, err := decision.BestByPrice(names, []float64{-0.1, -0.2, -0.3, -0.7}, []float64{0.3, 0.6, 0.9, 2.1})
	if err != nil || len(got) != 2 || got[0].Strategy != "a" || got[1].Strategy != "d" {
		t.Fatalf("got %+v, %v", got, err)
	}
	near(t, "switch", got[1].From, 1.0/3, 1e-15)
	for slope := range 300 { // the price is any decimal
		p := float64(slope) / 10
		a, b := make([]float64, 4), make([]float64, 4)
		for k := range a {
			b[k] = float64(k*k+k) / 10
			a[k] = 5.1 - p*b[k]
		}
		got, err := decision.BestByPrice(names, a, b)
		if err != nil || got[len(got)-1].Strategy != "d" || len(got) != min(2, 1+slope) {
			t.Fatalf("price %v: got %+v, %v", p, got, err)
		}
	}
}

func TestRangesAtTheEdgesOfFloat64(t *testing.T) {
	got, err := decision.BestByPrice([]string{"a", "b", "c"}, []float64{0, -1, -2 - 1e-9}, []float64{0, 1, 2})
	if err != nil || len(got) != 3 { // the switches are at 1 and 1+1e-9: close, but not equal
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = decision.BestByPrice([]string{"a", "b"}, []float64{1, -150}, []float64{0, 1e-307})
	if err != nil || len(got) != 1 || !math.IsInf(float64(got[0].To), 1) { // they cross beyond any float64
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDefaultWTP(t *testing.T) {
	m := decision.Means{Strategies: []string{"a", "b"}, Cost: []float64{0, 100}, Effect: []float64{0, 4}}
	if got := fmt.Sprint(decision.DefaultWTP(m, 3)); got != "[0 25 50]" {
		t.Errorf("got %s", got)
	}
	m.Cost[1] = -1
	if got := fmt.Sprint(decision.DefaultWTP(m, 2)); got != "[0 1]" {
		t.Errorf("without a switch: got %s", got)
	}
}

func normals(rng *rand.Rand, n int, mean, sd float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = mean + sd*rng.NormFloat64()
	}
	return out
}

// pair is two strategies with normal costs and effects; the true switch price is 50/2 = 25.
func pair(rng *rand.Rand, n int) decision.Samples {
	return decision.Samples{
		Strategies: []string{"calls", "visits"},
		Cost:       [][]float64{normals(rng, n, 100, 10), normals(rng, n, 150, 20)},
		Effect:     [][]float64{normals(rng, n, 5, 1), normals(rng, n, 7, 1)},
	}
}

func TestSwitchIntervalCovers(t *testing.T) {
	const reps, n, level = 300, 200, 0.9
	covered := 0
	for rep := range reps {
		s := pair(rand.New(rand.NewPCG(11, uint64(rep))), n)
		switches, err := decision.WTPSwitches(s, decision.Bootstrap{Resamples: 400, Confidence: level, Seed: uint64(rep)})
		if err != nil || len(switches) != 1 {
			t.Fatal(switches, err)
		}
		w := switches[0]
		if w.From != "calls" || w.To != "visits" || w.Support != 1 || !(float64(w.Low) < w.Price && w.Price < float64(w.High)) {
			t.Fatalf("%+v", w)
		}
		if float64(w.Low) <= 25 && 25 <= float64(w.High) {
			covered++
		}
	}
	// Binomial: 5 standard errors, plus 0.01 for the known shortfall of order 1/n of the percentile method.
	bound := 5*math.Sqrt(level*(1-level)/reps) + 0.01
	within(t, "coverage", float64(covered)/reps, level, bound)
}

// The delta method gives the standard error of a ratio of means; for this sample size the interval is close to normal.
func TestSwitchIntervalWidth(t *testing.T) {
	const n, resamples = 5000, 8000
	switches, err := decision.WTPSwitches(pair(rand.New(rand.NewPCG(3, 4)), n), decision.Bootstrap{Resamples: resamples, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	w := switches[0]
	se := math.Sqrt((100+400)/4.0+25*25*2/4.0) / math.Sqrt(n)
	// A percentile at p of B resamples errs by sqrt(p(1-p)/B)/(phi(z) z), relative to the half width; the
	// ratio is skewed by z times the relative error of its denominator; the sample's own sd errs by 1/sqrt(2n).
	const z = 1.959964
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	bound := 5*math.Sqrt(0.025*0.975/resamples)/(density*z) + z*math.Sqrt(2.0/n)/2 + 5/math.Sqrt(2*n)
	within(t, "lower half width", (w.Price-float64(w.Low))/(z*se), 1, bound)
	within(t, "upper half width", (float64(w.High)-w.Price)/(z*se), 1, bound)
}

// b costs hardly more than a and lies hardly below the line from a to c.
func TestSwitchIntervalFromZeroAndPartialSupport(t *testing.T) {
	sign := func(i int) float64 { return float64(2*(i%2) - 1) }
	cost, effect := make([][]float64, 3), make([][]float64, 3)
	for i := range 40 {
		for k, c := range []float64{10, 10.5, 30} {
			cost[k] = append(cost[k], c+[]float64{0, 2, 0}[k]*sign(i))
			effect[k] = append(effect[k], []float64{1, 2, 4}[k])
		}
	}
	s := decision.Samples{Strategies: []string{"a", "b", "c"}, Cost: cost, Effect: effect}
	switches, err := decision.WTPSwitches(s, decision.Bootstrap{Seed: 3})
	if err != nil || len(switches) != 2 {
		t.Fatal(switches, err)
	}
	// b costs 0.5 more with a standard error of 0.316: less than a in 5.7 % of resamples.
	if w := switches[0]; w.Low != 0 || !(w.High > 0.5) || !(w.Support > 0.9 && w.Support < 0.98) {
		t.Errorf("%+v", w)
	}
	if w := switches[1]; w.Support != 1 || w.From != "b" || w.To != "c" {
		t.Errorf("%+v", w)
	}
}

func TestSwitchIntervalsAreReproducibleAndMayBeUnlimited(t *testing.T) {
	s := pair(rand.New(rand.NewPCG(3, 4)), 40)
	for i, e := range s.Effect[0] {
		s.Effect[1][i] = e + 0.3 + 3*float64(2*(i%2)-1) // 0.3 +- 0.47 more: often no price is high enough
	}
	a, err := decision.WTPSwitches(s, decision.Bootstrap{Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := decision.WTPSwitches(s, decision.Bootstrap{Seed: 9})
	c, _ := decision.WTPSwitches(s, decision.Bootstrap{Seed: 10})
	if asJSON(t, a) != asJSON(t, b) || asJSON(t, a) == asJSON(t, c) {
		t.Errorf("the seed does not decide: %s %s %s", asJSON(t, a), asJSON(t, b), asJSON(t, c))
	}
	if len(a) != 1 || !math.IsInf(float64(a[0].High), 1) || !(a[0].Support > 0.5 && a[0].Support < 1) {
		t.Errorf("got %+v, want one switch without an upper limit", a)
	}
	if _, err := decision.WTPSwitches(s, decision.Bootstrap{Resamples: 1, Confidence: 2}); err == nil {
		t.Error("no error for bad options")
	} else {
		mustContain(t, err, "resamples: 1", "confidence: 2")
	}
	_, err = decision.SwitchIntervals([]string{"x", "y"}, [][]float64{{1}, {1, 2}}, [][]float64{{math.NaN()}, {1}}, decision.Bootstrap{})
	mustContain(t, err, "a[y]: 2 values, must be 1", "b[x][0]: NaN")
}
