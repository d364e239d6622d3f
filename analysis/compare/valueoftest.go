package compare

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// A Belief about the true effect of a challenger before a live test: normal, with the effect
// counted so that positive is good. The simulated difference and its uncertainty give one.
type Belief struct{ Mean, SD float64 }

// A Mistake holds the chances of deciding wrongly after a test.
type Mistake struct {
	Adopt      float64 `json:"adopt"`       // of adopting the challenger at all
	WrongAdopt float64 `json:"wrong_adopt"` // of adopting one whose true effect is not good
	WrongKeep  float64 `json:"wrong_keep"`  // of keeping the champion though the challenger is good
	Wrong      float64 `json:"wrong"`       // of either
}

// WrongDecisions returns the chances of a wrong decision before the test is run. The test
// measures the effect with the standard error se, and the challenger is adopted if the
// measured effect is above critical standard errors: 0 takes the better-looking one, 1.96
// asks for significance. An effect of exactly 0 counts as not good.
//
// Panics unless se > 0 and the SD is >= 0.
// Note: integral of the belief's density times the test's power, Gauss-Legendre on each side of 0.
func WrongDecisions(b Belief, se, critical float64) Mistake {
	if !(se > 0) || !(b.SD >= 0) {
		panic(fmt.Sprintf("compare: wrong decisions: standard error %v, belief %+v", se, b))
	}
	adopt := func(effect float64) float64 { return normalCDF(effect/se - critical) }
	m := Mistake{Adopt: normalCDF((b.Mean - critical*se) / math.Hypot(b.SD, se))}
	switch {
	case b.SD == 0 && b.Mean <= 0:
		m.WrongAdopt = m.Adopt
	case b.SD == 0:
		m.WrongKeep = 1 - m.Adopt
	default:
		m.WrongAdopt = b.integrate(adopt, b.Mean-10*b.SD, math.Min(0, b.Mean+10*b.SD), se)
		m.WrongKeep = b.integrate(func(x float64) float64 { return 1 - adopt(x) }, math.Max(0, b.Mean-10*b.SD), b.Mean+10*b.SD, se)
	}
	m.Wrong = m.WrongAdopt + m.WrongKeep
	return m
}

// integrate returns the integral of f times the belief's density from low to high, in pieces
// no longer than the narrower of the two bell curves, so that each is a smooth polynomial.
func (b Belief) integrate(f func(float64) float64, low, high, se float64) float64 {
	if !(high > low) {
		return 0
	}
	pieces := math.Ceil(math.Min((high-low)/math.Min(b.SD, se), 2000))
	width, sum := (high-low)/pieces, 0.0
	for i := range int(pieces) {
		from := low + float64(i)*width
		sum += quad.Fixed(func(x float64) float64 {
			return f(x) * normalPDF((x-b.Mean)/b.SD) / b.SD
		}, from, from+width, 12, quad.Legendre{}, 1)
	}
	return sum
}

// A TestValue is what a live test is worth before it is run, per unit to which the decision
// applies (one account, if the belief is per account).
type TestValue struct {
	EVPI float64 `json:"evpi"` // value of knowing the true effect: no test is worth more
	EVSI float64 `json:"evsi"` // value of this test
	Net  float64 `json:"net"`  // EVSI times the units decided for, less the cost of the test
}

// ValueOfTest returns the expected value of measuring the effect with the standard error se,
// if afterwards the strategy with the higher expected effect is used for units units, and
// the test costs cost. Effects must be in money, or whatever cost is in.
//
// Posterior means are normal around the belief's mean with SD SD^2 / sqrt(SD^2 + se^2), and
// a decision that can still change is worth SD L(|mean| / SD) with the unit normal loss L.
// Panics unless se >= 0 and the SD is >= 0. se = 0 is perfect information.
// Source: Raiffa and Schlaifer (1961), section 5.5; Ades, Lu and Claxton (2004).
func ValueOfTest(b Belief, se, units, cost float64) TestValue {
	if !(se >= 0) || !(b.SD >= 0) {
		panic(fmt.Sprintf("compare: value of test: standard error %v, belief %+v", se, b))
	}
	v := TestValue{EVPI: decisionValue(b.Mean, b.SD)}
	if b.SD > 0 {
		v.EVSI = decisionValue(b.Mean, b.SD*b.SD/math.Hypot(b.SD, se))
	}
	v.Net = v.EVSI*units - cost
	return v
}

// decisionValue returns E max(0, X) - max(0, mean) for X normal: SD L(|mean|/SD), with
// L(u) = phi(u) - u Phi(-u).
func decisionValue(mean, sd float64) float64 {
	if sd == 0 {
		return 0
	}
	u := math.Abs(mean) / sd
	return sd * math.Max(0, normalPDF(u)-u*normalCDF(-u))
}
