package overlay

import (
	"slices"
	"strings"
)

// Set lays the setting path=value over dst, by the same rules as a file. value is a YAML scalar or flow form, and may be a
// parameter mapping or null. The path must exist: a setting never creates a key, but may end at a whole list or mapping.
// Faults are returned as Errors with the file name "--set"; dst and meta are then as they were.
// A value outside of its declared range is taken; OutsideRange tells.
func Set(dst any, meta Meta, path, value string) error {
	target(dst)
	r := &report{file: "--set"}
	segs, err := splitPath(path)
	if err != nil {
		r.add(0, 0, path, "not a path: %v", err)
		return r.err()
	}
	if strings.TrimSpace(value) == "" {
		r.add(0, 0, path, `must have a value, got nothing ("" is empty text, null empties)`)
		return r.err()
	}
	n := parse(r, []byte(value))
	if n == nil {
		for i := range r.errs {
			r.errs[i].Line, r.errs[i].Col, r.errs[i].Path = 0, 0, path
		}
		return r.err()
	}
	unplace(n)
	return overlay(r, wrap(segs, n), dst, meta)
}

// wrap builds the document that has value n at the end of a path.
func wrap(segs []segment, n *node) *node {
	for _, s := range slices.Backward(segs) {
		if s.isIndex {
			n = &node{kind: kindIndex, index: s.index, items: []*node{n}}
		} else {
			n = &node{kind: kindMapping, pairs: []pair{{key: s.key, must: true, val: n}}}
		}
	}
	return n
}

// unplace removes positions, which mean nothing in a setting.
func unplace(n *node) {
	n.line, n.col = 0, 0
	for i := range n.pairs {
		n.pairs[i].line, n.pairs[i].col = 0, 0
		unplace(n.pairs[i].val)
	}
	for _, item := range n.items {
		unplace(item)
	}
}
