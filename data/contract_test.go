package data_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// built returns a scenario with every built-in strategy, on a late book, and how it plays.
func built(t testing.TB, settings ...string) *scenario.Scenario {
	t.Helper()
	s := scenario.Default()
	if err := s.Play(scenario.Builtin("strategies")); err != nil {
		t.Fatal(err)
	}
	s.Baseline = "no-contact"
	for _, set := range append([]string{
		"accounts=600", "replications=1", "horizon=200", "teams.visit.agents=8",
		"portfolio.start.current=0.3", "portfolio.start.days_1=0.3", "portfolio.start.days_30=0.2", "portfolio.start.days_60=0.1", "portfolio.start.days_90=0.1",
	}, settings...) {
		if err := s.Set(set); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// lives keeps the replications of a run.
type lives []*outcome.Replication

func (l *lives) Replication(r *outcome.Replication) error {
	*l = append(*l, r)
	return nil
}

func play(t testing.TB, s *scenario.Scenario) []outcome.StrategyOutcome {
	t.Helper()
	c, err := s.Config(nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Events, c.Accounts = true, true
	var l lives
	if err := sim.Run(t.Context(), *c, &l); err != nil {
		t.Fatal(err)
	}
	return l[0].Strategies
}

func TestEveryFileSaysWhereItComesFrom(t *testing.T) {
	s := built(t)
	for _, name := range scenario.Builtin("strategies") {
		if p := s.Strategy(name); p.Title == "" || p.Source == "" {
			t.Errorf("strategy %s: title %q, source %q", name, p.Title, p.Source)
		}
	}
	for _, name := range scenario.Builtin("guardrails") {
		s := built(t, "guardrails.name="+name)
		if s.Guardrails.Name != name || s.Guardrails.Source == "" {
			t.Errorf("rule set %s: name %q, source %q", name, s.Guardrails.Name, s.Guardrails.Source)
		}
	}
}

// TestEveryStrategyUnderEveryRuleSet plays all pairs; only a rule set holds anything back.
func TestEveryStrategyUnderEveryRuleSet(t *testing.T) {
	for _, rules := range scenario.Builtin("guardrails") {
		t.Run(rules, func(t *testing.T) {
			for _, o := range play(t, built(t, "guardrails.name="+rules)) {
				silent := o.Name == "no-contact"
				attempts, suppressed := value(&o, "attempts_per_account"), value(&o, "suppressed_share")
				if (attempts == 0) != silent {
					t.Errorf("%s: %g attempts per account", o.Name, attempts)
				}
				if rules == "none" && suppressed > 0 && onlySilence(&o) != nil {
					t.Errorf("%s: %v without any rule", o.Name, onlySilence(&o))
				}
			}
		})
	}
}

// onlySilence returns an error for the first action that was held back by anything but a complaint.
func onlySilence(o *outcome.StrategyOutcome) error {
	for _, v := range o.Events {
		if v.Kind == outcome.EventSuppressed && strategy.Verdict(v.Detail) != strategy.AfterAComplaint {
			return fmt.Errorf("held back by %s", strategy.Verdict(v.Detail))
		}
	}
	return nil
}

func value(o *outcome.StrategyOutcome, metric string) float64 {
	return o.Values[outcome.MetricIndex(metric)]
}

// TestLimitsAreThoseOfTheTexts holds the rule sets against the figures that were read in their sources
// (named in the files); what rests on an assumption is not among them.
func TestLimitsAreThoseOfTheTexts(t *testing.T) {
	limits := func(name string) strategy.Guardrails { return built(t, "guardrails.name="+name).Guardrails }
	if g := limits("china-banking-2026"); g.Hours.From != 8 || g.Hours.To != 22 || g.CallsPerDay != 6 || g.VisitCrew != 2 || !g.NoThirdParty {
		t.Errorf("china-banking-2026: 08-22 h, 6 dials a day, visits by two, debtors only; got %+v", g)
	}
	if g := limits("gbt-45251-2025"); g.Hours.From != 8 || g.Hours.To != 22 || g.TalksPerDay != 3 || !strings.Contains(g.Source, "NOT READ") {
		t.Errorf("gbt-45251-2025: 08-22 h, 3 conversations a day, clauses not read; got %+v", g)
	}
	if g := limits("reg-f"); g.Hours.From != 8 || g.Hours.To != 21 || g.CallsPer7 != 7 || g.SilenceAfterTalk != 7 {
		t.Errorf("reg-f: 08-21 h, 7 calls in 7 days, 7 days after a conversation; got %+v", g)
	}
	if g := limits("rbi-2022"); g.Hours.From != 8 || g.Hours.To != 19 {
		t.Errorf("rbi-2022: 08-19 h; got %+v", g)
	}
	none := strategy.Guardrails{Name: "none", Source: limits("none").Source}
	if g := limits("none"); g != none {
		t.Errorf("none limits something: %+v", g)
	}
}

// TestNoStageIsUnreachable asks every strategy about a grid of accounts until each stage has acted.
func TestNoStageIsUnreachable(t *testing.T) {
	s := built(t)
	for _, name := range scenario.Builtin("strategies") {
		p := s.Strategy(name)
		c := strategy.Compile(name, p, nil)
		seen := make([]bool, c.Slots())
		for o := range observed(c.Slots()) {
			plan, _ := c.Decide(o, nil)
			for _, a := range plan {
				seen[a.Slot] = true
			}
		}
		for k, ok := range seen {
			if !ok {
				t.Errorf("%s: stage %s never acts", name, p.Stages[k].Name)
			}
		}
	}
}

// observed yields accounts that nothing stops: no promise, no remedy, no silence, and enough owed.
func observed(slots int) iter.Seq[*strategy.Observed] {
	return func(yield func(*strategy.Observed) bool) {
		for dpd := loan.Day(-5); dpd <= 180; dpd++ {
			for cause := range loan.NumCauses {
				for _, score := range []float32{0.1, 0.5, 0.9} {
					o := &strategy.Observed{
						Day: 100, DPD: dpd, Owed: loan.FromUnits(5000), Balance: loan.FromUnits(60000), Score: score, Diagnosed: cause, Broken: 2,
						SincePayment: loan.Never, SinceTalk: loan.Never, SinceVisit: loan.Never, Marks: make([]strategy.Mark, slots),
					}
					if !yield(o) {
						return
					}
				}
			}
		}
	}
}

// TestVisitsFollowTheirProcedure replays the events of every strategy: a visit is announced, by the
// stage's lead time at least, and a remedy follows a diagnosis and is the one that a stage names for it.
func TestVisitsFollowTheirProcedure(t *testing.T) {
	s := built(t)
	for _, o := range play(t, s) {
		p := s.Strategy(o.Name)
		lead := 30
		for i := range p.Stages {
			if p.Stages[i].Channel == loan.Visit {
				lead = min(lead, p.Stages[i].NoticeDays)
			}
		}
		announced := map[int64]outcome.Event{}
		diagnosed := map[int64]loan.Cause{}
		visits := 0
		for _, v := range o.Events {
			switch {
			case v.Kind == outcome.EventNotice:
				announced[v.Account] = v
			case v.Kind == outcome.EventDiagnosis:
				diagnosed[v.Account] = loan.Cause(v.Detail)
			case v.Kind == outcome.EventContact && v.Channel == loan.Visit:
				visits++
				n, ok := announced[v.Account]
				if !ok || n.Detail != int32(v.Day) || int(v.Day-n.Day) < lead {
					t.Fatalf("%s: visit of account %d on day %d, last announced %+v, lead %d", o.Name, v.Account, v.Day, n, lead)
				}
			case v.Kind == outcome.EventRemedy && !offers(p, diagnosed[v.Account], loan.Remedy(v.Detail)):
				t.Fatalf("%s: account %d is diagnosed as %s and granted %s, which no stage offers", o.Name, v.Account, diagnosed[v.Account], loan.Remedy(v.Detail))
			}
		}
		if planned := slices.ContainsFunc(p.Stages, func(s strategy.Stage) bool { return s.Channel == loan.Visit }); planned != (visits > 0) {
			t.Errorf("%s: %d visits", o.Name, visits)
		}
	}
}

func offers(p *strategy.Plan, cause loan.Cause, remedy loan.Remedy) bool {
	for i := range p.Stages {
		r := &p.Stages[i].Remedies
		if [loan.NumCauses]loan.Remedy{r.Unknown, r.Reliable, r.Forgetful, r.TemporaryShock, r.OverIndebted, r.Unwilling}[cause] == remedy {
			return true
		}
	}
	return false
}

// procedures are the five procedures of field practice.
var procedures = []string{"mybank-verification", "cmb-verification", "mybank-local-collection", "onsite-verification", "ccb-visit"}

// TestProceduresAreVerification holds the five against what their descriptions have in common: messages
// first, an announced visit in a tone that is not pressing, a follow-up, a remedy that depends on the cause.
func TestProceduresAreVerification(t *testing.T) {
	s := built(t)
	for _, name := range procedures {
		p := s.Strategy(name)
		if p.Stages[0].Channel != loan.SMS {
			t.Errorf("%s begins with %s, not with a text", name, p.Stages[0].Channel)
		}
		var visits []strategy.Stage
		for _, st := range p.Stages {
			if st.Tone == loan.Harsh || st.Message == loan.Threat {
				t.Errorf("%s: stage %s presses", name, st.Name)
			}
			if st.Channel == loan.Visit {
				visits = append(visits, st)
			}
		}
		if len(visits) != 1 {
			t.Fatalf("%s: %d visit stages, want 1", name, len(visits))
		}
		v := visits[0]
		r := v.Remedies
		switch {
		case v.NoticeDays < 2 || v.NoticeChannel == loan.NoChannel:
			t.Errorf("%s: the visit is announced %d days ahead by %s", name, v.NoticeDays, v.NoticeChannel)
		case v.FollowUpDays == 0:
			t.Errorf("%s: no follow-up", name)
		case v.Tone == loan.Firm || v.Tone == loan.Harsh:
			t.Errorf("%s: visits in a %s tone", name, v.Tone)
		case r.TemporaryShock != loan.Grace && r.TemporaryShock != loan.Restructure:
			t.Errorf("%s: temporary trouble is met with %s", name, r.TemporaryShock)
		case r.Unknown != loan.NoRemedy || r.TemporaryShock == r.Unwilling:
			t.Errorf("%s: remedies do not depend on the cause: %+v", name, r)
		case v.When.MinOwed == 0 || v.FirstDay < 30:
			t.Errorf("%s: visits from day %d on, owed %g: not selected", name, v.FirstDay, v.When.MinOwed)
		}
	}
}

// TestChannelsOfStagesAreUsed: on a book with late accounts every channel that a strategy plans is tried.
func TestChannelsOfStagesAreUsed(t *testing.T) {
	s := built(t, "accounts=2000")
	for _, o := range play(t, s) {
		for _, st := range s.Strategy(o.Name).Stages {
			if o.Channels[st.Channel].Attempts == 0 {
				t.Errorf("%s: stage %s: no %s was ever tried", o.Name, st.Name, st.Channel)
			}
		}
	}
}

// TestEveryChannelHasItsNumbers: what the registry lists, the default scenario states.
func TestEveryChannelHasItsNumbers(t *testing.T) {
	s := scenario.Default()
	for c := loan.NoChannel + 1; c < loan.NumChannels; c++ {
		for _, key := range []string{"unit_cost", "deliver", "effect", "stress"} {
			if m := s.Meta[fmt.Sprintf("channels.%s.%s", c, key)]; m.Unit == "" || m.Source == "" {
				t.Errorf("channels.%s.%s: unit %q, source %q", c, key, m.Unit, m.Source)
			}
		}
	}
}
