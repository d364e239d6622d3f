package sensitivity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"collectsim/analysis/sensitivity"
)

// The factors of the examples: a cost, an effect, a number of officers.
var factors = sensitivity.Bounds{
	{Name: "visit_cost", Low: 10, High: 50},
	{Name: "uplift", Low: 0.01, High: 1, Log: true},
	{Name: "officers", Low: 1, High: 5, Integer: true},
}

func ExampleReadBounds() {
	file := "name,low,high,scale\nvisit_cost,10,50\nuplift,0.01,1,log\nofficers,1,5,integer\n"
	b, err := sensitivity.ReadBounds(strings.NewReader(file))
	fmt.Println(len(b), b.Names(), b[1].Log, b[2].Integer, err)
	_, err = sensitivity.ReadBounds(strings.NewReader("name,low,high\nvisit_cost,50,10\n"))
	fmt.Println(err)
	// Output:
	// 3 [visit_cost uplift officers] true true <nil>
	// bounds line 2: visit_cost: low must be below high, got 50 and 10
}

func ExampleReadOutputs() {
	values, err := sensitivity.ReadOutputs(strings.NewReader("cost,effect\n10,0.5\n12,nan\n"), "effect")
	fmt.Println(values, err)
	// Output: [0.5 NaN] <nil>
}

func ExampleReadPoints() {
	points, err := sensitivity.ReadPoints(strings.NewReader("point,b,a\n0,1,2\n1,3,4\n"), []string{"a", "b"})
	fmt.Println(points, err)
	// Output: [[2 1] [4 3]] <nil>
}

func ExampleBounds_Scale() {
	points, _ := factors.Scale([][]float64{{0, 0, 0}, {0.5, 0.5, 0.5}, {1, 1, 1}})
	for _, p := range points {
		fmt.Printf("%g %.2g %g\n", p[0], p[1], p[2])
	}
	// Output:
	// 10 0.01 1
	// 30 0.1 3
	// 50 1 5
}

func ExampleTornado() {
	base := []float64{30, 0.1, 3}
	levels, _ := factors.Levels(2)
	points, _ := sensitivity.OneWay(base, levels)
	var values []float64
	for _, p := range points { // the model: net value of visits per account
		values = append(values, 400*p[1]-p[0]+p[2])
	}
	table, _ := sensitivity.Tornado(factors.Names(), base, levels, values)
	for _, row := range table {
		fmt.Printf("%-10s %6.1f to %5.1f, sign changes: %t\n", row.Name, row.Low, row.High, row.SignChange)
	}
	// Output:
	// uplift      -23.0 to 373.0, sign changes: true
	// visit_cost   -7.0 to  33.0, sign changes: true
	// officers     11.0 to  15.0, sign changes: false
}

func ExampleBestMap() {
	cost, uplift := []float64{10, 30, 50}, []float64{0.01, 0.1, 1}
	points, _ := sensitivity.TwoWay([]float64{30, 0.1, 3}, sensitivity.Axis{Factor: 0, Values: cost}, sensitivity.Axis{Factor: 1, Values: uplift})
	var values [][]float64
	for _, p := range points { // net value of reminders, of visits
		values = append(values, []float64{1, 400*p[1] - p[0]})
	}
	best, _ := sensitivity.BestMap(cost, uplift, values, sensitivity.Higher)
	for i, row := range best.Best {
		fmt.Println(best.X[i], row)
	}
	// Output:
	// 10 [0 1 1]
	// 30 [0 1 1]
	// 50 [0 0 1]
}

func ExampleGrid() {
	points, _ := sensitivity.Grid([][]float64{{1, 2}, {10, 20}})
	fmt.Println(points)
	// Output: [[1 10] [1 20] [2 10] [2 20]]
}

func ExampleZip() {
	points, _ := sensitivity.Zip([][]float64{{1, 2}, {10, 20}})
	fmt.Println(points)
	// Output: [[1 10] [2 20]]
}

func ExampleRandom() {
	points, _ := sensitivity.Random(factors, 100, 1)
	fmt.Println(len(points), len(points[0]))
	// Output: 100 3
}

func ExampleLatinHypercube() {
	points, _ := sensitivity.LatinHypercube(factors[2:], 5, sensitivity.LHSOptions{Seed: 1, Maximin: 10})
	sum := 0.0
	for _, p := range points { // each of the five whole numbers once
		sum += p[0]
	}
	fmt.Println(sum)
	// Output: 15
}

func ExampleSobolSequence() {
	points, _ := sensitivity.SobolSequence(sensitivity.UnitBounds(2), 4, sensitivity.SequenceOptions{})
	fmt.Println(points)
	// Output: [[0 0] [0.5 0.5] [0.75 0.25] [0.25 0.75]]
}

func ExampleMorris() {
	b := sensitivity.UnitBounds(3)
	points, _ := sensitivity.MorrisDesign(b, 10, sensitivity.MorrisDesignOptions{Seed: 1, Levels: 4})
	var values []float64
	for _, p := range points {
		values = append(values, 5*p[0]-2*p[1])
	}
	got, _ := sensitivity.Morris(b, points, values, sensitivity.MorrisOptions{})
	for i, name := range got.Names {
		fmt.Printf("%s %.1f %.1f %.1f\n", name, got.Mu[i], got.MuStar[i], got.Sigma[i])
	}
	// Output:
	// x1 5.0 5.0 0.0
	// x2 -2.0 2.0 0.0
	// x3 0.0 0.0 0.0
}

func ExampleSobol() {
	b := sensitivity.UnitBounds(2)
	points, _ := sensitivity.Saltelli(b, 1024, sensitivity.SaltelliOptions{})
	var values []float64
	for _, p := range points { // variances 4/12 and 1/12
		values = append(values, 2*p[0]+p[1])
	}
	got, _ := sensitivity.Sobol(b.Names(), values, sensitivity.SobolOptions{Seed: 1})
	for i, name := range got.Names {
		fmt.Printf("%s first %.2f, total %.2f\n", name, got.S1[i], got.ST[i])
	}
	// Output:
	// x1 first 0.80, total 0.80
	// x2 first 0.20, total 0.20
}

func ExampleBreakEven() {
	x := []float64{0, 10, 20, 30} // cost of a visit
	y := [][]float64{             // net gain of visiting, by replication
		{14, 4, -6, -16}, {16, 6, -4, -14}, {15, 5, -5, -15}, {14.5, 4.5, -5.5, -15.5}, {15.5, 5.5, -4.5, -14.5},
	}
	got, _ := sensitivity.BreakEven(x, y, sensitivity.BreakEvenOptions{Seed: 1})
	c := got.Crossings[0]
	fmt.Printf("%.1f (%.1f to %.1f), rising: %t\n", c.X, c.Low, c.High, c.Rising)
	fmt.Println(got.Warnings)
	// Output:
	// 15.0 (14.2 to 15.9), rising: false
	// [5 replications: intervals need 10 or more to be trusted]
}

func ExamplePRIM() {
	b := sensitivity.Bounds{{Name: "unemployment", Low: 0, High: 10, Integer: true}, {Name: "price", Low: 0, High: 1}}
	points, _ := sensitivity.LatinHypercube(b, 550, sensitivity.LHSOptions{Seed: 1})
	var worse []bool
	for _, p := range points { // visits lose in a deep downturn
		worse = append(worse, p[0] >= 7)
	}
	got, _ := sensitivity.PRIM(b.Names(), points, worse, sensitivity.PRIMOptions{Density: 1})
	text, _ := json.Marshal(got.Boxes[0].Limits[0].Low)
	fmt.Fprintf(os.Stdout, "%s from %s: coverage %g, density %g\n", got.Boxes[0].Limits[0].Name, text, got.Boxes[0].Coverage, got.Boxes[0].Density)
	// Output: unemployment from 7: coverage 1, density 1
}
