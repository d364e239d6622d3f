package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// PanelColumns say where a table holds a panel.
type PanelColumns struct{ ID, Time, State string }

// Panel is what "estimate transitions" prints.
type Panel struct {
	estimate.TransitionMatrix
	Level float64 `json:"confidence"`
}

// EstimateTransitions reads a panel from any table and counts the moves between states. Times are
// numbers, months, days or stamps (estimate.ParseTimes). Every fault is named with file, row, column and
// value.
func EstimateTransitions(path string, columns PanelColumns, o estimate.PanelOptions) (*Panel, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	c := &cells{path: path, table: t}
	id, time, state := c.column(columns.ID, "who is observed"), c.column(columns.Time, "when"), c.column(columns.State, "in which state")
	if err := c.err(); err != nil {
		return nil, err
	}
	ids, times, states := c.texts(id), c.times(time), states(state, o.States)
	if t.Rows() == 0 {
		c.fault("has no rows to estimate from")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	m, err := estimate.Transitions(ids, times, states, o)
	if err != nil {
		return nil, byRow(path, err)
	}
	return &Panel{m, o.Confidence}, nil
}

// times reads a column of numbers or dates.
func (c *cells) times(col *outcome.Column) []float64 {
	before := len(c.faults)
	if col.Kind != outcome.Text {
		if c.numbers(col); len(c.faults) > before {
			return nil
		}
	}
	texts := c.texts(col)
	if len(c.faults) > before {
		return nil
	}
	times, err := estimate.ParseTimes(texts)
	if err != nil {
		c.faults = append(c.faults, byRow(fmt.Sprintf("%s: column %q", c.path, col.Name), err))
	}
	return times
}

// states reads a column of states, "" where one is missing: what programs write for that is a state only where it is asked for.
func states(col *outcome.Column, asked []string) []string {
	if col.Kind != outcome.Text {
		return asText(col).Text
	}
	out := slices.Clone(col.Text)
	for i, s := range out {
		if outcome.MeansMissing(s) && !slices.Contains(asked, s) {
			out[i] = ""
		}
	}
	return out
}

// byRow puts the file in front of each error of package estimate, whose observations are the file's rows.
func byRow(path string, err error) error {
	var errs []error
	for line := range strings.Lines(err.Error()) {
		errs = append(errs, fmt.Errorf("%s: %s", path, strings.ReplaceAll(strings.TrimRight(line, "\n"), "observation ", "row ")))
	}
	return errors.Join(errs...)
}

// JSON writes one document.
func (x *Panel) JSON(w io.Writer) error { return writeJSON(w, x) }

// Text writes the matrix of rates over that of counts, a row a state that is left.
func (x *Panel) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("%s moves between %d states, %s; rates with %s intervals (Wilson)\n", thousands(x.Moves), len(x.States), perPeriods(x.Periods), stated(x.Level))
	rows := [][]string{append(append([]string{"from \\ to"}, x.States...), "moves")}
	for i, from := range x.States {
		total := 0
		rate, span, count := []string{from}, []string{""}, []string{""}
		for j, n := range x.Counts[i] {
			total += n
			rate, span, count = append(rate, ratePercent(x.Rates[i][j])), append(span, spanPercent(x.Low[i][j], x.High[i][j])), append(count, thousands(n))
		}
		rows = append(rows, append(rate, thousands(total)), append(span, ""), append(count, ""))
	}
	p.grid(rows)
	p.warn(x.Warnings)
	return p.err
}

func perPeriods(k int) string {
	if k == 1 {
		return "to the next row of the same id"
	}
	return fmt.Sprintf("%d rows ahead", k)
}

func ratePercent(x estimate.Float) string {
	if math.IsNaN(float64(x)) {
		return "-"
	}
	switch text := percent(float64(x), 2); {
	case text == "0.00%" && x > 0:
		return "<0.01%"
	case text == "100.00%" && x < 1:
		return ">99.99%"
	default:
		return text
	}
}

func spanPercent(low, high estimate.Float) string {
	if math.IsNaN(float64(low)) {
		return ""
	}
	return fmt.Sprintf("%.2f-%.2f", 100*float64(low), 100*float64(high))
}

// CSV writes one row per pair of states.
func (x *Panel) CSV(w io.Writer) error {
	t := outcome.NewTable("transitions", "from", "to", "count", "rate", "low", "high")
	for i, from := range x.States {
		for j, to := range x.States {
			addRow(t, from, to, float64(x.Counts[i][j]), float64(x.Rates[i][j]), float64(x.Low[i][j]), float64(x.High[i][j]))
		}
	}
	return t.Write(w, "csv")
}
