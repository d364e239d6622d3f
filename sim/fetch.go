package sim

import "unsafe"

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

// fetchAheadIn does the same for a request that is served in a few turns, and its account.
func (e *engine) fetchAheadIn(q *queue) {
	if p := q.ahead(fetchAhead); p != nil {
		e.fetchOne(p.account())
		prefetchLine(unsafe.Pointer(&q.requests[p.at]))
	}
}
