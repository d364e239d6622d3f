package sim

import (
	"context"
	"slices"

	"collectsim/sim/borrower"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/rng"
)

// Walker plays one replication step by step, so that tests can look in between.
type Walker struct{ e *engine }

// Walk draws the borrowers of a replication.
func Walk(c *Config, replication int) (*Walker, error) {
	w := &Walker{newEngine(c)}
	return w, w.Populate(replication)
}

// Populate draws the borrowers of a replication and lives their no-contact life.
func (w *Walker) Populate(replication int) error {
	s := rng.Stream{Seed: w.e.config.Seed, Replication: uint64(replication)}
	world, _, err := w.e.config.Draw(s)
	if err != nil {
		return err
	}
	w.e.populate(s, world)
	w.e.reference = true
	_, err = w.e.live(context.Background(), noContact)
	w.e.reference = false
	return err
}

// Begin puts every account into its state on the morning of day 0 under strategy k of the world.
func (w *Walker) Begin(k int) {
	w.e.begin(w.e.world.Strategies[k])
	w.e.today = 0
}

// Day plays one day and moves on to the next morning.
func (w *Walker) Day() {
	w.e.day()
	w.e.today++
}

// WakeAll makes steps 1 to 5 of the coming day run for every account on the books.
func (w *Walker) WakeAll() {
	for i := range w.e.wakes {
		if w.View(i).OnBooks {
			w.e.wakes[i] = w.e.today
		}
	}
}

// End closes the books and hands over the results, with the run itself as the reference.
// The accounts can be looked at as they were then, before the run-off.
func (w *Walker) End() *outcome.StrategyOutcome {
	w.e.closeAccounts()
	var states []state
	var pulses []borrower.Pulse
	if w.e.world.Policy.RunOff > 0 {
		states, pulses = slices.Clone(w.e.states), slices.Clone(w.e.pulses)
	}
	w.e.runOff()
	w.e.addUp()
	copy(w.e.states, states)
	copy(w.e.pulses, pulses)
	return w.e.outcome(w.e.strategy.Name(), w.e.totals)
}

// Lose takes money from account i, and books it nowhere.
func (w *Walker) Lose(i int, amount loan.Cents) { w.e.states[i].Principal -= amount }

// Totals are the sums of the whole portfolio, complete after End.
func (w *Walker) Totals() *outcome.Totals { return &w.e.totals[0] }

// Today is the day that Day plays next.
func (w *Walker) Today() int { return int(w.e.today) }

// ActiveDays is the number of account-days that the day loop has worked.
func (w *Walker) ActiveDays() int64 { return w.e.activeDays }

// Active lists the accounts in the day loop.
func (w *Walker) Active() (list []int32) {
	for i := range w.e.states {
		if w.e.active[i>>6]>>(i&63)&1 == 1 {
			list = append(list, int32(i))
		}
	}
	return list
}

// Traits are the latent traits of account i.
func (w *Walker) Traits(i int) borrower.Traits { return w.e.traits[i] }

// Book is the running record of accounts and balances by bucket.
func (w *Walker) Book() (count, reported [loan.NumBuckets]int64, balance [loan.NumBuckets]loan.Cents) {
	return w.e.book.count, w.e.book.reported, w.e.book.balance
}

// Queues are the numbers of accounts that the engine reports as waiting for a call and a visit.
func (w *Walker) Queues() (call, visit int) { return w.e.call.waiting(), w.e.visit.waiting() }

// Desk is the agents of a team who share a queue.
type Desk struct{ Agents, Minutes float64 } // worked today

// Desks are those of callers and of officers: one, or one for each region.
func (w *Walker) Desks() (call, visit []Desk) {
	list := func(t *team) (list []Desk) {
		for k := range t.desks {
			list = append(list, Desk{t.desks[k].agents, t.desks[k].minutes})
		}
		return list
	}
	return list(&w.e.call), list(&w.e.visit)
}

// View is what tests may know of an account: nearly everything. Days that are not set are loan.Never.
type View struct {
	loan.Ledger
	borrower.Pulse
	Status           loan.Status
	Bucket, Reported loan.Bucket
	Oldest, Demanded loan.Day // due dates of the oldest unpaid instalments, contractual and demanded
	PromiseDue       loan.Day
	Instalment       loan.Cents
	Recovered, Cost  loan.Cents // where account rows are asked for
	Trust            float32
	Active           bool // in the day loop
	Unsteady, Aware  bool
	Asleep           loan.Day // days before it are accounted for in Pulse, where not active
	Remedy           loan.Remedy
	Owed             loan.Cents
	WaitsCall        bool
	WaitsVisit       bool // not booked yet
	OnBooks          bool // has opened
}

// View returns the state of account i between two days.
func (w *Walker) View(i int) View {
	s, p := &w.e.states[i], &w.e.pulses[i]
	var f flows
	if w.e.flows != nil {
		f = w.e.flows[i]
	}
	return View{
		Ledger: s.Ledger, Pulse: *p, Status: s.status, Bucket: s.bucket, Reported: s.reported,
		Oldest: loan.Day(s.oldest), Demanded: loan.Day(s.demanded), PromiseDue: loan.Day(s.promiseDue),
		Instalment: s.instalment, Recovered: f.recovered, Cost: f.cost, Trust: s.trust,
		Active: s.is(flagActive), Unsteady: s.is(flagUnsteady), Aware: s.is(flagAware), Asleep: loan.Day(s.asleep),
		Remedy: s.remedy, Owed: w.e.owed(int32(i)), WaitsCall: s.callSlot != 0, WaitsVisit: s.visitSlot != 0 && s.visit == never,
		OnBooks: w.e.accounts[i].Opened < loan.Day(w.e.today),
	}
}
