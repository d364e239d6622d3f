package sim_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// steps are the steps of the day, by number as in the package comment, in which an event may happen.
var steps = map[outcome.EventKind][]int{
	outcome.EventShock:      {1},
	outcome.EventOverdue:    {2},
	outcome.EventChargeOff:  {3},
	outcome.EventBroken:     {4},
	outcome.EventSuppressed: {6},
	outcome.EventContact:    {6},
	outcome.EventNotice:     {6},
	outcome.EventDiagnosis:  {6},
	outcome.EventRemedy:     {6},
	outcome.EventPromise:    {6},
	outcome.EventComplaint:  {6},
	outcome.EventStop:       {6},
	outcome.EventIncident:   {6},
	outcome.EventKept:       {4, 8},
	outcome.EventPayment:    {2, 4, 8},
	outcome.EventCure:       {2, 4, 6, 8}, // by a payment, or by a waiver in a conversation
}

// TestOrderOfTheDay: the events of an account on a day fit the order of the steps: each event can be
// given one of its steps without going back.
func TestOrderOfTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, o := range run(t, config(t, anyScenario(t, 30, 150)))[0].Strategies {
			for id, events := range byAccount(o.Events) {
				day, step := loan.Day(-1), 0
				for _, e := range events {
					if e.Day > day {
						day, step = e.Day, 0
					}
					k := slices.IndexFunc(steps[e.Kind], func(x int) bool { return x >= step })
					if k < 0 {
						t.Fatalf("account %d day %d: %s after step %d: %v", id, e.Day, e.Kind, step, take(events, func(x outcome.Event) bool { return x.Day == e.Day }))
					}
					step = steps[e.Kind][k]
				}
			}
		}
	})
}

// witness is a strategy that writes down what it is shown.
type witness struct {
	strategy.Strategy
	seen *[]strategy.Observed
}

func (w witness) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	*w.seen = append(*w.seen, *o)
	out, _ = w.Strategy.Decide(o, out)
	return out, o.Day + 1 // every day, so that nothing is missed
}

// paidOn sums the payments of a day.
func paidOn(events []outcome.Event, day loan.Day) (sum loan.Cents) {
	for _, e := range events {
		if e.Kind == outcome.EventPayment && e.Day == day {
			sum += e.Amount
		}
	}
	return sum
}

// TestDecideSeesTheMorning: step 5 comes after delinquency and promises and before contacts and
// payment decisions: on every day the strategy sees what the events before it add up to.
func TestDecideSeesTheMorning(t *testing.T) {
	asked, broken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 1, 150)
		s.Portfolio.New.PerMonth = 0 // one account: what is seen is of it
		for k := range s.Strategies {
			s.Strategies[k].Stages = append(alone(s.Strategies[k].Stages), strategy.Stage{Name: "talk", Channel: loan.Bot, FirstDay: 1, Every: 5}) // for promises
		}
		c := config(t, s)
		var seen []strategy.Observed
		o := runOne(t, c, func(inner strategy.Strategy) strategy.Strategy { return witness{inner, &seen} })
		for i, x := range seen {
			if x.DPD < 1 || i > 0 && seen[i-1].Day == x.Day {
				continue // up to date; or asked again in the evening, about tomorrow
			}
			asked++
			var b, k uint8
			paid := -loan.Never
			for _, e := range o.Events {
				morning := e.Day < x.Day
				b += uint8(one(e.Kind == outcome.EventBroken && e.Day <= x.Day))
				k += uint8(one(e.Kind == outcome.EventKept && morning))
				if e.Kind == outcome.EventPayment && morning {
					paid = e.Day
				}
				// A promise of one instalment may be kept on the very morning of the charge-off.
				if e.Kind == outcome.EventChargeOff && e.Day == x.Day && x.Owed < e.Amount-paidOn(o.Events, x.Day) {
					t.Fatalf("day %d: charged off %s, the strategy sees %s owed", x.Day, e.Amount, x.Owed)
				}
			}
			if x.Broken != b || x.Kept < k {
				t.Fatalf("day %d: the strategy sees %d promises broken and %d kept, events tell %d and %d", x.Day, x.Broken, x.Kept, b, k)
			}
			if since := x.Day - paid; paid >= 0 && x.SincePayment != since && x.SincePayment != 0 {
				t.Fatalf("day %d: paid %d days ago, the strategy sees %d", x.Day, since, x.SincePayment)
			}
			broken += int(b)
		}
		for _, e := range o.Events {
			asks := slices.ContainsFunc(seen, func(x strategy.Observed) bool { return x.Day == e.Day })
			if e.Kind == outcome.EventContact && !asks {
				t.Fatalf("contact on day %d, on which the strategy was not asked", e.Day)
			}
		}
	})
	t.Logf("%d decisions, %d broken promises", asked, broken)
	if asked == 0 || broken == 0 {
		t.Fatal("too little to see")
	}
}

// runOne plays replication 0 with the first strategy wrapped.
func runOne(t rapid.TB, c *sim.Config, wrap func(strategy.Strategy) strategy.Strategy) *outcome.StrategyOutcome {
	t.Helper()
	draw := c.Draw
	c.Draw = func(s rng.Stream) (*sim.World, []float64, error) {
		w, p, err := draw(s)
		if err != nil {
			return nil, nil, err
		}
		wrapped := *w
		wrapped.Strategies = []strategy.Strategy{wrap(w.Strategies[0])}
		return &wrapped, p, nil
	}
	return &run(t, c)[0].Strategies[0]
}

// TestEveningIsRecorded: step 9 comes last: a payment on the evening of a day is in that day's row.
func TestEveningIsRecorded(t *testing.T) {
	const n, horizon = 500, 40
	o := &run(t, copies(t, plain(0.05, horizon), n, late(10)))[0].Strategies[0]
	var paid loan.Cents
	k := 0
	for d, row := range o.Daily {
		for ; k < len(o.Events) && int(o.Events[k].Day) == d; k++ {
			if o.Events[k].Kind == outcome.EventPayment {
				paid += o.Events[k].Amount
			}
		}
		if got := row[outcome.DayRecovered]; got != paid.Units()/n {
			t.Fatalf("day %d: %v recovered per account, payments so far %v", d, got, paid.Units()/n)
		}
	}
}

// TestCancel: a cancelled run returns the context's error and hands over no more replications.
func TestCancel(t *testing.T) {
	s := small(200, 200)
	s.Replications = 1000
	c := config(t, s)
	c.Workers = 3
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var k keeper
	c.Done = func(finished int) {
		if finished == 3 {
			cancel()
		}
	}
	if err := sim.Run(ctx, *c, &k); err != context.Canceled {
		t.Fatalf("error %v", err)
	}
	if n := len(k.replications); n < 3 || n > 20 {
		t.Fatalf("%d replications after the cancellation", n)
	}
}

// failing is a sink that breaks.
type failing struct{}

func (failing) Replication(*outcome.Replication) error { return fmt.Errorf("disk full") }

// TestErrorsEndTheRun: errors of the sink, of a draw and of the configuration come back.
func TestErrorsEndTheRun(t *testing.T) {
	s := small(10, 20)
	s.Replications = 50
	c := config(t, s)
	c.Workers = 2
	if err := sim.Run(context.Background(), *c, failing{}); err == nil || err.Error() != "disk full" {
		t.Errorf("sink: error %v", err)
	}
	draw := c.Draw
	c.Draw = func(r rng.Stream) (*sim.World, []float64, error) {
		if r.Replication == 7 {
			return nil, nil, fmt.Errorf("no world")
		}
		return draw(r)
	}
	if err := sim.Run(context.Background(), *c, &keeper{}); err == nil || err.Error() != "replication 7: no world" {
		t.Errorf("draw: error %v", err)
	}
	bad := sim.Config{Portfolio: &loan.Portfolio{Accounts: []loan.Account{{ID: 4, Balance: -1}}}, Horizon: sim.MaxHorizon + 1}
	err := sim.Run(context.Background(), bad, &keeper{})
	want := "replications: must be at least 1, got 0\nhorizon: must be 1 to 32000 days, got 32001\ndraw: no world to simulate\n"
	if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
		t.Errorf("configuration: error %v", err)
	}
}

// TestCancelInside: a run that is cancelled in the middle of a replication does not blame the replication.
func TestCancelInside(t *testing.T) {
	s := small(20, 60)
	s.Replications = 100
	c := config(t, s)
	draw := c.Draw
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		c.Draw = func(s rng.Stream) (*sim.World, []float64, error) {
			if s.Replication == 2 {
				cancel()
			}
			return draw(s)
		}
		if err := sim.Run(ctx, *c, new(keeper)); err != context.Canceled {
			t.Errorf("error %v", err)
		}
		cancel()
	}
}
