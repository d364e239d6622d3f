package sim_test

import (
	"fmt"
	"math"
	"testing"

	"collectsim/sim"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/strategy"
)

// plain returns a scenario without anything that moves hazards: one type, aware, able, of constant
// intensity, paying in full; contacts without stress, saturation or talk.
func plain(intensity float64, horizon int, plans ...strategy.Plan) *scenario.Scenario {
	s := small(1, horizon, plans...)
	b := &s.Borrowers
	none := borrower.Type{LossDays: 1}
	b.Causes = borrower.Causes{Forgetful: none, TemporaryShock: none, OverIndebted: none, Unwilling: none, Reliable: borrower.Type{
		Share: 1, Odds: borrower.Odds{Current: 1, Days1: 1, Days30: 1, Days60: 1, Days90: 1, PaidNone: 1, PaidPart: 1, PaidFull: 1},
		Memory: 1, Capacity: 1000, Will: intensity, LossDays: 30,
	}}
	b.Payment = borrower.Payment{FullShare: 1, FractionLow: 0.5, FractionHigh: 0.5, Minimum: 1}
	b.Excitation.Start, b.Excitation.RepaymentBase, b.Excitation.RepaymentSlope = 0, 0, 0
	b.Stress.ContactScale, b.Trust.Effect, b.Macro.Volatility, b.LumpSums.PerYear = 0, 0, 0, 0
	s.Policy.ChargeOff = 10000
	sms := &s.Channels[loan.SMS]
	sms.Deliver, sms.Connect = 1, borrower.ByRegion{Urban: 1, Suburban: 1, Remote: 1}
	return s
}

// copies returns a configuration whose portfolio is n copies of an account.
func copies(t testing.TB, s *scenario.Scenario, n int, a loan.Account) *sim.Config {
	t.Helper()
	c := config(t, s)
	c.Portfolio = &loan.Portfolio{Segments: []string{"all"}, Accounts: make([]loan.Account, n)}
	for i := range c.Portfolio.Accounts {
		c.Portfolio.Accounts[i] = a
		c.Portfolio.Accounts[i].ID = int64(i + 1)
	}
	return c
}

// late is an account dpd days past due on day 0, with years to go.
func late(dpd loan.Day) loan.Account {
	missed := loan.Cents(loan.MissedInstalments(dpd, loan.MonthDays))
	return loan.Account{
		DueDay: uint8((loan.MonthDays - dpd%loan.MonthDays) % loan.MonthDays), DPD: dpd, Term: 100,
		Instalment: 10_000, Balance: 1_000_000, Arrears: missed * 10_000, LastPayment: -1,
	}
}

// firstPayments returns the day of each account's first payment, or -1.
func firstPayments(o *outcome.StrategyOutcome, n int) []int {
	days := make([]int, n)
	for i := range days {
		days[i] = -1
	}
	for _, e := range o.Events {
		if e.Kind == outcome.EventPayment && days[e.Account-1] < 0 {
			days[e.Account-1] = int(e.Day)
		}
	}
	return days
}

// checkSurvival holds the share that has not paid by the evening of each day against theory, with the
// bound of Dvoretzky, Kiefer and Wolfowitz (Massart 1990) on the greatest distance of an empirical
// from its true distribution: P(distance > e) <= 2 exp(-2 n e^2), here 1e-7.
func checkSurvival(t *testing.T, days []int, horizon int, survival func(day int) float64) {
	t.Helper()
	n := float64(len(days))
	bound := math.Sqrt(math.Log(2/1e-7) / (2 * n))
	paid := make([]float64, horizon)
	for _, d := range days {
		if d >= 0 {
			paid[d]++
		}
	}
	left := n
	for d := range horizon {
		left -= paid[d]
		if got, want := left/n, survival(d); !(math.Abs(got-want) <= bound) {
			t.Fatalf("day %d: %.4f have not paid, theory %.4f, bound %.4f", d, got, want, bound)
		}
	}
}

// TestConstantHazard: without contacts, at a constant intensity, the time to payment is exponential.
func TestConstantHazard(t *testing.T) {
	const n, horizon, intensity = 20000, 100, 0.03
	c := copies(t, plain(intensity, horizon), n, late(10))
	o := &run(t, c)[0].Strategies[0]
	checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 { return math.Exp(-intensity * float64(d+1)) })
}

// TestAbility: the hazard of a day is the intensity times ability, cash over one instalment, at most
// 1. The sum over days of observed less expected first payments is a martingale.
func TestAbility(t *testing.T) {
	const n, horizon, intensity, leak = 4000, 90, 0.05, 0.04
	s := plain(intensity, horizon)
	s.Borrowers.Causes.Reliable.Capacity, s.Borrowers.Cash.Leak = 0.8, leak
	a := late(10)
	paid := make([]bool, n)
	var distance, variance, abilities float64
	walk(t, copies(t, s, n, a), 0, func(w *sim.Walker) {
		for i := range n {
			if paid[i] {
				continue
			}
			v := w.View(i)
			cash := (float64(v.Cash) + float64(v.Paid)) / (1 - leak) // before the night and the payment
			ability := min(cash/float64(a.Instalment), 1)
			p := -math.Expm1(-intensity * ability)
			paid[i] = v.Paid > 0
			distance += float64(one(paid[i])) - p
			variance += p * (1 - p)
			abilities += ability / (n * horizon)
		}
	})
	if z := distance / math.Sqrt(variance); !(math.Abs(z) <= 5) {
		t.Fatalf("first payments are off by %.1f standard errors", z)
	}
	if abilities < 0.05 || abilities > 0.95 {
		t.Fatalf("mean ability %.2f tests nothing", abilities)
	}
}

// TestCureTable: the table of cures gives the same exponential by its own way, the life table of
// episodes that began in the run: of r episodes open n days after their begin, 1 - exp(-intensity)
// end on the next evening. The sum of observed less expected ends is a martingale.
func TestCureTable(t *testing.T) {
	const intensity = 0.04
	s := plain(intensity, 170) // nobody pays on the due date: OnTime is 0
	s.Accounts = 4000
	s.Portfolio.Start = borrower.Start{Current: 1}
	o := &run(t, config(t, s))[0].Strategies[0]
	open := int64(0)
	for _, c := range o.Cures {
		open += c.Cured + c.Censored
	}
	if open < 4000 {
		t.Fatalf("only %d episodes", open)
	}
	p := -math.Expm1(-intensity)
	var distance, variance float64
	for _, c := range o.Cures {
		risk := float64(open) // who is censored was still at risk on that evening, as Kaplan and Meier (1958) have it
		distance += float64(c.Cured) - risk*p
		variance += risk * p * (1 - p)
		open -= c.Cured + c.Censored
	}
	if z := distance / math.Sqrt(variance); !(math.Abs(z) <= 5) {
		t.Fatalf("cures are off by %.1f standard errors", z)
	}
}

// TestOneContact: after one contact on day d the survival is exp of minus the integral of the
// intensity and of the excitation that decays from its jump at the contact.
func TestOneContact(t *testing.T) {
	const n, horizon, intensity, effect, kappa, dpd, on = 20000, 60, 0.01, 0.2, 0.15, 10, 5
	s := plain(intensity, horizon, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: dpd + on, Cap: 1}}})
	s.Channels[loan.SMS].Effect, s.Borrowers.Excitation.Decay = effect, kappa
	o := &run(t, copies(t, s, n, late(dpd)))[0].Strategies[0]
	checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 {
		total := intensity * float64(d+1)
		if since := float64(d + 1 - on); since > 0 {
			total += effect * -math.Expm1(-kappa*since) / kappa
		}
		return math.Exp(-total)
	})
}

// TestSecondContact: the second contact of a class jumps by the saturation factor to the power of
// what is remembered of the first.
func TestSecondContact(t *testing.T) {
	const n, horizon, effect, kappa, saturation, memory = 20000, 40, 0.1, 0.3, 0.2, 7.0
	s := plain(0, horizon, strategy.Plan{Stages: []strategy.Stage{{Channel: loan.SMS, FirstDay: 12, Every: 6, Cap: 2}}})
	s.Channels[loan.SMS].Effect, s.Channels[loan.SMS].Saturate = effect, saturation
	s.Borrowers.Excitation.Decay, s.Borrowers.Excitation.MemoryDays = kappa, memory
	o := &run(t, copies(t, s, n, late(10)))[0].Strategies[0]
	second := effect * math.Pow(saturation, math.Exp(-6/memory))
	checkSurvival(t, firstPayments(o, n), horizon, func(d int) float64 {
		total := 0.0
		for _, jump := range []struct{ on, size float64 }{{2, effect}, {8, second}} {
			if since := float64(d+1) - jump.on; since > 0 {
				total += jump.size * -math.Expm1(-kappa*since) / kappa
			}
		}
		return math.Exp(-total)
	})
}

// TestIncomeOccupancy: the share in disrupted income follows the two-state Markov chain from its
// opening share, with rates of loss and of return that the economy's path scales.
func TestIncomeOccupancy(t *testing.T) {
	for _, recovery := range []float64{0, 0.6} {
		t.Run(fmt.Sprint(recovery), func(t *testing.T) { incomeOccupancy(t, recovery) })
	}
}

func incomeOccupancy(t *testing.T, recovery float64) {
	const n, horizon, rate, days, start = 6000, 160, 0.01, 25.0, 0.6
	s := plain(0.01, horizon)
	y := &s.Borrowers.Causes.Reliable
	y.LossRate, y.LossDays, y.LossPart, y.LossNow = rate, days, 0.5, start
	s.Borrowers.Macro = borrower.Macro{Level: 1.5, ShockDay: 60, ShockDays: 40, ShockFactor: 6, Recovery: recovery}
	c := copies(t, s, n, late(10))
	p := start
	day := 0
	walk(t, c, 0, func(w *sim.Walker) {
		if day > 0 {
			f := 1.5
			if day-1 >= 60 && day-1 < 100 {
				f *= 6
			}
			lost, back := rate*math.Pow(f, 1-recovery), math.Pow(f, -recovery)/days
			p = p*math.Exp(-back) + (1-p)*-math.Expm1(-lost)
		}
		count := 0
		for i := range n {
			count += one(w.View(i).Unsteady)
		}
		if got, se := float64(count)/n, math.Sqrt(p*(1-p)/n); !(math.Abs(got-p) <= 5*se) {
			t.Fatalf("day %d: %.4f disrupted, theory %.4f +- %.4f", day, got, p, se)
		}
		day++
	})
}

// TestStationaryIncome: accounts that are current on day 0 start in the chain's stationary state, so
// the share stays, and the economy's level multiplies its odds, however it is split between losing and regaining.
// Rates and daily probabilities differ by half a day of the mean, which is allowed for.
func TestStationaryIncome(t *testing.T) {
	for _, m := range []borrower.Macro{{Level: 1}, {Level: 2.5}, {Level: 2.5, Recovery: 0.75}} {
		t.Run(fmt.Sprint(m.Level, m.Recovery), func(t *testing.T) { stationaryIncome(t, m) })
	}
}

func stationaryIncome(t *testing.T, m borrower.Macro) {
	const n, rate, days = 6000, 0.005, 40.0
	s := plain(0.01, 150)
	y := &s.Borrowers.Causes.Reliable
	y.LossRate, y.LossDays, y.OnTime = rate, days, 1
	a := late(0)
	a.Arrears = 0
	s.Borrowers.Macro = m
	odds := m.Level * rate * days
	want := odds / (1 + odds)
	slack := 5*math.Sqrt(want*(1-want)/n) + want*0.5/days
	walk(t, copies(t, s, n, a), 0, func(w *sim.Walker) {
		count := 0
		for i := range n {
			count += one(w.View(i).Unsteady)
		}
		if got := float64(count) / n; !(math.Abs(got-want) <= slack) {
			t.Fatalf("day %d: %.4f disrupted, stationary %.4f, bound %.4f", w.Today()-1, got, want, slack)
		}
	})
}

// TestCashByHand: the cash of a borrower who pays on time fills by 6 instalments on a pay day, pays one
// on the due date and loses 4% a night. Tests do not see the pay day, so one of those between two due dates must explain
// the cash on the evening of every due date.
func TestCashByHand(t *testing.T) {
	for _, interval := range []int{loan.MonthDays, 14, 7} {
		cashByHand(t, interval)
	}
}

func cashByHand(t *testing.T, interval int) {
	const n, leak, instalment, dueDay = 40, 0.04, 10_000.0, 5
	s := plain(0, 200)
	y := &s.Borrowers.Causes.Reliable
	y.OnTime, y.Capacity, s.Borrowers.Cash.Leak, s.Borrowers.Cash.PerDebt = 1, 6, leak, 0
	a := late(0)
	a.Every, a.DueDay, a.Arrears = uint8(interval), dueDay, 0
	c := copies(t, s, n, a)
	w := walker(t, c)
	var seen [n][]float64
	for i := range n {
		seen[i] = append(seen[i], float64(w.View(i).Cash))
	}
	for w.Today() < c.Horizon {
		w.Day()
		for i := range n {
			if (w.Today()-1)%interval == dueDay {
				seen[i] = append(seen[i], float64(w.View(i).Cash))
			}
		}
	}
	for i := range n {
		explained := false
		for payday := range interval {
			cash, k, fits := seen[i][0], 1, true
			for d := range c.Horizon {
				if d%interval == payday {
					cash += 6 * instalment
				}
				if d%interval == dueDay {
					cash -= instalment
					fits = fits && math.Abs(cash-seen[i][k]) < 1e-4*cash
					k++
				}
				cash *= 1 - leak
			}
			explained = explained || fits
		}
		if !explained {
			t.Fatalf("every %d days, account %d: no pay day explains the cash %v", interval, i, seen[i])
		}
	}
}

// TestAMonthIsMissedAsOften: whether the month's due dates are one or thirty, the share of borrowers who miss none of them
// is the chance of a month: on_time, or the mean over borrowers of memory, whose log odds are normal with deviation 1.
func TestAMonthIsMissedAsOften(t *testing.T) {
	const n, chance = 4000, 0.7
	mean, weight := 0.0, 0.0
	for z := -8.0; z <= 8; z += 1e-3 {
		w := math.Exp(-z * z / 2)
		mean, weight = mean+w/(1+(1-chance)/chance*math.Exp(-z)), weight+w
	}
	for _, interval := range []uint8{1, 5, 10, 15, 30} {
		for _, x := range []struct{ memory, onTime, want float64 }{{1, chance, chance}, {chance, 1, mean / weight}} {
			s := plain(0, loan.MonthDays+1)
			s.Borrowers.Causes.Reliable.Memory, s.Borrowers.Causes.Reliable.OnTime = x.memory, x.onTime
			a := late(0)
			a.Every, a.DueDay = interval, 0
			met := n
			for _, e := range run(t, copies(t, s, n, a))[0].Strategies[0].Events {
				if e.Kind == outcome.EventOverdue {
					met--
				}
			}
			if got := float64(met) / n; !(math.Abs(got-x.want) <= 5*math.Sqrt(x.want*(1-x.want)/n)) {
				t.Errorf("every %d days, memory %g, on time %g: %.4f miss nothing, want %.4f", interval, x.memory, x.onTime, got, x.want)
			}
		}
	}
}
