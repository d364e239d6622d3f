package sim

import (
	"context"
	"math"
	"slices"
	"unsafe"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
	"collectsim/sim/strategy"
)

// day is a day of the run in 16 bits; never is loan.Never.
type day = int16

const never = day(loan.Never)

// state is what the engine keeps of one account besides its pulse: money, schedule, and the record
// of the present delinquency episode. It changes at events only.
type state struct {
	contract
	loan.Ledger
	promised      loan.Cents // amount of the open promise, less what was paid since
	recall        loan.Cents // of what grace deferred, demanded again with each instalment
	instalment    loan.Cents // demanded instalment: the contract's, or a restructured one
	apr           float32    // annual rate in force: the contract's, or that of a restructured balance
	trust         float32
	graceInterest float32                         // share of the interest charged in grace
	recent        [loan.NumContactClasses]float32 // remembered contacts by class, as of lastSeen
	calls         uint32                          // dials in the last 7 days, 4 bits a day
	messages      uint32                          // messages in the last 7 days, 4 bits a day

	due        day // next due date
	payday     day // next pay day; in the day loop those before today have been paid by payDays
	income     day // next change of the income state
	discover   day // an unaware borrower notices
	oldest     day // due date of the oldest unpaid instalment, contractual
	demanded   day // the same on the demanded schedule
	posted     day // penalties and funding are posted up to here
	promiseDue day
	remedyEnd  day // grace period ends
	decide     day // the strategy wants to be asked
	visit      day // booked visit
	followUp   day // call after a visit
	settle     day // stress has settled: leave the day loop
	seen       day // days of recent, calls and messages
	asleep     day // first day outside of the day loop
	late30     day // 30 days past due since
	episode    day // present episode began
	paidOn     day // last payment
	talked     day // last conversation
	silence    day // no contact before this day
	lateDays   int16
	visitedOn  day // last visit
	reportedOn day // notice to the credit bureau
	visitSince day // wish for the visit that waits
	callSince  day // the same for a call

	term       int16
	changes    uint16 // changes of the income state so far: names the draws
	decisions  uint16 // payment decisions so far: names the thresholds
	attempts   uint16
	contacts   uint16
	promises   uint8
	kept       uint8
	broken     uint8
	visits     uint8
	complain   uint8
	remedies   uint8
	talks      uint8 // conversations today
	tries      uint8 // attempts today, all channels: names the draws
	recallOver uint8 // instalments over which what grace defers is recalled
	promiseOn  loan.Channel
	callSlot   uint8 // slot+1 of the call that waits, 0 none
	visitSlot  uint8 // slot+1 of the visit that waits or is booked, 0 none
	status     loan.Status
	bucket     loan.Bucket // contractual
	reported   loan.Bucket
	month      loan.Bucket // bucket at the last month's end
	diagnosed  loan.Cause
	remedy     loan.Remedy // in force
	granted    loan.Remedy // last granted
	placed     loan.Channel
	flags      flag
}

// contract is what steps of a day need of the account and the borrower that does not change: kept with
// the state, since memory that is scattered over several arrays is what an event waits for.
type contract struct {
	id         uint64     // keys the account's draws
	agreed     loan.Cents // the contract's own instalment
	penaltyAPR float32
	product    loan.Product
	region     loan.Region
	segment    uint8
	debts      uint8 // at other lenders
	cell       int32 // of the sums
}

// flows is what an account has brought and cost, for its row.
type flows struct{ recovered, cost loan.Cents }

type flag uint32

const (
	flagActive      flag = 1 << iota // in the day loop
	flagUnsteady                     // income is disrupted
	flagAware                        // knows the amount and the date
	flagReminded                     // reminded of the next due date
	flagReached                      // a contact reached the borrower in this episode
	flagInside                       // the episode began in the run
	flagRedefault                    // redefaulted after a remedy
	flagNotified                     // the notice of the booked visit arrived
	flagOnTrial                      // had a remedy before the present demanded delinquency
	flagStopped                      // has asked for contact to stop
	flagEverLate                     // a new loan was at 30 or more days past due on some evening
	flagConceded                     // the last remedy was more than a promise
	flagSettles                      // the open promise settles the debt
	flagUntilMissed                  // the remedy in force ends when an instalment is missed
	flagResting                      // paid an instalment, and takes the month for done
	flagGrateful                     // was granted a remedy: goodwill
	flagKnown                        // knew an officer before day 0
)

func (s *state) is(f flag) bool { return s.flags&f != 0 }
func (s *state) set(f flag)     { s.flags |= f }
func (s *state) clear(f flag)   { s.flags &^= f }

// exposure is what the borrower owes, on the books or as a written-off claim that is still pursued.
func (s *state) exposure() loan.Cents {
	if s.status == loan.ChargedOff {
		return s.WrittenOff
	}
	return s.Outstanding()
}

// engine is one worker: its arrays are allocated once and reused by every replication and strategy.
type engine struct {
	config *Config
	stream rng.Stream
	world  *World
	model  *borrower.Model
	kernel borrower.Kernel
	rules  strategy.Rules
	grants []loan.RemedyTerms // by loan.Remedy

	accounts []loan.Account
	traits   []borrower.Traits
	pulses   []borrower.Pulse
	states   []state
	flows    []flows                 // where account rows are asked for, else nil
	arms     []float32               // uniform number of each account: assigns arms of a split
	risk     []day                   // first overdue day of the no-contact life, never if there is none
	wakes    []day                   // next day on which steps 1 to 5 have something to do; dense, since scanned every day
	income   []float32               // cash of the next pay day of a borrower in the day loop, as monthly says; 0 outside of it
	paid     [loan.MonthDays][]int32 // accounts by the day of the month on which the borrower is paid
	leaving  []bool                  // has settled down, and leaves the active list tonight
	marks    []strategy.Mark
	slots    int
	woken    []int32
	active   []int32
	fired    []int32
	plan     []strategy.Action
	seen     strategy.Observed

	// What guardrails and remedies are shown, kept here: handed to an interface it would be allocated
	// anew each time.
	serving    request         // the request that a team is at
	announcing strategy.Action // the notice of a visit
	relief     relief          // the remedy that is being granted

	strategy   strategy.Strategy
	calmLife   []float64 // stress path of the no-contact life
	reference  bool      // the life being lived is the no-contact life that sets risk
	today      day
	horizon    day
	call       team
	visit      team
	thinned    bool // somebody is leaving: compact the active list tonight
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
	daily    [][outcome.NumDaySeries]float64
	moves    []outcome.Transitions
	cures    []outcome.CureDay
	events   []outcome.Event
	paths    [][]float32 // stress of every account, by day
	around   around
	sequence int32
	cells
	newLoans
}

func newEngine(c *Config) *engine {
	n := len(c.Portfolio.Accounts)
	e := &engine{
		config: c, accounts: c.Portfolio.Accounts, horizon: day(c.Horizon),
		traits: make([]borrower.Traits, n), pulses: make([]borrower.Pulse, n), states: make([]state, n),
		wakes: make([]day, n), risk: make([]day, n), arms: make([]float32, n),
		income: make([]float32, n), leaving: make([]bool, n), active: make([]int32, 0, n), woken: make([]int32, n),
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
	e.model = borrower.NewModel(&w.Borrowers, s, e.config.Horizon)
	e.kernel = e.model.Kernel()
	e.rules = w.Guardrails.Rules()
	e.grants = w.Terms.All()
	for i := range e.accounts {
		a := &e.accounts[i]
		e.traits[i] = e.model.Draw(s, uint64(a.ID), a)
		b := s.Block(uint64(a.ID), borrower.DrawAssignment, 0)
		e.arms[i] = float32(b.Uniform(0))
	}
	for i := range e.risk {
		e.risk[i] = never
	}
	days := max(e.config.Horizon, loan.MonthDays)
	e.relax = math.Log1p(-w.Borrowers.Stress.Relax)
	e.keepMemory = powers(e.keepMemory, math.Exp(-1/w.Borrowers.Excitation.MemoryDays), days)
	e.excitePow = powers(e.excitePow, float64(e.kernel.Decay), days)
	e.cashPow = powers(e.cashPow, float64(e.kernel.Keep), days)
	e.wearPow = powers(e.wearPow, 1-w.Borrowers.Payment.Wear, maxWorn)
	e.discount = e.discount[:0]
	for d := range e.config.Horizon + 1 {
		e.discount = append(e.discount, loan.DiscountFactor(w.Costs.Funding, float64(d)/loan.YearDays))
	}
	e.sortPayDays()
	e.sortGroups()
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
	e.begin(s)
	for e.today = 0; e.today < e.horizon; e.today++ {
		if e.today&15 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		e.day()
	}
	e.end()
	return slices.Clone(e.totals), nil
}

// day is one simulated day; the package comment explains the steps.
func (e *engine) day() {
	e.disburse()
	e.payDays()
	e.wake()
	for k, i := range e.woken {
		e.fetch(e.woken, k)
		e.leave(i)
		e.life(i)
		e.due(i)
		e.delinquency(i)
		e.promise(i)
		if e.decide(i) {
			e.done(i)
			continue
		}
		e.enter(i)
		e.reschedule(i)
	}
	e.work()
	e.clearSettled()
	e.liveOn()
	e.pay()
	e.observe()
}

// fetchAhead is how many accounts ahead of their turn memory is asked for.
const fetchAhead = 6

// fetch asks for the memory of the account that comes a few turns after turn k, so that it is there in
// time: accounts with something to do are scattered, and waiting for memory was most of their cost.
func (e *engine) fetch(turns []int32, k int) {
	if k += fetchAhead; k < len(turns) {
		e.fetchOne(turns[k])
	}
}

func (e *engine) fetchOne(i int32) {
	state := unsafe.Pointer(&e.states[i])
	marks := state // a strategy without slots has no marks
	if e.slots > 0 {
		marks = unsafe.Pointer(&e.marks[int(i)*e.slots])
	}
	prefetch(state, unsafe.Pointer(&e.pulses[i]), unsafe.Pointer(&e.traits[i]), marks)
}

// fetchHeirs asks for the memory of the accounts that may be next in a queue.
func (e *engine) fetchHeirs(q *queue) {
	for _, p := range q.heirs() {
		e.fetchOne(int32(^uint32(p.rank)))
	}
}

// wake lists the accounts that have something to do today.
func (e *engine) wake() {
	woken, n, today := e.woken[:len(e.wakes)], 0, e.today
	for i, d := range e.wakes { // written always, kept if due: a branch would be guessed wrong too often
		woken[n] = int32(i)
		if d <= today {
			n++
		}
	}
	e.woken = woken[:n]
}

// liveOn is step 7.
func (e *engine) liveOn() {
	var distressed int
	e.fired, e.book.stress, distressed = e.kernel.Advance(e.pulses, e.active, e.fired[:0])
	e.book.distressed = int64(distressed)
	e.activeDays += int64(len(e.active))
}

// id is the key of an account's draws.
func (e *engine) id(i int32) uint64 { return e.states[i].id }
