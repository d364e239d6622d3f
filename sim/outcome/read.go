package outcome

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/memory"
)

var (
	magicArrow   = []byte("ARROW1")
	magicStream  = []byte{0xff, 0xff, 0xff, 0xff}
	magicParquet = []byte("PAR1")
	magicGzip    = []byte{0x1f, 0x8b}
)

// foreign names formats that are often meant to be tables and cannot be read, with the way out.
var foreign = []struct{ magic, advice string }{
	{"PK\x03\x04", "is a zip archive or an Excel workbook: unpack it, or save it as CSV"},
	{"FEA1", "is a Feather file of version 1: save it as Arrow or Parquet"},
	{"PARE", "is an encrypted Parquet file: save it without encryption"},
	{"ORC", "is an ORC file: save it as Arrow or Parquet"},
	{"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it"},
	{"BZh", "is compressed with bzip2: unpack it"},
	{"\xfd7zXZ", "is compressed with xz: unpack it"},
	{"\xff\xfe", "is UTF-16 text: save it as UTF-8"},
	{"\xfe\xff", "is UTF-16 text: save it as UTF-8"},
}

// maxBytes bounds a file, unpacked: what is larger is a mistake or needs a machine of its own.
const maxBytes = 8 << 30

// ReadTable reads a table from an Arrow IPC file or stream, a Parquet file, or CSV, any of them perhaps compressed with
// gzip. The first bytes of the content decide which it is, the file name does not. The memory needed is the size of
// the file plus that of its columns: 8 bytes a number, 16 bytes and its length a text.
//
// The table's Name is the one stored in the file, or else the file name up to its first dot. Rows are counted from 1
// below the header, in all formats.
//
// Arrow and Parquet: integers up to int64 and truth values (0, 1) become Int; floating-point numbers and decimals Float;
// texts, and dates and timestamps in ISO 8601, Text; dictionaries are resolved; a null float becomes NaN. Other types
// are an error that names the column. Parquet compressed as LZ4_RAW cannot be read, nor can the lz4 of some writers of Arrow.
//
// CSV (RFC 4180, UTF-8 with or without byte order mark, lines ended by \n or \r\n, blank lines skipped): a header line
// is required; a nameless column is called "column N". A column is Int or Float if all its cells are such numbers or
// missing (empty, or one of NA N/A #N/A NaN nan null NULL None), and Text otherwise; there an unquoted empty cell is null
// and a quoted one is the empty text. Digits with a needless leading zero, or too long for an int64, are text, since
// they are keys. A float column of whole numbers therefore comes back as Int: see [Column.Floats].
//
// Errors start with the path. A file that was cut off gives an error. So does most damage within a file, but no check
// sum covers Arrow and Parquet files, and a forged length in the metadata of an Arrow file, or in the Arrow schema that
// a Parquet file carries, one flipped bit of them among these, can exhaust memory: read files of trusted origin.
func ReadTable(path string) (*Table, error) { return ReadDialect(path, Dialect{}) }

// ReadDialect is [ReadTable] for CSV of another kind, or for some columns of an Arrow or Parquet file.
func ReadDialect(path string, d Dialect) (*Table, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	t, err := decodeTable(data, d)
	if err != nil {
		return nil, prefixAll(path, err)
	}
	if t.Name == "" {
		t.Name, _, _ = strings.Cut(filepath.Base(path), ".")
	}
	return t, nil
}

// Decode reads a table from a file's content, by the rules of [ReadTable]. Name is empty if the content has none.
// Does not modify data, and the result does not refer to it.
func Decode(data []byte) (*Table, error) { return decodeTable(data, Dialect{}) }

func decodeTable(data []byte, d Dialect) (*Table, error) {
	if len(data) == 0 {
		return nil, errors.New("is empty")
	}
	if bytes.HasPrefix(data, magicGzip) {
		plain, err := gunzip(data)
		if err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
		data = plain
	}
	binary := bytes.HasPrefix(data, magicArrow) || bytes.HasPrefix(data, magicStream) || bytes.HasPrefix(data, magicParquet)
	if d.Encoding != "" && !binary {
		text, err := transcode(data, d.Encoding)
		if err != nil {
			return nil, err
		}
		return readCSV(text, d)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return nil, errors.New(f.advice)
		}
	}
	switch {
	case bytes.HasPrefix(data, magicArrow), bytes.HasPrefix(data, magicStream):
		return guarded("Arrow", readArrow, data, d.Columns)
	case bytes.HasPrefix(data, magicParquet):
		return guarded("Parquet", readParquet, data, d.Columns)
	}
	return readCSV(data, d)
}

// guarded reads a binary format, whose library panics on some damaged files.
func guarded(format string, read func([]byte, []string, memory.Allocator) (*Table, error), data []byte, wanted []string) (t *Table, err error) {
	defer func() {
		if r := recover(); r != nil {
			t, err = nil, fmt.Errorf("is a damaged %s file: %v%s", format, r, lz4Advice(r))
		}
	}()
	if t, err = read(data, wanted, newBoundedAllocator(len(data))); err != nil {
		if advice := lz4Advice(err); advice != "" {
			return nil, fmt.Errorf("%w%s", err, advice)
		}
		return nil, err // as it is: prefixAll takes joined errors apart
	}
	return t, t.Check()
}

// lz4Advice completes a message about lz4, of which the library knows one dialect only.
func lz4Advice(message any) string {
	if !strings.Contains(strings.ToLower(fmt.Sprint(message)), "lz4") {
		return ""
	}
	return ": not every program's lz4 can be read, save the file with zstd"
}

// boundedAllocator panics where a damaged length asks for more memory than a file of this size can unpack to, which
// guarded turns into an error; the request itself would end the program.
type boundedAllocator struct {
	memory.Allocator
	limit int
}

// newBoundedAllocator allows 256 MiB and 1000 times the file, since zstd packs a constant column about so tightly.
func newBoundedAllocator(fileSize int) boundedAllocator {
	return boundedAllocator{memory.NewGoAllocator(), min(maxBytes, 256<<20+1000*fileSize)}
}

func (b boundedAllocator) Allocate(size int) []byte {
	b.check(size)
	return b.Allocator.Allocate(size)
}

func (b boundedAllocator) Reallocate(size int, old []byte) []byte {
	b.check(size)
	return b.Allocator.Reallocate(size, old)
}

func (b boundedAllocator) check(size int) {
	if size < 0 || size > b.limit {
		panic(fmt.Sprintf("a length of %d bytes", size))
	}
}

// readFile reads a file that is small enough.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, plain(path, err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s: is a folder, must be a table file", path)
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("%s: has %d bytes, at most %d can be read", path, info.Size(), int64(maxBytes))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, plain(path, err)
	}
	return data, nil
}

func gunzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(plain) > maxBytes {
		return nil, fmt.Errorf("has more than %d bytes", int64(maxBytes))
	}
	return plain, nil
}

// prefixAll puts the path in front of each of several joined errors.
func prefixAll(path string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Errorf("%s: %w", path, err)
	}
	var errs []error
	for _, e := range joined.Unwrap() {
		errs = append(errs, fmt.Errorf("%s: %w", path, e))
	}
	return errors.Join(errs...)
}
