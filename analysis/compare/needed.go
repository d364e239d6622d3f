package compare

import (
	"fmt"
	"math"

	"collectsim/analysis/estimate"
)

// ReplicationsForHalfWidth returns the number of replications at which a t interval has at
// most the half-width, if replications keep the standard deviation sd; at least 2. No more than 2^31 are looked at:
// that number stands for any above it.
// Panics unless halfWidth > 0, sd >= 0 and confidence is in (0, 1).
func ReplicationsForHalfWidth(sd, halfWidth, confidence float64) int {
	if !(halfWidth > 0) || !(sd >= 0) || !(confidence > 0 && confidence < 1) {
		panic(fmt.Sprintf("compare: half-width %v, standard deviation %v, confidence %v", halfWidth, sd, confidence))
	}
	tight := func(n int) bool {
		t := estimate.TQuantile(1-(1-confidence)/2, float64(n-1))
		return t*sd/math.Sqrt(float64(n)) <= halfWidth
	}
	high := 2
	for !tight(high) && high < math.MaxInt32 {
		high *= 2
	}
	low := max(2, high/2)
	for low < high {
		if mid := (low + high) / 2; tight(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}

// mostReplications is more than anybody plays.
const mostReplications = 10_000_000

// ReplicationsNeeded returns how many replications it takes in all to tell a true difference
// of the stated size from 0, with the stated power, in a paired t test at 1 - confidence,
// if paired differences keep the standard deviation sd; at least 2. With sd 0 that is 2.
// The error says what is out of range, or that it would take more than ten million.
//
// Note: with the difference seen put for the true one the answer is a rough guide: the
// difference seen is itself uncertain.
func ReplicationsNeeded(difference, sd, confidence, power float64) (int, error) {
	if sd == 0 && difference != 0 {
		return 2, nil
	}
	n, err := Design{Significance: 1 - confidence}.PairedSize(difference, sd, power)
	if err != nil {
		return 0, err
	}
	if n > mostReplications {
		return 0, fmt.Errorf("more than %.0f replications would be needed", float64(mostReplications))
	}
	return max(2, int(math.Ceil(n))), nil
}

// needed is ReplicationsNeeded for the difference seen; 0 where there is no answer.
func needed(d estimate.Estimate, alpha, power float64) int {
	if d.N < 2 || !(d.SE >= 0) || d.Value == 0 || math.IsInf(alpha, 0) {
		return 0
	}
	n, err := ReplicationsNeeded(d.Value, d.SE*math.Sqrt(float64(d.N)), 1-alpha, power)
	if err != nil {
		return 0
	}
	return n
}
