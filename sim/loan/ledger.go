package loan

import "fmt"

// Ledger is one account's money. Every movement goes through its methods, each of which keeps
//
//	opening + accrued = paid + waived + written off + outstanding
//
// exactly. The overdue part is tracked twice: Arrears is what the lender demands now, Deferred what
// a remedy has taken out of the demand although the original contract says it is overdue. Their sum
// is the contractual overdue amount, as if the account had never been re-aged.
type Ledger struct {
	Principal  Cents // outstanding principal
	Interest   Cents // billed and unpaid interest
	Penalty    Cents // posted and unpaid penalty interest and fees
	Arrears    Cents // overdue and demanded, of Principal+Interest
	Deferred   Cents // contractually overdue, not demanded because of a remedy
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

// ContractualArrears is the overdue amount as if no remedy had been granted.
func (l *Ledger) ContractualArrears() Cents { return l.Arrears + l.Deferred }

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
// contractual, the demanded one by demanded; what is overdue and not demanded is deferred by a remedy.
// Both are capped by what is outstanding. Where the whole balance is overdue by contract already, a
// new instalment turns deferred money into demanded money.
func (l *Ledger) FallDue(contractual, demanded Cents) {
	outstanding := l.Principal + l.Interest
	arrears := min(l.Arrears+demanded, outstanding)
	overdue := max(arrears, min(l.ContractualArrears()+contractual, outstanding))
	l.Arrears, l.Deferred = arrears, overdue-arrears
}

// Pay applies a payment of at most Outstanding by the usual waterfall: penalty, billed interest,
// principal. It reduces the demanded arrears first, then the deferred ones; what exceeds both is a
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
	fromArrears := min(rest, l.Arrears)
	l.Arrears -= fromArrears
	fromDeferred := min(rest-fromArrears, l.Deferred)
	l.Deferred -= fromDeferred
	return penalty + fromArrears + fromDeferred
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
	l.Deferred += l.Arrears
	l.Arrears = 0
}

// Recall demands again what was deferred: a remedy has ended.
func (l *Ledger) Recall() {
	l.Arrears += l.Deferred
	l.Deferred = 0
}

// ChargeOff writes everything outstanding off the books and returns the loss. The claim itself
// stays; Recover takes later payments on it.
func (l *Ledger) ChargeOff() Cents {
	loss := l.Outstanding()
	l.WrittenOff += loss
	l.Principal, l.Interest, l.Penalty, l.Arrears, l.Deferred = 0, 0, 0, 0, 0
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
