package sim

import (
	"math"

	"collectsim/sim/loan"
)

// maxWorn is the number of months past due after which willingness wears off no further; buckets end before.
const maxWorn = 24

// will sets the borrower's own intensity: the trait, raised by goodwill after a remedy, worn by each
// month past due, on the books or not, lowered by charge-off.
func (e *engine) will(i int32) {
	s, b := &e.states[i], &e.world.Borrowers
	t := &e.traits[i]
	will := t.Will
	if s.is(flagGrateful) {
		will *= float32(1 + float64(b.Trust.Goodwill*e.model.Type(t.Cause).Keep))
	}
	e.pulses[i].Will = will * e.unworn(i)
}

// unworn is what age and charge-off have left of willingness, a share: worn by each month past due, on the books or
// not, lowered by charge-off.
func (e *engine) unworn(i int32) float32 {
	s := &e.states[i]
	left := power(e.wearPow, e.dpd(i)/loan.MonthDays+day(s.worn))
	if s.status == loan.ChargedOff {
		left *= float32(e.world.Borrowers.Payment.ChargedOff)
	}
	return left
}

// rebase recomputes what follows from missed instalments and income: the own intensity, and the level
// to which stress relaxes.
func (e *engine) rebase(i int32) {
	e.will(i)
	s, p := &e.states[i], &e.pulses[i]
	missed := 0 // months of instalments
	if s.status == loan.ChargedOff {
		missed = 3
	} else if s.Arrears > 0 {
		instalments := min((s.Arrears+s.asked()-1)/s.asked(), 3*loan.MonthDays) // three months are the most that counts
		missed = loan.MissedInstalments(loan.Day(instalments)*loan.Day(s.every), loan.MonthDays)
	}
	interval := loan.Day(s.every)
	if s.status == loan.Closed || s.status == loan.ChargedOff { // no more falls due
		interval = loan.MonthDays
	}
	level := e.model.BaseStress(missed, s.is(flagUnsteady), s.debts, interval)
	if s.is(flagActive) {
		p.Base = level
		e.settling(i)
		return
	}
	if level == p.Base && p.Stress == level {
		return
	}
	e.catchUp(i, e.today)
	e.uncalm(i)
	p.Base, p.Stress = level, level
	e.calm(i)
}

// calm adds a borrower outside of the day loop to the running sums of stress, uncalm takes him out.
func (e *engine) calm(i int32) {
	e.book.calm += float64(e.pulses[i].Base)
	if e.pulses[i].Base >= e.kernel.Distress {
		e.book.calmDistress++
	}
}

func (e *engine) uncalm(i int32) {
	e.book.calm -= float64(e.pulses[i].Base)
	if e.pulses[i].Base >= e.kernel.Distress {
		e.book.calmDistress--
	}
}

// activate puts a borrower into the day loop.
func (e *engine) activate(i int32) {
	s := &e.states[i]
	if s.is(flagActive) {
		return
	}
	for s.payday <= e.today { // nothing has woken the account since: a team contacts it from its queue
		e.payDay(i)
	}
	e.catchUp(i, e.today)
	e.uncalm(i)
	s.set(flagActive)
	s.settle = never
	e.earn(i)
	e.active.add(i)
}

// settled is the distance to the base level, in points, below which a borrower counts as calm.
const settled = 0.5

// settling plans when a borrower who owes nothing overdue leaves the day loop.
func (e *engine) settling(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	s.settle = never
	if e.owed(i) > 0 {
		return
	}
	gap := math.Abs(float64(p.Stress - p.Base))
	days := 1.0
	if gap > settled {
		days += math.Log(settled/gap) / e.relax
	}
	if float64(e.today)+days < float64(never) {
		s.settle = e.today + day(days)
	}
}

// settleDown takes a calm borrower out of the day loop.
func (e *engine) settleDown(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	s.settle = never
	if !s.is(flagActive) || e.owed(i) > 0 {
		return
	}
	if math.Abs(float64(p.Stress-p.Base)) > settled { // shaken again since the plan
		e.settling(i)
		return
	}
	s.clear(flagActive)
	s.asleep = e.today
	p.Stress = p.Base
	e.calm(i)
	e.income[i] = 0
	e.active.remove(i)
}

// shake moves a borrower's stress; who is calm and owes nothing joins the day loop until it has passed.
func (e *engine) shake(i int32, points float32) {
	if points == 0 {
		return
	}
	e.activate(i)
	e.pulses[i].Shake(points)
	e.settling(i)
}
