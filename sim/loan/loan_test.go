package loan_test

import (
	"math"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/loan"

	"pgregory.net/rapid"
)

// Source: numpy-financial documentation and tests, pmt(0.08/12, 60, 15000) = -304.145914 and
// pmt(0.075/12, 180, 200000) = -1854.0247200054619; schedule rows by the same recursion.
func TestAnnuityKnownAnswers(t *testing.T) {
	near(t, "payment", loan.Annuity(15000, 0.08/12, 60), 304.1459143262078)
	near(t, "payment", loan.Annuity(200000, 0.075/12, 180), 1854.0247200054619)
	rows := loan.Schedule(15000, 0.08/12, 60)
	near(t, "interest 1", rows[0].Interest, 100)
	near(t, "balance 1", rows[0].Balance, 14795.854085673793)
	near(t, "principal 2", rows[1].Principal, 205.50688708838248)
	near(t, "interest 12", rows[11].Interest, 84.52016147979914)
	near(t, "balance 12", rows[11].Balance, 12458.398469123464)
	near(t, "balance 36", rows[35].Balance, 6724.831501812458)
	near(t, "principal 59", rows[58].Principal, 300.1308307679358)
	near(t, "interest 60", rows[59].Interest, 2.014211353152461)
	if rows[59].Balance != 0 {
		t.Errorf("last balance %g, want 0", rows[59].Balance)
	}
	near(t, "no interest", loan.Annuity(1200, 0, 12), 100)
}

// TestSchedulesOfAnyLength: what is owed before the last payment is that payment less a period's interest. Counted on from
// period to period, 10,000 were still owed after 100 years at 3% a month.
func TestSchedulesOfAnyLength(t *testing.T) {
	for _, n := range []int{1, 2, 60, 360, 1200} {
		for _, rate := range []float64{0, 1e-9, 0.005, 0.03, 0.2} {
			rows := loan.Schedule(10_000, rate, n)
			payment, paid := loan.Annuity(10_000, rate, n), 0.0
			for _, r := range rows {
				paid += r.Principal
				near(t, "payment", r.Interest+r.Principal, payment)
			}
			near(t, "principal in all", paid, 10_000)
			near(t, "last principal", rows[n-1].Principal, payment/(1+rate))
			if rows[n-1].Balance != 0 {
				t.Errorf("%d payments at %v: last balance %v", n, rate, rows[n-1].Balance)
			}
		}
	}
}

// Source: DARTH-git/darthtools R/rate_conversion.R; discounting by definition.
func TestRateConversions(t *testing.T) {
	near(t, "p", loan.RateToProbability(0.15, 1), 0.1392920235749422)
	near(t, "p", loan.RateToProbability(0.5, 1.0/12), 0.040810542890861834)
	near(t, "r", loan.ProbabilityToRate(0.2, 1), 0.2231435513142097)
	near(t, "monthly", loan.RescaleProbability(0.2, 1.0/12), 0.018423470126248342)
	near(t, "discount", loan.DiscountFactor(0.06, 1), 0.9433962264150942)
	near(t, "discount", loan.DiscountFactor(0.03, 10), 0.7440939148967249)
	near(t, "per month", loan.PeriodicRate(0.2, 12), 0.015309470499731193)
	near(t, "continuous", loan.ContinuousDiscountFactor(0.05, 2), 0.9048374180359595)
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*math.Abs(want)) {
		t.Errorf("%s: got %.17g, want %.17g", what, got, want)
	}
}

// The ledger identity and the two overdue amounts survive any sequence of movements.
func TestLedgerIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := func(label string, most loan.Cents) loan.Cents {
			return loan.Cents(rapid.Int64Range(0, int64(max(most, 0))).Draw(t, label))
		}
		opening := cents("opening", 1e9)
		l := loan.Ledger{Principal: opening}
		for range rapid.IntRange(1, 40).Draw(t, "moves") {
			switch rapid.IntRange(0, 8).Draw(t, "move") {
			case 0:
				l.AccrueInterest(cents("interest", 1e6))
			case 1:
				l.AccruePenalty(cents("penalty", 1e6))
			case 2:
				l.FallDue(cents("contractual", 1e8), cents("demanded", 1e8))
			case 3:
				l.Pay(cents("paid", l.Outstanding()))
			case 4:
				l.Waive(cents("waived", 1e8))
			case 5:
				l.Defer()
			case 6:
				l.Recall()
			case 7:
				l.ChargeOff()
			case 8:
				l.Recover(cents("recovered", l.WrittenOff))
			}
			if d := l.Imbalance(opening); d != 0 {
				t.Fatalf("imbalance of %d cents: %+v", d, l)
			}
			if l.Principal < 0 || l.Interest < 0 || l.Penalty < 0 || l.Arrears < 0 || l.Overdue < 0 || l.WrittenOff < 0 {
				t.Fatalf("negative amount: %+v", l)
			}
			if l.Overdue > l.Principal+l.Interest {
				t.Fatalf("more overdue than outstanding: %+v", l)
			}
		}
	})
}

func TestOldestDue(t *testing.T) {
	for _, c := range []struct {
		overdue, instalment     loan.Cents
		lastDue, interval, want loan.Day
	}{
		{0, 100, 30, 30, loan.Never},
		{1, 100, 30, 30, 30},
		{100, 100, 30, 30, 30},
		{101, 100, 30, 30, 0},
		{101, 100, 30, 7, 23},
		{250, 100, 30, 30, -30},
		{250, 100, 30, 14, 2},
		{109_100, 100, 30, 30, 30 - 1090*30},
		{109_300, 100, 0, 30, -32_760},
		{109_400, 100, 0, 30, -loan.Never}, // in 16 bits it would lie ahead
		{100_000_000, 1, 0, 30, -loan.Never},
		{100_000_000, 1, 0, 1, -loan.Never},
		{1e17, 1, -29, 30, -loan.Never},
	} {
		if got := loan.OldestDue(c.overdue, c.instalment, c.lastDue, c.interval); got != c.want {
			t.Errorf("OldestDue(%d, %d, %d) = %d, want %d", c.overdue, c.instalment, c.lastDue, got, c.want)
		}
	}
}

func TestMissedInstalmentsMatchesOldestDue(t *testing.T) {
	for interval := loan.Day(1); interval <= loan.MonthDays; interval++ {
		for dpd := loan.Day(1); dpd < 400; dpd++ {
			missed := loan.MissedInstalments(dpd, interval)
			lastDue := -((dpd - 1) % interval) - 1
			if got := loan.OldestDue(loan.Cents(missed)*100, 100, lastDue, interval); got != -dpd {
				t.Fatalf("dpd %d, every %d days: %d missed, oldest due on day %d", dpd, interval, missed, got)
			}
		}
	}
}

// TestIntervals: a month of 30 days is as it ever was, to the last bit; a year of 360 days has 360/interval intervals.
func TestIntervals(t *testing.T) {
	for _, apr := range []float64{0, 0.07, 0.12, 0.1499, 10} {
		if got := loan.IntervalRate(apr, loan.MonthDays); got != apr/12 {
			t.Errorf("%g a year is %v a month, want %v", apr, got, apr/12)
		}
		near(t, "weekly rate", loan.IntervalRate(apr, 7), apr*7/360)
	}
	for _, c := range []struct{ months, interval, want int }{{0, 7, 0}, {1, 30, 1}, {24, 30, 24}, {1, 7, 4}, {12, 7, 51}, {3, 14, 6}, {7, 1, 210}, {1200, 7, 5143}} {
		if got := loan.InstalmentsIn(c.months, loan.Day(c.interval)); got != c.want {
			t.Errorf("%d months every %d days: %d instalments, want %d", c.months, c.interval, got, c.want)
		}
	}
	for _, c := range []struct{ amount, interval, want loan.Cents }{{1e17, 30, 1e17}, {700, 7, 3000}, {100, 7, 429}, {500, 15, 1000}} {
		if got := loan.PerMonth(c.amount, loan.Day(c.interval)); got != c.want {
			t.Errorf("%d every %d days is %d a month, want %d", c.amount, c.interval, got, c.want)
		}
	}
	// The weekly payments of a year, 360 days here, are worth the loan at the weekly rate: numpy-financial pmt(0.24*7/360, 51, 10000) by its formula.
	rate := 0.24 * 7 / 360
	near(t, "weekly", float64(loan.AnnuityCents(1_000_000, 0.24, 51, 7)), math.Ceil(1_000_000*rate/(1-math.Pow(1+rate, -51))))
}

func TestBuckets(t *testing.T) {
	for dpd, want := range map[loan.Day]string{0: "current", 1: "1-29", 29: "1-29", 30: "30-59", 59: "30-59", 89: "60-89", 90: "90-119", 149: "120-149", 150: "150-179", 400: "150-179"} {
		if got := loan.BucketOf(dpd).String(); got != want {
			t.Errorf("dpd %d: %s, want %s", dpd, got, want)
		}
	}
}

func TestCentsString(t *testing.T) {
	for c, want := range map[loan.Cents]string{0: "0.00", 5: "0.05", -5: "-0.05", 123456: "1,234.56", -100000000: "-1,000,000.00"} {
		if got := c.String(); got != want {
			t.Errorf("%d: %s, want %s", int64(c), got, want)
		}
	}
}

// Names read back as what they name.
func TestNamesRoundTrip(t *testing.T) {
	for c := loan.NoChannel; c < loan.NumChannels; c++ {
		var got loan.Channel
		text, _ := c.MarshalText()
		if err := got.UnmarshalText(text); err != nil || got != c {
			t.Errorf("%v: %v, %v", c, got, err)
		}
	}
	var r loan.Region
	if err := r.UnmarshalText([]byte("rural")); err == nil {
		t.Error("unknown region accepted")
	}
}

// TestHalfCentsRoundUp: a share in decimals of any amount is what integers make of it, half a cent rounded away from zero.
func TestHalfCentsRoundUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SampledFrom([]int64{2, 10, 100, 1000, 10_000, 1200, 12_000}).Draw(t, "parts") // decimals, and twelfths of them
		k := rapid.Int64Range(0, 2*parts).Draw(t, "k")
		check := func(amount int64) {
			want := (2*max(amount, -amount)*k + parts) / (2 * parts)
			if amount < 0 {
				want = -want
			}
			if got := loan.Cents(amount).Share(float64(k) / float64(parts)); got != loan.Cents(want) {
				t.Fatalf("%d/%d of %d cents: got %d, want %d", k, parts, amount, got, want)
			}
		}
		check(rapid.Int64Range(-1e11, 1e11).Draw(t, "cents"))
		for m := range int64(300) { // halves, where k is odd
			check(m * parts / 2)
		}
	})
	for _, c := range []struct {
		units float64
		want  loan.Cents
	}{{0.285, 29}, {1.005, 101}, {-1.005, -101}, {0, 0}, {0.284999, 28}, {45e12, 45e14}, {3.5 * 0.81, 284}} {
		if got := loan.FromUnits(c.units); got != c.want {
			t.Errorf("%v units: got %d cents, want %d", c.units, got, c.want)
		}
	}
	for _, c := range []loan.Cents{1, 1e15, 9e15, -9e15} {
		if got := c.Share(1); got != c {
			t.Errorf("all of %d is %d", c, got)
		}
	}
}
