package outcome

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/decimal128"
	"github.com/apache/arrow/go/v17/arrow/decimal256"
	"github.com/apache/arrow/go/v17/arrow/float16"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// foreignCase is a column as another program may write it: its type, a function that appends one value, and what is read.
type foreignCase struct {
	name  string
	dt    arrow.DataType
	value func(array.Builder)
	kind  Kind
	want  string // by Format
	noPq  bool   // Parquet, or the library's writer of it, lacks the type
}

func foreignCases() []foreignCase {
	put := func(s string) func(array.Builder) {
		return func(b array.Builder) {
			if err := b.AppendValueFromString(s); err != nil {
				panic(err)
			}
		}
	}
	dict := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	dictInt := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: arrow.PrimitiveTypes.Int32}
	at := &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "Asia/Shanghai"}
	return []foreignCase{
		{name: "int8", dt: arrow.PrimitiveTypes.Int8, value: put("-128"), kind: Int, want: "-128"},
		{name: "int16", dt: arrow.PrimitiveTypes.Int16, value: put("-32768"), kind: Int, want: "-32768"},
		{name: "int32", dt: arrow.PrimitiveTypes.Int32, value: put("-2147483648"), kind: Int, want: "-2147483648"},
		{name: "int64", dt: arrow.PrimitiveTypes.Int64, value: put("-9223372036854775808"), kind: Int, want: "-9223372036854775808"},
		{name: "uint8", dt: arrow.PrimitiveTypes.Uint8, value: put("255"), kind: Int, want: "255"},
		{name: "uint16", dt: arrow.PrimitiveTypes.Uint16, value: put("65535"), kind: Int, want: "65535"},
		{name: "uint32", dt: arrow.PrimitiveTypes.Uint32, value: put("4294967295"), kind: Int, want: "4294967295"},
		{name: "uint64", dt: arrow.PrimitiveTypes.Uint64, value: put("9223372036854775807"), kind: Int, want: "9223372036854775807"},
		{name: "bool", dt: arrow.FixedWidthTypes.Boolean, value: put("true"), kind: Int, want: "1"},
		{name: "float16", dt: arrow.FixedWidthTypes.Float16, value: func(b array.Builder) {
			b.(*array.Float16Builder).Append(float16.New(0.5))
		}, kind: Float, want: "0.5", noPq: true},
		{name: "float32", dt: arrow.PrimitiveTypes.Float32, value: put("0.25"), kind: Float, want: "0.25"},
		{name: "float64", dt: arrow.PrimitiveTypes.Float64, value: put("0.1"), kind: Float, want: "0.1"},
		{name: "decimal128", dt: &arrow.Decimal128Type{Precision: 18, Scale: 2}, value: func(b array.Builder) {
			b.(*array.Decimal128Builder).Append(decimal128.FromI64(-123456))
		}, kind: Float, want: "-1234.56"},
		{name: "decimal256", dt: &arrow.Decimal256Type{Precision: 40, Scale: 2}, value: func(b array.Builder) {
			b.(*array.Decimal256Builder).Append(decimal256.FromI64(123456))
		}, kind: Float, want: "1234.56"},
		{name: "large_string", dt: arrow.BinaryTypes.LargeString, value: put("家"), kind: Text, want: "家"},
		{name: "string_view", dt: arrow.BinaryTypes.StringView, value: put("a text longer than 12 bytes"), kind: Text, want: "a text longer than 12 bytes", noPq: true},
		{name: "dictionary", dt: dict, value: put("urban"), kind: Text, want: "urban"},
		{name: "dictionary of int32", dt: dictInt, value: put("7"), kind: Int, want: "7"},
		{name: "date32", dt: arrow.FixedWidthTypes.Date32, value: put("2005-07-31"), kind: Text, want: "2005-07-31"},
		{name: "date64", dt: arrow.FixedWidthTypes.Date64, value: put("2005-07-31"), kind: Text, want: "2005-07-31"},
		{name: "timestamp", dt: &arrow.TimestampType{Unit: arrow.Second}, value: put("2005-07-31T23:59:58"), kind: Text, want: "2005-07-31T23:59:58", noPq: true},
		{name: "timestamp with zone", dt: at, value: put("2005-07-31T23:59:58.5+08:00"), kind: Text, want: "2005-07-31T23:59:58.5+08:00", noPq: true},
	}
}

// record makes one row of values and one of nulls.
func record(mem memory.Allocator, cases []foreignCase) arrow.Record {
	var fields []arrow.Field
	for _, c := range cases {
		fields = append(fields, arrow.Field{Name: c.name, Type: c.dt, Nullable: true})
	}
	b := array.NewRecordBuilder(mem, arrow.NewSchema(fields, nil))
	defer b.Release()
	for i, c := range cases {
		c.value(b.Field(i))
		b.Field(i).AppendNull()
	}
	return b.NewRecord()
}

func checkForeign(t *testing.T, table *Table, cases []foreignCase) {
	t.Helper()
	if table.Rows() != 2 || len(table.Columns) != len(cases) {
		t.Fatalf("got %d rows, %d columns", table.Rows(), len(table.Columns))
	}
	for i, c := range cases {
		column := &table.Columns[i]
		if column.Kind != c.kind || column.Format(0) != c.want || column.IsNull(0) || !column.IsNull(1) {
			t.Errorf("%s: got %v %q (null %v), %q", c.name, column.Kind, column.Format(0), column.IsNull(0), column.Format(1))
		}
	}
}

// Files and streams of other programs: every type that ReadTable promises, with nulls, in all compressions.
func TestReadForeignArrow(t *testing.T) {
	rec := record(memory.NewGoAllocator(), foreignCases())
	defer rec.Release()
	for name, options := range map[string][]ipc.Option{"plain": nil, "zstd": {ipc.WithZstd()}, "lz4": {ipc.WithLZ4()}} {
		options = append(options, ipc.WithSchema(rec.Schema()))
		var stream bytes.Buffer
		w := ipc.NewWriter(&stream, options...)
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		out := &sink{w: &bytes.Buffer{}}
		fw, err := ipc.NewFileWriter(out, options...)
		if err != nil {
			t.Fatal(err)
		}
		if err := fw.Write(rec); err != nil {
			t.Fatal(err)
		}
		if err := fw.Close(); err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{stream.Bytes(), out.w.(*bytes.Buffer).Bytes()} {
			table, err := Decode(data)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			checkForeign(t, table, foreignCases())
		}
	}
}

func TestReadForeignParquet(t *testing.T) {
	cases := slices.DeleteFunc(foreignCases(), func(c foreignCase) bool { return c.noPq })
	rec := record(memory.NewGoAllocator(), cases)
	defer rec.Release()
	for _, stored := range []bool{false, true} {
		props := pqarrow.DefaultWriterProps()
		if stored {
			props = pqarrow.NewArrowWriterProperties(pqarrow.WithStoreSchema())
		}
		var buf bytes.Buffer
		w, err := pqarrow.NewFileWriter(rec.Schema(), &buf, parquet.NewWriterProperties(), props)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		table, err := Decode(buf.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		checkForeign(t, table, cases)
	}
}

// Columns that are not asked for may hold anything, before and behind those that are, and are named.
func TestReadSomeColumns(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "raw", Type: arrow.BinaryTypes.Binary},
		{Name: "history", Type: arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int8}, arrow.Field{Name: "b", Type: arrow.PrimitiveTypes.Int8})},
		{Name: "n", Type: arrow.PrimitiveTypes.Int64},
		{Name: "clock", Type: arrow.FixedWidthTypes.Time64us},
		{Name: "x", Type: arrow.PrimitiveTypes.Float64},
	}, nil)
	b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
	defer b.Release()
	for i := range schema.Fields() {
		b.Field(i).AppendEmptyValue()
	}
	b.Field(2).(*array.Int64Builder).Append(7)
	b.Field(4).(*array.Float64Builder).Append(0.5)
	for _, i := range []int{0, 1, 3} {
		b.Field(i).AppendEmptyValue()
	}
	rec := b.NewRecord()
	defer rec.Release()
	var parquetFile, stream bytes.Buffer
	pw, err := pqarrow.NewFileWriter(schema, &parquetFile, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	sw := ipc.NewWriter(&stream, ipc.WithSchema(schema))
	arrowFile := &sink{w: &bytes.Buffer{}}
	fw, err := ipc.NewFileWriter(arrowFile, ipc.WithSchema(schema))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{pw.Write(rec), pw.Close(), sw.Write(rec), sw.Close(), fw.Write(rec), fw.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range map[string][]byte{"parquet": parquetFile.Bytes(), "stream": stream.Bytes(), "file": arrowFile.w.(*bytes.Buffer).Bytes()} {
		got, err := decodeTable(data, Dialect{Columns: []string{"x", "n", "absent"}})
		if err != nil || len(got.Columns) != 2 || got.Columns[0].Name != "n" || got.Columns[0].Int[1] != 7 || got.Columns[1].Float[1] != 0.5 ||
			!slices.Equal(got.Unread, []string{"raw", "history", "clock"}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		if _, err := decodeTable(data, Dialect{Columns: []string{"history"}}); err == nil || !strings.Contains(err.Error(), `column "history": type struct<`) {
			t.Errorf("%s: a column that is asked for and cannot be read: %v", name, err)
		}
	}
}

// The library reads a column of floats in an encoding that it lacks as empty. The file: 200 rows (x float32, n int64) by
// DuckDB 1.5.6, parquet_version v2.
func TestReadUnknownEncoding(t *testing.T) {
	const path = "testdata/byte_stream_split.parquet"
	if got, err := ReadDialect(path, Dialect{Columns: []string{"n"}}); err != nil || got.Rows() != 200 || got.Columns[0].Int[199] != 199 {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err := ReadTable(path)
	want := path + `: column "x": has 0 rows, the file says 200: its encoding BYTE_STREAM_SPLIT cannot be read, save the file in Parquet version 1 or as Arrow`
	if err == nil || err.Error() != want {
		t.Error(err)
	}
}

// What cannot be read is named, all columns of it at once.
func TestReadUnreadable(t *testing.T) {
	mem := memory.NewGoAllocator()
	list := arrow.ListOf(arrow.PrimitiveTypes.Int64)
	b := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{
		{Name: "history", Type: list}, {Name: "n", Type: arrow.PrimitiveTypes.Int64}, {Name: "raw", Type: arrow.BinaryTypes.Binary},
	}, nil))
	defer b.Release()
	b.Field(0).AppendEmptyValue()
	b.Field(1).AppendEmptyValue()
	b.Field(2).AppendEmptyValue()
	_, err := decodeRecord(t, b.NewRecord())
	if err == nil || strings.Count(err.Error(), "cannot be read: must be a number, truth value, text, date or timestamp") != 2 ||
		!strings.HasPrefix(err.Error(), `column "history": type list<`) || !strings.Contains(err.Error(), "\n"+`column "raw": type binary`) {
		t.Error(err)
	}

	big := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{{Name: "n", Type: arrow.PrimitiveTypes.Uint64}}, nil))
	defer big.Release()
	big.Field(0).(*array.Uint64Builder).AppendValues([]uint64{1, math.MaxInt64 + 1}, nil)
	_, err = decodeRecord(t, big.NewRecord())
	if err == nil || err.Error() != `column "n": row 2: 9223372036854775808 is beyond the largest int64` {
		t.Error(err)
	}

	same := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int8}, {Name: "n", Type: arrow.PrimitiveTypes.Int8},
	}, nil))
	defer same.Release()
	if _, err := decodeRecord(t, same.NewRecord()); err == nil || !strings.Contains(err.Error(), `column "n": is there twice`) {
		t.Error(err)
	}
}

// The library's own compressions are read; of one that it lacks, the message says what to do.
func TestReadParquetCompressions(t *testing.T) {
	rec := record(memory.NewGoAllocator(), foreignCases()[:1])
	defer rec.Release()
	for _, codec := range []compress.Compression{
		compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip, compress.Codecs.Brotli, compress.Codecs.Zstd,
	} {
		var buf bytes.Buffer
		w, err := pqarrow.NewFileWriter(rec.Schema(), &buf, parquet.NewWriterProperties(parquet.WithCompression(codec)), pqarrow.DefaultWriterProps())
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Write(rec), w.Close()); err != nil {
			t.Fatal(err)
		}
		table, err := Decode(buf.Bytes())
		if err != nil {
			t.Fatalf("%v: %v", codec, err)
		}
		checkForeign(t, table, foreignCases()[:1])
	}
	if got := lz4Advice(errors.New("compression for LZ4_RAW unimplemented")); !strings.Contains(got, "zstd") || lz4Advice("other") != "" {
		t.Error(got)
	}
}

func decodeRecord(t *testing.T, rec arrow.Record) (*Table, error) {
	t.Helper()
	defer rec.Release()
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(rec.Schema()))
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return Decode(buf.Bytes())
}

// Several batches and a column of nothing but nulls, without a type.
func TestReadBatches(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.PrimitiveTypes.Int64, Nullable: true}, {Name: "z", Type: arrow.Null}}, nil)
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(schema))
	for i := range int64(3) {
		b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
		b.Field(0).(*array.Int64Builder).Append(i)
		if i == 1 {
			b.Field(0).AppendNull()
			b.Field(1).AppendNull()
		}
		b.Field(1).AppendNull()
		rec := b.NewRecord()
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
		rec.Release()
		b.Release()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	table, err := Decode(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	a := table.Column("a")
	if fmt.Sprint(a.Int, a.Null) != "[0 1 0 2] [false false true false]" || table.Column("z").Kind != Float || !table.Column("z").IsNull(3) {
		t.Errorf("%+v", table)
	}
}
