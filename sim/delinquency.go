package sim

import (
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// delinquency is step 3: remedies end, redefaults show, accounts are charged off.
func (e *engine) delinquency(i int32) {
	s := &e.states[i]
	if s.remedyEnd <= e.today {
		e.endGrace(i)
	}
	if s.demanded == never {
		return
	}
	dpd := e.today - s.demanded
	if dpd%loan.MonthDays == 0 { // another month past due
		e.will(i)
	}
	if s.status != loan.Overdue {
		return
	}
	if dpd >= 30 && s.is(flagOnTrial) {
		s.clear(flagOnTrial)
		s.set(flagRedefault)
		e.sums(i).Redefaults++
	}
	if int(dpd) >= e.world.Policy.ChargeOff {
		e.chargeOff(i)
	}
}

// dpd is days past due on the demanded schedule, 0 when nothing is demanded.
func (e *engine) dpd(i int32) day {
	if s := &e.states[i]; s.demanded != never {
		return e.today - s.demanded
	}
	return 0
}

// beginEpisode opens a contractual delinquency episode today.
func (e *engine) beginEpisode(i int32) {
	s := &e.states[i]
	s.oldest, s.episode = e.today, e.today
	s.set(flagInside)
	s.clear(flagReached)
	if e.reference {
		e.risk[i] = min(e.risk[i], e.today)
	}
	e.sums(i).Episodes++
	if e.flows != nil {
		e.flows[i].episodes++
	}
	e.log(i, outcome.EventOverdue, 0, s.Overdue, 0)
}

// upToDate draws the consequences of a payment, waiver or remedy for the schedule: dates of the
// oldest unpaid instalments, the end of an episode, the end of the loan. A waiver cures nobody.
func (e *engine) upToDate(i int32, why reason) {
	s := &e.states[i]
	late := s.status == loan.Overdue
	if s.status == loan.ChargedOff {
		if s.WrittenOff == 0 {
			e.closeClaim(i)
		}
		e.need(i)
		return
	}
	if s.Overdue == 0 {
		s.worn = 0
		e.endEpisode(i, why == byPayment)
	} else if s.oldest != never {
		s.oldest = max(s.oldest, day(loan.OldestDue(s.Overdue, s.agreed, loan.Day(e.lastContractual(i)), loan.Day(s.every))))
	}
	if s.Owed() == 0 {
		e.quiet(i, why)
	} else if s.demanded != never && s.Arrears > 0 {
		s.demanded = max(s.demanded, day(loan.OldestDue(s.Arrears, s.asked(), loan.Day(e.lastDue(i)), loan.Day(s.every))))
	}
	if s.Outstanding() == 0 {
		s.status = loan.Closed
		s.due = never
	}
	e.rebase(i)
	if late && s.status != loan.Overdue && why == byPayment {
		e.relieve(i)
	}
	e.need(i)
}

// relieve takes off a borrower who has paid all that is demanded what stress the debt has left on him, or as much of it as
// relief reaches: being late and paying must not leave him better off than never having been late.
func (e *engine) relieve(i int32) {
	p := &e.pulses[i]
	if above := p.Stress - p.Base; above > 0 {
		e.shake(i, -min(above, float32(e.world.Borrowers.Stress.CureRelief)))
	}
}

// closeClaim ends collection on a charged-off account: paid in full, or settled.
func (e *engine) closeClaim(i int32) {
	s := &e.states[i]
	s.status, s.oldest = loan.Closed, never
	e.quiet(i, byPayment)
	e.rebase(i)
	e.relieve(i)
}

// lastEvening is the last day since an episode began on which it could have ended by payment, given that it
// left observation on the morning of day n: a censored episode was at risk until then and no longer.
func lastEvening(n day) day { return max(n-1, 0) }

// endEpisode closes the contractual episode: by payment, or otherwise (charge-off, a waiver of all that is overdue).
func (e *engine) endEpisode(i int32, cured bool) {
	s := &e.states[i]
	if s.oldest == never {
		return
	}
	if s.is(flagInside) && !e.runningOff {
		n := e.today - s.episode
		if cured {
			e.cures[n].Cured++
		} else {
			e.cures[lastEvening(n)].Censored++
		}
	}
	if cured {
		sum := e.sums(i)
		sum.Cures++
		if !s.is(flagReached) {
			sum.SelfCures++
		}
		if e.flows != nil {
			e.flows[i].cures++
			if !s.is(flagReached) {
				e.flows[i].selfCures++
			}
		}
		e.log(i, outcome.EventCure, 0, 0, int32(e.today-s.episode))
	}
	s.oldest = never
}

// reason is why nothing is demanded any more.
type reason uint8

const (
	byPayment reason = iota
	byRemedy
)

// quiet ends collection on an account of which nothing is demanded any more.
func (e *engine) quiet(i int32, why reason) {
	s := &e.states[i]
	if s.status == loan.Overdue {
		s.status = loan.Current
	}
	s.demanded, s.decide, s.discover = never, never, never
	s.placed = loan.NoChannel
	if !s.tracked() {
		s.followUp = never
	}
	e.withdraw(i)
	if s.promiseDue != never && !s.is(flagSettles) {
		if why == byPayment {
			e.keepPromise(i)
		} else { // void: what was promised is not demanded any more
			s.promiseDue, s.promised = never, 0
		}
	}
	if s.is(flagConceded) && !s.is(flagRedefault) {
		s.set(flagOnTrial)
	}
	e.planReminder(i)
}

// tracked reports that there is a plan which the follow-up of a visit tracks, while it is kept to.
func (s *state) tracked() bool { return s.is(flagUntilMissed) && s.Outstanding() > 0 }

// withdraw takes back the requests that wait for a team; a booked visit stands until its day.
func (e *engine) withdraw(i int32) {
	s := &e.states[i]
	if s.callSlot != 0 && !(s.callSlot == noSlot+1 && s.tracked()) {
		s.callSlot = 0
		e.call.desk(s.region).waiting--
	}
	if s.visitSlot != 0 && s.visit == never {
		s.visitSlot = 0
		e.visit.desk(s.region).waiting--
	}
}

// chargeOff takes the account off the books; the claim goes on being collected.
func (e *engine) chargeOff(i int32) {
	s := &e.states[i]
	e.post(i)
	e.endEpisode(i, false)
	since := s.demanded
	e.claim(i, s.Outstanding()-s.Overdue-s.Penalty) // the rest falls due at once
	loss := s.ChargeOff()
	s.clear(flagResting)
	s.status, s.due, s.oldest, s.demanded = loan.ChargedOff, never, since, since
	sum := e.sums(i)
	sum.ChargedOff++
	sum.ChargedOffAmount += loss
	e.log(i, outcome.EventChargeOff, 0, loss, 0)
	e.lostInVintage(i)
	e.rebase(i)
	e.need(i)
	s.decide = e.today
}
