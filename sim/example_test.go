package sim_test

import (
	"context"
	"fmt"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// printer is a sink that prints one metric of every strategy.
type printer struct{ metric string }

func (p printer) Replication(r *outcome.Replication) error {
	for _, s := range r.Strategies {
		fmt.Printf("replication %d, %s: %s %.2f\n", r.Index, s.Name, p.metric, s.Values[outcome.MetricIndex(p.metric)])
	}
	return nil
}

// A scenario becomes a configuration, which Run plays into a sink.
func ExampleRun() {
	s := scenario.Default()
	for _, setting := range []string{"accounts=300", "replications=2", "horizon=60"} {
		if err := s.Set(setting); err != nil {
			fmt.Println(err)
		}
	}
	if err := s.Play([]string{"no-contact", "reminders-only"}); err != nil {
		fmt.Println(err)
	}
	c, err := s.Config(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Workers = 2
	if err := sim.Run(context.Background(), *c, printer{"visits_per_account"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// replication 0, no-contact: visits_per_account 0.00
	// replication 0, reminders-only: visits_per_account 0.00
	// replication 1, no-contact: visits_per_account 0.00
	// replication 1, reminders-only: visits_per_account 0.00
}

// mondays texts every overdue borrower on Mondays, and calls on Thursdays those who broke a promise.
type mondays struct{}

func (mondays) Name() string   { return "mondays" }
func (mondays) Slots() int     { return 2 }
func (mondays) Lead() loan.Day { return 0 }

func (mondays) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	switch o.Day % 7 {
	case 0:
		out = append(out, strategy.Action{Slot: 0, Channel: loan.SMS, Message: loan.Personalised})
	case 3:
		if o.Broken > 0 {
			out = append(out, strategy.Action{Slot: 1, Channel: loan.Bot, Tone: loan.Firm})
		}
	}
	return out, o.Day + 1
}

// weekdays counts the contacts of each weekday.
type weekdays struct{ texts, calls *[7]int }

func (w weekdays) Replication(r *outcome.Replication) error {
	for _, e := range r.Strategies[0].Events {
		if e.Kind != outcome.EventContact {
			continue
		}
		if e.Channel == loan.SMS {
			w.texts[e.Day%7]++
		} else {
			w.calls[e.Day%7]++
		}
	}
	return nil
}

// A strategy written in Go sees what a lender sees, and plays on the same borrowers as any other.
func ExampleRun_customStrategy() {
	s := scenario.Default()
	s.Accounts, s.Replications, s.Horizon = 500, 1, 70
	s.Weekday = 0 // day 0 is a Monday
	c, err := s.Config(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Events = true
	draw := c.Draw
	c.Draw = func(r rng.Stream) (*sim.World, []float64, error) {
		w, parameters, err := draw(r)
		if err != nil {
			return nil, nil, err
		}
		world := *w
		world.Strategies = []strategy.Strategy{mondays{}}
		return &world, parameters, nil
	}
	var texts, calls [7]int
	if err := sim.Run(context.Background(), *c, weekdays{&texts, &calls}); err != nil {
		fmt.Println(err)
	}
	for d, n := range texts {
		if n > 0 {
			fmt.Println("texts on weekday", d)
		}
	}
	fmt.Println("calls:", calls[3]) // nobody promises by text, so nobody breaks a promise
	// Output:
	// texts on weekday 0
	// calls: 0
}
