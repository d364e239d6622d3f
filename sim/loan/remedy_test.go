package loan_test

import (
	"fmt"
	"slices"
	"testing"

	"collectsim/sim/loan"
)

// relieved is an account that notes what a remedy does to it.
type relieved struct {
	ledger loan.Ledger
	owed   loan.Cents
	did    []string
}

func (a *relieved) note(format string, args ...any) {
	a.did = append(a.did, fmt.Sprintf(format, args...))
}

func (a *relieved) Ledger() loan.Ledger     { return a.ledger }
func (a *relieved) Owed() loan.Cents        { return a.owed }
func (a *relieved) Waive(amount loan.Cents) { a.note("waive %d", amount) }
func (a *relieved) Suspend(d, recall int, r float64) {
	a.note("suspend %d, recall %d, interest %g", d, recall, r)
}
func (a *relieved) Reschedule(months int, r float64)  { a.note("reschedule %d at %g", months, r) }
func (a *relieved) Promise(amount loan.Cents, in int) { a.note("promise %d in %d", amount, in) }
func (a *relieved) Settle(amount loan.Cents, in int)  { a.note("settle for %d in %d", amount, in) }

// TestWhatRemediesDo works each remedy by hand on 1000.00 of principal, 20.00 of interest, 5.00 of penalty,
// of which 105.00 are demanded.
func TestWhatRemediesDo(t *testing.T) {
	terms := loan.Terms{
		Grace: loan.GraceTerms{Days: 90, Recall: 6, Interest: 0.5}, Restructure: loan.RestructureTerms{Months: 24, APR: 0.08}, Waiver: loan.WaiverTerms{Share: 0.5},
		Settlement: loan.SettlementTerms{Discount: 0.3, Days: 30}, Promise: loan.PromiseTerms{Days: 7},
	}
	for remedy, want := range map[loan.Remedy]string{
		loan.Grace:        "suspend 90, recall 6, interest 0.5",
		loan.Restructure:  "reschedule 24 at 0.08",
		loan.Waiver:       "waive 1250",             // (2000 + 500) / 2
		loan.Settlement:   "settle for 71750 in 30", // 0.7 * 102500
		loan.DatedPromise: "promise 10500 in 7",
	} {
		a := &relieved{ledger: loan.Ledger{Principal: 100_000, Interest: 2_000, Penalty: 500, Arrears: 10_000}, owed: 10_500}
		if terms.All()[remedy].Grant(a); !slices.Equal(a.did, []string{want}) {
			t.Errorf("%s: %q, by hand %q", remedy, a.did, want)
		}
	}
}

// TestRemediesKeepTheirNumbers: events tell remedies by number, so a remedy keeps the one that it has.
func TestRemediesKeepTheirNumbers(t *testing.T) {
	for number, name := range []string{"none", "grace", "restructure", "waiver", "settlement", "promise"} {
		if got := loan.Remedy(number).String(); got != name {
			t.Errorf("remedy %d is %s, was %s", number, got, name)
		}
	}
	if got := loan.DatedPromise.String(); got != "promise" {
		t.Errorf("the last constant is %s", got)
	}
	if n := len(new(loan.Terms).All()); n != int(loan.NumRemedies()) {
		t.Errorf("terms of %d remedies, names of %d", n, loan.NumRemedies())
	}
}
