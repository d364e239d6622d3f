package scenario_test

import (
	"strings"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
)

// TestAssignmentsAreChecked: every fault of an assignment is told once, by file, line and path.
func TestAssignmentsAreChecked(t *testing.T) {
	const mine = "  mine: {assign: {by: region, groups: {remote: reminders-only}, others: home-visits}}\n"
	for _, c := range []struct{ strategies, want string }{
		{mine, ""},
		{"  mine: {assign: {by: product, groups: {instalment-loan: home-visits, credit-card: home-visits, micro-enterprise-loan: no-contact}}}\n", ""},
		{mine + "  outer: {assign: {by: product, others: mine}}\n", ""},
		{mine + "  pilot: {split: {mine: 1, home-visits: 1}}\n", ""},
		{"  mine: {assign: {groups: {remote: reminders-only}, others: home-visits}}\n", `a.yaml:2:18: strategies.mine.assign.by: must be one of product, region, segment, start, got ""`},
		{
			"  mine: {assign: {by: region, groups: {rural: reminders-only}, others: home-visits}}\n",
			"a.yaml:2:47: strategies.mine.assign.groups.rural: unknown region, must be one of urban, suburban, remote",
		},
		{
			"  mine: {assign: {by: region, groups: {remote: reminders-only}}}\n",
			"a.yaml:2:18: strategies.mine.assign.others: must name the strategy of the accounts in no named region",
		},
		{
			"  mine: {assign: {by: segment, groups: {all: reminders-only}}}\n",
			"a.yaml:2:18: strategies.mine.assign.others: must name the strategy of the accounts in no named segment",
		},
		{
			"  mine: {assign: {by: region, groups: {remote: reminder-only}, others: home-visits}}\n",
			`a.yaml:2:48: strategies.mine.assign.groups.remote: strategy "reminder-only": unknown, did you mean "reminders-only"?`,
		},
		{
			"  mine: {assign: {by: region, groups: {remote: ''}, others: home-visits}}\n",
			"a.yaml:2:48: strategies.mine.assign.groups.remote: must name a strategy",
		},
		{"  mine: {assign: {by: region, others: mine}}\n", "a.yaml:2:39: strategies.mine.assign.others: mine leads back to itself"},
		{
			"  mine: {assign: {by: region, others: back}}\n  back: {assign: {by: region, others: mine}}\n",
			"a.yaml:3:39: strategies.back.assign.others: mine leads back to itself\na.yaml:2:39: strategies.mine.assign.others: back leads back to itself",
		},
		{
			"  mine: {assign: {by: region, others: pilot}}\n  pilot: {split: {home-visits: 1, reminders-only: 1}}\n",
			"a.yaml:2:39: strategies.mine.assign.others: pilot cannot serve a part of the accounts, since it splits them itself",
		},
		{
			"  mine: {extends: home-visits, assign: {by: region, others: reminders-only}}\n",
			"a.yaml:2:40: strategies.mine.assign: a strategy that assigns others has no stages of its own, got 3",
		},
		{
			"  mine: {split: {home-visits: 1}, assign: {by: region, others: reminders-only}}\n",
			"a.yaml:2:43: strategies.mine.assign: a strategy divides the accounts by split or by assign, not by both",
		},
		{
			"  mine: {assign: {by: segment, groups: {all: home-visits, vip: no-contact}, others: reminders-only}}\n",
			"a.yaml:2:64: strategies.mine.assign.groups.vip: the portfolio has no such segment, only all",
		},
	} {
		got := ""
		s, err := scenario.Parse("a.yaml", []byte("strategies:\n"+c.strategies))
		if err == nil {
			_, err = s.Config(nil)
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s got  %s\nwant %s", c.strategies, got, c.want)
		}
	}
}

// TestAssignmentKnowsThePortfolio: segments are those of the portfolio that is played, and the arms of an assignment are
// looked at as the strategies that are played are.
func TestAssignmentKnowsThePortfolio(t *testing.T) {
	s, err := scenario.Parse("a.yaml", []byte(`
accounts: 20
teams: {visit: {agents: 0}}
strategies:
  mine: {assign: {by: segment, groups: {vip: ccb-visit}, others: reminders-only}}
`))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Portfolio.Portfolio(1, 20, 30)
	p.Segments = []string{"mass", "vip"}
	if _, err := s.Config(p); err != nil {
		t.Error(err)
	}
	notes := strings.Join(s.Notes(), "\n")
	if !strings.Contains(notes, "strategies.ccb-visit.stages.") {
		t.Errorf("notes:\n%s", notes)
	}
	if !s.Grants(loan.Grace) {
		t.Error("nothing is known of the remedies that an arm grants")
	}
}
