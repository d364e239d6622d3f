package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/data"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"

	"github.com/goccy/go-yaml"
)

// Scenario is a file with what was declared of its parameters.
type Scenario struct {
	File
	Meta     overlay.Meta
	Warnings []string
	origin   origin
	set      []string // paths that Set was called with
}

// origin is the user's file that a scenario was read from, for the positions of faults.
type origin struct {
	file string
	src  []byte
	outline
}

// Builtin lists the names of the embedded files of a folder: scenarios, strategies, guardrails, maps.
func Builtin(folder string) []string {
	entries, err := fs.ReadDir(data.Files, folder)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Embedded returns an embedded file.
func Embedded(folder, name string) ([]byte, error) {
	src, err := data.Files.ReadFile(path.Join(folder, name+".yaml"))
	if err != nil {
		return nil, unknown(singular(folder), name, Builtin(folder))
	}
	return src, nil
}

func singular(folder string) string {
	if stem, ok := strings.CutSuffix(folder, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(folder, "s")
}

func unknown(what, name string, known []string) error {
	if near := overlay.Nearest(known, name); near != "" {
		return fmt.Errorf("%s %q: unknown, did you mean %q?", what, name, near)
	}
	return fmt.Errorf("%s %q: unknown, must be one of %s", what, name, strings.Join(known, ", "))
}

// Default returns the embedded default scenario.
func Default() *Scenario {
	s := &Scenario{Meta: overlay.Meta{}}
	src, err := Embedded("scenarios", "default")
	if err == nil {
		err = s.decode("default.yaml", src)
	}
	s.origin = origin{} // its positions are of no use to a user
	if err != nil {
		panic("scenario: the embedded default is broken: " + err.Error())
	}
	return s
}

// Load reads a scenario by built-in name or file path, laid over the default.
func Load(name string) (*Scenario, error) {
	if slices.Contains(Builtin("scenarios"), name) {
		s := Default()
		if name == "default" {
			return s, nil
		}
		src, err := Embedded("scenarios", name)
		if err != nil {
			return nil, err
		}
		return s, s.decode(name+".yaml", src)
	}
	return loadFile(name, nil)
}

// loadFile reads a scenario file; chain holds the files that led to it by extends.
func loadFile(name string, chain []string) (*Scenario, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "./\\") {
			return nil, unknown("scenario", name, Builtin("scenarios"))
		}
		return nil, fmt.Errorf("%s: %w", name, reason(err))
	}
	return over(name, src, chain)
}

// over lays a file over the scenario that it extends, or over the default.
func over(file string, src []byte, chain []string) (*Scenario, error) {
	o := outlineOf(src)
	s := Default()
	if o.Extends != "" {
		base, err := extended(file, o.Extends, append(slices.Clone(chain), filepath.Clean(file)))
		if err != nil {
			s.origin = origin{file: file, src: src}
			return nil, fmt.Errorf("%s: %w", s.position("extends"), err)
		}
		s = base
	}
	s.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)) // unless the file says another
	err := s.decode(file, src)
	s.Extends = "" // what it brought is part of the scenario now
	return s, err
}

// extended returns the scenario that a file extends: a built-in one, or a file beside it.
func extended(file, name string, chain []string) (*Scenario, error) {
	if slices.Contains(Builtin("scenarios"), name) {
		return Load(name)
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
	}
	if slices.Contains(chain, filepath.Clean(name)) {
		return nil, fmt.Errorf("%s: extends itself by way of %s", name, strings.Join(chain, ", "))
	}
	return loadFile(name, chain)
}

// reason strips the operation and path that os errors repeat.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// outline is what must be known of a file before it is decoded: which built-ins it starts from.
type outline struct {
	Extends    string        `yaml:"extends"`
	Strategies yaml.MapSlice `yaml:"strategies"`
	Guardrails struct {
		Name string `yaml:"name"`
	} `yaml:"guardrails"`
	Compare  []string `yaml:"compare"`
	Baseline string   `yaml:"baseline"`
}

// outlineOf is empty for what is no document, or too large or too deep a one: the strict decoding, which follows, reports
// its faults. It must be asked first, since the library takes all memory for a few hundred bytes of nested aliases.
func outlineOf(src []byte) (o outline) {
	if overlay.Readable(src) {
		_ = yaml.Unmarshal(src, &o)
	}
	return o
}

// decode lays a file over the scenario. Strategies that the file names are first loaded from the
// built-in of that name, or of the name that they extend.
func (s *Scenario) decode(file string, src []byte) error {
	o := outlineOf(src)
	s.origin = origin{file, src, o}
	if err := s.startAll(&o); err != nil {
		return err
	}
	warnings, err := overlay.Decode(file, src, &s.File, s.Meta)
	if err != nil {
		return err
	}
	s.Warnings = append(s.Warnings, warnings...)
	if len(o.Compare) > 0 && o.Baseline == "" && !slices.Contains(o.Compare, s.Baseline) {
		s.Baseline = o.Compare[0]
	}
	if len(o.Strategies) > 0 && len(o.Compare) == 0 {
		s.choose(&o)
	}
	return nil
}

// choose plays the strategies that a file states, and the baseline. A file that only deletes some plays those that are left of
// the scenario below.
func (s *Scenario) choose(o *outline) {
	var stated []string
	for _, item := range o.Strategies {
		if item.Value != nil {
			stated = append(stated, fmt.Sprint(item.Key))
		}
	}
	if stated == nil {
		s.Compare = slices.DeleteFunc(slices.Clone(s.Compare), func(name string) bool { return s.Strategy(name) == nil })
		return
	}
	if s.Compare = stated; !slices.Contains(stated, s.Baseline) {
		s.Compare = slices.Insert(s.Compare, 0, s.Baseline)
	}
}

// startAll loads the built-ins that a file starts from.
func (s *Scenario) startAll(o *outline) error {
	var errs []error
	described := map[string]*strategy.Plan{} // by this file, so that later strategies can extend earlier ones
	for _, item := range o.Strategies {
		name := fmt.Sprint(item.Key)
		if err := s.start(name, item.Value, described); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.position(fmt.Sprintf("strategies.%v.extends", item.Key)), err))
			continue
		}
		described[name] = s.describe(name, item.Value)
	}
	errs = append(errs, s.load(o.Compare))
	if o.Guardrails.Name != "" {
		if err := s.guard(o.Guardrails.Name); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.position("guardrails.name"), err))
		}
	}
	return errors.Join(errs...)
}

// position names a path with file and line, or the nearest one above it that the file states; the path
// alone where the file says nothing of it.
func (s *Scenario) position(path string) string {
	for at := path; at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if line, col, ok := overlay.Locate(s.origin.src, at); ok {
			return fmt.Sprintf("%s:%d:%d: %s", s.origin.file, line, col, path)
		}
	}
	return path
}

// describe returns the plan that a file's body makes of a started strategy. Faults of the body are not
// its business: decoding the whole file reports them, with positions.
func (s *Scenario) describe(name string, body any) *strategy.Plan {
	p := &strategy.Plan{}
	if started := s.Strategy(name); started != nil {
		p = overlay.Clone(started)
	}
	if text, err := yaml.Marshal(body); err == nil {
		_, _ = overlay.Decode(name, text, p, nil)
	}
	return p
}

// start prepares a strategy that a file is about to describe: it begins as the strategy that it
// extends, one that the file described before or a built-in, or as the built-in of its own name.
func (s *Scenario) start(name string, body any, described map[string]*strategy.Plan) error {
	base, stated := name, false
	if m, ok := body.(map[string]any); ok {
		if extends, ok := m["extends"].(string); ok {
			base, stated = extends, true
		}
	}
	if base != name {
		if p := described[base]; p != nil {
			s.put(name, *overlay.Clone(p))
			return nil
		}
		if p := s.Strategy(base); p != nil {
			s.put(name, *overlay.Clone(p))
			return nil
		}
		return s.builtin(name, base)
	}
	if s.Strategy(name) == nil && (stated || slices.Contains(Builtin("strategies"), name)) {
		return s.builtin(name, name) // of a strategy that extends itself and is no built-in it says so
	}
	return nil
}

// builtin adds the built-in strategy base under a name.
func (s *Scenario) builtin(name, base string) error {
	src, err := Embedded("strategies", base)
	if err != nil {
		return err
	}
	var p strategy.Plan
	if _, err := overlay.Decode(base+".yaml", src, &p, nil); err != nil {
		return err
	}
	s.put(name, p)
	return nil
}

// Strategy returns the plan of a name, or nil.
func (s *Scenario) Strategy(name string) *strategy.Plan {
	for i := range s.Strategies {
		if s.Strategies[i].Name == name {
			return &s.Strategies[i].Plan
		}
	}
	return nil
}

func (s *Scenario) put(name string, p strategy.Plan) {
	if have := s.Strategy(name); have != nil {
		*have = p
		return
	}
	s.Strategies = append(s.Strategies, Strategy{Name: name, Plan: p})
}

// guard loads a built-in rule set.
func (s *Scenario) guard(name string) error {
	src, err := Embedded("guardrails", name)
	if err != nil {
		return err
	}
	s.Guardrails = strategy.Guardrails{}
	_, err = overlay.Decode(name+".yaml", src, &s.Guardrails, nil)
	return err
}

// Set lays path=value over the scenario, by the rules of a file: a value without a dist of its own fixes
// a drawn parameter, a mapping with dist draws it.
func (s *Scenario) Set(setting string) error {
	p, value, ok := strings.Cut(setting, "=")
	if !ok {
		return fmt.Errorf("--set %s: must be PATH=VALUE", setting)
	}
	s.set = append(s.set, p)
	if p == "guardrails.name" {
		return s.guard(value)
	}
	name := strategyAt(p)
	had := s.Strategy(name) != nil
	err := overlay.Set(&s.File, s.Meta, p, value)
	switch {
	case err == nil && p == "compare":
		err = s.load(s.Compare)
	case had && s.Strategy(name) == nil: // deleted: as in a file, the others are played
		s.Compare = slices.DeleteFunc(slices.Clone(s.Compare), func(played string) bool { return played == name })
	}
	return err
}

// strategyAt is the name of the strategy that a path leads to; empty if it leads elsewhere, a part of a strategy included.
func strategyAt(path string) string {
	keys, err := overlay.Keys(path)
	if err != nil || len(keys) != 2 || keys[0] != "strategies" {
		return ""
	}
	return keys[1]
}

// load adds those of the named strategies that are built in and not there yet.
func (s *Scenario) load(names []string) error {
	var errs []error
	for _, name := range names {
		if s.Strategy(name) == nil && slices.Contains(Builtin("strategies"), name) {
			errs = append(errs, s.builtin(name, name))
		}
	}
	return errors.Join(errs...)
}

// number is the number at a path; 0 for all else.
func number(v any) float64 {
	x, _ := overlay.AsNumber(v)
	return x
}

// Play chooses the strategies to compare: names of the scenario or of built-ins, each once.
func (s *Scenario) Play(names []string) error {
	if len(names) == 0 {
		return errors.New("must name at least one strategy")
	}
	var errs []error
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			errs = append(errs, twice(name))
			continue
		}
		if s.Strategy(name) != nil {
			continue
		}
		if err := s.builtin(name, name); err != nil {
			errs = append(errs, unknown("strategy", name, s.names()))
		}
	}
	if len(errs) == 0 {
		s.Compare = names
	}
	return errors.Join(errs...)
}

func twice(name string) error {
	return fmt.Errorf("strategy %q: is named twice; give the copy a name of its own with extends", name)
}

// Played returns the names of the strategies that a run plays, in order.
func (s *Scenario) Played() []string {
	if len(s.Compare) > 0 {
		return s.Compare
	}
	var names []string
	for i := range s.Strategies {
		names = append(names, s.Strategies[i].Name)
	}
	return names
}
