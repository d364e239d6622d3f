package scenario

import (
	"errors"
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

// Compose returns a scenario file that states the settings, in their order; of two at one path the later one counts.
//
// Errors: a path through an element of a list, which a file cannot state alone.
func Compose(settings []Setting) ([]byte, error) {
	var tree yaml.MapSlice
	var errs []error
	for _, s := range settings {
		keys, err := overlay.Keys(s.Path)
		if err == nil {
			tree = place(tree, keys, s.Value)
		}
		errs = append(errs, err)
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
