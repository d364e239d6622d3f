package sim_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestWorkersChangeNothing: the same bytes on one, two and five workers, and on a second run, with
// uncertain parameters.
func TestWorkersChangeNothing(t *testing.T) {
	scenarios := rapid.Custom(func(t *rapid.T) *scenario.Scenario { return anyScenario(t, 30, 90) })
	for seed := range 8 {
		s := scenarios.Example(seed)
		uncertain(t, s)
		s.Replications, s.Redraw = 5, seed%2 == 1
		c := config(t, s)
		want := encode(t, run(t, c))
		for _, workers := range []int{1, 2, 5} {
			c.Workers = workers
			if got := encode(t, run(t, c)); !slices.Equal(got, want) {
				t.Fatalf("%d workers: results differ", workers)
			}
		}
	}
}

// TestPartsMakeTheWhole: replications played in parts, by First and Step, equal those of the whole run.
func TestPartsMakeTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, 60)
		uncertain(t, s)
		s.Replications, s.Redraw = 7, rapid.Bool().Draw(t, "redraw")
		c := config(t, s)
		all := run(t, c)
		for k, r := range all {
			if r.Index != k {
				t.Fatalf("replication %d came as number %d", r.Index, k)
			}
		}
		c.First, c.Step = whole(t, "first", 0, 6), whole(t, "step", 1, 4)
		c.Replications = (6-c.First)/c.Step + 1
		for k, r := range run(t, c) {
			if want := all[c.First+k*c.Step]; !same(t, r, want) {
				t.Fatalf("part %d+%dk: replication %d differs", c.First, c.Step, r.Index)
			}
		}
	})
}

// alone takes capacity out of play, so that accounts live independently of each other: everybody
// can be called, nobody is visited (travel falls with the number of stops).
func alone(s []strategy.Stage) []strategy.Stage {
	return slices.DeleteFunc(s, func(st strategy.Stage) bool { return st.Channel == loan.Visit || st.Channel == loan.Call })
}

// TestAccountsLiveAlone: without teams, one more account, or another order, changes no other
// account's row and events.
func TestAccountsLiveAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 25, 120)
		for k := range s.Strategies {
			s.Strategies[k].Stages = alone(s.Strategies[k].Stages)
		}
		s.Policy.Budget = 0 // shared by all accounts
		c := config(t, s)
		before := run(t, c)[0]
		accounts := slices.Clone(c.Portfolio.Accounts)

		drop := whole(t, "drop", 0, len(accounts)-1)
		gone := accounts[drop].ID
		c.Portfolio.Accounts = rapid.Permutation(slices.Delete(slices.Clone(accounts), drop, drop+1)).Draw(t, "order")
		after := run(t, c)[0]
		for k := range before.Strategies {
			a, b := &before.Strategies[k], &after.Strategies[k]
			rows := slices.DeleteFunc(slices.Clone(a.Accounts), func(r outcome.AccountRow) bool { return r.ID == gone })
			got := slices.SortedFunc(slices.Values(b.Accounts), func(x, y outcome.AccountRow) int { return int(x.ID - y.ID) })
			if !slices.Equal(rows, got) {
				t.Fatal("account rows differ")
			}
			events := slices.DeleteFunc(slices.Clone(a.Events), func(e outcome.Event) bool { return e.Account == gone })
			if !slices.Equal(events, b.Events) {
				t.Fatal("events differ")
			}
		}
	})
}

// TestAgainstItself: a strategy under two names differs by exactly nothing.
func TestAgainstItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		p := s.Strategies[0].Plan
		play(s, p, strategy.Plan{}, p)
		s.Replications = 2
		for _, r := range run(t, config(t, s)) {
			a, b := r.Strategies[0], r.Strategies[2]
			a.Name = b.Name
			if !same(t, a, b) {
				t.Fatal("the second copy differs")
			}
		}
	})
}

// TestSeedsMatter: another seed or replication lives another life.
func TestSeedsMatter(t *testing.T) {
	s := small(200, 60)
	s.Replications = 2
	c := config(t, s)
	first := run(t, c)
	c.Seed++
	second := run(t, c)
	paid := func(r *outcome.Replication) (sum loan.Cents) {
		for _, a := range r.Strategies[0].Accounts {
			sum += a.Paid
		}
		return sum
	}
	x, y, z := paid(first[0]), paid(first[1]), paid(second[0])
	if x == y || x == z || x == 0 {
		t.Fatalf("paid %s, %s in another replication, %s with another seed", x, y, z)
	}
}

// TestEventsAreInOrder: by day, account and sequence, the sequence counting from 0.
func TestEventsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, o := range run(t, config(t, anyScenario(t, 20, 90)))[0].Strategies {
			for k, e := range o.Events {
				if k == 0 {
					continue
				}
				before := o.Events[k-1]
				next := before.Day == e.Day && before.Account == e.Account && before.Sequence+1 == e.Sequence
				fresh := e.Sequence == 0 && (before.Day < e.Day || before.Day == e.Day && before.Account < e.Account)
				if !next && !fresh {
					t.Fatalf("%+v after %+v", e, before)
				}
			}
		}
	})
}

// TestRowsAddUp: account rows and events tell the same as the sums of the portfolio and of each group.
func TestRowsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, 30, whole(t, "horizon", 30, 150)))
		for _, o := range run(t, c)[0].Strategies {
			var recovered, claimed, overduePaid, worth, episodes, cures, selfCures, attempts, stress, days float64
			byKind := map[outcome.EventKind]float64{}
			for i, a := range o.Accounts {
				lived := float64(c.Horizon - int(max(0, c.Portfolio.Accounts[i].Opened)))
				days += lived
				recovered += a.Recovered.Units()
				claimed += a.Claimed.Units()
				overduePaid += a.OverduePaid.Units()
				worth += a.BookValue / 100
				if a.Opening != c.Portfolio.Accounts[i].Balance || a.Claimed == 0 && a.BookValue != 0 {
					t.Fatalf("account %d of balance %v: %+v", a.ID, c.Portfolio.Accounts[i].Balance, a)
				}
				episodes += float64(a.Episodes)
				cures += float64(a.Cures)
				selfCures += float64(a.SelfCures)
				attempts += float64(a.Attempts)
				stress += a.StressMean * lived
			}
			for _, e := range o.Events {
				byKind[e.Kind]++
			}
			n := float64(len(o.Accounts))
			for _, x := range []struct {
				metric string
				sum    float64
			}{
				{"recovered", recovered},
				{"overdue_paid", overduePaid},
				{"cures", cures},
				{"attempts_per_account", attempts},
				{"attempts_per_account", byKind[outcome.EventContact]},
				{"stress_mean", stress * n / days},
				{"cures", byKind[outcome.EventCure]},
				{"complaints_per_1000", 1000 * byKind[outcome.EventComplaint]},
				{"charge_off_rate", byKind[outcome.EventChargeOff]},
			} {
				if got := value(t, &o, x.metric); !(math.Abs(got-x.sum/n) <= 1e-9*max(1, got)) {
					t.Fatalf("%s: %v, by rows %v", x.metric, got, x.sum/n)
				}
			}
			for _, x := range []struct {
				metric    string
				got, want float64
			}{
				{"recovery_rate", recovered / claimed, value(t, &o, "recovery_rate")},
				{"cure_rate", cures / episodes, value(t, &o, "cure_rate")},
				{"self_cure_rate", selfCures / episodes, value(t, &o, "self_cure_rate")},
				{"net_value less npv", worth / n, value(t, &o, "net_value") - value(t, &o, "npv")},
			} {
				if !(math.Abs(x.got-x.want) <= 1e-9*max(1, math.Abs(x.want))) && !(math.IsNaN(x.got) && math.IsNaN(x.want)) {
					t.Fatalf("%s: %v, by rows %v", x.metric, x.want, x.got)
				}
			}
			checkGroups(t, &o)
		}
	})
}

// checkGroups: each dimension splits the portfolio, so means over its groups give the portfolio's.
func checkGroups(t *rapid.T, o *outcome.StrategyOutcome) {
	for _, metric := range []string{"overdue_rate_30", "recovered", "stress_peak", "attempts_per_account", "cost_wages"} {
		sums, members := map[string]float64{}, map[string]int64{}
		for _, g := range o.Groups {
			sums[g.Dimension] += float64(g.Accounts) * g.Values[outcome.MetricIndex(metric)]
			members[g.Dimension] += g.Accounts
		}
		for d, sum := range sums {
			want := value(t, o, metric)
			if members[d] != int64(len(o.Accounts)) || !(math.Abs(sum/float64(len(o.Accounts))-want) <= 1e-9*max(1, want)) {
				t.Fatalf("%s: %v, by %s %v of %d accounts", metric, want, d, sum/float64(len(o.Accounts)), members[d])
			}
		}
	}
}

// TestAsManySegmentsAsATapeMayHave: 256, each a group of its own; the most that an account's 8 bits tell apart.
func TestAsManySegmentsAsATapeMayHave(t *testing.T) {
	for n, fits := range map[int]bool{256: true, 257: false} {
		c := copies(t, plain(0.1, 5), 300, late(10))
		c.Portfolio.Segments = make([]string, n)
		for k := range n {
			c.Portfolio.Segments[k] = fmt.Sprint("s", k)
		}
		for i := range c.Portfolio.Accounts {
			c.Portfolio.Accounts[i].Segment = uint8(i)
		}
		var k keeper
		err := sim.Run(context.Background(), *c, &k)
		if (err == nil) != fits {
			t.Errorf("%d segments: %v", n, err)
		}
		if err != nil {
			continue
		}
		groups := 0
		for _, g := range k.replications[0].Strategies[0].Groups {
			groups += one(g.Dimension == "segment")
		}
		if groups != n {
			t.Errorf("%d groups of %d segments", groups, n)
		}
	}
}
