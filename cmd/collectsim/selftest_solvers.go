package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"collectsim/analysis/compare"
	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/analysis/sensitivity"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// solvers answer one kind of case each; the answer is compared as JSON.
var solvers = map[string]func(json.RawMessage) (any, error){
	"icer":                solve(solveICER),
	"icer-status":         solve(solveStatus),
	"incremental-benefit": solve(solveBenefit),
	"evpi-normal":         solve(solveEVPI),
	"evppi":               solve(solveEVPPI),
	"moments":             solve(solveMoments),
	"quantile":            solve(solveQuantile),
	"km":                  solve(solveSurvival),
	"logrank":             solve(solveLogRank),
	"incidence":           solve(solveIncidence),
	"proportion-size":     solve(func(x powerCase) (any, error) { return x.design().ProportionSize(x.P, x.Q, x.Power) }),
	"proportion-power":    solve(func(x powerCase) (any, error) { return compare.Design{}.ProportionPower(x.P, x.Q, x.N), nil }),
	"mean-size":           solve(func(x powerCase) (any, error) { return compare.Design{}.MeanSize(x.Delta, x.SD, x.Power) }),
	"mean-power":          solve(func(x powerCase) (any, error) { return compare.Design{}.MeanPower(x.Delta, x.SD, x.N), nil }),
	"prop-test":           solve(solveProportions),
	"welch": solve(func(x twoSamples) (any, error) {
		return testAnswer(estimate.WelchTest(x.X, x.Y, 0.95, estimate.TwoSided)), nil
	}),
	"paired": solve(func(x twoSamples) (any, error) {
		return testAnswer(estimate.PairedTest(x.X, x.Y, 0.95, estimate.TwoSided)), nil
	}),
	"rank-sum": solve(func(x twoSamples) (any, error) {
		return testAnswer(estimate.RankSumTest(x.X, x.Y, estimate.TwoSided)), nil
	}),
	"acceptability":         solve(solveAcceptability),
	"evsi-normal":           solve(solveEVSI),
	"transitions":           solve(solveTransitions),
	"share":                 solve(solveShare),
	"ratio":                 solve(solveRatio),
	"holm":                  solve(func(x struct{ P []float64 }) (any, error) { return compare.Holm(x.P), nil }),
	"proportion-detectable": solve(solveDetectable),
	"hazard-size":           solve(solveHazard),
	"sobol-g":               solve(solveG),
	"sobol-sequence":        solve(solveSequence),
	"sobol-ishigami":        solve(solveIshigami),
	"morris":                solve(solveMorris),
	"philox":                solve(solvePhilox),
	"amortisation":          solve(solveAmortisation),
	"rates":                 solve(solveRates),
}

// solve decodes the input of a case.
func solve[T any](f func(T) (any, error)) func(json.RawMessage) (any, error) {
	return func(input json.RawMessage) (any, error) {
		var x T
		if err := json.Unmarshal(input, &x); err != nil {
			return nil, err
		}
		return f(x)
	}
}

func solveICER(m decision.Means) (any, error) { return decision.ICERs(m) }

func solveStatus(m decision.Means) (any, error) {
	rows, err := decision.ICERs(m)
	var out [][2]string
	for _, r := range rows {
		out = append(out, [2]string{r.Strategy, string(r.Status)})
	}
	return out, err
}

func solveBenefit(x struct {
	decision.Samples
	Strategy, Comparator string
	WTP                  []float64
},
) (any, error) {
	return decision.IncrementalBenefit(x.Samples, x.Strategy, x.Comparator, x.WTP)
}

func solveEVPI(x struct{ Mean, SD float64 }) (any, error) {
	return map[string]float64{"evpi": decision.EVPINormal(x.Mean, x.SD), "prob_positive": decision.ProbPositiveNormal(x.Mean, x.SD)}, nil
}

// solveEVPPI samples a linear net benefit of standard normal inputs against 0.
func solveEVPPI(x struct {
	Mean         float64
	Coefficients []float64
	Samples      int
	Seed         uint64
},
) (any, error) {
	random := rand.New(rand.NewPCG(x.Seed, 0))
	p := decision.Parameters{}
	benefit := make([]float64, x.Samples)
	for i := range benefit {
		benefit[i] = x.Mean
	}
	for k, c := range x.Coefficients {
		z := make([]float64, x.Samples)
		for i := range z {
			z[i] = random.NormFloat64()
			benefit[i] += c * z[i]
		}
		p.Names, p.Values = append(p.Names, fmt.Sprint("z", k+1)), append(p.Values, z)
	}
	r, err := decision.PartialInformation(p, [][]float64{make([]float64, x.Samples), benefit}, decision.PartialOptions{Seed: x.Seed})
	out := []float64{r.EVPI}
	for _, v := range r.Parameters {
		out = append(out, v.EVPPI)
	}
	return out, err
}

func solveMoments(x struct {
	Dist     string
	Mean, SD float64
	P        []float64
},
) (any, error) {
	var d decision.Distribution
	var parameters []float64
	var err error
	switch x.Dist {
	case "beta":
		var b decision.Beta
		b, err = decision.BetaFromMoments(x.Mean, x.SD)
		d, parameters = b, []float64{b.Alpha, b.Beta}
	case "gamma":
		var g decision.Gamma
		g, err = decision.GammaFromMoments(x.Mean, x.SD)
		d, parameters = g, []float64{g.Shape, g.Scale}
	case "lognormal":
		var l decision.LogNormal
		l, err = decision.LogNormalFromMoments(x.Mean, x.SD)
		d, parameters = l, []float64{l.MeanLog, l.SDLog}
	default:
		return nil, fmt.Errorf("unknown distribution %q", x.Dist)
	}
	if err != nil {
		return nil, err
	}
	var quantiles []float64
	for _, p := range x.P {
		quantiles = append(quantiles, d.Quantile(p))
	}
	return map[string][]float64{"parameters": parameters, "quantiles": quantiles}, nil
}

func solveQuantile(x struct {
	X, P []float64
	Type int
},
) (any, error) {
	var out []float64
	for _, p := range x.P {
		out = append(out, estimate.SampleQuantile(x.X, p, estimate.QuantileType(x.Type)))
	}
	return out, nil
}

// survivalCase holds one observation a row.
type survivalCase struct {
	Time    []float64
	Event   []int
	Group   []string
	Cause   []string
	Entry   []float64
	Strata  []string
	Horizon float64
	Rho     float64
}

func (x *survivalCase) options() estimate.SurvivalOptions {
	return estimate.SurvivalOptions{Entry: x.Entry, Strata: x.Strata, Horizon: x.Horizon, Rho: x.Rho}
}

func (x *survivalCase) events() []bool {
	out := make([]bool, len(x.Event))
	for i, e := range x.Event {
		out[i] = e == 1
	}
	return out
}

// solveSurvival answers at the times of events; where the curve is 0 it has neither error nor interval.
func solveSurvival(x survivalCase) (any, error) {
	r, err := estimate.SurvivalByGroup(x.Time, x.events(), x.Group, x.options())
	out := map[string]any{}
	for _, g := range r.Groups {
		var time []float64
		var survival, se, low, high []estimate.Float
		for _, c := range g.Curve {
			if c.Events == 0 {
				continue
			}
			time, survival = append(time, c.Time), append(survival, c.Survival)
			if c.Survival > 0 {
				se, low, high = append(se, c.SE), append(low, c.Low), append(high, c.High)
			}
		}
		out[g.Group] = map[string]any{
			"time": time, "survival": survival, "se": se, "low": low, "high": high,
			"median": g.Median, "rmean": g.RestrictedMean.Value, "rmean_se": g.RestrictedMean.SE,
		}
	}
	return out, err
}

func solveLogRank(x survivalCase) (any, error) {
	r, err := estimate.SurvivalByGroup(x.Time, x.events(), x.Group, x.options())
	return r.LogRank, err
}

func solveIncidence(x survivalCase) (any, error) {
	r, err := estimate.AalenJohansen(x.Time, x.Cause, estimate.SurvivalOptions{})
	out := map[string][]float64{}
	for _, c := range r.Curve {
		ends := 0
		for _, n := range c.Events {
			ends += n
		}
		if ends == 0 {
			continue
		}
		out["time"], out["open"] = append(out["time"], c.Time), append(out["open"], float64(c.Open))
		for k, cause := range r.Causes {
			out[cause], out["se_"+cause] = append(out[cause], float64(c.Prob[k])), append(out["se_"+cause], float64(c.SE[k]))
		}
	}
	return out, err
}

// powerCase asks for the size or the power of a test.
type powerCase struct{ P, Q, Delta, SD, N, Power, Significance float64 }

func (x *powerCase) design() compare.Design { return compare.Design{Significance: x.Significance} }

// twoSamples are the data of a hypothesis test.
type twoSamples struct{ X, Y []float64 }

// testAnswer names the parts of a test as R does.
func testAnswer(r estimate.TestResult) any {
	return map[string]any{
		"t": r.Statistic, "w": r.Statistic, "chisq": r.Statistic, "df": r.DF, "p": r.P,
		"low": estimate.Float(r.Difference.Low), "high": estimate.Float(r.Difference.High),
	}
}

func solveProportions(x struct{ Successes, Trials []int }) (any, error) {
	return testAnswer(estimate.PropTest(x.Successes, x.Trials, 0.95, estimate.Uncorrected)), nil
}

func solveSequence(x struct{ N, Factors int }) (any, error) {
	return sensitivity.SobolSequence(sensitivity.UnitBounds(x.Factors), x.N, sensitivity.SequenceOptions{})
}

// solveIshigami estimates the indices of sin(x1) + a sin(x2)^2 + b x3^4 sin(x1) on [-pi, pi]^3.
func solveIshigami(x struct {
	A, B float64
	N    int
},
) (any, error) {
	var bounds sensitivity.Bounds
	for k := range 3 {
		bounds = append(bounds, sensitivity.Factor{Name: fmt.Sprint("x", k+1), Low: -math.Pi, High: math.Pi})
	}
	points, err := sensitivity.Saltelli(bounds, x.N, sensitivity.SaltelliOptions{})
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = math.Sin(p[0]) + x.A*math.Pow(math.Sin(p[1]), 2) + x.B*math.Pow(p[2], 4)*math.Sin(p[0])
	}
	r, err := sensitivity.Sobol(bounds.Names(), values, sensitivity.SobolOptions{})
	return map[string][]float64{"S1": r.S1, "ST": r.ST}, err
}

func solveMorris(x struct {
	Points [][]float64
	Values []float64
},
) (any, error) {
	if len(x.Points) == 0 {
		return nil, fmt.Errorf("no points")
	}
	r, err := sensitivity.Morris(sensitivity.UnitBounds(len(x.Points[0])), x.Points, x.Values, sensitivity.MorrisOptions{})
	return map[string][]float64{"mu": r.Mu, "mu_star": r.MuStar, "sigma": r.Sigma}, err
}

func solvePhilox(x struct{ Counter, Key []string }) (any, error) {
	var counter [4]uint64
	var key [2]uint64
	if len(x.Counter) != len(counter) || len(x.Key) != len(key) {
		return nil, fmt.Errorf("counter needs 4 words and key 2")
	}
	var err error
	for i, word := range append(x.Counter, x.Key...) {
		var v uint64
		if v, err = strconv.ParseUint(word, 16, 64); err != nil {
			return nil, err
		}
		if i < len(counter) {
			counter[i] = v
		} else {
			key[i-len(counter)] = v
		}
	}
	var out []string
	for _, word := range rng.Philox4x64(counter, key) {
		out = append(out, fmt.Sprintf("%016x", word))
	}
	return out, nil
}

func solveAmortisation(x struct {
	Principal, Rate float64
	N               int
	Periods         []int
},
) (any, error) {
	rows := loan.Schedule(x.Principal, x.Rate, x.N)
	interest, balance := []float64{}, []float64{}
	for _, k := range x.Periods {
		interest, balance = append(interest, rows[k-1].Interest), append(balance, rows[k-1].Balance)
	}
	return map[string]any{"payment": loan.Annuity(x.Principal, x.Rate, x.N), "interest": interest, "balance": balance}, nil
}

// solveRates applies each conversion of contract arithmetic to its pairs of arguments.
func solveRates(x struct {
	Rates, Probabilities, Rescale, Discount, Periodic, Continuous [][2]float64
},
) (any, error) {
	each := func(pairs [][2]float64, f func(a, b float64) float64) []float64 {
		var out []float64
		for _, p := range pairs {
			out = append(out, f(p[0], p[1]))
		}
		return out
	}
	return map[string][]float64{
		"probability": each(x.Rates, loan.RateToProbability), "rate": each(x.Probabilities, loan.ProbabilityToRate),
		"rescaled": each(x.Rescale, loan.RescaleProbability), "factor": each(x.Discount, loan.DiscountFactor),
		"per_period": each(x.Periodic, loan.PeriodicRate), "continuous": each(x.Continuous, loan.ContinuousDiscountFactor),
	}, nil
}
