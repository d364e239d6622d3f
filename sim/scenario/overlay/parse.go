package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of one document. They are far above any scenario and keep a hostile or broken file from taking minutes: the
// parser's time grows with the square of the number of keys and of the depth.
const (
	MaxBytes = 1 << 20 // size of a file
	MaxDepth = 100     // levels of nesting
	MaxKeys  = 20000   // mapping keys in a file
	MaxAlias = 1000    // anchors and aliases in a file
	MaxNodes = 100000  // values after aliases are expanded
)

// parse reads one document; it returns nil after reporting why there is none.
func parse(r *report, src []byte) *node {
	if len(src) > MaxBytes {
		r.add(0, 0, "", "file is larger than 1 MB (%d bytes)", len(src))
		return nil
	}
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if !readable(r, src) {
		return nil
	}
	body := syntaxTree(r, string(src))
	if body == nil {
		return nil
	}
	c := converter{report: r, anchors: map[string]*node{}}
	n := c.convert(body, "", 0)
	if c.stopped {
		return nil
	}
	return n
}

// syntaxTree returns the body of the only document. The parser may panic on malformed input: that is a fault of the input.
func syntaxTree(r *report, src string) (body ast.Node) {
	defer func() {
		if e := recover(); e != nil {
			r.add(1, 1, "", "not valid YAML: the parser gave up: %v", e)
			body = nil
		}
	}()
	tokens := lexer.Tokenize(src)
	if !bounded(r, tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		syntax(r, err)
		return nil
	}
	return document(r, file)
}

// readable refuses what is not text: the parser would pass it on.
func readable(r *report, src []byte) bool {
	line, col := 1, 1
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			r.add(line, col, "", "not UTF-8 text")
			return false
		case c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xfeff || c >= 0x80 && c < 0xa0 && c != 0x85:
			r.add(line, col, "", "control character U+%04X is not allowed", c)
			return false
		case c == '\n':
			line, col = line+1, 0
		}
		col++
		i += size
	}
	return true
}

// bounded checks depth and numbers of things before the parser meets them.
func bounded(r *report, tokens token.Tokens) bool {
	flow, run, keys, names, entries := 0, 0, 0, 0, 0
	for _, t := range tokens {
		run++
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.MappingValueType:
			keys++
		case token.AnchorType, token.AliasType:
			names++
		case token.CollectEntryType:
			entries++
		}
		switch t.Type {
		case token.SequenceEntryType, token.MappingKeyType, token.TagType:
		default:
			run = 0
		}
		if over := exceeded(max(flow, run), keys, names, entries); over != "" {
			r.add(t.Position.Line, t.Position.Column, "", "%s", over)
			return false
		}
	}
	return true
}

func exceeded(depth, keys, names, entries int) string {
	switch {
	case depth > MaxDepth:
		return fmt.Sprintf("nested deeper than %d levels", MaxDepth)
	case keys > MaxKeys:
		return fmt.Sprintf("more than %d keys", MaxKeys)
	case names > MaxAlias:
		return fmt.Sprintf("more than %d anchors and aliases", MaxAlias)
	case entries > MaxNodes:
		return fmt.Sprintf("more than %d values", MaxNodes)
	}
	return ""
}

// syntaxWords are plainer words for the parser's messages.
var syntaxWords = map[string]string{
	"found character '\t' that cannot start any token":                   "a tab cannot indent, use spaces",
	"found a tab character where an indentation space is expected":       "a tab cannot indent, use spaces",
	"tab character cannot use as a map key directly":                     "a tab cannot indent, use spaces",
	"tab character cannot use as a sequence delimiter":                   "a tab cannot indent, use spaces",
	"sequence end token ']' not found":                                   "the list that starts here is not closed, ] is missing",
	"could not find flow mapping end token '}'":                          "the mapping that starts here is not closed, } is missing",
	"',' or ']' must be specified":                                       "a comma or ] is missing here",
	"',' or '}' must be specified":                                       "a comma or } is missing here",
	"could not find '[' character corresponding to ']'":                  "] without [",
	"could not find '{' character corresponding to '}'":                  "} without {",
	"expected sequence element, but found ','":                           "a list element is missing before the comma",
	"could not find end character of single-quoted text":                 "the text that starts here has no closing quote",
	"could not find end character of double-quoted text":                 "the text that starts here has no closing quote",
	"mapping value is not allowed in this context":                       "a second ': ' in one line, quote the text or indent the mapping below its key",
	"value is not allowed in this context":                               "indentation does not fit the lines above",
	"value is not allowed in this context. map key-value is pre-defined": "indentation does not fit the lines above",
	"non-map value is specified":                                         "expected 'key: value'",
	"unexpected key name":                                                "expected 'key: value'",
	"found an invalid key for this map":                                  "a key must be plain or quoted text",
	"map key definition includes an implicit line break":                 "a key must stay on one line",
	"block sequence entries are not allowed in this context":             "a list element '- ' must start its own line",
}

func syntax(r *report, err error) {
	msg, line, col := err.Error(), 1, 1
	var ye yaml.Error
	if errors.As(err, &ye) {
		msg = ye.GetMessage()
		if t := ye.GetToken(); t != nil && t.Position != nil {
			line, col = t.Position.Line, t.Position.Column
		}
	}
	if plain, ok := syntaxWords[msg]; ok {
		msg = plain
	}
	r.add(line, col, "", "not valid YAML: %s", strings.Join(strings.Fields(msg), " "))
}

// document returns the body of the only document.
func document(r *report, file *ast.File) ast.Node {
	var bodies []ast.Node
	for _, d := range file.Docs {
		switch d.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.DirectiveNode:
		default:
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.add(1, 1, "", "empty: a mapping is needed")
		return nil
	case 1:
		return bodies[0]
	}
	line, col := position(bodies[1])
	r.add(line, col, "", "a second document starts here, one file holds one document")
	return nil
}

// position is where a value or key starts. A block mapping's own token is its first colon, hence the descent.
func position(n ast.Node) (line, col int) {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return position(m.Values[0].Key)
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		return position(m.Key)
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return t.Position.Line, t.Position.Column
}
