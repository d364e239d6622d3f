package decision_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

// decimal is a drawn number of one decimal, as the float64 that reads it and as what it stands for.
func decimal(t *rapid.T, label string, low, high int) (float64, *big.Rat) {
	n := rapid.IntRange(low, high).Draw(t, label)
	return float64(n) / 10, big.NewRat(int64(n), 10)
}

// TestTiesOfDecimals counts in exact fractions: costs and effects as people write them tie where their decimals do, not
// where their float64 do. 0.3 - 0.1 is less than 0.2 - 0 by 3e-17, and was counted as a loss.
func TestTiesOfDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(2, 4).Draw(t, "strategies"), rapid.IntRange(1, 6).Draw(t, "samples")
		wtp, price := decimal(t, "wtp", 0, 30)
		s := decision.Samples{}
		benefit := make([][]*big.Rat, k) // [strategy][sample]
		cost, sum := make([]*big.Rat, k), make([]*big.Rat, k)
		for i := range k {
			s.Strategies = append(s.Strategies, fmt.Sprintf("s%d", i))
			s.Cost, s.Effect = append(s.Cost, nil), append(s.Effect, nil)
			cost[i], sum[i] = new(big.Rat), new(big.Rat)
			for range n {
				c, exactCost := decimal(t, "cost", -9, 9)
				e, exactEffect := decimal(t, "effect", -9, 9)
				s.Cost[i], s.Effect[i] = append(s.Cost[i], c), append(s.Effect[i], e)
				b := new(big.Rat).Sub(new(big.Rat).Mul(price, exactEffect), exactCost)
				benefit[i] = append(benefit[i], b)
				cost[i].Add(cost[i], exactCost)
				sum[i].Add(sum[i], b)
			}
		}
		points, err := decision.Acceptability(s, []float64{wtp})
		if err != nil {
			t.Fatal(err)
		}
		prob := shares(benefit)
		for i, name := range s.Strategies {
			if got := points[0].Prob[name]; math.Abs(got-prob[i]) > 1e-12 {
				t.Fatalf("wtp %v, cost %v, effect %v: %s is best in %v, want %v", wtp, s.Cost, s.Effect, name, got, prob[i])
			}
		}
		best := slices.Index(s.Strategies, points[0].Best)
		for i := range k {
			if d := sum[i].Cmp(sum[best]); d > 0 || d == 0 && cost[i].Cmp(cost[best]) < 0 {
				t.Fatalf("wtp %v, cost %v, effect %v: best in expectation %s, but %s is better or cheaper", wtp, s.Cost, s.Effect, points[0].Best, s.Strategies[i])
			}
		}
	})
}

// shares counts who has the highest benefit in each sample; ties share.
func shares(benefit [][]*big.Rat) []float64 {
	out := make([]float64, len(benefit))
	for j := range benefit[0] {
		var top []int
		for i := range benefit {
			switch {
			case len(top) == 0 || benefit[i][j].Cmp(benefit[top[0]][j]) > 0:
				top = []int{i}
			case benefit[i][j].Cmp(benefit[top[0]][j]) == 0:
				top = append(top, i)
			}
		}
		for _, i := range top {
			out[i] += 1 / float64(len(top)*len(benefit[0]))
		}
	}
	return out
}

// TestNearIsNoTie: a part in 10^14 is a difference, which rounding does not explain.
func TestNearIsNoTie(t *testing.T) {
	for _, scale := range []float64{1e-100, 1, 1e100} {
		s := decision.Samples{
			Strategies: []string{"a", "b"},
			Cost:       [][]float64{{scale, 0}, {scale * (1 - 1e-14), 0}}, Effect: [][]float64{{scale, 0}, {scale, 1e-300}},
		}
		points, err := decision.Acceptability(s, []float64{2})
		if err != nil || points[0].Prob["b"] != 1 || points[0].Best != "b" {
			t.Errorf("scale %v: %+v, %v", scale, points, err)
		}
	}
}

// TestTiesOfMeans: 0.1 and 0.2 have the same mean as 0 and 0.3. As costs, one is dominated by the other, which achieves more
// at the same cost; as effects, by the other, which is cheaper. In binary one of them is 3e-17 ahead and was on the frontier.
func TestTiesOfMeans(t *testing.T) {
	names := []string{"halves", "all"}
	same := [][]float64{{0.1, 0.2}, {0, 0.3}}
	for _, c := range []struct {
		cost, effect [][]float64
		dominated    string
	}{
		{same, [][]float64{{2, 2}, {1, 1}}, "all"},
		{same, [][]float64{{1, 1}, {2, 2}}, "halves"},
		{[][]float64{{5, 5}, {1, 1}}, same, "halves"},
		{[][]float64{{1, 1}, {5, 5}}, same, "all"},
	} {
		r, err := decision.FromSamples(decision.Samples{Strategies: names, Cost: c.cost, Effect: c.effect}, decision.Options{WTP: []float64{1}})
		if err != nil || len(r.ICERs) != 2 || r.ICERs[1].Strategy != c.dominated || r.ICERs[1].Status != decision.Dominated {
			t.Errorf("cost %v, effect %v: %+v, %v; want %s dominated", c.cost, c.effect, r.ICERs, err, c.dominated)
		}
	}
}
