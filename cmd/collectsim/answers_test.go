package main

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestAnswersAgreeWithTheirIntervals: with many strategies the verdict of a sentence pays for all of them, and so does
// the interval that stands behind it: a difference that cannot be told has 0 in it, one that can has not. Among equals
// the sentences speak of one and the same leader.
func TestAnswersAgreeWithTheirIntervals(t *testing.T) {
	dir := t.TempDir()
	src := "name: crowd\naccounts: 200\nreplications: 4\nbaseline: no-contact\nstrategies:\n  no-contact: {}\n"
	for i := range 11 {
		src += fmt.Sprintf("  %c%d: {extends: %s}\n", "sz"[i%2], i, []string{"home-visits", "reminders-only", "tiered-escalation"}[i%3])
	}
	scenario, out, page := filepath.Join(dir, "crowd.yaml"), filepath.Join(dir, "out"), filepath.Join(dir, "page.html")
	if err := os.WriteFile(scenario, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, "run", scenario, "-o", out, "--no-charts", "--quiet")
	must(t, "report", out, "-o", page, "--quiet")
	file, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := html.UnescapeString(string(file))
	open := regexp.MustCompile(`no difference can be told \((-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\)`).FindAllStringSubmatch(text, -1)
	told := regexp.MustCompile(`(?:lower|higher) by (-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\)`).FindAllStringSubmatch(text, -1)
	if len(open) < 5 {
		t.Fatalf("%d open differences", len(open))
	}
	for i, list := range [][][]string{open, told} {
		for _, m := range list {
			low, _ := strconv.ParseFloat(m[2], 64)
			high, _ := strconv.ParseFloat(m[3], 64)
			if holds := low <= 0 && high >= 0; holds != (i == 0) {
				t.Errorf("%s", m[0])
			}
		}
	}
	leader := regexp.MustCompile(`([a-z0-9]+) has the highest net value`).FindStringSubmatch(text)
	if leader == nil || !strings.Contains(text, "The chance that "+leader[1]+" has the highest mean net value") {
		t.Errorf("leader %v, and %q", leader, regexp.MustCompile(`The chance that \S+ has`).FindString(text))
	}
}
