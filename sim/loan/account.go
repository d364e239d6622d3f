package loan

import (
	"fmt"
	"strconv"
)

// Account is one loan as its lender observes it: the row of a loan tape. What it states holds on day 0, or
// on the day on which the loan is disbursed, if that is later.
type Account struct {
	ID          int64
	Product     Product
	Region      Region
	Segment     uint8 // index into the portfolio's segment names
	Every       uint8 // days from one due date to the next: 7 for weekly instalments, 30 for monthly ones; 0 stands for 30
	DueDay      uint8 // a day on which an instalment falls due, 0 to Every-1, and every so many days after it; the first time after Opened, of an overdue account on day 0 at the earliest
	Term        int16 // instalments still to fall due after day 0; ignored for cards
	DPD         Day   // days past due on day 0, 0 when nothing is overdue
	Balance     Cents // outstanding principal and billed interest, overdue part included
	Arrears     Cents // the overdue part of Balance
	Instalment  Cents // contractual instalment, or a card's minimum payment
	APR         float64
	PenaltyAPR  float64 // charged on the overdue amount
	Limit       Cents   // credit limit, 0 when there is none
	LastPayment Cents   // paid in the last month before day 0, 0 when nothing was; negative: not known
	OtherDebts  uint8   // number of debts at other lenders, as far as known
	Opened      Day     // day of the run on which the loan is disbursed; 0 or less: on the books on day 0
}

// Check reports the first rule that the account breaks, or nil. Whether Segment is one of the portfolio's is not
// known here.
func (a *Account) Check() error {
	switch {
	case a.Balance < 0:
		return fmt.Errorf("balance: must be >= 0, got %s", a.Balance)
	case a.Arrears < 0 || a.Arrears > a.Balance:
		return fmt.Errorf("arrears: must lie between 0 and the balance %s, got %s", a.Balance, a.Arrears)
	case a.Instalment <= 0 && a.Balance > 0:
		return fmt.Errorf("instalment: must be > 0 while a balance is owed, got %s", a.Instalment)
	case a.Every > MonthDays:
		return fmt.Errorf("instalment_days: must be 1 to 30, got %d", a.Every)
	case a.Product == Card && a.Interval() != MonthDays:
		return fmt.Errorf("instalment_days: a card bills every 30 days, got %d", a.Every)
	case Day(a.DueDay) >= a.Interval():
		return fmt.Errorf("due_day: must be 0 to %d where an instalment falls due every %d days, got %d", a.Interval()-1, a.Interval(), a.DueDay)
	case a.DPD < 0:
		return fmt.Errorf("dpd: must be >= 0, got %d", a.DPD)
	case (a.DPD > 0) != (a.Arrears > 0):
		return fmt.Errorf("dpd %d and arrears %s: an account is past due if and only if it has arrears", a.DPD, a.Arrears)
	case a.Opened > 0 && a.DPD > 0:
		return fmt.Errorf("opened: a loan that is disbursed on day %d of the run cannot be %d days past due before", a.Opened, a.DPD)
	case a.Opened >= Never:
		return fmt.Errorf("opened: must be less than %d, got %d", Never, a.Opened)
	case a.Term < 0:
		return fmt.Errorf("term: must be >= 0, got %d", a.Term)
	case !(a.APR >= 0 && a.APR <= 10 && a.PenaltyAPR >= 0 && a.PenaltyAPR <= 10): // NaN neither
		return fmt.Errorf("apr: annual rates must lie in [0, 10], got %g and %g", a.APR, a.PenaltyAPR)
	case a.Product >= NumProducts || a.Region >= NumRegions:
		return fmt.Errorf("product or region out of range: %d, %d", a.Product, a.Region)
	}
	return nil
}

// Portfolio is what a simulation starts from.
type Portfolio struct {
	Accounts []Account
	Segments []string // names of Account.Segment
	Currency string   // ISO code, as in CNY
	Source   string   // where the accounts come from, for the manifest
	Drawn    bool     // from marginals, so that others of the kind can be drawn

	Keys map[int64]string // the lender's own ids that are texts, by the Account.ID that stands for them; others are their ID
}

// Key is the lender's own id of an account.
func (p *Portfolio) Key(id int64) string {
	if key, ok := p.Keys[id]; ok {
		return key
	}
	return strconv.FormatInt(id, 10)
}

// maxTotal bounds the money of a portfolio, so that no sum over a run overflows 64 bits.
const maxTotal Cents = 1e17

// CheckTotal refuses a portfolio whose amounts, of every account the largest, sum to 10^15 major units or more: sums over a
// run could overflow.
func (p *Portfolio) CheckTotal() error {
	var sum Cents
	for i := range p.Accounts {
		a := &p.Accounts[i]
		if sum += min(maxTotal, max(a.Balance, a.Instalment, a.Limit, a.LastPayment)); sum >= maxTotal {
			return fmt.Errorf("amounts must sum to less than %g %s, or sums over a run would overflow; account %s: balance %s, instalment %s, limit %s, last payment %s; state them in a larger unit",
				maxTotal.Units(), p.Currency, p.Key(a.ID), a.Balance, a.Instalment, a.Limit, max(0, a.LastPayment))
		}
	}
	return nil
}

// Interval is the number of days from one due date to the next, 1 to 30.
func (a *Account) Interval() Day {
	if a.Every == 0 {
		return MonthDays
	}
	return Day(a.Every)
}

// Monthly is what falls due in 30 days.
func (a *Account) Monthly() Cents { return PerMonth(a.Instalment, a.Interval()) }

// Missed is the number of instalments that the account has missed on day 0, by its days past due.
func (a *Account) Missed() int { return MissedInstalments(a.DPD, a.Interval()) }

// MissedInstalments returns how many instalments an account that is dpd days past due has missed:
// the one that became due dpd days ago and one more for every interval since.
func MissedInstalments(dpd, interval Day) int {
	if dpd <= 0 {
		return 0
	}
	return 1 + int((dpd-1)/interval)
}
