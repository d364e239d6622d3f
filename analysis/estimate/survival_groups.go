package estimate

import "slices"

// A SurvivalReport is the survival of several groups and the test that they are one.
type SurvivalReport struct {
	Groups  []Survival   `json:"groups"`            // by name
	LogRank *LogRankTest `json:"logrank,omitempty"` // nil for a single group
}

// SurvivalByGroup fits [KaplanMeier] to each group and compares them by [LogRank], with o.Rho and within o.Strata.
//
// groups is parallel to times, or nil for one group with the name "". Without a horizon in o
// all restricted means run to the last time of any group, so that they can be compared (a
// warning marks those that end earlier). Errors and panics as for [KaplanMeier].
func SurvivalByGroup(times []float64, events []bool, groups []string, o SurvivalOptions) (SurvivalReport, error) {
	if groups == nil {
		groups = make([]string, len(times))
	}
	checkLengths("times and groups", len(times), len(groups))
	test, err := logRank(times, events, groups, o)
	if err != nil {
		return SurvivalReport{}, err
	}
	if o.Horizon == 0 && len(times) > 0 {
		o.Horizon = slices.Max(times)
	}
	var report SurvivalReport
	for _, name := range test.Groups {
		var t []float64
		var e []bool
		of := o
		of.Entry = nil
		for i, g := range groups {
			if g == name {
				t, e = append(t, times[i]), append(e, events[i])
				if o.Entry != nil {
					of.Entry = append(of.Entry, o.Entry[i])
				}
			}
		}
		s, err := KaplanMeier(t, e, of)
		if err != nil {
			return report, err
		}
		s.Group = name
		report.Groups = append(report.Groups, s)
	}
	if len(report.Groups) > 1 {
		report.LogRank = &test
	}
	return report, nil
}
