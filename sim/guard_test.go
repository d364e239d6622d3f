package sim_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// broken is a strategy that panics on the first account that it is asked about.
type broken struct{}

func (broken) Name() string   { return "broken" }
func (broken) Slots() int     { return 1 }
func (broken) Lead() loan.Day { return 5 }

func (broken) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	var marks []int
	return out, loan.Day(marks[o.DPD])
}

func TestPanicIsAnErrorThatNamesTheReplication(t *testing.T) {
	for _, workers := range []int{1, 3} {
		c := config(t, small(50, 40))
		c.Replications, c.Workers = 6, workers
		draw := c.Draw
		c.Draw = func(s rng.Stream) (*sim.World, []float64, error) {
			w, values, err := draw(s)
			if s.Replication == 4 {
				w = playing(w, broken{})
			}
			return w, values, err
		}
		var k keeper
		err := sim.Run(context.Background(), *c, &k)
		for _, want := range []string{"replication 4: strategy broken: day 0: account ", ": panic: runtime error: index out of range", "sim_test.broken.Decide (guard_test.go:24)"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%d workers: got %v, want %q", workers, err, want)
			}
		}
		for i, r := range k.replications {
			if r.Index != i || i >= 4 {
				t.Errorf("%d workers: handed over replication %d as number %d", workers, r.Index, i)
			}
		}
	}
}

func TestGuard(t *testing.T) {
	if err := sim.Guard(func() error { return nil }); err != nil {
		t.Error(err)
	}
	own := errors.New("own")
	if err := sim.Guard(func() error { return own }); err != own {
		t.Errorf("got %v", err)
	}
	var m map[string]int
	for what, f := range map[string]func(){
		"panic: text":            func() { panic("text") },
		"panic: own":             func() { panic(own) },
		"nil map":                func() { m["a"] = 1 },
		"guard_test.go:67":       func() { panic(1) },
		"integer divide by zero": func() { n := len(m); _ = 1 / n },
	} {
		err := sim.Guard(func() error { f(); return nil })
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "guard_test.go") || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v, want %q and one line", err, what)
		}
	}
}

// playing is a world of its own, since workers share one where nothing is drawn, with other strategies.
func playing(w *sim.World, strategies ...strategy.Strategy) *sim.World {
	own := *w
	own.Strategies = strategies
	return &own
}
