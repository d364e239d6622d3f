package report

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// folderOf writes tables as a run's folder would hold them.
func folderOf(t *testing.T, m *outcome.Manifest, values map[string]map[string][]float64, tables ...*outcome.Table) *Run {
	t.Helper()
	dir := t.TempDir()
	for _, table := range tables {
		file, err := os.Create(filepath.Join(dir, table.Name+".arrow"))
		if err != nil {
			t.Fatal(err)
		}
		if err := table.Write(file, "arrow"); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return &Run{Dir: dir, Manifest: m, values: values}
}

// accountsByHand are two replications of three borrowers under a champion "old" and a challenger "new".
func accountsByHand() *outcome.Table {
	t := &outcome.Table{Name: "accounts", Columns: []outcome.Column{
		{Name: "strategy", Kind: outcome.Text},
		{Name: "replication", Kind: outcome.Int},
		{Name: "account", Kind: outcome.Int},
		{Name: "cause", Kind: outcome.Text},
		{Name: "product", Kind: outcome.Text},
		{Name: "bucket", Kind: outcome.Text},
		{Name: "recovered", Kind: outcome.Float},
		{Name: "cost", Kind: outcome.Float},
	}}
	add := func(strategy string, replication, account int64, cause, bucket string, recovered, cost float64) {
		for i, v := range []string{strategy, "", "", cause, "card", bucket} {
			if t.Columns[i].Kind == outcome.Text {
				t.Columns[i].Text = append(t.Columns[i].Text, v)
			}
		}
		t.Columns[1].Int, t.Columns[2].Int = append(t.Columns[1].Int, replication), append(t.Columns[2].Int, account)
		t.Columns[6].Float, t.Columns[7].Float = append(t.Columns[6].Float, recovered), append(t.Columns[7].Float, cost)
	}
	add("old", 0, 1, "forgetful", "30-59", 0, 0)
	add("old", 0, 2, "forgetful", "current", 100, 0)
	add("old", 0, 3, "unwilling", "60-89", 0, 0)
	add("old", 1, 1, "forgetful", "current", 50, 0)
	add("old", 1, 2, "forgetful", "current", 100, 0)
	add("old", 1, 3, "unwilling", "60-89", 10, 0)
	add("new", 0, 1, "forgetful", "current", 80, 2)  // helped
	add("new", 0, 2, "forgetful", "current", 100, 3) // unaffected, would have paid anyway
	add("new", 0, 3, "unwilling", "60-89", 0, 5)     // unaffected
	add("new", 1, 1, "forgetful", "current", 90, 2)  // helped, would have paid anyway
	add("new", 1, 2, "forgetful", "current", 100, 3)
	add("new", 1, 3, "unwilling", "90-119", 0, 5) // harmed
	return t
}

func TestEffectsByHand(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2, Accounts: 3, Currency: "CNY"}
	r := folderOf(t, m, nil, accountsByHand())
	x, err := Effects(r, EffectsOptions{Champion: "old", Metrics: []string{"recovered"}, Tolerance: map[string]float64{"recovered": 0}, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	e := x.Effects[0].Everybody
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"borrowers", float64(e.Borrowers), 6},
		{"helped", e.Helped.Value, 2. / 6},
		{"unaffected", e.Unaffected.Value, 3. / 6},
		{"harmed", e.Harmed.Value, 1. / 6},
		{"mean effect", e.MeanEffect.Value, (80 + 40 - 10) / 6.},
		{"money on those who pay anyway", e.SpentAnyway.Value, (3. + 5) / 2}, // 3 in the first replication, 2 + 3 in the second
		{"share of it", e.ShareAnyway.Value, 8. / 20},
	} {
		if !(math.Abs(c.got-c.want) <= 1e-12) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	if len(x.Effects[0].By) != 1 || x.Effects[0].By[0].Dimension != "cause" {
		t.Fatalf("dimensions %+v, want cause alone: the product is the same for all", x.Effects[0].By)
	}
	for _, g := range x.Effects[0].By[0].Groups {
		want := map[string]float64{"forgetful": 2. / 4, "unwilling": 0}[g.Group]
		if !(math.Abs(g.Helped.Value-want) <= 1e-12) {
			t.Errorf("%s helped: %v, want %v", g.Group, g.Helped.Value, want)
		}
	}
	// A tolerance of 50 leaves the first borrower's 80 alone.
	x, err = Effects(r, EffectsOptions{Champion: "old", Metrics: []string{"recovered"}, Tolerance: map[string]float64{"recovered": 50}, Confidence: 0.95})
	if err != nil || !(math.Abs(x.Effects[0].Everybody.Helped.Value-1./6) <= 1e-12) || x.Effects[0].Everybody.Harmed.Value != 0 {
		t.Errorf("with a tolerance of 50: %+v, %v", x.Effects[0].Everybody, err)
	}
}

// TestScoreLeavesItsReplicationOut: a borrower must not rank by its own luck.
func TestScoreLeavesItsReplicationOut(t *testing.T) {
	p, err := pairBorrowers(accountsByHand(), "old", "new")
	if err != nil {
		t.Fatal(err)
	}
	champion, challenger := p.values(numbersOf(p.table, "recovered"))
	account := p.scores()[0]
	if got, want := account.values(p, champion, challenger, compare.Higher), []float64{40, 0, -10, 80, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("scores by account %v, want the effects of the other replication %v", got, want)
	}
	cause := p.scores()[len(p.scores())-1]
	if got, want := cause.values(p, champion, challenger, compare.Lower), []float64{-20, -20, 10, -40, -40, 0}; !slices.Equal(got, want) {
		t.Errorf("scores by cause, less is better: %v, want %v", got, want)
	}
}

func TestPairsMustMatch(t *testing.T) {
	table := accountsByHand()
	table.Columns[2].Int[7] = 9
	if _, err := pairBorrowers(table, "old", "new"); err == nil || !strings.Contains(err.Error(), "not of the same borrowers") {
		t.Errorf("other borrowers: %v", err)
	}
	if _, err := pairBorrowers(table, "old", "other"); err == nil {
		t.Error("a strategy without rows: no error")
	}
}

// TestPlanSpreadAndBelief takes the spread between accounts and the belief from their definitions.
func TestPlanSpreadAndBelief(t *testing.T) {
	values := map[string]map[string][]float64{
		"old": {"recovered": {100. / 3, 160. / 3}}, "new": {"recovered": {60, 190. / 3}},
	}
	m := &outcome.Manifest{Strategies: []string{"old", "new"}, Baseline: "old", Replications: 2, Accounts: 3, Horizon: 30, Currency: "CNY", Parameters: []string{"p"}}
	r := folderOf(t, m, values, accountsByHand())
	accounts, err := r.accountTable()
	if err != nil {
		t.Fatal(err)
	}
	x, err := PlanTest(r, accounts, PlanOptions{Metric: "recovered", Champion: "old", Challengers: []string{"new"}, Power: 0.8, Significance: 0.05, Share: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	p := x.Plans[0]
	variance := func(x ...float64) float64 { _, v := estimate.MeanVariance(x); return v }
	old := (variance(0, 100, 0) + variance(50, 100, 10)) / 2
	young := (variance(80, 100, 0) + variance(90, 100, 0)) / 2
	if !(math.Abs(p.SD-math.Sqrt(old)) <= 1e-9) || !(math.Abs(p.ChallengerSD-math.Sqrt(young)) <= 1e-9) {
		t.Errorf("spread between accounts %v and %v, want %v and %v", p.SD, p.ChallengerSD, math.Sqrt(old), math.Sqrt(young))
	}
	between, luck := variance(60-100./3, 190./3-160./3), (variance(80, 0, 0)+variance(40, 0, -10))/2/3
	if want := math.Sqrt(math.Max(0, between-luck) + between/2); !(math.Abs(p.BeliefSD-want) <= 1e-9) {
		t.Errorf("belief %v, want %v", p.BeliefSD, want)
	}
	n, err := compare.Design{Significance: 0.05, Ratio: 1}.WelchSize(p.Effect.Value, [2]float64{p.SD, p.ChallengerSD}, 0.8)
	if err != nil || p.ChampionAccounts != max(2, int(math.Ceil(n))) {
		t.Errorf("champion's accounts %d, want %v (%v)", p.ChampionAccounts, math.Ceil(n), err)
	}
	if x.Inflow != 0.1 || x.Value != 1 || float64(p.TotalDays) != float64(p.Days)+30 {
		t.Errorf("inflow %v, value %v, days %v of %v", x.Inflow, x.Value, p.Days, p.TotalDays)
	}
}

// TestSpreadOfARatioByHand: what a borrower adds to a ratio of sums is (a - R b) over the mean of b, with the run's own R.
func TestSpreadOfARatioByHand(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2, Accounts: 3, Horizon: 30, Currency: "CNY"}
	values := map[string]map[string][]float64{
		"old": {"cost": {2, 4}, "recovered": {20, 40}}, // the fixed cost of teams included, which is on no account
		"new": {"cost": {6, 6}, "recovered": {60, 40}},
	}
	r := folderOf(t, m, values, accountsByHand())
	accounts, err := r.accountTable()
	if err != nil {
		t.Fatal(err)
	}
	x, err := PlanTest(r, accounts, PlanOptions{Metric: "cost_per_recovered", Champion: "old", Challengers: []string{"new"}, Power: 0.8, Significance: 0.05, Share: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	const before, after = 6. / 60, 12. / 100
	variance := func(x ...float64) float64 { _, v := estimate.MeanVariance(x); return v }
	old := (variance(0, -before*100, 0) + variance(-before*50, -before*100, -before*10)) / 2 / math.Pow(260./6, 2)
	young := (variance(2-after*80, 3-after*100, 5) + variance(2-after*90, 3-after*100, 5)) / 2 / math.Pow(370./6, 2)
	p := x.Plans[0]
	if !(math.Abs(p.SD-math.Sqrt(old)) <= 1e-12) || !(math.Abs(p.ChallengerSD-math.Sqrt(young)) <= 1e-12) {
		t.Errorf("spread between accounts %v and %v, want %v and %v", p.SD, p.ChallengerSD, math.Sqrt(old), math.Sqrt(young))
	}
	if !(math.Abs(p.Effect.Value-(after-before)) <= 1e-12) {
		t.Errorf("effect %v, want the difference of the ratios of means, %v", p.Effect.Value, after-before)
	}
}

// TestAccountsOfAnOlderFolder: a column that an earlier version did not write is not taken for zeros.
func TestAccountsOfAnOlderFolder(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2, Accounts: 3, Horizon: 30, Currency: "CNY"}
	for _, name := range []string{"net_value", "cure_rate", "recovery_rate", "overdue_paid", "cures"} {
		values := map[string]map[string][]float64{"old": {name: {1, 2}}, "new": {name: {2, 4}}}
		_, err := PlanTest(folderOf(t, m, values, accountsByHand()), accountsByHand(), PlanOptions{Metric: name, Champion: "old", Challengers: []string{"new"}, Power: 0.8, Significance: 0.05, Share: 0.5})
		if err == nil || !strings.Contains(err.Error(), "lacks what "+name+" is made of") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlanWithoutSpread: a single account a replication has none, and accounts that are all alike say nothing of others. Neither is a
// share of accounts, nor a number that JSON cannot hold.
func TestPlanWithoutSpread(t *testing.T) {
	for _, c := range []struct {
		accounts int
		metric   string
		want     string
	}{
		{1, "recovered", "too few to tell the spread"},
		{1, "cost_per_recovered", "too few to tell the spread"},
		{1, "overdue_rate_30", ""},
		{2, "cost", "do not differ in it"},
	} {
		table := &outcome.Table{Name: "accounts", Columns: []outcome.Column{
			{Name: "strategy", Kind: outcome.Text},
			{Name: "replication", Kind: outcome.Int},
			{Name: "account", Kind: outcome.Int},
			{Name: "bucket", Kind: outcome.Text},
			{Name: "recovered", Kind: outcome.Float},
			{Name: "cost", Kind: outcome.Float},
		}}
		for _, strategy := range []string{"old", "new"} {
			for row := range 2 * c.accounts {
				table.Columns[0].Text, table.Columns[3].Text = append(table.Columns[0].Text, strategy), append(table.Columns[3].Text, "current")
				table.Columns[1].Int, table.Columns[2].Int = append(table.Columns[1].Int, int64(row/c.accounts)), append(table.Columns[2].Int, int64(row%c.accounts))
				table.Columns[4].Float, table.Columns[5].Float = append(table.Columns[4].Float, float64(row)), append(table.Columns[5].Float, 0.5)
			}
		}
		m := &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2, Accounts: c.accounts, Horizon: 30, Currency: "CNY"}
		r := folderOf(t, m, map[string]map[string][]float64{
			"old": {"recovered": {1, 2}, "cost": {0.1, 0.2}, "overdue_rate_30": {0.2, 0.4}}, "new": {"recovered": {2, 5}, "cost": {0.3, 0.5}, "overdue_rate_30": {0.1, 0.2}},
		}, table)
		x, err := PlanTest(r, table, PlanOptions{Metric: c.metric, Champion: "old", Challengers: []string{"new"}, Power: 0.8, Significance: 0.05, Share: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		if p := x.Plans[0]; (p.TestPlan == nil) != (c.want != "") || !strings.Contains(p.Reason, c.want) {
			t.Errorf("%d accounts, %s: %q, %+v", c.accounts, c.metric, p.Reason, p.TestPlan)
		}
		if err := x.JSON(io.Discard); err != nil {
			t.Errorf("%d accounts, %s: %v", c.accounts, c.metric, err)
		}
	}
}

// TestPlansAreOfferedByWhatIsGoodOrBad: no test can tell whether to adopt what is neither.
func TestPlansAreOfferedByWhatIsGoodOrBad(t *testing.T) {
	for _, name := range plannable() {
		if outcome.Metrics()[outcome.MetricIndex(name)].Better == outcome.Neither {
			t.Errorf("%s is offered", name)
		}
	}
}

// TestToleranceOfNetValue is 1% of the metric as it stands in every other table, not of what the figures of borrowers are without
// the balance of day 0; and whoever has no such figures is told to repeat the run, not to take what he asked for.
func TestToleranceOfNetValue(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2, Accounts: 3, Currency: "CNY"}
	values := map[string]map[string][]float64{"old": {"net_value": {400, 600}}, "new": {"net_value": {500, 700}}}
	table := accountsByHand()
	o := EffectsOptions{Champion: "old", Metrics: []string{"net_value"}}
	if _, err := Effects(folderOf(t, m, values, table), o); err == nil || !strings.Contains(err.Error(), "accounts.arrow lacks what net_value is made of") {
		t.Errorf("an older folder: %v", err)
	}
	for name, v := range map[string]float64{"opening_balance": 1000, "claimed": 10, "book_value": 900} {
		table.Columns = append(table.Columns, outcome.Column{Name: name, Kind: outcome.Float, Float: slices.Repeat([]float64{v}, table.Rows())})
	}
	x, err := Effects(folderOf(t, m, values, table), o)
	if err != nil || x.Effects[0].Tolerance != 5 || !(math.Abs(x.Effects[0].Everybody.MeanEffect.Value-(110-20)/6.) <= 1e-9) {
		t.Errorf("tolerance and mean effect %+v, %v", x, err)
	}
}

// TestPlanOfLopsidedAccounts: one account in a hundred carries the whole difference, so that a hundred accounts are too
// few for the t test; with a hundred times as many the difference is near enough to normal.
func TestPlanOfLopsidedAccounts(t *testing.T) {
	const few = 100
	third := 0.01*math.Pow(99, 3) - 0.99 // of a variable that is 100 with 1 in 100, else 0: mean 1
	for n, want := range map[int]bool{few: true, 100 * few: false} {
		p := ChallengerPlan{third: [2]float64{0, third}}
		plan := compare.TestPlan{ChampionAccounts: n, ChallengerAccounts: n, SE: math.Sqrt(99 / float64(n))}
		if got := p.lopsided(&plan); (got != "") != want {
			t.Errorf("%d accounts in a group: %q", n, got)
		}
	}
	if got := withinThird([]int{0, 0, 0, 0, 1, 1}, []float64{0, 0, 0, 4, 1, 1}); !(math.Abs(got-3) <= 1e-12) {
		t.Errorf("third moment %v, want the mean of (27-3)/4 and 0", got)
	}
}

// TestDetectableIsNeverPrintedAsNone: a large test detects less than the simulation's own error, and that was printed as 0.0.
func TestDetectableIsNeverPrintedAsNone(t *testing.T) {
	for _, c := range []struct {
		unit           string
		se, detectable float64
		want           string
	}{
		{"points", 0.2, 1.44, "1.4"},
		{"points", 0.2, 0.00017, "0.00017"},
		{"points", 0.2, 0.03, "0.03"},
		{"share", 0.0004, 0.0141, "1.41 pp"},
		{"share", 0.004, 0.00013, "0.013 pp"},
		{"points", 0.2, math.NaN(), "undefined"},
	} {
		x := ChallengerPlan{Effect: estimate.Estimate{Value: 2.7, SE: c.se, N: 30}, TestPlan: &compare.TestPlan{Detectable: estimate.Float(c.detectable)}}
		if got := (&TestPlans{Unit: c.unit}).detectable(&x); got != c.want {
			t.Errorf("%v %s with an effect of standard error %v: %q, want %q", c.detectable, c.unit, c.se, got, c.want)
		}
	}
}

func TestPlanRefusesWhatAccountsCannotTell(t *testing.T) {
	for _, name := range []string{"collection_stress", "promise_kept_rate", "suppressed_share", "utilisation_visit", "wait_days_visit"} {
		if _, err := NeedsAccounts(name); err == nil {
			t.Errorf("%s: no error, though accounts.arrow cannot tell it or a live test measure it", name)
		}
	}
	for name, want := range map[string]bool{
		"overdue_rate_30": false, "charge_off_rate": false, "npv": true, "stress_mean": true, "net_value": true,
		"recovery_rate": true, "cost_per_recovered": true, "cure_rate": true, "rpc_rate": true, "overdue_balance_rate_1": true,
	} {
		if got, err := NeedsAccounts(name); got != want || err != nil {
			t.Errorf("%s: needs accounts %v, %v, want %v", name, got, err, want)
		}
	}
}

// TestFairnessOfEffects: what a strategy changes for a group, against what it changes for everybody.
func TestFairnessOfEffects(t *testing.T) {
	table := &outcome.Table{Name: "segments", Columns: []outcome.Column{
		{Name: "strategy", Kind: outcome.Text},
		{Name: "dimension", Kind: outcome.Text},
		{Name: "group", Kind: outcome.Text},
		{Name: "replication", Kind: outcome.Int},
		{Name: "accounts", Kind: outcome.Int},
		{Name: "cure_rate", Kind: outcome.Float},
	}}
	for _, row := range []struct {
		strategy, group string
		replication     int64
		accounts        int64
		value           float64
	}{
		{"old", "far", 0, 40, 0.5},
		{"old", "near", 0, 60, 0.6},
		{"old", "far", 1, 40, 0.4},
		{"old", "near", 1, 60, 0.7},
		{"new", "far", 0, 40, 0.5},
		{"new", "near", 0, 60, 0.8},
		{"new", "far", 1, 40, 0.45},
		{"new", "near", 1, 60, 0.9},
	} {
		for i, v := range []string{row.strategy, "region", row.group} {
			table.Columns[i].Text = append(table.Columns[i].Text, v)
		}
		table.Columns[3].Int, table.Columns[4].Int = append(table.Columns[3].Int, row.replication), append(table.Columns[4].Int, row.accounts)
		table.Columns[5].Float = append(table.Columns[5].Float, row.value)
	}
	r := folderOf(t, &outcome.Manifest{Strategies: []string{"old", "new"}, Replications: 2}, nil, table)
	x, err := FairnessGaps(r, FairnessOptions{Dimension: "region", Champion: "old", Metrics: []string{"cure_rate"}, Confidence: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{ // group less everybody, 40 and 60 of 100 accounts
		"old level far": -0.6 * (0.1 + 0.3) / 2, "new level near": 0.4 * (0.3 + 0.45) / 2, "new effect far": -0.6 * (0.2 + 0.15) / 2,
	}
	found := 0
	for _, g := range x.Gaps {
		for _, gap := range g.Gaps {
			if w, ok := want[g.Strategy+" "+g.Of+" "+gap.Group]; ok {
				found++
				if !(math.Abs(gap.Gap.Value-w) <= 1e-12) {
					t.Errorf("%s, %s, %s: gap %v, want %v", g.Strategy, g.Of, gap.Group, gap.Gap.Value, w)
				}
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d of %d gaps found", found, len(want))
	}
}

// TestNeedsAccountsSaysWhatToGive: whoever plans by a metric whose spread no table tells learns which figure is missing.
func TestNeedsAccountsSaysWhatToGive(t *testing.T) {
	for name, want := range map[string]string{
		"promise_kept_rate": "S = sqrt(p(1-p)/q)",
		"suppressed_share":  "(delta method)",
		"wait_days_visit":   "that of the metric itself, in days/visit",
	} {
		if _, err := NeedsAccounts(name); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}

// TestNoneSeenIsNotImpossible: the exact bound of an event that n independent trials never showed is 1 - 0.025^(1/n).
func TestNoneSeenIsNotImpossible(t *testing.T) {
	none := []float64{0, 0}
	metrics := func(attempts, visits float64) map[string][]float64 {
		incidents := none
		if visits == 0 {
			incidents = []float64{math.NaN(), math.NaN()}
		}
		return map[string][]float64{
			"complaints_per_1000": none, "incidents_per_1000_visits": incidents,
			"attempts_per_account": {attempts, attempts}, "visits_per_account": {visits, visits},
		}
	}
	m := &outcome.Manifest{Strategies: []string{"rest", "visit"}, Baseline: "rest", Replications: 2, Accounts: 1000, Horizon: 30}
	s := Summarise(folderOf(t, m, map[string]map[string][]float64{"rest": metrics(0, 0), "visit": metrics(2, 0.5)}))
	said := func(name, metric string) string {
		for _, text := range s.Strategy(name).Warnings {
			if strings.HasPrefix(text, metric+": none among") {
				return text
			}
		}
		return ""
	}
	for metric, n := range map[string]float64{"complaints_per_1000": 2000, "incidents_per_1000_visits": 1000} {
		bound := fmt.Sprintf("up to %.3g possible", 1000*(1-math.Pow(0.025, 1/n)))
		if text := said("visit", metric); !strings.Contains(text, bound) {
			t.Errorf("%s of visit: %q, want %s", metric, text, bound)
		}
		if text := said("rest", metric); text != "" {
			t.Errorf("%s of rest, which contacts nobody: %q", metric, text)
		}
	}
}

// TestNetValueOfABorrower: money less cost and what a debt gained or lost in worth; what an account that was never in
// collection owes is in no figure.
func TestNetValueOfABorrower(t *testing.T) {
	table := &outcome.Table{}
	for name, values := range map[string][]float64{
		"recovered": {30, 0, 0}, "cost": {2, 5, 1}, "claimed": {40, 40, 0}, "book_value": {50, 20, 0}, "opening_balance": {100, 100, 100},
	} {
		table.Columns = append(table.Columns, outcome.Column{Name: name, Kind: outcome.Float, Float: values})
	}
	if got, want := borrowerFigure(table, "net_value"), []float64{30 - 2 + 50 - 100, -5 + 20 - 100, -1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
