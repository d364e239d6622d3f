package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"
)

// contractMetrics are the names that other programs rely on.
var contractMetrics = strings.Fields(`overdue_rate_1 overdue_rate_30 overdue_rate_60 overdue_rate_90 overdue_rate_30_reported
	overdue_balance_rate_1 overdue_balance_rate_30 overdue_balance_rate_60 overdue_balance_rate_90 mean_overdue_rate_30
	cure_rate redefault_rate charge_off_rate recovered recovery_rate npv cost cost_per_recovered cost_per_cure
	incremental_cost_per_recovered incremental_cost_per_avoided_30 stress_mean stress_peak distress_share distress_days
	collection_stress complaints_per_1000 incidents_per_1000_visits rpc_rate promise_rate promise_kept_rate
	visits_per_account utilisation_visit suppressed_share`)

type object = map[string]any

func smallRun(t *testing.T, args ...string) (dir, printed string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	return dir, must(t, append([]string{"run", "testdata/small.yaml", "-o", dir, "--no-charts", "--quiet"}, args...)...)
}

func decode(t *testing.T, text string) object {
	t.Helper()
	var x object
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func keys(t *testing.T, where string, x object, want string) {
	t.Helper()
	for _, k := range strings.Fields(want) {
		if _, ok := x[k]; !ok {
			t.Errorf("%s: has no key %q", where, k)
		}
	}
}

// TestSummaryContract: the keys, metrics, units and directions of summary.json.
func TestSummaryContract(t *testing.T) {
	_, printed := smallRun(t, "--format", "json")
	x := decode(t, printed)
	keys(t, "summary", x, "scenario seed replications accounts horizon_days baseline strategies ranking")
	for key, want := range (object{"scenario": "small", "seed": 1.0, "replications": 4.0, "accounts": 200.0, "horizon_days": 60.0, "baseline": "no-contact"}) {
		if x[key] != want {
			t.Errorf("%s: got %v, want %v", key, x[key], want)
		}
	}
	for _, s := range x["strategies"].([]any) {
		s := s.(object)
		name := s["name"].(string)
		keys(t, name, s, "name metrics versus_baseline warnings")
		metrics, versus := s["metrics"].(object), s["versus_baseline"].(object)
		for _, m := range contractMetrics {
			f, ok := metrics[m].(object)
			if !ok {
				t.Errorf("%s: has no metric %q", name, m)
				continue
			}
			keys(t, name+"."+m, f, "estimate low high unit better")
			if better := f["better"]; better != "higher" && better != "lower" && better != "neither" || f["unit"] == "" {
				t.Errorf("%s.%s: unit %q, better %q", name, m, f["unit"], better)
			}
			if d, ok := versus[m].(object); ok {
				keys(t, name+" versus "+m, d, "estimate low high")
			} else if !strings.HasPrefix(m, "incremental_") {
				t.Errorf("%s: versus_baseline has no %q", name, m)
			}
		}
		undefinedAreWarned(t, name, metrics, s["warnings"].([]any))
	}
}

// undefinedAreWarned: every figure without a value is null and named in a warning.
func undefinedAreWarned(t *testing.T, name string, metrics object, warnings []any) {
	t.Helper()
	undefined := 0
	for m, f := range metrics {
		if f.(object)["estimate"] != nil {
			continue
		}
		undefined++
		if !slices.ContainsFunc(warnings, func(w any) bool { return strings.HasPrefix(w.(string), m+": ") }) {
			t.Errorf("%s.%s is null without a warning", name, m)
		}
	}
	if name == "no-contact" && undefined < 5 { // no attempts, promises, visits, incidents, nor relatives
		t.Errorf("no-contact: only %d undefined figures", undefined)
	}
}

// TestSummaryFollowsFromReplications computes estimates and paired intervals by hand.
func TestSummaryFollowsFromReplications(t *testing.T) {
	dir, printed := smallRun(t, "--format", "json")
	table, err := outcome.Open(dir, "replications")
	if err != nil {
		t.Fatal(err)
	}
	values := func(strategy, metric string) (list []float64) {
		for row, name := range table.Column("strategy").Text {
			if name == strategy {
				list = append(list, table.Column(metric).Float[row])
			}
		}
		return list
	}
	ratios := map[string]bool{}
	for _, m := range outcome.Metrics() {
		if _, _, ok := m.Parts(); ok {
			ratios[m.Name] = true
		}
	}
	checked := 0
	for _, s := range decode(t, printed)["strategies"].([]any) {
		s := s.(object)
		name := s["name"].(string)
		for metric, d := range s["versus_baseline"].(object) {
			f, d := s["metrics"].(object)[metric].(object), d.(object)
			x, base := values(name, metric), values("no-contact", metric)
			if len(x) != 4 || ratios[metric] || slices.ContainsFunc(append(slices.Clone(x), base...), math.IsNaN) {
				continue
			}
			checked++
			least, most := rangeOf(metric, f["unit"].(string))
			interval(t, name+"."+metric, x, f, least, most)
			for i := range x {
				x[i] -= base[i]
			}
			interval(t, name+" versus "+metric, x, d, math.Inf(-1), math.Inf(1))
		}
	}
	if checked < 100 {
		t.Errorf("checked %d figures only", checked)
	}
	cost, recovered := values("home-visits", "cost"), values("home-visits", "recovered")
	ratio := (cost[0] + cost[1] + cost[2] + cost[3]) / (recovered[0] + recovered[1] + recovered[2] + recovered[3])
	s := decode(t, printed)["strategies"].([]any)[3].(object)
	equals(t, "cost_per_recovered", s["metrics"].(object)["cost_per_recovered"].(object)["estimate"], ratio)
	equals(t, "cost_per_recovered versus no-contact", s["versus_baseline"].(object)["cost_per_recovered"].(object)["estimate"], ratio)
}

// t975 is the 97.5% quantile of Student's t with 3 degrees of freedom, as printed in tables (3.1824)
// with more digits.
const t975 = 3.182446305284263

// rangeOf is where a metric certainly lies.
func rangeOf(metric, unit string) (least, most float64) {
	switch {
	case metric == "npv" || metric == "net_value":
		return math.Inf(-1), math.Inf(1)
	case metric == "collection_stress":
		return -100, 100
	case unit == "points (0-100)":
		return 0, 100
	case unit == "share" && metric != "recovery_rate" && !strings.HasPrefix(metric, "utilisation_"):
		return 0, 1
	}
	return 0, math.Inf(1)
}

// interval checks Student's interval of four values, cut to where the figure certainly lies.
func interval(t *testing.T, what string, x []float64, f object, least, most float64) {
	t.Helper()
	var mean, squares float64
	for _, v := range x {
		mean += v / 4
	}
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	half := t975 * math.Sqrt(squares/3/4)
	equals(t, what+" estimate", f["estimate"], mean)
	equals(t, what+" low", f["low"], max(least, mean-half))
	equals(t, what+" high", f["high"], min(most, mean+half))
}

func equals(t *testing.T, what string, got any, want float64) {
	t.Helper()
	x, ok := got.(float64)
	if !ok || !(math.Abs(x-want) <= 1e-9*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestFormatsAgree: every metric has the same figures in JSON, CSV and, to the digits that it shows,
// in the terminal's text.
func TestFormatsAgree(t *testing.T) {
	dir, printed := smallRun(t, "--format", "json", "--replications", "8")
	r, err := report.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	summary := report.Summarise(r)
	var table, text strings.Builder
	if err := summary.CSV(&table); err != nil {
		t.Fatal(err)
	}
	if err := summary.Text(&text, metricNames()); err != nil {
		t.Fatal(err)
	}
	shown := readText(t, text.String())
	cells := readCSV(t, table.String())
	seen := 0
	for _, s := range decode(t, printed)["strategies"].([]any) {
		s := s.(object)
		for metric, f := range s["metrics"].(object) {
			f, key := f.(object), s["name"].(string)+" "+metric
			d, _ := s["versus_baseline"].(object)[metric].(object)
			for column, want := range (object{
				"estimate": f["estimate"], "low": f["low"], "high": f["high"], "unit": f["unit"], "better": f["better"],
				"difference": d["estimate"], "difference_low": d["low"], "difference_high": d["high"],
			}) {
				if got := cells[key][column]; got != plainText(want) {
					t.Errorf("csv: %s %s: got %q, JSON has %v", key, column, got, want)
				}
			}
			if f["estimate"] != nil {
				seen++
				printedAs(t, key, shown[key], f)
			}
		}
	}
	if seen < 150 {
		t.Errorf("only %d figures in the text", seen)
	}
}

func plainText(x any) string {
	switch x := x.(type) {
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	case string:
		return x
	}
	return ""
}

func readCSV(t *testing.T, text string) map[string]map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]map[string]string{}
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, cell := range row {
			named[rows[0][i]] = cell
			if x, err := strconv.ParseFloat(cell, 64); err == nil {
				named[rows[0][i]] = plainText(x)
			}
		}
		cells[row[0]+" "+row[1]] = named
	}
	return cells
}

// readText returns the estimate that the text shows, by strategy and metric.
func readText(t *testing.T, text string) map[string]string {
	t.Helper()
	shown, metric := map[string]string{}, ""
	for line := range strings.Lines(text) {
		name, _, found := strings.Cut(line, ",")
		if found && !strings.HasPrefix(line, " ") {
			metric = name
		}
		if f := strings.Fields(line); strings.HasPrefix(line, "  ") && len(f) > 1 && metric != "" {
			shown[f[0]+" "+metric] = f[1]
		}
	}
	return shown
}

// printedAs checks a printed number: it is the value rounded to where its standard error begins.
func printedAs(t *testing.T, key, text string, f object) {
	t.Helper()
	want, scale := f["estimate"].(float64), 1.0
	if f["unit"] == "share" {
		scale = 100
		if !strings.HasSuffix(text, "%") {
			t.Errorf("text: %s: %q is no per cent", key, text)
		}
	}
	got, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	allowed := 5e-4 * math.Abs(want) * scale
	if se, ok := f["se"].(float64); ok && se > 0 {
		allowed = 0.5 * math.Pow(10, math.Floor(math.Log10(se*scale))) * (1 + 1e-9)
	}
	if err != nil || !(math.Abs(got-scale*want) <= allowed) {
		t.Errorf("text: %s: shows %q, the value is %v (+-%g)", key, text, scale*want, allowed)
	}
}
