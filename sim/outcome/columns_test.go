package outcome_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"collectsim/sim/outcome"
)

func TestOpenColumns(t *testing.T) {
	dir := t.TempDir()
	table := &outcome.Table{Name: "points", Columns: []outcome.Column{{Name: "a", Kind: outcome.Float}, {Name: "b", Kind: outcome.Int, Unit: "days"}, {Name: "c", Kind: outcome.Text}}}
	for i := range 70_000 { // more than one batch
		table.Columns[0].Float = append(table.Columns[0].Float, float64(i)/2)
		table.Columns[1].Int = append(table.Columns[1].Int, int64(-i))
		table.Columns[2].Text = append(table.Columns[2].Text, "x")
	}
	path := filepath.Join(dir, "points.arrow")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Write(file, "arrow"); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := outcome.OpenColumns(dir, "points", "c", "a", "none")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Columns) != 2 || !reflect.DeepEqual(got.Columns[0], table.Columns[0]) || !reflect.DeepEqual(got.Columns[1], table.Columns[2]) || got.Name != "points" {
		t.Errorf("got %d columns of %d rows", len(got.Columns), got.Rows())
	}
	if _, err := outcome.OpenColumns(dir, "lines", "a"); err == nil {
		t.Error("a table that is not there: no error")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 100, len(content) / 2, len(content) - 1} {
		if err := os.WriteFile(path, content[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := outcome.OpenColumns(dir, "points", "a"); err == nil {
			t.Errorf("cut after %d of %d bytes: no error", cut, len(content))
		}
	}
}
