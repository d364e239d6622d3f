package loan_test

import (
	"slices"
	"testing"

	"collectsim/sim/loan"
)

func TestFreshStart(t *testing.T) {
	a := &relieved{ledger: loan.Ledger{Principal: 100_000, Penalty: 500, Arrears: 10_000}, owed: 10_500}
	loan.FreshStartTerms{Days: 9}.Grant(a)
	if want := []string{"waive 500", "promise 10500 in 9"}; !slices.Equal(a.did, want) {
		t.Errorf("%q, by hand %q", a.did, want)
	}
	var r loan.Remedy
	if err := r.UnmarshalText([]byte("fresh-start")); err != nil || r != loan.DatedPromise+1 {
		t.Errorf("remedy %d, %v", r, err)
	}
}
