package decision

import (
	"errors"
	"fmt"
	"math"
)

// EVPINormal is the expected value of perfect information on a choice between two strategies whose
// incremental net benefit is normal: sd * (phi(z) - z*Phi(-z)), z = |mean|/sd, the unit normal loss.
//
// With the standard deviation of the conditional mean given a parameter it is that parameter's EVPPI.
// Unit: that of mean. sd = 0 gives 0; NaN for a negative or undefined sd or mean.
// Source: Raiffa and Schlaifer 1961, Applied Statistical Decision Theory, section 5.3.
func EVPINormal(mean, sd float64) float64 {
	if math.IsNaN(mean) || !(sd >= 0) {
		return math.NaN()
	}
	if sd == 0 {
		return 0
	}
	z := math.Abs(mean) / sd
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	return sd * math.Max(0, density-z*math.Erfc(z/math.Sqrt2)/2)
}

// ProbPositiveNormal is the probability that a normal incremental net benefit is above 0: the
// acceptability of the strategy against its comparator. For sd = 0 it is 1, 0, or 1/2 at mean 0.
func ProbPositiveNormal(mean, sd float64) float64 {
	if !(sd >= 0) || math.IsNaN(mean) {
		return math.NaN()
	}
	if sd == 0 && mean == 0 {
		return 0.5
	}
	return math.Erfc(-mean/sd/math.Sqrt2) / 2
}

// EVSINormal is the expected value of a test that estimates a normal incremental net benefit with the
// standard error dataSE, before the test is run. mean and sd describe what is believed now.
// It rises from 0 (dataSE = +Inf) to [EVPINormal] (dataSE = 0). NaN for a negative or undefined sd, dataSE or mean.
// Source: Raiffa and Schlaifer 1961, section 5.4: the posterior mean has the deviation sd^2/sqrt(sd^2+dataSE^2).
func EVSINormal(mean, sd, dataSE float64) float64 {
	if !(dataSE >= 0) || !(sd >= 0) {
		return math.NaN()
	}
	if sd == 0 || math.IsInf(dataSE, 1) {
		return EVPINormal(mean, 0)
	}
	return EVPINormal(mean, sd*sd/math.Hypot(sd, dataSE))
}

// Population is the set of accounts to which a decision will apply.
type Population struct {
	AccountsPerYear float64 // accounts that meet the decision in a year, at least 0
	Years           int     // years for which the decision stands, at least 1
	DiscountRate    float64 // per year, 0.05 for 5 %, at least 0
}

// Size is the number of accounts, those of later years discounted: the sum over t = 0..Years-1 of
// AccountsPerYear/(1+DiscountRate)^t. A value per account times Size is the value for the portfolio.
func (p Population) Size() (float64, error) {
	var errs []error
	if !(p.AccountsPerYear >= 0) || math.IsInf(p.AccountsPerYear, 1) {
		errs = append(errs, fmt.Errorf("accounts_per_year: %v, must be finite and at least 0", p.AccountsPerYear))
	}
	if p.Years < 1 {
		errs = append(errs, fmt.Errorf("years: %d, must be at least 1", p.Years))
	}
	if !(p.DiscountRate >= 0) || math.IsInf(p.DiscountRate, 1) {
		errs = append(errs, fmt.Errorf("discount_rate: %v, must be finite and at least 0", p.DiscountRate))
	}
	if err := errors.Join(errs...); err != nil {
		return math.NaN(), err
	}
	size, weight := 0.0, 1.0
	for range p.Years {
		size += p.AccountsPerYear * weight
		weight /= 1 + p.DiscountRate
	}
	return size, nil
}
