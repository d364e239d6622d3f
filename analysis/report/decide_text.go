package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/decision"
	"collectsim/analysis/estimate"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

// JSON writes one document.
func (x *Decision) JSON(w io.Writer) error { return writeJSON(w, x) }

func writeJSON(w io.Writer, x any) error {
	text, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		return fmt.Errorf("json: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

// grid prints rows of cells in columns; the first column is aligned left, the others right.
func (p *printer) grid(rows [][]string) {
	if p.err != nil {
		return
	}
	wide := 0
	for _, r := range rows {
		wide = max(wide, columns.Width(r[0]))
	}
	t := columns.Right(p.w)
	for _, r := range rows {
		if _, p.err = fmt.Fprintf(t, "  %s%s\t%s\t\n", r[0], columns.Pad(r[0], wide), strings.Join(r[1:], "\t")); p.err != nil {
			return
		}
	}
	p.err = t.Flush()
}

// plain prints a number that may be undefined, to six digits.
func plain(x float64) string {
	switch {
	case math.IsNaN(x):
		return "-"
	case math.IsInf(x, 1):
		return "any price"
	}
	return fmt.Sprintf("%.6g", x)
}

// Text writes the analysis for a terminal.
func (x *Decision) Text(w io.Writer) error {
	p := &printer{w: w}
	p.line("decision by %s and %s: %s", x.describe(x.Cost), x.describe(x.Effect), x.basis())
	x.textICERs(p)
	x.textPrices(p)
	x.textAcceptability(p)
	x.textEVPPI(p)
	x.textStress(p)
	x.textPareto(p)
	x.textDominance(p)
	if len(x.Warnings) > 0 {
		p.line("")
	}
	p.warn(x.Warnings)
	return p.err
}

func (x *Decision) basis() string {
	if x.Samples == 0 {
		return "means only, no samples"
	}
	return fmt.Sprintf("%s samples", thousands(x.Samples))
}

func (x *Decision) describe(q Quantity) string {
	text := q.Column
	if q.Negated {
		text = "less " + text
	}
	if q.Unit != "" {
		text += " (" + x.unit(q.Unit) + ")"
	}
	return text
}

func (x *Decision) unit(u string) string {
	if x.Currency == "" {
		return u
	}
	return unit(u, x.Currency)
}

func (x *Decision) textICERs(p *printer) {
	p.line("\nextra cost per extra effect along the efficient frontier")
	rows := [][]string{{"strategy", "cost", "effect", "extra cost", "extra effect", "ICER", "standing"}}
	for _, r := range x.ICERs {
		cost, effect := plain(r.Cost), plain(r.Effect)
		if i := slices.IndexFunc(x.Means, func(m MeanPair) bool { return m.Strategy == r.Strategy }); i >= 0 {
			cost, effect = withInterval(x.Means[i].Cost), withInterval(x.Means[i].Effect)
		}
		incCost, incEffect, icer := plain(float64(r.IncCost)), plain(float64(r.IncEffect)), plain(float64(r.ICER))
		if i := slices.IndexFunc(x.Increments, func(m Increment) bool { return m.Strategy == r.Strategy }); i >= 0 {
			m := &x.Increments[i]
			incCost, incEffect, icer = withInterval(m.IncCost), withInterval(m.IncEffect), withInterval(m.ICER)
		}
		rows = append(rows, []string{r.Strategy, cost, effect, incCost, incEffect, icer, x.standing(r)})
	}
	p.grid(rows)
}

func withInterval(e estimate.Estimate) string {
	return strings.TrimSpace(number(e, "", e.Value) + " " + interval(e, ""))
}

func (x *Decision) standing(r decision.Row) string {
	switch r.Status {
	case decision.Dominated:
		return "dominated by " + r.By
	case decision.ExtendedlyDominated: // rows of the frontier come first, by cost, so the mixture's other part is next
		i := slices.IndexFunc(x.ICERs, func(f decision.Row) bool { return f.Strategy == r.By })
		return "dominated by a mixture of " + r.By + " and " + x.ICERs[i+1].Strategy
	}
	return "on the frontier"
}

func (x *Decision) textPrices(p *printer) {
	p.line("\nbest strategy by the price of one unit of %s", x.Effect.Column)
	p.ranges(x.Ranges, x.Switches)
}

// ranges prints which strategy is best over which prices, with the intervals of the boundaries, which
// limit the digits.
func (p *printer) ranges(ranges []decision.Range, switches []decision.Switch) {
	bounds := boundaries(ranges, switches)
	for i, r := range ranges {
		text := "  from " + bounds[i]
		if i+1 < len(ranges) {
			text = fmt.Sprintf("  %s to %s", bounds[i], bounds[i+1])
		}
		text += ": " + r.Strategy
		if i > 0 && i-1 < len(switches) && !math.IsNaN(float64(switches[i-1].Low)) {
			s := &switches[i-1]
			shown := asEstimate(r.From, s)
			text += fmt.Sprintf(" (95%% interval of the boundary: %s to %s, seen in %s of resamples)", shown.Format(float64(s.Low)), shown.Format(float64(s.High)), percent(float64(s.Support), 0))
		}
		p.line("%s", text)
	}
}

// boundaries are the prices from which ranges begin, in as many digits as their intervals leave; where two would then
// read the same, in those that tell them apart.
func boundaries(ranges []decision.Range, switches []decision.Switch) []string {
	text := make([]string, len(ranges))
	for i, r := range ranges {
		text[i] = plain(r.From)
		if k := i - 1; k >= 0 && k < len(switches) {
			text[i] = asEstimate(r.From, &switches[k]).Format(r.From)
		}
	}
	same := make([]bool, len(text)+1) // as the one before it
	for i := 1; i < len(text); i++ {
		same[i] = text[i] == text[i-1]
	}
	for i := range text {
		if same[i] || same[i+1] {
			text[i] = plain(ranges[i].From)
		}
	}
	return text
}

// asEstimate is a boundary with the standard error that its interval stands for; of one without an upper end, its lower half.
func asEstimate(price float64, s *decision.Switch) estimate.Estimate {
	low, high := float64(s.Low), float64(s.High)
	half := (high - low) / 2
	if math.IsInf(high, 1) {
		half = price - low
	}
	return estimate.Estimate{Value: price, Low: low, High: high, SE: half / 1.96}
}

// maxColumns is up to how many strategies stand side by side.
const maxColumns = 8

func (x *Decision) textAcceptability(p *printer) {
	if len(x.Acceptability) == 0 {
		return
	}
	p.line("\nchance of being the best strategy, and the value of knowing everything (EVPI, %s)", x.evpiUnit())
	head := []string{"price", "best in expectation"}
	names := x.strategies()
	if len(names) > maxColumns {
		names = nil
		head = append(head, "its chance")
	}
	head = append(append(head, names...), "EVPI")
	if x.Population != nil {
		head = append(head, fmt.Sprintf("EVPI of %s accounts", plain(x.Population.Size)))
	}
	rows := [][]string{head}
	for i, a := range x.Acceptability {
		row := []string{plain(a.WTP), a.Best}
		if names == nil {
			row = append(row, chance(&a, a.Best))
		}
		for _, name := range names {
			row = append(row, chance(&a, name))
		}
		row = append(row, fmt.Sprintf("%.4g", a.EVPI))
		if x.Population != nil {
			row = append(row, fmt.Sprintf("%.4g", x.Population.EVPI[i].EVPI))
		}
		rows = append(rows, row)
	}
	p.grid(rows)
	if x.Knowable != "" {
		p.line("chance: the share of replications, each a world with its own luck; in brackets that of the drawn parameters alone, luck averaged out")
		worst := slices.MaxFunc(x.Acceptability, func(a, b decision.Point) int { return cmp.Compare(a.EVPI, b.EVPI) })
		p.line("EVPI is that of the drawn parameters (%s regression); with the luck of the simulation, which nobody can know, it would be %.4g in place of %.4g at the price %s",
			x.Knowable, *worst.EVPIWithLuck, worst.EVPI, plain(worst.WTP))
	}
}

// chance of being best, and in brackets that without luck where it is known.
func chance(a *decision.Point, name string) string {
	text := percent(a.Prob[name], 1)
	if a.ProbWithoutLuck != nil {
		text += " (" + percent(a.ProbWithoutLuck[name], 0) + ")"
	}
	return text
}

func (x *Decision) evpiUnit() string {
	if x.Cost.Unit == "" {
		return "in the unit of cost"
	}
	return x.unit(x.Cost.Unit)
}

func (x *Decision) strategies() []string {
	var names []string
	for _, r := range x.ICERs {
		names = append(names, r.Strategy)
	}
	return names
}

// textEVPPI prints the parameters at the price at which knowing them is worth most.
func (x *Decision) textEVPPI(p *printer) {
	if len(x.EVPPI) == 0 {
		return
	}
	best := x.dearest()
	p.line("\nvalue of knowing one parameter (EVPPI by %s regression) at the price %s, where knowing everything is worth most", best.Method, plain(best.WTP))
	sorted := slices.Clone(best.Parameters)
	slices.SortStableFunc(sorted, func(a, b decision.PartialValue) int { return cmp.Compare(b.EVPPI, a.EVPPI) })
	rows := [][]string{{"parameter", "EVPPI", "95% interval", "of which may be bias"}}
	for _, v := range sorted {
		rows = append(rows, []string{v.Parameter, fmt.Sprintf("%.3g", v.EVPPI), fmt.Sprintf("[%.2g, %.2g]", v.Low, v.High), fmt.Sprintf("%.2g", v.Bias)})
	}
	p.grid(rows)
	p.line("an interval from 0 on: the samples cannot tell that the parameter is worth knowing")
}

func (x *Decision) textStress(p *printer) {
	if x.StressPrice == nil {
		return
	}
	p.line("\nbest strategy by the price of one distress-day (%s less the price times %s)", x.StressPrice.Value, x.StressPrice.Stress)
	p.ranges(x.StressPrice.Ranges, x.StressPrice.Switches)
}

func (x *Decision) textPareto(p *printer) {
	var names []string
	for _, name := range append(slices.Clone(paretoMetrics), x.Cost.Column, x.Effect.Column) {
		if _, ok := x.Pareto[0].Objectives[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	p.line("\nPareto set of %s, whatever their prices", strings.Join(names, ", "))
	for _, r := range x.Pareto {
		if r.Efficient {
			p.line("  %s", r.Strategy)
		}
	}
	for _, r := range x.Pareto {
		if !r.Efficient {
			p.line("  not in it: %s, dominated by %s", r.Strategy, strings.Join(r.By, ", "))
		}
	}
}

// textDominance has a line for all whom a strategy dominates in one order: of nine strategies dozens of pairs are.
func (x *Decision) textDominance(p *printer) {
	first := true
	for _, d := range x.Dominance {
		for rest := d.Pairs; len(rest) > 0; {
			var names []string
			of := rest[0]
			rest = slices.DeleteFunc(slices.Clone(rest), func(pair decision.DominancePair) bool {
				if pair.Dominator != of.Dominator || pair.Order != of.Order {
					return false
				}
				names = append(names, pair.Dominated)
				return true
			})
			if first {
				p.line("\nstochastic dominance over the samples (1: whoever decides; 2: whoever shuns risk)")
				first = false
			}
			p.line("  %s: %s over %s (%d)", d.Quantity, of.Dominator, strings.Join(names, ", "), of.Order)
		}
	}
}

// DecisionTables names what CSV can write.
func DecisionTables() []string {
	return []string{"icers", "acceptability", "ranges", "evppi", "pareto"}
}

// CSV writes one of DecisionTables.
func (x *Decision) CSV(w io.Writer, name string) error {
	tables := map[string]func() *outcome.Table{
		"icers": x.icerTable, "acceptability": x.acceptabilityTable, "ranges": x.rangeTable, "evppi": x.evppiTable, "pareto": x.paretoTable,
	}
	build, ok := tables[name]
	if !ok {
		return fmt.Errorf("table %q: must be one of %s", name, strings.Join(DecisionTables(), ", "))
	}
	return build().Write(w, "csv")
}

// addRow appends strings and float64s; an empty text and an infinity are missing.
func addRow(t *outcome.Table, row ...any) {
	for i, v := range row {
		switch v := v.(type) {
		case string:
			t.Columns[i].Null = append(t.Columns[i].Null, v == "")
		case float64:
			row[i] = finite(v)
		}
	}
	t.Add(row...)
}

func (x *Decision) icerTable() *outcome.Table {
	t := outcome.NewTable("icers", "strategy", "cost", "effect", "inc_cost", "inc_effect", "icer", "status", "by")
	for _, r := range x.ICERs {
		addRow(t, r.Strategy, r.Cost, r.Effect, float64(r.IncCost), float64(r.IncEffect), float64(r.ICER), string(r.Status), r.By)
	}
	return t
}

func (x *Decision) acceptabilityTable() *outcome.Table {
	t := outcome.NewTable("acceptability", "wtp", "best", "strategy", "prob", "expected_loss", "nmb", "evpi", "evpi_se")
	for i, a := range x.Acceptability {
		for _, name := range x.strategies() {
			addRow(t, a.WTP, a.Best, name, a.Prob[name], a.Loss[name], x.NetBenefit[i].NMB[name], a.EVPI, float64(a.EVPISE))
		}
	}
	return t
}

func (x *Decision) rangeTable() *outcome.Table {
	t := outcome.NewTable("ranges", "price_of", "from", "to", "strategy", "low", "high", "support")
	add := func(what string, ranges []decision.Range, switches []decision.Switch) {
		for i, r := range ranges {
			s := decision.Switch{Low: decision.Undefined(), High: decision.Undefined(), Support: decision.Undefined()}
			if i > 0 && i-1 < len(switches) {
				s = switches[i-1]
			}
			addRow(t, what, r.From, float64(r.To), r.Strategy, float64(s.Low), float64(s.High), float64(s.Support))
		}
	}
	add(x.Effect.Column, x.Ranges, x.Switches)
	if x.StressPrice != nil {
		add(x.StressPrice.Stress, x.StressPrice.Ranges, x.StressPrice.Switches)
	}
	return t
}

func (x *Decision) evppiTable() *outcome.Table {
	t := outcome.NewTable("evppi", "wtp", "parameter", "evppi", "se", "bias", "low", "high")
	for _, e := range x.EVPPI {
		for _, v := range e.Parameters {
			addRow(t, e.WTP, v.Parameter, v.EVPPI, float64(v.SE), v.Bias, v.Low, v.High)
		}
	}
	return t
}

func (x *Decision) paretoTable() *outcome.Table {
	t := outcome.NewTable("pareto", "strategy", "efficient", "by")
	for _, r := range x.Pareto {
		addRow(t, r.Strategy, fmt.Sprint(r.Efficient), strings.Join(r.By, " "))
	}
	return t
}
