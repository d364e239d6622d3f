package sim

import (
	"errors"
	"fmt"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"
)

// nobody is no account.
const nobody = -1

// consult asks the strategy about account i, which e.seen must show. e.plan is then what it wants, and next the
// day on which it wants to be asked again, from 0 to never. A plan that breaks the contract of package strategy
// would go to the records of another account, or count what nobody did: it is dropped, and ends the life.
func (e *engine) consult(i int32) (next loan.Day) {
	e.asked = i
	e.plan, next = e.strategy.Decide(&e.seen, e.plan[:0])
	if !e.declared {
		e.hold(i)
	}
	e.asked = nobody
	return min(max(next, 0), loan.Never)
}

// hold holds what the strategy wants for account i against the contract.
func (e *engine) hold(i int32) {
	err := e.breach()
	if err == nil {
		return
	}
	if e.fault == nil {
		e.fault = fmt.Errorf("account %s: %w", e.config.Portfolio.Key(e.accounts[i].ID), err)
	}
	e.plan = e.plan[:0]
}

// breach is the first rule that the plan breaks.
func (e *engine) breach() error {
	if n := len(e.plan); n > strategy.MaxActions {
		return fmt.Errorf("%d actions: at most %d a day", n, strategy.MaxActions)
	}
	for k := range e.plan {
		if err := e.plan[k].Check(e.slots); err != nil {
			return fmt.Errorf("action %d: %w", k, err)
		}
	}
	return nil
}

// placed says of an error where the life was that it ended.
func (e *engine) placed(s strategy.Strategy, err error) error {
	if e.asked != nobody {
		err = fmt.Errorf("account %s: %w", e.config.Portfolio.Key(e.accounts[e.asked].ID), err)
	}
	return fmt.Errorf("strategy %s: day %d: %w", s.Name(), e.today, err)
}

// check reports what would make a world unplayable whatever the borrowers: values of the parameters are for
// package scenario to judge.
func (w *World) check() error {
	if w == nil {
		return errors.New("draw: returned no world")
	}
	var errs []error
	names := map[string]bool{}
	for k, s := range w.Strategies {
		if err := strategy.Check(s); err != nil {
			errs = append(errs, fmt.Errorf("strategies[%d]: %w", k, err))
			continue
		}
		if names[s.Name()] {
			errs = append(errs, fmt.Errorf("strategies[%d]: name: %s is the name of another", k, s.Name()))
		}
		names[s.Name()] = true
	}
	return errors.Join(errs...)
}
