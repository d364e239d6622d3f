package decision_test

import (
	"fmt"
	"math"
	"math/big"
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
		cost := make([]*big.Rat, k)
		sum := make([]*big.Rat, k)
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
		best := 0 // the cheapest of those with the highest mean
		for i := range k {
			if d := sum[i].Cmp(sum[best]); d > 0 || d == 0 && cost[i].Cmp(cost[best]) < 0 {
				best = i
			}
		}
		for i, name := range s.Strategies {
			if got := points[0].Prob[name]; math.Abs(got-prob[i]) > 1e-12 {
				t.Fatalf("wtp %v, cost %v, effect %v: %s is best in %v, want %v", wtp, s.Cost, s.Effect, name, got, prob[i])
			}
		}
		if points[0].Best != s.Strategies[best] {
			t.Fatalf("wtp %v, cost %v, effect %v: best in expectation %s, want %s", wtp, s.Cost, s.Effect, points[0].Best, s.Strategies[best])
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
