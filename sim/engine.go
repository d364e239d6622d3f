package sim

import (
	"context"
	"math"
	"slices"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// engine is one worker: its arrays are allocated once and reused by every replication and strategy.
type engine struct {
	config *Config
	stream rng.Stream
	world  *World
	model  *borrower.Model
	kernel borrower.Kernel
	rules  strategy.Rules
	grants []loan.RemedyTerms           // by loan.Remedy
	units  [loan.NumChannels]loan.Cents // cost of an attempt, rounded once a replication

	accounts []loan.Account
	traits   []borrower.Traits
	firsts   []first
	pulses   []borrower.Pulse
	states   []state
	month    []loan.Bucket // bucket at the last month's end
	flows    []flows       // where account rows are asked for, else nil
	risk     []day         // first overdue day of the no-contact life, never if there is none
	wakes    []day         // next day on which steps 1 to 5 have something to do; dense, since scanned every day
	income   []float32     // cash of the next pay day of a borrower in the day loop, as earned says; 0 outside of it
	payroll  []int32       // accounts by the day on which the borrower is paid
	paid     []rhythm      // its parts
	marks    []strategy.Mark
	slots    int
	woken    [roll]int32
	active   set // borrowers in the day loop
	fired    []int32
	plan     []strategy.Action
	seen     strategy.Observed

	// What guardrails and remedies are shown, kept here: handed to an interface it would be allocated
	// anew each time.
	serving    request         // the request that a team is at
	announcing strategy.Action // the notice of a visit
	relief     relief          // the remedy that is being granted

	strategy   strategy.Strategy
	declared   bool      // the strategy is made of plans, which keep its contract
	asked      int32     // account that the strategy is asked about, or nobody
	fault      error     // the first rule of its contract that the strategy broke
	calmLife   []float64 // stress path of the no-contact life
	reference  bool      // the life being lived is the no-contact life that sets risk
	today      day
	horizon    day
	call       team
	visit      team
	activeDays int64
	keepMemory []float32 // share of remembered contacts left after n days
	excitePow  []float32 // decay of excitation over n days
	cashPow    []float32 // share of cash left after n days
	wearPow    []float32 // share of the own intensity left after n months past due
	relax      float64   // log of the share of the distance to the base level of stress that is left after a day
	discount   []float64 // discount factor by day
	workday    []bool

	book     book
	channels [loan.NumChannels]outcome.ChannelTotals
	held     [loan.NumChannels][]int64 // actions suppressed, by verdict
	daily    [][outcome.NumDaySeries]float64
	moves    []outcome.Transitions
	cures    []outcome.CureDay
	events   []outcome.Event
	paths    [][]float32 // stress of every account, by day
	around   around
	sequence int32
	rows     []outcome.AccountRow // as of the horizon

	runningOff bool // beyond the horizon, for the value of what is left alone: no table knows of it
	cells
	newLoans
	trials
}

func newEngine(c *Config) *engine {
	n := len(c.Portfolio.Accounts)
	e := &engine{
		config: c, accounts: c.Portfolio.Accounts, horizon: day(c.Horizon),
		traits: make([]borrower.Traits, n), firsts: make([]first, n), pulses: make([]borrower.Pulse, n), states: make([]state, n), month: make([]loan.Bucket, n),
		wakes: make([]day, n), risk: make([]day, n),
		income: make([]float32, n), payroll: make([]int32, n), active: newSet(n),
	}
	if c.Accounts {
		e.flows = make([]flows, n)
	}
	e.newLoans = newLoansOf(e.accounts)
	e.workday = make([]bool, c.Horizon+maxLead)
	for d := range e.workday {
		e.workday[d] = true
	}
	for _, h := range c.Holidays {
		if h >= 0 && int(h) < len(e.workday) {
			e.workday[h] = false
		}
	}
	return e
}

// maxLead bounds how far ahead visits are booked.
const maxLead = 60

// populate draws the latent traits of every borrower for one replication.
func (e *engine) populate(s rng.Stream, w *World) {
	e.stream, e.world = s, w
	if w.Accounts != nil {
		e.accounts, e.newLoans = w.Accounts, newLoansOf(w.Accounts)
	}
	last := lastDay(e.config.Horizon, w)
	e.model = borrower.NewModel(&w.Borrowers, s, last)
	e.kernel = e.model.Kernel()
	e.rules = w.Guardrails.Rules()
	e.grants = w.Terms.All()
	for c := range e.units {
		e.units[c] = loan.FromUnits(w.Services[c].Unit)
	}
	for i := range e.accounts {
		a := &e.accounts[i]
		e.traits[i] = e.model.Draw(s, uint64(a.ID), a)
		e.firsts[i] = e.drawFirst(int32(i))
		e.states[i].contract = e.drawContract(int32(i))
	}
	for i := range e.risk {
		e.risk[i] = never
	}
	days := max(last, loan.MonthDays)
	e.relax = math.Log1p(-w.Borrowers.Stress.Relax)
	e.keepMemory = powers(e.keepMemory, math.Exp(-1/w.Borrowers.Excitation.MemoryDays), days)
	e.excitePow = powers(e.excitePow, float64(e.kernel.Decay), days)
	e.cashPow = powers(e.cashPow, float64(e.kernel.Keep), days)
	e.wearPow = powers(e.wearPow, 1-w.Borrowers.Payment.Wear, maxWorn)
	e.discount = e.discount[:0]
	for d := range last + 1 {
		e.discount = append(e.discount, loan.DiscountFactor(w.Costs.Funding, float64(d)/loan.YearDays))
	}
	e.sortPayDays()
	e.sortGroups()
	for i := range e.states {
		e.states[i].cell = e.cellOf(int32(i))
	}
}

// powers returns base^0 to base^n.
func powers(to []float32, base float64, n int) []float32 {
	to = to[:0]
	for d := range n + 1 {
		to = append(to, float32(math.Pow(base, float64(d))))
	}
	return to
}

// live plays one strategy on the drawn borrowers and returns the sums over the whole portfolio and
// every group.
func (e *engine) live(ctx context.Context, s strategy.Strategy) ([]outcome.Totals, error) {
	e.asked, e.fault, e.today = nobody, nil, 0
	if err := Guard(func() error { return e.days(ctx, s) }); err != nil {
		return nil, e.placed(s, err)
	}
	return slices.Clone(e.totals), nil
}

func (e *engine) days(ctx context.Context, s strategy.Strategy) error {
	e.begin(s)
	for e.today = 0; e.today < e.horizon; e.today++ {
		if e.today&15 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if e.day(); e.fault != nil {
			return e.fault
		}
	}
	e.end()
	return nil
}

// day is one simulated day; the package comment explains the steps.
func (e *engine) day() {
	e.seen.Day, e.seen.Weekday = loan.Day(e.today), uint8(e.weekday(e.today))
	e.disburse()
	e.payDays()
	for from := 0; from < len(e.wakes); from += roll {
		woken := e.wake(from)
		for k, i := range woken {
			e.fetch(woken, k)
			e.morning(i)
		}
	}
	e.work()
	e.liveOn()
	e.pay()
	e.observe()
}

// morning is steps 1 to 5 of an account.
func (e *engine) morning(i int32) {
	e.leave(i)
	e.life(i)
	e.due(i)
	e.delinquency(i)
	e.promise(i)
	e.lumpSum(i)
	if e.decide(i) {
		e.done(i)
		return
	}
	e.enter(i)
	e.reschedule(i)
}

// liveOn is step 7.
func (e *engine) liveOn() {
	var distressed int
	e.fired, e.book.stress, distressed = e.kernel.Advance(e.pulses, e.active, e.fired[:0])
	e.book.distressed = int64(distressed)
	e.activeDays += int64(e.active.len())
}

// id is the key of an account's draws.
func (e *engine) id(i int32) uint64 { return e.states[i].id }
