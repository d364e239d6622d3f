// Package loan is the vocabulary of the project: money, days, delinquency, contracts, the payment
// waterfall and the ledger whose identity holds to the cent. It knows no randomness and no files.
package loan

import (
	"fmt"
	"math"
)

// Cents is money in minor currency units. All ledger arithmetic is exact integer arithmetic.
type Cents int64

// Day is a day of the simulation; day 0 is the day on which the portfolio was observed.
type Day int32

// Never is later than any simulated day.
const Never Day = math.MaxInt16

// MonthDays is the length of a month: contracts bill every 30 days, so that delinquency buckets
// (1-29, 30-59, ...) and months are the same thing. Calendar months are a known simplification.
const MonthDays = 30

// YearDays converts annual rates to days (actual/365).
const YearDays = 365

// String writes the amount with two decimals and thousands separators, as in 1,234.50.
func (c Cents) String() string {
	sign := ""
	u := uint64(c)
	if c < 0 {
		sign, u = "-", uint64(-c)
	}
	s := fmt.Sprintf("%d", u/100)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, s, u%100)
}

// Units converts to major currency units.
func (c Cents) Units() float64 { return float64(c) / 100 }

// Share returns the fraction f of c, rounded half away from zero to a whole cent.
func (c Cents) Share(f float64) Cents { return toCent(float64(c) * f) }

// FromUnits converts major currency units to cents, rounded half away from zero.
func FromUnits(units float64) Cents { return toCent(units * 100) }

// toCent rounds half away from zero. Half a cent is half also where the product of decimals lies a few units in the last
// place below it: 35% of 0.10 are 0.04. Of amounts above 2^43 such a unit is too large a part of a cent to tell.
func toCent(x float64) Cents {
	if math.Abs(x) < 1<<43 {
		x = float64(x) + float64(x*0x1p-50)
	}
	return Cents(math.Round(x))
}
