package main

import (
	"slices"
	"strings"

	"collectsim/analysis/calibrate"
	"collectsim/analysis/chart"
	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"

	"github.com/spf13/cobra"
)

// values lists what can stand in a place of the command line: each a value, or a value, a tab and what it is. args are
// the arguments given so far.
type values func(args []string) []string

// flagValues are the values of flags, by name: a name means the same in every command.
var flagValues = map[string]values{
	"strategies": strategyValues, "strategy": strategyValues, "challenger": strategyValues, "baseline": strategyValues, "champion": strategyValues,
	"metrics": metricValues, "metric": metricValues, "precision-metrics": metricValues, "precision-metric": metricValues,
	"cost": metricValues, "effect": metricValues, "assert": metricValues, "limit": metricValues,
	"set": pathValues, "vary": pathValues, "fit": fitValues,
	"kind":      kindValues,
	"dimension": fixed(dimensions...), "fairness": fixed(dimensions...),
	"channel": channelValues, "team": fixed("call", "visit"),
}

// dimensions are those by which results are grouped; there are also arms of splits, whose names are the user's.
var dimensions = []string{"product", "region", "segment", "start", "cause", "vintage"}

// continued are the flags whose value goes on after the name.
var continued = map[string]string{"set": "=", "vary": "=", "assert": "", "limit": ""}

// folderCommands take folders that the tool has written.
var folderCommands = []string{"chart", "compare", "decide", "merge", "plan-test", "report", "verify"}

// complete tells shells what can stand behind the flags of a command, and as its arguments.
func complete(c *cobra.Command) {
	for name, list := range flagValues {
		f := c.Flags().Lookup(name)
		if f == nil || !strings.HasPrefix(f.Value.Type(), "string") {
			continue
		}
		lists := f.Value.Type() == "stringSlice"
		tail, goesOn := continued[name]
		_ = c.RegisterFlagCompletionFunc(name, func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			directive := cobra.ShellCompDirectiveNoFileComp
			if goesOn {
				directive |= cobra.ShellCompDirectiveNoSpace
			}
			return offer(list(args), typed, tail, lists), directive
		})
	}
	if c.Flags().Lookup("map") != nil {
		_ = c.RegisterFlagCompletionFunc("map", cobra.FixedCompletions(scenario.Builtin("maps"), cobra.ShellCompDirectiveDefault))
	}
	for _, name := range []string{"output", "overlay"} {
		if f := c.Flags().Lookup(name); f != nil && strings.HasPrefix(f.Usage, "folder") {
			_ = c.MarkFlagDirname(name)
		}
	}
	if slices.Contains(folderCommands, c.Name()) && c.Name() != "decide" { // which takes files, too
		c.ValidArgsFunction = cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	}
}

// offer returns the values that go on from what was typed, each followed by tail. In a list, they follow the last comma,
// and what is listed already is not offered again.
func offer(all []string, typed, tail string, list bool) []string {
	before := ""
	if k := strings.LastIndex(typed, ","); list && k >= 0 {
		before = typed[:k+1]
	}
	var out []string
	for _, v := range all {
		name, about, described := strings.Cut(v, "\t")
		if !strings.HasPrefix(before+name, typed) || slices.Contains(strings.Split(before, ","), name) {
			continue
		}
		if name = before + name + tail; described {
			name += "\t" + about
		}
		out = append(out, name)
	}
	return out
}

func fixed(names ...string) values { return func([]string) []string { return names } }

// strategyValues are the strategies of the folder or scenario that the command is about, and built-ins where a scenario
// can take them.
func strategyValues(args []string) []string {
	if len(args) > 0 {
		if m, err := outcome.ReadManifest(args[0]); err == nil {
			return m.Strategies
		}
	}
	names := given(args).Played()
	for _, name := range scenario.Builtin("strategies") {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// given is the scenario that the command is about, the default if it is none or broken.
func given(args []string) *scenario.Scenario {
	if len(args) > 0 {
		if s, err := scenario.Load(args[0]); err == nil {
			return s
		}
	}
	return scenario.Default()
}

func pathValues(args []string) []string { return overlay.Paths(&given(args).File) }

// fitValues are the parameters that can be fitted without stating a range.
func fitValues(args []string) []string { return calibrate.Fittable(given(args)) }

func metricValues([]string) []string {
	var list []string
	for _, m := range outcome.Metrics() {
		list = append(list, m.Name+"\t"+m.Doc)
	}
	for _, m := range outcome.Relatives() {
		list = append(list, m.Name+"\t"+m.Doc)
	}
	return list
}

func kindValues([]string) []string {
	var list []string
	for _, k := range chart.Kinds {
		list = append(list, k.Name+"\t"+k.Description)
	}
	return list
}

func channelValues([]string) []string {
	var list []string
	for c := loan.NoChannel + 1; c < loan.NumChannels; c++ {
		list = append(list, c.String())
	}
	return list
}
