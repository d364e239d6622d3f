package report

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"collectsim/analysis/estimate"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
)

// borrowerPairs are the rows of accounts.arrow of the same borrower living the same life under two
// strategies; slices are parallel, in order of replication and account.
type borrowerPairs struct {
	table                *outcome.Table
	replication          []int
	account              []int64
	champion, challenger []int // rows of the table
}

// pairBorrowers matches the rows of two strategies.
func pairBorrowers(t *outcome.Table, champion, challenger string) (*borrowerPairs, error) {
	strategy, replication, account := t.Column("strategy"), t.Column("replication"), t.Column("account")
	if strategy == nil || replication == nil || account == nil {
		return nil, errors.New("accounts.arrow: needs the columns strategy, replication, account")
	}
	p := &borrowerPairs{table: t}
	for row, name := range strategy.Text {
		switch name {
		case champion:
			p.champion = append(p.champion, row)
			p.replication, p.account = append(p.replication, int(replication.Int[row])), append(p.account, account.Int[row])
		case challenger:
			p.challenger = append(p.challenger, row)
		}
	}
	ok := len(p.champion) == len(p.challenger) && len(p.champion) > 0
	for i := 0; ok && i < len(p.champion); i++ {
		a, b := p.champion[i], p.challenger[i]
		ok = replication.Int[a] == replication.Int[b] && account.Int[a] == account.Int[b]
	}
	if !ok {
		return nil, fmt.Errorf("accounts.arrow: the rows of %s and %s are not of the same borrowers", champion, challenger)
	}
	return p, nil
}

// values reads a figure of the borrowers under champion and challenger.
func (p *borrowerPairs) values(figure []float64) (champion, challenger []float64) {
	champion, challenger = make([]float64, len(p.champion)), make([]float64, len(p.challenger))
	for i := range champion {
		champion[i], challenger[i] = figure[p.champion[i]], figure[p.challenger[i]]
	}
	return champion, challenger
}

// borrowerFigure is a metric of single borrowers, parallel to the rows of accounts.arrow; nil where the
// table cannot tell it. The mean over the borrowers is the metric, but for cost (no fixed cost of teams),
// npv (not discounted, waivers taken off) and net_value (that too, and less what was owed on day 0, which is the same under
// every strategy and would hide in the spread between balances what they change), where the spread is as good.
func borrowerFigure(t *outcome.Table, metric string) []float64 {
	switch metric {
	case "recovered", "cost", "stress_mean", "stress_peak", "distress_days":
		return numbersOf(t, metric)
	case "overdue_paid", "cures": // older folders lack these columns, and that of net_value
		if t.Column(metric) == nil {
			return nil
		}
		return numbersOf(t, metric)
	case "net_value":
		if t.Column("book_value") == nil {
			return nil
		}
		value, opening, claimed := plus(borrowerFigure(t, "npv"), numbersOf(t, "book_value")), numbersOf(t, "opening_balance"), numbersOf(t, "claimed")
		for i := range value {
			if claimed[i] > 0 { // in collection; what others owe is in no figure
				value[i] -= opening[i]
			}
		}
		return value
	case "npv":
		return minus(numbersOf(t, "recovered"), numbersOf(t, "cost"), 1)
	case "attempts_per_account":
		return numbersOf(t, "attempts")
	case "visits_per_account":
		return numbersOf(t, "visits")
	case "complaints_per_1000":
		out := make([]float64, t.Rows())
		for i, x := range numbersOf(t, "complaints") {
			out[i] = 1000 * x
		}
		return out
	case "overdue_rate_1":
		return atOrBeyond(t, loan.Bucket1)
	case "overdue_rate_30":
		return atOrBeyond(t, loan.Bucket30)
	case "overdue_rate_60":
		return atOrBeyond(t, loan.Bucket60)
	case "overdue_rate_90":
		return atOrBeyond(t, loan.Bucket90)
	}
	return nil
}

// borrowerRatio gives the parts of a metric that is a ratio of sums over borrowers, parallel to the rows of accounts.arrow;
// nil where the table cannot tell them. Cost is that of [borrowerFigure].
func borrowerRatio(t *outcome.Table, metric string) (over, under []float64) {
	columns := map[string][2]string{
		"recovery_rate": {"recovered", "claimed"}, "cost_per_recovered": {"cost", "recovered"}, "cost_per_cure": {"cost", "cures"},
		"cure_rate": {"cures", "episodes"}, "self_cure_rate": {"self_cures", "episodes"}, "rpc_rate": {"rpc", "attempts"},
	}
	if parts, ok := columns[metric]; ok {
		if t.Column(parts[0]) == nil || t.Column(parts[1]) == nil {
			return nil, nil
		}
		return numbersOf(t, parts[0]), numbersOf(t, parts[1])
	}
	if days, ok := strings.CutPrefix(metric, "overdue_balance_rate_"); ok {
		owed := plus(numbersOf(t, "outstanding"), numbersOf(t, "written_off"))
		late := borrowerFigure(t, "overdue_rate_"+days)
		for i := range late {
			late[i] *= owed[i]
		}
		return late, owed
	}
	return nil, nil
}

// borrowerProbe is a table of no accounts, which has what [borrowerFigure] and [borrowerRatio] look for.
func borrowerProbe() *outcome.Table {
	t := &outcome.Table{Columns: []outcome.Column{{Name: "bucket", Kind: outcome.Text}}}
	for _, name := range []string{"opening_balance", "recovered", "claimed", "overdue_paid", "cost", "book_value", "episodes", "cures", "self_cures", "attempts", "rpc"} {
		t.Columns = append(t.Columns, outcome.Column{Name: name, Kind: outcome.Float, Float: []float64{}})
	}
	return t
}

func plus(a, b []float64) []float64 {
	sum := make([]float64, len(a))
	for i := range a {
		sum[i] = a[i] + b[i]
	}
	return sum
}

// linearised gives one value a borrower, whose mean over n borrowers has the variance of the ratio of their sums of a
// and b (delta method; Cochran 1977, section 6.4).
func linearised(a, b []float64, ratio float64) []float64 {
	mean, _ := estimate.MeanVariance(b)
	values := make([]float64, len(a))
	for i := range a {
		values[i] = (a[i] - ratio*b[i]) / mean
	}
	return values
}

func numbersOf(t *outcome.Table, name string) []float64 {
	if c := t.Column(name); c != nil && c.Kind != outcome.Text {
		return c.Floats()
	}
	return make([]float64, t.Rows())
}

// atOrBeyond is 1 for borrowers in the bucket or a later one at the horizon, else 0.
func atOrBeyond(t *outcome.Table, least loan.Bucket) []float64 {
	late := map[string]bool{}
	for b := least; b < loan.NumBuckets; b++ {
		late[b.String()] = true
	}
	out := make([]float64, t.Rows())
	for row, bucket := range t.Column("bucket").Text {
		if late[bucket] {
			out[row] = 1
		}
	}
	return out
}

// withinVariance is the variance between borrowers within a replication, averaged over replications;
// NaN with a single borrower each.
func withinVariance(replication []int, x []float64) float64 {
	return within(replication, x, func(x []float64) float64 {
		_, v := estimate.MeanVariance(x)
		return v
	})
}

// withinThird is the mean over replications of the third central moment between accounts of one replication.
func withinThird(replication []int, x []float64) float64 {
	return within(replication, x, func(x []float64) float64 {
		mean, _ := estimate.MeanVariance(x)
		sum := 0.0
		for _, v := range x {
			sum += math.Pow(v-mean, 3)
		}
		return sum / float64(len(x))
	})
}

// within is the mean over replications of what moment finds among the accounts of one replication.
func within(replication []int, x []float64, moment func([]float64) float64) float64 {
	byReplication := map[int][]float64{}
	var order []int
	for i, r := range replication {
		if byReplication[r] == nil {
			order = append(order, r)
		}
		byReplication[r] = append(byReplication[r], x[i])
	}
	sum := 0.0
	for _, r := range order {
		sum += moment(byReplication[r])
	}
	return sum / float64(len(order))
}
