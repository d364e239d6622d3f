package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// EffectsOptions say whose effects are counted.
type EffectsOptions struct {
	Champion   string             // none means the run's baseline
	Metrics    []string           // of single borrowers; empty means overdue_rate_30, recovered, stress_mean
	Tolerance  map[string]float64 // by metric: an effect up to this, either way, counts as unaffected; see defaultTolerance
	Confidence float64            // in (0, 1); 0 means 0.95
}

// Individual holds the effects on single borrowers, who live the same life under every strategy.
type Individual struct {
	Champion     string         `json:"champion"`
	Confidence   float64        `json:"confidence"`
	Replications int            `json:"replications"`
	Effects      []MetricEffect `json:"effects"` // by metric, then challenger
	Warnings     []string       `json:"warnings"`
	currency     string
}

// MetricEffect is what a challenger does to borrowers on one metric.
type MetricEffect struct {
	compare.Metric
	Challenger string               `json:"challenger"`
	Tolerance  float64              `json:"tolerance"`
	Everybody  compare.GroupEffects `json:"everybody"`
	By         []DimensionEffects   `json:"by"`
	Targeting  []ScoreCurve         `json:"targeting"`
}

// DimensionEffects are the effects by group.
type DimensionEffects struct {
	Dimension string                 `json:"dimension"`
	Groups    []compare.GroupEffects `json:"groups"`
}

// ScoreCurve is the targeting curve of one way to rank borrowers.
type ScoreCurve struct {
	Score   string `json:"score"`
	Meaning string `json:"meaning"`
	compare.TargetingCurve
}

var defaultEffects = []string{"overdue_rate_30", "recovered", "stress_mean"}

// defaultTolerance is what does not count as an effect on one borrower (assumptions): a point of stress;
// of money 1% of what the champion makes per account, since whoever pays earlier pays a few penalties less;
// nothing where the metric counts.
func (r *Run) defaultTolerance(m *outcome.Metric, champion string, figures []float64) float64 {
	switch m.Unit {
	case "points (0-100)":
		return 1
	case "currency/account":
		mean, _ := estimate.MeanVariance(figures)
		if m.Name == outcome.RankedBy { // of whose figures what was owed on day 0 is taken off
			mean = r.Estimate(champion, m).Value
		}
		return 0.01 * math.Abs(mean)
	}
	return 0
}

// EffectMetrics lists the metrics that single borrowers have.
func EffectMetrics() []string {
	probe := borrowerProbe()
	var names []string
	for _, m := range outcome.Metrics() {
		if m.Better != outcome.Neither && borrowerFigure(probe, m.Name) != nil {
			names = append(names, m.Name)
		}
	}
	return names
}

// Effects counts, borrower by borrower, whom each challenger helps and harms against the champion, from
// accounts.arrow: for everybody and by product, region, segment and true cause (which only the simulator
// knows), with the money spent on borrowers who would have paid anyway, that is, who are current at the
// horizon under the champion.
//
// Targeting curves rank borrowers by the mean effect, in the other replications, on the same account
// ("account": all that a score of what is known on day 0 could tell), or on accounts of the same product,
// region and segment, or of the same true cause (what a perfect diagnosis would add to knowing nothing).
// The replication itself is left out, so no borrower ranks by its own luck.
func Effects(r *Run, o EffectsOptions) (*Individual, error) {
	t, err := r.accountTable()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Dir, err)
	}
	if len(o.Metrics) == 0 {
		o.Metrics = defaultEffects
	}
	o.Champion, o.Confidence = cmp.Or(o.Champion, r.Manifest.Baseline), cmp.Or(o.Confidence, confidence)
	x := &Individual{Champion: o.Champion, Confidence: o.Confidence, Replications: r.Manifest.Replications, Warnings: []string{}, currency: r.Manifest.Currency}
	if r.Manifest.Replications < 2 {
		x.Warnings = append(x.Warnings, "a single replication: targeting has no other replications to learn from")
	}
	people := map[string]*prepared{}
	for _, name := range o.Metrics {
		figure := borrowerFigure(t, name)
		i := outcome.MetricIndex(name)
		if figure == nil && slices.Contains(EffectMetrics(), name) {
			return nil, fmt.Errorf("%s: accounts.arrow lacks what %s is made of, as an earlier version wrote it: repeat the run with --accounts-table", r.Dir, name)
		}
		if figure == nil || i < 0 || outcome.Metrics()[i].Better == outcome.Neither {
			return nil, fmt.Errorf("metric %s: single borrowers have none that is good or bad, take one of %s", name, strings.Join(EffectMetrics(), ", "))
		}
		for _, challenger := range r.Manifest.Strategies {
			if challenger == o.Champion {
				continue
			}
			if people[challenger] == nil {
				pairs, err := pairBorrowers(t, o.Champion, challenger)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", r.Dir, err)
				}
				people[challenger] = pairs.prepare(r.Manifest.Segments)
			}
			m, p := &outcome.Metrics()[i], people[challenger]
			options := compare.EffectOptions{Confidence: o.Confidence}
			var given bool
			if options.Tolerance, given = o.Tolerance[name]; !given {
				champion, _ := p.values(figure)
				options.Tolerance = r.defaultTolerance(m, o.Champion, champion)
			}
			x.Effects = append(x.Effects, effectsOf(metric(m), p, figure, challenger, options))
		}
	}
	return x, nil
}

// prepared is what all metrics share.
type prepared struct {
	*borrowerPairs
	spent  []float64
	anyway []bool
	by     []grouping
	ranks  []score
}

type grouping struct {
	dimension string
	groups    []string
	order     []string // of their names, where it is not that of the alphabet
}

// prepare takes the segments of the run, in their order.
func (p *borrowerPairs) prepare(segments []string) *prepared {
	x := &prepared{borrowerPairs: p, spent: p.spend(), anyway: p.paidAnyway(), ranks: p.scores()}
	for _, dimension := range []string{"cause", "product", "region", "segment"} {
		if groups := p.groups(dimension); groups != nil {
			x.by = append(x.by, grouping{dimension: dimension, groups: groups})
		}
	}
	if n := len(x.by); n > 0 && x.by[n-1].dimension == "segment" {
		x.by[n-1].order = segments
	}
	return x
}

func effectsOf(m compare.Metric, p *prepared, figure []float64, challenger string, options compare.EffectOptions) MetricEffect {
	b := compare.Borrowers{Replication: p.replication, Spend: p.spent, PaidAnyway: p.anyway}
	b.Champion, b.Challenger = p.values(figure)
	e := MetricEffect{Metric: m, Challenger: challenger, Tolerance: options.Tolerance, Everybody: groupEffects(m, b, options)[0], By: []DimensionEffects{}, Targeting: []ScoreCurve{}}
	for _, by := range p.by {
		b.Group = by.groups
		groups := groupEffects(m, b, options)[1:]
		slices.SortStableFunc(groups, func(a, b compare.GroupEffects) int {
			return cmp.Compare(slices.Index(by.order, a.Group), slices.Index(by.order, b.Group))
		})
		e.By = append(e.By, DimensionEffects{by.dimension, groups})
	}
	b.Group = nil
	for _, s := range p.ranks {
		b.Score = s.values(p.borrowerPairs, b.Champion, b.Challenger, m.Better)
		e.Targeting = append(e.Targeting, ScoreCurve{s.name, s.meaning, compare.Targeting(m, b, options.Confidence)})
	}
	return e
}

// groupEffects are the effects with the intervals of shares within 0 and 1.
func groupEffects(m compare.Metric, b compare.Borrowers, o compare.EffectOptions) []compare.GroupEffects {
	groups := compare.Effects(m, b, o)
	for i := range groups {
		g := &groups[i]
		for _, share := range []*estimate.Estimate{&g.Helped, &g.Unaffected, &g.Harmed, &g.ShareAnyway} {
			*share = cut(*share, outcome.Fraction)
		}
		g.SpentAnyway = cut(g.SpentAnyway, outcome.Amount)
	}
	return groups
}

// spend is what the challenger spends on each borrower.
func (p *borrowerPairs) spend() []float64 {
	_, spend := p.values(numbersOf(p.table, "cost"))
	return spend
}

// paidAnyway tells who is current at the horizon under the champion.
func (p *borrowerPairs) paidAnyway() []bool {
	out := make([]bool, len(p.champion))
	for i, row := range p.champion {
		out[i] = p.table.Column("bucket").Text[row] == loan.BucketCurrent.String()
	}
	return out
}

// groups is the group of each borrower; nil if there is one group only.
func (p *borrowerPairs) groups(dimension string) []string {
	c := p.table.Column(dimension)
	if c == nil || c.Kind != outcome.Text {
		return nil
	}
	out := make([]string, len(p.champion))
	several := false
	for i, row := range p.champion {
		out[i] = c.Text[row]
		several = several || out[i] != out[0]
	}
	if !several {
		return nil
	}
	return out
}

// A score ranks borrowers by a key that they share with others.
type score struct {
	name, meaning string
	key           []int // dense, from 0
	keys          int
}

// newScore numbers the keys in order of appearance.
func newScore[K comparable](name, meaning string, key []K) score {
	s, number := score{name: name, meaning: meaning, key: make([]int, len(key))}, map[K]int{}
	for i, k := range key {
		n, ok := number[k]
		if !ok {
			n = len(number)
			number[k] = n
		}
		s.key[i] = n
	}
	s.keys = len(number)
	return s
}

func (p *borrowerPairs) scores() []score {
	list := []score{newScore("account", "what is known of an account on day 0, at best", p.account)}
	cell := make([]string, len(p.account))
	for _, dimension := range []string{"product", "region", "segment"} {
		for i, g := range p.groups(dimension) {
			cell[i] += g + "/"
		}
	}
	if s := newScore("group", "product, region and segment", cell); s.keys > 1 {
		list = append(list, s)
	}
	if cause := p.groups("cause"); cause != nil {
		list = append(list, newScore("cause", "the true cause, as a perfect diagnosis would find it", cause))
	}
	return list
}

// values is, per borrower, the mean effect (good counted as positive) on borrowers of the same key in the
// other replications; NaN where there are none.
func (s *score) values(p *borrowerPairs, champion, challenger []float64, better compare.Direction) []float64 {
	type sums struct{ n, sum float64 }
	replication := newScore("", "", p.replication)
	all, own := make([]sums, s.keys), make([]sums, s.keys*replication.keys)
	sign := 1.0
	if better == compare.Lower {
		sign = -1
	}
	cell := func(i int) *sums { return &own[s.key[i]*replication.keys+replication.key[i]] }
	for i, key := range s.key {
		effect := sign * (challenger[i] - champion[i])
		for _, t := range []*sums{&all[key], cell(i)} {
			t.n, t.sum = t.n+1, t.sum+effect
		}
	}
	out := make([]float64, len(s.key))
	for i, key := range s.key {
		a, b := all[key], cell(i)
		out[i] = math.NaN()
		if a.n > b.n {
			out[i] = (a.sum - b.sum) / (a.n - b.n)
		}
	}
	return out
}

// JSON writes one document.
func (x *Individual) JSON(w io.Writer) error { return writeJSON(w, x) }

// Text writes a block per metric and challenger.
func (x *Individual) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("effects on single borrowers, who live the same life under every strategy; champion %s, %s, %s intervals", x.Champion, plural(x.Replications, "replication"), stated(x.Confidence))
	for i := range x.Effects {
		x.text(p, &x.Effects[i])
	}
	p.warn(x.Warnings)
	return p.err
}

func (x *Individual) text(p *printer, e *MetricEffect) {
	p.line("\n%s: %s instead of %s (%s is better; up to %.3g either way counts as unaffected)", e.Name, e.Challenger, x.Champion, e.Better, e.Tolerance)
	rows := [][]string{{"borrowers", "number", "helped", "unaffected", "harmed", "mean effect", "money on those who pay anyway"}, x.row("everybody", &e.Everybody, e.Unit)}
	for _, d := range e.By {
		for i := range d.Groups {
			rows = append(rows, x.row(d.Dimension+" "+d.Groups[i].Group, &d.Groups[i], e.Unit))
		}
	}
	p.grid(rows)
	for _, s := range e.Targeting {
		x.targeting(p, e, &s)
	}
	for _, text := range slices.Concat(e.Everybody.Helped.Warnings, e.Everybody.ShareAnyway.Warnings) {
		p.line("  warning: %s", text)
	}
}

func (x *Individual) row(name string, g *compare.GroupEffects, unit string) []string {
	return []string{
		name, thousands(g.Borrowers), shareCell(g.Helped), shareCell(g.Unaffected), shareCell(g.Harmed),
		signed(g.MeanEffect, unit) + " " + signedInterval(g.MeanEffect, unit), shareCell(g.ShareAnyway),
	}
}

// shareCell prints a share with its interval, cut at 0 and 1, as per cents, or that it is undefined.
func shareCell(e estimate.Estimate) string {
	if math.IsNaN(e.Value) {
		return "-"
	}
	e.Low, e.High = math.Max(0, e.Low), math.Min(1, e.High)
	return strings.TrimSpace(number(e, "share", e.Value) + " " + interval(e, "share"))
}

// targeting says how much of the whole effect the best-ranked fifth brings.
func (x *Individual) targeting(p *printer, e *MetricEffect, s *ScoreCurve) {
	whole, fifth := float64(s.Gain[len(s.Gain)-1]), float64(s.Gain[(len(s.Gain)-1)/5])
	best := float64(s.BestGain[(len(s.BestGain)-1)/5])
	if math.IsNaN(whole) || math.IsNaN(float64(s.Qini.Value)) {
		p.line("  ranked by %s: nothing to target", s.Meaning)
		return
	}
	text := fmt.Sprintf("the first fifth gains %.4g per borrower of all (no order: %.4g, perfect order: %.4g)", fifth, whole/5, best)
	if whole > 0 {
		text = fmt.Sprintf("the first fifth brings %s of the effect (no order: 20%%, perfect order: %s)", percent(fifth/whole, 0), percent(best/whole, 0))
	}
	p.line("  ranked by %s: %s; Qini %s %s", s.Meaning, text, s.Qini.Format(s.Qini.Value), interval(s.Qini, ""))
}

// CSV writes one row per metric, challenger and group.
func (x *Individual) CSV(w io.Writer) error {
	t := outcome.NewTable("effects", "metric", "challenger", "dimension", "group", "borrowers",
		"helped", "helped_low", "helped_high", "unaffected", "harmed", "harmed_low", "harmed_high", "mean_effect", "mean_effect_low", "mean_effect_high", "spent_anyway", "share_spent_anyway")
	for i := range x.Effects {
		e := &x.Effects[i]
		add := func(dimension, group string, g *compare.GroupEffects) {
			addRow(t, e.Name, e.Challenger, dimension, group, float64(g.Borrowers), g.Helped.Value, g.Helped.Low, g.Helped.High,
				g.Unaffected.Value, g.Harmed.Value, g.Harmed.Low, g.Harmed.High, g.MeanEffect.Value, g.MeanEffect.Low, g.MeanEffect.High, g.SpentAnyway.Value, g.ShareAnyway.Value)
		}
		add("all", "all", &e.Everybody)
		for _, d := range e.By {
			for k := range d.Groups {
				add(d.Dimension, d.Groups[k].Group, &d.Groups[k])
			}
		}
	}
	return t.Write(w, "csv")
}
