package calibrate

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// File is a file of targets as written.
type File struct {
	Title    string   `yaml:"title,omitempty" doc:"one line for lists"`
	Source   string   `yaml:"source,omitempty" doc:"where the values come from, for targets that do not say"`
	Strategy string   `yaml:"strategy,omitempty" doc:"strategy under which targets are simulated that name none; left out: the scenario's baseline"`
	Fit      []string `yaml:"fit,omitempty" doc:"parameters to fit where the command names none: PATH or PATH=LOW:HIGH"`
	Targets  []Target `yaml:"targets,omitempty" doc:"targets by name"`
	Rolls    []Rolls  `yaml:"rolls,omitempty" doc:"tables of moves between buckets by name; each cell becomes a target"`
}

// Target is one value that the simulation is to meet. Exactly one of metric, daily, move, cured_by and
// channel says which quantity it is.
type Target struct {
	Name     string        `yaml:"-" overlay:"name"`
	Strategy string        `yaml:"strategy,omitempty" doc:"strategy of the scenario or built-in one"`
	Less     string        `yaml:"less,omitempty" doc:"strategy that it is contrasted with on the same borrowers"`
	As       string        `yaml:"as,omitempty" check:"in:difference|ratio|relative" doc:"how the two are contrasted: strategy - less (default), strategy / less, or strategy / less - 1"`
	Metric   string        `yaml:"metric,omitempty" doc:"a metric at the horizon (collectsim list metrics)"`
	Group    string        `yaml:"group,omitempty" doc:"DIMENSION=NAME: the metric of one group of accounts (product, region, segment, cause, start)"`
	Daily    string        `yaml:"daily,omitempty" doc:"a daily path (daily.arrow) on the day"`
	Day      *int          `yaml:"day,omitempty" check:">=0" doc:"day of the run of the daily path"`
	Move     *Move         `yaml:"move,omitempty" doc:"share of the accounts of some buckets that are in some buckets a month later"`
	CuredBy  *int          `yaml:"cured_by,omitempty" check:">=1" doc:"share of delinquency episodes that a payment has ended by this day of the episode (Kaplan-Meier)"`
	Channel  *ChannelShare `yaml:"channel,omitempty" doc:"a step of the contact funnel over an earlier one"`
	Value    *float64      `yaml:"value" doc:"the value to meet, in the unit of the quantity"`
	SE       *float64      `yaml:"se,omitempty" check:">0" doc:"its standard error; n can stand in its place for shares"`
	N        float64       `yaml:"n,omitempty" check:">=1" doc:"number of independent observations of which value is a share"`
	Sample   string        `yaml:"sample,omitempty" doc:"name of the sample: targets that name the same one are exclusive shares of the same n observations, and so correlated"`
	Weight   *float64      `yaml:"weight,omitempty" check:">0" doc:"factor on the target's weight in the fit; 1 if left out"`
	HoldOut  bool          `yaml:"hold_out,omitempty" doc:"not fitted; its error is told apart"`
	Source   string        `yaml:"source,omitempty" doc:"where the value comes from"`
	Note     string        `yaml:"note,omitempty" doc:"what differs between the source and the simulation"`
}

// Move is a monthly move between buckets of days past due, by number of accounts, contractual.
type Move struct {
	From   []string `yaml:"from" doc:"buckets at a month's begin: current, 1-29, 30-59, 60-89, 90-119, 120-149, 150-179, charged-off"`
	To     []string `yaml:"to" doc:"buckets at its end"`
	Months []int    `yaml:"months" check:">=1" doc:"first and last month of the run that count; the first is 1"`
}

// ChannelShare is one count of a channel over another.
type ChannelShare struct {
	Name  loan.Channel `yaml:"name" doc:"channel"`
	Count string       `yaml:"count" check:"in:attempts|delivered|rpc|promises|promises_due|promises_kept|suppressed" doc:"what is counted"`
	Per   string       `yaml:"per" check:"in:attempts|delivered|rpc|promises|promises_due|promises_kept|suppressed" doc:"what it is a share of"`
}

// Set is what one or several files ask for.
type Set struct {
	Title    string   // of the first file
	Files    []string // as named
	Fit      []string // parameters that the files name
	Targets  []Target // those of tables of moves among them
	Warnings []string
}

// Open reads files of targets: built-in names or paths. All faults of all files are reported at once.
func Open(names ...string) (*Set, error) {
	set := &Set{}
	var errs []error
	for _, name := range names {
		src, err := read(name)
		if err == nil {
			err = set.add(name, src)
		}
		errs = append(errs, err)
	}
	return set, errors.Join(append(errs, set.check())...)
}

// Parse reads one file of targets from memory; file names it in errors, and tables of moves are looked
// for in its folder.
func Parse(file string, src []byte) (*Set, error) {
	set := &Set{}
	err := set.add(file, src)
	return set, errors.Join(err, set.check())
}

func read(name string) ([]byte, error) {
	if slices.Contains(scenario.Builtin("targets"), name) || !strings.ContainsAny(name, "./\\") {
		return scenario.Embedded("targets", name)
	}
	src, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file", name)
	}
	return src, err
}

// add takes over one file.
func (set *Set) add(name string, src []byte) error {
	set.Files = append(set.Files, name)
	var f File
	warnings, err := overlay.Decode(name, src, &f, nil)
	if err != nil {
		return err
	}
	set.Warnings = append(set.Warnings, warnings...)
	set.Title, set.Fit = first(set.Title, f.Title), append(set.Fit, f.Fit...)
	var errs []error
	for i := range f.Targets {
		t := f.Targets[i]
		t.Strategy, t.Source = first(t.Strategy, f.Strategy), first(t.Source, f.Source)
		for _, err := range t.check() {
			errs = append(errs, fmt.Errorf("%s: targets.%s.%w", name, t.Name, err))
		}
		set.Targets = append(set.Targets, t)
	}
	for i := range f.Rolls {
		r := &f.Rolls[i]
		r.Strategy, r.Source = first(r.Strategy, f.Strategy), first(r.Source, f.Source)
		targets, warnings, err := r.targets(filepath.Dir(name))
		for _, err := range split(err) {
			errs = append(errs, fmt.Errorf("%s: rolls.%s.%w", name, r.Name, err))
		}
		set.Targets, set.Warnings = append(set.Targets, targets...), append(set.Warnings, warnings...)
	}
	return errors.Join(errs...)
}

// split is a joined error as its parts, so that each gets its path in front.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// check holds the targets of all files against each other.
func (set *Set) check() error {
	var errs []error
	total, size := map[string]float64{}, map[string]float64{}
	for i := range set.Targets {
		t := &set.Targets[i]
		if slices.ContainsFunc(set.Targets[:i], func(u Target) bool { return u.Name == t.Name }) {
			errs = append(errs, fmt.Errorf("targets.%s: stands in two files, or is a target and a table of moves", t.Name))
		}
		if t.Sample == "" || t.Value == nil {
			continue
		}
		if n, ok := size[t.Sample]; ok && n != t.N {
			errs = append(errs, fmt.Errorf("targets.%s.n: must be the same for all of sample %s, got %g after %g", t.Name, t.Sample, t.N, n))
		}
		size[t.Sample] = t.N
		before := total[t.Sample]
		total[t.Sample] += *t.Value
		if before < 1 && total[t.Sample] >= 1-1e-9 {
			errs = append(errs, fmt.Errorf("targets.%s.value: the shares of sample %s add up to %.4g; leave one out, it follows from the others", t.Name, t.Sample, total[t.Sample]))
		}
	}
	return errors.Join(errs...)
}

// check holds one target against the rules that the decoder cannot know; paths are below the target.
func (t *Target) check() []error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if t.Value == nil || math.IsNaN(*t.Value) {
		fail("value: must be stated")
	}
	switch {
	case t.SE != nil && t.N > 0:
		fail("se: se and n exclude each other")
	case t.SE == nil && t.N == 0:
		fail("se: se, or n for a share, must be stated: a target without an error has no weight")
	case t.N > 0 && t.Value != nil && !(*t.Value >= 0 && *t.Value <= 1):
		fail("n: goes with a share from 0 to 1, got value %g; state se", *t.Value)
	case t.N > 0 && t.Less != "":
		fail("n: is for one share, not for a contrast; state se")
	}
	if t.Sample != "" && t.N == 0 {
		fail("sample: goes with n")
	}
	if t.Source == "" {
		fail("source: must be stated, here or for the file; an assumption says assumption")
	}
	if t.As != "" && t.Less == "" {
		fail("as: %s needs the strategy less", t.As)
	}
	return append(errs, t.checkQuantity()...)
}

func (t *Target) checkQuantity() []error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	kinds := 0
	for _, is := range []bool{t.Metric != "", t.Daily != "", t.Move != nil, t.CuredBy != nil, t.Channel != nil} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		fail("metric: exactly one of metric, daily, move, cured_by and channel must be stated, got %d", kinds)
	}
	if t.Metric != "" && outcome.MetricIndex(t.Metric) < 0 {
		fail("metric: unknown metric %q%s", t.Metric, near(metricNames(), t.Metric))
	}
	if t.Group != "" && (t.Metric == "" || !strings.Contains(t.Group, "=")) {
		fail("group: must be DIMENSION=NAME and go with metric, got %q", t.Group)
	}
	if t.Daily != "" && seriesIndex(t.Daily) < 0 {
		fail("daily: unknown path %q%s", t.Daily, near(seriesNames(), t.Daily))
	}
	if (t.Daily != "") != (t.Day != nil) {
		fail("day: daily and day go together")
	}
	if t.Move != nil {
		errs = append(errs, t.Move.check()...)
	}
	if c := t.Channel; c != nil {
		if c.Name == loan.NoChannel {
			fail("channel.name: must name a channel")
		}
		if c.Count == c.Per || c.Count == "" || c.Per == "" {
			fail("channel.per: count and per must be stated and differ, got %q and %q", c.Count, c.Per)
		}
	}
	return errs
}

func (m *Move) check() []error {
	var errs []error
	for _, part := range [2]struct {
		name    string
		buckets []string
	}{{"from", m.From}, {"to", m.To}} {
		if len(part.buckets) == 0 {
			errs = append(errs, fmt.Errorf("move.%s: must name a bucket", part.name))
		}
		for i, b := range part.buckets {
			if bucketOf(b) < 0 {
				errs = append(errs, fmt.Errorf("move.%s[%d]: unknown bucket %q, must be one of %s", part.name, i, b, strings.Join(bucketNames(), ", ")))
			}
			if slices.Contains(part.buckets[:i], b) {
				errs = append(errs, fmt.Errorf("move.%s[%d]: %s is named twice", part.name, i, b))
			}
		}
	}
	return append(errs, checkMonths("move.months", m.Months)...)
}

func checkMonths(at string, months []int) []error {
	if len(months) != 2 || months[0] > months[1] {
		return []error{fmt.Errorf("%s: must be the first and the last month, as in [1, 2], got %v", at, months)}
	}
	return nil
}

// se is the standard error of the value. That of a share is the binomial one at the share with half an
// observation added to either side (as Agresti and Coull 1998 do with two), so that no share of a
// finite sample is exact.
func (t *Target) se() float64 {
	if t.SE != nil {
		return *t.SE
	}
	p := (*t.Value*t.N + 0.5) / (t.N + 1)
	return math.Sqrt(p * (1 - p) / t.N)
}

func (t *Target) weight() float64 {
	if t.Weight == nil {
		return 1
	}
	return *t.Weight
}

// Schema returns the JSON Schema of files of targets.
func Schema() []byte { return overlay.Schema(&File{}, nil) }

func near(known []string, name string) string {
	if n := overlay.Nearest(known, name); n != "" {
		return fmt.Sprintf(", did you mean %q?", n)
	}
	return ""
}

func metricNames() []string {
	var names []string
	for i := range outcome.Metrics() {
		names = append(names, outcome.Metrics()[i].Name)
	}
	return names
}

func seriesNames() []string {
	var names []string
	for _, s := range outcome.DailySeries() {
		names = append(names, s.Name)
	}
	return names
}

func seriesIndex(name string) int { return slices.Index(seriesNames(), name) }

func bucketNames() []string {
	var names []string
	for b := range loan.NumBuckets {
		names = append(names, b.String())
	}
	return names
}

func bucketOf(name string) int { return slices.Index(bucketNames(), name) }
