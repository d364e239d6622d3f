package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"

	"gonum.org/v1/gonum/stat"
)

// decides answers which assumptions decide, and what would change the choice: the value of knowing the drawn
// parameters, what moves the lead, the prices at which another strategy wins, and full teams.
func (a *author) decides() question {
	q := question{ID: "decides"}
	if len(a.r.Manifest.Strategies) > 1 {
		q.Points = append(q.Points, a.parameters()...)
		q.Points = append(q.Points, a.overtaking("overdue_rate_30")...)
		q.Points = append(q.Points, a.overtaking("distress_days")...)
	}
	for _, name := range a.r.Manifest.Strategies {
		for _, f := range a.r.fullTeams(name) {
			q.Points = append(q.Points, a.w.say("decides.full", "strategy", name, "text", a.fullTeam(f)))
		}
	}
	if len(q.Points) == 0 {
		q.Head = a.w.say("decides.single")
		return q
	}
	first := min(headPoints, len(q.Points))
	q.Head, q.Points = strings.Join(q.Points[:first], a.w.say("sentence")), q.Points[first:]
	return q
}

// headPoints is how much of the answer stands on the first screen: what it is worth to know the parameters,
// which one moves the lead, and the first price that would turn the choice.
const headPoints = 3

// parameters says what the drawn parameters mean for the choice by net value.
func (a *author) parameters() []string {
	if len(a.r.Manifest.Parameters) == 0 {
		return []string{a.w.say("decides.nodraw")}
	}
	v, err := a.r.information()
	if err != nil {
		return []string{a.w.say("decides.few", "n", fmt.Sprint(minEVPPI))}
	}
	list := []string{a.valued(v)}
	if d, ok := a.r.driver(); ok {
		list = append(list, a.w.say("decides.driver", "parameter", d.parameter, "leader", d.leader, "second", d.second,
			"sign", a.w.say(map[bool]string{true: "rises", false: "falls"}[d.correlation > 0]), "rho", fmt.Sprintf("%.2f", d.correlation)))
	} else {
		list = append(list, a.w.say("decides.nodriver"))
	}
	return list
}

// valued names the parameters worth knowing: those whose value has an interval above 0.
func (a *author) valued(v decision.PartialResult) string {
	worth := slices.DeleteFunc(slices.Clone(v.Parameters), func(p decision.PartialValue) bool {
		return !(p.Low > 0) || !(p.EVPPI > p.Bias)
	})
	slices.SortStableFunc(worth, func(x, y decision.PartialValue) int { return cmp.Compare(y.EVPPI, x.EVPPI) })
	if len(worth) == 0 {
		return a.w.say("decides.novalue", "k", fmt.Sprint(len(v.Parameters)))
	}
	var names []string
	for _, p := range worth[:min(3, len(worth))] {
		e := estimate.Estimate{Value: p.EVPPI, SE: float64(p.SE)}
		names = append(names, a.w.say("decides.worth", "parameter", p.Parameter, "value", digits(e, p.EVPPI), "currency", a.r.Manifest.Currency))
	}
	return a.w.say("decides.value", "list", a.w.list(names))
}

// overtaking names where another strategy overtakes, as a good without a price is given one.
func (a *author) overtaking(metric string) []string {
	t := a.r.tradeoff(metric)
	value := t.samples.NetBenefit(0)
	switches, err := decision.SwitchIntervals(t.samples.Strategies, value, t.samples.Effect, decision.Bootstrap{Seed: a.r.Manifest.Seed})
	if err != nil {
		return nil // samples that are not finite: the metric is undefined somewhere
	}
	if len(switches) == 0 {
		leader, _ := a.best(rankedBy)
		return []string{a.w.say("decides.noprice."+metric, "strategy", leader)}
	}
	var list []string
	for _, s := range switches[:min(3, len(switches))] {
		e := estimate.Estimate{Value: s.Price, Low: float64(s.Low), High: float64(s.High)}
		e.SE = (e.High - e.Low) / 4 // for the digits that are shown
		if !finiteNumber(e.SE) {
			e.SE = s.Price / 10
		}
		seen := "" // a single replication cannot be resampled
		if !math.IsNaN(float64(s.Support)) {
			seen = a.w.say("decides.seen", "support", percent(float64(s.Support), 0))
		}
		list = append(list, a.w.say("decides.price."+metric, "from", s.From, "to", s.To, "price", a.bounded(e), "currency", a.r.Manifest.Currency, "seen", seen))
	}
	return list
}

// bounded prints a price whose upper end may be unbounded.
func (a *author) bounded(e estimate.Estimate) string {
	switch {
	case math.IsNaN(e.Low):
		return digits(e, e.Value)
	case math.IsInf(e.High, 1):
		return a.w.say("value.from", "value", digits(e, e.Value), "low", digits(e, e.Low))
	}
	return a.w.say("value.range", "value", digits(e, e.Value), "low", digits(e, e.Low), "high", digits(e, e.High))
}

// driver is the drawn parameter that moves the lead most.
type driver struct {
	parameter, leader, second string
	correlation               float64 // of ranks
}

// driver finds the parameter whose ranks go most with those of the lead in net value of the first
// strategy over the second; ok is false if no correlation is beyond chance after Holm's adjustment.
//
// Source: Spearman (1904), t approximation with n-2 degrees of freedom.
func (r *Run) driver() (best driver, ok bool) {
	order := slices.Clone(r.Manifest.Strategies)
	slices.SortStableFunc(order, func(x, y string) int {
		return cmp.Compare(r.mean(y, rankedBy).Value, r.mean(x, rankedBy).Value)
	})
	lead := ranks(minus(r.Values(order[0], rankedBy), r.Values(order[1], rankedBy), 1))
	n := float64(len(lead))
	var p, rho []float64
	for _, path := range r.Manifest.Parameters {
		c := stat.Correlation(ranks(r.Values(order[0], "parameter:"+path)), lead, nil)
		rho = append(rho, c)
		p = append(p, estimate.TTail(math.Abs(c)*math.Sqrt((n-2)/(1-c*c)), n-2))
	}
	p = compare.Holm(p)
	for k, path := range r.Manifest.Parameters {
		if p[k] < 1-confidence && math.Abs(rho[k]) > math.Abs(best.correlation) {
			best, ok = driver{path, order[0], order[1], rho[k]}, true
		}
	}
	return best, ok
}

// ranks gives each value its rank from 1, equal ones the mean of theirs.
func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	out := make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}
