package strategy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"collectsim/sim/loan"
)

// Assignment says which strategy serves which accounts, by what a lender knows of them from the first day on.
type Assignment struct {
	By     string            `yaml:"by" check:"in:product|region|segment|start" doc:"what accounts are told apart by; start: the bucket on day 0"`
	Groups map[string]string `yaml:"groups,omitempty" doc:"strategy by product, region, segment or bucket"`
	Others string            `yaml:"others,omitempty" doc:"strategy of the accounts in groups that are not named; left out only where all products, regions or buckets are"`
}

// GroupNames lists the groups that accounts are in, of a portfolio of the named segments.
func (a *Assignment) GroupNames(segments []string) (names []string) {
	switch a.By {
	case "segment":
		names = segments
	case "product":
		for p := range loan.NumProducts {
			names = append(names, p.String())
		}
	case "region":
		for r := range loan.NumRegions {
			names = append(names, r.String())
		}
	case "start":
		for b := range loan.NumBuckets {
			names = append(names, b.String())
		}
	}
	return names
}

// Group is the place of an account's group among GroupNames.
func (a *Assignment) Group(o *Observed) int {
	switch a.By {
	case "product":
		return int(o.Product)
	case "region":
		return int(o.Region)
	case "start":
		return int(o.Start)
	}
	return int(o.Segment)
}

// Check reports every rule that the assignment breaks, path first. Names of segments are held against a portfolio by
// CheckSegments.
func (a *Assignment) Check() []error {
	var errs []error
	known := a.GroupNames(nil) // not of segments, which are the portfolio's
	if known == nil && a.By != "segment" {
		return []error{fmt.Errorf("by: must be product, region, segment or start, got %q", a.By)}
	}
	for _, g := range slices.Sorted(maps.Keys(a.Groups)) {
		switch {
		case known != nil && !slices.Contains(known, g):
			errs = append(errs, fmt.Errorf("groups.%s: unknown %s, must be one of %s", g, a.By, strings.Join(known, ", ")))
		case a.Groups[g] == "":
			errs = append(errs, fmt.Errorf("groups.%s: must name a strategy", g))
		}
	}
	if a.Others == "" && (known == nil || slices.ContainsFunc(known, func(g string) bool { return a.Groups[g] == "" })) {
		errs = append(errs, fmt.Errorf("others: must name the strategy of the accounts in no named %s", a.By))
	}
	return errs
}

// CheckSegments reports names of segments that a portfolio does not have.
func (a *Assignment) CheckSegments(segments []string) []error {
	var errs []error
	for _, g := range slices.Sorted(maps.Keys(a.Groups)) {
		if a.By == "segment" && !slices.Contains(segments, g) {
			errs = append(errs, fmt.Errorf("groups.%s: the portfolio has no such segment, only %s", g, strings.Join(segments, ", ")))
		}
	}
	return errs
}

// Strategies lists the strategies that serve a group, sorted, each once; what is named nowhere, which Check reports, is left out.
func (a *Assignment) Strategies() []string {
	list := append(slices.Collect(maps.Values(a.Groups)), a.Others)
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(name string) bool { return name == "" })
}

// String says who is served how, in a line.
func (a *Assignment) String() string {
	var parts []string
	for _, g := range slices.Sorted(maps.Keys(a.Groups)) {
		parts = append(parts, g+" "+a.Groups[g])
	}
	if a.Others != "" {
		parts = append(parts, "others "+a.Others)
	}
	return "by " + a.By + ": " + strings.Join(parts, ", ")
}

// assigned plays several strategies inside one portfolio, each on the groups that are its own, with the same teams.
type assigned struct {
	divided
	assignment Assignment
	arm        [256]uint16 // by group
}

var _ Strategy = (*assigned)(nil)

// Assign returns the strategy of an assignment, of which Check has found nothing. arm gives the strategy of a name, each
// of which is asked for once. segments are the names of the portfolio's, and may be nil where By is not "segment".
func Assign(name string, a *Assignment, segments []string, arm func(name string) Strategy) Strategy {
	names := a.Strategies()
	arms := make([]Strategy, len(names))
	for k := range names {
		arms[k] = arm(names[k])
	}
	c := &assigned{divided: divide(name, arms), assignment: *a}
	groups := a.GroupNames(segments)
	for g := range c.arm {
		serves := a.Others
		if g < len(groups) && a.Groups[groups[g]] != "" {
			serves = a.Groups[groups[g]]
		}
		c.arm[g] = uint16(max(0, slices.Index(names, serves))) // of what is no group nothing is asked
	}
	return c
}

func (c *assigned) Decide(o *Observed, out []Action) ([]Action, loan.Day) {
	return c.ask(int(c.arm[c.assignment.Group(o)]), o, out)
}
