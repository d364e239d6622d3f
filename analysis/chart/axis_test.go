package chart_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"collectsim/analysis/chart"
	_ "collectsim/internal/sameseed"
)

func TestTickLabels(t *testing.T) {
	for _, c := range []struct {
		unit   chart.Unit
		lo, hi float64
		n      int
		want   string
	}{
		{chart.Days, 0, 360, 13, "0 30 60 90 120 150 180 210 240 270 300 330 360"},
		{chart.Days, 0, 360, 8, "0 60 120 180 240 300 360"},
		{chart.Days, 0, 90, 8, "0 15 30 45 60 75 90"},
		{chart.Days, -21, 45, 8, "−20 −10 0 10 20 30 40"},
		{chart.Days, 0, 1, 13, "0 1"},
		{chart.Days, 0, 2, 13, "0 1 2"},
		{chart.Days, 0, 4, 4, "0 2 4"},
		{chart.Days, 4, 6, 13, "4 5 6"},
		{chart.Days, 0.2, 0.8, 3, "0.25 0.50 0.75"},
		{chart.Count, 2, 4, 13, "2 3 4"},
		{chart.Count, 0, 5, 3, "0 2 4"},
		{chart.Count, 0, 12, 7, "0 2 4 6 8 10 12"},
		{chart.Count, 2, 40, 5, "10 20 30 40"},
		{chart.Count, 0, 24, 4, "0 10 20"},
		{chart.Percent, 0, 0.196, 5, "0% 5% 10% 15%"},
		{chart.Percent, 0, 1, 5, "0% 25% 50% 75% 100%"},
		{chart.Percent, 0, 0.004, 5, "0.0% 0.1% 0.2% 0.3% 0.4%"},
		{chart.Points, -0.06, 0.06, 4, "−5 pp 0 pp 5 pp"},
		{chart.Number, 0, 2600, 7, "0 500 1,000 1,500 2,000 2,500"},
		{chart.Number, 0, 2.6e9, 6, "0 0.5bn 1.0bn 1.5bn 2.0bn 2.5bn"},
		{chart.Number, 0, 26e6, 6, "0 5M 10M 15M 20M 25M"},
		{chart.Number, -1, 1, 5, "−1.0 −0.5 0.0 0.5 1.0"},
		{chart.Number, 1e9, 1e9 + 2, 3, "1,000,000,000 1,000,000,001 1,000,000,002"},
	} {
		got, _ := chart.TickLabels(c.unit, c.lo, c.hi, c.n)
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("[%v, %v], at most %d: %s; want %s", c.lo, c.hi, c.n, s, c.want)
		}
	}
}

// TestTicksProperties: at most n ticks, in the range, evenly spaced, different labels, and never so few that the axis
// cannot be read.
func TestTicksProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := chart.Unit(rapid.IntRange(0, int(chart.Count)).Draw(t, "unit"))
		lo := rapid.Float64Range(-1e6, 1e6).Draw(t, "lo")
		span := math.Pow(10, rapid.Float64Range(-3, 9).Draw(t, "log span"))
		n := rapid.IntRange(3, 13).Draw(t, "n")
		labels, values := chart.TickLabels(u, lo, lo+span, n)
		if len(labels) > n || len(labels) < 1 {
			t.Fatalf("%d ticks, asked for at most %d", len(labels), n)
		}
		if n >= 5 && len(labels) < 2 {
			t.Fatalf("%d ticks of at most %d", len(labels), n)
		}
		for i, v := range values {
			if v < lo || v > lo+span {
				t.Fatalf("tick %v outside [%v, %v]", v, lo, lo+span)
			}
			if i > 0 && labels[i] == labels[i-1] {
				t.Fatalf("label %s twice, at %v and %v", labels[i], values[i-1], v)
			}
			if i > 1 && !(math.Abs((v-values[i-1])-(values[i-1]-values[i-2])) <= 1e-6*span) {
				t.Fatalf("uneven ticks %v", values)
			}
		}
	})
}

// TestTicksOfDaysAreWhole: whatever days, months or replications an axis shows, ticks stand on whole ones, and there are
// some.
func TestTicksOfDaysAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.SampledFrom([]chart.Unit{chart.Days, chart.Count}).Draw(t, "unit")
		lo := float64(rapid.IntRange(-30, 400).Draw(t, "lo"))
		hi := lo + float64(rapid.IntRange(1, 4000).Draw(t, "span"))
		labels, values := chart.TickLabels(u, lo, hi, rapid.IntRange(2, 13).Draw(t, "n"))
		for i, v := range values {
			if v != math.Trunc(v) || strings.Contains(labels[i], ".") {
				t.Fatalf("tick %v, %s", v, labels[i])
			}
		}
		if len(values) == 0 {
			t.Fatal("no ticks")
		}
	})
}

func TestValue(t *testing.T) {
	for _, c := range []struct {
		unit chart.Unit
		v    float64
		want string
	}{
		{chart.Number, 0, "0"},
		{chart.Number, 31, "31"},
		{chart.Number, 31.456, "31.5"},
		{chart.Number, 3.14159, "3.14"},
		{chart.Number, 0.0314159, "0.031"},
		{chart.Number, 1e-9, "1e−09"},
		{chart.Number, -1234.5, "−1,234"},
		{chart.Number, 9_999_999, "9,999,999"},
		{chart.Number, 12_345_678, "12.3M"},
		{chart.Number, 1_234_567_890, "1.23bn"},
		{chart.Number, 3e15, "3,000tn"},
		{chart.Number, math.NaN(), "not known"},
		{chart.Percent, 0.1234, "12.3%"},
		{chart.Percent, 0.00042, "0.04%"},
		{chart.Percent, 0, "0.0%"},
		{chart.Percent, -0.00001, "0.0%"},
		{chart.Points, -0.023, "−2.3 pp"},
		{chart.Days, -7, "−7"},
	} {
		if got := c.unit.Value(c.v); got != c.want {
			t.Errorf("%v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{chart.Number.WithRange(chart.Interval{Value: 38, Low: 36.67, High: 39.33}), "38.0 (36.7 to 39.3)"},
		{chart.Number.WithRange(chart.Interval{Value: 4.3, Low: 3.6, High: 5}), "4.30 (3.60 to 5.00)"},
		{chart.Number.WithRange(chart.Interval{Value: 121, Low: 116.7, High: 125.3}), "121 (117 to 125)"},
		{chart.Number.WithRange(chart.Exact(121.3)), "121"},
		{chart.Percent.WithRange(chart.Interval{Value: 0.12, Low: 0.1, High: 0.14}), "12.0% (10.0 to 14.0)"},
		{chart.Points.SignedRange(chart.Interval{Value: -0.002, Low: -0.006, High: 0.002}), "−0.2 pp (−0.6 to +0.2)"},
		{strings.Join(chart.Number.List([]float64{0, 0.25, 3}), " "), "0.00 0.25 3.00"},
		{strings.Join(chart.Number.List([]float64{0, 1e9, 2.5e9}), " "), "0 1.0bn 2.5bn"},
		{strings.Join(chart.Percent.List([]float64{0.95}), " "), "95%"},
		{strings.Join(chart.Number.List([]float64{0, 1.0 / 3, 2.0 / 3, 1}), " "), "0.000 0.333 0.667 1.000"},
		{strings.Join(chart.Number.List([]float64{0.0001, 0.00012, 0.1}), " "), "0.00010 0.00012 0.10000"},
		{strings.Join(chart.Number.List([]float64{0.0001, 0.1}), " "), "0.0001 0.1000"},
		{strings.Join(chart.Number.List([]float64{2, 2e6, 4e9}), " "), "2 2,000,000 4,000,000,000"},
		{strings.Join(chart.Number.List([]float64{1.00001, 1.00002}), " "), "1.00001 1.00002"},
		{strings.Join(chart.Percent.List([]float64{0.000001, 0.0125}), " "), "0.0001% 1.2500%"},
		{strings.Join(chart.Number.List([]float64{-0.00025, 0, 0.00025}), " "), "−0.00025 0.00000 0.00025"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

// TestFixedIsFormatFloat: with the separators taken out, the number is what strconv prints.
func TestFixedIsFormatFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e12, 1e12).Draw(t, "v")
		d := rapid.IntRange(0, 6).Draw(t, "d")
		got := chart.Fixed(v, d)
		want := strconv.FormatFloat(v, 'f', d, 64)
		back := strings.NewReplacer(",", "", "−", "-").Replace(got)
		if back != want && "-"+back != want { // minus zero loses its sign
			t.Fatalf("%v with %d decimals: %s, want %s", v, d, got, want)
		}
		groups := strings.Split(strings.TrimPrefix(strings.Split(got, ".")[0], "−"), ",")
		if len(groups[0]) > 3 || slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
			t.Fatalf("bad groups in %s", got)
		}
	})
}
