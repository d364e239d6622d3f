package sensitivity

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// PRIMOptions tune [PRIM]; 0 means the default of each.
type PRIMOptions struct {
	Peel     float64 // share of a box's points that one peeling step cuts off, in (0, 0.5]; default 0.05
	Paste    float64 // share that one pasting step adds, in (0, 0.5]; default 0.05
	MinMass  float64 // smallest share of all points that a box may hold, in (0, 1); default 0.05
	Density  float64 // wanted share of interesting points in a box, in (0, 1]; default 0.8
	MaxBoxes int     // boxes to look for, each among the points outside the earlier ones; default 1
}

// Limit is a box's restriction of one factor, both ends included; an open end is infinite, in JSON null.
type Limit struct {
	Name      string
	Low, High float64
	// QuasiP is the chance of as many interesting points as the box has, if this restriction did nothing: the upper
	// tail of a binomial whose success rate is the density of the box without it. It overstates significance, since
	// the limits were chosen on the same points.
	QuasiP float64
}

// Box is a region: the points that satisfy all limits. Shares are in [0, 1].
type Box struct {
	Limits   []Limit // of the restricted factors, in factor order
	Points   int     // in the box and in no earlier one
	Coverage float64 // share of all interesting points that it holds
	Density  float64 // share of its points that are interesting
	Mass     float64 // share of all points that it holds
}

// Boxes is the result of [PRIM].
type Boxes struct {
	Boxes        []Box
	Trajectories [][]Box // of each box: from no limits through every peeling step; coverage falls, density mostly rises
	BaseDensity  float64 // share of interesting points among all
	Warnings     []string
}

// PRIM finds boxes in factor space where interesting outcomes are dense (scenario discovery).
//
// points is n×k, typically a [LatinHypercube]; interest[r] says whether run r ended in the outcome that is asked for.
// From all points, the step that raises density most per point removed cuts a share off one end of one factor,
// again and again (peeling). Of the trajectory, the box with the highest coverage among those of the wanted density
// is taken, or the densest where none reaches it, and its ends are let out again as long as density does not fall
// (pasting). Equal factor values are never parted, so that whole numbers work. Ties go to the first factor, low end.
//
// Errors: lengths that do not fit, values not finite, options out of range.
// Source: Friedman and Fisher (1999); gain per point removed: Kwakkel and Jaxa-Rozen (2016); coverage, density and
// quasi-p-values: Bryant and Lempert (2010).
func PRIM(names []string, points [][]float64, interest []bool, o PRIMOptions) (Boxes, error) {
	o = o.resolve()
	if err := checkPRIM(names, points, interest, o); err != nil {
		return Boxes{}, err
	}
	s := search{names: names, points: points, interest: interest, o: o}
	all := make([]int, len(points))
	for r := range all {
		all[r] = r
	}
	s.total = s.hits(all)
	out := Boxes{BaseDensity: float64(s.total) / float64(len(points))}
	for rest := all; len(out.Boxes) < o.MaxBoxes; {
		found, trajectory := s.find(rest)
		if len(found.limits()) == 0 || s.density(found.inside) <= s.density(rest) {
			break
		}
		out.Boxes = append(out.Boxes, s.describe(found, rest))
		out.Trajectories = append(out.Trajectories, trajectory)
		rest = slices.DeleteFunc(slices.Clone(rest), func(r int) bool { return found.holds(points[r], -1) })
	}
	out.doubt(s)
	return out, nil
}

func (o PRIMOptions) resolve() PRIMOptions {
	for _, f := range []struct {
		at       *float64
		standard float64
	}{{&o.Peel, 0.05}, {&o.Paste, 0.05}, {&o.MinMass, 0.05}, {&o.Density, 0.8}} {
		if *f.at == 0 {
			*f.at = f.standard
		}
	}
	if o.MaxBoxes == 0 {
		o.MaxBoxes = 1
	}
	return o
}

func checkPRIM(names []string, points [][]float64, interest []bool, o PRIMOptions) error {
	var bad faults
	check := func(name string, got, most float64) {
		if !(got > 0 && got <= most) {
			bad.add("prim: %s must lie in (0, %g], got %g", name, most, got)
		}
	}
	check("peel", o.Peel, 0.5)
	check("paste", o.Paste, 0.5)
	check("minimum mass", o.MinMass, 1)
	check("density", o.Density, 1)
	if o.MaxBoxes < 0 {
		bad.add("prim: boxes must be at least 1, got %d", o.MaxBoxes)
	}
	if len(names) == 0 || len(points) == 0 || len(interest) != len(points) {
		bad.add("prim: %d names, %d points, %d flags of interest: need at least one factor and point, and a flag per point",
			len(names), len(points), len(interest))
	}
	if err := checkPoints(points, len(names), finite, "finite"); err != nil {
		bad.add("%w", err)
	}
	return bad.join()
}

func (b *Boxes) doubt(s search) {
	switch {
	case s.total == 0 || s.total == len(s.points):
		b.Warnings = append(b.Warnings, fmt.Sprintf("%d of %d points are interesting: there is nothing to tell apart", s.total, len(s.points)))
	case len(b.Boxes) == 0:
		b.Warnings = append(b.Warnings, "no box is denser than all points together")
	}
	for i, box := range b.Boxes {
		if box.Density < s.o.Density {
			b.Warnings = append(b.Warnings, fmt.Sprintf("box %d: density %.3g stays below the wanted %g", i+1, box.Density, s.o.Density))
		}
		for _, l := range box.Limits {
			if l.QuasiP > 0.05 {
				b.Warnings = append(b.Warnings, fmt.Sprintf("box %d: the limit of %s may be chance (quasi-p %.2g)", i+1, l.Name, l.QuasiP))
			}
		}
	}
}

// describe reports a region among the points of rest.
func (s search) describe(g region, rest []int) Box {
	hits := s.hits(g.inside)
	box := Box{
		Points:  len(g.inside),
		Density: s.density(g.inside), Mass: float64(len(g.inside)) / float64(len(s.points)),
		Coverage: float64(hits) / float64(s.total),
	}
	for _, i := range g.limits() {
		without := s.within(g, rest, i)
		box.Limits = append(box.Limits, Limit{
			Name: s.names[i], Low: g.low[i], High: g.high[i],
			QuasiP: binomialTail(len(g.inside), hits, s.density(without)),
		})
	}
	return box
}

// binomialTail is P(X >= hits) for X ~ Binomial(n, p), by the regularised incomplete beta function.
func binomialTail(n, hits int, p float64) float64 {
	switch {
	case hits == 0 || p >= 1:
		return 1
	case p <= 0:
		return 0
	}
	return mathext.RegIncBeta(float64(hits), float64(n-hits+1), p)
}

// MarshalJSON implements json.Marshaler; open ends become null.
func (l Limit) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name   string `json:"name"`
		Low    number `json:"low"`
		High   number `json:"high"`
		QuasiP number `json:"quasi_p"`
	}{l.Name, number(l.Low), number(l.High), number(l.QuasiP)})
}

// MarshalJSON implements json.Marshaler; undefined shares become null.
func (b Box) MarshalJSON() ([]byte, error) {
	limits := b.Limits
	if limits == nil {
		limits = []Limit{}
	}
	return json.Marshal(struct {
		Limits   []Limit `json:"limits"`
		Points   int     `json:"points"`
		Coverage number  `json:"coverage"`
		Density  number  `json:"density"`
		Mass     number  `json:"mass"`
	}{limits, b.Points, number(b.Coverage), number(b.Density), number(b.Mass)})
}

// open is a region without limits.
func open(k int) region {
	g := region{low: make([]float64, k), high: make([]float64, k)}
	for i := range k {
		g.low[i], g.high[i] = math.Inf(-1), math.Inf(1)
	}
	return g
}
