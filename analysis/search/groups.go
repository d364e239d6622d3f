package search

import (
	"errors"
	"fmt"
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
)

// assigned adds to the scenario a strategy that gives every group the named one, and returns its name.
func assigned(s *scenario.Scenario, name, by string) string {
	all := name + "-by-" + by
	for n := 2; s.Strategy(all) != nil; n++ { // one of the user's own
		all = fmt.Sprintf("%s-by-%s-%d", name, by, n)
	}
	s.Strategies = append(s.Strategies, scenario.Strategy{Name: all, Plan: strategy.Plan{Assign: &strategy.Assignment{By: by, Others: name}}})
	s.Compare = []string{all}
	return all
}

// checkCandidates makes the strategies that may serve a group known to the scenario, and holds each against the rules as if it
// were played.
func checkCandidates(s *scenario.Scenario, candidates []string) error {
	played, baseline := s.Compare, s.Baseline
	defer func() { s.Compare, s.Baseline = played, baseline }()
	var errs []error
	for _, c := range candidates {
		err := s.Play([]string{c})
		if err == nil {
			s.Baseline = c
			err = s.Check()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// byGroup returns the knobs of an assignment: of every group with accounts, which strategy serves it. The strategies that serve
// one already come first, then the candidates, those left out that divide accounts themselves.
func byGroup(s *scenario.Scenario, name string, candidates []string, portfolio *loan.Portfolio) []Knob {
	a := s.Strategy(name).Assign
	serving := a.Strategies()
	for _, c := range candidates {
		if p := s.Strategy(c); !slices.Contains(serving, c) && p.Arms() == nil {
			serving = append(serving, c)
		}
	}
	var list []Knob
	for _, g := range groupsOf(portfolio, a, s.Policy.ChargeOff) {
		now := a.Others
		if own := a.Groups[g]; own != "" {
			now = own
		}
		k := Knob{overlay.Path("assign", "groups", g), []string{now}}
		for _, other := range serving {
			k.add(other)
		}
		if len(k.Values) > 1 {
			list = append(list, k)
		}
		if a.Groups == nil {
			a.Groups = map[string]string{}
		}
		a.Groups[g] = now // what is stated can be set
	}
	return list
}

// groupsOf lists the groups of a portfolio that have accounts, in the order of their kind.
func groupsOf(p *loan.Portfolio, a *strategy.Assignment, chargeOff int) (names []string) {
	all := a.GroupNames(p.Segments)
	have := make([]bool, len(all))
	for i := range p.Accounts {
		x := &p.Accounts[i]
		have[a.Group(&strategy.Observed{Product: x.Product, Region: x.Region, Segment: x.Segment, Start: loan.StartOf(x, chargeOff)})] = true
	}
	for g, name := range all {
		if have[g] {
			names = append(names, name)
		}
	}
	return names
}
