package chart_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"collectsim/analysis/chart"
)

// A chart is a struct of plain data; the extension of the file gives the format.
func Example() {
	c := chart.Overdue{
		Frame: chart.Frame{
			Note:     "Base population, 10,000 accounts",
			Interval: "95% interval of the mean, 400 replications",
			Source:   "run base, seed 7",
		},
		DPD: 30,
		Lines: []chart.Line{
			{Name: "Reminders only", X: []float64{0, 180, 360}, Y: []float64{0.12, 0.13, 0.131}, Low: []float64{0.12, 0.126, 0.126}, High: []float64{0.12, 0.134, 0.136}},
			{Name: "Calls from day 5", X: []float64{0, 180, 360}, Y: []float64{0.12, 0.11, 0.108}, Low: []float64{0.12, 0.106, 0.103}, High: []float64{0.12, 0.114, 0.113}},
		},
	}
	dir, _ := os.MkdirTemp("", "chart")
	defer os.RemoveAll(dir)
	for _, ext := range []string{"svg", "png", "pdf"} {
		fmt.Println(ext, chart.Save(filepath.Join(dir, "overdue."+ext), c))
	}
	// Output:
	// svg <nil>
	// png <nil>
	// pdf <nil>
}

// What is missing is said all at once.
func ExampleWrite() {
	err := chart.Write(io.Discard, chart.Overdue{DPD: 30}, "svg")
	fmt.Println(err)
	// Output:
	// lines: empty, needs at least one line
	// source: missing, name the run or file the numbers come from
}

func ExampleExceedance() {
	peaks := []float64{35, 82, 71, 64, 28} // peak stress of five borrowers
	l := chart.Exceedance("Calls from day 5", peaks, []float64{0, 50, 70, 90})
	fmt.Println(l.X)
	fmt.Println(l.Y)
	// Output:
	// [0 50 70 90]
	// [1 0.6 0.4 0]
}

func ExampleRecoveryCost() {
	c := chart.RecoveryCost{
		Frame: chart.Frame{Source: "run base, seed 7"}, Unit: "CNY per account",
		Points: []chart.CostPoint{
			{Name: "Reminders only", Cost: chart.Exact(6), Recovery: chart.Exact(1905)},
			{Name: "Calls from day 5", Cost: chart.Exact(38), Recovery: chart.Exact(2210)},
		},
		Frontier: []string{"Reminders only", "Calls"},
	}
	fmt.Println(chart.Write(io.Discard, c, "svg"))
	c.Frontier[1] = "Calls from day 5"
	fmt.Println(chart.Write(io.Discard, c, "svg"))
	// Output:
	// frontier[1]: no point with known values is named "Calls"
	// <nil>
}
