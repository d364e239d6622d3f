package decision_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

// anyGroups are groups with whole numbers for costs, effects and accounts, so that all sums are exact.
func anyGroups(t *rapid.T) []decision.Group {
	n, strategies := rapid.IntRange(2, 7).Draw(t, "samples"), rapid.IntRange(1, 4).Draw(t, "strategies")
	number := rapid.IntRange(-20, 20)
	groups := make([]decision.Group, rapid.IntRange(1, 4).Draw(t, "groups"))
	for g := range groups {
		groups[g].Name = fmt.Sprint("g", g)
		for k := range strategies {
			groups[g].Strategies = append(groups[g].Strategies, fmt.Sprint("s", k))
			cost, effect := make([]float64, n), make([]float64, n)
			for i := range n {
				cost[i], effect[i] = float64(number.Draw(t, "cost")), float64(number.Draw(t, "effect"))
			}
			groups[g].Cost, groups[g].Effect = append(groups[g].Cost, cost), append(groups[g].Effect, effect)
		}
		for i := range n {
			accounts := rapid.IntRange(0, 3).Draw(t, "accounts")
			if g == 0 {
				accounts++ // somebody in every sample
			}
			if accounts == 0 && i == n-1 {
				accounts = 1
			}
			groups[g].Accounts = append(groups[g].Accounts, float64(accounts))
		}
	}
	return groups
}

// benefitOf is the net benefit of all accounts of the groups in the samples that count, one strategy for all of them.
func benefitOf(groups []decision.Group, k int, wtp float64, counts func(i int) bool) (benefit, accounts float64) {
	for _, g := range groups {
		for i, a := range g.Accounts {
			if counts(i) {
				benefit += a * (wtp*g.Effect[k][i] - g.Cost[k][i])
				accounts += a
			}
		}
	}
	return benefit, accounts
}

// bestOf is the strategy with the highest benefit, of equal ones that of lower cost, then higher effect, then first name.
func bestOf(groups []decision.Group, wtp float64, counts func(i int) bool) int {
	best := 0
	cost := func(k int) (c float64) {
		x, _ := benefitOf(groups, k, 0, counts)
		return -x
	}
	for k := range groups[0].Strategies {
		x, _ := benefitOf(groups, k, wtp, counts)
		y, _ := benefitOf(groups, best, wtp, counts)
		if x > y || x == y && cost(k) < cost(best) {
			best = k
		}
	}
	return best
}

// TestByGroupAgainstAnOracle: every choice and gain is that of adding up account by account.
func TestByGroupAgainstAnOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := anyGroups(t)
		wtp := float64(rapid.IntRange(1, 3).Draw(t, "price"))
		c, err := decision.ByGroup(groups, wtp)
		if err != nil {
			t.Fatal(err)
		}
		everything := func(int) bool { return true }
		all := bestOf(groups, wtp, everything)
		if c.ForAll != groups[0].Strategies[all] {
			t.Fatalf("best for all %s, want %s", c.ForAll, groups[0].Strategies[all])
		}
		apparent := 0.0
		_, accounts := benefitOf(groups, 0, wtp, everything)
		for g := range groups {
			own := groups[g : g+1]
			best := bestOf(own, wtp, everything)
			x, size := benefitOf(own, best, wtp, everything)
			y, _ := benefitOf(own, all, wtp, everything)
			apparent += (x - y) / accounts
			if got := c.Groups[g]; got.Best != groups[g].Strategies[best] || !(math.Abs(got.NMB[got.Best]-x/size) <= 1e-12*max(1, math.Abs(x))) {
				t.Fatalf("group %d: best %s (%v), want %s (%v)", g, got.Best, got.NMB[got.Best], groups[g].Strategies[best], x/size)
			}
		}
		if !(math.Abs(c.Apparent-apparent) <= 1e-9) || c.Apparent < 0 {
			t.Fatalf("apparent gain %v, want %v", c.Apparent, apparent)
		}
		for i := range c.Gain {
			others, this := func(j int) bool { return (j-i)%2 != 0 }, func(j int) bool { return j == i }
			k := bestOf(groups, wtp, others)
			want, size := 0.0, 0.0
			for g := range groups {
				own := groups[g : g+1]
				best := k
				if _, there := benefitOf(own, 0, wtp, others); there > 0 {
					best = bestOf(own, wtp, others)
				}
				x, accounts := benefitOf(own, best, wtp, this)
				y, _ := benefitOf(own, all, wtp, this)
				z, _ := benefitOf(own, k, wtp, this)
				want, size = want+x-z, size+accounts
				if got := c.Groups[g].Gain[i]; accounts == 0 && !math.IsNaN(got) || accounts > 0 && !(math.Abs(got-(x-y)/accounts) <= 1e-9) {
					t.Fatalf("group %d, sample %d: gain %v, want %v", g, i, got, (x-y)/accounts)
				}
			}
			if !(math.Abs(c.Gain[i]-want/size) <= 1e-9) {
				t.Fatalf("sample %d: gain %v, want %v", i, c.Gain[i], want/size)
			}
		}
	})
}

// TestByGroupIsNotFooledByLuck: where neither strategies nor groups differ, the apparent gain is all luck, and the one judged on samples
// left out is 0 on average; where they do, it is what it must be, and its 95% interval holds that as often as it says.
func TestByGroupIsNotFooledByLuck(t *testing.T) {
	const worlds, n, groups = 2000, 40, 4
	draw := rand.New(rand.NewPCG(1, 2))
	for _, apart := range []float64{0, 3} { // in standard deviations of a sample
		apparent, lucky, honest, squares, covered := 0.0, 0.0, 0.0, 0.0, 0
		for range worlds {
			list := make([]decision.Group, groups)
			for g := range list {
				list[g] = decision.Group{Name: fmt.Sprint("g", g), Samples: decision.Samples{Strategies: []string{"a", "b"}}}
				for k := range 2 {
					effect := make([]float64, n)
					for i := range effect {
						effect[i] = draw.NormFloat64()
						if k == 1 && g == 0 {
							effect[i] += apart
						} else if k == 1 {
							effect[i] -= apart
						}
					}
					list[g].Effect = append(list[g].Effect, effect)
					list[g].Cost = append(list[g].Cost, make([]float64, n))
				}
				for range n {
					list[g].Accounts = append(list[g].Accounts, 1)
				}
			}
			c, err := decision.ByGroup(list, 1)
			if err != nil {
				t.Fatal(err)
			}
			m, v := 0.0, 0.0
			for _, x := range c.Gain {
				m += x / n
			}
			for _, x := range c.Gain {
				v += (x - m) * (x - m) / (n - 1)
			}
			apparent, lucky = apparent+c.Apparent/worlds, lucky+c.Apparent*c.Apparent/worlds
			honest, squares = honest+m/worlds, squares+m*m/worlds
			const t975 = 2.0227 // of 39 degrees of freedom
			if math.Abs(m-apart/groups) <= t975*decision.Widening*math.Sqrt(v/n) {
				covered++
			}
		}
		// A quarter of the accounts gains by another strategy than the rest.
		se := math.Sqrt((squares - honest*honest) / worlds)
		want := apart / groups
		if apart == 0 {
			// Luck: of the differences of two means with variance 2/n each, the best for each group against the best for all.
			spread := math.Sqrt(2.0/n) * math.Sqrt(2/math.Pi) / 2
			want = 0
			if luck := spread - spread/math.Sqrt(groups); !(math.Abs(apparent-luck) <= 4*math.Sqrt((lucky-apparent*apparent)/worlds)) {
				t.Errorf("apparent gain %v where there is none, by theory %v", apparent, luck)
			}
		}
		if low := 0.95 - 4*math.Sqrt(0.95*0.05/worlds); !(float64(covered)/worlds >= low) {
			t.Errorf("95%% intervals hold the gain in %.1f%% of %d worlds, at least %.1f%% by chance", 100*float64(covered)/worlds, worlds, 100*low)
		}
		if !(math.Abs(honest-want) <= 4*se) {
			t.Errorf("groups %v apart: gain %v (se %v), want %v", apart, honest, se, want)
		}
	}
}

// TestWideningIsOfTheTie is the constant by its formula.
func TestWideningIsOfTheTie(t *testing.T) {
	if want := math.Sqrt(1 + 2/math.Pi); math.Abs(decision.Widening-want) > 1e-15 {
		t.Errorf("got %.17g, want %.17g", decision.Widening, want)
	}
}

// TestByGroupRefuses: every fault by its name.
func TestByGroupRefuses(t *testing.T) {
	good := func() []decision.Group {
		group := func(name string) decision.Group {
			return decision.Group{
				Name: name, Accounts: []float64{1, 2},
				Samples: decision.Samples{Strategies: []string{"a", "b"}, Cost: [][]float64{{1, 2}, {3, 4}}, Effect: [][]float64{{1, 2}, {3, 4}}},
			}
		}
		return []decision.Group{group("x"), group("y")}
	}
	if _, err := decision.ByGroup(good(), 1); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(g []decision.Group){
		`group "x": groups need names of their own`:                               func(g []decision.Group) { g[1].Name = "x" },
		`group "y": strategies [a c], must be those of group "x": [a b]`:          func(g []decision.Group) { g[1].Strategies = []string{"a", "c"} },
		`group "y": accounts[1]: must be finite and at least 0, got NaN`:          func(g []decision.Group) { g[1].Accounts[1] = math.NaN() },
		`group "y": has no accounts in any sample`:                                func(g []decision.Group) { g[1].Accounts = []float64{0, 0} },
		`sample 0: has no account in any group`:                                   func(g []decision.Group) { g[0].Accounts[0], g[1].Accounts[0] = 0, 0 },
		`group "x": effect[b][1]: NaN, must be finite and within ±1e+150`:         func(g []decision.Group) { g[0].Effect[1][1] = math.NaN() },
		`group "y": cost[a]: 1 values, must be 2 samples`:                         func(g []decision.Group) { g[1].Cost[0] = []float64{1} },
		`group "y": 1 samples of accounts and 2 and 2 rows, must be 2 and 2 each`: func(g []decision.Group) { g[1].Accounts = []float64{1} },
	} {
		groups := good()
		spoil(groups)
		if _, err := decision.ByGroup(groups, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	groups := good()
	groups[1].Accounts[0], groups[1].Effect[0][0] = 0, math.NaN() // nobody is there, and nothing is known of him
	if c, err := decision.ByGroup(groups, 1); err != nil || !math.IsNaN(c.Groups[1].Gain[0]) || math.IsNaN(c.Gain[0]) {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := decision.ByGroup(good()[:0], 1); err == nil {
		t.Error("no groups are taken")
	}
	if _, err := decision.ByGroup(good(), -1); err == nil {
		t.Error("a price below 0 is taken")
	}
}
