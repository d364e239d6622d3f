package outcome

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCSVKinds(t *testing.T) {
	for _, c := range []struct {
		name, cells string // one cell a line
		kind        Kind
		want        []string // by Format; "<null>" is null
	}{
		{"integers", "1\n-2\n+3\n 4 \n\"5\"", Int, []string{"1", "-2", "3", "4", "5"}},
		{"floats", "1\n2.50\n1e3\n.5\n-0\nInf\n-inf", Float, []string{"1", "2.5", "1000", "0.5", "-0", "Inf", "-Inf"}},
		{"missing integers", "1\nNA\nnull\n\"\"\n2", Int, []string{"1", "<null>", "<null>", "<null>", "2"}},
		{"missing floats", "1.5\nNaN\nN/A", Float, []string{"1.5", "<null>", "<null>"}},
		{"keys with leading zero", "007\n8", Text, []string{"007", "8"}},
		{"zero is no key", "0\n0.5\n-0.25", Float, []string{"0", "0.5", "-0.25"}},
		{"keys longer than int64", "9223372036854775808\n1", Text, []string{"9223372036854775808", "1"}},
		{"largest int64", "9223372036854775807", Int, []string{"9223372036854775807"}},
		{"text keeps NA", "x\nNA\n\"\"", Text, []string{"x", "NA", ""}},
		{"NA alone is text", "NA\nNA", Text, []string{"NA", "NA"}},
		{"no value", "\"\"\n\"\"", Text, []string{"", ""}},
		{"hexadecimal is text", "0x1p-2\n0x10", Text, []string{"0x1p-2", "0x10"}},
		{"underscores are text", "1_000", Text, []string{"1_000"}},
		{"signs are text", "-\n+\n--1", Text, []string{"-", "+", "--1"}},
		{"dates are text", "2005-07-01", Text, []string{"2005-07-01"}},
		{"too large a float is text", "1e999", Text, []string{"1e999"}},
	} {
		table, err := Decode([]byte("a\n" + c.cells))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		column := table.Columns[0]
		var got []string
		for row := range column.Len() {
			if column.IsNull(row) {
				got = append(got, "<null>")
			} else {
				got = append(got, column.Format(row))
			}
		}
		if column.Kind != c.kind || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v %q, want %v %q", c.name, column.Kind, got, c.kind, c.want)
		}
	}
}

func TestCSVShapes(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"byte order mark, CRLF", "\xef\xbb\xbfa,b\r\n1,\"x\r\ny\"\r\n", `[a:"1" b:"x\r\ny"]`},
		{"return at the end", "a,b\n1,\r", `[a:"1" b:""]`},
		{"no last line end", "a,b\n1,2", `[a:"1" b:"2"]`},
		{"blank lines", "\n\na,b\n\n1,2\n\r\n\n", `[a:"1" b:"2"]`},
		{"empty last cell", "a,b\nx,\n", `[a:"x" b:""]`},
		{"unnamed column", ",b\n0,2\n", `[column 1:"0" b:"2"]`},
		{"lone return is text", "a,b\nx\ry,2\n", `[a:"x\ry" b:"2"]`},
		{"doubled quotes", "a,b\n\"\"\"\",\"a\"\"b\"\n", `[a:"\"" b:"a\"b"]`},
		{"no rows", "a,b\n", ``},
	} {
		table, err := Decode([]byte(c.data))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := show(table); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// show prints the rows of a table.
func show(t *Table) string {
	var b strings.Builder
	for row := range t.Rows() {
		var cells []string
		for i := range t.Columns {
			cells = append(cells, fmt.Sprintf("%s:%q", t.Columns[i].Name, t.Columns[i].Format(row)))
		}
		fmt.Fprint(&b, cells)
	}
	return b.String()
}

func TestCSVErrors(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"ragged", "a,b\n1,2\n\n3\n4,5,6\n", "row 2 (line 4): has 1 cells, the header has 2\nrow 3 (line 5): has 3 cells, the header has 2"},
		{
			"line numbers count lines in texts", "a,b\n\"x\ny\",1\n2\n",
			"row 2 (line 4): has 1 cells, the header has 2",
		},
		{"same name", "a,b,a\n1,2,3\n", `header: column 3: the name "a" is that of column 1 too`},
		{"no header", "1,2.5\n3,4\n", "header: holds numbers only: the first line must name the columns"},
		{"semicolons", "a;b\n1;2\n", "header: has one column with ; | or tabs in it: cells must be separated by commas"},
		{"open quote", "a,b\n1,2\n3,\"x\n", "row 2: line 3: column 2: the opening quote is never closed"},
		{"JSON", "[\n{\"a\":1}\n]\n", "is JSON: must be Arrow, Parquet or CSV"},
		{"quote inside", "a,b\n1,x\"y\"\n", `row 1: line 2: column 2: has a " inside: quote the whole cell and double the quotes in it`},
		{"text after quote", "a,b\n1,\"x\" y\n", "row 1: line 2: column 2: has text after its closing quote"},
		{"bytes", "a,b\n1,\xd6\xd0\n", `row 1 (line 2): column "b": is not UTF-8: save the file as UTF-8`},
		{"old Mac lines", "a,b\r1,2\r", `header: has a lone carriage return: lines must end with \n or \r\n`},
		{"bytes in header", "a,\xd6\xd0\n1,2\n", `header: column 2: is not UTF-8: save the file as UTF-8`},
		{"open quote in header", "\"a\n", "header: line 1: column 1: the opening quote is never closed"},
	} {
		_, err := Decode([]byte(c.data))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	_, err := Decode([]byte("a,b\n" + strings.Repeat("1\n", 50)))
	if err == nil || !strings.HasSuffix(err.Error(), "row 20 (line 21): has 1 cells, the header has 2\n30 more errors in rows") {
		t.Error("many errors:", err)
	}
}

// oracle reads CSV with the standard library, which lacks the null rule and rewrites \r\n.
func oracle(data []byte) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), byteOrderMark)))
	return r.ReadAll()
}

// Where both read a text, the cells agree with encoding/csv.
func checkAgainstOracle(t interface{ Fatalf(string, ...any) }, data []byte) {
	got, err := readCSV(data, Dialect{})
	if err != nil {
		return
	}
	want, err := oracle(data)
	if err != nil || len(want) == 0 {
		return
	}
	if got.Rows() != len(want)-1 || len(got.Columns) != len(want[0]) {
		t.Fatalf("%q: got %d x %d, want %d x %d", data, got.Rows(), len(got.Columns), len(want)-1, len(want[0]))
	}
	for i := range got.Columns {
		c := &got.Columns[i]
		for row := range c.Len() {
			if c.Kind == Text && strings.ReplaceAll(c.Format(row), "\r\n", "\n") != want[row+1][i] {
				t.Fatalf("%q: column %d row %d: got %q, want %q", data, i, row, c.Format(row), want[row+1][i])
			}
		}
	}
}

func TestCSVAgainstOracle(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "\"x\"", "\"", ",", ",", "\n", "\r\n", "\r", "1", "\"\"", " ", "é", "\"a,b\""})
	rapid.Check(t, func(t *rapid.T) {
		data := []byte("h,k\n" + strings.Join(rapid.SliceOf(piece).Draw(t, "pieces"), ""))
		checkAgainstOracle(t, data)
	})
}

// FuzzCSV checks that nothing panics, that what is read can be written and read again to the same values.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,x\n", "\xef\xbb\xbfa\r\n\"\"\r\n", "a,b\n\"x\n\"\"y\",\n", "a\n1e5\nNA\n", "a,b\n1\n", "a;b\n", "\"", ",\n,\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkAgainstOracle(t, data)
		table, err := readCSV(data, Dialect{})
		if err != nil {
			return
		}
		if err := table.Check(); err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := table.Write(&text, "csv"); err != nil {
			t.Fatal(err)
		}
		again, err := readCSV([]byte(text.String()), Dialect{})
		if err != nil {
			t.Fatalf("%q written as %q: %v", data, text.String(), err)
		}
		if err := sameValues(again, table, true); err != nil {
			t.Fatalf("%q written as %q: %v", data, text.String(), err)
		}
	})
}

func BenchmarkReadCSV(b *testing.B) {
	var text strings.Builder
	if err := long(100_000).Write(&text, "csv"); err != nil {
		b.Fatal(err)
	}
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		table, err := Decode(data)
		if err != nil || table.Rows() != 100_000 {
			b.Fatal(err)
		}
	}
}

func ExampleTable_Write() {
	table := Table{Name: "rates", Columns: []Column{
		{Name: "strategy", Kind: Text, Text: []string{"remind", "visit"}},
		{Name: "cost_per_cure", Unit: "CNY", Better: "lower", Kind: Float, Float: []float64{math.NaN(), 81.25}},
	}}
	var out strings.Builder
	if err := table.Write(&out, "csv"); err != nil {
		fmt.Println(err)
	}
	fmt.Print(out.String())
	// Output:
	// strategy,cost_per_cure
	// remind,
	// visit,81.25
}

func ExampleNewTableWriter() {
	schema := Table{Name: "events", Columns: []Column{{Name: "day", Unit: "day", Kind: Int}}}
	w, err := NewTableWriter(io.Discard, &schema)
	if err != nil {
		fmt.Println(err)
		return
	}
	for day := range int64(3) {
		batch := Table{Columns: []Column{{Name: "day", Kind: Int, Int: []int64{day, day}}}}
		if err := w.Append(&batch); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(w.Close())
	// Output: <nil>
}

// TestManyFaultsOfAHeaderAreCounted: a file of numbers without a header has as many faults as columns, and they are
// not all listed.
func TestManyFaultsOfAHeaderAreCounted(t *testing.T) {
	_, err := Decode([]byte(strings.Repeat("a,", 99_999) + "a\n"))
	if err == nil || strings.Count(err.Error(), "\n") != 20 || !strings.HasSuffix(err.Error(), "99979 more errors in the header") {
		t.Errorf("got %.300v", err)
	}
}
