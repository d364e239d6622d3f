package search_test

import (
	"context"
	"fmt"

	"collectsim/analysis/search"
	"collectsim/sim/scenario"
)

// Would the ladder leave the lender with more without its agency?
func Example() {
	s := scenario.Default()
	if err := s.Set("accounts=2000"); err != nil {
		fmt.Println(err)
	}
	agency, err := search.ParseKnob(s, "tiered-escalation", "stages.agency=off")
	if err != nil {
		fmt.Println(err)
	}
	plan, err := search.New(s, "tiered-escalation", search.Options{Knobs: []search.Knob{agency}, Replications: 8, Fresh: 20})
	if err != nil {
		fmt.Println(err)
	}
	r, err := plan.Run(context.Background())
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range r.Changes {
		fmt.Printf("%s: %s, is %s; worth more than nothing: %v\n", c.Path, c.To, c.From, c.Worth.Low > 0)
	}
	// Output: stages.agency: off, is on; worth more than nothing: true
}
