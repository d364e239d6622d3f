package report

import (
	"fmt"
	"slices"

	"collectsim/sim/outcome"
)

// knownOnDayOne are the dimensions by which a lender can choose a strategy, what tells most first.
var knownOnDayOne = []string{"start", "product", "region", "segment"}

// whom says which strategy is best for whom: a sentence for each dimension that has more than one group, and a table of the
// groups of those by which choosing is worth something.
type whom struct {
	How    string
	Points []string
	Table  htmlTable // without rows where no dimension is worth it
}

// whom is empty where the run has one replication or one strategy, or was written without groups.
func (a *author) whom() whom {
	t, err := outcome.Open(a.r.Dir, "segments")
	if err != nil || a.s.Replications < 2 || len(a.r.Manifest.Strategies) < 2 {
		return whom{}
	}
	x := whom{Table: htmlTable{ID: "table-whom", Caption: a.w.say("table.whom"), First: a.w.say("column.group")}}
	for _, key := range []string{"accounts", "best", "gain", "interval"} {
		x.Table.Columns = append(x.Table.Columns, htmlColumn{Label: a.w.say("column." + key)})
	}
	for _, dimension := range knownOnDayOne {
		if !slices.Contains(dimensions(t), dimension) {
			continue
		}
		d, err := DecideByGroup(a.r, dimension, DecisionOptions{})
		if err != nil || len(d.Groups) < 2 {
			continue // undefined somewhere, or nobody to tell apart
		}
		x.How = a.w.say("whom.how", "best", d.ForAll)
		key := "whom.gain"
		switch {
		case d.alike():
			key = "whom.alike"
		case d.Gain.High < 0:
			key = "whom.worse"
		case !(d.Gain.Low > 0):
			key = "whom.open"
		default:
			x.Table.Rows = append(x.Table.Rows, a.groupRows(d)...)
		}
		x.Points = append(x.Points, a.w.say(key, "dimension", a.w.say("dimension."+dimension), "best", d.ForAll, "gain", a.change(d.Gain, ""), "currency", d.Currency))
	}
	return x
}

// groupRows are the groups of a dimension with what serves them best.
func (a *author) groupRows(d *GroupDecision) (rows []htmlRow) {
	for _, g := range d.Groups {
		name, known := translate(a.w.charts, d.Dimension+": "+g.Group)
		if !known {
			name = a.w.say("dimension."+d.Dimension) + ": " + g.Group
		}
		gain, around := "", ""
		if g.Best != d.ForAll {
			gain, around = signed(g.Gain, ""), signedInterval(g.Gain, "")
		}
		rows = append(rows, htmlRow{Name: name, Cells: []htmlCell{
			{Value: thousands(int(g.Accounts + 0.5)), Sort: fmt.Sprint(g.Accounts)}, {Value: g.Best}, {Value: gain, Sort: sortKey(g.Gain.Value)}, {Value: around},
		}})
	}
	return rows
}
