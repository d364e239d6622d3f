package decision

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Distribution is what is believed about one uncertain input. Feeding it uniform numbers draws from it;
// feeding it the coordinates of a Latin hypercube or Sobol sequence gives a design.
type Distribution interface {
	Quantile(p float64) float64 // p in [0, 1]; panics outside
	Mean() float64
	SD() float64
}

// Beta is the beta distribution on (0, 1), for shares and probabilities.
type Beta struct{ Alpha, Beta float64 }

// Gamma is the gamma distribution with mean Shape*Scale, for costs and durations.
type Gamma struct{ Shape, Scale float64 }

// LogNormal is the distribution whose logarithm is normal, for ratios and skewed amounts.
type LogNormal struct{ MeanLog, SDLog float64 }

// BetaFromMoments matches a mean in (0, 1) and a standard deviation in (0, sqrt(mean*(1-mean))).
// Source: method of moments, alpha+beta = mean*(1-mean)/sd^2 - 1 (Briggs, Claxton and Sculpher 2006, ch. 4).
func BetaFromMoments(mean, sd float64) (Beta, error) {
	if !(mean > 0 && mean < 1) {
		return Beta{}, fmt.Errorf("mean: %v, must be above 0 and below 1 for a beta distribution", mean)
	}
	limit := math.Sqrt(mean * (1 - mean))
	if !(sd > 0 && sd < limit) {
		return Beta{}, fmt.Errorf("sd: %v, must be above 0 and below %v for a beta distribution of mean %v", sd, limit, mean)
	}
	size := mean*(1-mean)/(sd*sd) - 1
	return Beta{Alpha: mean * size, Beta: (1 - mean) * size}, errors.Join(representable("alpha", mean*size), representable("beta", (1-mean)*size))
}

// GammaFromMoments matches a mean and a standard deviation, both above 0.
func GammaFromMoments(mean, sd float64) (Gamma, error) {
	if err := errors.Join(positive("mean", mean), positive("sd", sd)); err != nil {
		return Gamma{}, err
	}
	d := Gamma{Shape: mean * mean / (sd * sd), Scale: sd * sd / mean}
	return d, errors.Join(representable("shape", d.Shape), representable("scale", d.Scale))
}

// LogNormalFromMoments matches the mean and the standard deviation of the variable itself, not of its
// logarithm; both above 0.
func LogNormalFromMoments(mean, sd float64) (LogNormal, error) {
	if err := errors.Join(positive("mean", mean), positive("sd", sd)); err != nil {
		return LogNormal{}, err
	}
	s2 := math.Log1p(sd * sd / (mean * mean))
	return LogNormal{MeanLog: math.Log(mean) - s2/2, SDLog: math.Sqrt(s2)}, representable("sd of the log", s2)
}

// LogNormalFromInterval reads a published estimate with its confidence interval, symmetric on the log
// scale: the median is the estimate, the standard deviation of the log is the log width of the interval
// over twice the normal quantile. Needs 0 < low < high, an estimate between them, confidence in (0, 1).
func LogNormalFromInterval(estimate, low, high, confidence float64) (LogNormal, error) {
	var errs []error
	if !(low > 0 && low < high && !math.IsInf(high, 1)) {
		errs = append(errs, fmt.Errorf("interval: %v to %v, must be 0 < low < high", low, high))
	}
	if !(estimate >= low && estimate <= high) {
		errs = append(errs, fmt.Errorf("estimate: %v, must be within the interval %v to %v", estimate, low, high))
	}
	if !(confidence > 0 && confidence < 1) {
		errs = append(errs, fmt.Errorf("confidence: %v, must be above 0 and below 1", confidence))
	}
	if err := errors.Join(errs...); err != nil {
		return LogNormal{}, err
	}
	z := distuv.UnitNormal.Quantile((1 + confidence) / 2)
	return LogNormal{MeanLog: math.Log(estimate), SDLog: (math.Log(high) - math.Log(low)) / (2 * z)}, nil
}

// representable is the error of a parameter that a mean and a standard deviation many powers of ten apart give.
func representable(name string, v float64) error {
	if err := positive(name, v); err != nil {
		return fmt.Errorf("mean and sd: too far apart for a float64: %w", err)
	}
	return nil
}

func positive(name string, v float64) error {
	if !(v > 0) || math.IsInf(v, 1) {
		return fmt.Errorf("%s: %v, must be finite and above 0", name, v)
	}
	return nil
}

// Quantile is the inverse of the distribution function. For Alpha or Beta below about 0.1 the upper tail
// cannot be told from 1 in a float64 and is returned as the number just below it.
func (d Beta) Quantile(p float64) float64 {
	this := distuv.Beta{Alpha: d.Alpha, Beta: d.Beta}
	x := this.Quantile(p)
	if p <= 0.5 || math.Abs(this.CDF(x)-p) <= 1e-6*(1-p) {
		return x
	}
	return d.upperQuantile(1 - p)
}

// upperQuantile is where the upper tail is q, by bisection: the library's inverse stops short of it for q below about
// 1e-6 where Beta is large.
func (d Beta) upperQuantile(q float64) float64 {
	low, high := 0.0, 1.0
	for range 200 {
		mid := (low + high) / 2
		if mathext.RegIncBeta(d.Beta, d.Alpha, 1-mid) > q {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Mean is Alpha/(Alpha+Beta).
func (d Beta) Mean() float64 { return d.Alpha / (d.Alpha + d.Beta) }

// SD is the standard deviation.
func (d Beta) SD() float64 { return distuv.Beta{Alpha: d.Alpha, Beta: d.Beta}.StdDev() }

// Quantile is the inverse of the distribution function.
func (d Gamma) Quantile(p float64) float64 {
	if p > 0 && p < 1 {
		// The library loses the quantile near 0, where the distribution function is
		// x^shape/Gamma(shape+1) * (1 - x*shape/(shape+1)) to within x^2.
		logGamma, _ := math.Lgamma(d.Shape + 1)
		if x := math.Exp((math.Log(p) + logGamma) / d.Shape); x < 1e-6 {
			return d.Scale * x * (1 + x/(d.Shape+1))
		}
	}
	return d.Scale * distuv.Gamma{Alpha: d.Shape, Beta: 1}.Quantile(p)
}

// Mean is Shape*Scale.
func (d Gamma) Mean() float64 { return d.Shape * d.Scale }

// SD is the standard deviation.
func (d Gamma) SD() float64 { return math.Sqrt(d.Shape) * d.Scale }

// Quantile is the inverse of the distribution function.
func (d LogNormal) Quantile(p float64) float64 {
	return math.Exp(d.MeanLog + d.SDLog*distuv.UnitNormal.Quantile(p))
}

// Mean is the mean of the variable itself.
func (d LogNormal) Mean() float64 { return math.Exp(d.MeanLog + d.SDLog*d.SDLog/2) }

// SD is the standard deviation of the variable itself.
func (d LogNormal) SD() float64 { return d.Mean() * math.Sqrt(math.Expm1(d.SDLog*d.SDLog)) }

// DirichletMean is the mean of a Dirichlet distribution: the shares of alpha (counts, all above 0), for a
// row of transition probabilities. The share of entry i alone is [DirichletMarginal].
func DirichletMean(alpha []float64) ([]float64, error) {
	total, err := dirichletTotal(alpha)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(alpha))
	for i, a := range alpha {
		out[i] = a / total
	}
	return out, nil
}

// DirichletMarginal is the distribution of the i-th share, a beta distribution. alpha needs two entries
// or more; panics if i is out of range.
func DirichletMarginal(alpha []float64, i int) (Beta, error) {
	if _, err := dirichletTotal(alpha); err != nil {
		return Beta{}, err
	}
	if len(alpha) < 2 {
		return Beta{}, errors.New("alpha: one entry, its share is always 1")
	}
	rest := 0.0 // not the total less alpha[i], which can be 0 of numbers above it
	for k, a := range alpha {
		if k != i {
			rest += a
		}
	}
	return Beta{Alpha: alpha[i], Beta: rest}, nil
}

// DirichletQuantile maps one uniform number per entry, u[i] in (0, 1), to a row of shares that sums to 1
// and is Dirichlet distributed if the u are independent: gamma quantiles over their sum.
func DirichletQuantile(alpha, u []float64) ([]float64, error) {
	_, err := dirichletTotal(alpha)
	if len(u) != len(alpha) {
		err = errors.Join(err, fmt.Errorf("u: %d values, must be one per entry of alpha (%d)", len(u), len(alpha)))
	}
	for i, p := range u {
		if !(p > 0 && p < 1) {
			err = errors.Join(err, fmt.Errorf("u[%d]: %v, must be above 0 and below 1", i, p))
		}
	}
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(alpha))
	total := 0.0
	for i, a := range alpha {
		out[i] = Gamma{Shape: a, Scale: 1}.Quantile(u[i])
		total += out[i]
	}
	if total == 0 {
		return nil, fmt.Errorf("alpha: %v, too small for a float64 at u = %v", alpha, u)
	}
	for i := range out {
		out[i] /= total
	}
	return out, nil
}

func dirichletTotal(alpha []float64) (float64, error) {
	if len(alpha) == 0 {
		return 0, errors.New("alpha: empty, at least one entry is needed")
	}
	var errs []error
	total := 0.0
	for i, a := range alpha {
		errs = append(errs, positive(fmt.Sprintf("alpha[%d]", i), a))
		total += a
	}
	return total, errors.Join(errs...)
}
