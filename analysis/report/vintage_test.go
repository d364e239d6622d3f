package report

import (
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/chart"
	"collectsim/sim/outcome"
)

// vintagesByHand is a table of two strategies and vintages of which month m was observed for 12-m months.
func vintagesByHand() *outcome.Table {
	t := &outcome.Table{Name: "vintages", Columns: []outcome.Column{{Name: "strategy", Kind: outcome.Text}}}
	for _, name := range []string{"vintage", "months_on_book", "loans"} {
		t.Columns = append(t.Columns, outcome.Column{Name: name, Kind: outcome.Int})
	}
	for _, name := range []string{"ever_30", "ever_30_low", "ever_30_high", "overdue_30", "charged_off"} {
		t.Columns = append(t.Columns, outcome.Column{Name: name, Kind: outcome.Float})
	}
	for s, strategy := range []string{"calls", "visits"} {
		for month := range int64(13) {
			for age := range 13 - max(month, 1) {
				t.Columns[0].Text = append(t.Columns[0].Text, strategy)
				for k, v := range []int64{month, age, 7} {
					t.Columns[1+k].Int = append(t.Columns[1+k].Int, v)
				}
				share := 0.01 * float64(age) * float64(1+s)
				for k, v := range []float64{share, share / 2, share + 0.7, 0, 0} {
					t.Columns[4+k].Float = append(t.Columns[4+k].Float, v)
				}
			}
		}
	}
	return t
}

// TestVintageChart: without a strategy a line each, all vintages together, each in its interval; with one its
// vintages, at most eight, and none of a single point.
func TestVintageChart(t *testing.T) {
	m := &outcome.Manifest{Strategies: []string{"calls", "visits"}, Replications: 9, Horizon: 360}
	r := folderOf(t, m, nil, vintagesByHand())
	c, err := r.Draw("vintage", ChartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	lines := c.(chart.Vintage).Lines
	if len(lines) != 2 || lines[1].Name != "visits" || len(lines[1].X) != 12 || lines[1].X[11] != 11 || lines[1].Y[11] != 0.22 ||
		lines[1].Low[11] != 0.11 || lines[1].High[0] != 0.7 {
		t.Fatalf("lines %+v", lines)
	}
	c, err = r.Draw("vintage", ChartOptions{Strategy: "calls"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range c.(chart.Vintage).Lines {
		names = append(names, l.Name)
		if len(l.X) < 2 || l.Y[1] != 0.01 {
			t.Errorf("line %+v", l)
		}
	}
	if want := []string{"month 1", "month 3", "month 5", "month 7", "month 9", "month 11"}; !slices.Equal(names, want) {
		t.Errorf("lines %v, want %v", names, want)
	}
	if note := c.(chart.Vintage).Note; !strings.Contains(note, "every 2. month of opening") {
		t.Errorf("note %q", note)
	}
}

// TestNoVintageChart: a folder of a closed portfolio says why there is none.
func TestNoVintageChart(t *testing.T) {
	r := folderOf(t, &outcome.Manifest{Strategies: []string{"calls"}}, nil)
	if _, err := r.Draw("vintage", ChartOptions{}); err == nil || !strings.Contains(err.Error(), "no loans opened during the run") {
		t.Errorf("error %v", err)
	}
}
