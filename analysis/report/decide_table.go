package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/decision"
	"collectsim/sim/outcome"
)

// parameterPrefix marks columns that hold the drawn value of an uncertain input.
const parameterPrefix = "parameter:"

// decisionTable is a table of strategies, aligned: [strategy][sample]. Without samples there is one
// value a strategy, and sampled is false.
type decisionTable struct {
	decision.Samples
	sampled    bool
	replicated bool // the samples are replications of a run: they differ by luck, too
	cost       Quantity
	effect     Quantity
	parameters decision.Parameters
	rows       [][]int // [strategy][sample]: the table's row
	table      *outcome.Table
	warnings   []string
}

// Quantity says which column a decision took for cost or effect. Negated means that the values are
// those of the column times -1, since the analysis takes low costs and high effects for good.
type Quantity struct {
	Column  string         `json:"column"`
	Unit    string         `json:"unit"`
	Better  outcome.Better `json:"better"` // of the column's own values
	Negated bool           `json:"negated"`
}

// bounds is the range of a metric of a run, whose unit the column has; another column can hold anything.
func (q *Quantity) bounds() outcome.Range {
	i := outcome.MetricIndex(q.Column)
	if i < 0 || outcome.Metrics()[i].Unit != q.Unit {
		return outcome.Anything
	}
	r := outcome.Metrics()[i].Range
	if q.Negated {
		r = outcome.Range{Least: -r.Most, Most: -r.Least}
	}
	return r
}

// readDecision reads a table with the columns strategy, cost, effect and perhaps sample. Every fault
// is named with file, row, column and value.
func readDecision(t *outcome.Table, path string, o *DecisionOptions) (*decisionTable, error) {
	c := &cells{path: path, table: t}
	d := &decisionTable{table: t}
	c.refuseWide(o.Cost, o.Effect)
	names := c.texts(c.column("strategy", "name of the strategy"))
	cost := c.column(o.Cost, "what a strategy costs")
	effect := c.column(o.Effect, "what a strategy achieves")
	sample := sampleColumn(c, o.Sample)
	d.replicated = sample != nil && sample.Name == "replication" && t.Column(rankedBy) != nil
	costs, effects := c.numbers(cost), c.numbers(effect)
	d.cost, d.effect = c.quantity(cost, outcome.Lower), c.quantity(effect, outcome.Higher)
	if err := c.err(); err != nil {
		return nil, err
	}
	d.align(c, names, sample)
	if err := c.err(); err != nil {
		return nil, err
	}
	d.Cost, d.Effect = d.pick(costs, d.cost.Negated), d.pick(effects, d.effect.Negated)
	d.readParameters(c)
	if err := c.err(); err != nil {
		return nil, err
	}
	if err := d.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// refuseWide tells a table with columns per strategy, as other programs write samples, what this one reads.
func (c *cells) refuseWide(cost, effect string) {
	costs, effects := c.startingWith(cost+"_"), c.startingWith(effect+"_")
	if c.table.Column("strategy") == nil && len(costs) > 1 && len(effects) > 1 {
		c.fault("has columns per strategy, such as %q and %q: write one row per strategy and sample, with the columns strategy, sample, %s, %s", costs[0], effects[0], cost, effect)
	}
}

// startingWith lists the columns whose names begin so, in upper or lower case.
func (c *cells) startingWith(prefix string) []string {
	var names []string
	for i := range c.table.Columns {
		if name := c.table.Columns[i].Name; len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			names = append(names, name)
		}
	}
	return names
}

// sampleColumn is the named column, or else "sample" or "replication" if the table has one, or nil.
func sampleColumn(c *cells, name string) *outcome.Column {
	if name != "" {
		return c.column(name, "number of the sample")
	}
	if col := c.table.Column("sample"); col != nil {
		return col
	}
	return c.table.Column("replication")
}

// quantity says in which direction a column is good: what the file says of it, or the registry of
// metrics, or else as a cost or effect is.
func (c *cells) quantity(col *outcome.Column, good outcome.Better) Quantity {
	if col == nil {
		return Quantity{}
	}
	q := Quantity{Column: col.Name, Unit: col.Unit, Better: outcome.Better(col.Better)}
	if i := outcome.MetricIndex(col.Name); i >= 0 && q.Unit == "" && q.Better == "" {
		m := outcome.Metrics()[i]
		q.Better = m.Better
		if c.table.Column("replication") != nil { // an exported run: of other files the unit is not known
			q.Unit = m.Unit
		}
	}
	switch q.Better {
	case "":
		q.Better = good
	case outcome.Neither:
		c.fault("column %q: is good neither way, so it can be neither cost nor effect", col.Name)
	}
	q.Negated = q.Better != good
	return q
}

// align orders strategies by first appearance and samples by their number, and finds the row of each.
func (d *decisionTable) align(c *cells, names []string, sample *outcome.Column) {
	d.sampled = sample != nil
	keys := make([]string, len(names)) // all "" without samples
	if sample != nil {
		keys = slices.Clone(c.texts(sample))
	}
	if len(names) == 0 {
		c.fault("has no rows")
		return
	}
	index := map[string]int{}
	var found []map[string]int // by strategy: sample to row
	for row, name := range names {
		k, ok := index[name]
		if !ok {
			k = len(d.Strategies)
			index[name] = k
			d.Strategies = append(d.Strategies, name)
			found = append(found, map[string]int{})
		}
		if first, ok := found[k][keys[row]]; ok {
			d.doubled(c, row, first, name, keys[row])
			continue
		}
		found[k][keys[row]] = row
	}
	if len(c.faults) > 0 {
		return
	}
	order := sampleOrder(found)
	d.rows = make([][]int, len(found))
	for k := range found {
		d.rows[k] = d.rowsOf(c, k, found, order)
	}
}

func (d *decisionTable) doubled(c *cells, row, first int, name, key string) {
	if d.sampled {
		c.fault("row %d: strategy %q, sample %s: is there already in row %d", row+1, name, key, first+1)
		return
	}
	c.fault("row %d: column \"strategy\": %q is there already in row %d; several samples of a strategy need a column \"sample\"", row+1, name, first+1)
}

// sampleOrder lists every sample of any strategy: numbers by size, before texts by name.
func sampleOrder(found []map[string]int) []string {
	seen := map[string]bool{}
	var order []string
	for _, rows := range found {
		for key := range rows {
			if !seen[key] {
				seen[key] = true
				order = append(order, key)
			}
		}
	}
	type keyed struct {
		key    string
		number float64
		text   bool
	}
	list := make([]keyed, len(order))
	for i, key := range order {
		x, err := strconv.ParseFloat(key, 64)
		list[i] = keyed{key, x, err != nil}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		switch {
		case a.text != b.text && b.text:
			return -1
		case a.text != b.text:
			return 1
		case a.text:
			return cmp.Compare(a.key, b.key)
		}
		return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.key, b.key))
	})
	for i := range list {
		order[i] = list[i].key
	}
	return order
}

// rowsOf is the row of each sample of one strategy; a fault if any is missing.
func (d *decisionTable) rowsOf(c *cells, k int, found []map[string]int, order []string) []int {
	rows := make([]int, len(order))
	var missing []string
	for i, key := range order {
		row, ok := found[k][key]
		if !ok {
			missing = append(missing, key)
		}
		rows[i] = row
	}
	if len(missing) > 0 {
		other := slices.IndexFunc(found, func(rows map[string]int) bool { _, ok := rows[missing[0]]; return ok })
		c.fault("strategy %q has %d samples, must have %d as all strategies together: sample %s is missing, %q has it in row %d%s",
			d.Strategies[k], len(order)-len(missing), len(order), missing[0], d.Strategies[other], found[other][missing[0]]+1, others(len(missing)-1))
	}
	return rows
}

func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

// pick reads a column's values as [strategy][sample].
func (d *decisionTable) pick(values []float64, negated bool) [][]float64 {
	out := make([][]float64, len(d.rows))
	for k, rows := range d.rows {
		out[k] = make([]float64, len(rows))
		for i, row := range rows {
			out[k][i] = values[row]
			if negated && values[row] != 0 { // no -0
				out[k][i] = -values[row]
			}
		}
	}
	return out
}

// readParameters reads the columns "parameter:...", which hold one value a sample whatever the strategy.
func (d *decisionTable) readParameters(c *cells) {
	for i := range d.table.Columns {
		col := &d.table.Columns[i]
		name, ok := strings.CutPrefix(col.Name, parameterPrefix)
		if !ok || !d.sampled {
			continue
		}
		values := d.pick(c.numbers(col), false)
		for k := range values {
			for i, x := range values[k] {
				if x != values[0][i] && x == x {
					c.faultAt(d.rows[k][i], col.Name, "%v differs from %v of the same sample in row %d: a parameter has one value a sample",
						x, values[0][i], d.rows[0][i]+1)
				}
			}
		}
		d.parameters.Names = append(d.parameters.Names, name)
		d.parameters.Values = append(d.parameters.Values, values[0])
	}
}

// optional reads a column as [strategy][sample] if the table has it in finite numbers; nil otherwise.
func (d *decisionTable) optional(name string) [][]float64 {
	col := d.table.Column(name)
	if col == nil {
		return nil
	}
	c := &cells{}
	values := c.numbers(col)
	if len(c.faults) > 0 {
		d.warnings = append(d.warnings, fmt.Sprintf("column %q has cells that are no finite numbers and is not used", name))
		return nil
	}
	return d.pick(values, false)
}
