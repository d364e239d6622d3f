package chart_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"collectsim/analysis/chart"
	"collectsim/internal/golden"
)

var (
	update  = flag.Bool("update", false, "rewrite testdata/golden")
	gallery = flag.String("gallery", "", "folder to write every example to as PNG and PDF, to be looked at")
)

// TestGolden compares the drawing of every example with the one kept as text.
func TestGolden(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			if *gallery != "" {
				for _, ext := range []string{".png", ".pdf"} {
					if err := chart.Save(filepath.Join(*gallery, e.name+ext), e.make()); err != nil {
						t.Fatal(err)
					}
				}
			}
			var got bytes.Buffer
			if err := chart.Write(&got, e.make(), "svg"); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "golden", e.name+".svg")
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !golden.Same(got.Bytes(), want) {
				t.Errorf("drawing differs from %s; look at it with -gallery, accept it with -update", file)
			}
		})
	}
}
