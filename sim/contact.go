package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// met is how far a contact got.
type met uint8

const (
	metNobody met = iota
	metDelivered
	metRightParty
)

// contact makes one attempt and draws what comes of it. skill is that of the staff.
func (e *engine) contact(i int32, a *strategy.Action, skill float64) met {
	s := &e.states[i]
	channel := a.Channel.Kind()
	e.remember(i)
	b := e.stream.Block(e.id(i), borrower.DrawContact, uint64(e.today)<<16|uint64(a.Channel)<<8|uint64(s.tries))
	bump(&s.tries)
	e.mark(i, a.Slot)
	kind := outcome.CostContact
	if channel.Legal {
		kind = outcome.CostLegal
	}
	e.charge(i, kind, a.Channel, e.units[a.Channel])
	s.attempts = min(s.attempts, math.MaxUint16-1) + 1
	switch channel.Counts {
	case loan.AsCall:
		s.calls += boolNibble(s.calls)
	case loan.AsMessage:
		s.messages += boolNibble(s.messages)
	}
	how := e.reach(i, a, &b)
	e.log(i, outcome.EventContact, a.Channel, 0, int32(how))
	sum, c := e.sums(i), &e.channels[a.Channel]
	sum.Attempts++
	c.Attempts++
	if how >= metDelivered {
		sum.Delivered++
		c.Delivered++
	}
	if how == metRightParty {
		sum.RPC++
		c.RPC++
		e.respond(i, a, skill, &b)
	}
	return how
}

// boolNibble is 1 while the lowest 4-bit counter has room.
func boolNibble(x uint32) uint32 {
	if x&15 < 15 {
		return 1
	}
	return 0
}

// mark records the attempt in the strategy's own slot.
func (e *engine) mark(i int32, slot uint8) {
	if slot == noSlot {
		return
	}
	m := &e.marks[int(i)*e.slots+int(slot)]
	m.Last = e.today
	m.Reached = false
	if m.Count < 255 {
		m.Count++
	}
}

// reach draws whether the attempt arrives and meets the right party.
func (e *engine) reach(i int32, a *strategy.Action, b *rng.Block) met {
	s, p := &e.states[i], &e.pulses[i]
	r := &e.world.Responses.Channels[a.Channel]
	if b.Half(0) >= r.Deliver {
		return metNobody
	}
	chance := e.model.ConnectChance(r, a.Channel, s.region, a.Hour, &e.traits[i], p.Stress)
	if a.Channel == loan.Visit && s.is(flagNotified) {
		chance += float64((1 - chance) * e.world.Borrowers.Visit.HomeGain)
	}
	if b.Half(1) < chance {
		return metRightParty
	}
	return metDelivered
}

// respond draws the consequences of a right-party contact.
func (e *engine) respond(i int32, a *strategy.Action, skill float64, b *rng.Block) {
	s, t, p := &e.states[i], &e.traits[i], &e.pulses[i]
	rs := &e.world.Responses
	r := &rs.Channels[a.Channel]
	c := borrower.Contact{Channel: a.Channel, Tone: a.Tone, Message: a.Message, Skill: skill, Named: a.Named, Known: s.is(flagKnown)}
	conversation := r.Converses()
	s.contacts = min(s.contacts, math.MaxUint16-1) + 1
	if a.Slot != noSlot {
		e.marks[int(i)*e.slots+int(a.Slot)].Reached = true
	}
	if s.demanded == never { // a reminder before the due date, or a follow-up of a plan
		if e.heeded(i, &c) {
			s.set(flagReminded)
		}
		e.shake(i, e.model.Strain(rs, &c, t))
		s.trust = e.model.Trusting(rs, &c, s.trust)
		if conversation {
			e.talk(i, a.Channel)
		}
		return
	}
	s.set(flagReached)
	channel := a.Channel.Kind()
	if !s.is(flagAware) && e.heeded(i, &c) {
		e.notice(i)
	}
	p.Excite += float32(e.model.Jump(rs, &c, s.trust, s.recent[channel.Class], p.Stress) * e.unworn(i))
	p.Shake(e.model.Strain(rs, &c, t))
	s.trust = e.model.Trusting(rs, &c, s.trust)
	s.recent[channel.Class]++
	if channel.Places {
		s.placed = a.Channel
	}
	if channel.Reports {
		s.reportedOn = min(s.reportedOn, e.today)
		e.earn(i)
	}
	if conversation {
		e.talk(i, a.Channel)
		e.sums(i).Conversations++
		e.converse(i, a, r, b)
		e.mayComplain(i, b)
		e.ask(i)
	}
}

// talk notes that somebody has spoken with the borrower; if one of the lender's own people, that he knows an officer.
func (e *engine) talk(i int32, c loan.Channel) {
	s := &e.states[i]
	s.talked = e.today
	bump(&s.talks)
	if e.world.Teams.Of(c) != nil {
		s.set(flagKnown)
	}
}

// heeded draws whether a right-party contact sinks in. It is a trait, one draw for each class of contacts:
// who passes over one text passes over the next, which is why plain repeats add close to nothing.
func (e *engine) heeded(i int32, c *borrower.Contact) bool {
	chance := e.model.HeedChance(&e.world.Responses, c)
	if chance >= 1 {
		return true
	}
	b := e.stream.Block(e.id(i), borrower.DrawHeed, uint64(c.Channel.Kind().Class))
	return b.Half(0) < chance
}

// converse draws diagnosis, remedy and promise of a conversation.
func (e *engine) converse(i int32, a *strategy.Action, r *borrower.Response, b *rng.Block) {
	s := &e.states[i]
	if b.Half(2) < r.Diagnoses {
		e.diagnose(i, r, b)
	}
	if a.Procedure != nil {
		if remedy := a.Procedure.Remedies[s.diagnosed]; remedy != loan.NoRemedy && e.grant(i, remedy, a.Channel) {
			return
		}
	}
	if s.promiseDue == never && b.Half(3) < r.Promise {
		e.makePromise(i, a.Channel, e.promisable(i), e.world.Terms.Promise.Days)
	}
}

// diagnose records what the officer takes the cause to be: the true one with the channel's accuracy,
// else one drawn from the book's mix.
func (e *engine) diagnose(i int32, r *borrower.Response, b *rng.Block) {
	s, truth := &e.states[i], e.traits[i].Cause
	s.diagnosed = truth
	if b.Half(4) >= r.Diagnosis {
		s.diagnosed = e.model.Guess(b.Half(5))
	}
	sum := e.sums(i)
	sum.Diagnosed++
	if s.diagnosed == truth {
		sum.DiagnosedRight++
	}
	e.log(i, outcome.EventDiagnosis, 0, 0, int32(s.diagnosed))
}

// mayComplain draws a complaint after a conversation: it costs money and forbids contact for a time.
func (e *engine) mayComplain(i int32, b *rng.Block) {
	s, p := &e.states[i], &e.pulses[i]
	if b.Half(7) < e.model.StopChance(p.Stress) && !s.is(flagStopped) {
		s.set(flagStopped)
		e.log(i, outcome.EventStop, 0, 0, 0)
	}
	if b.Half(6) >= e.model.ComplaintChance(p.Stress) {
		return
	}
	bump(&s.complain)
	e.sums(i).Complaints++
	e.charge(i, outcome.CostComplaint, 0, loan.FromUnits(e.world.Costs.Complaint))
	s.silence = after(e.today+1, e.world.Guardrails.ComplaintSilence)
	e.withdraw(i)
	e.log(i, outcome.EventComplaint, 0, 0, 0)
}

// promisable is what a borrower promises: all that is owed, or, some of those whose cash does not reach,
// one instalment.
func (e *engine) promisable(i int32) loan.Cents {
	owed, due := e.owed(i), after(e.today, e.world.Terms.Promise.Days)
	if loan.Cents(e.pulses[i].Cash) >= owed {
		return owed
	}
	b := e.stream.Block(e.id(i), borrower.DrawPromise, uint64(due))
	if b.Half(1) < e.world.Borrowers.Payment.PromisePart {
		return e.oneInstalment(i)
	}
	return owed
}

// makePromise records a promise to pay an amount within days.
func (e *engine) makePromise(i int32, c loan.Channel, amount loan.Cents, days int) {
	s := &e.states[i]
	s.promised = amount
	s.promiseDue = after(e.today, days)
	s.promiseOn = c
	bump(&s.promises)
	e.withdraw(i)
	e.channels[c].Promises++
	e.sums(i).Promises++
	e.log(i, outcome.EventPromise, c, amount, int32(s.promiseDue))
}
