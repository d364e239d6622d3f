package sensitivity_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"collectsim/analysis/sensitivity"

	"pgregory.net/rapid"
)

// planted flags points inside a box of factors 1 and 3 of five with probability in, others with probability out.
func planted(points [][]float64, in, out float64) []bool {
	rng := rand.New(rand.NewPCG(11, 11))
	interest := make([]bool, len(points))
	for r, p := range points {
		chance := out
		if p[0] <= 0.4 && p[2] >= 0.3 && p[2] <= 0.8 {
			chance = in
		}
		interest[r] = rng.Float64() < chance
	}
	return interest
}

func TestPRIMFindsPlantedBox(t *testing.T) {
	b := sensitivity.UnitBounds(5)
	points := must[[][]float64](t)(sensitivity.LatinHypercube(b, 2000, sensitivity.LHSOptions{Seed: 1}))
	for name, c := range map[string]struct{ in, out, density float64 }{
		"clean": {1, 0, 0.98}, "noisy": {0.9, 0.05, 0.85},
	} {
		got := must[sensitivity.Boxes](t)(sensitivity.PRIM(b.Names(), points, planted(points, c.in, c.out), sensitivity.PRIMOptions{Density: c.density}))
		box := got.Boxes[0]
		var limits []sensitivity.Limit
		for _, l := range box.Limits {
			if l.QuasiP < 1e-6 {
				limits = append(limits, l)
			}
		}
		if len(limits) != 2 || limits[0].Name != "x1" || limits[1].Name != "x3" {
			t.Fatalf("%s: significant limits %+v", name, limits)
		}
		// One peeling step takes 5 % of the points, so an end is met to within a step: 5 % of the factor's width in the box.
		near(t, name+" limits", []float64{limits[0].High, limits[1].Low, limits[1].High}, []float64{0.4, 0.3, 0.8}, 0.05)
		if !math.IsInf(limits[0].Low, -1) {
			t.Errorf("%s: x1 is limited below at %g", name, limits[0].Low)
		}
		if box.Density < c.density || box.Coverage < 0.9*c.in*0.2/(c.in*0.2+c.out*0.8) {
			t.Errorf("%s: density %g, coverage %g", name, box.Density, box.Coverage)
		}
		first := got.Trajectories[0][0]
		if first.Coverage != 1 || first.Mass != 1 || first.Density != got.BaseDensity || len(first.Limits) != 0 {
			t.Errorf("%s: trajectory starts with %+v", name, first)
		}
	}
}

// Two separate boxes of interest are found one after the other.
func TestPRIMCovers(t *testing.T) {
	b := sensitivity.UnitBounds(2)
	points := must[[][]float64](t)(sensitivity.LatinHypercube(b, 1500, sensitivity.LHSOptions{Seed: 2}))
	interest := make([]bool, len(points))
	for r, p := range points {
		interest[r] = p[0] < 0.3 && p[1] < 0.5 || p[0] > 0.7 && p[1] > 0.6
	}
	got := must[sensitivity.Boxes](t)(sensitivity.PRIM(b.Names(), points, interest, sensitivity.PRIMOptions{MaxBoxes: 5, Density: 0.95}))
	if len(got.Boxes) < 2 {
		t.Fatalf("%d boxes: %v", len(got.Boxes), got.Warnings)
	}
	if c := got.Boxes[0].Coverage + got.Boxes[1].Coverage; c < 0.9 || c > 1 {
		t.Errorf("two boxes cover %g", c)
	}
}

// Whole numbers: equal values stay together, and the limits are the planted ones exactly.
func TestPRIMIntegers(t *testing.T) {
	b := sensitivity.Bounds{{Name: "agents", Low: 1, High: 8, Integer: true}, {Name: "days", Low: 0, High: 30, Integer: true}}
	points := must[[][]float64](t)(sensitivity.LatinHypercube(b, 800, sensitivity.LHSOptions{Seed: 3}))
	interest := make([]bool, len(points))
	for r, p := range points {
		interest[r] = p[0] <= 3 && p[1] >= 10
	}
	got := must[sensitivity.Boxes](t)(sensitivity.PRIM(b.Names(), points, interest, sensitivity.PRIMOptions{Density: 1}))
	box := got.Boxes[0]
	if box.Density != 1 || box.Coverage != 1 || len(box.Limits) != 2 || box.Limits[0].High != 3 || box.Limits[1].Low != 10 {
		t.Errorf("box %+v", box)
	}
	text := string(must[[]byte](t)(json.Marshal(box)))
	if want := `{"limits":[{"name":"agents","low":null,"high":3,"quasi_p":`; !strings.HasPrefix(text, want) {
		t.Errorf("json %s", text)
	}
}

// Step sizes by hand: of 0 ... 99, half is peeled to 50 points, all of interest; pasting adds 5 (to 55), and would add 5
// more of which 3 are not, so that it stops.
func TestPRIMStepSizes(t *testing.T) {
	for name, value := range map[string]func(int) float64{
		"high end": func(r int) float64 { return float64(r) },
		"low end":  func(r int) float64 { return float64(-r) },
	} {
		points, interest := make([][]float64, 100), make([]bool, 100)
		for r := range points {
			points[r], interest[r] = []float64{value(r)}, r < 57
		}
		got := must[sensitivity.Boxes](t)(sensitivity.PRIM([]string{"x"}, points, interest, sensitivity.PRIMOptions{Peel: 0.5, Paste: 0.1}))
		if box := got.Boxes[0]; box.Points != 55 || box.Density != 1 || max(box.Limits[0].High, -box.Limits[0].Low) != math.Inf(1) || min(box.Limits[0].High, -box.Limits[0].Low) != 54 {
			t.Errorf("%s: %+v", name, box)
		}
	}
}

// Whatever the data: a box's numbers are those of the points that its limits hold, quasi-p-values those of a
// binomial summed term by term, coverage and mass never rise along a trajectory, and every box keeps its mass.
func TestPRIMNumbersAreThoseOfItsBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, k := rapid.IntRange(5, 80).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "k")
		points := make([][]float64, n)
		for r := range points {
			for range k {
				points[r] = append(points[r], float64(rapid.IntRange(0, 12).Draw(t, "x")))
			}
		}
		interest := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "interest")
		names := sensitivity.UnitBounds(k).Names()
		got, err := sensitivity.PRIM(names, points, interest, sensitivity.PRIMOptions{Density: 0.9, MinMass: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		for _, box := range got.Boxes {
			checkBox(t, box, names, points, interest)
			if box.Density <= got.BaseDensity || box.Mass < 0.1 {
				t.Fatalf("box %+v over density %g", box, got.BaseDensity)
			}
		}
		for _, trajectory := range got.Trajectories {
			for j, box := range trajectory {
				checkBox(t, box, names, points, interest)
				if j > 0 && (box.Points >= trajectory[j-1].Points || box.Coverage > trajectory[j-1].Coverage) {
					t.Fatalf("step %d of the trajectory grows: %+v", j, box)
				}
			}
		}
	})
}

func checkBox(t *rapid.T, box sensitivity.Box, names []string, points [][]float64, interest []bool) {
	count := func(skip string) (inside, hits, total int) {
		for r, p := range points {
			ok := true
			for _, l := range box.Limits {
				for i, name := range names {
					if name == l.Name && name != skip && (p[i] < l.Low || p[i] > l.High) {
						ok = false
					}
				}
			}
			if ok {
				inside++
			}
			if interest[r] {
				total++
				if ok {
					hits++
				}
			}
		}
		return inside, hits, total
	}
	inside, hits, total := count("")
	near := func(what string, got, want float64) {
		if !(math.Abs(got-want) <= 1e-9) {
			t.Fatalf("%s = %g, want %g in %+v", what, got, want, box)
		}
	}
	near("points", float64(box.Points), float64(inside))
	near("coverage", box.Coverage, float64(hits)/float64(total))
	near("density", box.Density, float64(hits)/float64(inside))
	near("mass", box.Mass, float64(inside)/float64(len(points)))
	for _, l := range box.Limits {
		around, h, _ := count(l.Name)
		p, tail := float64(h)/float64(around), 0.0
		for j := hits; j <= inside; j++ {
			up, _ := math.Lgamma(float64(inside + 1))
			down1, _ := math.Lgamma(float64(j + 1))
			down2, _ := math.Lgamma(float64(inside - j + 1))
			tail += math.Exp(up-down1-down2) * math.Pow(p, float64(j)) * math.Pow(1-p, float64(inside-j))
		}
		near("quasi-p of "+l.Name, l.QuasiP, tail)
	}
}

func TestPRIMEdges(t *testing.T) {
	points := [][]float64{{1}, {2}, {3}, {4}}
	for name, interest := range map[string][]bool{"none": {false, false, false, false}, "all": {true, true, true, true}} {
		got := must[sensitivity.Boxes](t)(sensitivity.PRIM([]string{"x"}, points, interest, sensitivity.PRIMOptions{}))
		if len(got.Boxes) != 0 || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "nothing to tell apart") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	before := [][]float64{{3}, {1}, {2}, {4}}
	must[sensitivity.Boxes](t)(sensitivity.PRIM([]string{"x"}, before, []bool{true, false, true, false}, sensitivity.PRIMOptions{}))
	if !reflect.DeepEqual(before, [][]float64{{3}, {1}, {2}, {4}}) {
		t.Error("arguments were modified")
	}
	_, err := sensitivity.PRIM([]string{"x"}, [][]float64{{1}, {math.NaN()}}, []bool{true}, sensitivity.PRIMOptions{Peel: 0.6, MinMass: -1, Density: 2})
	for _, want := range []string{"peel must lie in (0, 0.5], got 0.6", "minimum mass must lie in", "density must lie in", "1 flags of interest", "points[1][0]: must be finite"} {
		wantError(t, "prim", err, want)
	}
}
