package estimate

import (
	"fmt"
	"math"
)

// TimeTo estimates the time by which the share has had its event: TimeTo(0.5) is the median.
//
// It is the first time at which the curve is at or below 1-share; where the curve runs
// exactly at 1-share, the middle of that stretch. The bounds are read in the same way off the
// curve's own lower and upper limits (Brookmeyer and Crowley 1982, on the curve's scale). A
// level that is never reached gives NaN, for the value with a warning. SE is NaN. Rule and
// tolerance are those of R's survfit. Panics unless share is in (0, 1).
func (s Survival) TimeTo(share float64) Estimate {
	checkConfidence(share)
	level := 1 - share
	e := Estimate{
		Value: s.crossing(level, func(c CurvePoint) Float { return c.Survival }),
		Low:   s.crossing(level, func(c CurvePoint) Float { return c.Low }),
		High:  s.crossing(level, func(c CurvePoint) Float { return c.High }),
		SE:    math.NaN(), N: s.N,
	}
	if math.IsNaN(e.Value) {
		e.Warnings = []string{fmt.Sprintf("fewer than %g of the observations reach their event within the data", share)}
	}
	return e
}

func (s Survival) crossing(level float64, curve func(CurvePoint) Float) float64 {
	const tolerance = 1.0 / (1 << 26)
	first := math.NaN()
	start := math.NaN()
	for _, c := range s.Curve {
		y := float64(curve(c))
		switch {
		case math.IsNaN(y) || y >= level+tolerance:
		case math.IsNaN(first):
			first, start = y, c.Time
			if math.Abs(y-level) >= tolerance {
				return start
			}
		case y < first:
			return (start + c.Time) / 2
		}
	}
	return start
}

// restrictedMean returns the area under the curve from 0 to the horizon. Its variance is
// sum (area from t_i to the horizon)^2 d_i / (n_i (n_i - d_i)); a time at which everybody at
// risk has the event adds nothing, since no area is left after it.
func restrictedMean(t LifeTable, curve []CurvePoint, o SurvivalOptions) (Estimate, Float) {
	last := t.Time[len(t.Time)-1]
	horizon := o.Horizon
	if horizon == 0 {
		horizon = last
	}
	var area, variance float64
	end := horizon
	for i := len(t.Time) - 1; i >= 0; i-- {
		if t.Time[i] > horizon {
			continue
		}
		area += (end - t.Time[i]) * float64(curve[i].Survival)
		end = t.Time[i]
		if d, n := float64(t.Events[i]), float64(t.AtRisk[i]); n > d {
			variance += area * area * d / (n * (n - d))
		}
	}
	se := math.Sqrt(variance)
	half := NormalQuantile(1-(1-o.Confidence)/2) * se
	e := Estimate{Value: area + end, SE: se, N: t.AtRisk[0]}
	e.Low, e.High = max(0, e.Value-half), min(horizon, e.Value+half)
	if horizon > last && curve[len(curve)-1].Survival > 0 {
		e.Warnings = []string{fmt.Sprintf("the data end at %g, before the horizon %g: the curve is held level between", last, horizon)}
	}
	if variance == 0 {
		e.Warnings = append(e.Warnings, "no event before the horizon left others at risk: the variance is unknown, and the interval has no width")
	}
	return e, Float(horizon)
}
