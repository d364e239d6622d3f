package sim

import (
	"collectsim/sim/loan"
)

func power(powers []float32, n day) float32 {
	return powers[min(int(n), len(powers)-1)]
}

// monthly is the free cash that a pay day on a given day brings in the present income state, before what the economy
// makes of it, cents.
func (e *engine) monthly(i int32, on day) float32 {
	t, s := &e.traits[i], &e.states[i]
	in := t.PayIn
	if s.is(flagUnsteady) {
		in *= float32(1 - e.model.Type(t.Cause).LossPart)
	}
	if e.accessLost(s) <= on {
		in *= float32(1 - e.world.Borrowers.Bureau.AccessLoss)
	}
	return in
}

// accessLost is the day from which a notice to the credit bureau costs the borrower other credit.
func (e *engine) accessLost(s *state) day {
	if s.reportedOn == never {
		return never
	}
	return after(s.reportedOn, e.world.Borrowers.Bureau.AccessDays)
}

// payDays pays those in the day loop whose pay day it is, unless they are woken today and paid by life: a
// pay day changes nothing but cash, so there is no need to wake an account for it.
func (e *engine) payDays() {
	economy := e.model.Economy.Cash[e.today]
	for _, i := range e.paid[e.today%loan.MonthDays] {
		if e.wakes[i] > e.today {
			e.pulses[i].Cash += float32(e.income[i] * economy)
		}
	}
}

// passPayDays moves on to the first pay day that payDays has not seen to, of a borrower in the day loop.
func (s *state) passPayDays(today day) {
	for s.payday < today {
		s.payday += loan.MonthDays
	}
}

// sortPayDays lists the accounts by the day of the month on which the borrower is paid.
func (e *engine) sortPayDays() {
	var upto [loan.MonthDays + 1]int
	for i := range e.firsts {
		upto[e.firsts[i].payday%loan.MonthDays+1]++
	}
	for d := range e.paid {
		upto[d+1] += upto[d]
		e.paid[d] = e.payroll[upto[d]:upto[d]:upto[d+1]]
	}
	for i := range e.firsts {
		d := e.firsts[i].payday % loan.MonthDays
		e.paid[d] = append(e.paid[d], int32(i))
	}
}

// earn notes what a pay day brings to a borrower in the day loop.
func (e *engine) earn(i int32) {
	if e.states[i].is(flagActive) {
		e.income[i] = e.monthly(i, e.today)
	}
}

// payDay brings the income of the pay day that has come.
func (e *engine) payDay(i int32) {
	s := &e.states[i]
	e.catchUp(i, s.payday)
	e.pulses[i].Cash += float32(e.monthly(i, s.payday) * e.model.Economy.Cash[s.payday])
	s.payday += loan.MonthDays
}

// catchUp brings the cash of a borrower outside of the day loop to the morning of a day.
func (e *engine) catchUp(i int32, to day) {
	s := &e.states[i]
	if s.is(flagActive) || to <= s.asleep {
		return
	}
	p := &e.pulses[i]
	days := to - s.asleep
	p.Cash *= power(e.cashPow, days)
	p.Excite *= power(e.excitePow, days)
	p.Rest(int32(days), e.kernel.Distress)
	s.asleep = to
}
