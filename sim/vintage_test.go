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
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"

	"pgregory.net/rapid"
)

// noWeather keeps the economy constant, so that no day differs from another.
func noWeather(s *scenario.Scenario) {
	m := &s.Borrowers.Macro
	m.Volatility, m.ShockDays = 0, 0
}

// fresh makes the accounts new loans of one day: current, with the first instalment an interval later.
func fresh(accounts []loan.Account, opened loan.Day) []loan.Account {
	out := slices.Clone(accounts)
	for i := range out {
		a := &out[i]
		a.Opened, a.DueDay = opened, uint8(max(opened, 0)%a.Interval())
		a.DPD, a.Arrears, a.LastPayment = 0, 0, -1
	}
	return out
}

// TestNewLoanLivesTheSameLifeLater: with nothing that depends on the date, a book that opens d days later
// lives the same no-contact life d days later: events, rows, cures and metrics, to the bit.
func TestNewLoanLivesTheSameLifeLater(t *testing.T) {
	const horizon = 270
	kinds := map[outcome.EventKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := small(60, horizon)
		s.Seed = rapid.Uint64().Draw(t, "seed")
		anyBehaviour(t, s)
		noWeather(s)
		s.Portfolio.New.PerMonth = 0
		s.Policy.ChargeOff = pick(t, "charge-off", 60, 90)
		c := config(t, s)
		shift := loan.Day(whole(t, "shift", 1, 120))
		now := fresh(c.Portfolio.Accounts, 0)
		later := fresh(c.Portfolio.Accounts, shift)

		c.Portfolio.Accounts = now
		a := &run(t, c)[0].Strategies[0]
		c.Portfolio.Accounts, c.Horizon = later, horizon+int(shift)
		b := &run(t, c)[0].Strategies[0]

		for i := range a.Accounts { // what is worth money today is worth less of today's when it comes later
			x, y := &a.Accounts[i].BookValue, &b.Accounts[i].BookValue
			if later := *x * loan.DiscountFactor(s.Costs.Funding, float64(shift)/loan.YearDays); !(math.Abs(later-*y) <= 1e-9*max(1, math.Abs(later))) {
				t.Fatalf("account %d is worth %v, %d days later %v, want %v", i, *x, shift, *y, later)
			}
			*x, *y = 0, 0
		}
		if !slices.Equal(a.Accounts, b.Accounts) {
			t.Fatalf("rows differ %d days later", shift)
		}
		moved := slices.Clone(b.Events)
		for k := range moved {
			moved[k].Day -= shift
			kinds[moved[k].Kind]++
		}
		if !slices.Equal(a.Events, moved) {
			t.Fatalf("events differ %d days later", shift)
		}
		if !slices.Equal(a.Cures, b.Cures[:len(a.Cures)]) {
			t.Fatalf("cures differ %d days later", shift)
		}
		for _, m := range []string{"mean_overdue_rate_30", "stress_mean", "overdue_rate_30", "charge_off_rate"} {
			if x, y := value(t, a, m), value(t, b, m); x != y {
				t.Fatalf("%s: %v, %d days later %v", m, x, shift, y)
			}
		}
	})
	for _, k := range []outcome.EventKind{outcome.EventPayment, outcome.EventOverdue, outcome.EventCure, outcome.EventChargeOff, outcome.EventShock} {
		if kinds[k] == 0 {
			t.Errorf("no event of kind %s: too little to see", k)
		}
	}
}

// TestDayZeroIsTheOpeningBook: loans with an opening day of 0 or before are the opening book, to the byte,
// and there is no dimension of vintages.
func TestDayZeroIsTheOpeningBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 30, 120)
		s.Portfolio.New.PerMonth = 0
		c := config(t, s)
		before := run(t, c)
		for i := range c.Portfolio.Accounts {
			c.Portfolio.Accounts[i].Opened = -loan.Day(whole(t, "opened", 0, 500))
		}
		after := run(t, c)
		if !same(t, before, after) {
			t.Fatal("results differ")
		}
		for _, g := range after[0].Strategies[0].Groups {
			if g.Dimension == "vintage" {
				t.Fatalf("group %+v without new loans", g)
			}
		}
	})
}

// TestOthersOpeningChangesNothing: without teams and a budget, when or whether other loans open changes no
// row and no event of an account.
func TestOthersOpeningChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 25, 150)
		for k := range s.Strategies {
			s.Strategies[k].Stages = alone(s.Strategies[k].Stages)
		}
		s.Policy.Budget = 0
		s.Portfolio.New.PerMonth = 0
		c := config(t, s)
		before := run(t, c)[0]
		moves := make([]bool, len(c.Portfolio.Accounts))
		for i := range moves {
			if moves[i] = rapid.Bool().Draw(t, "moves"); moves[i] {
				c.Portfolio.Accounts[i] = fresh(c.Portfolio.Accounts[i:i+1], loan.Day(whole(t, "opened", 1, 149)))[0]
			}
		}
		after := run(t, c)[0]
		for k := range before.Strategies {
			a, b := &before.Strategies[k], &after.Strategies[k]
			for i := range moves {
				if !moves[i] && a.Accounts[i] != b.Accounts[i] {
					t.Fatalf("row %d: %+v, with new loans beside it %+v", i, a.Accounts[i], b.Accounts[i])
				}
			}
			stays := func(events []outcome.Event) []outcome.Event {
				return slices.DeleteFunc(slices.Clone(events), func(e outcome.Event) bool { return moves[place(c, e.Account)] })
			}
			if !slices.Equal(stays(a.Events), stays(b.Events)) {
				t.Fatal("events differ")
			}
		}
	})
}

// TestNothingBeforeOpening: no event of a loan before its day, no due date before the first one, and daily
// shares over the accounts that have opened: the naive recount by events.
func TestNothingBeforeOpening(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, 150)
		s.Portfolio.New.PerMonth = 0.5
		c := config(t, s)
		opened, interval := map[int64]loan.Day{}, map[int64]loan.Day{}
		for _, a := range c.Portfolio.Accounts {
			opened[a.ID], interval[a.ID] = a.Opened, a.Interval()
		}
		for _, o := range run(t, c)[0].Strategies {
			paid := map[loan.Day]loan.Cents{}
			for _, e := range o.Events {
				first := opened[e.Account]
				if first > 0 && (e.Day < first || e.Kind == outcome.EventOverdue && e.Day < first+interval[e.Account]) {
					t.Fatalf("%+v of a loan that opened on day %d", e, first)
				}
				if e.Kind == outcome.EventPayment {
					paid[e.Day] += e.Amount
				}
			}
			var sum loan.Cents
			for day, row := range o.Daily {
				sum += paid[loan.Day(day)]
				n := float64(onBooks(c, day))
				if count := row[outcome.DayOverdue1] * n; !(math.Abs(count-math.Round(count)) <= 1e-9) || count > n {
					t.Fatalf("day %d: %v of %v accounts are overdue", day, count, n)
				}
				if row[outcome.DayRecovered]*n > sum.Units()+1e-6 {
					t.Fatalf("day %d: recovered %v of %v paid", day, row[outcome.DayRecovered]*n, sum)
				}
			}
		}
	})
}

// TestMovesStartAtAMonthsEnd: a loan joins the table of moves at the first month's end after its opening, or
// at once if it opens on the first day of a month: moves of month m count the loans opened by day 30(m-1).
func TestMovesStartAtAMonthsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 20, 180)
		s.Portfolio.New.PerMonth = 0.6
		c := config(t, s)
		for _, o := range run(t, c)[0].Strategies {
			for m, moves := range o.Transitions {
				var n int64
				for _, row := range moves {
					for _, f := range row {
						n += f.Count
					}
				}
				if want := int64(onBooks(c, m*loan.MonthDays)); n != want {
					t.Fatalf("month %d: %d moves, %d accounts on the books at its start", m+1, n, want)
				}
			}
		}
	})
}

// TestVintagesByHand follows every new loan by its contractual bucket of every evening and counts each
// vintage afresh.
func TestVintagesByHand(t *testing.T) {
	ever, lost := int64(0), int64(0)
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 15, whole(t, "horizon", 100, 330))
		s.Policy.ChargeOff = 60
		s.Portfolio.New.PerMonth = 1
		c := config(t, s)
		for i := range c.Portfolio.Accounts {
			if a := &c.Portfolio.Accounts[i]; a.Opened > 0 {
				a.DueDay = uint8(i * 7 % int(a.Interval()))
			}
		}
		n := len(c.Portfolio.Accounts)
		late, off := make([][]bool, n), make([][]bool, n) // by day of the loan's life
		o, _ := walk(t, c, 0, func(w *sim.Walker) {
			for i := range c.Portfolio.Accounts {
				if v := w.View(i); v.OnBooks {
					late[i] = append(late[i], v.Bucket >= loan.Bucket30)
					off[i] = append(off[i], len(off[i]) > 0 && off[i][len(off[i])-1] || v.Status == loan.ChargedOff)
				}
			}
		})
		for _, e := range o.Events { // what is charged off in the morning may be paid in full by the evening
			if e.Kind == outcome.EventChargeOff {
				i := slices.IndexFunc(c.Portfolio.Accounts, func(a loan.Account) bool { return a.ID == e.Account })
				for k := int(e.Day - max(0, c.Portfolio.Accounts[i].Opened)); k < len(off[i]); k++ {
					off[i][k] = true
				}
			}
		}
		want := vintagesByHand(c, late, off)
		if !same(t, o.Vintages, want) {
			t.Fatalf("vintages\n%+v, by hand\n%+v", o.Vintages, want)
		}
		for _, v := range want {
			ever += v.Ever30[len(v.Ever30)-1]
			lost += v.ChargedOff[len(v.ChargedOff)-1]
		}
	})
	if ever == 0 || lost == 0 {
		t.Fatalf("%d loans ever late, %d charged off: too little to see", ever, lost)
	}
}

func vintagesByHand(c *sim.Config, late, off [][]bool) []outcome.Vintage {
	byMonth := map[int][]int{}
	for i := range c.Portfolio.Accounts {
		if d := int(c.Portfolio.Accounts[i].Opened); d > 0 {
			byMonth[d/30] = append(byMonth[d/30], i)
		}
	}
	var list []outcome.Vintage
	for m := range c.Horizon/30 + 1 {
		loans := byMonth[m]
		if len(loans) == 0 {
			continue
		}
		v := outcome.Vintage{Month: m + 1, Loans: int64(len(loans))}
		for k := 0; ; k++ {
			youngest := c.Horizon
			var ever, now, lost int64
			for _, i := range loans {
				life := late[i]
				if youngest = min(youngest, len(life)); 30*k >= len(life) {
					break
				}
				ever += int64(one(slices.Contains(life[:30*k+1], true)))
				now += int64(one(life[30*k]))
				lost += int64(one(off[i][30*k]))
			}
			if 30*k >= youngest {
				break
			}
			v.Ever30, v.Late30, v.ChargedOff = append(v.Ever30, ever), append(v.Late30, now), append(v.ChargedOff, lost)
		}
		list = append(list, v)
	}
	return list
}

// TestVintageGroups: the groups by month of opening hold the declared number of loans of each month, the
// opening book first, and split the portfolio.
func TestVintageGroups(t *testing.T) {
	s := small(100, 180, strategy.Plan{})
	s.Portfolio.New.PerMonth = 0.07
	o := run(t, config(t, s))[0].Strategies[0]
	var names []string
	for _, g := range o.Groups {
		if g.Dimension != "vintage" {
			continue
		}
		names = append(names, g.Name)
		want := int64(7)
		if g.Name == "opening-book" {
			want = 100
		}
		if g.Accounts != want {
			t.Errorf("%s: %d loans, want %d", g.Name, g.Accounts, want)
		}
	}
	if got, want := strings.Join(names, " "), "opening-book month-1 month-2 month-3 month-4 month-5 month-6"; got != want {
		t.Errorf("groups %s, want %s", got, want)
	}
}

// TestHazardOfALateVintage: loans whose borrowers never pay are all 30 days late two months after opening,
// and none before; the share in the book follows by arithmetic.
func TestHazardOfALateVintage(t *testing.T) {
	const horizon = 360
	s := small(50, horizon)
	noWeather(s)
	b := &s.Borrowers.Causes
	for _, y := range []*float64{
		&b.Reliable.OnTime, &b.Forgetful.OnTime, &b.TemporaryShock.OnTime, &b.OverIndebted.OnTime, &b.Unwilling.OnTime,
		&b.Reliable.Will, &b.Forgetful.Will, &b.TemporaryShock.Will, &b.OverIndebted.Will, &b.Unwilling.Will,
	} {
		*y = 0
	}
	s.Borrowers.LumpSums.PerYear = 0
	s.Portfolio.Start.Current, s.Portfolio.Start.Days1 = 1, 0
	s.Portfolio.Start.Days30, s.Portfolio.Start.Days60, s.Portfolio.Start.Days90, s.Portfolio.Start.Days120, s.Portfolio.Start.Days150 = 0, 0, 0, 0, 0
	s.Portfolio.New.PerMonth = 0.1
	s.Portfolio.New.Size = 1
	c := config(t, s)
	o := run(t, c)[0].Strategies[0]
	if len(o.Vintages) != horizon/loan.MonthDays {
		t.Fatalf("%d vintages", len(o.Vintages))
	}
	for _, v := range o.Vintages {
		for k := range v.Ever30 {
			want := int64(0)
			if k >= 2 {
				want = v.Loans
			}
			if v.Ever30[k] != want || v.Late30[k] != want {
				t.Errorf("month %d, %d months on book: %d ever, %d now of %d loans", v.Month, k, v.Ever30[k], v.Late30[k], v.Loans)
			}
		}
	}
	for day, row := range o.Daily {
		late := 0
		for _, a := range c.Portfolio.Accounts {
			due := int(a.DueDay)
			if a.Opened > 0 || due == 0 {
				due = int(a.Opened) + 30
			}
			late += one(day-due >= 30)
		}
		if got, want := row[outcome.DayOverdue30], float64(late)/float64(onBooks(c, day)); got != want {
			t.Fatalf("day %d: overdue rate %v, by the calendar %v", day, got, want)
		}
	}
}

// TestOpeningRules: what a new loan cannot be is refused, by account.
func TestOpeningRules(t *testing.T) {
	c := config(t, small(4, 60))
	a := fresh(c.Portfolio.Accounts, 0)
	a[0].Opened, a[1].Opened, a[2].Opened = 59, 60, 70
	a[3].Opened, a[3].DPD, a[3].Arrears = 5, 3, 1
	c.Portfolio.Accounts = a
	want := "account 2: opened: must be before the end of the run, at most 59 for a horizon of 60 days, got 60\n" +
		"account 3: opened: must be before the end of the run, at most 59 for a horizon of 60 days, got 70\n" +
		"account 4: opened: a loan that is disbursed on day 5 of the run cannot be 3 days past due before"
	if err := sim.Run(context.Background(), *c, &keeper{}); err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
	c.Portfolio.Accounts = a[:1]
	if o := run(t, c)[0].Strategies[0]; len(o.Accounts) != 1 || o.Accounts[0].Outstanding != a[0].Balance || o.Daily[58][outcome.DayStress] != 0 {
		t.Errorf("a loan of the last day: %+v", o.Accounts)
	}
}

// TestVintageCurveInClosedForm: borrowers who pay on a due date with probability q, and never afterwards, are ever 30
// days late by k months on book if they missed one of the first k-1 due dates: 1 - q^(k-1) of the loans, within five
// standard errors of a binomial share.
func TestVintageCurveInClosedForm(t *testing.T) {
	const q = 0.93
	s := small(1000, 360)
	noWeather(s)
	s.Portfolio.New = borrower.NewLoans{PerMonth: 1, Size: 1}
	s.Portfolio.Products.Card.Share = 0 // minimum payments would close small ones
	b := &s.Borrowers
	reliable := borrower.Type{Share: 1, Odds: b.Causes.Reliable.Odds, Memory: 1, OnTime: q, Capacity: 10, LossDays: 1}
	b.Causes, b.Loadings = borrower.Causes{Reliable: reliable}, borrower.Loadings{}
	b.Causes.Forgetful.LossDays, b.Causes.TemporaryShock.LossDays, b.Causes.OverIndebted.LossDays, b.Causes.Unwilling.LossDays = 1, 1, 1, 1
	o := run(t, config(t, s))[0].Strategies[0]
	for k := range 11 {
		var ever, loans int64
		for _, v := range o.Vintages {
			if k < len(v.Ever30) {
				ever, loans = ever+v.Ever30[k], loans+v.Loans
			}
		}
		want := 1 - math.Pow(q, float64(max(0, k-1)))
		se := math.Sqrt(want * (1 - want) / float64(loans))
		if got := float64(ever) / float64(loans); loans < 900 || !(math.Abs(got-want) <= 5*se) {
			t.Errorf("%d months on book: %v of %d loans, want %v with standard error %v", k, got, loans, want, se)
		}
	}
}
