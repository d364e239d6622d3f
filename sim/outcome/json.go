package outcome

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
)

// writeJSON writes one object a line, keys in column order.
//
// Infinity is an error and not a text: a program that reads numbers must not meet a word among them.
func writeJSON(t *Table, w io.Writer) error {
	keys := make([][]byte, len(t.Columns))
	for i, c := range t.Columns {
		keys[i] = append(jsonText(c.Name), ':')
	}
	out := bufio.NewWriter(w)
	out.WriteByte('[')
	for row := range t.Rows() {
		out.WriteString(separator(row, "\n", ",\n"))
		for i := range t.Columns {
			out.WriteString(separator(i, "{", ","))
			out.Write(keys[i])
			value, err := jsonValue(&t.Columns[i], row)
			if err != nil {
				return fmt.Errorf("column %q: row %d: %w", t.Columns[i].Name, row+1, err)
			}
			out.Write(value)
		}
		out.WriteByte('}')
	}
	out.WriteString(separator(t.Rows(), "]\n", "\n]\n"))
	return out.Flush() // a bufio.Writer keeps its first error until here
}

// separator chooses what stands before the element of an index.
func separator(index int, first, later string) string {
	if index == 0 {
		return first
	}
	return later
}

func jsonValue(c *Column, row int) ([]byte, error) {
	switch {
	case c.IsNull(row):
		return []byte("null"), nil
	case c.Kind == Int:
		return strconv.AppendInt(nil, c.Int[row], 10), nil
	case c.Kind == Text:
		return jsonText(c.Text[row]), nil
	case math.IsInf(c.Float[row], 0):
		return nil, fmt.Errorf("%v has no JSON form: write csv, parquet or arrow", c.Float[row])
	}
	return appendFloat(nil, c.Float[row]), nil
}

// jsonText quotes a text and leaves <, > and & as they are.
func jsonText(s string) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("outcome: a string has no JSON form: " + err.Error()) // cannot happen: every string has one
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
