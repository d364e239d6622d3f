package sim_test

import (
	"math"
	"runtime"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"
)

// benchAccounts and benchDays are those of the embedded default run.
const (
	benchAccounts = 20_000
	benchDays     = 180
)

// BenchmarkFloor is the bare loop that the engine is measured against: hazard, threshold and decay
// over the same array of borrowers, thresholds drawn anew when crossed; no strategy, no tables.
func BenchmarkFloor(b *testing.B) {
	pulses := make([]borrower.Pulse, benchAccounts)
	stream := rng.Stream{Seed: 1}
	decay, gain, keep := float32(math.Exp(-0.15)), float32(-math.Expm1(-0.15)/0.15), float32(0.98)
	decisions := make([]uint16, benchAccounts)
	fired := 0
	for b.Loop() {
		for i := range pulses {
			pulses[i] = borrower.Pulse{Will: 0.05, Excite: 0.1, Threshold: float32(i%7+1) / 3, Cash: 500, PerNeed: 1e-3}
		}
		for range benchDays {
			for i := range pulses {
				p := &pulses[i]
				p.Spent += min(p.Cash*p.PerNeed, 1) * (p.Will + p.Excite*gain)
				if p.Spent >= p.Threshold {
					draw := stream.Block(uint64(i), borrower.DrawThreshold, uint64(decisions[i]))
					decisions[i]++
					p.Spent, p.Threshold = 0, float32(draw.Exponential(0))
					fired++
				}
				p.Excite *= decay
				p.Cash *= keep
			}
		}
	}
	if fired == 0 {
		b.Fatal("no decision was made")
	}
	b.ReportMetric(float64(b.N)*benchAccounts*benchDays/b.Elapsed().Seconds(), "borrower-days/s")
}

// BenchmarkEngine plays one strategy on the default scenario and on a book of overdue accounts only,
// with one worker. borrower-days are those in collection (the day loop); accounts that are current
// cost time too, which the rate bears.
func BenchmarkEngine(b *testing.B) {
	for _, book := range []string{"overdue", "default"} {
		for _, name := range []string{"no-contact", "tiered-escalation"} {
			b.Run("book="+book+"/strategy="+name, func(b *testing.B) { benchEngine(b, book, name) })
		}
	}
}

func benchEngine(b *testing.B, book, name string) {
	s := scenario.Default()
	s.Uncertainty = false
	if book == "overdue" {
		s.Portfolio.Start.Current = 0
	}
	if err := s.Play([]string{name}); err != nil {
		b.Fatal(err)
	}
	s.Baseline = name
	config, err := s.Config(nil)
	if err != nil {
		b.Fatal(err)
	}
	before := heap()
	w, err := sim.Walk(config, 0)
	if err != nil {
		b.Fatal(err)
	}
	days := int64(0)
	for b.Loop() {
		w.Begin(0)
		for range config.Horizon {
			w.Day()
		}
		days += w.ActiveDays()
	}
	bytes := heap() - before
	accounts, horizon := float64(len(config.Portfolio.Accounts)), float64(config.Horizon)
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(days)/seconds, "borrower-days/s")
	b.ReportMetric(accounts*horizon*float64(b.N)/seconds, "account-days/s")
	b.ReportMetric(bytes/accounts, "B/account")
	if days == 0 {
		b.Fatal("nobody was in collection")
	}
	runtime.KeepAlive(w)
}

// heap is the memory in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
