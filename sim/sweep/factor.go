package sweep

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// Factor is a value of the scenario that a sweep varies.
type Factor struct {
	Path    string
	Spec    string // as given
	Unit    string // declared unit, or empty
	Numeric bool   // takes numbers; else texts, lists or named choices
	Integer bool   // takes whole numbers only

	Values    []string // the listed values, as a scenario file writes them; nil for a range
	Low, High float64  // of a range
	Log       bool     // the range is covered by ratio
}

// Range reports whether the factor is a continuous range.
func (f *Factor) Range() bool { return f.Values == nil }

// ParseFactor reads PATH=SPEC. SPEC is one of
//
//	a,b,c         values; commas inside of [ ], { } and quotes do not part them
//	lo:hi:step    lo, lo+step, ... up to hi
//	lo..hi        every number of the range; lo..hi:log covers it by ratio
//	range         the range that the scenario declares for the parameter
//	choices       the choices that it declares
//
// Any scalar or list of the scenario can be varied, named choices too (guardrails.name,
// strategies.<name>.stages.<stage>.tone). compare takes names of strategies or lists of them; the
// baseline is added to a list that lacks it.
func ParseFactor(s *scenario.Scenario, setting string) (*Factor, error) {
	path, spec, ok := strings.Cut(setting, "=")
	if !ok {
		return nil, fmt.Errorf("%s: must be PATH=SPEC, as in teams.visit.agents=2,4,8", setting)
	}
	f, err := NewFactor(s, path)
	if err != nil {
		return nil, err
	}
	f.Spec = spec
	if err := f.parse(spec, s.Meta[path]); err != nil {
		return nil, fmt.Errorf("%s=%s: %w", path, spec, err)
	}
	return f, nil
}

// NewFactor checks that a path can be varied. A wrong path is refused with the nearest valid one.
func NewFactor(s *scenario.Scenario, path string) (*Factor, error) {
	f := &Factor{Path: path, Unit: s.Meta[path].Unit}
	switch path {
	case "compare", "guardrails.name":
		return f, nil
	case "replications":
		return nil, errors.New("replications: cannot be varied, a sweep plays all points equally often; give --replications or --precision")
	case "name", "title":
		return nil, fmt.Errorf("%s: cannot be varied, it changes no result", path)
	}
	_, kind, notNumber := overlay.Bind(&s.File, path)
	if notNumber == nil { // also of a part that the scenario does not state yet, such as a team's regions
		f.Numeric, f.Integer = true, kind != overlay.Number
		return f, nil
	}
	value, err := overlay.Get(&s.File, path)
	if err != nil {
		text := plain(err).Error()
		if strings.HasSuffix(text, " is not set") {
			text += fmt.Sprintf("; state it in the scenario, then %s can be varied", path)
		}
		if near := overlay.Nearest(overlay.Paths(&s.File), path); near != "" {
			text += fmt.Sprintf("; the nearest path is %s", near)
		}
		return nil, errors.New(text)
	}
	if group(value) {
		return nil, fmt.Errorf("%s: holds several values and cannot be varied as a whole%s", path, inside(s, path))
	}
	return f, nil
}

func group(value any) bool {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return false
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Struct, reflect.Map:
		return true
	case reflect.Slice, reflect.Array:
		return v.Type().Elem().Kind() == reflect.Struct
	}
	return false
}

// inside suggests a value below a path.
func inside(s *scenario.Scenario, path string) string {
	for _, p := range overlay.Paths(&s.File) {
		if strings.HasPrefix(p, path+".") {
			return fmt.Sprintf("; vary one of them, such as %s", p)
		}
	}
	return ""
}

func (f *Factor) parse(spec string, meta overlay.ParamMeta) (err error) {
	switch low, high, isRange := strings.Cut(spec, ".."); {
	case spec == "":
		return errors.New("must not be empty")
	case spec == "range" && !meta.HasRange:
		return errors.New("the scenario declares no range for it")
	case spec == "range":
		f.Low, f.High, f.Log = meta.Low, meta.High, meta.Scale == "log"
		return f.checkRange()
	case spec == "choices" && meta.Choices == nil:
		return errors.New("the scenario declares no choices for it")
	case spec == "choices":
		for _, x := range meta.Choices {
			f.Values = append(f.Values, Text(x))
		}
		return nil
	case isRange && f.Numeric:
		high, f.Log = strings.CutSuffix(high, ":log")
		if f.Low, f.High, err = two(low, high); err != nil {
			return err
		}
		return f.checkRange()
	}
	if parts := strings.Split(spec, ":"); len(parts) == 3 && f.Numeric {
		return f.steps(parts)
	}
	if f.Values, err = split(spec); err != nil {
		return err
	}
	for _, v := range f.Values {
		if _, err := strconv.ParseFloat(v, 64); err != nil && f.Numeric && v != "true" && v != "false" {
			return fmt.Errorf("%q is not a number; write a,b,c or lo:hi:step or lo..hi", v)
		}
	}
	return nil
}

func two(low, high string) (lo, hi float64, err error) {
	lo, err1 := strconv.ParseFloat(low, 64)
	hi, err2 := strconv.ParseFloat(high, 64)
	if err1 != nil || err2 != nil {
		return 0, 0, errors.New("a range must be lo..hi or lo..hi:log with two numbers")
	}
	return lo, hi, nil
}

func (f *Factor) checkRange() error {
	switch {
	case !f.Numeric:
		return errors.New("is no number, so it has no range; list its values")
	case !(f.Low < f.High) || math.IsInf(f.Low, 0) || math.IsInf(f.High, 0):
		return fmt.Errorf("a range must rise, got %g..%g", f.Low, f.High)
	case f.Log && f.Low <= 0:
		return fmt.Errorf("a range by ratio must lie above 0, got %g..%g", f.Low, f.High)
	case f.Integer:
		f.Low, f.High = math.Ceil(f.Low), math.Floor(f.High)
		if f.Low >= f.High {
			return errors.New("the range holds fewer than two whole numbers")
		}
	}
	return nil
}

// maxSteps bounds the values of lo:hi:step.
const maxSteps = 1_000_000

// steps lists lo, lo+step, ... up to hi, which counts as reached within a millionth of a step, and is not passed.
func (f *Factor) steps(parts []string) error {
	lo, hi, err := two(parts[0], parts[1])
	step, err2 := strconv.ParseFloat(parts[2], 64)
	if err != nil || err2 != nil {
		return errors.New("must be lo:hi:step with three numbers")
	}
	n := math.Floor((hi-lo)/step + 1e-6)
	if !(step > 0) || !(n >= 0) || math.IsInf(hi-lo, 0) {
		return errors.New("lo:hi:step must rise with a step above 0")
	}
	if n > maxSteps {
		return fmt.Errorf("lo:hi:step has %g values, at most %d", n+1, maxSteps)
	}
	for k := 0.0; k <= n; k++ {
		f.Values = append(f.Values, Round(min(lo+float64(k*step), hi)))
	}
	return nil
}

// Text writes a number as a point holds it.
func Text(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Round is Text to twelve digits, for numbers that were counted out: 0.3, not 0.30000000000000004.
func Round(x float64) string {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	return Text(x)
}

// split parts a list at the commas that stand outside of brackets and quotes.
func split(spec string) ([]string, error) {
	var values []string
	var open []rune
	var quote rune
	start := 0
	for i, r := range spec {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '[' || r == '{':
			open = append(open, r+2) // the closing bracket of either stands two further in ASCII
		case r == ']' || r == '}':
			if len(open) == 0 || open[len(open)-1] != r {
				return nil, fmt.Errorf("%q closes what was not opened", r)
			}
			open = open[:len(open)-1]
		case r == ',' && len(open) == 0:
			values = append(values, strings.TrimSpace(spec[start:i]))
			start = i + 1
		}
	}
	if len(open) > 0 || quote != 0 {
		return nil, errors.New("a bracket or quote is not closed")
	}
	values = append(values, strings.TrimSpace(spec[start:]))
	if slices.Contains(values, "") {
		return nil, errors.New("a value is empty")
	}
	return values, nil
}

// set lays one value over a scenario.
func (f *Factor) set(s *scenario.Scenario, value string) error {
	if x, err := strconv.ParseFloat(value, 64); err == nil && f.Numeric && (!f.Integer || math.Abs(x) < 1<<53) {
		return plain(s.SetNumber(f.Path, x))
	}
	if f.Path != "compare" {
		return plain(s.Set(f.Path + "=" + value))
	}
	names, err := split(strings.TrimSuffix(strings.TrimPrefix(value, "["), "]"))
	if err != nil {
		return fmt.Errorf("compare: %w", err)
	}
	if !slices.Contains(names, s.Baseline) {
		names = append([]string{s.Baseline}, names...)
	}
	return s.Play(names)
}

// plain is an error without the name of a flag that nobody gave.
func plain(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), "--set: "))
}
