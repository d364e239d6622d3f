package compare

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"collectsim/analysis/estimate"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Ranked is one strategy's place.
type Ranked struct {
	Rank     int               `json:"rank"` // 1 is best; equal means share a rank
	Strategy string            `json:"strategy"`
	Mean     estimate.Estimate `json:"mean"`
	// ShareBest is the share of replications in which the strategy is best: how often it
	// wins in one future world. Ties share their replication.
	ShareBest estimate.Float `json:"share_best"`
	// ProbBest is the chance that its mean is the best: how sure the ranking is. By paired
	// bootstrap of the means over replications, as wide as Student's t, or from that t where they are fewer than
	// [estimate.FewReplications]; ties share. NaN for one replication.
	ProbBest estimate.Float `json:"prob_best"`
}

// A Ranking orders strategies on one metric, best first.
type Ranking struct {
	Metric
	Strategies []Ranked `json:"strategies"`
	Warnings   []string `json:"warnings,omitempty"`
}

// RankOptions tune [Rank].
type RankOptions struct {
	Confidence float64 // of the means' intervals; 0 means 0.95
	Seed       uint64  // of the bootstrap; any number
	Resamples  int     // 0 means 9999
}

// Rank orders strategies by their mean over replications, in the metric's direction; ties by
// name. Means, and sums of resamples, are tied if the rounding of their arithmetic could
// account for what they differ by: shares of accounts are as good as the counts behind them,
// in whatever order they are added up. A replication in which any strategy has no value is left out with a warning. The
// error says that the metric is good neither way. Panics if the series differ in length.
//
// Note: of two tied strategies one is given a chance of 97.5 % or more in a twentieth of runs if their differences are normal, whatever the
// number of replications; in 6 to 8 % of 10 to 20 replications if they are skewed as an exponential or lognormal (sd 0.5 of the logarithm)
// variable is. With fewer than [estimate.FewReplications] means are drawn as if differences were normal, and a warning says that there are few.
// Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 11 and section 12.4, for what resampled means lack to Student's t.
func Rank(m Metric, strategies []Series, o RankOptions) (Ranking, error) {
	sign := m.sign()
	if sign == 0 {
		return Ranking{}, errors.New("metric " + m.Name + ": is good neither way, so nothing ranks by it")
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	rows, warnings := completeRows(strategies)
	r := Ranking{Metric: m, Warnings: warnings}
	if n := len(rows); n < estimate.FewReplications {
		r.Warnings = append(r.Warnings, fmt.Sprintf("need >= %d replications to trust the ranking, have %d", estimate.FewReplications, n))
	}
	shares, probs := shareBest(rows, len(strategies), sign), probBest(rows, len(strategies), sign, o)
	for i, s := range strategies {
		values := make([]float64, len(rows))
		for k, row := range rows {
			values[k] = row[i]
		}
		r.Strategies = append(r.Strategies, Ranked{
			Strategy: s.Name, Mean: estimate.Mean(values, o.Confidence),
			ShareBest: estimate.Float(shares[i]), ProbBest: estimate.Float(probs[i]),
		})
	}
	mean := map[string]float64{} // infinite where [estimate.Mean] has none
	for i, sum := range sums(rows, len(strategies)) {
		mean[strategies[i].Name] = sum / float64(len(rows))
	}
	r.order(sign, rounding(len(rows), total(sizes(rows)))/float64(len(rows)), mean)
	return r, nil
}

// order sorts by the means; those within slack of the first of a rank share it, by name.
func (r *Ranking) order(sign, slack float64, mean map[string]float64) {
	slices.SortFunc(r.Strategies, func(a, b Ranked) int {
		switch x, y := sign*mean[a.Strategy], sign*mean[b.Strategy]; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.Strategy, b.Strategy)
	})
	for first := 0; first < len(r.Strategies); {
		end := first + 1
		best := mean[r.Strategies[first].Strategy]
		for end < len(r.Strategies) {
			if x := mean[r.Strategies[end].Strategy]; x != best && !(math.Abs(x-best) <= slack) { // equal: infinities
				break
			}
			end++
		}
		tied := r.Strategies[first:end]
		slices.SortFunc(tied, func(a, b Ranked) int { return strings.Compare(a.Strategy, b.Strategy) })
		for i := range tied {
			tied[i].Rank = first + 1
		}
		first = end
	}
}

// rounding bounds what two sums of n values can differ by though the exact ones are equal. Every value errs by up to
// 2^-53 of itself, being a rounded quotient, and every addition by as much of the sum so far: with sizes that add up to
// size, n+1 times 2^-53 of it at most (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.2), on both
// sides.
func rounding(n int, size float64) float64 { return 2 * float64(n+1) * 0x1p-53 * size }

// sizes are the largest absolute values, one a replication; infinities have no rounding.
func sizes(rows [][]float64) []float64 {
	out := make([]float64, len(rows))
	for k, row := range rows {
		for _, v := range row {
			if !math.IsInf(v, 0) {
				out[k] = max(out[k], math.Abs(v))
			}
		}
	}
	return out
}

// sums adds up the rows, strategy by strategy.
func sums(rows [][]float64, k int) []float64 {
	out := make([]float64, k)
	for _, row := range rows {
		for i, v := range row {
			out[i] += v
		}
	}
	return out
}

// completeRows returns [replication][strategy] without the replications that have a NaN.
func completeRows(strategies []Series) (rows [][]float64, warnings []string) {
	if len(strategies) == 0 {
		return nil, nil
	}
	total := len(strategies[0].Values)
	for k := range total {
		row := make([]float64, len(strategies))
		for i, s := range strategies {
			if len(s.Values) != total {
				panic(fmt.Sprintf("compare: rank: %s has %d replications, %s has %d", s.Name, len(s.Values), strategies[0].Name, total))
			}
			row[i] = s.Values[k]
		}
		if !slices.ContainsFunc(row, math.IsNaN) {
			rows = append(rows, row)
		}
	}
	if left := total - len(rows); left > 0 {
		warnings = []string{fmt.Sprintf("%d of %d replications lack a value of some strategy and are left out", left, total)}
	}
	return rows, warnings
}

func shareBest(rows [][]float64, k int, sign float64) []float64 {
	wins := make([]float64, k)
	size := sizes(rows)
	for i, row := range rows {
		award(wins, row, sign, rounding(1, size[i]))
	}
	return scale(wins, float64(len(rows)))
}

func probBest(rows [][]float64, k int, sign float64, o RankOptions) []float64 {
	wins, n := make([]float64, k), len(rows)
	if n < 2 {
		return scale(wins, 0)
	}
	resamples := o.Resamples
	if resamples == 0 {
		resamples = 9999
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0x4a4b))
	spread := distuv.ChiSquared{K: float64(n - 1), Src: rand.NewPCG(o.Seed, 0x4a4c)}
	whole, drawn, largest := sums(rows, k), make([]float64, k), sizes(rows)
	weights := make([]float64, n)
	for range resamples {
		clear(drawn)
		size := 0.0
		add := func(row int, weight float64) {
			size += math.Abs(weight) * largest[row]
			for i, v := range rows[row] {
				drawn[i] += float64(weight * v)
			}
		}
		if n < estimate.FewReplications {
			normalWeights(weights, rng)
			for row, w := range weights {
				add(row, w)
			}
		} else {
			for range n {
				add(rng.IntN(n), 1)
			}
		}
		// Resampled means vary by (n-1)/n of the variance that they stand for, and as if it were known. With this factor two
		// normal means differ by Student's t, so that the chance is that of the paired t test.
		wider := math.Sqrt(float64(n) / spread.Rand())
		for i, sum := range drawn {
			drawn[i] = whole[i]
			if !math.IsInf(whole[i], 0) { // an infinite mean stays what it is
				drawn[i] += wider * (sum - whole[i])
			}
		}
		award(wins, drawn, sign, (1+2*wider)*rounding(n+1, size+total(largest)))
	}
	return scale(wins, float64(resamples))
}

// normalWeights fills in weights around 1 whose sums of rows have the variance of resampled ones, and are normal. Few rows have few
// resamples, n!/n^n of which are the rows themselves (a half of 2, 9% of 4): the best of the sample would win them all.
func normalWeights(weights []float64, rng *rand.Rand) {
	for k := range weights {
		weights[k] = rng.NormFloat64()
	}
	mean := total(weights) / float64(len(weights))
	for k := range weights {
		weights[k] += 1 - mean
	}
}

// award gives one win to the best of values, in equal parts to all within slack of it.
func award(wins, values []float64, sign, slack float64) {
	best, ties := math.Inf(-1), 0
	for _, v := range values {
		best = max(best, sign*v)
	}
	isBest := func(v float64) bool { return sign*v == best || sign*v >= best-slack } // == for infinities
	for _, v := range values {
		if isBest(v) {
			ties++
		}
	}
	for i, v := range values {
		if isBest(v) {
			wins[i] += 1 / float64(ties)
		}
	}
}

func scale(x []float64, by float64) []float64 {
	for i := range x {
		x[i] /= by // 0/0 = NaN: undefined
	}
	return x
}
