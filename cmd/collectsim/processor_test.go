package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// madeElsewhere lets a folder say that another kind of processor made it, with the files that it holds now.
func madeElsewhere(t *testing.T, dir string) {
	t.Helper()
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	m.Processor = "abacus"
	for name := range m.Files {
		if m.Files[name], err = outcome.Digest(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&outcome.Folder{Partial: dir}).WriteManifest(m); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyOnAnotherProcessor: last digits may differ then, and nothing else.
func TestVerifyOnAnotherProcessor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, with([]string{"run", "-o", dir, "--strategies", "no-contact,reminders-only"}, small...)...)
	npv := func(row int) float64 {
		x, err := outcome.Open(dir, "replications")
		if err != nil {
			t.Fatal(err)
		}
		return x.Column("npv").Float[row]
	}
	was := npv(8)
	edit(t, dir, "replications", "npv", 8, was*(1+1e-12))
	madeElsewhere(t, dir)
	for _, share := range []string{"0.2", "1"} {
		out := must(t, "verify", dir, "--share", share)
		if !strings.Contains(out, "rows compared but for last digits") || !strings.Contains(out, "verified: nothing differs") {
			t.Errorf("--share %s: got %s", share, out)
		}
	}
	edit(t, dir, "replications", "npv", 8, was*(1+1e-6))
	madeElsewhere(t, dir)
	refused(t, 1, []string{"replications.arrow: row 9 (strategy reminders-only, replication 3): npv is", "summary.json: does not follow from the tables"}, "verify", dir, "--share", "1")
	edit(t, dir, "replications", "npv", 8, was)
	summary := filepath.Join(dir, outcome.SummaryFile)
	text, err := os.ReadFile(summary)
	if err == nil {
		err = os.WriteFile(summary, []byte(strings.Replace(string(text), `"scenario": "default"`, `"scenario": "other"`, 1)), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	madeElsewhere(t, dir)
	refused(t, 1, []string{"summary.json: does not follow from the tables"}, "verify", dir, "--share", "0.2")
}

// TestPartsOfOneProcessor: what is joined to one folder was made on one kind of processor.
func TestPartsOfOneProcessor(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, shard := range []string{"1", "2", "3"} {
		must(t, with([]string{"run", "-o", in(shard), "--shard", shard + "/3"}, small...)...)
	}
	madeElsewhere(t, in("2"))
	refused(t, 1, []string{in("2") + ": foreign shard: made on abacus, "}, "merge", "-o", in("m"), in("1"), in("2"), in("3"))
	refused(t, 1, []string{in("2") + ": is a shard made on abacus, "}, "verify", in("2"))

	begun := in("1") + ".partial"
	if err := os.Rename(in("1"), begun); err != nil {
		t.Fatal(err)
	}
	madeElsewhere(t, begun)
	refused(t, 2, []string{begun + ": was begun on abacus, "}, with([]string{"run", "-o", in("1"), "--shard", "1/3", "--resume"}, small...)...)
}
