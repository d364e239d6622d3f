package overlay

import "strconv"

type kind uint8

const (
	kindScalar   kind = iota // text
	kindNull                 // explicit null, or implicit: a key without a value
	kindMapping              // pairs
	kindSequence             // items
	kindIndex                // one element of a list, only from a path: items[0] for element index
)

// node is a YAML value freed of the parser's forms: aliases and merge keys are resolved, scalars keep their text.
// The decoder reads it, Set builds it from a path, Encode writes it.
type node struct {
	kind      kind
	text      string // kindScalar
	quoted    bool   // kindScalar: quoted or block text, therefore never a number or a bool
	implicit  bool   // kindNull
	index     int    // kindIndex
	line, col int
	pairs     []pair
	items     []*node
	size      int // nodes below and including this one, aliases expanded
}

type pair struct {
	key       string
	line, col int
	must      bool // the key must exist already (a path never creates a key)
	val       *node
}

func (n *node) find(key string) *node {
	for i := range n.pairs {
		if n.pairs[i].key == key {
			return n.pairs[i].val
		}
	}
	return nil
}

// describe names a value for the "got" part of a message.
func (n *node) describe() string {
	switch {
	case n.kind == kindNull && n.implicit:
		return "nothing"
	case n.kind == kindNull:
		return "null"
	case n.kind == kindMapping:
		return "a mapping"
	case n.kind == kindSequence:
		return "a list"
	case n.quoted || !isBare(n.text):
		return strconv.Quote(shorten(n.text, 60))
	}
	return shorten(n.text, 60)
}

// shorten keeps a message on one readable line.
func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "..."
}
