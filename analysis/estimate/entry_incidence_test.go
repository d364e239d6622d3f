package estimate_test

import (
	"math"
	"strings"
	"testing"

	"collectsim/analysis/estimate"
)

// TestLateEntryIncidence against R 4.2.2, survival 3.5-3: survfit(Surv(start, stop, end) ~ 1), where every third row that
// ended was written off and the others were paid.
func TestLateEntryIncidence(t *testing.T) {
	want := [][4]float64{ // time, open, paid, written off
		{3, 0.833333333333333, 0.166666666666667, 0},
		{5, 0.833333333333333, 0.166666666666667, 0},
		{6, 0.576923076923077, 0.294871794871795, 0.128205128205128},
		{7, 0.524475524475524, 0.294871794871795, 0.180652680652681},
		{8, 0.429116338207247, 0.390230981140072, 0.180652680652681},
		{9, 0.363098440021517, 0.423239930232937, 0.213661629745546},
		{10, 0.330089490928652, 0.456248879325802, 0.213661629745546},
		{11, 0.288828304562570, 0.497510065691884, 0.213661629745546},
		{12, 0.123783559098244, 0.621293624790128, 0.254922816111627},
		{16, 0, 0.745077183888373, 0.254922816111627},
	}
	entries, times, events, _ := lateEntries(t, "entry_ties.csv")
	causes := make([]string, len(times))
	for i := range causes {
		switch {
		case events[i] && i%3 == 2:
			causes[i] = "writeoff"
		case events[i]:
			causes[i] = "paid"
		}
	}
	in, err := estimate.AalenJohansen(times, causes, estimate.SurvivalOptions{Entry: entries})
	if err != nil || len(in.Curve) != len(want) || len(in.Warnings) > 0 {
		t.Fatalf("got %+v, %v", in, err)
	}
	for i, c := range in.Curve {
		for k, got := range []float64{c.Time, float64(c.Open), float64(c.Prob[0]), float64(c.Prob[1])} {
			if !(math.Abs(got-want[i][k]) <= 1e-12) {
				t.Errorf("time %v: got %v, want %v", c.Time, got, want[i][k])
			}
		}
	}
}

// TestLateEntrySingleEnd: of a single end the incidence is 1 less the survival curve, with the same standard error.
func TestLateEntrySingleEnd(t *testing.T) {
	entries, times, events, _ := lateEntries(t, "entry_ties.csv")
	causes := make([]string, len(times))
	for i := range causes {
		if events[i] {
			causes[i] = "paid"
		}
	}
	o := estimate.SurvivalOptions{Entry: entries}
	in, err1 := estimate.AalenJohansen(times, causes, o)
	km, err2 := estimate.KaplanMeier(times, events, o)
	if err1 != nil || err2 != nil || len(in.Curve) != len(km.Curve) {
		t.Fatal(err1, err2)
	}
	for i, c := range in.Curve {
		s := km.Curve[i]
		if c.AtRisk != s.AtRisk || !(math.Abs(float64(c.Prob[0]+s.Survival-1)) <= 1e-12) || s.Survival > 0 && !(math.Abs(float64(c.SE[0]-s.SE)) <= 1e-12) {
			t.Errorf("got %+v, want %+v", c, s)
		}
	}
	in, err := estimate.AalenJohansen([]float64{2, 9, 9}, []string{"paid", "paid", ""}, estimate.SurvivalOptions{Entry: []float64{0, 4, 4}})
	if err != nil || len(in.Warnings) != 1 || !strings.Contains(in.Warnings[0], "nobody is open from time 2 on") {
		t.Errorf("got %+v, %v", in, err)
	}
}

// TestIncidenceEndsAtOne: where everybody has the one end there is, its incidence is 1 and not a rounding error above it,
// with the interval that the curve of a certain event has: none on the log-log scale, no width on the others.
func TestIncidenceEndsAtOne(t *testing.T) {
	for n := 1; n <= 60; n++ {
		times, causes := make([]float64, n), make([]string, n)
		for i := range times {
			times[i], causes[i] = float64(i/2), "paid" // in pairs; some sums of 2/n are 1 - 1e-16, some 1 + 2e-16
		}
		for _, scale := range []estimate.Transform{estimate.LogLog, estimate.Log, estimate.Plain} {
			in, err := estimate.AalenJohansen(times, causes, estimate.SurvivalOptions{Transform: scale})
			if err != nil {
				t.Fatal(err)
			}
			last := in.Curve[len(in.Curve)-1]
			if last.Open != 0 || last.Prob[0] != 1 || last.SE[0] != 0 {
				t.Errorf("%d of %d ended: open %v, paid %v (%v)", n, n, last.Open, last.Prob[0], last.SE[0])
			}
			low, high := float64(last.Low[0]), float64(last.High[0])
			if none := math.IsNaN(low) && math.IsNaN(high); none != (scale == estimate.LogLog) || !none && (low != 1 || high != 1) {
				t.Errorf("%d of %d ended, %s: interval %v to %v", n, n, scale, low, high)
			}
		}
	}
}
