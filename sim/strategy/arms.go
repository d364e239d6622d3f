package strategy

import "collectsim/sim/loan"

// divided hands each account to one of several strategies, its arms, which share the teams. An account stays with
// its arm, so that the marks of an account are always those of one strategy.
type divided struct {
	name  string
	arms  []Strategy
	leads []loan.Day // of the arms
}

func divide(name string, arms []Strategy) divided {
	d := divided{name: name, arms: arms}
	for _, a := range arms {
		d.leads = append(d.leads, a.Lead())
	}
	return d
}

func (d *divided) Name() string { return d.name }

func (d *divided) Slots() (most int) {
	for _, a := range d.arms {
		most = max(most, a.Slots())
	}
	return most
}

func (d *divided) Lead() (most loan.Day) {
	for _, lead := range d.leads {
		most = max(most, lead)
	}
	return most
}

// ask asks an arm, of borrowers who are up to date within its own lead only.
func (d *divided) ask(arm int, o *Observed, out []Action) ([]Action, loan.Day) {
	if lead, ahead := d.leads[arm], -o.DPD; ahead > lead {
		if lead == 0 {
			return out, loan.Never
		}
		return out, o.Day + ahead - lead
	}
	return d.arms[arm].Decide(o, out)
}

// armsOf returns the strategies among which one of this package divides the accounts; nil for others.
func armsOf(s Strategy) []Strategy {
	switch c := s.(type) {
	case *split:
		return c.arms
	case *assigned:
		return c.arms
	}
	return nil
}
