package estimate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Share estimates a probability from successes out of n independent trials, with Wilson's
// score interval. It stays inside [0, 1] and has width even at 0 and n successes.
//
// SE is sqrt(p (1-p) / n). n = 0 gives NaN and a warning. Panics unless 0 <= successes <= n.
// Note: accounts of one replication share its environment and are not independent; for a
// share over replications use [Mean] or [Ratio].
// Source: Wilson (1927); Brown, Cai and DasGupta (2001), eq. 4.
func Share(successes, n int, confidence float64) Estimate {
	e, ok := shareOf(successes, n, confidence)
	if !ok {
		return e
	}
	e.Low, e.High = wilson(float64(successes), float64(n), confidence)
	return e
}

// ShareExact is [Share] with the exact interval of Clopper and Pearson, which covers at least
// as often as stated and is wider than Wilson's.
// Source: Clopper and Pearson (1934), by quantiles of the beta distribution.
func ShareExact(successes, n int, confidence float64) Estimate {
	e, ok := shareOf(successes, n, confidence)
	if !ok {
		return e
	}
	tail, k, m := (1-confidence)/2, float64(successes), float64(n)
	switch successes {
	case 0: // both ends without the library's quantile, which stops short in far tails
		e.Low, e.High = 0, -math.Expm1(math.Log(tail)/m)
	case n:
		e.Low, e.High = math.Exp(math.Log(tail)/m), 1
	default:
		e.Low = distuv.Beta{Alpha: k, Beta: m - k + 1}.Quantile(tail)
		e.High = 1 - distuv.Beta{Alpha: m - k, Beta: k + 1}.Quantile(tail) // of the failures
	}
	return e
}

func shareOf(successes, n int, confidence float64) (Estimate, bool) {
	checkConfidence(confidence)
	if successes < 0 || successes > n {
		panic(fmt.Sprintf("estimate: successes must be in [0, %d], got %d", n, successes))
	}
	if n == 0 {
		return undefined(0, "no trials, the share is undefined"), false
	}
	p := float64(successes) / float64(n)
	return Estimate{Value: p, SE: math.Sqrt(p * (1 - p) / float64(n)), N: n}, true
}

func wilson(k, n, confidence float64) (low, high float64) {
	z := NormalQuantile(1 - (1-confidence)/2)
	p, z2 := k/n, z*z
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := z / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	low, high = max(0, centre-half), min(1, centre+half)
	if k == 0 {
		low = 0 // the formula gives 0 up to rounding
	}
	if k == n {
		high = 1
	}
	return low, high
}
