package outcome

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

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

func readParquet(data []byte, wanted []string, mem memory.Allocator) (*Table, error) {
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
	t, places, err := emptyTable(schema, wanted)
	if err != nil {
		return nil, err
	}
	for i := range t.Columns {
		if err := readParquetColumn(&t.Columns[i], columns, places[i], reader.NumRows()); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// readParquetColumn reads the column of an index among those of the schema, nested ones counted once.
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
			return fmt.Errorf("column %q: has %d rows, the file says %d%s", c.Name, c.Len(), rows, encodingAdvice(columns, index))
		}
		if err := readChunks(c, batch); err != nil {
			return err
		}
	}
	return nil
}

// encodingAdvice completes a message about a column that the library reads as empty, which it does of an encoding that it
// lacks, such as that of floats in Parquet files of version 2.
func encodingAdvice(columns *pqarrow.FileReader, index int) string {
	chunk, err := columns.ParquetReader().MetaData().RowGroup(0).ColumnChunk(columns.Manifest.Fields[index].ColIndex)
	split := func(e parquet.Encoding) bool { return e.String() == "BYTE_STREAM_SPLIT" }
	if err != nil || !slices.ContainsFunc(chunk.Encodings(), split) {
		return ""
	}
	return ": its encoding BYTE_STREAM_SPLIT cannot be read, save the file in Parquet version 1 or as Arrow"
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
