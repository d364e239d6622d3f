package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"collectsim/analysis/report"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario/overlay"
)

// assertion is METRIC[@STRATEGY] < VALUE; without a strategy it must hold for every strategy.
type assertion struct {
	text, metric, strategy, relation string
	value                            float64
}

var assertPattern = regexp.MustCompile(`^\s*([a-z0-9_]+)(?:@([^\s<>=!](?:[^<>=!]*[^\s<>=!])?))?\s*(<=|>=|<|>)\s*(\S+)\s*$`)

// parseAsserts reads assertions on metrics, or on other figures that a command knows.
func parseAsserts(texts []string, figures ...string) ([]assertion, error) {
	var list []assertion
	var errs []error
	for _, text := range texts {
		m := assertPattern.FindStringSubmatch(text)
		if m == nil {
			errs = append(errs, fmt.Errorf("--assert %q: must be 'METRIC[@STRATEGY] < VALUE' with <, <=, > or >=", text))
			continue
		}
		value, err := strconv.ParseFloat(m[4], 64)
		if err != nil || math.IsNaN(value) {
			errs = append(errs, fmt.Errorf("--assert %q: %q is not a number", text, m[4]))
		}
		if known := append(metricNames(), figures...); !contains(known, m[1]) {
			errs = append(errs, fmt.Errorf("--assert %q: unknown metric %q%s", text, m[1], suggestion(known, m[1])))
		}
		list = append(list, assertion{text, m[1], m[2], m[3], value})
	}
	return list, errors.Join(errs...)
}

func checkAsserts(list []assertion, strategies []string) error {
	var errs []error
	for _, a := range list {
		if a.strategy != "" && !contains(strategies, a.strategy) {
			errs = append(errs, fmt.Errorf("--assert %q: unknown strategy %q%s", a.text, a.strategy, suggestion(strategies, a.strategy)))
		}
	}
	return errors.Join(errs...)
}

func suggestion(known []string, name string) string {
	if near := overlay.Nearest(known, name); near != "" {
		return fmt.Sprintf(", did you mean %q?", near)
	}
	return ""
}

func metricNames() []string {
	var names []string
	for _, m := range outcome.Metrics() {
		names = append(names, m.Name)
	}
	for _, m := range outcome.Relatives() {
		names = append(names, m.Name)
	}
	return names
}

func knownMetric(name string) bool { return contains(metricNames(), name) }

// holds checks the assertions against a summary's point estimates; every failed one is named. An
// undefined figure fulfils nothing; that of the baseline does not count where no strategy is named, unless
// there is no other.
func holds(list []assertion, s *report.Summary) error {
	var errs []error
	for _, a := range list {
		looked := 0
		for i := range s.Strategies {
			x := &s.Strategies[i]
			if a.strategy != "" && a.strategy != x.Name {
				continue
			}
			got := math.NaN()
			if figure, ok := x.Metrics[a.metric]; ok { // a run of another version may lack it
				got = float64(figure.Estimate)
			}
			if math.IsNaN(got) && a.strategy == "" && x.Name == s.Baseline {
				continue // relative metrics are not defined for the baseline, nor is much of no-contact
			}
			looked++
			if !a.fulfilled(got) {
				errs = append(errs, a.failed(a.metric+"@"+x.Name, got, ""))
			}
		}
		errs = append(errs, a.anything(looked))
	}
	return errors.Join(errs...)
}

// failed names what was found instead.
func (a *assertion) failed(what string, got float64, at string) error {
	found := fmt.Sprintf("%g", got)
	if math.IsNaN(got) {
		found = "undefined"
	}
	return fmt.Errorf("assertion failed: %s is %s%s, wanted %s %g", what, found, at, a.relation, a.value)
}

// anything is the fault of an assertion that found nothing to look at: it does not hold by that.
func (a *assertion) anything(looked int) error {
	if looked > 0 {
		return nil
	}
	return fmt.Errorf("assertion failed: %s is undefined wherever it was looked for, wanted %s %g", a.metric, a.relation, a.value)
}

func (a *assertion) fulfilled(got float64) bool {
	switch a.relation {
	case "<":
		return got < a.value
	case "<=":
		return got <= a.value
	case ">":
		return got > a.value
	}
	return got >= a.value
}
