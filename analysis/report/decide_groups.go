package report

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// GroupDecision says which strategy is best for each group of a dimension, and what choosing by group is worth.
type GroupDecision struct {
	Source    string   `json:"source"`
	Dimension string   `json:"dimension"`
	Samples   int      `json:"samples"`
	Currency  string   `json:"currency"`
	Cost      Quantity `json:"cost"`
	Effect    Quantity `json:"effect"`
	WTP       float64  `json:"wtp"`
	ForAll    string   `json:"best_for_all"`

	Groups []GroupChoice `json:"groups"`
	// Gain is what choosing by group brings over the best strategy for all, per account of the portfolio, judged on replications
	// that the choice was not made on, with its 95% interval. Apparent is the mean on the same ones: flattered by luck.
	Gain     estimate.Estimate `json:"gain"`
	Apparent float64           `json:"apparent_gain"`
	// TeamsLow and TeamsHigh bound what the fixed cost of teams would be above what the groups bear, per account of the portfolio: where
	// the strategies of several groups use the same teams, and where each uses teams of its own.
	TeamsLow  float64  `json:"teams_low"`
	TeamsHigh float64  `json:"teams_high"`
	Warnings  []string `json:"warnings"`

	splits []string // strategies that split accounts among others, and so can serve no group
}

// GroupChoice is the strategy that is best for one group, and what it brings there over the best one for all, per account of the
// group, judged as GroupDecision.Gain.
type GroupChoice struct {
	decision.GroupChoice
	Gain estimate.Estimate `json:"gain"`
}

// has reports that a strategy of the name was played.
func (g *GroupChoice) has(name string) bool { _, ok := g.NMB[name]; return ok }

// DecideByGroup chooses among the strategies of a run for each group of a dimension of segments.arrow, by their net benefit at
// the one price of the options, or at 1.
func DecideByGroup(r *Run, dimension string, o DecisionOptions) (*GroupDecision, error) {
	with := o.withDefaults(GrossValue)
	price := 1.0
	switch {
	case len(with.WTP) == 1:
		price = with.WTP[0]
	case len(with.WTP) > 1 || with.Effect != GrossValue:
		return nil, errors.New("choosing by group needs one price of a unit of effect")
	}
	if err := r.defined(with.Cost, with.Effect); err != nil {
		return nil, err
	}
	if r.Manifest.Replications < 2 {
		return nil, fmt.Errorf("%s: holds one replication: a choice by group is judged on others than it was made on, which takes at least 2", r.Dir)
	}
	t, err := outcome.Open(r.Dir, "segments")
	if err != nil {
		return nil, err
	}
	addGrossValue(t)
	if !slices.Contains(dimensions(t), dimension) {
		return nil, fmt.Errorf("%s: no groups by %q, there are %s", r.Dir, dimension, strings.Join(dimensions(t), ", "))
	}
	c := &cells{path: r.Dir + "/segments.arrow", table: t}
	x := &GroupDecision{Source: r.Dir, Dimension: dimension, Currency: r.Manifest.Currency, Warnings: []string{}}
	x.Cost = c.quantity(c.column(with.Cost, "what a strategy costs"), outcome.Lower)
	x.Effect = c.quantity(c.column(with.Effect, "what a strategy achieves"), outcome.Higher)
	if err := c.err(); err != nil {
		return nil, err
	}
	chosen, err := decision.ByGroup(x.groups(r, t, r.Manifest.Strategies), price)
	if err != nil {
		return nil, fmt.Errorf("%s: by %s: %w", r.Dir, dimension, err)
	}
	x.WTP, x.ForAll, x.Samples, x.Apparent = chosen.WTP, chosen.ForAll, len(chosen.Gain), chosen.Apparent
	x.Gain = judged(chosen.Gain)
	for _, g := range chosen.Groups {
		x.Groups = append(x.Groups, GroupChoice{g, judged(g.Gain)})
	}
	for _, name := range r.Manifest.Strategies {
		if slices.Contains(dimensions(t), "arm:"+name) {
			x.splits = append(x.splits, name)
		}
	}
	x.teams(t, r)
	x.ratios(t, r)
	x.doubt()
	return x, nil
}

// groups reads what strategies cost and achieve in every group.
func (x *GroupDecision) groups(r *Run, t *outcome.Table, strategies []string) []decision.Group {
	var groups []decision.Group
	at := map[string]int{}
	for k, name := range strategies {
		costs, effects := r.groupSeries(t, name, x.Dimension, x.Cost.Column), r.groupSeries(t, name, x.Dimension, x.Effect.Column)
		for g := range costs {
			if k == 0 {
				at[costs[g].Group] = g
				groups = append(groups, decision.Group{Name: costs[g].Group, Accounts: costs[g].Accounts, Samples: decision.Samples{
					Strategies: strategies, Cost: make([][]float64, len(strategies)), Effect: make([][]float64, len(strategies)),
				}})
			}
			own := &groups[at[costs[g].Group]]
			own.Cost[k], own.Effect[k] = signedBy(x.Cost, costs[g].Values), signedBy(x.Effect, effects[g].Values)
		}
	}
	return groups
}

// signedBy returns the values with the sign that the analysis takes for good.
func signedBy(q Quantity, values []float64) []float64 {
	if !q.Negated {
		return values
	}
	return minus(make([]float64, len(values)), values, 1)
}

// teams bounds the fixed cost of teams that serve some groups alone: each strategy's teams are paid in full, whoever they serve.
func (x *GroupDecision) teams(t *outcome.Table, r *Run) {
	const fixed = "cost_fixed"
	counted, all := 0.0, 0.0
	whole := map[string]float64{} // by strategy that serves a group
	for _, g := range x.Groups {
		all += g.Accounts
	}
	for _, g := range x.Groups {
		whole[g.Best] = estimate.Mean(r.Values(g.Best, fixed), confidence).Value
		for _, series := range r.groupSeries(t, g.Best, x.Dimension, fixed) {
			if series.Group == g.Group {
				counted += estimate.Mean(series.Values, confidence).Value * g.Accounts / all
			}
		}
	}
	most, sum := 0.0, 0.0
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		most, sum = max(most, whole[name]), sum+whole[name]
	}
	x.TeamsLow, x.TeamsHigh = max(0, most-counted), max(0, sum-counted)
}

// ratios warns of quantities that the groups' accounts do not weigh: averaged by accounts they give another figure than that of
// the whole portfolio.
func (x *GroupDecision) ratios(t *outcome.Table, r *Run) {
	for _, q := range []Quantity{x.Cost, x.Effect} {
		for _, name := range r.Manifest.Strategies {
			if whole := r.Values(name, q.Column); whole != nil && !addsUp(r.groupSeries(t, name, x.Dimension, q.Column), whole) {
				x.Warnings = append(x.Warnings, fmt.Sprintf("%s is no figure per account: averaged over groups by their accounts it is not that of the whole portfolio, and the gain is no more than an indication", q.Column))
				break
			}
		}
	}
}

// addsUp reports that the groups' values, averaged by accounts, are those of the whole in every replication, but for the cent
// that each group's share of the teams' fixed cost is rounded to.
func addsUp(groups []compare.GroupSeries, whole []float64) bool {
	for i, want := range whole {
		sum, size, accounts := 0.0, 0.0, 0.0
		for _, g := range groups {
			if g.Accounts[i] > 0 {
				sum, size, accounts = sum+g.Accounts[i]*g.Values[i], size+math.Abs(g.Accounts[i]*g.Values[i]), accounts+g.Accounts[i]
			}
		}
		if !(math.Abs(sum/accounts-want) <= (1e-9*size+0.01*float64(len(groups)))/accounts) {
			return false
		}
	}
	return true
}

// doubt warns of what a lender should know before choosing by these groups.
func (x *GroupDecision) doubt() {
	warn := func(format string, args ...any) { x.Warnings = append(x.Warnings, fmt.Sprintf(format, args...)) }
	switch {
	case x.Dimension == "cause":
		warn("groups by true cause are known to the simulator only: the gain bounds what a perfect diagnosis on day 0 could bring")
	case x.Dimension == "vintage":
		warn("vintages differ in age first of all, and the next ones are not known yet")
	case strings.HasPrefix(x.Dimension, "arm:"):
		warn("arms are drawn by lot: what choosing by arm seems to bring is luck, or the teams' doing")
	}
	for _, g := range x.Groups {
		if g.Accounts < 30 {
			warn("%s: %s accounts a replication, which strategy is best for them says little", g.Group, size(g.Accounts))
		}
	}
	if x.alike() {
		return
	}
	for _, reason := range x.Gain.Warnings {
		warn("gain: %s", reason)
	}
	for _, name := range x.splits {
		if x.serves(name) {
			warn("%s splits accounts among others and can serve no group, so that no assignment plays this choice; run its arms as strategies, without it", name)
		}
	}
}

// alike reports that one strategy is best for all groups.
func (x *GroupDecision) alike() bool {
	return !slices.ContainsFunc(x.Groups, func(g GroupChoice) bool { return g.Best != x.ForAll })
}

// serves reports that a strategy is the best for all, or for a group.
func (x *GroupDecision) serves(name string) bool {
	return name == x.ForAll || slices.ContainsFunc(x.Groups, func(g GroupChoice) bool { return g.Best == name })
}

// Assignment is the part of a scenario file that assigns the groups as chosen, empty where one strategy is best for all, or where
// strategies, or one of these, cannot be assigned by this dimension.
func (x *GroupDecision) Assignment() string {
	if x.alike() || !slices.Contains(knownOnDayOne, x.Dimension) || slices.ContainsFunc(x.splits, x.serves) {
		return ""
	}
	var own []string
	for _, g := range x.Groups {
		if g.Best != x.ForAll {
			own = append(own, fmt.Sprintf("%s: %s", plainName(g.Group), plainName(g.Best)))
		}
	}
	name := "by-" + x.Dimension
	for n := 2; x.Groups[0].has(name); n++ {
		name = fmt.Sprintf("by-%s-%d", x.Dimension, n)
	}
	return fmt.Sprintf("strategies:\n  %s: {}\n  %s:\n    assign: {by: %s, groups: {%s}, others: %s}\n",
		plainName(x.ForAll), name, x.Dimension, strings.Join(own, ", "), plainName(x.ForAll))
}

var plainWord = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// plainName is a name as a scenario file writes it: in quotes unless it is a plain word.
func plainName(name string) string {
	if plainWord.MatchString(name) && !slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, name) {
		return name
	}
	return strconv.Quote(name)
}

// JSON writes one document.
func (x *GroupDecision) JSON(w io.Writer) error { return writeJSON(w, x) }

// Text writes the choice group by group, what it brings, and the assignment that plays it.
func (x *GroupDecision) Text(w io.Writer) error {
	p := &printer{w: w}
	money := strings.TrimSpace(x.money() + " per account")
	p.line("best strategy by %s: %s, %s of the group\n", x.noun(), x.value(), money)
	rows := [][]string{{x.Dimension, "accounts", "best", x.short(), "under " + x.ForAll, "gain", "95% interval", "best in"}}
	for _, g := range x.Groups {
		row := []string{g.Group, size(g.Accounts), g.Best, fourDigits(g.NMB[g.Best]), fourDigits(g.NMB[x.ForAll]), "-", "", percent(g.BestIn, 0)}
		if g.Best != x.ForAll {
			row[5], row[6] = signed(g.Gain, ""), signedInterval(g.Gain, "")
		}
		rows = append(rows, row)
	}
	p.grid(rows)
	p.line("")
	if x.alike() {
		p.line("One strategy for all, %s: no %s has a better one of its own.", x.ForAll, x.noun())
	} else {
		x.textGain(p, money)
	}
	if len(x.Warnings) > 0 {
		p.line("")
	}
	p.warn(x.Warnings)
	return p.err
}

func (x *GroupDecision) textGain(p *printer, money string) {
	p.line("Against %s for all, each %s with its own best strategy: %s %s %s of the portfolio,", x.ForAll, x.noun(), signed(x.Gain, ""), signedInterval(x.Gain, ""), money)
	p.line("judged on replications that the choice was not made on (on the same ones %s, which luck flatters).", fourDigits(x.Apparent))
	switch {
	case x.Gain.High < 0:
		p.line("Choices made so bring less than one strategy for all.")
	case !(x.Gain.Low > 0):
		p.line("That cannot be told from nothing.")
	}
	if x.TeamsHigh > 0 {
		p.line("Up to %s less, since teams that serve some groups alone are paid in full.", fourDigits(x.TeamsHigh))
	}
	if mix := x.Assignment(); mix != "" {
		p.line("\nTo play it, the teams shared, in a scenario file that extends the one that was run:\n\n%s", strings.TrimRight(mix, "\n"))
	}
}

// noun is what one group is called.
func (x *GroupDecision) noun() string {
	if x.Dimension == "start" {
		return "bucket on day 0"
	}
	return x.Dimension
}

// money is the unit of costs where they are money.
func (x *GroupDecision) money() string {
	if strings.Contains(x.Cost.Unit, "currency") {
		return x.Currency
	}
	return ""
}

// value says by what is chosen.
func (x *GroupDecision) value() string {
	if x.short() == rankedBy {
		return rankedBy
	}
	return fmt.Sprintf("net benefit at a price of %s for a unit of %s", plain(x.WTP), x.Effect.Column)
}

func (x *GroupDecision) short() string {
	if x.Effect.Column == GrossValue && x.Cost.Column == "cost" && x.WTP == 1 {
		return rankedBy
	}
	return "net benefit"
}

// judged is the mean of gains that halves of the replications judge of each other, with an interval that holds for ties too.
func judged(gain []float64) estimate.Estimate {
	e := estimate.Mean(gain, confidence)
	e.SE *= decision.Widening
	e.Low, e.High = e.Value-float64(decision.Widening*(e.Value-e.Low)), e.Value+float64(decision.Widening*(e.High-e.Value))
	return e
}

// size prints a mean number of accounts.
func size(n float64) string {
	if n < 10 {
		return fmt.Sprintf("%.2g", n)
	}
	return fmt.Sprintf("%.0f", n)
}

// fourDigits prints a number to four digits, without an exponent.
func fourDigits(x float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		rounded = x
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// CSV writes one row per group and strategy.
func (x *GroupDecision) CSV(w io.Writer) error {
	t := outcome.NewTable("groups", "group", "accounts", "strategy", "net_benefit", "best", "best_in", "gain", "gain_low", "gain_high")
	for _, g := range x.Groups {
		for _, name := range slices.Sorted(maps.Keys(g.NMB)) {
			addRow(t, g.Group, g.Accounts, name, g.NMB[name], g.Best, g.BestIn, g.Gain.Value, g.Gain.Low, g.Gain.High)
		}
	}
	return t.Write(w, "csv")
}
