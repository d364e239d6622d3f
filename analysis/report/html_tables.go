package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// htmlTable is a table whose first column names the rows.
type htmlTable struct {
	ID, Caption, First string
	Columns            []htmlColumn
	Rows               []htmlRow
}

// htmlColumn is a metric with its unit and direction, in words.
type htmlColumn struct{ Name, Label, Unit, Better string }

type htmlRow struct {
	Name  string
	Base  bool
	Cells []htmlCell
}

// htmlCell is a figure: printed, with its interval, and the difference to the baseline.
type htmlCell struct {
	Sort               string // the unrounded value, empty if undefined
	Value, Interval    string
	Difference, Around string // around is the difference's interval
	Verdict, Class     string // class: better, worse, open, same or empty
	Quadrant           string // what kind of ratio of differences it is, where it is no price
}

// comparison tables: what a committee looks at, by question.
var comparisonTables = []struct {
	id      string
	metrics []string
}{
	{"overdue", []string{"overdue_rate_30", "overdue_rate_30_reported", "cure_rate", "charge_off_rate"}},
	{"money", []string{rankedBy, "npv", "recovered", "recovery_rate", "cost"}},
	{"price", []string{"cost_per_recovered", "cost_per_cure", "incremental_cost_per_recovered", "incremental_cost_per_avoided_30"}},
	{"people", []string{"stress_mean", "collection_stress", "distress_days", "complaints_per_1000"}},
	{"effort", []string{"rpc_rate", "promise_kept_rate", "visits_per_account", "utilisation_visit", "suppressed_share"}},
}

func (a *author) tables() []htmlTable {
	var list []htmlTable
	for _, t := range comparisonTables {
		x := htmlTable{ID: "table-" + t.id, Caption: a.w.say("table." + t.id), First: a.w.say("strategy")}
		metrics := slices.DeleteFunc(slices.Clone(t.metrics), func(name string) bool {
			_, ok := a.s.Strategies[0].Metrics[name]
			return !ok // written by a version that did not have it
		})
		for _, name := range metrics {
			x.Columns = append(x.Columns, a.column(name))
		}
		for _, strategy := range a.r.Manifest.Strategies {
			row := htmlRow{Name: strategy, Base: strategy == a.base()}
			for _, name := range metrics {
				row.Cells = append(row.Cells, a.cell(strategy, name))
			}
			x.Rows = append(x.Rows, row)
		}
		list = append(list, x)
	}
	return list
}

func (a *author) column(name string) htmlColumn {
	f := a.s.Strategies[0].Metrics[name]
	return htmlColumn{Name: name, Label: a.w.metric(name), Unit: a.w.unit(f.Unit, a.r.Manifest.Currency), Better: a.w.say("better." + string(f.Better))}
}

// cell prints a figure as the terminal does.
func (a *author) cell(strategy, name string) htmlCell {
	s := a.s.Strategy(strategy)
	f := s.Metrics[name]
	e := f.estimate(a.s.Replications)
	c := htmlCell{Value: a.undefined(number(e, f.Unit, e.Value)), Interval: interval(e, f.Unit), Sort: sortKey(e.Value)}
	if q := s.Quadrants[name]; q != "" {
		c.Quadrant = a.w.say("quadrant." + q)
	}
	d, ok := s.VersusBaseline[name]
	if !ok || strategy == a.base() {
		return c
	}
	base := *a.figure(a.base(), name)
	if math.IsNaN(float64(d.Estimate)) && !d.Identical {
		return c // undefined on one of the sides
	}
	parts := a.s.against(d, f, base)
	c.Difference, c.Around = a.undefined(strings.Replace(parts[0], " pp", a.w.say("pp"), 1)), parts[1]
	c.Class = map[string]string{"~": "open", "identical": "same"}[parts[2]]
	if c.Class == "" {
		c.Class = parts[2]
	}
	if c.Class != "" {
		c.Verdict = a.w.say("verdict." + c.Class)
	}
	return c
}

func (a *author) undefined(text string) string {
	if text == "undefined" {
		return a.w.say("undefined")
	}
	return text
}

func sortKey(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return fmt.Sprint(x)
}

// allMetrics is the long table of every metric of every strategy.
func (a *author) allMetrics() htmlTable {
	t := htmlTable{ID: "table-all", Caption: a.w.say("table.all"), First: a.w.say("metric")}
	for _, key := range []string{"strategy", "value", "interval", "difference", "difference.interval", "verdict"} {
		t.Columns = append(t.Columns, htmlColumn{Label: a.w.say("column." + key)})
	}
	for _, name := range metricOrder() {
		for _, strategy := range a.r.Manifest.Strategies {
			if _, ok := a.s.Strategy(strategy).Metrics[name]; !ok {
				continue
			}
			c := a.cell(strategy, name)
			t.Rows = append(t.Rows, htmlRow{Name: name, Cells: []htmlCell{
				{Value: strategy}, {Value: c.Value, Sort: c.Sort}, {Value: c.Interval}, {Value: c.Difference}, {Value: c.Around}, {Value: c.Verdict + c.Quadrant, Class: c.Class},
			}})
		}
	}
	return t
}

// assumptionRow is one parameter.
type assumptionRow struct {
	Assumption
	Info    string // value of knowing it
	Foreign bool   // the source is in English on a page of another language
}

// assumptionTable is what the template needs for one table of parameters.
type assumptionTable struct {
	Page           *page
	Caption        string // key of the text
	Columns        []string
	Rows           []assumptionRow
	Drawn, Changed bool
}

// With makes a table of parameters: drawn, changed or rest.
func (p *page) With(rows []assumptionRow, which string) assumptionTable {
	t := assumptionTable{Page: p, Caption: "assumptions." + which, Rows: rows, Drawn: which == "drawn", Changed: which == "changed"}
	t.Columns = append(t.Columns, "column.parameter", "column.value")
	if t.Changed {
		t.Columns = append(t.Columns, "column.default")
	}
	t.Columns = append(t.Columns, "column.unit", "column.range")
	if t.Drawn {
		t.Columns = append(t.Columns, "column.dist", "column.info")
	}
	t.Columns = append(t.Columns, "column.source")
	return t
}

// addAssumptions sorts the parameters into drawn, changed and others.
func (a *author) addAssumptions(p *page) {
	info := map[string]string{}
	if v, err := a.r.information(); err == nil && len(a.r.Manifest.Strategies) > 1 {
		for _, x := range v.Parameters {
			e := estimate.Estimate{Value: x.EVPPI, SE: float64(x.SE)}
			info[x.Parameter] = a.w.say("value.range", "value", digits(e, x.EVPPI), "low", digits(e, x.Low), "high", digits(e, x.High))
		}
	}
	for _, x := range a.o.Assumptions {
		row := assumptionRow{Assumption: x, Info: info[x.Path]}
		row.Source, row.Foreign = a.source(x.Source)
		switch {
		case slices.Contains(a.r.Manifest.Parameters, x.Path):
			row.Dist = a.w.say("dist." + x.Dist)
			p.Drawn = append(p.Drawn, row)
		case x.Changed:
			p.Changed = append(p.Changed, row)
		default:
			p.Rest = append(p.Rest, row)
		}
	}
}

// source translates what stands for a source where there is none; the words of others stay theirs, and are foreign on
// a page of another language.
func (a *author) source(text string) (own string, foreign bool) {
	switch {
	case text == "":
		return a.w.say("source.none"), false
	case text == outcome.SetByUser:
		return a.w.say("source.user"), false
	case strings.HasPrefix(text, outcome.SetByScenario):
		return a.w.say("source.scenario", "scenario", strings.TrimPrefix(text, outcome.SetByScenario)), false
	case text == "assumption":
		return a.w.say("source.assumption"), false
	}
	if rest, ok := strings.CutPrefix(text, "assumption"); ok {
		text = a.w.say("source.assumption") + rest
	}
	return text, a.w.code != "en"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
