package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/image/font/gofont/goregular"
)

// examples returns the command lines in a command's help, comments and redirections cut off.
func examples(t *testing.T, c *cobra.Command) [][]string {
	t.Helper()
	var list [][]string
	for line := range strings.Lines(c.Example) {
		args := words(t, line)
		if len(args) == 0 {
			continue
		}
		if args[0] != "collectsim" {
			t.Errorf("%s: example %q does not call collectsim", c.CommandPath(), strings.TrimSpace(line))
			continue
		}
		list = append(list, args[1:])
	}
	return list
}

// words splits a line as a shell would: quotes, comments, redirections.
func words(t *testing.T, line string) (list []string) {
	t.Helper()
	var word strings.Builder
	quote, started := rune(0), false
	end := func() {
		if started {
			list, started = append(list, word.String()), false
			word.Reset()
		}
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, started = r, true
		case quote == 0 && (r == '#' && !started || r == '>'):
			end()
			return list
		case quote == 0 && strings.ContainsRune(" \t\n", r):
			end()
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if quote != 0 {
		t.Errorf("open quote in %q", line)
	}
	end()
	return list
}

// TestEveryExampleParses: every command has examples, and each of them names a command that takes its
// flags and arguments.
func TestEveryExampleParses(t *testing.T) {
	total := 0
	for _, c := range commands((&app{}).root()) {
		if c.Name() == "help" || c.Name() == "completion" || c.HasParent() && c.Parent().Name() == "completion" {
			continue
		}
		list := examples(t, c)
		if len(list) == 0 || c.Short == "" {
			t.Errorf("%s: help lacks an example or a description", c.CommandPath())
		}
		for _, args := range list {
			total++
			what := "example of " + c.CommandPath() + ": collectsim " + strings.Join(args, " ")
			if err := parses(args, true); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	if total < 30 {
		t.Errorf("only %d examples", total)
	}
}

// parses says what is wrong with a command line: a command or flag that is not there and, of a whole line, arguments
// that are missing or too many.
func parses(args []string, whole bool) error {
	found, rest, err := (&app{out: io.Discard, err: io.Discard}).root().Find(args) // a fresh tree: flags keep their values
	if err == nil {
		err = found.ParseFlags(rest)
	}
	if err != nil || !whole {
		return err
	}
	if err := found.ValidateArgs(found.Flags().Args()); err != nil {
		return err
	}
	if found.PreRunE != nil {
		return found.PreRunE(found, nil)
	}
	return nil
}

var (
	fencedCode = regexp.MustCompile("(?ms)^```[a-z]*$.*?^```$")
	codeLine   = regexp.MustCompile(`(?m)^(?:    )?(?:bin/)?(collectsim [a-z].*)$`)
	indented   = regexp.MustCompile(`(?m)^    .*$`)
	inlineCode = regexp.MustCompile("`collectsim ([a-z][^`]*)`")
)

// TestDocumentedCommandsParse: so does every line of code that calls the program in the pages, and what they quote of such
// lines names commands and flags that are there.
func TestDocumentedCommandsParse(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	lines, quotes := 0, 0
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md", "../../docs/cluster/README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		joined := strings.ReplaceAll(string(text), "\\\n", " ")
		code := strings.Join(append(fencedCode.FindAllString(joined, -1), indented.FindAllString(joined, -1)...), "\n")
		for _, m := range codeLine.FindAllStringSubmatch(code, -1) {
			lines++
			line, _, _ := strings.Cut(m[1], "|") // a pipe
			if err := parses(words(t, line)[1:], true); err != nil {
				t.Errorf("%s: %s: %v", page, m[1], err)
			}
		}
		for _, m := range inlineCode.FindAllStringSubmatch(joined, -1) {
			quotes++
			line, _, _ := strings.Cut(m[1], ", then")
			if err := parses(words(t, line), false); err != nil && !errors.Is(err, pflag.ErrHelp) {
				t.Errorf("%s: %s: %v", page, m[1], err)
			}
		}
	}
	if lines < 30 || quotes < 30 {
		t.Errorf("%d lines and %d quotes were found: the pages were not understood", lines, quotes)
	}
}

// TestCheapExamplesRun really runs the examples of the commands that need a small run only, in the
// order of a reader who tries them.
func TestCheapExamplesRun(t *testing.T) {
	small, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	cards := "ID,LIMIT_BAL,PAY_3,BILL_AMT3,PAY_AMT3\n1,20000,-1,1000,1000\n2,40000,2,8000,0\n"
	for name, text := range map[string]string{"mine.yaml": string(small), "cards.csv": cards, "NotoSansCJK-Regular.ttc": string(goregular.TTF)} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "run", "mine.yaml", "-o", "out", "--quiet", "--accounts-table")
	must(t, "run", "mine.yaml", "-o", "out-recession", "--quiet", "--no-charts", "--seed", "2")
	must(t, "sweep", "mine.yaml", "-o", "out-sweep", "--quiet", "--no-charts", "--vary", "teams.visit.agents=2,4", "--replications", "2")
	ran := 0
	for _, c := range commands((&app{}).root()) {
		if !slices.Contains([]string{"compare", "chart", "check", "describe", "export", "list", "schema", "version"}, c.Name()) {
			continue
		}
		for _, args := range examples(t, c) {
			var out, messages bytes.Buffer
			if code := (&app{out: &out, err: &messages}).run(context.Background(), args); code != 0 {
				t.Errorf("collectsim %s: exit code %d: %s", strings.Join(args, " "), code, messages.String())
			}
			ran++
		}
	}
	if ran < 12 {
		t.Errorf("only %d examples ran", ran)
	}
}
