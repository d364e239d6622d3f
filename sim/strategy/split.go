package strategy

import (
	"fmt"
	"math"
	"slices"

	"collectsim/sim/loan"
)

// split plays several strategies inside one portfolio, each on its own share of the accounts, with
// the same teams: a champion/challenger test.
type split struct {
	divided
	upto []float32 // cumulative shares, parallel to arms
}

var _ Strategy = (*split)(nil)

// Split returns a strategy that plays arms[i] on the share shares[i] of the accounts; shares are
// rescaled to sum to 1. Which account belongs to which arm depends on the account alone
// (Observed.Arm), so it does not change over the days. Panics if there are no arms, if the lengths differ, and if a
// share is negative or not a number, or all are 0. Does not modify its arguments.
//
// Note: only what Split returns is known to Arms, not a strategy around it.
func Split(name string, arms []Strategy, shares []float64) Strategy {
	if len(arms) == 0 || len(arms) != len(shares) {
		panic(fmt.Sprintf("strategy: split %s: %d arms and %d shares", name, len(arms), len(shares)))
	}
	total := 0.0
	for _, s := range shares {
		if !(s >= 0) {
			panic(fmt.Sprintf("strategy: split %s: shares must be >= 0, got %v", name, shares))
		}
		total += s
	}
	if !(total > 0 && total <= math.MaxFloat64) {
		panic(fmt.Sprintf("strategy: split %s: shares must have a finite sum above 0, got %v", name, shares))
	}
	c := &split{divided: divide(name, slices.Clone(arms))}
	sum := 0.0
	for _, s := range shares {
		sum += s / total
		c.upto = append(c.upto, float32(sum))
	}
	return c
}

func (c *split) Decide(o *Observed, out []Action) ([]Action, loan.Day) {
	return c.ask(ArmAt(c.upto, o.Arm), o, out)
}

// Arms returns the names of the arms of a split, and for each the upper bound of its accounts' Observed.Arm; nil
// for other strategies.
func Arms(s Strategy) (names []string, upto []float32) {
	c, ok := s.(*split)
	if !ok {
		return nil, nil
	}
	for _, a := range c.arms {
		names = append(names, a.Name())
	}
	return names, c.upto
}

// ArmAt returns the arm of an account, given the upper bounds of the arms and the account's Observed.Arm.
func ArmAt(upto []float32, arm float32) int {
	if i := slices.IndexFunc(upto, func(u float32) bool { return arm < u }); i >= 0 {
		return i
	}
	return len(upto) - 1
}
