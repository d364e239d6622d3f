package main

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"collectsim/sim/outcome"
)

// columnFacts and tableFacts are what the tool says of a table; tests/readers/check.mjs compares.
type columnFacts struct {
	Name     string  `json:"name"`
	Type     string  `json:"type"`
	Unit     string  `json:"unit"`
	Better   string  `json:"better"`
	Doc      string  `json:"doc"`
	Nulls    int     `json:"nulls"`
	Sum      float64 `json:"sum"`       // of a float column
	AbsSum   float64 `json:"abs_sum"`   // of the magnitudes: bounds the rounding of Sum
	ExactSum string  `json:"exact_sum"` // of an int column; of a text column the bytes
}

type tableFacts struct {
	Name     string            `json:"name"`
	Arrow    string            `json:"arrow"`
	Parquet  string            `json:"parquet"`
	Rows     int               `json:"rows"`
	Metadata map[string]string `json:"metadata"`
	Columns  []columnFacts     `json:"columns"`
}

// TestOutsideReaders reads every table of a run and of a sweep with Apache Arrow for JavaScript, Polars and
// DuckDB, whose code has nothing to do with ours, and compares rows, types, sums and metadata.
func TestOutsideReaders(t *testing.T) {
	folder, err := filepath.Abs("../../tests/readers")
	if err != nil {
		t.Fatal(err)
	}
	_, errNode := exec.LookPath("node")
	_, errModules := os.Stat(filepath.Join(folder, "node_modules"))
	if errNode != nil || errModules != nil {
		if os.Getenv("COLLECTSIM_CI") != "" {
			t.Fatal("node or tests/readers/node_modules is missing (npm install --prefix tests/readers), and COLLECTSIM_CI is set")
		}
		t.Log("node or tests/readers/node_modules is missing: no outside reader looks at the tables")
		return
	}
	dir := t.TempDir()
	run, sweep := filepath.Join(dir, "run"), filepath.Join(dir, "sweep")
	must(t, "run", "-o", run, "--accounts", "60", "--replications", "4", "--horizon", "60", "--accounts-table", "--events", "--no-charts", "--quiet")
	must(t, "sweep", "-o", sweep, "--accounts", "50", "--replications", "3", "--horizon", "40", "--vary", "teams.visit.agents=1,2", "--no-charts", "--quiet")
	var facts struct {
		Tables []tableFacts `json:"tables"`
	}
	for _, from := range []string{run, sweep} {
		for _, name := range outcome.Tables(from) {
			arrow := filepath.Join(from, name+".arrow")
			parquet := filepath.Join(from, name+".parquet")
			must(t, "export", arrow, "--format", "parquet", "-o", parquet, "--quiet")
			facts.Tables = append(facts.Tables, factsOf(t, arrow, parquet))
		}
	}
	text, err := json.Marshal(facts)
	file := filepath.Join(dir, "facts.json")
	if err == nil {
		err = os.WriteFile(file, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", filepath.Join(folder, "check.mjs"), file).CombinedOutput()
	if err != nil {
		t.Fatalf("node check.mjs: %v\n%s", err, out)
	}
	m := regexp.MustCompile(`^(\d+) tables, (\d+) comparisons, 0 disagreements\n$`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("node check.mjs says: %s", out)
	}
	tables, _ := strconv.Atoi(string(m[1]))
	comparisons, _ := strconv.Atoi(string(m[2]))
	if tables < 9 || comparisons < 3000 {
		t.Errorf("%d tables and %d comparisons, want all tables of a run and a sweep", tables, comparisons)
	}
}

func factsOf(t *testing.T, arrow, parquet string) tableFacts {
	t.Helper()
	table, err := outcome.ReadTable(arrow)
	if err != nil {
		t.Fatal(err)
	}
	f := tableFacts{Name: table.Name, Arrow: arrow, Parquet: parquet, Rows: table.Rows(), Metadata: table.Meta}
	for i := range table.Columns {
		f.Columns = append(f.Columns, factsOfColumn(&table.Columns[i]))
	}
	return f
}

func factsOfColumn(c *outcome.Column) columnFacts {
	f := columnFacts{Name: c.Name, Type: c.Kind.String(), Unit: c.Unit, Better: c.Better, Doc: c.Doc}
	exact := new(big.Int)
	for row := range c.Len() {
		switch {
		case c.IsNull(row):
			f.Nulls++
		case c.Kind == outcome.Float:
			f.Sum += c.Float[row]
			f.AbsSum += math.Abs(c.Float[row])
		case c.Kind == outcome.Int:
			exact.Add(exact, big.NewInt(c.Int[row]))
		default:
			exact.Add(exact, big.NewInt(int64(len(c.Text[row]))))
		}
	}
	f.ExactSum = exact.String()
	return f
}
