package scenario

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// Setting is a value that a scenario file states at a path of plain keys.
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
		var err error
		tree, err = place(tree, s.Path, s.Value)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return yaml.Marshal(tree)
}

// place puts a value into a tree under a path of plain keys.
func place(tree yaml.MapSlice, path string, value any) (yaml.MapSlice, error) {
	if strings.ContainsAny(path, `["`) {
		return tree, fmt.Errorf("%s: only paths of plain keys can be written", path)
	}
	key, rest, deeper := strings.Cut(path, ".")
	at := -1
	for i := range tree {
		if tree[i].Key == key {
			at = i
		}
	}
	if at < 0 {
		tree = append(tree, yaml.MapItem{Key: key})
		at = len(tree) - 1
	}
	if !deeper {
		tree[at].Value = value
		return tree, nil
	}
	below, _ := tree[at].Value.(yaml.MapSlice)
	below, err := place(below, rest, value)
	tree[at].Value = below
	return tree, err
}
