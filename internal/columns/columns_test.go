package columns_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"text/tabwriter"

	"collectsim/internal/columns"
)

// TestColumnsOfTwoScripts: a column begins in the same cell of every line, whatever script stands before it.
func TestColumnsOfTwoScripts(t *testing.T) {
	for _, c := range []struct {
		aligned func(io.Writer) columns.Writer
		end     string
		want    string
	}{
		{columns.Left, "", "name      n\n上门催收  12\ncafé      3\n|         4\n"},
		{columns.Right, "\t", "      name   n\n  上门催收  12\n      café   3\n         |   4\n"},
	} {
		var b bytes.Buffer
		w := c.aligned(&b)
		for _, row := range [][2]string{{"name", "n"}, {"上门催收", "12"}, {"café", "3"}, {"|", "4"}} {
			fmt.Fprintf(w, "%s\t%s%s\n", row[0], row[1], c.end)
		}
		if err := w.Flush(); err != nil || b.String() != c.want {
			t.Errorf("%v\n%s\nwant\n%s", err, b.String(), c.want)
		}
	}
	if got := columns.Pad("上门", 5); got != " " || columns.Width("上门 a") != 6 || columns.Pad("abc", 2) != "" {
		t.Errorf("pad %q", got)
	}
}

// TestPlainTextIsAsOfTabwriter: text of narrow characters comes out as the standard library's.
func TestPlainTextIsAsOfTabwriter(t *testing.T) {
	text := "a\tbb\tccc\n\ndddd\te\t±×…\n" + strings.Repeat("x", 70) + "\ty\t[1, 2]\n"
	for _, c := range []struct {
		flags   uint
		aligned func(io.Writer) columns.Writer
	}{{0, columns.Left}, {tabwriter.AlignRight, columns.Right}} {
		var want, got bytes.Buffer
		a, b := tabwriter.NewWriter(&want, 0, 0, 2, ' ', c.flags), c.aligned(&got)
		fmt.Fprint(a, text)
		fmt.Fprint(b, text)
		if err := errors.Join(a.Flush(), b.Flush()); err != nil || got.String() != want.String() {
			t.Errorf("got\n%s\nwant\n%s\n%v", got.String(), want.String(), err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestErrorsComeThrough(t *testing.T) {
	w := columns.Left(full{})
	fmt.Fprintln(w, "a\tb")
	if err := w.Flush(); err == nil || err.Error() != "no space left" {
		t.Errorf("got %v", err)
	}
}
