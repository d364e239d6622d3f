package sim

import (
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// runOff adds to the sums what the accounts in collection are worth on the evening of the last day: what their
// borrowers pay from then on if all contact stops, less what it costs, discounted; then, when the months of the
// run-off are over or the account is charged off, what is still owed less its provision.
//
// A provision alone cannot stand in for it. In the middle of a grace period one who forgot looks like one who
// does not want to pay, so that a provision by bucket calls any delay a gain, up to the day on which it is over.
//
// The lives are those of a longer run, draw by draw, and no table knows of them. They are lived one after the
// other, since without contact nothing couples them.
func (e *engine) runOff() {
	channels, book, played := e.channels, e.book, e.strategy
	e.runningOff, e.strategy = true, noContact
	aside := int32(len(e.cell)) // a cell that is in no group
	e.cell = append(e.cell, outcome.Totals{})
	for i := range e.states {
		if e.risk[i] >= e.horizon {
			continue
		}
		s := &e.states[i]
		cell := s.cell
		s.cell = aside
		value := e.remainder(int32(i))
		e.cell[cell].BookValue += value
		if e.config.Accounts {
			e.rows[i].BookValue = value
		}
		s.cell = cell
	}
	e.runningOff, e.strategy, e.today = false, played, e.horizon
	e.channels, e.book = channels, book
}

// remainder plays the rest of an account's life and returns what it brings, cents discounted to day 0.
func (e *engine) remainder(i int32) float64 {
	s, sum := &e.states[i], e.sums(i)
	sum.NPV = 0
	over := min(day(lastDay(e.config.Horizon, e.world)), MaxHorizon-day(max(0, e.accounts[i].DPD)))
	for e.today = e.horizon; e.today < over && s.status != loan.ChargedOff; e.today++ {
		e.comesPayDay(i)
		if e.wakes[i] <= e.today {
			e.life(i)
			e.due(i)
			e.delinquency(i)
			e.promise(i)
			e.lumpSum(i)
			e.wait(i)
		}
		if !s.is(flagActive) { // nothing happens before it wakes
			e.today = min(max(e.wakes[i], e.today+1), over) - 1
			continue
		}
		if p := &e.pulses[i]; p.PerNeed == 0 && p.Spent < p.Threshold && s.status != loan.ChargedOff { // nothing is asked of him before it wakes
			next := min(max(e.wakes[i], e.today+1), e.payDayAfter(i), over)
			e.kernel.Idle(p, int(next-e.today))
			e.activeDays += int64(next - e.today)
			e.today = next - 1
			continue
		}
		e.activeDays++
		alone := [1]uint64{1}
		if e.fired, _, _ = e.kernel.Advance(e.pulses[i:i+1], alone[:], e.fired[:0]); len(e.fired) > 0 {
			e.payment(i)
			e.wait(i)
		}
	}
	loss := e.world.Policy.Provision.Of(s.reported, s.Deferred() > 0)
	return sum.NPV + float64(float64(s.exposure())*(1-loss)*e.discount[e.today])
}

// comesPayDay is payDays for one borrower.
func (e *engine) comesPayDay(i int32) {
	s := &e.states[i]
	if !s.is(flagActive) {
		return
	}
	s.passPayDays(e.today)
	if s.payday == e.today && e.wakes[i] > e.today {
		e.pulses[i].Cash += float32(e.income[i] * e.model.Economy.Cash[e.today])
	}
}

// payDayAfter is the next pay day after today of a borrower in the day loop.
func (e *engine) payDayAfter(i int32) day {
	if s := &e.states[i]; s.payday > e.today {
		return s.payday
	}
	return e.states[i].payday + e.states[i].interval()
}

// wait is what follows a change of an account of which no strategy is asked any more.
func (e *engine) wait(i int32) {
	e.enter(i)
	e.states[i].decide = never
	e.reschedule(i)
}

// lastDay is the morning on which the run-off is over, within what days can count.
func lastDay(horizon int, w *World) int {
	return min(horizon+w.Policy.RunOff*loan.MonthDays, MaxHorizon)
}
