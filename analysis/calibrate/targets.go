package calibrate

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"collectsim/analysis/experiment"
	"collectsim/sim/loan"
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

// Target is one value that the simulation is to meet. Exactly one of metric, daily, move, cured_by,
// channel and experiment says which quantity it is.
type Target struct {
	Name       string        `yaml:"-" overlay:"name"`
	Strategy   string        `yaml:"strategy,omitempty" doc:"strategy of the scenario or built-in one"`
	Less       string        `yaml:"less,omitempty" doc:"strategy that it is contrasted with on the same borrowers"`
	As         string        `yaml:"as,omitempty" check:"in:difference|ratio|relative" doc:"how the two are contrasted: strategy - less (default), strategy / less, or strategy / less - 1"`
	Metric     string        `yaml:"metric,omitempty" doc:"a metric at the horizon (collectsim list metrics)"`
	Group      string        `yaml:"group,omitempty" doc:"DIMENSION=NAME: the metric of one group of accounts (product, region, segment, cause, start)"`
	Daily      string        `yaml:"daily,omitempty" doc:"a daily path (daily.arrow) on the day"`
	Day        *int          `yaml:"day,omitempty" check:">=0" doc:"day of the run of the daily path"`
	Move       *Move         `yaml:"move,omitempty" doc:"share of the accounts of some buckets that are in some buckets a month later"`
	CuredBy    *int          `yaml:"cured_by,omitempty" check:">=1" doc:"share of delinquency episodes that a payment has ended by this day of the episode (Kaplan-Meier)"`
	Channel    *ChannelShare `yaml:"channel,omitempty" doc:"a step of the contact funnel over an earlier one"`
	Experiment string        `yaml:"experiment,omitempty" doc:"a published experiment (collectsim list experiments) or a file of one, replayed with the fitted values over its own scenario"`
	Measure    string        `yaml:"measure,omitempty" doc:"measure of the experiment; left out: its first one. value, se (the tolerance as a 95% interval) and source can be left to the experiment"`
	Value      *float64      `yaml:"value,omitempty" doc:"the value to meet, in the unit of the quantity"`
	SE         *float64      `yaml:"se,omitempty" check:">0" doc:"its standard error; n can stand in its place for shares"`
	N          float64       `yaml:"n,omitempty" check:">=1" doc:"number of independent observations of which value is a share"`
	Sample     string        `yaml:"sample,omitempty" doc:"name of the sample: targets that name the same one are exclusive shares of the same n observations, and so correlated"`
	Weight     *float64      `yaml:"weight,omitempty" check:">0" doc:"factor on the target's weight in the fit; 1 if left out"`
	HoldOut    bool          `yaml:"hold_out,omitempty" doc:"not fitted; its error is told apart"`
	Source     string        `yaml:"source,omitempty" doc:"where the value comes from"`
	Note       string        `yaml:"note,omitempty" doc:"what differs between the source and the simulation"`

	trial   *experiment.Experiment // of Experiment
	measure int                    // position of Measure
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
		faults := t.prepare(filepath.Dir(name))
		t.Strategy, t.Source = first(t.Strategy, f.Strategy), first(t.Source, f.Source)
		for _, err := range append(faults, t.check()...) {
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
