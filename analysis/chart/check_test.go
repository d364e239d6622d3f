package chart_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/chart"
)

// TestEmpty: a chart without data names what is missing, and so does one without source or named intervals.
func TestEmpty(t *testing.T) {
	for _, c := range []struct {
		chart chart.Chart
		want  []string
	}{
		{chart.Overdue{}, []string{"dpd: must be at least 1, got 0", "lines: empty", "source: missing"}},
		{chart.OverdueReported{}, []string{"dpd:", "reported: empty", "contractual: empty", "source:"}},
		{chart.RecoveryCost{}, []string{"unit:", "points: empty", "source:"}},
		{chart.Frontier3{}, []string{"unit:", "points: empty", "source:"}},
		{chart.Stress{}, []string{"lines: empty", "source:"}},
		{chart.StressVisit{}, []string{"lines: empty", "source:"}},
		{chart.Distress{}, []string{"lines: empty", "source:"}},
		{chart.Cure{}, []string{"curves: empty", "source:"}},
		{chart.RollRates{}, []string{"from: empty", "to: empty", "source:"}},
		{chart.Vintage{}, []string{"dpd: must be at least 1, got 0", "lines: empty", "source:"}},
		{chart.CostWaterfall{}, []string{"unit:", "parts: empty", "bars: empty", "source:"}},
		{chart.ContactFunnel{}, []string{"unit:", "stages: empty", "counts: empty", "source:"}},
		{chart.Queue{}, []string{"waiting: empty", "utilisation: empty", "source:"}},
		{chart.Forest{}, []string{"outcome:", "reference:", "rows: empty", "source:"}},
		{chart.Individual{}, []string{"outcome:", "reference:", "bars: empty", "source:"}},
		{chart.Fairness{}, []string{"outcome:", "reference:", "groups: empty", "series: empty", "source:"}},
		{chart.Acceptability{}, []string{"threshold:", "lines: empty", "source:"}},
		{chart.ValueOfInformation{}, []string{"unit:", "bars: empty", "source:"}},
		{chart.BreakEven{}, []string{"input:", "outcome:", "challenger:", "champion:", "difference: empty", "source:"}},
		{chart.Sweep{}, []string{"input:", "outcome:", "lines: empty", "source:"}},
		{chart.Tornado{}, []string{"outcome:", "bars: empty", "source:"}},
		{chart.BestMap{}, []string{"x_title:", "y_title:", "x: empty", "y: empty", "strategies: empty", "source:"}},
		{chart.Convergence{}, []string{"outcome:", "lines: empty", "source:"}},
	} {
		checkErrors(t, c.chart, c.want)
	}
}

// checkErrors compares the lines of the error with the beginnings wanted, in order, none missing, none over.
func checkErrors(t *testing.T, c chart.Chart, want []string) {
	t.Helper()
	_, _, _, err := chart.Record(c)
	if err == nil {
		t.Errorf("%T: no error, want %q", c, want)
		return
	}
	got := strings.Split(err.Error(), "\n")
	ok := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		ok = ok && strings.HasPrefix(got[i], want[i])
	}
	if !ok {
		t.Errorf("%T: errors\n\t%s\nwant\n\t%s", c, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// TestLineFaults puts every fault a line can have into one chart and expects each named once.
func TestLineFaults(t *testing.T) {
	f := frame("")
	inf, nan := math.Inf(1), math.NaN()
	checkErrors(t, chart.Overdue{
		Frame: f, DPD: 30,
		Lines: []chart.Line{
			{Name: "a", X: []float64{0, 1}, Y: []float64{0.1}},
			{Name: "b", X: []float64{0, nan}, Y: []float64{0.1, inf}},
			{Name: "c", X: []float64{1, 0}, Y: []float64{0.1, 1.2}},
			{Name: "d", X: []float64{0, 1}, Y: []float64{0.1, 0.1}, Low: []float64{0.2, 0}, High: []float64{0.1}},
			{Name: "e", X: []float64{0, 1}, Y: []float64{nan, nan}},
			{Name: "a", X: []float64{0}, Y: []float64{0}},
			{Name: " "},
		},
	}, []string{
		"lines[0].y: must have 2 values, got 1",
		"lines[1].x[1]: must be finite, got NaN",
		"lines[1].y[1]: must not be infinite, got +Inf",
		"lines[2].x[1]: must not fall, got 0 after 1",
		"lines[3].high: must have 2 values, got 1",
		"lines[3].low[0]: low must not exceed high, got 0.2 > 0.1",
		"lines[4].y: no value is known",
		"lines[6].x: empty",
		`lines[5].name: "a" already names lines[0]`,
		"lines[6].name: must not be empty",
		"lines[1].y[1]: must be a fraction in [0, 1], got +Inf",
		"lines[2].y[1]: must be a fraction in [0, 1], got 1.2",
	})
}

// TestFaults: one bad value a kind.
func TestFaults(t *testing.T) {
	one := []chart.Line{{Name: "a", X: []float64{0, 1}, Y: []float64{0.1, 0.2}}}
	bad := []chart.Line{{Name: "a", X: []float64{0, 1}, Y: []float64{0.1, 7}}}
	f := frame("")
	noInterval := f
	noInterval.Interval = " "
	for _, c := range []struct {
		chart chart.Chart
		want  string
	}{
		{chart.Overdue{Frame: noInterval, DPD: 1, Lines: overdueLines()}, "interval: missing"},
		{chart.Overdue{Frame: chart.Frame{Source: "x", Width: 2}, DPD: 1, Lines: one}, "width: must be 5 to 100 inches, got 2"},
		{chart.Overdue{Frame: chart.Frame{Source: "x", Height: math.NaN()}, DPD: 1, Lines: one}, "height: must be 3 to 100 inches, got NaN"},
		{chart.Overdue{Frame: f, DPD: 1, Lines: one, Overlay: chart.Overlay{Lines: one}}, "overlay.name: must not be empty"},
		{chart.Overdue{Frame: f, DPD: 1, Lines: one, Overlay: chart.Overlay{Name: "b", Lines: bad}}, "overlay.lines[0].y[1]: must be a fraction"},
		{chart.OverdueReported{Frame: f, DPD: 1, Contractual: one, Reported: bad}, "reported[0].y[1]: must be a fraction"},
		{chart.RecoveryCost{Frame: f, Unit: "CNY", Points: []chart.CostPoint{{Name: "a", Cost: iv(1, -1), Recovery: iv(1, 1)}}}, "points[0].cost: low must not exceed high"},
		{chart.RecoveryCost{Frame: f, Unit: "CNY", Points: []chart.CostPoint{{Name: "a", Cost: iv(1, 1), Recovery: chart.Exact(math.NaN())}}}, "points: no point has both"},
		{chart.RecoveryCost{Frame: f, Unit: "CNY", Points: []chart.CostPoint{{Name: "a", Cost: iv(1, 1), Recovery: iv(1, 1)}}, Frontier: []string{"b"}}, `frontier[0]: no point with known values is named "b"`},
		{chart.Frontier3{Frame: f, Unit: "CNY", Points: []chart.StressedPoint{{Name: "a", Cost: iv(1, 1), Recovery: iv(1, 1), Stress: iv(101, 1)}}}, "points[0].stress.value: must be 0 to 100, got 101"},
		{chart.Stress{Frame: f, Lines: one, Distress: 101}, "distress: must be 0 to 100, got 101"},
		{chart.StressVisit{Frame: f, Lines: one, NoticeDay: 1}, "notice_day: must not be after the visit, got 1"},
		{chart.Distress{Frame: f, Lines: bad}, "lines[0].y[1]: must be a fraction"},
		{chart.Cure{Frame: f, Curves: []chart.CureCurve{{Name: "a", Day: []float64{1}, Uncured: []float64{1.5}}}}, "curves[0].uncured: must be a fraction"},
		{chart.Cure{Frame: f, Curves: []chart.CureCurve{{Name: "a", Day: []float64{1}, Uncured: []float64{0.5}, AtRisk: []int{}}}}, "curves[0].at_risk: must have 1 values, got 0"},
		{chart.RollRates{Frame: f, From: []string{"a"}, To: []string{"a", "b"}, Rates: [][]float64{{0.5, 0.4}}}, "rates[0]: must sum to 1 or be all NaN, got 0.9"},
		{chart.CostWaterfall{Frame: f, Unit: "CNY", Parts: []string{"calls", "visits"}, Bars: []chart.CostBar{{Name: "a", Costs: []float64{1, -1}, Total: chart.Exact(0)}}}, "bars[0].costs[1]: must not be negative, got -1"},
		{chart.ContactFunnel{Frame: f, Unit: "contacts", Stages: []string{"attempted"}, Counts: []chart.FunnelCount{{Name: "a", Count: []float64{1, 2}}}}, "counts[0].count: must have 1 values, got 2"},
		{chart.Queue{Frame: f, Waiting: one, Utilisation: []chart.Line{{Name: "a", X: []float64{0}, Y: []float64{math.Inf(-1)}}}}, "utilisation[0].y: must not be infinite"},
		{chart.Forest{Frame: f, Outcome: "x", Reference: "y", Rows: []chart.ForestRow{{Name: "a", Difference: iv(1, 1), Joint: iv(1, -1)}}}, "rows[0].joint: low must not exceed high"},
		{chart.Individual{Frame: f, Outcome: "x", Reference: "y", Bars: []chart.IndividualBar{{Name: "a", Helped: 0.5, Harmed: 0.4}}}, "bars[0]: helped, unaffected and harmed must sum to 1, got 0.9"},
		{chart.Fairness{Frame: f, Outcome: "x", Reference: "y", Groups: []string{"g"}, Series: []chart.FairnessSeries{{Name: "a"}}}, "series[0].gaps: must have 1 values, got 0"},
		{chart.Acceptability{Frame: f, Threshold: "x", Lines: one, Optimal: []int{0, 1}}, "optimal[1]: must be 0 to 0, got 1"},
		{chart.Acceptability{Frame: f, Threshold: "x", Lines: one, Optimal: []int{0}}, "lines[0].x: must have 1 values, got 2"},
		{chart.ValueOfInformation{Frame: f, Unit: "CNY", All: chart.Exact(1), Over: one[0]}, "axis: must not be empty if over is given"},
		{chart.BreakEven{Frame: f, Input: "x", Outcome: "y", Challenger: "a", Champion: "b", Difference: one, Crossings: []chart.Crossing{{Interval: iv(math.Inf(1), 0)}}}, "crossings[0].value: must be finite"},
		{chart.Sweep{Frame: f, Input: "x", Outcome: "y", Lines: one, Base: math.Inf(1)}, "base: must not be infinite"},
		{chart.Tornado{Frame: f, Outcome: "x", Base: math.NaN(), Bars: []chart.TornadoBar{{Input: "a"}}}, "base: must be finite, got NaN"},
		{chart.BestMap{Frame: f, XTitle: "x", YTitle: "y", X: []float64{1}, Y: []float64{1}, Strategies: []string{"a"}, Best: [][]int{{1}}}, "best[0][0]: must be -1 to 0, got 1"},
		{chart.BestMap{Frame: f, XTitle: "x", YTitle: "y", X: []float64{2, 1}, Y: []float64{1}, Strategies: []string{"a"}, Best: [][]int{{0, 0}}}, "x: must rise"},
		{chart.BestMap{Frame: f, XTitle: "x", YTitle: "y", X: []float64{1}, Y: []float64{1}, Strategies: []string{"a"}, Best: [][]int{{0}}, Sure: [][]float64{{0.5}}}, "sure_from: must be in (0, 1]"},
		{chart.Convergence{Frame: f, Outcome: "x", Lines: one, Needed: -1}, "needed: must not be negative, got -1"},
	} {
		checkErrorAmong(t, c.chart, c.want)
	}
}

func checkErrorAmong(t *testing.T, c chart.Chart, want string) {
	t.Helper()
	_, _, _, err := chart.Record(c)
	if err == nil {
		t.Errorf("%T: no error, want %q", c, want)
		return
	}
	if !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(l string) bool { return strings.HasPrefix(l, want) }) {
		t.Errorf("%T: %v; want a line %q", c, err, want)
	}
}

// TestInputsStay: drawing changes no input.
func TestInputsStay(t *testing.T) {
	c := tornado().(chart.Tornado)
	before := slices.Clone(c.Bars)
	l := overdueLines()[0]
	low := slices.Clone(l.Low)
	if _, _, _, err := chart.Record(c); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := chart.Record(chart.Overdue{Frame: frame(""), DPD: 1, Lines: []chart.Line{l}}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, c.Bars) || !slices.Equal(low, l.Low) {
		t.Error("an input changed")
	}
}

func TestExceedance(t *testing.T) {
	values := []float64{70, 10, math.NaN(), 70, 90}
	l := chart.Exceedance("a", values, []float64{0, 10, 10.5, 70, 71, 90, 100})
	if want := []float64{1, 1, 0.75, 0.75, 0.25, 0.25, 0}; !slices.Equal(l.Y, want) {
		t.Errorf("%v, want %v", l.Y, want)
	}
	if values[0] != 70 {
		t.Error("the values were sorted in place")
	}
	if y := chart.Exceedance("a", nil, []float64{1}).Y[0]; y == y {
		t.Errorf("share of nothing is %v, want NaN", y)
	}
}
