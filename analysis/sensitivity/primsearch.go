package sensitivity

import (
	"math"
	"slices"
)

// region is a box under construction: closed limits per factor and the row numbers of its points.
type region struct {
	low, high []float64
	inside    []int
}

// search holds what does not change while boxes are looked for.
type search struct {
	names    []string
	points   [][]float64
	interest []bool
	o        PRIMOptions
	total    int // interesting points of all
}

// limits lists the restricted factors.
func (g region) limits() []int {
	var out []int
	for i := range g.low {
		if !math.IsInf(g.low[i], -1) || !math.IsInf(g.high[i], 1) {
			out = append(out, i)
		}
	}
	return out
}

// holds says whether a point satisfies all limits but those of factor except (-1: all).
func (g region) holds(p []float64, except int) bool {
	for i, x := range p {
		if i != except && (x < g.low[i] || x > g.high[i]) {
			return false
		}
	}
	return true
}

// with returns a copy that differs in one end of one factor; its points are not yet set.
func (g region) with(factor int, lowEnd bool, at float64) region {
	out := region{low: slices.Clone(g.low), high: slices.Clone(g.high)}
	if lowEnd {
		out.low[factor] = at
	} else {
		out.high[factor] = at
	}
	return out
}

func (s search) within(g region, rest []int, except int) []int {
	var out []int
	for _, r := range rest {
		if g.holds(s.points[r], except) {
			out = append(out, r)
		}
	}
	return out
}

func (s search) hits(rows []int) int {
	n := 0
	for _, r := range rows {
		if s.interest[r] {
			n++
		}
	}
	return n
}

func (s search) density(rows []int) float64 { return float64(s.hits(rows)) / float64(len(rows)) }

// find peels from all of rest, picks from the trajectory and pastes.
func (s search) find(rest []int) (region, []Box) {
	g := open(len(s.names))
	g.inside = rest
	picked := g
	trajectory := []Box{s.describe(g, rest)}
	for s.density(g.inside) < 1 {
		next, ok := s.peel(g)
		if !ok {
			break
		}
		g = next
		if d := s.density(picked.inside); d < s.o.Density && s.density(g.inside) > d {
			picked = g
		}
		trajectory = append(trajectory, s.describe(g, rest))
	}
	for {
		next, ok := s.paste(picked, rest)
		if !ok {
			return picked, trajectory
		}
		picked = next
	}
}

// peel returns the best region after cutting one end of one factor; false where every cut would leave too few points.
func (s search) peel(g region) (region, bool) {
	var out region
	found, most := false, 0.0
	for i := range s.names {
		values := s.sorted(g.inside, i)
		for _, lowEnd := range []bool{true, false} {
			at, ok := peelTo(values, s.o.Peel, lowEnd)
			if !ok {
				continue
			}
			next := g.with(i, lowEnd, at)
			next.inside = s.within(next, g.inside, -1)
			if float64(len(next.inside)) < s.o.MinMass*float64(len(s.points)) {
				continue
			}
			gain := (s.density(next.inside) - s.density(g.inside)) / float64(len(g.inside)-len(next.inside))
			if !found || gain > most {
				out, found, most = next, true, gain
			}
		}
	}
	return out, found
}

// sorted returns the rows' values of one factor, rising.
func (s search) sorted(rows []int, factor int) []float64 {
	values := make([]float64, len(rows))
	for j, r := range rows {
		values[j] = s.points[r][factor]
	}
	slices.Sort(values)
	return values
}

// peelTo returns the new end of a factor after the share is cut off sorted values: at least one value goes, and equal
// values go or stay together. False where all values are equal.
func peelTo(values []float64, share float64, lowEnd bool) (float64, bool) {
	n := len(values)
	if values[0] == values[n-1] {
		return 0, false
	}
	cut := max(1, int(share*float64(n)))
	if lowEnd {
		for values[cut] == values[0] {
			cut++
		}
		return values[cut], true
	}
	for values[n-1-cut] == values[n-1] {
		cut++
	}
	return values[n-1-cut], true
}

// paste returns the densest region after letting out one limited end, if density does not fall; of equally dense
// ones the largest.
func (s search) paste(g region, rest []int) (region, bool) {
	best := g
	found := false
	for _, i := range g.limits() {
		around := s.sorted(s.within(g, rest, i), i)
		for _, lowEnd := range []bool{true, false} {
			at, ok := s.pasteTo(g, around, i, lowEnd)
			if !ok {
				continue
			}
			next := g.with(i, lowEnd, at)
			next.inside = s.within(next, rest, -1)
			d, than := s.density(next.inside), s.density(best.inside)
			if d > than || d == than && (!found || len(next.inside) > len(best.inside)) {
				best, found = next, true
			}
		}
	}
	return best, found
}

// pasteTo returns the new end of a factor, opened where nothing is left beyond. around are the factor's values, in
// and beyond its limits, that the other limits allow. False where the end is open already.
func (s search) pasteTo(g region, around []float64, factor int, lowEnd bool) (float64, bool) {
	step := max(1, int(s.o.Paste*float64(len(g.inside))))
	if lowEnd {
		if math.IsInf(g.low[factor], -1) {
			return 0, false
		}
		to := firstAtLeast(around, g.low[factor]) - step
		if to <= 0 || around[to] == around[0] {
			return math.Inf(-1), true
		}
		return around[to], true
	}
	if math.IsInf(g.high[factor], 1) {
		return 0, false
	}
	last := len(around) - 1
	to := firstAtLeast(around, math.Nextafter(g.high[factor], math.Inf(1))) - 1 + step
	if to >= last || around[to] == around[last] {
		return math.Inf(1), true
	}
	return around[to], true
}

func firstAtLeast(sorted []float64, x float64) int {
	at, _ := slices.BinarySearch(sorted, x)
	return at
}
