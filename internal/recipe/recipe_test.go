// Package recipe follows the recipes of CONTRIBUTING.md: to a copy of the module it adds a channel, a remedy, a guardrail
// rule and a strategy, each by one new file or YAML entry and at most one line of a registry, and plays them.
package recipe

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"collectsim/sim/outcome"
)

// entries are all that existing files gain: what is new at the end of a block. Registries gain one line.
var entries = []struct{ file, block, text string }{
	{"sim/loan/channel.go", "var channels = [...]ChannelKind{", `	{Name: "messenger", Doc: "chat by messenger", Counts: AsMessage},`},
	{"data/scenarios/default.yaml", "channels:", "testdata/channel.yaml"},
	{"sim/loan/remedy.go", "type Terms struct {", "	FreshStart FreshStartTerms `yaml:\",inline\"`"},
	{"data/scenarios/default.yaml", "remedies:", "testdata/remedy.yaml"},
	{"sim/strategy/guardrail.go", "type Guardrails struct {", "	RestAfterPayment RestAfterPayment `yaml:\"rest_after_payment,omitempty\" event:\"18\" check:\">=0\" doc:\"days without contact from a payment on\"`"},
}

// restAfterPayment is the number of the new rule in events.
const restAfterPayment = 18

func TestOneOfEach(t *testing.T) {
	root := t.TempDir()
	copyModule(t, root)
	if err := os.CopyFS(root, os.DirFS("testdata/new")); err != nil { // new files alone: fails where there is one
		t.Fatal(err)
	}
	for _, e := range entries {
		add(t, filepath.Join(root, e.file), e.block, e.text)
	}
	program := filepath.Join(root, "collectsim")
	command(t, root, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./cmd/collectsim")
	t.Run("tests", func(t *testing.T) {
		command(t, root, "go", "test", "-trimpath", "-vet=off", "./sim/loan", "./sim/strategy")
	})
	t.Run("lists", func(t *testing.T) { listed(t, program) })
	t.Run("run", func(t *testing.T) { played(t, program) })
}

// listed looks for the new parts in what documents a scenario.
func listed(t *testing.T, program string) {
	parameters := command(t, ".", program, "list", "parameters")
	for _, path := range []string{"channels.messenger.unit_cost", "channels.messenger.deliver", "remedies.fresh_start_days"} {
		if !strings.Contains(parameters, path+" ") {
			t.Errorf("list parameters: no %s", path)
		}
	}
	if s := command(t, ".", program, "list", "strategies"); !strings.Contains(s, "messenger-first") {
		t.Errorf("list strategies: no messenger-first in\n%s", s)
	}
	schema := command(t, ".", program, "schema", "scenario")
	for _, key := range []string{"messenger", "fresh_start_days", "rest_after_payment"} {
		if !strings.Contains(schema, `"`+key+`": {`) {
			t.Errorf("schema: no key %s", key)
		}
	}
}

// played holds what a small run did against what was added.
func played(t *testing.T, program string) {
	out := filepath.Join(t.TempDir(), "out")
	command(t, ".", program, "run", "testdata/scenario.yaml", "-o", out, "--events", "--accounts-table", "--no-charts", "--no-progress", "--set", "channels.messenger.deliver=0.9")
	attempts := sum(read(t, out, "actions"), "channel", "messenger", "attempts")
	accounts, events := read(t, out, "accounts"), read(t, out, "events")
	granted := count(accounts, func(row int) bool { return accounts.Column("remedy").Text[row] == "fresh-start" })
	held := count(events, func(row int) bool {
		return events.Column("event").Text[row] == "suppressed" && events.Column("detail").Int[row] == restAfterPayment
	})
	t.Logf("%d attempts by messenger, %d fresh starts, %d actions held back after a payment", attempts, granted, held)
	if attempts == 0 || granted == 0 || held == 0 {
		t.Error("one of them does nothing")
	}
}

func read(t *testing.T, dir, table string) *outcome.Table {
	t.Helper()
	x, err := outcome.ReadTable(filepath.Join(dir, table+".arrow"))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func count(x *outcome.Table, is func(row int) bool) (n int) {
	for row := range x.Rows() {
		if is(row) {
			n++
		}
	}
	return n
}

// sum adds up a column over the rows whose key is as given.
func sum(x *outcome.Table, key, value, column string) (total int64) {
	for row, k := range x.Column(key).Text {
		if k == value {
			total += x.Column(column).Int[row]
		}
	}
	return total
}

// add puts text, or what the named file of testdata holds, at the end of a block of a file. A line of Go stays one.
func add(t *testing.T, file, block, text string) {
	t.Helper()
	if strings.HasPrefix(text, "testdata/") {
		b, err := os.ReadFile(text)
		if err != nil {
			t.Fatal(err)
		}
		text = strings.TrimSuffix(string(b), "\n")
	} else if strings.Contains(text, "\n") {
		t.Fatalf("%s gains more than a line: %s", file, text)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	end := 0 // the line after the last one of the block
	for i, line := range lines {
		switch indented := strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "  "); {
		case line == block, end == i && end > 0 && (indented || line == ""):
			end = i + 1
		}
	}
	for end > 0 && lines[end-1] == "" {
		end--
	}
	if end == 0 {
		t.Fatalf("%s: no block %q", file, block)
	}
	lines = append(lines[:end], append([]string{text}, lines[end:]...)...)
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

// copyModule copies the source files that the command and the properties are built from, and the tests of the packages that recipes touch.
func copyModule(t *testing.T, root string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(command(t, "../..", "go", "list", "-deps", "-json", "./cmd/collectsim", "./internal/sameseed")))
	for {
		var p struct {
			Dir, ImportPath                                        string
			Module                                                 *struct{ Main bool }
			GoFiles, SFiles, EmbedFiles, TestGoFiles, XTestGoFiles []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil || !p.Module.Main {
			continue
		}
		to := filepath.Join(root, strings.TrimPrefix(p.ImportPath, "collectsim/"))
		files := append(append(p.GoFiles, p.SFiles...), p.EmbedFiles...)
		if p.ImportPath == "collectsim/sim/loan" || p.ImportPath == "collectsim/sim/strategy" {
			files = append(append(files, p.TestGoFiles...), p.XTestGoFiles...)
		}
		for _, name := range files {
			copyFile(t, filepath.Join(p.Dir, name), filepath.Join(to, name))
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		copyFile(t, filepath.Join("../..", name), filepath.Join(root, name))
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// command runs a program and returns what it printed.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}
