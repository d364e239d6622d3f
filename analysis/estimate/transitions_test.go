package estimate_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/estimate"
)

func TestTransitionsMatchMsm(t *testing.T) {
	f, err := os.Open("testdata/known/cav.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var ids, raw, states []string
	for _, row := range rows[1:] {
		ids, raw, states = append(ids, row[0]), append(raw, row[1]), append(states, row[2])
	}
	times, err := estimate.ParseTimes(raw)
	if err != nil {
		t.Fatal(err)
	}
	m, err := estimate.Transitions(ids, times, states, estimate.PanelOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{{1367, 204, 44, 148}, {46, 134, 54, 48}, {4, 13, 107, 55}, {0, 0, 0, 0}}
	if !reflect.DeepEqual(m.Counts, want) || !reflect.DeepEqual(m.States, []string{"1", "2", "3", "4"}) {
		t.Errorf("states %v, counts %v", m.States, m.Counts)
	}
	if m.Moves != len(ids)-622 { // 622 patients
		t.Errorf("%d moves of %d observations", m.Moves, len(ids))
	}
	if !math.IsNaN(float64(m.Rates[3][0])) || !strings.Contains(strings.Join(m.Warnings, "\n"), "state 4 is never left") {
		t.Errorf("death is never left: rates %v, warnings %q", m.Rates[3], m.Warnings)
	}
}

// A small panel counted by hand: a has a gap after month 2, b a missing state.
//
//	a: 1 C, 2 C, 5 D, 6 C      b: 1 D, 2 ?, 3 D, 4 D      c: 7 C
var (
	handIDs    = strings.Split("a a a a b b b b c", " ")
	handTimes  = []float64{6, 2, 5, 1, 3, 1, 2, 4, 7}
	handStates = []string{"C", "C", "D", "C", "D", "D", "", "D", "C"}
)

func TestTransitionsByHand(t *testing.T) {
	for _, c := range []struct {
		o        estimate.PanelOptions
		counts   [][]int
		warnings int
	}{
		{estimate.PanelOptions{}, [][]int{{1, 1}, {1, 1}}, 2},
		{estimate.PanelOptions{SkipGaps: true}, [][]int{{1, 0}, {1, 1}}, 2},
		{estimate.PanelOptions{Periods: 2}, [][]int{{1, 1}, {0, 0}}, 4}, // C C D, C D C; b has none without a hole
		{estimate.PanelOptions{Periods: 3, SkipGaps: true}, [][]int{{0, 0}, {0, 0}}, 5},
	} {
		m, err := estimate.Transitions(handIDs, handTimes, handStates, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m.Counts, c.counts) || len(m.Warnings) != c.warnings {
			t.Errorf("%+v: counts %v, warnings %q; want %v and %d warnings", c.o, m.Counts, m.Warnings, c.counts, c.warnings)
		}
	}
	m, err := estimate.Transitions(handIDs, handTimes, handStates, estimate.PanelOptions{States: []string{"D", "X", "C"}})
	if err != nil || !reflect.DeepEqual(m.Counts, [][]int{{1, 0, 1}, {0, 0, 0}, {1, 0, 1}}) {
		t.Errorf("given order: %v, %v", m.Counts, err)
	}
	want := estimate.Share(1, 2, 0.95)
	if float64(m.Low[0][0]) != want.Low || float64(m.High[0][0]) != want.High {
		t.Errorf("interval %v to %v, want Wilson's %v", m.Low[0][0], m.High[0][0], want)
	}
}

func TestTransitionErrors(t *testing.T) {
	_, err := estimate.Transitions([]string{"a", "a", "a"}, []float64{1, 1, nan}, []string{"C", "D", "C"}, estimate.PanelOptions{})
	if err == nil || !strings.Contains(err.Error(), `observation 2: id "a": at the same time as observation 1`) || !strings.Contains(err.Error(), "finite") {
		t.Errorf("got %v", err)
	}
	_, err = estimate.Transitions([]string{"a"}, []float64{1}, []string{"Z"}, estimate.PanelOptions{States: []string{"C"}})
	if err == nil || !strings.Contains(err.Error(), `state "Z"`) {
		t.Errorf("got %v", err)
	}
}

// Against a naive count: for each observation, look for the next of the same id.
func TestTransitionsAgainstNaiveCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ids, states []string
		var times []float64
		for _, id := range []string{"a", "b", "c"} {
			for month := range 8 {
				if rapid.Bool().Draw(t, "seen") {
					ids, times = append(ids, id), append(times, float64(month))
					states = append(states, rapid.SampledFrom([]string{"0", "1", "10"}).Draw(t, "state"))
				}
			}
		}
		order := rapid.Permutation(indices(len(ids))).Draw(t, "order")
		mixedIDs, mixedTimes, mixedStates := make([]string, len(ids)), make([]float64, len(ids)), make([]string, len(ids))
		for i, k := range order {
			mixedIDs[i], mixedTimes[i], mixedStates[i] = ids[k], times[k], states[k]
		}
		m, err := estimate.Transitions(mixedIDs, mixedTimes, mixedStates, estimate.PanelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		naive := map[[2]string]int{}
		for i := range ids {
			if i+1 < len(ids) && ids[i+1] == ids[i] {
				naive[[2]string{states[i], states[i+1]}]++
			}
		}
		for i, from := range m.States {
			sum := 0.0
			for j, to := range m.States {
				if m.Counts[i][j] != naive[[2]string{from, to}] {
					t.Fatalf("%s to %s: got %d, want %d", from, to, m.Counts[i][j], naive[[2]string{from, to}])
				}
				sum += float64(m.Rates[i][j])
			}
			if !math.IsNaN(sum) && math.Abs(sum-1) > 1e-12 {
				t.Fatalf("rates from %s sum to %v", from, sum)
			}
		}
	})
}

func TestPowerOfTransitions(t *testing.T) {
	m := estimate.TransitionsFromCounts([]string{"C", "D"}, [][]int{{8, 2}, {4, 6}}, 0)
	got, err := m.Power(5)
	if err != nil {
		t.Fatal(err)
	}
	// Two states: P^k has D -> C limits (2/3, 1/3) and the second eigenvalue 0.8 + 0.6 - 1 = 0.4.
	l := math.Pow(0.4, 5)
	near(t, "C to C", got[0][0], 2./3+l/3, 1e-14)
	near(t, "D to D", got[1][1], 1./3+2*l/3, 1e-14)
	stuck := estimate.TransitionsFromCounts([]string{"C", "W"}, [][]int{{1, 1}, {0, 0}}, 0)
	if _, err := stuck.Power(2); !errors.Is(err, estimate.ErrUndefinedRate) {
		t.Errorf("got %v", err)
	}
}

func TestParseTimes(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want []float64 // relative to the first
	}{
		{[]string{"-12", "-11.5", " 3 "}, []float64{0, 0.5, 15}},
		{[]string{"2023-11", "2023-12", "2024-02"}, []float64{0, 1, 3}},
		{[]string{"2023/11", "2023/12", "2024/2"}, []float64{0, 1, 3}},
		{[]string{"202311", "202312", "202402"}, []float64{0, 1, 3}},
		{[]string{"20240228", "20240301", "20231231"}, []float64{0, 2, -59}},
		{[]string{"202311", "202313"}, []float64{0, 2}},     // no thirteenth month: numbers
		{[]string{"20240228", "20240230"}, []float64{0, 2}}, // no such day
		{[]string{"150012", "150101"}, []float64{0, 89}},    // of no book
		{[]string{"2024/2/28", "2024/3/1"}, []float64{0, 2}},
		{[]string{"2024-02-28", "2024-03-01", "1969-12-31"}, []float64{0, 2, -19782}},
		{[]string{"2024-01-01T00:00:00Z", "2024-01-01T01:00:00+00:30"}, []float64{0, 1800}},
		{[]string{"2024-01-31T00:00:00", "2024-02-01T00:00:00.5"}, []float64{0, 86400.5}}, // as Arrow and Parquet without a zone are read
		{[]string{"2024-01-31 00:00:00", "2024-02-01 12:00:00"}, []float64{0, 129600}},
		{[]string{"2024-01-01T00:00:00Z", "9999-12-31T00:00:00Z"}, []float64{0, 251698147200}}, // date -u -d 9999-12-31 +%s, less that of 2024-01-01
	} {
		got, err := estimate.ParseTimes(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		for i := range got {
			near(t, c.in[i], got[i]-got[0], c.want[i], 0)
		}
	}
	for _, bad := range [][]string{{"soon"}, {"1", "2024-01"}, {"NaN"}, {"2024-13"}, {""}} {
		if got, err := estimate.ParseTimes(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, got)
		}
	}
}

func FuzzParseTimes(f *testing.F) {
	for _, s := range []string{"1", "-3.5e2", "2024-02", "2024-02-29", "2024-01-01T00:00:00Z", "202401", "20240229", "2024/2/9", "0x1p3", "inf", ""} {
		f.Add(s, "2")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		got, err := estimate.ParseTimes([]string{a, b})
		if err != nil {
			return
		}
		for _, v := range got {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%q, %q: got %v without an error", a, b, got)
			}
		}
	})
}

func ExampleTransitions() {
	ids := []string{"1", "1", "1", "2", "2", "2"}
	months := []float64{1, 2, 3, 1, 2, 3}
	buckets := []string{"current", "1-29", "current", "current", "current", "1-29"}
	m, err := estimate.Transitions(ids, months, buckets, estimate.PanelOptions{States: []string{"current", "1-29"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Counts)
	fmt.Printf("roll rate %.2f (%.2f to %.2f)\n", m.Rates[0][1], m.Low[0][1], m.High[0][1])
	// Output:
	// [[1 2] [1 0]]
	// roll rate 0.67 (0.21 to 0.94)
}

// TestDatesWhoseNumbersAreOutOfOrder: months as MMYYYY and days as YYMMDD are refused, since January 2002 would come before
// December 2001; counts, and numbers that are in order, are not.
func TestDatesWhoseNumbersAreOutOfOrder(t *testing.T) {
	panel := func(times ...string) error {
		_, err := estimate.ParseTimes(times)
		return err
	}
	const order = ", whose numbers are in another order than the dates; write it as "
	for want, times := range map[string][]string{
		`time "012001": reads as MMYYYY` + order + "2001-01":        {"012001", "012002", "122001"},
		`time "12001": reads as MMYYYY` + order + "2001-01":         {"12001", "12002", "122001"},
		`time "970705": reads as YYMMDD` + order + "1997-07-05":     {"970705", "981231", "010101"},
		`time "31012001": reads as DDMMYYYY` + order + "2001-01-31": {"31012001", "28022001", "31032001"},
	} {
		if err := panel(times...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", times, err, want)
		}
	}
	for _, times := range [][]string{{"1", "2", "3"}, {"200101", "200102", "200212"}, {"20010131", "20010228", "20010331"}, {"12001", "12002", "12003"}, {"930705", "931231", "980101"}, {"101001", "999999", "100350"}, {"0.5", "1.25", "7"}} {
		if err := panel(times...); err != nil {
			t.Errorf("%v: %v", times, err)
		}
	}
}
