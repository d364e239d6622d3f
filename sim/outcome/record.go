package outcome

import (
	"math"

	"collectsim/sim/loan"
)

// CostKind is what the lender's money was spent on.
type CostKind uint8

// The kinds of cost.
const (
	CostContact CostKind = iota
	CostWages
	CostTravel
	CostFixed
	CostAgency
	CostLegal
	CostWaiver
	CostComplaint
	CostIncident
	NumCostKinds
)

// Totals are the sums over a group of accounts in one replication under one strategy. Every metric
// is a function of them, so that segments and the whole portfolio share one definition.
type Totals struct {
	Accounts, Days    int64      // accounts of the group; their days on the books
	Balance           loan.Cents // outstanding at the horizon, written-off claims included
	Overdue           [4]int64   // accounts at or beyond OverdueDays, contractual, charged-off included
	OverdueBalance    [4]loan.Cents
	OverdueReported30 int64
	OverdueDays30     int64 // account-days at 30+ days past due, contractual
	Episodes, Cures   int64
	SelfCures         int64
	Remedied          int64
	NewTerms          int64 // accounts that were granted a remedy other than a dated promise
	Redefaults        int64
	ChargedOff        int64
	ChargedOffAmount  loan.Cents
	WrittenOff        loan.Cents // at the horizon
	Claimed           loan.Cents // due from borrowers in collection: opening arrears, instalments, penalties, accelerated balances
	Recovered         loan.Cents // paid by borrowers in collection, from their first overdue day on
	OverduePaid       loan.Cents // overdue money paid
	NPV               float64    // cents, discounted to day 0
	Funding           float64    // cents
	BookValue         float64    // cents: what accounts in collection are worth at the horizon, discounted
	Cost              [NumCostKinds]loan.Cents
	VisitCost         loan.Cents // wages, travel and fixed cost of the visit team
	StressDays        float64    // sum of stress over account-days
	StressPeak        float64    // sum over accounts of the highest stress
	StressLevels      []int32    // accounts by tenths of a point of their mean stress, NumStressLevels; nil: not counted
	Distressed        int64
	DistressDays      int64
	Trust             float64
	Complaints        int64
	Incidents         int64
	Attempts          int64
	Delivered         int64
	RPC               int64
	Conversations     int64 // right-party contacts by voice or in person while something is demanded
	Promises          int64
	PromisesDue       int64
	PromisesKept      int64
	Diagnosed         int64
	DiagnosedRight    int64
	Visits            int64
	VisitWaitDays     int64
	Suppressed        int64
	VisitMinutes      float64 // 0 in groups, but for regions that have agents of their own
	VisitCapacity     float64
	CallMinutes       float64
	CallCapacity      float64
}

// Add adds the sums of another group of accounts.
func (t *Totals) Add(x *Totals) {
	t.Accounts += x.Accounts
	t.Days += x.Days
	t.Balance += x.Balance
	for k, v := range x.Overdue {
		t.Overdue[k] += v
	}
	for k, v := range x.OverdueBalance {
		t.OverdueBalance[k] += v
	}
	t.OverdueReported30 += x.OverdueReported30
	t.OverdueDays30 += x.OverdueDays30
	t.Episodes += x.Episodes
	t.Cures += x.Cures
	t.SelfCures += x.SelfCures
	t.Remedied += x.Remedied
	t.NewTerms += x.NewTerms
	t.Redefaults += x.Redefaults
	t.ChargedOff += x.ChargedOff
	t.ChargedOffAmount += x.ChargedOffAmount
	t.WrittenOff += x.WrittenOff
	t.Claimed += x.Claimed
	t.Recovered += x.Recovered
	t.OverduePaid += x.OverduePaid
	t.NPV += x.NPV
	t.Funding += x.Funding
	t.BookValue += x.BookValue
	for k, v := range x.Cost {
		t.Cost[k] += v
	}
	t.VisitCost += x.VisitCost
	t.StressDays += x.StressDays
	t.StressPeak += x.StressPeak
	if x.StressLevels != nil && t.StressLevels == nil {
		t.StressLevels = make([]int32, NumStressLevels)
	}
	for k, v := range x.StressLevels {
		t.StressLevels[k] += v
	}
	t.Distressed += x.Distressed
	t.DistressDays += x.DistressDays
	t.Trust += x.Trust
	t.Complaints += x.Complaints
	t.Incidents += x.Incidents
	t.Attempts += x.Attempts
	t.Delivered += x.Delivered
	t.RPC += x.RPC
	t.Conversations += x.Conversations
	t.Promises += x.Promises
	t.PromisesDue += x.PromisesDue
	t.PromisesKept += x.PromisesKept
	t.Diagnosed += x.Diagnosed
	t.DiagnosedRight += x.DiagnosedRight
	t.Visits += x.Visits
	t.VisitWaitDays += x.VisitWaitDays
	t.Suppressed += x.Suppressed
	t.VisitMinutes += x.VisitMinutes
	t.VisitCapacity += x.VisitCapacity
	t.CallMinutes += x.CallMinutes
	t.CallCapacity += x.CallCapacity
}

// NumStressLevels is the number of levels by which accounts are counted: tenths of a point from 0 to 100.
const NumStressLevels = 10*100 + 1

// CountStress counts an account by its mean stress, in points.
func (t *Totals) CountStress(mean float64) {
	t.StressLevels[int(math.Round(10*min(max(mean, 0), 100)))]++
}

// stressQuantile is the q-quantile over accounts of their mean stress, of type 7 (Hyndman and Fan 1996), to a twentieth of
// a point.
func (t *Totals) stressQuantile(q float64) float64 {
	n := int64(0)
	for _, v := range t.StressLevels {
		n += int64(v)
	}
	if n == 0 {
		return math.NaN()
	}
	at := func(rank int64) float64 { // of the account with so many before it
		k := 0
		for ; rank >= int64(t.StressLevels[k]); k++ {
			rank -= int64(t.StressLevels[k])
		}
		return float64(k) / 10
	}
	h := float64(q * float64(n-1))
	low := int64(h)
	below, above := at(low), at(min(low+1, n-1))
	return below + float64((h-float64(low))*(above-below))
}

// TotalCost is the sum over the kinds of cost.
func (t *Totals) TotalCost() loan.Cents {
	var sum loan.Cents
	for _, c := range t.Cost {
		sum += c
	}
	return sum
}

// Values returns every metric of the group, parallel to Metrics; NaN where undefined.
func (t *Totals) Values(ref *Totals) []float64 {
	values := make([]float64, len(metrics))
	for i := range metrics {
		values[i] = metrics[i].Value(t, ref)
	}
	return values
}

// Series is one path over the days of a run.
type Series struct {
	Name, Unit string
	Range      Range
	Better     Better
	Doc        string
}

// The daily paths, in the order of DailySeries.
const (
	DayOverdue1 = iota
	DayOverdue30
	DayOverdue60
	DayOverdue90
	DayOverdue30Reported
	DayOverdueBalance30
	DayRecovered
	DayCost
	DayStress
	DayCollectionStress
	DayDistress
	DayQueueCall
	DayQueueVisit
	DayUtilisationCall
	DayUtilisationVisit
	NumDaySeries
)

var dailySeries = [NumDaySeries]Series{
	DayOverdue1:          {"overdue_rate_1", share, Fraction, Lower, "accounts at least 1 day past due, contractual"},
	DayOverdue30:         {"overdue_rate_30", share, Fraction, Lower, "accounts at least 30 days past due, contractual"},
	DayOverdue60:         {"overdue_rate_60", share, Fraction, Lower, "accounts at least 60 days past due, contractual"},
	DayOverdue90:         {"overdue_rate_90", share, Fraction, Lower, "accounts at least 90 days past due, contractual"},
	DayOverdue30Reported: {"overdue_rate_30_reported", share, Fraction, Lower, "accounts at least 30 days past due as reported, remedied ones by their new schedule"},
	DayOverdueBalance30:  {"overdue_balance_rate_30", share, Fraction, Lower, "share of the balance on accounts at least 30 days past due"},
	DayRecovered:         {"recovered", money, Amount, Higher, "recovered since day 0"},
	DayCost:              {"cost", money, Amount, Lower, "cost since day 0"},
	DayStress:            {"stress", "points (0-100)", Points, Lower, "mean stress of all borrowers"},
	DayCollectionStress:  {"collection_stress", "points (0-100)", Change, Lower, "mean stress of all borrowers less that of their no-contact life"},
	DayDistress:          {"distress_share", share, Fraction, Lower, "borrowers in distress on the day"},
	DayQueueCall:         {"queue_call", "accounts", Amount, Lower, "accounts that wait for a call at the end of the day"},
	DayQueueVisit:        {"queue_visit", "accounts", Amount, Lower, "accounts that wait for a visit at the end of the day"},
	DayUtilisationCall:   {"utilisation_call", share, Amount, Neither, "share of the call team's minutes worked; 0 on days off"},
	DayUtilisationVisit:  {"utilisation_visit", share, Amount, Neither, "share of the visit team's minutes worked; 0 on days off"},
}

// DailySeries returns the registry of daily paths, in column order.
func DailySeries() []Series { return dailySeries[:] }

// Flow is a cell of a transition table.
type Flow struct {
	Count   int64
	Balance loan.Cents // outstanding at the end of the month, written-off claims included
}

// Transitions counts moves between buckets over one month, [from][to].
type Transitions [loan.NumBuckets][loan.NumBuckets]Flow

// CureDay counts delinquency episodes by days since they began. Episodes that were open on day 0 are
// not counted: their beginning was not observed.
type CureDay struct {
	Cured, Censored int64 // ended by payment; last seen open on this evening, at the horizon or charged off next morning
}

// ChannelTotals are the sums of one channel.
type ChannelTotals struct {
	Attempts, Delivered, RPC, Promises, PromisesDue, PromisesKept, Suppressed int64
	Cost                                                                      loan.Cents
}

// Suppression counts the actions on a channel that one rule held back.
type Suppression struct {
	Channel loan.Channel
	Rule    string
	Actions int64
}

// Group is one group of accounts along one dimension, with its metrics.
type Group struct {
	Dimension, Name string
	Accounts        int64
	Values          []float64 // parallel to Metrics
}

// AccountRow is one borrower's outcome under one strategy.
type AccountRow struct {
	ID           int64
	Key          string     // the lender's own id, where ID stands for a text; else empty
	Cause        loan.Cause // true cause, known to the simulator only
	Product      loan.Product
	Region       loan.Region
	Segment      uint8
	Bucket       loan.Bucket // contractual, at the horizon
	DPD          loan.Day
	Opening      loan.Cents // owed on day 0, or on the day of disbursal
	Recovered    loan.Cents
	Claimed      loan.Cents // 0 unless the account was in collection
	OverduePaid  loan.Cents
	Paid         loan.Cents
	Cost         loan.Cents
	Outstanding  loan.Cents
	WrittenOff   loan.Cents
	BookValue    float64 // cents: what the account is worth at the horizon if it was in collection, as in [Totals]
	Episodes     int64
	Cures        int64
	SelfCures    int64
	StressMean   float64
	StressPeak   float64
	DistressDays int64
	Attempts     int64
	RPC          int64
	Promises     int64
	Visits       int64
	Complaints   int64
	Remedy       loan.Remedy // last granted
	Diagnosed    loan.Cause
	Arm          string // of a strategy that splits the portfolio; empty under others
}

// Event is something that happened to an account.
type Event struct {
	Day      loan.Day
	Account  int64
	Sequence int32
	Kind     EventKind
	Channel  loan.Channel
	Amount   loan.Cents
	Detail   int32 // meaning depends on Kind: see EventKind
}

// EventKind is what happened.
type EventKind uint8

// The kinds of event, with the meaning of Event.Detail.
const (
	EventContact   EventKind = iota // attempt; Detail: 0 not delivered, 1 delivered, 2 right party
	EventPayment                    // Amount paid; Detail: days past due before it
	EventPromise                    // Amount promised; Detail: due day
	EventKept                       // promise kept
	EventBroken                     // promise broken
	EventDiagnosis                  // Detail: cause
	EventRemedy                     // Detail: remedy
	EventOverdue                    // an episode begins
	EventCure                       // an episode ends by payment
	EventChargeOff                  // Amount written off
	EventComplaint
	EventIncident
	EventNotice     // a visit was announced; Detail: day of the visit
	EventSuppressed // a guardrail held an action back; Detail: rule
	EventStop       // the borrower asked for contact to stop
	EventShock      // income state; Detail: 1 disrupted, 0 recovered
	NumEventKinds
)

var eventNames = [NumEventKinds]string{
	"contact", "payment", "promise", "promise-kept", "promise-broken", "diagnosis", "remedy", "overdue", "cure",
	"charge-off", "complaint", "incident", "visit-notice", "suppressed", "stop-request", "income",
}

func (k EventKind) String() string { return eventNames[k] }

// StrategyOutcome is one replication of one strategy.
type StrategyOutcome struct {
	Name        string
	Values      []float64 // every metric of the whole portfolio, parallel to Metrics
	Groups      []Group
	Daily       [][NumDaySeries]float64 // one row a day
	Transitions []Transitions           // one per whole month
	Cures       []CureDay               // index: days since the episode began
	Channels    [loan.NumChannels]ChannelTotals
	Suppressed  []Suppression // by channel and number of the rule; those that held nothing back are left out
	Around      [NumAnchors]AroundStress
	Accounts    []AccountRow // only on request
	Events      []Event      // only on request, by day, account, sequence
	Vintages    []Vintage    // only where loans open during the run
	Stress      [][]float32  // only on request: stress in the evening, [day][account in portfolio order]; NaN before the account opened
}

// Replication is everything that one replication hands over: every strategy played on the same
// borrowers living the same lives.
type Replication struct {
	Index      int
	Parameters []float64 // the drawn values of the run's uncertain parameters
	Strategies []StrategyOutcome
	ActiveDays int64 // account-days that the engine worked, for rates
}

// Sink receives replications in the order of their index.
type Sink interface {
	Replication(r *Replication) error
}
