package sim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// loaded reads a scenario text laid over the default and plays it.
func loaded(t *testing.T, text string, change ...func(*scenario.Scenario)) []*outcome.Replication {
	t.Helper()
	s, err := scenario.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range change {
		c(s)
	}
	return run(t, config(t, s))
}

// gain is the mean over replications of a group's metric, strategy b less strategy a, with its
// standard error.
func gain(t *testing.T, reps []*outcome.Replication, a, b int, group, metric string) (mean, se float64) {
	t.Helper()
	var x []float64
	for _, r := range reps {
		x = append(x, of(t, &r.Strategies[b], group, metric)-of(t, &r.Strategies[a], group, metric))
	}
	return meanSE(x)
}

func meanSE(x []float64) (mean, se float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		se += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(se / float64(len(x)-1) / float64(len(x)))
}

func of(t *testing.T, s *outcome.StrategyOutcome, group, metric string) float64 {
	t.Helper()
	for _, g := range s.Groups {
		if g.Dimension == "cause" && g.Name == group {
			return g.Values[outcome.MetricIndex(metric)]
		}
	}
	t.Fatalf("no group %s", group)
	return 0
}

// forAll grants a remedy to everybody who is reached, whatever the cause, and compares it with the same talks
// without one: borrowers of the default scenario, a month late on equal balances, so that no few large loans
// drown the rest, and as many of each cause.
func forAll(remedy string, horizon, accounts, replications int) string {
	return fmt.Sprintf(`
name: grace
accounts: %d
replications: %d
horizon: %d
uncertainty: false
baseline: talk
strategies:
  talk: {extends: no-contact, stages: {talk: {channel: call, first_day: 31, every: 15, retry: 2, cap: 6, tone: friendly}}}
  remedy:
    extends: talk
    stages: {talk: {remedies: {unknown: %[4]s, reliable: %[4]s, forgetful: %[4]s, temporary-shock: %[4]s, over-indebted: %[4]s, unwilling: %[4]s}}}
teams: {call: {agents: 1000, fixed: 0}}
portfolio:
  start: {current: 0, days_1: 0, days_30: 1, days_60: 0, days_90: 0, days_120: 0, days_150: 0}
  products:
    instalment-loan: {share: 1, balance_quantiles: [10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000]}
    credit-card: {share: 0}
    micro-enterprise-loan: {share: 0}
borrowers:
  causes:
    reliable: {share: 0.2, odds: {days_30: 1}}
    forgetful: {share: 0.2, odds: {days_30: 1}}
    temporary-shock: {share: 0.2, odds: {days_30: 1}}
    over-indebted: {share: 0.2, odds: {days_30: 1}}
    unwilling: {share: 0.2, odds: {days_30: 1}}
`, accounts, replications, horizon, remedy)
}

// gains are the gains in net value of a remedy for all by cause, with standard errors.
func gains(t *testing.T, remedy string, horizon int) (mean, se map[loan.Cause]float64) {
	t.Helper()
	reps := loaded(t, forAll(remedy, horizon, 3000, 8))
	mean, se = map[loan.Cause]float64{}, map[loan.Cause]float64{}
	for _, c := range []loan.Cause{loan.Reliable, loan.Forgetful, loan.TemporaryShock, loan.OverIndebted, loan.Unwilling} {
		mean[c], se[c] = gain(t, reps, 0, 1, c.String(), "net_value")
		t.Logf("%s, %d days, %s: %+.0f (%.0f) per account of 10,000", remedy, horizon, c, mean[c], se[c])
	}
	return mean, se
}

// TestGraceHelpsOnlyWhereItFits: the gain in net value of a grace period is positive for a temporary shock, about
// zero for the forgetful, and negative for the unwilling: from the gates alone, since the engine never asks for
// the cause when it grants, and whether the run ends in the middle of the grace period or long after it. About
// zero is a fifth of the gain of the temporary shock at the most, and less than two hundredths of the debt.
func TestGraceHelpsOnlyWhereItFits(t *testing.T) {
	for _, horizon := range []int{90, 180, 360} {
		mean, se := gains(t, "grace", horizon)
		shock, forgetful, unwilling := mean[loan.TemporaryShock], mean[loan.Forgetful], mean[loan.Unwilling]
		if shock < 5*se[loan.TemporaryShock] {
			t.Errorf("%d days: temporary shock: gain %g with standard error %g, want above 0", horizon, shock, se[loan.TemporaryShock])
		}
		if unwilling > -5*se[loan.Unwilling] {
			t.Errorf("%d days: unwilling: gain %g with standard error %g, want below 0", horizon, unwilling, se[loan.Unwilling])
		}
		if few := 3 * se[loan.Forgetful]; !(math.Abs(forgetful) <= shock/5+few) || !(math.Abs(forgetful) <= 200+few) {
			t.Errorf("%d days: forgetful: gain %g with standard error %g is not about 0 beside %g", horizon, forgetful, se[loan.Forgetful], shock)
		}
	}
}

// TestEachRemedyFitsItsCause: who can never pay the instalment is helped by smaller ones and not by waiting; who does
// not want to is helped by neither; and to settle with those who would pay in full gives money away.
func TestEachRemedyFitsItsCause(t *testing.T) {
	grace, _ := gains(t, "grace", 240)
	smaller, se := gains(t, "restructure", 240)
	settled, seSettled := gains(t, "settlement", 240)
	if few := 5 * se[loan.OverIndebted]; smaller[loan.OverIndebted] < few || grace[loan.OverIndebted] > smaller[loan.OverIndebted]/2 {
		t.Errorf("over-indebted: restructured %+.0f, grace %+.0f", smaller[loan.OverIndebted], grace[loan.OverIndebted])
	}
	if smaller[loan.Unwilling] > -5*se[loan.Unwilling] {
		t.Errorf("unwilling: restructured %+.0f with standard error %.0f, want below 0", smaller[loan.Unwilling], se[loan.Unwilling])
	}
	for _, c := range []loan.Cause{loan.Reliable, loan.Forgetful} {
		if settled[c] > -5*seSettled[c] {
			t.Errorf("%s: settled %+.0f with standard error %.0f, want below 0", c, settled[c], seSettled[c])
		}
	}
}

// TestDiagnosisMovesTheGain: with grace for those taken for a temporary shock and smaller instalments for those
// taken for over-indebted, the better the diagnosis, the more these two gain and the less the unwilling cost;
// when it never errs nobody else is touched, to the bit.
func TestDiagnosisMovesTheGain(t *testing.T) {
	const matched = "remedies: {temporary-shock: grace, over-indebted: restructure}"
	text := forAll("none", 240, 1500, 4)
	text = text[:strings.Index(text, "    stages: {talk: {remedies: ")] + "    stages: {talk: {" + matched + "}}\n" + text[strings.Index(text, "teams: "):]
	causes := []loan.Cause{loan.TemporaryShock, loan.OverIndebted, loan.Unwilling}
	var last []float64
	for _, accuracy := range []float64{0, 0.5, 1} {
		reps := loaded(t, text, func(s *scenario.Scenario) {
			s.Channels[loan.Call].Diagnoses, s.Channels[loan.Call].Diagnosis = 1, accuracy
		})
		var now []float64
		for k, c := range causes {
			mean, se := gain(t, reps, 0, 1, c.String(), "net_value")
			t.Logf("accuracy %g, %s: %+.0f (%.0f)", accuracy, c, mean, se)
			if now = append(now, mean); last != nil && mean <= last[k] {
				t.Errorf("accuracy %g, %s: gain %g, %g at the accuracy before", accuracy, c, mean, last[k])
			}
		}
		last = now
		for _, c := range []loan.Cause{loan.Reliable, loan.Forgetful, loan.Unwilling} {
			if mean, _ := gain(t, reps, 0, 1, c.String(), "net_value"); accuracy == 1 && mean != 0 {
				t.Errorf("%s: gain %g although never taken for another", c, mean)
			}
		}
	}
}

// graceForShock grants grace to those who are diagnosed with a temporary shock, only.
const graceForShock = `
name: accuracy
accounts: 3000
replications: 4
horizon: 240
uncertainty: false
baseline: talk
strategies:
  talk: {extends: no-contact, stages: {talk: {channel: call, first_day: 31, every: 15, retry: 2, cap: 6, tone: friendly, remedies: {temporary-shock: grace}}}}
teams: {call: {agents: 1000}}
channels: {call: {diagnoses: 1}}
portfolio: {start: {current: 0, days_1: 0, days_30: 1, days_60: 0, days_90: 0, days_120: 0, days_150: 0}}
`

// TestDiagnosisMovesTheMix: the better the diagnosis, the more of the grace goes to those whom it fits,
// all of it when diagnosis never errs.
func TestDiagnosisMovesTheMix(t *testing.T) {
	last := -1.0
	for _, accuracy := range []float64{0, 0.5, 1} {
		reps := loaded(t, graceForShock, func(s *scenario.Scenario) { s.Channels[loan.Call].Diagnosis = accuracy })
		right, all := 0.0, 0.0
		for _, r := range reps {
			for _, g := range r.Strategies[0].Groups {
				if g.Dimension != "cause" {
					continue
				}
				n := g.Values[outcome.MetricIndex("remedied_share")] * float64(g.Accounts)
				all += n
				if g.Name == loan.TemporaryShock.String() {
					right += n
				}
			}
		}
		share := right / all
		if share <= last || accuracy == 1 && share != 1 {
			t.Errorf("accuracy %g: %.3f of the grace goes to temporary shocks, %.3f at the accuracy before", accuracy, share, last)
		}
		last = share
	}
}

// visits announces visits two days ahead and makes them in one tone.
func visits(tone string) string {
	return `
name: visits
accounts: 3000
replications: 4
horizon: 120
uncertainty: false
baseline: visits
strategies:
  visits: {extends: no-contact, stages: {visit: {channel: visit, first_day: 31, cap: 1, tone: ` + tone + `, notice_days: 5, notice_channel: sms}}}
teams: {visit: {agents: 400, weekends: true}}
portfolio: {start: {current: 0, days_1: 0, days_30: 1, days_60: 0, days_90: 0, days_120: 0, days_150: 0}}
`
}

// TestStressAroundAVisit: the announcement raises stress; a supportive visit lowers it, a pressuring one
// raises it further. Measured on those who were told and met, against their own life without contact.
func TestStressAroundAVisit(t *testing.T) {
	for tone, sign := range map[string]float64{"friendly": -1, "harsh": 1} {
		s, err := scenario.Parse("test.yaml", []byte(visits(tone)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Play([]string{"no-contact", "visits"}); err != nil {
			t.Fatal(err)
		}
		s.Baseline = "no-contact"
		c := config(t, s)
		c.Events, c.StressPaths = true, true
		var told, met []float64
		for _, r := range run(t, c) {
			calm, visited := r.Strategies[0], r.Strategies[1]
			for id, events := range byAccount(visited.Events) {
				excess := func(day loan.Day) float64 {
					i := id - 1 // synthetic ids count from 1
					return float64(visited.Stress[day][i] - calm.Stress[day][i])
				}
				notice, visit := whenMet(events)
				if notice < 1 || visit <= notice {
					continue
				}
				told = append(told, excess(notice)-excess(notice-1))
				met = append(met, excess(visit)-excess(visit-1))
			}
		}
		if len(met) < 100 {
			t.Fatalf("%s: only %d visits met", tone, len(met))
		}
		up, seUp := meanSE(told)
		after, seAfter := meanSE(met)
		t.Logf("%s: notice %+.2f (%.2f), visit %+.2f (%.2f), %d borrowers", tone, up, seUp, after, seAfter, len(met))
		if up < 5*seUp {
			t.Errorf("%s: the notice moves stress by %g (standard error %g), want up", tone, up, seUp)
		}
		if sign*after < 5*seAfter {
			t.Errorf("%s: the visit moves stress by %g (standard error %g), want sign %g", tone, after, seAfter, sign)
		}
	}
}

// whenMet returns the days of the notice that was read and of the visit that met the borrower, or -1.
func whenMet(events []outcome.Event) (notice, visit loan.Day) {
	notice, visit = -1, -1
	for _, e := range events {
		if e.Kind != outcome.EventContact || e.Detail != 2 {
			continue
		}
		switch e.Channel {
		case loan.SMS:
			notice = e.Day
		case loan.Visit:
			visit = e.Day
		}
	}
	return notice, visit
}
