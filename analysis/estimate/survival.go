package estimate

import (
	"fmt"
	"math"
	"slices"
)

// A Transform names the scale on which the interval of a survival probability is symmetric.
type Transform string

// The transforms offered; the zero value means LogLog.
const (
	LogLog Transform = "log-log" // log(-log S): inside [0, 1], best in small samples
	Log    Transform = "log"     // log S, cut at 1; what R's survfit takes by default
	Plain  Transform = "plain"   // S itself, cut at 0 and 1
)

// SurvivalOptions tune the estimators of times to an end. The zero value is valid.
type SurvivalOptions struct {
	Confidence float64   // in (0, 1); 0 means 0.95
	Transform  Transform // "" means LogLog
	// Horizon is where the restricted mean ends, in units of time; 0 means the last time.
	// Beyond the last time the curve is held level, with a warning.
	Horizon float64
	// Entry are the times at which each observation came under observation, parallel to the times and below
	// them (left truncation, as of loans that are already late when they are first seen); nil: all from 0.
	Entry []float64
	// Rho and Strata are those of the log-rank test of [SurvivalByGroup]: early events weigh more with Rho above 0, see
	// [LogRank]; Strata, parallel to the times, are what groups are compared within (nil: all together).
	Rho    float64
	Strata []string
}

func (o SurvivalOptions) withDefaults() SurvivalOptions {
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.Transform == "" {
		o.Transform = LogLog
	}
	checkConfidence(o.Confidence)
	switch o.Transform {
	case LogLog, Log, Plain:
	default:
		panic(fmt.Sprintf("estimate: unknown transform %q, want log-log, log or plain", o.Transform))
	}
	if !(o.Horizon >= 0) {
		panic(fmt.Sprintf("estimate: horizon must be >= 0, got %v", o.Horizon))
	}
	return o
}

// A CurvePoint is one time of a survival curve: Survival is the probability of no event up
// to and including Time, SE its standard error on the scale of the probability.
type CurvePoint struct {
	Time     float64 `json:"time"`
	AtRisk   int     `json:"at_risk"`
	Events   int     `json:"events"`
	Censored int     `json:"censored"`
	Survival Float   `json:"survival"`
	SE       Float   `json:"se"`
	Low      Float   `json:"low"`
	High     Float   `json:"high"`
}

// A Survival is a Kaplan-Meier curve and what is read off it.
type Survival struct {
	Group          string       `json:"group"`
	N              int          `json:"n"`
	Events         int          `json:"events"`
	Median         Float        `json:"median"` // null where the curve stays above one half
	MedianLow      Float        `json:"median_low"`
	MedianHigh     Float        `json:"median_high"`
	RestrictedMean Estimate     `json:"restricted_mean"`
	Horizon        Float        `json:"horizon"` // of the restricted mean
	Curve          []CurvePoint `json:"curve"`   // one per distinct time, ascending
	Warnings       []string     `json:"warnings,omitempty"`
	confidence     float64
}

// KaplanMeier estimates the distribution of a time to an event from censored observations.
//
// times are in any unit, >= 0, one an observation; events says whether the event happened
// then (true) or the observation was censored (false). Events come before censorings at the
// same time. See [SurvivalFromTable] for what the curve, its intervals and medians are.
//
// The error names every bad time. Panics if the lengths differ or an option is out of range.
// Source: Kaplan and Meier (1958).
func KaplanMeier(times []float64, events []bool, o SurvivalOptions) (Survival, error) {
	t, err := newLifeTable(o.Entry, times, events)
	if err != nil {
		return Survival{}, err
	}
	return SurvivalFromTable(t, o)
}

// SurvivalFromTable is [KaplanMeier] from counts, such as the simulator's cures table.
//
// The standard error is Greenwood's (1926). Intervals are pointwise, on the scale of
// o.Transform (Kalbfleisch and Prentice 1980). Once the curve has reached 0 they are NaN, and
// on the log-log scale also while it is still 1: there the data hold no variance to build
// on. (R's survfit gives NA in the same places.)
//
// Median is [Survival.TimeTo] one half. The restricted mean is the area under the curve up
// to the horizon, with Greenwood's variance (Klein and Moeschberger 2003, eq. 4.5.2) and a
// normal interval.
//
// At risk may fall by more than events and censorings between rows (a warning counts them,
// they are censored); rows that contradict each other are an error.
func SurvivalFromTable(t LifeTable, o SurvivalOptions) (Survival, error) {
	o = o.withDefaults()
	if err := t.check(); err != nil {
		return Survival{}, err
	}
	nan := Float(math.NaN())
	s := Survival{Median: nan, MedianLow: nan, MedianHigh: nan, Horizon: nan, confidence: o.Confidence}
	if len(t.Time) == 0 {
		s.RestrictedMean = undefined(0, "no observations, the curve is undefined")
		s.Warnings = s.RestrictedMean.Warnings
		return s, nil
	}
	s.N = t.AtRisk[0]
	for i := 1; i < len(t.Time); i++ {
		s.N += t.entered(i)
	}
	s.addCurve(t, o)
	m := s.TimeTo(0.5)
	s.Median, s.MedianLow, s.MedianHigh = Float(m.Value), Float(m.Low), Float(m.High)
	s.RestrictedMean, s.Horizon = restrictedMean(t, s.Curve, o)
	s.RestrictedMean.N = s.N
	if lost := t.unexplained(); lost > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d leave between rows without event or censoring; taken as censored", lost))
	}
	if i := slices.IndexFunc(s.Curve, func(c CurvePoint) bool { return c.Survival == 0 }); i >= 0 && i < len(s.Curve)-1 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the curve is 0 from time %v on, since all %d who were at risk by then had the event, though others entered later: start the clock where enough are at risk", s.Curve[i].Time, s.Curve[i].AtRisk))
	}
	if s.Events == 0 {
		s.Warnings = append(s.Warnings, "no events: the curve stays at 1 and has no interval")
	}
	return s, nil
}

// addCurve multiplies up the curve: S = prod (1 - d/n), var log S = sum d / (n (n-d)).
func (s *Survival) addCurve(t LifeTable, o SurvivalOptions) {
	survival, varLog := 1.0, 0.0
	z := NormalQuantile(1 - (1-o.Confidence)/2)
	for i, at := range t.Time {
		d, n := float64(t.Events[i]), float64(t.AtRisk[i])
		if d > 0 {
			survival *= (n - d) / n
			varLog += d / (n * (n - d))
		}
		se := survival * math.Sqrt(varLog) // NaN at 0: Greenwood has no answer there
		low, high := survivalInterval(survival, se, z, o.Transform)
		s.Events += t.Events[i]
		s.Curve = append(s.Curve, CurvePoint{
			Time: at, AtRisk: t.AtRisk[i], Events: t.Events[i], Censored: t.Censored[i],
			Survival: Float(survival), SE: Float(se), Low: Float(low), High: Float(high),
		})
	}
}

func survivalInterval(p, se, z float64, scale Transform) (low, high float64) {
	if p == 0 || math.IsNaN(se) {
		return math.NaN(), math.NaN()
	}
	switch scale {
	case Plain:
		return max(p-z*se, 0), min(p+z*se, 1)
	case Log:
		return p * math.Exp(-z*se/p), min(p*math.Exp(z*se/p), 1)
	}
	if p == 1 {
		return math.NaN(), math.NaN()
	}
	w := z * se / (p * math.Log(p)) // negative
	return math.Pow(p, math.Exp(-w)), math.Pow(p, math.Exp(w))
}

// At returns the curve's probability of no event up to and including time t: 1 before the
// first time, the last value after the last.
func (s Survival) At(t float64) float64 {
	p := 1.0
	for _, c := range s.Curve {
		if c.Time > t {
			break
		}
		p = float64(c.Survival)
	}
	return p
}

// AtRisk returns how many were still at risk just before time t.
func (s Survival) AtRisk(t float64) int {
	for _, c := range s.Curve {
		if c.Time >= t {
			return c.AtRisk
		}
	}
	return 0
}
