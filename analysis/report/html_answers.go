package report

import (
	"fmt"
	"math"
	"slices"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// enoughReplications is below what the page warns of few: the bootstrap of ranks and the regressions on
// parameters need that many (assumption: the usual rule of thumb for a mean).
const enoughReplications = 30

// mostPoints bounds the strategies that one answer goes through; the tables hold all.
const mostPoints = 6

// figure is a metric of a strategy as the summary has it.
func (a *author) figure(strategy, metric string) *Figure {
	f := a.s.Strategy(strategy).Metrics[metric]
	return &f
}

func (f *Figure) isUndefined() bool { return math.IsNaN(float64(f.Estimate)) }

// printed is a metric with its interval in words: "6.02% (5.88% to 6.16%)".
func (a *author) printed(strategy, metric string) string {
	f := a.figure(strategy, metric)
	return a.ranged(f.estimate(a.s.Replications), f.Unit)
}

// plainValue is a metric without its interval.
func (a *author) plainValue(strategy, metric string) string {
	f := a.figure(strategy, metric)
	e := f.estimate(a.s.Replications)
	return a.undefined(number(e, f.Unit, e.Value))
}

func (a *author) ranged(e estimate.Estimate, unit string) string {
	if math.IsNaN(e.Value) {
		return a.w.say("undefined")
	}
	return a.around(e, number(e, unit, e.Value), func(x float64) string { return number(e, unit, x) })
}

// around puts the interval behind a printed value.
func (a *author) around(e estimate.Estimate, value string, print func(float64) string) string {
	switch {
	case math.IsNaN(e.Low) || math.IsNaN(e.High):
		return a.w.say("value.only", "value", value)
	case math.IsInf(e.Low, 0) || math.IsInf(e.High, 0):
		return a.w.say("value.unbounded", "value", value)
	}
	return a.w.say("value.range", "value", value, "low", print(e.Low), "high", print(e.High))
}

// change prints a difference with its interval; of shares in percentage points.
func (a *author) change(e estimate.Estimate, unit string) string {
	if math.IsNaN(e.Value) {
		return a.w.say("undefined")
	}
	value, scaled := points(e, unit, e.Value), e
	if unit == "share" {
		scaled = percents(e)
	}
	scaled = sharper(scaled)
	text := a.around(scaled, value, func(x float64) string { return digits(scaled, x) })
	if unit == "share" {
		return a.w.say("points", "text", text)
	}
	return text
}

// size is a difference without its sign, its interval turned accordingly.
func (a *author) size(e estimate.Estimate, unit string) string {
	if e.Value < 0 {
		e.Value, e.Low, e.High = -e.Value, -e.High, -e.Low
	}
	return a.change(e, unit)
}

// base is the strategy that differences refer to.
func (a *author) base() string { return a.r.Manifest.Baseline }

// ranked lists the strategies by net value, at most most without the baseline.
func (a *author) ranked(most int) []string {
	var names []string
	for _, s := range a.s.Ranking {
		if s.Strategy != a.base() && len(names) < most {
			names = append(names, s.Strategy)
		}
	}
	return names
}

// best is the strategy with the best mean of a metric, and those that cannot be told from it.
func (a *author) best(name string) (best string, rivals []string) {
	m := &outcome.Metrics()[outcome.MetricIndex(name)]
	for _, s := range a.r.Manifest.Strategies {
		x, y := a.r.mean(s, name).Value, math.NaN()
		if best != "" {
			y = a.r.mean(best, name).Value
		}
		if best == "" || math.IsNaN(y) || m.Better == outcome.Higher && x > y || m.Better == outcome.Lower && x < y {
			best = s
		}
	}
	for _, c := range a.r.against(best, m) {
		if c.Verdict.Outcome != compare.Worse {
			rivals = append(rivals, c.Challenger)
		}
	}
	return best, rivals
}

// outcomes of all strategies against one on a metric.
func (a *author) outcomes(champion, name string) map[string]compare.Comparison {
	out := map[string]compare.Comparison{}
	for _, c := range a.r.against(champion, &outcome.Metrics()[outcome.MetricIndex(name)]) {
		out[c.Challenger] = c
	}
	return out
}

// lead is the answer in a sentence: which strategy.
func (a *author) lead() string {
	if len(a.r.Manifest.Strategies) < 2 {
		return a.w.say("lead.single", "strategy", a.base(), "npv", a.printed(a.base(), rankedBy), "currency", a.r.Manifest.Currency)
	}
	leader, rivals := a.best(rankedBy)
	key := "lead.clear"
	if len(rivals) > 0 {
		key = "lead.open"
	}
	if a.equal(leader, rankedBy, rivals) {
		key = "lead.same"
	}
	if a.r.Manifest.Replications < 2 {
		key = "lead.one"
	}
	return a.w.say(key, "strategy", leader, "rivals", a.w.list(rivals), "npv", a.printed(leader, rankedBy), "currency", a.r.Manifest.Currency)
}

// trades says what the leader by net value gives up: who is better on overdue accounts and on distress.
func (a *author) trades() []string {
	leader, _ := a.best(rankedBy)
	var list []string
	for _, name := range []string{"overdue_rate_30", "distress_days", "stress_mean"} {
		best, _ := a.best(name)
		c, ok := a.outcomes(best, name)[leader]
		if !ok || c.Verdict.Outcome != compare.Worse {
			continue
		}
		list = append(list, a.w.say("trade."+name, "strategy", best, "leader", leader, "size", a.size(adjusted(&c), c.Unit)))
	}
	return list
}

func (a *author) questions() []question {
	list := []question{a.overdue(), a.price(), a.stress(), a.sure(), a.decides()}
	for i := range list {
		list[i].Heading = a.w.say("q." + list[i].ID)
	}
	return list
}

// standing words the first by net value on a metric: its figure, against the baseline, and who is best.
func (a *author) standing(id, metric string) string {
	leader, _ := a.best(rankedBy)
	pairs := []string{
		"strategy", leader, "value", a.printed(leader, metric), "days", fmt.Sprint(a.r.Manifest.Horizon),
		"distress", a.printed(leader, "distress_days"), "base", a.base(), "before", a.plainValue(a.base(), metric),
	}
	text := ""
	if leader == a.base() {
		text = a.w.say(id+".base", pairs...)
	} else {
		text = a.w.say(id+".head", append(pairs, "change", a.versus(a.outcomes(a.base(), metric)[leader]),
			"daychange", a.versus(a.outcomes(a.base(), "distress_days")[leader]))...)
	}
	best, rivals := a.best(metric)
	if best != leader {
		text += a.w.say(id+".best", "strategy", best, "value", a.printed(best, metric))
	}
	switch {
	case a.equal(best, metric, rivals):
		text += a.w.say("rivals.same", "strategies", a.w.list(append([]string{best}, rivals...)))
	case len(rivals) > 0:
		text += a.w.say("rivals", "strategy", best, "rivals", a.w.list(rivals))
	}
	return text
}

// equal reports whether the best strategy on a metric has rivals and all of them are the same in every replication.
func (a *author) equal(best, metric string, rivals []string) bool {
	versus := a.outcomes(best, metric)
	return len(rivals) > 0 && !slices.ContainsFunc(rivals, func(name string) bool { return versus[name].Verdict.Outcome != compare.Same })
}

// versus words a strategy against the baseline: lowered, raised, or not to be told.
func (a *author) versus(c compare.Comparison) string {
	switch c.Verdict.Outcome {
	case compare.Same:
		return a.w.say("change.same")
	case compare.Better, compare.Worse, compare.Above, compare.Below:
		if c.Difference.Value > 0 {
			return a.w.say("change.higher", "size", a.size(adjusted(&c), c.Unit))
		}
		return a.w.say("change.lower", "size", a.size(adjusted(&c), c.Unit))
	}
	return a.w.say("change.open", "size", a.change(adjusted(&c), c.Unit))
}

func (a *author) overdue() question {
	const metric = "overdue_rate_30"
	q := question{ID: "overdue", Head: a.standing("overdue", metric)}
	versus := a.outcomes(a.base(), metric)
	for _, name := range a.ranked(mostPoints) {
		q.Points = append(q.Points, a.w.say("overdue.point", "strategy", name, "base", a.base(), "change", a.versus(versus[name]), "value", a.printed(name, metric)))
	}
	return q
}

// price answers what a recovered unit and a cured account cost.
func (a *author) price() question {
	leader, _ := a.best(rankedBy)
	q := question{ID: "price", Head: a.prices(leader)}
	for _, name := range a.ranked(mostPoints) {
		if name != leader {
			q.Points = append(q.Points, a.prices(name))
		}
	}
	return q
}

// prices words what the effects of a strategy cost.
func (a *author) prices(name string) string {
	currency := a.r.Manifest.Currency
	text := a.w.say("price.point", "strategy", name, "currency", currency,
		"recovered", a.printed(name, "cost_per_recovered"), "cure", a.printed(name, "cost_per_cure"))
	if name == a.base() {
		return text
	}
	cost := a.against(name, "cost")
	text += a.w.say(recoveryPrice(a.against(name, "recovered"), cost), "base", a.base(), "currency", currency, "price", a.printed(name, "incremental_cost_per_recovered"))
	if a.against(name, "overdue_rate_30") == compare.Better && cost == compare.Worse {
		text += a.w.say("price.avoided", "currency", currency, "price", a.printed(name, "incremental_cost_per_avoided_30"))
	}
	return text
}

// against is the verdict on a strategy beside the baseline.
func (a *author) against(name, metric string) compare.Outcome {
	return a.outcomes(a.base(), metric)[name].Verdict.Outcome
}

// recoveryPrice is the sentence on recovery and cost beside the baseline's. Extra cost over extra recovery is a price only
// where both are more for sure: of less cost it is negative, and the lower the better the strategy need not be.
func recoveryPrice(recovered, cost compare.Outcome) string {
	switch {
	case recovered == compare.Better && cost == compare.Worse:
		return "price.extra"
	case recovered == compare.Better && cost == compare.Better:
		return "price.cheaper"
	case recovered == compare.Better:
		return "price.free"
	case recovered == compare.Worse && cost == compare.Better:
		return "price.saves"
	case recovered == compare.Worse:
		return "price.less"
	case recovered == compare.Same:
		return "price.same"
	}
	return "price.noextra"
}

// stress answers what collection does to borrowers.
func (a *author) stress() question {
	q := question{ID: "stress", Head: a.standing("stress", "stress_mean")}
	mean, days := a.outcomes(a.base(), "stress_mean"), a.outcomes(a.base(), "distress_days")
	for _, name := range a.ranked(mostPoints) {
		q.Points = append(q.Points, a.w.say("stress.point", "strategy", name, "base", a.base(), "value", a.printed(name, "stress_mean"),
			"change", a.versus(mean[name]), "days", a.printed(name, "distress_days"), "daychange", a.versus(days[name])))
	}
	q.Points = append(q.Points, a.w.say("stress.caveat"))
	return q
}

// sure answers how far the numbers can be trusted.
func (a *author) sure() question {
	m := a.r.Manifest
	q := question{ID: "sure"}
	switch {
	case len(a.s.Ranking) < 2:
		q.Head = a.w.say("sure.single")
	case m.Replications < 2:
		q.Head = a.w.say("sure.one")
	default:
		leader, _ := a.best(rankedBy) // of equals the one that the page names throughout
		first := a.s.Ranking[slices.IndexFunc(a.s.Ranking, func(x RankedStrategy) bool { return x.Strategy == leader })]
		q.Head = a.w.say("sure.head", "strategy", first.Strategy, "chance", percent(float64(first.ProbBest), 0), "share", percent(float64(first.ShareBest), 0))
	}
	key, whose := "sure.luck", "sure.these"
	if len(m.Parameters) > 0 {
		key = "sure.drawn"
	}
	if m.Redraw {
		whose = "sure.kind"
	}
	if m.Replications > 1 { // one has no intervals to speak of
		q.Points = append(q.Points, a.w.say(key, "replications", a.count("replications", m.Replications), "borrowers", a.count("borrowers", m.Accounts), "parameters", a.count("parameters", len(m.Parameters))), a.w.say(whose))
	}
	q.Points = append(q.Points, a.undecided()...)
	if m.Replications < enoughReplications {
		q.Points = append(q.Points, a.few())
	}
	q.Points = append(q.Points, a.w.say("sure.limit"))
	return q
}

// undecided names who cannot be told from the leader by net value, and what would tell.
func (a *author) undecided() []string {
	leader, _ := a.best(rankedBy)
	var list []string
	for _, name := range a.ranked(mostPoints) {
		c, ok := a.outcomes(leader, rankedBy)[name]
		if !ok || c.Verdict.Outcome != compare.Unclear || math.IsNaN(c.Difference.Low) {
			continue
		}
		text := a.w.say("sure.open", "strategy", name, "leader", leader, "size", a.change(adjusted(&c), c.Unit), "currency", a.r.Manifest.Currency)
		if n := c.ReplicationsNeeded; n > c.Difference.N {
			text += a.w.say("sure.need", "n", thousands(n))
		}
		list = append(list, text)
	}
	return list
}
