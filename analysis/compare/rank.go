package compare

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"collectsim/analysis/estimate"
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
	// bootstrap of the means over replications; ties share. NaN for one replication.
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
// name. A replication in which any strategy has no value is left out with a warning. The
// error says that the metric is good neither way. Panics if the series differ in length.
//
// Note: with fewer than [estimate.FewReplications] replications the bootstrap is too sure of
// itself, and a warning says so.
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
	r.order(sign)
	return r, nil
}

func (r *Ranking) order(sign float64) {
	slices.SortFunc(r.Strategies, func(a, b Ranked) int {
		switch x, y := sign*a.Mean.Value, sign*b.Mean.Value; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a.Strategy, b.Strategy)
	})
	for i := range r.Strategies {
		r.Strategies[i].Rank = i + 1
		if i > 0 && r.Strategies[i].Mean.Value == r.Strategies[i-1].Mean.Value {
			r.Strategies[i].Rank = r.Strategies[i-1].Rank
		}
	}
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
	for _, row := range rows {
		award(wins, row, sign)
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
	sums := make([]float64, k)
	for range resamples {
		clear(sums)
		for range n {
			for i, v := range rows[rng.IntN(n)] {
				sums[i] += v
			}
		}
		award(wins, sums, sign)
	}
	return scale(wins, float64(resamples))
}

// award gives one win to the best of values, in equal parts if several are.
func award(wins, values []float64, sign float64) {
	best, ties := math.Inf(-1), 0
	for _, v := range values {
		if v *= sign; v > best {
			best, ties = v, 1
		} else if v == best {
			ties++
		}
	}
	for i, v := range values {
		if sign*v == best {
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
