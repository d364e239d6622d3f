package decision

import (
	"errors"
	"math"
)

// Point is the state of the decision under uncertainty at one price.
type Point struct {
	WTP  float64 `json:"wtp"`
	Best string  `json:"best"` // highest mean net benefit; ties as in [ICERs]
	// Prob is the share of samples in which a strategy has the highest net benefit (acceptability curve,
	// CEAC); ties share a sample equally. The shares sum to 1.
	Prob     map[string]float64 `json:"prob"`
	ProbBest float64            `json:"ceaf"`          // Prob of Best: the acceptability frontier, CEAF
	Loss     map[string]float64 `json:"expected_loss"` // mean of the best net benefit per sample less the strategy's own
	// EVPI is the expected value of perfect information: Loss of Best. The best is picked on the same samples, whose highest
	// mean is too high where strategies are tied, so EVPI is too low there on average: of two tied ones, by the
	// standard error of their difference over sqrt(2 pi).
	EVPI   float64 `json:"evpi"`
	EVPISE Number  `json:"evpi_se"` // Monte Carlo standard error of EVPI; undefined for one sample
	// EVPIWithLuck is, where EVPI leaves the luck of a simulation out (see [Result.LeaveOutLuck]), what the samples
	// give with it.
	EVPIWithLuck *float64 `json:"evpi_with_luck,omitempty"`
	// ProbWithoutLuck is, there, the chance of being best if the drawn parameters were known and the luck averaged out
	// (see [Knowable.Prob]). Luck draws Prob to the middle, the more the fewer accounts are simulated.
	ProbWithoutLuck map[string]float64 `json:"prob_without_luck,omitempty"`
}

// Acceptability evaluates every price of the grid, in its order. Net benefits tie where they differ by no more than the
// rounding of the inputs to float64 explains, so that 0.3 - 0.1 ties with 0.2 - 0; there is no other tolerance. Values are
// on the scale of the samples, per account if they are.
//
// Cost: O(samples * strategies) per price. Returns all faults of s and wtp (finite, at least 0) at once.
// Source: Fenwick, Claxton and Sculpher 2001, Health Economics 10(8), for CEAC and CEAF; Claxton 1999,
// Journal of Health Economics 18(3), for EVPI; Alarid-Escudero et al. 2019, Value in Health 22(5), for loss.
func Acceptability(s Samples, wtp []float64) ([]Point, error) {
	if err := errors.Join(s.Validate(), checkPrices("wtp", wtp)); err != nil {
		return nil, err
	}
	m := s.Means()
	order := m.order()
	t := newTally(s)
	out := make([]Point, len(wtp))
	for w, price := range wtp {
		best := m.best(order, price)
		t.count(price, best)
		out[w] = t.point(s.Strategies, price, best)
	}
	return out, nil
}

// tally walks the samples once per price. Costs and effects lie flat by sample, since all strategies of a
// sample are compared with one another.
type tally struct {
	strategies, samples int
	cost, effect        []float64 // [sample*strategies + strategy]
	nmb, size           []float64 // of the current sample; size is what rounding is relative to
	wins, loss          []float64 // sums over samples
	lossSquared         float64   // of the best strategy
}

func newTally(s Samples) *tally {
	k, n := len(s.Strategies), s.Len()
	return &tally{
		strategies: k, samples: n, cost: transposed(s.Cost), effect: transposed(s.Effect),
		nmb: make([]float64, k), size: make([]float64, k), wins: make([]float64, k), loss: make([]float64, k),
	}
}

func transposed(rows [][]float64) []float64 {
	k := len(rows)
	out := make([]float64, k*len(rows[0]))
	for r, row := range rows {
		for i, v := range row {
			out[i*k+r] = v
		}
	}
	return out
}

func (t *tally) count(wtp float64, best int) {
	clear(t.wins)
	clear(t.loss)
	t.lossSquared = 0
	for i := range t.samples {
		at := i * t.strategies
		top := t.evaluate(wtp, t.cost[at:at+t.strategies], t.effect[at:at+t.strategies])
		for k, v := range t.nmb {
			t.loss[k] += top - v
		}
		shareWin(t.wins, t.nmb, top)
		d := top - t.nmb[best]
		t.lossSquared += d * d
	}
}

// shareWin counts a sample for the strategies whose value is the top; ties share it equally.
func shareWin(wins, values []float64, top float64) {
	ties := 0
	for _, v := range values {
		if v == top {
			ties++
		}
	}
	share := 1 / float64(ties)
	for k, v := range values {
		if v == top {
			wins[k] += share
		}
	}
}

// evaluate fills nmb and returns its maximum, which all that tie with it are given.
func (t *tally) evaluate(wtp float64, cost, effect []float64) float64 {
	best := 0
	for k, c := range cost {
		t.nmb[k], t.size[k] = netBenefit(wtp, effect[k], c), benefitSize(wtp, effect[k], c)
		if t.nmb[k] > t.nmb[best] {
			best = k
		}
	}
	top := t.nmb[best]
	for k, v := range t.nmb {
		if tied(top, v, t.size[best], t.size[k]) {
			t.nmb[k] = top
		}
	}
	return top
}

func (t *tally) point(names []string, wtp float64, best int) Point {
	n := float64(t.samples)
	p := Point{WTP: wtp, Best: names[best], Prob: make(map[string]float64), Loss: make(map[string]float64)}
	for k, name := range names {
		p.Prob[name] = t.wins[k] / n
		p.Loss[name] = t.loss[k] / n
	}
	p.ProbBest, p.EVPI = p.Prob[p.Best], p.Loss[p.Best]
	variance := math.Max(0, t.lossSquared/n-p.EVPI*p.EVPI)
	p.EVPISE = Number(math.Sqrt(variance / (n - 1)))
	if t.samples < 2 {
		p.EVPISE = Undefined()
	}
	return p
}
