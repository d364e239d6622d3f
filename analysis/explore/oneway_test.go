package explore_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"collectsim/analysis/explore"
	"collectsim/analysis/sensitivity"
	_ "collectsim/internal/sameseed"
	"collectsim/sim/outcome"

	"pgregory.net/rapid"
)

func ofPoints(points [][]string) *explore.Study {
	return &explore.Study{Dir: "d", Manifest: &outcome.Manifest{Sweep: &outcome.SweepDesign{Paths: []string{"a", "b", "c"}[:len(points[0])], Points: points}}}
}

// TestOneWayReadsTheDesignBack: of any base and levels, those that package sensitivity made the points from.
func TestOneWayReadsTheDesignBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SliceOfN(rapid.Float64Range(-3, 3), 1, 3).Draw(t, "base")
		levels := make([][]float64, len(base))
		for i := range base {
			levels[i] = rapid.SliceOfNDistinct(rapid.Float64Range(4, 9), 0, 4, rapid.ID[float64]).Draw(t, "levels")
		}
		levels[0] = append(levels[0], 10)
		design, err := sensitivity.OneWay(base, levels)
		if err != nil {
			t.Fatal(err)
		}
		var points [][]string
		for _, p := range design {
			var row []string
			for _, x := range p {
				row = append(row, strconv.FormatFloat(x, 'g', -1, 64))
			}
			points = append(points, row)
		}
		gotBase, gotLevels, err := ofPoints(points).OneWay()
		if err != nil || !slices.Equal(gotBase, base) || !slices.EqualFunc(gotLevels, levels, slices.Equal) {
			t.Fatalf("%v, %v, %v; want %v, %v", gotBase, gotLevels, err, base, levels)
		}
	})
}

func TestOneWayRefusesOtherDesigns(t *testing.T) {
	for want, points := range map[string][][]string{
		"1 points":                       {{"1", "2"}},
		"point 1 is not of a one-way":    {{"1", "2"}, {"3", "4"}},
		"point 2 is not of a one-way":    {{"1", "2"}, {"1", "4"}, {"3", "2"}},
		"point 1 is the base again":      {{"1", "2"}, {"1", "2"}},
		`b is "x", a one-way design`:     {{"1", "x"}, {"2", "x"}},
		`a is "harsh", a one-way design`: {{"1", "2"}, {"harsh", "2"}},
	} {
		if _, _, err := ofPoints(points).OneWay(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", points, err, want)
		}
	}
}
