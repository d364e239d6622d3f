package sim

import (
	"math"

	"collectsim/sim/loan"
)

// day is a day of the run in 16 bits; never is loan.Never.
type day = int16

const never = day(loan.Never)

// after is the day some days after another. What lies beyond every run stays a day: never would say that there is none.
func after(from day, days int) day { return day(min(int(from)+min(days, int(never)), int(never)-1)) }

// rate is a rate or share in units of 1e-8, from 0 to 10: exact where it has up to eight decimals. Interest on a
// rate in 32 bits of floating point is a cent off now and then.
type rate uint32

func rateOf(x float64) rate { return rate(math.Round(x * 1e8)) }

func (r rate) share() float64 { return float64(r) / 1e8 }

// billed is what an annual rate is from one due date to the next, daily for a number of days.
func (r rate) billed(interval day) float64 { return loan.IntervalRate(r.share(), loan.Day(interval)) }
func (r rate) daily(days float64) float64  { return r.share() * days / loan.YearDays }

// state is what the engine keeps of one account besides its pulse: money, schedule, and the record
// of the present delinquency episode. It changes at events only.
type state struct {
	contract
	loan.Ledger
	promised      loan.Cents // amount of the open promise, less what was paid since
	recall        loan.Cents // of what grace deferred, demanded again with each instalment
	instalment    loan.Cents // demanded instalment: the contract's, or a restructured one
	apr           rate       // annual rate in force: the contract's, or that of a restructured balance
	trust         float32
	graceInterest rate                            // share of the interest charged in grace
	recent        [loan.NumContactClasses]float32 // remembered contacts by class, as of seen
	calls         uint32                          // dials in the last 7 days, 4 bits a day
	messages      uint32                          // messages in the last 7 days, 4 bits a day

	due        day // next due date
	payday     day // next pay day; in the day loop those before today have been paid by payDays
	income     day // next change of the income state
	lump       day // next lump sum
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

	term       int16  // instalments still to fall due; after the last one, its day with a minus
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
	recallOver uint8 // months over which what grace defers is recalled
	every      uint8 // days from one due date to the next, and from one pay day to the next
	worn       uint8 // months past due that a remedy took out of the demand, until what was missed is paid
	promiseOn  loan.Channel
	callSlot   uint8 // slot+1 of the call that waits, 0 none
	visitSlot  uint8 // slot+1 of the visit that waits or is booked, 0 none
	status     loan.Status
	bucket     loan.Bucket // contractual
	start      loan.Bucket // on day 0
	reported   loan.Bucket
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
	penaltyAPR rate
	arm        float32 // assigns arms of a split
	product    loan.Product
	region     loan.Region
	segment    uint8
	debts      uint8 // at other lenders
	cell       int32 // of the sums
}

// flows is what an account has brought and cost, and what became of its episodes, for its row.
type flows struct {
	recovered, claimed, overduePaid, cost loan.Cents
	episodes, cures, selfCures            int32
}

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
	flagGrateful                     // was granted more than a dated promise: goodwill
	flagKnown                        // has spoken with an officer, before day 0 or since
	flagUnproven                     // has paid nothing since a remedy moved the schedule
	flagReplanned                    // the demanded schedule is a restructured plan's, beside which the contract goes on
)

// interval is the number of days from one due date to the next: lenders set due dates by when borrowers earn, so it is
// that from one pay day to the next as well.
func (s *state) interval() day { return day(s.every) }

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

// asked is what one due date demands: the instalment, and while it lasts the part of what grace deferred.
func (s *state) asked() loan.Cents {
	if s.Deferred() > 0 {
		return s.instalment + s.recall
	}
	return s.instalment
}
