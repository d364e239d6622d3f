package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// begin puts every account into its state on the morning of day 0.
func (e *engine) begin(s strategy.Strategy) {
	e.strategy, e.slots, e.declared = s, s.Slots(), strategy.Declared(s)
	e.activeDays, e.sequence = 0, 0
	e.events, e.paths = nil, nil
	clear(e.active)
	clear(e.income)
	clear(e.flows)
	e.marks = resize(e.marks, len(e.accounts)*e.slots)
	e.cell, e.totals = resize(e.cell, len(e.keys)), resize(e.totals, 1+len(e.groups))
	e.daily = resize(e.daily, int(e.horizon))
	if e.reference {
		e.calmLife = resize(e.calmLife, int(e.horizon))
	}
	e.moves = resize(e.moves, int(e.horizon)/loan.MonthDays)
	e.cures = resize(e.cures, int(e.horizon)+1)
	e.channels = [loan.NumChannels]outcome.ChannelTotals{}
	for c := range e.held {
		e.held[c] = resize(e.held[c], int(strategy.NumVerdicts()))
	}
	e.book = book{}
	e.around.begin(len(e.accounts), strategy.Visits(s))
	e.call.begin(&e.world.Teams.Call, &e.world.Guardrails, int(e.horizon))
	e.visit.begin(&e.world.Teams.Visit, &e.world.Guardrails, int(e.horizon))
	e.today = 0
	e.beginVintages()
	for i := range e.accounts {
		if e.accounts[i].Opened > 0 {
			e.await(int32(i))
			continue
		}
		e.open(int32(i))
		e.enter(int32(i))
		e.month[i] = e.states[i].start // of debts that are charged off this very morning: charged off
		e.wakes[i] = e.next(int32(i))  // day 0 has steps 1 to 5 too
	}
}

// resize returns a zeroed slice of length n that reuses to's memory.
func resize[T any](to []T, n int) []T {
	if cap(to) < n {
		return make([]T, n)
	}
	to = to[:n]
	clear(to)
	return to
}

// open sets up one account as observed on day 0, or as disbursed today, and the borrower as drawn.
func (e *engine) open(i int32) {
	a, t, p, s := &e.accounts[i], &e.traits[i], &e.pulses[i], &e.states[i]
	b := e.stream.Block(uint64(a.ID), borrower.DrawStart, 0)
	*s = state{
		contract: s.contract, every: uint8(a.Interval()),
		Ledger: loan.Ledger{Principal: a.Balance, Arrears: a.Arrears, Overdue: a.Arrears},
		start:  e.startBucket(a), instalment: a.Instalment, apr: rateOf(a.APR), term: a.Term, trust: t.Trust,
		due: firstDue(a), payday: e.firsts[i].payday, income: e.firsts[i].income, lump: e.firsts[i].lump, discover: never,
		posted: e.today, seen: e.today, asleep: e.today,
		oldest: never, demanded: never, promiseDue: never, remedyEnd: never, decide: never,
		visit: never, followUp: never, reportedOn: never, visitedOn: -never, settle: never, late30: never, paidOn: -never, talked: -never,
	}
	if t.Unsteady {
		s.set(flagUnsteady)
	}
	e.book.accounts++
	if b.Half(2) < e.world.Borrowers.Trust.Known {
		s.set(flagKnown)
	}
	*p = borrower.Pulse{}
	e.calm(i) // at a level of 0, until rebase takes him from there

	since := s.interval() - (s.payday - e.today) // days since the last pay day
	p.Cash = e.earned(i, e.today) * e.model.Economy.Cash[e.today] * power(e.cashPow, since) / max(1e-3, 1-power(e.cashPow, s.interval()))
	switch {
	case a.Balance == 0:
		s.status = loan.Closed
		s.due = never
	case a.DPD > 0:
		s.status = loan.Overdue
		e.risk[i] = 0
		s.episode = day(-a.DPD)
		s.oldest = day(-a.DPD)
		s.demanded = s.oldest
		if last := maturity(a); last < 0 {
			s.term, s.due = int16(-last), never
		}
		p.Excite = float32(e.world.Borrowers.Excitation.Start)
		sum := e.sums(i)
		sum.Episodes++
		sum.Claimed += a.Arrears
		if e.flows != nil {
			e.flows[i].episodes, e.flows[i].claimed = 1, a.Arrears
		}
		e.threshold(i)
		unaware := (1 - float64(t.Memory)) * math.Exp(-float64(a.DPD)/e.world.Borrowers.Awareness.DiscoveryDays)
		if b.Half(1) < unaware {
			s.discover = e.discovery(i, 0)
		} else {
			s.set(flagAware)
		}
		s.decide = 0
	}
	e.rebase(i)
	if s.status == loan.Overdue {
		e.activate(i)
	}
	if e.planReminder(i); s.decide == e.today+1 && e.preDue(i) {
		s.decide = e.today // step 5 is still to come
	}
	e.need(i)
}

// first is what every life of a borrower begins with: drawn once a replication.
type first struct{ payday, income, lump day } // pay day, change of the income state, lump sum

func (e *engine) drawFirst(i int32) first {
	a, t := &e.accounts[i], &e.traits[i]
	id, opened := uint64(a.ID), max(0, a.Opened)
	start := e.stream.Block(id, borrower.DrawStart, 0)
	income := e.model.NextIncomeChange(e.stream, id, e.model.Type(t.Cause), a.Product, t.Unsteady, 0, opened)
	wait := e.model.LumpSum(e.stream, id, 0, t.Cause, a.Monthly()).Wait
	return first{
		payday: day(opened) + day(start.Half(0)*float64(a.Interval())),
		income: day(min(income, loan.Never)),
		lump:   day(min(int(opened)+wait, int(never))),
	}
}

// drawContract is what stays the same in all lives of a replication, the cell left out.
func (e *engine) drawContract(i int32) contract {
	a := &e.accounts[i]
	b := e.stream.Block(uint64(a.ID), borrower.DrawAssignment, 0)
	return contract{
		id: uint64(a.ID), agreed: a.Instalment, penaltyAPR: rateOf(a.PenaltyAPR), arm: float32(b.Uniform(0)),
		product: a.Product, region: a.Region, segment: a.Segment, debts: a.OtherDebts,
	}
}
