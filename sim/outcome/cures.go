package outcome

import "math"

// cures writes the cure curves. Episodes of a replication share its borrowers' economy, drawn parameters and teams, so
// intervals go by the differences between replications; those of a single one take episodes as independent.
func (b *builder) cures(sums []reduction) error {
	t := b.table("cures", textColumn("strategy", "strategy"), intColumn("day", "days", "days since the delinquency episode began"),
		intColumn("at_risk", "episodes", "episodes still open at the start of the day, summed over replications"), intColumn("cured", "episodes", "ended by payment"),
		intColumn("censored", "episodes", "last seen open on this evening: horizon or charge-off"), floatColumn("survival", "share", "Kaplan-Meier estimate of the share not yet cured"),
		floatColumn("low", "share", "95% interval over replications, low; of one replication that of independent episodes (Greenwood)"), floatColumn("high", "share", "the same, high"))
	curves := make([]cureCurve, len(sums))
	for k := range sums {
		curves[k] = newCureCurve(sums[k].cures)
	}
	replications := 0
	err := b.from(func(r *Replication) error {
		for k := range r.Strategies {
			curves[k].add(r.Strategies[k].Cures)
		}
		replications++
		return nil
	})
	if err != nil {
		return err
	}
	for k, name := range b.info.Strategies {
		c := &curves[k]
		survival, low, high := b.stats.Survival(c.atRisk, c.cured, c.censored)
		for day := range survival {
			if replications > 1 {
				half := b.stats.HalfWidth(c.sd(day, replications), replications)
				low[day], high[day] = logLog(survival[day], half)
			}
			t.row(name, day, c.atRisk[day], c.cured[day], c.censored[day], survival[day], low[day], high[day])
		}
	}
	return t.Save(b.dir)
}

// cureCurve is the curve of one strategy, all replications together, and how far each of them moves it.
type cureCurve struct {
	atRisk, cured, censored []int64   // by day
	squares                 []float64 // by day: squared influences on the log of the curve, summed over replications
}

func newCureCurve(sum []CureDay) cureCurve {
	n := len(sum)
	c := cureCurve{atRisk: openEpisodes(sum), cured: make([]int64, n), censored: make([]int64, n), squares: make([]float64, n)}
	for day, x := range sum {
		c.cured[day], c.censored[day] = x.Cured, x.Censored
	}
	return c
}

// openEpisodes counts those that are open at the start of each day.
func openEpisodes(days []CureDay) []int64 {
	open, sum := make([]int64, len(days)), int64(0)
	for day := len(days) - 1; day >= 0; day-- {
		sum += days[day].Cured + days[day].Censored
		open[day] = sum
	}
	return open
}

// add takes one replication's influence on the log of the curve: with d of n cured on each day, and D of N in all
// replications, the sum over the days so far of (d - n D/N) / (N - D) (Williams 1995, Biometrics 51, for clusters).
func (c *cureCurve) add(days []CureDay) {
	influence := 0.0
	for day, open := range openEpisodes(days) {
		if left := c.atRisk[day] - c.cured[day]; left > 0 {
			expected := float64(open) * float64(c.cured[day]) / float64(c.atRisk[day])
			influence += (float64(days[day].Cured) - expected) / float64(left)
		}
		c.squares[day] += float64(influence * influence)
	}
}

// sd is the spread between n replications of which the mean is the log of the curve.
func (c *cureCurve) sd(day, n int) float64 {
	return float64(n) * math.Sqrt(c.squares[day]/float64(n-1))
}

// logLog is the interval around a curve of which the log is known to half, on the scale of log(-log): within 0 and 1. It
// is NaN where the curve is 0 or 1, as no variance is known there.
func logLog(survival, half float64) (low, high float64) {
	if !(survival > 0 && survival < 1) {
		return math.NaN(), math.NaN()
	}
	w := half / -math.Log(survival)
	return math.Pow(survival, math.Exp(w)), math.Pow(survival, math.Exp(-w))
}
