package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"collectsim/analysis/compare"
	"collectsim/analysis/estimate"
	"collectsim/sim/outcome"
)

// costly are the metrics that cost decides.
var costly = []string{"cost", "npv", "cost_per_recovered", "cost_per_cure"}

// reasons adds to each challenger's reasons what drives its cost, on metrics that cost decides.
func (r *Run) reasons(champion string, m *outcome.Metric, common map[string][]string) map[string][]string {
	if !slices.Contains(costly, m.Name) {
		return common
	}
	out := map[string][]string{}
	for _, name := range r.Manifest.Strategies {
		out[name] = common[name]
		if text := r.costDriver(champion, name); text != "" && name != champion {
			out[name] = append(slices.Clone(common[name]), text)
		}
	}
	return out
}

// costDriver names the kind of cost that makes more than half of the difference in cost; empty if none
// does, or if the difference is not sure.
func (r *Run) costDriver(champion, name string) string {
	whole := compare.Paired(r.Values(name, "cost"), r.Values(champion, "cost"), confidence).Difference
	if !whole.Excludes(0) {
		return ""
	}
	for _, m := range outcome.Metrics() {
		kind, ok := strings.CutPrefix(m.Name, "cost_")
		if !ok || m.Unit != "currency/account" {
			continue
		}
		part := compare.Paired(r.Values(name, m.Name), r.Values(champion, m.Name), confidence).Difference
		if share := part.Value / whole.Value; share > 0.5 {
			return fmt.Sprintf("%s %s of the %s that it costs %s per account", driverNames[kind], amount(part), amount(whole), moreOrLess(whole.Value))
		}
	}
	return ""
}

// driverNames are the kinds of cost as the subject of a sentence.
var driverNames = map[string]string{
	"contact": "messages and calls make", "wages": "wages make", "travel": "travel makes", "fixed": "fixed costs of teams make", "agency": "agency fees make",
	"legal": "legal fees make", "waiver": "what remedies waive makes", "complaint": "complaints make", "incident": "incidents make",
}

func amount(e estimate.Estimate) string {
	e.Value = math.Abs(e.Value)
	return e.Format(e.Value)
}

func moreOrLess(x float64) string {
	if x < 0 {
		return "less"
	}
	return "more"
}
