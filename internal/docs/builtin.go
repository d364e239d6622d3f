package main

import (
	"reflect"
	"strings"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
)

// strategyTable lists the built-in strategies.
func strategyTable() (string, error) {
	g := newGrid("strategy", "what it does", "source")
	s := scenario.Default()
	for _, name := range scenario.Builtin("strategies") {
		if err := s.Play([]string{name}); err != nil {
			return "", err
		}
		p := s.Strategy(name)
		g.add(code(name), p.Title, p.Source)
	}
	return g.markdown(), nil
}

// ruleSets sets the built-in rule sets side by side.
func ruleSets() (string, error) {
	header := []string{"limit"}
	var sets []*strategy.Guardrails
	var sources strings.Builder
	for _, name := range scenario.Builtin("guardrails") {
		s := scenario.Default()
		if err := s.Set("guardrails.name=" + name); err != nil {
			return "", err
		}
		header = append(header, name)
		sets = append(sets, &s.Guardrails)
		sources.WriteString("- " + code(name) + ": " + s.Guardrails.Source + "\n")
	}
	g := newGrid(header...)
	for _, key := range overlay.Paths(&strategy.Guardrails{}) {
		if key == "name" || key == "source" {
			continue
		}
		row := []string{code(key)}
		for _, set := range sets {
			value, err := overlay.Get(set, key)
			if err != nil {
				return "", err
			}
			row = append(row, limit(reflect.ValueOf(value)))
		}
		g.add(row...)
	}
	return g.markdown() + "\n" + sources.String(), nil
}

// limit writes a limit; none is empty.
func limit(v reflect.Value) string {
	switch {
	case v.IsZero():
		return ""
	case v.Kind() == reflect.Bool:
		return "yes"
	}
	x, _ := overlay.AsNumber(v.Interface())
	return short(x)
}
