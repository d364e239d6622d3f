package sim_test

import (
	"context"
	"runtime"
	"testing"

	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

const (
	benchAccounts = 20000
	benchHorizon  = 180
)

// BenchmarkFloor is the least that a day of a borrower in collection can cost: a bare loop over
// arrays of the same shape, hazard, threshold and decay; thresholds are drawn anew when crossed. No
// strategy, no money, no tables.
func BenchmarkFloor(b *testing.B) {
	type pulse struct {
		will, excite, spent, threshold, cash, need, stress, base, sum, peak float32
		_                                                                   [2]float32
	}
	pulses := make([]pulse, benchAccounts)
	stream := rng.Stream{Seed: 1}
	threshold := func(i, n int) float32 {
		block := stream.Block(uint64(i), 1, uint64(n))
		return float32(block.Exponential(0))
	}
	const decay, keep, gain = 0.86, 0.98, 0.93
	crossed := 0
	for b.Loop() {
		for i := range pulses {
			pulses[i] = pulse{will: 0.02, threshold: threshold(i, 0), cash: 100, need: 0.01, stress: 20, base: 25}
		}
		for range benchHorizon {
			for i := range pulses {
				p := &pulses[i]
				p.spent += min(p.cash*p.need, 1) * (p.will + p.excite*gain)
				p.excite *= decay
				p.cash = p.cash*keep + 2
				p.stress += (p.base - p.stress) * 0.05
				p.sum += p.stress
				p.peak = max(p.peak, p.stress)
				if p.spent >= p.threshold {
					crossed++
					p.spent, p.threshold = p.spent-p.threshold, threshold(i, crossed)
					p.excite += 0.03
				}
			}
		}
	}
	if crossed == 0 {
		b.Fatal("nobody crossed a threshold")
	}
	rate(b, float64(b.N)*benchAccounts*benchHorizon)
}

// rate reports borrower-days a second, by days of borrowers in the day loop.
func rate(b *testing.B, days float64) {
	b.ReportMetric(days/b.Elapsed().Seconds(), "borrower-days/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/days, "ns/borrower-day")
}

// BenchmarkEngine plays the default scenario with 20,000 accounts for 180 days on one worker, and the
// same with every account overdue on day 0. Days count only while a borrower is in the day loop. The
// time is that of one strategy alone, without drawing borrowers and without the no-contact life.
func BenchmarkEngine(b *testing.B) {
	for _, start := range []string{"default", "overdue"} {
		for _, name := range []string{"no-contact", "tiered-escalation", "home-visits"} {
			b.Run("start="+start+"/strategy="+name, func(b *testing.B) { benchmarkEngine(b, start, name) })
		}
	}
}

func benchmarkEngine(b *testing.B, start, name string) {
	s := small(benchAccounts, benchHorizon)
	s.Strategies, s.Baseline = nil, name
	s.Policy.RunOff = 0 // its days have no strategy, and are cheap
	if err := s.Play([]string{name}); err != nil {
		b.Fatal(err)
	}
	if start == "overdue" {
		s.Portfolio.Start.Current = 0
	}
	before := heap()
	c := config(b, s)
	c.Accounts, c.Events = false, false
	portfolio := heap()
	w := walker(b, c)
	after := heap()
	var days int64
	for b.Loop() {
		w.Begin(0)
		for w.Today() < benchHorizon {
			w.Day()
		}
		w.End()
		days += w.ActiveDays()
	}
	rate(b, float64(days))
	b.ReportMetric(float64(after-portfolio)/benchAccounts, "B/account")
	b.ReportMetric(float64(after-before)/benchAccounts, "B/account+portfolio")
}

// heap is the memory in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// discard is a sink that keeps nothing.
type discard struct{ days int64 }

func (d *discard) Replication(r *outcome.Replication) error {
	d.days += r.ActiveDays
	return nil
}

// BenchmarkRun is a whole replication as users run it: drawing borrowers, the no-contact life, and
// three strategies, all of it on one worker.
func BenchmarkRun(b *testing.B) {
	s := small(benchAccounts, benchHorizon)
	s.Strategies, s.Baseline = nil, "no-contact"
	if err := s.Play([]string{"no-contact", "reminders-only", "tiered-escalation", "home-visits"}); err != nil {
		b.Fatal(err)
	}
	c := config(b, s)
	c.Accounts, c.Events = false, false
	var d discard
	for b.Loop() {
		if err := sim.Run(context.Background(), *c, &d); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, float64(d.days))
}

// BenchmarkPopulate draws the borrowers of a replication.
func BenchmarkPopulate(b *testing.B) {
	s := small(benchAccounts, 1, strategy.Plan{})
	w := walker(b, config(b, s))
	for b.Loop() {
		if err := w.Populate(b.N); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchAccounts, "ns/account")
}
