package sim

import (
	"math"
	"slices"

	"collectsim/sim/strategy"
)

// request is an action that an account waits for. Key ranks it in a team's queue.
type request struct {
	action  strategy.Action
	account int32
	key     float32
	since   day
}

// queue holds the requests that wait for a team, highest key first, ties by account. The requests stay where
// they are; places of them are sorted. Requests come in step 5 and are served in step 6, so that a day's newcomers
// are sorted once and merged: a heap would compare, and guess, at each request anew.
type queue struct {
	standing []place // in order, the head last
	coming   []place // pushed since, in no order
	spare    []place // to sort them
	requests []request
	free     []int32 // places in requests that hold none
}

// place is where a request stands in the queue: higher ranks come first.
type place struct {
	rank uint64
	at   int32
}

func (p *place) account() int32 { return int32(^uint32(p.rank)) }

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
	q.standing, q.coming, q.requests, q.free = q.standing[:0], q.coming[:0], q.requests[:0], q.free[:0]
}

func (q *queue) len() int { return len(q.standing) + len(q.coming) }

func (q *queue) push(r request) {
	p := place{rank: rankOf(&r)}
	if n := len(q.free) - 1; n >= 0 {
		p.at, q.free = q.free[n], q.free[:n]
		q.requests[p.at] = r
	} else {
		p.at = int32(len(q.requests))
		q.requests = append(q.requests, r)
	}
	q.coming = append(q.coming, p)
}

// first is the request at the head of a queue that is not empty.
func (q *queue) first() *request {
	q.settle()
	return &q.requests[q.standing[len(q.standing)-1].at]
}

// pop removes the request at the head.
func (q *queue) pop() request {
	q.settle()
	n := len(q.standing) - 1
	at := q.standing[n].at
	q.standing = q.standing[:n]
	q.free = append(q.free, at)
	return q.requests[at]
}

// settle gives those who came since their places among the others.
func (q *queue) settle() {
	if len(q.coming) == 0 {
		return
	}
	q.coming, q.spare = sortByRank(q.coming, q.spare)
	old, come := len(q.standing)-1, len(q.coming)-1
	q.standing = append(q.standing, q.coming...)
	for to := len(q.standing) - 1; come >= 0; to-- { // from the head on, as far as anybody new has a place
		if old >= 0 && q.standing[old].rank > q.coming[come].rank {
			q.standing[to] = q.standing[old]
			old--
		} else {
			q.standing[to] = q.coming[come]
			come--
		}
	}
	q.coming = q.coming[:0]
}

// sortByRank sorts places, lowest rank first, byte by byte from the last (Seward 1954): to compare ranks is to guess,
// and half of the guesses are wrong. It returns the sorted slice and the other one of the two.
func sortByRank(places, spare []place) (sorted, other []place) {
	spare = slices.Grow(spare[:0], len(places))[:len(places)]
	for shift := 0; shift < 64; shift += 8 {
		var next [256]int32 // number of places by byte, then where the next of them goes
		for k := range places {
			next[byte(places[k].rank>>shift)]++
		}
		if next[byte(places[0].rank>>shift)] == int32(len(places)) { // all alike
			continue
		}
		at := int32(0)
		for b, n := range next {
			next[b], at = at, at+n
		}
		for k := range places {
			b := byte(places[k].rank >> shift)
			spare[next[b]] = places[k]
			next[b]++
		}
		places, spare = spare, places
	}
	return places, spare
}

// ahead is the place some turns behind the head, nil if there is none.
func (q *queue) ahead(turns int) *place {
	n := len(q.standing) - 1 - turns
	if n < 0 {
		return nil
	}
	return &q.standing[n]
}
