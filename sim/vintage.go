package sim

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// newLoans is the calendar of loans that are disbursed during the run, and the record of their vintages.
// Before its opening day a loan does not exist: it is in no count, no sum and no list. Without new loans
// everything here is nil, and costs nothing.
//
// The day of a loan's own draws is counted from its opening, so that the same loan disbursed later lives the
// same life later.
type newLoans struct {
	opening  []int32   // accounts that open in the run, by day, then by place in the portfolio
	opened   int       // how many of them have opened
	vintages []vintage // by month of opening
}

// vintage is the record of the loans that opened in one month. The counts go by months on book, and are
// those of the month alone for ever and lost.
type vintage struct {
	loans            int64
	last             day // latest opening
	ever, late, lost []int64
}

func newLoansOf(accounts []loan.Account) newLoans {
	var n newLoans
	for i := range accounts {
		if accounts[i].Opened > 0 {
			n.opening = append(n.opening, int32(i))
		}
	}
	slices.SortStableFunc(n.opening, func(a, b int32) int { return cmp.Compare(accounts[a].Opened, accounts[b].Opened) })
	return n
}

// unseen stands for the bucket at the last month's end of an account that had not opened then.
const unseen = loan.NumBuckets

// await keeps an account out of everything until it opens.
func (e *engine) await(i int32) {
	e.states[i] = state{contract: e.states[i].contract}
	e.month[i] = unseen
	e.pulses[i] = borrower.Pulse{Stress: float32(math.NaN())} // no stress is known of nobody
	e.wakes[i] = never
}

// disburse opens the accounts whose day it is; they live through all steps of the day, as accounts do on day 0.
func (e *engine) disburse() {
	for ; e.opened < len(e.opening); e.opened++ {
		i := e.opening[e.opened]
		if e.accounts[i].Opened > loan.Day(e.today) {
			return
		}
		e.open(i)
		e.enter(i)
		e.wakes[i] = e.today
		s := &e.states[i]
		if e.month[i] = s.bucket; e.today%loan.MonthDays != 0 { // moves are counted over whole months
			e.month[i] = unseen
		}
	}
}

// firstDue is the first day after opening on which instalments fall due: an instalment of the day of opening
// itself was settled before, but for an account that is overdue on day 0, of which it is one more.
func firstDue(a *loan.Account) day {
	dueDay, opened, interval := day(a.DueDay), day(max(0, a.Opened)), day(a.Interval())
	if a.DPD > 0 && dueDay == 0 {
		return 0
	}
	return opened + interval - (opened-dueDay+interval)%interval
}

// age is how long an account has been on the books on a day: since its opening, or since day 0.
func (e *engine) age(i int32, on day) day {
	if e.opening == nil {
		return on
	}
	return on - day(max(0, e.accounts[i].Opened))
}

// beginVintages clears the record of the vintages.
func (e *engine) beginVintages() {
	e.opened, e.vintages = 0, nil
	if e.opening == nil {
		return
	}
	months := int(e.horizon)/loan.MonthDays + 2
	e.vintages = make([]vintage, e.openingMonths())
	for m := range e.vintages {
		e.vintages[m] = vintage{ever: make([]int64, months), late: make([]int64, months), lost: make([]int64, months)}
	}
	for _, i := range e.opening {
		v, opened := e.vintageOf(i)
		v.loans++
		v.last = opened
	}
}

// vintageOf returns the vintage of an account and the day on which it opened; nil for the opening book.
func (e *engine) vintageOf(i int32) (*vintage, day) {
	if e.opening == nil || e.runningOff || e.accounts[i].Opened <= 0 {
		return nil, 0
	}
	opened := e.accounts[i].Opened
	return &e.vintages[opened/loan.MonthDays], day(opened)
}

// monthsOnBook is how many months on book a day of the loan's life completes or begins.
func monthsOnBook(age day) int { return int(age+loan.MonthDays-1) / loan.MonthDays }

// lateInVintage books that a loan was at 30 or more days past due from state.late30 to the day before until.
func (e *engine) lateInVintage(i int32, until day) {
	v, opened := e.vintageOf(i)
	s := &e.states[i]
	if v == nil || s.late30 >= until {
		return
	}
	first := monthsOnBook(s.late30 - opened)
	if !s.is(flagEverLate) {
		s.set(flagEverLate)
		v.ever[first]++
	}
	for k := first; k*loan.MonthDays < int(until-opened); k++ {
		v.late[k]++
	}
}

// lostInVintage books a charge-off today.
func (e *engine) lostInVintage(i int32) {
	if v, opened := e.vintageOf(i); v != nil {
		v.lost[monthsOnBook(e.today-opened)]++
	}
}

// followed is the record of the vintages as far as all their loans were observed.
func (e *engine) followed() []outcome.Vintage {
	var list []outcome.Vintage
	for m := range e.vintages {
		v := &e.vintages[m]
		if v.loans == 0 {
			continue
		}
		n := int(e.horizon-1-v.last)/loan.MonthDays + 1
		list = append(list, outcome.Vintage{
			Month: m + 1, Loans: v.loans,
			Ever30: cumulated(v.ever[:n]), Late30: slices.Clone(v.late[:n]), ChargedOff: cumulated(v.lost[:n]),
		})
	}
	return list
}

func cumulated(x []int64) []int64 {
	sums, sum := make([]int64, len(x)), int64(0)
	for k, v := range x {
		sum += v
		sums[k] = sum
	}
	return sums
}

// vintageGroups is the number of groups by month of opening, where loans open during the run: the opening
// book is the first.
func (e *engine) vintageGroups() int {
	if e.opening == nil {
		return 0
	}
	return 1 + e.openingMonths()
}

func (e *engine) openingMonths() int { return (int(e.horizon) + loan.MonthDays - 1) / loan.MonthDays }

func (e *engine) vintageName(k int) string {
	if k == 0 {
		return "opening-book"
	}
	return fmt.Sprintf("month-%0*d", len(fmt.Sprint(e.openingMonths())), k)
}

// vintageGroup is an account's group by month of opening.
func (e *engine) vintageGroup(a *loan.Account) int {
	if e.opening == nil || a.Opened <= 0 {
		return 0
	}
	return 1 + int(a.Opened)/loan.MonthDays
}
