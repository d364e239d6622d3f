package main

import (
	"fmt"
	"slices"
	"strings"

	"collectsim/analysis/calibrate"
	"collectsim/analysis/chart"
	"collectsim/analysis/experiment"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/tape"

	"github.com/spf13/cobra"
)

// listing is a named list of rows, the first cell of which is the name.
type listing struct {
	name   string
	header []string
	rows   func() ([][]string, error)
}

var listings = []listing{
	{"scenarios", []string{"scenario", "title"}, titles("scenarios")},
	{"strategies", []string{"strategy", "title", "source"}, strategies},
	{"guardrails", []string{"rule set", "source"}, guardrails},
	{"maps", []string{"map", "source"}, maps},
	{"metrics", []string{"metric", "unit", "better", "meaning"}, metrics},
	{"parameters", []string{"parameter", "unit", "default", "range", "drawn", "source"}, parameters},
	{"experiments", []string{"experiment", "kind", "title", "source"}, builtinExperiments},
	{"targets", []string{"targets", "title", "source"}, targets},
	{"charts", []string{"chart", "shows"}, charts},
}

func (a *app) listCommand() *cobra.Command {
	var names []string
	for _, l := range listings {
		names = append(names, l.name)
	}
	c := &cobra.Command{
		Use: "list " + strings.Join(names, "|"), Short: "List what is built in",
		Example:   "  collectsim list strategies\n  collectsim list parameters --format csv",
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !contains(names, args[0]) {
				return fmt.Errorf("list%s: must be followed by one of %s", quoted(args), strings.Join(names, ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			l := listings[slices.IndexFunc(listings, func(l listing) bool { return l.name == args[0] })]
			rows, err := l.rows()
			if err != nil {
				return err
			}
			return a.table(l.header, rows)
		},
	}
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// table prints rows in the chosen format.
func (a *app) table(header []string, rows [][]string) error {
	if a.format != "text" {
		t := &outcome.Table{Name: header[0]}
		for i, h := range header {
			c := outcome.Column{Name: strings.ReplaceAll(h, " ", "_"), Kind: outcome.Text}
			for _, r := range rows {
				c.Text = append(c.Text, r[i])
			}
			t.Columns = append(t.Columns, c)
		}
		return t.Write(a.out, a.format)
	}
	w := columns.Left(a.out)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	return w.Flush()
}

func titles(folder string) func() ([][]string, error) {
	return func() ([][]string, error) {
		var rows [][]string
		for _, name := range scenario.Builtin(folder) {
			s, err := scenario.Load(name)
			if err != nil {
				return nil, err
			}
			rows = append(rows, []string{name, s.Title})
		}
		return rows, nil
	}
}

func strategies() ([][]string, error) {
	s := scenario.Default()
	var rows [][]string
	for _, name := range scenario.Builtin("strategies") {
		if err := s.Play([]string{name}); err != nil {
			return nil, err
		}
		p := s.Strategy(name)
		rows = append(rows, []string{name, p.Title, p.Source})
	}
	return rows, nil
}

func guardrails() ([][]string, error) {
	var rows [][]string
	for _, name := range scenario.Builtin("guardrails") {
		s := scenario.Default()
		if err := s.Set("guardrails.name=" + name); err != nil {
			return nil, err
		}
		rows = append(rows, []string{name, s.Guardrails.Source})
	}
	return rows, nil
}

func maps() ([][]string, error) {
	var rows [][]string
	for _, name := range scenario.Builtin("maps") {
		m, err := readMap(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []string{name, m.Source})
	}
	return rows, nil
}

func metrics() ([][]string, error) {
	var rows [][]string
	for _, m := range outcome.Metrics() {
		rows = append(rows, []string{m.Name, m.Unit, string(m.Better), m.Doc})
	}
	for _, m := range outcome.Relatives() {
		rows = append(rows, []string{m.Name, m.Unit, string(m.Better), m.Doc})
	}
	return rows, nil
}

func parameters() ([][]string, error) {
	s := scenario.Default()
	var rows [][]string
	last := ""
	for _, p := range overlay.Paths(&s.File) {
		p, _, list := strings.Cut(p, "[") // a list is declared as a whole
		m, ok := s.Meta[p]
		if !ok || p == last {
			continue
		}
		last = p
		value := fmt.Sprintf("%g", m.Default)
		if v, err := overlay.Get(&s.File, p); list && err == nil {
			value = fmt.Sprint(v)
		}
		span := ""
		if m.HasRange {
			span = fmt.Sprintf("%g to %g", m.Low, m.High)
		}
		rows = append(rows, []string{p, m.Unit, value, span, m.Dist, m.Source})
	}
	return rows, nil
}

func builtinExperiments() ([][]string, error) {
	var rows [][]string
	for _, kind := range []string{"claims", "published"} {
		for _, name := range experiment.Builtin(kind) {
			x, err := experiment.Embedded(kind, name)
			if err != nil {
				return nil, err
			}
			role := "claim"
			if kind == "published" {
				role = x.Role
			}
			rows = append(rows, []string{name, role, x.Title, x.Source})
		}
	}
	return rows, nil
}

func targets() ([][]string, error) {
	var rows [][]string
	for _, name := range scenario.Builtin("targets") {
		set, err := calibrate.Open(name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []string{name, set.Title, set.Targets[0].Source})
	}
	return rows, nil
}

func charts() ([][]string, error) {
	var rows [][]string
	for _, k := range chart.Kinds {
		rows = append(rows, []string{k.Name, k.Description})
	}
	return rows, nil
}

// quoted shows what followed instead.
func quoted(args []string) string {
	text := ""
	for _, arg := range args {
		text += fmt.Sprintf(" %q", arg)
	}
	return text
}

func (a *app) schemaCommand() *cobra.Command {
	schemas := []string{"scenario", "strategy", "experiment", "targets", "map"}
	return &cobra.Command{
		Use: "schema " + strings.Join(schemas, "|"), Short: "Print a JSON Schema",
		Example:   "  collectsim schema scenario > scenario.schema.json",
		ValidArgs: schemas,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !contains(schemas, args[0]) {
				return fmt.Errorf("schema%s: must be followed by one of %s", quoted(args), strings.Join(schemas, ", "))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var text []byte
			switch args[0] {
			case "map":
				text = tape.Schema()
			case "targets":
				text = calibrate.Schema()
			case "experiment":
				var err error
				if text, err = experiment.Schema(); err != nil {
					return err
				}
			default:
				text = scenario.Schema(args[0])
			}
			_, err := fmt.Fprintln(a.out, strings.TrimRight(string(text), "\n"))
			return err
		},
	}
}
