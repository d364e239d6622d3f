package outcome

import (
	"math"
	"testing"

	_ "collectsim/internal/sameseed"

	"pgregory.net/rapid"
)

// TestVisitStressTable: two replications of which the ratio of means and its linearised spread are worked out by
// hand. 2 borrowers at 30 and 4 at 40 have the mean 220/6; the sums differ from that mean's by -40/3 and +40/3,
// over 3 borrowers a replication by -40/9 and +40/9, of which the standard deviation is 40/9 times the root of 2.
func TestVisitStressTable(t *testing.T) {
	dir := t.TempDir()
	info := &Info{Scenario: "hand", Strategies: []string{"visits", "silent"}}
	source := func(each func(*Replication) error) error {
		for i, n := range []int64{2, 4} {
			x := AroundStress{Borrowers: n}
			for d := range x.Stress {
				x.Stress[d] = float64(n) * float64(30+10*i+d)
			}
			o := StrategyOutcome{Name: "visits", Values: make([]float64, len(metrics)), Around: [NumAnchors]AroundStress{AroundVisit: x}}
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
	table, err := Open(dir, "visit_stress")
	if err != nil {
		t.Fatal(err)
	}
	if table.Rows() != AroundDays {
		t.Fatalf("%d rows, want one a day of the window for the only strategy and anchor", table.Rows())
	}
	for row := range table.Rows() {
		mean, half := 220.0/6+float64(row), 2*40.0/9*math.Sqrt2
		if table.Column("strategy").Text[row] != "visits" || table.Column("anchor").Text[row] != "visit" ||
			table.Column("day").Int[row] != int64(row-7) || table.Column("borrowers").Int[row] != 6 {
			t.Errorf("row %d is of %s, %s, day %d, %d borrowers", row, table.Column("strategy").Text[row],
				table.Column("anchor").Text[row], table.Column("day").Int[row], table.Column("borrowers").Int[row])
		}
		for _, x := range []struct {
			column string
			want   float64
		}{{"stress", mean}, {"low", mean - half}, {"high", mean + half}} {
			if got := table.Column(x.column).Float[row]; !(math.Abs(got-x.want) <= 1e-10) {
				t.Errorf("row %d: %s %v, want %v", row, x.column, got, x.want)
			}
		}
	}
}

// TestRatioMoments: the running sums give what a second pass over the replications gives. Each of the three sums that
// make the variance has at most 40 terms, updated with a few roundings each, and none is larger than with the squares
// not centred: 16 roundings a term of that size bound the difference.
func TestRatioMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		under := rapid.SliceOfN(rapid.IntRange(0, 1000), 2, 40).Draw(t, "borrowers")
		under[0]++
		over := make([]float64, len(under))
		var m ratioMoments
		sumOver, sumUnder := 0.0, 0.0
		for i, n := range under {
			over[i] = float64(n) * rapid.Float64Range(20, 40).Draw(t, "stress")
			m.add(over[i], float64(n))
			sumOver, sumUnder = sumOver+over[i], sumUnder+float64(n)
		}
		value, squares, size := sumOver/sumUnder, 0.0, 0.0
		for i, n := range under {
			u := (over[i] - value*float64(n)) / (sumUnder / float64(len(under)))
			squares += u * u
			v := (over[i] + value*float64(n)) / (sumUnder / float64(len(under)))
			size += v * v
		}
		n := float64(len(under))
		want, bound := squares/(n-1), 16*n*0x1p-53*size/(n-1)
		if got, sd := m.ratio(); !(math.Abs(got-value) <= 16*n*0x1p-53*value) || !(math.Abs(sd*sd-want) <= bound) {
			t.Fatalf("%v, variance %v; by a second pass %v, variance %v, bound %v", got, sd*sd, value, want, bound)
		}
	})
}
