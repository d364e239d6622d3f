package sim_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"maps"
	"sync"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

var defaults = sync.OnceValue(scenario.Default)

// small returns the default scenario in a small size, without uncertainty, playing the plans.
func small(accounts, horizon int, plans ...strategy.Plan) *scenario.Scenario {
	d := defaults()
	s := &scenario.Scenario{File: *overlay.Clone(&d.File), Meta: maps.Clone(d.Meta)}
	s.Accounts, s.Horizon, s.Replications, s.Uncertainty = accounts, horizon, 1, false
	play(s, plans...)
	return s
}

// play makes the scenario play the plans, under the names a, b, c and so on.
func play(s *scenario.Scenario, plans ...strategy.Plan) {
	s.Strategies, s.Compare = nil, nil
	for k, p := range append([]strategy.Plan(nil), plans...) {
		for i := range p.Stages {
			if p.Stages[i].Name == "" {
				p.Stages[i].Name = string(rune('a' + i))
			}
		}
		s.Strategies = append(s.Strategies, scenario.Strategy{Name: string(rune('a' + k)), Plan: p})
	}
	if len(plans) == 0 {
		s.Strategies = []scenario.Strategy{{Name: "a"}}
	}
	s.Baseline = "a"
}

// config turns the scenario into a configuration with account rows and events.
func config(t rapid.TB, s *scenario.Scenario) *sim.Config {
	t.Helper()
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Accounts, c.Events, c.Workers = true, true, 1
	return c
}

// keeper is a sink that keeps everything.
type keeper struct{ replications []*outcome.Replication }

func (k *keeper) Replication(r *outcome.Replication) error {
	k.replications = append(k.replications, r)
	return nil
}

// run plays the whole configuration.
func run(t rapid.TB, c *sim.Config) []*outcome.Replication {
	t.Helper()
	var k keeper
	if err := sim.Run(context.Background(), *c, &k); err != nil {
		t.Fatal(err)
	}
	return k.replications
}

// uncertain lets the scenario draw its uncertain parameters, around their defaults.
func uncertain(t rapid.TB, s *scenario.Scenario) {
	t.Helper()
	s.Uncertainty = true
	for _, d := range s.Drawn() {
		if err := overlay.SetFloat(&s.File, d.Path, d.Meta.Default); err != nil {
			t.Fatal(err)
		}
	}
}

// walker draws the borrowers of replication 0 and begins its first strategy.
func walker(t rapid.TB, c *sim.Config) *sim.Walker {
	t.Helper()
	w, err := sim.Walk(c, 0)
	if err != nil {
		t.Fatal(err)
	}
	w.Begin(0)
	return w
}

// walk plays strategy k of replication 0 day by day; look, if not nil, is called each evening.
func walk(t rapid.TB, c *sim.Config, k int, look func(w *sim.Walker)) (*outcome.StrategyOutcome, *sim.Walker) {
	t.Helper()
	w := walker(t, c)
	w.Begin(k)
	for w.Today() < c.Horizon {
		w.Day()
		if look != nil {
			look(w)
		}
	}
	return w.End(), w
}

// encode returns the bytes of a value: unlike reflect.DeepEqual it takes NaN as equal to itself.
func encode(t rapid.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(t rapid.TB, a, b any) bool {
	t.Helper()
	return bytes.Equal(encode(t, a), encode(t, b))
}

// value returns a metric of an outcome.
func value(t rapid.TB, o *outcome.StrategyOutcome, metric string) float64 {
	t.Helper()
	i := outcome.MetricIndex(metric)
	if i < 0 {
		t.Fatalf("no metric %q", metric)
	}
	return o.Values[i]
}

// pick draws one of the values.
func pick[T any](t *rapid.T, name string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, name)
}

// between draws a number of [lo, hi].
func between(t *rapid.T, name string, lo, hi float64) float64 {
	return rapid.Float64Range(lo, hi).Draw(t, name)
}

// whole draws an integer of [lo, hi].
func whole(t *rapid.T, name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }

// anyScenario draws a small scenario in which much happens: most accounts late, all channels, tones,
// messages and remedies, teams too small or idle, rules or none.
func anyScenario(t *rapid.T, accounts, horizon int) *scenario.Scenario {
	s := small(accounts, horizon)
	s.Seed = rapid.Uint64().Draw(t, "seed")
	s.Weekday = whole(t, "weekday", 0, 6)
	s.Holidays = rapid.SliceOfN(rapid.IntRange(0, horizon), 0, 4).Draw(t, "holidays")
	s.Portfolio.Start.Current = between(t, "current", 0, 1)
	s.Portfolio.New.PerMonth = pick(t, "new loans", 0, 0, 0.3)
	s.Portfolio.Products.Instalment.Every = pick(t, "instalment days", 30, 30, 7, 14)
	s.Portfolio.Products.Micro.Every = pick(t, "instalment days of micro loans", 30, 7, 1, 10)
	s.Portfolio.Start.Days1, s.Portfolio.Start.Days30, s.Portfolio.Start.Days60 = 0.4, 0.2, 0.1
	anyBehaviour(t, s)
	anyLender(t, s)
	plans := make([]strategy.Plan, whole(t, "plans", 1, 2))
	for k := range plans {
		plans[k] = anyPlan(t)
	}
	play(s, plans...)
	return s
}

func anyBehaviour(t *rapid.T, s *scenario.Scenario) {
	b := &s.Borrowers
	b.Payment.FullShare = between(t, "full", 0, 1)
	b.Payment.Minimum = pick(t, "minimum", 0, 0.2, 1)
	b.Excitation.Decay = pick(t, "decay", 0, 0.05, 0.5)
	b.Excitation.Start = pick(t, "start", 0.0, 0.1)
	b.Awareness.DiscoveryDays = pick(t, "discovery", 1.0, 20)
	b.Stress.ContactScale = pick(t, "strain", 0.0, 1, 3)
	b.Stress.Complaint = pick(t, "complaint", 0.0, 0.5)
	b.Stress.Incident = pick(t, "incident", 0.0, 0.5)
	b.Stress.StopRequest = pick(t, "stop", 0.0, 0.5)
	b.Vulnerable.Share = pick(t, "vulnerable", 0.0, 0.3)
	b.Bureau = borrower.Reported{AccessLoss: pick(t, "access", 0, 0.5), AccessDays: whole(t, "access days", 0, 30)}
	b.Cash.PerDebt = pick(t, "per debt", 0, 0.2)
	b.Trust.Named = pick(t, "named", 0, 0.5)
	b.LumpSums = borrower.LumpSums{PerYear: 24 * b.Trust.Named, Size: 3, Spread: 0.5, ForDebt: 0.5} // in half of the worlds
	c := &b.Causes
	for _, y := range []*float64{&c.Reliable.Memory, &c.Reliable.OnTime, &c.Forgetful.Memory} {
		*y = between(t, "on time", 0.3, 1)
	}
	c.Reliable.Share = between(t, "reliable", 0, 1)
	c.TemporaryShock.LossRate = pick(t, "loss", 0, 0.01, 0.2)
	c.TemporaryShock.LossDays = pick(t, "loss days", 0.5, 10, 60)
	c.OverIndebted.Capacity = pick(t, "capacity", 0.0, 0.5, 1.5)
}

func anyLender(t *rapid.T, s *scenario.Scenario) {
	s.Policy.ChargeOff = pick(t, "charge-off", 35, 60, 90, 180)
	r := &s.Remedies // what is not drawn here has its default
	r.Grace.Days = whole(t, "grace", 1, 60)
	r.Restructure = loan.RestructureTerms{Months: whole(t, "months", 1, 24), APR: pick(t, "apr", 0, 0.08)}
	r.Waiver.Share = between(t, "waiver", 0, 1)
	r.Settlement = loan.SettlementTerms{Discount: between(t, "discount", 0, 1), Days: whole(t, "settle", 1, 40)}
	r.Promise.Days = whole(t, "promise days", 1, 14)
	r.MaxRemedies = whole(t, "remedies", 0, 3)
	s.Teams.Call.Agents = pick(t, "callers", 0, 0.05, 1)
	s.Teams.Visit.Agents = pick(t, "officers", 0, 1, 2.0, 20)
	s.Teams.Call.Priority = strategy.Priority(whole(t, "call priority", 0, int(strategy.ByRandom)))
	s.Teams.Visit.Priority = strategy.Priority(whole(t, "visit priority", 0, int(strategy.ByRandom)))
	for _, c := range []*scenario.Channel{&s.Channels[loan.SMS], &s.Channels[loan.Bot], &s.Channels[loan.Call], &s.Channels[loan.Visit], &s.Channels[loan.Agency], &s.Channels[loan.Lawsuit]} {
		c.Deliver = between(t, "deliver", 0.5, 1)
		c.Effect = pick(t, "effect", 0, 0.05, 0.5)
	}
	for _, c := range []*scenario.Channel{&s.Channels[loan.Bot], &s.Channels[loan.Call], &s.Channels[loan.Visit]} {
		c.Promise, c.Keep, c.Diagnoses = between(t, "promise", 0, 1), between(t, "keep", 0, 1), between(t, "diagnoses", 0, 1)
		c.Connect.Urban, c.Connect.Remote = between(t, "urban", 0.3, 1), between(t, "remote", 0.3, 1)
	}
	s.Channels[loan.Call].Evening = pick(t, "evening", 0.5, 1, 2.0)
	s.Policy.Budget = pick(t, "budget", 0, 0, 0, 20.0)
	s.Teams.Visit.Weekends = rapid.Bool().Draw(t, "weekends")
	anyStaff(t, &s.Teams.Call, 0.05)
	anyStaff(t, &s.Teams.Visit, 2)
	s.Guardrails = anyRules(t)
}

// anyStaff gives a team a desk for each region, or shifts, or both, now and then.
func anyStaff(t *rapid.T, team *strategy.Team, agents float64) {
	if pick(t, "by region", false, false, true) {
		n := func() float64 { return pick(t, "stationed", 0, agents/2, 3*agents) }
		team.Regions = &strategy.Stations{Urban: n(), Suburban: n(), Remote: n()}
	}
	if pick(t, "by shift", false, false, true) {
		team.Shifts = []strategy.Shift{
			{Name: "late", Share: 0.5, From: 16, To: 22, Minutes: pick(t, "late", 60.0, 300), Premium: pick(t, "premium", 0.0, 0.5)},
			{Name: "day", Share: 0.5, From: 7, To: 17, Minutes: 400},
			{Name: "weekend", Share: 1, From: 10, To: 12, Minutes: 100, Days: []strategy.Weekday{5}},
		}
		team.Shifts = team.Shifts[:whole(t, "shifts", 1, 3)]
		team.Weekends = team.Weekends && len(team.Shifts) < 3
	}
}

func anyRules(t *rapid.T) strategy.Guardrails {
	if rapid.Bool().Draw(t, "no rules") {
		return strategy.Guardrails{}
	}
	return strategy.Guardrails{
		CallsPerDay: pick[strategy.CallsPerDay](t, "calls", 0, 1, 2), CallsPer7: pick[strategy.CallsPer7](t, "calls 7", 0, 1, 2, 3, 4),
		SilenceAfterTalk: pick[strategy.SilenceAfterTalk](t, "silence", 0, 1, 4, 9), MessagesPer7: pick[strategy.MessagesPer7](t, "messages", 0, 1, 2, 3),
		VisitNotice: pick[strategy.VisitNotice](t, "notice", 0, 1, 3, 5), VisitCrew: pick[strategy.VisitCrew](t, "crew", 0, 2, 3),
		NoHarsh: pick[strategy.NoHarsh](t, "no harsh", false, true), NoThreat: pick[strategy.NoThreat](t, "no threat", false, true),
		ComplaintSilence: whole(t, "complaint silence", 0, 40),
		Hours:            strategy.Hours{From: pick(t, "from", 0, 8), To: pick(t, "to", 0, 18, 20)},
		Weekdays:         pick[strategy.Weekdays](t, "weekdays", false, true), TalksPerDay: pick[strategy.TalksPerDay](t, "talks", 0, 1),
		ContactsPer7: pick[strategy.ContactsPer7](t, "contacts", 0, 0, 3, 8), VisitGap: pick[strategy.VisitGap](t, "gap", 0, 30),
		Protect: pick[strategy.Protect](t, "protect", false, true), HonourStop: pick[strategy.HonourStop](t, "honour stop", false, true),
	}
}

// anyPlan draws a plan of one to seven stages.
func anyPlan(t *rapid.T) strategy.Plan {
	var p strategy.Plan
	for range whole(t, "stages", 1, 7) {
		p.Stages = append(p.Stages, anyStage(t))
	}
	return p
}

func anyStage(t *rapid.T) strategy.Stage {
	st := strategy.Stage{
		Channel:  loan.Channel(whole(t, "channel", int(loan.SMS), int(loan.NumChannels)-1)),
		FirstDay: pick(t, "first", -10, -3, 0, 1, 2, 7, 20, 45),
		Every:    pick(t, "every", 0, 1, 3, 10), Retry: pick(t, "retry", 0, 1, 2), Cap: pick(t, "cap", 0, 1, 3),
		Tone: loan.Tone(whole(t, "tone", 0, int(loan.NumTones)-1)), Message: loan.Message(whole(t, "message", 0, int(loan.NumMessages)-1)),
		Hour: pick(t, "hour", 0, 7, 15, 19), Named: rapid.Bool().Draw(t, "named officer"),
		Through: strategy.Through{Promise: rapid.Bool().Draw(t, "through promise"), Remedy: rapid.Bool().Draw(t, "through remedy")},
	}
	if rapid.Bool().Draw(t, "ends") {
		st.LastDay = max(st.FirstDay, 0) + whole(t, "length", 1, 60)
	}
	if rapid.Bool().Draw(t, "condition") {
		st.When.MinBroken = whole(t, "broken", 0, 1)
		st.When.MaxScore = between(t, "score", 0.5, 1)
		st.When.MinSilent, st.When.MaxVisits = pick(t, "silent", 0, 10), pick(t, "visits", 0, 1)
	}
	if st.Channel == loan.Visit {
		st.FirstDay = max(st.FirstDay, 0)
		st.NoticeDays = whole(t, "notice days", 0, 6)
		st.NoticeChannel = pick(t, "notice by", loan.SMS, loan.Call, loan.Letter)
		st.FollowUpDays = pick(t, "follow up", 0, 1, 5)
	}
	remedy := func(name string) loan.Remedy { return loan.Remedy(whole(t, name, 0, int(loan.NumRemedies())-1)) }
	st.Remedies = strategy.Remedies{
		Unknown: remedy("unknown"), Reliable: remedy("reliable"), Forgetful: remedy("forgetful"),
		TemporaryShock: remedy("shock"), OverIndebted: remedy("debts"), Unwilling: remedy("unwilling"),
	}
	return st
}

// TestWorldsAreBusy: the random scenarios of these tests contain every kind of event and every
// remedy, so that properties are not true of empty lives only.
func TestWorldsAreBusy(t *testing.T) {
	scenarios := rapid.Custom(func(t *rapid.T) *scenario.Scenario { return anyScenario(t, 50, 200) })
	var kinds [outcome.NumEventKinds]int
	remedies := make([]int, loan.NumRemedies())
	var channels [loan.NumChannels]int
	for seed := range 100 {
		for _, o := range run(t, config(t, scenarios.Example(seed)))[0].Strategies {
			for _, e := range o.Events {
				kinds[e.Kind]++
				switch e.Kind {
				case outcome.EventRemedy:
					remedies[e.Detail]++
				case outcome.EventContact:
					channels[e.Channel]++
				}
			}
		}
	}
	for k, n := range kinds {
		if n == 0 {
			t.Errorf("no event of kind %s", outcome.EventKind(k))
		}
	}
	for r, n := range remedies[1:] {
		if n == 0 {
			t.Errorf("no remedy %s", loan.Remedy(r+1))
		}
	}
	for c, n := range channels[1:] {
		if n == 0 {
			t.Errorf("no contact by %s", loan.Channel(c+1))
		}
	}
	t.Log(kinds, remedies, channels)
}
