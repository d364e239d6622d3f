package outcome

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"
)

// sample has every kind, nulls, and texts that each format must guard against.
func sample() *Table {
	return &Table{
		Name: "daily", Meta: map[string]string{"seed": "1", "empty": "", "a": "ü"},
		Columns: []Column{
			{
				Name: "rate", Unit: "share", Better: "lower", Doc: "overdue", Kind: Float,
				Float: []float64{0.1, math.NaN(), math.Copysign(0, -1), 1e300, 1.0 / 3},
			},
			{
				Name: "n", Unit: "accounts", Kind: Int, Int: []int64{1, 0, math.MinInt64, math.MaxInt64, -5},
				Null: []bool{false, true, false, false, false},
			},
			{
				Name: "name, with \"quotes\"", Kind: Text, Text: []string{"", "", "a,b\r\nc", "\"", " 家访 "},
				Null: []bool{false, true, false, false, false},
			},
		},
	}
}

func write(t interface{ Fatal(...any) }, table *Table, format string) []byte {
	var buf bytes.Buffer
	if err := table.Write(&buf, format); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// sameValues compares columns and cells. Kinds may differ where csv is true, since CSV stores none.
func sameValues(got, want *Table, csv bool) error {
	if len(got.Columns) != len(want.Columns) || got.Rows() != want.Rows() {
		return fmt.Errorf("got %d x %d, want %d x %d", got.Rows(), len(got.Columns), want.Rows(), len(want.Columns))
	}
	for i := range want.Columns {
		g, w := &got.Columns[i], &want.Columns[i]
		if g.Name != w.Name || !csv && (g.Kind != w.Kind || g.Unit != w.Unit || g.Better != w.Better || g.Doc != w.Doc) {
			return fmt.Errorf("column %d: got %q %v %q %q %q", i, g.Name, g.Kind, g.Unit, g.Better, g.Doc)
		}
		for row := range want.Rows() {
			if csv && len(want.Columns) == 1 && w.IsNull(row) && g.Format(row) == "" {
				continue // documented: the two are one in a table of a single column
			}
			if !sameCell(g, w, row) {
				return fmt.Errorf("column %q row %d: got %q, want %q", w.Name, row, g.Format(row), w.Format(row))
			}
		}
	}
	return nil
}

func sameCell(g, w *Column, row int) bool {
	switch {
	case g.IsNull(row) || w.IsNull(row):
		return g.IsNull(row) && w.IsNull(row)
	case g.Kind == Float && w.Kind == Float:
		return math.Float64bits(g.Float[row]) == math.Float64bits(w.Float[row])
	case g.Kind == Int && w.Kind == Int:
		return g.Int[row] == w.Int[row]
	}
	return g.Format(row) == w.Format(row)
}

func sameMeta(got, want *Table) error {
	if got.Name != want.Name || len(got.Meta) != len(want.Meta) {
		return fmt.Errorf("got name %q meta %q, want %q %q", got.Name, got.Meta, want.Name, want.Meta)
	}
	for k, v := range want.Meta {
		if got.Meta[k] != v {
			return fmt.Errorf("meta %q: got %q, want %q", k, got.Meta[k], v)
		}
	}
	return nil
}

// roundTrip writes, reads and compares.
func roundTrip(t interface{ Fatal(...any) }, table *Table, format string) {
	got, err := Decode(write(t, table, format))
	if err != nil {
		t.Fatal(err)
	}
	err = sameValues(got, table, format == "csv")
	if format != "csv" {
		err = errors.Join(err, sameMeta(got, table), got.Check())
	}
	if err != nil {
		t.Fatal(format, err)
	}
}

func TestRoundTripSample(t *testing.T) {
	for _, format := range []string{"arrow", "parquet", "csv"} {
		roundTrip(t, sample(), format)
	}
}

// tables draws tables of every kind, of 0 to 12 rows. A text column begins with a word, since CSV takes a
// column of digits for numbers.
func tables(maxColumns int) *rapid.Generator[*Table] {
	return rapid.Custom(func(t *rapid.T) *Table {
		rows := rapid.IntRange(0, 12).Draw(t, "rows")
		text := rapid.String()
		names := rapid.SliceOfNDistinct(text.Filter(func(s string) bool {
			cell := csvCell{text: []byte(s)}
			return s != "" && !strings.ContainsRune(s, 0) && !strings.ContainsAny(s, ";|\t") && cell.class() == isText
		}), 1, maxColumns, rapid.ID).Draw(t, "names")
		table := &Table{Name: text.Draw(t, "name")}
		if meta := rapid.MapOf(text.Filter(func(s string) bool { return s != nameKey }), text).Draw(t, "meta"); len(meta) > 0 {
			table.Meta = meta
		}
		for _, name := range names {
			c := Column{Name: name, Unit: text.Draw(t, "unit"), Kind: Kind(rapid.IntRange(1, 3).Draw(t, "kind"))}
			switch c.Kind {
			case Float:
				c.Float = rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{
					math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1, math.SmallestNonzeroFloat64, math.MaxFloat64,
				})), rows, rows).Draw(t, "float")
			case Int:
				c.Int = rapid.SliceOfN(rapid.Int64(), rows, rows).Draw(t, "int")
			case Text:
				c.Text = rapid.SliceOfN(rapid.OneOf(text, rapid.SampledFrom([]string{"", "NA", "7", "007", "a\r\nb", "\"\"", "\ufeff"})),
					rows, rows).Draw(t, "text")
			}
			if rapid.Bool().Draw(t, "nulls") {
				c.Null = rapid.SliceOfN(rapid.Bool(), rows, rows).Draw(t, "null")
			}
			if c.Kind == Text && rows > 0 {
				c.Text[0] = "word"
				if c.Null != nil {
					c.Null[0] = false
				}
			}
			table.Columns = append(table.Columns, c)
		}
		return table
	})
}

func TestRoundTripProperty(t *testing.T) {
	for _, format := range []string{"arrow", "parquet", "csv"} {
		t.Run(format, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { roundTrip(t, tables(4).Draw(t, "table"), format) })
		})
	}
}

// The JSON is read by another implementation, the standard library's.
func TestJSONProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := tables(4).Draw(t, "table")
		for i := range table.Columns {
			for row, v := range table.Columns[i].Float {
				if math.IsInf(v, 0) {
					table.Columns[i].Float[row] = 7
				}
			}
		}
		var rows []map[string]any
		dec := json.NewDecoder(bytes.NewReader(write(t, table, "json")))
		dec.UseNumber()
		if err := dec.Decode(&rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) != table.Rows() {
			t.Fatalf("got %d rows, want %d", len(rows), table.Rows())
		}
		for row, object := range rows {
			for i := range table.Columns {
				c := &table.Columns[i]
				value, ok := object[c.Name]
				if !ok || len(object) != len(table.Columns) {
					t.Fatalf("row %d has no %q, or a column more", row, c.Name)
				}
				if value == nil != c.IsNull(row) || value != nil && fmt.Sprint(value) != c.Format(row) {
					t.Fatalf("column %q row %d: got %v, want %q", c.Name, row, value, c.Format(row))
				}
			}
		}
	})
}

func TestGoldenText(t *testing.T) {
	table := &Table{Name: "t", Columns: []Column{
		{Name: "a", Kind: Float, Float: []float64{0.1, math.NaN(), 1e15, 123456789, 1e-7}},
		{Name: "b", Kind: Text, Text: []string{"x<y", "", "q\"", "", "l\n"}, Null: []bool{false, true, false, false, false}},
	}}
	for format, want := range map[string]string{
		"csv": "a,b\n0.1,x<y\n,\n1e+15,\"q\"\"\"\n123456789,\"\"\n1e-07,\"l\n\"\n",
		"json": "[\n" + `{"a":0.1,"b":"x<y"},` + "\n" + `{"a":null,"b":null},` + "\n" + `{"a":1e+15,"b":"q\""},` + "\n" +
			`{"a":123456789,"b":""},` + "\n" + `{"a":1e-07,"b":"l\n"}` + "\n]\n",
	} {
		if got := string(write(t, table, format)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", format, got, want)
		}
	}
	for i := range table.Columns {
		table.Columns[i].clear()
	}
	if got := string(write(t, table, "json")); got != "[]\n" {
		t.Errorf("empty table: got %q", got)
	}
	if got := string(write(t, table, "csv")); got != "a,b\n" {
		t.Errorf("empty table: got %q", got)
	}
}

// A name that begins with a byte order mark is not mistaken for the file's own.
func TestCSVMarkInName(t *testing.T) {
	roundTrip(t, &Table{Columns: []Column{{Name: "\ufeffa", Kind: Int, Int: []int64{1}}}}, "csv")
}

func TestInfinityHasNoJSON(t *testing.T) {
	table := &Table{Name: "t", Columns: []Column{{Name: "a", Kind: Float, Float: []float64{1, math.Inf(-1)}}}}
	err := table.Write(io.Discard, "json")
	if err == nil || !strings.Contains(err.Error(), `table "t": write json: column "a": row 2: -Inf has no JSON form`) {
		t.Error(err)
	}
}

// long has more rows than a batch or a row group, and texts that compress badly and well.
func long(rows int) *Table {
	table := &Table{Name: "long", Columns: []Column{{Name: "id", Kind: Int}, {Name: "x", Kind: Float}, {Name: "s", Kind: Text}}}
	state := uint64(1)
	for i := range rows {
		state = state*6364136223846793005 + 1442695040888963407
		table.Columns[0].Int = append(table.Columns[0].Int, int64(i))
		table.Columns[1].Float = append(table.Columns[1].Float, float64(state>>11))
		table.Columns[2].Text = append(table.Columns[2].Text, fmt.Sprint(state%uint64(i+1)))
	}
	return table
}

// The same table gives the same bytes, on any number of threads and in whatever pieces it is handed over.
func TestBytesAreDeterministic(t *testing.T) {
	for format, rows := range map[string]int{"arrow": batchRows + 17, "parquet": rowGroupRows + 17} {
		table := long(rows)
		want := write(t, table, format)
		if got, err := Decode(want); err != nil || sameValues(got, table, false) != nil {
			t.Fatal(format, err)
		}
		for _, threads := range []int{1, 7} {
			old := runtime.GOMAXPROCS(threads)
			got := write(t, table, format)
			runtime.GOMAXPROCS(old)
			if !bytes.Equal(got, want) {
				t.Errorf("%s: bytes differ on %d threads", format, threads)
			}
		}
	}
}

func TestTableWriterPieces(t *testing.T) {
	table := long(batchRows + 100)
	want := write(t, table, "arrow")
	for _, size := range []int{batchRows - 1, batchRows, 33_333} {
		var buf bytes.Buffer
		w, err := NewTableWriter(&buf, table)
		if err != nil {
			t.Fatal(err)
		}
		for from := 0; from < table.Rows(); from += size {
			if err := w.Append(slice(table, from, min(from+size, table.Rows()))); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(w.Close(), w.Close()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(buf.Bytes(), want) {
			t.Errorf("pieces of %d rows give other bytes", size)
		}
	}
}

func slice(t *Table, from, to int) *Table {
	out := &Table{Columns: slices.Clone(t.Columns)}
	out.Columns[0].Int = t.Columns[0].Int[from:to]
	out.Columns[1].Float = t.Columns[1].Float[from:to]
	out.Columns[2].Text = t.Columns[2].Text[from:to]
	return out
}

func TestTableWriterRefuses(t *testing.T) {
	w, err := NewTableWriter(io.Discard, sample())
	if err != nil {
		t.Fatal(err)
	}
	other := sample()
	other.Columns[1].Name = "m"
	err = w.Append(other)
	if err == nil || err.Error() != `table "daily": append: column 2 is "m" (int), want "n" (int)` {
		t.Error(err)
	}
	if again := w.Append(sample()); again != err {
		t.Errorf("the error is not kept: %v", again)
	}
	if w.Close() != err || w.Append(sample()) == nil {
		t.Error("close loses the error, or append works after close")
	}
	short := sample()
	short.Columns = short.Columns[:2]
	if w, err = NewTableWriter(io.Discard, sample()); err != nil || w.Append(short) == nil || w.Close() == nil {
		t.Error("a missing column passes")
	}
	if _, err := NewTableWriter(io.Discard, &Table{Name: "x"}); err == nil {
		t.Error("a table without columns passes")
	}
}

// brokenWriter fails after n bytes.
type brokenWriter struct{ n int }

var errBroken = errors.New("disk full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestWriteErrorsAreReported(t *testing.T) {
	for _, format := range Formats() {
		size := len(write(t, long(2000), format))
		for _, n := range []int{0, 100, size / 2, size - 1} {
			if err := long(2000).Write(&brokenWriter{n}, format); !errors.Is(err, errBroken) {
				t.Errorf("%s, broken after %d of %d bytes: %v", format, n, size, err)
			}
		}
	}
}

// closeWatch notices that a format closes a writer that it does not own.
type closeWatch struct {
	bytes.Buffer
	closed bool
}

func (c *closeWatch) Close() error { c.closed = true; return nil }

func TestWriteKeepsOpen(t *testing.T) {
	for _, format := range Formats() {
		var w closeWatch
		if err := sample().Write(&w, format); err != nil || w.closed {
			t.Errorf("%s: closed %v, %v", format, w.closed, err)
		}
	}
}

// Every buffer that the Arrow library hands out is given back.
func TestNoLeaks(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.NewGoAllocator())
	defer mem.AssertSize(t, 0)
	var buf, pq bytes.Buffer
	w, err := newTableWriter(&buf, sample(), mem)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := w.Append(sample()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := readArrow(buf.Bytes(), nil, mem); err != nil {
		t.Fatal(err)
	}
	if err := writeParquetWith(sample(), &pq, mem); err != nil {
		t.Fatal(err)
	}
	if _, err := readParquet(pq.Bytes(), nil, mem); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Table)
		want  string
	}{
		"no columns":   {func(t *Table) { t.Columns = nil }, "has no columns"},
		"no name":      {func(t *Table) { t.Columns[0].Name = "" }, `column "": has no name`},
		"twice":        {func(t *Table) { t.Columns[0].Name = "n" }, `column "n": is there twice`},
		"kind":         {func(t *Table) { t.Columns[0].Kind = 0 }, `unknown kind 0`},
		"rows":         {func(t *Table) { t.Columns[1].Int = []int64{1} }, `column "n": has 1 rows, the first column has 5`},
		"wrong slice":  {func(t *Table) { t.Columns[1].Float = []float64{1} }, `of kind int but holds values of another`},
		"null marks":   {func(t *Table) { t.Columns[1].Null = []bool{true} }, `1 null marks for 5 rows`},
		"bytes":        {func(t *Table) { t.Columns[2].Text[4] = "\xff" }, `row 5: text is not UTF-8`},
		"bytes in doc": {func(t *Table) { t.Columns[2].Doc = "\xff" }, `is not UTF-8`},
		"meta":         {func(t *Table) { t.Meta["x"] = "\xff" }, `meta: is not UTF-8`},
	} {
		table := sample()
		c.spoil(table)
		if err := table.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		for _, format := range Formats() {
			if table.Write(io.Discard, format) == nil {
				t.Errorf("%s: written as %s", name, format)
			}
		}
	}
	if err := sample().Check(); err != nil {
		t.Error(err)
	}
	if err := sample().Write(io.Discard, "xlsx"); err == nil || !strings.Contains(err.Error(), `format "xlsx": must be one of`) {
		t.Error(err)
	}
}

func TestFloats(t *testing.T) {
	table := sample()
	if got := table.Column("n").Floats(); got[0] != 1 || !math.IsNaN(got[1]) || got[4] != -5 {
		t.Error(got)
	}
	if got := (&Column{Kind: Float, Float: []float64{1, 2}, Null: []bool{true, false}}).Floats(); !math.IsNaN(got[0]) || got[1] != 2 {
		t.Error(got)
	}
	if table.Columns[2].Floats() != nil || table.Column("none") != nil {
		t.Error("a text column has floats, or a column is found that is not there")
	}
}

func TestReadTable(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte("a,b\n1,x\n")); err != nil || z.Close() != nil {
		t.Fatal("gzip")
	}
	arrow := write(t, sample(), "arrow")
	for name, c := range map[string]struct {
		data []byte
		want string // name of the table, or error
	}{
		"t.csv.gz":     {zipped.Bytes(), "t"},
		"lies.csv":     {arrow, "daily"},
		"x.parquet":    {write(t, sample(), "parquet"), "daily"},
		"empty.csv":    {nil, "is empty"},
		"blank.csv":    {[]byte("\xef\xbb\xbf \n\n"), "is empty: must have a header line"},
		"book.csv":     {[]byte("PK\x03\x04..."), "Excel workbook"},
		"utf16.csv":    {[]byte("\xff\xfea\x00"), "UTF-16"},
		"cut.arrow":    {arrow[:len(arrow)/2], "not an Arrow file"},
		"cut.gz":       {zipped.Bytes()[:12], "unpack gzip: unexpected EOF"},
		"short.arrow":  {[]byte("ARROW1"), "file too small"},
		"none.parquet": {[]byte("PAR1"), "parquet"},
		"bin.dat":      {[]byte("\x00\x01\x02"), "neither Arrow, Parquet nor CSV"},
	} {
		path := put(name, c.data)
		got, err := ReadTable(path)
		if err != nil {
			if !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: got %v, want %q", name, err, c.want)
			}
		} else if got.Name != c.want {
			t.Errorf("%s: got name %q, want %q", name, got.Name, c.want)
		}
	}
	ragged := put("ragged.csv", []byte("a,b\n1\n2\n"))
	if _, err := ReadTable(ragged); err == nil || strings.Count(err.Error(), ragged+": row ") != 2 {
		t.Errorf("each line of an error must start with the path, got %v", err)
	}
	if _, err := ReadTable(dir); err == nil || err.Error() != dir+": is a folder, must be a table file" {
		t.Error(err)
	}
	if _, err := ReadTable(filepath.Join(dir, "no")); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), dir) {
		t.Error(err)
	}
}

// A file that is cut off gives an error; one with a changed bit in its data an error or other values, but no panic.
// The footer, which holds the lengths that the libraries believe, is left alone.
func TestDamagedFiles(t *testing.T) {
	for format, tail := range map[string]int{"arrow": len("1234ARROW1"), "parquet": len("1234PAR1")} {
		whole := write(t, sample(), format)
		footer := len(whole) - tail - int(binary.LittleEndian.Uint32(whole[len(whole)-tail:]))
		for i := len(magicArrow); i < len(whole); i++ {
			if _, err := Decode(whole[:i]); err == nil {
				t.Errorf("%s: read when cut to %d bytes", format, i)
			}
		}
		refused := 0
		for i := len(magicArrow); i < footer; i++ {
			broken := slices.Clone(whole)
			broken[i] ^= 1
			if _, err := Decode(broken); err != nil {
				refused++
			}
		}
		if refused < footer/20 {
			t.Errorf("%s: only %d of %d damages are noticed", format, refused, footer)
		}
	}
}
