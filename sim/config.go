package sim

import (
	"errors"
	"fmt"
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// World is everything that one replication is played in: behaviour and lender parameters, and the
// strategies. Engines only read it.
type World struct {
	Borrowers  borrower.Params
	Responses  borrower.Responses
	Services   [loan.NumChannels]strategy.Service
	Teams      strategy.Teams
	Travel     strategy.TravelByRegion
	Guardrails strategy.Guardrails
	Costs      strategy.Costs
	Terms      loan.Terms
	Policy     strategy.Policy
	Strategies []strategy.Strategy
}

// Config says what to simulate.
type Config struct {
	Portfolio    *loan.Portfolio
	Seed         uint64 // any value, 0 included
	Replications int    // number of replications, at least 1
	First        int    // index of the first replication of this part of the run
	Step         int    // distance between replication indices; 0 means 1
	Horizon      int    // days, 1 to MaxHorizon
	Workers      int    // goroutines; 0 means one
	Weekday      int    // weekday of day 0, 0 is Monday
	Holidays     []loan.Day
	Accounts     bool // hand over account rows
	Events       bool // hand over events
	StressPaths  bool // hand over every account's stress path (large)

	// Draw returns the world of one replication and the drawn values of its uncertain parameters.
	// It must depend on s alone.
	Draw func(s rng.Stream) (*World, []float64, error)

	// Done, if not nil, is called after each replication, from one goroutine at a time.
	Done func(finished int)
}

// MaxHorizon is the longest run: days are kept in 16 bits.
const MaxHorizon = 32000

// maxSegments bounds the segments of a portfolio: an account keeps its own in 8 bits.
const maxSegments = math.MaxUint8 + 1

// maxHorizonGuard keeps every scheduled day below loan.Never.
const _ = uint(int(loan.Never) - MaxHorizon)

func (c *Config) check() error {
	var errs []error
	if c.Portfolio == nil || len(c.Portfolio.Accounts) == 0 {
		errs = append(errs, errors.New("accounts: the portfolio is empty"))
	}
	if c.Replications < 1 {
		errs = append(errs, fmt.Errorf("replications: must be at least 1, got %d", c.Replications))
	}
	if c.Horizon < 1 || c.Horizon > MaxHorizon {
		errs = append(errs, fmt.Errorf("horizon: must be 1 to %d days, got %d", MaxHorizon, c.Horizon))
	}
	if c.Draw == nil {
		errs = append(errs, errors.New("draw: no world to simulate"))
	}
	if c.Portfolio != nil && len(c.Portfolio.Segments) > maxSegments {
		errs = append(errs, fmt.Errorf("segments: at most %d, got %d", maxSegments, len(c.Portfolio.Segments)))
	}
	if c.Portfolio != nil {
		for i := range c.Portfolio.Accounts {
			if dpd := int(c.Portfolio.Accounts[i].DPD); dpd > MaxHorizon-c.Horizon {
				errs = append(errs, fmt.Errorf("account %d: dpd: must be at most %d for a horizon of %d days, got %d", c.Portfolio.Accounts[i].ID, MaxHorizon-c.Horizon, c.Horizon, dpd))
			}
			if opened := int(c.Portfolio.Accounts[i].Opened); opened > 0 && opened >= c.Horizon {
				errs = append(errs, fmt.Errorf("account %d: opened: must be before the end of the run, at most %d for a horizon of %d days, got %d", c.Portfolio.Accounts[i].ID, c.Horizon-1, c.Horizon, opened))
			}
			if err := c.Portfolio.Accounts[i].Check(); err != nil {
				errs = append(errs, fmt.Errorf("account %d: %w", c.Portfolio.Accounts[i].ID, err))
			}
			if len(errs) > 20 {
				break
			}
		}
	}
	return errors.Join(errs...)
}
