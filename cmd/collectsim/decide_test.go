package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	_ "collectsim/internal/sameseed"

	"pgregory.net/rapid"
)

// decideJSON is what the contract promises of decide --format json.
type decideJSON struct {
	ICERs []struct {
		Strategy, Status, By string
		Cost, Effect         float64
		IncCost              *float64 `json:"inc_cost"`
		IncEffect            *float64 `json:"inc_effect"`
		ICER                 *float64
	}
	Acceptability []struct {
		WTP  float64
		Best string
		Prob map[string]float64
		EVPI float64
	}
}

func decodeDecision(t testing.TB, text string) (x decideJSON) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatalf("decide --format json: %v", err)
	}
	return x
}

func writeFile(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A drawnTable is a random table of strategies and samples.
type drawnTable struct {
	names        []string
	cost, effect [][]float64 // [strategy][sample]
}

func (d *drawnTable) csv(order []int) string {
	var rows []string
	for k, name := range d.names {
		for i := range d.cost[k] {
			rows = append(rows, fmt.Sprintf("%s,%d,%v,%v", name, 10*i, d.cost[k][i], d.effect[k][i]))
		}
	}
	var text strings.Builder
	text.WriteString("strategy,sample,cost,effect\n")
	for _, i := range order {
		fmt.Fprintln(&text, rows[i%len(rows)])
	}
	return text.String()
}

func drawTable(t *rapid.T) (*drawnTable, []int) {
	d := &drawnTable{}
	strategies, samples := rapid.IntRange(2, 6).Draw(t, "strategies"), rapid.IntRange(1, 12).Draw(t, "samples")
	value := rapid.Map(rapid.IntRange(-40, 40), func(n int) float64 { return float64(n) / 4 }) // exact sums, many ties
	for k := range strategies {
		d.names = append(d.names, fmt.Sprintf("s%d", k))
		d.cost = append(d.cost, rapid.SliceOfN(value, samples, samples).Draw(t, "cost"))
		d.effect = append(d.effect, rapid.SliceOfN(value, samples, samples).Draw(t, "effect"))
	}
	order := make([]int, strategies*samples)
	for i := range order {
		order[i] = i
	}
	return d, rapid.Permutation(order).Draw(t, "order")
}

func average(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// TestDecideAgainstOracle reads shuffled tables and compares with figures computed from their definitions.
func TestDecideAgainstOracle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "psa.csv")
	rapid.Check(t, func(t *rapid.T) {
		d, order := drawTable(t)
		if err := os.WriteFile(path, []byte(d.csv(order)), 0o644); err != nil {
			t.Fatal(err)
		}
		out, messages, code := commandOf("decide", path, "--wtp", "0,1,2.5", "--format", "json")
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, messages)
		}
		var x decideJSON
		if err := json.Unmarshal([]byte(out), &x); err != nil {
			t.Fatal(err)
		}
		if len(x.ICERs) != len(d.names) || len(x.Acceptability) != 3 {
			t.Fatalf("%d strategies and %d prices, want %d and 3", len(x.ICERs), len(x.Acceptability), len(d.names))
		}
		for _, r := range x.ICERs {
			k := slices.Index(d.names, r.Strategy)
			if r.Cost != average(d.cost[k]) || r.Effect != average(d.effect[k]) {
				t.Errorf("%s: cost %v, effect %v, want %v, %v", r.Strategy, r.Cost, r.Effect, average(d.cost[k]), average(d.effect[k]))
			}
			if frontier := onFrontier(d, k); frontier != (r.Status == "ND") && !doubled(d, k) {
				t.Errorf("%s: status %s, on the hull: %v", r.Strategy, r.Status, frontier)
			}
		}
		for _, p := range x.Acceptability {
			prob, evpi := acceptabilityOf(d, p.WTP)
			for k, name := range d.names {
				if !(math.Abs(p.Prob[name]-prob[k]) <= 1e-12) {
					t.Errorf("price %v: %s is best with probability %v, want %v", p.WTP, name, p.Prob[name], prob[k])
				}
			}
			if !(math.Abs(p.EVPI-evpi) <= 1e-9) {
				t.Errorf("price %v: evpi %v, want %v", p.WTP, p.EVPI, evpi)
			}
		}
	})
}

// onFrontier tells by definition whether no other strategy and no mixture of two is at least as good in
// cost and effect and better in one.
func onFrontier(d *drawnTable, k int) bool {
	const tiny = 1e-9
	c, e := average(d.cost[k]), average(d.effect[k])
	for i := range d.names {
		for j := range d.names {
			for w := 0; w <= 4000; w++ {
				share := float64(w) / 4000
				mc := share*average(d.cost[i]) + (1-share)*average(d.cost[j])
				me := share*average(d.effect[i]) + (1-share)*average(d.effect[j])
				// A mixture from the grid comes within a 4000th of the best one.
				if mc <= c+tiny && me >= e-tiny && (mc < c-0.02 || me > e+0.02) {
					return false
				}
				if w == 0 && i == j {
					break
				}
			}
		}
	}
	return true
}

// doubled tells whether the grid of onFrontier cannot judge: an exact duplicate, or a margin below its step.
func doubled(d *drawnTable, k int) bool {
	for i := range d.names {
		if i != k && math.Abs(average(d.cost[i])-average(d.cost[k])) < 0.03 && math.Abs(average(d.effect[i])-average(d.effect[k])) < 0.03 {
			return true
		}
	}
	return nearLine(d, k)
}

// nearLine tells whether a strategy lies within 0.03 of a segment between two others.
func nearLine(d *drawnTable, k int) bool {
	c, e := average(d.cost[k]), average(d.effect[k])
	for i := range d.names {
		for j := range d.names {
			for w := 0; w <= 4000; w++ {
				share := float64(w) / 4000
				if i == k || j == k {
					break
				}
				mc := share*average(d.cost[i]) + (1-share)*average(d.cost[j])
				me := share*average(d.effect[i]) + (1-share)*average(d.effect[j])
				if math.Abs(mc-c) < 0.05 && math.Abs(me-e) < 0.05 {
					return true
				}
			}
		}
	}
	return false
}

// acceptabilityOf is the share of samples in which each strategy is best, ties shared, and the value of
// perfect information.
func acceptabilityOf(d *drawnTable, wtp float64) (prob []float64, evpi float64) {
	n := len(d.cost[0])
	prob = make([]float64, len(d.names))
	means := make([]float64, len(d.names))
	top := 0.0
	for i := range n {
		best, winners := math.Inf(-1), []int{}
		for k := range d.names {
			nb := wtp*d.effect[k][i] - d.cost[k][i]
			means[k] += nb / float64(n)
			if nb > best {
				best, winners = nb, nil
			}
			if nb == best {
				winners = append(winners, k)
			}
		}
		top += best / float64(n)
		for _, k := range winners {
			prob[k] += 1 / float64(len(winners)) / float64(n)
		}
	}
	return prob, top - slices.Max(means)
}

// commandOf runs one command line without a test's helpers, for use inside of rapid.
func commandOf(args ...string) (out, messages string, code int) {
	var o, e strings.Builder
	code = (&app{out: &o, err: &e}).run(background, args)
	return o.String(), e.String(), code
}

// TestDecideTextAgreesWithJSON: every figure of the text is that of the document, to the digits printed.
func TestDecideTextAgreesWithJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "psa.csv")
	rapid.Check(t, func(t *rapid.T) {
		d, order := drawTable(t)
		if err := os.WriteFile(path, []byte(d.csv(order)), 0o644); err != nil {
			t.Fatal(err)
		}
		text, _, _ := commandOf("decide", path, "--wtp", "0,1,2.5")
		document, _, _ := commandOf("decide", path, "--wtp", "0,1,2.5", "--format", "json")
		var x decideJSON
		if err := json.Unmarshal([]byte(document), &x); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text, "\n")
		at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "ICER") })
		for i, r := range x.ICERs {
			line := strings.Fields(lines[at+1+i])
			standing := map[string]string{"ND": "frontier", "D": "dominated by " + r.By, "ED": "mixture of " + r.By}[r.Status]
			if line[0] != r.Strategy || !strings.Contains(lines[at+1+i], standing) {
				t.Errorf("line %q is not that of %s, %s", lines[at+1+i], r.Strategy, r.Status)
			}
		}
		at = slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "best in expectation") && strings.Contains(l, "EVPI") })
		names := strings.Fields(lines[at])[4:]
		for i, p := range x.Acceptability {
			line := strings.Fields(lines[at+1+i])
			want := []string{fmt.Sprintf("%.6g", p.WTP), p.Best}
			for _, name := range names[:len(names)-1] {
				want = append(want, fmt.Sprintf("%.1f%%", 100*p.Prob[name]))
			}
			want = append(want, fmt.Sprintf("%.4g", p.EVPI))
			if !slices.Equal(line, want) {
				t.Errorf("price %v: the text says %q, the document %q", p.WTP, line, want)
			}
		}
	})
}

// TestDecideRunIsDecideOnItsTable: a folder and its replications, exported in any format, give one answer.
func TestDecideRunIsDecideOnItsTable(t *testing.T) {
	dir := t.TempDir()
	run := filepath.Join(dir, "out")
	must(t, "run", "-o", run, "--accounts", "120", "--replications", "40", "--horizon", "45", "--no-charts", "--quiet")
	for _, format := range []string{"csv", "parquet", "arrow"} {
		must(t, "export", filepath.Join(run, "replications.arrow"), "--format", format, "-o", filepath.Join(dir, "r."+format))
	}
	for _, effect := range []string{"gross_value", "recovered", "overdue_rate_30", "distress_days", "cure_rate"} {
		want := decisionWithoutSource(t, must(t, "decide", run, "--effect", effect, "--format", "json", "--population", "1000"))
		if want["evppi"] == nil || want["stress_price"] == nil || want["population"] == nil {
			t.Fatalf("%s: no value of information per parameter, no price of stress, or no population", effect)
		}
		for _, format := range []string{"csv", "parquet", "arrow"} {
			got := decisionWithoutSource(t, must(t, "decide", filepath.Join(dir, "r."+format), "--effect", effect, "--format", "json", "--population", "1000"))
			for key := range want {
				if !reflect.DeepEqual(got[key], want[key]) {
					t.Errorf("%s: %s of the %s file is not that of the folder", effect, key, format)
				}
			}
		}
	}
}

// TestDecideAgreesWithTheRanking: without flags, decide at the price 1 is the ranking of run, strategy by strategy, and
// the value of perfect information leaves the luck of the replications out.
func TestDecideAgreesWithTheRanking(t *testing.T) {
	run := filepath.Join(t.TempDir(), "out")
	summary := must(t, "run", "-o", run, "--accounts", "150", "--replications", "40", "--horizon", "60", "--no-charts", "--quiet", "--format", "json")
	var s struct {
		Strategies []struct {
			Name    string
			Metrics map[string]struct{ Estimate float64 }
		}
	}
	if err := json.Unmarshal([]byte(summary), &s); err != nil {
		t.Fatal(err)
	}
	best, value := "", math.Inf(-1)
	for _, x := range s.Strategies {
		if v := x.Metrics["net_value"].Estimate; v > value {
			best, value = x.Name, v
		}
	}
	var x struct {
		NetBenefit []struct {
			WTP  float64
			Best string
			NMB  map[string]float64
		} `json:"net_benefit"`
		Acceptability []struct {
			WTP, EVPI float64
			Best      string
			WithLuck  *float64           `json:"evpi_with_luck"`
			Loss      map[string]float64 `json:"expected_loss"`
		}
		Regression string `json:"evpi_regression"`
	}
	if err := json.Unmarshal([]byte(must(t, "decide", run, "--format", "json")), &x); err != nil {
		t.Fatal(err)
	}
	met := false
	for i, p := range x.Acceptability {
		if p.WithLuck == nil || p.EVPI > *p.WithLuck || !(math.Abs(p.Loss[p.Best]-p.EVPI) <= 1e-9) {
			t.Errorf("price %g: EVPI %g, with luck %v, loss of the best %g", p.WTP, p.EVPI, p.WithLuck, p.Loss[p.Best])
		}
		if p.WTP != 1 {
			continue
		}
		met = true
		if p.Best != best {
			t.Errorf("at the price 1 %s is best, the ranking says %s", p.Best, best)
		}
		for _, y := range s.Strategies {
			if got, want := x.NetBenefit[i].NMB[y.Name], y.Metrics["net_value"].Estimate; !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
				t.Errorf("%s: net benefit at the price 1 is %v, net_value %v", y.Name, got, want)
			}
		}
	}
	if !met || x.Regression == "" {
		t.Errorf("price 1 is among the prices: %t; regression %q", met, x.Regression)
	}
	if out := must(t, "decide", run); !strings.Contains(out, "EVPI is that of the drawn parameters (linear regression)") {
		t.Errorf("text: got %s", out)
	}

	// Without drawn parameters there is nothing to know.
	fixed := filepath.Join(t.TempDir(), "fixed")
	must(t, "run", "-o", fixed, "--accounts", "60", "--replications", "12", "--horizon", "30", "--no-charts", "--quiet", "--set", "uncertainty=false")
	out := must(t, "decide", fixed, "--format", "json")
	if err := json.Unmarshal([]byte(out), &x); err != nil {
		t.Fatal(err)
	}
	for _, p := range x.Acceptability {
		if p.EVPI != 0 || p.WithLuck == nil {
			t.Errorf("price %g: EVPI %g of luck alone", p.WTP, p.EVPI)
		}
	}
	if !strings.Contains(out, "replications differ by luck alone") {
		t.Errorf("warnings: got %s", out)
	}
	few := filepath.Join(t.TempDir(), "few")
	must(t, "run", "-o", few, "--accounts", "60", "--replications", "12", "--horizon", "30", "--no-charts", "--quiet")
	if out := must(t, "decide", few, "--format", "json"); !strings.Contains(out, "so it is too high: to leave it out, more replications: 12 samples of 7 parameters: at least 28 are needed") {
		t.Errorf("warnings: got %s", out)
	}
}

// decisionWithoutSource drops what a folder knows and a file does not: where it is, its currency, and
// what its other tables say about capacity.
func decisionWithoutSource(t *testing.T, text string) map[string]any {
	t.Helper()
	var x map[string]any
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatal(err)
	}
	delete(x, "source")
	delete(x, "currency")
	warnings := x["warnings"].([]any)
	x["warnings"] = slices.DeleteFunc(warnings, func(w any) bool {
		return strings.Contains(w.(string), "capacity is full") || strings.Contains(w.(string), "should fit the portfolio")
	})
	return x
}

// psaText is a table of normal costs and effects.
func psaText(strategies, samples int) string {
	random := rand.New(rand.NewPCG(1, 0))
	var text strings.Builder
	text.WriteString("strategy,sample,cost,effect\n")
	for k := range strategies {
		for i := range samples {
			fmt.Fprintf(&text, "s%d,%d,%.4f,%.6f\n", k, i+1, 1000*float64(k)+300*random.NormFloat64(), 10+3*math.Sqrt(float64(k))+2*random.NormFloat64())
		}
	}
	return text.String()
}

// TestDecideHundredStrategies: as many as the contract names, with shared costs.
func TestDecideHundredStrategies(t *testing.T) {
	path := writeFile(t, filepath.Join(t.TempDir(), "psa.csv"), psaText(100, 20))
	x := decodeDecision(t, must(t, "decide", path, "--wtp", "0:2000:500", "--format", "json"))
	if len(x.ICERs) != 100 {
		t.Fatalf("%d strategies, want 100", len(x.ICERs))
	}
	for _, p := range x.Acceptability {
		sum := 0.0
		for _, v := range p.Prob {
			sum += v
		}
		if !(math.Abs(sum-1) <= 1e-9) || len(p.Prob) != 100 {
			t.Errorf("price %v: %d probabilities, sum %v", p.WTP, len(p.Prob), sum)
		}
	}
	if text := must(t, "decide", path, "--wtp", "1000"); !strings.Contains(text, "its chance") {
		t.Errorf("many strategies side by side: %s", text)
	}
}

func BenchmarkDecide(b *testing.B) {
	path := writeFile(b, filepath.Join(b.TempDir(), "psa.csv"), psaText(10, 10_000))
	b.Run("strategies=10/samples=10000", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out, messages, code := commandOf("decide", path, "--format", "json")
			if code != 0 || len(out) == 0 {
				b.Fatal(messages)
			}
		}
	})
}

func TestParsePrices(t *testing.T) {
	for text, want := range map[string][]float64{
		"0:0.3:0.1": {0, 0.1, 0.2, 0.3}, "5:5:1": {5}, "0:10:4": {0, 4, 8}, "3, 1,2": {3, 1, 2}, "": nil,
	} {
		got, err := parsePrices("--wtp", text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("--wtp %q: %v, %v, want %v", text, got, err, want)
		}
	}
}
