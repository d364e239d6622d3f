package estimate_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/estimate"
)

// lateEntries reads a table with the columns start, stop, ev, g.
func lateEntries(t *testing.T, file string) (entries, times []float64, events []bool, groups []string) {
	t.Helper()
	in, err := os.Open("testdata/known/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r := csv.NewReader(in)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		start, err1 := strconv.ParseFloat(row[0], 64)
		stop, err2 := strconv.ParseFloat(row[1], 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		entries, times = append(entries, start), append(times, stop)
		events, groups = append(events, row[2] == "1"), append(groups, row[3])
	}
	return entries, times, events, groups
}

// TestLateEntry against R 4.2.2, survival 3.5-3: survfit(Surv(start, stop, ev) ~ 1, conf.type = "log-log"), group by
// group, on data with tied entries, ends and events.
func TestLateEntry(t *testing.T) {
	nan := math.NaN()
	want := map[string][][7]float64{ // time, at risk, events, survival, standard error, low, high
		"a": {
			{6, 7, 2, 0.714285714285714, 0.170746944190628, 0.258153665458795, 0.919797456044858},
			{7, 5, 1, 0.571428571428572, 0.187043905916565, 0.171866015528775, 0.837082780349181},
			{8, 5, 1, 0.457142857142857, 0.181217135353621, 0.120991034815234, 0.748185302014368},
			{9, 7, 1, 0.391836734693878, 0.166681461432554, 0.102158692017397, 0.680591543498059},
			{10, 6, 0, 0.391836734693878, 0.166681461432554, 0.102158692017397, 0.680591543498059},
			{11, 5, 1, 0.313469387755102, 0.150645567434175, 0.0733294241275999, 0.597469558337877},
			{12, 4, 2, 0.156734693877551, 0.108696655022653, 0.0210917976917164, 0.410660244743702},
			{16, 1, 1, 0, nan, nan, nan},
		},
		"b": {
			{3, 3, 1, 0.666666666666667, 0.272165526975909, 0.0540734267865168, 0.945206387272047},
			{5, 4, 0, 0.666666666666667, 0.272165526975909, 0.0540734267865168, 0.945206387272047},
			{6, 6, 2, 0.444444444444444, 0.222222222222222, 0.0661867531464125, 0.784908367147958},
			{8, 6, 1, 0.37037037037037, 0.19714468423051, 0.0584616125258603, 0.70648614595907},
			{9, 6, 1, 0.308641975308642, 0.173682541318252, 0.0495853207404868, 0.63126161224738},
			{10, 5, 1, 0.246913580246914, 0.149513597733209, 0.0380972890003765, 0.549510501028068},
			{12, 3, 2, 0.0823045267489712, 0.0836650243181174, 0.00390429158343639, 0.324783381352997},
			{16, 1, 1, 0, nan, nan, nan},
		},
	}
	medians := map[string][2]float64{"a": {8, 9.46693877551020}, "b": {6, 7.39094650205761}} // and restricted means
	entries, times, events, groups := lateEntries(t, "entry_ties.csv")
	r, err := estimate.SurvivalByGroup(times, events, groups, estimate.SurvivalOptions{Entry: entries})
	if err != nil {
		t.Fatal(err)
	}
	same := func(got estimate.Float, want float64) bool {
		return math.IsNaN(float64(got)) && math.IsNaN(want) || math.Abs(float64(got)-want) < 1e-9
	}
	for _, s := range r.Groups {
		if s.N != 12 || s.RestrictedMean.N != 12 || s.Events != 9 || float64(s.Median) != medians[s.Group][0] || !(math.Abs(s.RestrictedMean.Value-medians[s.Group][1]) <= 1e-9) {
			t.Errorf("%s: n %d, events %d, median %v, restricted mean %v", s.Group, s.N, s.Events, s.Median, s.RestrictedMean.Value)
		}
		for i, c := range s.Curve {
			w := want[s.Group][i]
			if c.Time != w[0] || c.AtRisk != int(w[1]) || c.Events != int(w[2]) || !same(c.Survival, w[3]) || !same(c.SE, w[4]) || !same(c.Low, w[5]) || !same(c.High, w[6]) {
				t.Errorf("%s: got %+v, want %v", s.Group, c, w)
			}
		}
	}
}

// TestLateEntryLogRank against the score test of coxph, which is the log-rank test where no events are tied.
func TestLateEntryLogRank(t *testing.T) {
	entries, times, events, groups := lateEntries(t, "entry_logrank.csv")
	r, err := estimate.SurvivalByGroup(times, events, groups, estimate.SurvivalOptions{Entry: entries})
	if err != nil || r.LogRank.DF != 2 || !(math.Abs(float64(r.LogRank.Chisq)-2.93727522752) <= 1e-10) {
		t.Errorf("got %+v, %v", r.LogRank, err)
	}
}

// TestEntryAtZeroIsNoEntry: with all under observation from before the first time on, nothing changes.
func TestEntryAtZeroIsNoEntry(t *testing.T) {
	_, times, events, groups := lateEntries(t, "entry_ties.csv")
	plain, err1 := estimate.SurvivalByGroup(times, events, groups, estimate.SurvivalOptions{})
	zero, err2 := estimate.SurvivalByGroup(times, events, groups, estimate.SurvivalOptions{Entry: make([]float64, len(times))})
	if err1 != nil || err2 != nil || plain.LogRank.Chisq != zero.LogRank.Chisq {
		t.Fatalf("%v, %v, %+v, %+v", err1, err2, plain.LogRank, zero.LogRank)
	}
	for g := range plain.Groups {
		for i, c := range plain.Groups[g].Curve {
			d := zero.Groups[g].Curve[i]
			if c.AtRisk != d.AtRisk || c.Survival != d.Survival {
				t.Errorf("got %+v, want %+v", d, c)
			}
		}
	}
}

func TestLateEntryRefuses(t *testing.T) {
	_, err := estimate.KaplanMeier([]float64{3, 5, 5}, []bool{true, true, false}, estimate.SurvivalOptions{Entry: []float64{3, 5 - 1e-12, math.NaN()}})
	for _, want := range []string{"observation 1: entry 3: must be a finite number below its time, 3", "observation 2", "observation 3: entry NaN"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	// Whoever was at risk first has the event before the others come: the curve is 0, and says why.
	s, err := estimate.KaplanMeier([]float64{2, 9, 9}, []bool{true, true, false}, estimate.SurvivalOptions{Entry: []float64{0, 4, 4}})
	if err != nil || s.N != 3 || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "the curve is 0 from time 2 on") {
		t.Errorf("got %+v, %v", s, err)
	}
}
