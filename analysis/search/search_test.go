package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/estimate"
	_ "collectsim/internal/sameseed"
	"collectsim/sim"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"

	"pgregory.net/rapid"
)

// ladder is the strategy that the tests search.
const ladder = "tiered-escalation"

// laddered is the default scenario with the ladder alone.
func laddered(t testing.TB) *scenario.Scenario {
	t.Helper()
	s := scenario.Default()
	if err := s.Play([]string{ladder}); err != nil {
		t.Fatal(err)
	}
	s.Baseline = ladder
	return s
}

// fields are knobs of the ladder with as many values as the sizes say.
func fields(sizes ...int) []Knob {
	paths := []string{"stages.bot-call.every", "stages.early-call.every", "stages.late-call.every", "stages.agency.every", "stages.early-call.retry"}
	var list []Knob
	for i, n := range sizes {
		k := Knob{Path: paths[i]}
		for v := range n {
			k.Values = append(k.Values, fmt.Sprint(20+v))
		}
		list = append(list, k)
	}
	return list
}

// invented plays versions whose metrics are made up: value gives the means. Every replication adds luck that all versions share
// and, of standard deviation own, luck that each has alone, to net_value.
func invented(own float64, seed uint64, value func(choice []int) (net, cost float64)) func(context.Context, []*version, int) error {
	return func(_ context.Context, versions []*version, n int) error {
		for _, v := range versions {
			for r := len(v.rows); r < n; r++ {
				row := make([]float64, len(outcome.Metrics()))
				shared := rand.New(rand.NewPCG(seed, uint64(r))).IntN(100) // whole, so that it drops out of differences
				alone := rand.New(rand.NewPCG(seed+uint64(r)<<20, fingerprint(v.choice))).NormFloat64()
				net, cost := value(v.choice)
				row[outcome.MetricIndex("net_value")] = net + float64(shared) + own*alone
				row[outcome.MetricIndex("cost")] = cost
				v.rows = append(v.rows, row)
			}
		}
		return nil
	}
}

func fingerprint(choice []int) uint64 {
	h := uint64(14695981039346656037)
	for _, k := range choice {
		h = (h ^ uint64(k)) * 1099511628211
	}
	return h
}

// catalogue holds what searches of a space have made of choices: making a version takes a thousand times as long as inventing
// its metrics.
var catalogue = map[*space]map[string]*version{}

// borrow lets a search know the versions that earlier ones of its space have made, with nothing played.
func borrow(x *Search) {
	if catalogue[x.space] == nil {
		catalogue[x.space] = map[string]*version{}
	}
	for key, v := range catalogue[x.space] {
		if _, have := x.known[key]; !have {
			x.known[key] = &version{choice: v.choice, plan: v.plan}
		}
	}
}

// giveBack keeps what a search has made.
func giveBack(x *Search) {
	for key, v := range x.known {
		if v != nil {
			catalogue[x.space][key] = v
		}
	}
}

// prepared is a search of net_value among made up versions, within a limit on cost if there is one.
func prepared(t interface{ Fatal(...any) }, s *space, limit string, replications int, play func(context.Context, []*version, int) error) *Search {
	var limits []Limit
	if limit != "" {
		l, err := ParseLimit(limit)
		if err != nil {
			t.Fatal(err)
		}
		limits = append(limits, l)
	}
	g, err := newGoal("net_value", limits)
	if err != nil {
		t.Fatal(err)
	}
	x, err := newSearch(s, g, replications, play)
	if err != nil {
		t.Fatal(err)
	}
	borrow(x)
	return x
}

func quiet(string) {}

func run(ctx context.Context, s *scenario.Scenario, name string, o Options) (*Result, error) {
	x, err := New(s, name, o)
	if err != nil {
		return nil, err
	}
	return x.Run(ctx)
}

// TestSmallSpacesAreSearchedWhole: where all versions can be looked at and luck is shared, the best one within the limit is
// found, whatever the metric looks like; where none keeps the limit, the one that passes it least. The oracle orders
// all choices.
func TestSmallSpacesAreSearchedWhole(t *testing.T) {
	s := newSpace(laddered(t), ladder, fields(3, 4, 3))
	rapid.Check(t, func(r *rapid.T) {
		net := rapid.SliceOfN(rapid.IntRange(-50, 50), 36, 36).Draw(r, "net value")
		cost := rapid.SliceOfN(rapid.IntRange(1, 20), 36, 36).Draw(r, "cost")
		most := rapid.IntRange(1, 20).Draw(r, "most cost")
		at := func(choice []int) int { return choice[0] + 3*choice[1] + 12*choice[2] }
		x := prepared(r, s, fmt.Sprintf("cost <= %d", most), 8, invented(0, 1, func(choice []int) (float64, float64) {
			return float64(net[at(choice)]), float64(cost[at(choice)])
		}))
		defer giveBack(x)
		found, err := x.best(context.Background(), 36, 1, quiet)
		if err != nil {
			r.Fatal(err)
		}
		all := make([]int, 36)
		for i := range all {
			all[i] = i
		}
		best := slices.MinFunc(all, func(a, b int) int {
			return cmp.Or(cmp.Compare(max(0, cost[a]-most), max(0, cost[b]-most)), cmp.Compare(net[b], net[a]))
		})
		if k := at(found.choice); max(0, cost[k]-most) != max(0, cost[best]-most) || net[k] != net[best] {
			r.Fatalf("found net value %d at cost %d, the best is %d at %d (limit %d)", net[k], cost[k], net[best], cost[best], most)
		}
	})
}

// TestSumsAreClimbed: where every value adds its own part, the climb takes the best value of every knob. Values differ by
// at least 1; the luck of the few replications of a first look has a standard error of a twelfth of that, so that one wrong order
// among all the comparisons of a search has a chance below 1e-25.
func TestSumsAreClimbed(t *testing.T) {
	const replications = 8
	own := 1.0 / 12 / math.Sqrt(2.0/(replications/glance)) // of a difference of two means of replications/glance replications
	s := newSpace(laddered(t), ladder, fields(4, 4, 4, 4, 4))
	rapid.Check(t, func(r *rapid.T) {
		worth, best := make([][]int, 5), make([]int, 5)
		for i := range worth {
			worth[i] = rapid.Permutation([]int{0, 1, 2, 3}).Draw(r, "worth")
			best[i] = slices.Index(worth[i], 3)
		}
		x := prepared(r, s, "", replications, invented(own, rapid.Uint64().Draw(r, "seed"), func(choice []int) (sum, _ float64) {
			for i, k := range choice {
				sum += float64(worth[i][k])
			}
			return sum, 0
		}))
		defer giveBack(x)
		found, err := x.best(context.Background(), 5, 1, quiet)
		if err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(found.choice, best) {
			r.Fatalf("found %v, the best is %v", found.choice, best)
		}
	})
}

// TestLowerIsBetter: of a metric of which less is better, the least is found.
func TestLowerIsBetter(t *testing.T) {
	g, err := newGoal("cost", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := newSearch(newSpace(laddered(t), ladder, fields(4, 4, 4)), g, 4, invented(0, 1, func(choice []int) (_, cost float64) {
		return 0, 10 + float64(choice[0]-2*choice[1]+choice[2]*(choice[2]-2))
	}))
	if err != nil {
		t.Fatal(err)
	}
	found, err := x.best(context.Background(), 3, 1, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(found.choice, []int{0, 3, 1}) {
		t.Errorf("found %v", found.choice)
	}
}

// TestLimitedSearchesAreNoWorse: of versions too many to look at all, the found one keeps the limits if the strategy as it is
// does, or passes them by less; and at equal keeping it is no worse. Every version of a knapsack that the search knows
// of is no better either.
func TestLimitedSearchesAreNoWorse(t *testing.T) {
	s := newSpace(laddered(t), ladder, fields(4, 4, 4, 4, 4))
	rapid.Check(t, func(r *rapid.T) {
		part := rapid.SliceOfN(rapid.IntRange(0, 30), 40, 40).Draw(r, "parts")
		sum := func(choice []int, from int) (x float64) {
			for i, k := range choice {
				x += float64(part[from+4*i+k])
			}
			return x
		}
		limit := fmt.Sprintf("cost <= %d", rapid.IntRange(20, 120).Draw(r, "most"))
		x := prepared(r, s, limit, 4, invented(0, 1, func(choice []int) (float64, float64) { return sum(choice, 0), sum(choice, 20) }))
		defer giveBack(x)
		found, err := x.best(context.Background(), 10, 1, quiet)
		if err != nil {
			r.Fatal(err)
		}
		n := further * x.many
		if err := x.play(context.Background(), []*version{found, x.now}, n); err != nil {
			r.Fatal(err)
		}
		if x.goal.merit(x.now, x.now, n).before(x.goal.merit(found, x.now, n)) < 0 {
			r.Fatalf("found %+v, as it is %+v", x.goal.merit(found, x.now, n), x.goal.merit(x.now, x.now, n))
		}
	})
}

// TestLuckIsNotSold: where no value matters, every version has luck of its own and the search takes the luckiest. Its gain on
// the replications of the search is above nothing; on fresh replications the interval holds 0 as often as it says. Of 200 searches at
// least 95% less five standard errors.
func TestLuckIsNotSold(t *testing.T) {
	s := newSpace(laddered(t), ladder, fields(4, 4, 4, 4))
	nothing := func([]int) (float64, float64) { return 0, 0 }
	const searches, fresh = 200, 20
	covered, changed, flattered := 0, 0, 0
	for seed := range uint64(searches) {
		x := prepared(t, s, "", 8, invented(1, 1000+seed, nothing))
		top, err := x.climb(context.Background(), x.now)
		giveBack(x)
		if err != nil {
			t.Fatal(err)
		}
		if top == x.now {
			continue
		}
		changed++
		if x.goal.difference(top, x.now, x.many).Value > 0 {
			flattered++
		}
		again := []*version{{choice: top.choice}, {choice: x.now.choice}}
		if err := invented(1, 1e6+seed, nothing)(context.Background(), again, fresh); err != nil {
			t.Fatal(err)
		}
		if e := x.goal.difference(again[0], again[1], fresh); e.Low <= 0 && e.High >= 0 {
			covered++
		}
	}
	n := float64(changed)
	if changed < searches/2 || flattered != changed {
		t.Errorf("luck changed %d of %d searches, and flattered %d of them: the climb is not what this test is about", changed, searches, flattered)
	}
	if least := 0.95*n - 5*math.Sqrt(0.95*0.05*n); !(float64(covered) >= least) {
		t.Errorf("the interval on fresh replications holds 0 in %d of %d searches, want at least %.0f", covered, changed, least)
	}
}

// TestPruneTakesLuckBack: a change that is worth nothing stays only where luck lifts it above two standard errors in three
// times the replications, whatever the climb made of it before. Of 400 searches no more than the share for which that holds,
// and five standard errors, keep it.
func TestPruneTakesLuckBack(t *testing.T) {
	s := newSpace(laddered(t), ladder, fields(2))
	kept, changed := 0, 0
	for seed := range uint64(400) {
		play := invented(1, 5000+seed, func([]int) (float64, float64) { return 0, 0 })
		climber := prepared(t, s, "", 8, play)
		top, err := climber.climb(context.Background(), climber.now)
		if err != nil {
			t.Fatal(err)
		}
		if top.choice[0] != 0 {
			changed++
		}
		x := prepared(t, s, "", 8, play)
		if top, err = x.best(context.Background(), 2, 1, quiet); err != nil {
			t.Fatal(err)
		}
		if top != x.now {
			kept++
		}
	}
	p := estimate.TTail(2, 23) / 2
	if most := 400*p + 5*math.Sqrt(400*p*(1-p)); float64(kept) > most {
		t.Errorf("%d of 400 searches keep a change that is worth nothing, want at most %.0f", kept, most)
	}
	if changed < 20 {
		t.Errorf("the climb changed %d of 400: the test tests nothing", changed)
	}
}

// costly is a scenario in which every contact costs far more than a debt, of few accounts.
func costly(t testing.TB) *scenario.Scenario {
	s := laddered(t)
	for _, set := range []string{"accounts=200", "replications=4", "horizon=60"} {
		if err := s.Set(set); err != nil {
			t.Fatal(err)
		}
	}
	for c := range s.Channels {
		s.Channels[c].Unit = 1e5
	}
	return s
}

// TestRuinousStagesAreLeftOut: where every attempt costs more than a debt, the best ladder has no step.
func TestRuinousStagesAreLeftOut(t *testing.T) {
	s := costly(t)
	var knobs []Knob
	for _, st := range s.Strategy(ladder).Stages {
		k, err := ParseKnob(s, ladder, "stages."+st.Name+"=off")
		if err != nil {
			t.Fatal(err)
		}
		knobs = append(knobs, k)
	}
	r, err := run(context.Background(), s, ladder, Options{Knobs: knobs, Replications: 4, Fresh: 4})
	if err != nil {
		t.Fatal(err)
	}
	if f := r.figure("attempts_per_account"); f.Found != 0 || !(f.AsItIs > 0) {
		t.Errorf("%g attempts per account are left of %g", f.Found, f.AsItIs)
	}
	if f := r.figure("cost"); f.Found != 0 || float64(r.Gain.Value) < 1e5 {
		t.Errorf("the found version costs %g, and gains %s", f.Found, r.Gain)
	}
}

// TestFileGivesTheFigures: the written scenario, played with the seed and number of the fresh replications, gives the printed
// figures to the last bit; workers change nothing.
func TestFileGivesTheFigures(t *testing.T) {
	s := laddered(t)
	for _, set := range []string{"accounts=300", "horizon=90"} {
		if err := s.Set(set); err != nil {
			t.Fatal(err)
		}
	}
	limit, err := ParseLimit("attempts_per_account <= 0.7x")
	if err != nil {
		t.Fatal(err)
	}
	for what, o := range map[string]Options{
		"a version":     {Limits: []Limit{limit}, Replications: 4, Fresh: 6, Starts: 10},
		"an assignment": {By: "product", Candidates: []string{"home-visits", "reminders-only"}, Metric: "cost", Replications: 4, Fresh: 6, Starts: 10},
	} {
		find := func(workers int) (*Result, string) {
			o.Workers = workers
			r, err := run(context.Background(), s, ladder, o)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := r.Print(&b, "json"); err != nil {
				t.Fatal(err)
			}
			return r, b.String()
		}
		r, text := find(1)
		if _, again := find(3); again != text {
			t.Errorf("%s: three workers give another result than one", what)
		}
		if r.Found == "" {
			t.Fatalf("%s: nothing was found: the test tests nothing", what)
		}
		fileGivesTheFigures(t, r, "accounts=300", "horizon=90")
	}
}

func fileGivesTheFigures(t *testing.T, r *Result, settings ...string) {
	t.Helper()
	file, err := r.ScenarioFile("better", "default", settings)
	if err != nil {
		t.Fatal(err)
	}
	again, err := scenario.Parse("better.yaml", file)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	again.Seed, again.Replications = r.FreshSeed, r.Fresh
	c, err := again.Config(nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	var rows [2][][]float64
	if err := sim.Run(context.Background(), *c, sink(func(x *outcome.Replication) {
		for k := range rows {
			rows[k] = append(rows[k], x.Strategies[k].Values)
		}
	})); err != nil {
		t.Fatal(err)
	}
	for i := range r.Figures {
		f, err := figureOf(r.Figures[i].Metric)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range []float64{float64(r.Figures[i].AsItIs), float64(r.Figures[i].Found)} {
			if got := f.mean(rows[k]); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s of %s: the file gives %g, the search %g", f.Name, again.Compare[k], got, want)
			}
		}
	}
}

// TestGroupsAreServedByWhatIsBest: texts reach remote borrowers alone, and cost money everywhere; the search finds that out, from
// whatever serves everybody now, and also where some groups have strategies of their own already.
func TestGroupsAreServedByWhatIsBest(t *testing.T) {
	for name, by := range map[string]string{"texts": "region", "none": "region", "given": ""} {
		s, err := scenario.Parse("reach.yaml", []byte(`
accounts: 600
horizon: 90
strategies:
  none: {}
  texts: {stages: {text: {channel: sms, first_day: 1, last_day: 90, every: 7, cap: 8}}}
  given: {assign: {by: region, groups: {urban: texts}, others: none}}
channels: {sms: {effect: 0.3, heed: 1, unit_cost: 1, connect: {urban: 0, suburban: 0, remote: 1}}}
`))
		if err != nil {
			t.Fatal(err)
		}
		r, err := run(context.Background(), s, name, Options{By: by, Metric: "overdue_rate_30", Candidates: []string{"none", "texts"}, Replications: 8, Fresh: 8})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, c := range r.Changes {
			got[c.Path] = c.To
		}
		// Whether texts that reach nobody are sent is all the same to the overdue rate.
		if name == "texts" {
			if r.Found != "" {
				t.Errorf("%s: %v were changed, and nothing is better", name, got)
			}
			continue
		}
		if len(got) != 1 || got["assign.groups.remote"] != "texts" || !(r.Gain.High < 0) {
			t.Errorf("%s: changes %v bring %s", name, got, r.Gain)
		}
	}
}

type sink func(*outcome.Replication)

func (s sink) Replication(r *outcome.Replication) error {
	s(r)
	return nil
}

// TestRatiosAreOfMeans: the mean of a ratio's series is the ratio of the means, and its standard error that of the delta
// method, worked out by hand.
func TestRatiosAreOfMeans(t *testing.T) {
	f, err := figureOf("cost_per_recovered")
	if err != nil {
		t.Fatal(err)
	}
	cost, recovered := []float64{1, 2, 6}, []float64{10, 20, 30}
	var rows [][]float64
	for r := range cost {
		row := make([]float64, len(outcome.Metrics()))
		row[f.over], row[f.under] = cost[r], recovered[r]
		rows = append(rows, row)
	}
	// The ratio is 9/60 = 0.15; residuals cost - 0.15 recovered: -0.5, -1, 1.5, of which the sample variance is 1.75.
	e := estimate.Mean(f.series(rows), 0.95)
	if !(math.Abs(e.Value-0.15) < 1e-15) || !(math.Abs(e.SE-math.Sqrt(1.75/3)/20) < 1e-15) {
		t.Errorf("ratio %g with standard error %g", e.Value, e.SE)
	}
}

// TestSearchStops: a search that is interrupted ends with the context's error.
func TestSearchStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	played := 0
	_, err := run(ctx, costly(t), ladder, Options{Replications: 4, Fresh: 4, Done: func(replications int) {
		if played += replications; played > 5 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestBetterInCountsReplications: of a ratio, the share of replications in which a version is better is that of the ratios
// themselves. By hand: 1/1 against 2/3 is worse where less is better, 10/100 against 12/98 better.
func TestBetterInCountsReplications(t *testing.T) {
	g, err := newGoal("cost_per_recovered", nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := func(pairs ...[2]float64) (list [][]float64) {
		for _, p := range pairs {
			row := make([]float64, len(outcome.Metrics()))
			row[g.aim.over], row[g.aim.under], row[g.aim.index] = p[0], p[1], p[0]/p[1]
			list = append(list, row)
		}
		return list
	}
	x := &Search{goal: g}
	a, b := &version{rows: rows([2]float64{1, 1}, [2]float64{10, 100})}, &version{rows: rows([2]float64{2, 3}, [2]float64{12, 98})}
	if got := x.betterIn(a, b); got != 0.5 {
		t.Errorf("better in %g of two replications, want a half", got)
	}
}

// TestLimitsOutOfReachAreSaid: a limit that nothing tried can keep is not answered with the advice to tighten it, whether or not
// something was found; of an undefined metric it is said to be undefined.
func TestLimitsOutOfReachAreSaid(t *testing.T) {
	s := costly(t)
	for _, c := range []struct{ limit, knob, want string }{
		{"cure_rate >= 2", "stages.early-call.cap=2,20", "was not kept in the search either"},
		{"cure_rate >= 2", "stages.agency.hour=12", "was not kept in the search either"},
		{"cost_per_visit <= 5", "stages.agency=off", "cost_per_visit is undefined"},
	} {
		limit, err := ParseLimit(c.limit)
		if err != nil {
			t.Fatal(err)
		}
		k, err := ParseKnob(s, ladder, c.knob)
		if err != nil {
			t.Fatal(err)
		}
		r, err := run(context.Background(), s, ladder, Options{Limits: []Limit{limit}, Knobs: []Knob{k}, Replications: 2, Fresh: 2})
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(r.Warnings, "\n"); !strings.Contains(all, c.want) || strings.Contains(all, "tighter") {
			t.Errorf("%s, %s: warnings %q, want %s", c.limit, c.knob, all, c.want)
		}
	}
}

// TestOddNamesServeGroups: strategies whose names read like something else in YAML, a name that is taken, and a group that needs quotes.
func TestOddNamesServeGroups(t *testing.T) {
	s, err := scenario.Parse("odd.yaml", []byte(`
accounts: 300
horizon: 90
strategies:
  5: {stages: {text: {channel: sms, first_day: 1, last_day: 60, every: 3, cap: 20}}}
  "off": {}
  "5-by-segment": {}
`))
	if err != nil {
		t.Fatal(err)
	}
	p := s.Portfolio.Portfolio(1, 300, 90)
	p.Segments = []string{"a: b", "null"}
	for i := range p.Accounts {
		p.Accounts[i].Segment = uint8(i % 2)
	}
	r, err := run(context.Background(), s, "5", Options{By: "segment", Metric: "cost", Candidates: []string{"off"}, Replications: 4, Fresh: 4, Portfolio: p})
	if err != nil {
		t.Fatal(err)
	}
	file, err := r.ScenarioFile("found", "odd.yaml", nil)
	if err != nil || r.Found != "5-by-segment-2" || len(r.Changes) != 2 || r.figure("cost").Found != 0 {
		t.Fatalf("%v: found %s, changes %v, cost %v", err, r.Found, r.Changes, r.figure("cost").Found)
	}
	for _, want := range []string{"5-by-segment-2:", "off", "a: b", "null"} {
		if !strings.Contains(string(file), want) {
			t.Errorf("no %s in\n%s", want, file)
		}
	}
	// Laid over the scenario it is the assignment that was found.
	again, err := scenario.Parse("found.yaml", append([]byte("accounts: 300\nhorizon: 90\n"), strings.Replace(string(file), "extends: odd.yaml", "extends: default", 1)...))
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	if a := again.Strategy("5-by-segment-2").Assign; a == nil || a.Groups["a: b"] != "off" || a.Groups["null"] != "off" || a.Others != "5" {
		t.Errorf("assignment %+v of\n%s", a, file)
	}
}

// TestFoundNames: what is found of a version that was found keeps its name, with a number.
func TestFoundNames(t *testing.T) {
	for name, want := range map[string]string{
		"ladder": "ladder-searched", "ladder-searched": "ladder-searched-2", "ladder-searched-2": "ladder-searched-3", "ladder-searched-9": "ladder-searched-10",
		"searched": "searched-searched", "-searched": "-searched-2", "ladder-searched-x": "ladder-searched-x-searched",
	} {
		if got := searched(name); got != want {
			t.Errorf("of %s: %s, want %s", name, got, want)
		}
	}
}

// TestLargeGainsAreDoubted: a metric that improves by more than real lenders have seen is doubted, one that gets worse by as much is
// no gain.
func TestLargeGainsAreDoubted(t *testing.T) {
	g, err := newGoal("cost", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		recovered, cost float64
		want            string
	}{{200, 90, "recovered changes by +100%"}, {20, 90, ""}, {100, 50, "cost changes by -50%"}, {100, 90, ""}} {
		figure := func(name string, before, after float64) Figure {
			return Figure{Metric: name, AsItIs: estimate.Float(before), Difference: estimate.Estimate{Value: after - before, Low: after - before, High: after - before}}
		}
		r := Result{
			Found: "x", Metric: "cost", Gain: estimate.Estimate{Value: c.cost - 100, Low: c.cost - 100, High: c.cost - 100},
			Figures: []Figure{figure("recovered", 100, c.recovered), figure("cost", 100, c.cost), figure("distress_days", 0, 0)},
		}
		r.warn(&Search{goal: g})
		if got := strings.Join(r.Warnings, "\n"); !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("recovered %g, cost %g: %q, want %q", c.recovered, c.cost, got, c.want)
		}
	}
}
