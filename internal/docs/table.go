package main

import (
	"fmt"
	"strings"

	"collectsim/sim/outcome"
)

// Small runs that write every table: their size does not matter, only their columns do.
const (
	tinyRun = "run --accounts 30 --replications 2 --horizon 60 --strategies no-contact,home-visits --accounts-table --events"

	tinyNewLoans = "run --accounts 30 --replications 2 --horizon 120 --strategies no-contact,home-visits --set portfolio.new_loans.per_month=0.2"

	tinySweep = "sweep --accounts 30 --replications 2 --horizon 60 --strategies no-contact,home-visits --metrics npv" +
		" --vary teams.visit.agents=1,4"
	tinySensitivity = "sensitivity --accounts 30 --replications 2 --horizon 60 --strategies no-contact,home-visits" +
		" --method oneway --levels 2 --vary teams.visit.agents=1..4"
)

// described says of a table what its rows are, and which of its columns repeat by a pattern.
type described struct {
	line, name, title, rows string
	folded                  func(string) bool // columns that the pattern stands for
	pattern                 string
}

var tablesOfFolders = []described{
	{tinyRun, "replications", "Run: replications", "One row per strategy and replication, by strategy, then replication.", isMetric, "then every metric of [metrics.md](metrics.md), in its order, then a column `parameter:PATH` for every drawn parameter"},
	{tinyRun, "segments", "Run: segments", "One row per strategy, replication and group with accounts in it. Dimensions: product, region, segment, cause, start (bucket on day 0); vintage (month of opening) where loans open during the run; arm:NAME where a strategy NAME splits the portfolio, the accounts of its arms under every strategy.", isMetric, "then every metric of [metrics.md](metrics.md), in its order, over the accounts of the group"},
	{tinyRun, "actions", "Run: actions", "One row per strategy, channel and replication in which the channel was used.", nil, ""},
	{tinyRun, "suppressions", "Run: suppressions", "One row per strategy, channel, rule and replication in which the rule held an action back.", nil, ""},
	{tinyRun, "daily", "Run: daily", "One row per strategy and day: means over the replications.", isInterval, "after each series NAME its 95% interval over replications, `NAME_low` and `NAME_high`"},
	{tinyRun, "transitions", "Run: transitions", "One row per strategy, whole month of 30 days and pair of buckets that occurred. The roll-rate matrix is count over its sum by from.", nil, ""},
	{tinyRun, "cures", "Run: cures", "One row per strategy and day since the delinquency episode began; episodes that were open on day 0 are not counted, their beginning was not observed.", nil, ""},
	{tinyRun, "visit_stress", "Run: visit_stress", "One row per strategy, anchor and day of the window around it. A borrower counts once per anchor, at the first one of the run, and only if the whole window, 7 days before to 30 days after, lies within the run; so the same borrowers stand behind every day. They are a selection: those with an appointment, and of them those whom a visit met.", nil, ""},
	{tinyNewLoans, "vintages", "Run with new loans: vintages", "One row per strategy, month of opening and months on book, as far as every loan of the month was observed; only where loans open during the run. Vintage 0 is all of them together: at each age the vintages that were observed so long.", nil, ""},
	{tinyRun, "accounts", "Run with --accounts-table: accounts", "One row per strategy, replication and account.", nil, ""},
	{tinyRun, "events", "Run with --events: events", "One row per event, by strategy, replication, day, account, sequence.", nil, ""},
	{tinySweep, "points", "Sweep: points", "One row per point and strategy.", isEstimate, "then for every chosen metric: `METRIC` its estimate, `METRIC_se` the standard error over replications, `METRIC_diff` the difference to the baseline at the same point, `METRIC_diff_se` its standard error, paired by replication"},
	{tinySweep, "replications", "Sweep: replications", "One row per replication, point and strategy.", isMetric, "then the chosen metrics; a column for every varied path stands where `teams.visit.agents` stands here"},
	{tinySensitivity, "assumptions", "Sensitivity analysis: assumptions", "One row per varied assumption, the most influential first. What the chosen method does not compute is null.", nil, ""},
	{tinySensitivity, "break_evens", "Sensitivity analysis: break_evens", "One row per value of an assumption at which two strategies change places. Each step of the analysis is a folder of its own, with the tables of a sweep.", nil, ""},
}

func isMetric(name string) bool {
	return outcome.MetricIndex(name) >= 0 || strings.HasPrefix(name, "parameter:")
}

func isInterval(name string) bool {
	return strings.HasSuffix(name, "_low") || strings.HasSuffix(name, "_high")
}

func isEstimate(name string) bool {
	for _, end := range []string{"_se", "_diff", "_diff_se"} {
		if stem, ok := strings.CutSuffix(name, end); ok && isMetric(stem) {
			return true
		}
	}
	return isMetric(name)
}

// tables documents the columns of every table, as the files themselves describe them.
func (l *lab) tables() (string, error) {
	var b strings.Builder
	for _, d := range tablesOfFolders {
		t, err := l.table(d.line, d.name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "## %s\n\n`%s.arrow`. %s\n\n", d.title, d.name, d.rows)
		g := newGrid("column", "type", "unit", "better", "meaning")
		folded := 0
		for i := range t.Columns {
			c := &t.Columns[i]
			if d.folded != nil && d.folded(c.Name) {
				folded++
				continue
			}
			g.add(code(c.Name), c.Kind.String(), c.Unit, c.Better, c.Doc)
		}
		if (folded > 0) != (d.pattern != "") {
			return "", fmt.Errorf("table %s: %d columns are left to the pattern %q", d.name, folded, d.pattern)
		}
		if folded > 0 {
			g.add("…", "float", "", "", d.pattern)
		}
		b.WriteString(g.markdown() + "\n")
	}
	return b.String(), nil
}

// details says what amount and detail of each kind of event mean.
var details = map[outcome.EventKind][2]string{
	outcome.EventContact:    {"", "0 not delivered, 1 delivered, 2 right party"},
	outcome.EventPayment:    {"paid", "days past due before the payment, on the demanded schedule"},
	outcome.EventPromise:    {"promised", "day on which the promise falls due"},
	outcome.EventKept:       {"", ""},
	outcome.EventBroken:     {"rest of what was promised", ""},
	outcome.EventDiagnosis:  {"", "cause, by its place in the list of causes"},
	outcome.EventRemedy:     {"", "remedy, by its place in the list of remedies"},
	outcome.EventOverdue:    {"arrears, contractual", "an episode begins"},
	outcome.EventCure:       {"", "days since the episode began; it ends by payment"},
	outcome.EventChargeOff:  {"written off", ""},
	outcome.EventComplaint:  {"", ""},
	outcome.EventIncident:   {"", ""},
	outcome.EventNotice:     {"", "day of the visit; the contact that gives the notice follows"},
	outcome.EventSuppressed: {"", "rule that held the action back, by its place in the list of rules"},
	outcome.EventStop:       {"", "the borrower asked for contact to stop"},
	outcome.EventShock:      {"", "1 income is disrupted, 0 it has recovered"},
}

// eventTable documents the kinds of event.
func eventTable() (string, error) {
	g := newGrid("event", "amount", "detail")
	for k := range outcome.NumEventKinds {
		d, ok := details[k]
		if !ok {
			return "", fmt.Errorf("event %s: its amount and detail have no description", k)
		}
		g.add(code(k.String()), d[0], d[1])
	}
	return g.markdown(), nil
}
