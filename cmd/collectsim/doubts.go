package main

import (
	"fmt"
	"math"
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
)

// tapeDoubts is what is doubtful about a tape beside the scenario that it is played with.
func tapeDoubts(s *scenario.Scenario, p *loan.Portfolio) []string {
	var doubts []string
	if costs := s.Portfolio.Currency; costs != p.Currency {
		doubts = append(doubts, fmt.Sprintf("tape: amounts are in %s, costs, wages and limits of the scenario in %s: state them in %s, with portfolio.currency=%s, or give the map currency %s and an exchange",
			p.Currency, costs, p.Currency, p.Currency, costs))
	}
	if n := olderThan(p, s.Policy.ChargeOff); n > 0 {
		doubts = append(doubts, fmt.Sprintf("tape: %d of %d accounts are %d or more days past due and charged off on day 0 (policy.charge_off_days): "+
			"what is recovered of debts this old rests on two assumptions, borrowers.payment.wear and charged_off; keep in the map can leave them out",
			n, len(p.Accounts), s.Policy.ChargeOff))
	}
	if s.Grants(loan.Restructure) {
		doubts = append(doubts, planDoubts(s.Remedies.Restructure, p)...)
	}
	return doubts
}

// planDoubts is what is doubtful about restructured plans for the loans of a tape: plans are relief in no more than name
// where they ask for more than the contract.
func planDoubts(terms loan.RestructureTerms, p *loan.Portfolio) []string {
	var doubts []string
	many := manyDearer * float64(len(p.Accounts))
	if n, factor := dearer(p, terms); float64(n) >= many {
		doubts = append(doubts, fmt.Sprintf("tape: restructured over %d months (remedies.restructure_months), %d of %d accounts would owe more a month than by contract, half of them %.1f times as much or more: "+
			"state the months that such plans have in your book", terms.Months, n, len(p.Accounts), factor))
	}
	if n := cheaper(p, terms.APR); float64(n) >= many {
		doubts = append(doubts, fmt.Sprintf("tape: restructured at %g%% a year (remedies.restructure_apr), %d of %d accounts would pay a higher rate than by contract: state the rate that such plans have in your book",
			math.Round(terms.APR*1e6)/1e4, n, len(p.Accounts)))
	}
	return doubts
}

// olderThan counts the accounts that are at least so many days past due.
func olderThan(p *loan.Portfolio, days int) int {
	n := 0
	for i := range p.Accounts {
		if int(p.Accounts[i].DPD) >= days {
			n++
		}
	}
	return n
}

// cheaper counts the accounts with a balance whose contract asks for a lower rate.
func cheaper(p *loan.Portfolio, apr float64) int {
	n := 0
	for i := range p.Accounts {
		if p.Accounts[i].Balance > 0 && p.Accounts[i].APR < apr {
			n++
		}
	}
	return n
}

// manyDearer is the share of accounts from which on plans that ask for more are no exception.
const manyDearer = 0.1

// dearer counts the accounts whose instalment a restructured plan would raise, and says how many times as high it would
// be in the middle one of them.
func dearer(p *loan.Portfolio, terms loan.RestructureTerms) (n int, factor float64) {
	var factors []float64
	for i := range p.Accounts {
		a := &p.Accounts[i]
		plan := loan.AnnuityCents(a.Balance, terms.APR, loan.InstalmentsIn(terms.Months, a.Interval()), a.Interval())
		if a.Instalment > 0 && plan > a.Instalment {
			factors = append(factors, float64(plan)/float64(a.Instalment))
		}
	}
	if len(factors) == 0 {
		return 0, 0
	}
	slices.Sort(factors)
	return len(factors), factors[len(factors)/2]
}
