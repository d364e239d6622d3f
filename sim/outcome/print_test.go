package outcome

import (
	"errors"
	"math"
	"strings"
	"testing"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestForms: a result is printed as the document, the table or the text that it is, and an error of the writer is told.
func TestForms(t *testing.T) {
	rows := NewTable("rows", "name", "n", "x")
	header := NewTable("none", "name", "n")
	rows.Add("a,b", 2, 0.5)
	rows.Add("", 3, math.NaN())
	f := Forms{
		JSON: map[string]int{"n": 2},
		CSV:  func() *Table { return rows },
		Text: func(b *strings.Builder) { b.WriteString("two\n") },
	}
	for format, want := range map[string]string{"json": "{\n  \"n\": 2\n}\n", "csv": "name,n,x\n\"a,b\",2,0.5\n\"\",3,\n", "text": "two\n"} {
		var b strings.Builder
		if err := f.Print(&b, format); err != nil || b.String() != want {
			t.Errorf("%s: got %q (%v), want %q", format, b.String(), err, want)
		}
		if err := f.Print(full{}, format); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: to a full disk: %v", format, err)
		}
	}
	if kinds := []Kind{rows.Columns[0].Kind, rows.Columns[1].Kind, rows.Columns[2].Kind}; kinds[0] != Text || kinds[1] != Int || kinds[2] != Float {
		t.Errorf("columns of %v", kinds)
	}
	var b strings.Builder
	if err := header.Write(&b, "csv"); err != nil || b.String() != "name,n\n" {
		t.Errorf("without rows: %q, %v", b.String(), err)
	}
}

// TestRowsOfOneType: a row of other types or of fewer values than the first makes a malformed table.
func TestRowsOfOneType(t *testing.T) {
	for _, second := range [][]any{{"a", "b"}, {"a"}, {1, 2}} {
		x := NewTable("rows", "name", "n")
		x.Add("a", 1)
		x.Add(second...)
		if x.Check() == nil {
			t.Errorf("%v behind a text and a number passes", second)
		}
	}
}
