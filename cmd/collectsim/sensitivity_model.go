package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"collectsim/analysis/sensitivity"
	"collectsim/internal/columns"

	"github.com/spf13/cobra"
)

// modelOptions are the flags of sensitivity design and indices, for models outside of this program.
type modelOptions struct {
	bounds, method, outputs, column, points string
	n, levels, candidates, resamples        int
	seed                                    uint64
	second, scaled, drop                    bool
	scramble                                string
}

var modelDesigns = []string{"oneway", "sobol", "morris", "lhs", "sobol-sequence", "random", "grid"}

func (o *modelOptions) add(c *cobra.Command, methods []string) {
	fl := c.Flags()
	fl.StringVar(&o.bounds, "bounds", "", "CSV of the factors: name,low,high and optionally scale: linear, log, integer or log-integer (required)")
	fl.StringVar(&o.method, "method", "", "one of "+strings.Join(methods, ", ")+" (required)")
	fl.Uint64Var(&o.seed, "seed", 1, "seed of random designs and of bootstraps")
	fl.BoolVar(&o.second, "second-order", false, "sobol: also the points that second-order indices need")
	fl.IntVar(&o.levels, "levels", 0, "oneway, grid: values of each factor (default 3); morris: levels of its grid (default 4)")
	fl.IntVar(&o.candidates, "candidates", 0, "morris: draw this many trajectories and keep the n that lie farthest apart")
	fl.IntVarP(&o.n, "number", "n", 0, "size of the design; indices: checks that the outputs are as many as it has points")
	fl.StringVar(&o.scramble, "scramble", "", "sobol, sobol-sequence: randomise the sequence: shift or owen; indices do not depend on it")
	_ = c.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(methods, cobra.ShellCompDirectiveNoFileComp))
}

// factors reads the bounds file.
func (o *modelOptions) factors(methods []string) (sensitivity.Bounds, error) {
	if o.bounds == "" {
		return nil, usage(errors.New("--bounds FILE: the factors must be given"))
	}
	if !contains(methods, o.method) {
		return nil, usage(fmt.Errorf("--method %q: must be one of %s", o.method, strings.Join(methods, ", ")))
	}
	in, err := os.Open(o.bounds)
	if err != nil {
		return nil, usage(fmt.Errorf("--bounds %s: %w", o.bounds, errors.Unwrap(err)))
	}
	defer in.Close()
	b, err := sensitivity.ReadBounds(in)
	if err != nil {
		return nil, usage(fmt.Errorf("--bounds %s: %w", o.bounds, err))
	}
	return b, nil
}

func (a *app) sensitivityDesign() *cobra.Command {
	var o modelOptions
	c := &cobra.Command{
		Use:   "design --bounds FILE --method M -n N",
		Short: "Print the points at which any model has to be run",
		Long: `Prints a CSV: a header with the factors' names, then one row per run of the model. Run it in
this order, write one output a line, and give them to "sensitivity indices" with the same
--bounds, --method and options.

-n: sobol: base points, N x (k+2) rows for k factors, best a power of two (with --second-order
N x (2k+2)); morris: trajectories of k+1 rows; lhs, sobol-sequence, random: rows. oneway and
grid take --levels in its place.`,
		Example: `  collectsim sensitivity design --bounds bounds.csv --method sobol -n 4096 > points.csv
  collectsim sensitivity design --bounds bounds.csv --method morris -n 10 --candidates 200`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b, err := o.factors(modelDesigns)
			if err != nil {
				return err
			}
			points, err := o.design(b)
			if err != nil {
				return usage(fmt.Errorf("--method %s: %w", o.method, err))
			}
			return a.printPoints(b.Names(), points)
		},
	}
	o.add(c, modelDesigns)
	a.formatFlag(c, "text", "csv", "json")
	return c
}

// design makes the points of a method.
func (o *modelOptions) design(b sensitivity.Bounds) ([][]float64, error) {
	sequence := sensitivity.SequenceOptions{Scramble: sensitivity.Scramble(o.scramble), Seed: o.seed}
	switch o.method {
	case "sobol":
		return sensitivity.Saltelli(b, o.n, sensitivity.SaltelliOptions{SecondOrder: o.second, Sequence: sequence})
	case "morris":
		return sensitivity.MorrisDesign(b, o.n, sensitivity.MorrisDesignOptions{Seed: o.seed, Levels: o.levels, Candidates: o.candidates})
	case "lhs":
		return sensitivity.LatinHypercube(b, o.n, sensitivity.LHSOptions{Seed: o.seed})
	case "sobol-sequence":
		return sensitivity.SobolSequence(b, o.n, sequence)
	case "random":
		return sensitivity.Random(b, o.n, o.seed)
	}
	base, levels, err := o.oneWay(b)
	if err != nil {
		return nil, err
	}
	if o.method == "grid" {
		return sensitivity.Grid(levels)
	}
	return sensitivity.OneWay(base, levels)
}

// oneWay is the middle of the ranges and the levels of each factor.
func (o *modelOptions) oneWay(b sensitivity.Bounds) (base []float64, levels [][]float64, err error) {
	middle := make([]float64, len(b))
	for i := range middle {
		middle[i] = 0.5
	}
	scaled, err := b.Scale([][]float64{middle})
	if err != nil {
		return nil, nil, err
	}
	n := o.levels
	if n == 0 {
		n = 3
	}
	levels, err = b.Levels(n)
	return scaled[0], levels, err
}

func (a *app) printPoints(names []string, points [][]float64) error {
	if a.format == "json" {
		return printJSON(a, struct {
			Names  []string    `json:"names"`
			Points [][]float64 `json:"points"`
		}{names, points})
	}
	w := csv.NewWriter(a.out)
	_ = w.Write(names)
	row := make([]string, len(names))
	for _, p := range points {
		for i, x := range p {
			row[i] = strconv.FormatFloat(x, 'g', -1, 64)
		}
		_ = w.Write(row)
	}
	w.Flush()
	return w.Error()
}

var modelIndices = []string{"oneway", "sobol", "morris"}

func (a *app) sensitivityIndices() *cobra.Command {
	var o modelOptions
	c := &cobra.Command{
		Use:   "indices --bounds FILE --method M --outputs FILE",
		Short: "Compute sensitivity indices from the outputs of any model",
		Long: `Reads a model's outputs, one a line in the order of the design (or a column of a CSV), and
prints: sobol: first-order and total indices (Saltelli and others 2010, Jansen 1999) with
bootstrap half widths; morris: mean, mean absolute and standard deviation of elementary
effects; oneway: the tornado. Morris takes its points from the options of the design, or with
--points from any file of trajectories. With the -n of the design it is checked that no output
is missing.`,
		Example: `  collectsim sensitivity indices --bounds bounds.csv --method sobol --outputs y.txt --format json
  collectsim sensitivity indices --bounds bounds.csv --method morris --points design.csv --outputs y.txt`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b, err := o.factors(modelIndices)
			if err != nil {
				return err
			}
			values, err := o.values()
			if err != nil {
				return err
			}
			if want := o.runs(len(b)); want > 0 && len(values) != want {
				return usage(fmt.Errorf("--outputs %s: holds %d outputs, the design of -n %d has %d points", o.outputs, len(values), o.n, want))
			}
			result, err := o.indices(b, values)
			if err != nil {
				return usage(fmt.Errorf("--outputs %s: %s", o.outputs, strings.ReplaceAll(err.Error(), "DropMissing", "--drop-missing")))
			}
			return a.printIndices(b.Names(), result)
		},
	}
	o.add(c, modelIndices)
	fl := c.Flags()
	fl.StringVar(&o.outputs, "outputs", "", "the model's outputs (required)")
	fl.StringVar(&o.column, "column", "", "column of the outputs, where the file is a CSV with several")
	fl.StringVar(&o.points, "points", "", "morris: CSV of the points that were run, in place of the design of the same options")
	fl.IntVar(&o.resamples, "resamples", 0, "bootstrap resamples (default: sobol 200, morris 1000)")
	fl.BoolVar(&o.scaled, "scaled", false, "morris: effects in standard deviations of factor and output")
	fl.BoolVar(&o.drop, "drop-missing", false, "leave out runs without an output in place of failing")
	a.formatFlag(c, "text", "json", "csv")
	return c
}

func (o *modelOptions) values() ([]float64, error) {
	if o.outputs == "" {
		return nil, usage(errors.New("--outputs FILE: the model's outputs must be given"))
	}
	in, err := os.Open(o.outputs)
	if err != nil {
		return nil, usage(fmt.Errorf("--outputs %s: %w", o.outputs, errors.Unwrap(err)))
	}
	defer in.Close()
	values, err := sensitivity.ReadOutputs(in, o.column)
	if err != nil {
		return nil, usage(fmt.Errorf("--outputs %s: %w", o.outputs, err))
	}
	return values, nil
}

// runs is how many points a design of size n for k factors has, where n decides it; 0 without n.
func (o *modelOptions) runs(k int) int {
	switch {
	case o.method == "morris":
		return o.n * (k + 1)
	case o.method == "sobol" && o.second:
		return o.n * (2*k + 2)
	case o.method == "sobol":
		return o.n * (k + 2)
	}
	return 0
}

// indices computes the result of a method.
func (o *modelOptions) indices(b sensitivity.Bounds, values []float64) (any, error) {
	switch o.method {
	case "sobol":
		return sensitivity.Sobol(b.Names(), values, sensitivity.SobolOptions{SecondOrder: o.second, Resamples: o.resamples, Seed: o.seed, DropMissing: o.drop})
	case "morris":
		points, err := o.trajectories(b, len(values))
		if err != nil {
			return nil, err
		}
		return sensitivity.Morris(b, points, values, sensitivity.MorrisOptions{Scaled: o.scaled, Resamples: o.resamples, Seed: o.seed, DropMissing: o.drop})
	}
	base, levels, err := o.oneWay(b)
	if err != nil {
		return nil, err
	}
	return sensitivity.Tornado(b.Names(), base, levels, values)
}

// trajectories are the points of a Morris design.
func (o *modelOptions) trajectories(b sensitivity.Bounds, runs int) ([][]float64, error) {
	if o.points != "" {
		in, err := os.Open(o.points)
		if err != nil {
			return nil, fmt.Errorf("--points %s: %w", o.points, errors.Unwrap(err))
		}
		defer in.Close()
		return sensitivity.ReadPoints(in, b.Names())
	}
	if runs%(len(b)+1) != 0 {
		return nil, fmt.Errorf("got %d outputs, trajectories of %d factors take a multiple of %d", runs, len(b), len(b)+1)
	}
	o.n = runs / (len(b) + 1)
	return o.design(b)
}

// printIndices prints one row per factor, or the result's own JSON.
func (a *app) printIndices(names []string, result any) error {
	if swings, ok := result.([]sensitivity.Swing); ok && a.format == "json" {
		return printJSON(a, struct {
			Swings []swingJSON `json:"swings"`
		}{swingsJSON(swings)})
	}
	if a.format == "json" {
		return printJSON(a, result)
	}
	digits := 6
	if a.format == "csv" {
		digits = -1 // all there are: other programs read it
	}
	head, rows, warnings := indexRows(names, result, digits)
	for _, w := range warnings {
		a.say("warning: %s", w)
	}
	if a.format == "csv" {
		w := csv.NewWriter(a.out)
		_ = w.Write(head)
		_ = w.WriteAll(rows)
		return w.Error()
	}
	t := columns.Right(a.out)
	fmt.Fprintln(t, strings.Join(head, "\t")+"\t")
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t")+"\t")
	}
	return t.Flush()
}

// indexRows is the table of a result, numbers with so many digits; without limit (-1) an undefined one is empty.
func indexRows(names []string, result any, digits int) (head []string, rows [][]string, warnings []string) {
	format := func(v float64) string {
		if digits < 0 && math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', digits, 64)
	}
	add := func(name string, values ...float64) {
		row := []string{name}
		for _, v := range values {
			row = append(row, format(v))
		}
		rows = append(rows, row)
	}
	switch x := result.(type) {
	case sensitivity.SobolIndices:
		head = []string{"name", "S1", "S1_conf", "ST", "ST_conf"}
		for i, n := range names {
			add(n, x.S1[i], x.S1Conf[i], x.ST[i], x.STConf[i])
		}
		for _, p := range x.S2 {
			row := []string{p.A + " x " + p.B, format(p.S2), format(p.Conf), "", ""}
			rows = append(rows, row)
		}
		warnings = x.Warnings
	case sensitivity.MorrisIndices:
		head = []string{"name", "mu", "mu_star", "mu_star_conf", "sigma"}
		for i, n := range names {
			add(n, x.Mu[i], x.MuStar[i], x.MuStarConf[i], x.Sigma[i])
		}
		warnings = x.Warnings
	case []sensitivity.Swing:
		head = []string{"name", "low", "high", "at_low", "at_high", "width", "sign_change"}
		for _, s := range x {
			add(s.Name, s.Low, s.High, s.AtLow, s.AtHigh, s.Width)
			rows[len(rows)-1] = append(rows[len(rows)-1], strconv.FormatBool(s.SignChange))
		}
	}
	return head, rows, slices.Clone(warnings)
}

// swingJSON is a tornado row as JSON.
type swingJSON struct {
	Name       string  `json:"name"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	AtLow      float64 `json:"at_low"`
	AtHigh     float64 `json:"at_high"`
	Width      float64 `json:"width"`
	SignChange bool    `json:"sign_change"`
}

func swingsJSON(swings []sensitivity.Swing) []swingJSON {
	list := []swingJSON{}
	for _, s := range swings {
		list = append(list, swingJSON{s.Name, s.Low, s.High, s.AtLow, s.AtHigh, s.Width, s.SignChange})
	}
	return list
}
