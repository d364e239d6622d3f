package search

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// climb goes from a version to better ones until no single change, and where there are limits no pair of the likeliest
// ones, is better by more than its standard error. From a version that passes limits it first goes to one that keeps
// them.
func (x *Search) climb(ctx context.Context, from *version) (*version, error) {
	for range rounds {
		near, err := x.around(ctx, from)
		if err != nil {
			return nil, err
		}
		var to *version
		if x.goal.merit(from, x.now, x.many).excess > 0 {
			to, err = x.comply(ctx, from, near)
		} else {
			to, err = x.join(ctx, from, near)
		}
		if err == nil && to == from && len(x.goal.limits) > 0 {
			to, err = x.exchange(ctx, from, near)
		}
		if err != nil || to == from {
			return from, err
		}
		from = to
	}
	return from, nil
}

// shortlist is how many versions are looked at in all replications for each thing that may speak for one, at least.
const shortlist = 8

// around returns the versions that differ from one in a single value and may be of use, the best first: all are looked
// at in a few replications, and in all replications the best quarter, with limits also those of the highest value and those that save most
// for their price.
func (x *Search) around(ctx context.Context, from *version) ([]*version, error) {
	near := x.neighbours(from)
	if err := x.play(ctx, with(with(near, from), x.now), x.few); err != nil {
		return nil, err
	}
	list := x.sorted(near, x.few)
	list = list[:min(len(list), max(shortlist, len(list)/4))]
	if len(x.goal.limits) > 0 {
		for _, order := range []func(*version) float64{x.value(x.few), x.price(from, x.few)} {
			for _, v := range first(shortlist, near, order) {
				list = with(list, v)
			}
		}
	}
	err := x.play(ctx, with(with(list, from), x.now), x.many)
	return x.sorted(list, x.many), err
}

// value and price order versions by their first replications.
func (x *Search) value(replications int) func(*version) float64 {
	return func(v *version) float64 { return -x.goal.merit(v, x.now, replications).value }
}

func (x *Search) price(from *version, replications int) func(*version) float64 {
	m := x.goal.merit(from, x.now, replications)
	return func(v *version) float64 { return m.price(x.goal.merit(v, x.now, replications)) }
}

// first returns the n versions that come first in an order, without those that have no place in it.
func first(n int, versions []*version, order func(*version) float64) []*version {
	type placed struct {
		v  *version
		at float64
	}
	var list []placed
	for _, v := range versions {
		if at := order(v); !math.IsNaN(at) && !math.IsInf(at, 1) {
			list = append(list, placed{v, at})
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	var out []*version
	for _, p := range list[:min(n, len(list))] {
		out = append(out, p.v)
	}
	return out
}

// comply joins the changes that save most for their price until the limits are kept.
func (x *Search) comply(ctx context.Context, from *version, near []*version) (*version, error) {
	to, left := from, x.goal.merit(from, x.now, x.many).excess
	for _, n := range first(len(near), near, x.price(from, x.many)) {
		v := x.joined(to, from, n)
		if v == nil || left == 0 {
			continue
		}
		if err := x.play(ctx, []*version{v}, x.many); err != nil {
			return nil, err
		}
		if m := x.goal.merit(v, x.now, x.many); m.excess < left {
			to, left = v, m.excess
		}
	}
	return to, nil
}

// exchange joins a change that is better but passes a limit with one that saves what that takes.
func (x *Search) exchange(ctx context.Context, from *version, near []*version) (*version, error) {
	var pairs []*version
	better := x.value(x.many)
	for _, a := range first(shortlist, near, better) {
		if better(a) >= better(from) {
			continue
		}
		for _, b := range first(shortlist, near, x.price(from, x.many)) {
			if v := x.joined(a, from, b); v != nil && v != a && v != from && !slices.Contains(pairs, v) {
				pairs = append(pairs, v)
			}
		}
	}
	if pairs == nil {
		return from, nil
	}
	best, err := x.pick(ctx, pairs, 1)
	if err == nil && x.goal.beats(best[0], from, x.now, x.many, toMake) {
		return best[0], nil
	}
	return from, err
}

// joined is a version with the change that leads from another one to a neighbour of that; nil if it breaks a rule.
func (x *Search) joined(to, from, neighbour *version) *version {
	choice := slices.Clone(to.choice)
	i := x.changed(from.choice, neighbour.choice)
	choice[i] = neighbour.choice[i]
	return x.at(choice)
}

// neighbours are the versions that differ in one value.
func (x *Search) neighbours(v *version) (list []*version) {
	for i := range x.knobs {
		for k := range x.knobs[i].Values {
			choice := slices.Clone(v.choice)
			choice[i] = k
			if n := x.at(choice); n != nil && n != v && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// join takes those neighbours into a version, the best first, that are better than it and improve what is joined so far.
func (x *Search) join(ctx context.Context, from *version, near []*version) (*version, error) {
	to, taken := from, make([]bool, len(x.knobs))
	for _, n := range near {
		changed := x.changed(from.choice, n.choice)
		if taken[changed] || !x.goal.beats(n, from, x.now, x.many, toMake) {
			continue
		}
		v := x.joined(to, from, n)
		if v == nil {
			continue
		}
		if err := x.play(ctx, []*version{v}, x.many); err != nil {
			return nil, err
		}
		if x.goal.beats(v, to, x.now, x.many, toMake) {
			to, taken[changed] = v, true
		}
	}
	return to, nil
}

// changed is the knob in which two neighbours differ: values that go with a stage are as they are where it is left out.
func (s *space) changed(a, b []int) int {
	order := s.order()
	return order[slices.IndexFunc(order, func(i int) bool { return a[i] != b[i] })]
}

// order lists the knobs, those that leave out a stage before those of the stage.
func (s *space) order() (list []int) {
	for _, owned := range []bool{false, true} {
		for i, o := range s.owner {
			if owned == (o >= 0) {
				list = append(list, i)
			}
		}
	}
	return list
}

// prune takes back those changes of a version that are not clearly worth it, the least one first. It looks at further replications,
// since those of the climb flatter what was chosen by them.
func (x *Search) prune(ctx context.Context, v *version) (*version, error) {
	n := further * x.many
	for {
		without := x.without(v)
		if err := x.play(ctx, with(with(without, v), x.now), n); err != nil {
			return nil, err
		}
		without = slices.DeleteFunc(without, func(w *version) bool { return x.goal.beats(v, w, x.now, n, toKeep) })
		if len(without) == 0 {
			break
		}
		v = x.sorted(without, n)[0]
	}
	return x.sorted([]*version{x.now, v}, n)[0], nil // more replications may show a limit to be passed after all
}

// without are the versions that take one change back, in order of the knobs; those that break a rule are left out.
func (x *Search) without(v *version) (list []*version) {
	for i := range v.choice {
		if v.choice[i] != 0 {
			choice := slices.Clone(v.choice)
			choice[i] = 0
			if w := x.at(choice); w != nil {
				list = append(list, w)
			}
		}
	}
	return list
}
