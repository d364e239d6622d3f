package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	fenced   = regexp.MustCompile("(?ms)(?:^Save as `([^`]+)`:\n\n)?^```([a-z]+)\n(.*?)^```$")
	exitCode = regexp.MustCompile(`# exit code (\d+)$`)
)

// TestQuickstart follows the page.
func TestQuickstart(t *testing.T) {
	dir := t.TempDir()
	ran, saved, shown := followPage(t, dir, "quickstart.md")
	if ran < 10 || saved != 3 || shown < 3 {
		t.Errorf("ran %d commands, saved %d files, looked for %d lines: the page was not understood", ran, saved, shown)
	}
	for _, name := range []string{"overdue.png", "recovery-cost.svg", "committee.html"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// followPage does in a folder what a page says: it saves the files that the page says to save, runs every line of its sh
// blocks in order, and finds every line of an output block in what the block before it printed.
func followPage(t *testing.T, dir, name string) (ran, saved, shown int) {
	t.Helper()
	program, err := shared.command()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, "bin", "collectsim")); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(shared.root, "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	var printed string
	for _, m := range fenced.FindAllStringSubmatch(string(page), -1) {
		file, kind, body := m[1], m[2], m[3]
		switch {
		case file != "":
			saved++
			if err := os.WriteFile(filepath.Join(dir, file), []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		case kind == "sh":
			printed = ""
			for line := range strings.Lines(body) {
				ran++
				printed += follow(t, dir, strings.TrimSpace(line))
			}
		case kind == "output":
			for line := range strings.Lines(body) {
				shown++
				if !strings.Contains(printed, strings.TrimRight(line, "\n")) {
					t.Errorf("%s shows %q; printed was\n%s", name, line, printed)
				}
			}
		}
	}
	return ran, saved, shown
}

// follow runs one line of the page and returns what it printed.
func follow(t *testing.T, dir, line string) string {
	t.Helper()
	want := 0
	if m := exitCode.FindStringSubmatch(line); m != nil {
		want, _ = strconv.Atoi(m[1])
	}
	c := exec.CommandContext(context.Background(), "sh", "-c", line)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != want {
		t.Fatalf("%s: exit code %d, want %d: %v\n%s", line, got, want, err, out)
	}
	return string(out)
}
