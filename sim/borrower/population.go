package borrower

import (
	"math"

	"collectsim/sim/loan"
	"collectsim/sim/rng"
)

// The processes of a borrower's life. Append, never renumber: numbers are part of the promise that
// equal seeds give equal results.
const (
	DrawTraits     rng.Process = iota + 1 // counter: 0 to 2, blocks of trait normals
	DrawMacro                             // counter: day
	DrawIncome                            // counter: number of the change of income state
	DrawDue                               // counter: day of the due date, from day 0 or the loan's opening
	DrawDiscovery                         // counter: day the episode began, counted likewise
	DrawThreshold                         // counter: number of the payment decision
	DrawContact                           // counter: day, channel and attempt of the day
	DrawPromise                           // counter: due day of the promise
	DrawStart                             // counter: 0
	DrawSynthetic                         // counter: 0, 1: contract of a synthetic account
	DrawParameters                        // counter: index of the uncertain parameter
	DrawAssignment                        // counter: 0: arm of a champion/challenger split; 1 + day: rank in a worklist at random
	DrawHeed                              // counter: class of contacts
	DrawLumpSum                           // counter: day of the lump sum before, from day 0 or the loan's opening
	DrawRow                               // counter: 0: row of the tape that an account repeats
)

const noAccount = ^uint64(0)

// Traits are what makes one borrower in one replication. 32 bytes: a population is an array of them.
type Traits struct {
	Will     float32 // own payment intensity per day
	PayIn    float32 // free cash of a pay day in a stable month, cents
	Memory   float32 // probability of having a due date in mind
	Reach    float32 // factor on the odds of connecting
	Trust    float32 // on day 0
	React    float32 // factor on stress jumps
	Score    float32 // the lender's risk score in (0,1), higher is better
	Cause    loan.Cause
	Unsteady bool // income is disrupted on day 0
	Guarded  bool // known to the lender as vulnerable
}

// Model is Params prepared for drawing and responding; built once per replication.
type Model struct {
	Params
	types      [loan.NumCauses]*Type
	scoreShift float64 // distance of the two score normals that gives the declared AUC
	Economy    Economy
}

// NewModel prepares p for one replication of horizon days.
func NewModel(p *Params, s rng.Stream, horizon int) *Model {
	m := &Model{Params: *p}
	c := &m.Causes
	m.types = [loan.NumCauses]*Type{
		loan.Reliable: &c.Reliable, loan.Forgetful: &c.Forgetful, loan.TemporaryShock: &c.TemporaryShock,
		loan.OverIndebted: &c.OverIndebted, loan.Unwilling: &c.Unwilling,
	}
	m.scoreShift = ScoreShift(p.Score.AUC)
	m.Economy = m.Macro.Draw(s, horizon)
	return m
}

// ScoreShift returns the distance between the means of two unit normals whose ROC curve has the
// given area: sqrt(2) * inverse normal(auc), the binormal model (Green and Swets 1966). An AUC of 1
// is cut at 0.9999.
func ScoreShift(auc float64) float64 {
	auc = min(auc, 0.9999)
	return math.Sqrt2 * math.Sqrt2 * math.Erfinv(2*auc-1)
}

// Type returns the parameters of a true cause.
func (m *Model) Type(c loan.Cause) *Type { return m.types[c] }

// odds returns the likelihood of what is observed of the account given the type.
func (t *Type) odds(a *loan.Account) float64 {
	o := &t.Odds
	var state float64
	switch {
	case a.DPD <= 0:
		state = o.Current
	case a.DPD < 30:
		state = o.Days1
	case a.DPD < 60:
		state = o.Days30
	case a.DPD < 90:
		state = o.Days60
	default:
		state = o.Days90
	}
	switch {
	case a.LastPayment < 0 || a.Instalment == 0 || a.Opened > 0:
		return state
	case a.LastPayment == 0:
		return state * o.PaidNone
	case a.LastPayment < a.Monthly():
		return state * o.PaidPart
	}
	return state * o.PaidFull
}

// Mix returns the probabilities of the causes given what is observed of the account (Bayes' rule
// over shares and odds), indexed by loan.Cause.
func (m *Model) Mix(a *loan.Account) [loan.NumCauses]float64 {
	var p [loan.NumCauses]float64
	sum := 0.0
	for c := loan.Reliable; c < loan.NumCauses; c++ {
		p[c] = float64(m.types[c].Share * m.types[c].odds(a))
		sum += p[c]
	}
	if sum == 0 { // nothing explains the observation: fall back on the shares
		for c := loan.Reliable; c < loan.NumCauses; c++ {
			p[c] = m.types[c].Share
			sum += p[c]
		}
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}

// pick returns the cause at which the cumulative probability passes u.
func pick(p [loan.NumCauses]float64, u float64) loan.Cause {
	for c := loan.Reliable; c < loan.NumCauses-1; c++ {
		if u -= p[c]; u < 0 {
			return c
		}
	}
	return loan.NumCauses - 1
}

// logistic-normal helper: shifts a probability by z on the logit scale.
func logitShift(p, z float64) float64 {
	if p <= 0 || p >= 1 {
		return p
	}
	return 1 / (1 + float64((1-p)/p*math.Exp(-z)))
}

// Draw draws the latent traits of an account given what is observed of it, for the replication of s.
// id keys the draws, so a borrower's traits do not depend on who else is in the portfolio.
func (m *Model) Draw(s rng.Stream, id uint64, a *loan.Account) Traits {
	b0 := s.Block(id, DrawTraits, 0)
	b1 := s.Block(id, DrawTraits, 1)
	b2 := s.Block(id, DrawTraits, 2)
	cause := pick(m.Mix(a), b0.Uniform(0))
	t := m.types[cause]
	common := b0.Normal(1)
	trait := func(loading, own float64) float64 {
		return float64(loading*common) + float64(math.Sqrt(1-float64(loading*loading))*own)
	}
	l := &m.Loadings
	bad := 0.0
	if cause == loan.OverIndebted || cause == loan.Unwilling {
		bad = m.scoreShift
	}
	score := float64(b2.Normal(1)) - bad + float64(m.scoreShift/2)
	return Traits{
		Will:     float32(t.Will * math.Exp(t.WillVar*trait(l.Intensity, b0.Normal(2)))),
		PayIn:    float32(float64(a.Instalment) * max(0, 1-float64(m.Cash.PerDebt*float64(a.OtherDebts))) * t.Capacity * math.Exp(t.Spread*trait(l.Capacity, b0.Normal(3)))),
		Memory:   float32(logitShift(t.Memory, trait(l.Memory, b1.Normal(0)))),
		Reach:    float32(math.Exp(0.5 * trait(l.Reach, b1.Normal(1)))),
		Trust:    float32(logitShift(m.Trust.Start, trait(l.Trust, b1.Normal(2)))),
		React:    float32(math.Exp(0.3 * trait(l.Reactivity, b1.Normal(3)))),
		Score:    float32(0.5 * math.Erfc(-score/math.Sqrt2)),
		Cause:    cause,
		Unsteady: b2.Uniform(0) < m.unsteadyShare(t, a),
		Guarded:  b2.Uniform(2) < m.Vulnerable.Share,
	}
}

// unsteadyShare is the probability that income is disrupted on day 0: declared for accounts that are
// overdue, the stationary share of the Markov chain for others.
func (m *Model) unsteadyShare(t *Type, a *loan.Account) float64 {
	if a.DPD > 0 {
		return t.LossNow
	}
	loss := float64(m.lossRate(t, a.Product) * m.Macro.Level) // over the rate of recovery: recovery moves both, not their odds
	return loss / (loss + 1/t.LossDays)
}

// lossRate is the rate per day of losing income at a macro factor of 1.
func (m *Model) lossRate(t *Type, p loan.Product) float64 {
	if p == loan.Micro {
		return t.LossRate * m.Macro.Business
	}
	return t.LossRate
}

// NextIncomeChange returns the day on which the income state changes next, after from; loan.Never if that
// lies beyond the path. Both rates are scaled by the macro path. n counts the changes and names the draw, so
// that every strategy meets the same income history.
func (m *Model) NextIncomeChange(s rng.Stream, id uint64, t *Type, p loan.Product, unsteady bool, n int, from loan.Day) loan.Day {
	b := s.Block(id, DrawIncome, uint64(n))
	if unsteady { // at a factor of 1 the days are geometric: exp(-1/days) stays a day
		return crossing(m.Economy.Recovery, from, b.Exponential(0)*t.LossDays)
	}
	rate := m.lossRate(t, p)
	if rate == 0 {
		return loan.Never
	}
	return crossing(m.Economy.Loss, from, b.Exponential(0)/rate)
}

// Guess returns the cause that a wrong diagnosis names: drawn by the shares of the book, u in (0,1).
func (m *Model) Guess(u float64) loan.Cause {
	var p [loan.NumCauses]float64
	sum := 0.0
	for c := loan.Reliable; c < loan.NumCauses; c++ {
		p[c] = m.types[c].Share
		sum += p[c]
	}
	return pick(p, u*sum)
}
