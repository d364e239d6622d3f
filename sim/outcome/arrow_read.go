package outcome

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// readArrow reads an IPC file, or an IPC stream, which has no "ARROW1" in front.
func readArrow(data []byte, wanted []string, mem memory.Allocator) (*Table, error) {
	if bytes.HasPrefix(data, magicArrow) {
		return readArrowFile(data, wanted, mem)
	}
	stream, err := ipc.NewReader(bytes.NewReader(data), ipc.WithAllocator(mem))
	if err != nil {
		return nil, err
	}
	defer stream.Release()
	return readRecords(stream.Schema(), wanted, stream.Read)
}

func readArrowFile(data []byte, wanted []string, mem memory.Allocator) (*Table, error) {
	file, err := ipc.NewFileReader(bytes.NewReader(data), ipc.WithAllocator(mem))
	if err != nil {
		return nil, err
	}
	t, err := readRecords(file.Schema(), wanted, file.Read)
	return t, errors.Join(err, file.Close())
}

// readRecords collects the records that next returns until io.EOF; each is valid until the following call.
func readRecords(schema *arrow.Schema, wanted []string, next func() (arrow.Record, error)) (*Table, error) {
	t, places, err := emptyTable(schema, wanted)
	if err != nil {
		return nil, err
	}
	for {
		record, err := next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range t.Columns {
			if err := readRows(&t.Columns[i], record.Column(places[i])); err != nil {
				return nil, err
			}
		}
	}
}

// emptyTable translates the wanted columns of a schema, nil for all, and gives their places in it. The error names all
// of them that have no translation.
func emptyTable(schema *arrow.Schema, wanted []string) (t *Table, places []int, err error) {
	t = &Table{}
	for _, key := range slices.Sorted(slices.Values(schema.Metadata().Keys())) {
		value, _ := schema.Metadata().GetValue(key)
		if key == nameKey {
			t.Name = value
			continue
		}
		if t.Meta == nil {
			t.Meta = map[string]string{}
		}
		t.Meta[key] = value
	}
	var errs []error
	for i, field := range schema.Fields() {
		if wanted != nil && !slices.Contains(wanted, field.Name) {
			t.Unread = append(t.Unread, field.Name)
			continue
		}
		kind, err := kindOf(field.Type)
		if err != nil {
			errs = append(errs, fmt.Errorf("column %q: %w", field.Name, err))
		}
		c := Column{Name: field.Name, Kind: kind}
		c.Unit, _ = field.Metadata.GetValue("unit")
		c.Better, _ = field.Metadata.GetValue("better")
		c.Doc, _ = field.Metadata.GetValue("doc")
		t.Columns = append(t.Columns, c)
		places = append(places, i)
	}
	return t, places, errors.Join(errs...)
}

// kindOf says how a type is read, see [ReadTable].
func kindOf(dt arrow.DataType) (Kind, error) {
	switch dt.ID() {
	case arrow.NULL, arrow.FLOAT16, arrow.FLOAT32, arrow.FLOAT64, arrow.DECIMAL128, arrow.DECIMAL256:
		return Float, nil
	case arrow.BOOL, arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64,
		arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64:
		return Int, nil
	case arrow.STRING, arrow.LARGE_STRING, arrow.STRING_VIEW, arrow.DATE32, arrow.DATE64, arrow.TIMESTAMP:
		return Text, nil
	case arrow.DICTIONARY:
		return kindOf(dt.(*arrow.DictionaryType).ValueType)
	case arrow.EXTENSION:
		return kindOf(dt.(arrow.ExtensionType).StorageType())
	}
	return 0, fmt.Errorf("type %v cannot be read: must be a number, truth value, text, date or timestamp", dt)
}

// readRows appends an array, whose type kindOf has accepted, to its column.
func readRows(c *Column, values arrow.Array) error {
	if ext, ok := values.(array.ExtensionArray); ok {
		return readRows(c, ext.Storage())
	}
	dict, isDict := values.(*array.Dictionary)
	for row := range values.Len() {
		source, i := values, row
		if isDict && values.IsValid(row) {
			source, i = dict.Dictionary(), dict.GetValueIndex(row)
		}
		if err := c.appendFrom(source, i); err != nil {
			return fmt.Errorf("column %q: row %d: %w", c.Name, c.Len()+1, err)
		}
	}
	return nil
}

// appendFrom appends the i-th value of an array, or null.
func (c *Column) appendFrom(values arrow.Array, i int) error {
	switch {
	case values.IsNull(i), values.DataType().ID() == arrow.NULL: // arrays without a type do not say that they are null
		c.appendNull()
		return nil
	case c.Kind == Float:
		c.Float = append(c.Float, floatAt(values, i))
		return nil
	case c.Kind == Int:
		v, err := intAt(values, i)
		if err != nil {
			return err
		}
		c.Int = append(c.Int, v)
	default:
		c.Text = append(c.Text, textAt(values, i))
	}
	c.extendNull()
	return nil
}

// appendNull adds a missing value: NaN for a float, a marked zero value otherwise.
func (c *Column) appendNull() {
	switch c.Kind {
	case Float:
		c.Float = append(c.Float, math.NaN())
		return
	case Int:
		c.Int = append(c.Int, 0)
	case Text:
		c.Text = append(c.Text, "")
	}
	if c.Null == nil {
		c.Null = make([]bool, c.Len()-1, c.Len())
	}
	c.Null = append(c.Null, true)
}

// extendNull keeps Null, if there is one, as long as the values.
func (c *Column) extendNull() {
	if c.Null != nil {
		c.Null = append(c.Null, false)
	}
}

func floatAt(values arrow.Array, i int) float64 {
	switch a := values.(type) {
	case *array.Float64:
		return a.Value(i)
	case *array.Float32:
		return float64(a.Value(i))
	case *array.Float16:
		return float64(a.Value(i).Float32())
	case *array.Decimal128:
		return a.Value(i).ToFloat64(a.DataType().(*arrow.Decimal128Type).Scale)
	case *array.Decimal256:
		return a.Value(i).ToFloat64(a.DataType().(*arrow.Decimal256Type).Scale)
	}
	panic(fmt.Sprintf("outcome: no float in %T", values))
}

func intAt(values arrow.Array, i int) (int64, error) {
	switch a := values.(type) {
	case *array.Int64:
		return a.Value(i), nil
	case *array.Int32:
		return int64(a.Value(i)), nil
	case *array.Int16:
		return int64(a.Value(i)), nil
	case *array.Int8:
		return int64(a.Value(i)), nil
	case *array.Uint64:
		if v := a.Value(i); v > math.MaxInt64 {
			return 0, fmt.Errorf("%d is beyond the largest int64", v)
		}
		return int64(a.Value(i)), nil
	case *array.Uint32:
		return int64(a.Value(i)), nil
	case *array.Uint16:
		return int64(a.Value(i)), nil
	case *array.Uint8:
		return int64(a.Value(i)), nil
	case *array.Boolean:
		if a.Value(i) {
			return 1, nil
		}
		return 0, nil
	}
	panic(fmt.Sprintf("outcome: no integer in %T", values))
}

// textAt copies, since the array's memory goes when the array does.
func textAt(values arrow.Array, i int) string {
	switch a := values.(type) {
	case *array.String:
		return string([]byte(a.Value(i)))
	case *array.LargeString:
		return string([]byte(a.Value(i)))
	case *array.StringView:
		return string([]byte(a.Value(i)))
	case *array.Date32:
		return a.Value(i).ToTime().Format(time.DateOnly)
	case *array.Date64:
		return a.Value(i).ToTime().Format(time.DateOnly)
	case *array.Timestamp:
		return timestampText(a, i)
	}
	panic(fmt.Sprintf("outcome: no text in %T", values))
}

// timestampText is ISO 8601; a zone is shown only where the type has one, since a bare timestamp is wall-clock time.
func timestampText(a *array.Timestamp, i int) string {
	dt := a.DataType().(*arrow.TimestampType)
	at := a.Value(i).ToTime(dt.Unit)
	if dt.TimeZone == "" {
		return at.Format("2006-01-02T15:04:05.999999999")
	}
	if zone, err := dt.GetZone(); err == nil {
		at = at.In(zone)
	}
	return at.Format(time.RFC3339Nano)
}
