package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// decide is step 5: the strategy is asked, and its requests go to the queues of the teams. Automated contacts
// need no team: they are made at once, while the account is at hand. It reports whether there were any.
func (e *engine) decide(i int32) (contacted bool) {
	s := &e.states[i]
	if s.followUp <= e.today {
		s.followUp = never
		if e.see(i); s.callSlot == 0 && e.affords(i, &e.call, &followUpAction) {
			e.call.push(e, i, followUpAction)
		}
	}
	if s.decide > e.today {
		return false
	}
	s.decide = never
	if s.demanded == never && !e.preDue(i) {
		return false
	}
	e.see(i)
	var next loan.Day
	e.plan, next = e.strategy.Decide(&e.seen, e.plan[:0])
	if next < loan.Day(never) && (s.demanded != never || next < loan.Day(s.due)) {
		s.decide = day(next)
	}
	if e.seen.Silenced {
		s.decide = s.silence
	}
	for k := range e.plan {
		e.request(i, &e.plan[k])
	}
	for k := range e.plan {
		a := &e.plan[k]
		if a.Channel.Kind().Agents || a.Channel == loan.Visit {
			continue
		}
		if contacted { // the contact before may have changed what is seen
			e.see(i)
		}
		contacted = true
		if e.permitted(i, a) {
			e.contact(i, a, 1)
		}
	}
	return contacted
}

// byAgents are the channels that wait for the calling agents, as bits: one request of them waits at a time.
var byAgents = func() (mask uint16) {
	for c := range loan.NumChannels {
		if c.Kind().Agents {
			mask |= 1 << c
		}
	}
	return mask
}()

// followUpAction is the friendly call after a visit, by the officer who came. It tracks the plan that
// was agreed, so it is made under a remedy too.
var followUpAction = strategy.Action{Slot: noSlot, Channel: loan.Call, Tone: loan.Friendly, Named: true, Hour: 11}

// noSlot marks actions that the strategy did not ask for itself.
const noSlot = 254

// request files a wanted action with the team that serves it, if one does.
func (e *engine) request(i int32, a *strategy.Action) {
	switch {
	case a.Channel.Kind().Agents:
		if e.states[i].callSlot == 0 && e.affords(i, &e.call, a) {
			e.call.push(e, i, *a)
		}
	case a.Channel == loan.Visit:
		if e.states[i].visitSlot == 0 && e.affords(i, &e.visit, a) {
			e.visit.push(e, i, *a)
		}
	}
}

// done closes a change of an account after step 5. Where the strategy is to be asked tomorrow, it is
// asked at once when it will want to act, while the account is at hand: most accounts need no waking
// for that. If it wants to act already, tomorrow stands.
func (e *engine) done(i int32) {
	s := &e.states[i]
	if s.decide == e.today+1 && s.demanded != never {
		e.see(i)
		plan, next := e.strategy.Decide(&e.seen, e.plan[:0])
		e.plan = plan
		switch {
		case e.seen.Silenced:
			s.decide = s.silence
		case len(plan) == 0:
			s.decide = day(min(next, loan.Never))
		}
	}
	e.enter(i)
	e.reschedule(i)
}

// see fills e.seen with what the lender observes of an account today.
func (e *engine) see(i int32) {
	s := &e.states[i]
	e.remember(i)
	o := &e.seen
	o.Day, o.DPD = loan.Day(e.today), loan.Day(e.dpd(i))
	if s.demanded == never && s.due != never {
		o.DPD = loan.Day(e.today - s.due)
	}
	o.Product, o.Region, o.Segment = s.product, s.region, s.segment
	o.Owed, o.Balance, o.Instalment = e.owed(i), s.Outstanding()+s.WrittenOff, s.instalment
	o.Score, o.Diagnosed, o.Remedy = e.traits[i].Score, s.diagnosed, s.remedy
	o.PromiseOpen, o.Broken, o.Kept = s.promiseDue != never, s.broken, s.kept
	o.SincePayment, o.SinceTalk = loan.Day(e.since(s.paidOn)), loan.Day(e.since(s.talked))
	o.CallsToday = uint8(s.calls & 15)
	o.Calls7, o.Messages7 = nibbles(s.calls), nibbles(s.messages)
	o.TalksToday, o.Visits, o.SinceVisit = s.talks, s.visits, loan.Day(e.since(s.visitedOn))
	o.Weekday = uint8((e.config.Weekday + int(e.today)) % 7)
	o.Guarded, o.Stopped = e.traits[i].Guarded, s.is(flagStopped)
	o.Silenced = s.silence > e.today
	o.Waiting = 0
	if s.callSlot != 0 {
		o.Waiting |= byAgents
	}
	if s.visitSlot != 0 {
		o.Waiting |= 1 << loan.Visit
	}
	o.Marks = e.marksOf(i)
	o.Arm = s.arm
}

func (e *engine) since(d day) day {
	if d < 0 {
		return never
	}
	return e.today - d
}

// nibbles sums the lower seven 4-bit counters.
func nibbles(x uint32) uint8 {
	x &= 0x0FFFFFFF
	x = x&0x0F0F0F0F + x>>4&0x0F0F0F0F
	return uint8(x * 0x01010101 >> 24)
}

// remember brings the memory of recent contacts up to today.
func (e *engine) remember(i int32) {
	s := &e.states[i]
	days := e.today - s.seen
	if days == 0 {
		return
	}
	s.seen, s.tries, s.talks = e.today, 0, 0
	if s.recent != [loan.NumContactClasses]float32{} {
		keep := power(e.keepMemory, days)
		for k := range s.recent {
			s.recent[k] *= keep
		}
	}
	if days >= 8 {
		s.calls, s.messages = 0, 0
		return
	}
	s.calls <<= 4 * uint(days)
	s.messages <<= 4 * uint(days)
}

// work is step 6: the teams work their queues.
func (e *engine) work() {
	e.makeCalls()
	e.makeVisits()
	e.bookVisits()
}

// permitted asks the guardrails; e.seen must show the account. A suppressed action is counted, and
// the strategy is asked again tomorrow.
func (e *engine) permitted(i int32, a *strategy.Action) bool {
	rule := e.rules.Permit(&e.seen, a, &e.world.Teams)
	switch {
	case e.seen.Silenced:
		rule = strategy.AfterAComplaint
	case rule == strategy.Allowed && e.spent():
		rule = strategy.BudgetSpent
	}
	if rule == strategy.Allowed {
		return true
	}
	e.suppress(i, a, rule)
	return false
}

func (e *engine) suppress(i int32, a *strategy.Action, rule strategy.Verdict) {
	e.sums(i).Suppressed++
	e.channels[a.Channel].Suppressed++
	e.log(i, outcome.EventSuppressed, a.Channel, 0, int32(rule))
}

// spent reports whether the budget is used up. A team that was called in is paid to the end of the run.
func (e *engine) spent() bool {
	return e.budget() > 0 && e.bound() >= e.budget()
}

func (e *engine) budget() loan.Cents {
	return loan.FromUnits(e.world.Policy.Budget * float64(e.book.accounts))
}

// bound is what has been spent, with the teams' fixed cost of the whole run.
func (e *engine) bound() loan.Cents {
	return e.book.cost + e.fixedCost(&e.call, e.horizon) + e.fixedCost(&e.visit, e.horizon)
}

// affords reports whether there are agents who serve the account's region, and whether the budget allows to
// call them in: not if their fixed cost would use it up. Then the action is suppressed. Agents that are none
// do not exist: nothing waits for them.
func (e *engine) affords(i int32, t *team, a *strategy.Action) bool {
	d := t.desk(e.states[i].region)
	if d.agents <= 0 {
		return false
	}
	if d.wanted || e.budget() == 0 {
		return true
	}
	d.wanted = true
	d.wanted = e.bound() < e.budget()
	if !d.wanted {
		e.suppress(i, a, strategy.BudgetSpent)
	}
	return d.wanted
}

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
	service, channel := &e.world.Services[a.Channel], a.Channel.Kind()
	e.remember(i)
	b := e.stream.Block(e.id(i), borrower.DrawContact, uint64(e.today)<<16|uint64(a.Channel)<<8|uint64(s.tries))
	bump(&s.tries)
	e.mark(i, a.Slot)
	kind := outcome.CostContact
	if channel.Legal {
		kind = outcome.CostLegal
	}
	e.charge(i, kind, a.Channel, loan.FromUnits(service.Unit))
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
		chance += (1 - chance) * e.world.Borrowers.Visit.HomeGain
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
	c := borrower.Contact{Channel: a.Channel, Tone: a.Tone, Message: a.Message, Skill: skill, Named: a.Named, Known: s.talked >= 0 || s.is(flagKnown)}
	conversation := r.Diagnoses > 0 || r.Promise > 0
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
			s.talked = e.today
			bump(&s.talks)
		}
		return
	}
	s.set(flagReached)
	channel := a.Channel.Kind()
	if !s.is(flagAware) && e.heeded(i, &c) {
		e.notice(i)
	}
	p.Excite += e.model.Jump(rs, &c, s.trust, s.recent[channel.Class], p.Stress)
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
		s.talked = e.today
		bump(&s.talks)
		e.sums(i).Conversations++
		e.converse(i, a, r, b)
		e.mayComplain(i, b)
	}
	e.ask(i)
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

// ask lets the strategy be asked tomorrow: something observed has changed.
func (e *engine) ask(i int32) {
	if s := &e.states[i]; s.demanded != never {
		s.decide = min(s.decide, e.today+1)
	}
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
	s.silence = day(min(int(e.today)+1+e.world.Guardrails.ComplaintSilence, int(never)))
	e.withdraw(i)
	e.log(i, outcome.EventComplaint, 0, 0, 0)
}

// promisable is what a borrower promises: all that is owed, or, some of those whose cash does not reach,
// one instalment.
func (e *engine) promisable(i int32) loan.Cents {
	owed, due := e.owed(i), min(int(e.today)+e.world.Terms.Promise.Days, int(never))
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
	s.promiseDue = day(min(int(e.today)+days, int(never)))
	s.promiseOn = c
	bump(&s.promises)
	e.withdraw(i)
	e.channels[c].Promises++
	e.sums(i).Promises++
	e.log(i, outcome.EventPromise, c, amount, int32(s.promiseDue))
}
