package sim

import (
	"collectsim/sim/loan"
)

func power(powers []float32, n day) float32 {
	return powers[min(int(n), len(powers)-1)]
}

// earned is the free cash that a pay day on a given day brings in the present income state, before what the economy
// makes of it, cents.
func (e *engine) earned(i int32, on day) float32 {
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

// rhythm is those who are paid every so many days, by the day of the first pay day in it.
type rhythm struct {
	interval day
	on       [loan.MonthDays][]int32
}

// payDays pays those in the day loop whose pay day it is, unless they are woken today and paid by life: a
// pay day changes nothing but cash, so there is no need to wake an account for it.
func (e *engine) payDays() {
	economy := e.model.Economy.Cash[e.today]
	for k := range e.paid {
		r := &e.paid[k]
		for _, i := range r.on[e.today%r.interval] {
			if e.wakes[i] > e.today {
				e.pulses[i].Cash += float32(e.income[i] * economy)
			}
		}
	}
}

// passPayDays moves on to the first pay day that payDays has not seen to, of a borrower in the day loop.
func (s *state) passPayDays(today day) {
	for s.payday < today {
		s.payday += s.interval()
	}
}

// sortPayDays lists the accounts by how often, then by when the borrower is paid.
func (e *engine) sortPayDays() {
	var number [loan.MonthDays + 1][loan.MonthDays]int
	for i := range e.firsts {
		interval := day(e.accounts[i].Interval())
		number[interval][e.firsts[i].payday%interval]++
	}
	e.paid = e.paid[:0]
	var at [loan.MonthDays + 1]int // places of the rhythms
	from := 0
	for interval := range number {
		at[interval] = len(e.paid)
		if number[interval] == [loan.MonthDays]int{} {
			continue
		}
		r := rhythm{interval: day(interval)}
		for d, n := range number[interval] {
			r.on[d] = e.payroll[from : from : from+n]
			from += n
		}
		e.paid = append(e.paid, r)
	}
	for i := range e.firsts {
		r := &e.paid[at[e.accounts[i].Interval()]]
		d := e.firsts[i].payday % r.interval
		r.on[d] = append(r.on[d], int32(i))
	}
}

// earn notes what a pay day brings to a borrower in the day loop.
func (e *engine) earn(i int32) {
	if e.states[i].is(flagActive) {
		e.income[i] = e.earned(i, e.today)
	}
}

// payDay brings the income of the pay day that has come.
func (e *engine) payDay(i int32) {
	s := &e.states[i]
	e.catchUp(i, s.payday)
	e.pulses[i].Cash += float32(e.earned(i, s.payday) * e.model.Economy.Cash[s.payday])
	s.payday += s.interval()
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
