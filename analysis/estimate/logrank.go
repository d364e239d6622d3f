package estimate

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A LogRankTest is the outcome of [LogRank]. Observed and Expected are parallel to Groups;
// with Rho other than 0 they are weighted counts.
type LogRankTest struct {
	Chisq    Float    `json:"chisq"`
	DF       int      `json:"df"`
	P        Float    `json:"p"`
	Rho      float64  `json:"rho"`
	Strata   []string `json:"strata,omitempty"` // within which groups were compared, sorted
	Groups   []string `json:"groups"`           // sorted
	Observed []Float  `json:"observed"`
	Expected []Float  `json:"expected"`
	Warnings []string `json:"warnings,omitempty"`
}

// LogRank tests whether k groups share one distribution of the time to the event.
//
// times, events and groups are parallel, as for [KaplanMeier]. Each event time weighs
// S(t-)^rho with S the pooled Kaplan-Meier curve: rho 0 is the log-rank test, rho 1 the
// Peto and Peto modification of Wilcoxon's. The variance is hypergeometric, so ties count as
// such. DF is the number of groups with an expected event, less one; below 1 the test is
// undefined (NaN) with a warning. For strata and late entry see [SurvivalByGroup].
//
// The error names every bad time. Panics if the lengths differ.
// Source: Mantel (1966), Peto and Peto (1972); family of Harrington and Fleming (1982).
func LogRank(times []float64, events []bool, groups []string, rho float64) (LogRankTest, error) {
	return logRank(times, events, groups, SurvivalOptions{Rho: rho})
}

// logRank is LogRank with times of entry and strata: observed, expected and their covariance are counted within
// each stratum and added up, so that groups are compared with their like only.
func logRank(times []float64, events []bool, groups []string, o SurvivalOptions) (LogRankTest, error) {
	checkLengths("times and groups", len(times), len(groups))
	if _, err := newLifeTable(o.Entry, times, events); err != nil { // names rows of the whole
		return LogRankTest{}, err
	}
	names := distinct(groups)
	all := newRankSums(len(names))
	strata, rows := stratify(o.Strata, len(times))
	for _, in := range rows {
		t, e, g, entry := pick(times, in), pick(events, in), pick(groups, in), pick(o.Entry, in)
		pooled, err := newLifeTable(entry, t, e)
		if err != nil {
			return LogRankTest{}, err
		}
		all.add(pooled, groupTables(pooled, entry, t, e, g, names), o.Rho)
	}
	test := LogRankTest{Rho: o.Rho, Strata: strata, Groups: names, Observed: Floats(all.observed), Expected: Floats(all.expected)}
	test.judge(&all)
	return test, nil
}

func distinct(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// stratify lists the strata by name and the rows of each; nil is a single one without a name.
func stratify(strata []string, n int) (names []string, rows [][]int) {
	if strata == nil {
		rows = make([][]int, 1)
		for i := range n {
			rows[0] = append(rows[0], i)
		}
		return nil, rows
	}
	checkLengths("times and strata", n, len(strata))
	names = distinct(strata)
	rows = make([][]int, len(names))
	for i, s := range strata {
		k, _ := slices.BinarySearch(names, s)
		rows[k] = append(rows[k], i)
	}
	return names, rows
}

// pick returns the given rows of x; nil stays nil.
func pick[T any](x []T, rows []int) []T {
	if x == nil {
		return nil
	}
	out := make([]T, len(rows))
	for i, row := range rows {
		out[i] = x[row]
	}
	return out
}

// groupTables counts each group's life table on the pooled times.
func groupTables(pooled LifeTable, entries, times []float64, events []bool, groups, names []string) []LifeTable {
	n := len(pooled.Time)
	tables := make([]LifeTable, len(names))
	for g := range tables {
		tables[g] = LifeTable{AtRisk: make([]int, n), Events: make([]int, n), Censored: make([]int, n), Entered: make([]int, n)}
	}
	for i, at := range times {
		g, _ := slices.BinarySearch(names, groups[i])
		k := timeIndex(pooled.Time, at)
		if events[i] {
			tables[g].Events[k]++
		} else {
			tables[g].Censored[k]++
		}
		first := 0
		if entries != nil {
			first = entryIndex(pooled.Time, entries[i])
		}
		tables[g].Entered[first]++
	}
	for _, t := range tables {
		here := 0
		for k := range n {
			here += t.Entered[k]
			t.AtRisk[k] = here
			here -= t.Events[k] + t.Censored[k]
		}
	}
	return tables
}

// rankSums are the groups' events and what was expected of them.
type rankSums struct {
	observed, expected []float64
	cov                *mat.SymDense // of observed less expected; nil without groups
	met                []int         // by group the first of those that it is compared with, itself among them
}

func newRankSums(k int) rankSums {
	s := rankSums{observed: make([]float64, k), expected: make([]float64, k), met: make([]int, k)}
	for g := range s.met {
		s.met[g] = g
	}
	if k > 0 {
		s.cov = mat.NewSymDense(k, nil)
	}
	return s
}

// add counts one stratum: its pooled life table and those of the groups on the same times.
func (s *rankSums) add(pooled LifeTable, tables []LifeTable, rho float64) {
	survival := 1.0
	for i := range pooled.Time {
		d, n := float64(pooled.Events[i]), float64(pooled.AtRisk[i])
		if d == 0 {
			continue
		}
		w := math.Pow(survival, rho)
		spread := 0.0
		if n > 1 {
			spread = w * w * d * (n - d) / (n - 1)
		}
		if spread > 0 {
			s.meet(tables, i)
		}
		for g, t := range tables {
			share := float64(t.AtRisk[i]) / n
			s.observed[g] += w * float64(t.Events[i])
			s.expected[g] += w * d * share
			s.cov.SetSym(g, g, s.cov.At(g, g)+spread*share*(1-share))
			for h := range g {
				s.cov.SetSym(g, h, s.cov.At(g, h)-spread*share*float64(tables[h].AtRisk[i])/n)
			}
		}
		survival *= (n - d) / n
	}
}

// meet joins the groups that are at risk together at an event time, with all that they have met before.
func (s *rankSums) meet(tables []LifeTable, i int) {
	first := -1
	for g, t := range tables {
		switch {
		case t.AtRisk[i] == 0:
		case first < 0:
			first = g
		case s.met[g] != s.met[first]:
			from, to := max(s.met[g], s.met[first]), min(s.met[g], s.met[first])
			for h := range s.met {
				if s.met[h] == from {
					s.met[h] = to
				}
			}
		}
	}
}

// judge computes the quadratic form over the groups with expected events, leaving out one of each set of groups that
// meet, which the others determine: the degrees of freedom are the rank of the covariance. Groups that meet in no
// stratum and at no time are not compared.
func (t *LogRankTest) judge(s *rankSums) {
	t.Chisq, t.P = Float(math.NaN()), Float(math.NaN())
	atRisk, sets := 0, 0
	var in []int
	for g, e := range s.expected {
		if !(e > 0) {
			continue
		}
		atRisk++
		if s.met[g] == g {
			sets++
		} else {
			in = append(in, g)
		}
	}
	t.DF = len(in)
	if atRisk < len(t.Groups) {
		t.Warnings = append(t.Warnings, fmt.Sprintf("%d of %d groups are never at risk when an event happens; they do not count in the test", len(t.Groups)-atRisk, len(t.Groups)))
	}
	switch {
	case atRisk < 2:
		t.Warnings = append(t.Warnings, "need >= 2 groups at risk when events happen, the test is undefined")
		return
	case t.DF == 0:
		t.DF = atRisk - 1
		t.Warnings = append(t.Warnings, "the groups' event counts have no variance, the test is undefined")
		return
	case sets > 1:
		t.Warnings = append(t.Warnings, fmt.Sprintf("the groups fall into %d sets that are never at risk together when an event happens; only groups of one set are compared, on %d degrees of freedom", sets, t.DF))
	}
	diff, v := mat.NewVecDense(t.DF, nil), mat.NewSymDense(t.DF, nil)
	for a, g := range in {
		diff.SetVec(a, s.observed[g]-s.expected[g])
		for b, h := range in[:a+1] {
			v.SetSym(a, b, s.cov.At(g, h))
		}
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(v) || chol.SolveVecTo(&x, diff) != nil {
		t.Warnings = append(t.Warnings, "the groups' event counts have no variance, the test is undefined")
		return
	}
	chisq := mat.Dot(diff, &x)
	t.Chisq, t.P = Float(chisq), Float(distuv.ChiSquared{K: float64(t.DF)}.Survival(chisq))
}
