package strategy_test

import (
	"errors"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// observed is an account dpd days late on day 100 of the run, fit for most stages.
func observed(dpd loan.Day, marks ...strategy.Mark) *strategy.Observed {
	return &strategy.Observed{
		Day: 100, DPD: dpd, Owed: 50_000, Balance: 900_000, Instalment: 50_000, Score: 0.4,
		SincePayment: loan.Never, SinceTalk: loan.Never, SinceVisit: loan.Never, Marks: append(marks, make([]strategy.Mark, 4)...),
	}
}

// ask asks a plan of one stage whether it acts now, and when it wants to be asked again.
func ask(st strategy.Stage, o *strategy.Observed) (acts bool, next loan.Day) {
	if st.Channel == loan.NoChannel {
		st.Channel = loan.SMS
	}
	s := strategy.Compile("x", &strategy.Plan{Stages: []strategy.Stage{st}}, nil)
	actions, next := s.Decide(o, nil)
	return len(actions) == 1, next
}

// TestStageByHand asks one stage in states worked by hand.
func TestStageByHand(t *testing.T) {
	const tomorrow = 101
	reached := strategy.Mark{Last: 90, Count: 2, Reached: true}
	missed := strategy.Mark{Last: 98, Count: 2}
	promised, remedied, silenced, waits := observed(20), observed(20), observed(20), observed(20)
	promised.PromiseOpen, remedied.Remedy, silenced.Silenced, waits.Waiting = true, loan.Grace, true, 1<<loan.SMS
	talked := observed(20)
	talked.SinceTalk = 3
	for _, x := range []struct {
		what  string
		stage strategy.Stage
		seen  *strategy.Observed
		acts  bool
		next  loan.Day
	}{
		{"on its first day", strategy.Stage{FirstDay: 20}, observed(20), true, loan.Never},
		{"before it", strategy.Stage{FirstDay: 20}, observed(13), false, 107},
		{"on its last day", strategy.Stage{FirstDay: 1, LastDay: 20}, observed(20), true, loan.Never},
		{"after it", strategy.Stage{FirstDay: 1, LastDay: 19}, observed(20), false, loan.Never},
		{"before the due date", strategy.Stage{FirstDay: -3}, observed(-3), true, loan.Never},
		{"long before the due date", strategy.Stage{FirstDay: -3}, observed(-10), false, 107},
		{"a reminder ends with the due date", strategy.Stage{FirstDay: -3}, observed(0), false, loan.Never},
		{"once", strategy.Stage{FirstDay: 1}, observed(20, reached), false, loan.Never},
		{"again ten days later", strategy.Stage{FirstDay: 1, Every: 10}, observed(20, reached), true, loan.Never},
		{"again twelve days later", strategy.Stage{FirstDay: 1, Every: 12}, observed(20, reached), false, 102},
		{"retry after nobody", strategy.Stage{FirstDay: 1, Every: 12, Retry: 2}, observed(20, missed), true, loan.Never},
		{"retry in three days", strategy.Stage{FirstDay: 1, Every: 12, Retry: 3}, observed(20, missed), false, tomorrow},
		{"no retry stated: as every", strategy.Stage{FirstDay: 1, Every: 12}, observed(20, missed), false, 110},
		{"capped", strategy.Stage{FirstDay: 1, Every: 1, Cap: 2}, observed(20, reached), false, loan.Never},
		{"not yet capped", strategy.Stage{FirstDay: 1, Every: 1, Cap: 3}, observed(20, reached), true, loan.Never},
		{"too late to repeat", strategy.Stage{FirstDay: 1, Every: 12, LastDay: 21}, observed(20, reached), false, loan.Never},
		{"a promise is open", strategy.Stage{FirstDay: 1}, promised, false, loan.Never},
		{"a promise is no matter", strategy.Stage{FirstDay: 1, Through: strategy.Through{Promise: true}}, promised, true, loan.Never},
		{"a remedy is in force", strategy.Stage{FirstDay: 1}, remedied, false, loan.Never},
		{"a remedy is no matter", strategy.Stage{FirstDay: 1, Through: strategy.Through{Remedy: true}}, remedied, true, loan.Never},
		{"silenced", strategy.Stage{FirstDay: 1}, silenced, false, loan.Never},
		{"waits for a team", strategy.Stage{FirstDay: 1}, waits, false, loan.Never},
		{"waits on another channel", strategy.Stage{FirstDay: 1, Channel: loan.Call}, waits, true, loan.Never},
		{"spoken with three days ago", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinSilent: 8}}, talked, false, 105},
		{"owes enough", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinOwed: 500}}, observed(20), true, loan.Never},
		{"owes too little", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinOwed: 500.01}}, observed(20), false, loan.Never},
		{"balance too small", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinBalance: 9001}}, observed(20), false, loan.Never},
		{"balance too large", strategy.Stage{FirstDay: 1, When: strategy.Condition{MaxBalance: 8999}}, observed(20), false, loan.Never},
		{"score too low", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinScore: 0.5}}, observed(20), false, loan.Never},
		{"score too high", strategy.Stage{FirstDay: 1, When: strategy.Condition{MaxScore: 0.3}}, observed(20), false, loan.Never},
		{"broke no promise", strategy.Stage{FirstDay: 1, When: strategy.Condition{MinBroken: 1}}, observed(20), false, loan.Never},
		{"other product", strategy.Stage{FirstDay: 1, When: strategy.Condition{Products: []loan.Product{loan.Card, loan.Micro}}}, observed(20), false, loan.Never},
		{"this region", strategy.Stage{FirstDay: 1, When: strategy.Condition{Regions: []loan.Region{loan.Remote, loan.Urban}}}, observed(20), true, loan.Never},
		{"not diagnosed", strategy.Stage{FirstDay: 1, When: strategy.Condition{Diagnosed: []loan.Cause{loan.Unwilling}}}, observed(20), false, loan.Never},
	} {
		acts, next := ask(x.stage, x.seen)
		if acts != x.acts || next != x.next {
			t.Errorf("%s: acts %t, asks again on day %d; by hand %t, %d", x.what, acts, next, x.acts, x.next)
		}
	}
}

// TestAttemptsSayWhenToAsk: a stage acts on no day before the one for which its action asks, after an attempt
// that met nobody and after one that met the right party, and on that day if it acts again at all.
func TestAttemptsSayWhenToAsk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		st := strategy.Stage{Channel: loan.SMS, FirstDay: 1, Every: number("every", 0, 20), Retry: number("retry", 0, 20), Cap: number("cap", 0, 3)}
		s := strategy.Compile("x", &strategy.Plan{Stages: []strategy.Stage{st}}, nil)
		o := observed(20)
		actions, _ := s.Decide(o, nil)
		if len(actions) != 1 {
			t.Fatalf("did not act")
		}
		wait := actions[0].Retry
		o.Marks[0] = strategy.Mark{Last: int16(o.Day), Count: 1, Reached: rapid.Bool().Draw(t, "reached")}
		if o.Marks[0].Reached {
			wait = actions[0].Every
		}
		for d := loan.Day(0); d < 50; d++ {
			later := *o
			later.Day, later.DPD = o.Day+d, o.DPD+d
			acts, _ := ask(st, &later)
			if again := d >= wait && st.Cap != 1; acts != again {
				t.Fatalf("%d days after the attempt: acts %t, and wants to be asked after %d", d, acts, wait)
			}
		}
	})
}

// TestNextIsTheNextDay: as long as nothing but time passes, a plan acts on no day before the one on
// which it wants to be asked again, and does act on that day or moves it.
func TestNextIsTheNextDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		st := strategy.Stage{
			Channel: loan.SMS, FirstDay: number("first", -10, 40), Every: number("every", 0, 20), Retry: number("retry", 0, 20), Cap: number("cap", 0, 3),
			When: strategy.Condition{MinSilent: number("silent", 0, 20)},
		}
		if rapid.Bool().Draw(t, "ends") {
			st.LastDay = max(st.FirstDay, 0) + number("length", 0, 30)
		}
		mark := strategy.Mark{Count: uint8(number("count", 0, 3)), Last: int16(number("last", 70, 100)), Reached: rapid.Bool().Draw(t, "reached")}
		o := observed(loan.Day(number("dpd", -10, 60)), mark)
		o.SinceTalk = rapid.SampledFrom([]loan.Day{0, 5, 30, loan.Never}).Draw(t, "talk")
		acts, next := ask(st, o)
		if acts {
			return
		}
		for d := loan.Day(1); d < 100; d++ {
			later := *o
			later.Day, later.DPD = o.Day+d, o.DPD+d
			if o.SinceTalk != loan.Never {
				later.SinceTalk += d
			}
			acts, moved := ask(st, &later)
			switch {
			case acts && later.Day != next:
				t.Fatalf("asked on day %d: next %d, acts on day %d", o.Day, next, later.Day)
			case acts:
				return
			case later.Day == next:
				// The one exception: of a stage that is not open yet, only the day on which it opens is known.
				if later.DPD != loan.Day(st.FirstDay) || moved <= later.Day {
					t.Fatalf("asked on day %d: next %d, does not act then, and next is %d", o.Day, next, moved)
				}
				next = moved
			}
		}
	})
}

// TestCompile: what no team serves is left out; the lead is that of the earliest reminder; an empty
// plan is silent.
func TestCompile(t *testing.T) {
	p := &strategy.Plan{Stages: []strategy.Stage{
		{Name: "a", Channel: loan.SMS, FirstDay: -2},
		{Name: "b", Channel: loan.Visit, FirstDay: 20},
		{Name: "c", Channel: loan.App, FirstDay: -7},
		{Name: "d", Channel: loan.Call, FirstDay: 5},
	}}
	s := strategy.Compile("x", p, func(c loan.Channel, _ loan.Region) bool { return c != loan.Visit })
	if s.Name() != "x" || s.Slots() != 3 || s.Lead() != 7 || strategy.Silent(s) {
		t.Errorf("name %s, slots %d, lead %d, silent %t", s.Name(), s.Slots(), s.Lead(), strategy.Silent(s))
	}
	actions, _ := s.Decide(observed(30), nil)
	if len(actions) != 1 || actions[0].Channel != loan.Call || actions[0].Slot != 2 {
		t.Errorf("actions %+v", actions)
	}
	if empty := strategy.Compile("x", &strategy.Plan{}, nil); !strategy.Silent(empty) || empty.Slots() != 0 {
		t.Error("an empty plan is not silent")
	}
}

// TestRegionsWithoutATeam: a stage does not act where its channel is not offered, and is left out where it is offered
// nowhere; regions that the stage leaves out itself stay so.
func TestRegionsWithoutATeam(t *testing.T) {
	p := &strategy.Plan{Stages: []strategy.Stage{
		{Name: "a", Channel: loan.Call},
		{Name: "b", Channel: loan.Visit},
		{Name: "c", Channel: loan.SMS, When: strategy.Condition{Regions: []loan.Region{loan.Remote}}},
	}}
	s := strategy.Compile("x", p, func(c loan.Channel, r loan.Region) bool { return c == loan.SMS || c == loan.Call && r != loan.Remote })
	if s.Slots() != 2 {
		t.Errorf("%d stages, want 2", s.Slots())
	}
	for r, want := range map[loan.Region]loan.Channel{loan.Urban: loan.Call, loan.Suburban: loan.Call, loan.Remote: loan.SMS} {
		o := observed(30)
		o.Region = r
		if actions, _ := s.Decide(o, nil); len(actions) != 1 || actions[0].Channel != want {
			t.Errorf("%s: actions %+v, want one by %s", r, actions, want)
		}
	}
}

// TestPlanFaults: every broken rule of a plan, path first.
func TestPlanFaults(t *testing.T) {
	p := strategy.Plan{Stages: []strategy.Stage{
		{Name: "a"},
		{Name: "b", Channel: loan.SMS, FirstDay: 10, LastDay: 9},
		{Name: "c", Channel: loan.SMS, FirstDay: -30},
		{Name: "d", Channel: loan.Visit, FirstDay: -1, NoticeDays: 3},
		{Name: "e", Channel: loan.Call, NoticeDays: 3, NoticeChannel: loan.SMS},
		{Name: "f", Channel: loan.Visit, NoticeDays: 3, NoticeChannel: loan.Visit},
		{Name: "g", Channel: loan.Visit, NoticeDays: 3, NoticeChannel: loan.SMS, FirstDay: 5},
	}}
	want := `stages.a.channel: must be stated
stages.b.last_day: must be >= first_day 10, got 9
stages.c.first_day: must be >= -29, got -30
stages.d.first_day: a visit cannot come before the due date, got -1
stages.d.notice_channel: must be stated where notice_days is 3
stages.e.notice_days: only visits are announced, this stage is by call
stages.f.notice_channel: a visit cannot announce a visit`
	if got := errors.Join(p.Check()...); got == nil || got.Error() != want {
		t.Errorf("faults\n%v\nwant\n%s", got, want)
	}
	if errs := (&strategy.Plan{Stages: make([]strategy.Stage, 33)}).Check(); errs[0].Error() != "stages: at most 32, got 33" {
		t.Errorf("33 stages: %v", errs[0])
	}
}

// TestSplit: each account is served by one arm, by the shares, always the same.
func TestSplit(t *testing.T) {
	plan := func(c loan.Channel, first int) strategy.Strategy {
		return strategy.Compile(c.String(), &strategy.Plan{Stages: []strategy.Stage{{Channel: c, FirstDay: first}}}, nil)
	}
	s := strategy.Split("test", []strategy.Strategy{plan(loan.SMS, -4), plan(loan.Call, 1), plan(loan.Bot, 1)}, []float64{2, 1, 1})
	if s.Name() != "test" || s.Slots() != 1 || s.Lead() != 4 {
		t.Errorf("name %s, slots %d, lead %d", s.Name(), s.Slots(), s.Lead())
	}
	for _, x := range []struct {
		arm  float32
		want loan.Channel
	}{{0.6, loan.Call}, {0.74, loan.Call}, {0.76, loan.Bot}, {1, loan.Bot}} {
		o := observed(10)
		o.Arm = x.arm
		actions, _ := s.Decide(o, nil)
		if len(actions) != 1 || actions[0].Channel != x.want {
			t.Errorf("account at %v: %+v, want %s", x.arm, actions, x.want)
		}
	}
	o := observed(-4)
	if actions, _ := s.Decide(o, nil); len(actions) != 1 || actions[0].Channel != loan.SMS {
		t.Errorf("account at 0: %+v", actions)
	}
	if strategy.Silent(s) {
		t.Error("a split is silent")
	}
}
