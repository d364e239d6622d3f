package sim_test

import (
	"math"
	"strings"
	"testing"

	"collectsim/sim"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"

	"pgregory.net/rapid"
)

// TestLedgerIdentity checks every account on the evening of every day, under whatever a lender may
// do: opening + accrued = paid + waived + written off + outstanding, to the cent.
func TestLedgerIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, whole(t, "accounts", 20, 50), whole(t, "horizon", 60, 240)))
		w := walker(t, c)
		for w.Today() < c.Horizon {
			w.Day()
			var opening, accrued, gone, outstanding loan.Cents
			for i := range c.Portfolio.Accounts {
				v, a := w.View(i), &c.Portfolio.Accounts[i]
				if !v.OnBooks {
					if v.Ledger != (loan.Ledger{}) || v.Active || v.Days != 0 {
						t.Fatalf("day %d account %d: lives before it opens: %+v", w.Today()-1, a.ID, v)
					}
					continue
				}
				if x := v.Imbalance(a.Balance); x != 0 {
					t.Fatalf("day %d account %d: imbalance %s: %+v", w.Today()-1, a.ID, x, v.Ledger)
				}
				checkMoney(t, w.Today()-1, a, &v)
				opening += a.Balance
				accrued += v.Accrued
				gone += v.Paid + v.Waived + v.WrittenOff
				outstanding += v.Outstanding()
			}
			if opening+accrued != gone+outstanding {
				t.Fatalf("day %d: totals do not balance", w.Today()-1)
			}
		}
	})
}

// TestEveryRunBalances: a run in which a cent gets lost ends with an error, in production too.
func TestEveryRunBalances(t *testing.T) {
	c := config(t, small(20, 30))
	for _, lost := range []loan.Cents{0, 1} {
		w := walker(t, c)
		for w.Today() < c.Horizon {
			w.Day()
		}
		w.Lose(7, lost)
		err := sim.Guard(func() error { w.End(); return nil })
		if broken := err != nil && strings.Contains(err.Error(), "account 8 under"); broken != (lost > 0) {
			t.Errorf("%d cents lost: %v", lost, err)
		}
	}
}

// checkMoney holds one account's amounts against what they mean.
func checkMoney(t *rapid.T, day int, a *loan.Account, v *sim.View) {
	for _, x := range []loan.Cents{v.Principal, v.Interest, v.Penalty, v.Arrears, v.Deferred(), v.Accrued, v.Paid, v.Waived, v.WrittenOff, v.Recovered, v.Cost} {
		if x < 0 {
			t.Fatalf("day %d account %d: negative amount: %+v", day, a.ID, v)
		}
	}
	switch {
	case v.Overdue > v.Principal+v.Interest:
		t.Fatalf("day %d account %d: overdue beyond the balance: %+v", day, a.ID, v)
	case v.Status == loan.Closed && v.Outstanding() != 0, // a settled claim stays written off
		v.Status == loan.ChargedOff && (v.Outstanding() != 0 || v.WrittenOff == 0),
		v.Status == loan.Overdue && v.Owed <= 0,
		v.Status == loan.Current && v.Owed != 0:
		t.Fatalf("day %d account %d: status %s: %+v", day, a.ID, v.Status, v)
	case !(v.Cash >= 0) || !(v.Stress >= 0 && v.Stress <= 100) || !(v.Trust >= 0 && v.Trust <= 1) || !(v.Excite >= 0):
		t.Fatalf("day %d account %d: cash %g stress %g trust %g excitation %g", day, a.ID, v.Cash, v.Stress, v.Trust, v.Excite)
	}
}

// TestRunningRecord recounts the portfolio naively every evening: counts and balances by bucket, who
// is in the day loop, how many days each borrower has lived, who waits for a team.
func TestRunningRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config(t, anyScenario(t, whole(t, "accounts", 20, 50), whole(t, "horizon", 60, 240)))
		w := walker(t, c)
		for w.Today() < c.Horizon {
			w.Day()
			recount(t, c, w)
		}
	})
}

func recount(t *rapid.T, c *sim.Config, w *sim.Walker) {
	day := loan.Day(w.Today() - 1)
	var count, reported [loan.NumBuckets]int64
	var balance [loan.NumBuckets]loan.Cents
	var calls, visits int
	active := map[int32]bool{}
	for _, i := range w.Active() {
		if active[i] {
			t.Fatalf("day %d: account %d twice in the day loop", day, i)
		}
		active[i] = true
	}
	for i := range c.Portfolio.Accounts {
		v := w.View(i)
		if !v.OnBooks {
			continue
		}
		b := bucket(v.Status, day, v.Oldest)
		count[b]++
		reported[bucket(v.Status, day, v.Demanded)]++
		balance[b] += v.Outstanding()
		if v.Status == loan.ChargedOff { // what a settlement gave up is no claim any more
			balance[b] += v.WrittenOff
		}
		calls += one(v.WaitsCall)
		visits += one(v.WaitsVisit)
		if v.Active != active[int32(i)] {
			t.Fatalf("day %d: account %d: in the day loop: flag %t, list %t", day, i, v.Active, active[int32(i)])
		}
		if v.Owed > 0 && !v.Active {
			t.Fatalf("day %d: account %d owes %s outside of the day loop", day, i, v.Owed)
		}
		lived := loan.Day(v.Days)
		if !v.Active {
			lived += day + 1 - v.Asleep
		}
		if lived != day+1-max(0, c.Portfolio.Accounts[i].Opened) {
			t.Fatalf("day %d: account %d has lived %d days", day, i, lived)
		}
	}
	gotCount, gotReported, gotBalance := w.Book()
	if gotCount != count || gotReported != reported || gotBalance != balance {
		t.Fatalf("day %d: running record\n%v %v %v, recount\n%v %v %v", day, gotCount, gotReported, gotBalance, count, reported, balance)
	}
	gotCalls, gotVisits := w.Queues()
	if gotCalls != calls || gotVisits != visits {
		t.Fatalf("day %d: queues %d and %d, recount %d and %d", day, gotCalls, gotVisits, calls, visits)
	}
}

// bucket is the naive definition.
func bucket(s loan.Status, day, since loan.Day) loan.Bucket {
	switch {
	case s == loan.ChargedOff:
		return loan.BucketChargedOff
	case s == loan.Closed || since == loan.Never || day <= since:
		return loan.BucketCurrent
	case day-since < 30:
		return loan.Bucket1
	case day-since < 60:
		return loan.Bucket30
	case day-since < 90:
		return loan.Bucket60
	case day-since < 120:
		return loan.Bucket90
	case day-since < 150:
		return loan.Bucket120
	}
	return loan.Bucket150
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestDaysAgree checks that daily rows and final metrics, which are recorded on different ways, tell
// the same: overdue rates and money at the horizon, mean overdue rate, stress, days in distress.
func TestDaysAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScenario(t, 40, whole(t, "horizon", 60, 240))
		c := config(t, s)
		for _, o := range run(t, c)[0].Strategies {
			checkDays(t, c, &o)
		}
	})
}

// onBooks counts the accounts that have opened by a day.
func onBooks(c *sim.Config, day int) int {
	n := 0
	for i := range c.Portfolio.Accounts {
		n += one(int(c.Portfolio.Accounts[i].Opened) <= day)
	}
	return n
}

func checkDays(t *rapid.T, c *sim.Config, o *outcome.StrategyOutcome) {
	last := o.Daily[c.Horizon-1] // all accounts have opened
	var late, stress, distress, n float64
	for day, d := range o.Daily {
		accounts := float64(onBooks(c, day))
		n += accounts
		late += accounts * d[outcome.DayOverdue30]
		stress += accounts * d[outcome.DayStress]
		distress += accounts * d[outcome.DayDistress] / float64(len(c.Portfolio.Accounts))
	}
	for _, x := range []struct {
		metric    string
		want, tol float64
	}{
		{"overdue_rate_1", last[outcome.DayOverdue1], 0},
		{"overdue_rate_30", last[outcome.DayOverdue30], 0},
		{"overdue_rate_30_reported", last[outcome.DayOverdue30Reported], 0},
		{"recovered", last[outcome.DayRecovered], 1e-9},
		{"cost", last[outcome.DayCost], 1e-9},
		{"mean_overdue_rate_30", late / n, 1e-12},
		{"stress_mean", stress / n, 1e-3}, // sums in float32
		{"distress_days", distress, 1e-9},
	} {
		if got := value(t, o, x.metric); !(math.Abs(got-x.want) <= x.tol*max(1, math.Abs(x.want))) {
			t.Fatalf("%s: %v, by days %v", x.metric, got, x.want)
		}
	}
}

// TestInterestIsToTheCent: the interest of a month is the balance times a twelfth of the contract's rate, rounded
// once, also where that lies at half a cent.
func TestInterestIsToTheCent(t *testing.T) {
	const n = 2000
	c := copies(t, plain(0, loan.MonthDays+1), n, late(0))
	for i := range c.Portfolio.Accounts {
		a := &c.Portfolio.Accounts[i]
		a.DPD, a.Arrears, a.PenaltyAPR, a.Product = 0, 0, 0, loan.Card
		a.APR = float64(1+i%97) / 100
		a.Balance = loan.Cents(600 * (1 + i*37%4001))
	}
	w := walker(t, c)
	for range loan.MonthDays + 1 {
		w.Day()
	}
	for i := range c.Portfolio.Accounts {
		a := &c.Portfolio.Accounts[i]
		exact := a.Balance * loan.Cents(1+i%97) // over 1200
		if got, want := w.View(i).Accrued, (exact+600)/1200; got != want {
			t.Errorf("account %d: %s at %g a year bear %s in a month, want %s", i, a.Balance, a.APR, got, want)
		}
	}
}

// TestEveryInterval: who pays every instalment on its day has repaid the loan on the last one, at interest of a 360th of
// the annual rate a day, rounded once a due date, and the last payment is no larger than the others.
func TestEveryInterval(t *testing.T) {
	for _, x := range []struct{ every, term int }{{1, 200}, {7, 26}, {14, 24}, {30, 12}} {
		last := 3%x.every + (x.term-1)*x.every
		a := loan.Account{Every: uint8(x.every), DueDay: uint8(3 % x.every), Term: int16(x.term), Balance: 1_234_567, APR: 0.24, LastPayment: -1}
		if a.DueDay == 0 {
			last++
		}
		a.Instalment = loan.AnnuityCents(a.Balance, a.APR, x.term, a.Interval())
		s := plain(0, last+2)
		s.Borrowers.Causes.Reliable.OnTime = 1
		c := copies(t, s, 3, a)
		want, owed := loan.Cents(0), a.Balance // by hand
		for range x.term {
			interest := loan.Cents(math.Round(float64(owed) * 0.24 * float64(x.every) / 360))
			want, owed = want+interest, max(0, owed+interest-a.Instalment)
		}
		if owed != 0 {
			t.Fatalf("every %d days: %s left by hand", x.every, owed)
		}
		w := walker(t, c)
		for w.Today() < c.Horizon {
			v := w.View(1)
			if w.Today() == last && (v.Status != loan.Current || v.Outstanding() > a.Instalment) {
				t.Errorf("every %d days: before the last instalment %+v", x.every, v)
			}
			w.Day()
		}
		if v := w.View(1); v.Status != loan.Closed || v.Accrued != want || v.Paid != a.Balance+want {
			t.Errorf("every %d days: %+v, want interest %s", x.every, v, want)
		}
	}
}

// TestManyInstalmentsOverdue: a tape may hold an account that owes millions of instalments at once. A payment of some of
// them leaves the oldest unpaid.
func TestManyInstalmentsOverdue(t *testing.T) {
	c := config(t, small(20, 120))
	for i := range c.Portfolio.Accounts {
		c.Portfolio.Accounts[i] = loan.Account{
			ID: int64(i) + 1, DPD: 40, DueDay: 20, Term: 24, APR: 0.1,
			Balance: 300_000_000, Arrears: 150_000_000, Instalment: 5,
		}
	}
	paid := loan.Cents(0)
	walk(t, c, 0, func(w *sim.Walker) {
		for i := range c.Portfolio.Accounts {
			v := w.View(i)
			paid += v.Paid
			if v.Status == loan.Overdue && (v.Oldest != -40 || v.Demanded != -40) {
				t.Fatalf("day %d account %d: overdue since day %d, demanded since day %d, want -40", w.Today()-1, i+1, v.Oldest, v.Demanded)
			}
		}
	})
	if paid == 0 {
		t.Error("nobody paid a part")
	}
}
