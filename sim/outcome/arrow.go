package outcome

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// batchRows is the number of rows in a record batch of a table that is not wide. It is fixed, so that the bytes of a
// file depend on its rows alone and not on how they were handed over.
const batchRows = 1 << 16

// batchOf is the number of rows in a batch of so many columns: wide tables have fewer, so that a batch holds at most
// about half a million values, and the memory of a writer does not grow with the width.
func batchOf(columns int) int { return min(batchRows, max(1<<10, 1<<19/columns)) }

// nameKey is the schema metadata key of Table.Name; every other key is of Table.Meta.
const nameKey = "collectsim.table"

// TableWriter writes one table to an Arrow IPC file in batches, so that a table larger than memory can be written.
// It holds at most one batch: 65,536 rows, of wide tables fewer. The bytes are those that [Table.Write] gives for the whole table.
type TableWriter struct {
	schema  Table // description only, no rows
	out     *sink
	file    *ipc.FileWriter
	builder *array.RecordBuilder
	batch   int   // rows of a full batch
	rows    int   // rows in the builder
	err     error // the first error, repeated by every later call
	closed  bool
}

// NewTableWriter starts a file. Name, Meta and the description of the columns are taken from schema, its rows, if any,
// are ignored. The caller must call Close, and closes w afterwards.
func NewTableWriter(w io.Writer, schema *Table) (*TableWriter, error) {
	return newTableWriter(w, schema, memory.NewGoAllocator())
}

func newTableWriter(w io.Writer, schema *Table, mem memory.Allocator) (*TableWriter, error) {
	empty := Table{Name: schema.Name, Columns: slices.Clone(schema.Columns), Meta: maps.Clone(schema.Meta)}
	for i := range empty.Columns {
		empty.Columns[i].clear()
	}
	if err := empty.Check(); err != nil {
		return nil, err
	}
	as, out := arrowSchema(&empty), &sink{w: w}
	file, err := ipc.NewFileWriter(out, ipc.WithSchema(as), ipc.WithAllocator(mem), ipc.WithZstd())
	if err != nil {
		return nil, empty.errorf("start: %w", err)
	}
	return &TableWriter{schema: empty, out: out, file: file, batch: batchOf(len(empty.Columns)), builder: array.NewRecordBuilder(mem, as)}, nil
}

// Append adds the rows of t, whose columns must have the names and kinds of the schema, in its order.
// An error is final: later calls return it again.
func (w *TableWriter) Append(t *Table) error {
	if w.closed {
		return w.schema.errorf("append after close")
	}
	if w.err == nil {
		w.err = w.append(t)
	}
	return w.err
}

func (w *TableWriter) append(t *Table) error {
	if err := w.fits(t); err != nil {
		return err
	}
	for from, rows := 0, t.Rows(); from < rows; {
		to := min(rows, from+w.batch-w.rows)
		for i := range t.Columns {
			appendRows(w.builder.Field(i), &t.Columns[i], from, to)
		}
		w.rows += to - from
		from = to
		if w.rows == w.batch {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// fits checks that t can be appended.
func (w *TableWriter) fits(t *Table) error {
	if len(t.Columns) != len(w.schema.Columns) {
		return w.schema.errorf("append: got %d columns, want %d", len(t.Columns), len(w.schema.Columns))
	}
	for i := range t.Columns {
		got, want := &t.Columns[i], &w.schema.Columns[i]
		if got.Name != want.Name || got.Kind != want.Kind {
			return w.schema.errorf("append: column %d is %q (%v), want %q (%v)", i+1, got.Name, got.Kind, want.Name, want.Kind)
		}
	}
	return t.Check()
}

func (w *TableWriter) flush() error {
	record := w.builder.NewRecord()
	defer record.Release()
	w.rows = 0
	if err := errors.Join(w.file.Write(record), w.out.err); err != nil {
		return w.schema.errorf("write: %w", err)
	}
	return nil
}

// Close writes what is left and the footer. It returns the first error of the writer's life. A second Close does
// nothing and returns the same.
func (w *TableWriter) Close() error {
	if w.closed {
		return w.err
	}
	w.closed = true
	defer w.builder.Release()
	if w.err == nil && w.rows > 0 {
		w.err = w.flush()
	}
	if w.err != nil {
		return w.err
	}
	if err := errors.Join(w.file.Close(), w.out.err); err != nil {
		w.err = w.schema.errorf("close: %w", err)
	}
	return w.err
}

// TableFile writes one table of a folder.
type TableFile struct {
	*TableWriter
	buffer *bufio.Writer
	file   *os.File
}

// CreateTable starts the file of a table in a folder, by the rules of [NewTableWriter].
func CreateTable(dir string, schema *Table) (*TableFile, error) {
	path := filepath.Join(dir, schema.Name+".arrow")
	file, err := os.Create(path)
	if err != nil {
		return nil, plain(path, err)
	}
	t := &TableFile{buffer: bufio.NewWriterSize(file, 1<<18), file: file}
	if t.TableWriter, err = NewTableWriter(t.buffer, schema); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return t, nil
}

// Close ends the table and closes its file.
func (t *TableFile) Close() error {
	return errors.Join(t.TableWriter.Close(), t.buffer.Flush(), t.file.Close())
}

// Save writes the table to its file in a folder.
func (t *Table) Save(dir string) error {
	file, err := CreateTable(dir, t)
	if err != nil {
		return err
	}
	return errors.Join(file.Append(t), file.Close())
}

func writeArrow(t *Table, w io.Writer) error {
	writer, err := NewTableWriter(w, t)
	if err != nil {
		return err
	}
	if err := writer.Append(t); err != nil {
		_ = writer.Close() // gives the same error again
		return err
	}
	return writer.Close()
}

// arrowSchema describes the table in Arrow's terms, metadata in sorted order.
func arrowSchema(t *Table) *arrow.Schema {
	fields := make([]arrow.Field, len(t.Columns))
	for i, c := range t.Columns {
		fields[i] = arrow.Field{
			Name: c.Name, Type: arrowType(c.Kind), Nullable: true,
			Metadata: fieldMetadata(&c),
		}
	}
	var keys, values []string
	if t.Name != "" {
		keys, values = append(keys, nameKey), append(values, t.Name)
	}
	for _, key := range slices.Sorted(maps.Keys(t.Meta)) {
		keys, values = append(keys, key), append(values, t.Meta[key])
	}
	meta := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(fields, &meta)
}

// fieldMetadata leaves out what is empty, in a fixed order.
func fieldMetadata(c *Column) arrow.Metadata {
	var keys, values []string
	for _, kv := range [][2]string{{"better", c.Better}, {"doc", c.Doc}, {"unit", c.Unit}} {
		if kv[1] != "" {
			keys, values = append(keys, kv[0]), append(values, kv[1])
		}
	}
	return arrow.NewMetadata(keys, values)
}

func arrowType(k Kind) arrow.DataType {
	switch k {
	case Float:
		return arrow.PrimitiveTypes.Float64
	case Int:
		return arrow.PrimitiveTypes.Int64
	case Text:
		return arrow.BinaryTypes.String
	}
	panic(fmt.Sprintf("outcome: unknown %v", k))
}

// appendRows adds the rows [from, to) of c to its builder.
func appendRows(b array.Builder, c *Column, from, to int) {
	b.Reserve(to - from)
	for row := from; row < to; row++ {
		if c.IsNull(row) {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.Float64Builder:
			b.UnsafeAppend(c.Float[row])
		case *array.Int64Builder:
			b.UnsafeAppend(c.Int[row])
		case *array.StringBuilder:
			b.Append(c.Text[row])
		}
	}
}

// sink stands between the Arrow and Parquet libraries and a writer. It keeps the first error to itself, since the
// libraries panic on some and lose others; it knows its position, which is all that they seek for; and it has no
// Close, so that they do not close a file that they do not own.
type sink struct {
	w   io.Writer
	n   int64
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	s.n += int64(len(p))
	if s.err == nil {
		_, s.err = s.w.Write(p)
	}
	return len(p), nil
}

func (s *sink) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, errors.New("cannot seek in a stream")
	}
	return s.n, nil
}
