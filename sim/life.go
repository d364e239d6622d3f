package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// nextIncome returns the day of the next change of the income state.
func (e *engine) nextIncome(i int32, from day) day {
	s := &e.states[i]
	d := e.model.NextIncomeChange(e.stream, e.id(i), e.model.Type(e.traits[i].Cause), s.product, s.is(flagUnsteady), int(s.changes), loan.Day(from))
	return day(min(d, loan.Never))
}

// discovery returns the day on which an unaware borrower notices by himself.
func (e *engine) discovery(i int32, from day) day {
	b := e.stream.Block(e.id(i), borrower.DrawDiscovery, uint64(e.age(i, from)))
	wait := float64(b.Exponential(0) * e.world.Borrowers.Awareness.DiscoveryDays)
	if float64(from)+wait+1 >= float64(never) {
		return never
	}
	return from + 1 + day(wait)
}

// threshold draws the exponential threshold of the next payment decision.
func (e *engine) threshold(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	b := e.stream.Block(e.id(i), borrower.DrawThreshold, uint64(s.decisions))
	s.decisions++
	p.Spent, p.Threshold = 0, float32(b.Exponential(0))
}

// life is step 1: income state, pay day, self-discovery.
func (e *engine) life(i int32) {
	s := &e.states[i]
	if s.is(flagActive) {
		s.passPayDays(e.today)
	}
	for s.payday <= e.today || s.income <= e.today {
		if s.income <= s.payday {
			e.catchUp(i, s.income)
			s.flags ^= flagUnsteady
			s.changes++
			e.log(i, outcome.EventShock, 0, 0, int32(s.flags&flagUnsteady/flagUnsteady))
			s.income = e.nextIncome(i, s.income)
			e.rebase(i)
			e.earn(i)
			continue
		}
		e.payDay(i)
	}
	if e.accessLost(s) == e.today {
		e.earn(i)
	}
	if s.discover <= e.today {
		e.notice(i)
	}
	if s.settle <= e.today {
		e.settleDown(i)
	}
}

// notice makes the borrower aware of what is owed.
func (e *engine) notice(i int32) {
	s := &e.states[i]
	s.set(flagAware)
	s.discover = never
	e.need(i)
}

// need sets the cash at which the borrower is fully able to decide for a payment; while there is
// nothing to pay, or the borrower does not know of it, no hazard accumulates.
func (e *engine) need(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	owed := e.owed(i)
	if owed <= 0 || !s.is(flagAware) || s.is(flagResting) {
		p.PerNeed = 0
		return
	}
	minimum := e.world.Borrowers.Payment.Minimum * float64(min(owed, s.instalment))
	if minimum < 1 {
		p.PerNeed = 1e30
		return
	}
	p.PerNeed = float32(1 / minimum)
}

// owed is what the borrower is asked for now; after charge-off the written-off claim.
func (e *engine) owed(i int32) loan.Cents {
	s := &e.states[i]
	if s.status == loan.ChargedOff {
		return s.WrittenOff
	}
	return s.Owed()
}
