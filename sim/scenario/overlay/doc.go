// Package overlay decodes layers of YAML onto plain Go structs: strictly, with positions, and one layer over another.
//
// A scenario is made of layers: a shipped default, the user's file over it, settings of the form path=value over
// that, and the points of a sweep last. All of them go through the one walker of this package, so that paths, rules,
// messages and parameter metadata are the same everywhere. The strict decoders of YAML libraries stop at the first error, lose
// positions once documents are merged, and replace where a layer should add; that is why this package exists.
// It knows nothing of scenarios.
//
// # Types
//
// A target is a pointer to a struct. Every exported field carries a tag: `yaml:"name"`, `yaml:"name,omitempty"` (left out
// by Encode if zero), `yaml:"-"` (skipped) or `yaml:",inline"` (the fields of an embedded struct).
// Other tags: `check:"RULE"` (see below) and `doc:"..."` (a description for Schema).
//
//   - bool, ints, uints, floats, string, and named types of these kinds;
//   - any type with UnmarshalText is written as one scalar; its error text becomes the rule that is reported. It should
//     have MarshalText too, so that Encode can write what Decode reads;
//   - keyed arrays (see Keyed) are written as structs: a layer merges by key;
//   - other arrays and slices: a layer replaces the whole list;
//   - maps from text to anything: a layer merges by key, null deletes a key;
//   - pointers: made on first use, null sets nil;
//   - named lists: slices of a struct with a string field tagged `yaml:"-" overlay:"name"`. They are written as a mapping from
//     name to element and keep their order. A layer merges into the element of that name or appends one; null deletes it.
//
// Anything else is a mistake of the programmer and panics at the first use.
//
// # Rules
//
// A field's rule is one of >=x, >x, <=x, <x, an interval such as [0,1], (0,1], [0,1), (0,1), or in:a|b|c. It holds for
// the field's scalar, or for each scalar in its list or map. A rule is checked where a value is given, not
// on values that no layer mentions. NaN and infinities are always refused.
//
// # Paths
//
// A path joins keys and names by dots, with [i] for the elements of lists: strategies.visit.stages.first.after_days. A key
// that is empty or holds a dot, a bracket, a double quote or white space is written in double quotes.
package overlay
