package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// begin puts every account into its state on the morning of day 0.
func (e *engine) begin(s strategy.Strategy) {
	e.strategy, e.slots = s, s.Slots()
	e.activeDays, e.sequence, e.thinned = 0, 0, false
	e.active, e.events, e.paths = e.active[:0], nil, nil
	clear(e.income)
	clear(e.leaving)
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
		e.states[i].month = e.states[i].bucket
		e.wakes[i] = 0 // day 0 has steps 1 to 5 too
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
		contract: contract{
			id: uint64(a.ID), agreed: a.Instalment, penaltyAPR: float32(a.PenaltyAPR), arm: e.arm(i),
			product: a.Product, region: a.Region, segment: a.Segment, debts: a.OtherDebts, cell: e.cellOf(i),
		},
		Ledger:     loan.Ledger{Principal: a.Balance, Arrears: a.Arrears},
		instalment: a.Instalment, apr: float32(a.APR), term: a.Term, trust: t.Trust,
		due: firstDue(day(a.DueDay), e.today), payday: e.today + firstPayDay(&b), discover: never,
		posted: e.today, seen: e.today, asleep: e.today,
		oldest: never, demanded: never, promiseDue: never, remedyEnd: never, decide: never,
		visit: never, followUp: never, reportedOn: never, visitedOn: -never, settle: never, late30: never, paidOn: -never, talked: -never,
	}
	if t.Unsteady {
		s.set(flagUnsteady)
	}
	s.income = e.nextIncome(i, e.today)
	e.nextLumpSum(i)
	e.book.accounts++
	if b.Half(2) < e.world.Borrowers.Trust.Known {
		s.set(flagKnown)
	}
	*p = borrower.Pulse{}
	since := loan.MonthDays - (s.payday - e.today) // days since the last pay day
	p.Cash = e.monthly(i) * e.model.Economy.Cash[e.today] * power(e.cashPow, since) / max(1e-3, 1-power(e.cashPow, loan.MonthDays))
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
		p.Excite = float32(e.world.Borrowers.Excitation.Start)
		sum := e.sums(i)
		sum.Episodes++
		sum.Claimed += a.Arrears
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
	e.planReminder(i)
	e.need(i)
	e.reschedule(i)
}

// arm draws the number that assigns an account to an arm of a split.
func (e *engine) arm(i int32) float32 {
	b := e.stream.Block(uint64(e.accounts[i].ID), borrower.DrawAssignment, 0)
	return float32(b.Uniform(0))
}

func power(powers []float32, n day) float32 {
	return powers[min(int(n), len(powers)-1)]
}

// monthly is the free cash that a pay day brings in the present income state, before what the economy makes of it, cents.
func (e *engine) monthly(i int32) float32 {
	t, s := &e.traits[i], &e.states[i]
	in := t.PayIn
	if s.is(flagUnsteady) {
		in *= float32(1 - e.model.Type(t.Cause).LossPart)
	}
	if e.accessLost(s) <= e.today {
		in *= float32(1 - e.world.Borrowers.Bureau.AccessLoss)
	}
	return in
}

// accessLost is the day from which a notice to the credit bureau costs the borrower other credit.
func (e *engine) accessLost(s *state) day {
	if s.reportedOn == never {
		return never
	}
	return day(min(int(s.reportedOn)+e.world.Borrowers.Bureau.AccessDays, int(never)))
}

// nextIncome returns the day of the next change of the income state.
func (e *engine) nextIncome(i int32, from day) day {
	s := &e.states[i]
	d := e.model.NextIncomeChange(e.stream, e.id(i), e.model.Type(e.traits[i].Cause), s.product, s.is(flagUnsteady), int(s.changes), loan.Day(from))
	return day(min(d, loan.Never))
}

// discovery returns the day on which an unaware borrower notices by himself.
func (e *engine) discovery(i int32, from day) day {
	b := e.stream.Block(e.id(i), borrower.DrawDiscovery, uint64(e.age(i, from)))
	wait := b.Exponential(0) * e.world.Borrowers.Awareness.DiscoveryDays
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

// payDays pays those in the day loop whose pay day it is, unless they are woken today and paid by life: a
// pay day changes nothing but cash, so there is no need to wake an account for it.
func (e *engine) payDays() {
	economy := e.model.Economy.Cash[e.today]
	for _, i := range e.paid[e.today%loan.MonthDays] {
		if e.wakes[i] > e.today {
			e.pulses[i].Cash += e.income[i] * economy
		}
	}
}

// sortPayDays lists the accounts by the day of the month on which the borrower is paid.
func (e *engine) sortPayDays() {
	for d := range e.paid {
		e.paid[d] = e.paid[d][:0]
	}
	for i := range e.accounts {
		a := &e.accounts[i]
		b := e.stream.Block(uint64(a.ID), borrower.DrawStart, 0)
		d := (max(0, int(a.Opened)) + int(firstPayDay(&b))) % loan.MonthDays
		e.paid[d] = append(e.paid[d], int32(i))
	}
}

// firstPayDay is the first pay day of a borrower, in days from day 0 or the loan's opening.
func firstPayDay(start *rng.Block) day { return day(start.Half(0) * loan.MonthDays) }

// earn notes what a pay day brings to a borrower in the day loop.
func (e *engine) earn(i int32) {
	if e.states[i].is(flagActive) {
		e.income[i] = e.monthly(i)
	}
}

// life is step 1: income state, pay day, self-discovery.
func (e *engine) life(i int32) {
	s := &e.states[i]
	if s.is(flagActive) {
		for s.payday < e.today { // by payDays
			s.payday += loan.MonthDays
		}
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

// payDay brings the income of the pay day that has come.
func (e *engine) payDay(i int32) {
	s := &e.states[i]
	e.catchUp(i, s.payday)
	e.pulses[i].Cash += e.monthly(i) * e.model.Economy.Cash[s.payday]
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

// maxWorn is the number of months past due after which willingness wears off no further.
const maxWorn = 24

// will sets the borrower's own intensity: the trait, raised by goodwill after a remedy, worn by each
// month past due, on the books or not, lowered by charge-off.
func (e *engine) will(i int32) {
	s, b := &e.states[i], &e.world.Borrowers
	t := &e.traits[i]
	will, months := t.Will, e.dpd(i)/loan.MonthDays+day(s.worn)
	if s.is(flagGrateful) {
		will *= float32(1 + b.Trust.Goodwill*e.model.Type(t.Cause).Keep)
	}
	if s.status == loan.ChargedOff {
		will *= float32(b.Payment.ChargedOff)
	}
	e.pulses[i].Will = will * power(e.wearPow, months)
}

// rebase recomputes what follows from missed instalments and income: the own intensity, and the level
// to which stress relaxes.
func (e *engine) rebase(i int32) {
	e.will(i)
	s, p := &e.states[i], &e.pulses[i]
	missed := 0
	if s.status == loan.ChargedOff {
		missed = 3
	} else if s.Arrears > 0 {
		missed = int((s.Arrears + s.instalment - 1) / s.instalment)
	}
	level := e.model.BaseStress(missed, s.is(flagUnsteady), s.debts)
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
	if e.leaving[i] { // settled down this very morning: still on the list
		e.leaving[i] = false
		return
	}
	e.active = append(e.active, i)
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
	e.income[i], e.leaving[i], e.thinned = 0, true, true
}

// clearSettled drops the borrowers who settled down today from the active list, order kept.
func (e *engine) clearSettled() {
	if !e.thinned {
		return
	}
	e.thinned = false
	kept := 0
	for _, i := range e.active {
		e.active[kept] = i
		if !e.leaving[i] {
			kept++
		}
		e.leaving[i] = false
	}
	e.active = e.active[:kept]
}

// reschedule sets the next day on which steps 1 to 5 have something to do for the account.
func (e *engine) reschedule(i int32) {
	s := &e.states[i]
	w := min(s.due, s.income, s.lump, s.discover, s.promiseDue, s.remedyEnd, s.decide, s.followUp, s.settle)
	if s.reportedOn != never {
		if d := e.accessLost(s); d > e.today {
			w = min(w, d)
		}
	}
	if s.demanded != never {
		w = min(w, nextBand(s.demanded, e.today))
		if months := e.dpd(i) / loan.MonthDays; months < maxWorn { // willingness wears off
			w = min(w, s.demanded+(months+1)*loan.MonthDays)
		}
		if s.status != loan.ChargedOff {
			if d := int(s.demanded) + e.world.Policy.ChargeOff; d < int(w) {
				w = day(d)
			}
		}
	}
	if s.oldest != never && s.oldest != s.demanded {
		w = min(w, nextBand(s.oldest, e.today))
	}
	e.wakes[i] = max(w, e.today+1)
}

// nextBand returns the next day on which an account due since a day enters another bucket: one day
// past due, then every 30 days; the last band has no end.
func nextBand(since, today day) day {
	dpd := today - since
	switch {
	case dpd < 1:
		return since + 1
	case dpd >= 150:
		return never
	}
	return since + (dpd/loan.MonthDays+1)*loan.MonthDays
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
