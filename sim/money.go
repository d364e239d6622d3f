package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// due is step 2: the instalment falls due; who has it in mind, has the cash and wants to, pays.
func (e *engine) due(i int32) {
	s := &e.states[i]
	if s.due > e.today {
		return
	}
	e.catchUp(i, e.today)
	e.post(i)
	s.clear(flagResting)
	interest := s.Principal.Share(float64(s.apr) / 12)
	if s.remedyEnd != never {
		interest = interest.Share(float64(s.graceInterest))
	}
	s.AccrueInterest(interest)
	last := s.product != loan.Card && s.term <= 1
	contractual, demand := s.agreed, s.instalment
	if last {
		contractual, demand = s.Principal+s.Interest, s.Principal+s.Interest
	} else if s.remedyEnd == never { // grace is over, and what it deferred is asked for bit by bit
		demand += min(s.recall, s.Deferred)
	}
	due := min(contractual, s.Principal+s.Interest-s.ContractualArrears())
	paid := false
	switch {
	case s.Arrears > 0:
		e.fallDue(i, contractual, demand)
		e.reminded(i)
	case s.remedyEnd != never: // in grace nothing is demanded
		e.fallDue(i, contractual, 0)
	default:
		paid = e.dueDate(i, contractual, demand)
	}
	e.claim(i, due)
	s.clear(flagReminded)
	s.due += loan.MonthDays
	if s.product != loan.Card {
		s.term--
		if s.term <= 0 {
			s.due = never
		}
	}
	if s.status == loan.Closed {
		s.due = never
	}
	e.planReminder(i)
	if s.demanded != never && s.demanded != e.today {
		s.decide = e.today // what is owed has changed
	}
	if !paid { // a payment has seen to it
		e.rebase(i)
		e.need(i)
	}
}

// planReminder plans when the strategy is asked about the next due date of a borrower who is up to
// date, if it acts before due dates at all.
func (e *engine) planReminder(i int32) {
	s := &e.states[i]
	lead := day(e.strategy.Lead())
	if lead == 0 || s.demanded != never || s.status != loan.Current || s.due == never {
		return
	}
	e.newEpisode(i)
	s.decide = max(s.due-lead, e.today+1)
}

// preDue reports whether the account is up to date and in the strategy's window before a due date.
func (e *engine) preDue(i int32) bool {
	s := &e.states[i]
	return s.demanded == never && s.status == loan.Current && s.remedyEnd == never && s.due != never &&
		s.due > e.today && s.due-e.today <= day(e.strategy.Lead())
}

// dueDate is the decision of a borrower who is up to date on the demanded schedule, and reports whether he pays.
func (e *engine) dueDate(i int32, contractual, demand loan.Cents) bool {
	t, p, s := &e.traits[i], &e.pulses[i], &e.states[i]
	b := e.stream.Block(e.id(i), borrower.DrawDue, uint64(e.age(i, e.today)))
	demand = min(demand, s.Principal+s.Interest)
	knows := s.is(flagReminded) || b.Half(0) < float64(t.Memory)
	if knows && float64(p.Cash) >= float64(demand) && b.Half(1) < e.model.Type(t.Cause).OnTime {
		before := s.ContractualArrears()
		if s.Deferred > 0 || s.instalment != s.agreed { // a restructured plan: the old contract goes on in the shadow
			s.FallDue(contractual, 0)
		}
		e.receive(i, demand)
		if before == 0 && s.ContractualArrears() > 0 { // less than the contract asks for
			e.beginEpisode(i)
		}
		return true
	}
	s.flags &^= flagAware
	if knows {
		s.set(flagAware)
	}
	e.fallDue(i, contractual, demand)
	e.missed(i)
	return false
}

// reminded lets a borrower who has this due date in mind find out that he is behind already.
func (e *engine) reminded(i int32) {
	s := &e.states[i]
	if s.is(flagAware) {
		return
	}
	b := e.stream.Block(e.id(i), borrower.DrawDue, uint64(e.age(i, e.today)))
	if b.Half(0) < float64(e.traits[i].Memory) {
		e.notice(i)
	}
}

// fallDue books an unpaid instalment.
func (e *engine) fallDue(i int32, contractual, demanded loan.Cents) {
	s := &e.states[i]
	before := s.ContractualArrears()
	s.FallDue(contractual, demanded)
	if before == 0 && s.ContractualArrears() > 0 {
		e.beginEpisode(i)
	}
}

// claim books money that is due from a borrower in collection.
func (e *engine) claim(i int32, amount loan.Cents) {
	if e.risk[i] <= e.today {
		e.sums(i).Claimed += amount
	}
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
	e.log(i, outcome.EventOverdue, 0, s.ContractualArrears(), 0)
}

// missed starts the demanded delinquency of a borrower who did not pay on the due date.
func (e *engine) missed(i int32) {
	s := &e.states[i]
	if s.Arrears == 0 {
		return
	}
	s.demanded = e.today
	if s.status == loan.Current {
		s.status = loan.Overdue
	}
	if s.is(flagUntilMissed) { // the new terms are broken: the remedy has ended
		s.clear(flagUntilMissed)
		s.remedy = loan.NoRemedy
	}
	if !s.is(flagAware) {
		s.discover = e.discovery(i, e.today)
	}
	e.newEpisode(i)
	e.threshold(i)
	e.activate(i)
	s.decide = e.today + 1
}

// post books penalty interest and funding cost since they were last posted.
func (e *engine) post(i int32) {
	s := &e.states[i]
	days := float64(e.today - s.posted)
	s.posted = e.today
	if days <= 0 || s.status == loan.ChargedOff {
		return
	}
	e.fund(i, days)
	if s.Arrears > 0 && s.penaltyAPR > 0 {
		penalty := s.Arrears.Share(float64(s.penaltyAPR) * days / loan.YearDays)
		s.AccruePenalty(penalty)
		e.claim(i, penalty)
	}
}

// fund books what it costs to fund the overdue money for a number of days.
func (e *engine) fund(i int32, days float64) {
	if overdue := e.states[i].ContractualArrears(); overdue > 0 {
		e.sums(i).Funding += float64(overdue) * e.world.Costs.Funding * days / loan.YearDays
	}
}

// receive books a payment of the borrower and takes it from his cash. What a borrower pays from the
// first overdue day of his no-contact life on counts as recovered; an agency that holds the account
// takes its fee on overdue money.
func (e *engine) receive(i int32, amount loan.Cents) {
	s, p := &e.states[i], &e.pulses[i]
	e.log(i, outcome.EventPayment, 0, amount, int32(e.dpd(i)))
	overdue := amount
	if s.status == loan.ChargedOff {
		s.Recover(amount)
	} else {
		overdue = s.Pay(amount)
	}
	p.Cash = max(0, p.Cash-float32(amount))
	s.promised -= min(amount, s.promised)
	if e.risk[i] <= e.today {
		if e.flows != nil {
			e.flows[i].recovered += amount
		}
		e.book.recovered += amount
		sum := e.sums(i)
		sum.Recovered += amount
		sum.NPV += float64(amount) * e.discount[e.today]
		sum.OverduePaid += overdue
	}
	s.paidOn = e.today
	s.clear(flagUnproven)
	if fee := e.world.Services[s.placed].Fee; s.placed != loan.NoChannel && fee > 0 {
		e.charge(i, outcome.CostAgency, s.placed, overdue.Share(fee))
	}
	e.upToDate(i)
}

// upToDate draws the consequences of a payment, waiver or remedy for the schedule: dates of the
// oldest unpaid instalments, the end of an episode, the end of the loan.
func (e *engine) upToDate(i int32) {
	s := &e.states[i]
	if s.status == loan.ChargedOff {
		if s.WrittenOff == 0 {
			e.closeClaim(i)
		}
		e.need(i)
		return
	}
	last := e.lastDue(i)
	if s.ContractualArrears() == 0 {
		s.worn = 0
		e.endEpisode(i, true)
	} else if s.oldest != never {
		s.oldest = max(s.oldest, day(loan.OldestDue(s.ContractualArrears(), s.agreed, loan.Day(last))))
	}
	if s.Owed() == 0 {
		e.quiet(i, byPayment)
	} else if s.demanded != never && s.Arrears > 0 {
		s.demanded = max(s.demanded, day(loan.OldestDue(s.Arrears, s.instalment, loan.Day(last))))
	}
	if s.Outstanding() == 0 {
		s.status = loan.Closed
		s.due = never
	}
	e.rebase(i)
	e.need(i)
}

// closeClaim ends collection on a charged-off account: paid in full, or settled.
func (e *engine) closeClaim(i int32) {
	s := &e.states[i]
	s.status, s.oldest = loan.Closed, never
	e.quiet(i, byPayment)
}

// lastDue returns the last due date that has passed.
func (e *engine) lastDue(i int32) day {
	s := &e.states[i]
	if s.due != never {
		if s.due <= e.today { // called while the due date is being handled
			return s.due
		}
		return s.due - loan.MonthDays
	}
	d := day(e.accounts[i].DueDay)
	return d + (e.today-d)/loan.MonthDays*loan.MonthDays
}

// lastEvening is the last day since an episode began on which it could have ended by payment, given that it
// left observation on the morning of day n: a censored episode was at risk until then and no longer.
func lastEvening(n day) day { return max(n-1, 0) }

// endEpisode closes the contractual episode: by payment, or otherwise (charge-off, horizon).
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
	s, p := &e.states[i], &e.pulses[i]
	if s.status == loan.Overdue {
		s.status = loan.Current
		if why == byPayment {
			p.Shake(-float32(e.world.Borrowers.Stress.CureRelief))
		}
	}
	s.demanded, s.decide, s.discover, s.followUp = never, never, never, never
	s.placed = loan.NoChannel
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

// withdraw takes back the requests that wait for a team; a booked visit stands until its day.
func (e *engine) withdraw(i int32) {
	s := &e.states[i]
	if s.callSlot != 0 {
		s.callSlot = 0
		e.call.desk(s.region).waiting--
	}
	if s.visitSlot != 0 && s.visit == never {
		s.visitSlot = 0
		e.visit.desk(s.region).waiting--
	}
}

// pay is step 8: decisions whose threshold was crossed move money.
func (e *engine) pay() {
	for k, i := range e.fired {
		e.fetch(e.fired, k)
		e.leave(i)
		e.payment(i)
		e.done(i)
	}
}

// payment pays all that is owed or a part, never more than the cash at hand, and excites further
// willingness by d10 + d11*r, r being the repaid fraction.
func (e *engine) payment(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	b := e.stream.Block(e.id(i), borrower.DrawThreshold, uint64(s.decisions-1))
	left := p.Spent - p.Threshold // the rest of the day counts for the next decision
	e.threshold(i)
	p.Spent = left
	e.post(i)
	owed := e.owed(i)
	pay := &e.world.Borrowers.Payment
	amount, single := owed, false
	switch u := b.Half(2); {
	case u < pay.FullShare:
	case u < pay.FullShare+pay.Instalment:
		amount, single = e.oneInstalment(i), true
	default:
		amount = max(1, owed.Share(pay.FractionLow+(pay.FractionHigh-pay.FractionLow)*b.Half(3)))
	}
	amount = min(amount, loan.Cents(p.Cash), owed)
	if amount <= 0 {
		e.ask(i) // penalties were posted
		return
	}
	if single && s.due != never && b.Half(4) < pay.Rest {
		s.set(flagResting)
		p.Spent = 0
	}
	e.repay(i, amount, owed)
	if e.owed(i) > 0 {
		s.decide = e.today + 1
	}
}

// repay books what the borrower pays of what is owed: it excites, and may keep an open promise.
func (e *engine) repay(i int32, amount, owed loan.Cents) {
	s, x := &e.states[i], &e.world.Borrowers.Excitation
	e.receive(i, amount)
	e.pulses[i].Excite += float32(x.RepaymentBase + x.RepaymentSlope*float64(amount)/float64(owed))
	if s.promised == 0 && s.promiseDue != never {
		e.settle(i)
		e.keepPromise(i)
	}
}

// oneInstalment is what brings the account up by one instalment: that, and the penalties.
func (e *engine) oneInstalment(i int32) loan.Cents {
	s := &e.states[i]
	return min(s.instalment+s.Penalty, e.owed(i))
}

// delinquency is step 3: remedies end, redefaults show, accounts are charged off.
func (e *engine) delinquency(i int32) {
	s := &e.states[i]
	if s.remedyEnd <= e.today {
		e.endGrace(i)
	}
	if s.demanded == never {
		return
	}
	e.will(i)
	if s.status != loan.Overdue {
		return
	}
	dpd := e.today - s.demanded
	if dpd >= 30 && s.is(flagOnTrial) {
		s.clear(flagOnTrial)
		s.set(flagRedefault)
		e.sums(i).Redefaults++
	}
	if int(dpd) >= e.world.Policy.ChargeOff {
		e.chargeOff(i)
	}
}

// chargeOff takes the account off the books; the claim goes on being collected.
func (e *engine) chargeOff(i int32) {
	s := &e.states[i]
	e.post(i)
	e.endEpisode(i, false)
	since := s.demanded
	e.claim(i, s.Outstanding()-s.ContractualArrears()-s.Penalty) // the rest falls due at once
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

// dpd is days past due on the demanded schedule, 0 when nothing is demanded.
func (e *engine) dpd(i int32) day {
	if s := &e.states[i]; s.demanded != never {
		return e.today - s.demanded
	}
	return 0
}

// charge books a cost of the lender on an account.
func (e *engine) charge(i int32, kind outcome.CostKind, c loan.Channel, amount loan.Cents) {
	if amount == 0 {
		return
	}
	if e.flows != nil {
		e.flows[i].cost += amount
	}
	e.book.cost += amount
	e.channels[c].Cost += amount
	sum := e.sums(i)
	sum.Cost[kind] += amount
	sum.NPV -= float64(amount) * e.discount[e.today]
}

// newEpisode lets the stages of the strategy count anew, unless the arrears are the old ones: a remedy that
// not one payment has followed ends no episode.
func (e *engine) newEpisode(i int32) {
	if !e.states[i].is(flagUnproven) {
		clear(e.marksOf(i))
	}
}

// marksOf returns the strategy's marks of an account.
func (e *engine) marksOf(i int32) []strategy.Mark {
	return e.marks[int(i)*e.slots : (int(i)+1)*e.slots]
}
