package sim

import (
	"collectsim/sim/loan"
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
	next := e.consult(i)
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
		switch {
		case e.permitted(i, a):
			e.askAgain(i, a, e.contact(i, a, 1))
		case !e.seen.Silenced: // else it is asked when the silence is over
			e.askIn(i, 1)
		}
	}
	return contacted
}

// justTalk is the procedure of visits that state none. It is not changed.
var justTalk strategy.Procedure

// askAgain plans when the strategy is asked on account of an automated contact that was made.
func (e *engine) askAgain(i int32, a *strategy.Action, how met) {
	switch r := &e.world.Responses.Channels[a.Channel]; {
	case how != metRightParty:
		e.askIn(i, a.Retry)
	case r.Converses():
		e.askIn(i, 1)
	default:
		e.askIn(i, a.Every)
	}
}

// askIn lets the strategy be asked in a number of days at the latest, 0 for 1, about what is overdue or soon due.
func (e *engine) askIn(i int32, days loan.Day) {
	if s := &e.states[i]; s.demanded != never || e.preDue(i) {
		s.decide = min(s.decide, day(min(int(e.today)+int(max(days, 1)), int(never))))
	}
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
	t, waits := &e.call, e.states[i].callSlot != 0
	switch {
	case a.Channel == loan.Visit:
		t, waits = &e.visit, e.states[i].visitSlot != 0
		if a.Procedure == nil {
			a.Procedure = &justTalk
		}
	case !a.Channel.Kind().Agents:
		return
	}
	switch {
	case waits: // for another stage: the strategy is asked when that is over
	case e.affords(i, t, a):
		t.push(e, i, *a)
	default:
		e.askIn(i, 1)
	}
}

// done closes a change of an account after step 5. Where the strategy is to be asked tomorrow, it is
// asked at once when it will want to act, while the account is at hand: most accounts need no waking
// for that. If it wants to act already, tomorrow stands.
func (e *engine) done(i int32) {
	s := &e.states[i]
	if s.decide == e.today+1 && s.demanded != never {
		e.see(i)
		next := e.consult(i)
		switch {
		case e.seen.Silenced:
			s.decide = s.silence
		case len(e.plan) == 0:
			s.decide = day(next)
		}
	}
	e.enter(i)
	e.reschedule(i)
}

// see fills e.seen with what the lender observes of an account today; the date is filled in already.
func (e *engine) see(i int32) {
	s := &e.states[i]
	e.remember(i)
	o := &e.seen
	o.DPD = loan.Day(e.dpd(i))
	if s.demanded == never && s.due != never {
		o.DPD = loan.Day(e.today - s.due)
	}
	o.Product, o.Region, o.Segment, o.Start = s.product, s.region, s.segment, s.start
	o.Owed, o.Balance, o.Instalment = e.owed(i), s.Outstanding()+s.WrittenOff, s.instalment
	o.Score, o.Diagnosed, o.Remedy = e.traits[i].Score, s.diagnosed, s.remedy
	o.PromiseOpen, o.Broken, o.Kept = s.promiseDue != never, s.broken, s.kept
	o.SincePayment, o.SinceTalk = loan.Day(e.since(s.paidOn)), loan.Day(e.since(s.talked))
	o.CallsToday = uint8(s.calls & 15)
	o.Calls7, o.Messages7 = nibbles(s.calls), nibbles(s.messages)
	o.TalksToday, o.Visits, o.SinceVisit = s.talks, s.visits, loan.Day(e.since(s.visitedOn))
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
	keep := power(e.keepMemory, days)
	for k := range s.recent {
		s.recent[k] *= keep
	}
	if days >= 8 {
		s.calls, s.messages = 0, 0
		return
	}
	s.calls <<= 4 * uint(days)
	s.messages <<= 4 * uint(days)
}

// ask lets the strategy be asked tomorrow: something observed has changed.
func (e *engine) ask(i int32) {
	if s := &e.states[i]; s.demanded != never {
		s.decide = min(s.decide, e.today+1)
	}
}
