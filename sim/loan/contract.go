package loan

import "math"

// Annuity returns the level payment that repays principal in n periods at the periodic rate, paid
// at the end of each period: P r / (1 - (1+r)^-n); principal/n when the rate is 0. In the unit of
// principal. Source: standard annuity formula, as numpy-financial pmt.
func Annuity(principal, rate float64, n int) float64 {
	if n <= 0 {
		return math.NaN()
	}
	if rate == 0 {
		return principal / float64(n)
	}
	return principal * rate / -math.Expm1(-float64(n)*math.Log1p(rate))
}

// IntervalRate is the rate for one of the intervals, of so many days, at which instalments fall due: an annual rate over
// the number of them in a year of twelve months of 30 days.
func IntervalRate(apr float64, interval Day) float64 {
	return apr / (12 * MonthDays / float64(interval))
}

// InstalmentsIn is the number of instalments that fall due in some months, rounded.
func InstalmentsIn(months int, interval Day) int {
	return (months*MonthDays + int(interval)/2) / int(interval)
}

// PerMonth is what falls due in 30 days of an amount that falls due at every interval.
func PerMonth(amount Cents, interval Day) Cents {
	if interval == MonthDays {
		return amount
	}
	return amount.Share(MonthDays / float64(interval))
}

// AnnuityCents returns the contractual instalment in whole cents, rounded up so that n payments, at intervals of so many
// days, always suffice.
func AnnuityCents(principal Cents, apr float64, n int, interval Day) Cents {
	payment := Annuity(float64(principal), IntervalRate(apr, interval), n)
	return Cents(math.Ceil(payment - max(1e-9, 1e-13*payment))) // less what is rounding, not money
}

// ScheduleRow is one period of an amortisation schedule.
type ScheduleRow struct {
	Period                                int
	Payment, Interest, Principal, Balance float64
}

// Schedule returns the n rows of the level-payment schedule. In the unit of principal. The last balance is exactly 0.
func Schedule(principal, rate float64, n int) []ScheduleRow {
	payment := Annuity(principal, rate, n)
	rows := make([]ScheduleRow, 0, max(n, 0))
	before := principal
	for k := 1; k <= n; k++ {
		after := balanceAfter(principal, rate, n, k)
		rows = append(rows, ScheduleRow{k, payment, float64(before * rate), before - after, after})
		before = after
	}
	return rows
}

// balanceAfter is what is owed after k of n level payments: what the other n-k are worth. Counted on from period to period,
// rounding errors grow as (1+rate)^k, after 100 years at 3% a month to more than the principal.
func balanceAfter(principal, rate float64, n, k int) float64 {
	switch {
	case k == n:
		return 0
	case rate == 0:
		return principal * float64(n-k) / float64(n)
	}
	growth := math.Log1p(rate)
	return principal * math.Expm1(float64(k-n)*growth) / math.Expm1(-float64(n)*growth)
}

// RateToProbability converts an event rate per unit time to the probability of at least one event
// within t units: 1 - exp(-rate t).
func RateToProbability(rate, t float64) float64 { return -math.Expm1(-rate * t) }

// ProbabilityToRate is the inverse of RateToProbability: -log(1-p)/t.
func ProbabilityToRate(p, t float64) float64 { return -math.Log1p(-p) / t }

// RescaleProbability converts a probability over one unit of time to one over t units at the same
// rate: 1 - (1-p)^t.
func RescaleProbability(p, t float64) float64 { return -math.Expm1(t * math.Log1p(-p)) }

// PeriodicRate returns the rate per period that compounds to the effective annual rate over n
// periods a year: (1+annual)^(1/n) - 1.
func PeriodicRate(annual, n float64) float64 { return math.Expm1(math.Log1p(annual) / n) }

// DiscountFactor returns the present value of one unit paid after t years at an effective annual
// rate: (1+annual)^-t.
func DiscountFactor(annual, t float64) float64 { return math.Exp(-t * math.Log1p(annual)) }

// ContinuousDiscountFactor returns exp(-rate t).
func ContinuousDiscountFactor(rate, t float64) float64 { return math.Exp(-rate * t) }
