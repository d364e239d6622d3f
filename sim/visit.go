package sim

import (
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// bookVisits gives the best waiting requests an appointment, as many as the officers can serve on
// the days that are open for booking, and sends the notice.
func (e *engine) bookVisits() {
	t := &e.visit
	if !e.onDuty(t, e.today) {
		return
	}
	for k := range t.desks {
		if t.desks[k].wanted {
			e.bookFrom(&t.desks[k])
		}
	}
}

func (e *engine) bookFrom(d *desk) {
	for d.queue.len() > 0 {
		r := d.queue.first()
		s := &e.states[r.account]
		if s.visitSlot != r.action.Slot+1 || s.visitSince != r.since || s.visit != never { // withdrawn
			d.queue.pop()
			continue
		}
		on := e.appointment(d, int(r.action.Procedure.NoticeDays), s.region)
		if on == never {
			return
		}
		e.serving = d.queue.pop()
		top := &e.serving
		d.waiting--
		e.leave(top.account)
		stated := top.action.Hour // of the notice, which is no visit
		top.action.Hour = e.firstHour(&e.visit, on, stated)
		wanted := e.stillWanted(top) && e.permitted(top.account, &top.action)
		top.action.Hour = stated
		if wanted && e.noticePermitted(top) {
			e.book1(top, on)
		} else {
			e.cancelVisit(top.account)
		}
		e.done(top.account)
	}
}

// appointment returns the first working day with room for a stop in the region: at least lead days
// ahead, tomorrow at the earliest, and at most the team's BookAhead working days later, or later still where the next booking
// cannot reach any more; else never. Else days on which no notice ends would stay empty: with free weekends and two days' notice,
// Friday's bookings begin with Monday and Monday's with Wednesday, and nobody is visited on a Tuesday.
func (e *engine) appointment(d *desk, lead int, region loan.Region) day {
	if d.agents <= 0 {
		return never
	}
	notice := day(max(lead, 1))
	on := e.visitDay(e.today + notice)
	next := e.visitDay(e.bookingAfter(e.today) + notice)
	for k := 0; k <= e.visit.staff.BookAhead || on < next; k++ {
		if int(on) >= len(e.visit.bookings) {
			return never
		}
		if e.fits(d, on, region) {
			return on
		}
		on = e.visitDay(on + 1)
	}
	return never
}

// bookingAfter is the next day after d on which appointments are made.
func (e *engine) bookingAfter(d day) day {
	for d++; int(d) < len(e.workday) && !e.onDuty(&e.visit, d); d++ {
	}
	return d
}

// fits reports whether the officers have time for one more stop in the region on a day. A visit that is longer than
// their day, be it that they are a part of a crew or that the way is far, takes the minutes of several days.
func (e *engine) fits(d *desk, on day, region loan.Region) bool {
	if on <= d.taken {
		return false
	}
	minutes, first := e.planMinutes(on, region)
	return minutes <= d.capacity[e.weekday(on)] || first && minutes <= e.gathered(d, on, region)
}

// gathered is the minutes of a day and of those before it on which the officers of the region were asked for and
// had no visit: back to the last one that was longer than a day, so that idle weeks add up to one visit, not to many.
func (e *engine) gathered(d *desk, on day, region loan.Region) (minutes float64) {
	for ; on > d.taken; on-- {
		if _, free := e.planMinutes(on, region); !free {
			break
		}
		if e.visitDay(on) == on {
			minutes += d.capacity[e.weekday(on)]
		}
	}
	return minutes
}

// visitDay returns the first day from d on of which visits may be made.
func (e *engine) visitDay(d day) day {
	weekdays := bool(e.world.Guardrails.Weekdays)
	for int(d) < len(e.workday) && (!e.onDuty(&e.visit, d) || weekdays && e.weekday(d) >= 5) {
		d++
	}
	return d
}

// planMinutes is the time on a day of the officers who serve the region, if one more stop there is
// booked, and whether it is their first. Planning takes the mean of a doorstep and a talk for each stop.
func (e *engine) planMinutes(on day, more loan.Region) (minutes float64, first bool) {
	t, service, first := &e.visit, &e.world.Services[loan.Visit], true
	for r := range loan.NumRegions {
		n := float64(t.planned[on][r])
		if t.desk(r) != t.desk(more) {
			continue
		}
		first = first && n == 0
		if r == more {
			n++
		}
		if n > 0 {
			minutes += float64(n * e.world.Travel.In(r).StopMinutes((service.Attempt+service.Talk)/2, n))
		}
	}
	return minutes, first
}

// book1 makes the appointment and sends the notice, which itself must arrive.
func (e *engine) book1(r *request, on day) {
	i := r.account
	s := &e.states[i]
	s.visit = on
	e.around.open(outcome.AroundAppointment, i, e.today)
	d := e.visit.desk(s.region)
	if minutes, _ := e.planMinutes(on, s.region); minutes > d.capacity[e.weekday(on)] {
		d.taken = on
	}
	e.visit.bookings[on] = append(e.visit.bookings[on], *r)
	e.visit.planned[on][s.region]++
	s.clear(flagNotified)
	e.log(i, outcome.EventNotice, r.action.Procedure.NoticeChannel, 0, int32(on))
	c := r.action.Procedure.NoticeChannel
	if c == loan.NoChannel {
		return
	}
	a := notice(r)
	how := e.contact(i, &a, 1)
	if c.Kind().Agents { // the officer calls
		service := &e.world.Services[c]
		minutes := service.Attempt
		if how == metRightParty {
			minutes = service.Talk
		}
		wages := loan.FromUnits(minutes * e.visit.staff.Wage)
		e.charge(i, outcome.CostWages, loan.Visit, wages)
		e.sums(i).VisitCost += wages
	}
	if how == metRightParty {
		s.set(flagNotified)
		b := &e.world.Borrowers.Stress
		e.pulses[i].Shake(float32(b.Notice * b.ContactScale))
	}
}

// notice is the contact that announces a visit.
func notice(r *request) strategy.Action {
	return strategy.Action{
		Slot: noSlot, Channel: r.action.Procedure.NoticeChannel, Tone: r.action.Tone, Message: r.action.Message, Named: r.action.Named, Hour: r.action.Hour,
	}
}

// noticePermitted asks the guardrails about the notice; e.seen must show the account.
func (e *engine) noticePermitted(r *request) bool {
	e.announcing = notice(r)
	return e.announcing.Channel == loan.NoChannel || e.permitted(r.account, &e.announcing)
}

// makeVisits works today's appointments. Who owes nothing any more is not visited, nor is who has paid all that
// was overdue when the visit was wanted and fell behind anew.
func (e *engine) makeVisits() {
	t := &e.visit
	t.rest()
	if e.onDuty(t, e.today) {
		for k := range t.desks {
			if d := &t.desks[k]; d.wanted {
				d.offered += d.capacity[e.weekday(e.today)]
			}
		}
	}
	stops := t.bookings[e.today]
	var count [loan.NumRegions]float64
	kept := stops[:0]
	for k := range stops {
		i := stops[k].account
		s := &e.states[i]
		if s.visit != e.today {
			continue
		}
		if s.demanded == never || s.demanded > stops[k].since || s.silence > e.today || s.remedy != loan.NoRemedy {
			e.cancelVisit(i)
			continue
		}
		stops[k].action.Hour = e.firstHour(t, e.today, stops[k].action.Hour)
		if e.see(i); !e.permitted(i, &stops[k].action) { // something since the booking forbids it
			e.cancelVisit(i)
			continue
		}
		count[s.region]++
		kept = append(kept, stops[k])
	}
	for k := range kept {
		if e.spent() { // by the visits before it
			e.suppress(kept[k].account, &kept[k].action, strategy.BudgetSpent)
			e.cancelVisit(kept[k].account)
			continue
		}
		e.leave(kept[k].account)
		e.makeVisit(&kept[k], count[e.states[kept[k].account].region])
		e.done(kept[k].account)
	}
	for k := range t.desks {
		t.desks[k].used += t.desks[k].minutes
	}
}

func (e *engine) cancelVisit(i int32) {
	s := &e.states[i]
	s.visit, s.visitSlot = never, 0
	s.clear(flagNotified)
	e.ask(i)
	e.reschedule(i)
}

// makeVisit is one stop of a tour with n stops in the region.
func (e *engine) makeVisit(r *request, n float64) {
	i, t := r.account, &e.visit
	s, staff := &e.states[i], e.visit.staff
	d := t.desk(s.region)
	hour, premium := e.clock(t, d, r.action.Hour)
	r.action.Hour = hour
	service, travel := &e.world.Services[loan.Visit], e.world.Travel.In(e.states[i].region)
	s.visit, s.visitSlot = never, 0
	how := e.contact(i, &r.action, staff.Skill)
	s.clear(flagNotified)
	bump(&s.visits)
	s.visitedOn = e.today
	onSite := service.Attempt
	if how == metRightParty {
		onSite = service.Talk
		e.around.open(outcome.AroundVisit, i, e.today)
		e.mayHarm(i)
		if f := r.action.Procedure.FollowUpDays; f > 0 && (s.demanded != never || s.remedy != loan.NoRemedy) {
			s.followUp = e.today + day(f)
		}
	}
	minutes := travel.StopMinutes(onSite, n)
	d.minutes += minutes
	wages := loan.FromUnits(minutes * staff.Wage * (1 + premium) * staff.Crew)
	tour := loan.FromUnits(travel.Kilometres(n) * travel.CostPerK)
	e.charge(i, outcome.CostWages, loan.Visit, wages)
	e.charge(i, outcome.CostTravel, loan.Visit, tour)
	waited := int64(e.today - r.since)
	sum := e.sums(i)
	sum.Visits++
	sum.VisitCost += wages + tour
	sum.VisitWaitDays += waited
	e.ask(i)
}

// mayHarm draws a safety incident at a visit.
func (e *engine) mayHarm(i int32) {
	b := e.stream.Block(e.id(i), borrower.DrawContact, uint64(e.today)<<16|uint64(loan.Visit)<<8|255)
	if b.Half(0) >= e.model.IncidentChance(e.pulses[i].Stress, e.visit.staff.Skill) {
		return
	}
	e.sums(i).Incidents++
	e.charge(i, outcome.CostIncident, loan.Visit, loan.FromUnits(e.world.Costs.Incident))
	e.log(i, outcome.EventIncident, loan.Visit, 0, 0)
}
