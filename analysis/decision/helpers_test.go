package decision_test

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"collectsim/analysis/decision"

	"pgregory.net/rapid"
)

// near fails unless got is within rtol*|want| of want (exactly equal for rtol 0).
func near(t rapid.TB, what string, got, want, rtol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rtol*math.Abs(want)) {
		t.Errorf("%s: got %.17g, want %.17g (rtol %g)", what, got, want, rtol)
	}
}

// within fails unless got is within an absolute distance of want.
func within(t rapid.TB, what string, got, want, distance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= distance) {
		t.Errorf("%s: got %v, want %v +- %v", what, got, want, distance)
	}
}

func readKnown(t rapid.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "known", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// readTable reads a gzipped CSV of numbers with comment lines (#) and a header.
func readTable(t rapid.TB, name string) map[string][]float64 {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "known", name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bufio.NewReader(unzipped))
	reader.Comment = '#'
	header, err := reader.Read()
	if err != nil {
		t.Fatal(err)
	}
	columns := make(map[string][]float64, len(header))
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return columns
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, cell := range record {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[header[i]] = append(columns[header[i]], v)
		}
	}
}

// publishedPSA is the 10,000-draw example of dampack.
func publishedPSA(t rapid.TB) (decision.Samples, map[string][]float64) {
	t.Helper()
	table := readTable(t, "dampack_example_psa.csv.gz")
	s := decision.Samples{Strategies: []string{"Chemo", "Radio", "Surgery"}}
	for _, name := range s.Strategies {
		s.Cost = append(s.Cost, table["cost_"+name])
		s.Effect = append(s.Effect, table["effect_"+name])
	}
	return s, table
}

// mustContain fails unless every part is in the text of err.
func mustContain(t rapid.TB, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q lacks %q", err, part)
		}
	}
}
