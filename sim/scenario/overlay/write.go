package overlay

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// writeYAML writes block style; lists of scalars and empty mappings stay on one line.
func writeYAML(b *bytes.Buffer, n *node, indent int) {
	pad := strings.Repeat("  ", indent)
	for _, p := range n.pairs {
		b.WriteString(pad + yamlText(p.key, true) + ":")
		writeYAMLValue(b, p.val, indent)
	}
}

func writeYAMLValue(b *bytes.Buffer, n *node, indent int) {
	if n.kind == kindMapping && len(n.pairs) > 0 {
		b.WriteByte('\n')
		writeYAML(b, n, indent+1)
		return
	}
	b.WriteByte(' ')
	writeFlow(b, n)
	b.WriteByte('\n')
}

func writeFlow(b *bytes.Buffer, n *node) {
	switch n.kind {
	case kindNull:
		b.WriteString("null")
	case kindMapping:
		b.WriteByte('{')
		for i, p := range n.pairs {
			separate(b, i)
			b.WriteString(yamlText(p.key, true) + ": ")
			writeFlow(b, p.val)
		}
		b.WriteByte('}')
	case kindSequence:
		b.WriteByte('[')
		for i, item := range n.items {
			separate(b, i)
			writeFlow(b, item)
		}
		b.WriteByte(']')
	default:
		b.WriteString(yamlText(n.text, n.quoted))
	}
}

func separate(b *bytes.Buffer, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}

var (
	plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_(./-][A-Za-z0-9_()./-]*)*$`)
	otherText = regexp.MustCompile(`^(?i:true|false|null|yes|no|on|off|y|n)$`)
)

// yamlText writes a scalar: plain where nothing can misread it, in double quotes otherwise.
func yamlText(s string, isText bool) string {
	if !isText || plainText.MatchString(s) && !otherText.MatchString(s) {
		return s
	}
	return quote(s)
}

// quote writes a double-quoted text that both YAML and JSON read.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			hi, lo := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func writeJSON(b *bytes.Buffer, n *node, indent int) {
	pad := "\n" + strings.Repeat("  ", indent+1)
	switch {
	case n.kind == kindMapping && len(n.pairs) > 0:
		b.WriteByte('{')
		for i, p := range n.pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(pad + quote(p.key) + ": ")
			writeJSON(b, p.val, indent+1)
		}
		b.WriteString(pad[:len(pad)-2] + "}")
	case n.kind == kindSequence && slices.ContainsFunc(n.items, func(item *node) bool { return len(item.pairs) > 0 }):
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(pad)
			writeJSON(b, item, indent+1)
		}
		b.WriteString(pad[:len(pad)-2] + "]")
	case n.kind == kindSequence:
		b.WriteByte('[')
		for i, item := range n.items {
			separate(b, i)
			writeJSON(b, item, indent+1)
		}
		b.WriteByte(']')
	case n.kind == kindScalar && n.quoted:
		b.WriteString(quote(n.text))
	default:
		writeFlow(b, n)
	}
}
