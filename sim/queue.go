package sim

import (
	"math"

	"collectsim/sim/strategy"
)

// request is an action that an account waits for. Key ranks it in a team's queue.
type request struct {
	action  strategy.Action
	account int32
	key     float32
	since   day
}

// queue holds the requests that wait for a team, highest key first, ties by account: a heap of four children
// a node. The heap is of places only, of which a cache line holds four; the requests stay where they are.
type queue struct {
	order    []place
	requests []request
	free     []int32 // places in requests that hold none
}

// place is where a request stands in the queue: higher ranks come first.
type place struct {
	rank uint64
	at   int32
}

// rankOf orders requests by key, then by account, the lower first.
func rankOf(r *request) uint64 {
	bits := math.Float32bits(r.key + 0) // no negative zero
	if bits>>31 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 31
	}
	return uint64(bits)<<32 | uint64(^uint32(r.account))
}

func (q *queue) clear() {
	q.order, q.requests, q.free = q.order[:0], q.requests[:0], q.free[:0]
}

func (q *queue) len() int { return len(q.order) }

// first is the request at the head of a queue that is not empty.
func (q *queue) first() *request { return &q.requests[q.order[0].at] }

// heirs are the places of which one comes next.
func (q *queue) heirs() []place { return q.order[min(1, len(q.order)):min(5, len(q.order))] }

func (q *queue) push(r request) {
	p := place{rank: rankOf(&r)}
	if n := len(q.free) - 1; n >= 0 {
		p.at, q.free = q.free[n], q.free[:n]
		q.requests[p.at] = r
	} else {
		p.at = int32(len(q.requests))
		q.requests = append(q.requests, r)
	}
	q.order = append(q.order, p)
	k := len(q.order) - 1
	for k > 0 {
		parent := (k - 1) / 4
		if q.order[parent].rank >= p.rank {
			break
		}
		q.order[k] = q.order[parent]
		k = parent
	}
	q.order[k] = p
}

// pop removes the request at the head.
func (q *queue) pop() request {
	at := q.order[0].at
	n := len(q.order) - 1
	last := q.order[n]
	q.order = q.order[:n]
	q.free = append(q.free, at)
	if n == 0 {
		return q.requests[at]
	}
	k := 0
	for first := 1; first < n; first = 4*k + 1 {
		best := first + highest(q.order[first:min(first+4, n)])
		if q.order[best].rank <= last.rank {
			break
		}
		q.order[k] = q.order[best]
		k = best
	}
	q.order[k] = last
	return q.requests[at]
}

// highest is the index of the highest rank among one to four siblings. Four are compared without a branch: which
// of them it is cannot be guessed, and a wrong guess costs more than all comparisons.
func highest(siblings []place) int {
	best := 0
	if len(siblings) < 4 {
		for c := range siblings {
			if siblings[c].rank > siblings[best].rank {
				best = c
			}
		}
		return best
	}
	r1, r2, r3 := siblings[1].rank, siblings[2].rank, siblings[3].rank
	top := max(siblings[0].rank, r1, r2, r3)
	if r1 == top {
		best = 1
	}
	if r2 == top {
		best = 2
	}
	if r3 == top {
		best = 3
	}
	return best
}
