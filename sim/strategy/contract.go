package strategy

import (
	"errors"
	"fmt"

	"collectsim/sim/loan"
)

// MaxActions is the most that a strategy may want for one account on one day: the draws of a day's attempts are
// numbered in 8 bits, and the conversations with teams need numbers as well.
const MaxActions = 200

// Days that a Procedure may ask for at most, as the checks of Stage have them for files.
const (
	maxNotice   = 30
	maxFollowUp = 60
)

// Check reports every rule of Strategy that s breaks in what it says of itself, or nil. Of a strategy made of plans it
// has seen all actions then; those of others are held against their rules one by one, as they come.
func Check(s Strategy) error {
	if s == nil {
		return errors.New("no strategy: nil")
	}
	var errs []error
	if s.Name() == "" {
		errs = append(errs, errors.New("name: must be stated"))
	}
	if n := s.Slots(); n < 0 || n > maxSlots {
		errs = append(errs, fmt.Errorf("slots: must be 0 to %d, got %d", maxSlots, n))
	}
	if lead := s.Lead(); lead < 0 || lead > loan.Never {
		errs = append(errs, fmt.Errorf("lead: must be 0 to %d days, got %d", loan.Never, lead))
	}
	if c, ok := s.(*staged); ok {
		for i := range c.stages {
			if err := c.stages[i].action.Check(c.Slots()); err != nil {
				errs = append(errs, fmt.Errorf("stages[%d]: %w", i, err))
			}
		}
	}
	for _, a := range armsOf(s) {
		if err := Check(a); err != nil {
			errs = append(errs, fmt.Errorf("arm %s: %w", a.Name(), err))
		}
	}
	return errors.Join(errs...)
}

// Check reports the first rule that the action of a strategy with so many slots breaks, or nil.
func (a *Action) Check(slots int) error {
	switch {
	case int(a.Slot) >= slots:
		return fmt.Errorf("slot: must be less than the strategy's %d slots, got %d", slots, a.Slot)
	case a.Channel == loan.NoChannel || a.Channel >= loan.NumChannels:
		return fmt.Errorf("channel: must be 1 to %d, got %d", loan.NumChannels-1, uint8(a.Channel))
	case a.Tone >= loan.NumTones:
		return fmt.Errorf("tone: must be 0 to %d, got %d", loan.NumTones-1, uint8(a.Tone))
	case a.Message >= loan.NumMessages:
		return fmt.Errorf("message: must be 0 to %d, got %d", loan.NumMessages-1, uint8(a.Message))
	case a.Hour > 23:
		return fmt.Errorf("hour: must be 0 to 23, got %d", a.Hour)
	case a.Retry < 0 || a.Every < 0:
		return fmt.Errorf("retry and every: must be >= 0, got %d and %d", a.Retry, a.Every)
	case a.Procedure != nil:
		return a.Procedure.check()
	}
	return nil
}

func (p *Procedure) check() error {
	switch {
	case p.NoticeDays < 0 || p.NoticeDays > maxNotice:
		return fmt.Errorf("notice days: must be 0 to %d, got %d", maxNotice, p.NoticeDays)
	case p.NoticeChannel >= loan.NumChannels || p.NoticeChannel == loan.Visit:
		return fmt.Errorf("notice channel: must be 0 to %d and no visit, got %d", loan.NumChannels-1, uint8(p.NoticeChannel))
	case p.FollowUpDays < 0 || p.FollowUpDays > maxFollowUp:
		return fmt.Errorf("follow-up days: must be 0 to %d, got %d", maxFollowUp, p.FollowUpDays)
	}
	for cause, remedy := range p.Remedies {
		if remedy >= loan.NumRemedies() {
			return fmt.Errorf("remedy for cause %d: must be less than %d, got %d", cause, loan.NumRemedies(), uint8(remedy))
		}
	}
	return nil
}
