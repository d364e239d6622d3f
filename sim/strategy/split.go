package strategy

import (
	"slices"

	"collectsim/sim/loan"
)

// split plays several strategies inside one portfolio, each on its own share of the accounts, with
// the same teams: a champion/challenger test.
type split struct {
	name string
	arms []Strategy
	upto []float32 // cumulative shares, parallel to arms
}

var _ Strategy = (*split)(nil)

// Split returns a strategy that plays arms[i] on the share shares[i] of the accounts; shares are
// rescaled to sum to 1. Which account belongs to which arm depends on the account alone
// (Observed.Arm), so it does not change over the days.
func Split(name string, arms []Strategy, shares []float64) Strategy {
	total := 0.0
	for _, s := range shares {
		total += s
	}
	c := &split{name: name, arms: arms}
	sum := 0.0
	for _, s := range shares {
		sum += s / total
		c.upto = append(c.upto, float32(sum))
	}
	return c
}

func (c *split) Name() string { return c.name }

func (c *split) Slots() int {
	most := 0
	for _, a := range c.arms {
		most = max(most, a.Slots())
	}
	return most
}

func (c *split) Lead() loan.Day {
	var most loan.Day
	for _, a := range c.arms {
		most = max(most, a.Lead())
	}
	return most
}

// Decide asks the arm that the account belongs to.
func (c *split) Decide(o *Observed, out []Action) ([]Action, loan.Day) {
	return c.arms[ArmAt(c.upto, o.Arm)].Decide(o, out)
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
