package outcome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// rowGroupRows is the number of rows in a row group, fixed for the same reason as batchRows.
const rowGroupRows = 1 << 17

func writeParquet(t *Table, w io.Writer) error {
	return writeParquetWith(t, w, memory.NewGoAllocator())
}

func writeParquetWith(t *Table, w io.Writer, mem memory.Allocator) error {
	schema := arrowSchema(t)
	props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithAllocator(mem))
	// The Arrow schema rides along, since Parquet alone has no place for a column's unit and direction.
	arrowProps := pqarrow.NewArrowWriterProperties(pqarrow.WithAllocator(mem), pqarrow.WithStoreSchema())
	out := &sink{w: w}
	writer, err := pqarrow.NewFileWriter(schema, out, props, arrowProps)
	if err != nil {
		return err
	}
	for from := 0; from < max(t.Rows(), 1); from += rowGroupRows {
		if err := errors.Join(writeRowGroup(writer, t, schema, from, mem), out.err); err != nil {
			_ = writer.Close() // gives its memory back; the file is lost anyway
			return err
		}
	}
	return errors.Join(writer.Close(), out.err)
}

// writeRowGroup writes the rows from..from+rowGroupRows as far as there are any.
func writeRowGroup(w *pqarrow.FileWriter, t *Table, schema *arrow.Schema, from int, mem memory.Allocator) error {
	builder := array.NewRecordBuilder(mem, schema)
	defer builder.Release()
	for i := range t.Columns {
		appendRows(builder.Field(i), &t.Columns[i], from, min(t.Rows(), from+rowGroupRows))
	}
	record := builder.NewRecord()
	defer record.Release()
	return w.Write(record)
}

func readParquet(data []byte, mem memory.Allocator) (*Table, error) {
	reader, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(parquet.NewReaderProperties(mem)))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	columns, err := pqarrow.NewFileReader(reader, pqarrow.ArrowReadProperties{}, mem)
	if err != nil {
		return nil, err
	}
	schema, err := columns.Schema()
	if err != nil {
		return nil, err
	}
	t, err := emptyTable(schema)
	if err != nil {
		return nil, err
	}
	for i := range t.Columns {
		if err := readParquetColumn(&t.Columns[i], columns, i, reader.NumRows()); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// readParquetColumn reads the column of an index, which is that of the file's leaf, since kindOf refuses nested types.
//
// Note: the library's ReadTable is not used because it works in goroutines of its own, whose panics on damaged pages
// nobody can recover.
func readParquetColumn(c *Column, columns *pqarrow.FileReader, index int, rows int64) error {
	reader, err := columns.GetColumn(context.Background(), index)
	if err != nil {
		return fmt.Errorf("column %q: %w", c.Name, err)
	}
	defer reader.Release()
	for int64(c.Len()) < rows {
		batch, err := reader.NextBatch(min(rows-int64(c.Len()), rowGroupRows))
		if err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
		if batch.Len() == 0 {
			return fmt.Errorf("column %q: has %d rows, the file says %d", c.Name, c.Len(), rows)
		}
		if err := readChunks(c, batch); err != nil {
			return err
		}
	}
	return nil
}

// readChunks appends a batch and releases it.
func readChunks(c *Column, batch *arrow.Chunked) error {
	defer batch.Release()
	for _, chunk := range batch.Chunks() {
		if err := readRows(c, chunk); err != nil {
			return err
		}
	}
	return nil
}
