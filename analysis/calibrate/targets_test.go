package calibrate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"collectsim/analysis/calibrate"
	_ "collectsim/internal/sameseed"
	"collectsim/sim/scenario"

	"pgregory.net/rapid"
)

// TestBadTargets: every fault of a file is reported at once, each with its path.
func TestBadTargets(t *testing.T) {
	_, err := calibrate.Parse("bad.yaml", []byte(`
targets:
  nothing: {}
  two: {metric: cure_rate, cured_by: 3, value: 0.5, n: 10, source: s}
  wrong: {metric: cure_rat, value: 0.5, n: 10, source: s}
  both: {metric: cure_rate, value: 0.5, n: 10, se: 0.1, source: s}
  share: {metric: npv, value: 1234, n: 10, source: s}
  effect: {metric: cure_rate, less: no-contact, value: 0.1, n: 10, source: s}
  alone: {metric: cure_rate, as: ratio, value: 0.1, se: 0.1, source: s}
  path: {daily: overdue_rate_31, day: 3, value: 0.1, se: 0.1, source: s}
  day: {daily: overdue_rate_30, value: 0.1, se: 0.1, source: s}
  move: {move: {from: [30-60], to: [], months: [2, 1]}, value: 0.1, n: 10, source: s}
  call: {channel: {name: call, count: rpc, per: rpc}, value: 0.1, n: 10, source: s}
  trial: {experiment: moral-mesage}
  measured: {experiment: moral-message, measure: delinquent}
  armed: {experiment: moral-message, strategy: no-contact}
  unmeasured: {metric: cure_rate, measure: x, value: 0.1, se: 0.1, source: s}
  first: {metric: cure_rate, value: 0.6, n: 10, sample: a, source: s}
  other: {metric: cure_rate, value: 0.4, n: 11, sample: a, source: s}
rolls:
  none: {buckets: {}, months: [1, 2]}
  words: {counts: {a: {b: 3}}, from: x, buckets: {a: [31-59], b: [current]}, months: [1], hold_out: [c], source: s}
  overlap: {counts: {a: {a: 30, b: 30}}, buckets: {a: [current, 1-29], b: [1-29]}, months: [1, 1], source: s}
  rare: {counts: {a: {a: 3, b: 3}}, buckets: {a: [current], b: [1-29]}, months: [1, 1], source: s}
  gone: {file: gone.csv, from: f, to: t, n: n, buckets: {a: [current]}, months: [1, 1], source: s}
`))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		"bad.yaml: targets.nothing.value: must be stated",
		"targets.nothing.se: se, or n for a share, must be stated",
		"targets.nothing.source: must be stated",
		"targets.nothing.metric: exactly one of metric, daily, move, cured_by, channel and experiment must be stated, got 0",
		"targets.two.metric: exactly one",
		`targets.wrong.metric: unknown metric "cure_rat", did you mean "cure_rate"?`,
		"targets.both.se: se and n exclude each other",
		"targets.share.n: goes with a share from 0 to 1, got value 1234",
		"targets.effect.n: is for one share, not for a contrast",
		"targets.alone.as: ratio needs the strategy less",
		`targets.path.daily: unknown path "overdue_rate_31", did you mean "overdue_rate_1"?`,
		"targets.day.day: daily and day go together",
		`targets.move.move.from[0]: unknown bucket "30-60", must be one of current, 1-29`,
		"targets.move.move.to: must name a bucket",
		"targets.move.move.months: must be the first and the last month",
		`targets.call.channel.per: count and per must be stated and differ`,
		`targets.trial.experiment: experiments/published "moral-mesage": unknown, did you mean "moral-message"?`,
		`targets.measured.measure: moral-message has no measure "delinquent"`,
		"targets.armed.strategy: an experiment has arms of its own",
		"targets.unmeasured.measure: goes with experiment",
		"targets.other.n: must be the same for all of sample a, got 11 after 10",
		"targets.other.value: the shares of sample a add up to 1; leave one out",
		"rolls.none.counts: exactly one of counts and file must be stated",
		"rolls.none.buckets: must say what the states stand for",
		"rolls.none.source: must be stated",
		"rolls.words.file: columns are named, but no file",
		`rolls.words.buckets.a[0]: unknown bucket "31-59"`,
		`rolls.words.hold_out[0]: state "c" is not among buckets`,
		"rolls.words.months: must be the first and the last month",
		"rolls.overlap.buckets.b: shares a bucket with state a but not all",
		"rolls.rare.buckets: no move between the listed states is frequent enough",
		"rolls.gone.file: gone.csv: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in\n%v", want, err)
		}
	}
	_, err = calibrate.Parse("bad.yaml", []byte("targets: {a: {metrik: x}}\nrols: {}\n"))
	if err == nil || !strings.Contains(err.Error(), "bad.yaml:1:") || !strings.Contains(err.Error(), "bad.yaml:2:") {
		t.Errorf("positions of unknown keys: %v", err)
	}
	if _, err := calibrate.Open("credit-recrd"); err == nil || !strings.Contains(err.Error(), `did you mean "credit-record"?`) {
		t.Errorf("unknown name: %v", err)
	}
	if _, err := calibrate.Open("credit-record", "credit-record"); err == nil || !strings.Contains(err.Error(), "stands in two files") {
		t.Errorf("one file twice: %v", err)
	}
}

// rolls writes the same moves as counts in the file, as a table of counts, and as a panel.
func rolls(t *testing.T) (counts, table, panel string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	n := map[[2]string]int{{"a", "a"}: 40, {"a", "b"}: 15, {"a", "c"}: 12, {"a", "x"}: 9, {"b", "a"}: 20, {"b", "b"}: 11, {"b", "c"}: 3, {"c", "c"}: 30, {"c", "a"}: 30}
	list, rows, who := "", "left,entered,moves\n", "id,month,state\n"
	account := 0
	for _, from := range []string{"a", "b", "c"} {
		list += from + ": {"
		for _, to := range []string{"a", "b", "c", "x"} {
			k := n[[2]string{from, to}]
			list += fmt.Sprintf("%s: %d, ", to, k)
			rows += fmt.Sprintf("%s,%s,%d\n", from, to, k)
			for range k {
				account++
				who += fmt.Sprintf("%d,2025-03,%s\n%d,2025-04,\"%s \"\n", account, from, account, to) // a space behind makes no other state
			}
		}
		list += "}, "
	}
	write("counts.csv", rows)
	write("panel.csv", who)
	rest := "buckets: {a: [current], b: [1-29], c: [30-59], d: [60-89]}, months: [1, 2], source: test, hold_out: [b]}}"
	at := func(name string) string { return filepath.ToSlash(filepath.Join(dir, name)) }
	return "rolls: {r: {counts: {" + list + "}, " + rest,
		fmt.Sprintf("rolls: {r: {file: %s, from: left, to: entered, n: moves, %s", at("counts.csv"), rest),
		fmt.Sprintf("rolls: {r: {file: %s, id: id, time: month, state: state, %s", at("panel.csv"), rest)
}

// TestRolls: the three forms give the same targets, worked out by hand: x is not listed, so the row of a
// has 67 moves; its most frequent cell follows from the others; 3 moves are too rare; b is held out; equal
// cells of c: the first one is taken as the most frequent; d is a state that the data do not have.
func TestRolls(t *testing.T) {
	counts, table, panel := rolls(t)
	type cell struct {
		name  string
		value float64
		n     float64
		held  bool
	}
	want := []cell{
		{"r: current to 1-29", 15.0 / 67, 67, false},
		{"r: current to 30-59", 12.0 / 67, 67, false},
		{"r: 1-29 to 1-29", 11.0 / 34, 34, true},
		{"r: 30-59 to 30-59", 0.5, 60, false},
	}
	var texts []string
	for _, file := range []string{counts, table, panel} {
		set := parse(t, file)
		var got []cell
		for _, x := range set.Targets {
			got = append(got, cell{x.Name, *x.Value, x.N, x.HoldOut})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", file, got, want)
		}
		text, _ := json.Marshal(set.Targets)
		texts = append(texts, string(text))
		warned := strings.Join(set.Warnings, "\n")
		for _, want := range []string{
			"moves from 1-29 to 30-59 are too rare", "no state stands for 90-119, 120-149",
			`rolls.r: 9 of 170 moves do not count: buckets does not list "x"`, `rolls.r: the data have no state "d" of buckets`,
		} {
			if !strings.Contains(warned, want) {
				t.Errorf("warnings: %q, want %q", warned, want)
			}
		}
	}
	if texts[0] != texts[1] || texts[0] != texts[2] {
		t.Errorf("the three forms differ:\n%s", strings.Join(texts, "\n"))
	}
}

// TestBuiltinTargets: what ships can be read, is sourced, and its parameters can be fitted.
func TestBuiltinTargets(t *testing.T) {
	names := scenario.Builtin("targets")
	if len(names) < 2 {
		t.Fatalf("only %v", names)
	}
	for _, name := range names {
		set, err := calibrate.Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		parameters, err := calibrate.ParseParameters(scenario.Default(), set.Fit)
		if err != nil || len(parameters) == 0 || len(parameters) >= len(set.Targets) {
			t.Errorf("%s: %d parameters, %d targets, %v", name, len(parameters), len(set.Targets), err)
		}
	}
}

func TestParseParametersRefuses(t *testing.T) {
	for _, c := range []struct{ setting, want string }{
		{"borrowers.payment.ful_share", "the nearest path is borrowers.payment.full_share"},
		{"accounts", "whole numbers only"},
		{"teams.visit.priority", "must be a number to vary"},
		{"portfolio.other_debts[0]=0.1:0.9", "is an element of a list"},
		{"policy.budget_per_account", "declares no range for it"},
		{"borrowers.payment.full_share=0.9:0.1", "the range must rise"},
		{"borrowers.payment.full_share=0.1", "must be LOW:HIGH"},
		{"borrowers.payment.full_share=a:b", "two numbers"},
		{"borrowers.payment.full_share=0:1:log", "above 0"},
		{"borrowers.payment.full_share=0.1:1:logit", "inside of 0 and 1"},
		{"borrowers.payment.full_share=0.1:0.9:square", `got "square"`},
	} {
		_, err := calibrate.ParseParameters(scenario.Default(), []string{c.setting})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.setting, err, c.want)
		}
	}
	_, err := calibrate.ParseParameters(scenario.Default(), []string{"borrowers.payment.full_share", "borrowers.payment.full_share=0.1:0.9", "nothing"})
	if err == nil || !strings.Contains(err.Error(), "named twice") || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("all faults at once: %v", err)
	}
}

// TestRangeIsDeclared: without a range the declared one is taken, by ratio where it is wide.
func TestRangeIsDeclared(t *testing.T) {
	s := scenario.Default()
	p, err := calibrate.ParseParameters(s, []string{"borrowers.payment.wear", "borrowers.awareness.discovery_days", "channels.visit.effect=0.3:0.4"})
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range []string{"borrowers.payment.wear", "borrowers.awareness.discovery_days"} {
		if m := s.Meta[path]; p[i].Low != m.Low || p[i].High != m.High || p[i].Start != m.Default {
			t.Errorf("%+v, declared %+v", p[i], m)
		}
	}
	if p[0].Scale != "linear" || p[1].Scale != "log" || p[2].Start != 0.3 {
		t.Errorf("got %+v", p)
	}
}

func ExampleParse() {
	set, err := calibrate.Parse("mine.yaml", []byte(`
source: own book, 2025
strategy: tiered-escalation
targets:
  cured by day 30: {cured_by: 30, value: 0.8, se: 0.01}
rolls:
  own:
    counts: {B1: {B0: 610, B1: 330, B2: 60}}
    buckets: {B0: [current, 1-29], B1: [30-59], B2: [60-89]}
    months: [1, 2]
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range set.Targets {
		fmt.Printf("%s: %.2f\n", t.Name, *t.Value)
	}
	// Output:
	// cured by day 30: 0.80
	// own: 30-59 to 30-59: 0.33
	// own: 30-59 to 60-89: 0.06
}

func FuzzParse(f *testing.F) {
	f.Add("targets: {a: {metric: cure_rate, value: 0.5, n: 10, source: s}}")
	f.Add("rolls: {r: {counts: {a: {a: 30, b: 30}}, buckets: {a: [current], b: [1-29]}, months: [1, 1], source: s}}")
	f.Add("rolls: {r: {file: x.csv, id: i, time: t, state: s, buckets: {a: []}, months: [1, 1], source: s}}")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := calibrate.Parse("fuzz.yaml", []byte(text))
		if err != nil {
			return
		}
		for _, x := range set.Targets {
			if x.Value == nil || math.IsNaN(*x.Value) || x.SE == nil && !(x.N > 0) || x.Source == "" {
				t.Errorf("accepted %+v", x)
			}
		}
	})
}

// TestScaleIsMonotone: a share of the range and its value go back and forth, rising, inside of the range.
func TestScaleIsMonotone(t *testing.T) {
	s := scenario.Default()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.001, 0.4).Draw(t, "low")
		high := rapid.Float64Range(0.5, 0.99).Draw(t, "high")
		scale := rapid.SampledFrom([]string{"linear", "log", "logit"}).Draw(t, "scale")
		p, err := calibrate.ParseParameters(s, []string{fmt.Sprintf("borrowers.payment.full_share=%v:%v:%s", low, high, scale)})
		if err != nil {
			t.Fatal(err)
		}
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		x, y := p[0].At(a), p[0].At(b)
		if (a < b-1e-9) != (x < y) && !(math.Abs(a-b) <= 1e-9) || x < low || x > high {
			t.Errorf("%g, %g give %g, %g", a, b, x, y)
		}
		if back := p[0].Share(x); !(math.Abs(back-a) <= 1e-9) {
			t.Errorf("share of the value at %g: %g", a, back)
		}
	})
}
