package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"collectsim/sim/outcome"

	"github.com/spf13/cobra"
)

// selftestCases are known answers of published tools and closed forms, each with its source.
//
//go:embed selftest.json
var selftestCases []byte

// knownCase is one known answer. Numbers must agree within the relative tolerance, or the absolute one
// where the input says so; texts and shapes exactly.
type knownCase struct {
	Name      string          `json:"name"`
	Kind      string          `json:"kind"`
	Source    string          `json:"source"`
	Tolerance float64         `json:"tolerance"`
	Input     json.RawMessage `json:"input"`
	Expected  json.RawMessage `json:"expected"`
}

// caseResult is what selftest prints.
type caseResult struct {
	Case      string          `json:"case"`
	Source    string          `json:"source"`
	Tolerance float64         `json:"tolerance"`
	Expected  json.RawMessage `json:"expected"`
	Got       json.RawMessage `json:"got"`
	OK        bool            `json:"ok"`
	Where     string          `json:"where,omitempty"` // first place that differs
}

func (a *app) selftestCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "selftest",
		Short: "Run the shipped known-answer cases",
		Long: `Runs the shipped known answers through the code that the other commands use: cost per effect
and dominance, acceptability, value of information, survival, moves between states, intervals,
hypothesis tests, sample sizes, sensitivity indices, the random number generator, contract
arithmetic. Prints case, source, expected, got and the tolerance; exit code 1 if any differs.
--format json is the pack for a model validator.`,
		Example: "  collectsim selftest\n  collectsim selftest --format json > validation.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			results, err := runSelftest(selftestCases)
			if err != nil {
				return err
			}
			return a.printSelftest(results)
		},
	}
	a.formatFlag(c, "text", "json", "csv")
	return c
}

// runSelftest runs every case of a JSON list. The error says that a case cannot be read.
func runSelftest(text []byte) ([]caseResult, error) {
	var cases []knownCase
	if err := json.Unmarshal(text, &cases); err != nil {
		return nil, fmt.Errorf("selftest: %w", err)
	}
	var results []caseResult
	for i := range cases {
		c := &cases[i]
		r, err := c.run()
		if err != nil {
			return nil, fmt.Errorf("selftest: %s: %w", c.Name, err)
		}
		results = append(results, *r)
	}
	return results, nil
}

func (c *knownCase) run() (*caseResult, error) {
	solve, ok := solvers[c.Kind]
	if !ok {
		return nil, fmt.Errorf("unknown kind %q", c.Kind)
	}
	answer, err := solve(c.Input)
	if err != nil {
		return nil, err
	}
	r := &caseResult{Case: c.Name, Source: c.Source, Tolerance: c.Tolerance, Expected: c.Expected}
	if r.Got, err = json.Marshal(answer); err != nil {
		return nil, err
	}
	var want, got any
	if err := json.Unmarshal(c.Expected, &want); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(r.Got, &got); err != nil {
		return nil, err
	}
	var scale struct{ Absolute bool }
	if err := json.Unmarshal(c.Input, &scale); err != nil {
		return nil, err
	}
	r.Where = differs("", want, got, closeness{c.Tolerance, scale.Absolute})
	r.OK = r.Where == ""
	return r, nil
}

// closeness is how near numbers must be.
type closeness struct {
	tolerance float64
	absolute  bool
}

func (c closeness) holds(want, got float64) bool {
	bound := c.tolerance
	if !c.absolute {
		bound *= math.Abs(want)
	}
	return math.Abs(got-want) <= bound
}

// differs returns the path of the first difference between two JSON values, or "". What is wanted of an
// object is compared; got may hold more.
func differs(path string, want, got any, c closeness) string {
	if path == "" {
		path = "answer"
	}
	switch w := want.(type) {
	case float64:
		if g, ok := got.(float64); ok && c.holds(w, g) {
			return ""
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return path
		}
		for i := range w {
			if d := differs(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], c); d != "" {
				return d
			}
		}
		return ""
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return path
		}
		return differsIn(path, w, g, c)
	default:
		if want == got {
			return ""
		}
	}
	return path
}

func differsIn(path string, want, got map[string]any, c closeness) string {
	first := ""
	for key := range want {
		if d := differs(path+"."+key, want[key], got[key], c); d != "" && (first == "" || d < first) {
			first = d
		}
	}
	return first
}

func (a *app) printSelftest(results []caseResult) error {
	failed := []string{}
	for i := range results {
		if r := &results[i]; !r.OK {
			failed = append(failed, fmt.Sprintf("%s: differs at %s", r.Case, r.Where))
		}
	}
	var err error
	switch a.format {
	case "json":
		err = printJSON(a, map[string]any{"version": version, "cases": results, "passed": len(results) - len(failed), "failed": len(failed)})
	case "csv":
		err = selftestTable(results).Write(a.out, "csv")
	default:
		err = a.textSelftest(results, len(failed))
	}
	if err == nil && len(failed) > 0 {
		err = fmt.Errorf("selftest failed\n%s", strings.Join(failed, "\n"))
	}
	return err
}

func (a *app) textSelftest(results []caseResult, failed int) error {
	var err error
	line := func(format string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(a.out, format+"\n", args...)
		}
	}
	for i := range results {
		r := &results[i]
		mark := "ok  "
		if !r.OK {
			mark = "FAIL"
		}
		line("%s  %s", mark, r.Case)
		line("      source    %s; tolerance %g", r.Source, r.Tolerance)
		line("      expected  %s", shortened(r.Expected))
		line("      got       %s", shortened(r.Got))
	}
	line("\n%d of %d cases agree", len(results)-failed, len(results))
	return err
}

// shortened is a JSON value on one line, cut where it is long.
func shortened(value json.RawMessage) string {
	const most = 160
	text := compact(value)
	if len(text) <= most {
		return text
	}
	return text[:most] + " ... (--format json has all)"
}

func selftestTable(results []caseResult) *outcome.Table {
	t := outcome.NewTable("selftest", "case", "source", "tolerance", "expected", "got", "ok")
	for i := range results {
		r := &results[i]
		t.Add(r.Case, r.Source, fmt.Sprint(r.Tolerance), compact(r.Expected), compact(r.Got), fmt.Sprint(r.OK))
	}
	return t
}

// compact is a JSON value on one line, with its keys in order.
func compact(value json.RawMessage) string {
	var x any
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if json.Unmarshal(value, &x) != nil || encoder.Encode(x) != nil {
		return string(value)
	}
	return strings.TrimSpace(out.String())
}
