package sim_test

import (
	"math"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// anchors finds in the events of a life every borrower's first booked visit, and first visit that met the borrower.
func anchors(o *outcome.StrategyOutcome) (days [outcome.NumAnchors]map[int64]loan.Day) {
	for a := range days {
		days[a] = map[int64]loan.Day{}
	}
	first := func(a outcome.Anchor, e *outcome.Event) {
		if _, ok := days[a][e.Account]; !ok {
			days[a][e.Account] = e.Day
		}
	}
	for k := range o.Events {
		e := &o.Events[k]
		switch {
		case e.Kind == outcome.EventNotice:
			first(outcome.AroundAppointment, e)
		case e.Kind == outcome.EventContact && e.Channel == loan.Visit && e.Detail == 2:
			first(outcome.AroundVisit, e)
		}
	}
	return days
}

// TestStressAroundVisits sums the windows a second way: from the events and from the stress of everybody on every
// evening, both kept for the whole life.
func TestStressAroundVisits(t *testing.T) {
	var counted [outcome.NumAnchors]int64
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, whole(t, "horizon", 37, 120))
		visits := strategy.Stage{Name: "more", Channel: loan.Visit, FirstDay: whole(t, "first day", 1, 40), Every: 14, Retry: 5}
		if visits.NoticeDays = whole(t, "notice", 0, 9); visits.NoticeDays > 0 {
			visits.NoticeChannel = pick(t, "by", loan.Call, loan.SMS)
		}
		s.Strategies[0].Stages = append(s.Strategies[0].Stages, visits)
		s.Teams.Visit.Agents = 3
		s.Replications = 2 // the second begins with what the first left in memory
		c := config(t, s)
		c.StressPaths = true
		disburse(t, c.Portfolio.Accounts)
		for _, r := range run(t, c) {
			for k := range r.Strategies {
				o := &r.Strategies[k]
				for a, days := range anchors(o) {
					want := aroundByHand(c.Portfolio.Accounts, o, days)
					checkAround(t, outcome.Anchor(a), &o.Around[a], &want)
					counted[a] += want.Borrowers
				}
			}
		}
	})
	for a, n := range counted {
		if n < 100 {
			t.Errorf("%s: only %d windows in all scenarios, too few to say anything", outcome.Anchor(a), n)
		}
	}
}

// disburse makes loans of the run of some accounts that are current, with the first due date a day later, as tapes may
// have them: they are visited before they are a week old.
func disburse(t *rapid.T, accounts []loan.Account) {
	day := whole(t, "disbursed", 1, 20)
	for i := range accounts {
		if a := &accounts[i]; a.DPD == 0 && a.Opened == 0 && i%2 == 0 {
			a.Opened, a.DueDay = loan.Day(day), uint8((day+1)%int(a.Interval()))
		}
	}
}

func aroundByHand(accounts []loan.Account, o *outcome.StrategyOutcome, days map[int64]loan.Day) (x outcome.AroundStress) {
	for i := range accounts {
		day, ok := days[accounts[i].ID]
		from, to := int(day)-outcome.DaysBefore, int(day)+outcome.DaysAfter
		if !ok || from < max(0, int(accounts[i].Opened)) || to >= len(o.Stress) {
			continue
		}
		x.Borrowers++
		for d := from; d <= to; d++ {
			x.Stress[d-from] += float64(o.Stress[d][i])
		}
	}
	return x
}

// checkAround allows for the order of summation: n numbers below 100 are each rounded to half a unit in 2^-53.
func checkAround(t *rapid.T, a outcome.Anchor, got, want *outcome.AroundStress) {
	if got.Borrowers != want.Borrowers {
		t.Fatalf("%s: %d borrowers, by events %d", a, got.Borrowers, want.Borrowers)
	}
	n := float64(want.Borrowers)
	for d := range want.Stress {
		if !(math.Abs(got.Stress[d]-want.Stress[d]) <= n*n*100*0x1p-52) {
			t.Fatalf("%s, day %d: stress %v, by evenings %v", a, d-outcome.DaysBefore, got.Stress[d], want.Stress[d])
		}
	}
}
