package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/chart"
	"collectsim/analysis/estimate"
	"collectsim/analysis/explore"
	"collectsim/analysis/sensitivity"
	"collectsim/internal/columns"
	"collectsim/sim/outcome"
)

// assumption is what was found about one of them; NaN: not looked for.
type assumption struct {
	Name       string         `json:"name"`
	Unit       string         `json:"unit"`
	Base       float64        `json:"base"`
	RangeLow   float64        `json:"range_low"`
	RangeHigh  float64        `json:"range_high"`
	MuStar     estimate.Float `json:"mu_star"` // of the screening, or of Morris
	Sigma      estimate.Float `json:"sigma"`
	Low        estimate.Float `json:"low"` // smallest and largest figure of its one-way runs
	High       estimate.Float `json:"high"`
	WidthConf  estimate.Float `json:"width_conf"` // half width of the 95% interval of high less low
	SignChange bool           `json:"sign_change"`
	S1         estimate.Float `json:"s1"`
	S1Conf     estimate.Float `json:"s1_conf"`
	ST         estimate.Float `json:"st"`
	STConf     estimate.Float `json:"st_conf"`
	EVPPI      estimate.Float `json:"evppi"`
	EVPPISE    estimate.Float `json:"evppi_se"`
	EVPPILow   estimate.Float `json:"evppi_low"`
	EVPPIHigh  estimate.Float `json:"evppi_high"`
	FlipsAt    []float64      `json:"flips_at"` // where the best strategy changes
}

// assumptions gathers the findings of each kept assumption, the most important first.
func (l *lab) assumptions() []assumption {
	nan := estimate.Float(math.NaN())
	list := make([]assumption, 0, len(l.kept))
	for i, v := range l.kept {
		x := assumption{v.Path, v.Unit, v.base, v.Low, v.High, nan, nan, nan, nan, nan, false, nan, nan, nan, nan, nan, nan, nan, nan, []float64{}}
		if m := l.morris; m != nil {
			x.MuStar, x.Sigma = estimate.Float(m.MuStar[i]), estimate.Float(m.Sigma[i])
		}
		if m := l.screening; m != nil {
			k := slices.IndexFunc(l.screened, func(s varied) bool { return s.Path == v.Path })
			x.MuStar, x.Sigma = estimate.Float(m.MuStar[k]), estimate.Float(m.Sigma[k])
		}
		if s := l.sobol; s != nil {
			x.S1, x.S1Conf, x.ST, x.STConf = estimate.Float(s.S1[i]), estimate.Float(s.S1Conf[i]), estimate.Float(s.ST[i]), estimate.Float(s.STConf[i])
		}
		if p := l.information; p != nil {
			v := p.Parameters[i]
			x.EVPPI, x.EVPPISE, x.EVPPILow, x.EVPPIHigh = estimate.Float(v.EVPPI), estimate.Float(v.SE), estimate.Float(v.Low), estimate.Float(v.High)
		}
		if t := l.tornado; t != nil {
			for _, w := range t.Swings {
				if w.Name == v.Path {
					if half, ok := l.swings[v.Path]; ok {
						x.WidthConf = estimate.Float(half)
					}
					x.Low, x.High, x.SignChange = estimate.Float(w.Low), estimate.Float(w.High), w.SignChange
				}
			}
		}
		for _, e := range l.flips {
			for _, c := range e.Crossings {
				if e.Input == v.Path {
					x.FlipsAt = append(x.FlipsAt, c.X)
				}
			}
		}
		list = append(list, x)
	}
	slices.SortStableFunc(list, func(a, b assumption) int {
		for _, key := range []func(assumption) float64{
			func(x assumption) float64 { return float64(x.ST) },
			func(x assumption) float64 { return float64(x.High - x.Low) },
			func(x assumption) float64 { return float64(x.MuStar) },
		} {
			if p, q := known(key(a)), known(key(b)); p != q {
				if p > q {
					return -1
				}
				return 1
			}
		}
		return 0
	})
	return list
}

// document is sensitivity.json, and what --format json prints; the indices of the method stand at its
// top, as "sensitivity indices" prints them.
func (l *lab) document() ([]byte, error) {
	doc := map[string]any{
		"scenario": l.s.Name, "seed": l.s.Seed, "accounts": l.manifest.Accounts, "replications": l.s.Replications, "horizon_days": l.s.Horizon,
		"method": l.o.method, "figure": l.question, "base": estimate.Float(l.baseValue), "base_conf": estimate.Float(l.baseHalf), "best": l.base.Best(0, l.question.Metric),
		"varied": len(l.varied), "inert": paths(l.inert), "assumptions": l.assumptions(), "warnings": append([]string{}, l.warnings...),
	}
	var indices any
	switch {
	case l.sobol != nil:
		indices = *l.sobol
	case l.morris != nil:
		indices = *l.morris
	}
	if indices != nil {
		text, err := json.Marshal(indices)
		if err != nil {
			return nil, err
		}
		own := map[string]any{}
		if err := json.Unmarshal(text, &own); err != nil {
			return nil, err
		}
		for key, value := range own {
			if key != "warnings" {
				doc[key] = value
			}
		}
	}
	if l.screening != nil {
		doc["screening"] = *l.screening
	}
	if l.tornado != nil {
		doc["tornado"] = tornadoJSON(l.tornado)
		doc["ranking_changes"] = l.changes
		doc["break_evens"] = l.flips
	}
	if l.costTornado != nil {
		doc["tornado_cost_per_recovered"] = tornadoJSON(l.costTornado)
	}
	if l.information != nil {
		doc["information"] = l.information
	}
	if d := l.discovery; d != nil {
		doc["discovery"] = map[string]any{"strategy": d.Strategy, "points": d.Points, "result": d.Boxes}
	}
	if l.bestMap != nil {
		doc["best_map"] = l.mapJSON()
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	return append(text, '\n'), err
}

func paths(list []varied) []string {
	names := []string{}
	for _, v := range list {
		names = append(names, v.Path)
	}
	return names
}

func tornadoJSON(t *explore.Tornado) map[string]any {
	return map[string]any{"figure": t.Question, "base": t.Base, "swings": swingsJSON(t.Swings), "warnings": t.Warnings}
}

func (l *lab) mapJSON() map[string]any {
	var best [][]string
	for _, row := range l.bestMap.Best {
		var names []string
		for _, k := range row {
			names = append(names, l.played(k))
		}
		best = append(best, names)
	}
	return map[string]any{"x": l.kept[0].Path, "y": l.kept[1].Path, "x_values": l.bestMap.X, "y_values": l.bestMap.Y, "best": best, "strategies": l.s.Played(), "shares": estimate.Floats(l.bestMap.Shares)}
}

func (l *lab) played(k int) string {
	if k < 0 {
		return ""
	}
	return l.s.Played()[k]
}

// write adds the tables, sensitivity.json and the charts to the folder.
func (l *lab) write() error {
	text, err := l.document()
	if err != nil {
		return err
	}
	if err := l.folder.Write("sensitivity.json", text); err != nil {
		return err
	}
	for _, t := range []*outcome.Table{l.table(), l.flipTable()} {
		if err := t.Save(l.folder.Partial); err != nil {
			return err
		}
	}
	if l.o.noCharts {
		return nil
	}
	return l.draw()
}

// table is assumptions.arrow.
func (l *lab) table() *outcome.Table {
	list := l.assumptions()
	t := &outcome.Table{Name: "assumptions", Meta: map[string]string{"scenario": l.s.Name, "table": "assumptions", "figure": l.question.String()}}
	text := func(name, doc string, of func(*assumption) string) {
		c := outcome.Column{Name: name, Kind: outcome.Text, Doc: doc}
		for i := range list {
			c.Text = append(c.Text, of(&list[i]))
		}
		t.Columns = append(t.Columns, c)
	}
	number := func(name, doc string, of func(*assumption) float64) {
		c := outcome.Column{Name: name, Kind: outcome.Float, Doc: doc}
		for i := range list {
			c.Float = append(c.Float, of(&list[i]))
		}
		t.Columns = append(t.Columns, c)
	}
	text("assumption", "path in the scenario", func(x *assumption) string { return x.Name })
	text("unit", "declared unit", func(x *assumption) string { return x.Unit })
	number("base", "value in the scenario as it stands", func(x *assumption) float64 { return x.Base })
	number("range_low", "low end of the range", func(x *assumption) float64 { return x.RangeLow })
	number("range_high", "high end of the range", func(x *assumption) float64 { return x.RangeHigh })
	number("mu_star", "mean absolute elementary effect over the whole range (Morris)", func(x *assumption) float64 { return float64(x.MuStar) })
	number("sigma", "standard deviation of elementary effects", func(x *assumption) float64 { return float64(x.Sigma) })
	number("low", "smallest figure of its one-way runs", func(x *assumption) float64 { return float64(x.Low) })
	number("high", "largest figure of its one-way runs", func(x *assumption) float64 { return float64(x.High) })
	number("width_conf", "half width of the 95% interval of high less low, over replications", func(x *assumption) float64 { return float64(x.WidthConf) })
	number("s1", "first-order Sobol index", func(x *assumption) float64 { return float64(x.S1) })
	number("s1_conf", "half width of its 95% interval", func(x *assumption) float64 { return float64(x.S1Conf) })
	number("st", "total-order Sobol index", func(x *assumption) float64 { return float64(x.ST) })
	number("st_conf", "half width of its 95% interval", func(x *assumption) float64 { return float64(x.STConf) })
	number("evppi", "value of knowing it before the decision, in the metric's unit", func(x *assumption) float64 { return float64(x.EVPPI) })
	number("evppi_se", "its standard error", func(x *assumption) float64 { return float64(x.EVPPISE) })
	number("evppi_low", "lower end of its 95% interval", func(x *assumption) float64 { return float64(x.EVPPILow) })
	number("evppi_high", "upper end of its 95% interval", func(x *assumption) float64 { return float64(x.EVPPIHigh) })
	return t
}

// flipTable is break_evens.arrow.
func (l *lab) flipTable() *outcome.Table {
	t := &outcome.Table{Name: "break_evens", Meta: map[string]string{"scenario": l.s.Name, "table": "break_evens"}, Columns: []outcome.Column{
		{Name: "assumption", Kind: outcome.Text, Doc: "path in the scenario"},
		{Name: "challenger", Kind: outcome.Text, Doc: "strategy"},
		{Name: "champion", Kind: outcome.Text, Doc: "strategy that it changes places with"},
		{Name: "value", Kind: outcome.Float, Doc: "value of the assumption at which the two are equal"},
		{Name: "low", Kind: outcome.Float, Doc: "95% interval over replications, low"},
		{Name: "high", Kind: outcome.Float, Doc: "95% interval over replications, high"},
		{Name: "rising", Kind: outcome.Int, Doc: "1: the challenger is the better one above; 0: below"},
	}}
	for _, e := range l.flips {
		for _, c := range e.Crossings {
			for i, x := range []string{e.Input, e.Challenger, e.Champion} {
				t.Columns[i].Text = append(t.Columns[i].Text, x)
			}
			for i, x := range []float64{c.X, c.Low, c.High} {
				t.Columns[3+i].Float = append(t.Columns[3+i].Float, x)
			}
			rising := int64(0)
			if c.Rising {
				rising = 1
			}
			t.Columns[6].Int = append(t.Columns[6].Int, rising)
		}
	}
	return t
}

// draw writes the charts of what was found.
func (l *lab) draw() error {
	charts := map[string]chart.Chart{}
	if l.tornado != nil {
		charts["tornado"] = l.oneway.TornadoChart(l.tornado)
	}
	if l.costTornado != nil {
		charts["tornado-cost"] = l.oneway.TornadoChart(l.costTornado)
	}
	if l.information != nil {
		charts["voi"] = l.base.InformationChart(l.question.Metric, l.information)
	}
	if l.twoway != nil {
		c, err := l.twoway.Chart("best-map")
		if err != nil {
			return err
		}
		charts["best-map"] = c
	}
	for i := range l.flips {
		charts["break-even-"+strconv.Itoa(i+1)] = l.oneway.Crossing(&l.flips[i])
	}
	for name, c := range charts {
		if c == nil {
			continue
		}
		for _, format := range []string{"svg", "png"} {
			if err := chart.Save(l.folder.Path(name+"."+format), c); err != nil {
				return fmt.Errorf("chart %s: %w", name, err)
			}
		}
	}
	return nil
}

// print writes the result in the chosen format.
func (l *lab) print() error {
	switch l.app.format {
	case "json":
		text, err := l.document()
		if err == nil {
			_, err = l.app.out.Write(text)
		}
		return err
	case "csv":
		return l.table().Write(l.app.out, "csv")
	}
	return l.text(l.app.out)
}

// text writes the answers for a terminal.
func (l *lab) text(w io.Writer) error {
	fmt.Fprintf(w, "%s: %s is %s as the scenario stands\n", l.s.Name, l.question, within(l.baseValue, l.baseHalf))
	fmt.Fprintf(w, "%d assumptions varied, %d accounts, %d replications, seed %d\n", len(l.varied), l.manifest.Accounts, l.s.Replications, l.s.Seed)
	if l.screening != nil {
		none := 0
		for _, x := range l.worth {
			if x == 0 {
				none++
			}
		}
		fmt.Fprintf(w, "%d of them, in %s, change no bit of any result and were put aside\n", len(l.inert), l.inertGroups())
		fmt.Fprintf(w, "screening of the other %d (Morris, %d trajectories): kept the %d that move the strategies apart most; %d moved nothing\n", len(l.screened), l.o.trajectories, len(l.kept), none)
	}
	if err := l.assumptionText(w); err != nil {
		return err
	}
	l.sentences(w)
	for _, x := range l.warnings {
		fmt.Fprintf(w, "warning: %s\n", x)
	}
	return nil
}

// assumptionText is the table of assumptions: what moves the figure, the variance and the decision.
func (l *lab) assumptionText(w io.Writer) error {
	list := l.assumptions()
	type column struct {
		head  string
		shown bool
		cell  func(*assumption) string
	}
	shown := []column{
		{"assumption", true, func(x *assumption) string { return x.Name }},
		{"base", true, func(x *assumption) string { return explore.Short(x.Base) }},
		{"range", true, func(x *assumption) string { return explore.Short(x.RangeLow) + " to " + explore.Short(x.RangeHigh) }},
		{"mu*", l.morris != nil, func(x *assumption) string { return explore.Short(float64(x.MuStar)) }},
		{"sigma", l.morris != nil, func(x *assumption) string { return explore.Short(float64(x.Sigma)) }},
		{"one-way", l.tornado != nil, func(x *assumption) string {
			text := explore.Short(float64(x.Low)) + " to " + explore.Short(float64(x.High))
			if !math.IsNaN(float64(x.WidthConf)) {
				half := float64(x.WidthConf)
				if half < 1e-9*math.Abs(float64(x.High-x.Low)) {
					half = 0 // rounding of what luck does not touch
				}
				text += " (width +-" + explore.Short(half) + ")"
			}
			if x.SignChange && l.question.Versus != "" {
				text += " !"
			}
			return text
		}},
		{"S1", l.sobol != nil, func(x *assumption) string { return index(x.S1, x.S1Conf) }},
		{"ST", l.sobol != nil, func(x *assumption) string { return index(x.ST, x.STConf) }},
		{"worth knowing", l.information != nil, func(x *assumption) string { return worthKnowing(x) }},
	}
	shown = slices.DeleteFunc(shown, func(c column) bool { return !c.shown })
	t := columns.Left(w)
	row := func(cell func(column) string) {
		var cells []string
		for _, c := range shown {
			cells = append(cells, cell(c))
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	row(func(c column) string { return c.head })
	for i := range list {
		row(func(c column) string { return c.cell(&list[i]) })
	}
	return t.Flush()
}

// worthKnowing writes the value of information with its 95% interval.
func worthKnowing(x *assumption) string {
	return fmt.Sprintf("%s [%s, %s]", explore.Short(float64(x.EVPPI)), explore.Short(float64(x.EVPPILow)), explore.Short(float64(x.EVPPIHigh)))
}

// within writes a figure with the half width of its 95% interval, where that is known.
func within(x, half float64) string {
	if math.IsNaN(half) {
		return explore.Short(x)
	}
	return explore.Short(x) + " +-" + explore.Short(half)
}

// inertGroups names the parts of the scenario that were put aside, a few of them.
func (l *lab) inertGroups() string {
	const most = 6
	var names []string
	for _, v := range l.inert {
		keys := strings.SplitN(v.Path, ".", 3)
		if name := strings.Join(keys[:min(2, len(keys))], "."); !contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "no part of the scenario"
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

func index(x, conf estimate.Float) string {
	if math.IsNaN(float64(x)) {
		return "-"
	}
	return fmt.Sprintf("%.2f +-%.2f", float64(x), float64(conf))
}

// sentences say what follows from the table.
func (l *lab) sentences(w io.Writer) {
	list := l.assumptions()
	if l.sobol != nil && l.information != nil {
		most := slices.MaxFunc(list, func(a, b assumption) int { return compareFloat(a.ST, b.ST) })
		worth := slices.MaxFunc(list, func(a, b assumption) int { return compareFloat(a.EVPPI, b.EVPPI) })
		if most.ST > 0 {
			fmt.Fprintf(w, "the variance is moved most by %s (total share %.2f)\n", most.Name, float64(most.ST))
		}
		if worth.EVPPI > 0 {
			fmt.Fprintf(w, "the decision is moved most by %s: knowing it is worth %s, knowing all %s (%s, at these ranges)\n", worth.Name,
				explore.Short(float64(worth.EVPPI)), explore.Short(l.information.EVPI), l.question.Metric)
			if !(worth.EVPPILow > 0) {
				fmt.Fprintln(w, "yet the interval of its worth begins at 0: these points cannot tell that it is worth knowing")
			}
		} else {
			fmt.Fprintln(w, "the decision is moved by none of them alone: the same strategy stays best on average whatever one learns about any one")
		}
	}
	if l.tornado != nil && l.question.Versus != "" {
		if len(l.changes) == 0 {
			fmt.Fprintln(w, "no assumption alone changes the ranking of the strategies within its range")
		}
		for _, c := range l.changes {
			what := "the ranking below the best"
			if c.BestToo {
				what = "the best strategy"
			}
			fmt.Fprintf(w, "%s changes %s: %s\n", c.Factor, what, strings.Join(c.Rankings, "; then "))
		}
	}
	for i := range l.flips {
		for _, sentence := range l.flips[i].Sentences() {
			fmt.Fprintf(w, "break-even: %s\n", sentence)
		}
	}
	if l.costTornado != nil && len(l.costTornado.Swings) > 0 {
		s := l.costTornado.Swings[0]
		if s.Low == s.High {
			fmt.Fprintf(w, "%s (%s) is moved by none of them\n", l.costTornado.Question, explore.Short(l.costTornado.Base))
		} else {
			fmt.Fprintf(w, "%s (%s) is moved most by %s: %s to %s\n", l.costTornado.Question, explore.Short(l.costTornado.Base), s.Name, explore.Short(s.Low), explore.Short(s.High))
		}
		for _, x := range l.costTornado.Warnings {
			fmt.Fprintf(w, "warning: %s\n", x)
		}
	}
	if m := l.bestMap; m != nil {
		for k, share := range m.Shares {
			if share > 0 {
				fmt.Fprintf(w, "%s is best in %.0f%% of the map\n", l.played(k), 100*share)
			}
		}
	}
	l.discoveryText(w)
}

func compareFloat(a, b estimate.Float) int {
	x, y := known(float64(a)), known(float64(b))
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// discoveryText says in which region the chosen strategy is best.
func (l *lab) discoveryText(w io.Writer) {
	d := l.discovery
	if d == nil {
		return
	}
	if d.Points == 0 {
		fmt.Fprintf(w, "%s is best at none of the sampled points\n", d.Strategy)
		return
	}
	fmt.Fprintf(w, "%s is best at %.0f%% of the sampled points", d.Strategy, 100*d.BaseDensity)
	for _, box := range d.Boxes.Boxes {
		if len(box.Limits) == 0 {
			continue
		}
		fmt.Fprintf(w, "; where %s at %.0f%%, which holds %.0f%% of all cases", limits(box.Limits), 100*box.Density, 100*box.Coverage)
	}
	fmt.Fprintln(w)
	for _, x := range d.Warnings {
		fmt.Fprintf(w, "warning: %s\n", x)
	}
}

func limits(list []sensitivity.Limit) string {
	var parts []string
	for _, x := range list {
		switch {
		case math.IsInf(x.Low, -1):
			parts = append(parts, fmt.Sprintf("%s <= %s", x.Name, explore.Short(x.High)))
		case math.IsInf(x.High, 1):
			parts = append(parts, fmt.Sprintf("%s >= %s", x.Name, explore.Short(x.Low)))
		default:
			parts = append(parts, fmt.Sprintf("%s in %s to %s", x.Name, explore.Short(x.Low), explore.Short(x.High)))
		}
	}
	return strings.Join(parts, " and ")
}
