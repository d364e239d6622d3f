package experiment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"collectsim/sim/loan"
	"collectsim/sim/scenario"
	"collectsim/sim/scenario/overlay"
)

// File is an experiment as written. The scenario that it is played in stands in the same file under
// `scenario` and is laid over the default scenario.
type File struct {
	Title    string    `yaml:"title" doc:"one line for lists"`
	Claim    string    `yaml:"claim,omitempty" doc:"the statement that is tested, for claims of field practice"`
	Number   int       `yaml:"number,omitempty" check:">=0" doc:"number of the claim"`
	Role     string    `yaml:"role,omitempty" check:"in:fit|test|hold-out|bound" doc:"published experiments: what the publication is used for; bound: an upper bound, not to be reached"`
	Source   string    `yaml:"source" doc:"where claim or published figures come from"`
	Note     string    `yaml:"note,omitempty" doc:"what the experiment cannot say"`
	Arms     []Arm     `yaml:"arms" doc:"what is compared, by name"`
	Measures []Measure `yaml:"measures" doc:"what is measured, by name; the first one is the headline"`
	Sweeps   []Sweep   `yaml:"sweeps,omitempty" doc:"inputs along which a measure may change its sign, by name"`
}

// Arm is one side of a comparison.
type Arm struct {
	Name     string   `yaml:"-" overlay:"name"`
	Strategy string   `yaml:"strategy,omitempty" doc:"strategy of the scenario or built-in one; left out: the arm's name"`
	Set      []string `yaml:"set,omitempty" doc:"settings PATH=VALUE of this arm alone"`
}

// Measure is a quantity of one arm, or a contrast of two arms on the same borrowers. Exactly one of
// metric, daily, account and around says what the quantity is.
type Measure struct {
	Name      string  `yaml:"-" overlay:"name"`
	Of        string  `yaml:"of" doc:"arm that is measured"`
	Less      string  `yaml:"less,omitempty" doc:"arm that it is contrasted with"`
	As        string  `yaml:"as,omitempty" check:"in:difference|ratio|relative" doc:"how two arms are contrasted: of - less (default), of / less, or of / less - 1"`
	Per       string  `yaml:"per,omitempty" doc:"an earlier measure: this one is given as a multiple of it"`
	Metric    string  `yaml:"metric,omitempty" doc:"a metric (collectsim list metrics)"`
	Group     string  `yaml:"group,omitempty" doc:"DIMENSION=NAME: the metric of one group of accounts (product, region, segment, cause, start)"`
	Daily     string  `yaml:"daily,omitempty" doc:"a daily path (daily.arrow), averaged over the days of the run"`
	Account   string  `yaml:"account,omitempty" doc:"mean of an outcome per borrower over the borrowers that where selects in the arm of"`
	Around    *Around `yaml:"around,omitempty" doc:"what happens in the days around a borrower's first event of a kind, against the same days of the same borrower in the arm less"`
	Where     Where   `yaml:"where,omitempty" doc:"which borrowers count, for account and around"`
	Claimed   string  `yaml:"claimed,omitempty" check:"in:above|below" doc:"side of the threshold on which the claim puts the effect; left out: told, not judged"`
	Threshold float64 `yaml:"threshold,omitempty" doc:"the effect must lie beyond it; 0 if left out"`

	Published *float64 `yaml:"published,omitempty" doc:"published effect, in the unit of the measure"`
	Low       *float64 `yaml:"low,omitempty" doc:"least simulated effect that agrees with the publication"`
	High      *float64 `yaml:"high,omitempty" doc:"largest simulated effect that agrees"`
	Note      string   `yaml:"note,omitempty" doc:"where the tolerance comes from, what differs"`
}

// Around is a quantity in a window of days around an anchor.
type Around struct {
	Anchor  string `yaml:"anchor" check:"in:visit|notice|call|sms|remedy|overdue|start" doc:"a visit that met the borrower, a notice that arrived, a call that met the borrower, a text sent, a remedy granted, an episode begun; start: day 0 of everyone on the books then"`
	From    int    `yaml:"from" doc:"first day of the window, from the anchor; negative: before it"`
	To      int    `yaml:"to" doc:"last day of the window; anchors whose window leaves the run, or begins before the loan does, do not count"`
	What    string `yaml:"what" check:"in:paid|pays|cured|uncured|punctual|charged-off|stress|episodes|broken|kept" doc:"money paid; whether anything was paid, a delinquency was ended by payment, none was, none began, the loan was charged off; mean stress; delinquency episodes begun, promises broken or kept"`
	Against *int   `yaml:"against,omitempty" doc:"stress: day from the anchor whose stress is taken off"`
}

// Where selects borrowers; a part left out selects all.
type Where struct {
	Causes   []loan.Cause   `yaml:"causes,omitempty" doc:"true causes"`
	Regions  []loan.Region  `yaml:"regions,omitempty"`
	Products []loan.Product `yaml:"products,omitempty"`
	Visited  string         `yaml:"visited,omitempty" check:"in:yes|no" doc:"was visited in the arm of"`
	Remedied string         `yaml:"remedied,omitempty" check:"in:yes|no" doc:"was granted a remedy in the arm of; around an anchor: on its day"`
}

// Sweep varies inputs together along a list of values.
type Sweep struct {
	Name    string    `yaml:"-" overlay:"name"`
	Vary    []string  `yaml:"vary" doc:"paths of the scenario; PATH * FACTOR gets the value times the factor"`
	Values  []float64 `yaml:"values" doc:"rising values"`
	Arms    []string  `yaml:"arms,omitempty" doc:"arms in which the input varies; left out: all"`
	Measure string    `yaml:"measure,omitempty" doc:"measure that is followed; left out: the headline"`
	Unit    string    `yaml:"unit,omitempty" doc:"unit of the values"`
}

// Experiment is a file that was found to be sound.
type Experiment struct {
	Name string
	File
	Base *scenario.Scenario // what the arms start from
}

// Builtin lists the names of the embedded experiments of a kind: claims or published.
func Builtin(kind string) []string { return scenario.Builtin("experiments/" + kind) }

// Embedded returns an embedded experiment.
func Embedded(kind, name string) (*Experiment, error) {
	src, err := scenario.Embedded("experiments/"+kind, name)
	if err != nil {
		return nil, err
	}
	return read(name, src) // its scenarios are checked by tests, and again when they are played
}

// Open reads an experiment from a file.
func Open(path string) (*Experiment, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, src)
}

// Parse reads an experiment. file names it in errors, and its last part is the experiment's name. All
// faults are reported at once.
func Parse(file string, src []byte) (*Experiment, error) {
	x, err := read(file, src)
	if err != nil {
		return nil, err
	}
	if err := x.checkJobs(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return x, nil
}

// read is Parse without a look at each scenario that is to be played, which takes most of the time.
func read(file string, src []byte) (*Experiment, error) {
	x := &Experiment{Name: strings.TrimSuffix(filepath.Base(file), ".yaml")}
	rest, inner := split(src)
	_, err1 := overlay.Decode(file, rest, &x.File, nil)
	base, err2 := scenario.Parse(file+": scenario", inner)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	x.Base = base
	if err := x.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return x, nil
}

// split parts the block under the top-level key scenario from the rest. Both keep their lines, so that
// positions in errors stay true.
func split(src []byte) (rest, inner []byte) {
	inside := false
	for line := range bytes.Lines(src) {
		blank := len(bytes.TrimSpace(line)) == 0
		switch indented := line[0] == ' ' || line[0] == '\t'; {
		case bytes.HasPrefix(line, []byte("scenario:")) && len(bytes.TrimSpace(cutComment(line[9:]))) == 0:
			inside = true
			line = []byte("\n")
		case inside && !blank && !indented && line[0] != '#':
			inside = false
		}
		if inside {
			rest, inner = append(rest, '\n'), append(inner, bytes.TrimPrefix(line, []byte("  "))...)
		} else {
			rest, inner = append(rest, line...), append(inner, '\n')
		}
	}
	return rest, inner
}

func cutComment(line []byte) []byte {
	before, _, _ := bytes.Cut(line, []byte("#"))
	return before
}

// Schema returns the JSON Schema of experiment files.
func Schema() ([]byte, error) {
	var doc, inner map[string]any
	err := errors.Join(json.Unmarshal(overlay.Schema(&File{}, nil), &doc), json.Unmarshal(scenario.Schema("scenario"), &inner))
	if err != nil {
		return nil, err
	}
	delete(inner, "$schema")
	defs, _ := doc["$defs"].(map[string]any)
	for name, def := range inner["$defs"].(map[string]any) {
		defs[name] = def
	}
	delete(inner, "$defs")
	inner["description"] = "scenario of the experiment, laid over the default one"
	doc["properties"].(map[string]any)["scenario"] = inner
	return json.MarshalIndent(doc, "", "  ")
}
