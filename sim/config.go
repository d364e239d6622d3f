package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"

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

	// Accounts are those of this replication: as many as the portfolio's, of its segments. Nil: the portfolio's own.
	Accounts []loan.Account
}

// Config says what to simulate.
type Config struct {
	Portfolio    *loan.Portfolio // only read; each ID once, amounts that sum to less than 10^15 major units
	Seed         uint64          // any value, 0 included
	Replications int             // number of replications, at least 1
	First        int             // index of the first replication of this part of the run
	Step         int             // distance between replication indices; 0 means 1
	Horizon      int             // days, 1 to MaxHorizon
	Workers      int             // goroutines; 0 means one
	Weekday      int             // weekday of day 0, 0 (Monday) to 6
	Holidays     []loan.Day      // days on which no team works; behind the run they move appointments that are made in it
	Accounts     bool            // hand over account rows
	Events       bool            // hand over events
	StressPaths  bool            // hand over every account's stress path (large)

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
	if last := float64(c.First) + float64(float64(max(1, c.Step))*float64(c.Replications-1)); c.First < 0 || c.Step < 0 || last > math.MaxInt32 {
		errs = append(errs, fmt.Errorf("first and step: must not be negative, nor number replications beyond %d, got %d and %d for %d replications", math.MaxInt32, c.First, c.Step, c.Replications))
	}
	if c.Draw == nil {
		errs = append(errs, errors.New("draw: no world to simulate"))
	}
	if c.Portfolio != nil && len(c.Portfolio.Segments) > maxSegments {
		errs = append(errs, fmt.Errorf("segments: at most %d, got %d", maxSegments, len(c.Portfolio.Segments)))
	}
	if c.Weekday < 0 || c.Weekday > 6 {
		errs = append(errs, fmt.Errorf("weekday: must be 0 to 6, got %d", c.Weekday))
	}
	if c.Portfolio != nil {
		errs = append(errs, c.checkAccounts(c.Portfolio.Accounts))
	}
	return errors.Join(errs...)
}

// checkAccounts reports some twenty faults of accounts at most.
func (c *Config) checkAccounts(accounts []loan.Account) error {
	var errs []error
	for i := range accounts {
		for _, err := range c.checkAccount(&accounts[i]) {
			errs = append(errs, fmt.Errorf("account %s: %w", c.Portfolio.Key(accounts[i].ID), err))
		}
		if len(errs) > 20 {
			break
		}
	}
	whole := loan.Portfolio{Accounts: accounts, Currency: c.Portfolio.Currency, Keys: c.Portfolio.Keys}
	return errors.Join(append(errs, whole.CheckTotal(), checkIDs(accounts))...)
}

// checkDrawn holds the accounts of one replication against the rules of the portfolio's.
func (c *Config) checkDrawn(accounts []loan.Account) error {
	if accounts == nil {
		return nil
	}
	if n := len(c.Portfolio.Accounts); len(accounts) != n {
		return fmt.Errorf("draw: must return as many accounts as the portfolio has, %d, got %d", n, len(accounts))
	}
	return c.checkAccounts(accounts)
}

func (c *Config) checkAccount(a *loan.Account) (errs []error) {
	if most := MaxHorizon - c.Horizon; int(a.DPD) > most {
		errs = append(errs, fmt.Errorf("dpd: must be at most %d for a horizon of %d days, got %d", most, c.Horizon, a.DPD))
	}
	if a.Opened > 0 && int(a.Opened) >= c.Horizon {
		errs = append(errs, fmt.Errorf("opened: must be before the end of the run, at most %d for a horizon of %d days, got %d", c.Horizon-1, c.Horizon, a.Opened))
	}
	if n := max(1, len(c.Portfolio.Segments)); int(a.Segment) >= n {
		errs = append(errs, fmt.Errorf("segment: must be less than %d, the number of segments, got %d", n, a.Segment))
	}
	if err := a.Check(); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// checkIDs looks for accounts of one ID: they would live one life, and could not be told apart in tables.
func checkIDs(accounts []loan.Account) error {
	ascending := true
	for i := 1; i < len(accounts) && ascending; i++ {
		ascending = accounts[i-1].ID < accounts[i].ID
	}
	if ascending {
		return nil
	}
	ids := make([]int64, len(accounts))
	for i := range accounts {
		ids[i] = accounts[i].ID
	}
	slices.Sort(ids)
	for i := 1; i < len(ids); i++ {
		if ids[i] == ids[i-1] {
			return fmt.Errorf("account %d: id: two accounts have it", ids[i])
		}
	}
	return nil
}
