package estimate_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/estimate"
)

// redistribute is Efron's (1967) other definition of Kaplan-Meier: everybody carries mass
// 1/n, and each censored hands his to those still there, in equal parts. It returns the mass
// beyond t.
func redistribute(times []float64, events []bool, t float64) float64 {
	mass := make([]float64, len(times))
	for i := range mass {
		mass[i] = 1 / float64(len(times))
	}
	for at := 0.0; at <= t; at++ { // whole times only
		for i := range times {
			if times[i] == at && !events[i] {
				later := 0
				for j := range times {
					if times[j] > at {
						later++
					}
				}
				for j := range times {
					if later > 0 && times[j] > at {
						mass[j] += mass[i] / float64(later)
					}
				}
				if later > 0 {
					mass[i] = 0
				}
			}
		}
	}
	beyond := 0.0
	for i := range times {
		if times[i] > t || times[i] <= t && !events[i] {
			beyond += mass[i]
		}
	}
	return beyond
}

func drawSample(t *rapid.T) (times []float64, events []bool) {
	n := rapid.IntRange(1, 25).Draw(t, "n")
	for range n {
		times = append(times, float64(rapid.IntRange(0, 12).Draw(t, "time")))
		events = append(events, rapid.Bool().Draw(t, "event"))
	}
	return times, events
}

func TestKaplanMeierIsRedistributionToTheRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times, events := drawSample(t)
		s, err := estimate.KaplanMeier(times, events, estimate.SurvivalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Curve {
			if want := redistribute(times, events, c.Time); !(math.Abs(float64(c.Survival)-want) <= 1e-12) {
				t.Fatalf("S(%v): got %v, want %v", c.Time, c.Survival, want)
			}
			if c.Low > c.Survival+1e-12 || c.High < c.Survival-1e-12 || c.Low < 0 || c.High > 1 {
				t.Fatalf("interval %v to %v of %v", c.Low, c.High, c.Survival)
			}
		}
	})
}

func TestSurvivalFromTableEqualsRaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times, events := drawSample(t)
		for _, transform := range []estimate.Transform{estimate.LogLog, estimate.Log, estimate.Plain} {
			o := estimate.SurvivalOptions{Transform: transform, Horizon: 20}
			raw, err := estimate.KaplanMeier(times, events, o)
			if err != nil {
				t.Fatal(err)
			}
			var table estimate.LifeTable // every day from 0 to 13, as the simulator writes it
			for day := 0.0; day <= 13; day++ {
				var d, c, n int
				for i := range times {
					if times[i] >= day {
						n++
					}
					if times[i] == day && events[i] {
						d++
					} else if times[i] == day {
						c++
					}
				}
				table.Time, table.AtRisk = append(table.Time, day), append(table.AtRisk, n)
				table.Events, table.Censored = append(table.Events, d), append(table.Censored, c)
			}
			daily, err := estimate.SurvivalFromTable(table, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range raw.Curve {
				if got := daily.Curve[int(c.Time)]; !sameRow(got, c) {
					t.Fatalf("day %v: got %+v, want %+v", c.Time, got, c)
				}
			}
			if !same(float64(daily.Median), float64(raw.Median)) || !near12(daily.RestrictedMean.Value, raw.RestrictedMean.Value) || !near12(daily.RestrictedMean.SE, raw.RestrictedMean.SE) {
				t.Fatalf("median %v, mean %v; want %v, %v", daily.Median, daily.RestrictedMean, raw.Median, raw.RestrictedMean)
			}
		}
	})
}

func sameRow(a, b estimate.CurvePoint) bool {
	return a.AtRisk == b.AtRisk && a.Events == b.Events && a.Censored == b.Censored && a.Survival == b.Survival &&
		same(float64(a.SE), float64(b.SE)) && same(float64(a.Low), float64(b.Low)) && same(float64(a.High), float64(b.High))
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func near12(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(1+math.Abs(b)) }

// Constant hazard without censoring and ties: the restricted mean is the mean of min(t, horizon).
func TestRestrictedMeanWithoutCensoring(t *testing.T) {
	times, events := []float64{1, 2, 4, 7, 11}, []bool{true, true, true, true, true}
	s, err := estimate.KaplanMeier(times, events, estimate.SurvivalOptions{Horizon: 6})
	if err != nil {
		t.Fatal(err)
	}
	cut := []float64{1, 2, 4, 6, 6}
	mean, variance := estimate.MeanVariance(cut)
	near(t, "mean", s.RestrictedMean.Value, mean, 1e-14)
	// Greenwood's variance is the plug-in one, divisor n.
	near(t, "se", s.RestrictedMean.SE, math.Sqrt(variance*4/5/5), 1e-14)
}

func TestTimesARoundingApartAreOneTime(t *testing.T) {
	sum := 0.0
	for range 3 {
		sum += 0.1
	}
	if sum == 0.3 {
		t.Fatal("no rounding error to test with")
	}
	s, err := estimate.KaplanMeier([]float64{0.3, sum, 1}, []bool{true, false, true}, estimate.SurvivalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Curve) != 2 || s.Curve[0].Events != 1 || s.Curve[0].Censored != 1 || s.Curve[0].AtRisk != 3 {
		t.Errorf("got %+v", s.Curve)
	}
}

func TestSurvivalWithoutAnswer(t *testing.T) {
	empty, err := estimate.KaplanMeier(nil, nil, estimate.SurvivalOptions{})
	if err != nil || len(empty.Warnings) == 0 || !math.IsNaN(float64(empty.Median)) {
		t.Errorf("empty: %+v, %v", empty, err)
	}
	never, err := estimate.KaplanMeier([]float64{3, 5}, []bool{false, false}, estimate.SurvivalOptions{Horizon: 9})
	if err != nil || len(never.Warnings) != 1 || never.At(5) != 1 || !math.IsNaN(float64(never.Median)) {
		t.Errorf("no events: %+v, %v", never, err)
	}
	if !strings.Contains(strings.Join(never.RestrictedMean.Warnings, ""), "data end at 5") {
		t.Errorf("horizon beyond the data must warn: %+v", never.RestrictedMean)
	}
	if m := never.TimeTo(0.5); len(m.Warnings) == 0 {
		t.Errorf("a median never reached must warn: %+v", m)
	}
	if _, err := estimate.KaplanMeier([]float64{1, -2, nan, inf}, make([]bool, 4), estimate.SurvivalOptions{}); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("all bad times must be named: %v", err)
	}
}

func TestLifeTableErrors(t *testing.T) {
	ok := func() estimate.LifeTable {
		return estimate.LifeTable{Time: []float64{1, 2}, AtRisk: []int{10, 7}, Events: []int{2, 1}, Censored: []int{1, 0}}
	}
	for want, spoil := range map[string]func(*estimate.LifeTable){
		"columns differ":                 func(l *estimate.LifeTable) { l.Events = l.Events[:1] },
		"must be above the previous one": func(l *estimate.LifeTable) { l.Time[1] = 1 },
		"only 7 were left":               func(l *estimate.LifeTable) { l.AtRisk[1] = 8 },
		"9 leave but only 7":             func(l *estimate.LifeTable) { l.Events[1] = 9 },
		"must not be negative":           func(l *estimate.LifeTable) { l.Censored[0] = -1 },
		"finite number >= 0":             func(l *estimate.LifeTable) { l.Time[0] = nan },
	} {
		l := ok()
		spoil(&l)
		if _, err := estimate.SurvivalFromTable(l, estimate.SurvivalOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	l := ok()
	l.AtRisk[1] = 5
	s, err := estimate.SurvivalFromTable(l, estimate.SurvivalOptions{})
	if err != nil || len(s.Warnings) != 1 || !strings.HasPrefix(s.Warnings[0], "2 leave") {
		t.Errorf("two that vanish must be warned of: %v, %v", s.Warnings, err)
	}
}

func TestLogRankEdges(t *testing.T) {
	one, err := estimate.LogRank([]float64{1, 2}, []bool{true, true}, []string{"a", "a"}, 0)
	if err != nil || !math.IsNaN(float64(one.P)) || len(one.Warnings) == 0 {
		t.Errorf("one group: %+v, %v", one, err)
	}
	late, err := estimate.LogRank([]float64{1, 5, 6, 7, 8, 2}, []bool{false, true, true, true, true, true}, []string{"gone", "a", "b", "a", "b", "b"}, 0)
	if err != nil || late.DF != 1 || len(late.Warnings) != 1 {
		t.Errorf("a group that is censored before any event: %+v, %v", late, err)
	}
	none, err := estimate.LogRank(nil, nil, nil, 0)
	if err != nil || !math.IsNaN(float64(none.P)) {
		t.Errorf("no data: %+v, %v", none, err)
	}
}

// Competing ends: probabilities sum to 1, the open one is Kaplan-Meier of any end with
// Greenwood's error, and with one cause the incidence is 1 - Kaplan-Meier.
func TestIncidenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times, events := drawSample(t)
		causes := make([]string, len(times))
		for i, e := range events {
			if e {
				causes[i] = rapid.SampledFrom([]string{"paid", "sold", "written off"}).Draw(t, "cause")
			}
		}
		in, err := estimate.AalenJohansen(times, causes, estimate.SurvivalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		any, err := estimate.KaplanMeier(times, events, estimate.SurvivalOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range in.Curve {
			sum := float64(c.Open)
			for _, p := range c.Prob {
				sum += float64(p)
			}
			if !(math.Abs(sum-1) <= 1e-12) || !near12(float64(c.Open), float64(any.Curve[i].Survival)) {
				t.Fatalf("t=%v: sum %v, open %v, Kaplan-Meier %v", c.Time, sum, c.Open, any.Curve[i].Survival)
			}
			if km := float64(any.Curve[i].SE); !math.IsNaN(km) && math.Abs(float64(c.OpenSE)-km) > 1e-9 {
				t.Fatalf("t=%v: se %v, Greenwood %v", c.Time, c.OpenSE, km)
			}
			if len(in.Causes) == 1 && !(math.Abs(float64(c.SE[0]-c.OpenSE)) < 1e-9) {
				t.Fatalf("t=%v: one cause has se %v, open %v", c.Time, c.SE[0], c.OpenSE)
			}
		}
	})
}

func TestCurvesDoNotDependOnRowOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times, events := drawSample(t)
		order := rapid.Permutation(indices(len(times))).Draw(t, "order")
		mixedTimes, mixedEvents := make([]float64, len(times)), make([]bool, len(times))
		for i, k := range order {
			mixedTimes[i], mixedEvents[i] = times[k], events[k]
		}
		a, errA := estimate.NewLifeTable(times, events)
		b, errB := estimate.NewLifeTable(mixedTimes, mixedEvents)
		if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v (%v) and %+v (%v)", a, errA, b, errB)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func ExampleKaplanMeier() {
	days := []float64{3, 5, 5, 8, 13, 20}
	cured := []bool{true, true, false, true, true, false}
	s, err := estimate.KaplanMeier(days, cured, estimate.SurvivalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("median %v days\n", s.Median)
	for _, c := range s.Curve {
		fmt.Printf("day %2v: %d at risk, %.3f not cured (%.3f to %.3f)\n", c.Time, c.AtRisk, c.Survival, c.Low, c.High)
	}
	// Output:
	// median 8 days
	// day  3: 6 at risk, 0.833 not cured (0.273 to 0.975)
	// day  5: 5 at risk, 0.667 not cured (0.195 to 0.904)
	// day  8: 3 at risk, 0.444 not cured (0.066 to 0.785)
	// day 13: 2 at risk, 0.222 not cured (0.010 to 0.615)
	// day 20: 1 at risk, 0.222 not cured (0.010 to 0.615)
}

// TestRestrictedMeanWithoutVariance: one loan that cured on day 5 says nothing of how much such times differ.
func TestRestrictedMeanWithoutVariance(t *testing.T) {
	for _, c := range []struct {
		times  []float64
		events []bool
		warned bool
	}{
		{[]float64{5}, []bool{true}, true},
		{[]float64{5, 6}, []bool{false, false}, true},
		{[]float64{5, 6}, []bool{true, true}, false},
	} {
		s, err := estimate.KaplanMeier(c.times, c.events, estimate.SurvivalOptions{})
		m := s.RestrictedMean
		if err != nil || (m.SE == 0) != c.warned || strings.Contains(strings.Join(m.Warnings, " "), "has no width") != c.warned {
			t.Errorf("%v: got %+v, %v", c, m, err)
		}
	}
}
