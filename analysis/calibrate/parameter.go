package calibrate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// Parameter is a number of the scenario that is fitted within a range. The search sees it as a share z
// of the range, from 0 to 1: along the number, its logarithm or its logit.
type Parameter struct {
	Path      string
	Unit      string
	Low, High float64
	Scale     string  // "linear", "log" or "logit"
	Start     float64 // value of the scenario, moved into the range
	moved     bool    // from own
	own       float64 // value of the scenario
}

// wideRange is the ratio of the ends from which on a range without a declared scale is searched by ratio.
const wideRange = 5

// ParseParameters reads settings PATH or PATH=LOW:HIGH, with :linear, :log or :logit behind it where the
// scale is to be another than the declared one. Without a range the one that the scenario declares is
// taken. All faults are reported at once.
func ParseParameters(s *scenario.Scenario, settings []string) ([]Parameter, error) {
	var list []Parameter
	var errs []error
	for _, setting := range settings {
		p, err := parseParameter(s, setting)
		if err == nil && slices.ContainsFunc(list, func(q Parameter) bool { return q.Path == p.Path }) {
			err = fmt.Errorf("%s: is named twice", p.Path)
		}
		list, errs = append(list, p), append(errs, err)
	}
	return list, errors.Join(errs...)
}

func parseParameter(s *scenario.Scenario, setting string) (Parameter, error) {
	path, spec, given := strings.Cut(setting, "=")
	p := Parameter{Path: path}
	_, kind, err := overlay.Bind(&s.File, path)
	switch {
	case err != nil:
		text := err.Error()
		if near := overlay.Nearest(overlay.Paths(&s.File), path); near != "" && near != path {
			text += fmt.Sprintf("; the nearest path is %s", near)
		}
		return p, errors.New(text)
	case kind != overlay.Number:
		return p, fmt.Errorf("%s: takes whole numbers only; the fit needs numbers that vary smoothly", path)
	case strings.Contains(path, "["):
		return p, fmt.Errorf("%s: is an element of a list, which a file replaces as a whole; it cannot be fitted", path)
	}
	meta := s.Meta[path]
	p.Unit, p.Scale, p.Low, p.High = meta.Unit, meta.Scale, meta.Low, meta.High
	if given {
		if err := p.parseRange(spec); err != nil {
			return p, fmt.Errorf("%s=%s: %w", path, spec, err)
		}
	} else if !meta.HasRange {
		return p, fmt.Errorf("%s: the scenario declares no range for it; state one, as in %s=LOW:HIGH", path, path)
	}
	if err := p.checkRange(); err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	value, err := overlay.Get(&s.File, path)
	if err != nil {
		return p, err
	}
	x, ok := value.(float64)
	if !ok {
		return p, fmt.Errorf("%s: is no plain number", path)
	}
	p.Start, p.own = min(max(x, p.Low), p.High), x
	p.moved = p.Start != x
	return p, nil
}

func (p *Parameter) parseRange(spec string) error {
	parts := strings.Split(spec, ":")
	if len(parts) == 3 {
		p.Scale = parts[2]
		if !slices.Contains([]string{"linear", "log", "logit"}, p.Scale) {
			return fmt.Errorf("scale must be linear, log or logit, got %q", p.Scale)
		}
		parts = parts[:2]
	}
	if len(parts) != 2 {
		return errors.New("must be LOW:HIGH or LOW:HIGH:SCALE")
	}
	var err1, err2 error
	p.Low, err1 = strconv.ParseFloat(parts[0], 64)
	p.High, err2 = strconv.ParseFloat(parts[1], 64)
	if err1 != nil || err2 != nil {
		return errors.New("must be LOW:HIGH with two numbers")
	}
	return nil
}

func (p *Parameter) checkRange() error {
	if !(p.Low < p.High) || math.IsInf(p.Low, 0) || math.IsInf(p.High, 0) {
		return fmt.Errorf("the range must rise, got %g:%g", p.Low, p.High)
	}
	if p.Scale == "" {
		p.Scale = "linear"
		if p.Low > 0 && p.High/p.Low >= wideRange {
			p.Scale = "log"
		}
	}
	if p.Scale == "log" && p.Low <= 0 {
		return fmt.Errorf("the scale log needs a range above 0, got %g:%g", p.Low, p.High)
	}
	if p.Scale == "logit" && (p.Low <= 0 || p.High >= 1) {
		return fmt.Errorf("the scale logit needs a range inside of 0 and 1, got %g:%g", p.Low, p.High)
	}
	return nil
}

// on returns a value on the parameter's scale, off is its inverse.
func (p *Parameter) on(x float64) float64 {
	switch p.Scale {
	case "log":
		return math.Log(x)
	case "logit":
		return math.Log(x / (1 - x))
	}
	return x
}

func (p *Parameter) off(y float64) float64 {
	switch p.Scale {
	case "log":
		return math.Exp(y)
	case "logit":
		return 1 / (1 + math.Exp(-y))
	}
	return y
}

// share returns the place z in [0, 1] of a value of the range.
func (p *Parameter) share(x float64) float64 {
	return (p.on(x) - p.on(p.Low)) / (p.on(p.High) - p.on(p.Low))
}

// at returns the value at z, which is moved into [0, 1].
func (p *Parameter) at(z float64) float64 {
	switch {
	case z <= 0:
		return p.Low
	case z >= 1:
		return p.High
	}
	return min(max(p.off(p.on(p.Low)+z*(p.on(p.High)-p.on(p.Low))), p.Low), p.High)
}

// slope is the derivative of the value by z.
func (p *Parameter) slope(x float64) float64 {
	width := p.on(p.High) - p.on(p.Low)
	switch p.Scale {
	case "log":
		return x * width
	case "logit":
		return x * (1 - x) * width
	}
	return width
}

// usual lists behaviour parameters that move roll rates, the more telling ones first.
var usual = []string{
	"borrowers.payment.full_share", "borrowers.awareness.discovery_days", "borrowers.causes.forgetful.intensity",
	"borrowers.causes.over-indebted.capacity", "borrowers.causes.forgetful.memory",
}

// Usual returns parameters for targets with which none are named: as many as leave one target to test
// the fit with, and at least one.
func Usual(set *Set) []string {
	fitted := 0
	for i := range set.Targets {
		if !set.Targets[i].HoldOut {
			fitted++
		}
	}
	return usual[:min(max(fitted-1, 1), len(usual))]
}

// Fittable lists the paths of a scenario that can be fitted without stating a range.
func Fittable(s *scenario.Scenario) []string {
	var list []string
	for _, path := range overlay.Paths(&s.File) {
		if _, err := parseParameter(s, path); err == nil {
			list = append(list, path)
		}
	}
	return list
}
