package sim_test

import (
	"testing"
)

// TestNothingIsAllocatedByTheDay: once the lists have their size, a life allocates less than once a day,
// however many contacts, promises, remedies, calls and visits it holds.
func TestNothingIsAllocatedByTheDay(t *testing.T) {
	const days = 120
	s := small(2000, days)
	s.Strategies, s.Baseline = nil, "no-contact"
	if err := s.Play([]string{"no-contact", "tiered-escalation", "ccb-visit"}); err != nil {
		t.Fatal(err)
	}
	s.Portfolio.Start.Current = 0
	c := config(t, s)
	c.Accounts, c.Events = false, false
	w := walker(t, c)
	for k, st := range s.Strategies {
		life := func() {
			w.Begin(k)
			for w.Today() < days {
				w.Day()
			}
			w.End()
		}
		life()
		if n := testing.AllocsPerRun(2, life); n >= days {
			t.Errorf("%s: %v allocations in %d days", st.Name, n, days)
		}
	}
}
