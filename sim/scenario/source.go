package scenario

import (
	"fmt"
	"strings"

	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// Sources says by path where the values come from that are not the default scenario's, since the source declared
// there does not speak for them: set by the user, or of the scenario, by the source that it declares or by its name.
// Values that no source is declared for are listed only where the user has set them.
func (s *Scenario) Sources() map[string]string {
	standard := Default()
	sources := map[string]string{}
	for _, path := range overlay.Paths(&s.File) {
		own, declared := s.Meta[path]
		switch {
		case s.isSet(path):
			sources[path] = outcome.SetByUser
		case !declared || s.sameAs(standard, path):
		case own.Source != standard.Meta[path].Source:
			sources[path] = own.Source
		default:
			sources[path] = outcome.SetByScenario + s.Name
		}
	}
	return sources
}

// isSet reports whether Set was called with the path or one above it.
func (s *Scenario) isSet(path string) bool {
	for _, p := range s.set {
		if rest, ok := strings.CutPrefix(path, p); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// sameAs reports whether another scenario has the same value, printed alike, at a path.
func (s *Scenario) sameAs(other *Scenario, path string) bool {
	a, err1 := overlay.Get(&s.File, path)
	b, err2 := overlay.Get(&other.File, path)
	return err1 == nil && err2 == nil && fmt.Sprint(a) == fmt.Sprint(b)
}
