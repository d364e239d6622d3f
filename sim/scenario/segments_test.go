package scenario_test

import (
	"slices"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// TestSegmentsOfAScenario: they replace those of whatever portfolio is played, which stays as it was, and strategies name them.
func TestSegmentsOfAScenario(t *testing.T) {
	s, err := scenario.Parse("a.yaml", []byte(`
accounts: 200
segments: {by: dpd, at: [1, 31]}
strategies:
  mine: {assign: {by: segment, groups: {dpd from 31: home-visits}, others: reminders-only}}
`))
	if err != nil {
		t.Fatal(err)
	}
	own := s.Portfolio.Portfolio(1, 200, 30)
	before := slices.Clone(own.Accounts)
	for name, p := range map[string]*loan.Portfolio{"synthetic": nil, "given": own} {
		c, err := s.Config(p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(c.Portfolio.Segments, []string{"dpd under 1", "dpd 1 to 31", "dpd from 31"}) {
			t.Errorf("%s: segments %q", name, c.Portfolio.Segments)
		}
		for _, a := range c.Portfolio.Accounts {
			want := 0
			if a.DPD >= 1 {
				want = 1
			}
			if a.DPD >= 31 {
				want = 2
			}
			if int(a.Segment) != want {
				t.Errorf("%s: an account of %d days is in segment %d", name, a.DPD, a.Segment)
			}
		}
	}
	if !slices.Equal(before, own.Accounts) || !slices.Equal(own.Segments, []string{"all"}) {
		t.Error("the portfolio that was given has changed")
	}
	for _, played := range s.World().Strategies {
		if played.Name() != "mine" {
			continue
		}
		for segment := range 3 {
			o := &strategy.Observed{DPD: 75, Segment: uint8(segment), Owed: 1e6, Balance: 1e6, Marks: make([]strategy.Mark, played.Slots()), SinceTalk: loan.Never}
			actions, _ := played.Decide(o, nil)
			if visits := slices.ContainsFunc(actions, func(a strategy.Action) bool { return a.Channel == loan.Visit }); visits != (segment == 2) {
				t.Errorf("segment %d is visited: %v", segment, visits)
			}
		}
	}
}

// TestSegmentFaults: each fault has its place, also of what is left out.
func TestSegmentFaults(t *testing.T) {
	const numbers = "must be one of balance, arrears, instalment, limit, apr, dpd, other_debts, got "
	for src, want := range map[string]string{
		"segments: {at: [1]}":                 "a.yaml:1:11: segments.by: " + numbers + `""`,
		"segments: {by: size, at: [1]}":       "a.yaml:1:16: segments.by: " + numbers + `"size"`,
		"segments: {by: dpd}":                 "a.yaml:1:11: segments.at: must have at least one number",
		"segments: {by: dpd, at: [3, 3]}":     "a.yaml:1:25: segments.at: must rise, got 3 after 3",
		"segments: {by: dpd, at: [3], to: 1}": "a.yaml:1:30: segments.to: unknown key, known are by, at",
		"segments: {by: dpd, at: [3]}\nstrategies: {m: {assign: {by: segment, groups: {dpd under 30: no-contact}, others: home-visits}}}": "a.yaml:2:48: strategies.m.assign.groups.dpd under 30: the portfolio has no such segment, only dpd under 3, dpd from 3",
	} {
		s, err := scenario.Parse("a.yaml", []byte(src+"\n"))
		if err == nil {
			_, err = s.Config(nil)
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %v\nwant %s", src, err, want)
		}
	}
}
