package tape

import (
	"bytes"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// lines finds the line of each key of a document that has already been decoded, by path as in fields.balance.column. What
// comes in by an alias or merge key has no entry: messages then go without a line.
func lines(src []byte) map[string]int {
	out := map[string]int{}
	file, err := parser.ParseBytes(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), 0)
	if err != nil {
		return out
	}
	for _, doc := range file.Docs {
		addLines(out, doc.Body, "")
	}
	return out
}

func addLines(out map[string]int, n ast.Node, path string) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			addLines(out, v, path)
		}
	case *ast.MappingValueNode:
		token := n.Key.GetToken()
		at := token.Value
		if path != "" {
			at = path + "." + at
		}
		out[at] = token.Position.Line
		addLines(out, n.Value, at)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			at := path + "[" + strconv.Itoa(i) + "]"
			out[at] = v.GetToken().Position.Line
			addLines(out, v, at)
		}
	}
}
