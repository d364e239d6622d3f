package sim

import (
	"math"

	"collectsim/sim/borrower"
	"collectsim/sim/outcome"
)

// around records the stress of borrowers in the evenings around appointments and visits.
//
// Who will be visited is not known a week ahead, so the last evenings of all borrowers are kept; from the anchor
// on, a window follows its borrower, and is added to the sums when it is over. Windows that hang over the beginning or
// the end of the run, or over the day on which the loan was disbursed, are left out, so every day of the sums rests on
// the same borrowers.
type around struct {
	on      bool
	last    [outcome.DaysBefore][]float32 // stress of every account, by evening modulo their number
	begun   []uint8                       // by account: a bit for every anchor that was met
	windows []window
	sums    [outcome.NumAnchors]outcome.AroundStress
}

// window is stress around one anchor of one borrower.
type window struct {
	account int32
	anchor  outcome.Anchor
	on      day
	stress  [outcome.AroundDays]float32
}

// begin forgets the life before; on says whether the strategy to come may visit, of others nothing is kept.
func (r *around) begin(accounts int, on bool) {
	r.on, r.windows, r.sums = on, r.windows[:0], [outcome.NumAnchors]outcome.AroundStress{}
	if !on {
		return
	}
	r.begun = resize(r.begun, accounts)
	for k := range r.last {
		r.last[k] = resize(r.last[k], accounts)
	}
}

// open begins the window of an account around an anchor that was met today, the first time that it is.
func (r *around) open(anchor outcome.Anchor, i int32, today day) {
	bit := uint8(1) << anchor
	if !r.on || r.begun[i]&bit != 0 {
		return
	}
	r.begun[i] |= bit
	if today < outcome.DaysBefore {
		return
	}
	w := window{account: i, anchor: anchor, on: today}
	for k := range outcome.DaysBefore {
		w.stress[k] = r.last[(int(today)+k)%outcome.DaysBefore][i] // the oldest evening is the next to be overwritten
	}
	if math.IsNaN(float64(w.stress[0])) { // not on the books yet, as await has it
		return
	}
	r.windows = append(r.windows, w)
}

// evening records the day in open windows, and keeps it for those to come.
func (r *around) evening(today day, pulses []borrower.Pulse) {
	if !r.on {
		return
	}
	for k := 0; k < len(r.windows); {
		w := &r.windows[k]
		d := outcome.DaysBefore + int(today-w.on)
		w.stress[d] = pulses[w.account].Stress
		if d < outcome.AroundDays-1 {
			k++
			continue
		}
		sum := &r.sums[w.anchor]
		sum.Borrowers++
		for d, x := range w.stress {
			sum.Stress[d] += float64(x)
		}
		end := len(r.windows) - 1
		r.windows[k], r.windows = r.windows[end], r.windows[:end]
	}
	last := r.last[int(today)%outcome.DaysBefore]
	for i := range last {
		last[i] = pulses[i].Stress
	}
}
