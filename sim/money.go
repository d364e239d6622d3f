package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

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
		amount = max(1, owed.Share(pay.FractionLow+float64((pay.FractionHigh-pay.FractionLow)*b.Half(3))))
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
	x := &e.world.Borrowers.Excitation
	e.receive(i, amount)
	e.pulses[i].Excite += float32(x.RepaymentBase + x.RepaymentSlope*float64(amount)/float64(owed))
	e.paidAsPromised(i)
}

// paidAsPromised keeps an open promise of which nothing is left to be paid.
func (e *engine) paidAsPromised(i int32) {
	if s := &e.states[i]; s.promised == 0 && s.promiseDue != never {
		e.settle(i)
		e.keepPromise(i)
	}
}

// oneInstalment is what brings the account up by one instalment: that, and the penalties.
func (e *engine) oneInstalment(i int32) loan.Cents {
	s := &e.states[i]
	return min(s.instalment+s.Penalty, e.owed(i))
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
			e.flows[i].overduePaid += overdue
		}
		e.book.recovered += amount
		sum := e.sums(i)
		sum.Recovered += amount
		sum.NPV += float64(float64(amount) * e.discount[e.today])
		sum.OverduePaid += overdue
	}
	s.paidOn = e.today
	s.clear(flagUnproven)
	if fee := e.world.Services[s.placed].Fee; s.placed != loan.NoChannel && fee > 0 {
		e.charge(i, outcome.CostAgency, s.placed, overdue.Share(fee))
	}
	if !s.untroubled() {
		e.upToDate(i, byPayment)
	}
}

// untroubled reports that a payment which leaves a balance changes nothing but money: nothing is overdue, or was
// before it, and nothing waits for a payment. Most payments are of this kind.
func (s *state) untroubled() bool {
	return s.demanded == never && s.oldest == never && s.status == loan.Current && s.Outstanding() > 0 &&
		s.promiseDue == never && s.followUp == never && s.callSlot|s.visitSlot == 0 && !s.is(flagConceded)
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
		penalty := s.Arrears.Share(s.penaltyAPR.daily(days))
		s.AccruePenalty(penalty)
		e.claim(i, penalty)
	}
}

// fund books what it costs to fund the overdue money for a number of days.
func (e *engine) fund(i int32, days float64) {
	if overdue := e.states[i].Overdue; overdue > 0 {
		e.sums(i).Funding += float64(overdue) * e.world.Costs.Funding * days / loan.YearDays
	}
}

// claim books money that is due from a borrower in collection.
func (e *engine) claim(i int32, amount loan.Cents) {
	if e.risk[i] <= e.today {
		e.sums(i).Claimed += amount
		if e.flows != nil {
			e.flows[i].claimed += amount
		}
	}
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
	if kind != outcome.CostWaiver { // what is given up is missing from what is paid: taken off again it would count twice
		sum.NPV -= float64(float64(amount) * e.discount[e.today])
	}
}
