package main

import (
	"math"

	"collectsim/analysis/compare"
	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/analysis/sensitivity"
)

func solveAcceptability(x struct {
	decision.Samples
	WTP []float64
},
) (any, error) {
	return decision.Acceptability(x.Samples, x.WTP)
}

// solveEVSI values a test that measures the benefit with the standard error SE.
func solveEVSI(x struct{ Mean, SD, SE float64 }) (any, error) {
	v := compare.ValueOfTest(compare.Belief{Mean: x.Mean, SD: x.SD}, x.SE, 1, 0)
	return map[string]float64{"evpi": v.EVPI, "evsi": v.EVSI}, nil
}

func solveTransitions(x struct {
	ID, State []string
	Time      []float64
},
) (any, error) {
	return estimate.Transitions(x.ID, x.Time, x.State, estimate.PanelOptions{})
}

func solveShare(x struct{ Successes, Trials int }) (any, error) {
	bounds := func(e estimate.Estimate) []float64 { return []float64{e.Low, e.High} }
	return map[string][]float64{
		"wilson": bounds(estimate.Share(x.Successes, x.Trials, 0.95)),
		"exact":  bounds(estimate.ShareExact(x.Successes, x.Trials, 0.95)),
	}, nil
}

func solveRatio(x twoSamples) (any, error) {
	e := estimate.Ratio(x.X, x.Y, 0.95)
	return map[string]float64{"value": e.Value, "low": e.Low, "high": e.High}, nil
}

// solveDetectable answers with the difference from P.
func solveDetectable(x powerCase) (any, error) {
	q, err := x.design().ProportionDetectable(x.P, x.N, x.Power)
	return q - x.P, err
}

func solveHazard(x struct {
	Power, Ratio, Ends, Significance float64
	ControlEnds                      float64 `json:"control_ends"`
	HazardRatio                      float64 `json:"hazard_ratio"`
},
) (any, error) {
	a, b := compare.HazardSize(x.Power, x.Ratio, x.Ends, x.ControlEnds, x.HazardRatio, x.Significance)
	return [2]int{a, b}, nil
}

// solveG estimates the indices of the product of (|4x - 2| + a) / (1 + a) on the unit cube, of pairs in the order 1-2,
// 1-3, ...
func solveG(x struct {
	A []float64
	N int
},
) (any, error) {
	bounds := sensitivity.UnitBounds(len(x.A))
	points, err := sensitivity.Saltelli(bounds, x.N, sensitivity.SaltelliOptions{SecondOrder: true})
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = 1
		for k, a := range x.A {
			values[i] *= (math.Abs(4*p[k]-2) + a) / (1 + a)
		}
	}
	r, err := sensitivity.Sobol(bounds.Names(), values, sensitivity.SobolOptions{SecondOrder: true})
	var pairs []float64
	for _, v := range r.S2 {
		pairs = append(pairs, v.S2)
	}
	return map[string][]float64{"S1": r.S1, "ST": r.ST, "S2": pairs}, err
}
