package decision

import "math"

// Status says how a strategy stands against the others.
type Status string

const (
	NonDominated        Status = "ND" // on the efficient frontier
	Dominated           Status = "D"  // another strategy costs no more and achieves no less
	ExtendedlyDominated Status = "ED" // a mixture of two frontier strategies achieves as much at lower cost
)

// Row is one strategy of the ICER table. IncCost, IncEffect and ICER compare it with the frontier
// strategy before it; they are undefined for the first one and for dominated strategies.
type Row struct {
	Strategy  string  `json:"strategy"`
	Cost      float64 `json:"cost"`
	Effect    float64 `json:"effect"`
	IncCost   Number  `json:"inc_cost"`
	IncEffect Number  `json:"inc_effect"`
	ICER      Number  `json:"icer"` // money per unit of effect
	Status    Status  `json:"status"`
	// By names the dominator: for D the cheapest frontier strategy that dominates (or, if none does, the
	// cheapest extendedly dominated one); for ED the cheaper strategy of the frontier pair whose mixture
	// dominates, the other being the next on the frontier. Empty for ND.
	By string `json:"by,omitempty"`
}

// ICERs computes incremental cost-effectiveness ratios along the efficient frontier.
//
// Rows come frontier first, then ED, then D, each by cost. Ties: lower cost first, then higher effect,
// then name; of exact duplicates the later is D. Equal effect at higher cost is D. A strategy on the
// straight line between its frontier neighbours (equal ICERs) is not dominated: no mixture is cheaper.
// "On the line" allows for the rounding of the inputs to float64, so that 0.1, 0.2, 0.3 are in line.
//
// A single strategy is ND. Returns the errors of [Means.Validate].
// Source: Karlsson and Johannesson 1996, PharmacoEconomics 9(2), decision rules 1-3; extended dominance
// to its fixpoint is the lower convex hull of (effect, cost).
func ICERs(m Means) ([]Row, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	order := m.order()
	candidates := undominated(m, order)
	frontier := lowerHull(m, candidates)
	status := make([]Status, len(order))
	for i := range status {
		status[i] = Dominated
	}
	mark(status, candidates, ExtendedlyDominated)
	mark(status, frontier, NonDominated)

	rows := frontierRows(m, frontier)
	extended := withStatus(order, status, ExtendedlyDominated)
	for _, i := range extended {
		rows = append(rows, plainRow(m, i, ExtendedlyDominated, m.lowerNeighbour(frontier, i)))
	}
	dominators := append(frontier, extended...)
	for _, i := range withStatus(order, status, Dominated) {
		rows = append(rows, plainRow(m, i, Dominated, m.dominator(dominators, i)))
	}
	return rows, nil
}

// undominated keeps, of strategies in order of cost, those with more effect than every cheaper one.
func undominated(m Means, order []int) []int {
	var keep []int
	best := math.Inf(-1)
	for _, i := range order {
		if m.Effect[i] > best {
			keep, best = append(keep, i), m.Effect[i]
		}
	}
	return keep
}

// lowerHull is the lower convex hull of points of increasing cost and effect, with the points on its edges.
func lowerHull(m Means, points []int) []int {
	var hull []int
	for _, p := range points {
		for len(hull) >= 2 && m.aboveLine(hull[len(hull)-2], hull[len(hull)-1], p) {
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	return hull
}

// aboveLine reports whether b, between a and c in cost and effect, lies above the line from a to c by
// more than the rounding of the inputs can explain.
func (m Means) aboveLine(a, b, c int) bool {
	cost1, effect1 := m.Cost[b]-m.Cost[a], m.Effect[b]-m.Effect[a]
	cost2, effect2 := m.Cost[c]-m.Cost[b], m.Effect[c]-m.Effect[b]
	const unit = 0x1p-52 // of rounding: half of it in an input, as much again in its differences
	rounding := unit * (crossError(m.Cost, a, b, c, effect1, effect2) + crossError(m.Effect, a, b, c, cost1, cost2))
	return cost1*effect2-cost2*effect1 > rounding
}

// crossError is how much relative errors of x change the cross product of the steps of x from a to b and
// from b to c with the steps of the other coordinate.
func crossError(x []float64, a, b, c int, step1, step2 float64) float64 {
	return math.Abs(x[a])*step2 + math.Abs(x[b])*(step1+step2) + math.Abs(x[c])*step1
}

func mark(status []Status, which []int, s Status) {
	for _, i := range which {
		status[i] = s
	}
}

func withStatus(order []int, status []Status, s Status) []int {
	var out []int
	for _, i := range order {
		if status[i] == s {
			out = append(out, i)
		}
	}
	return out
}

func frontierRows(m Means, frontier []int) []Row {
	rows := make([]Row, len(frontier))
	for r, i := range frontier {
		rows[r] = plainRow(m, i, NonDominated, "")
		if r == 0 {
			continue
		}
		dc, de := m.Cost[i]-rows[r-1].Cost, m.Effect[i]-rows[r-1].Effect
		rows[r].IncCost, rows[r].IncEffect, rows[r].ICER = Number(dc), Number(de), Number(dc/de)
	}
	return rows
}

func plainRow(m Means, i int, s Status, by string) Row {
	return Row{
		Strategy: m.Strategies[i], Cost: m.Cost[i], Effect: m.Effect[i],
		IncCost: Undefined(), IncEffect: Undefined(), ICER: Undefined(), Status: s, By: by,
	}
}

// lowerNeighbour names the last frontier strategy with less effect than i.
func (m Means) lowerNeighbour(frontier []int, i int) string {
	name := ""
	for _, f := range frontier {
		if m.Effect[f] < m.Effect[i] {
			name = m.Strategies[f]
		}
	}
	return name
}

func (m Means) dominator(candidates []int, i int) string {
	for _, f := range candidates {
		if m.Cost[f] <= m.Cost[i] && m.Effect[f] >= m.Effect[i] {
			return m.Strategies[f]
		}
	}
	panic("decision: a dominated strategy without dominator: " + m.Strategies[i])
}
