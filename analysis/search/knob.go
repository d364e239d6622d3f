package search

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/sensitivity"
	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
	"collectsim/sim/strategy"
	"collectsim/sim/sweep"
)

// Knob is a value of the strategy that the search may change.
type Knob struct {
	Path   string   `json:"path"`   // below the strategy, such as stages.early-call.every
	Values []string `json:"values"` // as a scenario file writes them, each once; the first is the value as it is
}

// The values of a knob that leaves a stage out: its path is that of the stage.
const (
	on  = "on"
	off = "off"
)

// levels is the number of values that stand for a range.
const levels = 5

// ParseKnob reads PATH=SPEC of a strategy of the scenario. PATH starts at the strategy (stages.early-call.every) or at
// the scenario (strategies.NAME.stages.early-call.every). SPEC is one of those of sweep.ParseFactor; a range stands for
// five values evenly spread. stages.NAME=off lets the search leave a stage out.
//
// Errors: a strategy that the scenario lacks, a path outside of it, an unknown one, a SPEC that is none, or that holds nothing but the value as it is.
func ParseKnob(s *scenario.Scenario, name, setting string) (Knob, error) {
	path, spec, ok := strings.Cut(setting, "=")
	if !ok {
		return Knob{}, fmt.Errorf("%s: must be PATH=SPEC, as in stages.early-call.every=7,14", setting)
	}
	if s.Strategy(name) == nil {
		return Knob{}, fmt.Errorf("strategy %q: the scenario has none of this name", name)
	}
	whole := overlay.Path("strategies", name) + "."
	path = strings.TrimPrefix(path, whole)
	if !strings.HasPrefix(path, "stages.") {
		return Knob{}, fmt.Errorf("%s: the search changes stages of strategy %s alone; write stages.STAGE.KEY or %sstages.STAGE.KEY", path, name, whole)
	}
	if k, ok := dropping(s.Strategy(name), path); ok {
		if spec != off {
			return Knob{}, fmt.Errorf("%s=%s: of a whole stage the search can try %s alone", path, spec, off)
		}
		return k, nil
	}
	f, err := sweep.ParseFactor(s, whole+path+"="+spec)
	if err != nil {
		return Knob{}, err
	}
	now, err := overlay.Get(&s.File, whole+path)
	if err != nil {
		return Knob{}, err
	}
	values, err := valuesOf(f)
	if err != nil {
		return Knob{}, err
	}
	k := Knob{Path: path, Values: []string{textOf(now)}}
	for _, v := range values {
		k.add(v)
	}
	if len(k.Values) < 2 {
		return Knob{}, fmt.Errorf("%s=%s: is the value that the strategy has already", path, spec)
	}
	return k, nil
}

// dropping is the knob that leaves out the stage at a path, if there is a stage there.
func dropping(p *strategy.Plan, path string) (Knob, bool) {
	for i := range p.Stages {
		if path == overlay.Path("stages", p.Stages[i].Name) {
			return Knob{path, []string{on, off}}, true
		}
	}
	return Knob{}, false
}

// valuesOf lists the values of a factor, those of a range evenly spread.
func valuesOf(f *sweep.Factor) ([]string, error) {
	if !f.Range() {
		return f.Values, nil
	}
	spread, err := sensitivity.Bounds{{Name: f.Path, Low: f.Low, High: f.High, Log: f.Log, Integer: f.Integer}}.Levels(levels)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, x := range spread[0] {
		list = append(list, sweep.Round(x))
	}
	return list, nil
}

// add adds a value unless the knob has it.
func (k *Knob) add(value string) {
	if !slices.ContainsFunc(k.Values, func(have string) bool { return same(have, value) }) {
		k.Values = append(k.Values, value)
	}
}

// same reports whether two texts are one value: 7 and 7.0 are.
func same(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return a == b || err1 == nil && err2 == nil && x == y
}

// textOf writes a value of a scenario as its file does.
func textOf(value any) string {
	if x, ok := overlay.AsNumber(value); ok {
		return sweep.Text(x)
	}
	if t, ok := value.(encoding.TextMarshaler); ok {
		if text, err := t.MarshalText(); err == nil {
			return string(text)
		}
	}
	return strings.ReplaceAll(fmt.Sprint(value), " ", ", ") // lists
}

// Usual returns the knobs that are tried when nobody names any: of every stage whether it is there, its first day, its
// rhythm and cap, and whom it leaves out by what is owed and by risk score. Amounts are quartiles of the
// instalments of the portfolio, in two digits.
func Usual(s *scenario.Scenario, name string, portfolio *loan.Portfolio) []Knob {
	p := s.Strategy(name)
	var list []Knob
	for i := range p.Stages {
		st := &p.Stages[i]
		at := overlay.Path("stages", st.Name)
		list = append(list, Knob{at, []string{on, off}})
		number := func(path string, now float64, others ...float64) {
			k := Knob{at + "." + path, []string{sweep.Text(now)}}
			for _, x := range others {
				k.add(sweep.Text(x))
			}
			if len(k.Values) > 1 {
				list = append(list, k)
			}
		}
		number("first_day", float64(st.FirstDay), otherDays(st.FirstDay)...)
		number("every", float64(st.Every), around(st.Every)...)
		number("retry", float64(st.Retry), around(st.Retry)...)
		number("cap", float64(st.Cap), around(st.Cap)...)
		number("when.min_owed", st.When.MinOwed, quartiles(portfolio)...)
		number("when.max_score", st.When.MaxScore, 0, 0.5, 0.75)
		number("when.min_score", st.When.MinScore, 0, 0.25, 0.5)
	}
	return list
}

// otherDays are first days to try beside the present one: half, half as much again, twice and a week later, on
// the same side of the due date.
func otherDays(day int) []float64 {
	if day <= 0 {
		return []float64{float64(min(day+2, max(day, -1))), float64(day - 2)}
	}
	d := float64(day)
	return []float64{math.Ceil(d / 2), math.Round(1.5 * d), 2 * d, d + 7}
}

// around are half of a count of days or contacts and twice as many; nothing stays nothing.
func around(n int) []float64 {
	if n == 0 {
		return nil
	}
	return []float64{math.Ceil(float64(n) / 2), float64(2 * n)}
}

// quartiles are those of the instalments, in major units and two digits, and 0.
func quartiles(p *loan.Portfolio) []float64 {
	var sizes []loan.Cents
	for i := range p.Accounts {
		if a := &p.Accounts[i]; a.Balance > 0 {
			sizes = append(sizes, a.Instalment)
		}
	}
	list := []float64{0}
	slices.Sort(sizes)
	for q := 1; q <= 3 && len(sizes) > 0; q++ {
		x, err := strconv.ParseFloat(strconv.FormatFloat(sizes[len(sizes)*q/4].Units(), 'g', 2, 64), 64)
		if err == nil {
			list = append(list, x)
		}
	}
	return list
}

// checkKnobs reports knobs that are named twice.
func checkKnobs(knobs []Knob) error {
	var errs []error
	for i := range knobs {
		if slices.ContainsFunc(knobs[:i], func(k Knob) bool { return k.Path == knobs[i].Path }) {
			errs = append(errs, fmt.Errorf("%s: is varied twice", knobs[i].Path))
		}
	}
	return errors.Join(errs...)
}
