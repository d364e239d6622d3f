package main

import (
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/strategy"
)

// metricTable is the dictionary of metrics.
func metricTable() (string, error) {
	g := newGrid("metric", "unit", "range", "better", "meaning")
	for _, m := range outcome.Metrics() {
		doc := m.Doc
		if over, under, ok := m.Parts(); ok {
			doc += "; estimated as the mean of " + code(over) + " over the mean of " + code(under)
		}
		if m.Headline {
			doc += " (**headline**)"
		}
		g.add(code(m.Name), m.Unit, m.Range.String(), string(m.Better), doc)
	}
	return g.markdown(), nil
}

// relativeTable lists the ratios of differences to the baseline.
func relativeTable() (string, error) {
	g := newGrid("metric", "unit", "better", "meaning", "difference above the line", "difference below the line")
	for _, r := range outcome.Relatives() {
		under := code(r.Under)
		if r.Sign < 0 {
			under += ", sign reversed"
		}
		g.add(code(r.Name), r.Unit, string(r.Better), r.Doc, code(r.Over), under)
	}
	return g.markdown(), nil
}

// seriesTable lists the daily paths.
func seriesTable() (string, error) {
	g := newGrid("series", "unit", "range", "better", "meaning")
	for _, s := range outcome.DailySeries() {
		g.add(code(s.Name), s.Unit, s.Range.String(), string(s.Better), s.Doc)
	}
	return g.markdown(), nil
}

// vocabulary lists the names that files and tables use.
func vocabulary() (string, error) {
	g := newGrid("of", "names")
	g.add("product", names(loan.NumProducts))
	g.add("region", names(loan.NumRegions))
	g.add("cause", names(loan.NumCauses))
	g.add("channel", names(loan.NumChannels))
	g.add("tone", names(loan.NumTones))
	g.add("message", names(loan.NumMessages))
	g.add("remedy", names(loan.NumRemedies()))
	g.add("bucket", names(loan.NumBuckets))
	g.add("rule", names(strategy.NumVerdicts()))
	return g.markdown(), nil
}

// names lists the values below n of an enumeration.
func names[T interface {
	~uint8
	String() string
}](n T,
) string {
	var list []string
	for k := range n {
		list = append(list, code(k.String()))
	}
	return strings.Join(list, ", ")
}
