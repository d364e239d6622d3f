package outcome

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestVintageTable: two replications of two vintages of 10 and 30 loans, the second observed for one month less,
// worked out by hand: means and half widths of the shares, and all loans together at each age.
func TestVintageTable(t *testing.T) {
	dir := t.TempDir()
	info := &Info{Scenario: "hand", Strategies: []string{"calls", "silent"}}
	source := func(each func(*Replication) error) error {
		for i := range 2 {
			n := int64(i)
			o := StrategyOutcome{Name: "calls", Values: make([]float64, len(metrics)), Vintages: []Vintage{
				{Month: 1, Loans: 10, Ever30: []int64{0, 2 + 2*n}, Late30: []int64{0, 2}, ChargedOff: []int64{0, n}},
				{Month: 3, Loans: 30, Ever30: []int64{3}, Late30: []int64{3 * n}, ChargedOff: []int64{0}},
			}}
			if err := each(&Replication{Index: i, Strategies: []StrategyOutcome{o, {Name: "silent", Values: o.Values}}}); err != nil {
				return err
			}
		}
		return nil
	}
	none := func(atRisk, _, _ []int64) (a, b, c []float64) { return make([]float64, len(atRisk)), nil, nil }
	if err := Build(dir, info, source, Statistics{HalfWidth: func(sd float64, n int) float64 { return sd * float64(n) }, Survival: none}); err != nil {
		t.Fatal(err)
	}
	table, err := Open(dir, "vintages")
	if err != nil {
		t.Fatal(err)
	}
	want := [][8]float64{ // vintage, months on book, loans, ever, its half width, overdue, charged off
		{0, 0, 40, 3.0 / 40, 0, 1.5 / 40, 0},
		{0, 1, 10, 0.3, 2 * 0.1 * math.Sqrt2, 0.2, 0.05},
		{1, 0, 10, 0, 0, 0, 0},
		{1, 1, 10, 0.3, 2 * 0.1 * math.Sqrt2, 0.2, 0.05},
		{3, 0, 30, 0.1, 0, 0.05, 0},
	}
	if table.Rows() != len(want) {
		t.Fatalf("%d rows, want %d", table.Rows(), len(want))
	}
	for row, w := range want {
		i := func(name string) float64 { return float64(table.Column(name).Int[row]) }
		f := func(name string) float64 { return table.Column(name).Float[row] }
		got := [8]float64{i("vintage"), i("months_on_book"), i("loans"), f("ever_30"), f("ever_30_high") - f("ever_30"), f("overdue_30"), f("charged_off")}
		for k := range got {
			if !(math.Abs(got[k]-w[k]) <= 1e-12) {
				t.Errorf("row %d: %v, want %v", row, got, w)
				break
			}
		}
		if table.Column("strategy").Text[row] != "calls" || !(math.Abs(f("ever_30")-f("ever_30_low")-w[4]) <= 1e-12) {
			t.Errorf("row %d: of %s, low %v", row, table.Column("strategy").Text[row], f("ever_30_low"))
		}
	}
}

// TestNoVintagesNoTable: a closed portfolio has no table of vintages.
func TestNoVintagesNoTable(t *testing.T) {
	var none builder
	none.dir, none.info = t.TempDir(), &Info{Strategies: []string{"a"}}
	if err := none.vintages(make([]reduction, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(none.dir, "vintages.arrow")); !os.IsNotExist(err) {
		t.Errorf("a table without vintages: %v", err)
	}
}
