package sim

import (
	"cmp"
	"fmt"
	"slices"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// book is the portfolio's running record: counts and balances by bucket, kept up to date by leave
// and enter around every change of an account, so that a day is recorded without a pass over it.
type book struct {
	count, reported [loan.NumBuckets]int64
	balance         [loan.NumBuckets]loan.Cents
	accounts        int64 // opened so far
	recovered, cost loan.Cents
	calm            float64 // sum of the base levels of borrowers outside of the day loop
	stress          float64 // sum of stress in the day loop, today
	distressed      int64
	calmDistress    int64 // borrowers outside of the day loop whose base level is distress
}

// leave takes an account out of the running record before it changes.
func (e *engine) leave(i int32) {
	s := &e.states[i]
	e.book.count[s.bucket]--
	e.book.reported[s.reported]--
	e.book.balance[s.bucket] -= s.exposure()
}

// enter puts an account back into the running record after it changed.
func (e *engine) enter(i int32) {
	s := &e.states[i]
	s.bucket = e.bucketOf(s, s.oldest)
	s.reported = e.bucketOf(s, s.demanded)
	e.book.count[s.bucket]++
	e.book.reported[s.reported]++
	e.book.balance[s.bucket] += s.exposure()
	switch late := s.bucket >= loan.Bucket30; {
	case late && s.late30 == never:
		s.late30 = e.today
	case !late && s.late30 != never:
		s.lateDays += e.today - s.late30
		e.lateInVintage(i, e.today)
		s.late30 = never
	}
}

func (e *engine) bucketOf(s *state, since day) loan.Bucket {
	switch {
	case s.status == loan.ChargedOff:
		return loan.BucketChargedOff
	case since == never:
		return loan.BucketCurrent
	}
	return loan.BucketOf(loan.Day(e.today - since))
}

// atLeast sums over the buckets from one on.
func atLeast[T int64 | loan.Cents](x *[loan.NumBuckets]T, from loan.Bucket) T {
	var sum T
	for _, v := range x[from:] {
		sum += v
	}
	return sum
}

// observe is step 9: the day is recorded.
func (e *engine) observe() {
	b, n := &e.book, float64(max(e.book.accounts, 1)) // before the first loan nobody is overdue: 0
	row := &e.daily[e.today]
	for k, from := range [4]loan.Bucket{loan.Bucket1, loan.Bucket30, loan.Bucket60, loan.Bucket90} {
		row[outcome.DayOverdue1+k] = float64(atLeast(&b.count, from)) / n
	}
	row[outcome.DayOverdue30Reported] = float64(atLeast(&b.reported, loan.Bucket30)) / n
	if total := atLeast(&b.balance, 0); total > 0 {
		row[outcome.DayOverdueBalance30] = float64(atLeast(&b.balance, loan.Bucket30)) / float64(total)
	}
	row[outcome.DayRecovered] = b.recovered.Units() / n
	row[outcome.DayCost] = (b.cost + e.fixedCost(&e.call, e.today+1) + e.fixedCost(&e.visit, e.today+1)).Units() / n
	row[outcome.DayStress] = (b.stress + b.calm) / n
	if e.reference {
		e.calmLife[e.today] = row[outcome.DayStress]
	}
	row[outcome.DayCollectionStress] = row[outcome.DayStress] - e.calmLife[e.today]
	row[outcome.DayDistress] = float64(b.distressed+b.calmDistress) / n
	row[outcome.DayQueueCall] = float64(e.call.waiting())
	row[outcome.DayQueueVisit] = float64(e.visit.waiting())
	row[outcome.DayUtilisationCall] = e.utilisation(&e.call)
	row[outcome.DayUtilisationVisit] = e.utilisation(&e.visit)
	e.around.evening(e.today, e.pulses)
	if e.config.StressPaths {
		e.paths = append(e.paths, e.stressNow())
	}
	if (e.today+1)%loan.MonthDays == 0 {
		e.monthEnd(int(e.today) / loan.MonthDays)
	}
}

// stressNow is the stress of every account this evening; who is calm is at the base level.
func (e *engine) stressNow() []float32 {
	row := make([]float32, len(e.states))
	for i := range row {
		row[i] = e.pulses[i].Stress
	}
	return row
}

// monthEnd counts the moves between buckets since the last month's end.
func (e *engine) monthEnd(m int) {
	moves := &e.moves[m]
	for i := range e.states {
		s := &e.states[i]
		if e.month[i] == unseen { // joins at the first month's end after it opened
			if e.accounts[i].Opened <= loan.Day(e.today) {
				e.month[i] = s.bucket
			}
			continue
		}
		f := &moves[e.month[i]][s.bucket]
		f.Count++
		f.Balance += s.exposure()
		e.month[i] = s.bucket
	}
}

// end closes the books on the evening of the last day.
func (e *engine) end() {
	e.closeAccounts()
	e.runOff()
	e.addUp()
}

func (e *engine) closeAccounts() {
	levels := make([]int32, len(e.totals)*outcome.NumStressLevels) // kept by whom the sums are handed to
	for g := range e.totals {
		e.totals[g].StressLevels, levels = levels[:outcome.NumStressLevels:outcome.NumStressLevels], levels[outcome.NumStressLevels:]
	}
	for i := range e.states {
		e.close(int32(i))
	}
	if e.config.Accounts {
		e.rows = e.accountRows()
	}
}

// addUp makes the sums of groups and of the whole portfolio, with the fixed cost of the teams: each group by
// the days of its accounts.
func (e *engine) addUp() {
	e.sumUp()
	whole := &e.totals[0]
	whole.VisitMinutes, whole.VisitCapacity = e.visit.worked()
	whole.CallMinutes, whole.CallCapacity = e.call.worked()
	for g := len(e.totals) - 1; g >= 0; g-- { // the whole last: the others take shares of it
		t := &e.totals[g]
		call, ownCall := e.borne(&e.call, g)
		visit, ownVisit := e.borne(&e.visit, g)
		fixed := (call + visit).Share(float64(t.Days)/float64(whole.Days)) + ownCall + ownVisit
		if g >= e.first[byArm] {
			fixed = fixedByUse(t, whole, call, visit)
		}
		t.Cost[outcome.CostFixed] += fixed
		t.NPV -= float64(float64(fixed) * e.meanDiscount())
		if whole.Visits > 0 {
			t.VisitCost += visit.Share(float64(t.Visits)/float64(whole.Visits)) + ownVisit
		}
		if d := e.deskOf(&e.call, g); d != nil {
			t.CallMinutes, t.CallCapacity = d.used, d.offered
		}
		if d := e.deskOf(&e.visit, g); d != nil {
			t.VisitMinutes, t.VisitCapacity = d.used, d.offered
		}
	}
}

// meanDiscount is the discount factor of a cost spread evenly over the days.
func (e *engine) meanDiscount() float64 {
	sum := 0.0
	for _, f := range e.discount[:e.horizon] {
		sum += f
	}
	return sum / float64(e.horizon)
}

// close adds one account's final state to the sums. Money that does not balance to the cent is a fault of
// the engine, and ends the run.
func (e *engine) close(i int32) {
	s, p := &e.states[i], &e.pulses[i]
	if x := s.Imbalance(e.accounts[i].Balance); x != 0 {
		panic(fmt.Sprintf("sim: account %d under %s does not balance: %s, %+v", e.id(i), e.strategy.Name(), x, s.Ledger))
	}
	for !s.is(flagActive) && s.payday < e.horizon { // nothing has woken the account since
		e.payDay(i)
	}
	e.catchUp(i, e.horizon)
	if s.oldest != never && s.status != loan.ChargedOff && s.is(flagInside) {
		e.cures[lastEvening(e.horizon-s.episode)].Censored++
	}
	late := int64(s.lateDays)
	if s.late30 != never {
		late += int64(e.horizon - s.late30)
		e.lateInVintage(i, e.horizon)
	}
	days := int64(e.age(i, e.horizon))
	outstanding := s.exposure()
	if s.status != loan.ChargedOff {
		e.fund(i, float64(e.horizon-s.posted))
	}
	t := e.sums(i)
	t.Accounts++
	t.Days += days
	t.Balance += outstanding
	for k, from := range [4]loan.Bucket{loan.Bucket1, loan.Bucket30, loan.Bucket60, loan.Bucket90} {
		if s.bucket >= from {
			t.Overdue[k]++
			t.OverdueBalance[k] += outstanding
		}
	}
	if s.reported >= loan.Bucket30 {
		t.OverdueReported30++
	}
	t.OverdueDays30 += late
	t.WrittenOff += s.WrittenOff
	t.StressDays += float64(p.StressSum)
	t.StressPeak += float64(p.Peak)
	for _, g := range e.partOf(s.cell) {
		e.totals[g].CountStress(float64(p.StressSum) / float64(days))
	}
	if p.Distress > 0 {
		t.Distressed++
	}
	t.DistressDays += int64(p.Distress)
	t.Trust += float64(s.trust)
}

// outcome hands over the results of the life just lived, under a strategy's name.
func (e *engine) outcome(name string, ref []outcome.Totals) *outcome.StrategyOutcome {
	o := &outcome.StrategyOutcome{
		Name:        name,
		Values:      e.totals[0].Values(&ref[0]),
		Daily:       slices.Clone(e.daily),
		Transitions: slices.Clone(e.moves),
		Cures:       slices.Clone(e.cures),
		Channels:    e.channels,
		Around:      e.around.sums,
	}
	for g, group := range e.groups[:e.first[byArm]-1] {
		t := &e.totals[1+g]
		if t.Accounts > 0 {
			o.Groups = append(o.Groups, outcome.Group{Dimension: group.dimension, Name: group.name, Accounts: t.Accounts, Values: t.Values(&ref[1+g])})
		}
	}
	o.Groups = append(o.Groups, e.byArms(ref)...)
	e.heldBack(o)
	if e.config.Accounts {
		o.Accounts = e.rows
	}
	if e.config.Events {
		o.Events = e.sortedEvents()
	}
	o.Stress = e.paths
	o.Vintages = e.followed()
	return o
}

// heldBack hands over the actions that rules suppressed, by rule and added up by channel.
func (e *engine) heldBack(o *outcome.StrategyOutcome) {
	for c, byRule := range e.held {
		for rule, n := range byRule {
			o.Channels[c].Suppressed += n
			if n > 0 {
				o.Suppressed = append(o.Suppressed, outcome.Suppression{Channel: loan.Channel(c), Rule: strategy.Verdict(rule).String(), Actions: n})
			}
		}
	}
}

func (e *engine) accountRows() []outcome.AccountRow {
	rows := make([]outcome.AccountRow, len(e.accounts))
	for i := range rows {
		a, t, p, s, f := &e.accounts[i], &e.traits[i], &e.pulses[i], &e.states[i], e.flows[i]
		rows[i] = outcome.AccountRow{
			ID: a.ID, Key: e.config.Portfolio.Keys[a.ID], Cause: t.Cause, Product: a.Product, Region: a.Region, Segment: a.Segment,
			Bucket: s.bucket, Opening: a.Balance, Recovered: f.recovered, Claimed: f.claimed, OverduePaid: f.overduePaid, Paid: s.Paid, Cost: f.cost,
			Episodes: int64(f.episodes), Cures: int64(f.cures), SelfCures: int64(f.selfCures),
			Outstanding: s.Outstanding(), WrittenOff: s.WrittenOff,
			StressMean: float64(p.StressSum) / float64(e.age(int32(i), e.horizon)), StressPeak: float64(p.Peak), DistressDays: int64(p.Distress),
			Attempts: int64(s.attempts), RPC: int64(s.contacts), Promises: int64(s.promises), Visits: int64(s.visits),
			Complaints: int64(s.complain), Remedy: s.granted, Diagnosed: s.diagnosed, Arm: e.armOf(int32(i)),
		}
		if s.oldest != never {
			rows[i].DPD = loan.Day(e.horizon - 1 - s.oldest)
		}
	}
	return rows
}

// log records an event, where events are asked for.
func (e *engine) log(i int32, kind outcome.EventKind, c loan.Channel, amount loan.Cents, detail int32) {
	if !e.config.Events || e.runningOff {
		return
	}
	e.events = append(e.events, outcome.Event{
		Day: loan.Day(e.today), Account: e.accounts[i].ID, Sequence: e.sequence, Kind: kind, Channel: c, Amount: amount, Detail: detail,
	})
	e.sequence++
}

// sortedEvents orders the events by day, account and sequence, and numbers them within the day and
// account, so that a row does not depend on who else is in the portfolio.
func (e *engine) sortedEvents() []outcome.Event {
	events := slices.Clone(e.events)
	slices.SortFunc(events, func(a, b outcome.Event) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Account, b.Account), cmp.Compare(a.Sequence, b.Sequence))
	})
	for k := range events {
		events[k].Sequence = 0
		if k > 0 && events[k].Day == events[k-1].Day && events[k].Account == events[k-1].Account {
			events[k].Sequence = events[k-1].Sequence + 1
		}
	}
	return events
}
