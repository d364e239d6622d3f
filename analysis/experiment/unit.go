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
