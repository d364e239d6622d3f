package compare

import (
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/estimate"
)

// A TargetingCurve says how much of a strategy's effect is had by treating only the share of
// borrowers with the highest scores.
//
// Gain and BestGain are per borrower of the whole population, good counted as positive, at
// each Share: with the score's order, and with the order of the true effects, which nothing
// can beat. Treating a random share s gains s times the last Gain.
type TargetingCurve struct {
	Share    []estimate.Float `json:"share"`
	Gain     []estimate.Float `json:"gain"`
	BestGain []estimate.Float `json:"best_gain"`
	// Area lies between the score's curve and the straight line of random targeting. Qini is
	// Area over that of the best order: 1 perfect, 0 as good as random, below 0 worse. It is
	// NaN where all effects are equal and there is nothing to target.
	Area     estimate.Estimate `json:"area"`
	Qini     estimate.Estimate `json:"qini"`
	Warnings []string          `json:"warnings,omitempty"`
}

const targetingSteps = 100

// Targeting computes the gain curve of b.Score and its Qini coefficient, from known
// individual effects. Equal scores are treated in random order: the curve is straight across them.
//
// The curves are means over replications at shares 0, 0.01 ... 1; Area and Qini are taken
// exactly in each replication, with the t interval over replications. Rows with a NaN
// outcome or score are left out with a warning. confidence is in (0, 1).
//
// Panics if lengths differ, b.Score is missing, or the metric is good neither way.
// Source: Radcliffe (2007), who estimates the curve from randomised groups; here effects are
// known, so the curve is exact and the optimum is that of the true effects, harm included.
func Targeting(m Metric, b Borrowers, confidence float64) TargetingCurve {
	b.check()
	if m.sign() == 0 || b.Score == nil {
		panic(fmt.Sprintf("compare: targeting %s: needs a better direction (%s) and scores", m.Name, m.Better))
	}
	populations, dropped := b.populations(m)
	var area, qini []float64
	gain, best := make([]float64, targetingSteps+1), make([]float64, targetingSteps+1)
	for _, p := range populations {
		scored, ideal := gainCurve(p.score, p.effect), gainCurve(p.effect, p.effect)
		area = append(area, scored.area())
		qini = append(qini, qiniOf(scored, ideal))
		scored.addTo(gain)
		ideal.addTo(best)
	}
	c := TargetingCurve{Area: estimate.Mean(area, confidence), Qini: estimate.Mean(qini, confidence)}
	for i := range gain {
		c.Share = append(c.Share, estimate.Float(float64(i)/targetingSteps))
	}
	n := float64(len(populations))
	c.Gain, c.BestGain = estimate.Floats(scale(gain, n)), estimate.Floats(scale(best, n))
	if dropped > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%d borrowers without an outcome or a score are left out", dropped))
	}
	return c
}

// A population is one replication's scores and effects, good positive.
type population struct{ score, effect []float64 }

func (b Borrowers) populations(m Metric) (out []population, dropped int) {
	replications := slices.Clone(b.Replication)
	slices.Sort(replications)
	replications = slices.Compact(replications)
	out = make([]population, len(replications))
	for i, r := range b.Replication {
		effect := m.sign() * (b.Challenger[i] - b.Champion[i])
		if math.IsNaN(effect) || math.IsNaN(b.Score[i]) {
			dropped++
			continue
		}
		k, _ := slices.BinarySearch(replications, r)
		out[k].score, out[k].effect = append(out[k].score, b.Score[i]), append(out[k].effect, effect)
	}
	return slices.DeleteFunc(out, func(p population) bool { return len(p.score) == 0 }), dropped
}

// A gains curve is piecewise linear from (0, 0) through (share, gain).
type gains struct{ share, gain []float64 }

// gainCurve adds up the effects in descending order of score, one knot per distinct score.
func gainCurve(score, effect []float64) gains {
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return 0
	})
	g, sum, n := gains{[]float64{0}, []float64{0}}, 0.0, float64(len(score))
	for k, i := range order {
		sum += effect[i]
		if k+1 == len(order) || score[order[k+1]] != score[i] {
			g.share, g.gain = append(g.share, float64(k+1)/n), append(g.gain, sum/n)
		}
	}
	return g
}

// area returns the area between the curve and the straight line to its end.
func (g gains) area() float64 {
	var a float64
	for i := 1; i < len(g.share); i++ {
		a += (g.share[i] - g.share[i-1]) * (g.gain[i] + g.gain[i-1]) / 2
	}
	return a - g.gain[len(g.gain)-1]/2
}

func qiniOf(scored, ideal gains) float64 {
	if len(ideal.share) < 3 { // one distinct effect: nothing to target
		return math.NaN()
	}
	return scored.area() / ideal.area()
}

// addTo adds the curve's values at the evenly spaced shares of the grid.
func (g gains) addTo(grid []float64) {
	k := 1
	for i := range grid {
		s := float64(i) / float64(len(grid)-1)
		for k < len(g.share)-1 && g.share[k] < s {
			k++
		}
		w := (s - g.share[k-1]) / (g.share[k] - g.share[k-1])
		grid[i] += g.gain[k-1] + w*(g.gain[k]-g.gain[k-1])
	}
}
