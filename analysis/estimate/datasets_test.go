package estimate_test

import (
	"math"
	"slices"
	"testing"

	"collectsim/analysis/estimate"
)

type rPoint struct {
	Time                   float64
	Risk, Events, Censored int
	Surv                   float64
	SE, Low, High          *float64
}

type rCurve struct {
	Curve []rPoint
	Table []*float64   // records, n.max, n.start, events, rmean, se(rmean), median, low, high
	Q     [][]*float64 // of 0.25, 0.5, 0.75: value, low, high
}

type rIncidence struct {
	Time, Risk          []float64
	Prob, SE, Low, High [][]*float64 // columns: open, death, pcm
}

type rDatasets struct {
	Cases []struct {
		Name   string
		Time   []float64
		Status []int
		Group  []string
		KM     []struct {
			Group              string
			LogLog, Log, Plain rCurve
		}
		LogRank []struct {
			Rho      float64
			Groups   []string
			Chisq, P float64
			DF       int
			Obs, Exp []float64
		}
	}
	Competing struct {
		Time               []float64
		End                []string
		LogLog, Log, Plain rIncidence
	}
}

func TestSurvivalOfRDatasets(t *testing.T) {
	for _, c := range known[rDatasets](t, "survival_datasets").Cases {
		for _, k := range c.KM {
			var times []float64
			var events []bool
			for i, g := range c.Group {
				if g == k.Group {
					times, events = append(times, c.Time[i]), append(events, c.Status[i] == 1)
				}
			}
			for transform, want := range map[estimate.Transform]rCurve{estimate.LogLog: k.LogLog, estimate.Log: k.Log, estimate.Plain: k.Plain} {
				t.Run(c.Name+"/"+k.Group+"/"+string(transform), func(t *testing.T) {
					got, err := estimate.KaplanMeier(times, events, estimate.SurvivalOptions{Transform: transform})
					if err != nil {
						t.Fatal(err)
					}
					checkCurve(t, got, want)
				})
			}
		}
	}
}

func checkCurve(t *testing.T, got estimate.Survival, want rCurve) {
	t.Helper()
	if len(got.Curve) != len(want.Curve) {
		t.Fatalf("got %d times, want %d", len(got.Curve), len(want.Curve))
	}
	for i, w := range want.Curve {
		g := got.Curve[i]
		if g.Time != w.Time || g.AtRisk != w.Risk || g.Events != w.Events || g.Censored != w.Censored {
			t.Fatalf("row %d: got %+v, want %+v", i, g, w)
		}
		near(t, "survival", float64(g.Survival), w.Surv, 1e-10)
		near(t, "se", float64(g.SE), orNaN(w.SE), 1e-10)
		near(t, "low", float64(g.Low), orNaN(w.Low), 1e-9)
		near(t, "high", float64(g.High), orNaN(w.High), 1e-9)
	}
	near(t, "restricted mean", got.RestrictedMean.Value, *want.Table[4], 1e-10)
	near(t, "se of restricted mean", got.RestrictedMean.SE, *want.Table[5], 1e-10)
	near(t, "median", float64(got.Median), orNaN(want.Table[6]), 0)
	near(t, "median low", float64(got.MedianLow), orNaN(want.Table[7]), 0)
	near(t, "median high", float64(got.MedianHigh), orNaN(want.Table[8]), 0)
	for i, p := range []float64{0.25, 0.5, 0.75} {
		q := got.TimeTo(p)
		near(t, "time to", q.Value, orNaN(want.Q[i][0]), 0)
		near(t, "time to, low", q.Low, orNaN(want.Q[i][1]), 0)
		near(t, "time to, high", q.High, orNaN(want.Q[i][2]), 0)
	}
}

func TestLogRankOfRDatasets(t *testing.T) {
	for _, c := range known[rDatasets](t, "survival_datasets").Cases {
		events := make([]bool, len(c.Status))
		for i, s := range c.Status {
			events[i] = s == 1
		}
		for _, want := range c.LogRank {
			got, err := estimate.LogRank(c.Time, events, c.Group, want.Rho)
			if err != nil {
				t.Fatal(err)
			}
			if got.DF != want.DF {
				t.Errorf("%s: df %d, want %d", c.Name, got.DF, want.DF)
			}
			near(t, c.Name+" chisq", float64(got.Chisq), want.Chisq, 1e-9)
			near(t, c.Name+" p", float64(got.P), want.P, 1e-8)
			for g, name := range want.Groups {
				if got.Groups[g] != name {
					t.Fatalf("%s: groups %v, want %v", c.Name, got.Groups, want.Groups)
				}
				near(t, name+" observed", float64(got.Observed[g]), want.Obs[g], 1e-10)
				near(t, name+" expected", float64(got.Expected[g]), want.Exp[g], 1e-10)
			}
		}
	}
}

func TestIncidenceOfRDataset(t *testing.T) {
	c := known[rDatasets](t, "survival_datasets").Competing
	for transform, want := range map[estimate.Transform]rIncidence{estimate.LogLog: c.LogLog, estimate.Log: c.Log, estimate.Plain: c.Plain} {
		got, err := estimate.AalenJohansen(c.Time, c.End, estimate.SurvivalOptions{Transform: transform})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Curve) != len(want.Time) {
			t.Fatalf("got %d times, want %d", len(got.Curve), len(want.Time))
		}
		for i, g := range got.Curve {
			near(t, "time", g.Time, want.Time[i], 0)
			near(t, "at risk", float64(g.AtRisk), want.Risk[i], 0)
			near(t, "open", float64(g.Open), *want.Prob[i][0], 1e-10)
			near(t, "open se", float64(g.OpenSE), *want.SE[i][0], 1e-9)
			for k := range got.Causes {
				near(t, "incidence", float64(g.Prob[k]), *want.Prob[i][k+1], 1e-10)
				near(t, "incidence se", float64(g.SE[k]), *want.SE[i][k+1], 1e-9)
				if g.Prob[k] > 0 { // at 0 R's plain and log intervals are 0 or missing, ours are NaN
					near(t, "incidence low", float64(g.Low[k]), orNaN(want.Low[i][k+1]), 1e-9)
					near(t, "incidence high", float64(g.High[k]), math.Min(1, orNaN(want.High[i][k+1])), 1e-9)
				}
			}
		}
	}
}

func TestAalenJohansenMatchesR(t *testing.T) {
	c := known[struct {
		Input struct {
			Data []struct {
				Time float64
				Ev   string
			}
		}
		Expected struct {
			AJ []struct {
				Time       float64
				Risk       int     `json:"n.risk"`
				Open       float64 `json:"p_open"`
				Paid       float64 `json:"p_paid"`
				Writeoff   float64 `json:"p_writeoff"`
				SEPaid     float64 `json:"se_paid"`
				SEWriteoff float64 `json:"se_writeoff"`
			}
			Naive []struct {
				Time  float64
				Naive float64 `json:"one_minus_km"`
			} `json:"naive_one_minus_km_paid"`
		}
	}](t, "24_aalen_johansen_competing")
	var times []float64
	var ends []string
	var paid []bool
	for _, r := range c.Input.Data {
		end := r.Ev
		if end == "cens" {
			end = estimate.Censored
		}
		times, ends, paid = append(times, r.Time), append(ends, end), append(paid, end == "paid")
	}
	got, err := estimate.AalenJohansen(times, ends, estimate.SurvivalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := map[float64]estimate.IncidencePoint{}
	for _, p := range got.Curve {
		at[p.Time] = p
	}
	for _, w := range c.Expected.AJ {
		p := at[w.Time]
		near(t, "at risk", float64(p.AtRisk), float64(w.Risk), 0)
		near(t, "open", float64(p.Open), w.Open, 1e-10)
		near(t, "paid", float64(p.Prob[0]), w.Paid, 1e-10)
		near(t, "writeoff", float64(p.Prob[1]), w.Writeoff, 1e-10)
		near(t, "se paid", float64(p.SE[0]), w.SEPaid, 1e-10)
		near(t, "se writeoff", float64(p.SE[1]), w.SEWriteoff, 1e-10)
	}
	naive, err := estimate.KaplanMeier(times, paid, estimate.SurvivalOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range c.Expected.Naive {
		near(t, "1 - KM", 1-naive.At(w.Time), w.Naive, 1e-10)
		if naive := 1 - naive.At(w.Time); naive < float64(at[w.Time].Prob[0])-1e-12 {
			t.Errorf("t=%v: 1 - KM = %v below the incidence", w.Time, naive)
		}
	}
}

// Two treatments as strata, rows 1 to 69 and 70 to 137 of R's veteran. Expected by R 4.2.2, survival 3.5-3:
// survdiff(Surv(time, status) ~ celltype + strata(trt), veteran, rho).
func TestStratifiedLogRankOfVeteran(t *testing.T) {
	cases := known[rDatasets](t, "survival_datasets").Cases
	c := cases[1]
	if c.Name != "veteran" {
		t.Fatalf("the second data set is %s", c.Name)
	}
	events, strata := make([]bool, len(c.Time)), make([]string, len(c.Time))
	for i, s := range c.Status {
		events[i], strata[i] = s == 1, "standard"
		if i >= 69 {
			strata[i] = "test"
		}
	}
	for _, want := range []struct {
		rho, chisq float64
		obs, exp   map[string]float64
	}{
		{0, 22.7821199353378, map[string]float64{"squamous": 31, "smallcell": 45, "adeno": 26, "large": 26}, map[string]float64{
			"squamous": 45.1818373946892, "smallcell": 30.6371388922492, "adeno": 16.3743103990983, "large": 35.8067133139633,
		}},
		{1, 18.9051284977225, map[string]float64{"squamous": 13.7303320302009, "smallcell": 28.67417809217499, "adeno": 15.92459069508025, "large": 9.62687898717885}, map[string]float64{
			"squamous": 20.0584204465027, "smallcell": 19.016689984089, "adeno": 11.2045824115665, "large": 17.6762869624768,
		}},
	} {
		r, err := estimate.SurvivalByGroup(c.Time, events, c.Group, estimate.SurvivalOptions{Rho: want.rho, Strata: strata})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "chisq", float64(r.LogRank.Chisq), want.chisq, 1e-9)
		for g, name := range r.LogRank.Groups {
			near(t, name+" observed", float64(r.LogRank.Observed[g]), want.obs[name], 1e-10)
			near(t, name+" expected", float64(r.LogRank.Expected[g]), want.exp[name], 1e-10)
		}
		if r.LogRank.DF != 3 || !slices.Equal(r.LogRank.Strata, []string{"standard", "test"}) {
			t.Errorf("df %d, strata %q", r.LogRank.DF, r.LogRank.Strata)
		}
	}
}

// Strata that are the groups leave nothing to compare.
func TestStrataThatAreTheGroups(t *testing.T) {
	groups := []string{"a", "a", "b", "b"}
	r, err := estimate.SurvivalByGroup([]float64{1, 2, 1, 3}, []bool{true, true, true, true}, groups, estimate.SurvivalOptions{Strata: groups})
	if err != nil || !math.IsNaN(float64(r.LogRank.Chisq)) || len(r.LogRank.Warnings) == 0 {
		t.Errorf("got %+v, %v", r.LogRank, err)
	}
}
