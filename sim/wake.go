package sim

import "collectsim/sim/loan"

// roll is how many accounts are looked at at once for those that have something to do.
const roll = 4096

// wake lists those of a roll of accounts that have something to do today.
func (e *engine) wake(from int) []int32 {
	n, today := 0, e.today
	for k, d := range e.wakes[from:min(from+roll, len(e.wakes))] { // written always, kept if due: a branch would be guessed wrong too often
		e.woken[n] = int32(from + k)
		if d <= today {
			n++
		}
	}
	return e.woken[:n]
}

// reschedule sets the next day, from tomorrow on, on which steps 1 to 5 have something to do for the account.
func (e *engine) reschedule(i int32) { e.wakes[i] = max(e.next(i), e.today+1) }

// next is the day on which steps 1 to 5 have something to do for the account.
func (e *engine) next(i int32) day {
	s := &e.states[i]
	w := min(s.due, s.income, s.lump, s.discover, s.promiseDue, s.remedyEnd, s.decide, s.followUp, s.settle)
	if s.reportedOn != never {
		if d := e.accessLost(s); d > e.today {
			w = min(w, d)
		}
	}
	if s.demanded != never {
		w = min(w, nextMonth(s.demanded, e.today, maxWorn)) // another bucket, and willingness wears off
		if s.status != loan.ChargedOff {
			if d := int(s.demanded) + e.world.Policy.ChargeOff; d < int(w) {
				w = day(d)
			}
		}
	}
	if s.oldest != never && s.oldest != s.demanded {
		w = min(w, nextMonth(s.oldest, e.today, day(loan.Bucket150-loan.Bucket1)))
	}
	return w
}

// nextMonth returns the next day on which an account due since a day is one day past due, or a whole number of months
// up to the last that matters.
func nextMonth(since, today, last day) day {
	dpd := today - since
	months := dpd / loan.MonthDays
	switch {
	case dpd < 1:
		return since + 1
	case months >= last:
		return never
	}
	return since + (months+1)*loan.MonthDays
}
