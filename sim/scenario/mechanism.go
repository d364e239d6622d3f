package scenario

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
)

// Mechanism is one part of the model that can be switched off: the settings that do it, exactly, and
// settings of parameters that have no influence any more once it is off.
type Mechanism struct {
	Name  string
	Title string
	Off   []string // settings PATH=VALUE
	Moot  []string
}

// Mechanisms lists the switches of the model, in the order of data/mechanisms.
func Mechanisms() []Mechanism {
	src, err := Embedded("mechanisms", "mechanisms")
	if err != nil {
		panic("scenario: the embedded mechanisms are missing: " + err.Error())
	}
	var file yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(src, &file, yaml.UseOrderedMap()); err != nil {
		panic("scenario: the embedded mechanisms are broken: " + err.Error())
	}
	var list []Mechanism
	for _, item := range file {
		m := Mechanism{Name: fmt.Sprint(item.Key)}
		for _, part := range item.Value.(yaml.MapSlice) {
			switch part.Key {
			case "title":
				m.Title = fmt.Sprint(part.Value)
			case "off":
				m.Off = settings(part.Value)
			case "moot":
				m.Moot = settings(part.Value)
			}
		}
		list = append(list, m)
	}
	return list
}

func settings(v any) []string {
	var list []string
	if items, ok := v.(yaml.MapSlice); ok {
		for _, item := range items {
			list = append(list, fmt.Sprintf("%v=%v", item.Key, item.Value))
		}
	}
	return list
}

// Apply lays settings over the scenario, all faults at once.
func (s *Scenario) Apply(settings []string) error {
	var errs []error
	for _, x := range settings {
		errs = append(errs, s.Set(x))
	}
	return errors.Join(errs...)
}
