package borrower_test

import (
	"math"
	"testing"

	_ "collectsim/internal/sameseed"
	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/rng"
	"collectsim/sim/scenario"

	"pgregory.net/rapid"
)

const people = 20000

// model prepares the default parameters after a change.
func model(change func(p *borrower.Params)) *borrower.Model {
	p := scenario.Default().Borrowers
	if change != nil {
		change(&p)
	}
	return borrower.NewModel(&p, rng.Stream{Seed: 1}, 400)
}

// draw draws the traits of n borrowers of equal accounts.
func draw(m *borrower.Model, n int, a loan.Account) []borrower.Traits {
	traits := make([]borrower.Traits, n)
	for i := range traits {
		traits[i] = m.Draw(rng.Stream{Seed: 7}, uint64(i+1), &a)
	}
	return traits
}

// near fails where a share of n draws is more than five standard errors from its probability.
func near(t *testing.T, what string, got, p float64, n int) {
	t.Helper()
	if se := math.Sqrt(p * (1 - p) / float64(n)); !(math.Abs(got-p) <= 5*se) {
		t.Errorf("%s: share %.4f of %d, want %.4f +- %.4f", what, got, n, p, se)
	}
}

// TestMixByHand: Bayes' rule over shares and odds, worked by hand: 60% reliable with odds 1, 30%
// forgetful with 4 and no payment 0.5, 10% unwilling with 6 and no payment 2, seen 45 days late
// after a month without a payment: 0.6 : 0.6 : 1.2.
func TestMixByHand(t *testing.T) {
	m := model(func(p *borrower.Params) {
		odds := func(days30, none float64) borrower.Odds {
			return borrower.Odds{Current: 1, Days30: days30, PaidNone: none}
		}
		p.Causes = borrower.Causes{
			Reliable:  borrower.Type{Share: 60, Odds: odds(1, 1)},
			Forgetful: borrower.Type{Share: 30, Odds: odds(4, 0.5)},
			Unwilling: borrower.Type{Share: 10, Odds: odds(6, 2)},
		}
	})
	a := loan.Account{DPD: 45, Instalment: 100, LastPayment: 0}
	want := [loan.NumCauses]float64{loan.Reliable: 0.25, loan.Forgetful: 0.25, loan.Unwilling: 0.5}
	got := m.Mix(&a)
	for c := range got {
		if !(math.Abs(got[c]-want[c]) <= 1e-12) {
			t.Errorf("%s: %v, by hand %v", loan.Cause(c), got[c], want[c])
		}
	}
	a.LastPayment = -1 // unknown: 0.6 : 1.2 : 0.6
	if got := m.Mix(&a)[loan.Forgetful]; !(math.Abs(got-0.5) <= 1e-12) {
		t.Errorf("payment unknown: forgetful %v, by hand 0.5", got)
	}
	a.DPD = 100 // nothing explains this: back to the shares
	if got := m.Mix(&a)[loan.Reliable]; !(math.Abs(got-0.6) <= 1e-12) {
		t.Errorf("no likelihood: reliable %v, share 0.6", got)
	}
}

// TestMixIsADistribution for any shares, odds and observation, and causes are drawn by it.
func TestMixIsADistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weight := rapid.Float64Range(0, 10)
		m := model(func(p *borrower.Params) {
			c := &p.Causes
			for _, y := range []*borrower.Type{&c.Reliable, &c.Forgetful, &c.TemporaryShock, &c.OverIndebted, &c.Unwilling} {
				y.Share = weight.Draw(t, "share")
				y.Odds.Current, y.Odds.Days1, y.Odds.Days90 = weight.Draw(t, "current"), weight.Draw(t, "1"), weight.Draw(t, "90")
			}
			c.Forgetful.Share += 0.1
		})
		a := loan.Account{
			DPD: rapid.SampledFrom([]loan.Day{0, 1, 29, 30, 59, 60, 89, 90, 200}).Draw(t, "dpd"), Instalment: 100,
			LastPayment: rapid.SampledFrom([]loan.Cents{-1, 0, 99, 100}).Draw(t, "last payment"),
		}
		sum := 0.0
		for c, p := range m.Mix(&a) {
			if p < 0 || c == int(loan.Unknown) && p != 0 {
				t.Fatalf("%s: probability %v", loan.Cause(c), p)
			}
			sum += p
		}
		if !(math.Abs(sum-1) <= 1e-12) {
			t.Fatalf("probabilities sum to %v", sum)
		}
	})
}

// TestCausesAreDrawnByTheMix counts causes against the mix, and wrong diagnoses against the shares.
func TestCausesAreDrawnByTheMix(t *testing.T) {
	m := model(nil)
	a := loan.Account{DPD: 45, Instalment: 10000, LastPayment: 100}
	var count, guess [loan.NumCauses]float64
	for i, x := range draw(m, people, a) {
		count[x.Cause]++
		guess[m.Guess((float64(i)+0.5)/people)]++
	}
	c := &m.Causes
	shares := [loan.NumCauses]float64{0, c.Reliable.Share, c.Forgetful.Share, c.TemporaryShock.Share, c.OverIndebted.Share, c.Unwilling.Share}
	total := 0.0
	for _, s := range shares {
		total += s
	}
	mix := m.Mix(&a)
	for k := loan.Reliable; k < loan.NumCauses; k++ {
		near(t, k.String(), count[k]/people, mix[k], people)
		if got := guess[k] / people; !(math.Abs(got-shares[k]/total) <= 1.5/people) { // an even grid
			t.Errorf("guesses of %s: %v, share %v", k, got, shares[k]/total)
		}
	}
}

// TestScoreHasTheDeclaredQuality: the area under the ROC curve of the drawn scores (the probability
// that a good borrower's score is above a bad one's) against the declared one. The standard error is
// that of Hanley and McNeil (1982).
func TestScoreHasTheDeclaredQuality(t *testing.T) {
	for _, auc := range []float64{0.5, 0.72, 0.95} {
		m := model(func(p *borrower.Params) {
			p.Score.AUC = auc
			p.Causes.Unwilling.Share, p.Causes.OverIndebted.Share = 0.3, 0.3
		})
		var good, bad []float64
		for _, x := range draw(m, 4000, loan.Account{Instalment: 10000, LastPayment: -1}) {
			if x.Score <= 0 || x.Score >= 1 {
				t.Fatalf("score %v", x.Score)
			}
			if x.Cause == loan.OverIndebted || x.Cause == loan.Unwilling {
				bad = append(bad, float64(x.Score))
			} else {
				good = append(good, float64(x.Score))
			}
		}
		above := 0.0
		for _, g := range good {
			for _, b := range bad {
				switch {
				case g > b:
					above++
				case g == b:
					above += 0.5
				}
			}
		}
		n, k := float64(len(good)), float64(len(bad))
		q1, q2 := auc/(2-auc), 2*auc*auc/(1+auc)
		se := math.Sqrt((auc*(1-auc) + (k-1)*(q1-auc*auc) + (n-1)*(q2-auc*auc)) / (n * k))
		if got := above / (n * k); !(math.Abs(got-auc) <= 5*se) {
			t.Errorf("declared %v: area %.4f of %v good and %v bad, standard error %.4f", auc, got, n, k, se)
		}
	}
}

// TestTraitsFollowTheCopula: on the normal scale the correlation of two traits is the product of
// their loadings, their medians are the declared ones and their spreads too.
func TestTraitsFollowTheCopula(t *testing.T) {
	loadings := borrower.Loadings{Capacity: 0.8, Intensity: 0.6, Memory: 0.5, Reach: -0.4, Trust: 0.7, Reactivity: -0.9}
	m := model(func(p *borrower.Params) {
		p.Loadings = loadings
		y := &p.Causes.Reliable
		p.Causes = borrower.Causes{Reliable: *y}
		y = &p.Causes.Reliable
		y.Capacity, y.Spread, y.Will, y.WillVar, y.Memory = 2, 0.4, 0.1, 0.7, 0.9
		p.Trust.Start = 0.3
		p.Cash.PerDebt = 0
	})
	logit := func(p float32) float64 { return math.Log(float64(p) / (1 - float64(p))) }
	log := func(x float32) float64 { return math.Log(float64(x)) }
	names := []string{"capacity", "intensity", "memory", "reach", "trust", "reactivity"}
	want := []float64{0.8, 0.6, 0.5, -0.4, 0.7, -0.9}
	z := make([][]float64, len(names))
	for _, x := range draw(m, people, loan.Account{Instalment: 10000, LastPayment: -1}) {
		for k, v := range []float64{
			(log(x.PayIn) - math.Log(2*10000)) / 0.4, (log(x.Will) - math.Log(0.1)) / 0.7, logit(x.Memory) - math.Log(9),
			log(x.Reach) / 0.5, logit(x.Trust) - math.Log(3.0/7), log(x.React) / 0.3,
		} {
			z[k] = append(z[k], v)
		}
	}
	for i := range z {
		mean, variance := product(z[i], nil), product(z[i], z[i])
		if se := 1 / math.Sqrt(people); !(math.Abs(mean) <= 5*se) || !(math.Abs(variance-1) <= 5*se*math.Sqrt2) {
			t.Errorf("%s: mean %.4f and variance %.4f of the standard normal", names[i], mean, variance)
		}
		for j := range i {
			rho := want[i] * want[j]
			got := product(z[i], z[j])
			if se := math.Sqrt((1 + rho*rho) / people); !(math.Abs(got-rho) <= 5*se) {
				t.Errorf("%s and %s: correlation %.4f, product of loadings %.4f +- %.4f", names[i], names[j], got, rho, se)
			}
		}
	}
}

// product is the mean of x*y, or of x where y is nil.
func product(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		if y == nil {
			sum += x[i]
		} else {
			sum += x[i] * y[i]
		}
	}
	return sum / float64(len(x))
}

// TestTraitsBelongToTheBorrower: traits depend on the account's own key and observation alone, and
// are certain where the parameters leave no doubt.
func TestTraitsBelongToTheBorrower(t *testing.T) {
	m := model(nil)
	a := loan.Account{DPD: 10, Instalment: 10000, LastPayment: -1}
	if x, y := m.Draw(rng.Stream{Seed: 3, Replication: 2}, 5, &a), m.Draw(rng.Stream{Seed: 3, Replication: 2}, 5, &a); x != y {
		t.Errorf("the same draw gives %+v and %+v", x, y)
	}
	if x, y := m.Draw(rng.Stream{Seed: 3, Replication: 2}, 5, &a), m.Draw(rng.Stream{Seed: 3, Replication: 3}, 5, &a); x == y {
		t.Error("another replication gives the same borrower")
	}
	m = model(func(p *borrower.Params) {
		p.Causes.Reliable.Memory, p.Causes.Reliable.LossNow, p.Trust.Start, p.Vulnerable.Share = 1, 0.25, 0, 0.2
		p.Causes = borrower.Causes{Reliable: p.Causes.Reliable}
	})
	unsteady, guarded := 0.0, 0.0
	for _, x := range draw(m, people, a) {
		if x.Memory != 1 || x.Trust != 0 {
			t.Fatalf("memory %v, trust %v", x.Memory, x.Trust)
		}
		if x.Unsteady {
			unsteady++
		}
		if x.Guarded {
			guarded++
		}
	}
	near(t, "disrupted on day 0", unsteady/people, 0.25, people)
	near(t, "vulnerable", guarded/people, 0.2, people)
}

// TestMacroPath: the sum of the daily factors; a shock multiplies them; with volatility the factors
// have mean level at every distance, and their logs the declared spread and persistence.
func TestMacroPath(t *testing.T) {
	m := borrower.Macro{Level: 2, ShockDay: 3, ShockDays: 2, ShockFactor: 5}
	y := m.Draw(rng.Stream{}, 7)
	want := []float64{0, 2, 4, 6, 16, 26, 28, 30}
	for d, got := range y.Loss {
		if got != want[d] || y.Recovery[d] != float64(d) {
			t.Fatalf("path of losses %v, of recoveries %v at day %d, by hand %v and %d", got, y.Recovery[d], d, want[d], d)
		}
	}
	m = borrower.Macro{Level: 1.5, Volatility: 0.4, Persistence: 0.7}
	const n, day = 20000, 6
	var sum, squares, cross float64
	for r := range n {
		p := m.Draw(rng.Stream{Seed: 9, Replication: uint64(r)}, day+2).Loss
		f, g := p[day+1]-p[day], p[day+2]-p[day+1]
		x, y := math.Log(f/1.5)+0.08, math.Log(g/1.5)+0.08 // 0.08 is half the variance
		sum += f
		squares += x * x
		cross += x * y
	}
	sd := 1.5 * math.Sqrt(math.Expm1(0.16))
	if mean := sum / n; !(math.Abs(mean-1.5) <= 5*sd/math.Sqrt(n)) {
		t.Errorf("mean factor %v, want 1.5", mean)
	}
	if v := squares / n; !(math.Abs(v-0.16) <= 5*0.16*math.Sqrt(2.0/n)) {
		t.Errorf("variance of the log factor %v, want 0.16", v)
	}
	if c := cross / n; !(math.Abs(c-0.16*0.7) <= 5*0.16*math.Sqrt((1+0.49)/n)) {
		t.Errorf("covariance of the log factor from day to day %v, want 0.112", c)
	}
}

// TestMacroSplit: a factor of 16 of which three quarters slow the return of income doubles the rate of losing
// it and divides the rate of regaining it by 8; free cash is divided by its fourth root. In the best of times
// nobody gets rich: a factor of 0 stops losses, and counts as a tenth for the rest.
func TestMacroSplit(t *testing.T) {
	m := borrower.Macro{Level: 16, Recovery: 0.75, Squeeze: 0.25}
	check := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-6*want) {
			t.Errorf("level %v: %s %v, by hand %v", m.Level, what, got, want)
		}
	}
	y := m.Draw(rng.Stream{}, 3)
	check("losses of three days", y.Loss[3], 6)
	check("recoveries of three days", y.Recovery[3], 3.0/8)
	check("free cash", float64(y.Cash[2]), 0.5)
	m.Level = 0
	y = m.Draw(rng.Stream{}, 3)
	check("losses of three days", y.Loss[3], 0)
	check("recoveries of three days", y.Recovery[3], 3*math.Pow(10, 0.75))
	check("free cash", float64(y.Cash[2]), math.Pow(10, 0.25))
}
