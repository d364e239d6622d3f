package outcome

import (
	"math"
	"math/rand/v2"
	"testing"
)

// cureSample draws replications of so many episodes, cured or censored within ten days; shared is how much of the chance of
// a cure is common to a replication.
func cureSample(random *rand.Rand, replications, episodes int, shared float64) (list [][]CureDay) {
	const days = 10
	for range replications {
		chance := 0.15 + shared*(random.Float64()-0.5)
		one := make([]CureDay, days)
		for range episodes {
			last := random.IntN(2 * days) // censored here, if within the ten days
			for day := range days {
				if random.Float64() < chance {
					one[day].Cured++
					break
				}
				if day == last || day == days-1 {
					one[day].Censored++
					break
				}
			}
		}
		list = append(list, one)
	}
	return list
}

func pooledCures(list [][]CureDay) []CureDay {
	sum := make([]CureDay, len(list[0]))
	for _, one := range list {
		for day, x := range one {
			sum[day].Cured += x.Cured
			sum[day].Censored += x.Censored
		}
	}
	return sum
}

// logCurve is the log of the product of (1 - d/n), as the textbook has it.
func logCurve(sum []CureDay) []float64 {
	curve, total := make([]float64, len(sum)), 0.0
	open := openEpisodes(sum)
	for day := range sum {
		total += math.Log(1 - float64(sum[day].Cured)/float64(open[day]))
		curve[day] = total
	}
	return curve
}

// TestCureSpreadIsTheJackknife: the spread between replications is that of the jackknife, which leaves out one replication
// after the other and makes the curve anew, up to terms of order 1/replications.
func TestCureSpreadIsTheJackknife(t *testing.T) {
	const n = 400
	for _, shared := range []float64{0, 0.2} {
		list := cureSample(rand.New(rand.NewPCG(1, uint64(100*shared))), n, 60, shared)
		c := newCureCurve(pooledCures(list))
		for _, one := range list {
			c.add(one)
		}
		whole := logCurve(pooledCures(list))
		squares := make([]float64, len(whole))
		for r := range list {
			rest := append(append([][]CureDay{}, list[:r]...), list[r+1:]...)
			for day, x := range logCurve(pooledCures(rest)) {
				squares[day] += (x - whole[day]) * (x - whole[day])
			}
		}
		for day := range whole {
			got := c.sd(day, n) / math.Sqrt(n)
			if want := math.Sqrt(squares[day] * (n - 1) / n); !(math.Abs(got/want-1) <= 10.0/n) {
				t.Errorf("shared %g, day %d: standard error of the log %.5f, jackknife %.5f", shared, day, got, want)
			}
		}
	}
}

// TestCureIntervalsCover: the intervals hold the true curve in 95% of samples, whether episodes are independent or share
// what befalls their replication; those of independent episodes (Greenwood 1926) do so in the first case alone.
func TestCureIntervalsCover(t *testing.T) {
	const samples, n, episodes, day = 600, 20, 200, 4
	const t19 = 2.093 // quantile 0.975 of t with 19 degrees of freedom
	for _, shared := range []float64{0, 0.2} {
		random := rand.New(rand.NewPCG(2, uint64(100*shared)))
		// Four million episodes tell the truth closely enough: their error is a thirtieth of a sample's.
		truth := math.Exp(logCurve(pooledCures(cureSample(random, 20*1000, episodes, shared)))[day])
		held, greenwood := 0, 0
		for range samples {
			list := cureSample(random, n, episodes, shared)
			c := newCureCurve(pooledCures(list))
			for _, one := range list {
				c.add(one)
			}
			survival, variance := math.Exp(logCurve(pooledCures(list))[day]), 0.0
			for d := range day + 1 {
				variance += float64(c.cured[d]) / float64(c.atRisk[d]) / float64(c.atRisk[d]-c.cured[d])
			}
			within := func(half float64) int {
				if low, high := logLog(survival, half); low <= truth && truth <= high {
					return 1
				}
				return 0
			}
			held += within(t19 * c.sd(day, n) / math.Sqrt(n))
			greenwood += within(1.96 * math.Sqrt(variance))
		}
		const five = 0.0445 // 5 standard errors of a share of 0.95 in 600
		if share := float64(held) / samples; !(math.Abs(share-0.95) <= five) {
			t.Errorf("shared %g: %.3f of the intervals hold the true curve, want 0.95", shared, share)
		}
		if share := float64(greenwood) / samples; math.Abs(share-0.95) < five != (shared == 0) {
			t.Errorf("shared %g: %.3f of the intervals of independent episodes hold the true curve", shared, share)
		}
	}
}

func TestLogLogKeepsWithinAShare(t *testing.T) {
	low, high := logLog(0.5, math.Ln2) // log(-log) is known to 1
	if !(math.Abs(low-math.Pow(0.5, math.E)) <= 1e-15) || !(math.Abs(high-math.Pow(0.5, 1/math.E)) <= 1e-15) {
		t.Errorf("got %g to %g", low, high)
	}
	for _, s := range []float64{0, 1, math.NaN()} {
		if low, high := logLog(s, 0.1); !math.IsNaN(low) || !math.IsNaN(high) {
			t.Errorf("around %g: %g to %g", s, low, high)
		}
	}
}
