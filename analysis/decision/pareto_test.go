package decision_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

func TestParetoThreeObjectives(t *testing.T) {
	names := []string{"reminders", "calls", "visits", "pressure", "calls again"}
	rows, err := decision.Pareto(names, []decision.Objective{
		{"recovered", decision.HigherIsBetter, []float64{10, 20, 30, 20, 20}},
		{"cost", decision.LowerIsBetter, []float64{1, 2, 9, 3, 2}},
		{"stress", decision.LowerIsBetter, []float64{1, 3, 2, 8, 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "[{reminders true []} {calls true []} {visits true []} {pressure false [calls calls again]} {calls again true []}]"
	if got := fmt.Sprint(rows); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	_, err = decision.Pareto(names[:2], []decision.Objective{{"cost", "", []float64{1}}, {"x", "low", []float64{1, math.NaN()}}})
	mustContain(t, err, `objectives[0] "cost": better: ""`, "1 values, must be 2", `better: "low"`, "[1]: NaN")
	_, err = decision.Pareto(nil, nil)
	mustContain(t, err, "strategies: empty", "objectives: empty")
}

// With two objectives the efficient set holds every strategy of the ICER frontier, and the extendedly
// dominated ones; strongly dominated ones are out, but for duplicates.
func TestParetoAgreesWithICERs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		rows, err := decision.Pareto(m.Strategies, []decision.Objective{
			{"cost", decision.LowerIsBetter, m.Cost}, {"effect", decision.HigherIsBetter, m.Effect},
		})
		if err != nil {
			t.Fatal(err)
		}
		table := icers(t, m)
		for _, p := range rows {
			at := func(name string) decision.Row {
				return table[slices.IndexFunc(table, func(r decision.Row) bool { return r.Strategy == name })]
			}
			r := at(p.Strategy)
			duplicate := r.Status == decision.Dominated && at(r.By).Cost == r.Cost && at(r.By).Effect == r.Effect
			if p.Efficient != (r.Status != decision.Dominated || duplicate) {
				t.Fatalf("%+v against %+v", p, r)
			}
		}
	})
}

// naiveDominance follows the definition at every pooled value, in exact arithmetic.
func naiveDominance(x, y []float64) (d decision.Dominance) {
	shortfall := func(s []float64, t float64) (below, area *big.Rat) {
		below, area = new(big.Rat), new(big.Rat)
		for _, v := range s {
			if v <= t {
				below.Add(below, big.NewRat(1, int64(len(s))))
				area.Add(area, new(big.Rat).Mul(big.NewRat(1, int64(len(s))), new(big.Rat).Sub(rat(t), rat(v))))
			}
		}
		return below, area
	}
	first, second, strict1, strict2 := true, true, false, false
	for _, t := range slices.Concat(x, y) {
		fx, ax := shortfall(x, t)
		fy, ay := shortfall(y, t)
		first, strict1 = first && fx.Cmp(fy) <= 0, strict1 || fx.Cmp(fy) < 0
		second, strict2 = second && ax.Cmp(ay) <= 0, strict2 || ax.Cmp(ay) < 0
	}
	return decision.Dominance{First: first && strict1, Second: second && strict2}
}

func anyVector(t *rapid.T, label string) []float64 {
	tenths := rapid.SliceOfN(rapid.IntRange(-4, 4), 1, 7).Draw(t, label)
	out := make([]float64, len(tenths))
	for i, v := range tenths {
		out[i] = float64(v) / 10 // decimals that binary cannot hold
	}
	return out
}

func TestStochasticDominanceAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := anyVector(t, "x"), anyVector(t, "y")
		got, err := decision.StochasticDominance(x, y, decision.HigherIsBetter)
		if err != nil {
			t.Fatal(err)
		}
		if want := naiveDominance(x, y); got != want {
			t.Fatalf("%v over %v: got %+v, want %+v", x, y, got, want)
		}
		lower, _ := decision.StochasticDominance(scale(x, -1), scale(y, -1), decision.LowerIsBetter)
		if lower != got {
			t.Fatalf("direction: %+v and %+v", lower, got)
		}
		back, _ := decision.StochasticDominance(y, x, decision.HigherIsBetter)
		if got.First && !got.Second || got.Second && back.Second {
			t.Fatalf("%+v and back %+v", got, back)
		}
	})
}

// A sure mean, one float up or down, against what it is the mean of: dominance hangs on the last bit.
func TestStochasticDominanceHangsOnTheLastBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for range 5000 {
		var y []float64
		mean, n := 0.0, 2+rng.IntN(6)
		for range n {
			y = append(y, math.Ldexp(rng.Float64(), rng.IntN(4)))
			mean += y[len(y)-1] / float64(n)
		}
		x := slices.Repeat([]float64{mean + (float64(rng.IntN(3))-1)*0x1p-53*mean}, 1+rng.IntN(6))
		got, err := decision.StochasticDominance(x, y, decision.HigherIsBetter)
		if want := naiveDominance(x, y); err != nil || got != want {
			t.Fatalf("%v over %v: got %+v, want %+v, %v", x, y, got, want, err)
		}
	}
}

// Sums of thirds and tenths at very different sizes: only exact sums get the sign right.
func TestStochasticDominanceIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		var x, y []float64
		for range 1 + rng.IntN(5) {
			v := math.Ldexp(rng.Float64(), rng.IntN(40))
			x = append(x, v)
			y = append(y, v*(1+0x1p-52*float64(rng.IntN(3)-1)))
		}
		got, err := decision.StochasticDominance(x, y, decision.HigherIsBetter)
		if want := naiveDominance(x, y); err != nil || got != want {
			t.Fatalf("%v over %v: got %+v, want %+v, %v", x, y, got, want, err)
		}
	}
}

func TestStochasticDominanceTextbook(t *testing.T) {
	tests := []struct {
		name string
		x, y []float64
		want decision.Dominance
	}{
		{"shifted", []float64{2, 3}, []float64{1, 2}, decision.Dominance{First: true, Second: true}},
		{"mean-preserving spread", []float64{2, 2}, []float64{1, 3}, decision.Dominance{Second: true}},
		{"the spread itself", []float64{1, 3}, []float64{2, 2}, decision.Dominance{}},
		{"equal", []float64{1, 2}, []float64{2, 1}, decision.Dominance{}},
		{"equal, of unequal number", []float64{1, 1, 2, 2}, []float64{2, 1}, decision.Dominance{}},
		{"higher mean, lower minimum", []float64{0, 100}, []float64{1, 2}, decision.Dominance{}},
	}
	for _, test := range tests {
		if got, err := decision.StochasticDominance(test.x, test.y, decision.HigherIsBetter); err != nil || got != test.want {
			t.Errorf("%s: got %+v, %v", test.name, got, err)
		}
	}
	_, err := decision.StochasticDominance(nil, []float64{math.NaN()}, "up")
	mustContain(t, err, `better: "up"`, "x: no samples", "y[0]: NaN")
}

func TestDominancePairs(t *testing.T) {
	got, err := decision.DominancePairs([]string{"sure", "risky", "dear"}, [][]float64{{2, 2}, {1, 3}, {4, 5}}, decision.LowerIsBetter)
	if err != nil {
		t.Fatal(err)
	}
	if want := "[{sure risky 2} {sure dear 1} {risky dear 1}]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	_, err = decision.DominancePairs([]string{"a", "a"}, [][]float64{{}}, "")
	mustContain(t, err, "already", "better", "values: 1 rows", "values[0]: no samples")
}
