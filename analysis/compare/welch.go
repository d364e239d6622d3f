package compare

import (
	"fmt"
	"math"
)

// WelchPower returns the power of Welch's two-sample t test for a difference delta of means, with the standard
// deviations sd within the first and the second group and n accounts in the first. One of them may be 0: what the one
// strategy spends on an account, say, where the other spends nothing.
//
// Where strategies differ in spread and groups in size, the t test with a pooled variance (of [Design.MeanPower])
// finds differences that are not there, or misses those that are: the smaller group's spread must count by its own size.
// A group of fewer than two accounts has no spread that could be measured: the power is then 0.
// Source: Welch (1938), degrees of freedom by Satterthwaite (1946); noncentral t as for MeanPower, an approximation here.
func (d Design) WelchPower(delta float64, sd [2]float64, n float64) float64 {
	d = d.withDefaults()
	if min(n, d.Ratio*n) < 2 {
		return 0
	}
	se, df := welch(sd, n, d.Ratio*n)
	return d.tPower(math.Abs(delta)/se, df)
}

// WelchSize returns the size of the first group at which [Design.WelchPower] reaches power; at least 2 in either group.
func (d Design) WelchSize(delta float64, sd [2]float64, power float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	if delta == 0 || math.IsNaN(delta) || !(math.Hypot(sd[0], sd[1]) > 0) {
		return math.NaN(), fmt.Errorf("difference %v with standard deviations %v and %v: the one must not be 0, one of the others must be above 0", delta, sd[0], sd[1])
	}
	least := max(2, 2/d.withDefaults().Ratio*(1+1e-12))
	return size(func(n float64) float64 { return d.WelchPower(delta, sd, n) - power }, least, least)
}

// WelchDetectable returns the difference of means that a first group of n detects with the stated power. The error says
// that a group is too small for any.
func (d Design) WelchDetectable(sd [2]float64, n, power float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	whole := math.Hypot(sd[0], sd[1])
	se, _ := welch(sd, n, d.withDefaults().Ratio*n)
	return root(func(delta float64) float64 { return d.WelchPower(delta, sd, n) - power }, whole*1e-7, whole*1e7, effectTolerance(se))
}

// welch returns the standard error of the difference of the means of groups of n and m, and its degrees of freedom, 0
// where a group with a spread has a single account.
func welch(sd [2]float64, n, m float64) (se, df float64) {
	a, b := sd[0]*sd[0]/n, sd[1]*sd[1]/m
	return math.Sqrt(a + b), (a + b) * (a + b) / (a*a/max(0, n-1) + b*b/max(0, m-1))
}
