package borrower

import (
	"math"

	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// LumpSum is the lump sum of a day, and the wait for the next.
type LumpSum struct {
	Amount  float64 // cents
	ForDebt bool    // meant for the debt
	Wait    int     // days until the next, at least 1; loan.Never or more: there is none
}

// LumpSum draws the lump sum that comes to a borrower of a cause at an age in days of the account, of which is given
// what the contract asks for in a month. At age 0 none comes: there is only the wait for the first.
// A sum is keyed by its day, so every strategy meets the same ones.
func (m *Model) LumpSum(s rng.Stream, id uint64, age loan.Day, c loan.Cause, monthly loan.Cents) LumpSum {
	p := &m.LumpSums
	if p.PerYear <= 0 {
		return LumpSum{Wait: int(loan.Never)}
	}
	b := s.Block(id, DrawLumpSum, uint64(age))
	wait := b.Exponential(0) * loan.YearDays / p.PerYear
	sum := LumpSum{Wait: 1 + int(math.Min(wait, float64(loan.Never)))}
	if age > 0 {
		sum.Amount = float64(monthly) * p.Size * math.Exp(p.Spread*b.Normal(1))
		sum.ForDebt = b.Uniform(2) < p.ForDebt*m.types[c].Keep
	}
	return sum
}
