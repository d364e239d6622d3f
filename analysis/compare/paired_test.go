package compare_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
)

var nan = math.NaN()

// The paired comparison of R's sleep data, case 26.
func TestPairedMatchesR(t *testing.T) {
	want := powerCase[struct {
		Expected struct {
			P  float64
			CI []float64
		}
	}](t, "t.test(sleep").Expected
	data := powerCase[struct {
		Data []struct {
			Extra float64
			Group string
		}
	}](t, "t.test(extra").Data
	var x, y []float64
	for _, r := range data {
		if r.Group == "1" {
			x = append(x, r.Extra)
		} else {
			y = append(y, r.Extra)
		}
	}
	p := compare.Paired(x, y, 0.95)
	near(t, "p", float64(p.P), want.P, tests26)
	near(t, "low", p.Difference.Low, want.CI[0], tests26)
	near(t, "high", p.Difference.High, want.CI[1], tests26)
	// R 4.2.2: cor(x, y); (var(x) + var(y)) / var(x - y)
	near(t, "correlation", float64(p.Correlation), 0.795170205833578, 1e-12)
	near(t, "variance reduction", float64(p.VarianceReduction), 4.76542303172738, 1e-12)
}

func TestPairedIdentical(t *testing.T) {
	x := []float64{0.1, 0.7, 0.3, 0.2, 0.9, 0.4}
	p := compare.Paired(x, x, 0.95)
	d := p.Difference
	if !p.Identical || d.Value != 0 || d.Low != 0 || d.High != 0 || d.SE != 0 || p.P != 1 || len(d.Warnings) != 0 {
		t.Errorf("got %+v", p)
	}
	if !math.IsInf(float64(p.VarianceReduction), 1) {
		t.Errorf("variance reduction of identical strategies: got %v, want +Inf", p.VarianceReduction)
	}
	if one := compare.Paired(x[:1], x[:1], 0.95); !one.Identical || one.Difference.High != 0 || len(one.Difference.Warnings) != 1 {
		t.Errorf("identical in one replication: got %+v", one)
	}
}

func TestPairedOfLittle(t *testing.T) {
	shift := compare.Paired([]float64{2, 3, 4}, []float64{1, 2, 3}, 0.95)
	if shift.P != 0 || shift.Difference.Low != 1 || shift.Difference.High != 1 || !math.IsInf(float64(shift.VarianceReduction), 1) || len(shift.Difference.Warnings) != 2 {
		t.Errorf("a constant difference: %+v", shift)
	}
	one := compare.Paired([]float64{2}, []float64{1}, 0.95)
	if !math.IsNaN(float64(one.P)) || !math.IsNaN(one.Difference.Low) || one.Difference.Value != 1 {
		t.Errorf("one pair: %+v", one)
	}
	holed := compare.Paired([]float64{2, nan, 4, 7}, []float64{1, 2, nan, 2}, 0.95)
	if holed.Difference.N != 2 || holed.Difference.Value != 3 || !strings.Contains(strings.Join(holed.Difference.Warnings, ""), "2 of 4 replications") {
		t.Errorf("pairs with NaN: %+v", holed.Difference)
	}
	if none := compare.Paired(nil, nil, 0.95); none.Identical || !math.IsNaN(none.Difference.Value) {
		t.Errorf("no pairs: %+v", none)
	}
}

// One replication in which two strategies are identical: known to be equal there, and no more.
func TestChallengersOfOneReplication(t *testing.T) {
	champion := compare.Series{Name: "a", Values: []float64{3}}
	got := compare.Challengers(overdue, champion, []compare.Series{{Name: "b", Values: []float64{3}}, {Name: "c", Values: []float64{4}}}, compare.Options{}, nil)
	if b := got[0]; b.Verdict.Outcome != compare.Same || b.Low != 0 || b.High != 0 || b.HolmLow != 0 || b.HolmHigh != 0 {
		t.Errorf("identical: %+v", b)
	}
	if c := got[1]; c.Verdict.Outcome != compare.Unclear || !math.IsNaN(float64(c.Low)) || !math.IsNaN(float64(c.HolmHigh)) {
		t.Errorf("different: %+v", c)
	}
}

func TestVarianceReductionRules(t *testing.T) {
	flat, x := []float64{1, 1, 1}, []float64{1, 2, 4}
	near(t, "both constant", compare.VarianceReduction(flat, flat), nan, 0)
	near(t, "one constant", compare.VarianceReduction(flat, x), 1, 1e-15)
	near(t, "opposed", compare.VarianceReduction(x, []float64{-1, -2, -4}), 0.5, 1e-15)
	near(t, "one pair", compare.VarianceReduction(x[:1], x[:1]), nan, 0)
}

// With equal variances the factor is 1 / (1 - correlation).
func TestVarianceReductionIsFromCorrelation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "n")
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = rapid.Float64Range(-9, 9).Draw(t, "x"), rapid.Float64Range(-9, 9).Draw(t, "y")
		}
		_, vx := estimate.MeanVariance(x)
		_, vy := estimate.MeanVariance(y)
		if vx < 1e-3 || vy < 1e-3 {
			return
		}
		for i := range y {
			y[i] *= math.Sqrt(vx / vy)
		}
		p := compare.Paired(x, y, 0.95)
		if r := float64(p.Correlation); r < 0.999 && !(math.Abs(float64(p.VarianceReduction)*(1-r)-1) <= 1e-9) {
			t.Fatalf("factor %v, correlation %v", p.VarianceReduction, r)
		}
		if q := compare.Paired(y, x, 0.95); !(math.Abs(q.Difference.Low+p.Difference.High) <= 1e-12) || !(math.Abs(float64(q.P-p.P)) <= 1e-12) {
			t.Fatalf("swapped: %v and %v", p.Difference, q.Difference)
		}
	})
}

// R 4.2.2: p.adjust(c(.01, .04, .03, .005, NA, .2), "holm")
func TestHolmMatchesR(t *testing.T) {
	in := []float64{.01, .04, .03, .005, nan, .2}
	for i, want := range []float64{.04, .09, .09, .025, nan, .2} {
		near(t, "adjusted p", compare.Holm(in)[i], want, 1e-14)
	}
	if in[1] != .04 {
		t.Error("the argument was changed")
	}
}

var overdue = compare.Metric{Name: "overdue_rate_30", Unit: "share", Better: compare.Lower}

func series(name string, base []float64, shift, noise float64) compare.Series {
	out := compare.Series{Name: name}
	for i, v := range base {
		out.Values = append(out.Values, v+shift+noise*float64(i%3-1))
	}
	return out
}

var champion = compare.Series{Name: "champion", Values: []float64{0.20, 0.22, 0.19, 0.25, 0.21, 0.23, 0.18, 0.24, 0.20}}

func TestVerdictsSayNoMoreThanTheIntervals(t *testing.T) {
	one := func(s compare.Series, m compare.Metric, o compare.Options) compare.Comparison {
		return compare.Challengers(m, champion, []compare.Series{s}, o, map[string][]string{s.Name: {"visits run from day 5"}})[0]
	}
	higher, neither := overdue, overdue
	higher.Better, neither.Better = compare.Higher, compare.Neither
	for _, c := range []struct {
		name    string
		got     compare.Comparison
		outcome compare.Outcome
		text    string
	}{
		{"lower is better", one(series("x", champion.Values, -0.05, 0.01), overdue, compare.Options{}), compare.Better, "x is better (lower) than champion on overdue_rate_30: difference -0.050 share, 95% interval -0.057 to -0.043; because visits run from day 5"},
		{"higher is better", one(series("x", champion.Values, -0.05, 0.01), higher, compare.Options{}), compare.Worse, "x is worse (lower)"},
		{"neither", one(series("x", champion.Values, 0.05, 0.01), neither, compare.Options{}), compare.Above, "x is higher than champion"},
		{"neither, lower", one(series("x", champion.Values, -0.05, 0.01), neither, compare.Options{}), compare.Below, "x is lower than champion"},
		{"unclear", one(series("x", champion.Values, 0.002, 0.02), overdue, compare.Options{}), compare.Unclear, "9 replications cannot tell x from champion"},
		{"identical", one(series("x", champion.Values, 0, 0), overdue, compare.Options{}), compare.Same, "identical on overdue_rate_30 in all 9 replications"},
		{"within the zone", one(series("x", champion.Values, -0.005, 0.001), overdue, compare.Options{Indifference: 0.01}), compare.Equivalent, "by less than matters (0.01)"},
		{"across the zone", one(series("x", champion.Values, -0.012, 0.004), overdue, compare.Options{Indifference: 0.01}), compare.Better, "which may be less than matters (0.01)"},
		{"beyond the zone", one(series("x", champion.Values, -0.05, 0.004), overdue, compare.Options{Indifference: 0.01}), compare.Better, "-0.047; because"},
		{"one replication", compare.Challengers(overdue, compare.Series{Values: []float64{1}}, []compare.Series{{Name: "x", Values: []float64{2}}}, compare.Options{}, nil)[0], compare.Unclear, "without an interval"},
	} {
		if c.got.Verdict.Outcome != c.outcome || !strings.Contains(c.got.Verdict.Text, c.text) {
			t.Errorf("%s: got %q: %s", c.name, c.got.Verdict.Outcome, c.got.Verdict.Text)
		}
	}
}

// Rules that hold for any family: Holm's p and Holm's interval decide alike, the
// simultaneous interval is the widest, and no direction is claimed that Holm does not give.
func TestFamilyIsConsistent(t *testing.T) {
	touched := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 10).Draw(t, "n")
		base := compare.Series{Name: "champion", Values: make([]float64, n)}
		challengers := make([]compare.Series, rapid.IntRange(1, 6).Draw(t, "challengers"))
		for k := range challengers {
			shift := rapid.Float64Range(-2, 2).Draw(t, "shift")
			challengers[k] = compare.Series{Name: fmt.Sprint(k)}
			for range n {
				challengers[k].Values = append(challengers[k].Values, shift+rapid.Float64Range(-1, 1).Draw(t, "noise"))
			}
		}
		for _, c := range compare.Challengers(overdue, base, challengers, compare.Options{}, nil) {
			out := c.HolmLow > 0 || c.HolmHigh < 0
			if p := float64(c.HolmP); !(math.Abs(p-0.05) <= 1e-9) && out != (p < 0.05) {
				t.Fatalf("Holm p %v, interval %v to %v", p, c.HolmLow, c.HolmHigh)
			}
			if c.Low > c.HolmLow+1e-12 || c.High < c.HolmHigh-1e-12 || float64(c.HolmLow) > c.Difference.Low+1e-12 {
				t.Fatalf("not nested: %+v", c)
			}
			if directed := c.Verdict.Outcome == compare.Better || c.Verdict.Outcome == compare.Worse; directed != (float64(c.HolmP) < 0.05) && !c.Identical {
				t.Fatalf("Holm p %v, verdict %s", c.HolmP, c.Verdict.Outcome)
			}
			if out && c.Low <= 0 && c.High >= 0 {
				touched++
				if !strings.Contains(c.Verdict.Text, "leaves open how large") {
					t.Fatalf("claims a size: %s", c.Verdict.Text)
				}
			}
		}
	})
	if touched == 0 {
		t.Error("no family reached the case of a direction without a size")
	}
}

// Two p values of 0.03: Holm stops at the first (0.06), so the second, though below 0.05 by
// itself, is not told either, and its interval must not leave 0 out.
func TestHolmIntervalsStopWhereHolmStops(t *testing.T) {
	base := compare.Series{Name: "champion", Values: make([]float64, 5)}
	one := compare.Series{Name: "one"}
	for i := range 5 {
		one.Values = append(one.Values, 1+0.4286*float64(i-2))
	}
	two := compare.Series{Name: "two", Values: one.Values}
	for _, c := range compare.Challengers(overdue, base, []compare.Series{one, two}, compare.Options{}, nil) {
		if !(math.Abs(float64(c.P)-0.03) <= 1e-3) || !(math.Abs(float64(c.HolmP)-0.06) <= 2e-3) || c.HolmLow > 0 || c.Verdict.Outcome != compare.Unclear {
			t.Errorf("%s: p %v, Holm %v, interval from %v, %s", c.Challenger, c.P, c.HolmP, c.HolmLow, c.Verdict.Outcome)
		}
	}
}

func TestReplicationsNeededSuffice(t *testing.T) {
	for _, sd := range []float64{0, 0.5, 3} {
		for _, half := range []float64{0.05, 0.4, 10} {
			n := compare.ReplicationsForHalfWidth(sd, half, 0.95)
			width := func(n int) float64 { return estimate.TQuantile(0.975, float64(n-1)) * sd / math.Sqrt(float64(n)) }
			if width(n) > half || n > 2 && width(n-1) <= half {
				t.Errorf("sd %v, half-width %v: %d is not the least number", sd, half, n)
			}
		}
	}
	n, err := compare.ReplicationsNeeded(0.5, 1, 0.95, 0.8)
	if err != nil || n != 34 { // R 4.2.2: power.t.test(delta = .5, sd = 1, power = .8, type = "paired"): 33.36713
		t.Errorf("got %d, %v", n, err)
	}
	if n, err := compare.ReplicationsNeeded(0.5, 0, 0.95, 0.8); n != 2 || err != nil {
		t.Errorf("without variance: got %d, %v", n, err)
	}
	if _, err := compare.ReplicationsNeeded(0, 1, 0.95, 0.8); err == nil {
		t.Error("no difference can be told with any number")
	}
}

func TestComparisonJSON(t *testing.T) {
	c := compare.Challengers(overdue, champion, []compare.Series{series("x", champion.Values, 0, 0)}, compare.Options{}, nil)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"metric":"overdue_rate_30"`, `"challenger":"x"`, `"difference":{"estimate":0,`, `"variance_reduction":null`, `"outcome":"identical"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %s", b, want)
		}
	}
}

func TestRank(t *testing.T) {
	a := compare.Series{Name: "a", Values: []float64{1, 2, 3, 4, 5, 6}}
	b := compare.Series{Name: "b", Values: []float64{2, 3, 4, 5, 6, 7}}
	twin := compare.Series{Name: "twin", Values: b.Values}
	m := compare.Metric{Name: "recovered", Better: compare.Higher}
	r, err := compare.Rank(m, []compare.Series{a, twin, b}, compare.RankOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name string
		rank int
		best float64
	}{{"b", 1, 0.5}, {"twin", 1, 0.5}, {"a", 3, 0}}
	for i, w := range want {
		g := r.Strategies[i]
		if g.Strategy != w.name || g.Rank != w.rank || float64(g.ShareBest) != w.best || !(math.Abs(float64(g.ProbBest)-w.best) <= 1e-9) {
			t.Errorf("place %d: got %+v, want %+v", i, g, w)
		}
	}
	m.Better = compare.Lower
	if r, err = compare.Rank(m, []compare.Series{a, b}, compare.RankOptions{}); err != nil || r.Strategies[0].Strategy != "a" {
		t.Errorf("lower is better: %+v, %v", r, err)
	}
	m.Better = compare.Neither
	if _, err = compare.Rank(m, []compare.Series{a, b}, compare.RankOptions{}); err == nil {
		t.Error("a metric that is good neither way ranks nothing")
	}
}

// TestTiesOfSharesAreTiesOfCounts: shares of accounts rank as the counts behind them do, sums of which are exact: in
// ranks, in shares of replications and in every resample, in both directions.
func TestTiesOfSharesAreTiesOfCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		accounts := rapid.IntRange(3, 5000).Draw(t, "accounts")
		n := rapid.IntRange(2, 12).Draw(t, "replications")
		several := rapid.IntRange(2, 4).Draw(t, "strategies")
		few := rapid.IntRange(1, 5).Draw(t, "events at most") // so that many resamples are tied
		var counts, shares []compare.Series
		for k := range several {
			c, s := compare.Series{Name: string(rune('a' + k))}, compare.Series{Name: string(rune('a' + k))}
			for range n {
				x := float64(min(accounts, rapid.IntRange(0, few).Draw(t, "count")))
				c.Values, s.Values = append(c.Values, x), append(s.Values, x/float64(accounts))
			}
			counts, shares = append(counts, c), append(shares, s)
		}
		m := compare.Metric{Name: "m", Better: rapid.SampledFrom([]compare.Direction{compare.Higher, compare.Lower}).Draw(t, "better")}
		o := compare.RankOptions{Seed: 1, Resamples: 500}
		want, err1 := compare.Rank(m, counts, o)
		got, err2 := compare.Rank(m, shares, o)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for i, w := range want.Strategies {
			if g := got.Strategies[i]; g.Strategy != w.Strategy || g.Rank != w.Rank || g.ShareBest != w.ShareBest || g.ProbBest != w.ProbBest {
				t.Fatalf("place %d: %s rank %d, %v, %v; the counts say %s rank %d, %v, %v", i+1,
					g.Strategy, g.Rank, g.ShareBest, g.ProbBest, w.Strategy, w.Rank, w.ShareBest, w.ProbBest)
			}
		}
	})
}

// Of two strategies the chance of being best is that of the paired t test, 1 - p/2, within 5 errors of the draws and the excess kurtosis k of the
// differences, of which a resampled mean keeps k/n: Edgeworth's term is k/(24n)·|He3(z)|·phi(z), at most 0.023 k/n (Hall 1992, section 2.3). They are
// symmetric, so that there is no term of skewness.
func TestProbBestIsThatOfThePairedT(t *testing.T) {
	const resamples = 20000
	for _, n := range []int{8, 12, 40} {
		var x, y compare.Series
		x.Name, y.Name = "x", "y"
		for i := range n {
			d := 1.5/math.Sqrt(float64(n)) + estimate.NormalQuantile((float64(i)+0.5)/float64(n))
			x.Values, y.Values = append(x.Values, d+float64(i*i)), append(y.Values, float64(i*i))
		}
		for _, better := range []compare.Direction{compare.Higher, compare.Lower} {
			r, err := compare.Rank(compare.Metric{Name: "m", Better: better}, []compare.Series{x, y}, compare.RankOptions{Seed: 3, Resamples: resamples})
			if err != nil {
				t.Fatal(err)
			}
			want := 1 - float64(compare.Paired(x.Values, y.Values, 0.95).P)/2
			got := float64(r.Strategies[0].ProbBest)
			if bound := 5*math.Sqrt(want*(1-want)/resamples) + 0.023*1.2/float64(n); !(math.Abs(got-want) <= bound) {
				t.Errorf("%d replications, %s is better: %s has the chance %v, want %v within %.4f", n, better, r.Strategies[0].Strategy, got, want, bound)
			}
		}
	}
}

// Of few replications the chance is that of the paired t test to 5 errors of the draws, whatever their shape: resampled, a half of the
// draws of 2 replications were the replications themselves, and the better one had 75% where the test says 54%.
func TestProbBestOfFewReplications(t *testing.T) {
	const resamples = 20000
	rng := rand.New(rand.NewPCG(5, 0xc6))
	for trial := range 40 {
		n := 2 + trial%4
		x, y := compare.Series{Name: "x"}, compare.Series{Name: "y"}
		for range n {
			world := 3 * rng.NormFloat64()
			x.Values, y.Values = append(x.Values, world+rng.ExpFloat64()), append(y.Values, world+rng.ExpFloat64())
		}
		r, err := compare.Rank(overdue, []compare.Series{x, y}, compare.RankOptions{Seed: uint64(trial), Resamples: resamples})
		if err != nil {
			t.Fatal(err)
		}
		want := 1 - float64(compare.Paired(x.Values, y.Values, 0.95).P)/2
		if got := float64(r.Strategies[0].ProbBest); !(math.Abs(got-want) <= 5*math.Sqrt(want*(1-want)/resamples)) {
			t.Errorf("%d replications: the best has the chance %v, want %v", n, got, want)
		}
	}
}

// One replication in which a strategy is infinitely bad makes its mean so, whatever the others are: it has the last place, no chance
// of being best, and no tie with anybody but its like. The places of the others are as without it.
func TestRankOfInfiniteValues(t *testing.T) {
	for better, inf := range map[compare.Direction]float64{compare.Lower: math.Inf(1), compare.Higher: math.Inf(-1)} {
		finite := []compare.Series{{Name: "b", Values: []float64{1, 2, 3, 4, 5, 7}}, {Name: "c", Values: []float64{2, 2, 4, 4, 4, 4}}}
		m := compare.Metric{Name: "m", Better: better}
		o := compare.RankOptions{Seed: 2, Resamples: 500}
		want, err := compare.Rank(m, finite, o)
		if err != nil {
			t.Fatal(err)
		}
		got, err := compare.Rank(m, append([]compare.Series{{Name: "a", Values: []float64{0, 0, 0, 0, 0, inf}}, {Name: "d", Values: []float64{inf, 9, 9, 9, 9, 9}}}, finite...), o)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range want.Strategies {
			if g := got.Strategies[i]; g.Strategy != s.Strategy || g.Rank != s.Rank || g.ProbBest != s.ProbBest {
				t.Errorf("%s is better: %+v, without the infinite %+v", better, g, s)
			}
		}
		for _, g := range got.Strategies[2:] {
			if g.Rank != 3 || g.ProbBest != 0 {
				t.Errorf("%s is better: %+v", better, g)
			}
		}
		if share := got.Strategies[2].ShareBest; got.Strategies[2].Strategy != "a" || better == compare.Lower && math.Abs(float64(share)-5./6) > 1e-12 {
			t.Errorf("%s is better: %s is best in %v of the replications", better, got.Strategies[2].Strategy, share)
		}
	}
}

// Of two tied strategies one is given a chance of 97.5% or more in a twentieth of runs, whatever the number of replications; at most 5 binomial
// standard errors more of 1000 runs. Resampled means as they are gave it in 203 (4 replications) and 112 (10).
func TestProbBestOfTiedStrategies(t *testing.T) {
	const runs, share = 1000, 0.05
	for _, n := range []int{4, 10, 20} {
		sure := 0
		for run := range runs {
			champion, c := family(rand.New(rand.NewPCG(uint64(run), 0xc4)), n, []float64{0})
			champion.Name, c[0].Name = "a", "b"
			r, err := compare.Rank(overdue, []compare.Series{champion, c[0]}, compare.RankOptions{Seed: uint64(run), Resamples: 999})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Strategies {
				if s.ProbBest >= 0.975 {
					sure++
				}
			}
		}
		if most := runs*share + 5*math.Sqrt(runs*share*(1-share)); float64(sure) > most {
			t.Errorf("%d replications: %d of %d runs are sure of one of two tied strategies, want at most %.0f", n, sure, runs, most)
		}
	}
}

func TestRankOfLittle(t *testing.T) {
	m := compare.Metric{Name: "m", Better: compare.Higher}
	one, err := compare.Rank(m, []compare.Series{{Name: "a", Values: []float64{1}}, {Name: "b", Values: []float64{2}}}, compare.RankOptions{})
	if err != nil || !math.IsNaN(float64(one.Strategies[0].ProbBest)) || one.Strategies[0].ShareBest != 1 || len(one.Warnings) != 1 {
		t.Errorf("one replication: %+v, %v", one, err)
	}
	holed, err := compare.Rank(m, []compare.Series{{Name: "a", Values: []float64{1, nan, 3}}, {Name: "b", Values: []float64{2, 9, 4}}}, compare.RankOptions{})
	if err != nil || holed.Strategies[0].Mean.Value != 3 || len(holed.Warnings) != 2 {
		t.Errorf("a replication without a value: %+v, %v", holed, err)
	}
	none, err := compare.Rank(m, []compare.Series{{Name: "a"}, {Name: "b"}}, compare.RankOptions{})
	if err != nil || !math.IsNaN(float64(none.Strategies[0].ShareBest)) {
		t.Errorf("no replication: %+v, %v", none, err)
	}
}

func ExamplePaired() {
	noContact := []float64{0.31, 0.28, 0.33, 0.30, 0.29, 0.32}
	reminders := []float64{0.27, 0.25, 0.29, 0.27, 0.25, 0.28}
	p := compare.Paired(reminders, noContact, 0.95)
	fmt.Println(p.Difference)
	fmt.Printf("pairing is worth %.0f times as many replications\n", p.VarianceReduction)
	// Output:
	// -0.037 [-0.042, -0.031]
	// pairing is worth 23 times as many replications
}

func ExampleChallengers() {
	for _, c := range compare.Challengers(overdue, champion, []compare.Series{
		series("visits", champion.Values, -0.05, 0.01),
		series("letters", champion.Values, -0.001, 0.01),
	}, compare.Options{}, nil) {
		fmt.Println(c.Verdict.Text)
	}
	// Output:
	// visits is better (lower) than champion on overdue_rate_30: difference -0.050 share, 95% interval -0.058 to -0.042 for all 2 challengers at once
	// 9 replications cannot tell letters from champion on overdue_rate_30: difference -0.001 share, 95% interval -0.009 to 0.007 for all 2 challengers at once; about 716 would tell a difference of the size seen (power 0.8)
}
