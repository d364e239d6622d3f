package strategy_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"collectsim/sim/loan"
	"collectsim/sim/strategy"
)

// TestDaysBeyondAnyRun: 99999999 is what people write for "no end". It costs no calendar of that many days, and
// days beyond 32 bits do not come round to the beginning.
func TestDaysBeyondAnyRun(t *testing.T) {
	for _, far := range []int{99_999_999, 1_000_000_000, 1 << 32, math.MaxInt} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for what, x := range map[string]struct {
			stage strategy.Stage
			acts  bool
		}{
			"last day":  {strategy.Stage{FirstDay: 1, LastDay: far}, true},
			"first day": {strategy.Stage{FirstDay: far}, false},
			"silence":   {strategy.Stage{FirstDay: 1, When: strategy.Condition{MinSilent: far}}, true}, // nobody has talked
		} {
			if acts, _ := ask(x.stage, observed(20)); acts != x.acts {
				t.Errorf("%s %d: acts %v", what, far, acts)
			}
			if acts, _ := ask(x.stage, observed(31_000)); acts != x.acts {
				t.Errorf("%s %d, late: acts %v", what, far, acts)
			}
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
			t.Errorf("%d days: %d bytes", far, took)
		}
	}
}

// TestPlansKeepTheContract: what a plan can ever want is seen before the run, so that it need not be looked at day by
// day; of a strategy in Go, or a split with one, it cannot be.
func TestPlansKeepTheContract(t *testing.T) {
	plan := func(st strategy.Stage) strategy.Strategy {
		return strategy.Compile("plan", &strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS}, st}}, nil)
	}
	good := plan(strategy.Stage{Channel: loan.Visit, NoticeDays: 3, NoticeChannel: loan.SMS})
	for want, bad := range map[string]strategy.Stage{
		"stages[1]: hour: must be 0 to 23, got 24":                                                                     {Channel: loan.SMS, Hour: 24},
		fmt.Sprintf("stages[1]: channel: must be 1 to %d, got 0", loan.NumChannels-1):                                  {},
		fmt.Sprintf("stages[1]: notice channel: must be 0 to %d and no visit, got %d", loan.NumChannels-1, loan.Visit): {Channel: loan.Visit, NoticeChannel: loan.Visit},
		"stages[1]: follow-up days: must be 0 to 60, got 61":                                                           {Channel: loan.Visit, FollowUpDays: 61},
	} {
		both := strategy.Split("both", []strategy.Strategy{good, plan(bad)}, []float64{1, 1})
		for s, want := range map[strategy.Strategy]string{plan(bad): want, both: "arm plan: " + want} {
			if err := strategy.Check(s); err == nil || err.Error() != want {
				t.Errorf("%s: got %v, want %s", s.Name(), err, want)
			}
		}
	}
	inGo := asked{new([]loan.Day)}
	for s, declared := range map[strategy.Strategy]bool{
		good: true, inGo: false,
		strategy.Split("plans", []strategy.Strategy{good, good}, []float64{1, 1}): true,
		strategy.Split("mixed", []strategy.Strategy{good, inGo}, []float64{1, 1}): false,
		byRegion(good, good): true,
		byRegion(good, inGo): false,
	} {
		if err := strategy.Check(s); err != nil || strategy.Declared(s) != declared {
			t.Errorf("%s: declared %v, %v", s.Name(), strategy.Declared(s), err)
		}
	}
}

// byRegion serves those who live remotely by one strategy and all others by another.
func byRegion(remote, others strategy.Strategy) strategy.Strategy {
	a := strategy.Assignment{By: "region", Groups: map[string]string{"remote": "remote"}, Others: "others"}
	return strategy.Assign("by-region", &a, nil, func(name string) strategy.Strategy {
		return map[string]strategy.Strategy{"remote": remote, "others": others}[name]
	})
}

// TestAssign: each group is served by its own strategy, and asked for no other's days before the due date.
func TestAssign(t *testing.T) {
	var times []loan.Day
	early := strategy.Compile("early", &strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: -10}, {Channel: loan.Call, FirstDay: 5}}}, nil)
	s := byRegion(asked{&times}, early)
	if s.Name() != "by-region" || s.Slots() != 2 || s.Lead() != 10 || strategy.Silent(s) {
		t.Errorf("name %s, slots %d, lead %d, silent %v", s.Name(), s.Slots(), s.Lead(), strategy.Silent(s))
	}
	for _, x := range []struct {
		region loan.Region
		dpd    loan.Day
		acts   int
		next   loan.Day
	}{{loan.Remote, -10, 0, 106}, {loan.Remote, -4, 1, loan.Never}, {loan.Urban, -10, 1, 115}, {loan.Suburban, 10, 1, loan.Never}} {
		o := observed(x.dpd)
		o.Region = x.region
		o.Marks = make([]strategy.Mark, s.Slots())
		out, next := s.Decide(o, nil)
		if len(out) != x.acts || next != x.next {
			t.Errorf("%s, dpd %d: %d actions, next %d", x.region, x.dpd, len(out), next)
		}
	}
	if len(times) != 1 {
		t.Errorf("the strategy of those who live remotely was asked at %v", times)
	}
}

// asked counts how often it is asked.
type asked struct{ times *[]loan.Day }

func (asked) Name() string   { return "asked" }
func (asked) Slots() int     { return 1 }
func (asked) Lead() loan.Day { return 4 }

func (a asked) Decide(o *strategy.Observed, out []strategy.Action) ([]strategy.Action, loan.Day) {
	*a.times = append(*a.times, o.DPD)
	return append(out, strategy.Action{Channel: loan.SMS}), loan.Never
}

// TestArmKeepsItsLead: in a split with an arm that reminds ten days ahead, an arm is still asked within its own
// days before the due date alone, as if it were played alone.
func TestArmKeepsItsLead(t *testing.T) {
	early := strategy.Compile("early", &strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: -10}}}, nil)
	var times []loan.Day
	s := strategy.Split("both", []strategy.Strategy{asked{&times}, early}, []float64{1, 1})
	if s.Lead() != 10 {
		t.Errorf("lead %d", s.Lead())
	}
	for dpd, want := range map[loan.Day]struct {
		acts int
		next loan.Day
	}{-10: {0, 106}, -5: {0, 101}, -4: {1, loan.Never}, 0: {1, loan.Never}, 30: {1, loan.Never}} {
		out, next := s.Decide(observed(dpd), nil)
		if len(out) != want.acts || next != want.next {
			t.Errorf("dpd %d: %d actions, next %d", dpd, len(out), next)
		}
	}
	if len(times) != 3 {
		t.Errorf("asked at %v", times)
	}
}

func TestSplitPanics(t *testing.T) {
	a := strategy.Compile("a", &strategy.Plan{}, nil)
	for what, f := range map[string]func(){
		"no arms":  func() { strategy.Split("s", nil, nil) },
		"lengths":  func() { strategy.Split("s", []strategy.Strategy{a}, []float64{1, 2}) },
		"negative": func() { strategy.Split("s", []strategy.Strategy{a, a}, []float64{2, -1}) },
		"zero":     func() { strategy.Split("s", []strategy.Strategy{a, a}, []float64{0, 0}) },
		"NaN":      func() { strategy.Split("s", []strategy.Strategy{a, a}, []float64{1, math.NaN()}) },
		"infinite": func() { strategy.Split("s", []strategy.Strategy{a, a}, []float64{1, math.Inf(1)}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", what)
				}
			}()
			f()
		}()
	}
}
