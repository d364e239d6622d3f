package tape

import (
	"fmt"
	"math"

	"collectsim/sim/loan"
)

// complete derives what the map does not give, in this order, and checks the account:
//
//  1. nothing owed: an account without a balance cannot be overdue and counts as current;
//  2. the instalment, by rule;
//  3. the arrears, from the instalments missed;
//  4. the due day.
func (r *rows) complete(rd *reading) {
	a, fields := &rd.account, &r.m.Fields
	if a.Balance == 0 && (a.DPD > 0 || a.Arrears > 0) {
		a.DPD, a.Arrears = 0, 0
		rd.notes = append(rd.notes, "dpd: nothing is owed, counted as current")
	}
	if in := fields.Instalment; in.Rule != "" {
		if fault := in.derive(a); fault != "" {
			rd.fault("instalment", "", "", fault)
			return
		}
	}
	switch {
	case fields.Arrears == nil:
		a.Arrears = missed(a)
	case r.m.Contradictions == "repair" && contradicts(a):
		a.Arrears = missed(a)
		rd.notes = append(rd.notes, "arrears: contradict dpd or balance, derived from dpd")
	}
	if fields.Every == nil {
		a.Every = loan.MonthDays
	}
	if fields.DueDay == nil {
		a.DueDay = dueDay(a)
	}
	if err := a.Check(); err != nil {
		rd.fault("account", "", "", err.Error())
	}
}

// missed is the arrears of an account that has paid nothing of the instalments that dpd says it missed.
func missed(a *loan.Account) loan.Cents {
	n := a.Missed()
	if n == 0 {
		return 0
	}
	if a.Instalment > a.Balance/loan.Cents(n) { // n instalments exceed the balance; the product could overflow
		return a.Balance
	}
	return a.Instalment * loan.Cents(n)
}

func contradicts(a *loan.Account) bool {
	return (a.DPD > 0) != (a.Arrears > 0) || a.Arrears > a.Balance
}

// dueDay fits dpd where the account is overdue: the oldest unpaid instalment fell due dpd days ago, and one at every interval
// since. The first instalment of a new loan falls due an interval after it opens. Other accounts are spread evenly over it.
func dueDay(a *loan.Account) uint8 {
	interval := a.Interval()
	if a.DPD > 0 {
		return uint8((interval - a.DPD%interval) % interval)
	}
	if a.Opened > 0 {
		return uint8(a.Opened % interval)
	}
	return uint8(spread(a.ID, "due_day") * float64(interval))
}

// derive sets the instalment by the rule, see [Instalment]; it returns the fault that prevents it.
func (in *Instalment) derive(a *loan.Account) (fault string) {
	if a.Balance == 0 {
		a.Instalment = 0
		return ""
	}
	if in.Rule == "card-minimum" {
		least := loan.Cents(1)
		if in.Floor != nil {
			least = max(least, loan.FromUnits(*in.Floor))
		}
		a.Instalment = min(a.Balance, max(least, a.Balance.Share(*in.Share)))
		return ""
	}
	missed := a.Missed()
	switch {
	case missed == 0 && a.Term == 0:
		return fmt.Sprintf("the rule annuity needs a term > 0 where %s is owed and nothing is overdue", a.Balance)
	case missed == 0:
		a.Instalment = loan.AnnuityCents(a.Balance, a.APR, int(a.Term), a.Interval())
		return ""
	}
	due := float64(missed)
	if a.Term > 0 {
		due += 1 / loan.Annuity(1, loan.IntervalRate(a.APR, a.Interval()), int(a.Term))
	}
	exact := float64(a.Balance) / due
	a.Instalment = loan.Cents(math.Ceil(exact - 1e-9 - float64(1e-13*exact))) // a whole cent must not be rounded up by an error in its last digits
	return ""
}
