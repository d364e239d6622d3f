package sim_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// own is a strategy in Go as a user writes one.
type own struct {
	name   string
	slots  int
	lead   loan.Day
	decide func(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day)
}

func (s own) Name() string   { return s.name }
func (s own) Slots() int     { return s.slots }
func (s own) Lead() loan.Day { return s.lead }

func (s own) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	return s.decide(o, out)
}

// wanting wants the same every third day.
func wanting(actions ...strategy.Action) own {
	return own{"mine", 1, 0, func(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
		return append(out, actions...), o.Day + 3
	}}
}

// playOwn plays strategies on 60 accounts for 40 days.
func playOwn(t *testing.T, strategies ...strategy.Strategy) (*outcome.Replication, error) {
	t.Helper()
	c := config(t, small(60, 40))
	c.Replications, c.Workers = 1, 1
	draw := c.Draw
	c.Draw = func(s rng.Stream) (*sim.World, []float64, error) {
		w, values, err := draw(s)
		return playing(w, strategies...), values, err
	}
	var k keeper
	if err := sim.Run(context.Background(), *c, &k); err != nil {
		return nil, err
	}
	return k.replications[0], nil
}

// TestABrokenContractIsNamed: what a strategy must not ask for would be recorded with another account, counted
// though nobody did it, or end the program; the error says whose fault it is.
func TestABrokenContractIsNamed(t *testing.T) {
	visit := func(p strategy.Procedure) strategy.Action {
		return strategy.Action{Channel: loan.Visit, Procedure: &p}
	}
	for want, s := range map[string]own{
		"slot: must be less than the strategy's 1 slots, got 1":          wanting(strategy.Action{Channel: loan.SMS, Slot: 1}),
		"slot: must be less than the strategy's 1 slots, got 254":        wanting(strategy.Action{Channel: loan.SMS, Slot: 254}),
		"slot: must be less than the strategy's 1 slots, got 255":        wanting(strategy.Action{Channel: loan.Call, Slot: 255}),
		"channel: must be 1 to 11, got 0":                                wanting(strategy.Action{}),
		"channel: must be 1 to 11, got 200":                              wanting(strategy.Action{Channel: 200}),
		"action 1: tone: must be 0 to 3, got 9":                          wanting(strategy.Action{Channel: loan.SMS}, strategy.Action{Channel: loan.SMS, Tone: 9}),
		"message: must be 0 to 3, got 9":                                 wanting(strategy.Action{Channel: loan.SMS, Message: 9}),
		"hour: must be 0 to 23, got 24":                                  wanting(strategy.Action{Channel: loan.SMS, Hour: 24}),
		"retry and every: must be >= 0, got -1 and 0":                    wanting(strategy.Action{Channel: loan.SMS, Retry: -1}),
		"notice days: must be 0 to 30, got 40000":                        wanting(visit(strategy.Procedure{NoticeDays: 40000})),
		"notice channel: must be 0 to 11 and no visit, got 200":          wanting(visit(strategy.Procedure{NoticeChannel: 200})),
		"follow-up days: must be 0 to 60, got 32760":                     wanting(visit(strategy.Procedure{FollowUpDays: 32760})),
		"remedy for cause 2: must be less than 6, got 99":                wanting(visit(strategy.Procedure{Remedies: [loan.NumCauses]loan.Remedy{2: 99}})),
		"201 actions: at most 200 a day":                                 wanting(make([]strategy.Action, 201)...),
		"panic: out of my depth, in collectsim/sim_test.TestABrokenCont": {"mine", 1, 0, func(*strategy.Observed, []strategy.Action) ([]strategy.Action, loan.Day) { panic("out of my depth") }},
	} {
		_, err := playOwn(t, s)
		text := fmt.Sprint(err)
		if !strings.HasPrefix(text, "replication 0: strategy mine: day 0: account ") || !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("got %v, want the place and %q on one line", err, want)
		}
	}
	quiet := wanting()
	for want, s := range map[string][]strategy.Strategy{
		"strategies[0]: slots: must be 0 to 32, got -1":           {own{"a", -1, 0, quiet.decide}},
		"strategies[0]: slots: must be 0 to 32, got 33":           {own{"a", 33, 0, quiet.decide}},
		"strategies[1]: lead: must be 0 to 32767 days, got 65541": {quiet, own{"a", 1, 65541, quiet.decide}},
		"strategies[0]: lead: must be 0 to 32767 days, got -1":    {own{"a", 1, -1, quiet.decide}},
		"strategies[0]: name: must be stated":                     {own{"", 1, 0, quiet.decide}},
		"strategies[1]: name: mine is the name of another":        {quiet, quiet},
		"strategies[0]: no strategy: nil":                         {nil},
	} {
		if _, err := playOwn(t, s...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// TestWhatTheContractAllows: no procedure is the empty one, also of a visit, and a day that is past is tomorrow,
// however far it is past.
func TestWhatTheContractAllows(t *testing.T) {
	values := func(s own) []float64 {
		t.Helper()
		r, err := playOwn(t, s)
		if err != nil {
			t.Fatal(err)
		}
		return r.Strategies[0].Values
	}
	bare := values(wanting(strategy.Action{Channel: loan.Visit}))
	if bare[outcome.MetricIndex("visits_per_account")] == 0 || !alike(bare, values(wanting(strategy.Action{Channel: loan.Visit, Procedure: &strategy.Procedure{}}))) {
		t.Error("a visit without a procedure differs from one with the empty procedure")
	}
	next := func(day func(today loan.Day) loan.Day) []float64 {
		return values(own{"mine", 1, 0, func(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
			if o.Day%3 == 2 {
				out = append(out, strategy.Action{Channel: loan.SMS})
			}
			return out, day(o.Day)
		}})
	}
	tomorrow := next(func(today loan.Day) loan.Day { return today + 1 })
	for _, past := range []loan.Day{0, -1, -40000, math.MinInt32} {
		if !alike(tomorrow, next(func(loan.Day) loan.Day { return past })) {
			t.Errorf("asked again on day %d: differs from tomorrow", past)
		}
	}
}

// alike is equal, NaN to NaN.
func alike(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return len(a) == len(b)
}

func TestPortfolioThatCannotBePlayed(t *testing.T) {
	for want, edit := range map[string]func(c *sim.Config){
		"weekday: must be 0 to 6, got -1":      func(c *sim.Config) { c.Weekday = -1 },
		"weekday: must be 0 to 6, got 7":       func(c *sim.Config) { c.Weekday = 7 },
		"segment: must be less than ":          func(c *sim.Config) { c.Portfolio.Accounts[3].Segment = uint8(len(c.Portfolio.Segments)) },
		"id: two accounts have it":             func(c *sim.Config) { c.Portfolio.Accounts[3].ID = c.Portfolio.Accounts[9].ID },
		"annual rates must lie in [0, 10]":     func(c *sim.Config) { c.Portfolio.Accounts[3].APR = math.NaN() },
		"rates must lie in [0, 10], got 0.1 a": func(c *sim.Config) { a := &c.Portfolio.Accounts[3]; a.APR, a.PenaltyAPR = 0.1, math.NaN() },
		"amounts must sum to less":             func(c *sim.Config) { c.Portfolio.Accounts[3].Balance = math.MaxInt64 },
		"amounts must sum to les":              func(c *sim.Config) { c.Portfolio.Accounts[3].Instalment = 1e17 },
	} {
		c := config(t, small(20, 30))
		edit(c)
		err := sim.Run(context.Background(), *c, &keeper{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "account 4") && !strings.Contains(want, "weekday") && !strings.Contains(want, "id:") {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	c := config(t, small(20, 30))
	if err := sim.Run(context.Background(), *c, nil); err == nil || !strings.Contains(err.Error(), "sink: nobody") {
		t.Errorf("no sink: got %v", err)
	}
	c.Draw = func(rng.Stream) (*sim.World, []float64, error) { return nil, nil, nil }
	if err := sim.Run(context.Background(), *c, &keeper{}); err == nil || err.Error() != "replication 0: draw: returned no world" {
		t.Errorf("no world: got %v", err)
	}
}

// taking is a sink in a function.
type taking func(*outcome.Replication) error

func (f taking) Replication(r *outcome.Replication) error { return f(r) }

// TestRunLeavesNothingBehind: whoever ends a run, and however, its goroutines have ended with it. A panic of the
// sink would end the caller's program, since it is not the caller's goroutine.
func TestRunLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, workers := range []int{1, 4} {
		c := config(t, small(40, 30))
		c.Replications, c.Workers = 12, workers
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		full := errors.New("full")
		for what, x := range map[string]struct {
			sink taking
			want string
		}{
			"error": {func(r *outcome.Replication) error { return full }, "full"},
			"panic": {func(r *outcome.Replication) error { panic("no room") }, "panic: no room, in collectsim/sim_test.TestRunLeaves"},
			"cancelled": {func(r *outcome.Replication) error {
				if r.Index == 2 {
					cancel()
				}
				return nil
			}, "context canceled"},
		} {
			use := context.Background()
			if what == "cancelled" {
				use = ctx
			}
			if err := sim.Run(use, *c, x.sink); err == nil || !strings.HasPrefix(err.Error(), x.want) {
				t.Errorf("%s, %d workers: got %v", what, workers, err)
			}
		}
		c.Done = func(int) { panic("done") }
		if err := sim.Run(context.Background(), *c, &keeper{}); err == nil || !strings.HasPrefix(err.Error(), "panic: done, in") {
			t.Errorf("Done: got %v", err)
		}
	}
	for range 100 { // the last of them may be on their way out of Wait
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}
