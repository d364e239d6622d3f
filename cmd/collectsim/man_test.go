package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pages writes the manual pages with the command itself and reads them back by file name.
func pages(t *testing.T) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "man")
	must(t, "man", "-o", dir, "--quiet")
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		read[f.Name()] = string(text)
	}
	return read
}

var fonts = regexp.MustCompile(`\\f[BIPR]`)

// plain takes from a page what only a typesetter reads, and runs of space, so that words can be compared.
func plain(page string) string {
	var lines []string
	for line := range strings.Lines(fonts.ReplaceAllString(page, "")) {
		if !strings.HasPrefix(line, ".") {
			lines = append(lines, line)
		}
	}
	text := strings.NewReplacer(`\-`, "-", `\&`, "", `\(ha`, "^", `\(ti`, "~", `\e`, `\`, `\\`, `\`).Replace(strings.Join(lines, ""))
	return spaced(text)
}

func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestManualPages: every command that help lists has a page, no other has, and the page says word for word
// what help says: description, every flag, examples. Markup in our texts would lose some of it.
func TestManualPages(t *testing.T) {
	got := pages(t)
	root := (&app{}).root()
	root.InitDefaultCompletionCmd()
	n := 0
	for _, c := range commands(root) {
		if c.Name() == "help" || c.Hidden {
			continue
		}
		n++
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		page, ok := got[name]
		if !ok {
			t.Errorf("no page %s", name)
			continue
		}
		text := plain(page)
		if c.Name() != "completion" && !(c.HasParent() && c.Parent().Name() == "completion") { // the library's texts
			wantPage(t, name, text, c)
		}
	}
	if n != len(got) {
		t.Errorf("%d pages for %d commands", len(got), n)
	}
}

func wantPage(t *testing.T, name, text string, c *cobra.Command) {
	t.Helper()
	want := []string{c.Short, c.UseLine(), c.Long, c.Example}
	c.LocalFlags().VisitAll(func(f *pflag.Flag) { want = append(want, "--"+f.Name, f.Usage) })
	for _, w := range want {
		if !strings.Contains(text, spaced(w)) {
			t.Errorf("%s lacks %q", name, spaced(w))
		}
	}
}

// TestManualPagesAreDeterministic: no clock, machine or map order shows in a page.
func TestManualPagesAreDeterministic(t *testing.T) {
	first := pages(t)
	t.Setenv("SOURCE_DATE_EPOCH", "86400")
	t.Setenv("HOME", "/nowhere")
	for name, text := range pages(t) {
		if text != first[name] {
			t.Errorf("%s differs the second time", name)
		}
	}
	head := `.TH "COLLECTSIM-RUN" "1" "" "collectsim ` + version + `" "collectsim"`
	if page := first["collectsim-run.1"]; !strings.Contains(page, head) || !strings.Contains(page, `\fB--workers\fP=all cores`) {
		t.Errorf("collectsim-run.1 is not headed %s, or names this machine's cores:\n%.400s", head, page)
	}
}
