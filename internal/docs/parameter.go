package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// undeclared is what the table says of a number beside which the scenario declares no source.
const undeclared = "assumption (no source declared)"

// parameter is one number, or list of numbers, of the default scenario.
type parameter struct {
	path, value string
	meta        overlay.ParamMeta
}

// defaults lists the numbers of the default scenario in the order of the file's types; strategies and
// the choices of a run (its size, its seed) are no parameters.
var defaults = sync.OnceValues(func() ([]parameter, error) {
	s := scenario.Default()
	var list []parameter
	for _, path := range overlay.Paths(&s.File) {
		top, _, nested := strings.Cut(path, ".")
		if name, _, ok := strings.Cut(path, "["); ok {
			path = name
		}
		if !nested || top == "strategies" || top == "guardrails" || len(list) > 0 && list[len(list)-1].path == path {
			continue
		}
		v, err := overlay.Get(&s.File, path)
		if err != nil {
			return nil, err
		}
		if text, ok := numberText(v); ok {
			list = append(list, parameter{path, text, s.Meta[path]})
		}
	}
	return list, nil
})

// numberText writes a number or a list of numbers; ok is false for anything else.
func numberText(v any) (text string, ok bool) {
	switch x := v.(type) {
	case float64:
		return short(x), true
	case int:
		return strconv.Itoa(x), true
	case []float64:
		var parts []string
		for _, e := range x {
			parts = append(parts, short(e))
		}
		return strings.Join(parts, ", "), true
	}
	return "", false
}

// short writes a number with at most six digits: what a file derives, such as 3 x 0.3, has no more.
func short(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

func (p *parameter) source() string {
	if p.meta.Source == "" {
		return undeclared
	}
	return p.meta.Source
}

func (p *parameter) span() string {
	if !p.meta.HasRange {
		return ""
	}
	return short(p.meta.Low) + " to " + short(p.meta.High)
}

// parameterTable lists the parameters below the prefixes; without prefix all.
func parameterTable(prefixes ...string) (string, error) {
	all, err := defaults()
	if err != nil {
		return "", err
	}
	g := newGrid("parameter", "default", "unit", "range", "drawn from", "source")
	for _, prefix := range prefixes {
		n := len(g.rows)
		for _, p := range all {
			if p.path == prefix || strings.HasPrefix(p.path, prefix+".") {
				g.add(code(p.path), p.value, p.meta.Unit, p.span(), p.meta.Dist, p.source())
			}
		}
		if len(g.rows) == n {
			return "", fmt.Errorf("%s: no parameter of that path", prefix)
		}
	}
	return g.markdown(), nil
}

// allParameters lists every parameter under the heading of its part of the file.
func allParameters() (string, error) {
	all, err := defaults()
	if err != nil {
		return "", err
	}
	var heads []string
	for _, p := range all {
		if h := head(p.path); !slices.Contains(heads, h) {
			heads = append(heads, h)
		}
	}
	var b strings.Builder
	for _, h := range heads {
		t, err := parameterTable(h)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "## %s\n\n%s\n", h, t)
	}
	return b.String(), nil
}

// head is the part of the file that a parameter is listed under: two names for the large parts.
func head(path string) string {
	parts := strings.Split(path, ".")
	switch parts[0] {
	case "portfolio", "borrowers", "channels":
		if len(parts) > 2 {
			return parts[0] + "." + parts[1]
		}
		return path
	}
	return parts[0]
}

// parameterMatrix sets the members of a group side by side: a column each, a row for every parameter.
func parameterMatrix(group string) (string, error) {
	all, err := defaults()
	if err != nil {
		return "", err
	}
	var columns, rows []string
	cells := map[[2]string]string{}
	for _, p := range all {
		rest, ok := strings.CutPrefix(p.path, group+".")
		column, row, nested := strings.Cut(rest, ".")
		if !ok || !nested {
			continue
		}
		if !slices.Contains(columns, column) {
			columns = append(columns, column)
		}
		if !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
		cells[[2]string{column, row}] = p.value
	}
	if len(columns) == 0 {
		return "", fmt.Errorf("%s: no group of parameters of that path", group)
	}
	g := newGrid(append([]string{group + ".…"}, columns...)...)
	g.right = 1
	for _, row := range rows {
		line := []string{code(row)}
		for _, column := range columns {
			line = append(line, cells[[2]string{column, row}])
		}
		g.add(line...)
	}
	return g.markdown(), nil
}
