package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// promise is step 4: a promise falls due and is kept or broken. Who has the cash keeps it with the
// channel's and trust's chance.
func (e *engine) promise(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	if s.promiseDue > e.today {
		return
	}
	e.catchUp(i, e.today)
	e.post(i)
	if e.paidAsPromised(i); s.promiseDue == never { // the debt was given up whole
		return
	}
	amount := min(s.promised, e.debt(i))
	if owed := e.owed(i); !s.is(flagSettles) && owed > amount && owed <= amount+s.Penalty && float64(p.Cash) >= float64(owed) {
		amount = owed // penalties have grown since: a promise means to be up to date
	}
	b := e.stream.Block(e.id(i), borrower.DrawPromise, uint64(s.promiseDue))
	r := &e.world.Responses.Channels[s.promiseOn]
	if amount > 0 && float64(p.Cash) >= float64(amount) && b.Half(0) < e.model.KeepChance(r, e.traits[i].Cause, s.trust) {
		settlement := s.is(flagSettles)
		e.receive(i, amount)
		if settlement {
			e.settle(i)
		}
		e.keepPromise(i)
		if s.demanded != never {
			s.decide = e.today // step 5 is still to come
		}
		return
	}
	e.closePromise(i)
	bump(&s.broken)
	e.log(i, outcome.EventBroken, s.promiseOn, s.promised, 0)
	s.promised = 0
	if s.demanded != never || e.preDue(i) {
		s.decide = e.today
	}
}

// settle gives up the rest of a debt whose settlement was paid.
func (e *engine) settle(i int32) {
	s := &e.states[i]
	if !s.is(flagSettles) {
		return
	}
	if s.status == loan.ChargedOff {
		e.closeClaim(i)
		return
	}
	e.waive(i, s.Outstanding())
	e.upToDate(i, byPayment)
}

// debt is the most that a promise can still be about.
func (e *engine) debt(i int32) loan.Cents {
	s := &e.states[i]
	if s.status == loan.ChargedOff {
		return s.WrittenOff
	}
	return s.Outstanding()
}

// keepPromise closes an open promise as kept.
func (e *engine) keepPromise(i int32) {
	s := &e.states[i]
	if s.promiseDue == never {
		return
	}
	e.closePromise(i)
	bump(&s.kept)
	s.promised = 0
	e.channels[s.promiseOn].PromisesKept++
	e.sums(i).PromisesKept++
	e.log(i, outcome.EventKept, s.promiseOn, 0, 0)
	if s.demanded != never {
		s.decide = min(s.decide, e.today+1)
	}
}

func (e *engine) closePromise(i int32) {
	s := &e.states[i]
	s.promiseDue = never
	e.channels[s.promiseOn].PromisesDue++
	e.sums(i).PromisesDue++
	s.clear(flagSettles)
	if s.remedyEnd == never && !s.is(flagUntilMissed) { // the remedy was a promise
		s.remedy = loan.NoRemedy
	}
}

// grant puts a remedy into force and reports whether it did.
func (e *engine) grant(i int32, remedy loan.Remedy, c loan.Channel) bool {
	s := &e.states[i]
	if s.remedy != loan.NoRemedy || s.status != loan.Overdue || int(s.remedies) >= e.world.Terms.MaxRemedies {
		return false
	}
	e.post(i)
	s.remedy, s.granted = remedy, remedy
	s.clear(flagConceded)
	e.relief = relief{e: e, i: i, by: c}
	if e.grants[remedy].Grant(&e.relief); !e.relief.lasts {
		s.remedy = loan.NoRemedy
	}
	if s.remedies == 0 {
		e.sums(i).Remedied++
	}
	bump(&s.remedies)
	if s.is(flagConceded) && !s.is(flagGrateful) {
		s.set(flagGrateful)
		e.sums(i).NewTerms++
		e.will(i)
	}
	e.pulses[i].Shake(-float32(e.world.Borrowers.Stress.RemedyRelief))
	s.trust += float32(float32(e.world.Borrowers.Trust.Gain) * (1 - s.trust))
	e.log(i, outcome.EventRemedy, c, 0, int32(remedy))
	return true
}

// relief is what a remedy may do to account i.
type relief struct {
	e     *engine
	i     int32
	by    loan.Channel // of the conversation
	lasts bool         // the remedy stays in force
}

func (r *relief) Ledger() loan.Ledger { return r.e.states[r.i].Ledger }

func (r *relief) Owed() loan.Cents { return r.e.owed(r.i) }

// Waive lowers an open promise with the debt: nobody owes what was given up.
func (r *relief) Waive(amount loan.Cents) {
	e, s := r.e, &r.e.states[r.i]
	s.set(flagConceded)
	e.waive(r.i, amount)
	s.promised = min(s.promised, e.owed(r.i))
	e.upToDate(r.i, byRemedy)
}

// Suspend defers the arrears.
func (r *relief) Suspend(days, recall int, interest float64) {
	e, s := r.e, &r.e.states[r.i]
	r.lasts = true
	s.set(flagConceded)
	e.deferArrears(r.i)
	s.remedyEnd = after(e.today, days)
	s.recallOver, s.graceInterest, s.recall = uint8(recall), rateOf(interest), 0
	e.quiet(r.i, byRemedy)
	e.rebase(r.i)
	e.need(r.i)
}

// Reschedule lets the old contract go on in the shadow, so that contractual delinquency is not re-aged.
func (r *relief) Reschedule(months int, apr float64) {
	e, s := r.e, &r.e.states[r.i]
	r.lasts = true
	s.set(flagConceded | flagUntilMissed | flagReplanned)
	e.deferArrears(r.i)
	s.apr = rateOf(apr)
	s.recall = 0
	n := min(loan.InstalmentsIn(months, loan.Day(s.every)), math.MaxInt16)
	s.instalment = max(1, loan.AnnuityCents(s.Outstanding(), apr, n, loan.Day(s.every)))
	if s.due == never {
		s.due = e.today + s.interval() - (e.today-e.lastDue(r.i))%s.interval()
	}
	s.term = int16(n)
	e.quiet(r.i, byRemedy)
	e.rebase(r.i)
	e.need(r.i)
}

// deferArrears takes the arrears out of the demand. It makes the account current and not the debt young: what
// willingness has worn off is worn off, until what was missed is paid.
func (e *engine) deferArrears(i int32) {
	s := &e.states[i]
	s.worn += uint8(min(e.dpd(i)/loan.MonthDays, day(maxWorn-s.worn)))
	s.set(flagUnproven)
	s.Defer()
}

func (r *relief) Promise(amount loan.Cents, days int) {
	r.lasts = true
	r.e.makePromise(r.i, r.by, amount, days)
}

func (r *relief) Settle(amount loan.Cents, days int) {
	r.lasts = true
	r.e.states[r.i].set(flagConceded | flagSettles)
	r.e.makePromise(r.i, r.by, amount, days)
}

// endGrace demands again what was deferred: at once, or spread over the coming due dates.
func (e *engine) endGrace(i int32) {
	s := &e.states[i]
	e.catchUp(i, e.today)
	e.post(i) // nothing accrued under grace
	s.remedyEnd, s.remedy = never, loan.NoRemedy
	if n := loan.Cents(loan.InstalmentsIn(int(s.recallOver), loan.Day(s.every))); n > 0 && s.due != never {
		if s.product != loan.Card {
			n = min(n, loan.Cents(s.term)) // over the rest of the contract at the most
		}
		s.recall = (s.Deferred() + n - 1) / n
		e.planReminder(i)
	} else {
		s.Recall()
	}
	if s.Arrears > 0 {
		s.status = loan.Overdue
		s.demanded = e.today // grace moved the due date: the demand is new
		s.set(flagAware)
		e.newEpisode(i)
		e.threshold(i)
		e.activate(i)
		s.decide = e.today + 1
	} else if e.preDue(i) {
		s.decide = e.today
	}
	e.rebase(i)
	e.need(i)
}

// bump counts up to the most that a byte holds.
func bump(x *uint8) {
	if *x < 255 {
		*x++
	}
}

// waive gives up money, as a cost of the lender.
func (e *engine) waive(i int32, amount loan.Cents) {
	if given := e.states[i].Waive(amount); given > 0 {
		e.charge(i, outcome.CostWaiver, 0, given)
	}
}
