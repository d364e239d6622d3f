package compare

import (
	"fmt"
	"math"

	"collectsim/analysis/estimate"
)

// A Design says how a live champion/challenger test will be judged. The zero value is a
// two-sided test at 0.05 with equal groups.
type Design struct {
	Significance float64 // level of the test, in (0, 1); 0 means 0.05
	OneSided     bool    // look on the side of the effect only
	Strict       bool    // count a significant result on the wrong side as power, too
	// Ratio is the size of the second group over the first: 1/9 for a 90:10 split of which
	// the first is the larger. 0 means 1. Ignored by the paired test.
	Ratio float64
}

func (d Design) withDefaults() Design {
	if d.Significance == 0 {
		d.Significance = 0.05
	}
	if d.Ratio == 0 {
		d.Ratio = 1
	}
	if !(d.Significance > 0 && d.Significance < 1) || !(d.Ratio > 0) {
		panic(fmt.Sprintf("compare: significance must be in (0, 1) and ratio above 0, got %v and %v", d.Significance, d.Ratio))
	}
	return d
}

// tail is the significance on one side.
func (d Design) tail() float64 {
	if d.OneSided {
		return d.Significance
	}
	return d.Significance / 2
}

// ProportionPower returns the chance that a test of n accounts in the first group (and
// Ratio n in the second) tells the success probabilities p and q apart. Normal approximation
// with pooled variance under no difference; with Ratio 1 it is R's power.prop.test.
// n need not be whole. Source: Fleiss, Levin and Paik (2003), section 4.3.
func (d Design) ProportionPower(p, q, n float64) float64 {
	d = d.withDefaults()
	m := d.Ratio * n
	pooled := (p + d.Ratio*q) / (1 + d.Ratio)
	null := estimate.NormalQuantile(1-d.tail()) * math.Sqrt(pooled*(1-pooled)*(1/n+1/m))
	spread := math.Sqrt(p*(1-p)/n + q*(1-q)/m)
	gap := math.Abs(p - q)
	if gap == 0 && spread == 0 { // both certain: nothing but the test's error is left
		null, spread = estimate.NormalQuantile(1-d.tail()), 1
	}
	power := normalCDF((gap - null) / spread)
	if d.Strict && !d.OneSided {
		power += normalCDF(-(gap + null) / spread)
	}
	return power
}

// ProportionSize returns the size of the first group at which [Design.ProportionPower]
// reaches power; round it up. The error says why there is none.
func (d Design) ProportionSize(p, q, power float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	if p == q {
		return math.NaN(), fmt.Errorf("probabilities %v and %v: must differ for a test to tell them apart", p, q)
	}
	return size(func(n float64) float64 { return d.ProportionPower(p, q, n) - power }, 1, 1e-3)
}

// ProportionDetectable returns the probability above p that a first group of n tells from p
// with the stated power. The error says that not even 1 would do.
func (d Design) ProportionDetectable(p, n, power float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	se := math.Sqrt(p * (1 - p) * (1/n + 1/(d.withDefaults().Ratio*n)))
	q, err := root(func(q float64) float64 { return d.ProportionPower(p, q, n) - power }, p, 1, effectTolerance(se))
	if err != nil {
		return math.NaN(), fmt.Errorf("no probability above %v can be told from it with %v accounts and power %v: %w", p, n, power, err)
	}
	return q, nil
}

// MeanPower returns the power of the two-sample t test for a difference delta of means, with
// standard deviation sd >= 0 within groups and n accounts in the first group. With Ratio 1 it is
// R's power.t.test. n need not be whole; NaN unless there are more than 2 accounts in both
// groups together, and for what is not a number. Fewer than 0.05 degrees of freedom, which only
// splits of a hundred to one of a handful of accounts have, count as 0.05.
// Source: noncentral t, Johnson and Welch (1940).
func (d Design) MeanPower(delta, sd, n float64) float64 {
	d = d.withDefaults()
	m := d.Ratio * n
	return d.tPower(math.Abs(delta)/(positive(sd)*math.Sqrt(1/n+1/m)), n+m-2)
}

// PairedPower is [Design.MeanPower] for n paired differences of mean delta and standard
// deviation sd, such as replications under common random numbers. NaN unless n is above 1.
func (d Design) PairedPower(delta, sd, n float64) float64 {
	return d.withDefaults().tPower(math.Abs(delta)/positive(sd)*math.Sqrt(n), n-1)
}

// The degrees of freedom between which the noncentral t is summed: with fewer the sum takes as many more terms, with
// more it is normal to the last digit.
const (
	fewestDF = 0.05
	mostDF   = 1e12
)

// positive is a standard deviation of 0 or more as it is, and NaN for others.
func positive(sd float64) float64 {
	if sd < 0 {
		return math.NaN()
	}
	return sd
}

func (d Design) tPower(noncentrality, df float64) float64 {
	switch {
	case !(df > 0) || math.IsNaN(noncentrality):
		return math.NaN()
	case math.IsInf(noncentrality, 1):
		return 1
	}
	df = min(max(fewestDF, df), mostDF)
	t := estimate.TQuantile(1-d.tail(), df)
	_, power := noncentralTails(t, df, noncentrality)
	if d.Strict && !d.OneSided {
		wrong, _ := noncentralTails(-t, df, noncentrality)
		power += wrong
	}
	return power
}

// MeanSize returns the size of the first group at which [Design.MeanPower] reaches power,
// at least 2.
func (d Design) MeanSize(delta, sd, power float64) (float64, error) {
	return d.tSize(delta, sd, power, d.MeanPower)
}

// PairedSize returns the number of pairs at which [Design.PairedPower] reaches power, at
// least 2.
func (d Design) PairedSize(delta, sd, power float64) (float64, error) {
	return d.tSize(delta, sd, power, d.PairedPower)
}

func (d Design) tSize(delta, sd, power float64, of func(delta, sd, n float64) float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	if delta == 0 || math.IsNaN(delta) || !(sd > 0) || math.IsInf(sd, 1) {
		return math.NaN(), fmt.Errorf("difference %v with standard deviation %v: the one must not be 0, the other must be finite and above 0", delta, sd)
	}
	return size(func(n float64) float64 { return of(delta, sd, n) - power }, 2, 2)
}

// MeanDetectable returns the difference of means that a first group of n detects with the
// stated power. The error says what is out of range, or that none up to 10^7 standard deviations would do.
func (d Design) MeanDetectable(sd, n, power float64) (float64, error) {
	if err := checkPower(power, d.withDefaults().Significance); err != nil {
		return math.NaN(), err
	}
	if !(sd > 0) || math.IsInf(sd, 1) {
		return math.NaN(), fmt.Errorf("standard deviation %v: must be finite and above 0", sd)
	}
	se := sd * math.Sqrt(1/n+1/(d.withDefaults().Ratio*n))
	return root(func(delta float64) float64 { return d.MeanPower(delta, sd, n) - power }, sd*1e-7, sd*1e7, effectTolerance(se))
}

// effectTolerance is how closely the effect is found that a test with the standard error se detects, which is some
// three of them: to a thousandth of itself, or R's tolerance where that is closer still. With R's alone the effects that
// tests of a million accounts detect were half as large again as they are.
func effectTolerance(se float64) float64 { return min(rootTolerance, se/300) }

// size searches from low to ten million accounts, as R does, then on to a thousand million, and down to least if low
// is more than enough.
func size(excess func(n float64) float64, low, least float64) (float64, error) {
	const most = 1e9
	if excess(low) > 0 {
		low = least
	}
	if excess(low) > 0 {
		return low, nil
	}
	high := 1e7
	if excess(high) < 0 {
		low, high = high, most
	}
	n, err := root(excess, low, high, rootTolerance)
	if err != nil {
		return math.NaN(), fmt.Errorf("more than %.0f accounts would be needed: %w", most, err)
	}
	return n, nil
}

func checkPower(power, significance float64) error {
	if !(power > significance && power < 1) {
		return fmt.Errorf("power %v: must be above the significance %v and below 1", power, significance)
	}
	return nil
}

// HazardSize returns the group sizes for a test of the hazard ratio in Cox's model, rounded
// up. ratio is experiment over control in size; ends and controlEnds are the shares of each
// whose end will be seen; significance is two-sided. Panics unless power and significance are in (0, 1), ratio
// is finite and above 0, the shares are in [0, 1] and not both 0, and the hazard ratio is above 0 and not 1; a
// ratio so near to 1 that more than 10^15 would be needed gives math.MaxInt for both.
// Source: Schoenfeld (1983); as lifelines' sample_size_necessary_under_cph.
func HazardSize(power, ratio, ends, controlEnds, hazardRatio, significance float64) (experiment, control int) {
	checkHazard(ends, controlEnds, hazardRatio, significance)
	if !(power > 0 && power < 1) || !(ratio > 0) || math.IsInf(ratio, 1) || hazardRatio == 1 {
		panic(fmt.Sprintf("compare: hazard size: power %v, ratio %v, hazard ratio %v", power, ratio, hazardRatio))
	}
	z := estimate.NormalQuantile(1-significance/2) + estimate.NormalQuantile(power)
	k := (ratio*hazardRatio + 1) / (hazardRatio - 1) * z
	events := k * k / ratio
	n := events / (ratio*ends + controlEnds)
	if !(max(n, n*ratio) <= 1e15) {
		return math.MaxInt, math.MaxInt
	}
	return int(math.Ceil(n * ratio)), int(math.Ceil(n))
}

func checkHazard(ends, controlEnds, hazardRatio, significance float64) {
	shares := ends >= 0 && ends <= 1 && controlEnds >= 0 && controlEnds <= 1 && ends+controlEnds > 0
	if !shares || !(hazardRatio > 0) || math.IsInf(hazardRatio, 1) || !(significance > 0 && significance < 1) {
		panic(fmt.Sprintf("compare: hazard test: shares %v and %v, hazard ratio %v, significance %v", ends, controlEnds, hazardRatio, significance))
	}
}

// HazardPower returns the power of the test that [HazardSize] sizes. Panics as that does, a hazard ratio of 1 aside,
// and unless there are accounts in both groups.
func HazardPower(experiment, control int, ends, controlEnds, hazardRatio, significance float64) float64 {
	if checkHazard(ends, controlEnds, hazardRatio, significance); experiment < 1 || control < 1 {
		panic(fmt.Sprintf("compare: hazard power: groups of %d and %d", experiment, control))
	}
	a, b := float64(experiment), float64(control)
	k, events := a/b, a*ends+b*controlEnds
	return normalCDF(math.Sqrt(k*events)*math.Abs(hazardRatio-1)/(k*hazardRatio+1) - estimate.NormalQuantile(1-significance/2))
}
