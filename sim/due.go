package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
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
	interest := s.Principal.Share(s.apr.billed(s.interval()))
	if s.remedyEnd != never {
		interest = interest.Share(s.graceInterest.share())
	}
	s.AccrueInterest(interest)
	last := s.product != loan.Card && s.term <= 1
	contractual, demand := s.agreed, s.instalment
	if last {
		contractual, demand = s.Principal+s.Interest, s.Principal+s.Interest
	} else if s.remedyEnd == never { // grace is over, and what it deferred is asked for bit by bit
		demand += min(s.recall, s.Deferred())
	}
	if s.is(flagReplanned) && int(e.today) >= maturity(&e.accounts[i]) { // a restructured plan goes on, by contract all is due
		contractual = s.Principal + s.Interest
	}
	due := min(contractual, s.Principal+s.Interest-s.Overdue)
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
	s.due += s.interval()
	if s.product != loan.Card {
		s.term--
		if s.term <= 0 {
			s.term, s.due = -e.today, never
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
	pay := min(demand, s.Principal+s.Interest)
	if pay == s.Principal+s.Interest { // the last payment: nothing is left behind of penalties that a remedy left over
		pay += s.Penalty
	}
	knows := s.is(flagReminded) || b.Half(0) < atOne(float64(t.Memory), s.interval())
	if knows && float64(p.Cash) >= float64(pay) && b.Half(1) < atOne(e.model.Type(t.Cause).OnTime, s.interval()) {
		before := s.Overdue
		if s.Deferred() > 0 || s.is(flagReplanned) { // a restructured plan: the old contract goes on in the shadow
			s.FallDue(contractual, 0)
		}
		e.receive(i, pay)
		e.paidAsPromised(i)               // the rest of a settlement
		if before == 0 && s.Overdue > 0 { // less than the contract asks for
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

// atOne is the chance at one due date, given that at all of a month: who pays every week misses no more months than who
// pays every month (Field and Pande 2008).
func atOne(chance float64, interval day) float64 {
	if interval == loan.MonthDays {
		return chance
	}
	return math.Pow(chance, float64(interval)/loan.MonthDays)
}

// reminded lets a borrower who has this due date in mind find out that he is behind already.
func (e *engine) reminded(i int32) {
	s := &e.states[i]
	if s.is(flagAware) {
		return
	}
	b := e.stream.Block(e.id(i), borrower.DrawDue, uint64(e.age(i, e.today)))
	if b.Half(0) < atOne(float64(e.traits[i].Memory), s.interval()) {
		e.notice(i)
	}
}

// fallDue books an unpaid instalment.
func (e *engine) fallDue(i int32, contractual, demanded loan.Cents) {
	s := &e.states[i]
	before := s.Overdue
	s.FallDue(contractual, demanded)
	if before == 0 && s.Overdue > 0 {
		e.beginEpisode(i)
	}
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

// lastDue returns the last due date that has passed on the demanded schedule: after the last one of a loan,
// there are no more.
func (e *engine) lastDue(i int32) day {
	s := &e.states[i]
	switch {
	case s.due == never:
		return -s.term
	case s.due <= e.today: // called while the due date is being handled
		return s.due
	}
	return s.due - s.interval()
}

// lastContractual is the same by the original contract, beside which a restructured plan may go on for longer.
func (e *engine) lastContractual(i int32) day {
	s, last := &e.states[i], e.lastDue(i)
	if !s.is(flagReplanned) {
		return last
	}
	return day(min(int(last), maturity(&e.accounts[i])))
}

// maturity is the last due date of a contract, in days of the run: before day 0 where no instalment is to come
// and all that is left is overdue. Cards have none.
func maturity(a *loan.Account) int {
	switch {
	case a.Product == loan.Card:
		return int(never)
	case a.Term == 0 && a.DPD > 0 && a.Arrears == a.Balance:
		missed := min(a.Missed(), int((a.Arrears+a.Instalment-1)/a.Instalment))
		return (missed-1)*int(a.Interval()) - int(a.DPD)
	}
	return int(firstDue(a)) + (max(int(a.Term), 1)-1)*int(a.Interval())
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
