package explore

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

// Print writes the study as text, json or csv.
func (s *Study) Print(w io.Writer, format string) error {
	switch format {
	case "json":
		return s.JSON(w)
	case "csv":
		t, err := outcome.Open(s.Dir, "points")
		if err != nil {
			return err
		}
		return t.Write(w, "csv")
	}
	return s.Text(w)
}

// shownPoints bounds the rows that are printed for a terminal.
const shownPoints = 40

// Text writes a line per point: its values, then the shown metric of every strategy with its standard
// error, the best one marked; then where strategies change places.
func (s *Study) Text(w io.Writer) error {
	m, metric := s.Manifest, s.Metric()
	fmt.Fprintf(w, "%s: %s, %s, %s accounts, %d days, seed %d\n", m.Scenario, points(len(s.byPoint)), s.played(), chart.Thousands(m.Accounts), m.Horizon, m.Seed)
	mark := ""
	if direction(metric) != outcome.Neither {
		mark = ", * best"
	}
	fmt.Fprintf(w, "%s (%s), standard error in brackets%s\n", metric, s.unit(metric), mark)
	t := columns.Right(w)
	names := s.strategies()
	fmt.Fprintln(t, strings.Join(append(append([]string{"point"}, m.Sweep.Paths...), names...), "\t")+"\t")
	for p := range min(len(s.byPoint), shownPoints) {
		line := append([]string{strconv.Itoa(p)}, m.Sweep.Points[p]...)
		first := s.rows[s.byPoint[p][0]]
		if first.Status != "ok" {
			fmt.Fprintf(t, "%s\t%s: %s\t\n", strings.Join(line, "\t"), first.Status, first.Reason)
			continue
		}
		best := s.Best(p, metric)
		for _, name := range names {
			line = append(line, s.cell(p, name, metric, name == best))
		}
		fmt.Fprintln(t, strings.Join(line, "\t")+"\t")
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(s.byPoint) > shownPoints {
		fmt.Fprintf(w, "... and %d more points in points.arrow\n", len(s.byPoint)-shownPoints)
	}
	for _, line := range s.counts() {
		fmt.Fprintln(w, line)
	}
	found, err := s.BreakEvens(metric)
	if err != nil {
		return nil // the sweep has no single line along which to look
	}
	for i := range found {
		for _, sentence := range found[i].Sentences() {
			fmt.Fprintln(w, sentence)
		}
	}
	return nil
}

func (s *Study) cell(point int, strategy, metric string, best bool) string {
	r, ok := s.row(point, strategy)
	if !ok {
		return "-"
	}
	text := fmt.Sprintf("%s (%s)", Short(s.at(r, metric)), Short(s.at(r, metric+"_se")))
	if best {
		text = "*" + text
	}
	return text
}

// points is how many there are.
func points(n int) string {
	if n == 1 {
		return "1 point"
	}
	return chart.Thousands(n) + " points"
}

// counts say how often each strategy is best, and how many points could not be played.
func (s *Study) counts() []string {
	best := map[string]int{}
	status := map[string]int{}
	for p, rows := range s.byPoint {
		best[s.Best(p, s.Metric())]++
		status[s.rows[rows[0]].Status]++
	}
	var lines, parts []string
	for _, name := range s.strategies() {
		if best[name] > 0 {
			parts = append(parts, fmt.Sprintf("%s at %d", name, best[name]))
		}
	}
	if len(parts) > 0 {
		lines = append(lines, "best: "+strings.Join(parts, ", ")+" of the points")
	}
	for _, name := range []string{"invalid", "failed"} {
		if status[name] > 0 {
			verb := "points are"
			if status[name] == 1 {
				verb = "point is"
			}
			lines = append(lines, fmt.Sprintf("%d %s %s: see the reason in points.arrow", status[name], verb, name))
		}
	}
	return lines
}

func (s *Study) unit(metric string) string {
	if s.load(metric) != nil {
		return ""
	}
	if c := s.points.Column(metric); c != nil {
		return strings.ReplaceAll(c.Unit, "currency", s.Manifest.Currency)
	}
	return ""
}

// Short writes a number with four significant digits for a reader, - where it is undefined.
func Short(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	if a := math.Abs(x); a >= 1000 && a < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// pointJSON is a point as JSON shows it.
type pointJSON struct {
	Point        int            `json:"point"`
	Parameters   map[string]any `json:"parameters"`
	Status       string         `json:"status"`
	Reason       string         `json:"reason"`
	Replications int            `json:"replications"`
	Best         *string        `json:"best"`
	Strategies   []strategyJSON `json:"strategies"`
}

type strategyJSON struct {
	Name    string                `json:"name"`
	Metrics map[string]figureJSON `json:"metrics"`
}

type figureJSON struct {
	Estimate estimate.Float `json:"estimate"`
	SE       estimate.Float `json:"se"`
	Diff     estimate.Float `json:"diff"`
	DiffSE   estimate.Float `json:"diff_se"`
}

// JSON writes one document.
func (s *Study) JSON(w io.Writer) error {
	m := s.Manifest
	var names []string
	for _, metric := range m.Sweep.Metrics {
		names = append(names, metric, metric+"_se", metric+"_diff", metric+"_diff_se")
	}
	if err := s.load(names...); err != nil {
		return err
	}
	doc := struct {
		Scenario     string      `json:"scenario"`
		Seed         uint64      `json:"seed"`
		Replications int         `json:"replications"`
		Accounts     int         `json:"accounts"`
		Horizon      int         `json:"horizon_days"`
		Baseline     string      `json:"baseline"`
		Design       string      `json:"design"`
		Paths        []string    `json:"paths"`
		Metric       string      `json:"metric"`
		Points       []pointJSON `json:"points"`
		BreakEvens   []BreakEven `json:"break_evens"`
	}{m.Scenario, m.Seed, m.Replications, m.Accounts, m.Horizon, m.Baseline, m.Sweep.Design, m.Sweep.Paths, s.Metric(), nil, []BreakEven{}}
	for p := range s.byPoint {
		doc.Points = append(doc.Points, s.pointJSON(p))
	}
	if found, err := s.BreakEvens(s.Metric()); err == nil {
		doc.BreakEvens = append(doc.BreakEvens, found...)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

func (s *Study) pointJSON(p int) pointJSON {
	first := s.rows[s.byPoint[p][0]]
	x := pointJSON{Point: p, Parameters: map[string]any{}, Status: first.Status, Reason: first.Reason, Replications: first.Replications}
	for k, path := range s.Manifest.Sweep.Paths {
		switch c := s.points.Column(path); {
		case c != nil && c.Kind == outcome.Float && !math.IsNaN(c.Float[first.index]):
			x.Parameters[path] = c.Float[first.index]
		default:
			x.Parameters[path] = s.Manifest.Sweep.Points[p][k]
		}
	}
	if best := s.Best(p, s.Metric()); best != "" {
		x.Best = &best
	}
	for _, i := range s.byPoint[p] {
		r := s.rows[i]
		one := strategyJSON{r.Strategy, map[string]figureJSON{}}
		for _, metric := range s.Manifest.Sweep.Metrics {
			one.Metrics[metric] = figureJSON{
				estimate.Float(s.at(r, metric)), estimate.Float(s.at(r, metric+"_se")),
				estimate.Float(s.at(r, metric+"_diff")), estimate.Float(s.at(r, metric+"_diff_se")),
			}
		}
		x.Strategies = append(x.Strategies, one)
	}
	return x
}

// sortedUnique returns the distinct values, rising.
func sortedUnique(x []float64) []float64 {
	x = slices.Clone(x)
	slices.Sort(x)
	return slices.Compact(x)
}
