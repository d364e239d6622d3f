package sweep

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"

	"golang.org/x/sync/errgroup"
)

// Options say how a sweep is played; none of them changes a result.
type Options struct {
	Workers int            // goroutines; 0 means one
	Shard   *outcome.Shard // play the points of this shard only; nil: all
	Only    []int          // play these points only, sorted; nil: all
	// Done, if not nil, is called with the number of records after each one, from one goroutine at a
	// time, and once at the start with those that the log held already.
	Done func(records int)
}

// Stats are what a sweep has done.
type Stats struct {
	Kept       int   // records that the log held already
	Played     int   // records added
	ActiveDays int64 // of all records
	PlayedDays int64 // of those added
}

// Run plays what the log does not hold yet and appends it. When ctx ends it returns early with the
// context's error; what is in the log stays valid, and another Run goes on after it.
func (p *Plan) Run(ctx context.Context, log string, o Options) (Stats, error) {
	var stats Stats
	l, err := outcome.OpenLog(log, func(body []byte) error {
		r, err := unmarshal(body)
		if err == nil {
			stats.ActiveDays += r.ActiveDays
		}
		return err
	})
	if err != nil {
		return stats, err
	}
	stats.Kept = l.Records
	if o.Done != nil {
		o.Done(l.Records)
	}
	err = p.rounds(ctx, log, o, l.Records, func(r *Record) error {
		if err := l.Append(r.marshal()); err != nil {
			return err
		}
		stats.Played++
		stats.ActiveDays += r.ActiveDays
		stats.PlayedDays += r.ActiveDays
		if o.Done != nil {
			o.Done(l.Records)
		}
		return nil
	})
	return stats, errors.Join(err, l.Close())
}

// rounds plays rounds of Base.Replications replications: the first with all points, each further one
// with those whose contrast is still too wide. The first skip records are in the log already.
func (p *Plan) rounds(ctx context.Context, log string, o Options, skip int, emit func(*Record) error) error {
	points := p.live(o.Shard)
	if o.Only != nil {
		points = o.Only
	}
	n := p.Base.Replications
	for from := 0; len(points) > 0; from += n {
		to := from + n
		if from > 0 {
			to = min(to, p.Design.MaxReplications)
		}
		work := (to - from) * len(points)
		done := min(skip, work)
		skip -= done
		if err := p.play(ctx, o.Workers, stretch{points, from, to, done}, emit); err != nil {
			return err
		}
		if p.watched < 0 || to >= p.Design.MaxReplications {
			break
		}
		var err error
		if points, err = p.wide(File(log), points, to); err != nil {
			return err
		}
	}
	if skip > 0 {
		return fmt.Errorf("%s: holds %d records more than the sweep has", log, skip)
	}
	return nil
}

// stretch is replications from..to-1 of some points, less the first done pieces of work.
type stretch struct {
	points         []int
	from, to, done int
}

// play plays a stretch in replication-major order and hands its records over in that order.
func (p *Plan) play(ctx context.Context, workers int, s stretch, emit func(*Record) error) error {
	group, ctx := errgroup.WithContext(ctx)
	type task struct {
		point, replication int
		result             chan *Record
	}
	// Each task carries a slot for its result; slots are queued in order, so records are handed over in
	// order and at most 2*workers of them wait.
	workers = max(workers, 1)
	tasks, order := make(chan task), make(chan task, 2*workers)
	group.Go(func() error {
		defer close(tasks)
		defer close(order)
		for k := s.done; k < (s.to-s.from)*len(s.points); k++ {
			t := task{s.points[k%len(s.points)], s.from + k/len(s.points), make(chan *Record, 1)}
			for _, c := range []chan task{order, tasks} {
				select {
				case c <- t:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			for t := range tasks {
				r := p.Play(ctx, t.point, t.replication)
				if ctx.Err() != nil {
					return ctx.Err() // its reason is the interruption
				}
				t.result <- r
			}
			return nil
		})
	}
	group.Go(func() error {
		for t := range order {
			select {
			case r := <-t.result:
				if err := emit(r); err != nil {
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

// Play plays one replication of one point. What goes wrong, a panic included, is the
// reason of the record.
func (p *Plan) Play(ctx context.Context, point, replication int) *Record {
	r := &Record{Point: point, Replication: replication}
	err := sim.Guard(func() error {
		c, err := p.config(point)
		if err != nil {
			return err
		}
		c.First, c.Replications, c.Workers = replication, 1, 1
		return sim.Run(ctx, *c, taker{r})
	})
	if err != nil {
		reason := strings.ReplaceAll(err.Error(), "\n", "; ")
		return &Record{Point: point, Replication: replication, Reason: reason}
	}
	return r
}

// taker keeps the metrics of the one replication that it is handed.
type taker struct{ record *Record }

func (t taker) Replication(r *outcome.Replication) error {
	t.record.ActiveDays = r.ActiveDays
	for i := range r.Strategies {
		t.record.Values = append(t.record.Values, r.Strategies[i].Values)
	}
	return nil
}

// Accounts is the portfolio of the base scenario.
func (p *Plan) Accounts() *loan.Portfolio {
	if p.Portfolio != nil {
		return p.Portfolio
	}
	return p.base
}
