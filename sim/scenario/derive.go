package scenario

import (
	"errors"
	"fmt"
	"strings"

	"collectsim/sim/scenario/overlay"

	"github.com/goccy/go-yaml"
)

// Setting is a value that a scenario file states at a path.
type Setting struct {
	Path  string
	Value any // as yaml.Marshal takes it; a yaml.MapSlice keeps its order
}

// ParseSetting reads PATH=VALUE, as --set takes it.
func ParseSetting(text string) (Setting, error) {
	path, value, ok := strings.Cut(text, "=")
	s := Setting{Path: path}
	if !ok {
		return s, errors.New("must be PATH=VALUE")
	}
	return s, yaml.UnmarshalWithOptions([]byte(value), &s.Value, yaml.UseOrderedMap())
}

// Derive returns the file of a scenario that is laid over another one (a built-in name, or a file name that starts at the
// folder of the new file): after settings PATH=VALUE, as --set takes them, it states those of its own. They stand in their
// order; of two at one path the later one counts.
//
// Errors: a setting of an element of a list, which a file cannot state alone.
func Derive(name, extends string, sets []string, own ...Setting) ([]byte, error) {
	tree := yaml.MapSlice{{Key: "name", Value: name}, {Key: "extends", Value: extends}}
	state := func(s Setting) error {
		keys, err := overlay.Keys(s.Path)
		if err == nil {
			tree = place(tree, keys, s.Value)
		}
		return err
	}
	var errs []error
	for _, text := range sets {
		s, err := ParseSetting(text)
		if err == nil {
			err = state(s)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--set %s: cannot be kept in the scenario file: %w", text, err))
		}
	}
	for _, s := range own {
		errs = append(errs, state(s))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return yaml.Marshal(tree)
}

// place puts a value into a tree under its keys.
func place(tree yaml.MapSlice, keys []string, value any) yaml.MapSlice {
	at := -1
	for i := range tree {
		if tree[i].Key == keys[0] {
			at = i
		}
	}
	if at < 0 {
		tree = append(tree, yaml.MapItem{Key: keys[0]})
		at = len(tree) - 1
	}
	if len(keys) > 1 {
		below, _ := tree[at].Value.(yaml.MapSlice)
		value = place(below, keys[1:], value)
	}
	tree[at].Value = value
	return tree
}
