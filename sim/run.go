package sim

import (
	"context"
	"errors"
	"fmt"

	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"

	"golang.org/x/sync/errgroup"
)

// Run simulates every replication of the configuration and hands each to the sink in index order, from one
// goroutine at a time. It returns early with the context's error when cancelled, and with the first error of the
// sink or of a draw. A panic of the sink is an error as well; one in a replication, also in a strategy of the
// caller's, is an error that names replication, strategy, day and, where the strategy was asked, account, and so is
// an action that breaks the rules of strategy.Action. All goroutines have ended when Run returns. Memory
// depends on accounts and workers, not on replications.
func Run(ctx context.Context, c Config, sink outcome.Sink) error {
	err := c.check()
	if sink == nil {
		err = errors.Join(err, errors.New("sink: nobody takes the results"))
	}
	if err != nil {
		return err
	}
	workers := min(max(c.Workers, 1), c.Replications)
	group, ctx := errgroup.WithContext(ctx)

	// Each job carries a slot for its result; slots are queued in index order, so the reducer meets
	// results in index order and at most 2*workers of them wait.
	type job struct {
		index  int
		result chan *outcome.Replication
	}
	jobs := make(chan job)
	order := make(chan job, 2*workers)
	group.Go(func() error {
		defer close(jobs)
		defer close(order)
		for k := range c.Replications {
			j := job{c.First + k*max(c.Step, 1), make(chan *outcome.Replication, 1)}
			select {
			case order <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			e := newEngine(&c)
			for j := range jobs {
				var r *outcome.Replication
				err := Guard(func() (err error) {
					r, err = e.replication(ctx, j.index)
					return err
				})
				switch cancelled := ctx.Err(); {
				case cancelled != nil && errors.Is(err, cancelled): // no fault of the replication
					return cancelled
				case err != nil:
					return fmt.Errorf("replication %d: %w", j.index, err)
				}
				j.result <- r
			}
			return nil
		})
	}
	group.Go(func() error {
		finished := 0
		for j := range order {
			select {
			case r := <-j.result:
				finished++
				if err := Guard(func() error { return c.handOver(sink, r, finished) }); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

func (c *Config) handOver(sink outcome.Sink, r *outcome.Replication, finished int) error {
	if err := sink.Replication(r); err != nil {
		return err
	}
	if c.Done != nil {
		c.Done(finished)
	}
	return nil
}

// replication plays every strategy on one draw of the borrowers.
func (e *engine) replication(ctx context.Context, index int) (*outcome.Replication, error) {
	s := rng.Stream{Seed: e.config.Seed, Replication: uint64(index)}
	world, parameters, err := e.config.Draw(s)
	if err != nil {
		return nil, err
	}
	if err := world.check(); err != nil {
		return nil, err
	}
	if err := e.config.checkDrawn(world.Accounts); err != nil {
		return nil, err
	}
	e.populate(s, world)
	r := &outcome.Replication{Index: index, Parameters: parameters, Strategies: make([]outcome.StrategyOutcome, len(world.Strategies))}
	// The no-contact life is the reference of collection stress, so it is lived first; strategies
	// without a stage are that life and need not be played again.
	e.reference = true
	ref, err := e.live(ctx, noContact)
	e.reference = false
	if err != nil {
		return nil, err
	}
	r.ActiveDays += e.activeDays
	for k, st := range world.Strategies {
		if strategy.Silent(st) {
			r.Strategies[k] = *e.outcome(st.Name(), ref)
		}
	}
	for k, st := range world.Strategies {
		if strategy.Silent(st) {
			continue
		}
		if _, err := e.live(ctx, st); err != nil {
			return nil, err
		}
		r.Strategies[k] = *e.outcome(st.Name(), ref)
		r.ActiveDays += e.activeDays
	}
	return r, nil
}

// noContact is the strategy that never contacts anyone.
var noContact = strategy.Compile("no-contact", &strategy.Plan{}, nil)
