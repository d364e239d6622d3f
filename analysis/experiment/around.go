package experiment

import (
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// rightParty is the detail of a contact event that met the borrower.
const rightParty = 2

// none marks a borrower without an anchor.
const none = loan.Never

// aroundShares takes a window around each borrower's first anchor in one strategy, and the same days
// of the same borrowers in the other. A window that begins before the loan is disbursed, or leaves the run, does not
// count: of those days nothing is known.
func aroundShares(m *Measure, of, less *outcome.StrategyOutcome, horizon int, opened []loan.Day) (a, b share) {
	rows := of.Accounts
	index := make(map[int64]int, len(rows))
	for i := range rows {
		index[rows[i].ID] = i
	}
	anchors := anchorDays(m.Around.Anchor, of, index)
	granted := remedyDays(of, index)
	w := m.Around
	for i := range rows {
		day := anchors[i]
		first := int(day) + w.From
		if w.Against != nil {
			first = min(first, int(day)+*w.Against)
		}
		begun := 0
		if opened != nil {
			begun = max(0, int(opened[i]))
		}
		if day == none || first < begun || int(day)+w.To >= horizon || !m.Where.selects(&rows[i]) || !m.Where.remedied(granted[i][day]) {
			anchors[i] = none
		}
	}
	a = w.sum(of, index, anchors)
	if less != nil {
		b = w.sum(less, index, anchors)
	}
	return a, b
}

// anchorDays returns each borrower's first day of the anchor.
func anchorDays(anchor string, s *outcome.StrategyOutcome, index map[int64]int) []loan.Day {
	days := make([]loan.Day, len(index))
	for i := range days {
		days[i] = none
		if anchor == "start" {
			days[i] = 0
		}
	}
	announced := make(map[int64]outcome.Event) // last notice, whose contact follows on the same day
	for _, v := range s.Events {
		hit := false
		switch v.Kind {
		case outcome.EventContact:
			met := v.Detail == rightParty
			n, ok := announced[v.Account]
			hit = anchor == "sms" && v.Channel == loan.SMS || met && (anchor == "visit" && v.Channel == loan.Visit || anchor == "call" && v.Channel == loan.Call ||
				anchor == "notice" && ok && n.Day == v.Day && n.Channel == v.Channel)
		case outcome.EventNotice:
			announced[v.Account] = v
		case outcome.EventRemedy:
			hit = anchor == "remedy"
		case outcome.EventOverdue:
			hit = anchor == "overdue"
		}
		if i := index[v.Account]; hit && days[i] == none {
			days[i] = v.Day
		}
	}
	return days
}

// remedyDays returns the days on which each borrower was granted a remedy.
func remedyDays(s *outcome.StrategyOutcome, index map[int64]int) []map[loan.Day]bool {
	days := make([]map[loan.Day]bool, len(index))
	for _, v := range s.Events {
		if v.Kind == outcome.EventRemedy {
			i := index[v.Account]
			if days[i] == nil {
				days[i] = map[loan.Day]bool{}
			}
			days[i][v.Day] = true
		}
	}
	return days
}

// sum adds up what happened in the windows; under counts the borrowers.
func (w *Around) sum(s *outcome.StrategyOutcome, index map[int64]int, anchors []loan.Day) share {
	var x share
	for _, day := range anchors {
		if day != none {
			x.under++
		}
	}
	if w.What == "stress" {
		x.over = w.stress(s.Stress, anchors)
		return x
	}
	kind, once := what[w.What].kind, map[int]bool{}
	for _, v := range s.Events {
		i := index[v.Account]
		if v.Kind != kind || anchors[i] == none || int(v.Day) < int(anchors[i])+w.From || int(v.Day) > int(anchors[i])+w.To {
			continue
		}
		switch {
		case w.What == "paid":
			x.over += v.Amount.Units()
		case !what[w.What].once:
			x.over++
		case !once[i]:
			once[i] = true
			x.over++
		}
	}
	if what[w.What].not {
		x.over = x.under - x.over
	}
	return x
}

// what are the countable things around an anchor: the event, whether it counts once a borrower, whether
// those without it are counted.
var what = map[string]struct {
	kind      outcome.EventKind
	once, not bool
}{
	"paid": {kind: outcome.EventPayment}, "pays": {outcome.EventPayment, true, false},
	"cured": {outcome.EventCure, true, false}, "uncured": {outcome.EventCure, true, true},
	"episodes": {kind: outcome.EventOverdue}, "punctual": {outcome.EventOverdue, true, true},
	"charged-off": {outcome.EventChargeOff, true, false},
	"broken":      {kind: outcome.EventBroken}, "kept": {kind: outcome.EventKept},
}

// stress sums the mean stress of each window, less that of the day it is taken against.
func (w *Around) stress(paths [][]float32, anchors []loan.Day) float64 {
	sum := 0.0
	for i, day := range anchors {
		if day == none {
			continue
		}
		mean := 0.0
		for d := w.From; d <= w.To; d++ {
			mean += float64(paths[int(day)+d][i])
		}
		mean /= float64(w.To - w.From + 1)
		if w.Against != nil {
			mean -= float64(paths[int(day)+*w.Against][i])
		}
		sum += mean
	}
	return sum
}
