package sim_test

import (
	"math"
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

// graceForAll grants a grace period to everybody who is reached, whatever the cause, and compares it
// with the same talks without a remedy.
const graceForAll = `
name: grace
accounts: 6000
replications: 12
horizon: 540
uncertainty: false
baseline: talk
strategies:
  talk: {extends: no-contact, stages: {talk: {channel: call, first_day: 31, every: 15, retry: 2, cap: 6, tone: friendly}}}
  grace:
    extends: talk
    stages: {talk: {remedies: {unknown: grace, reliable: grace, forgetful: grace, temporary-shock: grace, over-indebted: grace, unwilling: grace}}}
teams: {call: {agents: 1000}}
portfolio:
  start: {current: 0, days_1: 0, days_30: 1, days_60: 0, days_90: 0, days_120: 0, days_150: 0}
  products: # equal balances, so that a few large loans do not drown the rest
    instalment-loan: {share: 1, balance_quantiles: [10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000]}
    credit-card: {share: 0}
    micro-enterprise-loan: {share: 0}
borrowers: # the three causes that are compared, most of those whose payments are rarest
  causes:
    reliable: {share: 0}
    over-indebted: {share: 0}
    forgetful: {share: 0.2, odds: {days_30: 1}}
    temporary-shock: {share: 0.2, odds: {days_30: 1}}
    unwilling: {share: 0.6, odds: {days_30: 1}}
`

// TestGraceHelpsOnlyWhereItFits: the gain in net value of a grace period is positive for a temporary
// shock, small beside that for the forgetful, and negative for the unwilling: from the gates alone,
// since the engine never asks for the cause when it grants.
func TestGraceHelpsOnlyWhereItFits(t *testing.T) {
	reps := loaded(t, graceForAll)
	shock, seShock := gain(t, reps, 0, 1, "temporary-shock", "net_value")
	forgetful, seForgetful := gain(t, reps, 0, 1, "forgetful", "net_value")
	unwilling, seUnwilling := gain(t, reps, 0, 1, "unwilling", "net_value")
	t.Logf("net value per account: shock %+.0f (%.0f), forgetful %+.0f (%.0f), unwilling %+.0f (%.0f)", shock, seShock, forgetful, seForgetful, unwilling, seUnwilling)
	if shock < 3*seShock {
		t.Errorf("temporary shock: gain %g with standard error %g, want above 0", shock, seShock)
	}
	if unwilling > -3*seUnwilling {
		t.Errorf("unwilling: gain %g with standard error %g, want below 0", unwilling, seUnwilling)
	}
	if math.Abs(forgetful) > math.Abs(shock)/2+3*seForgetful {
		t.Errorf("forgetful: gain %g with standard error %g is not small beside %g", forgetful, seForgetful, shock)
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
