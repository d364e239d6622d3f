package estimate_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"collectsim/analysis/estimate"
)

// known decodes testdata/known/<name>.json, whose "source" field says where it is from.
func known[T any](t *testing.T, name string) T {
	t.Helper()
	b, err := os.ReadFile("testdata/known/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// near fails unless got is within the relative tolerance of want; NaN equals NaN only.
func near(t *testing.T, what string, got, want, rtol float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= rtol*math.Max(math.Abs(want), 1e-300)) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

type amlRow struct {
	Time   float64
	Status int
	X      string
}

type kmRow struct {
	Strata string
	Time   float64
	Risk   int      `json:"n.risk"`
	Event  int      `json:"n.event"`
	Surv   float64  `json:"surv"`
	SE     *float64 `json:"std.err"`
	Lower  *float64
	Upper  *float64
}

type kmTable struct {
	Records, Events int
	Mean            float64 `json:"rmean"`
	SE              float64 `json:"se(rmean)"`
	Median          float64
	Low             float64 `json:"0.95LCL"`
	Row             string  `json:"_row"`
}

type amlCase struct {
	Input    struct{ Data []amlRow }
	Expected struct {
		Log     []kmRow `json:"km_log_ci"`
		LogLog  []kmRow `json:"km_loglog_ci"`
		Table   []kmTable
		RMean48 []kmTable
		LogRank struct {
			Chisq, P float64
			Obs, Exp []float64
		}
		Peto struct{ Chisq, P float64 } `json:"peto_rho1"`
	}
}

func (c amlCase) columns() (times []float64, events []bool, groups []string) {
	for _, r := range c.Input.Data {
		times, events, groups = append(times, r.Time), append(events, r.Status == 1), append(groups, "x="+r.X)
	}
	return times, events, groups
}

func (c amlCase) curve(t *testing.T, group string, o estimate.SurvivalOptions) estimate.Survival {
	t.Helper()
	times, events, groups := c.columns()
	var gt []float64
	var ge []bool
	for i, g := range groups {
		if g == group {
			gt, ge = append(gt, times[i]), append(ge, events[i])
		}
	}
	s, err := estimate.KaplanMeier(gt, ge, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKaplanMeierMatchesR(t *testing.T) {
	c := known[amlCase](t, "21_km_aml")
	const rtol = 1e-10
	for _, want := range c.Expected.Log {
		s := c.curve(t, want.Strata, estimate.SurvivalOptions{Transform: estimate.Log})
		got := rowAt(t, s, want.Time)
		if got.AtRisk != want.Risk || got.Events != want.Event {
			t.Errorf("%s t=%v: got %d at risk %d events, want %d, %d", want.Strata, want.Time, got.AtRisk, got.Events, want.Risk, want.Event)
		}
		near(t, "survival", float64(got.Survival), want.Surv, rtol)
		near(t, "se", float64(got.SE), orNaN(want.SE), rtol)
		near(t, "log low", float64(got.Low), orNaN(want.Lower), rtol)
		near(t, "log high", float64(got.High), orNaN(want.Upper), rtol)
	}
	for _, want := range c.Expected.LogLog {
		got := rowAt(t, c.curve(t, want.Strata, estimate.SurvivalOptions{}), want.Time)
		near(t, "log-log low", float64(got.Low), orNaN(want.Lower), rtol)
		near(t, "log-log high", float64(got.High), orNaN(want.Upper), rtol)
	}
	checkTable(t, c, c.Expected.Table, 161)
	checkTable(t, c, c.Expected.RMean48, 48)
}

func checkTable(t *testing.T, c amlCase, rows []kmTable, horizon float64) {
	t.Helper()
	for _, want := range rows {
		s := c.curve(t, want.Row, estimate.SurvivalOptions{Transform: estimate.Log, Horizon: horizon})
		if s.N != want.Records || s.Events != want.Events {
			t.Errorf("%s: got %d of %d, want %d of %d", want.Row, s.Events, s.N, want.Events, want.Records)
		}
		near(t, "median", float64(s.Median), want.Median, 0)
		near(t, "median low", float64(s.MedianLow), want.Low, 0)
		near(t, "restricted mean", s.RestrictedMean.Value, want.Mean, 1e-10)
		near(t, "restricted mean se", s.RestrictedMean.SE, want.SE, 1e-10)
	}
}

func rowAt(t *testing.T, s estimate.Survival, at float64) estimate.CurvePoint {
	t.Helper()
	for _, c := range s.Curve {
		if c.Time == at {
			return c
		}
	}
	t.Fatalf("no row at %v", at)
	return estimate.CurvePoint{}
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

func TestLogRankMatchesR(t *testing.T) {
	c := known[amlCase](t, "21_km_aml")
	times, events, groups := c.columns()
	got, err := estimate.LogRank(times, events, groups, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "chisq", float64(got.Chisq), c.Expected.LogRank.Chisq, 1e-10)
	near(t, "p", float64(got.P), c.Expected.LogRank.P, 1e-10)
	for g := range got.Groups {
		near(t, "observed", float64(got.Observed[g]), c.Expected.LogRank.Obs[g], 1e-10)
		near(t, "expected", float64(got.Expected[g]), c.Expected.LogRank.Exp[g], 1e-10)
	}
	peto, err := estimate.LogRank(times, events, groups, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "peto chisq", float64(peto.Chisq), c.Expected.Peto.Chisq, 1e-10)
	near(t, "peto p", float64(peto.P), c.Expected.Peto.P, 1e-10)
}

func TestLogRankSmall(t *testing.T) {
	type one struct {
		Time          []float64
		Status, Group []int
		Expected      struct{ Chisq, P float64 }
	}
	for _, c := range known[struct{ Cases []one }](t, "23_logrank_small").Cases {
		var events []bool
		var groups []string
		for i := range c.Time {
			events, groups = append(events, c.Status[i] == 1), append(groups, string(rune('0'+c.Group[i])))
		}
		got, err := estimate.LogRank(c.Time, events, groups, 0)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "chisq", float64(got.Chisq), c.Expected.Chisq, 1e-9)
		near(t, "p", float64(got.P), c.Expected.P, 1e-9)
	}
}

func TestSampleQuantileMatchesR(t *testing.T) {
	c := known[struct {
		Input    struct{ X, P []float64 }
		Expected struct{ Type6, Type7, Type8 []float64 }
	}](t, "27_quantiles")
	for i, p := range c.Input.P {
		near(t, "type 6", estimate.SampleQuantile(c.Input.X, p, estimate.Type6), c.Expected.Type6[i], 1e-12)
		near(t, "type 7", estimate.SampleQuantile(c.Input.X, p, estimate.Type7), c.Expected.Type7[i], 1e-12)
		near(t, "type 8", estimate.SampleQuantile(c.Input.X, p, estimate.Type8), c.Expected.Type8[i], 1e-12)
	}
}

func TestSurvivalByGroupMatchesR(t *testing.T) {
	c := known[amlCase](t, "21_km_aml")
	times, events, groups := c.columns()
	r, err := estimate.SurvivalByGroup(times, events, groups, estimate.SurvivalOptions{Transform: estimate.Log})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range c.Expected.Table { // R's common horizon is the last time of any group
		s := r.Groups[i]
		if s.Group != want.Row || float64(s.Horizon) != 161 || s.AtRisk(0) != want.Records || s.AtRisk(1e3) != 0 {
			t.Errorf("got %s to %v", s.Group, s.Horizon)
		}
		near(t, "restricted mean", s.RestrictedMean.Value, want.Mean, 1e-10)
		near(t, "restricted mean se", s.RestrictedMean.SE, want.SE, 1e-10)
	}
	near(t, "log-rank", float64(r.LogRank.Chisq), c.Expected.LogRank.Chisq, 1e-10)
	if one, err := estimate.SurvivalByGroup(times, events, nil, estimate.SurvivalOptions{}); err != nil || one.LogRank != nil || one.Groups[0].N != 23 {
		t.Errorf("one group: %+v, %v", one, err)
	}
}
