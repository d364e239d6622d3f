package sim

import (
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// The dimensions of groups.
const (
	byProduct = iota
	byRegion
	bySegment
	byCause
	byStart
	byVintage // by month of opening, where loans open during the run
	byArm     // by section of the splits among the strategies
	numDimensions
)

var dimensionNames = [numDimensions]string{"product", "region", "segment", "cause", "start", "vintage", "section"}

type group struct{ dimension, name string }

// cells are the portfolio cut by all dimensions at once. What happens to an account is added to the sums of
// its cell only, in one place; the sums of groups and of the whole portfolio are made of those of the cells
// when the life is over.
type cells struct {
	groups []group            // of every dimension in turn
	first  [numDimensions]int // index of each dimension's first group in totals
	sizes  [numDimensions]int // groups of each dimension
	at     []int32            // cell by key, for the cells that hold an account
	of     []int32            // totals that each cell is part of: the whole, then a group of every dimension that has any
	keys   []int              // of those cells, in order of their first account
	cell   []outcome.Totals
	totals []outcome.Totals // 0 is the whole portfolio, then the groups
}

// sortGroups lists the groups of every dimension and the cells of the accounts as drawn.
func (e *engine) sortGroups() {
	e.groups = e.groups[:0]
	add := func(dimension int, n int, name func(int) string) {
		e.first[dimension], e.sizes[dimension] = 1+len(e.groups), n
		for k := range n {
			e.groups = append(e.groups, group{dimensionNames[dimension], name(k)})
		}
	}
	add(byProduct, int(loan.NumProducts), func(k int) string { return loan.Product(k).String() })
	add(byRegion, int(loan.NumRegions), func(k int) string { return loan.Region(k).String() })
	add(bySegment, max(1, len(e.config.Portfolio.Segments)), func(k int) string {
		if k < len(e.config.Portfolio.Segments) {
			return e.config.Portfolio.Segments[k]
		}
		return "all"
	})
	add(byCause, int(loan.NumCauses), func(k int) string { return loan.Cause(k).String() })
	add(byStart, int(loan.NumBuckets), func(k int) string { return loan.Bucket(k).String() })
	add(byVintage, e.vintageGroups(), e.vintageName)
	add(byArm, e.sortTrials(), func(int) string { return "" })
	e.sortCells()
}

// sortCells numbers the cells that hold an account.
func (e *engine) sortCells() {
	size := 1
	for _, n := range e.sizes {
		size *= max(n, 1)
	}
	e.at, e.keys = resize(e.at, size), e.keys[:0]
	for i := range e.accounts {
		if key := e.cellKey(int32(i)); e.at[key] == 0 {
			e.keys = append(e.keys, key)
			e.at[key] = int32(len(e.keys))
		}
	}
	e.of = e.of[:0]
	for _, key := range e.keys {
		e.of = append(e.of, 0)
		for d := numDimensions - 1; d >= 0; d-- {
			if n := e.sizes[d]; n > 0 {
				e.of = append(e.of, int32(e.first[d]+key%n))
				key /= n
			}
		}
	}
}

// partOf lists the totals that a cell is part of.
func (e *engine) partOf(cell int32) []int32 {
	n := len(e.of) / len(e.keys)
	return e.of[int(cell)*n : (int(cell)+1)*n]
}

// cellKey numbers the combinations of groups, the last dimension fastest.
func (e *engine) cellKey(i int32) int {
	a, key := &e.accounts[i], 0
	for d, group := range [numDimensions]int{
		int(a.Product), int(a.Region), int(a.Segment), int(e.traits[i].Cause), int(e.startBucket(a)), e.vintageGroup(a), e.section(i),
	} {
		key = key*max(e.sizes[d], 1) + group
	}
	return key
}

// startBucket is an account's bucket on day 0.
func (e *engine) startBucket(a *loan.Account) loan.Bucket {
	return loan.StartOf(a, e.world.Policy.ChargeOff)
}

// cellOf returns the cell of an account.
func (e *engine) cellOf(i int32) int32 { return e.at[e.cellKey(i)] - 1 }

// sums are those of an account's cell: what happens to the account is added there.
func (e *engine) sums(i int32) *outcome.Totals { return &e.cell[e.states[i].cell] }

// sumUp adds the cells up to groups and to the whole portfolio.
func (e *engine) sumUp() {
	for c := range e.keys {
		for _, g := range e.partOf(int32(c)) {
			e.totals[g].Add(&e.cell[c])
		}
	}
}
