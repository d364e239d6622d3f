package decision_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

// anyMeans draws strategies on a coarse grid, where ties, duplicates and straight lines are common, or
// from the reals.
func anyMeans(t *rapid.T) decision.Means {
	n := rapid.IntRange(1, 14).Draw(t, "n")
	m := decision.Means{}
	coarse := rapid.Bool().Draw(t, "coarse")
	value := func(label string) float64 {
		if coarse {
			return float64(rapid.IntRange(-5, 5).Draw(t, label))
		}
		return rapid.Float64Range(-1e6, 1e6).Draw(t, label)
	}
	for i := range n {
		m.Strategies = append(m.Strategies, fmt.Sprintf("s%02d", i))
		m.Cost = append(m.Cost, value("cost"))
		m.Effect = append(m.Effect, value("effect"))
	}
	return m
}

func icers(t rapid.TB, m decision.Means) []decision.Row {
	t.Helper()
	rows, err := decision.ICERs(m)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func rat(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

// excess is cost of x less that of the mixture of p and q with x's effect, exactly.
func excess(x, p, q decision.Row) *big.Rat {
	share := new(big.Rat).Quo(
		new(big.Rat).Sub(rat(x.Effect), rat(p.Effect)),
		new(big.Rat).Sub(rat(q.Effect), rat(p.Effect)))
	mixture := new(big.Rat).Add(rat(p.Cost), new(big.Rat).Mul(share, new(big.Rat).Sub(rat(q.Cost), rat(p.Cost))))
	return new(big.Rat).Sub(rat(x.Cost), mixture)
}

// oracle classifies by definition, in exact arithmetic: strong dominance by any strategy (duplicates by
// an earlier name), extended dominance by a mixture of any two strategies. margin is the cost by which the
// best mixture beats the strategy, 0 for the others.
func oracle(m decision.Means, i int) (status decision.Status, margin float64) {
	row := func(k int) decision.Row { return decision.Row{Cost: m.Cost[k], Effect: m.Effect[k]} }
	x := row(i)
	for k := range m.Strategies {
		no := m.Cost[k] > x.Cost || m.Effect[k] < x.Effect
		same := m.Cost[k] == x.Cost && m.Effect[k] == x.Effect
		if k != i && !no && (!same || m.Strategies[k] < m.Strategies[i]) {
			return decision.Dominated, 0
		}
	}
	for k := range m.Strategies {
		for l := range m.Strategies {
			if m.Effect[k] < x.Effect && x.Effect < m.Effect[l] {
				if e, _ := excess(x, row(k), row(l)).Float64(); e > margin {
					status, margin = decision.ExtendedlyDominated, e
				}
			}
		}
	}
	if margin > 0 {
		return status, margin
	}
	return decision.NonDominated, 0
}

func TestICERsAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		for _, row := range icers(t, m) {
			want, margin := oracle(m, slices.Index(m.Strategies, row.Strategy))
			// Within the rounding of the inputs (costs up to 1e6) a point counts as on the line.
			if row.Status != want && !(row.Status == decision.NonDominated && margin < 1e-8) {
				t.Fatalf("%s: got %s, want %s (margin %g) in %+v", row.Strategy, row.Status, want, margin, m)
			}
		}
	})
}

func TestICERsRowsAndDominators(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		rows := icers(t, m)
		byName := map[string]decision.Row{}
		var frontier []decision.Row
		rank := map[decision.Status]int{decision.NonDominated: 0, decision.ExtendedlyDominated: 1, decision.Dominated: 2}
		for i, r := range rows {
			byName[r.Strategy] = r
			if r.Status == decision.NonDominated {
				frontier = append(frontier, r)
			}
			if i > 0 && (rank[rows[i-1].Status] > rank[r.Status] || rows[i-1].Status == r.Status && rows[i-1].Cost > r.Cost) {
				t.Fatalf("rows out of order at %d: %+v", i, rows)
			}
		}
		if len(byName) != len(m.Strategies) {
			t.Fatalf("%d strategies in, %d out", len(m.Strategies), len(byName))
		}
		checkFrontier(t, frontier)
		for _, r := range rows {
			checkDominator(t, r, byName, frontier)
		}
	})
}

func checkFrontier(t *rapid.T, f []decision.Row) {
	for i, r := range f {
		if r.By != "" {
			t.Fatalf("a frontier row names a dominator: %+v", r)
		}
		if i == 0 {
			if r.IncCost.Defined() || r.IncEffect.Defined() || r.ICER.Defined() {
				t.Fatalf("increments on the first row: %+v", r)
			}
			continue
		}
		if !(r.IncCost > 0 && r.IncEffect > 0) || r.ICER != r.IncCost/r.IncEffect {
			t.Fatalf("frontier not increasing: %+v", r)
		}
		if float64(r.IncCost) != r.Cost-f[i-1].Cost || float64(r.IncEffect) != r.Effect-f[i-1].Effect {
			t.Fatalf("increments are not to the row before: %+v", r)
		}
		if i > 1 {
			if e, _ := excess(f[i-1], f[i-2], r).Float64(); e > 1e-8 {
				t.Fatalf("frontier not convex: %+v lies %g above the line", f[i-1], e)
			}
		}
	}
}

func checkDominator(t *rapid.T, r decision.Row, byName map[string]decision.Row, frontier []decision.Row) {
	by := byName[r.By]
	switch r.Status {
	case decision.Dominated:
		if by.Strategy == r.Strategy || by.Cost > r.Cost || by.Effect < r.Effect || by.Status == decision.Dominated {
			t.Fatalf("%+v is not dominated by %+v", r, by)
		}
	case decision.ExtendedlyDominated:
		i := slices.IndexFunc(frontier, func(f decision.Row) bool { return f.Strategy == r.By })
		if i < 0 || i+1 >= len(frontier) || excess(r, frontier[i], frontier[i+1]).Sign() <= 0 {
			t.Fatalf("%+v is not dominated by a mixture of %q and the next on the frontier", r, r.By)
		}
		if !(by.Cost < r.Cost && by.Effect < r.Effect) {
			t.Fatalf("%+v: the neighbour %+v is not the cheaper one", r, by)
		}
	}
}

func TestICERsIgnoreInputOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		var shuffled decision.Means
		for _, k := range rapid.Permutation(indices(len(m.Cost))).Draw(t, "order") {
			shuffled.Strategies = append(shuffled.Strategies, m.Strategies[k])
			shuffled.Cost = append(shuffled.Cost, m.Cost[k])
			shuffled.Effect = append(shuffled.Effect, m.Effect[k])
		}
		a, b := asJSON(t, icers(t, m)), asJSON(t, icers(t, shuffled))
		if a != b {
			t.Fatalf("order changes the table:\n%s\n%s", a, b)
		}
		ra, _ := decision.WTPRanges(m)
		rb, _ := decision.WTPRanges(shuffled)
		if !reflect.DeepEqual(ra, rb) {
			t.Fatalf("order changes the ranges: %v %v", ra, rb)
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func asJSON(t rapid.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Powers of two scale exactly, so statuses must not move at all.
func TestICERsScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMeans(t)
		c := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "cost scale"))
		e := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "effect scale"))
		scaled := decision.Means{Strategies: m.Strategies, Cost: scale(m.Cost, c), Effect: scale(m.Effect, e)}
		a, b := icers(t, m), icers(t, scaled)
		for i := range a {
			if a[i].Strategy != b[i].Strategy || a[i].Status != b[i].Status || a[i].By != b[i].By {
				t.Fatalf("scaling changes row %d: %+v %+v", i, a[i], b[i])
			}
			if a[i].ICER.Defined() && float64(b[i].ICER) != float64(a[i].ICER)*c/e {
				t.Fatalf("icer %v scales to %v, want times %v", a[i].ICER, b[i].ICER, c/e)
			}
		}
	})
}

func scale(x []float64, by float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v * by
	}
	return out
}

func TestICERsStraightLinesAndDuplicates(t *testing.T) {
	tests := []struct {
		name         string
		cost, effect []float64
		want         []decision.Status // of a, b, c, ...
	}{
		{"equal ICERs are not dominated", []float64{0, 10, 20, 30}, []float64{0, 1, 2, 3}, []decision.Status{"ND", "ND", "ND", "ND"}},
		{"straight in decimals, not in binary", []float64{0.1, 0.2, 0.3, 0.7}, []float64{0.3, 0.6, 0.9, 2.1}, []decision.Status{"ND", "ND", "ND", "ND"}},
		{"straight far from the origin", []float64{1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3}, []float64{1, 2, 3}, []decision.Status{"ND", "ND", "ND"}},
		{"just above the line", []float64{0, 10 + 1e-9, 20}, []float64{0, 1, 2}, []decision.Status{"ND", "ED", "ND"}},
		{"duplicates on the frontier", []float64{1, 1, 5}, []float64{1, 1, 2}, []decision.Status{"ND", "D", "ND"}},
		{"duplicates off the frontier", []float64{0, 9, 9, 10}, []float64{0, 1, 1, 2}, []decision.Status{"ND", "ED", "D", "ND"}},
		{"equal cost", []float64{1, 1, 1}, []float64{1, 3, 2}, []decision.Status{"D", "ND", "D"}},
		{"dominated only by an ED one", []float64{0, 6, 6.5, 10}, []float64{0, 5, 4.9, 10}, []decision.Status{"ND", "ED", "D", "ND"}},
		{"ED only after another ED is gone", []float64{0, 16, 36, 46}, []float64{0, 1, 2, 3}, []decision.Status{"ND", "ED", "ED", "ND"}},
		{"negative costs: savings", []float64{-5, -3, 0}, []float64{-1, 0, 1}, []decision.Status{"ND", "ND", "ND"}},
	}
	for _, test := range tests {
		m := decision.Means{Cost: test.cost, Effect: test.effect}
		for i := range test.cost {
			m.Strategies = append(m.Strategies, string(rune('a'+i)))
		}
		for _, row := range icers(t, m) {
			if want := test.want[row.Strategy[0]-'a']; row.Status != want {
				t.Errorf("%s: %s is %s, want %s", test.name, row.Strategy, row.Status, want)
			}
		}
	}
}

func TestICERsManyStrategies(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var m decision.Means
	for i := range 120 {
		m.Strategies = append(m.Strategies, fmt.Sprintf("s%03d", i))
		m.Cost = append(m.Cost, math.Round(rng.Float64()*2000)/100)
		m.Effect = append(m.Effect, math.Round(math.Sqrt(m.Cost[i])*rng.Float64()*100)/100)
	}
	count := map[decision.Status]int{}
	for _, row := range icers(t, m) {
		count[row.Status]++
		if want, margin := oracle(m, slices.Index(m.Strategies, row.Strategy)); row.Status != want {
			t.Errorf("%s: got %s, want %s (margin %g)", row.Strategy, row.Status, want, margin)
		}
	}
	if count["ND"] < 3 || count["ED"] < 1 || count["D"] < 60 {
		t.Errorf("the example lost its point: %v", count)
	}
}

func TestRowJSON(t *testing.T) {
	rows := icers(t, decision.Means{Strategies: []string{"a", "b", "c"}, Cost: []float64{1, 2, 3}, Effect: []float64{1, 3, 2}})
	want := `[{"strategy":"a","cost":1,"effect":1,"inc_cost":null,"inc_effect":null,"icer":null,"status":"ND"},` +
		`{"strategy":"b","cost":2,"effect":3,"inc_cost":1,"inc_effect":2,"icer":0.5,"status":"ND"},` +
		`{"strategy":"c","cost":3,"effect":2,"inc_cost":null,"inc_effect":null,"icer":null,"status":"D","by":"b"}]`
	text := asJSON(t, rows)
	if text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	var back []decision.Row
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	if back[0].ICER.Defined() || back[1].ICER != 0.5 || asJSON(t, back) != want {
		t.Errorf("read back as %+v", back)
	}
}

func TestValidationReportsEverything(t *testing.T) {
	_, err := decision.ICERs(decision.Means{
		Strategies: []string{"a", "", "a"}, Cost: []float64{1, math.NaN(), 3}, Effect: []float64{1, math.Inf(1)},
	})
	mustContain(t, err, "strategies[1]: empty name", `strategies[2]: "a" is already`, "cost[1]: NaN", "effect: 2 values, must be 3", "effect[1]: +Inf")
	_, err = decision.ICERs(decision.Means{})
	mustContain(t, err, "strategies: empty")
	err = decision.Samples{
		Strategies: []string{"a", "b", "a"},
		Cost:       [][]float64{{1, 2}, {1}, {}},
		Effect:     [][]float64{{1, math.NaN()}, {math.Inf(-1), math.NaN()}},
	}.Validate()
	mustContain(t, err, `"a" is already`, "cost[b]: 1 values, must be 2", "cost[a]: no samples", "effect: 2 rows, must be one per strategy (3)")
	err = decision.Samples{
		Strategies: []string{"a", "b"}, Cost: [][]float64{{1, 2, 3}, {1, 2, 3}},
		Effect: [][]float64{{1, math.NaN(), math.Inf(1)}, {1, 2, 3}},
	}.Validate()
	mustContain(t, err, "effect[a][1]: NaN", "(2 of 3 values are not)")
	if _, err := decision.Acceptability(decision.Samples{}, nil); err == nil {
		t.Error("no error for empty samples")
	} else {
		mustContain(t, err, "strategies: empty", "wtp: empty")
	}
}
