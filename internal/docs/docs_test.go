package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"collectsim/analysis/calibrate"
	"collectsim/sim/outcome"
	"collectsim/sim/scenario"
)

// figurePage is the page with simulated figures; the long tests check it, and `make check-generate`.
const figurePage = "believe.md"

// shared is the one lab of all tests: building the command takes seconds.
var shared *lab

func TestMain(m *testing.M) {
	root, err := moduleRoot()
	if err == nil {
		shared, err = newLab(root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// pages reads the pages of docs by file name.
func pages(t *testing.T, root string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("docs: got %d pages, %v", len(files), err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

func fresh(t *testing.T, l *lab, name, text string) {
	t.Helper()
	made, err := render(text, l.part)
	if err != nil {
		t.Fatalf("docs/%s: %v", name, err)
	}
	if made == text {
		return
	}
	old, now := strings.Split(text, "\n"), strings.Split(made, "\n")
	for i := range min(len(old), len(now)) {
		if old[i] != now[i] {
			t.Errorf("docs/%s:%d: is out of date, run `make generate`:\n  is        %s\n  should be %s", name, i+1, old[i], now[i])
			return
		}
	}
	t.Errorf("docs/%s: is out of date, run `make generate`", name)
}

func TestPagesAreFresh(t *testing.T) {
	l := shared
	for name, text := range pages(t, l.root) {
		if name != figurePage {
			fresh(t, l, name, text)
		}
	}
}

// TestParametersAreComplete holds the page against the declarations, which the page is not made from alone.
func TestParametersAreComplete(t *testing.T) {
	page, err := allParameters()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for path, meta := range scenario.Default().Meta {
		if strings.HasPrefix(path, "strategies.") || strings.HasPrefix(path, "guardrails.") {
			continue
		}
		n++
		row := regexp.MustCompile(`(?m)^\| `+regexp.QuoteMeta(code(path))+` \|.*$`).FindAllString(page, -1)
		if len(row) != 1 {
			t.Errorf("%s: stands on %d rows, want 1", path, len(row))
			continue
		}
		for _, want := range []string{meta.Unit, meta.Source, meta.Dist} {
			if !strings.Contains(row[0], want) {
				t.Errorf("%s: row lacks %q: %s", path, want, row[0])
			}
		}
	}
	if n < 200 {
		t.Errorf("the default scenario declares %d parameters: too few for this to show anything", n)
	}
}

func TestDictionariesAreComplete(t *testing.T) {
	l := shared
	texts := pages(t, l.root)
	for _, m := range outcome.Metrics() {
		if n := strings.Count(texts["metrics.md"], "| "+code(m.Name)+" |"); n == 0 {
			t.Errorf("metrics.md lacks %s", m.Name)
		}
	}
	for _, line := range []string{tinyRun, tinySweep, tinySensitivity} {
		dir, err := l.folder(line)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range outcome.Tables(dir) {
			if !strings.Contains(texts["tables.md"], "`"+table+".arrow`. ") {
				t.Errorf("tables.md lacks %s of collectsim %s", table, line)
			}
		}
	}
}

func TestRender(t *testing.T) {
	part := func(words []string) (string, error) {
		if words[0] == "bad" {
			return "", fmt.Errorf("no")
		}
		return strings.Join(words, "+"), nil
	}
	page := "by hand\n<!-- generated: a b -->\nold\n<!-- end -->\nmore by hand\n<!-- generated: c -->\n<!-- end -->\n"
	want := "by hand\n<!-- generated: a b -->\n\na+b\n\n<!-- end -->\nmore by hand\n<!-- generated: c -->\n\nc\n\n<!-- end -->\n"
	got, err := render(page, part)
	if err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if again, err := render(got, part); err != nil || again != got {
		t.Errorf("a second time: got %q, %v", again, err)
	}
	for _, c := range []struct{ page, want string }{
		{"<!-- generated: bad -->\n<!-- end -->\n", "no"},
		{"<!-- generated: a -->\n", "open or close"},
		{"<!-- end -->\n", "open or close"},
		{"<!-- generated: a -->\n<!-- generated: b -->\n<!-- end -->\n", "open or close"},
	} {
		if _, err := render(c.page, part); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want an error that says %q", c.page, err, c.want)
		}
	}
}

func TestUnknownPartsAreRefused(t *testing.T) {
	l := shared
	for _, words := range [][]string{{"nothing"}, {"parameters", "borrowers.nothing"}, {"matrix", "costs"}} {
		if text, err := l.part(words); err == nil {
			t.Errorf("%v: got %q", words, text)
		}
	}
}

func TestMarkdownTable(t *testing.T) {
	g := newGrid("a", "b")
	g.right = 1
	g.add("x|y", "1\n2")
	if want := "| a | b |\n|---|--:|\n| x\\|y | 1 2 |\n"; g.markdown() != want {
		t.Errorf("got %q, want %q", g.markdown(), want)
	}
}

// TestTargetsOfPagesAreValid reads the files of targets that pages show, with a panel that they may name.
func TestTargetsOfPagesAreValid(t *testing.T) {
	dir := t.TempDir()
	panel := "account,month,bucket\n"
	for i := range 240 { // twenty moves of each kind
		panel += fmt.Sprintf("%d,2025-01,B%d\n%d,2025-02,B%d\n", i, 1+i%4, i, i/4%3)
	}
	if err := os.WriteFile(filepath.Join(dir, "panel.csv"), []byte(panel), 0o644); err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(pages(t, shared.root)["calibrate.md"], -1)
	if len(shown) == 0 {
		t.Error("calibrate.md: shows no targets")
	}
	for _, m := range shown {
		set, err := calibrate.Parse(filepath.Join(dir, "shown.yaml"), []byte(m[1]))
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if _, err := calibrate.ParseParameters(scenario.Default(), set.Fit); err != nil {
			t.Error(err)
		}
	}
}

// TestScenariosOfPagesAreValid reads the scenarios that pages show.
func TestScenariosOfPagesAreValid(t *testing.T) {
	texts := pages(t, shared.root)
	readme, err := os.ReadFile(filepath.Join(shared.root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")
	for name, text := range map[string]string{"README.md": string(readme), "scenario.md": texts["scenario.md"]} {
		blocks := shown.FindAllStringSubmatch(text, -1)
		if len(blocks) == 0 {
			t.Errorf("%s: shows no scenario", name)
		}
		for k, m := range blocks {
			s, err := scenario.Parse(name, []byte(m[1]))
			if err == nil {
				err = s.Check()
			}
			if err != nil {
				t.Errorf("%s: scenario %d: %v", name, k+1, err)
			}
		}
	}
}
