package main

import (
	"fmt"
	"slices"
	"strings"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// assumptions lists every declared parameter of a scenario, and what else differs from the default, its strategies and
// rule sets or was set by the user, with its value there and in the default. The manifest names the sources of values that
// are not the default's; what it does not keep of a declaration is the default's.
func assumptions(s *scenario.Scenario, m *outcome.Manifest) ([]report.Assumption, error) {
	b := builtins(s)
	var list []report.Assumption
	last := ""
	for _, path := range overlay.Paths(&s.File) {
		path, _, _ := strings.Cut(path, "[") // a list is one assumption
		if path == last {
			continue
		}
		last = path
		x, listed, err := b.assumption(s, m, path)
		if err != nil {
			return nil, err
		}
		if listed {
			list = append(list, x)
		}
	}
	return list, nil
}

// builtIn are the scenarios that a scenario is held against: the default with every built-in strategy that it names, and the
// same under its rule set.
type builtIn struct{ standard, ruled *scenario.Scenario }

func builtins(s *scenario.Scenario) builtIn {
	k := builtIn{scenario.Default(), scenario.Default()}
	var names []string
	for i := range s.Strategies {
		if name := s.Strategies[i].Name; slices.Contains(scenario.Builtin("strategies"), name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		_ = k.standard.Play(names) // built in, and each there once
	}
	if name := s.Guardrails.Name; slices.Contains(scenario.Builtin("guardrails"), name) {
		_ = k.ruled.Set("guardrails.name=" + name) // built in
	}
	return k
}

// assumption describes the value at a path; listed is false where nothing is to be said of it.
func (k builtIn) assumption(s *scenario.Scenario, m *outcome.Manifest, path string) (x report.Assumption, listed bool, err error) {
	value, err := overlay.Get(&s.File, path)
	if err != nil {
		return x, false, err
	}
	x, declared := k.declaration(s, path)
	x.Value = fmt.Sprint(value)
	old, missing := overlay.Get(&k.standard.File, path)
	if missing == nil {
		x.Default = fmt.Sprint(old)
	}
	x.Changed = x.Default != x.Value
	source, own := sourceOf(m.Sources, path)
	switch {
	case m.Tape != nil && ofPortfolio(path):
		return x, false, nil // the tape has its own accounts
	case own:
		x.Source, x.Note = source, ""
	case declared && x.Changed:
		x.Source, x.Note = "", "" // those of the default do not speak for another value
	case declared:
	case !x.Changed || isText(path) || missing != nil && isNothing(x.Value):
		return x, false, nil
	case k.ruleSays(path, x.Value):
		x.Source = s.Guardrails.Source
	default:
		x.Source = outcome.SetByScenario + s.Name
	}
	if strings.HasPrefix(path, "strategies.") && missing != nil {
		x.Changed = false // a strategy of one's own is no change of another
	}
	return x, true, nil
}

// declaration is what the default, or the scenario of a number that it draws, says about a path.
func (k builtIn) declaration(s *scenario.Scenario, path string) (x report.Assumption, declared bool) {
	m, declared := k.standard.Meta[path]
	if own, drawn := s.Meta[path]; drawn {
		m.Dist, m.Low, m.High, m.HasRange, declared = own.Dist, own.Low, own.High, own.HasRange, true
	}
	x = report.Assumption{Path: path, Unit: m.Unit, Dist: m.Dist, Source: m.Source, Note: m.Note}
	if m.HasRange {
		x.Range = fmt.Sprintf("%g – %g", m.Low, m.High)
	}
	return x, declared
}

// sourceOf is the source of a value, or of the elements of a list.
func sourceOf(sources map[string]string, path string) (source string, own bool) {
	if source, own = sources[path]; own {
		return source, true
	}
	source, own = sources[path+"[0]"]
	return source, own
}

// shownElsewhere are the parts of a scenario that stand in the head of the page or under its provenance.
var shownElsewhere = []string{"name", "title", "extends", "accounts", "replications", "horizon", "seed", "baseline", "compare"}

// isText reports whether a value is told elsewhere, or describes a strategy or rule set.
func isText(path string) bool {
	return slices.Contains(shownElsewhere, path) || strings.HasSuffix(path, ".title") || strings.HasSuffix(path, ".source") || strings.HasSuffix(path, ".extends")
}

// isNothing reports whether a value says that a stage or a rule does without something.
func isNothing(value string) bool {
	return slices.Contains([]string{"", "0", "false", "none", "[]"}, value)
}

// ruleSays reports whether a value is that of the built-in rule set that the scenario names.
func (k builtIn) ruleSays(path, value string) bool {
	rule, err := overlay.Get(&k.ruled.File, path)
	return err == nil && strings.HasPrefix(path, "guardrails.") && k.ruled.Guardrails.Name != k.standard.Guardrails.Name && fmt.Sprint(rule) == value
}
