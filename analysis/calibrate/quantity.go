package calibrate

import (
	"math"
	"slices"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// quantity is how a target is read off an outcome: as sums that add over lives, so that several lives
// make one value (ratios of sums, one Kaplan-Meier curve) and not a mean of values of few borrowers.
type quantity struct {
	collect func(o *outcome.StrategyOutcome) []float64
	value   func(sums []float64) float64 // NaN where undefined
}

// quantity returns that of a target, which was checked.
func (t *Target) quantity() quantity {
	switch {
	case t.Experiment != "":
		return quantity{value: quotient} // collected by the trial
	case t.Move != nil:
		return t.Move.quantity()
	case t.CuredBy != nil:
		return curedBy(*t.CuredBy)
	case t.Daily != "":
		k, day := seriesIndex(t.Daily), *t.Day
		return quantity{func(o *outcome.StrategyOutcome) []float64 { return []float64{o.Daily[day][k], 1} }, quotient}
	case t.Channel != nil:
		c := t.Channel
		return quantity{func(o *outcome.StrategyOutcome) []float64 {
			x := &o.Channels[c.Name]
			return []float64{count(x, c.Count), count(x, c.Per)}
		}, quotient}
	}
	return quantity{t.metric, quotient}
}

func quotient(sums []float64) float64 { return sums[0] / sums[1] }

// metric reads a metric of all accounts or of a group; one that is a ratio of means by its parts.
func (t *Target) metric(o *outcome.StrategyOutcome) []float64 {
	values := o.Values
	if t.Group != "" {
		dimension, name, _ := strings.Cut(t.Group, "=")
		k := slices.IndexFunc(o.Groups, func(g outcome.Group) bool { return g.Dimension == dimension && g.Name == name })
		if k < 0 { // nobody is in the group in this life
			return []float64{0, 0}
		}
		values = o.Groups[k].Values
	}
	m := outcome.MetricIndex(t.Metric)
	if over, under, ok := outcome.Metrics()[m].Parts(); ok {
		return []float64{values[outcome.MetricIndex(over)], values[outcome.MetricIndex(under)]}
	}
	if math.IsNaN(values[m]) {
		return []float64{0, 0}
	}
	return []float64{values[m], 1}
}

func (m *Move) quantity() quantity {
	from, to := buckets(m.From), buckets(m.To)
	return quantity{func(o *outcome.StrategyOutcome) []float64 {
		moved, all := 0.0, 0.0
		for month := m.Months[0] - 1; month < m.Months[1]; month++ {
			for f := range loan.NumBuckets {
				for t := range loan.NumBuckets {
					n := float64(o.Transitions[month][f][t].Count)
					if from[f] {
						all += n
					}
					if from[f] && to[t] {
						moved += n
					}
				}
			}
		}
		return []float64{moved, all}
	}, quotient}
}

func buckets(names []string) (set [loan.NumBuckets]bool) {
	for _, name := range names {
		set[bucketOf(name)] = true
	}
	return set
}

// curedBy is 1 less the Kaplan-Meier estimate (1958) at a day: of the episodes at risk on each day, who
// is cured; censored ones leave after the day's cures.
func curedBy(day int) quantity {
	return quantity{
		func(o *outcome.StrategyOutcome) []float64 {
			sums := make([]float64, 2*(day+1)+1) // cures and censorings by day, then episodes
			for d, c := range o.Cures {
				if d <= day {
					sums[2*d], sums[2*d+1] = float64(c.Cured), float64(c.Censored)
				}
				sums[len(sums)-1] += float64(c.Cured + c.Censored)
			}
			return sums
		},
		func(sums []float64) float64 {
			atRisk, survival := sums[len(sums)-1], 1.0
			for d := 0; d <= day; d++ {
				if atRisk <= 0 && survival > 0 {
					return math.NaN() // nobody was followed so long
				}
				if atRisk > 0 {
					survival *= 1 - sums[2*d]/atRisk
				}
				atRisk -= sums[2*d] + sums[2*d+1]
			}
			return 1 - survival
		},
	}
}

func count(c *outcome.ChannelTotals, name string) float64 {
	return float64(map[string]int64{
		"attempts": c.Attempts, "delivered": c.Delivered, "rpc": c.RPC, "promises": c.Promises,
		"promises_due": c.PromisesDue, "promises_kept": c.PromisesKept, "suppressed": c.Suppressed,
	}[name])
}

// contrast sets the value of one strategy against that of another.
func contrast(as string, of, less float64) float64 {
	switch as {
	case "ratio":
		return of / less
	case "relative":
		return of/less - 1
	}
	return of - less
}

// lastDay is the day of the run up to which the target looks; whole: to the horizon.
func (t *Target) lastDay() (day int, whole bool) {
	switch {
	case t.Experiment != "":
		return 0, false
	case t.Move != nil:
		return loan.MonthDays * t.Move.Months[1], false
	case t.Daily != "":
		return *t.Day + 1, false
	}
	return 0, true
}
