package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"

	"collectsim/analysis/sensitivity"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
	"collectsim/sim/sweep"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// designFlags say at which points a scenario is played.
type designFlags struct {
	vary   []string
	design string
	points int
	file   string
	seed   uint64
	flags  *pflag.FlagSet // knows which of them were given
}

var designs = []string{"grid", "zip", "lhs", "sobol", "random"}

func (d *designFlags) add(c *cobra.Command) {
	fl := c.Flags()
	d.flags = fl
	fl.StringArrayVar(&d.vary, "vary", nil, "PATH=SPEC: vary a value of the scenario (repeatable); SPEC is a,b,c or lo:hi:step or lo..hi or lo..hi:log or range (the declared one) or choices")
	fl.StringVar(&d.design, "design", "grid", "how values are combined: "+strings.Join(designs, ", "))
	fl.IntVar(&d.points, "points", 0, "points of lhs, sobol and random; levels of each lo..hi of a grid (default 5)")
	fl.StringVar(&d.file, "points-file", "", "CSV with a column per path and a row per point, in place of --vary")
	fl.Uint64Var(&d.seed, "design-seed", 1, "seed of lhs and random points")
	_ = c.RegisterFlagCompletionFunc("design", cobra.FixedCompletions(designs, cobra.ShellCompDirectiveNoFileComp))
}

// build makes the points. All errors are the user's.
func (d *designFlags) build(s *scenario.Scenario) (outcome.SweepDesign, error) {
	if d.file != "" {
		if err := d.nothingElse(); err != nil {
			return outcome.SweepDesign{}, err
		}
		return readPoints(s, d.file)
	}
	design := outcome.SweepDesign{Design: d.design, Vary: d.vary}
	if len(d.vary) == 0 {
		return design, errors.New("--vary PATH=SPEC: name at least one value of the scenario to vary; collectsim list parameters shows them")
	}
	var factors []*sweep.Factor
	var errs []error
	for _, v := range d.vary {
		f, err := sweep.ParseFactor(s, v)
		if err != nil {
			errs = append(errs, fmt.Errorf("--vary %w", err))
			continue
		}
		factors = append(factors, f)
		design.Paths = append(design.Paths, f.Path)
	}
	if err := errors.Join(errs...); err != nil {
		return design, err
	}
	if drawn := d.design == "lhs" || d.design == "random"; !drawn && d.flags.Changed("design-seed") {
		return design, fmt.Errorf("--design-seed: goes with --design lhs or random, %s draws nothing", d.design)
	}
	var err error
	switch d.design {
	case "grid", "zip":
		design.Points, err = d.combined(factors)
	case "lhs", "sobol", "random":
		design.Points, err = d.sampled(factors)
	default:
		err = fmt.Errorf("--design %s: must be one of %s", d.design, strings.Join(designs, ", "))
	}
	return design, err
}

// nothingElse refuses what a list of points leaves without a meaning.
func (d *designFlags) nothingElse() error {
	var errs []error
	for _, name := range []string{"vary", "design", "points", "design-seed"} {
		if d.flags.Changed(name) {
			errs = append(errs, fmt.Errorf("--points-file and --%s exclude each other: the file names the paths and holds the points", name))
		}
	}
	return errors.Join(errs...)
}

// maxPoints bounds a design: its points are held in memory.
const maxPoints = 1_000_000

// combined is a grid or a zip of the factors' values.
func (d *designFlags) combined(factors []*sweep.Factor) ([][]string, error) {
	var errs []error
	if d.flags.Changed("points") && d.points < 2 {
		errs = append(errs, fmt.Errorf("--points: a range needs at least 2 levels, got %d", d.points))
	}
	if d.points > maxPoints {
		errs = append(errs, fmt.Errorf("--points: a range has at most %d levels, got %d", maxPoints, d.points))
	}
	levels, ranges := 5, false
	if d.points > 0 {
		levels = d.points
	}
	for _, f := range factors {
		ranges = ranges || f.Range()
		if d.design == "zip" && !f.Range() && d.points == 0 {
			levels = max(2, len(f.Values))
		}
	}
	if d.points > 0 && !ranges {
		errs = append(errs, fmt.Errorf("--points: --design %s takes its points from the lists; give a range lo..hi or another design", d.design))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	values := make([][]string, len(factors))
	total := 1
	for i, f := range factors {
		values[i] = f.Values
		if f.Range() {
			x, err := sensitivity.Bounds{bound(f)}.Levels(levels)
			if err != nil {
				return nil, fmt.Errorf("--vary %w", err)
			}
			for _, v := range x[0] {
				values[i] = append(values[i], sweep.Round(v))
			}
		}
		if total *= len(values[i]); total > maxPoints && d.design == "grid" {
			return nil, fmt.Errorf("--vary: the grid has more than %d points", maxPoints)
		}
	}
	index := make([][]float64, len(values))
	for i := range values {
		for k := range values[i] {
			index[i] = append(index[i], float64(k))
		}
	}
	combine := sensitivity.Grid
	if d.design == "zip" {
		combine = sensitivity.Zip
	}
	rows, err := combine(index)
	if err != nil {
		return nil, fmt.Errorf("--design %s: %w", d.design, err)
	}
	points := make([][]string, len(rows))
	for r, row := range rows {
		for i, k := range row {
			points[r] = append(points[r], values[i][int(k)])
		}
	}
	return points, nil
}

// bound is a range as designs take it.
func bound(f *sweep.Factor) sensitivity.Factor {
	return sensitivity.Factor{Name: f.Path, Low: f.Low, High: f.High, Log: f.Log, Integer: f.Integer}
}

// sampled draws points; of a list each value is equally likely.
func (d *designFlags) sampled(factors []*sweep.Factor) ([][]string, error) {
	if d.points < 1 || d.points > maxPoints {
		return nil, fmt.Errorf("--points: --design %s needs a number of points from 1 to %d, got %d", d.design, maxPoints, d.points)
	}
	var bounds sensitivity.Bounds
	for _, f := range factors {
		switch {
		case f.Range():
			bounds = append(bounds, bound(f))
		case len(f.Values) > 1:
			bounds = append(bounds, sensitivity.Factor{Name: f.Path, High: float64(len(f.Values) - 1), Integer: true})
		}
	}
	if len(bounds) == 0 {
		return nil, fmt.Errorf("--design %s: every value is fixed, nothing varies", d.design)
	}
	var x [][]float64
	var err error
	switch d.design {
	case "lhs":
		x, err = sensitivity.LatinHypercube(bounds, d.points, sensitivity.LHSOptions{Seed: d.seed})
	case "sobol":
		x, err = sensitivity.SobolSequence(bounds, d.points, sensitivity.SequenceOptions{})
	default:
		x, err = sensitivity.Random(bounds, d.points, d.seed)
	}
	if err != nil {
		return nil, fmt.Errorf("--design %s: %w", d.design, err)
	}
	points := make([][]string, len(x))
	for r, row := range x {
		k := 0
		for _, f := range factors {
			switch {
			case f.Range():
				points[r] = append(points[r], sweep.Text(row[k]))
			case len(f.Values) > 1:
				points[r] = append(points[r], f.Values[int(row[k])])
			default:
				points[r] = append(points[r], f.Values[0])
				continue
			}
			k++
		}
	}
	return points, nil
}

// readPoints reads an explicit list of points; its columns are paths that can be varied, as those of --vary.
func readPoints(s *scenario.Scenario, file string) (outcome.SweepDesign, error) {
	design := outcome.SweepDesign{Design: "list", Vary: []string{}}
	in, err := os.Open(file)
	if err != nil {
		return design, fmt.Errorf("--points-file %s: %w", file, errors.Unwrap(err))
	}
	defer in.Close()
	r := csv.NewReader(in)
	r.Comment, r.TrimLeadingSpace = '#', true
	rows, err := r.ReadAll()
	switch {
	case err != nil:
		return design, fmt.Errorf("--points-file %s: %w", file, err)
	case len(rows) < 2:
		return design, fmt.Errorf("--points-file %s: needs a header with paths and at least one point", file)
	}
	var errs []error
	for _, name := range rows[0] {
		path := strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if _, err := sweep.NewFactor(s, path); err != nil {
			errs = append(errs, fmt.Errorf("--points-file %s: header: %w", file, err))
		} else if contains(design.Paths, path) {
			errs = append(errs, fmt.Errorf("--points-file %s: header: %s: stands there twice", file, path))
		}
		design.Paths = append(design.Paths, path)
	}
	if err := errors.Join(errs...); err != nil {
		return design, err
	}
	for _, row := range rows[1:] {
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		design.Points = append(design.Points, row)
	}
	return design, nil
}
