package loan

import "fmt"

// Ledger is one account's money. Every movement goes through its methods, each of which keeps
//
//	opening + accrued = paid + waived + written off + outstanding
//
// exactly. The overdue part is tracked twice: Arrears is what the lender demands now, Overdue what the
// original contract asks for, as if the account had never been re-aged. Without a remedy they are the same; a
// remedy may demand less, or a restructured plan more.
type Ledger struct {
	Principal  Cents // outstanding principal
	Interest   Cents // billed and unpaid interest
	Penalty    Cents // posted and unpaid penalty interest and fees
	Arrears    Cents // overdue and demanded, of Principal+Interest
	Overdue    Cents // overdue by the original contract, of Principal+Interest
	Accrued    Cents // interest and penalties posted since day 0
	Paid       Cents // received since day 0
	Waived     Cents // given up by the lender since day 0
	WrittenOff Cents // charged off since day 0, net of later recoveries
}

// Outstanding is everything the borrower owes on the books.
func (l *Ledger) Outstanding() Cents { return l.Principal + l.Interest + l.Penalty }

// Owed is what the lender demands now: arrears with penalties. Penalties alone, left when a remedy
// took the arrears out of the demand, wait for the next payment.
func (l *Ledger) Owed() Cents {
	if l.Arrears == 0 {
		return 0
	}
	return l.Arrears + l.Penalty
}

// Deferred is what is overdue by contract and not demanded, because of a remedy.
func (l *Ledger) Deferred() Cents { return max(0, l.Overdue-l.Arrears) }

// AccrueInterest bills interest on the principal.
func (l *Ledger) AccrueInterest(amount Cents) {
	l.Interest += amount
	l.Accrued += amount
}

// AccruePenalty posts penalty interest or a fee.
func (l *Ledger) AccruePenalty(amount Cents) {
	l.Penalty += amount
	l.Accrued += amount
}

// FallDue makes an instalment due that was not paid: the contractual overdue amount grows by
// contractual, the demanded one by demanded. Both are capped by what is outstanding.
func (l *Ledger) FallDue(contractual, demanded Cents) {
	outstanding := l.Principal + l.Interest
	l.Arrears = min(l.Arrears+demanded, outstanding)
	l.Overdue = min(l.Overdue+contractual, outstanding)
}

// Pay applies a payment of at most Outstanding by the usual waterfall: penalty, billed interest,
// principal. It reduces what is overdue, by demand and by contract; what exceeds both is a
// regular or early repayment. It returns the part that cured overdue money.
func (l *Ledger) Pay(amount Cents) (overdue Cents) {
	if amount < 0 || amount > l.Outstanding() {
		panic(fmt.Sprintf("loan: payment of %s on an outstanding %s", amount, l.Outstanding()))
	}
	l.Paid += amount
	return l.settle(amount)
}

// settle takes at most Outstanding off what is owed, penalty first, and returns the part that was overdue.
func (l *Ledger) settle(amount Cents) (overdue Cents) {
	penalty := min(amount, l.Penalty)
	l.Penalty -= penalty
	rest := amount - penalty
	interest := min(rest, l.Interest)
	l.Interest -= interest
	l.Principal -= rest - interest
	overdue = penalty + min(rest, max(l.Arrears, l.Overdue))
	l.Arrears -= min(rest, l.Arrears)
	l.Overdue -= min(rest, l.Overdue)
	return overdue
}

// Waive gives up to amount of penalty, then interest, then principal, and returns what was waived.
// The overdue amounts shrink with it.
func (l *Ledger) Waive(amount Cents) Cents {
	amount = min(amount, l.Outstanding())
	l.Waived += amount
	l.settle(amount)
	return amount
}

// Defer takes the demanded arrears out of the demand: a remedy re-ages the account.
func (l *Ledger) Defer() {
	l.Arrears = 0
}

// Recall demands again what was deferred: a remedy has ended.
func (l *Ledger) Recall() {
	l.Arrears = max(l.Arrears, l.Overdue)
}

// ChargeOff writes everything outstanding off the books and returns the loss. The claim itself
// stays; Recover takes later payments on it.
func (l *Ledger) ChargeOff() Cents {
	loss := l.Outstanding()
	l.WrittenOff += loss
	l.Principal, l.Interest, l.Penalty, l.Arrears, l.Overdue = 0, 0, 0, 0, 0
	return loss
}

// Recover books a payment on a charged-off account, of at most WrittenOff.
func (l *Ledger) Recover(amount Cents) {
	if amount < 0 || amount > l.WrittenOff {
		panic(fmt.Sprintf("loan: recovery of %s on a written-off %s", amount, l.WrittenOff))
	}
	l.Paid += amount
	l.WrittenOff -= amount
}

// Imbalance returns opening + accrued - (paid + waived + written off + outstanding): always 0.
func (l *Ledger) Imbalance(opening Cents) Cents {
	return opening + l.Accrued - l.Paid - l.Waived - l.WrittenOff - l.Outstanding()
}

// OldestDue returns the due day of the oldest instalment of which part is unpaid, given the last
// due day that has passed and the days from one to the next: overdue is covered by the ceil(overdue/instalment)
// latest instalments. With nothing overdue it returns Never, and -Never for all that is older.
func OldestDue(overdue, instalment Cents, lastDue, interval Day) Day {
	if overdue <= 0 {
		return Never
	}
	missed := (overdue + instalment - 1) / instalment
	return max(-Never, lastDue-Day(min(missed-1, Cents(Never)))*interval) // a tape may hold an overdue amount of 100 million instalments
}
