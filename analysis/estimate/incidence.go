package estimate

import (
	"fmt"
	"math"
	"slices"
)

// An IncidencePoint is one time of an [Incidence]; slices are parallel to its Causes.
type IncidencePoint struct {
	Time     float64 `json:"time"`
	AtRisk   int     `json:"at_risk"`
	Events   []int   `json:"events"`
	Censored int     `json:"censored"`
	Open     Float   `json:"open"` // probability of no end yet
	OpenSE   Float   `json:"open_se"`
	Prob     []Float `json:"prob"` // probability of an end by this cause up to and including Time
	SE       []Float `json:"se"`
	Low      []Float `json:"low"`
	High     []Float `json:"high"`
}

// An Incidence holds the cumulative incidence of each of several competing ends.
type Incidence struct {
	N        int              `json:"n"`
	Causes   []string         `json:"causes"` // sorted
	Curve    []IncidencePoint `json:"curve"`  // one per distinct time, ascending
	Warnings []string         `json:"warnings,omitempty"`
}

// Censored is the cause of an observation whose end was not seen.
const Censored = ""

// AalenJohansen estimates the probability of each of several competing ends (paid, written
// off) as a function of time. 1 - Kaplan-Meier of one end, with the others taken as
// censoring, overstates it: it asks what would happen if the others could not.
//
// times and causes are parallel, one an observation; the cause [Censored] marks a censoring,
// which comes after ends at the same time. Open and the causes sum to 1. Who enters late
// (o.Entry) is at risk after that time only.
//
// Standard errors are of Greenwood's type, by propagating the multinomial covariance of each
// time's ends; with everybody entering at 0 they equal the infinitesimal jackknife of R's
// multi-state survfit, with late entry they lie near it. Intervals are pointwise on the scale of o.Transform applied to the
// incidence, NaN while it is 0. o.Horizon is not used.
//
// The error names every bad time. Panics if the lengths differ or an option is out of range.
// Source: Aalen and Johansen (1978); Andersen, Borgan, Gill and Keiding (1993), IV.4.
func AalenJohansen(times []float64, causes []string, o SurvivalOptions) (Incidence, error) {
	checkLengths("times and causes", len(times), len(causes))
	o = o.withDefaults()
	ended := make([]bool, len(causes))
	names := []string{}
	for i, c := range causes {
		if ended[i] = c != Censored; ended[i] {
			names = append(names, c)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	table, err := newLifeTable(o.Entry, times, ended)
	if err != nil {
		return Incidence{}, err
	}
	out := Incidence{N: len(times), Causes: names, Curve: newCurve(table, len(names))}
	for i, c := range causes {
		if ended[i] {
			k, _ := slices.BinarySearch(names, c)
			out.Curve[timeIndex(table.Time, times[i])].Events[k]++
		}
	}
	out.fill(o)
	if i := slices.IndexFunc(out.Curve, func(c IncidencePoint) bool { return c.Open == 0 }); i >= 0 && i < len(out.Curve)-1 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("nobody is open from time %v on, since all %d who were at risk by then had an end, though others entered later: start the clock where enough are at risk", out.Curve[i].Time, out.Curve[i].AtRisk))
	}
	if len(names) == 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("none of the %d observations has an end", len(times)))
	}
	return out, nil
}

func newCurve(t LifeTable, causes int) []IncidencePoint {
	curve := make([]IncidencePoint, len(t.Time))
	for i := range curve {
		curve[i] = IncidencePoint{
			Time: t.Time[i], AtRisk: t.AtRisk[i], Censored: t.Censored[i], Events: make([]int, causes),
			Prob: make([]Float, causes), SE: make([]Float, causes), Low: make([]Float, causes), High: make([]Float, causes),
		}
	}
	return curve
}

func (in *Incidence) fill(o SurvivalOptions) {
	z := NormalQuantile(1 - (1-o.Confidence)/2)
	s := newOccupancy(len(in.Causes))
	for i := range in.Curve {
		c := &in.Curve[i]
		s.step(c.Events, float64(c.AtRisk))
		c.Open, c.OpenSE = Float(s.prob[0]), Float(math.Sqrt(max(0, s.cov[0][0])))
		for k := range in.Causes {
			p, se := s.prob[k+1], math.Sqrt(max(0, s.cov[k+1][k+1]))
			low, high := survivalInterval(p, se, z, o.Transform)
			c.Prob[k], c.SE[k], c.Low[k], c.High[k] = Float(p), Float(se), Float(low), Float(high)
		}
	}
}

// An occupancy is the vector of state probabilities (0 open, then the causes) and its
// covariance matrix.
type occupancy struct {
	prob []float64
	cov  [][]float64
}

func newOccupancy(causes int) occupancy {
	s := occupancy{prob: make([]float64, causes+1), cov: square(causes + 1)}
	s.prob[0] = 1
	return s
}

// step moves the share h_k = d_k/n of the open probability to each cause k:
//
//	p_k += p_0 h_k, p_0 -= p_0 sum h, so p' = A p with A linear in h, and
//	cov' = A cov A^T + p_0^2 cov(h), cov(h_k, h_l) = (h_k [k = l] - h_k h_l) / n.
//
// The two terms add because, given the past, the ends at one time are a fresh draw.
func (s *occupancy) step(ends []int, n float64) {
	h := make([]float64, len(ends)+1) // h[0] is what leaves open, negative
	for k, d := range ends {
		h[k+1] = float64(d) / n
		h[0] -= h[k+1]
	}
	if h[0] == 0 {
		return
	}
	open := s.prob[0]
	carried := square(len(h)) // A cov
	for i := range h {
		for j := range h {
			carried[i][j] = s.cov[i][j] + h[i]*s.cov[0][j]
		}
	}
	for i := range h {
		for j := range h {
			s.cov[i][j] = carried[i][j] + h[j]*carried[i][0] + open*open*hazardCov(h, i, j)/n
		}
		s.prob[i] += open * h[i]
	}
	if h[0] == -1 { // everybody left: exactly nobody is open
		s.prob[0] = 0
		s.settle()
	}
}

// settle gives the only cause there is exactly the probability 1 once nobody is open: the sum of its steps can be
// 1.0000000000000002.
func (s *occupancy) settle() {
	only := 0
	for k, p := range s.prob[1:] {
		switch {
		case p > 0 && only > 0:
			return
		case p > 0:
			only = k + 1
		}
	}
	s.prob[only], s.cov[only][only] = 1, 0
}

// hazardCov is n times the covariance of h_i and h_j; row 0 is minus the sum of the others.
func hazardCov(h []float64, i, j int) float64 {
	leave := -h[0]
	switch {
	case i == 0 && j == 0:
		return leave * (1 - leave)
	case i == 0:
		return -h[j] * (1 - leave)
	case j == 0:
		return -h[i] * (1 - leave)
	case i == j:
		return h[i] * (1 - h[i])
	}
	return -h[i] * h[j]
}

func square(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	return m
}
