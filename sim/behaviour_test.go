package sim_test

import (
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// TestWillingnessWears: without contacts, at an own intensity that loses the share w with each month
// past due, the time to the first payment has the survival exp(-sum of theta (1-w)^months).
func TestWillingnessWears(t *testing.T) {
	const n, horizon, intensity, wear = 20000, 120, 0.02, 0.4
	s := plain(intensity, horizon)
	s.Borrowers.Payment.Wear = wear
	o := &run(t, copies(t, s, n, late(10)))[0].Strategies[0]
	checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 {
		hazard := 0.0
		for day := range d + 1 {
			hazard += intensity * math.Pow(1-wear, float64((10+day)/loan.MonthDays))
		}
		return math.Exp(-hazard)
	})
}

// TestContactsWear: what a contact excites is worn like the own intensity, by the months past due on its day and by
// charge-off, so that an old debt does not pay because somebody rings.
func TestContactsWear(t *testing.T) {
	const n, horizon, intensity, effect, kappa, wear, lost, on = 20000, 60, 0.02, 0.5, 0.15, 0.4, 0.5, 5
	for _, dpd := range []int{10, 70, 200} {
		s := plain(intensity, horizon, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: dpd + on, Cap: 1}}})
		s.Channels[loan.SMS].Effect, s.Borrowers.Excitation.Decay = effect, kappa
		s.Borrowers.Payment.Wear, s.Borrowers.Payment.ChargedOff, s.Policy.ChargeOff = wear, lost, 180
		left := func(day int) float64 {
			x := math.Pow(1-wear, float64((dpd+day)/loan.MonthDays))
			if dpd+day >= 180 {
				x *= lost
			}
			return x
		}
		o := &run(t, copies(t, s, n, late(loan.Day(dpd))))[0].Strategies[0]
		checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 {
			total := 0.0
			for day := range d + 1 {
				total += intensity * left(day)
			}
			if since := float64(d + 1 - on); since > 0 {
				total += effect * left(on) * -math.Expm1(-kappa*since) / kappa
			}
			return math.Exp(-total)
		})
	}
}

// TestWearEndsWithTheArrears: who is up to date again wants as much as ever, and who has paid the oldest
// instalments wants as one who is late by what is left.
func TestWearEndsWithTheArrears(t *testing.T) {
	s := plain(0.5, 60)
	s.Borrowers.Payment = borrower.Payment{FractionLow: 1, FractionHigh: 1, Minimum: 1}
	s.Borrowers.Payment.Wear = 0.5
	s.Borrowers.Payment.Instalment, s.Borrowers.Payment.FullShare = 1, 0
	c := copies(t, s, 50, late(70)) // three instalments behind
	walk(t, c, 0, func(w *sim.Walker) {
		for i := range 50 {
			v, months := w.View(i), 0
			if v.Demanded != loan.Never {
				months = (w.Today() - 1 - int(v.Demanded)) / loan.MonthDays
			}
			want := float64(w.Traits(i).Will) * math.Pow(0.5, float64(months))
			if !(math.Abs(float64(v.Will)-want) <= 1e-6) {
				t.Fatalf("day %d account %d: intensity %v, %d months past due, want %v", w.Today()-1, i, v.Will, months, want)
			}
		}
	})
}

// TestOneInstalmentAMonth: who pays one instalment and takes the month for done pays exactly one between
// two due dates, and so stays as far behind as he is.
func TestOneInstalmentAMonth(t *testing.T) {
	const n, horizon = 200, 160
	s := plain(2, horizon)
	s.Borrowers.Payment = borrower.Payment{FractionLow: 1, FractionHigh: 1, Minimum: 1}
	s.Borrowers.Payment.Instalment, s.Borrowers.Payment.Rest = 1, 1
	a := late(40) // next due date: day 20
	o, w := walk(t, copies(t, s, n, a), 0, nil)
	payments := 0
	for id, events := range byAccount(o.Events) {
		last := -1
		for _, e := range events {
			if e.Kind != outcome.EventPayment {
				continue
			}
			payments++
			month := (int(e.Day) + loan.MonthDays - 20) / loan.MonthDays
			if e.Amount != a.Instalment || month == last {
				t.Fatalf("account %d pays %s on day %d, in month %d as before", id, e.Amount, e.Day, month)
			}
			last = month
		}
	}
	if want := n * 6; payments < want*9/10 { // months 0 to 5; nearly all pay in each at 2 a day
		t.Fatalf("%d payments, want about %d", payments, want)
	}
	behind := 0
	for i := range n {
		if v := w.View(i); v.Arrears == a.Instalment {
			behind++
		}
	}
	if behind < n*9/10 {
		t.Fatalf("%d of %d are one instalment behind after their payment", behind, n)
	}
}

// TestRestNeedsAnInstalment: nobody rests after another kind of payment.
func TestRestNeedsAnInstalment(t *testing.T) {
	s := plain(0.2, 100)
	s.Borrowers.Payment.FullShare = 0
	o := func(rest float64) *outcome.StrategyOutcome {
		s.Borrowers.Payment.Rest = rest
		return &run(t, copies(t, s, 100, late(40)))[0].Strategies[0]
	}
	if !same(t, o(0), o(1)) {
		t.Fatal("rest matters without payments of one instalment")
	}
}

// TestPartPromises: who has cash for all of it promises all; of the others the share promise_part
// promises one instalment, the rest all.
func TestPartPromises(t *testing.T) {
	const n = 4000
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 1, Cap: 1}
	s := plain(0, 12, strategy.Plan{Stages: []strategy.Stage{stage}})
	b := &s.Channels[loan.Bot]
	b.Deliver, b.Promise, b.Keep, b.Connect = 1, 1, 0, s.Channels[loan.SMS].Connect
	s.Borrowers.Stress.Avoidance = 0
	s.Borrowers.Causes.Reliable.Capacity, s.Borrowers.Causes.Reliable.Spread = 1, 0
	s.Borrowers.Cash.Leak = 0.02
	for _, part := range []float64{0, 0.3, 1} {
		s.Borrowers.Payment.PromisePart = part
		a := late(70)
		small, all := 0, 0
		for _, e := range run(t, copies(t, s, n, a))[0].Strategies[0].Events {
			switch {
			case e.Kind != outcome.EventPromise:
			case e.Amount == a.Instalment:
				small++
			case e.Amount == a.Arrears:
				all++
			default:
				t.Fatalf("promised %s of %s", e.Amount, a.Arrears)
			}
		}
		// Cash never reaches three instalments here: at most 1/(1-keep^30) = 2.2 after a pay day.
		share, se := float64(small)/float64(small+all), math.Sqrt(part*(1-part)/n)
		if small+all != n || !(math.Abs(share-part) <= 5*se) {
			t.Errorf("part %g: %d promise one instalment, %d all", part, small, all)
		}
	}
}

// TestCheapPromises: promises are kept with the channel's chance times the cause's factor.
func TestCheapPromises(t *testing.T) {
	const n = 4000
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 1, Cap: 1}
	s := plain(0, 12, strategy.Plan{Stages: []strategy.Stage{stage}})
	b := &s.Channels[loan.Bot]
	b.Deliver, b.Effect, b.Promise, b.Keep, b.Connect = 1, 0, 1, 0.8, s.Channels[loan.SMS].Connect
	s.Borrowers.Stress.Avoidance, s.Borrowers.Trust.Keep = 0, 0
	s.Borrowers.Causes.Reliable.Keep = 0.4
	o := run(t, copies(t, s, n, late(10)))[0].Strategies[0]
	kept, p := value(t, &o, "promise_kept_rate"), 0.8*0.4
	if se := math.Sqrt(p * (1 - p) / n); !(math.Abs(kept-p) <= 5*se) {
		t.Fatalf("%.3f of promises kept, want %.3f", kept, p)
	}
}

// TestHeedIsATrait: of borrowers who do not know that they owe, the share `heed` learns of it by a text;
// a second and a third text reach nobody else.
func TestHeedIsATrait(t *testing.T) {
	const n, heed = 4000, 0.3
	payers := func(texts int) map[int64]bool {
		stage := strategy.Stage{Channel: loan.SMS, FirstDay: 11, Every: 2, Retry: 2, Cap: texts}
		s := plain(50, 40, strategy.Plan{Stages: []strategy.Stage{stage}})
		s.Channels[loan.SMS].Heed = heed
		s.Borrowers.Causes.Reliable.Memory, s.Borrowers.Awareness.DiscoveryDays = 0, 1e9
		a := late(10)
		a.DueDay = 0 // the next due date is day 30
		paid := map[int64]bool{}
		for _, e := range run(t, copies(t, s, n, a))[0].Strategies[0].Events {
			if e.Kind == outcome.EventPayment {
				paid[int64(e.Account)] = true
			}
		}
		return paid
	}
	once := payers(1)
	if se := math.Sqrt(heed * (1 - heed) / n); !(math.Abs(float64(len(once))/n-heed) <= 5*se) {
		t.Fatalf("%d of %d heed the text, want the share %g", len(once), n, heed)
	}
	if again := payers(3); len(again) != len(once) {
		t.Fatalf("%d of %d heed one text, %d three", len(once), n, len(again))
	}
	if none := payers(0); len(none) > len(once) {
		t.Fatalf("%d pay without a text", len(none))
	}
}

// TestHeededBeforeTheDueDate: a text before the due date makes the share `heed` of those who would
// forget it pay on time.
func TestHeededBeforeTheDueDate(t *testing.T) {
	const n, heed = 4000, 0.3
	s := plain(0, 12, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: -2, Cap: 1}}})
	s.Channels[loan.SMS].Heed = heed
	r := &s.Borrowers.Causes.Reliable
	r.Memory, r.OnTime = 0, 1
	a := late(10)
	a.DPD, a.Arrears, a.DueDay = 0, 0, 8
	paid := 0
	for _, d := range firstPayments(&run(t, copies(t, s, n, a))[0].Strategies[0], n) {
		switch d {
		case 8:
			paid++
		case -1:
		default:
			t.Fatalf("paid on day %d", d)
		}
	}
	if se := math.Sqrt(heed * (1 - heed) / n); !(math.Abs(float64(paid)/n-heed) <= 5*se) {
		t.Fatalf("%d of %d pay on time, want the share %g", paid, n, heed)
	}
}

// TestNextDueDateReminds: who does not know that he is behind finds out on a due date that he has in
// mind, and on no other day.
func TestNextDueDateReminds(t *testing.T) {
	const n = 500
	s := plain(50, 100)
	s.Borrowers.Causes.Reliable.Memory, s.Borrowers.Awareness.DiscoveryDays = 0.3, 1e9
	late := 0
	for _, d := range firstPayments(&run(t, copies(t, s, n, late10()))[0].Strategies[0], n) {
		if d > 0 && d%loan.MonthDays != 20 {
			t.Fatalf("first payment on day %d", d)
		}
		late += one(d > 0)
	}
	if late < n/10 {
		t.Fatalf("only %d of %d were told by a due date", late, n)
	}
}

// TestGraceIsRecalledInParts: after grace, what was deferred is demanded in equal parts on the following
// due dates, beside the instalment; who pays on time is up to date by contract when the last part is
// paid. Nothing is demanded at once.
func TestGraceIsRecalledInParts(t *testing.T) {
	const months, grace = 4, 60
	s := graced(months, 1)
	a := late10()
	_, w := walk(t, copies(t, s, 20, a), 0, func(w *sim.Walker) {
		for i := range 20 {
			v, day := w.View(i), w.Today()-1
			// Granted on day 11: arrears of one instalment; two more fall due in grace, on days 20 and 50.
			deferred := loan.Cents(0)
			switch {
			case day < 11:
				continue
			case day < 20:
				deferred = 1
			case day < 50:
				deferred = 2
			case day < 80:
				deferred = 3
			}
			if deferred > 0 && (v.Deferred() != deferred*a.Instalment || v.Owed != 0) {
				t.Fatalf("day %d: deferred %s, demanded %s, want %d instalments deferred", day, v.Deferred(), v.Owed, deferred)
			}
			if day >= 80 { // grace ended on day 71
				parts := min(months, 1+(day-80)/loan.MonthDays)
				want := 3 * a.Instalment * loan.Cents(months-parts) / months
				if v.Deferred() != want || v.Owed != 0 {
					t.Fatalf("day %d: deferred %s, want %s; demanded %s", day, v.Deferred(), want, v.Owed)
				}
			}
		}
	})
	for i := range 20 {
		if v := w.View(i); v.Oldest != loan.Never || v.Paid != 3*a.Instalment+4*a.Instalment {
			t.Fatalf("account %d: paid %s, oldest unpaid due date %d", i, v.Paid, v.Oldest)
		}
	}
}

// TestGraceRecalledAtOnce: with no months of recall everything deferred is demanded when grace ends.
func TestGraceRecalledAtOnce(t *testing.T) {
	s := graced(0, 1)
	s.Borrowers.Causes.Reliable.Will = 0
	walk(t, copies(t, s, 5, late10()), 0, func(w *sim.Walker) {
		if v := w.View(0); w.Today()-1 == 71 && (v.Deferred() != 0 || v.Arrears != 3*10_000) {
			t.Fatalf("deferred %s, demanded %s on the day grace ends", v.Deferred(), v.Arrears)
		}
	})
}

// TestGraceInterest: during grace the declared share of the contract's interest is charged.
func TestGraceInterest(t *testing.T) {
	accrued := func(share float64) loan.Cents {
		s := graced(4, share)
		a := late10()
		a.APR = 0.12
		_, w := walk(t, copies(t, s, 1, a), 0, nil)
		return w.View(0).Accrued
	}
	full, none := accrued(1), accrued(0)
	if want := loan.Cents(2 * 10_000); full-none < want || full-none > want+800 { // two months of 1% on 10,000.00, and four months of interest on what that displaces
		t.Fatalf("accrued %s with interest in grace, %s without", full, none)
	}
}

// graced is a world in which every account ten days late is granted 60 days of grace on day 11 after the
// first talk, and pays on time afterwards.
func graced(months int, interest float64) *scenario.Scenario {
	stage := strategy.Stage{Channel: loan.Bot, FirstDay: 21, Cap: 1, Remedies: strategy.Remedies{Reliable: loan.Grace, Unknown: loan.Grace}}
	s := plain(0, 180, strategy.Plan{Stages: []strategy.Stage{stage}})
	b := &s.Channels[loan.Bot]
	b.Deliver, b.Diagnoses, b.Promise, b.Connect = 1, 1, 0, s.Channels[loan.SMS].Connect
	s.Borrowers.Stress.Avoidance, s.Borrowers.Causes.Reliable.OnTime = 0, 1
	s.Remedies.Grace = loan.GraceTerms{Days: 60, Recall: months, Interest: interest}
	s.Remedies.MaxRemedies = 1
	return s
}

// late10 is an account ten days past due on day 0; its next due date is day 20.
func late10() loan.Account {
	a := late(10)
	a.APR, a.PenaltyAPR = 0, 0
	return a
}
