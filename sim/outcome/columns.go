package outcome

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// OpenColumns reads some columns of a table of a folder, in the order of the file; names that the table
// lacks are left out. Memory depends on the columns that are read, not on the width of the table.
func OpenColumns(dir, table string, names ...string) (*Table, error) {
	path := filepath.Join(dir, table+".arrow")
	in, err := os.Open(path)
	if err != nil {
		return nil, plain(path, err)
	}
	t, err := readColumns(in, names)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return t, errors.Join(err, in.Close())
}

func readColumns(in *os.File, names []string) (t *Table, err error) {
	defer func() { // the library panics on some broken files
		if p := recover(); p != nil {
			err = fmt.Errorf("is broken: %v", p)
		}
	}()
	file, err := ipc.NewFileReader(in, ipc.WithAllocator(memory.NewGoAllocator()))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readRecords(file.Schema(), append([]string{}, names...), file.Read) // none is not all
}
