package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// SurvivalColumns say where a table holds the times to an end.
type SurvivalColumns struct {
	Time, Event string
	By          string   // groups; empty means one group
	Strata      string   // what groups are compared within; empty means all together
	Entry       string   // time of coming under observation; empty means all from the start
	EventIs     []string // values of Event that are the event, all others censorings; nil means truth values
	Censored    []string // values of Event that are censorings, for competing ends; nil means the usual words
	SkipMissing bool     // leave rows with an empty cell out, with a warning, instead of refusing them
}

// Lifetimes are the rows of a table as times to an end, parallel slices.
type Lifetimes struct {
	Times    []float64
	Causes   []string  // end, or [estimate.Censored]
	Groups   []string  // nil without --by
	Strata   []string  // nil without --strata
	Entries  []float64 // nil without a column of entries
	Warnings []string
}

// allGroups names the only group where none are asked for.
const allGroups = "all"

// ReadLifetimes reads times to an end from any table. With competing, Event names the end of each row;
// else it says whether the event happened: 1 or 0, true or false, yes or no, or 2 or 1 as in R. Every
// fault is named with file, row, column and value.
func ReadLifetimes(path string, columns SurvivalColumns, competing bool) (*Lifetimes, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	c := &cells{path: path, table: t}
	needed := []*outcome.Column{c.column(columns.Time, "time to the end"), c.column(columns.Event, "whether or how it ended")}
	if columns.By != "" {
		needed = append(needed, c.column(columns.By, "group"))
	}
	if columns.Strata != "" {
		needed = append(needed, c.column(columns.Strata, "stratum"))
	}
	if columns.Entry != "" {
		needed = append(needed, c.column(columns.Entry, "time of coming under observation"))
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	l := &Lifetimes{}
	keep := columns.wholeRows(t.Rows(), needed, competing)
	if n := t.Rows() - len(keep); n > 0 {
		l.Warnings = append(l.Warnings, fmt.Sprintf("%d of %d rows have an empty cell and are left out", n, t.Rows()))
	}
	l.readTimes(c, needed[0], keep)
	if competing {
		l.readCauses(c, needed[1], keep, &columns)
	} else {
		l.readEvents(c, needed[1], keep, columns.EventIs)
	}
	if columns.By != "" {
		l.Groups = namesOf(c, needed[2], keep, "group")
	}
	if columns.Strata != "" { // only with groups
		l.Strata = namesOf(c, needed[3], keep, "stratum")
	}
	if columns.Entry != "" {
		l.readEntries(c, needed[len(needed)-1], keep)
	}
	if len(keep) == 0 {
		c.fault("has no rows to estimate from")
	}
	return l, c.err()
}

// wholeRows lists the rows that have a value in all columns, or without SkipMissing all rows. Of competing ends an empty
// cell is a value: the end was not seen.
func (s *SurvivalColumns) wholeRows(n int, columns []*outcome.Column, competing bool) []int {
	var rows []int
	for row := range n {
		gap := func(c *outcome.Column) bool {
			if competing && c.Name == s.Event {
				return s.noEnd(c.Format(row))
			}
			return missing(c, row)
		}
		if !s.SkipMissing || !slices.ContainsFunc(columns, gap) {
			rows = append(rows, row)
		}
	}
	return rows
}

// noEnd reports a text that says neither how it ended nor that the end was not seen.
func (s *SurvivalColumns) noEnd(text string) bool {
	return text != "" && outcome.MeansMissing(text) && !slices.Contains(s.Censored, text)
}

func missing(c *outcome.Column, row int) bool {
	return c.IsNull(row) || c.Kind == outcome.Text && outcome.MeansMissing(c.Text[row])
}

func (l *Lifetimes) readTimes(c *cells, col *outcome.Column, keep []int) {
	l.Times = timesOf(c, col, keep, func(i int, x float64) error {
		if math.IsInf(x, 0) || x < 0 {
			return fmt.Errorf("%s: a time to an end must be finite and at least 0", col.Format(keep[i]))
		}
		return nil
	})
}

func (l *Lifetimes) readEntries(c *cells, col *outcome.Column, keep []int) {
	l.Entries = timesOf(c, col, keep, func(i int, x float64) error {
		if !(x < l.Times[i]) && !math.IsNaN(l.Times[i]) || math.IsInf(x, 0) {
			return fmt.Errorf("%s: must be a finite time below that of the end, %v", col.Format(keep[i]), l.Times[i])
		}
		return nil
	})
}

// timesOf reads the times of the kept rows, and reports every cell that is none or breaks the rule, which
// is asked about kept row i.
func timesOf(c *cells, col *outcome.Column, keep []int, rule func(i int, x float64) error) []float64 {
	times := make([]float64, 0, len(keep))
	for i, row := range keep {
		x, err := number64(col, row)
		if err == nil && math.IsNaN(x) {
			err = errors.New("is missing, must be a time")
		}
		if err == nil {
			err = rule(i, x)
		}
		if err != nil {
			c.faultAt(row, col.Name, "%w", err)
		}
		times = append(times, x)
	}
	return times
}

// namesOf reads the names of the kept rows' groups or strata.
func namesOf(c *cells, col *outcome.Column, keep []int, what string) []string {
	var names []string
	for _, row := range keep {
		if missing(col, row) {
			c.faultAt(row, col.Name, "is empty, must be a %s", what)
		}
		names = append(names, col.Format(row))
	}
	return names
}

// readCauses takes every value for an end but those that mean a censoring.
func (l *Lifetimes) readCauses(c *cells, col *outcome.Column, keep []int, columns *SurvivalColumns) {
	censored, nulls := columns.Censored, 0
	if censored == nil {
		censored = []string{"0", "false", "censored", "cens", "censor", "none", "open"}
	}
	for _, row := range keep {
		cause := col.Format(row)
		switch {
		case columns.noEnd(cause):
			c.faultAt(row, col.Name, "%q is missing, must say how it ended; --skip-missing leaves the row out, --censored %s takes it for censored", cause, cause)
		case col.IsNull(row):
			nulls++
			cause = estimate.Censored
		case slices.ContainsFunc(censored, func(w string) bool { return strings.EqualFold(w, cause) }):
			cause = estimate.Censored
		}
		l.Causes = append(l.Causes, cause)
	}
	if nulls > 0 && col.Kind != outcome.Text { // among numbers an empty cell and NA look the same
		l.Warnings = append(l.Warnings, fmt.Sprintf("column %q has %d empty or missing cells: taken for censored", col.Name, nulls))
	}
}

// ended is the cause of an event in a column of truth values.
const ended = "event"

func (l *Lifetimes) readEvents(c *cells, col *outcome.Column, keep []int, is []string) {
	truth := truthValues
	if codedAsInR(col, keep) {
		truth = map[string]bool{"1": false, "2": true}
		l.Warnings = append(l.Warnings, fmt.Sprintf("column %q holds 1 and 2: read as R does, 1 censored and 2 the event; --event-is 1 would change that", col.Name))
	}
	strange := false
	for _, row := range keep {
		text := col.Format(row)
		happened, ok := truth[strings.ToLower(text)]
		if is != nil {
			happened, ok = slices.Contains(is, text), !missing(col, row)
		}
		switch {
		case missing(col, row):
			c.faultAt(row, col.Name, "is missing, must say whether the event happened")
		case !ok:
			c.faultAt(row, col.Name, "%q: must be 0 or 1, true or false, yes or no", text)
			strange = true
		}
		cause := estimate.Censored
		if happened {
			cause = ended
		}
		l.Causes = append(l.Causes, cause)
	}
	if strange {
		c.faults = append(c.faults, fmt.Errorf("%s: column %q: say which values are the event (--event-is), or that they are competing ends (--competing)", c.path, col.Name))
	}
	for _, v := range is {
		if !slices.ContainsFunc(keep, func(row int) bool { return col.Format(row) == v }) {
			c.fault("column %q: never holds the event %q", col.Name, v)
		}
	}
}

var truthValues = map[string]bool{"0": false, "1": true, "false": false, "true": true, "f": false, "t": true, "no": false, "yes": true}

// codedAsInR reports that all values are 1 or 2 and some are 2, which R's Surv takes for censored and event.
func codedAsInR(col *outcome.Column, keep []int) bool {
	two := false
	for _, row := range keep {
		switch col.Format(row) {
		case "2":
			two = true
		case "1", "":
		default:
			return false
		}
	}
	return two
}

// Survival is what "estimate survival" prints.
type Survival struct {
	Groups   []estimate.Survival   `json:"groups"`
	LogRank  *estimate.LogRankTest `json:"logrank"` // null for a single group
	Warnings []string              `json:"warnings"`
	Time     string                `json:"time"`
	Level    float64               `json:"confidence"`
	scale    estimate.Transform
}

// EstimateSurvival is Kaplan-Meier by group, with the log-rank test.
func EstimateSurvival(l *Lifetimes, time string, o estimate.SurvivalOptions) (*Survival, error) {
	events := make([]bool, len(l.Causes))
	for i, cause := range l.Causes {
		events[i] = cause != estimate.Censored
	}
	o.Entry, o.Strata = l.Entries, l.Strata
	r, err := estimate.SurvivalByGroup(l.Times, events, l.Groups, o)
	if err != nil {
		return nil, err
	}
	if l.Groups == nil {
		r.Groups[0].Group = allGroups
	}
	return &Survival{Groups: r.Groups, LogRank: r.LogRank, Warnings: append([]string{}, l.Warnings...), Time: time, Level: o.Confidence, scale: cmp.Or(o.Transform, estimate.LogLog)}, nil
}

// JSON writes one document.
func (s *Survival) JSON(w io.Writer) error { return writeJSON(w, s) }

// Text writes a line a group, then the curves.
func (s *Survival) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("Kaplan-Meier, time is %s; %s intervals on the %s scale\n", s.Time, stated(s.Level), s.scale)
	rows := [][]string{{"group", "n", "events", "median", "", "restricted mean", "to time"}}
	for i := range s.Groups {
		g := &s.Groups[i]
		m := estimate.Estimate{Value: float64(g.Median), Low: float64(g.MedianLow), High: float64(g.MedianHigh), SE: math.NaN()}
		rows = append(rows, []string{g.Group, thousands(g.N), thousands(g.Events), medianText(m.Value), medianInterval(m), withInterval(g.RestrictedMean), plain(float64(g.Horizon))})
	}
	p.grid(rows)
	if t := s.LogRank; t != nil {
		p.line("\n%s", testLine(t))
	}
	for i := range s.Groups {
		p.line("\n%s", s.Groups[i].Group)
		p.curve(s.Groups[i].Curve)
	}
	for _, text := range s.warnings() {
		p.line("warning: %s", text)
	}
	return p.err
}

// testLine is the log-rank test in a sentence.
func testLine(t *estimate.LogRankTest) string {
	what := "log-rank test of equal curves"
	if t.Rho != 0 {
		what += fmt.Sprintf(", events weighing S^%g", t.Rho)
	}
	if len(t.Strata) > 0 {
		what += fmt.Sprintf(", within %d strata", len(t.Strata))
	}
	if math.IsNaN(float64(t.P)) {
		return what + ": undefined"
	}
	return fmt.Sprintf("%s: chi-squared %.4g on %d degrees of freedom, p = %.3g", what, float64(t.Chisq), t.DF, float64(t.P))
}

func medianText(x float64) string {
	if math.IsNaN(x) {
		return "not reached"
	}
	return plain(x)
}

func medianInterval(m estimate.Estimate) string {
	return "[" + plain(m.Low) + ", " + plain(m.High) + "]"
}

func (s *Survival) warnings() []string {
	out := slices.Clone(s.Warnings)
	for i := range s.Groups {
		for _, text := range s.Groups[i].Warnings {
			out = append(out, s.Groups[i].Group+": "+text)
		}
		for _, text := range s.Groups[i].RestrictedMean.Warnings {
			out = append(out, s.Groups[i].Group+": restricted mean: "+text)
		}
	}
	if s.LogRank != nil {
		for _, text := range s.LogRank.Warnings {
			out = append(out, "log-rank: "+text)
		}
	}
	return out
}

// maxCurve is how many times of a curve are printed; a longer one is thinned evenly.
const maxCurve = 40

// curve prints a survival curve.
func (p *printer) curve(points []estimate.CurvePoint) {
	rows := [][]string{{"time", "at risk", "events", "censored", "survival", "low", "high"}}
	for _, k := range thinned(len(points), maxCurve) {
		c := points[k]
		rows = append(rows, []string{plain(c.Time), thousands(c.AtRisk), thousands(c.Events), thousands(c.Censored), probability(c.Survival), probability(c.Low), probability(c.High)})
	}
	p.grid(rows)
	if len(points) > maxCurve {
		p.line("  (%d of %d times; --format csv has all)", maxCurve, len(points))
	}
}

func probability(x estimate.Float) string {
	if math.IsNaN(float64(x)) {
		return "-"
	}
	return fmt.Sprintf("%.4f", float64(x))
}

// thinned is at most k indices of n, evenly, first and last among them.
func thinned(n, k int) []int {
	var out []int
	for i := range min(n, k) {
		if n <= k {
			out = append(out, i)
			continue
		}
		out = append(out, i*(n-1)/(k-1))
	}
	return out
}

// CSV writes one row per group and time.
func (s *Survival) CSV(w io.Writer) error {
	t := outcome.NewTable("survival", "group", "time", "at_risk", "events", "censored", "survival", "se", "low", "high")
	for i := range s.Groups {
		for _, c := range s.Groups[i].Curve {
			addRow(t, s.Groups[i].Group, c.Time, float64(c.AtRisk), float64(c.Events), float64(c.Censored), float64(c.Survival), float64(c.SE), float64(c.Low), float64(c.High))
		}
	}
	return t.Write(w, "csv")
}

// Competing is what "estimate survival --competing" prints: the cumulative incidence of each end.
type Competing struct {
	Groups   []GroupIncidence `json:"groups"`
	Warnings []string         `json:"warnings"`
	Time     string           `json:"time"`
	Level    float64          `json:"confidence"`
	scale    estimate.Transform
}

// GroupIncidence is the incidence of one group.
type GroupIncidence struct {
	Group string `json:"group"`
	estimate.Incidence
}

// EstimateCompeting is Aalen-Johansen by group.
func EstimateCompeting(l *Lifetimes, time string, o estimate.SurvivalOptions) (*Competing, error) {
	x := &Competing{Warnings: append([]string{}, l.Warnings...), Time: time, Level: o.Confidence, scale: cmp.Or(o.Transform, estimate.LogLog)}
	groups := l.Groups
	if groups == nil {
		groups = slices.Repeat([]string{allGroups}, len(l.Times))
	}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(groups))) {
		var times []float64
		var causes []string
		o.Entry = nil
		for i, g := range groups {
			if g != name {
				continue
			}
			times, causes = append(times, l.Times[i]), append(causes, l.Causes[i])
			if l.Entries != nil {
				o.Entry = append(o.Entry, l.Entries[i])
			}
		}
		incidence, err := estimate.AalenJohansen(times, causes, o)
		if err != nil {
			return nil, err
		}
		x.Groups = append(x.Groups, GroupIncidence{name, incidence})
	}
	return x, nil
}

// JSON writes one document.
func (x *Competing) JSON(w io.Writer) error { return writeJSON(w, x) }

// Text writes a table a group: the share still open and the share ended by each cause, over time.
func (x *Competing) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("cumulative incidence of competing ends (Aalen-Johansen), time is %s; %s intervals on the %s scale", x.Time, stated(x.Level), x.scale)
	for i := range x.Groups {
		g := &x.Groups[i]
		p.line("\n%s (n = %s)", g.Group, thousands(g.N))
		rows := [][]string{append([]string{"time", "at risk", "open"}, g.Causes...)}
		for _, k := range thinned(len(g.Curve), maxCurve) {
			c := &g.Curve[k]
			row := []string{plain(c.Time), thousands(c.AtRisk), probability(c.Open)}
			for j := range g.Causes {
				row = append(row, fmt.Sprintf("%s [%s, %s]", probability(c.Prob[j]), probability(c.Low[j]), probability(c.High[j])))
			}
			rows = append(rows, row)
		}
		p.grid(rows)
		for _, text := range g.Warnings {
			p.line("warning: %s: %s", g.Group, text)
		}
	}
	p.warn(x.Warnings)
	return p.err
}

// CSV writes one row per group, time and cause.
func (x *Competing) CSV(w io.Writer) error {
	t := outcome.NewTable("incidence", "group", "time", "at_risk", "cause", "events", "censored", "open", "prob", "se", "low", "high")
	for i := range x.Groups {
		g := &x.Groups[i]
		for k := range g.Curve {
			c := &g.Curve[k]
			for j, cause := range g.Causes {
				addRow(t, g.Group, c.Time, float64(c.AtRisk), cause, float64(c.Events[j]), float64(c.Censored), float64(c.Open), float64(c.Prob[j]), float64(c.SE[j]), float64(c.Low[j]), float64(c.High[j]))
			}
		}
	}
	return t.Write(w, "csv")
}
