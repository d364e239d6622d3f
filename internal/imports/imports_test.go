// Package imports proves who may import whom. The tables below are the architecture: data flows from
// scenario and tape through the engine into tables, from the tables into the analysis, and never back.
//
// Source files are read, not built, so imports behind any build constraint count, and `go test` knows
// on which files its cached result rests. Test files may import more: an oracle can need it.
package imports

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "collectsim"

// In every table a pattern "a/..." stands for a and everything below it, "..." for every package.

// ours says which packages of this module each package may import. A package without a row fails.
var ours = map[string][]string{
	"data":         {},
	"sim/rng":      {},
	"sim/loan":     {},
	"sim/borrower": {"sim/loan", "sim/rng"},
	"sim/strategy": {"sim/loan"}, // not borrower: a strategy cannot see latent state
	"sim/outcome":  {"sim/loan"},
	"sim/tape":     {"sim/loan", "sim/outcome", "sim/scenario/overlay"},
	"sim":          {"sim/borrower", "sim/loan", "sim/outcome", "sim/rng", "sim/strategy", "sim/tape"},

	"sim/scenario":         {"sim/...", "data"},
	"sim/sweep":            {"sim/..."},
	"sim/scenario/overlay": {},

	"analysis/estimate":    {},
	"analysis/compare":     {"analysis/estimate"},
	"analysis/decision":    {},
	"analysis/sensitivity": {},
	"analysis/chart":       {"analysis/estimate", "analysis/compare", "analysis/decision"},
	"analysis/calibrate":   {"sim/...", "analysis/estimate", "analysis/experiment", "analysis/sensitivity", "internal/columns"},
	"analysis/experiment":  {"sim/...", "analysis/estimate", "analysis/sensitivity", "internal/columns"},
	"analysis/explore":     {"analysis/chart", "analysis/decision", "analysis/estimate", "analysis/sensitivity", "sim/outcome", "internal/columns"},
	"analysis/search":      {"sim/...", "analysis/compare", "analysis/estimate", "analysis/sensitivity", "internal/columns"},
	"analysis/report":      {"analysis/...", "sim/outcome", "sim/loan", "internal/columns"},

	"cmd/...":       {"..."},
	"internal/docs": {"sim/..."}, // reads what it documents; figures come from runs of the command

	"internal/columns":  {}, // of printed tables
	"internal/golden":   {},
	"internal/sameseed": {},
}

// libraries says which packages may import each library, by path prefix. One without a row fails, so
// libraries for tests alone stay out of what ships.
var libraries = map[string][]string{
	"codeberg.org/go-pdf/fpdf":       {"analysis/chart"},
	"github.com/apache/arrow":        {"sim/outcome"}, // its handles need care, so one place has them
	"github.com/goccy/go-yaml":       {"sim/scenario/...", "sim/tape", "analysis/calibrate"},
	"github.com/invopop/jsonschema":  {"sim/scenario/...", "cmd/..."},
	"github.com/rivo/uniseg":         {"internal/columns"},
	"github.com/schollz/progressbar": {"cmd/..."},
	"github.com/spf13":               {"cmd/..."},
	"golang.org/x/image":             {"analysis/chart"},
	"golang.org/x/sync":              {"sim", "sim/sweep", "analysis/calibrate", "analysis/experiment", "analysis/search", "cmd/..."},
	"golang.org/x/term":              {"cmd/..."},
	"golang.org/x/text":              {"sim/outcome"},
	"gonum.org/v1/gonum":             {"analysis/..."},
	"gonum.org/v1/plot":              {"analysis/chart"},
	"pgregory.net/rapid":             {"internal/sameseed"}, // which tests alone import
}

// core is where results are made: no clock, no generator but rng's, no file system.
var core = []string{"sim", "sim/borrower", "sim/loan", "sim/rng", "sim/strategy"}

// barred says which packages must not import a standard package or what lies below it. The row with
// the longest path decides; one without a row is free to all.
var barred = map[string][]string{
	"crypto/rand":  {"..."},
	"flag":         {"sim/...", "analysis/...", "cmd/...", "data"}, // the command line is pflag's
	"log":          {"sim/...", "analysis/...", "data"},            // libraries return errors and warnings
	"math/rand":    {"..."},                                        // has a global generator that seeds itself
	"math/rand/v2": {"sim/...", "data"},
	"net":          {"sim/...", "analysis/...", "data"},
	"os":           core,
	"time":         core,
}

// TestImports holds every package of the module against the tables.
func TestImports(t *testing.T) {
	if err := check(os.DirFS("../..")); err != nil {
		t.Error(err)
	}
}

// TestPlantedImports shows that each kind of forbidden import is caught, and by name.
func TestPlantedImports(t *testing.T) {
	for _, c := range []struct{ pkg, imports, want string }{
		{"sim/strategy", "collectsim/sim/borrower", "of ours it may import sim/loan"},
		{"sim", "collectsim/sim/scenario", "of ours it may import"},
		{"sim/rng", "collectsim/sim/loan", "of ours it may import nothing"},
		{"analysis/estimate", "collectsim/sim", "of ours it may import nothing"},
		{"analysis/report", "collectsim/sim", "of ours it may import"},
		{"analysis/report", "collectsim/cmd/collectsim", "of ours it may import"},
		{"sim/novel", "fmt", "has no row"},
		{"sim/tape", "github.com/apache/arrow/go/v17/arrow", "only sim/outcome may"},
		{"analysis/report", "gonum.org/v1/plot/vg", "only analysis/chart may"},
		{"sim/scenario", "github.com/spf13/pflag", "only cmd/... may"},
		{"analysis/compare", "pgregory.net/rapid", "only internal/sameseed may"},
		{"analysis/compare", "example.org/new/library", "library has no row"},
		{"sim/rng", "math/rand/v2", "barred"},
		{"sim/rng", "time", "barred"},
		{"analysis/compare", "math/rand", "barred"},
		{"sim", "os/signal", "barred"},
		{"sim", "flag", "barred"},
		{"data", "fmt", "nothing but embed"},
	} {
		t.Run(c.pkg+" imports "+c.imports, func(t *testing.T) {
			file := c.pkg + "/planted.go"
			tree := fstest.MapFS{file: {Data: fmt.Appendf(nil, "//go:build never\n\npackage p\n\nimport _ %q\n", c.imports)}}
			err := check(tree)
			if err == nil || !strings.Contains(err.Error(), c.pkg) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error that names %s and says %q", err, c.pkg, c.want)
			}
		})
	}
}

// TestAllowedImports shows that check does not object to everything.
func TestAllowedImports(t *testing.T) {
	tree := fstest.MapFS{
		"sim/borrower/a.go":      {Data: []byte("package p\nimport (_ \"math\"; _ \"collectsim/sim/rng\")")},
		"sim/borrower/a_test.go": {Data: []byte("package p\nimport (_ \"os\"; _ \"pgregory.net/rapid\")")},
		"cmd/collectsim/a.go":    {Data: []byte("package p\nimport (_ \"os\"; _ \"github.com/spf13/cobra\"; _ \"collectsim/analysis/report\")")},
		"analysis/compare/a.go":  {Data: []byte("package p\nimport (_ \"math/rand/v2\"; _ \"gonum.org/v1/gonum/stat\")")},
		"sim/rng/testdata/a.go":  {Data: []byte("package p\nimport _ \"collectsim/sim\"")},
	}
	if err := check(tree); err != nil {
		t.Error(err)
	}
}

// TestPropertiesDrawTheSame: a package whose tests have properties imports sameseed in one of them, so that a commit
// passes or fails whoever tests it.
func TestPropertiesDrawTheSame(t *testing.T) {
	properties, seeded := map[string]bool{}, map[string]bool{}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skip(d.Name())
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path.Join("../..", name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			switch spec.Path.Value {
			case `"pgregory.net/rapid"`:
				properties[path.Dir(name)] = true
			case `"collectsim/internal/sameseed"`:
				seeded[path.Dir(name)] = true
			}
		}
		return nil
	})
	if err != nil || len(properties) == 0 {
		t.Fatal("no test has a property:", err)
	}
	for pkg := range properties {
		if !seeded[pkg] {
			t.Errorf("%s: tests have properties; import _ \"collectsim/internal/sameseed\" in one of them", pkg)
		}
	}
}

// check reads every source file of the tree and returns all imports that the tables forbid.
func check(tree fs.FS) error {
	var errs []error
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skip(d.Name())
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		errs = append(errs, hasRow(path.Dir(name)))
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if err := allowed(path.Dir(name), imported); err != nil {
				errs = append(errs, fmt.Errorf("%s: imports %s: %w", name, imported, err))
			}
		}
		return nil
	})
	return errors.Join(append(errs, err)...)
}

// skip leaves out what the go command leaves out, and folders of other languages.
func skip(folder string) error {
	if folder == "testdata" || folder == "node_modules" || folder != "." && strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") {
		return fs.SkipDir
	}
	return nil
}

func hasRow(pkg string) error {
	for row := range ours {
		if matches(row, pkg) {
			return nil
		}
	}
	return fmt.Errorf("%s: has no row in the table of packages; say there what it may import", pkg)
}

// allowed says why pkg may not import a path, nil if it may.
func allowed(pkg, imported string) error {
	if own, ok := strings.CutPrefix(imported, module+"/"); ok {
		if may := rowOf(ours, pkg); !matchesAny(may, own) {
			return fmt.Errorf("of ours it may import %s", orNothing(may))
		}
		return nil
	}
	if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
		may, ok := longest(libraries, imported)
		switch {
		case !ok:
			return errors.New("the library has no row in the table of libraries; say there who may import it")
		case !matchesAny(may, pkg):
			return fmt.Errorf("only %s may", orNothing(may))
		}
		return nil
	}
	if pkg == "data" && imported != "embed" {
		return errors.New("data holds nothing but embed")
	}
	if from, ok := longest(barred, imported); ok && matchesAny(from, pkg) {
		return errors.New("barred there")
	}
	return nil
}

// rowOf returns the row whose pattern matches a package.
func rowOf(table map[string][]string, pkg string) []string {
	for row, may := range table {
		if matches(row, pkg) {
			return may
		}
	}
	return nil
}

// longest returns the row with the longest path that is imported or lies above it.
func longest(table map[string][]string, imported string) (row []string, ok bool) {
	for p := imported; p != "."; p = path.Dir(p) {
		if row, ok = table[p]; ok {
			return row, true
		}
	}
	return nil, false
}

func matchesAny(patterns []string, pkg string) bool {
	for _, p := range patterns {
		if matches(p, pkg) {
			return true
		}
	}
	return false
}

func matches(pattern, pkg string) bool {
	above, all := strings.CutSuffix(pattern, "...")
	if !all {
		return pattern == pkg
	}
	return strings.HasPrefix(pkg+"/", above)
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
