package outcome

import (
	"fmt"
	"math"

	"collectsim/sim/loan"
)

// Better says which direction of a metric is the better one; nothing else in the project may assume it.
type Better string

// The directions.
const (
	Lower   Better = "lower"
	Higher  Better = "higher"
	Neither Better = "neither"
)

// Range is where a quantity certainly lies, whatever is simulated; an end is infinite where nothing bounds it.
type Range struct{ Least, Most float64 }

// The ranges of what is measured. A share of minutes or of claims can exceed 1 and is an amount.
var (
	Fraction = Range{0, 1}           // a part of a whole
	Amount   = Range{0, math.Inf(1)} // counts, days, money paid or spent
	Points   = Range{0, 100}         // of stress
	Change   = Range{-100, 100}      // of points
	Anything = Range{math.Inf(-1), math.Inf(1)}
)

// Cut returns the part of the interval from low to high around an estimate that lies within the range. Symmetric
// intervals of few replications reach beyond it, to negative shares; what is cut off cannot hold the true value, so the
// interval is right as often as before. The estimate stays inside, should rounding have put it outside of the range. Ends
// that are infinite or NaN stay: they say that there is no bounded interval.
func (r Range) Cut(value, low, high float64) (float64, float64) {
	if low < r.Least && !math.IsInf(low, 0) {
		low = min(r.Least, value)
	}
	if high > r.Most && !math.IsInf(high, 0) {
		high = max(r.Most, value)
	}
	return low, high
}

// String is the range in words.
func (r Range) String() string {
	switch {
	case math.IsInf(r.Least, -1):
		return "any"
	case math.IsInf(r.Most, 1):
		return fmt.Sprintf("at least %g", r.Least)
	}
	return fmt.Sprintf("%g to %g", r.Least, r.Most)
}

// Metric is one quantity of a strategy: its name, unit, range, direction, meaning, and how it follows from
// the sums over a group of accounts. Value returns NaN where the quantity is undefined (a ratio with
// nothing below the line). ref holds the sums of the same group in the no-contact life of the same
// borrowers.
type Metric struct {
	Name, Unit string
	Range      Range
	Better     Better
	Doc        string
	Headline   bool // shown in the printed comparison, and made tight by --precision
	Value      func(t, ref *Totals) float64
}

// Overdue thresholds of the overdue rates, in days past due.
var overdueDays = [4]loan.Day{1, 30, 60, 90}

// OverdueDays returns the thresholds to which Totals.Overdue and Totals.OverdueBalance refer.
func OverdueDays() [4]loan.Day { return overdueDays }

// ratio is a/b, undefined (NaN) when b is 0.
func ratio[A, B ~int64 | ~float64](a A, b B) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

// perAccount is money per account of the group, in major units.
func perAccount[A ~int64 | ~float64](cents A, t *Totals) float64 {
	return ratio(float64(cents)/100, t.Accounts)
}

func overdueRate(i int) func(t, _ *Totals) float64 {
	return func(t, _ *Totals) float64 { return ratio(t.Overdue[i], t.Accounts) }
}

func overdueBalanceRate(i int) func(t, _ *Totals) float64 {
	return func(t, _ *Totals) float64 { return ratio(t.OverdueBalance[i], t.Balance) }
}

func costOf(k CostKind) func(t, _ *Totals) float64 {
	return func(t, _ *Totals) float64 { return perAccount(t.Cost[k], t) }
}

const (
	share      = "share"
	money      = "currency/account"
	moneyRatio = "currency/currency"
)

// RankedBy names the metric by which strategies are ranked wherever nobody asks for another, so that the
// same question has the same answer in run, compare, decide, sweep, sensitivity and report: what the
// lender is left with, money that is still expected included, since the horizon cuts remedies off that
// spread payments.
const RankedBy = "net_value"

// Metrics is the registry: every metric of every table, in the order of the tables' columns. Adding
// a metric is one entry here and its test.
func Metrics() []Metric { return metrics }

var metrics = []Metric{
	{"overdue_rate_1", share, Fraction, Lower, "accounts at least 1 day past due by the original contract at the horizon, charged-off ones included", false, overdueRate(0)},
	{"overdue_rate_30", share, Fraction, Lower, "accounts at least 30 days past due by the original contract at the horizon, charged-off ones included", true, overdueRate(1)},
	{"overdue_rate_60", share, Fraction, Lower, "accounts at least 60 days past due by the original contract at the horizon, charged-off ones included", false, overdueRate(2)},
	{"overdue_rate_90", share, Fraction, Lower, "accounts at least 90 days past due by the original contract at the horizon, charged-off ones included", false, overdueRate(3)},
	{"overdue_rate_30_reported", share, Fraction, Lower, "as overdue_rate_30, but accounts under a remedy count by their new schedule (forborne), as a lender reports them", true, func(t, _ *Totals) float64 { return ratio(t.OverdueReported30, t.Accounts) }},
	{"overdue_balance_rate_1", share, Fraction, Lower, "share of the outstanding balance (written-off claims included) on accounts at least 1 day past due", false, overdueBalanceRate(0)},
	{"overdue_balance_rate_30", share, Fraction, Lower, "share of the outstanding balance (written-off claims included) on accounts at least 30 days past due", false, overdueBalanceRate(1)},
	{"overdue_balance_rate_60", share, Fraction, Lower, "share of the outstanding balance (written-off claims included) on accounts at least 60 days past due", false, overdueBalanceRate(2)},
	{"overdue_balance_rate_90", share, Fraction, Lower, "share of the outstanding balance (written-off claims included) on accounts at least 90 days past due", false, overdueBalanceRate(3)},
	{"mean_overdue_rate_30", share, Fraction, Lower, "overdue_rate_30 averaged over the days of the run", false, func(t, _ *Totals) float64 {
		return ratio(t.OverdueDays30, t.Days)
	}},
	{"cure_rate", share, Fraction, Higher, "delinquency episodes (open on day 0 or begun later) that a payment ended by the horizon", true, func(t, _ *Totals) float64 { return ratio(t.Cures, t.Episodes) }},
	{"cures", "cures/account", Amount, Higher, "cured episodes per account", false, func(t, _ *Totals) float64 { return ratio(t.Cures, t.Accounts) }},
	{"self_cure_rate", share, Fraction, Higher, "delinquency episodes that a payment ended before any contact reached the borrower", false, func(t, _ *Totals) float64 { return ratio(t.SelfCures, t.Episodes) }},
	{"redefault_rate", share, Fraction, Lower, "accounts with a remedy other than a dated promise that were 30 days past due after they had been current on their new terms, of all such accounts: who stays behind after a waiver, or a settlement that is not paid, is below the line only", false, func(t, _ *Totals) float64 { return ratio(t.Redefaults, t.NewTerms) }},
	{"charge_off_rate", share, Fraction, Lower, "accounts charged off during the run", false, func(t, _ *Totals) float64 { return ratio(t.ChargedOff, t.Accounts) }},
	{"lgd", share, Fraction, Lower, "loss given charge-off: still written off at the horizon over the amount charged off", false, func(t, _ *Totals) float64 { return ratio(t.WrittenOff, t.ChargedOffAmount) }},
	{"recovered", money, Amount, Higher, "money paid by borrowers in collection: all payments of an account from the first day on which it is overdue in its no-contact life, so that every strategy is measured on the same accounts and days and curing early is not held against it", true, func(t, _ *Totals) float64 { return perAccount(t.Recovered, t) }},
	{"overdue_paid", money, Amount, Neither, "overdue money paid; neither direction is better, since a strategy that keeps borrowers current leaves less of it", false, func(t, _ *Totals) float64 { return perAccount(t.OverduePaid, t) }},
	{"recovery_rate", share, Amount, Higher, "recovered over what was due from the same accounts: opening arrears, instalments, penalties, balances accelerated by charge-off", true, func(t, _ *Totals) float64 { return ratio(t.Recovered, t.Claimed) }},
	{"npv", money, Anything, Higher, "recovered less cost, discounted to day 0 at the funding rate; without cost_waiver, since what is given up is missing from recovered already", true, func(t, _ *Totals) float64 { return perAccount(t.NPV, t) }},
	{"net_value", money, Anything, Higher, "npv plus what the same accounts are worth at the horizon, discounted: what their borrowers pay in the months of the run-off (policy.run_off_months) if all contact stops, then what they still owe less provisions; the fair measure where remedies spread payments beyond the horizon", true, func(t, _ *Totals) float64 { return perAccount(t.NPV+t.BookValue, t) }},
	{"cost", money, Amount, Lower, "everything that collecting costs the lender: contacts, wages, travel, fixed cost, agency and legal fees, waivers, complaints, incidents", true, func(t, _ *Totals) float64 { return perAccount(t.TotalCost(), t) }},
	{"cost_contact", money, Amount, Lower, "cost of messages, letters, dials and line time", false, costOf(CostContact)},
	{"cost_wages", money, Amount, Lower, "wages for minutes worked", false, costOf(CostWages)},
	{"cost_travel", money, Amount, Lower, "travel of visits", false, costOf(CostTravel)},
	{"cost_fixed", money, Amount, Lower, "fixed cost of teams: seats, vehicles, supervision", false, costOf(CostFixed)},
	{"cost_agency", money, Amount, Lower, "contingency fees of agencies", false, costOf(CostAgency)},
	{"cost_legal", money, Amount, Lower, "legal letters and court fees", false, costOf(CostLegal)},
	{"cost_waiver", money, Amount, Lower, "interest, penalties and principal given up by remedies", false, costOf(CostWaiver)},
	{"cost_complaint", money, Amount, Lower, "handling of complaints", false, costOf(CostComplaint)},
	{"cost_incident", money, Amount, Lower, "safety incidents on visits", false, costOf(CostIncident)},
	{"funding_cost", money, Amount, Lower, "funding cost of overdue money; not part of cost, since npv discounts", false, func(t, _ *Totals) float64 { return perAccount(t.Funding, t) }},
	{"cost_per_recovered", moneyRatio, Amount, Lower, "cost per unit recovered", true, func(t, _ *Totals) float64 { return ratio(t.TotalCost(), t.Recovered) }},
	{"cost_per_cure", "currency/cure", Amount, Lower, "cost per cured episode", false, func(t, _ *Totals) float64 { return ratio(t.TotalCost().Units(), float64(t.Cures)) }},
	{"stress_mean", "points (0-100)", Points, Lower, "mean stress over borrowers and days", true, func(t, _ *Totals) float64 { return ratio(t.StressDays, t.Days) }},
	{"stress_peak", "points (0-100)", Points, Lower, "mean over borrowers of the highest stress of the run", false, func(t, _ *Totals) float64 { return ratio(t.StressPeak, t.Accounts) }},
	{"stress_p95", "points (0-100)", Points, Lower, "95th percentile over borrowers of their mean stress over the days: what the most burdened twentieth bears at least", false, func(t, _ *Totals) float64 { return t.stressQuantile(0.95) }},
	{"distress_share", share, Fraction, Lower, "borrowers ever in distress (stress at or above the distress threshold)", false, func(t, _ *Totals) float64 { return ratio(t.Distressed, t.Accounts) }},
	{"distress_days", "days/account", Amount, Lower, "days in distress per borrower", true, func(t, _ *Totals) float64 { return ratio(t.DistressDays, t.Accounts) }},
	{"collection_stress", "points (0-100)", Change, Lower, "stress_mean less that of the same borrowers' no-contact life", true, func(t, ref *Totals) float64 {
		return ratio(t.StressDays-ref.StressDays, t.Days)
	}},
	{"trust_mean", share, Fraction, Higher, "mean trust of borrowers at the horizon", false, func(t, _ *Totals) float64 { return ratio(t.Trust, t.Accounts) }},
	{"complaints_per_1000", "complaints/1000 accounts", Amount, Lower, "complaints per 1000 accounts", false, func(t, _ *Totals) float64 { return 1000 * ratio(t.Complaints, t.Accounts) }},
	{"incidents_per_1000_visits", "incidents/1000 visits", Amount, Lower, "safety incidents per 1000 visits", false, func(t, _ *Totals) float64 { return 1000 * ratio(t.Incidents, t.Visits) }},
	{"attempts_per_account", "contacts/account", Amount, Neither, "contacts attempted per account, all channels", false, func(t, _ *Totals) float64 { return ratio(t.Attempts, t.Accounts) }},
	{"rpc_rate", share, Fraction, Higher, "right-party contacts over attempts, all channels", false, func(t, _ *Totals) float64 { return ratio(t.RPC, t.Attempts) }},
	{"promise_rate", share, Fraction, Higher, "promises to pay over right-party contacts by voice or in person with borrowers of whom something is demanded", false, func(t, _ *Totals) float64 { return ratio(t.Promises, t.Conversations) }},
	{"promise_kept_rate", share, Fraction, Higher, "promises kept over promises that fell due", false, func(t, _ *Totals) float64 { return ratio(t.PromisesKept, t.PromisesDue) }},
	{"diagnosis_accuracy", share, Fraction, Higher, "diagnoses that name the true cause over all diagnoses", false, func(t, _ *Totals) float64 { return ratio(t.DiagnosedRight, t.Diagnosed) }},
	{"remedied_share", share, Fraction, Neither, "accounts that were granted a remedy", false, func(t, _ *Totals) float64 { return ratio(t.Remedied, t.Accounts) }},
	{"visits_per_account", "visits/account", Amount, Neither, "visits made per account", false, func(t, _ *Totals) float64 { return ratio(t.Visits, t.Accounts) }},
	{"cost_per_visit", "currency/visit", Amount, Lower, "wages, travel and fixed cost of the visit team per visit made", false, func(t, _ *Totals) float64 { return ratio(t.VisitCost.Units(), float64(t.Visits)) }},
	{"utilisation_visit", share, Amount, Neither, "minutes worked by the visit team over minutes available from the first day on which it is asked for; of groups, only regions that have agents of their own", false, func(t, _ *Totals) float64 { return ratio(t.VisitMinutes, t.VisitCapacity) }},
	{"utilisation_call", share, Amount, Neither, "minutes worked by the call team over minutes available from the first day on which it is asked for; of groups, only regions that have agents of their own", false, func(t, _ *Totals) float64 { return ratio(t.CallMinutes, t.CallCapacity) }},
	{"wait_days_visit", "days/visit", Amount, Lower, "mean days between the wish for a visit and the visit, over visits made: wishes that were withdrawn, or wait at the end, are not in it, so a team that is overrun looks faster than it is; queue_visit shows those who wait", false, func(t, _ *Totals) float64 { return ratio(t.VisitWaitDays, t.Visits) }},
	{"suppressed_share", share, Fraction, Neither, "actions that a guardrail held back over all actions that the strategy wanted", false, func(t, _ *Totals) float64 { return ratio(t.Suppressed, t.Suppressed+t.Attempts) }},
}

// ratios of means: metrics whose estimate over replications is a ratio of two metrics' means, not the
// mean of the replications' ratios, which would be biased.
var ratios = map[string][2]string{
	"cost_per_recovered": {"cost", "recovered"},
	"cost_per_cure":      {"cost", "cures"},
}

// Parts returns the metrics above and below the line of a metric that is estimated as a ratio of
// means; ok is false for all others.
func (m *Metric) Parts() (over, under string, ok bool) {
	p, ok := ratios[m.Name]
	return p[0], p[1], ok
}

// Relative metrics are ratios of differences to the baseline strategy. They are not columns of the
// tables, since one replication of one strategy does not define them.
type Relative struct {
	Name, Unit string
	Better     Better
	Doc        string
	Over       string // metric whose difference stands above the line
	Under      string // metric whose difference stands below the line
	Sign       float64
}

var relatives = []Relative{
	{"incremental_cost_per_recovered", moneyRatio, Lower, "extra cost over the baseline per extra unit recovered", "cost", "recovered", 1},
	{"incremental_cost_per_avoided_30", "currency/account", Lower, "extra cost over the baseline per account kept from being 30 days past due at the horizon", "cost", "overdue_rate_30", -1},
}

// Relatives returns the ratios of differences to the baseline.
func Relatives() []Relative { return relatives }

// MetricIndex returns the position of a metric in Metrics, or -1.
func MetricIndex(name string) int {
	for i := range metrics {
		if metrics[i].Name == name {
			return i
		}
	}
	return -1
}
