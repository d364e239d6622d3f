package experiment_test

import (
	"context"
	"fmt"

	"collectsim/analysis/experiment"
)

// An experiment of one's own: does a text on the first day lower the overdue rate?
func ExampleParse() {
	x, err := experiment.Parse("first-day-text.yaml", []byte(`
title: a text on the first day against nothing
claim: a text on the first day lowers the overdue rate
source: own question
scenario:
  accounts: 1000
  replications: 8
  horizon: 60
  strategies:
    text: {stages: {text: {channel: sms, first_day: 1, cap: 1}}}
arms:
  text: {}
  nothing: {strategy: no-contact}
measures:
  overdue: {of: text, less: nothing, metric: overdue_rate_1, claimed: below}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := x.Play(context.Background(), experiment.Options{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := r.Claim()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Claim+":", c.Result)
	// Output: a text on the first day lowers the overdue rate: holds
}
