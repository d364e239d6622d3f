package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// work is step 6: the teams work their queues.
func (e *engine) work() {
	e.makeCalls()
	e.makeVisits()
	e.bookVisits()
}

// push files a request; e.seen must show the account.
func (t *team) push(e *engine, i int32, a strategy.Action) {
	s := &e.states[i]
	d := t.desk(s.region)
	r := request{action: a, account: i, since: e.today}
	switch {
	case a.Slot == noSlot:
		r.key = 1e30 // follow-ups are promised to the borrower: first
	default:
		if t.staff.Priority == strategy.ByRandom {
			b := e.stream.Block(e.id(i), borrower.DrawAssignment, 1+uint64(e.today))
			e.seen.Dice = float32(b.Uniform(0))
		}
		r.key = t.staff.Priority.Rank(&e.seen, e.expectedMinutes(i, a.Channel))
		if t.staff.Priority == strategy.ByDPD { // grows by one a day for all: rank by the date
			r.key -= float32(e.today)
		}
	}
	if a.Channel == loan.Visit {
		s.visitSlot, s.visitSince = a.Slot+1, e.today
	} else {
		s.callSlot, s.callSince = a.Slot+1, e.today
	}
	d.want(e.today)
	d.waiting++
	d.queue.push(r)
}

// expectedMinutes is the time that serving an account takes, for worklist rules.
func (e *engine) expectedMinutes(i int32, c loan.Channel) float64 {
	service := &e.world.Services[c]
	minutes := (service.Attempt + service.Talk) / 2
	if c == loan.Visit {
		minutes = e.world.Travel.In(e.states[i].region).StopMinutes(minutes, 4)
	}
	return max(minutes, 0.1)
}

// stillWanted asks the strategy again whether it wants the waiting action: payments, conversations or
// complaints since the request may have changed its mind. It fills e.seen.
func (e *engine) stillWanted(r *request) bool {
	i := r.account
	s := &e.states[i]
	if s.silence > e.today {
		return false
	}
	e.see(i)
	if r.action.Slot == noSlot { // a follow-up: as long as there is a debt or a plan to track
		return s.demanded != never || s.remedy != loan.NoRemedy
	}
	if s.demanded == never && !e.preDue(i) {
		return false
	}
	if r.since == e.today && s.talked != e.today { // wanted this very day, and nothing was said since
		return true
	}
	e.seen.Waiting = 0
	e.consult(i)
	for k := range e.plan {
		if e.plan[k].Slot == r.action.Slot {
			return true
		}
	}
	return false
}

// onDuty reports whether the team works on a day.
func (e *engine) onDuty(t *team, d day) bool {
	return e.workday[d] && len(t.days[e.weekday(d)]) > 0
}

func (e *engine) weekday(d day) int { return (e.config.Weekday + int(d)) % 7 }

// makeCalls lets the callers work their queues until the day's minutes are spent.
func (e *engine) makeCalls() {
	t := &e.call
	t.rest()
	if !e.onDuty(t, e.today) {
		return
	}
	for k := range t.desks {
		if d := &t.desks[k]; d.wanted {
			d.offered += d.capacity[e.weekday(e.today)]
			e.workCalls(t, d)
			d.used += d.minutes
		}
	}
}

// workCalls works one queue. The last call of a day may run over. Where a day holds less than a conversation, the days
// after it make up for that, or every day would hold one.
func (e *engine) workCalls(t *team, d *desk) {
	capacity := d.capacity[e.weekday(e.today)]
	if s := &e.world.Services[loan.Call]; capacity < max(s.Talk, s.Attempt) {
		capacity -= d.over
		defer func() { d.over = max(0, d.minutes-capacity) }()
	}
	for d.queue.len() > 0 && d.minutes < capacity {
		e.fetchAheadIn(&d.queue)
		e.serving = d.queue.pop()
		r := &e.serving
		s := &e.states[r.account]
		if s.callSlot != r.action.Slot+1 || s.callSince != r.since { // withdrawn
			continue
		}
		s.callSlot = 0
		d.waiting--
		e.leave(r.account)
		hour, premium := e.clock(t, d, r.action.Hour)
		r.action.Hour = hour
		if e.stillWanted(r) && e.permitted(r.account, &r.action) {
			service := &e.world.Services[r.action.Channel]
			minutes := service.Attempt
			if e.contact(r.account, &r.action, t.staff.Skill) == metRightParty {
				minutes = service.Talk
			}
			d.minutes += minutes
			e.charge(r.account, outcome.CostWages, r.action.Channel, loan.FromUnits(minutes*t.staff.Wage*(1+premium)*t.staff.Crew))
		}
		e.askIn(r.account, 1)
		e.done(r.account)
	}
}
