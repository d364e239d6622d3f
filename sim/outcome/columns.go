package outcome

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

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
	all, err := emptyTable(file.Schema())
	if err != nil {
		return nil, err
	}
	t = &Table{Name: all.Name, Meta: all.Meta}
	var wanted []int
	for i, c := range all.Columns {
		if slices.Contains(names, c.Name) {
			wanted = append(wanted, i)
			t.Columns = append(t.Columns, c)
		}
	}
	for {
		record, err := file.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		for k, i := range wanted {
			if err := readRows(&t.Columns[k], record.Column(i)); err != nil {
				return nil, fmt.Errorf("column %q: %w", t.Columns[k].Name, err)
			}
		}
	}
}
