package outcome

import (
	"bufio"
	"io"
	"strings"
)

// writeCSV writes RFC 4180 with line feeds. Null is an empty cell and empty text a quoted one, so that [ReadTable] can
// tell them apart; but in a table of a single column null is quoted too, since readers skip blank lines.
func writeCSV(t *Table, w io.Writer) error {
	out := bufio.NewWriter(w)
	for i, c := range t.Columns {
		out.WriteString(separator(i, "", ","))
		out.WriteString(csvText(c.Name))
	}
	out.WriteByte('\n')
	var cell []byte
	for row := range t.Rows() {
		for i := range t.Columns {
			out.WriteString(separator(i, "", ","))
			cell = appendCSV(cell[:0], &t.Columns[i], row)
			if len(cell) == 0 && len(t.Columns) == 1 {
				cell = append(cell, `""`...)
			}
			out.Write(cell)
		}
		out.WriteByte('\n')
	}
	return out.Flush() // a bufio.Writer keeps its first error until here
}

func appendCSV(dst []byte, c *Column, row int) []byte {
	if c.Kind == Text && !c.IsNull(row) {
		return append(dst, csvText(c.Text[row])...)
	}
	return append(dst, c.Format(row)...)
}

// csvText quotes what needs it: separators, quotes, outer space, the empty text, and a leading byte order mark.
func csvText(s string) string {
	if s != "" && !strings.ContainsAny(s, ",\"\n\r") && s == strings.TrimSpace(s) && !strings.HasPrefix(s, byteOrderMark) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
