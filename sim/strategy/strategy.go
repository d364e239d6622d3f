// Package strategy is the lender's side: what a lender may see, what a strategy may ask for, the
// declarative stages that scenario files describe, guardrails, teams with their capacity, and costs.
//
// The package cannot import borrower, so no strategy, declarative or written in Go, can see latent
// state: the compiler says so, and `make check-imports` watches the rule.
package strategy

import "collectsim/sim/loan"

// Observed is what a lender can see of one account on one day.
type Observed struct {
	Day          loan.Day // day of the run
	DPD          loan.Day // days past due on the demanded schedule; negative: days until the next due date
	Product      loan.Product
	Region       loan.Region
	Segment      uint8
	Start        loan.Bucket // bucket on day 0; current for loans that open later
	Owed         loan.Cents  // demanded now: arrears and penalties
	Balance      loan.Cents  // outstanding
	Instalment   loan.Cents
	Score        float32     // risk score in (0,1), higher is better
	Diagnosed    loan.Cause  // cause as diagnosed by earlier contacts
	Remedy       loan.Remedy // remedy in force, or none
	PromiseOpen  bool
	Broken, Kept uint8    // promises so far
	SincePayment loan.Day // days since the last payment, or loan.Never
	SinceTalk    loan.Day // days since the last conversation, or loan.Never
	Calls7       uint8    // dials in the last 7 days, today included
	CallsToday   uint8
	TalksToday   uint8    // conversations today
	Visits       uint8    // visits so far
	SinceVisit   loan.Day // days since the last visit, or loan.Never
	Weekday      uint8    // 0 is Monday
	Guarded      bool     // known to be vulnerable
	Stopped      bool     // has asked for contact to stop
	Arm          float32  // a number in (0,1) of the account, the same on all days: assigns arms of a split
	Messages7    uint8    // messages and letters in the last 7 days, today included
	Waiting      uint16   // channels on which a request of the strategy waits for a team, as bits
	Silenced     bool     // a complaint forbids contact until a later day
	Dice         float32  // a number in (0,1) of the account and day, while a team ranks at random; else of no meaning
	Marks        []Mark   // the strategy's own record of this episode, one per slot
}

// Mark is what a strategy has done in one slot during the present delinquency episode.
type Mark struct {
	Last    int16 // day of the last attempt
	Count   uint8 // attempts
	Reached bool  // the last attempt met the right party
}

// Action is one thing that a strategy wants done for an account today. What it may hold is said field by field; a
// run that meets anything else ends with an error.
type Action struct {
	Slot      uint8        // the mark that records it, less than the strategy's Slots; several actions may share one
	Channel   loan.Channel // any but NoChannel
	Tone      loan.Tone
	Message   loan.Message
	Hour      uint8      // hour of the day, 0 to 23; 0 is taken for 11 o'clock
	Named     bool       // signed or made by an officer whom the borrower knows by name
	Procedure *Procedure // what a conversation may lead to; nil: nothing but talk
	Retry     loan.Day   // days, 0 or more, until the strategy wants to be asked again on account of this attempt, if it meets nobody; 0: 1
	Every     loan.Day   // the same if it meets the right party, and no conversation comes of it; 0: 1
}

// Procedure is what goes with a conversation: notice before a visit, remedies by diagnosed cause,
// follow-up. The zero value is an unannounced conversation without remedies. It is kept until the visit is over,
// so a strategy that has handed one over does not change it.
type Procedure struct {
	NoticeDays    loan.Day                    // of visits, 0 to 30: days from the notice to the visit at the least
	NoticeChannel loan.Channel                // of visits: any but Visit; NoChannel: no notice is sent
	Remedies      [loan.NumCauses]loan.Remedy // by loan.Cause as diagnosed; NoRemedy grants none
	FollowUpDays  loan.Day                    // of visits, 0 to 60: days from a visit that met the borrower to a call; 0: none
}

// Strategy decides what to do for one account on one day.
//
// Decide appends the wanted actions to out and returns it with the day on which it wants to be asked
// again if nothing observed changes until then; it is asked earlier whenever a payment, conversation,
// promise, diagnosis or remedy changes what is observed. loan.Never means "only when something
// changes". What it wants today needs no day: after an attempt without a conversation it is asked as
// the action says, after one that was not made the next day, and after a request was served by a team.
// A day before tomorrow is taken for tomorrow. At most MaxActions may be wanted.
//
// Decide must depend on o alone, since strategies are shared by all accounts and workers, and are asked more often
// than they act: to see whether a request that waits is still wanted, and whether there is anything to do tomorrow.
// It must neither change nor keep o, its Marks and out, which are the engine's and are used again.
// Actions that break a rule, and a panic, end the run with an error that names strategy, day and account.
type Strategy interface {
	// Name is how tables and charts call the strategy; not empty, and no other of the run has it.
	Name() string
	// Slots is the number of marks that the strategy needs, 0 to 32. A strategy that acts needs at least one.
	Slots() int
	// Lead is how many days before a due date the strategy wants to be asked about accounts that are
	// not overdue, 0 to loan.Never; 0: never.
	Lead() loan.Day
	// Decide is described above.
	Decide(o *Observed, out []Action) ([]Action, loan.Day)
}
