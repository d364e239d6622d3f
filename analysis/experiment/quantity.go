package experiment

import (
	"maps"
	"math"
	"slices"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// share is a quantity of one arm in one replication as the two sides of a ratio: a mean over borrowers
// is their sum over their number, a metric that is a ratio of means has its own parts, any other
// metric stands over 1. The estimate over replications is the ratio of the sums.
type share struct{ over, under float64 }

// accountColumns are the outcomes per borrower that a measure can average.
var accountColumns = map[string]func(a *outcome.AccountRow) float64{
	"recovered":     func(a *outcome.AccountRow) float64 { return a.Recovered.Units() },
	"paid":          func(a *outcome.AccountRow) float64 { return a.Paid.Units() },
	"cost":          func(a *outcome.AccountRow) float64 { return a.Cost.Units() },
	"outstanding":   func(a *outcome.AccountRow) float64 { return (a.Outstanding + a.WrittenOff).Units() },
	"repaid":        func(a *outcome.AccountRow) float64 { return indicator(a.Outstanding+a.WrittenOff == 0) },
	"current":       func(a *outcome.AccountRow) float64 { return indicator(a.Bucket == loan.BucketCurrent) },
	"overdue_30":    func(a *outcome.AccountRow) float64 { return indicator(a.Bucket >= loan.Bucket30) },
	"stress_mean":   func(a *outcome.AccountRow) float64 { return a.StressMean },
	"stress_peak":   func(a *outcome.AccountRow) float64 { return a.StressPeak },
	"distress_days": func(a *outcome.AccountRow) float64 { return float64(a.DistressDays) },
	"complaints":    func(a *outcome.AccountRow) float64 { return float64(a.Complaints) },
	"visits":        func(a *outcome.AccountRow) float64 { return float64(a.Visits) },
	"attempts":      func(a *outcome.AccountRow) float64 { return float64(a.Attempts) },
}

func accountNames() []string { return slices.Sorted(maps.Keys(accountColumns)) }

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// wholeShare reads a quantity of the whole portfolio or of a group.
func wholeShare(s *outcome.StrategyOutcome, m *Measure) share {
	if m.Daily != "" {
		k, x := seriesIndex(m.Daily), share{}
		for day := range s.Daily {
			x.over, x.under = x.over+s.Daily[day][k], x.under+1
		}
		return x
	}
	values := s.Values
	if m.Group != "" {
		values = nil
		dimension, name, _ := strings.Cut(m.Group, "=")
		for i := range s.Groups {
			if s.Groups[i].Dimension == dimension && s.Groups[i].Name == name {
				values = s.Groups[i].Values
			}
		}
		if values == nil { // nobody is in the group
			return share{math.NaN(), 1}
		}
	}
	metric := &outcome.Metrics()[outcome.MetricIndex(m.Metric)]
	if over, under, ok := metric.Parts(); ok {
		return share{values[outcome.MetricIndex(over)], values[outcome.MetricIndex(under)]}
	}
	return share{values[outcome.MetricIndex(m.Metric)], 1}
}

// seriesIndex returns the position of a daily path, or -1.
func seriesIndex(name string) int {
	return slices.IndexFunc(outcome.DailySeries(), func(s outcome.Series) bool { return s.Name == name })
}

// pairShares takes a measure borrower by borrower in two strategies of one replication; less may be nil. opened are the
// days on which the borrowers' loans are disbursed, nil if all are on the books.
func pairShares(m *Measure, of, less *outcome.StrategyOutcome, horizon int, opened []loan.Day) (a, b share) {
	if m.Around != nil {
		return aroundShares(m, of, less, horizon, opened)
	}
	column := accountColumns[m.Account]
	for i := range of.Accounts {
		row := &of.Accounts[i]
		if !m.Where.selects(row) || !m.Where.remedied(row.Remedy != loan.NoRemedy) {
			continue
		}
		a.over, a.under = a.over+column(row), a.under+1
		if less != nil {
			b.over, b.under = b.over+column(&less.Accounts[i]), b.under+1
		}
	}
	return a, b
}

// all reports whether nothing is selected: everybody counts.
func (w *Where) all() bool {
	return len(w.Causes) == 0 && len(w.Regions) == 0 && len(w.Products) == 0 && w.Visited == "" && w.Remedied == ""
}

// selects holds a borrower, as seen in the arm that is measured, against every part but remedied.
func (w *Where) selects(a *outcome.AccountRow) bool {
	return (len(w.Causes) == 0 || slices.Contains(w.Causes, a.Cause)) &&
		(len(w.Regions) == 0 || slices.Contains(w.Regions, a.Region)) &&
		(len(w.Products) == 0 || slices.Contains(w.Products, a.Product)) &&
		(w.Visited == "" || (w.Visited == "yes") == (a.Visits > 0))
}

func (w *Where) remedied(was bool) bool { return w.Remedied == "" || (w.Remedied == "yes") == was }
