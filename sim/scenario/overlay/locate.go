package overlay

// Locate returns where src gives the value at a path, for faults that only the whole struct shows: the position that
// Decode would have reported. ok is false if src does not mention the path, or cannot be read.
func Locate(src []byte, path string) (line, col int, ok bool) {
	segs, err := splitPath(path)
	n := parse(&report{}, src)
	if err != nil || n == nil {
		return 0, 0, false
	}
	for _, s := range segs {
		if n = n.part(s); n == nil {
			return 0, 0, false
		}
	}
	return n.line, n.col, true
}

// part is the value one step down, nil if there is none.
func (n *node) part(s segment) *node {
	if !s.isIndex {
		return n.find(s.key)
	}
	if value := n.find("value"); n.kind == kindMapping && value != nil {
		n = value // a declared list
	}
	if s.index >= len(n.items) {
		return nil
	}
	return n.items[s.index]
}

// Readable reports whether src is one document within the limits of size, depth and number of values, aliases expanded,
// which can be handed to the YAML library.
func Readable(src []byte) bool { return parse(&report{}, src) != nil }
