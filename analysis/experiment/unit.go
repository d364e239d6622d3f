package experiment

import "collectsim/sim/outcome"

// units of what is measured around an anchor, and of outcomes per borrower that are no money.
var units = map[string]string{
	"paid": "currency/borrower", "pays": "share", "cured": "share", "uncured": "share", "punctual": "share", "charged-off": "share", "stress": "points (0-100)", "episodes": "episodes/borrower",
	"broken": "promises/borrower", "kept": "promises/borrower",
	"recovered": "currency/borrower", "cost": "currency/borrower", "outstanding": "currency/borrower",
	"repaid": "share", "current": "share", "overdue_30": "share", "stress_mean": "points (0-100)", "stress_peak": "points (0-100)",
	"distress_days": "days/borrower", "complaints": "complaints/borrower", "visits": "visits/borrower", "attempts": "contacts/borrower",
}

// unit is the unit of a measure.
func (m *Measure) unit() string {
	switch {
	case m.Per != "":
		return "multiple of " + m.Per
	case m.As == "ratio" || m.As == "relative":
		return "ratio"
	case m.Metric != "":
		return outcome.Metrics()[outcome.MetricIndex(m.Metric)].Unit
	case m.Daily != "":
		return outcome.DailySeries()[seriesIndex(m.Daily)].Unit
	case m.Around != nil:
		return units[m.Around.What]
	}
	return units[m.Account]
}

// bounds is the range of a measure. What two arms differ by can be anything; the ratio of what cannot be negative is not.
func (m *Measure) bounds() outcome.Range {
	arm := m.quantity()
	switch {
	case m.Less == "" && m.Per == "":
		return arm
	case m.As == "ratio" && m.Per == "" && arm.Least >= 0:
		return outcome.Amount
	}
	return outcome.Anything
}

// quantity is the range of what is measured of one arm.
func (m *Measure) quantity() outcome.Range {
	switch {
	case m.Metric != "":
		return outcome.Metrics()[outcome.MetricIndex(m.Metric)].Range
	case m.Daily != "":
		return outcome.DailySeries()[seriesIndex(m.Daily)].Range
	case m.Around != nil && m.Around.Against != nil: // stress on a day less that on another
		return outcome.Anything
	}
	what := m.Account
	if m.Around != nil {
		what = m.Around.What
	}
	switch units[what] {
	case "share":
		return outcome.Fraction
	case units["stress"]:
		return outcome.Points
	}
	return outcome.Amount
}
