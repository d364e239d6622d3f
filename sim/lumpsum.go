package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
)

// lumpSum is the end of step 4: money from outside comes, and may go to the debt at once. It is part of the
// borrower's life: days, amounts and what it is meant for are the same under every strategy. An account
// without one today costs a comparison.
func (e *engine) lumpSum(i int32) {
	s := &e.states[i]
	if s.lump > e.today {
		return
	}
	sum := e.nextLumpSum(i)
	if s.status == loan.Closed {
		s.lump = never
		return
	}
	e.catchUp(i, e.today)
	e.pulses[i].Cash += float32(sum.Amount)
	if sum.ForDebt && s.is(flagAware) && e.owed(i) > 0 {
		e.payLumpSum(i)
	}
}

// nextLumpSum returns the lump sum of today and plans the next.
func (e *engine) nextLumpSum(i int32) borrower.LumpSum {
	s := &e.states[i]
	sum := e.model.LumpSum(e.stream, s.id, loan.Day(e.age(i, e.today)), e.traits[i].Cause, loan.PerMonth(s.agreed, loan.Day(s.every)))
	s.lump = day(min(int(e.today)+sum.Wait, int(never)))
	return sum
}

// payLumpSum pays all that is owed, as far as cash reaches.
func (e *engine) payLumpSum(i int32) {
	s := &e.states[i]
	e.post(i)
	owed := e.owed(i)
	amount := min(owed, loan.Cents(e.pulses[i].Cash))
	if amount <= 0 {
		return
	}
	e.repay(i, amount, owed)
	if s.demanded != never {
		s.decide = e.today // step 5 is still to come
	}
}
