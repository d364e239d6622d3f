package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// Result is a search with its outcome. Everything but InSearch is of replications that nothing was chosen by.
type Result struct {
	Scenario     string `json:"scenario"`
	Strategy     string `json:"strategy"`
	By           string `json:"by,omitempty"` // what tells groups apart that may be served by another strategy; empty: the strategy itself is changed
	Found        string `json:"found"`        // name of the found version; empty: nothing better was found
	Metric       string `json:"metric"`
	Accounts     int    `json:"accounts"`
	Horizon      int    `json:"horizon"`
	Currency     string `json:"currency"`
	Seed         uint64 `json:"seed"`       // of the replications in which versions were compared
	FreshSeed    uint64 `json:"fresh_seed"` // of those in which the found one is judged
	Replications int    `json:"replications"`
	Fresh        int    `json:"fresh"`
	Knobs        []Knob `json:"knobs"`
	Tried        int    `json:"versions_tried"`
	Played       int    `json:"replications_played"`

	InSearch estimate.Estimate `json:"gain_in_search"` // found less as it is, on the replications of the search: too good, since the best of many
	Gain     estimate.Estimate `json:"gain"`           // the same on fresh replications
	BetterIn estimate.Float    `json:"better_in"`      // share of the fresh replications in which the found version is the better one
	Changes  []Change          `json:"changes"`
	Limits   []Kept            `json:"limits"`
	Figures  []Figure          `json:"figures"` // every metric
	Warnings []string          `json:"warnings"`

	settings []string // of the found version, PATH=VALUE below the strategy
}

// Change is one value that the found version changes.
type Change struct {
	Path  string            `json:"path"`
	From  string            `json:"from"`
	To    string            `json:"to"`
	Worth estimate.Estimate `json:"worth"`  // found less found without this change, in the metric
	AtEnd bool              `json:"at_end"` // the value is the smallest or largest that was tried
}

// Kept is a limit, and whether it is kept.
type Kept struct {
	Text    string         `json:"limit"`
	Allowed estimate.Float `json:"allowed"`
	AsItIs  estimate.Float `json:"as_it_is"`
	Value   estimate.Float `json:"found"`
	Kept    bool           `json:"kept"`

	metric     string
	keptBefore bool // by the strategy as it is
	keptThen   bool // on the replications of the search
}

// Figure is one metric of the strategy as it is and as found.
type Figure struct {
	Metric     string            `json:"metric"`
	Unit       string            `json:"unit"`
	Better     string            `json:"better"`
	AsItIs     estimate.Float    `json:"as_it_is"`
	Found      estimate.Float    `json:"found"`
	Difference estimate.Estimate `json:"difference"`

	headline bool
}

// confidence of all intervals.
const confidence = 0.95

// judge plays the strategy as it is, the found version, and that without each of its changes, on fresh replications.
func (x *Search) judge(ctx context.Context, best *version, o *Options) (*Result, error) {
	r := &Result{
		Scenario: x.base.Name, Strategy: x.name, Metric: x.goal.aim.Name, Horizon: x.base.Horizon,
		Seed: x.base.Seed, FreshSeed: x.base.Seed + 1, Replications: o.Replications, Fresh: o.Fresh, Knobs: x.knobs, Tried: x.tried(), settings: x.settings(best.choice),
		Changes: []Change{}, Limits: []Kept{}, Figures: []Figure{}, Warnings: []string{},
	}
	for _, v := range x.known {
		if v != nil {
			r.Played += len(v.rows)
		}
	}
	if o.By != "" {
		r.Strategy, r.By = x.base.Strategy(x.name).Assign.Others, o.By
	}
	switch {
	case best == x.now:
	case o.By != "":
		r.Found = x.name
	default:
		r.Found = searched(x.name)
	}
	r.InSearch = x.goal.difference(best, x.now, x.many)
	o.Stage("judging on fresh replications")
	w, err := newWorld(x.base, r.FreshSeed, o)
	if err != nil {
		return nil, err
	}
	r.Accounts, r.Currency = len(w.portfolio.Accounts), w.portfolio.Currency
	fresh := map[*version]*version{} // the same versions without what they have lived
	var all []*version
	for _, v := range append([]*version{x.now, best}, x.without(best)...) {
		if fresh[v] == nil {
			fresh[v] = &version{choice: v.choice, plan: v.plan}
			all = append(all, fresh[v])
		}
	}
	if err := w.play(ctx, all, o.Fresh); err != nil {
		return nil, err
	}
	r.fill(x, fresh, best)
	return r, nil
}

var searchedBefore = regexp.MustCompile(`^(.*-searched)(?:-([0-9]+))?$`)

// searched names a version that was found of a strategy: ladder-searched, and of that ladder-searched-2.
func searched(name string) string {
	m := searchedBefore.FindStringSubmatch(name)
	if m == nil {
		return name + "-searched"
	}
	n, err := strconv.Atoi(cmp.Or(m[2], "1"))
	if err != nil { // more digits than anybody counts to
		return name + "-searched"
	}
	return fmt.Sprintf("%s-%d", m[1], n+1)
}

// fill reads the result off the fresh replications.
func (r *Result) fill(x *Search, fresh map[*version]*version, best *version) {
	now, found, n := fresh[x.now], fresh[best], r.Fresh
	r.Gain = x.goal.difference(found, now, n)
	r.BetterIn = estimate.Float(x.betterIn(found, now))
	for i, k := range best.choice {
		if k == 0 {
			continue
		}
		c := Change{Path: x.knobs[i].Path, From: x.knobs[i].Values[0], To: x.knobs[i].Values[k], AtEnd: x.knobs[i].atEnd(k)}
		choice := slices.Clone(best.choice)
		choice[i] = 0
		if without := x.at(choice); without != nil {
			c.Worth = x.goal.difference(found, fresh[without], n)
		} else {
			c.Worth = estimate.Mean(nil, confidence) // cannot be taken back alone
		}
		r.Changes = append(r.Changes, c)
	}
	for i := range x.goal.limits {
		l, f := &x.goal.limits[i], &x.goal.figures[i]
		k := Kept{Text: l.Text, metric: l.Metric, AsItIs: estimate.Float(f.mean(now.rows)), Value: estimate.Float(f.mean(found.rows))}
		k.Allowed = estimate.Float(l.allowed(float64(k.AsItIs)))
		_, k.Kept = l.over(float64(k.Value), float64(k.Allowed))
		_, k.keptBefore = l.over(float64(k.AsItIs), float64(k.Allowed))
		seen := min(len(best.rows), len(x.now.rows))
		_, k.keptThen = l.over(f.mean(best.rows[:seen]), l.allowed(f.mean(x.now.rows[:seen])))
		r.Limits = append(r.Limits, k)
	}
	for _, m := range outcome.Metrics() {
		f, err := figureOf(m.Name)
		if err != nil {
			continue // not met: the metric is one of all
		}
		r.Figures = append(r.Figures, Figure{
			Metric: m.Name, Unit: m.Unit, Better: string(m.Better), AsItIs: estimate.Float(f.mean(now.rows)), Found: estimate.Float(f.mean(found.rows)),
			Difference: compare.Paired(f.series(found.rows), f.series(now.rows), confidence).Difference, headline: m.Headline,
		})
	}
	r.warn(x)
}

// betterIn is the share of the replications in which one version is better than another; equal ones count half.
func (x *Search) betterIn(a, b *version) float64 {
	at, won, n := x.goal.aim.index, 0.0, 0.0 // of a ratio its value in each replication, not the pseudo-values
	for i := range a.rows {
		switch d := x.goal.sign * (a.rows[i][at] - b.rows[i][at]); {
		case math.IsNaN(d):
			continue
		case d > 0:
			won++
		case d == 0:
			won += 0.5
		}
		n++
	}
	return won / n
}

// atEnd reports whether a numeric value is the smallest or the largest of its knob, and not a natural end: 0.
func (k *Knob) atEnd(at int) bool {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range k.Values {
		x, ok := number(v)
		if !ok {
			return false
		}
		low, high = min(low, x), max(high, x)
	}
	x, _ := number(k.Values[at])
	return x == high || x == low && x != 0
}

// largeGain is the gain from which on a search is suspected to have found the model's weakness, not the strategy's: searches
// of real lenders brought 7 to 8% more recovered money (Makuch et al. 1992, Miller et al. 2012, ICIS 2020).
const largeGain = 0.15

func (r *Result) warn(x *Search) {
	doubt := func(format string, args ...any) { r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...)) }
	var ends []string
	for _, c := range r.Changes {
		if c.AtEnd {
			ends = append(ends, c.Path+"="+c.To)
		}
	}
	if ends != nil {
		doubt("at an end of the values that were tried: %s; values beyond may be better still", strings.Join(ends, ", "))
	}
	r.doubtLimits(doubt)
	if r.Found == "" {
		return
	}
	broken := slices.ContainsFunc(r.Limits, func(k Kept) bool { return !k.keptBefore })
	kept := !slices.ContainsFunc(r.Limits, func(k Kept) bool { return !k.Kept })
	switch low, high := x.goal.sign*r.Gain.Low, x.goal.sign*r.Gain.High; {
	case low > 0 && high > 0:
	case low < 0 && high < 0 && broken && kept:
		doubt("the strategy as it is breaks the limits; keeping them costs %s of %s", r.Gain.Format(math.Abs(r.Gain.Value)), r.Metric)
	case broken:
	case low < 0 && high < 0:
		doubt("on fresh replications the found version is worse than the strategy as it is")
	default:
		doubt("on fresh replications the gain cannot be told from nothing")
	}
	for _, better := range []struct {
		name string
		sign float64
	}{{"recovered", 1}, {r.Metric, x.goal.sign}} {
		if f := r.figure(better.name); better.sign*f.Difference.Value > largeGain*math.Abs(float64(f.AsItIs)) && float64(f.AsItIs) != 0 && x.goal.sign*r.Gain.Value > 0 {
			doubt("%s changes by %+.0f%%: more than searches of real lenders have brought; it may be the model's weakness that was found. "+
				"See which assumptions carry it: collectsim sensitivity on the written file", better.name, 100*f.Difference.Value/math.Abs(float64(f.AsItIs)))
			break
		}
	}
	if f := r.figure("distress_days"); f.Difference.Low > 0 {
		doubt("borrowers pay for it with %s more days in distress each", f.Difference.Format(f.Difference.Value))
	}
}

// doubtLimits names the limits that are passed. A tighter one helps where it held on the replications of the search, not
// where nothing that the search tried kept it.
func (r *Result) doubtLimits(doubt func(string, ...any)) {
	for _, l := range r.Limits {
		value, allowed := float64(l.Value), float64(l.Allowed)
		switch {
		case l.Kept:
		case math.IsNaN(value) || math.IsNaN(allowed):
			doubt("%s: %s is undefined, so that the limit cannot be kept", l.Text, l.metric)
		case l.keptThen:
			doubt("%s does not hold on fresh replications: %.4g where %.4g is allowed; search again with a tighter limit", l.Text, value, allowed)
		default:
			doubt("%s was not kept in the search either: %.4g where %.4g is allowed; allow more, or let more change", l.Text, value, allowed)
		}
	}
}

func (r *Result) figure(metric string) *Figure {
	return &r.Figures[slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Metric == metric })]
}

// ScenarioFile returns the scenario file that compares the strategy as it is with the found version, or nil if nothing was
// found: laid over the scenario that was searched, after the settings under which it was, see [scenario.Derive]. Played
// with FreshSeed and Fresh replications it gives the figures of the result, unless the accounts were resized.
func (r *Result) ScenarioFile(name, extends string, settings []string) ([]byte, error) {
	if r.Found == "" {
		return nil, nil
	}
	at := overlay.Path("strategies", r.Found) + "."
	own := []scenario.Setting{{Path: "baseline", Value: r.Strategy}, {Path: "compare", Value: []string{r.Strategy, r.Found}}}
	if r.By == "" {
		own = append(own, scenario.Setting{Path: at + "extends", Value: r.Strategy})
	} else {
		own = append(own, scenario.Setting{Path: at + "assign.by", Value: r.By}, scenario.Setting{Path: at + "assign.others", Value: r.Strategy})
	}
	for _, text := range r.settings {
		s, err := scenario.ParseSetting(at + text)
		if err != nil {
			return nil, err
		}
		own = append(own, s)
	}
	body, err := scenario.Derive(name, extends, settings, own...)
	return append([]byte(r.header()), body...), err
}

// header says what the file is and what speaks against it.
func (r *Result) header() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Found by collectsim search: %s of %s, %d versions tried on seed %d.\n", r.Metric, r.Strategy, r.Tried, r.Seed)
	fmt.Fprintf(&b, "# On %d fresh replications (seed %d) it changes %s by %s.\n", r.Fresh, r.FreshSeed, r.Metric, r.Gain)
	for _, w := range r.Warnings {
		fmt.Fprintf(&b, "# warning: %s\n", strings.ReplaceAll(w, "\n", " "))
	}
	return b.String()
}
