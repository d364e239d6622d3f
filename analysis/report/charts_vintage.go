package report

import (
	"fmt"
	"os"
	"path/filepath"

	"collectsim/analysis/chart"
	"collectsim/sim/outcome"
)

const vintageChart = "vintage"

// hasVintages tells whether loans opened during the run.
func (r *Run) hasVintages() bool {
	_, err := os.Stat(filepath.Join(r.Dir, "vintages.arrow"))
	return err == nil
}

// mostVintages is how many lines of one strategy can be told apart.
const mostVintages = 8

// vintage draws the vintage curves of all strategies, their vintages together, or those of one strategy by month of
// opening.
func (r *Run) vintage(o ChartOptions) (chart.Chart, error) {
	if !r.hasVintages() {
		return nil, fmt.Errorf("no loans opened during the run; portfolio.new_loans, or opened in a column map, makes some")
	}
	t, err := outcome.Open(r.Dir, "vintages")
	if err != nil {
		return nil, err
	}
	c := chart.Vintage{Frame: r.frame(), DPD: 30, Strategy: o.Strategy}
	if o.Strategy == "" {
		for _, name := range r.Manifest.Strategies {
			c.Lines = append(c.Lines, vintageLine(t, name, name, 0))
		}
		note(&c.Frame, "at each age, the loans that were observed so long")
		return c, nil
	}
	months := vintageMonths(t, o.Strategy)
	if len(months) == 0 {
		return nil, fmt.Errorf("no month's new loans were all observed for 30 days")
	}
	step := (len(months) + mostVintages - 1) / mostVintages
	for i := 0; i < len(months); i += step {
		c.Lines = append(c.Lines, vintageLine(t, fmt.Sprintf("month %d", months[i]), o.Strategy, months[i]))
	}
	if step > 1 {
		note(&c.Frame, "every %d. month of opening", step)
	}
	return c, nil
}

// vintageMonths lists the months of opening of which more than one age was observed: a point is no curve.
func vintageMonths(t *outcome.Table, strategy string) []int64 {
	var list []int64
	for row, name := range t.Column("strategy").Text {
		month := t.Column("vintage").Int[row]
		if name == strategy && month > 0 && t.Column("months_on_book").Int[row] == 1 {
			list = append(list, month)
		}
	}
	return list
}

// vintageLine is the curve of one vintage of a strategy, 0 for all together.
func vintageLine(t *outcome.Table, name, strategy string, month int64) chart.Line {
	l := chart.Line{Name: name}
	for row, s := range t.Column("strategy").Text {
		if s != strategy || t.Column("vintage").Int[row] != month {
			continue
		}
		l.X = append(l.X, float64(t.Column("months_on_book").Int[row]))
		l.Y = append(l.Y, t.Column("ever_30").Float[row])
		l.Low = append(l.Low, t.Column("ever_30_low").Float[row])
		l.High = append(l.High, t.Column("ever_30_high").Float[row])
	}
	return l
}
