package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// command runs one command line and returns its output, messages and exit code.
func command(t *testing.T, args ...string) (out, messages string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = (&app{out: &o, err: &e}).run(context.Background(), args)
	return o.String(), e.String(), code
}

// must runs a command line that has to succeed and returns its output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, messages, code := command(t, args...)
	if code != 0 {
		t.Fatalf("collectsim %s: exit code %d: %s", strings.Join(args, " "), code, messages)
	}
	return out
}

// refused runs a command line that has to fail with an exit code and messages that hold every text.
func refused(t *testing.T, code int, texts []string, args ...string) {
	t.Helper()
	_, messages, got := command(t, args...)
	if got != code {
		t.Errorf("collectsim %s: exit code %d, want %d: %s", strings.Join(args, " "), got, code, messages)
	}
	for _, text := range texts {
		if !strings.Contains(messages, text) {
			t.Errorf("collectsim %s: says %q, want %q in it", strings.Join(args, " "), messages, text)
		}
	}
}

// sameFiles compares every file of two folders but the manifest, which knows the clock; of the
// manifests the digests of the files.
func sameFiles(t *testing.T, a, b string) {
	t.Helper()
	x, err := outcome.ReadManifest(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := outcome.ReadManifest(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Files) == 0 {
		t.Fatalf("%s: has no files", a)
	}
	if x.Digest != y.Digest || x.Kind != y.Kind || x.ActiveDays != y.ActiveDays || fmt.Sprint(x.Files) != fmt.Sprint(y.Files) {
		t.Errorf("%s and %s: manifests differ: %v, %v", a, b, x.Files, y.Files)
	}
	for name := range x.Files {
		p, err1 := os.ReadFile(filepath.Join(a, name))
		q, err2 := os.ReadFile(filepath.Join(b, name))
		if err1 != nil || err2 != nil || !bytes.Equal(p, q) {
			t.Errorf("%s: differs between %s and %s (%v, %v)", name, a, b, err1, err2)
		}
	}
}

// small makes any scenario quick.
var small = []string{"--accounts", "150", "--replications", "5", "--horizon", "45", "--quiet"}

func with(args []string, more ...string) []string {
	return append(append([]string{}, args...), more...)
}

func TestRunShardsMergeToTheWhole(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	run := func(name string, more ...string) {
		t.Helper()
		must(t, with(with([]string{"run", "-o", in(name)}, small...), more...)...)
	}
	run("whole", "--accounts-table", "--events")
	for _, n := range []int{1, 3, 8} { // 8 shards of 5 replications: three are empty
		args := []string{"merge", "--quiet", "-o", in(fmt.Sprint("merged", n))}
		for i := n; i >= 1; i-- {
			name := fmt.Sprintf("s%dof%d", i, n)
			run(name, "--accounts-table", "--events", "--shard", fmt.Sprintf("%d/%d", i, n), "-j", "2")
			args = append(args, in(name))
		}
		must(t, args...)
		sameFiles(t, in("whole"), in(fmt.Sprint("merged", n)))
	}
	run("foreign", "--accounts-table", "--events", "--shard", "2/3", "--seed", "2")
	run("other-cut", "--accounts-table", "--events", "--shard", "2/4")
	s := func(i int) string { return in(fmt.Sprintf("s%dof3", i)) }
	refused(t, 1, []string{"missing shard 2/3"}, "merge", "-o", in("m"), s(1), s(3))
	refused(t, 1, []string{"doubled shard: 1/3", s(1)}, "merge", "-o", in("m"), s(1), s(1), s(2), s(3))
	refused(t, 1, []string{in("foreign") + ": foreign shard"}, "merge", "-o", in("m"), s(1), in("foreign"), s(3))
	refused(t, 1, []string{in("other-cut") + ": foreign shard"}, "merge", "-o", in("m"), s(1), in("other-cut"), s(3))
	refused(t, 1, []string{in("whole") + ": holds a whole run, not a shard"}, "merge", "-o", in("m"), s(1), in("whole"), s(3))
	refused(t, 2, []string{"-o DIR"}, "merge", s(1))
	refused(t, 1, []string{s(1) + ": holds a shard, not a run; join the shards with collectsim merge"}, "report", s(1))
	refused(t, 2, []string{"-o " + s(2) + ": is one of the shards"}, "merge", "-o", s(2), "--force", s(1), s(2), s(3))

	journal := filepath.Join(s(2), outcome.JournalFile)
	content, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(journal, content[:len(content)-1], 0o644); err != nil { // loses a replication
		t.Fatal(err)
	}
	refused(t, 1, []string{journal + ": is damaged"}, "merge", "-o", in("m"), s(1), s(2), s(3))
	refused(t, 1, []string{"journal.bin: holds 1 whole replications, 2 were planned"}, "verify", s(2))
	if _, err := os.Stat(in("m")); err == nil {
		t.Error("a refused merge left a folder")
	}
}

// edit rewrites one cell of a table.
func edit(t *testing.T, dir, table, column string, row int, value float64) {
	t.Helper()
	x, err := outcome.Open(dir, table)
	if err != nil {
		t.Fatal(err)
	}
	x.Column(column).Float[row] = value
	var file bytes.Buffer
	if err := x.Write(&file, "arrow"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, table+".arrow"), file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyNamesTheFirstDifferingRow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	must(t, with([]string{"run", "-o", dir, "--strategies", "no-contact,reminders-only"}, small...)...)
	must(t, "verify", dir)
	must(t, "verify", dir, "--share", "1", "--quiet")
	if out := must(t, "verify", dir, "--share", "0.5", "--format", "json"); !strings.Contains(out, `"ok": true`) {
		t.Errorf("verify --format json: got %s", out)
	}
	edit(t, dir, "replications", "npv", 8, 12.5)
	edit(t, dir, "daily", "overdue_rate_30", 60, 0.25)
	refused(t, 1, []string{
		"replications.arrow: row 9 (strategy reminders-only, replication 3): npv is 12.5, the re-run gives",
		"daily.arrow: row 61 (strategy reminders-only, day 15): overdue_rate_30 is 0.25, the re-run gives",
	}, "verify", dir)

	// A forger who also mends the digests is found by the share, here all of it.
	m, err := outcome.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name := range m.Files {
		m.Files[name], _ = outcome.Digest(filepath.Join(dir, name))
	}
	f := &outcome.Folder{Partial: dir}
	if err := f.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	refused(t, 1, []string{"replications.arrow: row 9 (strategy reminders-only, replication 3)"}, "verify", dir, "--share", "1")
	refused(t, 1, []string{"summary.json: does not follow from the tables"}, "verify", dir, "--share", "0.2")
	m.Echo = bytes.Replace(m.Echo, []byte(`"seed": 1`), []byte(`"seed": 2`), 1)
	if err := f.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
	refused(t, 1, []string{"manifest.json: its settings are not those of its digest"}, "verify", dir)
	refused(t, 2, []string{"--share"}, "verify", dir, "--share", "2")
}

// TestVerifyOfATape needs the same tape, by content.
func TestVerifyOfATape(t *testing.T) {
	dir := t.TempDir()
	tape, other := filepath.Join(dir, "cards.csv"), filepath.Join(dir, "other.csv")
	text := "ID,LIMIT_BAL,PAY_3,BILL_AMT3,PAY_AMT3\n1,20000,-1,1000,1000\n2,30000,0,24000,1000\n3,40000,2,8000,0\n4,50000,3,40000,1500\n"
	for file, content := range map[string]string{tape: text, other: strings.Replace(text, "8000", "8001", 1)} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	flags := []string{"--tape", tape, "--map", "uci-taiwan", "--horizon", "30", "--replications", "3", "--strategies", "no-contact,reminders-only", "--quiet", "--no-charts"}
	run, swept := filepath.Join(dir, "run"), filepath.Join(dir, "swept")
	must(t, with([]string{"run", "-o", run}, flags...)...)
	must(t, with([]string{"sweep", "-o", swept, "--vary", "channels.sms.effect=0.01,0.02"}, flags...)...)
	for _, folder := range []string{run, swept} {
		must(t, "verify", folder, "--tape", tape)
		must(t, "verify", folder) // the tape lies beside it
		if err := os.Rename(tape, tape+".away"); err != nil {
			t.Fatal(err)
		}
		refused(t, 2, []string{"--tape", "cards.csv"}, "verify", folder)
		if err := os.WriteFile(tape, []byte("of the same name"), 0o644); err != nil {
			t.Fatal(err)
		}
		refused(t, 2, []string{"--tape", "cards.csv"}, "verify", folder)
		if err := os.Rename(tape+".away", tape); err != nil {
			t.Fatal(err)
		}
		refused(t, 1, []string{other + ": is not the tape of " + folder}, "verify", folder, "--tape", other)
	}
	refused(t, 2, []string{"the tape has its own accounts"}, with([]string{"sweep", "-o", filepath.Join(dir, "x"), "--vary", "portfolio.regions.remote=0,1"}, flags...)...)
}
