package outcome

import (
	"errors"
	"math"

	"collectsim/sim/loan"
)

// Info is what the tables of a run must know beside its replications.
type Info struct {
	Scenario   string
	Strategies []string
	Parameters []string // paths of the drawn parameters, parallel to Replication.Parameters
	Segments   []string
	Accounts   bool // the journal holds account rows
	Events     bool // the journal holds events
}

// Statistics are the two estimators that tables need; they live in analysis/estimate, which this
// package must not import.
type Statistics struct {
	// HalfWidth returns the half width of the 95% interval of a mean of n values with the given
	// standard deviation (n-1 divisor); NaN for n < 2.
	HalfWidth func(sd float64, n int) float64
	// Survival returns the Kaplan-Meier curve from parallel counts by day, with the 95% interval of independent episodes.
	Survival func(atRisk, events, censored []int64) (survival, low, high []float64)
}

// Source hands every replication, in order of index, to each; it can be read more than once.
type Source func(each func(*Replication) error) error

// Build writes the tables of a run into a folder, from one source of whole replications, which it reads once for every
// strategy and twice more. Memory depends on strategies, days and groups, not on replications.
func Build(dir string, info *Info, from Source, stats Statistics) error {
	b := &builder{dir: dir, info: info, from: from, stats: stats}
	tables := []rowTable{b.replications(), b.segments(), b.actions(), b.suppressions()}
	if info.Accounts {
		tables = append(tables, b.accounts())
	}
	if info.Events {
		tables = append(tables, b.events())
	}
	if err := b.stream(tables); err != nil {
		return err
	}
	return b.reduced()
}

// gatherRows is how many rows are gathered before they are written.
const gatherRows = 8192

type builder struct {
	dir   string
	info  *Info
	from  Source
	stats Statistics
}

// rowTable is a table of which rows come strategy by strategy.
type rowTable struct {
	batch *Table // rows that are not written yet
	add   func(t *Table, r *Replication, s *StrategyOutcome)
	file  *TableFile
}

// stream writes such tables side by side, so that replications are read as often as for one of them.
func (b *builder) stream(tables []rowTable) (err error) {
	for i := range tables {
		t := &tables[i]
		if t.file, err = CreateTable(b.dir, t.batch); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, t.file.Close()) }()
	}
	for k := range b.info.Strategies {
		err := b.from(func(r *Replication) error {
			for i := range tables {
				t := &tables[i]
				t.add(t.batch, r, &r.Strategies[k])
				if err := t.flush(gatherRows); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i := range tables {
		if err := tables[i].flush(1); err != nil {
			return err
		}
	}
	return nil
}

// flush writes what has been gathered if it is enough rows.
func (t *rowTable) flush(enough int) error {
	if t.batch.Rows() < enough {
		return nil
	}
	err := t.file.Append(t.batch)
	t.batch = t.batch.sibling()
	return err
}

// sibling returns an empty table of the same columns.
func (t *Table) sibling() *Table {
	s := &Table{Name: t.Name, Meta: t.Meta}
	for _, c := range t.Columns {
		s.Columns = append(s.Columns, Column{Name: c.Name, Unit: c.Unit, Better: c.Better, Doc: c.Doc, Kind: c.Kind})
	}
	return s
}

// columns of the kinds that tables are made of.
func textColumn(name, doc string) Column { return Column{Name: name, Kind: Text, Doc: doc} }

func intColumn(name, unit, doc string) Column {
	return Column{Name: name, Kind: Int, Unit: unit, Doc: doc}
}

func floatColumn(name, unit, doc string) Column {
	return Column{Name: name, Kind: Float, Unit: unit, Doc: doc}
}

func metricColumns() []Column {
	var columns []Column
	for _, m := range metrics {
		columns = append(columns, Column{Name: m.Name, Kind: Float, Unit: m.Unit, Better: string(m.Better), Doc: m.Doc})
	}
	return columns
}

// row appends one row; values are string, int, int64, float64 or loan.Cents in column order.
func (t *Table) row(values ...any) {
	for i, v := range values {
		c := &t.Columns[i]
		switch x := v.(type) {
		case string:
			c.Text = append(c.Text, x)
		case int:
			c.Int = append(c.Int, int64(x))
		case int64:
			c.Int = append(c.Int, x)
		case loan.Cents:
			c.Float = append(c.Float, x.Units())
		case float64:
			c.Float = append(c.Float, x)
		default:
			panic("outcome: a value of a kind that tables do not hold")
		}
	}
}

// floats appends values to the columns from one on.
func (t *Table) floats(from int, values []float64) {
	for i, v := range values {
		t.Columns[from+i].Float = append(t.Columns[from+i].Float, v)
	}
}

func (b *builder) table(name string, columns ...Column) *Table {
	return &Table{Name: name, Columns: columns, Meta: map[string]string{"scenario": b.info.Scenario, "table": name}}
}

func (b *builder) replications() rowTable {
	t := b.table("replications", append([]Column{textColumn("strategy", "strategy"), intColumn("replication", "", "index of the replication")}, metricColumns()...)...)
	for _, p := range b.info.Parameters {
		t.Columns = append(t.Columns, floatColumn("parameter:"+p, "", "drawn value of the parameter"))
	}
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		t.row(s.Name, r.Index)
		t.floats(2, s.Values)
		t.floats(2+len(metrics), r.Parameters)
	}}
}

func (b *builder) segments() rowTable {
	t := b.table("segments", append([]Column{
		textColumn("strategy", "strategy"), textColumn("dimension", "what accounts are grouped by; cause is the true one, known to the simulator only"),
		textColumn("group", "group of accounts"), intColumn("replication", "", "index of the replication"), intColumn("accounts", "accounts", "accounts of the group"),
	}, metricColumns()...)...)
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		for _, g := range s.Groups {
			t.row(s.Name, g.Dimension, g.Name, r.Index, g.Accounts)
			t.floats(5, g.Values)
		}
	}}
}

func (b *builder) actions() rowTable {
	t := b.table("actions",
		textColumn("strategy", "strategy"), textColumn("channel", "channel; none: costs of no channel, such as waivers and complaints"),
		intColumn("replication", "", "index of the replication"), intColumn("attempts", "contacts", "attempts"),
		intColumn("delivered", "contacts", "attempts that arrived"), intColumn("rpc", "contacts", "attempts that met the right party"),
		intColumn("promises", "promises", "promises made"), intColumn("promises_due", "promises", "promises that fell due or were kept early"),
		intColumn("promises_kept", "promises", "promises kept"), floatColumn("cost", "currency", "cost booked on accounts; fixed cost of teams is not among it"),
		intColumn("suppressed", "contacts", "actions held back by guardrails"))
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		for c := range s.Channels {
			if x := &s.Channels[c]; *x != (ChannelTotals{}) {
				t.row(s.Name, loan.Channel(c).String(), r.Index, x.Attempts, x.Delivered, x.RPC, x.Promises, x.PromisesDue, x.PromisesKept, x.Cost, x.Suppressed)
			}
		}
	}}
}

func (b *builder) suppressions() rowTable {
	t := b.table("suppressions",
		textColumn("strategy", "strategy"), textColumn("channel", "channel of the action"), textColumn("rule", "rule of the guardrails, or the budget, that held it back"),
		intColumn("replication", "", "index of the replication"), intColumn("suppressed", "contacts", "actions held back; over the rules those of actions.arrow"))
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		for _, x := range s.Suppressed {
			t.row(s.Name, x.Channel.String(), x.Rule, r.Index, x.Actions)
		}
	}}
}

func (b *builder) accounts() rowTable {
	t := b.table("accounts",
		textColumn("strategy", "strategy"), intColumn("replication", "", "index of the replication"), intColumn("account", "", "account id"), textColumn("key", "id in the tape, where that is a text for which account stands; else empty"),
		textColumn("product", "product"), textColumn("region", "region"), textColumn("segment", "segment"), textColumn("cause", "true cause, known to the simulator only"),
		textColumn("diagnosed", "cause as last diagnosed"), textColumn("bucket", "contractual bucket at the horizon"), intColumn("dpd", "days", "days past due at the horizon, contractual"),
		floatColumn("opening_balance", "currency", "owed on day 0, or on the day on which the loan was disbursed"),
		floatColumn("recovered", "currency", "paid since the first overdue day of the no-contact life"),
		floatColumn("claimed", "currency", "due since then: opening arrears, instalments, penalties, balances accelerated by charge-off; 0 for an account that was not in collection"), floatColumn("overdue_paid", "currency", "overdue money paid since then"),
		floatColumn("paid", "currency", "all money paid"), floatColumn("cost", "currency", "cost of collecting, fixed cost of teams not included"),
		floatColumn("outstanding", "currency", "on the books at the horizon"), floatColumn("written_off", "currency", "written off and not recovered"),
		floatColumn("book_value", "currency", "what an account that was in collection is worth at the horizon, discounted, as in net_value; 0 for others"),
		intColumn("episodes", "episodes", "delinquency episodes, open on day 0 or begun later"), intColumn("cures", "episodes", "those that a payment ended"), intColumn("self_cures", "episodes", "those that a payment ended before any contact reached the borrower"),
		floatColumn("stress_mean", "points (0-100)", "mean stress over the days"), floatColumn("stress_peak", "points (0-100)", "highest stress"), intColumn("distress_days", "days", "days in distress"),
		intColumn("attempts", "contacts", "attempts"), intColumn("rpc", "contacts", "right-party contacts"), intColumn("promises", "promises", "promises made"),
		intColumn("visits", "visits", "visits made"), intColumn("complaints", "complaints", "complaints"), textColumn("remedy", "remedy last granted"),
		textColumn("arm", "arm that the account is in, under a strategy that splits the portfolio; empty under others"))
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		for i := range s.Accounts {
			a := &s.Accounts[i]
			t.row(s.Name, r.Index, a.ID, a.Key, a.Product.String(), a.Region.String(), b.segment(a.Segment), a.Cause.String(), a.Diagnosed.String(),
				a.Bucket.String(), int64(a.DPD), a.Opening, a.Recovered, a.Claimed, a.OverduePaid, a.Paid, a.Cost, a.Outstanding, a.WrittenOff, a.BookValue/100,
				a.Episodes, a.Cures, a.SelfCures, a.StressMean, a.StressPeak,
				a.DistressDays, a.Attempts, a.RPC, a.Promises, a.Visits, a.Complaints, a.Remedy.String(), a.Arm)
		}
	}}
}

func (b *builder) segment(s uint8) string {
	if int(s) < len(b.info.Segments) {
		return b.info.Segments[s]
	}
	return "all"
}

func (b *builder) events() rowTable {
	t := b.table("events",
		textColumn("strategy", "strategy"), intColumn("replication", "", "index of the replication"), intColumn("day", "days", "day of the run"),
		intColumn("account", "", "account id"), intColumn("sequence", "", "order within day and account"), textColumn("event", "what happened"),
		textColumn("channel", "channel, or none"), floatColumn("amount", "currency", "money of the event, 0 where there is none"),
		intColumn("detail", "", "depends on the event: see the schema documentation"))
	return rowTable{batch: t, add: func(t *Table, r *Replication, s *StrategyOutcome) {
		for i := range s.Events {
			v := &s.Events[i]
			t.row(s.Name, r.Index, int64(v.Day), v.Account, int64(v.Sequence), v.Kind.String(), v.Channel.String(), v.Amount, int64(v.Detail))
		}
	}}
}

// moments accumulates mean and variance in the order of arrival (Welford 1962).
type moments struct{ n, mean, m2 float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.m2 += float64(d * (x - m.mean))
}

func (m *moments) sd() float64 { return math.Sqrt(m.m2 / (m.n - 1)) }

// reduction sums one strategy over the replications.
type reduction struct {
	daily []([NumDaySeries]moments)
	moves []Transitions
	cures []CureDay

	around   [NumAnchors]aroundMoments
	vintages []vintageMoments // all together, then one by one
}

func (d *reduction) add(s *StrategyOutcome) {
	if d.daily == nil {
		d.daily = make([][NumDaySeries]moments, len(s.Daily))
		d.moves = make([]Transitions, len(s.Transitions))
		d.cures = make([]CureDay, len(s.Cures))
	}
	for t := range s.Daily {
		for k, x := range s.Daily[t] {
			d.daily[t][k].add(x)
		}
	}
	for m := range s.Transitions {
		for f := range s.Transitions[m] {
			for g, x := range s.Transitions[m][f] {
				d.moves[m][f][g].Count += x.Count
				d.moves[m][f][g].Balance += x.Balance
			}
		}
	}
	for t, c := range s.Cures {
		d.cures[t].Cured += c.Cured
		d.cures[t].Censored += c.Censored
	}
	for a := range s.Around {
		d.around[a].add(&s.Around[a])
	}
	d.addVintages(s.Vintages)
}

// reduced builds the tables that are reduced over replications: daily, transitions, cures, visit_stress, vintages.
func (b *builder) reduced() error {
	sums := make([]reduction, len(b.info.Strategies))
	err := b.from(func(r *Replication) error {
		for k := range r.Strategies {
			sums[k].add(&r.Strategies[k])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(b.daily(sums), b.transitions(sums), b.cures(sums), b.visitStress(sums), b.vintages(sums))
}

func (b *builder) daily(sums []reduction) error {
	t := b.table("daily", textColumn("strategy", "strategy"), intColumn("day", "days", "day of the run"))
	for _, s := range dailySeries {
		for _, part := range [3][2]string{{"", ""}, {"_low", "95% interval of the mean, low: "}, {"_high", "95% interval of the mean, high: "}} {
			t.Columns = append(t.Columns, Column{Name: s.Name + part[0], Kind: Float, Unit: s.Unit, Better: string(s.Better), Doc: part[1] + s.Doc})
		}
	}
	for k, name := range b.info.Strategies {
		for day := range sums[k].daily {
			t.row(name, day)
			for c := range sums[k].daily[day] {
				m := &sums[k].daily[day][c]
				low, high := b.around(m.mean, m.sd(), int(m.n), dailySeries[c].Range)
				t.floats(2+3*c, []float64{m.mean, low, high})
			}
		}
	}
	return t.Save(b.dir)
}

// around is the 95% interval around a mean of n values, within the range of what is measured.
func (b *builder) around(mean, sd float64, n int, within Range) (low, high float64) {
	half := b.stats.HalfWidth(sd, n)
	return within.Cut(mean, mean-half, mean+half)
}

func (b *builder) transitions(sums []reduction) error {
	t := b.table("transitions", textColumn("strategy", "strategy"), intColumn("month", "months", "month of the run, from 1"),
		textColumn("from", "contractual bucket at the start of the month"), textColumn("to", "contractual bucket at its end"),
		intColumn("count", "account-months", "accounts, summed over replications"), floatColumn("balance", "currency", "outstanding at the end of the month, summed over replications"))
	for k, name := range b.info.Strategies {
		for m := range sums[k].moves {
			for f := range loan.NumBuckets {
				for g := range loan.NumBuckets {
					if x := sums[k].moves[m][f][g]; x.Count > 0 {
						t.row(name, m+1, f.String(), g.String(), x.Count, x.Balance)
					}
				}
			}
		}
	}
	return t.Save(b.dir)
}
