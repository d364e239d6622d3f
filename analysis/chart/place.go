package chart

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// spread moves centres want apart so that boxes of the given heights do not overlap and stay within [lo, hi], moving them
// as little as possible in the sum of squares. It returns the new centres in the given order.
//
// With the heights taken off, "no overlap" means "in order", so the answer is the isotonic regression of the shifted
// centres (pool adjacent violators; Barlow et al., 1972), clamped. If all heights together exceed hi-lo they overhang hi.
func spread(want, heights []vg.Length, lo, hi vg.Length) []vg.Length {
	order := make([]int, len(want))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(want[a], want[b]) })

	shift := make([]vg.Length, len(order)) // centre of each box when all are stacked from 0
	var top vg.Length
	z := make([]vg.Length, len(order))
	for k, i := range order {
		shift[k] = top + heights[i]/2
		top += heights[i]
		z[k] = want[i] - shift[k]
	}
	pool(z)
	got := make([]vg.Length, len(want))
	for k, i := range order {
		got[i] = max(min(z[k], hi-top), lo) + shift[k]
	}
	return got
}

// pool replaces z by its least-squares non-decreasing fit.
func pool(z []vg.Length) {
	type block struct {
		sum vg.Length
		n   int
	}
	var bs []block
	for _, v := range z {
		bs = append(bs, block{v, 1})
		for len(bs) > 1 {
			a, b := bs[len(bs)-2], bs[len(bs)-1]
			if a.sum/vg.Length(a.n) <= b.sum/vg.Length(b.n) {
				break
			}
			bs = append(bs[:len(bs)-2], block{a.sum + b.sum, a.n + b.n})
		}
	}
	i := 0
	for _, b := range bs {
		for range b.n {
			z[i] = b.sum / vg.Length(b.n)
			i++
		}
	}
}

// overlap is the area two rectangles share.
func overlap(a, b vg.Rectangle) vg.Length {
	w := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	h := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	return max(w, 0) * max(h, 0)
}

// inside says whether a lies in b.
func inside(a, b vg.Rectangle) bool {
	return a.Min.X >= b.Min.X && a.Max.X <= b.Max.X && a.Min.Y >= b.Min.Y && a.Max.Y <= b.Max.Y
}

func boxAt(p, size vg.Point) vg.Rectangle {
	return vg.Rectangle{Min: p, Max: vg.Point{X: p.X + size.X, Y: p.Y + size.Y}}
}

// placer puts labels beside points: never on another label, as little as possible on marks, as near as possible.
type placer struct {
	area  vg.Rectangle   // labels stay in here
	hard  []vg.Rectangle // labels placed so far
	marks []vg.Rectangle // points and interval lines; may be crossed at a price
}

// avoid marks the stretch from a to b.
func (pl *placer) avoid(a, b vg.Point) {
	const step = 4
	n := int(math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))/step) + 1
	for i := range n + 1 {
		t := vg.Length(i) / vg.Length(n)
		pl.marks = append(pl.marks, around(vg.Point{X: a.X + t*(b.X-a.X), Y: a.Y + t*(b.Y-a.Y)}, step/2))
	}
}

// tie is a difference that may come of rounding, which is not the same on all processors: of places that are as good the
// first is taken.
const tie = 1e-6

// put finds a place for a box of the given size beside the mark of radius r at pt and remembers it. It returns the lower left corner.
// Rings around the point are tried first; if every ring is taken, the whole area is scanned; if that is full too, the box
// goes to the area's lower left corner.
func (pl *placer) put(pt, size vg.Point, r vg.Length) vg.Point {
	best, cost := pl.area.Min, math.Inf(1)
	try := func(corner vg.Point) {
		if c := pl.cost(boxAt(corner, size), pt); c < cost-tie {
			best, cost = corner, c
		}
	}
	for _, gap := range []vg.Length{3, 9, 20, 36, 54, 80, 110} {
		gap += r
		for k := range 24 {
			s, c := math.Sincos(float64(k) * math.Pi / 12)
			// the box touches the ring with its nearest side
			try(vg.Point{
				X: pt.X + vg.Length(c)*(gap+size.X/2) - size.X/2,
				Y: pt.Y + vg.Length(s)*(gap+size.Y/2) - size.Y/2,
			})
		}
	}
	if math.IsInf(cost, 1) {
		for y := pl.area.Min.Y; y+size.Y <= pl.area.Max.Y; y += 4 {
			for x := pl.area.Min.X; x+size.X <= pl.area.Max.X; x += 8 {
				try(vg.Point{X: x, Y: y})
			}
		}
	}
	pl.hard = append(pl.hard, boxAt(best, size))
	return best
}

// cost is infinite where a label must not go, else the distance to its point and a price for the marks it covers.
func (pl *placer) cost(b vg.Rectangle, pt vg.Point) float64 {
	if !inside(b, pl.area) {
		return math.Inf(1)
	}
	for _, h := range pl.hard {
		if overlap(b, h) > tie {
			return math.Inf(1)
		}
	}
	covered := vg.Length(0)
	for _, m := range pl.marks {
		covered += overlap(b, m)
	}
	n := nearest(b, pt)
	return math.Hypot(float64(n.X-pt.X), float64(n.Y-pt.Y)) + 1.5*float64(covered)
}

// nearest is the point of b closest to pt.
func nearest(b vg.Rectangle, pt vg.Point) vg.Point {
	return vg.Point{X: max(b.Min.X, min(pt.X, b.Max.X)), Y: max(b.Min.Y, min(pt.Y, b.Max.Y))}
}
