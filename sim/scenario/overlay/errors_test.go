package overlay_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"collectsim/sim/scenario/overlay"
)

// faults of one document each: the exact text, all lines of it.
var faults = []struct{ name, src, want string }{
	{"rule", "teams:\n  visit:\n    agents: -3\n", "f.yaml:3:13: teams.visit.agents: must be >= 0, got -3"},
	{"unknown key", "rate: 0.1\nteams:\n  visit: {agent: 3}\n", `f.yaml:3:11: teams.visit.agent: unknown key, did you mean "agents"?`},
	{"unknown top key", "\n\ntems: {}\n", `f.yaml:3:1: tems: unknown key, did you mean "teams"?`},
	{"unknown far key", "night: {banana: 1}\n", `f.yaml:1:9: night.banana: unknown key, known are agents, wage, lead`},
	{"whole word", "count: many\n", `f.yaml:1:8: count: must be a whole number, got "many"`},
	{"whole quoted", "count: '3'\n", `f.yaml:1:8: count: must be a whole number, got "3"`},
	{"whole fraction", "count: 2.5\n", `f.yaml:1:8: count: must be a whole number, got 2.5`},
	{"number", "rate: high\n", `f.yaml:1:7: rate: must be a number, got "high"`},
	{"number quoted", "rate: '0.5'\n", `f.yaml:1:7: rate: must be a number, got "0.5"`},
	{"percent", "rate: 5%\n", `f.yaml:1:7: rate: must be a number without %, got "5%"`},
	{"octal", "count: 010\n", `f.yaml:1:8: count: must be a whole number in plain decimal form, got 010`},
	{"hex", "rate: 0x1F\n", `f.yaml:1:7: rate: must be a number in plain decimal form, got 0x1F`},
	{"nan", "rate: .nan\n", `f.yaml:1:7: rate: must be finite, got .nan`},
	{"inf", "rate: -.inf\n", `f.yaml:1:7: rate: must be finite, got -.inf`},
	{"float overflow", "rate: 1e999\n", `f.yaml:1:7: rate: must be finite, got 1e999`},
	{"float32 overflow", "single: 1e39\n", `f.yaml:1:9: single: must be finite, got 1e39`},
	{"int8 overflow", "small: 128\n", `f.yaml:1:8: small: must be between -128 and 127, got 128`},
	{"int8 exponent", "small: 1e3\n", `f.yaml:1:8: small: must be between -128 and 127, got 1e3`},
	{"int64 overflow", "long: 9223372036854775808\n", `f.yaml:1:7: long: must be between -9223372036854775808 and 9223372036854775807, got 9223372036854775808`},
	{"uint64 overflow", "big: 18446744073709551616\n", `f.yaml:1:6: big: must be between 0 and 18446744073709551615, got 18446744073709551616`},
	{"uint negative", "size: -1\n", `f.yaml:1:7: size: must be >= 0, got -1`},
	{"huge exponent", "count: 1e999999999\n", `f.yaml:1:8: count: must be between -9223372036854775808 and 9223372036854775807, got 1e999999999`},
	{"bool", "on: yes\n", `f.yaml:1:5: on: must be true or false, got "yes"`},
	{"bool quoted", "on: 'true'\n", `f.yaml:1:5: on: must be true or false, got "true"`},
	{"text", "label: 12\n", `f.yaml:1:8: label: must be text (quote it: "12"), got 12`},
	{"text bool", "words: [true]\n", `f.yaml:1:9: words[0]: must be text (quote it: "true"), got true`},
	{"open interval", "weights: [1, 0]\n", `f.yaml:1:14: weights[1]: must be in (0,1], got 0`},
	{"map rule", "shares: {a: 2}\n", `f.yaml:1:13: shares.a: must be in [0,1], got 2`},
	{"pointer rule", "limit: 10\n", `f.yaml:1:8: limit: must be < 10, got 10`},
	{"choice", "order: scores\n", `f.yaml:1:8: order: must be one of dpd, balance, score, got "scores"; did you mean "score"?`},
	{"enum", "tone: harsh\n", `f.yaml:1:7: tone: must be neutral, warm or firm, got "harsh"`},
	{"enum key", "by_tone:\n  harsh: 1\n", `f.yaml:2:3: by_tone.harsh: key must be neutral, warm or firm, got "harsh"`},
	{"mapping wanted", "teams: 3\n", `f.yaml:1:8: teams: must be a mapping, got 3`},
	{"mapping wanted, list", "stages:\n  - a\n", `f.yaml:2:3: stages: must be a mapping, got a list`},
	{"list wanted", "weights: 1\n", `f.yaml:1:10: weights: must be a list, got 1`},
	{"scalar wanted", "label: {a: 1}\n", `f.yaml:1:8: label: must be text, got a mapping`},
	{"scalar wanted, list", "rate: [1]\n", `f.yaml:1:7: rate: must be a number, got a list`},
	{"array", "pair: [1]\n", `f.yaml:1:7: pair: must be a list of 2, got 1`},
	{"null scalar", "rate: null\n", `f.yaml:1:7: rate: must be a number, got null`},
	{"no value", "teams:\nrate: 0.5\n", `f.yaml:1:1: teams: must be a mapping, got nothing (null empties it)`},
	{"no value scalar", "rate:\n", `f.yaml:1:1: rate: must be a number, got nothing`},
	{"no value entry", "teams:\n  visit:\n", `f.yaml:2:3: teams.visit: must have a value, got nothing (null deletes it)`},
	{"duplicate", "night:\n  agents: 1\n  agents: 2\n", `f.yaml:3:3: night.agents: duplicate key, first on line 2`},
	{"duplicate quoted", "rate: 1\n\"rate\": 1\n", `f.yaml:2:1: rate: duplicate key, first on line 1`},
	{"quoted path", "shares: {a b.c: 3}\n", `f.yaml:1:17: shares."a b.c": must be in [0,1], got 3`},
	{"not a mapping", "- 1\n", `f.yaml:1:1: must be a mapping, got a list`},
	{"only a scalar", "hello\n", `f.yaml:1:1: must be a mapping, got "hello"`},
	{"only null", "null\n", `f.yaml:1:1: must be a mapping, got null`},
	{"empty", "", `f.yaml:1:1: empty: a mapping is needed`},
	{"only comments", "# nothing\n\n", `f.yaml:1:1: empty: a mapping is needed`},
	{"two documents", "rate: 1\n---\nrate: 0\n", `f.yaml:3:1: a second document starts here, one file holds one document`},
	{"tab", "night:\n\tagents: 1\n", `f.yaml:2:1: not valid YAML: a tab cannot indent, use spaces`},
	{"open list", "weights: [1, 2\n", `f.yaml:1:10: not valid YAML: the list that starts here is not closed, ] is missing`},
	{"open mapping", "night: {agents: 1\n", `f.yaml:1:8: not valid YAML: the mapping that starts here is not closed, } is missing`},
	{"open quote", "label: 'x\n", `f.yaml:1:8: not valid YAML: the text that starts here has no closing quote`},
	{"two colons", "label: a: b\n", `f.yaml:1:8: not valid YAML: a second ': ' in one line, quote the text or indent the mapping below its key`},
	{"no colon", "rate: 1\nlabel\n", `f.yaml:2:1: not valid YAML: expected 'key: value'`},
	{"indent", "  rate: 1\n label: x\n", `f.yaml:2:2: not valid YAML: indentation does not fit the lines above`},
	{"control", "label: a\x01b\n", `f.yaml:1:9: control character U+0001 is not allowed`},
	{"encoding", "rate: 1\nlabel: \xff\n", `f.yaml:2:8: not UTF-8 text`},
	{"tag", "rate: !!float 1\n", `f.yaml:1:7: rate: tags such as !!float are not supported`},
	{"alias", "rate: *none\n", `f.yaml:1:7: rate: alias *none has no anchor &none before it`},
	{"alias over lines", "rate: *\n )D\n )D\n", `f.yaml:1:7: rate: alias *)D )D has no anchor &)D )D before it`},
	{"alias of itself", "teams: &t {a: *t}\n", `f.yaml:1:15: teams.a: alias *t has no anchor &t before it`},
	{"alias fault", "count: &n 3.5\nsmall: *n\n", "f.yaml:1:11: count: must be a whole number, got 3.5\nf.yaml:2:8: small: must be a whole number, got 3.5"},
	{"merge", "night: {<<: 3}\n", `f.yaml:1:13: night.<<: must be a mapping to merge, got 3`},
	{"param key", "rate: {value: 0.1, sorce: x}\n", `f.yaml:1:20: rate.sorce: unknown key of a parameter, did you mean "source"?`},
	{"param value", "rate: {value: x}\n", `f.yaml:1:15: rate: must be a number, got "x"`},
	{"param without value", "rate: {unit: per day}\n", `f.yaml:1:7: rate: parameter without a value`},
	{"param nested", "rate: {value: {value: 1}}\n", `f.yaml:1:15: rate.value: must be a number, got a mapping`},
	{"param range order", "rate: {value: 0.1, range: [0.3, 0.05]}\n", `f.yaml:1:27: rate.range: must be [low, high] with low <= high, got [0.3, 0.05]`},
	{"param range size", "rate: {value: 0.1, range: [0.3]}\n", `f.yaml:1:27: rate.range: must be [low, high] with low <= high, got [0.3]`},
	{"param range type", "rate: {value: 0.1, range: wide}\n", `f.yaml:1:27: rate.range: must be a list, got "wide"`},
	{"param outside", "rate: {value: 0.5, range: [0, 0.3]}\n", `f.yaml:1:7: rate: must be in the declared range [0, 0.3], got 0.5`},
	{"param choices", "count: {value: 5, choices: [1, 2]}\n", `f.yaml:1:8: count: must be in the declared choices 1, 2, got 5`},
	{"param scale", "rate: {value: 0.1, scale: logg}\n", `f.yaml:1:27: rate.scale: must be one of linear, log, logit, got "logg"; did you mean "log"?`},
	{"param log", "rate: {value: 0.1, scale: log, range: [0, 1]}\n", `f.yaml:1:7: rate.range: must be > 0 on a log scale, got [0, 1]`},
	{"param logit", "rate: {value: 0.1, scale: logit, range: [0, 0.5]}\n", `f.yaml:1:7: rate.range: must be in (0,1) on a logit scale, got [0, 0.5]`},
	{"param logit high", "rate: {value: 0.1, scale: logit, range: [0.1, 1]}\n", `f.yaml:1:7: rate.range: must be in (0,1) on a logit scale, got [0.1, 1]`},
	{"param null", "weights: {value: null}\n", `f.yaml:1:18: weights.value: must be a list, got null`},
	{"param rule", "rate: {value: 2}\n", `f.yaml:1:15: rate: must be in [0,1], got 2`},
	{
		"all at once", "rate: 2\nbogus: 1\nnight: {wage: 0}\nteams:\n  a: {agents: x}\n",
		"f.yaml:1:7: rate: must be in [0,1], got 2\n" +
			"f.yaml:2:1: bogus: unknown key\n" +
			"f.yaml:3:15: night.wage: must be > 0, got 0\n" +
			`f.yaml:5:15: teams.a.agents: must be a whole number, got "x"`,
	},
	{"in order", "rate: 2\nsmall: 1\nsmall: 2\nsize: -1\n", "f.yaml:1:7: rate: must be in [0,1], got 2\nf.yaml:3:1: small: duplicate key, first on line 2\nf.yaml:4:7: size: must be >= 0, got -1"},
	{"bom and crlf", "\ufeffrate: 2\r\nsmall: x\r\n", "f.yaml:1:7: rate: must be in [0,1], got 2\nf.yaml:2:8: small: must be a whole number, got \"x\""},
	{"columns are characters", "teams: {é: {wage: 0}}\n", `f.yaml:1:19: teams.é.wage: must be > 0, got 0`},
	{"too large", strings.Repeat("#", overlay.MaxBytes+1), `f.yaml: file is larger than 1 MB (1048577 bytes)`},
	{"flow depth", "words: " + strings.Repeat("[", 1000), `f.yaml:1:108: nested deeper than 100 levels`},
	{"block depth", strings.Repeat("- ", 200) + "1", `f.yaml:1:201: nested deeper than 100 levels`},
	{"indent depth", deepIndent(102), `f.yaml:102:102: ` + strings.Repeat("a.", 100) + `...: nested deeper than 100 levels`},
	{"values", "weights: [" + strings.Repeat("1,", 100001) + "]", `f.yaml:1:200012: more than 100000 values`},
	{"alias bomb", aliasBomb(30), `f.yaml:18:13: teams.a16: more than 100000 values`},
	{"alias bomb of lists", listBomb(30), `f.yaml:17:11: a16: more than 100000 values`},
	{"alias bomb of merges", mergeBomb(), `f.yaml:17:11: a16: more than 100000 values`},
	{"aliases", strings.Repeat("&a ", 1001), `f.yaml:1:3001: more than 1000 anchors and aliases`},
	{"keys", "shares:\n" + strings.Repeat("  a: 1\n", overlay.MaxKeys+1), `f.yaml:20001:4: more than 20000 keys`},
}

func deepIndent(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// aliasBomb doubles a value with every line.
func aliasBomb(lines int) string {
	b := "teams:\n  a0: &a0 {agents: 1}\n"
	for i := 1; i < lines; i++ {
		b += fmt.Sprintf("  a%d: &a%d {x: *a%d, y: *a%d}\n", i, i, i-1, i-1)
	}
	return b
}

func listBomb(lines int) string {
	b := "a0: &a0 [1]\n"
	for i := 1; i < lines; i++ {
		b += fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i, i, i-1, i-1)
	}
	return b
}

// mergeBomb doubles too, half by merging: size 2 at first, 2^17 on line 17.
func mergeBomb() string {
	b := "a0: &a0 {k: 1}\n"
	for i := 1; i < 30; i++ {
		b += fmt.Sprintf("a%d: &a%d {<<: *a%d, x%d: *a%d}\n", i, i, i-1, i, i-1)
	}
	return b
}

func TestFaults(t *testing.T) {
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			x, meta := decode(t, fullText)
			before, metaBefore := overlay.Clone(&x), overlay.Meta{}
			_, err := overlay.Decode("f.yaml", []byte(c.src), &x, meta)
			if err == nil {
				t.Fatalf("no error, want %s", c.want)
			}
			if err.Error() != c.want {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
			if !reflect.DeepEqual(&x, before) || !reflect.DeepEqual(meta, metaBefore) {
				t.Error("a failed layer left traces")
			}
		})
	}
}
