package sim_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// TestRedrawnAccountsLiveAsAPortfolio: a replication of accounts of its own is, to the byte, that replication of a run
// whose portfolio they are: new loans, segments, splits and drawn parameters among them, synthetic or resampled from a tape.
func TestRedrawnAccountsLiveAsAPortfolio(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, 60)
		uncertain(t, s)
		s.Replications, s.Redraw = 3, true
		if rapid.Bool().Draw(t, "segments") {
			s.Segments = &loan.Segments{By: "balance", At: loan.Bands{5000, 20000}}
		}
		tape := s.Portfolio.Portfolio(7, 20, 60)
		tape.Drawn = rapid.Bool().Draw(t, "synthetic")
		c, err := s.Config(tape)
		if err != nil {
			t.Fatal(err)
		}
		c.Accounts, c.Events, c.Workers = true, true, 2
		for index, redrawn := range run(t, c) {
			stream := rng.Stream{Seed: s.Seed, Replication: uint64(index)}
			own := *tape
			own.Accounts = borrower.Resample(stream, tape.Accounts)
			if tape.Drawn {
				own.Accounts = s.Portfolio.Draw(stream, 20, 60)
			}
			fixed := s.Clone()
			fixed.Redraw = false
			plain, err := fixed.Config(&own)
			if err != nil {
				t.Fatal(err)
			}
			plain.Accounts, plain.Events, plain.First, plain.Replications = true, true, index, 1
			if want := run(t, plain)[0]; !same(t, redrawn, want) {
				t.Fatalf("replication %d differs in %s", index, difference(&redrawn.Strategies[0], &want.Strategies[0]))
			}
		}
	})
}

// TestSpreadOfRedrawnBooks: the share of accounts that begin 30 to 59 days late is that of n independent draws, mean p and
// variance p(1-p)/n over replications; of accounts that stay the same it has no variance.
func TestSpreadOfRedrawnBooks(t *testing.T) {
	const n, replications = 200, 400
	s := small(n, 1, strategy.Plan{})
	s.Replications = replications
	s.Portfolio.Start.Current, s.Portfolio.Start.Days1, s.Portfolio.Start.Days30 = 0.7, 0, 0.3
	s.Portfolio.Start.Days60, s.Portfolio.Start.Days90, s.Portfolio.Start.Days120, s.Portfolio.Start.Days150 = 0, 0, 0, 0
	const p = 0.3
	for _, redraw := range []bool{false, true} {
		s.Redraw = redraw
		c := config(t, s)
		c.Accounts, c.Events = false, false
		var sum, squares float64
		for _, r := range run(t, c) {
			v := 0.0
			for _, g := range r.Strategies[0].Groups {
				if g.Dimension == "start" && g.Name == "30-59" {
					v = float64(g.Accounts) / n
				}
			}
			sum, squares = sum+v, squares+v*v
		}
		mean := sum / replications
		variance := (squares - sum*mean) / (replications - 1)
		if !redraw {
			if !(variance <= 1e-12) {
				t.Errorf("accounts that stay the same vary by %v", variance)
			}
			continue
		}
		const want = p * (1 - p) / n
		if !(math.Abs(mean-p) <= 5*math.Sqrt(want/replications)) {
			t.Errorf("mean %v, want %v", mean, p)
		}
		if !(math.Abs(variance-want) <= 5*want*math.Sqrt(2./(replications-1))) {
			t.Errorf("variance %v, want %v", variance, want)
		}
	}
}

// TestResample: accounts as on the tape, each as likely as any other, under ids of their own.
func TestResample(t *testing.T) {
	const n, draws = 40, 500
	tape := small(n, 30).Portfolio.Portfolio(3, n, 30).Accounts
	for i := range tape {
		tape[i].ID, tape[i].Limit = int64(1000+i), loan.Cents(i)
	}
	before := slices.Clone(tape)
	seen := make([]float64, n)
	for r := range draws {
		for i, a := range borrower.Resample(rng.Stream{Seed: 5, Replication: uint64(r)}, tape) {
			row := tape[a.Limit]
			row.ID = int64(i + 1)
			if a != row {
				t.Fatalf("%+v is no account of the tape", a)
			}
			seen[a.Limit]++
		}
	}
	for row, count := range seen { // binomial, n*draws trials of probability 1/n
		if !(math.Abs(count-draws) <= 5*math.Sqrt(draws*(1-1./n))) {
			t.Errorf("row %d is drawn %v times in %d, want about %d", row, count, n*draws, draws)
		}
	}
	if !slices.Equal(tape, before) {
		t.Error("the tape has changed")
	}
}

// TestDrawnAccountsAreChecked: whoever hands over accounts of a replication keeps to the rules of the portfolio's.
func TestDrawnAccountsAreChecked(t *testing.T) {
	s := small(10, 30, strategy.Plan{})
	for want, breakIt := range map[string]func([]loan.Account) []loan.Account{
		"replication 0: draw: must return as many accounts as the portfolio has, 10, got 9": func(a []loan.Account) []loan.Account { return a[1:] },
		"replication 0: account 1: balance: must be >= 0, got -0.01": func(a []loan.Account) []loan.Account {
			a[0] = loan.Account{ID: 1, Balance: -1}
			return a
		},
		"replication 0: account 2: segment: must be less than 1, the number of segments, got 3": func(a []loan.Account) []loan.Account {
			a[1].Segment = 3
			return a
		},
		"replication 0: account 5: id: two accounts have it": func(a []loan.Account) []loan.Account {
			a[7].ID = 5
			return a
		},
	} {
		c := config(t, s)
		draw := c.Draw
		c.Draw = func(stream rng.Stream) (*sim.World, []float64, error) {
			w, values, err := draw(stream)
			own := *w
			own.Accounts = breakIt(slices.Clone(c.Portfolio.Accounts))
			return &own, values, err
		}
		if err := sim.Run(context.Background(), *c, &keeper{}); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
